"""Curves from counts: state occupation (with relapse), Kaplan-Meier (without), restricted means, intervals.

Pure arrays, any leading dimensions, weeks on the last axis from 0 to K. The state in week k is the state just
after time k, so a run over weeks a..b is the interval (a, b+1] and a trial that the horizon cuts at k is still
at risk at k (ties: exits come before censoring). R's `survival` has the same conventions.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Z95 = NormalDist().inv_cdf(0.975)


def state_occupation(
    observed: npt.ArrayLike,
    starts: npt.ArrayLike,
    ends: npt.ArrayLike,
    cut: npt.ArrayLike,
    *,
    cut_at_risk: bool = True,
) -> Floats:
    """Aalen-Johansen share on the benefit, `[..., 0..K]`, from (possibly weighted) counts of `StateCounts`.

    p(k) = p(k-1) (1 - a_k) + (1 - p(k-1)) b_k with a_k = ends / receiving(k-1) and
    b_k = starts / (observed(k-1) - receiving(k-1)). Uses everybody as far as observed and equals the raw share
    while all are followed (Aalen & Johansen 1978; Andersen et al. 1993, ch. IV.4). Where nobody was followed to
    k-1 it is nan.

    With `cut_at_risk` one whose follow-up the horizon cuts at k is at risk of the step into week k, as in R, where
    such a week is the interval (k, k+1]. But her week k is never seen, so she can add no event, and the share comes
    out too high; estimates of effects therefore leave her out (`docs/method/curves.md`).

    >>> state_occupation([4, 4, 4], [4, 0, 1], [0, 2, 0], [0, 0, 0]).tolist()
    [1.0, 0.5, 0.75]
    """
    followed, begun = np.asarray(observed, np.float64), np.asarray(starts, np.float64)
    ended, censored = np.asarray(ends, np.float64), np.asarray(cut, np.float64)
    leave, come = transition_probabilities(followed, begun, ended, censored, cut_at_risk=cut_at_risk)
    share: Floats = np.empty(np.broadcast_shapes(followed.shape, begun.shape), np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share[..., 0] = begun[..., 0] / followed[..., 0]
    for k in range(1, share.shape[-1]):
        before = share[..., k - 1]
        share[..., k] = before * (1 - leave[..., k]) + (1 - before) * come[..., k]
    unseen = followed[..., :-1] <= 0 if cut_at_risk else followed[..., 1:] <= 0
    share[..., 1:][unseen] = np.nan
    return share


def transition_probabilities(
    observed: Floats, starts: Floats, ends: Floats, cut: Floats, *, cut_at_risk: bool = True
) -> tuple[Floats, Floats]:
    """The weekly probabilities of leaving and of coming back, `[..., 0..K]`; 0 where nobody is at risk."""
    on, off = at_risk_of_change(observed, starts, ends, cut, cut_at_risk=cut_at_risk)
    leave, come = np.zeros(on.shape), np.zeros(on.shape)
    np.divide(ends, on, out=leave, where=on > 0)
    np.divide(starts, off, out=come, where=off > 0)
    leave[..., 0] = come[..., 0] = 0
    return leave, come


def at_risk_of_change(
    observed: Floats, starts: Floats, ends: Floats, cut: Floats, *, cut_at_risk: bool = True
) -> tuple[Floats, Floats]:
    """Those who could leave, and those who could come back, between weeks k-1 and k, `[..., 0..K]` (0 at week 0)."""
    receiving = np.cumsum(starts - ends - cut, axis=-1)
    on, off = np.zeros(receiving.shape), np.zeros(receiving.shape)
    on[..., 1:] = receiving[..., :-1]
    if cut_at_risk:
        off[..., 1:] = observed[..., :-1] - receiving[..., :-1]
    else:
        on[..., 1:] -= cut[..., 1:]
        off[..., 1:] = observed[..., 1:] - on[..., 1:]
    return on, off


def kaplan_meier(at_risk: npt.ArrayLike, events: npt.ArrayLike) -> Floats:
    """Share still on the first spell, `[..., 0..K]` (Kaplan & Meier 1958); nan after the last at risk.

    >>> kaplan_meier([4, 4, 2], [0, 1, 1]).tolist()
    [1.0, 0.75, 0.375]
    """
    at_risk, events = np.asarray(at_risk, np.float64), np.asarray(events, np.float64)
    hazard = np.zeros(at_risk.shape)
    np.divide(events, at_risk, out=hazard, where=at_risk > 0)
    share: Floats = np.cumprod(1 - hazard, axis=-1, dtype=np.float64)
    gone = (at_risk <= 0) & (share > 0)
    gone[..., 0] = False
    share[np.logical_or.accumulate(gone, axis=-1)] = np.nan
    return share


def greenwood(at_risk: npt.ArrayLike, events: npt.ArrayLike) -> Floats:
    """Variance of log Kaplan-Meier, `[..., 0..K]`: the running sum of d / (n (n - d)) (Greenwood 1926).

    >>> greenwood([4, 4], [0, 1]).tolist()
    [0.0, 0.08333333333333333]
    """
    at_risk, events = np.asarray(at_risk, np.float64), np.asarray(events, np.float64)
    below = at_risk * (at_risk - events)
    terms = np.zeros(at_risk.shape)
    np.divide(events, below, out=terms, where=below > 0)
    terms[(events > 0) & (below <= 0)] = np.inf
    return np.cumsum(terms, axis=-1)


def restricted_mean(share: npt.ArrayLike, weeks: int) -> float:
    """Mean weeks on the benefit in the first `weeks`: the sum of the share over weeks 0 to `weeks` - 1.

    >>> restricted_mean([1.0, 0.5, 0.25], 2)
    1.5
    """
    return float(np.sum(np.asarray(share, np.float64)[..., :weeks], axis=-1))


def restricted_mean_variance(share: npt.ArrayLike, at_risk: npt.ArrayLike, events: npt.ArrayLike, weeks: int) -> float:
    """Sampling variance of the restricted mean of a Kaplan-Meier curve: sum of A_j^2 d_j / (n_j (n_j - d_j)).

    A_j is the area under the curve from j to `weeks` (Klein & Moeschberger 2003, eq. 4.5.2).
    """
    share, at_risk, events = (np.asarray(x, np.float64) for x in (share, at_risk, events))
    area = np.cumsum(share[:weeks][::-1])[::-1]
    below = at_risk * (at_risk - events)
    terms = np.zeros(weeks)
    np.divide(events[:weeks], below[:weeks], out=terms, where=below[:weeks] > 0)
    return float(np.sum(area[1:] ** 2 * terms[1:]))


def trapezoid_mean(weeks: npt.ArrayLike, share: npt.ArrayLike, until: float | None = None) -> float:
    """Mean weeks on the benefit to week `until` of a curve published on an uneven grid, by the trapezoid rule.

    >>> trapezoid_mean([0, 4, 8], [1.0, 0.5, 0.5])
    5.0
    """
    weeks, share = np.asarray(weeks, np.float64), np.asarray(share, np.float64)
    if until is not None:
        inside = weeks < until
        share = np.append(share[inside], np.interp(until, weeks, share))
        weeks = np.append(weeks[inside], until)
    return float(np.sum(np.diff(weeks) * (share[1:] + share[:-1]) / 2))


def logit_interval(share: npt.ArrayLike, variance: npt.ArrayLike, persons: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Pointwise 95 % interval of a share on the logit scale.

    At exactly 0 or 1 the logit has no interval; the exact binomial bound of `persons` independent persons
    (Clopper & Pearson 1934) is used instead, because a sample without an exit does not prove certainty.
    """
    share, variance = np.asarray(share, np.float64), np.asarray(variance, np.float64)
    inner = (share > 0) & (share < 1)
    p = np.where(inner, share, 0.5)
    half = Z95 * np.sqrt(variance) / (p * (1 - p))
    low, high = _expit(_logit(p) - half), _expit(_logit(p) + half)
    return _at_the_edges(share, inner, low, high, persons)


def loglog_interval(share: npt.ArrayLike, variance_log: npt.ArrayLike, persons: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Pointwise 95 % interval of a survival share on the log(-log) scale, given the variance of its logarithm."""
    share, variance_log = np.asarray(share, np.float64), np.asarray(variance_log, np.float64)
    inner = (share > 0) & (share < 1) & np.isfinite(variance_log)
    s = np.where(inner, share, 0.5)
    half = Z95 * np.sqrt(np.where(inner, variance_log, 0)) / np.abs(np.log(s))
    low, high = s ** np.exp(half), s ** np.exp(-half)
    return _at_the_edges(share, inner, low, high, persons)


def _at_the_edges(
    share: Floats, inner: npt.NDArray[np.bool_], low: Floats, high: Floats, persons: npt.ArrayLike
) -> tuple[Floats, Floats]:
    bound = 0.025 ** (1 / np.maximum(np.asarray(persons, np.float64), 1))
    low = np.where(inner, low, np.where(share >= 1, bound, share))
    high = np.where(inner, high, np.where(share <= 0, 1 - bound, share))
    return low, high


def _logit(p: Floats) -> Floats:
    return np.log(p) - np.log1p(-p)


def _expit(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))
