"""Who is referred to which investment in the made-up municipality, and when.

An investment goes by places (`synthetic_places.py`) or by rate (`synthetic_by_rate.py`). Either way good prospects
come first in tendency (creaming): the chance grows with the person's multiplier on the rate of leaving, which her
observed covariates decide, and with the hidden trait where there is one.

Referral looks at the world without any effect, so the same persons start in the same weeks whatever the effect is,
and a person takes part in one investment at most. Only where some may take part in two does the second referral
look at the world with the first: one who has left cannot be referred again.
"""

from __future__ import annotations

import numpy as np

from gevinst.sources.synthetic_by_rate import chances, join, scales
from gevinst.sources.synthetic_joining import Referred, World, runs_with
from gevinst.sources.synthetic_people import SECOND, Flags, Ints
from gevinst.sources.synthetic_places import fill_places
from gevinst.sources.synthetic_process import NEVER


def refer(world: World) -> dict[int, Referred]:
    """The participants of each investment by its number: first those that go by rate, then place by place."""
    spec, who = world.spec, world.who
    may_join_two: Flags = who.draws.uniform(SECOND) < spec.share_in_two
    by_rate = [n for n, one in enumerate(spec.investments) if one.wanted_participants is not None]
    found = _by_rate(world, by_rate, may_join_two) if by_rate else {}
    free_from = np.zeros(len(who.main), np.int64)
    for group in found.values():
        _take(free_from, may_join_two, group)
    for number in range(len(spec.investments)):
        if number not in found:
            runs = runs_with(world, found) if may_join_two.any() else world.runs
            found[number] = fill_places(world, runs, number, free_from)
            _take(free_from, may_join_two, found[number])
    return dict(sorted(found.items()))


def _by_rate(world: World, numbers: list[int], may_join_two: Flags) -> dict[int, Referred]:
    eligible = chances(world, world.runs, numbers)
    scale = scales(eligible, [world.spec.investments[number].wanted_participants or 0 for number in numbers])
    found = dict(zip(numbers, join(world.who, eligible, scale, 0), strict=True))
    if not may_join_two.any() or len(numbers) < 2:
        return found
    started, joined = np.full(len(world.who.main), NEVER), np.full(len(world.who.main), -1)
    for place, number in enumerate(numbers):
        started[found[number].person], joined[found[number].person] = found[number].week, place
    again = chances(world, runs_with(world, found), numbers)
    elsewhere = (again.week > started[again.person]) & (again.place != joined[again.person])
    more = join(world.who, again.take(elsewhere & may_join_two[again.person]), scale, 1)
    return {number: _with(found[number], second) for number, second in zip(numbers, more, strict=True)}


def _with(first: Referred, second: Referred) -> Referred:
    """Those who come to an investment as their first and as their second, in the order they start."""
    person, week = np.append(first.person, second.person), np.append(first.week, second.week)
    order = np.lexsort((person, week))
    return Referred(person[order], week[order])


def _take(free_from: Ints, may_join_two: Flags, group: Referred) -> None:
    """Note that these persons take part: when each may start in something else, if she may."""
    first = (free_from[group.person] == 0) & may_join_two[group.person]
    free_from[group.person] = np.where(first, group.week + 1, NEVER)
