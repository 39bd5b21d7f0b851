"""Snapshots: what each import stored, never changed afterwards, readable as of any day.

A snapshot is a folder `snapshots/<UTC time>-<8 figures of the content's checksum>`. An import is written beside
them under a name that begins with a dot, seen onto the disk, and becomes a snapshot by one rename. Whatever
happens before the rename leaves the snapshots as they were; the next import removes what is left over.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from gevinst.disk import sync, sync_folder, told_plainly, write_private
from gevinst.errors import GevinstError
from gevinst.language import short_date
from gevinst.parameters.benefits import normalise_benefit
from gevinst.parameters.local import open_book
from gevinst.register.clock import day_of, now
from gevinst.register.encryption import SEAL_FILE, columns_of, new_seal
from gevinst.register.journal import enter, key_destroyed, persons_loaded
from gevinst.register.kept_logs import make_ready
from gevinst.register.lock import INCOMING, sole_use
from gevinst.register.retention import without_the_inactive
from gevinst.register.rewrite import rewrite
from gevinst.register.succession import beside_the_last
from gevinst.register.suppliers import workspace_suppliers
from gevinst.settings import Settings, load_settings
from gevinst.sources.header import STORED_NAMES
from gevinst.sources.ingest import read_folder
from gevinst.sources.keys import create_key, load_key
from gevinst.sources.manifest import Manifest, read_manifest
from gevinst.sources.pseudonym import key_id
from gevinst.sources.report import ImportReport, Note, note
from gevinst.tables import PERSONS

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

    A `when` without a time zone is local time. Raises `workspace.no-snapshot`, `workspace.no-snapshot-then`, and
    `protection.open-to-others` where others than the owner can read it.
    """
    made = snapshots(workspace)
    if not made:
        raise GevinstError("workspace.no-snapshot", where=str(workspace))
    by_then = [one for one in made if when is None or one.taken <= when.astimezone(UTC)]
    if not by_then:
        first = short_date(made[0].taken.astimezone().date())
        raise GevinstError("workspace.no-snapshot-then", where=str(workspace), first=first)
    return _closed(by_then[-1].folder)


def _closed(folder: Path) -> Path:
    """The folder, unless others can read what is in it; not checked on Windows, which has no such bits."""
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise GevinstError("protection.open-to-others", where=str(folder))
    return folder


def first_data_moment(workspace: Path) -> datetime | None:
    """When persons' data were first loaded (UTC); `None` if never.

    The snapshots that are left say it, and the journal those that are not. A snapshot without spells holds no
    persons: there can be no participants or persons without them.
    """
    left = (one.taken for one in snapshots(workspace) if holds_persons(one.folder))
    return min([*left, *persons_loaded(load_settings(workspace))], default=None)


def holds_persons(folder: Path) -> bool:
    """Whether a snapshot holds persons."""
    return (folder / PERSONS_DATA).exists()


def first_data_day(workspace: Path) -> date | None:
    """The day of `first_data_moment`, where the program runs."""
    moment = first_data_moment(workspace)
    return None if moment is None else day_of(moment)


def covariate_columns(folder: Path) -> tuple[str, ...]:
    """The columns of a snapshot's persons that can be matched on, by name; empty where it has no persons."""
    path = folder / f"{PERSONS.name}.parquet"
    own = STORED_NAMES | {column.name for column in PERSONS.columns}
    return tuple(sorted(set(columns_of(path)) - own)) if path.exists() else ()


def import_folder(
    workspace: Path,
    folder: Path,
    *,
    today: date | None = None,
    clock: Callable[[], datetime] = now,
    keep: bool = True,
    look: Callable[[Path], tuple[Note, ...]] | None = None,
    covariates: Collection[str] | None = None,
) -> ImportReport:
    """Import the canonical files in `folder` as a new snapshot; all of it or nothing.

    `today` is the day after which dates are in the future; the day of the import when not given. `clock` says what
    time it is. Where the newest snapshot came from the same files with the same result nothing is stored, and the
    report says so.

    `look` sees the stored tables before they are a snapshot; what it notes stands in the report, not in the snapshot.
    With `keep` False everything is done but that: nothing is stored beside the keys, and the report's folder is gone.

    `covariates` are the further columns of persons to keep, with those that the settings name; None keeps all.

    What the workspace's rules of deletion say is too old is left out, and the tables are encrypted where the settings
    say so, before the snapshot is one.

    Raises the errors of `read_folder`, `load_settings`, `load_key` and `open_book`; `workspace.busy`,
    `workspace.key-wrong` when earlier snapshots were made with another key, `protection.key-destroyed` when theirs is
    no more, and the errors of the snapshots' key.
    """
    settings = load_settings(workspace)
    benefit_of, day = _benefit_reader(settings), today or day_of(clock())
    with sole_use(settings):
        key, seal = _key(settings), new_seal(settings)
        if keep:
            with suppress(GevinstError):  # what is wrong with a log is told below, when the import is to be entered
                make_ready(settings, clock())
        with told_plainly(settings.snapshots):
            incoming = Path(tempfile.mkdtemp(prefix=INCOMING, dir=settings.snapshots))
        try:
            report = read_folder(
                folder, incoming, key=key, today=day, benefit_of=benefit_of,
                suppliers=workspace_suppliers(settings, benefit_of),
                max_rejected_share=settings.max_rejected_share, threads=settings.engine_threads,
                memory=settings.engine_memory, file_key=None if seal is None else seal.file_key,
                covariates=None if covariates is None else {*covariates, *settings.person_columns})
            if seal is not None:
                with told_plainly(settings.snapshots):
                    write_private(incoming / SEAL_FILE, seal.as_json())
            report = _protected(report, incoming, settings, day)
            seen = () if look is None else look(report.folder)
            if not keep:
                return replace(report, notes=(*report.notes, *_beside_the_newest(report, settings), *seen))
            with told_plainly(settings.snapshots):
                report = _keep(report, report.folder, settings, clock())
                return replace(report, notes=(*report.notes, *seen))
        finally:
            for left in settings.snapshots.glob(f"{INCOMING}*"):
                shutil.rmtree(left, ignore_errors=True)


def _benefit_reader(settings: Settings) -> Callable[[str], str | None]:
    """What benefit a text is, by the workspace's parameters; None where it is none."""
    known = open_book(settings.parameters).benefits

    @lru_cache(maxsize=1 << 12)
    def benefit_of(text: str) -> str | None:
        return normalise_benefit(text, known)

    return benefit_of


def _protected(report: ImportReport, incoming: Path, settings: Settings, day: date) -> ImportReport:
    """The incoming folder as it may be kept: without those who are too old."""
    anew = without_the_inactive(incoming, settings, day)
    if anew is None:
        return report
    with told_plainly(settings.snapshots):
        kept = Path(tempfile.mkdtemp(prefix=INCOMING, dir=settings.snapshots))
    rewrite(incoming, kept, settings, anew)
    return replace(report, folder=kept, notes=anew.manifest.notes)


def _keep(report: ImportReport, incoming: Path, settings: Settings, taken: datetime) -> ImportReport:
    """Make the incoming folder a snapshot, unless the newest one is the same."""
    newest = max(snapshots(settings.workspace), default=None)
    if newest is not None and _content(newest.folder) == (_content(incoming) or ""):  # what none can read is another
        return replace(report, folder=newest.folder, repeated=True)
    if newest is not None:  # a clock that was set back must not make the newest import an older one
        taken = max(taken, newest.taken + timedelta(microseconds=1))
        report = replace(report, notes=(*report.notes, *_beside_the_newest(report, settings)))
    for path in incoming.iterdir():
        path.chmod(0o400)
    sync_folder(incoming)
    final = settings.snapshots / folder_name(taken, read_manifest(incoming))
    incoming.rename(final)
    sync(settings.snapshots)
    try:
        enter(settings, "import", taken, snapshot=final.name, taken=taken.isoformat(),
              persons=holds_persons(final))
    except GevinstError:  # the snapshot itself says so as long as it is there; its deletion is entered too
        report = replace(report, notes=(*report.notes, note("protection.journal-not-kept")))
    return replace(report, folder=final)


def _beside_the_newest(report: ImportReport, settings: Settings) -> tuple[Note, ...]:
    newest = max(snapshots(settings.workspace), default=None)
    try:
        return () if newest is None else beside_the_last(report, read_manifest(newest.folder))
    except GevinstError:  # there is nothing to hold it against where the last manifest is damaged
        return ()


def folder_name(taken: datetime, manifest: Manifest) -> str:
    """What a snapshot's folder is called: the moment (UTC) and the content's checksum."""
    return f"{taken.astimezone(UTC).strftime(_TIME)}-{manifest.fingerprint[:8]}"


def _content(folder: Path) -> str | None:
    """What makes two imports the same: `None` where the manifest is damaged, so that importing again helps.

    The salt is no part of it: a snapshot keeps its own when the key is changed, for editions name its files by it.
    """
    try:
        return replace(read_manifest(folder), salt="").fingerprint
    except GevinstError:
        return None


def _key(settings: Settings) -> bytes:
    """The workspace's key. The first import makes it; later ones refuse another."""
    made = snapshots(settings.workspace)
    if not made and not settings.key_file.exists():
        return create_key(settings.key_file, settings.workspace)
    if not settings.key_file.exists() and made and _destroyed(made, settings):
        raise GevinstError("protection.key-destroyed", where=str(settings.key_file))
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


def _destroyed(made: tuple[Snapshot, ...], settings: Settings) -> bool:
    try:
        return key_destroyed(settings, read_manifest(made[-1].folder).key_id)
    except GevinstError:
        return False
