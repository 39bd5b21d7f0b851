"""Referral by rate in the made-up municipality: every eligible person-week has a chance of its own.

With a_i what draws person i (`joining.attraction`), g_j(d) what her duration d does, and a scale c_j, she starts in
investment j in an eligible week with the rate c_j a_i g_j(d). She joins when the cumulated rate over her eligible
person-weeks, all investments together, reaches an exponential number of her own: whatever is eligible first wins, so
nobody is kept out of one investment because she will later be in another. The scales are found by repeated
proportional steps so that each investment expects the participants it wants; where there are not so many to be had,
it takes nearly everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gevinst.sources.synthetic_joining import Referred, World, attraction, by_duration, open_weeks, target_runs
from gevinst.sources.synthetic_people import JOINING, Flags, Floats, Ints
from gevinst.sources.synthetic_process import Inhabitants, Runs
from gevinst.sources.synthetic_rates import FARTHEST
from gevinst.sources.synthetic_spec import SyntheticInvestment

ROUNDS = 40
CLOSE_ENOUGH = 1e-4


class Chances(NamedTuple):
    """Eligible person-weeks by investment, sorted by person, week and investment; `[chance]`.

    `place` is the investment's place among those asked for, `rate` the rate of referral before scaling.
    """

    person: Ints
    week: Ints
    place: Ints
    rate: Floats

    def take(self, which: Flags | Ints) -> Chances:
        """Only these."""
        return Chances(self.person[which], self.week[which], self.place[which], self.rate[which])


def chances(world: World, runs: Runs, numbers: Sequence[int]) -> Chances:
    """Which of `runs` could be referred to the investments `numbers`, when, and how readily."""
    wanting = [world.spec.investments[number] for number in numbers]
    parts = [_eligible(world, runs, investment, place) for place, investment in enumerate(wanting)]
    joined = Chances(
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.week for part in parts]),
        np.concatenate([part.place for part in parts]),
        np.concatenate([part.rate for part in parts]),
    )
    return joined.take(np.lexsort((joined.place, joined.week, joined.person)))


def scales(found: Chances, wanted: Sequence[int]) -> Floats:
    """The scale of each investment with which the expected participants are those wanted."""
    goal = np.asarray(wanted, np.float64)
    total = np.bincount(found.place, weights=found.rate, minlength=len(goal))
    scale = goal / np.where(total > 0, total, 1.0)
    for _ in range(ROUNDS):
        rate = found.rate * scale[found.place]
        before = _cumulated(found.person, rate) - rate
        expected = np.bincount(found.place, np.exp(-before) * -np.expm1(-rate), minlength=len(goal))
        off = np.divide(goal, expected, out=np.ones(len(goal)), where=expected > 0)
        scale = scale * off
        if np.all(np.abs(off - 1) < CLOSE_ENOUGH):
            break
    return scale


def join(who: Inhabitants, found: Chances, scale: Floats, number: int) -> tuple[Referred, ...]:
    """Who starts where: the first chance at which the cumulated rate reaches the person's draw `number`."""
    patience = who.draws.exponential(JOINING, number)[found.person]
    reached = _cumulated(found.person, found.rate * scale[found.place]) >= patience
    hits = np.flatnonzero(reached)
    first = hits[np.unique(found.person[hits], return_index=True)[1]]
    first = first[np.lexsort((found.person[first], found.week[first]))]
    return tuple(
        Referred(found.person[theirs], found.week[theirs])
        for theirs in (first[found.place[first] == place] for place in range(len(scale)))
    )


def _eligible(world: World, runs: Runs, investment: SyntheticInvestment, place: int) -> Chances:
    weeks = open_weeks(world.spec, investment)
    if not len(weeks):
        nobody = np.zeros(0, np.int64)
        return Chances(nobody, nobody, nobody, np.zeros(0))
    pool = target_runs(world, runs, investment, weeks)
    low = np.searchsorted(weeks, pool.start + investment.min_spell_weeks + 1)
    high = np.searchsorted(weeks, np.minimum(pool.until, world.who.gone[pool.person]))
    lengths = np.maximum(high - low, 0)
    run = np.repeat(np.arange(len(low)), lengths)
    week = weeks[np.arange(len(run)) - np.repeat(np.cumsum(lengths) - lengths - low, lengths)]
    elapsed = np.minimum(week - pool.start[run], FARTHEST)
    rate = attraction(world, investment)[pool.person[run]] * by_duration(investment)[elapsed]
    kept = rate > 0
    return Chances(pool.person[run][kept], week[kept], np.full(int(kept.sum()), place), rate[kept])


def _cumulated(person: Ints, rate: Floats) -> Floats:
    """The running sum within each person; rows are sorted by person."""
    if not len(person):
        return rate
    running = np.cumsum(rate)
    first = np.flatnonzero(np.diff(person, prepend=-1))
    size = np.diff(np.append(first, len(person)))
    cumulated: Floats = running - np.repeat(running[first] - rate[first], size)
    return cumulated
