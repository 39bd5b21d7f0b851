"""The person wall of the checks: how alike the matched groups are, and what they had before anything could happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.covariates import Covariate
from gevinst.cohorts.histories import MEMORY_WEEKS, PRE_PERIOD_WEEKS, SUPPORT, Histories
from gevinst.cohorts.trials import Starters, Takers, Target, Trials, pool_of
from gevinst.curves.trial_parts import GROUPS, Contrast, add_by_group, by_cell
from gevinst.language import say

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GroupSums:
    """Sums over a group of person-trials: of weights, their squares, and weight × value and × value squared."""

    weight: float
    squared_weights: float
    total: float
    squares: float


@dataclass(frozen=True)
class CovariateSums:
    """A number, or one value of a text (`level`), among participants and possible comparators, before and after."""

    name: str
    level: str
    participants: GroupSums
    pool: GroupSums
    matched_participants: GroupSums
    matched_comparison: GroupSums


def covariate_sums(
    histories: Histories, target: Target, takers: Takers, covariates: Sequence[Covariate], trials: Trials
) -> tuple[CovariateSums, ...]:
    """Sums for the balance of each covariate, of elapsed weeks, and of weeks on support in the two years before.

    The pool is everybody on the benefit who had not taken part in the weeks in which somebody started, those of a week
    counted by how many did.
    """
    starters = takers.starters
    pool, in_week = _pool(histories, target, takers)
    taken = trials.taken
    matched = Starters(trials.row[taken], trials.column[taken])
    compared = Starters(trials.row[~taken], trials.column[~taken])
    groups = [
        (starters, np.ones(len(starters.row))),
        (pool, in_week),
        (matched, np.ones(len(matched.row))),
        (compared, trials.weight[~taken]),
    ]
    elapsed, prior = histories.elapsed[target.spells], histories.prior
    found = [
        _sums(say(da="uger på ydelsen ved start", en="weeks on the benefit at the start"), "",
              [(elapsed[who.row, who.column].astype(np.float64), weight) for who, weight in groups]),
        _sums(say(da="uger på offentlig forsørgelse, seneste 2 år", en="weeks on public support, last 2 years"), "",
              [(prior[who.row, who.column].astype(np.float64), weight) for who, weight in groups]),
    ]  # fmt: skip
    for one in covariates:
        if one.values is not None and len(one.labels) != 2:
            filled = np.where(np.isfinite(one.values), one.values, np.nanmean(one.values))
            found.append(_sums(one.name, "", [(filled[who.row], weight) for who, weight in groups]))
            continue
        # Of two values the second only mirrors the first.
        levels = range(1, 2) if len(one.labels) == 2 else range(len(one.labels))
        for level in levels:
            is_level = (one.fine == level).astype(np.float64)
            found.append(_sums(one.name, one.labels[level], [(is_level[who.row], weight) for who, weight in groups]))
    return tuple(found)


def _pool(histories: Histories, target: Target, takers: Takers) -> tuple[Starters, Floats]:
    weeks, starting = np.unique(takers.starters.column, return_counts=True)
    pool = pool_of(histories, target, takers, weeks)
    place = np.searchsorted(weeks, pool.column)
    there = np.bincount(place, minlength=len(weeks))
    return pool, (starting / np.maximum(there, 1))[place]


def _sums(name: str, level: str, groups: list[tuple[Floats, Floats]]) -> CovariateSums:
    sums = [
        GroupSums(
            float(weight.sum()),
            float((weight**2).sum()),
            float((weight * value).sum()),
            float((weight * value**2).sum()),
        )
        for value, weight in groups
    ]
    return CovariateSums(name, level, *sums)


@dataclass(frozen=True)
class PrePeriod:
    """Weeks on any support in the year before the two years that are matched on, per matched participant.

    `participants` whose year the register reaches back to; 0 where it reaches none.
    """

    participants: int
    weeks: Contrast


def pre_period_sums(histories: Histories, trials: Trials) -> PrePeriod:
    """What participants and comparison had between 156 and 105 weeks before the start: a placebo.

    Nothing of it is matched on, and no effect can reach it; a difference is a sign of differences that are not in the
    covariates.
    """
    back = MEMORY_WEEKS + PRE_PERIOD_WEEKS
    total = np.zeros((len(histories.person), histories.weeks + 1), np.int32)
    np.cumsum((histories.state & SUPPORT) != 0, axis=1, out=total[:, 1:])
    reached = trials.column >= back
    row, column = trials.row[reached], trials.column[reached]
    value = (total[row, column - MEMORY_WEEKS] - total[row, column - back]).astype(np.float64)
    taken, weight = trials.taken[reached], trials.weight[reached]
    _, cell = np.unique(trials.cell[reached], return_inverse=True)
    group = histories.group[row].astype(np.int64)
    cells = int(cell.max(initial=-1)) + 1
    there = by_cell(np.where(taken, 0.0, weight), cell, cells)
    asked = by_cell(np.where(taken & (there[cell] > 0), 1.0, 0.0), cell, cells)
    own = taken & (there[cell] > 0)
    stands_for = np.where(taken, 0.0, weight * np.divide(asked, there, out=np.zeros(cells), where=there > 0)[cell])
    mean = by_cell(stands_for * value, cell, cells) / np.maximum(asked, 1)
    n = float(own.sum())
    if not n:
        nothing, none = np.full((), np.nan), np.full(GROUPS, np.nan)
        return PrePeriod(0, Contrast(nothing, nothing, none, none))
    actual, without = float(value[own].sum()) / n, float(mean[cell[own]].sum()) / n
    actual_by, without_by = np.zeros(GROUPS), np.zeros(GROUPS)
    add_by_group(actual_by, group[own], (value[own] - actual) / n)
    add_by_group(without_by, group[own], (mean[cell[own]] - without) / n)
    other = np.flatnonzero(~taken)
    everybody = len(histories.person)
    persons = np.bincount(np.unique(cell[other] * everybody + row[other]) // everybody, minlength=cells)
    stretch = np.sqrt(persons / np.maximum(persons - 1, 1))[cell[other]]
    add_by_group(without_by, group[other], stands_for[other] * (value[other] - mean[cell[other]]) * stretch / n)
    return PrePeriod(int(n), Contrast(np.asarray(actual), np.asarray(without), actual_by, without_by))
