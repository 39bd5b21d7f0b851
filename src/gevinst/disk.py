"""Writing with care: private files, everything on the disk before it counts, and plain words when it fails."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gevinst.backend import engine_faults, out_of_memory
from gevinst.errors import GevinstError
from gevinst.language import say

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def reason_of(fault: OSError) -> str:
    """Why the operating system refused, in the language spoken; in its own words where it is none of the usual reasons.

    >>> reason_of(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    'filen eller mappen findes ikke'
    """
    known = {
        errno.ENOENT: say(da="filen eller mappen findes ikke", en="there is no such file or folder"),
        errno.EACCES: say(da="der er ikke adgang", en="access is denied"),
        errno.EPERM: say(da="det er ikke tilladt", en="it is not permitted"),
        errno.EISDIR: say(da="det er en mappe", en="it is a folder"),
        errno.ENOTDIR: say(da="en del af stien er ikke en mappe", en="a part of the path is no folder"),
        errno.EEXIST: say(da="den findes allerede", en="it is there already"),
        errno.EROFS: say(da="der kan kun læses fra drevet", en="the drive can only be read"),
        errno.ENOSPC: say(da="der er ikke mere plads", en="there is no room left"),
        errno.ENAMETOOLONG: say(da="navnet er for langt", en="the name is too long"),
        errno.EBUSY: say(da="et andet program bruger den", en="another program is using it"),
        errno.EIO: say(da="drevet kan ikke læses eller skrives", en="the drive cannot be read or written"),
    }
    return known.get(fault.errno or 0, fault.strerror or "")


def new_private_file(path: Path) -> BinaryIO:
    """A new file that only its owner can read, open for writing; `FileExistsError` where there is one."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_private(path: Path, content: bytes) -> None:
    """Write a new private file and see it onto the disk."""
    with new_private_file(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """See a file, or a directory's list of files, onto the disk. Windows has no such call for what is only read."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """See a folder and the files in it onto the disk."""
    for path in sorted(folder.iterdir()):
        sync(path)
    sync(folder)


def clear(folder: Path) -> None:
    """Remove everything in a folder."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def told_plainly(where: Path) -> Iterator[None]:
    """Say plainly what went wrong when writing to `where`.

    Raises `workspace.disk-full`, `workspace.not-writable`, `workspace.write-failed`, or `protection.no-room-in-memory`
    where an engine that may not spill to the disk runs out of memory. The engine's own text is
    not passed on: nobody has promised that no cell stands in it.
    """
    try:
        yield
    except OSError as fault:
        raise GevinstError(_code(fault.errno), where=str(where)) from fault
    except engine_faults() as fault:
        if out_of_memory(fault):
            raise GevinstError("protection.no-room-in-memory", where=str(where)) from None
        known = (number for number in (*_FULL, *_FORBIDDEN) if os.strerror(number) in str(fault))
        raise GevinstError(_code(next(known, None)), where=str(where)) from None


def _code(number: int | None) -> str:
    if number in _FULL:
        return "workspace.disk-full"
    return "workspace.not-writable" if number in _FORBIDDEN else "workspace.write-failed"
