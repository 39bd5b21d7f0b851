"""The referral model's data, as counts: the person wall between who was referred and the model of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.covariates import Covariate
from gevinst.cohorts.histories import Histories
from gevinst.cohorts.trials import Starters, Target, at_risk, referral_codes

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PERSON_WEEKS = 200_000
"""About so many person-weeks without a referral are enough: beyond, every m-th is counted m times."""


@dataclass(frozen=True)
class ReferralCounts:
    """Cells of the referral model: `codes` `[cell, factor]`, `factors` (name, levels, ordered), counts `[cell]`.

    `events` were referred, of `trials` person-weeks in which they could have been.
    """

    codes: Ints
    factors: tuple[tuple[str, int, bool], ...]
    events: Floats
    trials: Floats


def referral_counts(
    histories: Histories, target: Target, starters: Starters, until: Ints, covariates: Sequence[Covariate]
) -> ReferralCounts:
    """Count the person-weeks at risk of referral and the referrals, by all factors of the model.

    Where there are many person-weeks, those without a referral are thinned evenly over persons and weeks and each
    counted for those it stands for; referrals are rare, so hardly anything is lost.
    """
    row, column = at_risk(histories, target, until)
    started = np.full(len(histories.person), -1, np.int64)
    started[starters.row] = starters.column
    event = started[row] == column
    every = max(1, -(-len(row) // PERSON_WEEKS))
    kept = np.flatnonzero(event | ((histories.person[row] + column) % every == 0))
    row, column, event = row[kept], column[kept], event[kept]
    codes, factors = referral_codes(histories, target, covariates, row, column)
    key = np.zeros(len(row), np.int64)
    for (_, levels, _), code in zip(factors, codes.T, strict=True):
        key = key * (levels | 1) + code  # odd, so that no code is lost where the number runs over
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    events = np.bincount(cell[event], minlength=len(first)).astype(np.float64)
    others = np.bincount(cell[~event], minlength=len(first)).astype(np.float64)
    return ReferralCounts(codes[first], factors, events, events + every * others)
