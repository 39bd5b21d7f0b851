"""Weights of matched comparators tilted a little, so that every covariate's distribution is that of the participants.

Strata leave small differences within themselves, all in the same direction where referral favours some. Raking
(iterative proportional fitting; Deming & Stephan 1940, Deville & Särndal 1992) takes them out of every fine band of
every covariate at once, while each cell keeps its weight: comparators within a cell are weighed against one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.covariates import Covariate
from gevinst.cohorts.histories import Histories
from gevinst.cohorts.trials import Matching, Target, Trials, referral_codes

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDS = 200
CLOSE = 1e-5
"""The rounds stop when every band's share is right to within this part of it."""
TILT_AT_MOST = 3.0
"""No comparator's weight is changed by a larger factor; what cannot be balanced within it, the balance table shows."""


def balanced(histories: Histories, target: Target, covariates: Sequence[Covariate], matching: Matching) -> Matching:
    """The matching with weights that balance elapsed weeks, weeks on support, and every covariate, in fine bands."""
    trials = matching.trials
    codes, _ = referral_codes(histories, target, covariates, trials.row, trials.column)
    return replace(matching, trials=calibrated(trials, codes[:, 1:]))  # the quarter is the cell's own


def calibrated(trials: Trials, codes: Ints) -> Trials:
    """The trials with tilted weights; `codes` `[trial, factor]` are the fine bands of each covariate at the start."""
    taken = trials.taken
    others = np.flatnonzero(~taken)
    if not len(others) or not taken.any():
        return trials
    cell = trials.cell[others]
    starting = np.bincount(trials.cell[taken], minlength=int(trials.cell[-1]) + 1).astype(np.float64)
    first = trials.weight[others]
    weight = first.copy()
    factors = [(codes[others, f], np.bincount(codes[taken, f]).astype(np.float64)) for f in range(codes.shape[1])]
    for _ in range(ROUNDS):
        apart = 0.0
        for code, wanted in factors:
            there = np.bincount(code, weight, max(len(wanted), int(code.max()) + 1))
            asked = np.zeros(len(there))
            asked[: len(wanted)] = wanted
            # A band without participants, or without comparators, has nothing to be balanced with.
            both = (asked > 0) & (there > 0)
            change = np.divide(asked, there, out=np.ones(len(there)), where=both)
            apart = max(apart, float(np.max(np.abs(change - 1) * asked) / taken.sum()))
            weight *= change[code]
        np.clip(weight, first / TILT_AT_MOST, first * TILT_AT_MOST, out=weight)
        weight *= (starting / np.maximum(np.bincount(cell, weight, len(starting)), 1e-300))[cell]
        if apart < CLOSE:
            break
    tilted = trials.weight.copy()
    tilted[others] = _within_bounds(weight / first, cell, len(starting)) * first
    return replace(trials, weight=tilted)


def _within_bounds(tilt: Floats, cell: Ints, cells: int) -> Floats:
    """The tilts `[comparator]` drawn towards 1 in cells that go beyond `TILT_AT_MOST`; a cell keeps its weight.

    Cutting alone changes the cell's weight, and putting that right takes some beyond the bound again.
    """
    high, low = np.full(cells, 1.0), np.full(cells, 1.0)
    np.maximum.at(high, cell, tilt)
    np.minimum.at(low, cell, tilt)
    most, least = TILT_AT_MOST - 1, 1 - 1 / TILT_AT_MOST
    part = np.minimum(most / np.maximum(high - 1, most), least / np.maximum(1 - low, least))
    drawn: Floats = 1 + (tilt - 1) * part[cell]
    return drawn
