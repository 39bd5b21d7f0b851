"""Snapshots: what each import stored, never changed afterwards, readable as of any day.

A snapshot is a folder `snapshots/<UTC time>-<8 figures of the content's checksum>`. An import is written beside
them under a name that begins with a dot, seen onto the disk, and becomes a snapshot by one rename. Whatever
happens before the rename leaves the snapshots as they were; the next import removes what is left over.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from pyarrow.parquet import read_schema

from gevinst.disk import sync, sync_folder, told_plainly
from gevinst.errors import GevinstError
from gevinst.language import short_date
from gevinst.parameters.benefits import normalise_benefit
from gevinst.parameters.local import open_book
from gevinst.register.clock import day_of, now
from gevinst.settings import LOCK, Settings, load_settings
from gevinst.sources.header import STORED_NAMES
from gevinst.sources.ingest import read_folder
from gevinst.sources.keys import create_key, load_key
from gevinst.sources.manifest import read_manifest
from gevinst.sources.pseudonym import key_id
from gevinst.sources.report import ImportReport
from gevinst.tables import PERSONS

INCOMING = ".incoming-"
PERSONS_DATA = "spells.parquet"
_TIME = "%Y%m%dT%H%M%S%fZ"
_NAME = re.compile(r"(\d{8}T\d{12}Z)-([0-9a-f]{8})")


@dataclass(frozen=True, order=True)
class Snapshot:
    """One import: when it was made (UTC), and the folder of its tables."""

    taken: datetime
    folder: Path


def snapshots(workspace: Path) -> tuple[Snapshot, ...]:
    """All snapshots of a workspace, the oldest first."""
    folder = load_settings(workspace).snapshots
    if not folder.is_dir():
        return ()
    named = ((path, _NAME.fullmatch(path.name)) for path in folder.iterdir() if path.is_dir())
    return tuple(sorted(
        Snapshot(datetime.strptime(name.group(1), _TIME).replace(tzinfo=UTC), path) for path, name in named if name))


def snapshot_as_of(workspace: Path, when: datetime | None = None) -> Path:
    """The folder of the newest snapshot, or of the newest that had been made by `when`.

    A `when` without a time zone is local time. Raises `workspace.no-snapshot` and `workspace.no-snapshot-then`.
    """
    made = snapshots(workspace)
    if not made:
        raise GevinstError("workspace.no-snapshot", where=str(workspace))
    by_then = [one for one in made if when is None or one.taken <= when.astimezone(UTC)]
    if not by_then:
        first = short_date(made[0].taken.astimezone().date())
        raise GevinstError("workspace.no-snapshot-then", where=str(workspace), first=first)
    return by_then[-1].folder


def first_data_moment(workspace: Path) -> datetime | None:
    """When persons' data were first loaded (UTC), as far as the snapshots that are left show; `None` if never.

    A snapshot without spells holds no persons: there can be no participants or persons without them.
    """
    return next((one.taken for one in snapshots(workspace) if (one.folder / PERSONS_DATA).exists()), None)


def first_data_day(workspace: Path) -> date | None:
    """The day of `first_data_moment`, where the program runs."""
    moment = first_data_moment(workspace)
    return None if moment is None else day_of(moment)


def covariate_columns(folder: Path) -> tuple[str, ...]:
    """The columns of a snapshot's persons that can be matched on, by name; empty where it has no persons."""
    path = folder / f"{PERSONS.name}.parquet"
    own = STORED_NAMES | {column.name for column in PERSONS.columns}
    return tuple(sorted(set(read_schema(path).names) - own)) if path.exists() else ()


def import_folder(
    workspace: Path, folder: Path, *, today: date | None = None, clock: Callable[[], datetime] = now
) -> ImportReport:
    """Import the canonical files in `folder` as a new snapshot; all of it or nothing.

    `today` is the day after which dates are in the future; the day of the import when not given. `clock` says what
    time it is. Where the newest snapshot came from the same files with the same result nothing is stored, and the
    report says so.

    Raises the errors of `read_folder`, `load_settings`, `load_key` and `open_book`; `workspace.busy`, and
    `workspace.key-wrong` when earlier snapshots were made with another key.
    """
    settings = load_settings(workspace)
    known = open_book(settings.parameters).benefits
    day = today or day_of(clock())

    @lru_cache(maxsize=1 << 12)
    def benefit_of(text: str) -> str | None:
        return normalise_benefit(text, known)

    with _sole_import(settings):
        key = _key(settings)
        with told_plainly(settings.snapshots):
            incoming = Path(tempfile.mkdtemp(prefix=INCOMING, dir=settings.snapshots))
        try:
            report = read_folder(
                folder, incoming, key=key, today=day, benefit_of=benefit_of,
                max_rejected_share=settings.max_rejected_share, threads=settings.engine_threads,
                memory=settings.engine_memory)
            with told_plainly(settings.snapshots):
                return _keep(report, incoming, settings, clock())
        finally:
            shutil.rmtree(incoming, ignore_errors=True)


def _keep(report: ImportReport, incoming: Path, settings: Settings, taken: datetime) -> ImportReport:
    """Make the incoming folder a snapshot, unless the newest one is the same."""
    fingerprint = read_manifest(incoming).fingerprint
    newest = max(snapshots(settings.workspace), default=None)
    if newest is not None and _fingerprint(newest.folder) == fingerprint:
        return replace(report, folder=newest.folder, repeated=True)
    if newest is not None:  # a clock that was set back must not make the newest import an older one
        taken = max(taken, newest.taken + timedelta(microseconds=1))
    for path in incoming.iterdir():
        path.chmod(0o400)
    sync_folder(incoming)
    final = settings.snapshots / f"{taken.strftime(_TIME)}-{fingerprint[:8]}"
    incoming.rename(final)
    sync(settings.snapshots)
    return replace(report, folder=final)


def _fingerprint(folder: Path) -> str | None:
    """The fingerprint of a stored snapshot; `None` where its manifest is damaged, so that importing again helps."""
    try:
        return read_manifest(folder).fingerprint
    except GevinstError:
        return None


def _key(settings: Settings) -> bytes:
    """The workspace's key. The first import makes it; later ones refuse another."""
    made = snapshots(settings.workspace)
    if not made and not settings.key_file.exists():
        return create_key(settings.key_file, settings.workspace)
    key = load_key(settings.key_file, settings.workspace)
    for one in reversed(made):
        try:
            expected = read_manifest(one.folder).key_id
        except GevinstError:
            continue
        if expected != key_id(key):
            raise GevinstError(
                "workspace.key-wrong", where=str(settings.key_file), expected=expected, found=key_id(key))
        break
    return key


@contextmanager
def _sole_import(settings: Settings) -> Iterator[None]:
    """Hold the workspace's lock; what an import that died has left is removed.

    The lock is the operating system's: it goes with the process that holds it, however that ends.
    """
    with told_plainly(settings.snapshots):
        settings.snapshots.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(settings.snapshots / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(handle):
            raise GevinstError("workspace.busy", where=str(settings.workspace))
        with told_plainly(settings.snapshots):
            for left in settings.snapshots.glob(f"{INCOMING}*"):
                shutil.rmtree(left)
        yield
    finally:
        os.close(handle)


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
