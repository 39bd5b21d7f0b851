"""What a new delivery changed: two snapshots held against each other, in the backend; only counts leave, exact.

Which of them may be shown is decided in `follow_up/disclosure/differences.py`.

The earlier snapshot knew the weeks up to its data horizon, its last complete week. A person-week up to then that only
the later one knows was *registered late*, by so many weeks as it lies before that horizon (0: in the last week
itself). One that only the earlier one knew was *taken back*. Weeks after the earlier horizon are simply new. Spells
are the same spell when person, benefit and first day are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from gevinst.backend import Backend
from gevinst.errors import GevinstError
from gevinst.register.payment_changes import changed_payments
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.sources.header import STORED_NAMES
from gevinst.sources.manifest import read_manifest
from gevinst.tables import CONTRACTS, PERSONS
from gevinst.weeks import last_complete_week, monday

PERSON_TABLES = ("spells", "participants", "persons")
LAG_BANDS = ((0, 3), (4, 12), (13, 25), (26, 51), (52, None))
"""Weeks before the earlier horizon, first and last of each band."""


@dataclass(frozen=True)
class Difference:
    """One count, exact and not for print; see `Change`."""

    measure: str
    subject: str
    detail: str
    count: int
    persons: int | None
    lag: tuple[int, int | None] | None = None

    @property
    def key(self) -> str:
        """The name of the count."""
        return "/".join(("diff", self.measure, self.subject, self.detail, *map(str, self.lag or ())))


@dataclass(frozen=True)
class Differences:
    """What changed from one snapshot to the next, exact and not for print; see `DeliveryDiff`."""

    earlier: str
    later: str
    horizon_earlier: int
    horizon_later: int
    counts: tuple[Difference, ...]


@dataclass(frozen=True)
class Change:
    """One count: of what (`measure`), for whom (`subject`: a benefit, an investment, a column), and `detail`.

    `count` is rows or person-weeks, `persons` how many persons stand behind it; both `None` where they may not be
    shown, and `persons` `None` where the rows are of nobody. `few`: they are too few, or could be.
    """

    measure: str
    subject: str
    detail: str
    count: int | None
    persons: int | None
    lag: tuple[int, int | None] | None = None
    few: bool = True

    @property
    def hidden(self) -> bool:
        """Whether the count may not be shown."""
        return self.count is None


@dataclass(frozen=True)
class DeliveryDiff:
    """What changed from one snapshot to the next. `horizon_earlier` and `horizon_later` are weeks."""

    earlier: str
    later: str
    horizon_earlier: int
    horizon_later: int
    changes: tuple[Change, ...]
    smallest: int

    def of(self, measure: str) -> tuple[Change, ...]:
        """The changes of one measure."""
        return tuple(one for one in self.changes if one.measure == measure)


def diff_deliveries(earlier: Path, later: Path, backend: Backend) -> Differences:
    """Hold two snapshot folders against each other.

    Raises `quality.keys-differ` where the pseudonyms were made with different keys, and the errors of
    `open_person_tables` and `read_manifest`.
    """
    if read_manifest(earlier).key_id != read_manifest(later).key_id:
        raise GevinstError("quality.keys-differ", where=str(later))
    before, after = _open(earlier, backend), _open(later, backend)
    rows = [
        *_weeks(before, after),
        *_spells(before, after),
        *_participants(before, after),
        *_persons(before, after),
        *_payments(before, after),
        *_other_tables(before, after),
    ]
    counts = tuple(one for one in sorted(rows, key=_order) if one.count)
    return Differences(earlier.name, later.name, before.data_horizon, after.data_horizon, counts)


def registered_late(earlier: Path, later: Path, backend: Backend) -> tuple[tuple[int, int, int], ...]:
    """Per week before the earlier horizon: weeks before it, person-weeks registered late, and all known now.

    For the lag of the source. Raises the errors of `open_person_tables`.
    """
    return _late_by_week(_open(earlier, backend), _open(later, backend))


def revised_participants(earlier: Path, later: Path, backend: Backend, *, until: date) -> dict[str, int]:
    """By investment: participants of whom the later snapshot says something else about the time up to a day.

    Weeks on a benefit, or the participation itself. Not for print: the counts are as they are. Raises the errors of
    `open_person_tables`.
    """
    before, after = _open(earlier, backend), _open(later, backend)
    backend, week = before.backend, last_complete_week(until)
    revised = _differing(_until(before.spells, week), _until(after.spells, week)).select("person")
    known = [tables.participants.filter(tables.participants.start_week <= week).select(
        "person", "investment", "start_week") for tables in (before, after) if tables.participants is not None]
    if not known:
        return {}
    everybody = ibis.union(*known, distinct=True) if len(known) > 1 else known[0]
    if len(known) > 1:
        columns = list(everybody.columns)
        moved = ibis.union(known[0].anti_join(known[1], columns), known[1].anti_join(known[0], columns))
        revised = ibis.union(revised, moved.select("person"))
    mine = everybody.semi_join(revised.distinct(), "person")
    rows = _fetched(backend, mine.group_by("investment").aggregate(n=mine.person.nunique()))
    return {str(row["investment"]): int(row["n"]) for row in rows}


def _open(folder: Path, backend: Backend) -> PersonTables:
    """The tables of one snapshot, each under a name of its own: two folders hold tables of the same name."""
    opened = open_person_tables(folder, backend)
    backend = opened.backend

    def own(name: str) -> ir.Table | None:
        path = folder / f"{name}.parquet"
        return backend.keep(backend.read_parquet(path, name), f"diff_{name}") if path.exists() else None

    spells = own("spells")
    if spells is None:
        raise GevinstError("snapshot.no-spells", where=str(folder))
    return PersonTables(backend, spells, own("participants"), own("persons"), opened.first_week, opened.data_horizon,
                        folder)


def _order(one: Difference) -> tuple[str, str, tuple[int, int], str]:
    low, high = one.lag or (-1, -1)
    return one.measure, one.subject, (low, high or 1 << 30), one.detail


def _fetched(backend: Backend, table: ir.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = backend.to_arrow(table).to_pylist()
    return found


# Person-weeks


def _until(spells: ir.Table, week: int) -> ir.Table:
    """Spells as far as `week`, running ones continued to it: person, benefit, start_week, end_week, degree."""
    known = spells.filter(spells.start_week <= week)
    end = ibis.least(known.end_week.fill_null(week + 1), ibis.literal(week + 1)).cast("int32")
    return known.select("person", "benefit", "start_week", "degree", end_week=end)


def _differing(before: ir.Table, after: ir.Table) -> ir.Table:
    """The persons and benefits of which any row differs."""
    one, other = before.distinct(), after.distinct()
    columns = list(before.columns)
    only = ibis.union(one.anti_join(other, columns), other.anti_join(one, columns), distinct=False)
    return only.select("person", "benefit").distinct()


def _each_week(spells: ir.Table, keys: ir.Table) -> ir.Table:
    """A row per person, benefit and week of those in `keys`, with the highest degree."""
    mine = spells.semi_join(keys, ["person", "benefit"])
    rows = mine.select("person", "benefit", "degree", week=ibis.range(mine.start_week, mine.end_week).unnest())
    return rows.group_by(["person", "benefit", "week"]).aggregate(degree=rows.degree.max())


def _weeks(before: PersonTables, after: PersonTables) -> list[Difference]:
    """Person-weeks registered late, taken back, moved to another benefit, of another degree; and those that are new."""
    backend, horizon = before.backend, before.data_horizon
    one, other = _until(before.spells, horizon), _until(after.spells, min(horizon, after.data_horizon))
    keys = backend.keep(_differing(one, other), "diff_keys")
    known, now = backend.keep(_each_week(one, keys), "weeks_before"), backend.keep(_each_week(other, keys), "weeks_now")
    by = ["person", "benefit", "week"]
    added = backend.keep(now.anti_join(known, by), "weeks_added")
    removed = backend.keep(known.anti_join(now, by), "weeks_removed")
    changes = [*_by_lag("weeks-late", added, horizon, backend), *_by_lag("weeks-taken-back", removed, horizon, backend)]
    pairs = removed.inner_join(added, ["person", "week"])
    moved = pairs.select("person", subject=pairs.benefit, detail=pairs.benefit_right)
    both = known.inner_join(now, by)
    degree = both.filter((both.degree - both.degree_right).abs() > 1e-9)
    changes += _counted("weeks-moved", moved, backend)
    changes += _counted("weeks-degree", _of_benefit(degree), backend)
    fresh = _until(after.spells, after.data_horizon).filter(lambda rows: rows.end_week > horizon + 1)
    fresh = fresh.mutate(start_week=ibis.greatest(fresh.start_week, ibis.literal(horizon + 1)).cast("int32"))
    new = _each_week(fresh, fresh.select("person", "benefit").distinct())
    return [*changes, *_counted("weeks-new", _of_benefit(new), backend)]


def _of_benefit(rows: ir.Table) -> ir.Table:
    return rows.select("person", subject=rows.benefit, detail=ibis.literal(""))


def _by_lag(measure: str, weeks: ir.Table, horizon: int, backend: Backend) -> list[Difference]:
    lag = ibis.literal(horizon) - weeks.week
    band = ibis.cases(*((lag <= high, number) for number, (_, high) in enumerate(LAG_BANDS) if high is not None),
                      else_=len(LAG_BANDS) - 1)
    rows = weeks.mutate(band=band)
    each = rows.group_by(["benefit", "band"]).aggregate(n=rows.count(), persons=rows.person.nunique())
    return [Difference(measure, row["benefit"], "", row["n"], row["persons"], LAG_BANDS[row["band"]])
            for row in _fetched(backend, each)]


def _counted(measure: str, rows: ir.Table, backend: Backend) -> list[Difference]:
    """Rows and persons by subject and detail."""
    each = rows.group_by(["subject", "detail"]).aggregate(n=rows.count(), persons=rows.person.nunique())
    return [Difference(measure, row["subject"], row["detail"], row["n"], row["persons"])
            for row in _fetched(backend, each)]


def _late_by_week(before: PersonTables, after: PersonTables, weeks: int = 52) -> tuple[tuple[int, int, int], ...]:
    """Per week before the earlier horizon: person-weeks that were registered late, and all that are known now."""
    horizon = min(before.data_horizon, after.data_horizon)
    first = horizon - weeks + 1

    def totals(tables: PersonTables) -> ir.Table:
        rows = _until(tables.spells, horizon)
        rows = rows.filter(rows.end_week > first)
        rows = rows.mutate(start_week=ibis.greatest(rows.start_week, ibis.literal(first)).cast("int32"))
        return _each_week(rows, rows.select("person", "benefit").distinct())

    now = before.backend.keep(totals(after), "weeks_later")
    late = now.anti_join(totals(before), ["person", "benefit", "week"])
    each = now.group_by("week").aggregate(known=now.count())
    each = each.left_join(late.group_by("week").aggregate(late=lambda rows: rows.count()), "week").drop("week_right")
    found = _fetched(before.backend, each)
    return tuple(sorted((before.data_horizon - row["week"], row["late"] or 0, row["known"]) for row in found))


# Spells and participations


def _spells(before: PersonTables, after: PersonTables) -> list[Difference]:
    rows = _periods(before.spells, after.spells, "benefit", before.data_horizon)
    return _counted("spells", rows, before.backend)


def _participants(before: PersonTables, after: PersonTables) -> list[Difference]:
    if before.participants is None or after.participants is None:
        one = before.participants if after.participants is None else after.participants
        detail = "gone" if after.participants is None else "new-late"
        return [] if one is None else _counted(
            "participants", one.select("person", subject=one.investment, detail=ibis.literal(detail)), before.backend)
    rows = _periods(before.participants, after.participants, "investment", before.data_horizon)
    return _counted("participants", rows, before.backend)


def _periods(before: ir.Table, after: ir.Table, subject: str, horizon: int) -> ir.Table:
    """What became of each period: person, subject, and one of these words as detail.

    `new` begins after the earlier horizon, `new-late` up to it; `gone` is no longer there; `moved` has another first
    day and overlaps one that is gone; `ended` was running and ends after the horizon; `shortened` and `prolonged` end
    earlier or later than was said.
    """
    by, day_after = ["person", subject, "start_date"], ibis.literal(monday(horizon + 1))
    columns = [*by, "end_date"]
    one, other = before.select(columns), after.select(columns)
    both = one.inner_join(other, by)
    was, now = both.end_date, both.end_date_right
    word = ibis.cases(
        (was.isnull() & now.isnull(), "same"),
        (was.isnull() & (now >= day_after), "ended"),
        (was.isnull(), "shortened"),
        (now.isnull(), "prolonged"),
        (now < was, "shortened"),
        (now > was, "prolonged"),
        else_="same",
    )
    kept = both.select("person", subject=both[subject], detail=word).filter(lambda rows: rows.detail != "same")
    gone, new = one.anti_join(other, by), other.anti_join(one, by)
    fresh = new.filter(new.start_date >= day_after)
    late = new.filter(new.start_date < day_after)
    met = _overlapping(late, gone, subject)
    left = _overlapping(gone, late, subject)
    parts = [(fresh, "new"), (late.anti_join(met, by), "new-late"), (met, "moved"), (gone.anti_join(left, by), "gone")]
    words = [rows.select("person", subject=rows[subject], detail=ibis.literal(detail)) for rows, detail in parts]
    return ibis.union(kept, *words, distinct=False)


def _overlapping(rows: ir.Table, others: ir.Table, subject: str) -> ir.Table:
    """The periods in `rows` that share a day with one in `others`, of the same person and subject."""
    beside = others.select("person", key=others[subject], first=others.start_date, after=others.end_date)
    return rows.semi_join(beside, [
        rows.person == beside.person, rows[subject] == beside.key,
        beside.after.isnull() | (rows.start_date < beside.after),
        rows.end_date.isnull() | (beside.first < rows.end_date)])


# Persons and the tables without persons


def _persons(before: PersonTables, after: PersonTables) -> list[Difference]:
    one, other = before.persons, after.persons
    if one is None or other is None:
        there, word = (other, "new") if one is None else (one, "gone")
        return [] if there is None else [_all_rows(there, word, before.backend)]
    backend = before.backend
    rows = [_all_rows(other.anti_join(one, "person"), "new", backend),
            _all_rows(one.anti_join(other, "person"), "gone", backend)]
    own = STORED_NAMES | {column.name for column in PERSONS.columns}
    shared = sorted((set(one.columns) & set(other.columns)) - (own - {"left_register_date"}))
    for word, names in (("column-new", set(other.columns) - set(one.columns)),
                        ("column-gone", set(one.columns) - set(other.columns))):
        rows += [Difference("persons", name, word, 1, None) for name in sorted(names)]
    if shared:
        right = other.select("person", **{f"now_{name}": other[name].cast("string") for name in shared})
        both = one.inner_join(right, "person")
        differ = both.aggregate(**{
            name: (~both[name].cast("string").identical_to(both[f"now_{name}"])).cast("int64").sum()
            for name in shared})
        found = _fetched(backend, differ)[0]
        rows += [Difference("persons", name, "changed", found[name] or 0, found[name] or 0) for name in shared]
    return rows


def _payments(before: PersonTables, after: PersonTables) -> list[Difference]:
    one, other = (_plain(tables.folder / "payments.parquet", "payments", tables.backend) for tables in (before, after))
    rows = changed_payments(one, other, before.data_horizon)
    return [] if rows is None else _counted("payments", rows, before.backend)


def _all_rows(rows: ir.Table, word: str, backend: Backend) -> Difference:
    n = int(_fetched(backend, rows.aggregate(n=rows.count()))[0]["n"])
    return Difference("persons", "", word, n, n)


def _other_tables(before: PersonTables, after: PersonTables) -> list[Difference]:
    changes = []
    for name, contract in CONTRACTS.items():
        if contract.personal or name in PERSON_TABLES:
            continue
        tables = [_plain(one.folder / f"{name}.parquet", name, one.backend) for one in (before, after)]
        changes += [] if tables == [None, None] else _rows_changed(name, tables, before.backend)
    return changes


def _plain(path: Path, name: str, backend: Backend) -> ir.Table | None:
    return backend.keep(backend.read_parquet(path, name), f"diff_{name}") if path.exists() else None


def _rows_changed(name: str, tables: Sequence[ir.Table | None], backend: Backend) -> list[Difference]:
    """Rows that only one of them has, counted as often as they stand there."""
    shared: set[str] = set.intersection(*(set(table.columns) for table in tables if table is not None))
    columns = sorted(shared)
    signed = [table.select(*columns, n=ibis.literal(sign, "int64"))
              for table, sign in zip(tables, (-1, 1), strict=True) if table is not None]
    rows = ibis.union(*signed, distinct=False) if len(signed) > 1 else signed[0]
    each = rows.group_by(columns).aggregate(n=rows.n.sum())
    found = _fetched(backend, each.aggregate(
        more=ibis.greatest(each.n, 0).sum(), less=ibis.greatest(-each.n, 0).sum()))[0]
    return [Difference("rows", name, "new", int(found["more"] or 0), None),
            Difference("rows", name, "gone", int(found["less"] or 0), None)]
