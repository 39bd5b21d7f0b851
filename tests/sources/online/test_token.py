"""Where the token may come from, and that it does not show."""

from __future__ import annotations

import keyring
import pytest
from keyring.errors import KeyringLocked, NoKeyringError

from gevinst.sources.online.token import VARIABLE, Token, forget_token, read_token, store_token
from tests.sources.online.conftest import MemoryKeyring
from tests.sources.online.servers import TOKEN, refused


class PlaintextKeyring(MemoryKeyring):
    """One that writes in plain text."""


class NoKeyring(MemoryKeyring):
    """A machine without one, as the library then says."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError("no recommended backend")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError("no recommended backend")

    def delete_password(self, service: str, username: str) -> None:
        raise NoKeyringError("no recommended backend")


class LockedKeyring(MemoryKeyring):
    """One that nobody opens."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


def test_the_environment_before_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    store_token(f" {TOKEN}\n")
    assert read_token().header == f"Bearer {TOKEN}"
    monkeypatch.setenv(VARIABLE, "another-made-up-token")
    assert read_token().header == "Bearer another-made-up-token"


def test_no_token_anywhere_and_after_it_was_forgotten() -> None:
    store_token(TOKEN)
    forget_token()
    forget_token()
    with refused("online.token-missing"):
        read_token()


@pytest.mark.parametrize("text", ["short", "two words here", "line\r\nbreak-in-it", "æøå-in-the-token", "x" * 5000, ""])
def test_what_is_not_a_token(text: str) -> None:
    with refused("online.token-form") as raised:
        store_token(text)
    assert not text or text not in str(raised.value)


def test_it_does_not_show() -> None:
    token = Token(TOKEN)
    for shown in (repr(token), str(token), f"{token}", f"{[token]}", f"{token!r:>40}"):
        assert TOKEN not in shown
    assert token.stands_in(f"a{TOKEN}b".encode())
    assert not token.stands_in(b"nothing")


@pytest.mark.parametrize("ring", [NoKeyring, PlaintextKeyring])
def test_a_keyring_that_is_none(ring: type) -> None:
    keyring.set_keyring(ring())
    with refused("online.no-keyring"):
        store_token(TOKEN)
    with refused("online.token-missing"):
        read_token()


def test_no_keyring_to_forget_from() -> None:
    keyring.set_keyring(NoKeyring())
    with refused("online.no-keyring"):
        forget_token()


def test_a_locked_keyring_has_no_token() -> None:
    keyring.set_keyring(LockedKeyring())
    with refused("online.token-missing"):
        read_token()
