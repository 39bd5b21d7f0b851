"""Who is referred to which investment in the made-up municipality, and when.

Every week that is open for referrals the vacancies are filled from those who are eligible, best prospects first
in tendency (creaming): the chance grows with the person's multiplier on the rate of leaving, which her observed
covariates decide. Referral looks at the world without any effect, so the same persons start in the same weeks
whatever the effect is, and a person takes part in one investment at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np

from gevinst.sources.synthetic_people import REFERRAL, Ints
from gevinst.sources.synthetic_process import Inhabitants, Runs
from gevinst.sources.synthetic_rates import BENEFITS
from gevinst.weeks import monday, week_of

WEEKS_TO_FILL = 8  # it takes about so long to fill an empty investment


@dataclass(frozen=True)
class Suspended:
    """A period, both days included, in which nobody is referred; `investment` empty: to none of them."""

    start: date
    end: date
    investment: str = ""


@dataclass(frozen=True)
class SyntheticInvestment:
    """An investment of the made-up municipality.

    `full_time_participants` is its capacity: how many take part at a time when nothing is suspended.
    `exit_hazard_increase` is the true effect: the weekly rate of leaving the benefit is higher by this share
    from the start and for good (0.2: by 20 per cent; 0: no effect). `stopped` ends everybody's participation.
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


@dataclass(frozen=True)
class Referred:
    """The participants of one investment, in the order they start: person and week of the start."""

    person: Ints
    week: Ints


def refer(
    who: Inhabitants,
    runs: Runs,
    investments: Sequence[SyntheticInvestment],
    suspensions: Sequence[Suspended],
    last_day: date,
    creaming: float,
) -> tuple[Referred, ...]:
    """Fill the investments, one after the other, from the `runs` without effect."""
    taken = np.zeros(len(who.main), bool)
    found = []
    for number, investment in enumerate(investments):
        referred = _fill(who, runs, investment, number, taken, suspensions, last_day, creaming)
        taken[referred.person] = True
        found.append(referred)
    return tuple(found)


def _fill(
    who: Inhabitants,
    runs: Runs,
    investment: SyntheticInvestment,
    number: int,
    taken: np.ndarray,
    suspensions: Sequence[Suspended],
    last_day: date,
    creaming: float,
) -> Referred:
    first, last = week_of(investment.referrals_from), week_of(min(investment.referrals_to, last_day))
    target = who.main[runs.person] == BENEFITS.index(investment.benefit)
    pool = runs.take(target & (runs.until > first) & (runs.start < last) & ~taken[runs.person])
    free = np.ones(len(who.main), bool)
    person, week, leaves = (np.zeros(0, np.int64) for _ in range(3))
    for now in range(first, last + 1):
        if not is_open(monday(now), investment, suspensions, last_day):
            continue
        vacant = investment.full_time_participants - int(np.sum(leaves > now))
        places = min(vacant, ceil(investment.full_time_participants / WEEKS_TO_FILL))
        waited = pool.start + investment.min_spell_weeks < now
        eligible = np.flatnonzero(waited & (pool.until > now) & (who.gone[pool.person] > now) & free[pool.person])
        if places <= 0 or not len(eligible):
            continue
        luck = np.random.Generator(np.random.PCG64([who.draws.seed, REFERRAL, number, now])).random(len(eligible))
        waiting = -np.log1p(-luck) / who.people.leave[pool.person[eligible]] ** creaming
        chosen = np.sort(eligible[np.argsort(waiting, kind="stable")[:places]])
        free[pool.person[chosen]] = False
        person = np.append(person, pool.person[chosen])
        week = np.append(week, np.full(len(chosen), now))
        leaves = np.append(leaves, np.minimum(pool.until[chosen], now + investment.planned_weeks))
    return Referred(person, week)


def is_open(
    day: date, investment: SyntheticInvestment, suspensions: Sequence[Suspended], last_day: date
) -> bool:
    """Whether somebody can start on this day."""
    suspended = any(s.start <= day <= s.end and s.investment in ("", investment.key) for s in suspensions)
    return investment.referrals_from <= day <= min(investment.referrals_to, last_day) and not suspended
