"""How alike participants and comparison are before and after weighting: standardised differences in means.

Input is sums over persons, not persons. A number is told by its sums of weight, weight x value and weight x value
squared; a category by the share in each level. The unit is the standard deviation among all participants, before and
after, so that a difference cannot look smaller because the weighting changed its unit (Stuart 2010; R's `MatchIt`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

ALIKE = 0.1
"""Groups closer than this are taken as alike in the covariate (Austin 2009; Normand et al. 2001)."""
UNLIKE = 0.2
"""Further apart than this the covariate can bias the effect noticeably: Cohen's (1988) "small" difference, the looser
of the two limits in use (see Stuart, Lee & Leacy 2013, where such differences foretell the bias)."""
NOTHING = 1e-12
"""A variance below this share of the squared mean is rounding."""
SAME = 1e-9
"""So is a difference below this share of the means."""


@dataclass(frozen=True)
class Moments:
    """Sum of weights, mean and variance of a covariate in a group."""

    weight: float
    mean: float
    variance: float


def moments(weight: float, total: float, squares: float, squared_weights: float | None = None) -> Moments:
    """Mean and variance from the sums of w, wx and wx^2; `squared_weights` is the sum of w^2.

    The variance is the unbiased one for weights that say how much a person counts: the weighted mean square over
    1 - sum w^2 / (sum w)^2, which with weights of 1 (`squared_weights` left out) is the n - 1 rule. An empty group has
    mean and variance nan.

    >>> moments(2, 4, 10)
    Moments(weight=2, mean=2.0, variance=2.0)
    """
    if weight <= 0:
        return Moments(weight, float("nan"), float("nan"))
    mean = total / weight
    spread = squares / weight - mean**2
    alone = 1 - (weight if squared_weights is None else squared_weights) / weight**2
    if spread <= NOTHING * max(mean**2, squares / weight) or alone <= 0:
        return Moments(weight, mean, 0.0)
    return Moments(weight, mean, spread / alone)


def share(weight: float, within: float) -> Moments:
    """A level of a category from the sum of weights and its part within the level; the variance is p (1 - p).

    >>> share(4, 1)
    Moments(weight=4, mean=0.25, variance=0.1875)
    """
    if weight <= 0:
        return Moments(weight, float("nan"), float("nan"))
    mean = within / weight
    return Moments(weight, mean, mean * (1 - mean))


def unit(treated: Moments, comparison: Moments) -> float:
    """The standard deviation among the treated, in which differences are told.

    Where the treated are all the same it is that of both groups together, as in `MatchIt`; where everybody is the
    same, 0.

    >>> unit(Moments(10, 1.0, 0.0), Moments(10, 0.0, 0.0))
    0.5
    """
    if treated.variance > 0:
        return sqrt(treated.variance)
    both = treated.weight + comparison.weight
    part = treated.weight / both
    between = part * (1 - part) * (treated.mean - comparison.mean) ** 2
    return sqrt(between + (1 - part) * comparison.variance)


def standardised_difference(treated: Moments, comparison: Moments, in_unit: float | None = None) -> float:
    """Treated less comparison, in standard deviations of the treated.

    After weighting, give `in_unit` from before: `unit` of the two groups unweighted. 0 where everybody is (or was, if
    `in_unit` is 0) the same, nan where a group is empty.

    >>> standardised_difference(Moments(10, 5.0, 4.0), Moments(90, 4.0, 9.0))
    0.5
    """
    apart = treated.mean - comparison.mean
    if abs(apart) <= SAME * max(abs(treated.mean), abs(comparison.mean)):
        return 0.0
    measure = unit(treated, comparison) if in_unit is None else in_unit
    return apart / measure if measure != 0 else 0.0


def level_differences(
    treated: Sequence[float], comparison: Sequence[float], in_units: Sequence[float] | None = None
) -> list[float]:
    """The standardised difference of each level of a category, from sums of weights `[level]` in the two groups.

    `in_units` as `in_unit` above, per level: `level_units` of the groups unweighted. Of a category with two levels the
    second difference only mirrors the first.

    >>> level_differences([5, 5], [10, 30])
    [0.5, -0.5]
    """
    pairs = _levels(treated, comparison)
    measures: Sequence[float | None] = [None] * len(pairs) if in_units is None else in_units
    return [standardised_difference(*pair, measure) for pair, measure in zip(pairs, measures, strict=True)]


def level_units(treated: Sequence[float], comparison: Sequence[float]) -> list[float]:
    """`unit` for each level of a category, from sums of weights `[level]`.

    >>> level_units([5, 5], [10, 30])
    [0.5, 0.5]
    """
    return [unit(*pair) for pair in _levels(treated, comparison)]


def largest(differences: Sequence[float]) -> float:
    """The largest difference in size; nan differences, of groups that are empty, do not count. 0 where there is none.

    >>> largest([0.05, -0.3, float("nan")])
    0.3
    """
    return max((abs(d) for d in differences if d == d), default=0.0)


def _levels(treated: Sequence[float], comparison: Sequence[float]) -> list[tuple[Moments, Moments]]:
    taken, others = sum(treated), sum(comparison)
    return [(share(taken, a), share(others, b)) for a, b in zip(treated, comparison, strict=True)]
