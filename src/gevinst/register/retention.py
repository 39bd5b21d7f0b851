"""What is to be deleted, by the rules in `gevinst.toml`: said first, done when asked, entered in the journal.

- `keep_snapshots_months`: a snapshot older than this goes. The newest stays, and so do those that editions
  rest on: the `keep_editions` published last, and the newest of all.
- `keep_persons_years`: a person whose last day on any benefit and in any investment lies further back goes, from
  stored snapshots and from each new one. Whoever is left keeps their whole history.

Who has not come back for years is not a chance sample: those who left for good are gone, those who relapsed are
still there, and a cohort of that time would look worse than it was. So a snapshot says from which day it still holds
everybody (`rewrite.complete_from`), and no cohort begins before it (`person_tables`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from gevinst.backend import Backend
from gevinst.register.encryption import unlocking
from gevinst.register.rewrite import PERSON, Anew, complete_from, open_for_rewriting
from gevinst.settings import Settings
from gevinst.sources.manifest import read_manifest
from gevinst.sources.report import note

if TYPE_CHECKING:
    import ibis.expr.types as ir

NOTE = "protection.persons-too-old"
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Inactive:
    """Who is too old to be kept in one snapshot: how many, of how many, with how many rows per table; since when."""

    folder: Path
    before: date
    persons: int
    of: int
    rows: tuple[tuple[str, int], ...]


def first_day_kept(settings: Settings, day: date) -> date | None:
    """The day on or after which a person must have been seen: the first of the month, so many years ago."""
    years = settings.keep_persons_years
    return None if years is None else date(day.year - years, day.month, 1)


def months_before(day: datetime, months: int) -> datetime:
    """The same moment so many months earlier; the first of the next month where that month has no such day.

    >>> months_before(datetime(2024, 3, 31), 1), months_before(datetime(2024, 3, 5), 14)
    (datetime.datetime(2024, 3, 1, 0, 0), datetime.datetime(2023, 1, 5, 0, 0))
    """
    count = day.year * 12 + day.month - 1 - months
    try:
        return day.replace(year=count // 12, month=count % 12 + 1)
    except ValueError:
        return day.replace(year=(count + 1) // 12, month=(count + 1) % 12 + 1, day=1)


def without_the_inactive(folder: Path, settings: Settings, day: date) -> Anew | None:
    """The snapshot in `folder` without those who are too old to be kept; None where everybody may stay."""
    found = inactive(folder, settings, day)
    if found is None or not found.persons:
        return None

    def change(rows: ir.Table, backend: Backend) -> ir.Table:
        return rows.semi_join(_active(folder, backend, found.before), PERSON)

    manifest = read_manifest(folder)
    earlier = sum(int(dict(one.values)["persons"]) for one in manifest.notes if one.code == NOTE)
    others = tuple(one for one in manifest.notes if one.code != NOTE)
    manifest = replace(manifest, notes=(*others, note(NOTE, persons=earlier + found.persons)))
    since = max(filter(None, (found.before, complete_from(folder))))
    return Anew(manifest, change, since)


def inactive(folder: Path, settings: Settings, day: date) -> Inactive | None:
    """Who is too old to be kept in a snapshot; None without a rule, or where there are no persons."""
    before = first_day_kept(settings, day)
    if before is None or not (folder / "spells.parquet").exists():
        return None
    backend = unlocking(open_for_rewriting(settings))
    try:
        personal = {path.stem: backend.read_parquet(path, path.stem) for path in sorted(folder.glob("*.parquet"))}
        personal = {name: rows for name, rows in personal.items() if PERSON in rows.columns}
        active = backend.keep(_active(folder, backend, before), "active")
        everybody = ibis.union(*(rows.select(PERSON) for rows in personal.values()), distinct=True) \
            if len(personal) > 1 else next(iter(personal.values())).select(PERSON).distinct()
        going = backend.keep(everybody.anti_join(active, PERSON), "going")
        rows = tuple((name, _count(table.semi_join(going, PERSON), backend)) for name, table in personal.items())
        return Inactive(folder, before, _count(going, backend), _count(everybody, backend),
                        tuple((name, count) for name, count in rows if count))
    finally:
        backend.close()


def _active(folder: Path, backend: Backend, before: date) -> ir.Table:
    """The persons with a day on a benefit or in an investment on or after `before`."""
    seen = []
    for path in sorted(folder.glob("*.parquet")):
        rows = backend.read_parquet(path, f"active_{path.stem}")
        if PERSON in rows.columns and (after := _day_after(rows)) is not None:
            seen.append(rows.filter(after > ibis.literal(before)).select(PERSON))
    return ibis.union(*seen, distinct=True) if len(seen) > 1 else seen[0].distinct()


def _day_after(rows: ir.Table) -> ir.DateValue | None:
    """The day after the last one that a row speaks of; None where its table speaks of no time on a benefit."""
    if {"start_date", "end_date"} <= set(rows.columns):
        return rows.end_date.fill_null(ibis.literal(FOREVER))
    return rows.week + ibis.interval(days=7) if "week" in rows.columns else None


def _count(rows: ir.Table, backend: Backend) -> int:
    return int(backend.to_arrow(rows.aggregate(n=rows.count())).column("n")[0].as_py())
