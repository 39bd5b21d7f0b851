"""Temporary folders for persons' data: closed to others, removed at the end, and swept where a process was killed.

A folder is named by its process and held by a lock of the operating system, which goes with the process however that
ends. Whoever makes the next one removes those of their own that nobody holds any more. Windows has no such lock; there
a folder is removed at the end alone.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
import time
from pathlib import Path

PREFIX, LOCK, TABLES = "gevinst-run-", ".held", "tables"
_OURS = re.compile(rf"{PREFIX}(\d+)-\w+")
_WITHOUT_LOCK = re.compile(r"gevinst-[a-z0-9_]{8}")  # as they were called before they were held
_LONG_AGO = 24 * 60 * 60  # seconds; a folder without a lock may be one that is just being made


class PrivateFolder:
    """A folder of its own for as long as it is held, empty at first: `path`. Use as a context manager, or `remove` it.

    >>> with PrivateFolder() as folder:
    ...     held = folder.path.is_dir()
    >>> held, folder.path.exists()
    (True, False)
    """

    def __init__(self) -> None:
        sweep()
        self._home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))  # its owner's alone: 0700
        self._handle: int | None = os.open(self._home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        _lock(self._handle)
        self.path = self._home / TABLES
        self.path.mkdir(mode=0o700)

    def __enter__(self) -> PrivateFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove it with all that is in it; it may be gone already."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        shutil.rmtree(self._home, ignore_errors=True)


def sweep(home: Path | None = None) -> None:
    """Remove the folders that processes of this user have left in `home`, by default the system's temporary folder."""
    if sys.platform == "win32":
        return
    for folder in sorted((home or Path(tempfile.gettempdir())).glob("gevinst-*")):
        try:
            if _is_own(folder) and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # it went while it was looked at
            continue


def _is_own(folder: Path) -> bool:
    """Whether it is a folder, no link to one, of this user and closed to all others."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and found.st_uid == os.geteuid()


def _is_left(folder: Path) -> bool:
    """Whether nobody holds it."""
    old = time.time() - folder.lstat().st_mtime > _LONG_AGO
    if _WITHOUT_LOCK.fullmatch(folder.name):
        return old
    ours = _OURS.fullmatch(folder.name)
    if ours is None:
        return False
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return old
    try:
        return _lock(handle) and not _runs(int(ours.group(1)))  # one that runs may be about to take the lock
    finally:
        os.close(handle)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, who has got the number since
        return False
    return True


if sys.platform == "win32":

    def _lock(handle: int) -> bool:
        return handle >= 0
else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
