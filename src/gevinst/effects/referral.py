"""The referral model: how likely a person on the benefit was to be referred in a week, fitted on counts.

It serves twice: its score cuts the strata where cells are too thin, and says who was more likely to be lost to a later
start, which gives the weights of those who were not. Effects of quarter, elapsed duration, weeks on support in the two
years before, and the covariates in fine bands; ordered bands borrow from their neighbours (`effects/propensity.py`).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.trials import ReferralModel
from gevinst.curves.referrals import ReferralCounts
from gevinst.effects.propensity import Factor, fit_logit_counts

Floats = npt.NDArray[np.float64]


def fit_referral(counts: ReferralCounts) -> ReferralModel | None:
    """The model of the counts; None where nobody was referred, everybody was, or the search for it ran out."""
    if not counts.events.sum() > 0 or not (counts.trials - counts.events).sum() > 0:
        return None
    factors = [Factor(name, levels, ordered) for name, levels, ordered in counts.factors]
    fit = fit_logit_counts(counts.codes, factors, counts.events, counts.trials)
    if not fit.converged:
        return None
    borders = np.cumsum([1, *(factor.levels for factor in factors)])
    effects: list[Floats] = [
        fit.coefficients[begin:end] for begin, end in pairwise(borders)
    ]  # fmt: skip
    return ReferralModel(effects[1], effects[2], tuple(effects[3:]))
