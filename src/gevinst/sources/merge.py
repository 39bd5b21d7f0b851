"""Staged rows to stored tables: repeated rows dropped, overlapping periods merged, keys made unique.

Ibis expressions; the rows stay in the backend. Periods are half open, so that two of them overlap when one
starts before the other's end, and touch when it starts on it. Touching periods stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from gevinst.backend import Backend
from gevinst.sources import covariates
from gevinst.sources.cells import Fault
from gevinst.sources.report import Note, Reject, note
from gevinst.sources.staging import StagedTable
from gevinst.weeks import EPOCH

if TYPE_CHECKING:
    import ibis.expr.types as ir

NO_END = date(9999, 12, 31)


@dataclass(frozen=True)
class Finished:
    """What became of a staged file: rows stored, repeated and merged, and rows left out after all."""

    stored: int
    duplicates: int
    merged: int
    rejects: tuple[Reject, ...] = ()
    notes: tuple[Note, ...] = ()


def finish_spells(staged: StagedTable, backend: Backend, target: Path) -> Finished:
    """Spells, one row per unbroken period of a person on a benefit.

    Amounts of merged spells are added. Where their degrees differ the highest is kept, and counted in a note;
    the municipality is that of the spell which starts last.
    """
    rows = staged_rows(staged, backend).drop("part", "line", "check")
    keys = ["person", "benefit"]
    alone, islands, duplicates = _alone_and_islands(rows, keys, backend)
    latest = ibis.row_number().over(
        group_by=[*keys, "island"],
        order_by=[islands.start_date.desc(), islands.stop.desc(), islands.municipality.asc()])
    islands = islands.mutate(latest=latest)
    merged = backend.keep(islands.group_by(["person", "replicate", "benefit", "island"]).aggregate(
        start_date=islands.start_date.min(), stop=islands.stop.max(), degree=islands.degree.max(),
        lowest=islands.degree.min(), amount_dkk=islands.amount_dkk.sum().cast("decimal(18, 2)"),
        municipality=islands.municipality.max(where=islands.latest == 0)), "merged_spells")
    mixed = count_rows(merged.filter(merged.lowest < merged.degree), backend)
    columns = ["person", "replicate", "benefit", "start_date", "stop", "degree", "amount_dkk", "municipality"]
    spells = _with_weeks(alone.select(columns).union(merged.select(columns)))
    stored = write_table(spells.order_by(["person", "benefit", "start_date"]).select(
        "person", "replicate", "benefit", "start_date", "end_date", "start_week", "end_week", "degree", "amount_dkk",
        "municipality"), backend, target / "spells.parquet")
    notes = (note("intake.degrees-differ", rows=mixed),) if mixed else ()
    return Finished(stored, duplicates, count_rows(rows, backend) - duplicates - stored, notes=notes)


def finish_participants(staged: StagedTable, backend: Backend, target: Path) -> Finished:
    """Participations of persons that spells or persons know, one row per unbroken period in an investment."""
    rows = staged_rows(staged, backend)
    known = backend.read_parquet(target / "spells.parquet", "known_spells").select("person")
    if (target / "persons.parquet").exists():
        known = known.union(backend.read_parquet(target / "persons.parquet", "known_persons").select("person"))
    known = backend.keep(known.distinct(), "known")
    unknown = _lines(rows.anti_join(known, "person"), backend)
    rejects = tuple(
        Reject(staged.parts[part].name, line, "person_id", Fault.UNKNOWN_PERSON.code) for part, line in unknown)
    rows = backend.keep(rows.semi_join(known, "person").drop("part", "line", "check"), "known_participants")
    alone, islands, duplicates = _alone_and_islands(rows, ["person", "investment"], backend)
    merged = islands.group_by(["person", "replicate", "investment", "island"]).aggregate(
        start_date=islands.start_date.min(), stop=islands.stop.max())
    columns = ["person", "replicate", "investment", "start_date", "stop"]
    periods = _with_weeks(alone.select(columns).union(merged.select(columns)))
    stored = write_table(periods.order_by(["person", "investment", "start_date"]).select(
        "person", "replicate", "investment", "start_date", "end_date", "start_week", "end_week"),
        backend, target / "participants.parquet")
    return Finished(stored, duplicates, count_rows(rows, backend) - duplicates - stored, rejects)


def finish_persons(
    staged: StagedTable, backend: Backend, target: Path, most_levels: int | None = None
) -> Finished:
    """Persons, one row each. A covariate is a number where every cell of it is, else text.

    A person may stand in several files: what one does not say is taken from the others. A text of more than
    `most_levels` different values is left out, for it tells persons apart and not groups; None keeps all.
    """
    rows = staged_rows(staged, backend)
    many = [] if most_levels is None else _of_many_levels(rows, sorted(staged.wordy), most_levels, backend)
    further = tuple(name for name in staged.further if name not in many)
    rows = rows.drop(*many)
    numbers = {name: rows[name].replace(",", ".").cast("float64") for name in further if name not in staged.wordy}
    rows = rows.mutate(**numbers) if numbers else rows
    if len(staged.parts) > 1:
        said = ("left_register_date", *further)
        rows = rows.mutate(**{name: rows[name].fill_null(rows[name].max().over(group_by="person")) for name in said})
    rows, finished = _one_per_key(rows.drop("check"), ("person",), staged, backend)
    persons = rows.mutate(left_week=week_of_day(rows.left_register_date)).order_by("person").select(
        "person", "replicate", "left_register_date", "left_week", *further)
    write_table(persons, backend, target / "persons.parquet")
    if most_levels is None:
        return finished
    told = ((covariates.KEPT, further), (covariates.MANY, many))
    return replace(finished, notes=tuple(covariates.named(code, names) for code, names in told if names))


def _of_many_levels(rows: ir.Table, names: list[str], most: int, backend: Backend) -> list[str]:
    """Those of the columns that have more than `most` different texts."""
    if not names:
        return []
    counted = rows.aggregate(**{f"levels_{at}": rows[name].nunique() for at, name in enumerate(names)})
    levels = backend.to_arrow(counted).to_pylist()[0]
    return [name for at, name in enumerate(names) if levels[f"levels_{at}"] > most]


def finish_other(staged: StagedTable, backend: Backend, target: Path) -> Finished:
    """A table without persons. Postings may repeat each other; in other tables a repeated row is dropped."""
    rows = staged_rows(staged, backend)
    names = [column.name for column in staged.contract.columns]
    if staged.contract.key:
        rows, finished = _one_per_key(rows, staged.contract.key, staged, backend)
    else:
        before = count_rows(rows, backend)
        rows = rows.drop("part", "line")
        rows = rows if staged.contract.name == "postings" else rows.distinct()
        stored = count_rows(rows, backend)
        finished = Finished(stored, before - stored, 0)
    write_table(rows.order_by(names).select(*names), backend, target / f"{staged.contract.name}.parquet")
    return finished


def staged_rows(staged: StagedTable, backend: Backend) -> ir.Table:
    """The rows of all parts, with the number of each one's `part`; a further column that a part lacks is null there."""
    if len(staged.parts) > 1 and all(part.further == staged.further for part in staged.parts):
        rows = backend.read_parquet([part.path for part in staged.parts], f"staged_{staged.contract.name}")
        return rows.select(sorted(rows.columns))
    tables = []
    for number, part in enumerate(staged.parts):
        rows = backend.read_parquet(part.path, f"staged_{part.path.stem}")
        lacking = {name: ibis.null("string") for name in staged.further if name not in part.further}
        rows = rows.mutate(part=ibis.literal(number, "int32"), **lacking)
        tables.append(rows.select(sorted(rows.columns)))
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def collisions(staged: Sequence[StagedTable], backend: Backend) -> int:
    """How many pseudonyms stand for more than one id."""
    tables = [staged_rows(one, backend).select("person", "check") for one in staged]
    pairs = ibis.union(*tables, distinct=True) if len(tables) > 1 else tables[0].distinct()
    each = pairs.group_by("person").aggregate(ids=pairs.count())
    return count_rows(each.filter(each.ids > 1), backend)


def data_period(backend: Backend, target: Path) -> tuple[date | None, date | None]:
    """The first day and the last day that the stored spells speak of."""
    spells = backend.read_parquet(target / "spells.parquet", "stored_spells")
    reach = backend.to_arrow(spells.aggregate(
        first=spells.start_date.min(), start=spells.start_date.max(), after=spells.end_date.max())).to_pylist()[0]
    last_days = [day for day in (reach["start"], _day_before(reach["after"])) if day is not None]
    return reach["first"], max(last_days, default=None)


def _day_before(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() - 1)


def _alone_and_islands(rows: ir.Table, keys: list[str], backend: Backend) -> tuple[ir.Table, ir.Table, int]:
    """Rows that overlap no other within their key, the others numbered by unbroken period, and how many of
    these others repeat a row word for word (they are dropped).

    Most rows stand alone, so that only few are grouped. Both tables have `stop`: the end, or 9999-12-31.
    """
    rows = rows.mutate(stop=rows.end_date.fill_null(ibis.literal(NO_END)))
    in_turn = {"group_by": keys, "order_by": [rows.start_date, rows.stop]}
    rows = rows.mutate(reached=rows.stop.max().over(ibis.window(preceding=(None, 1), **in_turn)),
                       next_start=rows.start_date.lead().over(ibis.window(**in_turn)))
    starts_clear = rows.reached.isnull() | (rows.start_date >= rows.reached)
    ends_clear = rows.next_start.isnull() | (rows.next_start >= rows.stop)
    rows = backend.keep(rows.mutate(alone=starts_clear & ends_clear), f"seen_{keys[-1]}")
    tangled = rows.filter(~rows.alone).drop("reached", "next_start", "alone")
    distinct = backend.keep(tangled.distinct(), f"distinct_{keys[-1]}")
    duplicates = count_rows(tangled, backend) - count_rows(distinct, backend)
    return rows.filter(rows.alone), _islands(distinct, keys), duplicates


def _islands(rows: ir.Table, keys: list[str]) -> ir.Table:
    """Number the unbroken periods within each key (gaps and islands), as `island`.

    A row begins a new one when it starts on or after the furthest end of all rows before it.
    """
    in_turn = {"group_by": keys, "order_by": [rows.start_date, rows.stop]}
    rows = rows.mutate(reached=rows.stop.max().over(ibis.window(preceding=(None, 1), **in_turn)))
    rows = rows.mutate(begins=(rows.reached.isnull() | (rows.start_date >= rows.reached)).cast("int32"))
    in_turn = {"group_by": keys, "order_by": [rows.start_date, rows.stop]}
    return rows.mutate(island=rows.begins.sum().over(ibis.window(preceding=(None, 0), **in_turn)))


def _with_weeks(rows: ir.Table) -> ir.Table:
    """`stop` back to `end_date`, and the weeks: of the first day, and after the week of the last day."""
    rows = rows.mutate(end_date=rows.stop.nullif(ibis.literal(NO_END)))
    last_week = week_of_day(rows.end_date - ibis.interval(days=1))
    return rows.mutate(start_week=week_of_day(rows.start_date), end_week=(last_week + 1).cast("int32"))


def week_of_day(day: Any) -> Any:
    """`weeks.week_of` as an expression; rounds down also before 1990."""
    days = day.delta(ibis.literal(EPOCH), unit="day")
    return (days / 7).floor().cast("int32")


def _one_per_key(
    rows: ir.Table, key: tuple[str, ...], staged: StagedTable, backend: Backend
) -> tuple[ir.Table, Finished]:
    """Rows that repeat each other are one; rows that share a key and differ are all left out."""
    rows = backend.keep(rows, f"typed_{staged.contract.name}")
    before = count_rows(rows, backend)
    distinct = backend.keep(rows.drop("part", "line").distinct(), f"distinct_{staged.contract.name}")
    each = distinct.group_by(list(key)).aggregate(versions=distinct.count())
    torn = backend.keep(each.filter(each.versions > 1), f"torn_{staged.contract.name}")
    lines = _lines(rows.semi_join(torn, list(key)), backend)
    kept = distinct.anti_join(torn, list(key))
    stored = count_rows(kept, backend)
    column = ", ".join("person_id" if name == "person" else name for name in key)
    rejects = tuple(Reject(staged.parts[part].name, line, column, Fault.CONFLICTING_KEY.code) for part, line in lines)
    return kept, Finished(stored, before - len(lines) - stored, 0, rejects)


def _lines(rows: ir.Table, backend: Backend) -> list[tuple[int, int]]:
    """Part and line of each row, in order."""
    found = backend.to_arrow(rows.select("part", "line").order_by(["part", "line"]))
    return list(zip(found.column("part").to_pylist(), found.column("line").to_pylist(), strict=True))


def count_rows(rows: ir.Table, backend: Backend) -> int:
    """How many rows a table has."""
    return int(backend.to_arrow(rows.aggregate(n=rows.count())).column("n")[0].as_py())


def write_table(rows: ir.Table, backend: Backend, path: Path) -> int:
    """Write a stored table; returns its rows."""
    backend.write_parquet(rows, path)
    path.chmod(0o600)
    return count_rows(backend.read_parquet(path, f"stored_{path.stem}"), backend)
