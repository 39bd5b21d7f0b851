"""From a cohort to its curve, with interval, maturity rule and numbers at risk; and the weeks it amounts to."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.build import Cohort
from gevinst.curves.counts import exit_counts, exit_variance, state_counts, state_variance
from gevinst.curves.curve import Curve, CurvePoint, Definition, Maturity, Outcome
from gevinst.curves.estimators import (
    Z95,
    greenwood,
    kaplan_meier,
    logit_interval,
    loglog_interval,
    restricted_mean,
    restricted_mean_variance,
    state_occupation,
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error and 95 % interval."""

    estimate: float
    se: float
    low: float
    high: float


def normal_estimate(estimate: float, variance: float) -> Estimate:
    """An estimate whose sampling distribution is near normal.

    >>> normal_estimate(1.0, 0.0)
    Estimate(estimate=1.0, se=0.0, low=1.0, high=1.0)
    """
    se = sqrt(variance)
    return Estimate(estimate, se, estimate - Z95 * se, estimate + Z95 * se)


@dataclass(frozen=True)
class Occupation:
    """A curve with its restricted mean: mean weeks on the benefit over 0..K weeks, and its variance.

    `mean_weeks[K]` is the sum of the share over weeks 0..K-1 and `mean_variance[K]` its sampling variance; nan
    beyond what is observed.
    """

    curve: Curve
    mean_weeks: Floats
    mean_variance: Floats

    def restricted_mean(self, weeks: int) -> Estimate:
        """Mean weeks on the benefit in the first `weeks`; nan where the curve is not known that far."""
        return normal_estimate(float(self.mean_weeks[weeks]), float(self.mean_variance[weeks]))


def estimate_curve(
    cohort: Cohort,
    weeks: int,
    *,
    label: str,
    benefit: str,
    definition: Definition = "with_relapse",
    outcome: Outcome = "same",
    maturity: Maturity = "whole",
    source: str = "",
) -> Occupation:
    """The cohort's curve for weeks 0 to `weeks`; the cohort carries one label.

    `whole` shows week k only when every member has been followed k weeks (the published rule); `available` uses
    everyone as far as followed. A blank is `None`, never zero.
    """
    counts = state_counts(cohort, weeks)
    if not len(counts.groups):
        empty = Curve(label, definition, outcome, benefit, maturity, (), 0, 0, source)
        nothing = np.full(weeks + 2, np.nan)
        return Occupation(empty, nothing, nothing)
    persons, trials = int(counts.persons[0]), int(counts.trials[0])
    observed, receiving = counts.observed[0], counts.receiving[0]
    if definition == "with_relapse":
        share = state_occupation(counts.observed, counts.starts, counts.ends, counts.cut)[0]
        variance, running = (v[0] for v in state_variance(cohort, counts, weeks))
        low, high = logit_interval(share, variance, persons)
        at_risk = observed
    else:
        exits = exit_counts(cohort, weeks)
        share = kaplan_meier(exits.at_risk, exits.events)[0]
        repeated = persons < trials
        log_variance = exit_variance(cohort, exits, weeks)[0] if repeated else greenwood(exits.at_risk, exits.events)[0]
        low, high = loglog_interval(share, log_variance, persons)
        at_risk = exits.at_risk[0]
        running = np.array(
            [restricted_mean_variance(share, exits.at_risk[0], exits.events[0], k + 1) for k in range(weeks + 1)]
        )
    low[0] = high[0] = share[0]  # week 0 is on the benefit by definition
    shown = (observed == trials) if maturity == "whole" else (observed > 0)
    shown &= np.isfinite(share)
    points = tuple(
        CurvePoint(
            k,
            float(share[k]) if shown[k] else None,
            float(low[k]) if shown[k] else None,
            float(high[k]) if shown[k] else None,
            int(observed[k]),
            int(receiving[k]),
            int(at_risk[k]),
        )
        for k in range(weeks + 1)
    )
    curve = Curve(label, definition, outcome, benefit, maturity, points, trials, persons, source)
    seen = np.where(shown, share, np.nan)
    means = np.array([restricted_mean(seen, k) for k in range(weeks + 2)])
    return Occupation(curve, means, np.concatenate([[0.0], np.where(shown, running, np.nan)]))


def weeks_saved(without: Occupation, with_investment: Occupation, weeks: int) -> Estimate:
    """Saved weeks over `weeks`: the difference of restricted means, positive when good.

    The variances add because the two cohorts are taken as independent; where a person may be in both, use the
    replicate groups of `effects/` instead.
    """
    difference = without.mean_weeks[weeks] - with_investment.mean_weeks[weeks]
    return normal_estimate(
        float(difference), float(without.mean_variance[weeks] + with_investment.mean_variance[weeks])
    )
