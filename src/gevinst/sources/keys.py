"""The key file: 32 random bytes, outside the workspace, for its owner's eyes only.

Whoever has both the key and a snapshot can test whether a CPR number is in it. So the two are kept apart: a
copy of the workspace, or a backup of it, must not carry the key.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from gevinst.disk import sync, told_plainly, write_private
from gevinst.errors import GevinstError
from gevinst.sources.pseudonym import KEY_BYTES


def load_key(path: Path, workspace: Path, *, missing: str = "workspace.key-missing") -> bytes:
    """The key in `path`; `missing` is the error where there is none.

    Raises `workspace.key-missing`, `workspace.key-in-workspace`, `workspace.key-open` (others may read it; not
    checked on Windows) and `workspace.key-damaged`.
    """
    _refuse_inside(path, workspace)
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise GevinstError("workspace.key-open", where=str(path))
        key = path.read_bytes()
    except FileNotFoundError:
        raise GevinstError(missing, where=str(path)) from None
    except OSError as fault:
        raise GevinstError("workspace.key-unreadable", where=str(path)) from fault
    if len(key) != KEY_BYTES:
        raise GevinstError("workspace.key-damaged", where=str(path))
    return key


def create_key(path: Path, workspace: Path) -> bytes:
    """Make a new key in `path` and return it.

    Raises `workspace.key-in-workspace`, `workspace.key-exists`, and the errors of writing.
    """
    _refuse_inside(path, workspace)
    if path.exists():
        raise GevinstError("workspace.key-exists", where=str(path))
    key = secrets.token_bytes(KEY_BYTES)
    with told_plainly(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, key)
        sync(path.parent)
    return key


def previous_key_file(path: Path) -> Path:
    """Where the key before the last rotation is kept until it is destroyed."""
    return path.with_name(f"{path.name}.previous")


def replace_key(path: Path, new: bytes) -> None:
    """Put `new` in the place of the key in `path`, which is kept as the previous one. All of it or nothing.

    Raises `protection.previous-key` where an earlier previous key has not been destroyed, and the errors of writing.
    """
    old, kept = path.read_bytes(), previous_key_file(path)
    if kept.exists() and kept.read_bytes() != old:
        raise GevinstError("protection.previous-key", where=str(kept))
    coming = path.with_name(f".{path.name}.coming")
    with told_plainly(path):
        if not kept.exists():
            write_private(kept, old)
        coming.unlink(missing_ok=True)
        write_private(coming, new)
        coming.replace(path)
        sync(path.parent)


def destroy_key(path: Path) -> None:
    """Overwrite a key on the disk and remove it. Copies elsewhere are not reached.

    Raises the errors of writing; a key that is not there is none.
    """
    with told_plainly(path):
        if not path.exists():
            return
        path.chmod(0o600)
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(max(KEY_BYTES, path.stat().st_size)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync(path.parent)


def _refuse_inside(path: Path, workspace: Path) -> None:
    if path.resolve().is_relative_to(workspace.resolve()):
        raise GevinstError("workspace.key-in-workspace", where=str(path))
