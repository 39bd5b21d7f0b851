"""Forecast: those who have started and those who will, times the effect by week since the start, at coming prices.

    coming(y) = Σ over weeks s, ages k with s + k in y and after the horizon   n(s) × Σ cell e(k, cell) × price(cell, y)
    expected(y) = result to date in y + coming(y)

`n(s)` are the starts seen, as many of them as the effect is of, and the starts expected (`coming_intake.py`); `e(k)`
the effect per participant-week by benefit and refund step, beyond the last mature week by a named rule
(`extrapolation.py`); prices are those of the year, carried forward where the year's are not known.

In each replicate the effect is drawn anew (the groups' weights), and so are the starts expected (Poisson) and how it
goes for just those persons: what a later follow-up will find has chance of its own, that of an effect measured on m
instead of N participants, sqrt(N / m) of the effect's. A plan that is not held, a rate that is changed and a rule that
is wrong are in no interval; the score card tells of those. Source: method, section 7; `docs/method/forecast.md`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from gevinst.effects.profile import Profile
from gevinst.follow_up.coming_intake import IntakePlan
from gevinst.follow_up.extrapolation import Extrapolation, Rule
from gevinst.parameters.book import Used
from gevinst.weeks import first_week

Floats = npt.NDArray[np.float64]
LEVELS = (50, 80, 95)
"""The intervals of the fan, in per cent."""


@dataclass(frozen=True)
class Fan:
    """An estimate with its 50, 80 and 95 % intervals, DKK; bounds are None where there are no replicates."""

    estimate: float
    low50: float | None = None
    high50: float | None = None
    low80: float | None = None
    high80: float | None = None
    low95: float | None = None
    high95: float | None = None

    def bounds(self, level: int) -> tuple[float, float] | None:
        """The interval of this many per cent."""
        pair = {50: (self.low50, self.high50), 80: (self.low80, self.high80), 95: (self.low95, self.high95)}[level]
        return None if pair[0] is None or pair[1] is None else (pair[0], pair[1])


@dataclass(frozen=True)
class YearForecast:
    """One calendar year, in DKK of its own prices; negative is a saving.

    `to_date` is the result so far (None: nothing of the year has been); `expected` result and forecast together.
    `starts` are those expected to start in what is left of the year. Of the participant-weeks to come, `extrapolated`
    is the share beyond the last mature week, `from_coming` the share of those who have not started yet; `carried`
    says that a price was carried forward.
    """

    year: int
    expected: Fan
    coming: float
    to_date: float | None = None
    starts: float = 0.0
    extrapolated: float = 0.0
    from_coming: float = 0.0
    carried: bool = False


@dataclass(frozen=True)
class Forecast:
    """The forecast of one investment by one rule; `other_rules` are the estimates by each rule.

    `by_pace` are the estimates if starts go on at the pace so far, where the plan says otherwise. `results` are the
    years that are over, with their 95 % intervals: (year, estimate, low, high). `horizon` is the last day seen.
    """

    investment: str
    estimator: str
    how: Extrapolation
    years: tuple[YearForecast, ...]
    horizon: date
    plan: IntakePlan
    results: tuple[tuple[int, float, float | None, float | None], ...] = ()
    other_rules: Mapping[Rule, tuple[float, ...]] = field(default_factory=dict)
    by_pace: tuple[float, ...] = ()
    used: tuple[Used, ...] = ()

    def year(self, year: int) -> YearForecast | None:
        """The forecast of a year, if there is one."""
        return next((one for one in self.years if one.year == year), None)


@dataclass(frozen=True)
class Starts:
    """What a forecast is made from beside prices: the effect, and the starts `[week]` seen and expected.

    `observed` are from `observed_from` to the data horizon, `coming` from the week after. Both are of those whom the
    effect is of. `participants` is how many that is.
    """

    profile: Profile
    participants: int
    observed_from: int
    observed: Floats
    coming: Floats

    @property
    def horizon(self) -> int:
        """The last week seen."""
        return self.observed_from + len(self.observed) - 1


def coming_weeks(starts: Floats, first: int, after: int, years: Sequence[int], ages: int) -> Floats:
    """Participant-weeks `[..., year, age]` after week `after` of those who start in `starts` `[..., week]`.

    `first` is the week of the first column. The convolution, by differences of the running sum.

    >>> coming_weeks(np.array([2.0, 3.0]), first_week(2021) - 2, first_week(2021) - 1, (2021,), 3).tolist()
    [[0.0, 3.0, 5.0]]
    """
    total = np.concatenate([np.zeros((*starts.shape[:-1], 1)), np.cumsum(starts, axis=-1)], axis=-1)
    low = np.maximum(np.array([first_week(year) for year in years]), after + 1)[:, None]
    high = np.array([first_week(year + 1) for year in years])[:, None]
    age, weeks = np.arange(ages), starts.shape[-1]
    begin, end = np.clip(low - age - first, 0, weeks), np.clip(high - age - first, 0, weeks)
    found: Floats = total[..., np.maximum(begin, end)] - total[..., begin]
    return found


def forecast_years(
    known: Starts,
    how: Extrapolation,
    years: Sequence[int],
    prices: Floats,
    *,
    to_date: Floats | None = None,
    seed: int = 0,
    key: str = "",
    carried: Sequence[bool] = (),
) -> tuple[YearForecast, ...]:
    """The forecast of each of `years`, the first of them the running one.

    `prices` `[year, cell]` are DKK per full-time week, `to_date` `[replicate]` what the running year has given so far.
    `seed` and `key` decide the draws.
    """
    sums = _Weeks.of(known, how, years)
    chance = np.random.Generator(np.random.PCG64(_seed(seed, key)))
    effect = _effect(known.profile, sums.matrix)
    planned = _drawn(known.coming, len(effect), chance)
    by_band = sums.observed @ sums.matrix + coming_weeks(
        planned, known.horizon + 1, known.horizon, years, len(sums.matrix)) @ sums.matrix
    dkk = _kroner(by_band, effect, prices)
    even = _kroner(np.broadcast_to(by_band[:1], by_band.shape), effect, prices)
    later = np.concatenate([[0], 1 + chance.permutation(len(effect) - 1)])
    total = dkk + (even[later] - even[:1]) * sums.later_chance(known, how, years)
    found = []
    for at, year in enumerate(years):
        so_far = to_date if at == 0 else None
        found.append(YearForecast(
            year,
            fan(total[:, at] if so_far is None else total[:, at] + so_far),
            float(dkk[0, at]),
            None if so_far is None else float(so_far[0]),
            sums.started(known, year),
            *sums.shares(at, how),
            carried=bool(carried[at]) if len(carried) else False,
        ))  # fmt: skip
    return tuple(found)


def fan(replicated: Floats) -> Fan:
    """The estimate (row 0) with the percentile intervals of the replicates in which it is defined.

    >>> fan(np.array([5.0, *range(101)])).bounds(50)
    (25.0, 75.0)
    """
    drawn = replicated[1:][np.isfinite(replicated[1:])]
    if len(drawn) < max(2, len(replicated) // 2):
        return Fan(float(replicated[0]))
    cuts = [edge for level in LEVELS for edge in (0.5 - level / 200, 0.5 + level / 200)]
    return Fan(float(replicated[0]), *(float(cut) for cut in np.quantile(drawn, cuts)))


@dataclass(frozen=True)
class _Weeks:
    """Participant-weeks to come `[year, age]`, of those who have started and of those expected, and the rule."""

    matrix: Floats
    observed: Floats
    coming: Floats

    @classmethod
    def of(cls, known: Starts, how: Extrapolation, years: Sequence[int]) -> _Weeks:
        ages = max(first_week(years[-1] + 1) - known.observed_from, 1)
        matrix = how.matrix(known.profile.first_weeks, ages)
        observed = coming_weeks(known.observed, known.observed_from, known.horizon, years, ages)
        return cls(matrix, observed, coming_weeks(known.coming, known.horizon + 1, known.horizon, years, ages))

    @property
    def all(self) -> Floats:
        return self.observed + self.coming

    def later_chance(self, known: Starts, how: Extrapolation, years: Sequence[int]) -> Floats:
        """`[year]`: how much more chance there is in the later follow-up's effect than in this one's, sqrt(N / m).

        N is how many the effect was measured on, in the mean over the weeks to come; m how many there will be, those
        who have more weeks left counting for more (Kish): (Σ c)² ÷ Σ c² over persons, c their weeks.
        """
        ages = np.arange(self.matrix.shape[0])
        left = self.matrix.sum(axis=1)  # 1 while mature, then what the rule leaves
        behind = known.profile.observed[np.minimum(ages, how.mature_week)]
        weeks = self.all * left
        measured_on = (weeks @ behind) / np.maximum(weeks.sum(axis=1), 1e-12)
        starts = np.concatenate([known.observed, known.coming])
        until = np.concatenate([[0.0], np.cumsum(left)])
        start = known.observed_from + np.arange(len(starts))
        found = []
        for at, year in enumerate(years):
            begin, end = max(first_week(year), known.horizon + 1) - start, first_week(year + 1) - start
            each = until[np.clip(end, 0, len(ages))] - until[np.clip(begin, 0, len(ages))]
            square = float(starts @ each**2)
            persons = float(starts @ each) ** 2 / square if square else 1.0
            found.append(max(float(measured_on[at]), 1.0) / max(persons, 1.0))
        chance: Floats = np.sqrt(np.array(found, np.float64))
        return chance

    def started(self, known: Starts, year: int) -> float:
        first = known.horizon + 1
        begin, end = (min(max(first_week(one) - first, 0), len(known.coming)) for one in (year, year + 1))
        return float(known.coming[begin:end].sum())

    def shares(self, at: int, how: Extrapolation) -> tuple[float, float]:
        total = self.all[at].sum()
        if not total:
            return 0.0, 0.0
        beyond = self.all[at, how.mature_week + 1 :].sum()
        return float(beyond / total), float(self.coming[at].sum() / total)


def _effect(profile: Profile, matrix: Floats) -> Floats:
    """The effect `[replicate, band, cell]` in the bands that the rule uses; bands nobody reached are nought."""
    used = (matrix != 0).sum(axis=0) > 0
    found: Floats = np.where(used[:, None], profile.effect, 0.0)
    return found


def _kroner(weeks: Floats, effect: Floats, prices: Floats) -> Floats:
    """`[replicate, year]` of participant-weeks `[replicate, year, band]`, the effect and `prices` `[year, cell]`."""
    per_band = np.einsum("rbc,yc->ryb", effect, prices)
    found: Floats = (weeks * per_band).sum(axis=2)
    return found


def _drawn(coming: Floats, replicates: int, chance: np.random.Generator) -> Floats:
    """Starts expected `[replicate, week]`; row 0 as expected."""
    drawn: Floats = np.concatenate([coming[None], chance.poisson(coming, (replicates - 1, len(coming)))])
    return drawn


def _seed(seed: int, key: str) -> list[int]:
    """One stream per investment, whatever the order they come in."""
    return [seed, int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])]
