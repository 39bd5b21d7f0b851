"""From a cohort to its curve, with interval, maturity rule and numbers at risk; and the weeks it amounts to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from gevinst.cohorts.build import Cohort
from gevinst.curves.counts import exit_counts, exit_variance, state_counts, state_variance
from gevinst.curves.curve import Curve, CurvePoint, Definition, Maturity, Outcome
from gevinst.curves.estimators import (
    Z95,
    greenwood,
    kaplan_meier,
    logit_interval,
    loglog_interval,
    restricted_mean_variance,
    state_occupation,
)
from gevinst.curves.tallies import Counts, Floats, StateCounts


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
    empty = Curve(label, definition, outcome, benefit, maturity, (), 0, 0, source)
    found = estimate_curves(cohort, weeks, {}, empty)
    if not found:
        nothing = np.full(weeks + 2, np.nan)
        return Occupation(empty, nothing, nothing)
    return next(iter(found.values()))


def estimate_curves(
    cohort: Cohort,
    weeks: int,
    named: Mapping[str, Curve],
    otherwise: Curve | None = None,
    *,
    cut_at_risk: bool = True,
) -> dict[str, Occupation]:
    """The curves of all labels of a cohort at once, by label.

    `named` says for each label what the curve is called and how it is read (its points and counts are filled in
    here); `otherwise` does so for labels it does not name. All must be of one definition. For `cut_at_risk` see
    `estimators.state_occupation`.
    """
    counts = state_counts(cohort, weeks)
    wanted = {label: named.get(label, otherwise) for label, _ in counts.groups}
    first = next((curve for curve in wanted.values() if curve is not None), None)
    if first is None:
        return {}
    if first.definition == "with_relapse":
        estimates = _with_relapse(cohort, counts, weeks, cut_at_risk)
    else:
        estimates = _without_relapse(cohort, counts, weeks)
    return {
        label: _occupation(curve, counts, g, estimates[g])
        for g, (label, curve) in enumerate(wanted.items())
        if curve is not None
    }


@dataclass(frozen=True)
class _Estimated:
    """One label's share with bounds, the variance of its running sum, and the number each week rests on."""

    share: Floats
    low: Floats
    high: Floats
    running: Floats
    at_risk: Counts


def _with_relapse(cohort: Cohort, counts: StateCounts, weeks: int, cut_at_risk: bool) -> list[_Estimated]:
    share = state_occupation(counts.observed, counts.starts, counts.ends, counts.cut, cut_at_risk=cut_at_risk)
    variance, running = state_variance(cohort, counts, weeks, cut_at_risk=cut_at_risk)
    low, high = logit_interval(share, variance, counts.persons[:, None])
    return [_Estimated(*row) for row in zip(share, low, high, running, counts.observed, strict=True)]


def _without_relapse(cohort: Cohort, counts: StateCounts, weeks: int) -> list[_Estimated]:
    exits = exit_counts(cohort, weeks)
    share = kaplan_meier(exits.at_risk, exits.events)
    repeated = bool(np.any(counts.persons < counts.trials))
    variance = exit_variance(cohort, exits, weeks) if repeated else greenwood(exits.at_risk, exits.events)
    low, high = loglog_interval(share, variance, counts.persons[:, None])
    place = {group: g for g, group in enumerate(exits.groups)}
    found = []
    for group in counts.groups:
        g = place[group]
        at_risk, events = exits.at_risk[g], exits.events[g]
        running = [restricted_mean_variance(share[g], at_risk, events, k + 1) for k in range(weeks + 1)]
        found.append(_Estimated(share[g], low[g], high[g], np.array(running), at_risk))
    return found


def _occupation(named: Curve, counts: StateCounts, g: int, found: _Estimated) -> Occupation:
    """One label's curve: the maturity rule applied, week 0 certain, blanks blank."""
    observed, receiving, trials = counts.observed[g], counts.receiving[g], int(counts.trials[g])
    share, low, high = found.share, found.low.copy(), found.high.copy()
    low[0] = high[0] = share[0]  # week 0 is on the benefit by definition
    shown = (observed == trials) if named.maturity == "whole" else (observed > 0)
    shown &= np.isfinite(share)
    points = tuple(
        CurvePoint(
            k,
            float(share[k]) if shown[k] else None,
            float(low[k]) if shown[k] else None,
            float(high[k]) if shown[k] else None,
            int(observed[k]),
            int(receiving[k]),
            int(found.at_risk[k]),
        )
        for k in range(len(share))
    )
    curve = replace(named, points=points, trials=trials, persons=int(counts.persons[g]))
    seen = np.where(shown, share, np.nan)
    means = np.concatenate([[0.0], np.cumsum(seen)])
    return Occupation(curve, means, np.concatenate([[0.0], np.where(shown, found.running, np.nan)]))


def weeks_saved(without: Occupation, with_investment: Occupation, weeks: int) -> Estimate:
    """Saved weeks over `weeks`: the difference of restricted means, positive when good.

    The variances add because the two cohorts are taken as independent; where a person may be in both, use the
    replicate groups of `effects/` instead.
    """
    difference = without.mean_weeks[weeks] - with_investment.mean_weeks[weeks]
    return normal_estimate(
        float(difference), float(without.mean_variance[weeks] + with_investment.mean_variance[weeks])
    )
