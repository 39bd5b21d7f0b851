"""Referral by places in the made-up municipality: an investment has so many, and vacancies are filled weekly."""

from __future__ import annotations

from math import ceil

import numpy as np

from gevinst.sources.synthetic_joining import Referred, World, attraction, by_duration, open_weeks, target_runs
from gevinst.sources.synthetic_people import REFERRAL, Flags, Ints
from gevinst.sources.synthetic_process import NEVER, Runs
from gevinst.sources.synthetic_rates import FARTHEST

WEEKS_TO_FILL = 8  # it takes about so long to fill an empty investment


def fill_places(world: World, runs: Runs, number: int, free_from: Ints) -> Referred:
    """Fill investment `number` from those of `runs` who are eligible, each from the week `free_from` `[person]`."""
    who, investment = world.who, world.spec.investments[number]
    weeks = open_weeks(world.spec, investment)
    person, week, leaves = (np.zeros(0, np.int64) for _ in range(3))
    if not len(weeks):
        return Referred(person, week)
    pool = target_runs(world, runs, investment, weeks)
    wanted, relative = attraction(world, investment)[pool.person], by_duration(investment)
    available = free_from.copy()
    for now in weeks.tolist():
        vacant = investment.full_time_participants - int(np.sum(leaves > now))
        places = min(vacant, ceil(investment.full_time_participants / WEEKS_TO_FILL))
        rate = wanted * relative[np.clip(now - pool.start, 0, FARTHEST)]
        there: Flags = (pool.start + investment.min_spell_weeks < now) & (pool.until > now) & (rate > 0)
        eligible = np.flatnonzero(there & (who.gone[pool.person] > now) & (available[pool.person] <= now))
        if places <= 0 or not len(eligible):
            continue
        luck = np.random.Generator(np.random.PCG64([who.draws.seed, REFERRAL, number, now])).random(len(eligible))
        waiting = -np.log1p(-luck) / rate[eligible]
        chosen = np.sort(eligible[np.argsort(waiting, kind="stable")[:places]])
        available[pool.person[chosen]] = NEVER
        person = np.append(person, pool.person[chosen])
        week = np.append(week, np.full(len(chosen), now))
        leaves = np.append(leaves, np.minimum(pool.until[chosen], now + investment.planned_weeks))
    return Referred(person, week)
