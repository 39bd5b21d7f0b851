"""What a made-up municipality is like: who lives there, its investments, and the switches that make it awkward.

Every switch is off by default and can be combined with every other. Which of them break which estimator is the
subject of `docs/method/synthetic.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from gevinst.sources.synthetic_rates import (
    A_DAGPENGE,
    FARTHEST,
    KONTANTHJAELP,
    RESSOURCEFORLOEB,
    SYGEDAGPENGE,
    Steps,
)

ANY_TIME: Steps = ((FARTHEST, 1.0),)


@dataclass(frozen=True)
class Suspended:
    """A period, both days included, in which nobody is referred; `investment` empty: to none of them."""

    start: date
    end: date
    investment: str = ""


@dataclass(frozen=True)
class Boom:
    """A turn of the business cycle in calendar time.

    From the week of `start`, and until the next boom, everybody's weekly rate of leaving is `factor` times what it
    is without any boom (below 1: a slump), however long ago the run began.
    """

    start: date
    factor: float


@dataclass(frozen=True)
class HiddenTrait:
    """What a caseworker sees and no file shows: a frailty of two values.

    The `share` of the persons who have it leave every benefit `leave` times as fast, and their chance of being
    referred is `referral` times as high. With `referral` 1 it makes persons different and confounds nothing.
    """

    share: float = 0.5
    leave: float = 1.0
    referral: float = 1.0


@dataclass(frozen=True)
class SyntheticInvestment:
    """An investment of the made-up municipality.

    `full_time_participants` is its capacity: how many take part at a time when nothing is suspended.
    `exit_hazard_increase` is the true effect: the weekly rate of leaving the benefit is higher by this share
    from the start and for good (0.2: by 20 per cent; 0: no effect). `stopped` ends everybody's participation.

    Places are filled week by week. With `wanted_participants` there are no places: each eligible person-week has
    a chance of referral of its own instead, scaled so that so many are expected to take part in all.
    `referral_by_duration` makes the chance depend on the weeks on the benefit: (last week, relative rate) steps.
    `creaming` takes the place of the municipality's.
    """

    key: str
    benefit: str
    full_time_participants: int
    planned_weeks: int
    dkk_per_participant_week: float
    exit_hazard_increase: float
    min_spell_weeks: int = 0
    referrals_from: date = date(2020, 2, 3)
    referrals_to: date = date(2023, 12, 31)
    stopped: date | None = None
    wanted_participants: int | None = None
    referral_by_duration: Steps = ANY_TIME
    creaming: float | None = None


INVESTMENTS = (
    SyntheticInvestment("koordineret-indsats", KONTANTHJAELP, 60, 52, 990.0, 0.15,
                        referrals_to=date(2021, 4, 28), stopped=date(2021, 5, 18)),
    SyntheticInvestment("intensiveret-indsats", KONTANTHJAELP, 40, 26, 860.0, 0.30, min_spell_weeks=52),
    SyntheticInvestment("smaajob", A_DAGPENGE, 184, 26, 25.0, 0.20),
    SyntheticInvestment("jobsoegningsnetvaerk", A_DAGPENGE, 40, 13, 120.0, 0.25),
)
SUSPENSIONS = (Suspended(date(2020, 3, 11), date(2020, 5, 26)), Suspended(date(2020, 12, 9), date(2021, 4, 15)))
MIX = {A_DAGPENGE: 0.46, KONTANTHJAELP: 0.10, SYGEDAGPENGE: 0.38, RESSOURCEFORLOEB: 0.06}


@dataclass(frozen=True)
class SyntheticSpec:
    """What the municipality is like. The same spec gives the same bytes.

    `persons` are drawn; those who never received a benefit within the period (about one in ten) are not in the
    files. `mix` is the
    share of persons by main benefit. `effect_scale` multiplies every investment's effect (0: no effect at all).
    `creaming` is the power of the prospects that referral goes by (0: at random). `messy` adds some duplicate
    and some overlapping rows.

    `cycle_by_entry` keeps the calibrated business cycle, in which runs that begin in 2020 or later end faster;
    `booms` change the rate of leaving in calendar time, whenever the run began. `age_gradient` and
    `prior_gradient` are added to the log rate of leaving per ten years of age above 40 and per 26 weeks of benefit
    before the first spell above 26, within the bands as well as between them. Nobody comes back to a benefit before
    `shortest_gap` whole weeks off it: with 4 the runs are the spells that a rule of four weeks sees, with 1 some runs
    are only a part of one, and the rates go by the run. `hidden` is a trait that no file shows. `share_in_two` of the
    participants may be referred to a second investment. `prices` are DKK per full-time week by benefit, written for
    every year of the data.
    """

    seed: int = 1
    persons: int = 13_500
    data_from: date = date(2016, 1, 4)
    data_to: date = date(2021, 10, 31)
    mix: Mapping[str, float] = field(default_factory=lambda: dict(MIX))
    investments: tuple[SyntheticInvestment, ...] = INVESTMENTS
    suspensions: tuple[Suspended, ...] = SUSPENSIONS
    effect_scale: float = 1.0
    creaming: float = 1.5
    messy: bool = False
    file_format: Literal["csv", "parquet"] = "csv"
    cycle_by_entry: bool = True
    booms: tuple[Boom, ...] = ()
    age_gradient: float = 0.0
    prior_gradient: float = 0.0
    shortest_gap: int = 1
    hidden: HiddenTrait | None = None
    share_in_two: float = 0.0
    prices: Mapping[str, float] = field(default_factory=dict)

    def creaming_of(self, investment: SyntheticInvestment) -> float:
        """The power of the prospects that referral to this investment goes by."""
        return self.creaming if investment.creaming is None else investment.creaming


def without_effect(spec: SyntheticSpec) -> SyntheticSpec:
    """The same municipality, the same referrals, and investments that do nothing."""
    return replace(spec, effect_scale=0.0)
