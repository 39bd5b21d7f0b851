"""One at a time: the lock of a workspace's snapshots, and the tidying after a process that died.

Names in the folder of snapshots that begin with a dot are not snapshots:

- `.incoming-*`: being written; removed by the next who holds the lock.
- `.gone-*`: on its way out; removed.
- `.aside-<name>`: the old form of `<name>` while the new one takes its place; put back unless the new one is there.
- `.rekeyed-<key id>`: snapshots under a new key. They count from the moment the key file holds that key.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gevinst.disk import sync, told_plainly
from gevinst.errors import GevinstError
from gevinst.settings import LOCK, Settings
from gevinst.sources.pseudonym import key_id

INCOMING, GONE, ASIDE, REKEYED = ".incoming-", ".gone-", ".aside-", ".rekeyed-"


@contextmanager
def sole_use(settings: Settings) -> Iterator[None]:
    """Hold the workspace's lock; what a process that died has left is finished or removed.

    The lock is the operating system's: it goes with the process that holds it, however that ends. Raises
    `workspace.busy` and the errors of writing.
    """
    with told_plainly(settings.snapshots):
        settings.snapshots.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(settings.snapshots / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(handle):
            raise GevinstError("workspace.busy", where=str(settings.workspace))
        with told_plainly(settings.snapshots):
            _tidy(settings)
        yield
    finally:
        os.close(handle)


def remove(folder: Path) -> None:
    """Remove a snapshot; once begun it is finished by whoever comes next."""
    gone = folder.with_name(f"{GONE}{folder.name.lstrip('.')}")
    folder.rename(gone)
    sync(folder.parent)
    shutil.rmtree(gone)


def put_in_place(incoming: Path, old: Path, final: Path) -> None:
    """Let `incoming` take the place of the snapshot `old` under the name `final`."""
    if final == old:
        aside = old.with_name(f"{ASIDE}{old.name}")
        old.rename(aside)
        incoming.rename(final)
        sync(final.parent)
        remove(aside)
    else:
        incoming.rename(final)
        sync(final.parent)
        remove(old)


def take_over(settings: Settings, generation: Path) -> None:
    """Let the snapshots under a new key take the place of those under the old one, whose moments they bear.

    An old one leaves before its new form comes, so that what is left to do shows in what is left in `generation`.
    """
    for incoming in sorted(generation.iterdir()):
        moment = incoming.name.partition("-")[0]
        gone = [(old, old.with_name(f"{GONE}{old.name}")) for old in settings.snapshots.glob(f"{moment}-*")]
        for old, away in gone:
            old.rename(away)
        incoming.rename(settings.snapshots / incoming.name)
        sync(settings.snapshots)
        for _, away in gone:
            shutil.rmtree(away)
    generation.rmdir()
    sync(settings.snapshots)


def _tidy(settings: Settings) -> None:
    folder = settings.snapshots
    for left in [*folder.glob(f"{INCOMING}*"), *folder.glob(f"{GONE}*")]:
        shutil.rmtree(left)
    for aside in folder.glob(f"{ASIDE}*"):
        name = folder / aside.name.removeprefix(ASIDE)
        if name.exists():
            remove(aside)
        else:
            aside.rename(name)
    for generation in folder.glob(f"{REKEYED}*"):
        if _key_in_use(settings.key_file) == generation.name.removeprefix(REKEYED):
            take_over(settings, generation)


def _key_in_use(path: Path) -> str:
    try:
        return key_id(path.read_bytes())
    except OSError:
        return ""


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
