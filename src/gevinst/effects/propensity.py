"""The probability of taking part, by logistic regression on counts.

A cell is a combination of covariates with `trials` person-trials, `events` of which took part. Newton's method on the
(penalised) log-likelihood is iteratively reweighted least squares (McCullagh & Nelder 1989, ch. 4.4). The penalty is
that of a generalised linear model with Gaussian priors: -(1/2) b'Pb is added to the log-likelihood, and the covariance
is the inverse of the information plus P (Gelman et al. 2013, ch. 16).

Two forms of the same: `fit_logit` takes any design; `fit_logit_counts` takes the codes of factors and never writes the
design out, because X'WX of indicator columns is a table of sums over pairs of levels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]

SD_LEVEL = 1.0
"""Prior standard deviation of a level's effect on the log-odds: two levels in three lie within a factor e
of the average odds."""
SD_STEP = 0.5
"""Prior standard deviation of the step between neighbouring levels of an ordered factor."""
TOLERANCE = 1e-16
"""Newton stops when the next step promises less than this share of the log-likelihood; that step is still taken."""
MOST_STEPS = 100
DEPENDENT = 1e-9
"""A column is a combination of those before it when less than this share of its length is new."""
FLAT = 1e-9
"""Information below this share of that at full weight: the likelihood has no peak in some direction (separation)."""


@dataclass(frozen=True)
class Factor:
    """A covariate with so many levels, coded 0 to `levels` - 1. Ordered levels borrow from their neighbours."""

    name: str
    levels: int
    ordered: bool = False


@dataclass(frozen=True)
class LogitFit:
    """A fitted logistic regression.

    `coefficients` `[p]` on the log-odds scale; `covariance` `[p, p]`, the inverse of the penalised information;
    `fitted` `[cell]` probabilities; `log_likelihood` without the penalty. `dropped` are columns that the columns before
    them already say: their coefficient and covariance are 0. `converged` is False where the likelihood has no peak
    (the covariates separate those who took part from the others, or all or none took part) and where the steps ran out;
    the numbers are then where the search stood and must not be used.
    """

    coefficients: Floats
    covariance: Floats
    fitted: Floats
    log_likelihood: float
    converged: bool
    iterations: int
    dropped: tuple[int, ...] = ()

    @property
    def standard_errors(self) -> Floats:
        """Standard errors `[p]` of the coefficients."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True)
class FactorFit(LogitFit):
    """A logistic regression on factors: intercept first, then every level of every factor in turn."""

    factors: tuple[Factor, ...] = ()

    def linear_predictor(self, codes: Codes) -> Floats:
        """The log-odds `[cell]` at `codes` `[cell, factor]`, which need not be cells of the fit."""
        return _predict(self.coefficients, _columns(codes, self.factors))


def fit_logit(design: Floats, events: Floats, trials: Floats, penalty: Floats | None = None) -> LogitFit:
    """Logistic regression of `events` of `trials` `[cell]` on `design` `[cell, p]`, an intercept among its columns.

    `penalty` `[p, p]` symmetric, positive semidefinite. Without one the answer is R's `glm(binomial)`. Columns that
    depend on earlier ones (and that no penalty tells apart) are dropped, the later column first, as in R. Raises
    ValueError where events are not between 0 and trials, or there are no trials.

    >>> fit = fit_logit(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, 3.0]), np.array([4.0, 4.0]))
    >>> fit.fitted.round(12).tolist(), fit.converged
    ([0.25, 0.75], True)
    """
    events, trials = _checked(events, trials)
    design = np.asarray(design, np.float64)
    p = design.shape[1]
    root = np.zeros((0, p)) if penalty is None else _root(penalty)
    triangle = _triangle(np.vstack([np.sqrt(trials)[:, None] * design, root]))
    kept, dropped = _independent(triangle)
    # In this basis the columns are orthogonal under equal weights, so powers of age and kroner do no harm.
    back = np.linalg.inv(_triangle(triangle[:, kept]))
    basis, prior = design[:, kept] @ back, root[:, kept] @ back

    def accumulate(residual: Floats, weight: Floats) -> tuple[Floats, Floats]:
        return residual @ basis, (basis * weight[:, None]).T @ basis

    found = _maximise(lambda b: basis @ b, accumulate, events, trials, prior.T @ prior, np.zeros(len(kept)))
    coefficients, covariance = np.zeros(p), np.zeros((p, p))
    coefficients[kept] = back @ found.coefficients
    covariance[np.ix_(kept, kept)] = back @ found.covariance @ back.T
    return LogitFit(
        coefficients, covariance, found.fitted, found.log_likelihood, found.converged, found.iterations, dropped
    )


def one_hot(
    codes: Codes, factors: Sequence[Factor], *, sd_level: float = SD_LEVEL, sd_step: float = SD_STEP
) -> tuple[Floats, Floats]:
    """The design `[cell, p]` (intercept, then an indicator per level) of `codes` `[cell, factor]`, and its penalty.

    Levels of an unordered factor have independent N(0, sd_level^2) effects (a ridge), so none is a reference level and
    one with few persons is drawn towards the average. Levels of an ordered factor follow a random walk, whose steps are
    N(0, sd_step^2) (differences of first order, Eilers & Marx 1996). That leaves their common height open, and the
    intercept already says it; a prior on their mean settles it at 0 without any effect on the fit. The intercept has no
    prior. Raises ValueError where a code is not a level.

    >>> design, penalty = one_hot(np.array([[0], [1]]), [Factor("sex", 2)])
    >>> design.tolist(), np.diag(penalty).tolist()
    ([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]], [0.0, 1.0, 1.0])
    """
    design = np.zeros((len(codes), 1 + sum(factor.levels for factor in factors)))
    design[:, 0] = 1
    for column in _columns(codes, factors).T:
        design[np.arange(len(codes)), column] = 1
    return design, factor_penalty(factors, sd_level=sd_level, sd_step=sd_step)


def factor_penalty(factors: Sequence[Factor], *, sd_level: float = SD_LEVEL, sd_step: float = SD_STEP) -> Floats:
    """The penalty `[p, p]` of `one_hot`."""
    p = 1 + sum(factor.levels for factor in factors)
    penalty, first = np.zeros((p, p)), 1
    for factor in factors:
        own = slice(first, first + factor.levels)
        if factor.ordered:
            steps = np.diff(np.eye(factor.levels), axis=0)
            mean = np.full((factor.levels, factor.levels), 1 / factor.levels**2)
            penalty[own, own] = steps.T @ steps / sd_step**2 + mean / sd_level**2
        else:
            penalty[own, own] = np.eye(factor.levels) / sd_level**2
        first += factor.levels
    return penalty


def fit_logit_counts(
    codes: Codes,
    factors: Sequence[Factor],
    events: Floats,
    trials: Floats,
    *,
    sd_level: float = SD_LEVEL,
    sd_step: float = SD_STEP,
    start: Floats | None = None,
) -> FactorFit:
    """`fit_logit` on the design and penalty of `one_hot`, without writing the design out.

    `codes` `[cell, factor]`; `start` are coefficients to begin from, where those of a similar fit are known. A sum runs
    over the cells in the order given, so sort them where the last digit must not depend on it. Raises ValueError as
    `fit_logit` and `one_hot` do.

    >>> fit = fit_logit_counts(np.array([[0], [1]]), [Factor("sex", 2)], np.array([1.0, 3.0]), np.array([4.0, 4.0]))
    >>> fit.linear_predictor(np.array([[1], [0]])).round(3).tolist()
    [0.505, -0.505]
    """
    events, trials = _checked(events, trials)
    columns = _columns(codes, factors)
    penalty = factor_penalty(factors, sd_level=sd_level, sd_step=sd_step)
    found = _maximise(
        lambda b: _predict(b, columns),
        _pair_sums(columns, factors),
        events,
        trials,
        penalty,
        np.zeros(len(penalty)) if start is None else np.array(start, np.float64),
    )
    return FactorFit(**vars(found), factors=tuple(factors))


def _maximise(
    predict: Callable[[Floats], Floats],
    accumulate: Callable[[Floats, Floats], tuple[Floats, Floats]],
    events: Floats,
    trials: Floats,
    penalty: Floats,
    start: Floats,
) -> LogitFit:
    """Newton's method with halved steps; `accumulate` gives X'r and X'WX."""

    def height(b: Floats, log_odds: Floats) -> float:
        return _log_likelihood(log_odds, events, trials) - float(b @ penalty @ b) / 2

    b, settled, steps = start, False, 0
    log_odds = predict(b)
    here = height(b, log_odds)
    while steps < MOST_STEPS and not settled:
        score, information = _at(log_odds, events, trials, accumulate)
        score, information = score - penalty @ b, information + penalty
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            break
        promised = float(score @ step)
        settled = promised <= TOLERANCE * (1 + abs(here))
        size, steps = 1.0, steps + 1
        while not settled and size > TOLERANCE and height(b + size * step, predict(b + size * step)) < here:
            size /= 2
        b = b + size * step
        log_odds = predict(b)
        here = height(b, log_odds)
    _, information = _at(log_odds, events, trials, accumulate)
    information = information + penalty
    peaked = _peaked(information, accumulate(trials, trials)[1] + penalty)
    covariance = np.asarray(np.linalg.inv(information)) if peaked else np.full(penalty.shape, np.nan)
    likelihood = _log_likelihood(log_odds, events, trials)
    return LogitFit(b, covariance, _expit(log_odds), likelihood, settled and peaked, steps)


def _at(
    log_odds: Floats, events: Floats, trials: Floats, accumulate: Callable[[Floats, Floats], tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    share = _expit(log_odds)
    return accumulate(events - trials * share, trials * share * (1 - share))


def _peaked(information: Floats, most: Floats) -> bool:
    """Whether the information is a fair share of `most`, that of everybody at full weight, in every direction."""
    if not np.all(np.isfinite(information)):
        return False
    back = np.linalg.inv(np.linalg.cholesky(most))
    return bool(np.linalg.eigvalsh(back @ information @ back.T)[0] > FLAT)


def _pair_sums(columns: Codes, factors: Sequence[Factor]) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """X'r and X'WX for indicator columns, as sums over the levels of each pair of factors."""
    first = np.cumsum([0, 1, *(factor.levels for factor in factors)])
    p, blocks = int(first[-1]), len(factors) + 1
    placed = np.column_stack([np.zeros(len(columns), np.int64), columns]) - first[:-1]
    widths = np.diff(first)
    pairs = [(i, j, placed[:, i] * widths[j] + placed[:, j]) for i in range(blocks) for j in range(i, blocks)]

    def accumulate(residual: Floats, weight: Floats) -> tuple[Floats, Floats]:
        score, information = np.zeros(p), np.zeros((p, p))
        for i, j, key in pairs:
            rows, across = slice(first[i], first[i + 1]), slice(first[j], first[j + 1])
            block = np.bincount(key, weight, int(widths[i] * widths[j])).reshape(widths[i], widths[j])
            information[rows, across] = block
            information[across, rows] = block.T
            if i == 0:
                score[across] = np.bincount(key, residual, int(widths[j]))
        return score, information

    return accumulate


def _columns(codes: Codes, factors: Sequence[Factor]) -> Codes:
    """The column of each cell's level in the design, `[cell, factor]`."""
    codes = np.asarray(codes, np.int64)
    levels = np.array([factor.levels for factor in factors], np.int64)
    if codes.ndim != 2 or codes.shape[1] != len(levels):
        raise ValueError(f"codes are one column per factor, {len(levels)}, not of shape {codes.shape}")
    if np.any(codes < 0) or np.any(codes >= levels):
        names = [f.name for f, c in zip(factors, codes.T, strict=True) if np.any(c < 0) or np.any(c >= f.levels)]
        raise ValueError(f"codes outside the levels of {', '.join(names)}")
    return codes + (1 + np.cumsum(levels) - levels)


def _predict(coefficients: Floats, columns: Codes) -> Floats:
    log_odds = np.full(len(columns), coefficients[0])
    for column in columns.T:
        log_odds += coefficients[column]
    return log_odds


def _checked(events: Floats, trials: Floats) -> tuple[Floats, Floats]:
    events, trials = np.asarray(events, np.float64), np.asarray(trials, np.float64)
    if not np.all((events >= 0) & (events <= trials)):
        raise ValueError("events lie between 0 and the number of trials")
    if not trials.sum() > 0:
        raise ValueError("there are no trials")
    return events, trials


def _independent(triangle: Floats) -> tuple[list[int], tuple[int, ...]]:
    """Columns that say something the columns before them do not, and the others; Gram-Schmidt in the order given."""
    kept: list[int] = []
    directions: list[Floats] = []
    for j, column in enumerate(triangle.T):
        rest = column.copy()
        for _ in range(2):  # twice is enough (Parlett)
            for direction in directions:
                rest -= (direction @ rest) * direction
        length = float(np.linalg.norm(rest))
        if length > DEPENDENT * float(np.linalg.norm(column)):
            kept.append(j)
            directions.append(rest / length)
    return kept, tuple(j for j in range(triangle.shape[1]) if j not in kept)


def _triangle(matrix: Floats) -> Floats:
    """The upper triangle R of a QR decomposition: R'R = matrix'matrix."""
    return np.asarray(np.linalg.qr(matrix, mode="r"), np.float64)


def _root(penalty: Floats) -> Floats:
    """A matrix R with R'R = penalty."""
    values, vectors = np.linalg.eigh(np.asarray(penalty, np.float64))
    root: Floats = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
    return root


def _log_likelihood(log_odds: Floats, events: Floats, trials: Floats) -> float:
    """Without the binomial coefficients, which no parameter changes."""
    return float(np.sum(events * log_odds - trials * np.logaddexp(0, log_odds)))


def _expit(log_odds: Floats) -> Floats:
    share: Floats = np.exp(-np.logaddexp(0, -log_odds))
    return share
