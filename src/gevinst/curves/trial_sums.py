"""The person wall of the matched comparison: trials in, weighted sums by week and replicate group out.

A comparator j of cell c stands, k weeks after the start, for r = (participants ÷ comparators of the cell that the
horizon lets us follow to k) of the cell's participants, and where she is not lost for u = r × her censoring weight.
The counterfactual is sum of u·v / sum of u over all cells; within a cell of five the same ratio would be biased,
because those on the benefit are the ones who are lost. Beside each figure goes its influence by replicate group: how
much the figure changes per unit of the group's weight, through the participants, the cells' weights and the
comparators. Replicates follow from that alone (`effects/matched.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.histories import EDUCATION, FULL_TIME, LEFT, NOTHING, PENSION, SUPPORT, Histories
from gevinst.cohorts.trials import Takers, Target, Trials
from gevinst.curves.trial_ages import AgeSums, AgeTally, followed_by_band
from gevinst.curves.trial_parts import GROUPS, Cells, Contrast, Pair, Part, add_by_group, add_slots, share
from gevinst.weeks import year_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

WEIGHT_AT_MOST = 20.0
"""Larger censoring weights are cut down to this; how many is told."""
FEWEST = 5
"""Weeks after the start to which fewer trials than this are followed have no comparison."""
CHUNK = 1_000_000  # trial-weeks handled at a time, to bound the memory
DESTINATION_WEEKS = (13, 26, 52, 104)
DESTINATIONS = ("same_benefit", "other_benefit", "education", "pension", "left_register", "self_support")


@dataclass(frozen=True)
class TrialSums:
    """What crosses the wall. Arrays over weeks are `[week 0..K]`.

    `observed`: participants followed to week k with comparators in their cell. `same`, `support`: shares on the same
    benefit and on any support. `destinations`: shares `[destination, week of DESTINATION_WEEKS]`. `paid`: full-time
    weeks of all matched participants `[year, kind]`. `uncovered`: participant-weeks to which too few
    comparators are followed; they are in no figure. `weights`: how the comparators' weights are spread. `ages`: paid
    weeks by weeks since the start, where they were asked for.
    """

    observed: Floats
    same: Contrast
    support: Contrast
    destinations: Contrast
    years: tuple[int, ...]
    paid: Contrast
    uncovered: float
    weights: Weights
    ages: AgeSums | None = None


@dataclass(frozen=True)
class Weights:
    """Comparator trials and distinct persons, their effective number (Kish), and what censoring did to them.

    `censored`: the share of the comparison (by weight) that takes part within the follow-up; `largest`: the largest
    censoring weight before any was cut; `truncated`: the share of trial-weeks whose weight was cut.
    """

    trials: int
    persons: int
    effective: float
    censored: float
    largest: float
    truncated: float


@dataclass(frozen=True)
class Lost:
    """The cumulated hazards `[person, week]` of being lost, for comparators and (pseudo-)participants."""

    comparators: npt.NDArray[np.float32] | None = None
    participants: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Credit:
    """What part of each participant's paid weeks, with and without, an investment is credited with.

    `before` until the column `since` `[person]` in which she starts in a second investment, `after` `[person]` from it.
    """

    since: Ints
    before: float
    after: Floats

    def of(self, row: Ints, column: Ints) -> Floats:
        """The part in each `column` `[trial, week]`."""
        return np.where(column < self.since[row][:, None], self.before, self.after[row][:, None])


def trial_sums(
    histories: Histories,
    target: Target,
    takers: Takers,
    trials: Trials,
    lost: Lost,
    weeks: int,
    credit: Credit | None = None,
    *,
    ages: bool = False,
) -> TrialSums:
    """Sum the matched trials, weeks 0 to `weeks`, in pieces of whole cells.

    `credit` (None: all of it) says how much of the paid weeks of participants, and of those in their stead, to count;
    the shares are of all participants as they are. With `ages` paid weeks are summed by weeks since the start too.
    """
    tally = _Tally(histories, target, takers, lost, trials, weeks)
    tally.credit = credit
    tally.ages = AgeTally(weeks, len(histories.kinds)) if ages and histories.paid else None
    for chunk in _chunks(trials, weeks + 1):
        tally.add(chunk)
    return tally.result()


def _chunks(trials: Trials, width: int) -> Iterator[slice]:
    """Slices of whole cells, each of at most about CHUNK trial-weeks."""
    if not len(trials.cell):
        return
    ends = np.append(np.flatnonzero(np.diff(trials.cell)) + 1, len(trials.cell))
    begin = 0
    while begin < len(trials.cell):
        within = ends[(ends > begin) & ((ends - begin) * width <= CHUNK)]
        end = int(within[-1]) if len(within) else int(ends[ends > begin][0])
        yield slice(begin, end)
        begin = end


class _Tally:
    """Sums in the making; see `trial_sums`."""

    def __init__(
        self, histories: Histories, target: Target, takers: Takers, lost: Lost, trials: Trials, weeks: int
    ) -> None:
        self.histories, self.takers, self.lost, self.trials = histories, takers, lost, trials
        self.bit = histories.bit(target.benefit)
        self.k = np.arange(weeks + 1)
        first = int(trials.column.min()) if len(trials.column) else histories.weeks - 1
        self.first_year = year_of(histories.first_week + first)
        self.year = np.array([year_of(histories.first_week + c) for c in range(histories.weeks)]) - self.first_year
        self.years = int(self.year[-1]) + 1
        self.one, self.same, self.support = (Pair((weeks + 1,)) for _ in range(3))
        self.destinations = Pair((len(DESTINATIONS), len(DESTINATION_WEEKS)))
        self.paid = Pair((self.years * len(histories.kinds),))
        self.paid_without = np.zeros((weeks + 1, self.years * len(histories.kinds)))
        self.count = np.zeros((GROUPS, weeks + 1))
        self.persons = np.zeros(GROUPS)
        self.uncovered = self.cut = self.weighed = self.largest = 0.0
        self.reach = self._reach()
        self.credit: Credit | None = None
        self.ages: AgeTally | None = None

    def add(self, chunk: slice) -> None:
        """Add the trials of a slice of whole cells."""
        trials = self.trials
        taken = trials.taken[chunk]
        place, followed, factor = self._followed(chunk)
        _, cell = np.unique(trials.cell[chunk], return_inverse=True)
        cells = int(cell[-1]) + 1
        own, other = np.flatnonzero(taken), np.flatnonzero(~taken)
        sums = Cells(cell[own], cell[other], cells)
        self.uncovered += float(followed[own][:, self.k >= self.reach].sum())
        followed &= self.k < self.reach
        there = sums.of_others(trials.weight[chunk][other, None] * followed[other])
        asked = followed[own].astype(np.float64)
        starting = sums.of_own(asked)
        ratio = np.divide(starting, there, out=np.zeros_like(there), where=there > 0)
        stands_for = trials.weight[chunk][other, None] * followed[other] * ratio[cell[other]]
        group = self.histories.group[trials.row[chunk]].astype(np.int64)
        everybody = len(self.histories.person)
        different = np.unique(cell[other] * everybody + trials.row[chunk][other])
        persons = np.bincount(different // everybody, minlength=cells)
        # A mean of n persons lies nearer to them than the truth does; their residuals are stretched accordingly (HC2).
        stretch = np.sqrt(persons / np.maximum(persons - 1, 1))[cell[other], None]
        weights = (asked, asked * factor[own], stands_for, stands_for * factor[other], starting)
        part = Part(sums, own, other, group, *weights, stretch)
        add_by_group(self.count, group[own], asked)
        self.persons += np.bincount(group[own], minlength=GROUPS)
        part.add(self.one, np.ones(place.shape, bool))
        self._outcomes(part, place)
        if self.histories.paid:
            at = trials.column[chunk][:, None] + self.k
            credit = None if self.credit is None else self.credit.of(trials.row[chunk][own], at[own])
            part = part if credit is None else part.credited(credit)
            self._paid(part, place, at)
            if self.ages is not None:
                self.ages.add(part, place, self.histories)

    def _reach(self) -> int:
        """How many weeks of comparison there are: to which enough comparators, and pseudo-participants, are followed.

        Where everybody joins sooner or later, nobody is left who could show what would have been.
        """
        trials, weeks = self.trials, self.histories.weeks
        arms = [(~trials.taken, self.takers.until)]
        if self.takers.own_until is not None:
            arms.append((trials.taken, self.takers.own_until))
        reach = len(self.k)
        for arm, until in arms:
            stay = np.sort(np.minimum(until[trials.row[arm]], weeks) - trials.column[arm])
            reach = min(reach, int(stay[-min(FEWEST, len(stay))]) if len(stay) else 0)
        return reach

    def _followed(self, chunk: slice) -> tuple[Ints, Flags, Floats]:
        """Where each trial-week lies in the histories, whether the horizon allows it, and its censoring weight.

        The weight is 0 once the person is lost.
        """
        trials, histories = self.trials, self.histories
        row, column, taken = trials.row[chunk], trials.column[chunk], trials.taken[chunk]
        at = column[:, None] + self.k
        followed = at < histories.weeks
        own = histories.weeks if self.takers.own_until is None else self.takers.own_until[row]
        factor = (followed & (at < np.where(taken, own, self.takers.until[row])[:, None])).astype(np.float64)
        np.minimum(at, histories.weeks - 1, out=at)
        at += row[:, None] * histories.weeks
        for hazards, who in ((self.lost.participants, taken), (self.lost.comparators, ~taken)):
            if hazards is None or not who.any():
                continue
            flat = hazards.ravel()
            start = row[who] * histories.weeks + column[who]
            weight = np.exp((flat.take(at[who]) - flat.take(start)[:, None]).astype(np.float64)) * factor[who]
            self.largest = max(self.largest, float(weight.max()))
            self.cut += float(np.count_nonzero(weight > WEIGHT_AT_MOST))
            self.weighed += float(np.count_nonzero(weight))
            factor[who] = np.minimum(weight, WEIGHT_AT_MOST)
        return at, followed, factor

    def _outcomes(self, part: Part, place: Ints) -> None:
        state = self.histories.state.ravel().take(place)
        left = (state & LEFT) != 0
        same = ((state & self.bit) != 0) & ~left
        support = ((state & SUPPORT) != 0) & ~left
        part.add(self.same, same)
        part.add(self.support, support)
        weeks = [week for week in DESTINATION_WEEKS if week < len(self.k)]
        if not weeks:
            return
        on, gone, other = same[:, weeks], left[:, weeks], support[:, weeks] & ~same[:, weeks]
        pension = ((state[:, weeks] & PENSION) != 0) & ~on & ~gone
        education = ((state[:, weeks] & EDUCATION) != 0) & ~on & ~gone & ~pension & ~other
        kinds = [on, other & ~pension, education, pension, gone]
        kinds.append(~np.logical_or.reduce(kinds))
        at_weeks = part.at(weeks)
        for number, kind in enumerate(kinds):
            at_weeks.add(self.destinations, kind, (number, slice(0, len(weeks))))

    def _paid(self, part: Part, place: Ints, column: Ints) -> None:
        """Paid weeks by calendar year and kind: of participants, and of comparators in their stead."""
        kinds, width = len(self.histories.kinds), len(self.k)
        slots = self.years * kinds
        year = self.year[np.minimum(column, self.histories.weeks - 1)]
        own, other = np.zeros((len(part.own), slots)), np.zeros((len(part.other), slots))
        mean = np.zeros(part.cells.count * width * slots)
        for layer in self.histories.paid:
            kind = layer.kind.ravel().take(place)
            degree = layer.degree.ravel().take(place) / FULL_TIME
            slot = (year * kinds + kind).astype(np.int64)
            add_slots(own, slot[part.own], kind[part.own] != NOTHING, degree[part.own] * part.own_weight)
            there = kind[part.other] != NOTHING
            weeks = degree[part.other] * part.weight
            mine, week = np.nonzero(there)
            at = (part.cells.other[mine] * width + week) * slots + slot[part.other][mine, week]
            mean += np.bincount(at, weeks[mine, week], len(mean))
            add_slots(other, slot[part.other], there, weeks)
        by_cell = mean.reshape(part.cells.count, width, slots)
        self.paid_without += by_cell.sum(axis=0)
        starting = part.starting[:, :, None]
        np.divide(by_cell, starting, out=by_cell, where=starting > 0)
        expected = part.cells.contract(part.asked, part.cells.own, by_cell)
        other -= part.cells.contract(part.stands_for, part.cells.other, by_cell)
        add_by_group(self.paid.own, part.group[part.own], own)
        add_by_group(self.paid.expected, part.group[part.own], expected)
        add_by_group(self.paid.residual, part.group[part.other], other * part.stretch)

    def result(self) -> TrialSums:
        """All sums as figures."""
        weeks = [min(week, len(self.k) - 1) for week in DESTINATION_WEEKS]
        reached = np.array([week < len(self.k) for week in DESTINATION_WEEKS])
        return TrialSums(
            self.count.sum(axis=0),
            share(self.same, self.one),
            share(self.support, self.one),
            share(self.destinations, self.one.at(weeks, reached)),
            tuple(range(self.first_year, self.first_year + self.years)),
            self._paid_figure(self.paid, self.paid_without, self.years),
            self.uncovered,
            self._spread(),
            self._age_sums(),
        )

    def _age_sums(self) -> AgeSums | None:
        if self.ages is None:
            return None
        paid = self._paid_figure(self.ages.paid, self.ages.without, self.ages.bands)
        each = (self.persons / max(self.persons.sum(), 1))[:, None]
        return AgeSums(paid, *followed_by_band(self.count, each))

    def _paid_figure(self, paid: Pair, paid_without: Floats, rows: int) -> Contrast:
        """Paid weeks of all matched participants, each week's comparators scaled to the participants they stand for.

        `rows` are the years, or the bands; `paid_without` `[week, row × kind]`.
        """
        one, shape = self.one, (rows, len(self.histories.kinds))
        asked, stood = self.count.sum(axis=0), one.expected.sum(axis=0)
        scale = np.divide(asked, stood, out=np.zeros_like(asked), where=stood > 0)
        without = scale @ paid_without
        per_week = np.divide(paid_without, stood[:, None], out=np.zeros_like(paid_without),
                             where=stood[:, None] > 0)  # fmt: skip
        drift = (self.count - one.expected - one.residual) @ per_week
        each = (self.persons / max(self.persons.sum(), 1))[:, None]
        own, by_group = paid.own.sum(axis=0), (GROUPS, *shape)
        return Contrast(
            own.reshape(shape),
            without.reshape(shape),
            (paid.own - own * each).reshape(by_group),
            (paid.expected + paid.residual + drift - without * each).reshape(by_group),
        )

    def _spread(self) -> Weights:
        trials = self.trials
        others = ~trials.taken
        by_person = np.bincount(trials.row[others], trials.weight[others], len(self.histories.person))
        total, square = by_person.sum(), (by_person**2).sum()
        until = self.takers.until[trials.row[others]]
        end = np.minimum(trials.column[others] + len(self.k) - 1, self.histories.weeks - 1)
        censored = float(trials.weight[others][until <= end].sum())
        return Weights(
            int(others.sum()),
            int(np.count_nonzero(by_person)),
            float(total**2 / square) if square else 0.0,
            censored / float(total) if total else 0.0,
            self.largest,
            self.cut / self.weighed if self.weighed else 0.0,
        )
