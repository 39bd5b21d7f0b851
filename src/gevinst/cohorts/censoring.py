"""How likely a comparator was to be lost, week by week: the censoring weights' cumulated hazard.

Only a person on the benefit can be referred, so those who stay on it are lost more often than those who leave. The
hazard is therefore summed only over the weeks in which a person could have been referred, and a trial begun in week s
weighs exp(L(s+k) - L(s)) at week s+k (inverse probability of censoring; Robins & Finkelstein 2000). Each week's hazard
is shared out among those at risk by the referral model's score, as Breslow (1974) does, so a week without referrals,
such as one in a suspension, has none, whatever the model says of its quarter. Some are lost in ways that no model
speaks of: to an investment that is not studied, or while they are on another benefit or on none. Their hazard is shared
out among all who are where they were, for what must not be is that those on the benefit and those off it are lost
unequally and unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.covariates import Covariate
from gevinst.cohorts.histories import LEFT, Histories
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


def loss_to(histories: Histories, target: Target, model: ReferralModel, until: npt.NDArray[np.int64]) -> Loss:
    """Being lost to a target: to all who first start in it while on its benefit, also outside the referral period."""
    rows = np.flatnonzero((_investment_of(histories) == target.investment) & (until < histories.weeks))
    on = histories.state[rows, until[rows]] & (histories.bit(target.benefit) | LEFT)
    rows = rows[on == histories.bit(target.benefit)]
    open_then = np.zeros(histories.weeks, bool)
    open_then[until[rows]] = True
    return Loss(replace(target, open=open_then), model, Starters(rows, until[rows]), until)


def _investment_of(histories: Histories) -> npt.NDArray[np.str_]:
    """The investment each person first took part in, "" where none."""
    names = np.array([*histories.investments, ""])
    found: npt.NDArray[np.str_] = names[histories.first_investment]
    return found


def cumulated_hazard(
    histories: Histories,
    losses: Iterable[Loss],
    covariates: Sequence[Covariate],
    lost: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.float32]:
    """L `[person, week]`: the sum over weeks so far of -log(1 - h), h the chance of being lost in any way.

    `lost` `[person]` is the column in which each is lost (the number of columns: never); those whom none of `losses`
    speaks of are then lost in other ways. None: nobody is.
    """
    hazard = np.zeros(histories.state.shape, np.float64)
    otherwise = np.zeros(len(histories.person), bool) if lost is None else (lost > 0) & (lost < histories.weeks)
    for loss in losses:
        row, column = at_risk(histories, loss.target, loss.until)
        otherwise[loss.starters.row] = False
        relative = np.exp(loss.model.score(histories, loss.target, covariates, row, column))
        at_risk_in = np.bincount(column, relative, histories.weeks)
        counted = loss.until[loss.starters.row] >= loss.starters.column
        started = np.bincount(loss.starters.column[counted], minlength=histories.weeks)
        per_unit = np.divide(started, at_risk_in, out=np.zeros(histories.weeks), where=at_risk_in > 0)
        hazard[row, column] += relative * per_unit[column]
    if lost is not None:
        _add_otherwise(histories, hazard, np.flatnonzero(otherwise), lost)
    np.minimum(hazard, HAZARD_AT_MOST, out=hazard)
    np.log1p(-hazard, out=hazard)
    return (-np.cumsum(hazard, axis=1)).astype(np.float32)


def _add_otherwise(
    histories: Histories, hazard: npt.NDArray[np.float64], rows: npt.NDArray[np.int64], lost: npt.NDArray[np.int64]
) -> None:
    """Add each week's chance of being lost as `rows` were: the lost over all not yet lost, by state."""
    for column in np.unique(lost[rows]).tolist():
        state = histories.state[:, column].astype(np.int64)
        there = lost >= column
        gone = np.bincount(state[rows[lost[rows] == column]], minlength=int(state.max()) + 1)
        left = np.bincount(state[there], minlength=len(gone))
        who = np.flatnonzero(there & (gone[state] > 0))
        hazard[who, column] += gone[state[who]] / left[state[who]]
