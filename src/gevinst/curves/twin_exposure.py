"""Person-weeks at risk of leaving a benefit, by how long and by when: what rates of a synthetic twin are fitted to.

Part of the person wall: sums by duration and half-year leave. A run that begins in week s is at risk in the weeks
s + 1, s + 2, …; one that ends in week e, the first week off, ends with the duration e - s. What somebody does after her
start in an investment is counted apart from what she does before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.careers import NEVER, Careers, Flags, Ints, Runs
from gevinst.weeks import quarter_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pieces:
    """The weeks at risk `[low, high]` (both included) of runs; arrays `[piece]`. `ended` is true at an exit in `high`.

    `since` is the week the run began, `origin` the week from which the time since a start in an investment is counted.
    """

    person: Ints
    since: Ints
    low: Ints
    high: Ints
    ended: Flags
    origin: Ints

    def take(self, which: Flags | Ints) -> Pieces:
        """Only these."""
        return Pieces(self.person[which], self.since[which], self.low[which], self.high[which], self.ended[which],
                      self.origin[which])


@dataclass(frozen=True)
class Followed:
    """Runs of one benefit at risk: before any start in an investment for it, and after one, by investment."""

    before: Pieces
    after: dict[int, Pieces]


def followed(careers: Careers, benefit: int, treating: Sequence[int]) -> Followed:
    """Everybody on `benefit`, those in the investments `treating` apart from their start."""
    runs = careers.runs.take(careers.runs.benefit == benefit)
    every = _at_risk(careers, runs)
    starts = careers.starts
    mine = np.flatnonzero(np.isin(starts.investment, np.array(treating, np.int64)))
    person, week, which = starts.person[mine], starts.start[mine], starts.investment[mine]
    following = np.full(len(mine), NEVER, np.int64)
    if len(mine):
        following[:-1] = np.where(person[1:] == person[:-1], week[1:], NEVER)
    first = np.full(len(careers.pseudonym), NEVER, np.int64)
    np.minimum.at(first, person, week)
    before = _cut(every, np.full(len(every.person), -NEVER, np.int64), first[every.person])
    low, high = (np.searchsorted(every.person, person, side=side) for side in ("left", "right"))
    times = high - low
    row = np.repeat(low - np.cumsum(times) + times, times) + np.arange(int(times.sum()))
    joined = _cut(every.take(row), np.repeat(week, times), np.repeat(following, times))
    number = np.repeat(which, times)[_inside(every.take(row), np.repeat(week, times), np.repeat(following, times))]
    return Followed(before, {one: joined.take(number == one) for one in treating})


def _at_risk(careers: Careers, runs: Runs) -> Pieces:
    ended = careers.ends(runs)
    low = np.maximum(runs.start, careers.first_week) + 1
    high = np.where(ended, runs.end, runs.end - 1)
    pieces = Pieces(runs.person, runs.start, low, high, ended, runs.start)
    return pieces.take(low <= high)


def _inside(pieces: Pieces, after: Ints, until: Ints) -> Flags:
    inside: Flags = np.maximum(pieces.low, after + 1) <= np.minimum(pieces.high, until)
    return inside


def _cut(pieces: Pieces, after: Ints, until: Ints) -> Pieces:
    """The weeks later than `after` and not later than `until`."""
    low, high = np.maximum(pieces.low, after + 1), np.minimum(pieces.high, until)
    ended = pieces.ended & (high == pieces.high)
    return Pieces(pieces.person, pieces.since, low, high, ended, after).take(low <= high)


def half_year(week: int) -> int:
    """A number for the half-year of a week; one more is the next one."""
    year, quarter = quarter_of(week)
    return 2 * year + (quarter > 2)


def half_years(careers: Careers) -> tuple[tuple[int, int], ...]:
    """The half-years of the data as weeks `[first, last]`."""
    weeks = range(careers.first_week, careers.last_week + 1)
    firsts = [week for week in weeks if week == weeks[0] or half_year(week) != half_year(week - 1)]
    return tuple(zip(firsts, [*(first - 1 for first in firsts[1:]), careers.last_week], strict=True))


def exposure(pieces: Pieces, periods: Sequence[tuple[int, int]], longest: int) -> Floats:
    """Runs at risk by period and duration, `[period, 0..longest]`."""
    found = np.zeros((len(periods), longest + 2))
    for row, (first, last) in zip(found, periods, strict=True):
        low = np.maximum(pieces.low, first) - pieces.since
        high = np.minimum(pieces.high, last) - pieces.since
        there = low <= high
        np.add.at(row, np.minimum(low[there], longest + 1), 1)
        np.add.at(row, np.minimum(high[there], longest) + 1, -1)
    at_risk: Floats = np.cumsum(found, axis=1)[:, :-1]
    return at_risk


def lagged(pieces: Pieces, low: int, high: int) -> Pieces:
    """The weeks `low` to `high` (both included) after `origin`."""
    first, last = np.maximum(pieces.low, pieces.origin + low), np.minimum(pieces.high, pieces.origin + high)
    cut = Pieces(pieces.person, pieces.since, first, last, pieces.ended & (last == pieces.high), pieces.origin)
    return cut.take(first <= last)
