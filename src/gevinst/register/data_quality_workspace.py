"""The data quality of a workspace's snapshot, and what a delivery changed: exact, and not for print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path

from gevinst.backend import Backend, open_duckdb
from gevinst.errors import GevinstError
from gevinst.language import short_date
from gevinst.parameters.local import open_book
from gevinst.parameters.quality_rules import open_rules
from gevinst.register.clock import day_of
from gevinst.register.data_quality import QualityMeasures
from gevinst.register.data_quality_report import LagCounts, Told, measure_quality
from gevinst.register.delivery_diff import Differences, diff_deliveries, registered_late
from gevinst.register.person_tables import open_person_tables
from gevinst.register.snapshots import PERSONS_DATA, Snapshot, snapshot_as_of, snapshots
from gevinst.settings import Settings, load_settings
from gevinst.sources.manifest import read_manifest
from gevinst.sources.online.published import fetched_counts


def evening(day: date) -> datetime:
    """The last moment of a day where the program runs: what was imported on the day is known by then."""
    return datetime.combine(day, time.max).astimezone()


def measured_quality(
    settings: Settings, *, as_of: datetime | None = None, folder: Path | None = None, parameters: Path | None = None
) -> QualityMeasures:
    """What was measured of the newest snapshot, of that known at `as_of`, or of the one in `folder`.

    By the limits of `parameters`, else the workspace's own. Names and texts are in the language spoken now. Raises the
    errors of `snapshot_as_of`, `open_person_tables`, `open_book` and `open_rules`.
    """
    chosen = snapshot_as_of(settings.workspace, as_of) if folder is None else folder
    with _engine(settings) as backend:
        return _quality(settings, chosen, backend, as_of, parameters or settings.parameters)


def _quality(
    settings: Settings, folder: Path, backend: Backend, as_of: datetime | None, parameters: Path
) -> QualityMeasures:
    book = open_book(parameters)
    taken = next((day_of(one.taken) for one in snapshots(settings.workspace) if one.folder.name == folder.name), None)
    told = Told(
        rules=open_rules(parameters), breaks=book.breaks, benefits=book.benefits,
        taken=taken or day_of(read_manifest(folder).created), municipality=settings.municipality_code,
        lag_weeks=settings.reporting_lag_weeks,
        late=_late(settings, folder, backend), fetched=fetched_counts(settings.workspace, as_of))
    return measure_quality(open_person_tables(folder, backend), told)


def _late(settings: Settings, folder: Path, backend: Backend) -> LagCounts:
    """What this delivery brought that the one before should have had; nothing where none can be compared."""
    made = [one.folder for one in _with_persons(settings.workspace)]
    names = [one.name for one in made]
    at = names.index(folder.name) if folder.name in names else 0
    if at == 0 or read_manifest(made[at - 1]).key_id != read_manifest(folder).key_id:
        return ()
    return registered_late(made[at - 1], folder, backend)


def differences(workspace: Path, *, first: date | None = None, last: date | None = None) -> Differences:
    """What changed from the snapshot known on day `first` to that known on day `last`.

    Without `last` the newest is taken, without `first` the one before that. Raises `quality.one-delivery`,
    `quality.same-delivery`, and the errors of `snapshot_as_of` and `diff_deliveries`.
    """
    settings = load_settings(workspace)
    made = _with_persons(workspace)
    if len(made) < 2:
        raise GevinstError("quality.one-delivery", where=str(workspace))
    later = made[-1].folder if last is None else snapshot_as_of(workspace, evening(last))
    earlier = snapshot_as_of(workspace, evening(first)) if first is not None else _before(made, later)
    if earlier is None or earlier.name >= later.name:
        days = ", ".join(dict.fromkeys(short_date(day_of(one.taken)) for one in made))
        raise GevinstError("quality.same-delivery", where=str(workspace), days=days)
    with _engine(settings) as backend:
        return diff_deliveries(earlier, later, backend)


def _before(made: list[Snapshot], later: Path) -> Path | None:
    earlier = [one.folder for one in made if one.folder.name < later.name]
    return earlier[-1] if earlier else None


def _with_persons(workspace: Path) -> list[Snapshot]:
    return [one for one in snapshots(workspace) if (one.folder / PERSONS_DATA).exists()]


@contextmanager
def _engine(settings: Settings) -> Iterator[Backend]:
    backend = open_duckdb(threads=settings.engine_threads, memory=settings.engine_memory)
    try:
        yield backend
    finally:
        backend.close()
