"""What an estimator answers: weeks saved, and the person-weeks that lie behind the kroner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gevinst.effects.profile import Profile

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval; bounds are None where they cannot be said."""

    estimate: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class YearEffect:
    """What the participants' weeks cost beside what they would have cost, in DKK; negative is a saving."""

    year: int
    gross: Interval
    net: Interval


@dataclass(frozen=True)
class EffectReplicates:
    """One estimator's answer for one investment, under every replicate; row 0 is the estimate.

    `weeks_saved` `[replicate]`: per participant over `horizon_weeks`. `share_with` and `share_without`
    `[replicate, week]`: on the same benefit. `actual_weeks` and `counterfactual_weeks` `[replicate, year, cell]`:
    full-time person-weeks of all participants in a calendar year on each (benefit, refund step) of `cells`.
    `covered_weeks` is the last week after the start that both groups reach; `uncovered` the participant-weeks
    beyond it, which are in no figure. `started` are those who had started by the end of each of `years` (empty: not
    counted); `withheld` the years that were taken away because those were too few. `profile` is the effect by week
    since the start, for what is yet to come; with credit between investments it is that of the participants' own.
    """

    estimator: str
    participants: int
    comparison: int
    asked_weeks: int
    horizon_weeks: int
    covered_weeks: int
    uncovered: int
    weeks_saved: Floats
    share_with: Floats
    share_without: Floats
    years: tuple[int, ...]
    cells: tuple[tuple[str, int], ...]
    actual_weeks: Floats
    counterfactual_weeks: Floats
    comparison_label: str = ""
    profile: Profile | None = None
    started: tuple[int, ...] = ()
    withheld: tuple[int, ...] = ()

    def started_by(self, year: int) -> int:
        """How many had started by the end of a year."""
        return next((n for y, n in zip(self.years[::-1], self.started[::-1], strict=True) if y <= year), 0)

    def without_years(self, few: Collection[int]) -> EffectReplicates:
        """The effect without what is of some years."""
        kept = [y for y, year in enumerate(self.years) if year not in few]
        return replace(
            self,
            years=tuple(self.years[y] for y in kept),
            actual_weeks=self.actual_weeks[:, kept],
            counterfactual_weeks=self.counterfactual_weeks[:, kept],
            started=tuple(self.started[y] for y in kept),
            withheld=tuple(sorted({*self.withheld, *few})),
        )


def with_credit(effect: EffectReplicates, credit: EffectReplicates) -> EffectReplicates:
    """The effect with person-weeks of another one's participants credited to it; they have the same cells."""
    years = tuple(sorted({*effect.years, *credit.years}))
    shape = (len(effect.actual_weeks), len(years), len(effect.cells))
    actual, without = np.zeros(shape), np.zeros(shape)
    for one in (effect, credit):
        at = [years.index(year) for year in one.years]
        actual[:, at] += one.actual_weeks
        without[:, at] += one.counterfactual_weeks
    counted = bool(effect.started and credit.started)
    started = tuple(effect.started_by(year) + credit.started_by(year) for year in years) if counted else ()
    return replace(effect, years=years, actual_weeks=actual, counterfactual_weeks=without, started=started)
