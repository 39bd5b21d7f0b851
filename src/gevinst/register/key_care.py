"""Which keys a workspace has, and the end of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from gevinst.errors import GevinstError
from gevinst.register.clock import now
from gevinst.register.encryption import snapshot_key_id
from gevinst.register.journal import enter
from gevinst.register.lock import sole_use
from gevinst.settings import Settings, default_key_file, load_settings
from gevinst.sources.keys import destroy_key, previous_key_file
from gevinst.sources.pseudonym import key_id

State = Literal["here", "missing", "unreadable"]


@dataclass(frozen=True)
class KeyPlace:
    """A key: `pseudonyms`, `previous` or `snapshots`, where it lies, and its mark."""

    which: str
    path: Path
    state: State
    mark: str = ""


def keys_of(workspace: Path) -> tuple[KeyPlace, ...]:
    """The keys of a workspace; the previous one only where it is still there. Raises the errors of `load_settings`."""
    settings = load_settings(workspace)
    found = (_place(which, path, mark) for which, (path, mark) in _places(settings).items())
    expected = {"pseudonyms", "snapshots"} if settings.encrypt_snapshots else {"pseudonyms"}
    return tuple(one for one in found if one.which in expected or one.state != "missing")


def mark_of(workspace: Path, which: str) -> str:
    """The mark of a key that is there; raises `protection.no-key`."""
    path, mark = _places(load_settings(workspace))[which]
    found = _place(which, path, mark)
    if found.state != "here":
        raise GevinstError("protection.no-key", where=str(path))
    return found.mark


def refuse_shared(workspace: Path) -> None:
    """Raise `protection.key-shared` where the key file is the usual one, which every workspace of this user has."""
    key_file = load_settings(workspace).key_file
    if key_file.resolve() == default_key_file().resolve():
        raise GevinstError("protection.key-shared", where=str(key_file))


def destroy(workspace: Path, which: str, typed: str, *, clock: Callable[[], datetime] = now) -> None:
    """Overwrite and remove a key whose mark was `typed`.

    It is entered in the journal first, so that what is missing can be told from what was destroyed. Raises
    `protection.no-key`, `protection.not-confirmed`, `workspace.busy` and the errors of writing.
    """
    mark = mark_of(workspace, which)
    if typed.strip() != mark:
        raise GevinstError("protection.not-confirmed", mark=mark)
    settings = load_settings(workspace)
    with sole_use(settings):
        enter(settings, "destroy-key", clock(), which=which, key_id=mark)
        destroy_key(_places(settings)[which][0])


def _places(settings: Settings) -> dict[str, tuple[Path, Callable[[bytes], str]]]:
    return {"pseudonyms": (settings.key_file, key_id), "previous": (previous_key_file(settings.key_file), key_id),
            "snapshots": (settings.snapshot_key_file, snapshot_key_id)}


def _place(which: str, path: Path, mark: Callable[[bytes], str]) -> KeyPlace:
    try:
        return KeyPlace(which, path, "here", mark(path.read_bytes()))
    except FileNotFoundError:
        return KeyPlace(which, path, "missing")
    except OSError:
        return KeyPlace(which, path, "unreadable")
