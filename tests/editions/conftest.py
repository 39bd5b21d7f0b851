"""Workspaces with editions: one of recorded results alone, and one with two deliveries."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from gevinst.editions.states import Person, advance
from gevinst.settings import Settings, load_settings
from gevinst.workspace import run_workspace
from tests.editions import small_town

ANNA, BO = Person("Anna", "anna"), Person("Bo", "bo")


def published(settings: Settings, key: str) -> None:
    """Take an edition all its way."""
    advance(settings, key, "checked", ANNA)
    advance(settings, key, "approved", BO)
    advance(settings, key, "published", ANNA)


@dataclass(frozen=True)
class TwoEditions:
    """A workspace with a published edition on the first delivery, and a draft on the second."""

    settings: Settings
    first: Path
    second: Path


@pytest.fixture(scope="session")
def two_editions_made(tmp_path_factory: pytest.TempPathFactory) -> TwoEditions:
    place = tmp_path_factory.mktemp("two")
    settings = small_town.workspace(place)
    one = small_town.write_delivery(place / "one", small_town.FIRST, small_town.ON_TIME)
    small_town.deliver(settings, one, date(2021, 4, 1))
    first = run_workspace(settings.workspace, memo_date=date(2021, 4, 2), by="Anna")
    published(settings, first.edition.id)
    two = small_town.write_delivery(
        place / "two", small_town.SECOND, [*small_town.ON_TIME, *small_town.LATE, *small_town.NEW])
    small_town.deliver(settings, two, date(2022, 4, 1))
    second = run_workspace(settings.workspace, memo_date=date(2022, 4, 2), by="Anna")
    return TwoEditions(settings, first.folder, second.folder)


def _copy(workspace: Path, place: Path) -> Settings:
    """A copy of a workspace, to be spoilt; with its times, which say which edition is the latest."""
    return load_settings(Path(shutil.copytree(workspace, place / "work")))


@pytest.fixture
def two_editions(two_editions_made: TwoEditions, tmp_path: Path) -> TwoEditions:
    """A copy of the workspace, to be spoilt."""
    made = two_editions_made
    settings = _copy(made.settings.workspace, tmp_path)
    editions = settings.workspace / "editions"
    return TwoEditions(settings, editions / made.first.name, editions / made.second.name)


@pytest.fixture(scope="session")
def draft_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = small_town.workspace(tmp_path_factory.mktemp("draft"))
    return run_workspace(settings.workspace, memo_date=date(2021, 4, 2), recorded_only=True, by="Anna").folder


@pytest.fixture(scope="session")
def closed_made(draft_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = _copy(draft_made.parents[1], tmp_path_factory.mktemp("closed"))
    published(settings, draft_made.name)
    return settings.workspace / "editions" / draft_made.name


@pytest.fixture
def recorded(draft_made: Path, tmp_path: Path) -> Settings:
    """A workspace with typed results alone, and an edition of them, a draft by Anna."""
    return _copy(draft_made.parents[1], tmp_path)


@pytest.fixture
def draft(recorded: Settings, draft_made: Path) -> Path:
    """The edition in `recorded`."""
    return recorded.workspace / "editions" / draft_made.name


@pytest.fixture
def closed(closed_made: Path, tmp_path: Path) -> Path:
    """The same edition published, in a workspace of its own."""
    return _copy(closed_made.parents[1], tmp_path / "closed").workspace / "editions" / closed_made.name


@pytest.fixture
def take_all_the_way() -> Callable[[Settings, str], None]:
    """`take_all_the_way(settings, key)`: check, approve and publish."""
    return published
