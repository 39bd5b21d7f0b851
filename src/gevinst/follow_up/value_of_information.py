"""How long to collect data before it is safe to decide whether to stop or go on.

The decision is about those who have not started yet. With θ what each of them gives the municipality, the saving in the
weeks since the start that are followed less what one more participant costs, it is right to go on where θ > 0. What is
known of θ is taken as normal with the mean m and standard deviation σ of the replicates (flat prior). Then

    P(deciding now is wrong)  =  Φ(−|m| ÷ σ)                          in the replicates: the share on the other side
    loss expected of it       =  N σ L(|m| ÷ σ),  L(z) = φ(z) − z Φ(−z)      EVPI; N are the starts to come

With more data the variance falls to r σ². The later mean m' is not known today, but it is normal around m with variance
(1 − r) σ², so that before the data are there

    P(deciding then is wrong) =  E Φ(−|m'| ÷ (σ √r))
    EVSI                      =  N' σ √(1 − r) L(|m| ÷ (σ √(1 − r))),  N' the starts that are left then
    ENGS                      =  EVSI − (N − N') max(0, −m)

ENGS is what waiting is worth: those who start meanwhile cost −m each where going on is not the best bet now.

r is computed from the calendar: a week since the start that n are followed to now, and n(t) in t months, by those who
have started and those expected to. The covariance C of the weeks (in bands) is that of the replicates;

    r σ² = Σ_a,b C_ab n_min(a,b) ÷ n_min(a,b)(t)

since two weeks share the persons followed to the later one. The comparison is taken to grow as the participants do.

Source: Raiffa & Schlaifer, Applied Statistical Decision Theory (1961), ch. 5 (unit normal linear loss, EVSI, ENGS);
Ades, Lu & Claxton, Medical Decision Making 24 (2004): 207-227. Ours: r from the calendar. docs/method/early-warning.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import erfc, exp, inf, pi, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MONTH = 365.2425 / 12 / 7
"""Weeks of a month."""
SAFE = 0.10
"""Below this probability of a wrong decision it is called safe where nothing else is said: this program's choice."""


@dataclass(frozen=True)
class InMonths:
    """What is known today of a decision made in so many months.

    `wrong` is the probability that it is wrong, `left` the share of the variance that is left, `starts` how many will
    not have started then, `evsi` and `engs` DKK.
    """

    months: int
    wrong: float
    left: float
    starts: float
    evsi: float
    engs: float


@dataclass(frozen=True)
class Decision:
    """Whether to stop or go on, as far as is known now; DKK per participant over `weeks` since the start.

    `go_on` is the better bet. `wrong` is the probability that it is not right, `loss` what is lost by that in the mean
    (EVPI). `safe_in` is the first month in which a decision is wrong with less than `safe` (0: now; None: in none of
    `path`, which ends with the case's years). `wait` is the month in which most is gained by waiting, if anything is.
    """

    investment: str
    weeks: int
    saving: float
    cost: float
    sd: float
    go_on: bool
    starts: float
    wrong: float
    loss: float
    safe: float
    safe_in: int | None
    path: tuple[InMonths, ...]
    wait: InMonths | None = None

    @property
    def margin(self) -> float:
        """What each further participant is expected to give; negative is a cost."""
        return self.saving - self.cost


def above(z: float) -> float:
    """The probability that a standard normal lies above `z`."""
    return 0.5 * erfc(z / sqrt(2))


def unit_loss(z: float) -> float:
    """The unit normal linear loss L(z) = φ(z) − z Φ(−z): the mean of what a standard normal lies above `z`.

    >>> round(unit_loss(0.0), 6), round(unit_loss(1.0), 6)
    (0.398942, 0.083315)
    """
    return exp(-z * z / 2) / sqrt(2 * pi) - z * above(z)


def wrong_after(mean: float, sd: float, left: float) -> float:
    """The probability that a decision is wrong once the variance has fallen to the share `left` of itself.

    The mean of Φ(−|m'| ÷ (σ √r)) over m' ~ N(m, (1 − r) σ²), by Gauss-Legendre on pieces that meet where m' is nought.

    >>> round(wrong_after(0.0, 5.0, 0.5), 6), round(wrong_after(1.0, 1.0, 1.0), 6)
    (0.25, 0.158655)
    """
    if sd <= 0 or left <= 0:
        return 0.0
    spread, after = sd * sqrt(max(1 - left, 0.0)), sd * sqrt(left)
    if spread <= 1e-9 * sd:
        return above(abs(mean) / sd)
    kink, width = -mean / spread, after / spread
    steps = width * np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
    edges = np.unique(np.clip([*(kink - steps), *(kink + steps), -9.0, 9.0], -9.0, 9.0))
    nodes, weights = np.polynomial.legendre.leggauss(24)
    total = 0.0
    for low, high in pairwise(edges.tolist()):
        x = low + (high - low) * (nodes + 1) / 2
        density = np.exp(-x * x / 2) / sqrt(2 * pi)
        wrong = np.array([above(abs(mean + spread * one) / after) for one in x])
        total += float((weights * density * wrong).sum() * (high - low) / 2)
    return total


def evsi(mean: float, sd: float, left: float) -> float:
    """The value of the information for one participant: how much better the best bet will be, in the mean."""
    spread = sd * sqrt(max(1 - left, 0.0))
    return spread * unit_loss(abs(mean) / spread) if spread > 0 else 0.0


def followed_in(followed: Floats, coming: Floats, weeks: int) -> Floats:
    """How many are followed to each week since the start in so many weeks.

    `followed` `[week since start]` are those now, `coming` `[week from now]` the starts expected.

    >>> followed_in(np.array([10.0, 8.0, 0.0]), np.array([2.0, 2.0, 2.0]), 1).tolist()
    [12.0, 10.0, 8.0]
    """
    started = np.concatenate([[0.0], np.cumsum(coming)])
    k = np.arange(len(followed))
    waited = followed[np.clip(k - weeks, 0, None)]
    new = started[np.clip(weeks - k, 0, len(coming))]
    found: Floats = waited + np.where(k < weeks, new, 0.0)
    return found


def variance_left(by_band: Floats, now: Floats, then: Floats) -> float:
    """The share r of the variance that is left when the bands are followed by `then` instead of `now` persons `[band]`.

    `by_band` `[replicate, band]` is what each band of weeks gives to θ.
    """
    covariance = np.atleast_2d(np.cov(by_band, rowvar=False))
    total = float(covariance.sum())
    if total <= 0:
        return 1.0
    ratio = now / then
    first = np.minimum.outer(np.arange(len(now)), np.arange(len(now)))
    # Estimated covariances may by chance add up to less than any band alone would leave.
    return float(np.clip((covariance * ratio[first]).sum() / total, ratio.min(), ratio.max()))


def decide(
    investment: str,
    by_band: Floats,
    cost: float,
    followed: Floats,
    bands: Sequence[int],
    coming: Floats,
    *,
    safe: float = SAFE,
) -> Decision:
    """The decision on those who have not started, and what more data do to it.

    `by_band` `[replicate, band]` is the saving per participant (DKK, positive is good; row 0 the estimate) in each band
    of weeks since the start; `bands` the weeks in each. `cost` is that of one more participant. `followed` `[week]` is
    how many are followed to each week, `coming` `[week from now]` the starts expected, as far as the case goes.
    """
    drawn = by_band[1:][np.isfinite(by_band[1:]).all(axis=1)]
    saving, sd = float(by_band[0].sum()), float(drawn.sum(axis=1).std(ddof=1))
    mean, starts = saving - cost, float(coming.sum())
    go_on = mean > 0
    against = np.maximum(-(drawn.sum(axis=1) - cost) * (1 if go_on else -1), 0.0)
    now = _per_band(followed, bands)
    path = []
    for month in range(1, int(len(coming) / MONTH) + 1):
        weeks = round(month * MONTH)
        left = variance_left(drawn, now, _per_band(followed_in(followed, coming, weeks), bands))
        rest = float(coming[weeks:].sum())
        worth = rest * evsi(mean, sd, left)
        path.append(InMonths(month, wrong_after(mean, sd, left), left, rest, worth,
                             worth - (starts - rest) * max(0.0, -mean)))  # fmt: skip
    wrong = float((against > 0).mean())
    safe_in = 0 if wrong < safe else next((one.months for one in path if one.wrong < safe), None)
    best = max(path, key=lambda one: (one.engs, -one.months), default=None)
    return Decision(
        investment, int(sum(bands)), saving, cost, sd, go_on, starts, wrong, starts * float(against.mean()), safe,
        safe_in, tuple(path), best if best is not None and best.engs > 0 else None,
    )  # fmt: skip


def _per_band(followed: Floats, bands: Sequence[int]) -> Floats:
    """Persons followed in each band, in the mean over its weeks (harmonic: it is variances that add up)."""
    found, first = [], 0
    for width in bands:
        part = followed[first : first + width]
        found.append(len(part) / float(np.sum(1 / part)) if len(part) and (part > 0).all() else inf)
        first += width
    return np.array(found, np.float64)
