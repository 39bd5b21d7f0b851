"""Weights that make a comparison look like those who took part, and what the difference then is.

The question is about those who took part (ATT), so each of them counts one and a comparator as many as she stands for.
`cell_weights` is the form the ladder uses, on counts; the others are its relatives on rows of subjects, held against R
on LaLonde's data (`gevinst verify`), where the truth is known from an experiment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EXACT = 1e-13
"""Entropy balancing stops when no standardised mean is further from its target than this."""
CLOSE = 1e-8
"""A distance that counts as balanced where rounding keeps the search from going further."""
MOST_STEPS = 500


@dataclass(frozen=True)
class CellWeights:
    """What a comparator of a cell stands for, and who has none like her.

    All `[..., cell]`: `weight` of each comparator, participants `matched` and `unmatched` (outside common support).
    """

    weight: Floats
    matched: Floats
    unmatched: Floats


@dataclass(frozen=True)
class WeightedDifference:
    """A mean among the treated less a weighted mean of the comparison.

    `se_weights_fixed` takes the weights as known, `se_stacked` counts that the propensity score was estimated (None
    where no design was given).
    """

    estimate: float
    mean_treated: float
    mean_comparison: float
    se_weights_fixed: float
    se_stacked: float | None = None


@dataclass(frozen=True)
class MeanDifference:
    """A plain difference in means with its usual error and the heteroscedastic ones (White 1980; MacKinnon & White)."""

    estimate: float
    se_ols: float
    se_hc0: float
    se_hc1: float
    se_hc2: float
    se_hc3: float


@dataclass(frozen=True)
class EntropyBalance:
    """Weights `[n]` that sum to 1, the largest standardised distance left, and whether the targets were met."""

    weights: Floats
    imbalance: float
    converged: bool


def cell_weights(treated: npt.ArrayLike, comparison: npt.ArrayLike) -> CellWeights:
    """Exact or coarsened matching (Iacus, King & Porro 2012): treated in the cell over comparators in the cell.

    `treated` and `comparison` are numbers (or sums of weights) `[..., cell]`. Weighted, the comparators of each cell
    are as many as the participants matched in it; a cell with participants and no comparators is unmatched.

    >>> found = cell_weights([4, 1, 0], [2, 0, 3])
    >>> found.weight.tolist(), found.matched.tolist(), found.unmatched.tolist()
    ([2.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    """
    taken, others = np.broadcast_arrays(np.asarray(treated, np.float64), np.asarray(comparison, np.float64))
    there = others > 0
    weight = np.zeros(taken.shape)
    np.divide(taken, others, out=weight, where=there)
    return CellWeights(weight, np.where(there, taken, 0.0), np.where(there, 0.0, taken))


def effective_size(weights: npt.ArrayLike, counts: npt.ArrayLike = 1.0) -> Floats:
    """How many equally weighted persons are as good as these (Kish 1965, sec. 11.7): (sum w)^2 / sum w^2.

    `weights` `[..., n]`, each borne by `counts` persons; 0 where there is no weight at all.

    >>> float(effective_size([1, 1, 1, 1])), float(effective_size([3, 1])), float(effective_size([3, 1], [2, 6]))
    (4.0, 1.6, 6.0)
    """
    weights, counts = np.asarray(weights, np.float64), np.asarray(counts, np.float64)
    total, squares = (counts * weights).sum(axis=-1), (counts * weights**2).sum(axis=-1)
    size = np.zeros(np.shape(total))
    np.divide(total**2, squares, out=size, where=squares > 0)
    return size


def odds_weights(treated: Floats, propensity: Floats) -> Floats:
    """Weights for the effect on the treated: 1 for them, e / (1 - e) for the others (Hirano & Imbens 2001).

    >>> odds_weights(np.array([1, 0, 0]), np.array([0.5, 0.5, 0.2])).tolist()
    [1.0, 1.0, 0.25]
    """
    return np.where(np.asarray(treated) == 1, 1.0, propensity / (1 - propensity))


def weighted_att(
    outcome: Floats, treated: Floats, propensity: Floats, design: Floats | None = None
) -> WeightedDifference:
    """The effect on the treated by inverse probability weighting, weights normalised to sum to one (Hajek 1971).

    All `[n]`; `design` `[n, p]` is that of the logistic regression behind `propensity`. Both errors are those of the
    influence function; the stacked one adds the estimating equations of the regression (Stefanski & Boos 2002;
    Lunceford & Davidian 2004). Raises ValueError where nobody was treated or nobody was not.

    >>> found = weighted_att(np.array([5.0, 1.0, 4.0]), np.array([1.0, 0.0, 0.0]), np.array([0.5, 0.5, 0.75]))
    >>> found.estimate
    1.75
    """
    took, left = treated == 1, treated != 1
    if not took.any() or not left.any():
        raise ValueError("an effect on the treated needs both treated and others")
    odds = np.where(left, propensity / (1 - propensity), 0.0)
    mean_treated = float(outcome[took].mean())
    mean_comparison = float(odds @ outcome / odds.sum())
    # How much each subject moves the two means; the sum of squares is the variance.
    moved = odds * (outcome - mean_comparison) / odds.sum()
    influence = np.where(took, (outcome - mean_treated) / took.sum(), -moved)
    stacked = None
    if design is not None:
        information = (design * (propensity * (1 - propensity))[:, None]).T @ design
        by_coefficient = moved @ design  # d mean_comparison / d coefficients, since the odds are exp(x'b)
        through = design @ np.linalg.solve(information, by_coefficient)
        stacked = float(np.linalg.norm(influence - (took - propensity) * through))
    return WeightedDifference(
        mean_treated - mean_comparison, mean_treated, mean_comparison, float(np.linalg.norm(influence)), stacked
    )


def weighted_ate(outcome: Floats, treated: Floats, propensity: Floats) -> tuple[float, float]:
    """The effect on everybody by inverse probability weighting: with weights as they are, and normalised.

    The first divides by the number of subjects (Horvitz & Thompson 1952), the second by the sum of weights (Hajek).

    >>> weighted_ate(np.array([3.0, 1.0]), np.array([1.0, 0.0]), np.array([0.25, 0.25]))
    (5.333333333333333, 2.0)
    """
    took = treated == 1
    with_it, without = np.where(took, 1 / propensity, 0.0), np.where(took, 0.0, 1 / (1 - propensity))
    as_they_are = float((with_it - without) @ outcome / len(outcome))
    return as_they_are, float(with_it @ outcome / with_it.sum() - without @ outcome / without.sum())


def difference_in_means(outcome: Floats, treated: Floats) -> MeanDifference:
    """The unadjusted difference, treated less others, with the errors of a regression on the one indicator.

    Every subject of a group of n has leverage 1/n, which gives the four heteroscedastic errors in closed form.
    Raises ValueError where a group has fewer than two.

    >>> found = difference_in_means(np.array([4.0, 2.0, 1.0, 1.0]), np.array([1, 1, 0, 0]))
    >>> found.estimate, found.se_hc2
    (2.0, 1.0)
    """
    groups = [outcome[treated == 1], outcome[treated != 1]]
    sizes = np.array([len(group) for group in groups], np.float64)
    if sizes.min() < 2:
        raise ValueError("a difference in means needs two subjects in each group")
    n = sizes.sum()
    squares = np.array([np.sum((group - group.mean()) ** 2) for group in groups])
    spread = squares / sizes**2
    return MeanDifference(
        float(groups[0].mean() - groups[1].mean()),
        se_ols=float(np.sqrt(squares.sum() / (n - 2) * (1 / sizes).sum())),
        se_hc0=float(np.sqrt(spread.sum())),
        se_hc1=float(np.sqrt(spread.sum() * n / (n - 2))),
        se_hc2=float(np.sqrt((spread / (1 - 1 / sizes)).sum())),
        se_hc3=float(np.sqrt((spread / (1 - 1 / sizes) ** 2).sum())),
    )


def entropy_balance(covariates: Floats, targets: Floats, scale: Floats) -> EntropyBalance:
    """Weights nearest to equal ones under which the covariates `[n, p]` have the means `targets` `[p]`.

    Hainmueller (2012): the dual is convex, solved by Newton's method with halved steps. `scale` `[p]`, the unit each
    covariate's distance is told in (its standard deviation), does not change the answer. Not converged where the
    targets cannot be met, because they lie outside what the rows span.

    >>> found = entropy_balance(np.array([[0.0], [1.0]]), np.array([0.75]), np.array([1.0]))
    >>> found.weights.round(12).tolist(), found.converged
    ([0.25, 0.75], True)
    """
    apart = (covariates - targets) / scale
    multipliers = np.zeros(apart.shape[1])
    for _ in range(MOST_STEPS):
        share = _normalised(apart @ multipliers)
        distance = share @ apart
        if np.max(np.abs(distance)) < EXACT:
            break
        curvature = (apart * share[:, None]).T @ apart - np.outer(distance, distance)
        # Least squares, because two covariates may say the same.
        step = np.linalg.lstsq(curvature, distance)[0]
        size, here = 1.0, _log_sum(apart @ multipliers)
        while size > EXACT and not _log_sum(apart @ (multipliers - size * step)) <= here:
            size /= 2
        if size <= EXACT:
            break
        multipliers = multipliers - size * step
    share = _normalised(apart @ multipliers)
    imbalance = float(np.max(np.abs(share @ apart)))
    return EntropyBalance(share, imbalance, imbalance < CLOSE)


def _normalised(exponent: Floats) -> Floats:
    raised: Floats = np.exp(exponent - exponent.max())
    return np.asarray(raised / raised.sum())


def _log_sum(exponent: Floats) -> float:
    most = float(exponent.max())
    return most + float(np.log(np.sum(np.exp(exponent - most))))
