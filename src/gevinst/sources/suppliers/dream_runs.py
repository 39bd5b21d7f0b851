"""Codes by week to runs: who had which benefit from which week until which.

All of it is done on the places where a code changes, which are few: of a matrix of persons and weeks only one
comparison with itself, shifted by a week, is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int16]
Ints = npt.NDArray[np.int64]
Meanings = npt.NDArray[np.int16]

# What a code means, where it is not the number of a benefit.
UNKNOWN, NO_BENEFIT, ABROAD, DEAD = -1, -2, -3, -4


@dataclass(frozen=True)
class Runs:
    """Unbroken runs, sorted by row and then by week.

    `row` counts the rows of the batch from 0; `first` and `after` count the week columns from 0, the run being
    `first <= week < after`; `value` is the code, or the benefit's number, that the run is of.
    """

    row: Ints
    first: Ints
    after: Ints
    value: Ints

    def where(self, chosen: npt.NDArray[np.bool_]) -> Runs:
        """The runs that are `chosen`."""
        return Runs(self.row[chosen], self.first[chosen], self.after[chosen], self.value[chosen])


def code_runs(codes: Codes) -> Runs:
    """The runs of one code, blanks left out. `codes` is weeks × rows, 0 where the cell is blank.

    >>> runs = code_runs(np.array([[111, 0], [111, 0], [0, 730], [111, 730]], np.int16))
    >>> list(zip(runs.row.tolist(), runs.first.tolist(), runs.after.tolist(), runs.value.tolist()))
    [(0, 0, 2, 111), (0, 3, 4, 111), (1, 2, 4, 730)]
    """
    weeks, rows = codes.shape
    if weeks == 0 or rows == 0:
        none = np.empty(0, np.int64)
        return Runs(none, none, none, none)
    week, row = np.divmod(np.flatnonzero(codes[1:] != codes[:-1]), rows)
    key = np.sort(np.concatenate([np.arange(rows) * weeks, row * weeks + week + 1]))
    row, first = np.divmod(key, weeks)
    after = np.append(first[1:], weeks)
    after[np.append(row[1:] != row[:-1], True)] = weeks
    runs = Runs(row, first, after, codes[first, row].astype(np.int64))
    return runs.where(runs.value != 0)


def joined(runs: Runs) -> Runs:
    """Runs of one value that follow each other without a gap, made one."""
    if not len(runs.row):
        return runs
    same = (runs.row[1:] == runs.row[:-1]) & (runs.value[1:] == runs.value[:-1])
    follows = same & (runs.first[1:] == runs.after[:-1])
    begins = np.append(True, ~follows)
    ends = np.append(~follows, True)
    return Runs(runs.row[begins], runs.first[begins], runs.after[ends], runs.value[begins])


def benefit_runs(runs: Runs, meanings: Meanings) -> Runs:
    """Runs of codes to runs of benefits: codes of one benefit (its activities) are one run.

    `meanings` has a benefit's number, or one of the negative meanings, at each code; `runs` holds no odd cells.
    """
    meant = meanings[runs.value].astype(np.int64)
    return joined(Runs(runs.row, runs.first, runs.after, meant).where(meant >= 0))


@dataclass(frozen=True)
class Left:
    """Who is no longer followed: for each row the first week of death or of living abroad for good, or −1.

    `returned` counts rows with weeks abroad before the last, `after_death` rows with a code after death.
    """

    week: Ints
    returned: int
    after_death: int


def left_register(runs: Runs, meanings: Meanings, weeks: int, rows: int) -> Left:
    """Read death and emigration out of the codes.

    A person has left from the first week of the last unbroken run of the codes for abroad and dead, if that run
    reaches the newest week, or if it holds a death and no code follows. One who was abroad and came back has not
    left, and is counted, as is one with a benefit after the code for death.
    """
    meant = meanings[runs.value].astype(np.int64)
    coded = Runs(runs.row, runs.first, runs.after, meant).where(meant != NO_BENEFIT)
    gone = coded.value <= ABROAD
    blocks = joined(Runs(coded.row, coded.first, coded.after, np.where(gone, DEAD, 0)))
    dead_weeks = _flags(coded.where(coded.value == DEAD), rows, weeks)
    is_gone = blocks.value == DEAD
    last = np.append(blocks.row[1:] != blocks.row[:-1], True) if len(blocks.row) else np.empty(0, np.bool_)
    holds_death = (dead_weeks.last[blocks.row] >= blocks.first) & (dead_weeks.last[blocks.row] < blocks.after)
    left = is_gone & last & ((blocks.after == weeks) | holds_death)
    week = np.full(rows, -1, np.int64)
    week[blocks.row[left]] = blocks.first[left]
    early_death = dead_weeks.first >= 0
    early_death &= (week < 0) | (dead_weeks.first < week)
    returned = np.zeros(rows, np.bool_)
    returned[blocks.row[is_gone & ~left]] = True
    return Left(week, int((returned & ~early_death).sum()), int(early_death.sum()))


@dataclass(frozen=True)
class _Flags:
    first: Ints
    last: Ints


def _flags(runs: Runs, rows: int, weeks: int) -> _Flags:
    """The first and the last week of any of the runs, by row; −1 where there is none."""
    first, last = np.full(rows, weeks, np.int64), np.full(rows, -1, np.int64)
    np.minimum.at(first, runs.row, runs.first)
    np.maximum.at(last, runs.row, runs.after - 1)
    return _Flags(np.where(last < 0, -1, first), last)


def spread_weeks(runs: Runs, weeks: int) -> Ints:
    """How many rows have any of the runs, by week."""
    steps = np.bincount(runs.first, minlength=weeks + 1) - np.bincount(runs.after, minlength=weeks + 1)
    counts: Any = np.cumsum(steps)[:weeks]
    return np.asarray(counts, np.int64)
