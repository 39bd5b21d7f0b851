"""How likely a comparator was to be lost, week by week: the censoring weights' cumulated hazard.

Only a person on the benefit can be referred, so those who stay on it are lost more often than those who leave. The
hazard is therefore summed only over the weeks in which a person could have been referred, and a trial begun in week s
weighs exp(L(s+k) - L(s)) at week s+k (inverse probability of censoring; Robins & Finkelstein 2000). Each week's hazard
is shared out among those at risk by the referral model's score, as Breslow (1974) does, so a week without referrals,
such as one in a suspension, has none, whatever the model says of its quarter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.covariates import Covariate
from gevinst.cohorts.histories import Histories
from gevinst.cohorts.trials import ReferralModel, Starters, Target, at_risk

HAZARD_AT_MOST = 0.5
"""No week's hazard is taken as larger; it bounds what one week can multiply a weight by to two."""


@dataclass(frozen=True)
class Loss:
    """A way to be lost: starting in a target, by its referral model; `until` `[person]` ends being at risk of it."""

    target: Target
    model: ReferralModel
    starters: Starters
    until: npt.NDArray[np.int64]


def cumulated_hazard(
    histories: Histories, losses: Iterable[Loss], covariates: Sequence[Covariate]
) -> npt.NDArray[np.float32]:
    """L `[person, week]`: the sum over weeks so far of -log(1 - h), h the chance of being lost in any way."""
    hazard = np.zeros(histories.state.shape, np.float64)
    for loss in losses:
        row, column = at_risk(histories, loss.target, loss.until)
        relative = np.exp(loss.model.score(histories, loss.target, covariates, row, column))
        at_risk_in = np.bincount(column, relative, histories.weeks)
        lost = loss.until[loss.starters.row] >= loss.starters.column
        started = np.bincount(loss.starters.column[lost], minlength=histories.weeks)
        per_unit = np.divide(started, at_risk_in, out=np.zeros(histories.weeks), where=at_risk_in > 0)
        hazard[row, column] += relative * per_unit[column]
    np.minimum(hazard, HAZARD_AT_MOST, out=hazard)
    np.log1p(-hazard, out=hazard)
    return (-np.cumsum(hazard, axis=1)).astype(np.float32)
