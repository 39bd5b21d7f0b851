"""What both ways of being referred share: when an investment is open, whom it wants, and what joining turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from gevinst.sources.synthetic_people import Floats, Ints
from gevinst.sources.synthetic_process import NEVER, Inhabitants, Runs, Turns, simulate
from gevinst.sources.synthetic_rates import BENEFITS, FARTHEST
from gevinst.sources.synthetic_spec import SyntheticInvestment, SyntheticSpec
from gevinst.weeks import monday, week_of


@dataclass(frozen=True)
class World:
    """The municipality as it is without any investment: the runs on benefit that begin before week `until`."""

    spec: SyntheticSpec
    who: Inhabitants
    until: int
    runs: Runs


@dataclass(frozen=True)
class Referred:
    """The participants of one investment, in the order they start: person and week of the start."""

    person: Ints
    week: Ints


def open_weeks(spec: SyntheticSpec, investment: SyntheticInvestment) -> Ints:
    """The weeks in which somebody can start: referrals on, data not ended, nothing suspended on the Monday."""
    last_day = min(investment.referrals_to, spec.data_to)
    suspended = [s for s in spec.suspensions if s.investment in ("", investment.key)]
    weeks = [
        week
        for week in range(week_of(investment.referrals_from), week_of(last_day) + 1)
        if investment.referrals_from <= monday(week) <= last_day
        and not any(s.start <= monday(week) <= s.end for s in suspended)
    ]
    return np.array(weeks, np.int64)


def target_runs(world: World, runs: Runs, investment: SyntheticInvestment, weeks: Ints) -> Runs:
    """Those of `runs` on the target benefit that reach into the open weeks."""
    on_target = world.who.main[runs.person] == BENEFITS.index(investment.benefit)
    return runs.take(on_target & (runs.until > weeks[0]) & (runs.start < weeks[-1]))


def attraction(world: World, investment: SyntheticInvestment) -> Floats:
    """How much more often than others each person is referred, at equal duration; `[person]`."""
    people = world.who.people
    wanted: Floats = people.prospects ** world.spec.creaming_of(investment) * people.appeal
    return wanted


def by_duration(investment: SyntheticInvestment) -> Floats:
    """The relative rate of referral after 0, 1, ... weeks on the benefit.

    >>> soon = SyntheticInvestment("x", "a-dagpenge", 1, 1, 1.0, 0.0, referral_by_duration=((1, 1.0), (3, 0.5)))
    >>> by_duration(soon)[:5].tolist()
    [1.0, 1.0, 0.5, 0.5, 0.0]
    """
    relative, begins = np.zeros(FARTHEST + 1), 0
    for last, rate in investment.referral_by_duration:
        relative[begins : last + 1] = rate
        begins = last + 1
    return relative


def treatment(
    spec: SyntheticSpec, referred: Mapping[int, Referred], leave_out: int | None = None
) -> tuple[Ints, Turns]:
    """All participants, sorted, and the turns that their investments are to them; as if `leave_out` were not there."""
    groups = [(number, group) for number, group in sorted(referred.items()) if number != leave_out]
    person = _joined([group.person for _, group in groups])
    week = _joined([group.week for _, group in groups])
    size = [len(group.person) for _, group in groups]
    effect = [spec.investments[number].exit_hazard_increase * spec.effect_scale for number, _ in groups]
    order = np.lexsort((week, person))
    week, factor = week[order], np.repeat(1 + np.array(effect, np.float64), size)[order]
    everyone, first, times = np.unique(person[order], return_index=True, return_counts=True)
    shape = (int(times.max(initial=1)), len(everyone))
    turns = Turns(np.full(shape, NEVER, np.int64), np.ones(shape))
    for nth in range(shape[0]):
        more = np.flatnonzero(times > nth)
        turns.week[nth, more] = week[first[more] + nth]
        turns.factor[nth, more] = factor[first[more] + nth]
    return everyone, turns


def runs_with(world: World, referred: Mapping[int, Referred], leave_out: int | None = None) -> Runs:
    """Everybody's runs, with what they take part in; as if investment `leave_out` were not there."""
    person, turns = treatment(world.spec, referred, leave_out)
    others = np.ones(len(world.who.main), bool)
    others[person] = False
    parts = (world.runs.take(others[world.runs.person]), simulate(world.who, world.until, person, turns))
    joined = Runs(*(np.concatenate(pair) for pair in zip(*(vars(part).values() for part in parts), strict=True)))
    return joined.take(np.lexsort((joined.number, joined.person)))


def _joined(parts: Iterable[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *parts])
