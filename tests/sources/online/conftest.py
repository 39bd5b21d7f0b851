"""Fixtures: a workspace whose addresses are local servers, and a token that is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from gevinst.settings import Settings, create_workspace
from gevinst.sources.online.fetching import open_jobindsats
from gevinst.sources.online.http import Patience
from gevinst.sources.online.jobindsats import Jobindsats
from gevinst.sources.online.token import VARIABLE, Token
from tests.sources.online.servers import TOKEN, FakeJobindsats, Server, serving

QUICK = Patience(connect=2, read=2, attempts=3, first_wait=0.001, pause=0)


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        from keyring.errors import PasswordDeleteError

        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("none")


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """No test reaches this machine's keyring, its proxy or its token."""
    before = keyring.get_keyring()
    made = MemoryKeyring()
    keyring.set_keyring(made)
    for name in (VARIABLE, "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield made
    keyring.set_keyring(before)


@dataclass
class Clock:
    """A second later at every look."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 10, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def fake() -> FakeJobindsats:
    return FakeJobindsats()


@pytest.fixture
def server(fake: FakeJobindsats) -> Iterator[Server]:
    with serving(fake) as running:
        yield running


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[..., Settings]:
    def make(**further: str) -> Settings:
        return create_workspace(tmp_path / "w", municipality="Norddjurs Kommune", municipality_code="707", **further)

    return make


@pytest.fixture
def settings(server: Server, make_workspace: Callable[..., Settings]) -> Settings:
    return make_workspace(jobindsats_url=f"{server.url}/v3")


@pytest.fixture
def source(settings: Settings) -> Jobindsats:
    return open_jobindsats(settings, Token(TOKEN), patience=QUICK, clock=Clock())
