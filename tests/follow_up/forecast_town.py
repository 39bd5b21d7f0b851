"""A made-up municipality whose effect is the same in every week, counted as far as any week, without a database.

Persons are on a benefit by a share of their own, week by week: participants 0.1 less than the others. Participants
start at an even pace; the others are followed from the same weeks. What is counted up to a week is what a follow-up
made then would see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gevinst.curves.tallies import ArmCounts
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.ladder import compare, without_from_arms
from gevinst.effects.replicates import GROUPS, Floats
from gevinst.weeks import first_week, year_of

BENEFIT, STEP, PRICE, EFFECT = "kontanthjaelp", 3, 1000.0, -0.1
FIRST = first_week(2020)
AFTER = first_week(2023)


@dataclass(frozen=True)
class Arm:
    """Each person's start, group, and weeks on the benefit `[person, week]` from `FIRST`."""

    start: np.ndarray
    group: np.ndarray
    on: np.ndarray


@dataclass(frozen=True)
class Town:
    """The two arms; `pace` is what was expected to start each week, in whole or in part."""

    took_part: Arm
    others: Arm
    pace: float


def town(seed: int, pace: float = 2.0, others: float = 6.0) -> Town:
    """A municipality in which `pace` are expected to start each week of 2020-2022."""
    rng = np.random.default_rng(seed)
    return Town(_arm(rng, pace, EFFECT, 0), _arm(rng, others, 0.0, 10**6), pace)


def _arm(rng: np.random.Generator, pace: float, effect: float, first_id: int) -> Arm:
    weeks = AFTER - FIRST
    start = np.repeat(np.arange(weeks), rng.poisson(pace, weeks))
    lean = rng.beta(8, 3, len(start)) + effect
    stretch = 13  # weeks on and off come in stretches
    drawn = rng.random((len(start), weeks // stretch + 1)) < lean[:, None]
    on = np.repeat(drawn, stretch, axis=1)[:, :weeks]
    return Arm(start, rng.integers(0, GROUPS, len(start)), on & (np.arange(weeks) >= start[:, None]))


def counts(arm: Arm, until: int) -> ArmCounts:
    """What is seen of an arm to the end of column `until`."""
    seen = arm.start <= until
    start, group, on = arm.start[seen], arm.group[seen], arm.on[seen]
    width = until + 1
    years = tuple(sorted({year_of(FIRST + at) for at in range(width)}))
    observed, paid = np.zeros((GROUPS, width), np.int64), np.zeros((GROUPS, len(years), width))
    exposure = np.zeros((GROUPS, len(years), width))
    year = np.array([years.index(year_of(FIRST + at)) for at in range(width)])
    begins, ends = np.zeros((GROUPS, width), np.int64), np.zeros((GROUPS, width), np.int64)
    for person in range(len(start)):
        age = np.arange(width - start[person])
        g, mine = group[person], on[person, start[person] : width]
        observed[g, age] += 1
        exposure[g, year[start[person] :], age] += 1
        paid[g, year[start[person] :], age] += mine
        change = np.diff(mine.astype(int), prepend=0)
        begins[g, age] += change == 1
        ends[g, age] += change == -1
    cut = np.zeros_like(begins)
    trials = np.bincount(group, minlength=GROUPS).astype(np.int64)
    cells = tuple((BENEFIT, STEP, one) for one in years)
    return ArmCounts("arm", observed, begins, ends, cut, trials, years, exposure, cells, paid)


def follow_up(made: Town, until: int, drawn: Floats) -> EffectReplicates:
    """The effect as a follow-up at the end of column `until` finds it."""
    others = without_from_arms([counts(made.others, until)], drawn)
    return compare("rest_of_target_group", counts(made.took_part, until), others, drawn, 52)
