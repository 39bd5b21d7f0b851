"""Everybody's way through the benefits as arrays, one benefit at a time: what a synthetic twin is fitted to.

Behind the person wall; `curves/twin_*.py` count it. A week with two benefits is the one's that began first, so a person
is in one state at a time and leaves it by one exit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.cohorts.runs import known_spells
from gevinst.register.person_tables import PersonTables

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NEVER = 1 << 30
"""A week nobody lives to see."""


@dataclass(frozen=True)
class Runs:
    """Unbroken weeks `[start, end)` on one benefit, sorted by person and start; arrays `[run]`.

    `person` is a row of `Careers.pseudonym`, `benefit` a place in `Careers.benefits`.
    """

    person: Ints
    benefit: Ints
    start: Ints
    end: Ints

    def take(self, which: Flags | Ints) -> Runs:
        """Only these runs."""
        return Runs(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True)
class Starts:
    """Participations, sorted by person and start; arrays `[start]`. `end` is `NEVER` while running."""

    person: Ints
    investment: Ints
    start: Ints
    end: Ints

    def of(self, investment: int) -> Starts:
        """Each person's first in one investment."""
        mine = np.flatnonzero(self.investment == investment)
        first = mine[np.unique(self.person[mine], return_index=True)[1]]
        return Starts(self.person[first], self.investment[first], self.start[first], self.end[first])


@dataclass(frozen=True)
class Careers:
    """N persons who received something in or after `first_week`, as far as `last_week` (the data horizon).

    `gone` `[person]` is the first week off the register (`NEVER`). `overlap` is the share of the weeks on a benefit
    that a person had beside another, which the runs leave out, and `overlapping` how many persons had such weeks.
    """

    first_week: int
    last_week: int
    benefits: tuple[str, ...]
    pseudonym: Ints
    gone: Ints
    runs: Runs
    investments: tuple[str, ...]
    starts: Starts
    overlap: float
    overlapping: int

    def ends(self, runs: Runs) -> Flags:
        """Which runs ended in sight, and by leaving the benefit rather than the register."""
        ended: Flags = (runs.end <= self.last_week) & (runs.end < self.gone[runs.person])
        return ended


def careers_of(tables: PersonTables, investments: tuple[str, ...]) -> Careers:
    """Fetch everybody's weeks, and the participations in `investments`."""
    fetch = tables.backend.to_arrow
    spells = known_spells(tables)
    rows = fetch(spells.filter(spells.end_week > tables.first_week).select(
        "person", "benefit", "start_week", "end_week").order_by(["person", "start_week", "end_week", "benefit"]))
    pseudonym, person = np.unique(np.asarray(rows["person"], np.int64), return_inverse=True)
    names = tuple(sorted(set(rows["benefit"].to_pylist())))
    gone = _gone(tables, pseudonym)
    all_runs = Runs(person.astype(np.int64), _places(rows["benefit"], names),
                    *(np.asarray(rows[name], np.int64) for name in ("start_week", "end_week")))
    all_runs = all_runs.take(all_runs.start < gone[all_runs.person])
    cut = Runs(all_runs.person, all_runs.benefit, all_runs.start, np.minimum(all_runs.end, gone[all_runs.person]))
    runs = _one_at_a_time(cut)
    runs = runs.take(runs.end > tables.first_week)
    return Careers(tables.first_week, tables.data_horizon, names, pseudonym, gone, runs, investments,
                   _starts(tables, pseudonym, investments), *_overlap(cut, runs, len(pseudonym)))


def _places(column: pa.ChunkedArray, names: tuple[str, ...]) -> Ints:
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[name] for name in column.to_pylist()], np.int64)


def _gone(tables: PersonTables, pseudonym: Ints) -> Ints:
    gone = np.full(len(pseudonym), NEVER, np.int64)
    if tables.persons is not None:
        left = tables.persons.filter(tables.persons.left_week.notnull(),
                                     tables.persons.left_week <= tables.data_horizon)
        rows = tables.backend.to_arrow(left.select("person", "left_week"))
        row, known = rows_of(pseudonym, np.asarray(rows["person"], np.int64))
        gone[row[known]] = np.asarray(rows["left_week"], np.int64)[known]
    return gone


def rows_of(pseudonym: Ints, persons: Ints) -> tuple[Ints, Flags]:
    """Where `persons` stand in the sorted `pseudonym`, and which of them do."""
    row = np.minimum(np.searchsorted(pseudonym, persons), max(len(pseudonym) - 1, 0)).astype(np.int64)
    known: Flags = pseudonym[row] == persons if len(pseudonym) else np.zeros(len(persons), np.bool_)
    return row, known


def _one_at_a_time(runs: Runs) -> Runs:
    """Runs as far as they reach beyond those before them, adjoining ones of a benefit as one."""
    if not len(runs.person):
        return runs
    low = int(runs.start.min())
    stretch = int(runs.end.max()) - low + 1
    offset = runs.person * stretch - low
    reach = np.maximum.accumulate(runs.end + offset)
    before = np.concatenate([[-1], reach[:-1]]) - offset
    start = np.maximum(runs.start, before)
    kept = np.flatnonzero(start < runs.end)
    person, benefit, start, end = runs.person[kept], runs.benefit[kept], start[kept], runs.end[kept]
    goes_on = np.zeros(len(kept), np.bool_)
    goes_on[1:] = (person[1:] == person[:-1]) & (benefit[1:] == benefit[:-1]) & (start[1:] == end[:-1])
    first = np.flatnonzero(~goes_on)
    return Runs(person[first], benefit[first], start[first], np.maximum.reduceat(end, first))


def _overlap(cut: Runs, runs: Runs, persons: int) -> tuple[float, int]:
    """The share of benefit-weeks that are in no run, and whose; a benefit's own spells that overlap count once."""
    order = np.lexsort((cut.start, cut.benefit, cut.person))
    ordered = cut.take(order)
    if not len(order):
        return 0.0, 0
    benefits = int(cut.benefit.max()) + 1
    each = _one_at_a_time(
        Runs(ordered.person * benefits + ordered.benefit, ordered.benefit * 0, ordered.start, ordered.end))
    had = np.bincount(each.person // benefits, each.end - each.start, minlength=persons)
    beside = had - np.bincount(runs.person, runs.end - runs.start, minlength=persons)
    return float(max(0.0, beside.sum() / had.sum())), int(np.count_nonzero(beside > 0))


def _starts(tables: PersonTables, pseudonym: Ints, investments: tuple[str, ...]) -> Starts:
    nothing = np.zeros(0, np.int64)
    if tables.participants is None or not investments:
        return Starts(nothing, nothing, nothing, nothing)
    wanted = tables.participants.filter(
        tables.participants.investment.isin(sorted(investments)),
        tables.participants.start_week.between(tables.first_week, tables.data_horizon))
    rows = tables.backend.to_arrow(wanted.select("person", "investment", "start_week", "end_week").order_by(
        ["person", "start_week", "investment", "end_week"]))
    row, known = rows_of(pseudonym, np.asarray(rows["person"], np.int64))
    ends = rows["end_week"].fill_null(NEVER)
    columns = (row, _places(rows["investment"], investments), np.asarray(rows["start_week"], np.int64),
               np.asarray(ends, np.int64))
    return Starts(*(column[known] for column in columns))
