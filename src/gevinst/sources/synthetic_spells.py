"""From simulated runs to dated spells, and to weeks on benefit.

A run covers whole weeks; its first and last day lie on any weekday of its first and last week, so the weeks with
at least one day of the benefit are exactly the simulated ones. On leaving some move to another benefit, which
fills the first part of the time away. Days are counted from Monday 1 January 1990, so that day // 7 is the week.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from gevinst.sources.synthetic_people import FIRST_DAY, LAST_DAY, MOVE, MOVE_WEEKS, Flags, Floats, Ints
from gevinst.sources.synthetic_process import Inhabitants, Runs
from gevinst.sources.synthetic_rates import BENEFITS, MEAN_WEEKS_AFTER_MOVE, MOVES_TO
from gevinst.weeks import EPOCH

EPOCH_IN_ARROW = (EPOCH - date(1970, 1, 1)).days
STARTS_ON_MONDAY, ENDS_ON_SUNDAY = 0.7, 0.7


class Moves(NamedTuple):
    """What follows each run: the benefit moved to (number in `BENEFITS`, -1: none) and its weeks; `[run]`."""

    to: Ints
    weeks: Ints


class Spells(NamedTuple):
    """Spells with first and last day (both included), sorted by person and day; `[spell]`."""

    person: Ints
    benefit: Ints
    first: Ints
    last: Ints


def day_number(day: date) -> int:
    """Days since 1 January 1990."""
    return (day - EPOCH).days


def moves_of(who: Inhabitants, runs: Runs) -> Moves:
    """Who moves to which benefit after each run, and for how long; never longer than until the next run."""
    chance, stay = _numbers(who, runs, MOVE), -np.log1p(-_numbers(who, runs, MOVE_WEEKS))
    to, weeks = np.full(len(runs.person), -1), np.zeros(len(runs.person), np.int64)
    for main, benefit in enumerate(BENEFITS):
        passed = np.zeros(len(chance))
        for other, share in MOVES_TO[benefit]:
            taken = (who.main[runs.person] == main) & (chance >= passed) & (chance < passed + share)
            to[taken] = BENEFITS.index(other)
            weeks[taken] = np.ceil(stay[taken] * MEAN_WEEKS_AFTER_MOVE[other]).astype(np.int64)
            passed = passed + share
    return Moves(to, np.minimum(np.maximum(weeks, to >= 0), runs.back - runs.until))


def last_days(who: Inhabitants, runs: Runs) -> tuple[Ints, Ints]:
    """The first and the last day of each run."""
    first, last = _numbers(who, runs, FIRST_DAY), _numbers(who, runs, LAST_DAY)
    monday_to_friday = np.where(first < STARTS_ON_MONDAY, 0, 1 + (first - STARTS_ON_MONDAY) / 0.3 * 4).astype(np.int64)
    any_weekday = np.where(last < ENDS_ON_SUNDAY, 6, (last - ENDS_ON_SUNDAY) / 0.3 * 5).astype(np.int64)
    begins = 7 * runs.start + monday_to_friday
    return begins, np.maximum(begins, 7 * (runs.until - 1) + any_weekday)


def spells_of(who: Inhabitants, runs: Runs) -> Spells:
    """All spells of the runs, main benefit and moves, until the person leaves the register."""
    begins, ends = last_days(who, runs)
    moves = moves_of(who, runs)
    moved = moves.to >= 0
    person = np.concatenate([runs.person, runs.person[moved]])
    benefit = np.concatenate([who.main[runs.person], moves.to[moved]])
    first = np.concatenate([begins, ends[moved] + 1])
    last = np.concatenate([ends, 7 * (runs.until + moves.weeks)[moved] - 1])
    last = np.minimum(last, 7 * who.gone[person] - 1)
    order = np.lexsort((first, person))
    order = order[(first <= last)[order]]
    return Spells(person[order], benefit[order], first[order], last[order])


def weeks_on(who: Inhabitants, runs: Runs, persons: Ints, origin: Ints, weeks: int, *, any_support: bool) -> Flags:
    """Whether on the main benefit, or on any, in each of the `weeks` weeks from `origin`: `[person, week]`.

    `origin` is `[person]`, in the order of `persons`.
    """
    until = runs.until + (moves_of(who, runs).weeks if any_support else 0)
    row_of = np.full(len(who.main), -1)
    row_of[persons] = np.arange(len(persons))
    row = row_of[runs.person]
    theirs = row >= 0
    row = row[theirs]
    begins = np.clip(runs.start[theirs] - origin[row], 0, weeks)
    ends = np.clip(np.minimum(until, who.gone[runs.person])[theirs] - origin[row], 0, weeks)
    changes = np.zeros((len(persons), weeks + 1), np.int16)
    np.add.at(changes, (row, begins), 1)
    np.add.at(changes, (row, np.maximum(begins, ends)), -1)
    on: Flags = np.cumsum(changes, axis=1)[:, :weeks] > 0
    return on


def spells_table(spells: Spells, ids: pa.Array, first_day: date, last_day: date) -> pa.Table:
    """The canonical columns of the spells within `[first_day, last_day]`; who is still running has no end."""
    low, high = day_number(first_day), day_number(last_day)
    kept = Spells(*(column[(spells.first <= high) & (spells.last >= low)] for column in spells))
    return pa.table({
        "person_id": ids.take(pa.array(kept.person)),
        "benefit": pa.array(BENEFITS).take(pa.array(kept.benefit)),
        "start_date": dates(np.maximum(kept.first, low)),
        "end_date": dates(kept.last, kept.last > high),
    })


def dates(days: Ints, missing: np.ndarray | None = None) -> pa.Array:
    """Days since 1990 as dates; empty where `missing`."""
    return pa.array((days + EPOCH_IN_ARROW).astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def _numbers(who: Inhabitants, runs: Runs, purpose: int) -> Floats:
    found = np.zeros(len(runs.person))
    for number in range(int(runs.number.max()) + 1 if len(runs.number) else 0):
        here = runs.number == number
        found[here] = who.draws.uniform(purpose, number)[runs.person[here]]
    return found
