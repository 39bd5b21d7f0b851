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
    beyond it, which are in no figure. `present` are the participants who at least have counted weeks in each of `years`
    (empty: not counted); `withheld` the years that were too few's, each with the year that its weeks are counted in
    instead (None: in none). `profile` is the effect by week since the start, for what is yet to come; with credit
    between investments it is that of the participants' own.
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
    present: tuple[int, ...] = ()
    withheld: tuple[tuple[int, int | None], ...] = ()

    def without_years(self, few: Collection[int]) -> EffectReplicates:
        """The effect without some years of its own: their weeks are counted in the next year that is left, or the last.

        >>> weeks = np.array([[[1.0], [2.0], [4.0]]])
        >>> nothing = np.zeros((1, 1))
        >>> one = EffectReplicates("", 9, 9, 52, 52, 52, 0, nothing[0], nothing, nothing, (2020, 2021, 2022),
        ...                        (("a", 0),), weeks, weeks, present=(2, 9, 1))
        >>> told = one.without_years([2020, 2022])
        >>> told.years, told.actual_weeks[0, :, 0].tolist(), told.withheld
        ((2021,), [7.0], ((2020, 2021), (2022, 2021)))
        """
        kept = [year for year in self.years if year not in few]
        into = {year: min((k for k in kept if k > year), default=max(kept, default=None)) for year in few}
        actual, without = (np.zeros((len(weeks), len(kept), weeks.shape[2]))
                           for weeks in (self.actual_weeks, self.counterfactual_weeks))
        for y, year in enumerate(self.years):
            place = into.get(year, year)
            if place is not None:
                actual[:, kept.index(place)] += self.actual_weeks[:, y]
                without[:, kept.index(place)] += self.counterfactual_weeks[:, y]
        return replace(
            self, years=tuple(kept), actual_weeks=actual, counterfactual_weeks=without,
            present=tuple(n for year, n in zip(self.years, self.present, strict=True) if year not in few),
            withheld=tuple(sorted({**dict(self.withheld), **into}.items())),
        )  # fmt: skip


def with_credit(effect: EffectReplicates, credit: EffectReplicates) -> EffectReplicates:
    """The effect with person-weeks of another one's participants credited to it; they have the same cells."""
    years = tuple(sorted({*effect.years, *credit.years}))
    shape = (len(effect.actual_weeks), len(years), len(effect.cells))
    actual, without = np.zeros(shape), np.zeros(shape)
    for one in (effect, credit):
        at = [years.index(year) for year in one.years]
        actual[:, at] += one.actual_weeks
        without[:, at] += one.counterfactual_weeks
    counted = bool(effect.present and credit.present)
    own, lent = (dict(zip(one.years, one.present, strict=True)) if counted else {} for one in (effect, credit))
    # Who is lent may be among the participants, so the larger of the two is what there surely is.
    present = tuple(max(own.get(year, 0), lent.get(year, 0)) for year in years) if counted else ()
    return replace(effect, years=years, actual_weeks=actual, counterfactual_weeks=without, present=present)
