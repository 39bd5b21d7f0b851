"""Participants and their comparators, week by week: the emulated target trials of the matched comparison.

For a participant who starts in week s, the comparators are those on the same benefit in week s who have not taken
part in anything yet, in the same cell. A cell is week s × elapsed duration × covariates; where it is too thin, strata
of the referral model's score take the place of the covariates, by the fixed order of `STEPS_OF_MATCHING`.
A comparator may be used at several start weeks. Nothing here leaves the person wall.

Sources: Hernán & Robins (2016), target trial emulation; Iacus, King & Porro (2012), coarsened exact matching;
Rosenbaum & Rubin (1984), subclassification on the propensity score. `docs/method/effects.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.covariates import BAND_EDGES, ELAPSED_EDGES, PRIOR_COARSE, PRIOR_EDGES, Covariate, banded
from gevinst.cohorts.definition import GapRule
from gevinst.cohorts.histories import LEFT, NEVER, Histories
from gevinst.weeks import quarter_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

STRATA = 20
"""Score strata are cut so that each holds as many participants."""


@dataclass(frozen=True)
class StepOfMatching:
    """A way to form cells: elapsed duration in fine or broad bands, exact covariates or so many score strata (0).

    A cell with fewer different persons than `least` among its comparators is too thin. `everybody` says that also the
    comparators of cells that were not too thin at an earlier step may be used.
    """

    key: str
    fine_elapsed: bool
    strata: int
    least: int
    everybody: bool = False


STEPS_OF_MATCHING = (
    StepOfMatching("exact", True, 0, 5),
    StepOfMatching("strata-fine", True, STRATA, 5),
    StepOfMatching("strata", False, STRATA, 5),
    StepOfMatching("half-strata", False, STRATA // 2, 5),
    StepOfMatching("quarter-strata", False, STRATA // 4, 3),
    StepOfMatching("two-strata", False, 2, 2),
    StepOfMatching("last-half-strata", False, STRATA // 2, 3, everybody=True),
    StepOfMatching("last-quarter-strata", False, STRATA // 4, 2, everybody=True),
    StepOfMatching("last-two-strata", False, 2, 2, everybody=True),
)
"""The back-off order: the first step at which a participant's cell is not too thin is used for her. The comparators of
cells that are not too thin at one step are not used at the next: a score only makes groups alike that come from the
same cells. The last steps use everybody, for the few participants who would else be left out; what that leaves of
differences is for the raking (`cohorts/calibration.py`) and the balance table. Nobody is compared by strata whose score
no participant reaches."""


@dataclass(frozen=True)
class Target:
    """Who could be referred: on `benefit`, in the open columns (`[week]`) of the referral period.

    `new_after` says which gap begins a new spell of the benefit, and so what elapsed weeks are.
    """

    investment: str
    benefit: str
    open: Flags
    new_after: GapRule

    @property
    def spells(self) -> tuple[str, GapRule]:
        """The key of the elapsed weeks that count for this target."""
        return self.benefit, self.new_after


@dataclass(frozen=True)
class Starters:
    """Those whose effect is asked for: rows of the histories and the column each starts in, sorted by row."""

    row: Ints
    column: Ints


@dataclass(frozen=True)
class Takers:
    """When each person stops being a possible comparator, and whom the trials are for.

    `until` `[person]`: the column in which the person starts in something, and is censored; the number of columns
    where never. `own_until` is the same for the starters after their start (only pseudo-participants have one).
    """

    starters: Starters
    until: Ints
    own_until: Ints | None = None


@dataclass(frozen=True)
class Trials:
    """Matched person-trials, sorted by cell; arrays `[trial]`.

    `row` and `column` say who and from when; `weight` is 1 for a participant, and participants ÷ comparators of the
    cell for a comparator. `step` is the step of matching that the cell belongs to.
    """

    cell: Ints
    row: Ints
    column: Ints
    taken: Flags
    weight: Floats
    step: Ints


@dataclass(frozen=True)
class Matching:
    """The trials, and who is outside common support: starters without comparators at any step.

    `candidates`: how many different persons could have been comparators.
    """

    trials: Trials
    unmatched: Starters
    matched_by_step: tuple[int, ...]
    cells: int
    candidates: int


def takers_of(histories: Histories, starters: Starters) -> Takers:
    """The participants as they are: a comparator is censored when she first starts in any investment."""
    return Takers(starters, first_columns(histories))


def first_columns(histories: Histories) -> Ints:
    """The column of each person's first participation in anything; the number of columns where never."""
    start = histories.first_start.astype(np.int64)
    return np.where(start == NEVER, histories.weeks, np.clip(start - histories.first_week, 0, histories.weeks))


def at_risk(histories: Histories, target: Target, until: Ints) -> tuple[Ints, Ints]:
    """Person-weeks in which a person could have been referred to the target: rows and columns, by column.

    On the benefit, still in the register, in an open week, and not yet started in anything (the week of the start
    itself is one in which she could).
    """
    columns = np.flatnonzero(target.open)
    on = (histories.state[:, columns] & (histories.bit(target.benefit) | LEFT)) == histories.bit(target.benefit)
    on &= until[:, None] >= columns[None, :]
    place, row = np.nonzero(on.T)
    return row.astype(np.int64), columns[place].astype(np.int64)


def referral_codes(
    histories: Histories, target: Target, covariates: Sequence[Covariate], row: Ints, column: Ints
) -> tuple[Ints, tuple[tuple[str, int, bool], ...]]:
    """The levels `[person-week, factor]` the referral model sees, and its factors: name, levels, ordered."""
    quarters = quarter_numbers(histories)
    elapsed = banded(histories.elapsed[target.spells][row, column], ELAPSED_EDGES)
    prior = banded(histories.prior[row, column], PRIOR_EDGES)
    codes = np.column_stack([quarters[column], elapsed, prior, *(one.fine[row] for one in covariates)])
    factors = (
        ("quarter", int(quarters.max()) + 1, True),
        ("elapsed", len(ELAPSED_EDGES) + 1, True),
        ("prior", len(PRIOR_EDGES) + 1, True),
        *((one.name, one.fine_levels, one.ordered) for one in covariates),
    )
    return codes, factors


def quarter_numbers(histories: Histories) -> Ints:
    """The calendar quarter of each column, counted from the first column's."""
    named = [quarter_of(histories.first_week + column) for column in range(histories.weeks)]
    first = named[0][0] * 4 + named[0][1]
    return np.array([year * 4 + quarter - first for year, quarter in named], np.int64)


@dataclass(frozen=True)
class ReferralModel:
    """What makes a person more likely to be referred in a week: effects `[level]` of each factor on the log-odds.

    The season is not in it: comparators are of the same quarter, and `cohorts/censoring.py` takes each week's level
    from the week itself.
    """

    elapsed: Floats
    prior: Floats
    covariates: tuple[Floats, ...]

    def score(
        self, histories: Histories, target: Target, covariates: Sequence[Covariate], row: Ints, column: Ints
    ) -> Floats:
        """The score of each person-week: what strata are cut by."""
        total = self.elapsed[banded(histories.elapsed[target.spells][row, column], ELAPSED_EDGES)]
        total = total + self.prior[banded(histories.prior[row, column], PRIOR_EDGES)]
        fixed = np.zeros(len(histories.person))
        for effects, one in zip(self.covariates, covariates, strict=True):
            fixed += effects[one.fine]
        return np.asarray(total + fixed[row], np.float64)


def match(
    histories: Histories, target: Target, takers: Takers, covariates: Sequence[Covariate], model: ReferralModel
) -> Matching:
    """Find each starter's comparators, quarter by quarter, by the steps of matching in their order."""
    starters = takers.starters
    own_score = model.score(histories, target, covariates, starters.row, starters.column)
    edges = {s.strata: _strata_edges(own_score, s.strata) for s in STEPS_OF_MATCHING if s.strata}
    quarters = quarter_numbers(histories)
    parts: list[Trials] = []
    left: list[Ints] = []
    by_step = np.zeros(len(STEPS_OF_MATCHING), np.int64)
    cells, candidate = 0, np.zeros(len(histories.person), bool)
    for quarter in np.unique(quarters[starters.column]):
        mine = np.flatnonzero(quarters[starters.column] == quarter)
        pool = pool_of(histories, target, takers, np.unique(starters.column[mine]))
        candidate[pool.row] = True
        keys, all_of_them = _Keys(histories, target, covariates, model, edges), pool
        for number, step in enumerate(STEPS_OF_MATCHING):
            pool = all_of_them if step.everybody else pool
            if not len(mine) or not len(pool.row):
                continue
            wanted = Starters(starters.row[mine], starters.column[mine])
            found, matched, free = _match_step(keys.of(wanted, step), keys.of(pool, step), wanted, pool, step.least)
            if matched.any():
                parts.append(_numbered(found, cells, number))
                cells += int(found.cell.max()) + 1
                by_step[number] += int(matched.sum())
            mine, pool = mine[~matched], Starters(pool.row[free], pool.column[free])
        left.append(mine)
    trials = Trials(*(np.concatenate(c) for c in zip(*(_columns(p) for p in parts), strict=True))) if parts else _none()
    rest = np.concatenate(left) if left else np.zeros(0, np.int64)
    unmatched = Starters(starters.row[rest], starters.column[rest])
    return Matching(trials, unmatched, tuple(by_step.tolist()), cells, int(candidate.sum()))


def _strata_edges(score: Floats, strata: int) -> Floats:
    """Where the strata begin, from the least participant's score to just above the greatest.

    Those beyond either are like no participant (Dehejia & Wahba 1999): in an open stratum they would fill the lowest,
    as persons weeks into their spell do where referral is at its first week.
    """
    if not len(score):
        return np.zeros(0)
    inner = np.quantile(score, np.arange(1, strata) / strata, method="higher")
    edges: Floats = np.unique(np.concatenate([[score.min()], inner, [np.nextafter(score.max(), np.inf)]]))
    return edges


def pool_of(histories: Histories, target: Target, takers: Takers, columns: Ints) -> Starters:
    """Everybody who could have been referred in these columns and was not, by column and row."""
    on = (histories.state[:, columns] & (histories.bit(target.benefit) | LEFT)) == histories.bit(target.benefit)
    on &= takers.until[:, None] > columns[None, :]
    place, row = np.nonzero(on.T)
    return Starters(row.astype(np.int64), columns[place])


@dataclass(frozen=True)
class _Keys:
    """The cell a person-week belongs to, as one whole number, at a step of matching."""

    histories: Histories
    target: Target
    covariates: Sequence[Covariate]
    model: ReferralModel
    edges: dict[int, Floats]

    def of(self, who: Starters, step: StepOfMatching) -> Ints:
        weeks = self.histories.elapsed[self.target.spells][who.row, who.column]
        key = banded(weeks, ELAPSED_EDGES if step.fine_elapsed else BAND_EDGES)
        if step.strata:
            score = self.model.score(self.histories, self.target, self.covariates, who.row, who.column)
            edges = self.edges[step.strata]
            return np.asarray(key * (len(edges) + 1) + np.searchsorted(edges, score, side="right"), np.int64)
        key = key * (len(PRIOR_COARSE) + 1) + banded(self.histories.prior[who.row, who.column], PRIOR_COARSE)
        for one in self.covariates:
            # Odd factors: with many covariates the number runs over, and even ones would push the first out of it.
            key = key * (one.coarse_levels | 1) + one.coarse[who.row]
        return np.asarray(key, np.int64)


def _match_step(
    own: Ints, others: Ints, wanted: Starters, pool: Starters, least: int
) -> tuple[Trials, Flags, Flags]:
    """One step within one quarter: the trials of the cells that are not too thin, who was matched, whom they leave.

    A participant is compared with those of the very week she starts in: the weight of a comparator must not rest on
    who starts later, because that may be herself.
    """
    base, width = int(pool.column.min()), int(np.ptp(pool.column)) + 1
    among = others * width + pool.column - base
    kinds, cell_of_other, there = np.unique(among, return_inverse=True, return_counts=True)
    # Whether a cell is thin is for its comparators alone to say, and thick cells are done with even where nobody
    # starts: so those who are left, of both kinds, come from the same cells.
    thick = there >= least
    key = own * width + wanted.column - base
    place = np.clip(np.searchsorted(kinds, key), 0, len(kinds) - 1)
    inside = (kinds[place] == key) & (wanted.column >= base) & (wanted.column < base + width)
    matched = inside & thick[place]
    cell_of_own = place[matched]
    free = ~thick[cell_of_other]
    starting = np.bincount(cell_of_own, minlength=len(kinds))
    member = np.flatnonzero(starting[cell_of_other] > 0)
    cell = cell_of_other[member]
    _, cells = np.unique(np.concatenate([cell_of_own, cell]), return_inverse=True)
    n = int(matched.sum())
    trials = Trials(
        cells.astype(np.int64),
        np.concatenate([wanted.row[matched], pool.row[member]]),
        np.concatenate([wanted.column[matched], pool.column[member]]),
        np.concatenate([np.ones(n, bool), np.zeros(len(member), bool)]),
        np.concatenate([np.ones(n), (starting / there)[cell]]),
        np.zeros(len(cells), np.int64),
    )
    return _take(trials, np.lexsort((trials.column, trials.row, ~trials.taken, trials.cell))), matched, free


def _numbered(trials: Trials, first: int, step: int) -> Trials:
    return Trials(
        trials.cell + first, trials.row, trials.column, trials.taken, trials.weight, np.full(len(trials.cell), step)
    )


def _columns(trials: Trials) -> Iterator[npt.NDArray[np.generic]]:
    yield from vars(trials).values()


def _take(trials: Trials, which: Ints) -> Trials:
    return Trials(
        trials.cell[which], trials.row[which], trials.column[which], trials.taken[which], trials.weight[which],
        trials.step[which],
    )  # fmt: skip


def _none() -> Trials:
    ints = np.zeros(0, np.int64)
    return Trials(ints, ints, ints, np.zeros(0, bool), np.zeros(0), ints)
