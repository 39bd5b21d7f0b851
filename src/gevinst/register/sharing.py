"""A workspace that several accounts use: a group checks, approves and publishes; the persons' data stay their owner's.

The group named by `shared_group` gets the record of cases, the editions and the parameters. Snapshots, the two logs of
`kept_logs` and the keys are not shared. Nothing is ever opened to others. Windows has no such groups.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from gevinst.disk import told_plainly
from gevinst.errors import GevinstError
from gevinst.settings import FILE, Settings, load_settings

EDITIONS, CALENDAR = "editions", "calendar.yaml"
OTHERS, GROUP = 0o007, 0o070


def open_to_others(workspace: Path) -> bool:
    """Whether others than its owner, and the group its settings name, can go into a workspace."""
    if os.name != "posix":
        return False
    try:
        said = workspace.stat() if (workspace / FILE).is_file() else None
    except PermissionError:  # what then reads the settings says so
        return False
    if said is None or not said.st_mode & (OTHERS | GROUP):
        return False
    return bool(said.st_mode & OTHERS) or said.st_gid != _group_of(workspace)


def share(workspace: Path) -> str:
    """Give the group of `shared_group` its rights, and return its name.

    Raises `protection.no-shared-group` where none is named, `protection.no-group` where the machine has no such group
    or the account is not in it, and the errors of `load_settings` and of writing.
    """
    settings = load_settings(workspace)
    if settings.shared_group is None:
        raise GevinstError("protection.no-shared-group", where=str(settings.workspace / FILE))
    group = _number(settings.shared_group)
    if group is None:
        raise GevinstError("protection.no-group", group=settings.shared_group)
    home = settings.workspace
    (home / EDITIONS).mkdir(exist_ok=True)
    try:
        for path in (home, home / CALENDAR, *_store_files(settings), *_below(home / EDITIONS)):
            _give(path, group)
        for path in (home / FILE, *_below(settings.parameters)):
            _give(path, group, only_read=True)
    except PermissionError as fault:
        raise GevinstError("protection.no-group", group=settings.shared_group) from fault
    return settings.shared_group


def follow_folder(folder: Path, *written: Path) -> None:
    """Give the group of a shared `folder` what the owner has of the files that were just written in it.

    Folders count with all that is in them. Nothing is done where the folder is not shared.
    """
    if not is_shared(folder):
        return
    group = folder.stat().st_gid
    with told_plainly(folder):
        for path in (inner for one in written for inner in _below(one)):
            _give(path, group)


def share_store(settings: Settings) -> None:
    """Let a record that was made in a shared workspace be the group's too."""
    follow_folder(settings.workspace, *_store_files(settings))


def is_shared(folder: Path) -> bool:
    """Whether a group may write in a folder, and what is made in it is the group's."""
    wanted = stat.S_ISGID | stat.S_IWGRP
    return os.name == "posix" and folder.exists() and folder.stat().st_mode & wanted == wanted


def close_for_writing(path: Path) -> None:
    """Let nobody write in a file or folder any more; its owner can read it, and the group of a shared one.

    A file of another account is copied, for only who owns it may say so; a folder of another account is left.
    """
    if _is_mine(path):
        rights = 0o550 if path.is_dir() else 0o440
        path.chmod(rights if is_shared(path.parent) else rights & 0o700)
    elif path.is_file():
        coming = path.with_name(f".{path.name}.closing")
        coming.unlink(missing_ok=True)
        coming.write_bytes(path.read_bytes())
        follow_folder(path.parent, coming)
        coming.replace(path)
        close_for_writing(path)


def _is_mine(path: Path) -> bool:
    return sys.platform == "win32" or path.stat().st_uid == os.geteuid()


def _give(path: Path, group: int, *, only_read: bool = False) -> None:
    """The group gets what the owner may; a folder hands its group on to what is made in it."""
    if sys.platform == "win32" or not path.exists() or not _is_mine(path):
        return
    os.chown(path, -1, group)
    mode = stat.S_IMODE(path.stat().st_mode)
    rights = mode & 0o500 if only_read else mode & 0o700
    path.chmod(mode & 0o700 | rights >> 3 | (stat.S_ISGID if path.is_dir() else 0))


def _below(path: Path) -> Iterable[Path]:
    return (path, *(path.rglob("*") if path.is_dir() else ()))


def _store_files(settings: Settings) -> tuple[Path, ...]:
    """The files of a record that lies in the workspace."""
    return tuple(settings.workspace.glob("gevinst.db*"))


def _group_of(workspace: Path) -> int | None:
    try:
        name = load_settings(workspace).shared_group
    except GevinstError:
        return None
    return None if name is None else _number(name)


def _number(name: str) -> int | None:
    if sys.platform == "win32":
        return None
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None
