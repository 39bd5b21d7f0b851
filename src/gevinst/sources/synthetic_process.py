"""The runs on benefit of everybody in the made-up municipality, with or without an effect.

Everything is drawn by inverting a cumulated rate at one exponential number per person and run, so that the same
person with and without an investment uses the same numbers: her two potential outcomes differ by the effect
alone, and are equal when it is zero.

An investment and a boom do the same: from some week on the rate of leaving is multiplied by a factor (a turn). With
H the cumulated rate of the duration and a turn by the factor c after a weeks, the rate has come to
H(a) + c (H(k) - H(a)) after k > a weeks; so whoever would have needed H(k) = n > H(a) now needs only
H(a) + (n - H(a)) / c. Turns are taken one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from gevinst.sources.synthetic_calibration import FASTER, RATES
from gevinst.sources.synthetic_people import (
    ARRIVAL,
    AWAY,
    LEAVING,
    MAIN_BENEFIT,
    STAY,
    Draws,
    Flags,
    Floats,
    Ints,
    People,
    draw_people,
    pick,
)
from gevinst.sources.synthetic_rates import A_DAGPENGE, BENEFITS, COMES_BACK, LEAVES, LEAVES_REGISTER, cumulated
from gevinst.sources.synthetic_spec import SyntheticSpec
from gevinst.weeks import first_week, week_of

FIRST_ARRIVAL = first_week(2014)
RUNS_AT_MOST = 40  # per person; more than anybody comes near to
NEVER = 1 << 30  # a week nobody lives to see


@dataclass(frozen=True)
class Inhabitants:
    """Everybody, `[person]`: main benefit (number in `BENEFITS`), first week on it, first week off the register.

    `cycle_by_entry` and `booms` (week and factor, as turns `[turn]`) are the business cycle they live in, and nobody
    comes back before `shortest_gap` weeks.
    """

    draws: Draws
    people: People
    main: Ints
    arrival: Ints
    gone: Ints
    cycle_by_entry: bool
    booms: Turns
    shortest_gap: int


@dataclass(frozen=True)
class Turns:
    """From `week` on the rate of leaving is multiplied by `factor` beside what it was; `[turn]` or `[turn, person]`."""

    week: Ints
    factor: Floats

    def take(self, which: Flags | Ints) -> Turns:
        """Only these persons'."""
        return Turns(self.week[:, which], self.factor[:, which])


@dataclass(frozen=True)
class Runs:
    """Runs on the main benefit, sorted by person and time; arrays `[run]`, weeks as in `gevinst.weeks`.

    `number` counts a person's runs from 0, `until` is the first week off, `back` the week the next run begins
    (`NEVER` when none does). `reach` is the cumulated rate at which the run ends, and `pace` the person's
    multiplier: the run ends in the first week k with pace H(k) >= reach.
    """

    person: Ints
    number: Ints
    start: Ints
    until: Ints
    back: Ints
    reach: Floats
    pace: Floats

    def take(self, which: Flags | Ints) -> Runs:
        """Only these runs."""
        return Runs(*(getattr(self, field.name)[which] for field in fields(self)))


def draw_inhabitants(spec: SyntheticSpec) -> Inhabitants:
    """Draw persons, their main benefit by `mix`, and when they first arrive on it: evenly until the data end."""
    draws, last_week = Draws(spec.seed, spec.persons), week_of(spec.data_to)
    arrival = FIRST_ARRIVAL + (draws.uniform(ARRIVAL) * (last_week + 1 - FIRST_ARRIVAL)).astype(np.int64)
    stays = np.ceil(draws.exponential(LEAVING) / -np.log1p(-LEAVES_REGISTER)).astype(np.int64)
    shares = np.array([spec.mix.get(benefit, 0.0) for benefit in BENEFITS])
    main = pick(shares / shares.sum(), draws.uniform(MAIN_BENEFIT))
    gone = arrival + np.maximum(stays, 1)
    people = draw_people(draws, spec)
    return Inhabitants(draws, people, main, arrival, gone, spec.cycle_by_entry, _booms(spec), spec.shortest_gap)


def _booms(spec: SyntheticSpec) -> Turns:
    """The booms as turns: each beside the one before it."""
    booms = sorted(spec.booms, key=lambda boom: boom.start)
    factor = np.array([1.0, *(boom.factor for boom in booms)])
    return Turns(np.array([week_of(boom.start) for boom in booms], np.int64), factor[1:] / factor[:-1])


def untouched(persons: Ints) -> Turns:
    """No turn for anybody but the booms that everybody has."""
    return Turns(np.zeros((0, len(persons)), np.int64), np.zeros((0, len(persons))))


def simulate(who: Inhabitants, until: int, persons: Ints, treated: Turns) -> Runs:
    """The runs of `persons` that begin before week `until`, with the turns of their own `[turn, person]`.

    Weeks on or off are not cut at `until`.
    """
    turns = _in_order(treated, who.booms)
    found = []
    start, active = who.arrival[persons].copy(), np.arange(len(persons))
    for number in range(RUNS_AT_MOST):
        active = active[(start[active] < until) & (start[active] < who.gone[persons[active]])]
        if number and not len(active):
            break
        run = _runs(who, number, persons[active], start[active], turns.take(active))
        start[active] = run.back
        found.append(run)
    parts = [np.concatenate([getattr(run, field.name) for run in found]) for field in fields(Runs)]
    runs = Runs(*parts)
    return runs.take(np.lexsort((runs.number, runs.person)))


def _in_order(own: Turns, booms: Turns) -> Turns:
    """A person's own turns and everybody's, in the order they come."""
    shape = (len(booms.week), own.week.shape[1])
    week = np.concatenate([own.week, np.broadcast_to(booms.week[:, None], shape)])
    factor = np.concatenate([own.factor, np.broadcast_to(booms.factor[:, None], shape)])
    order = np.argsort(week, axis=0, kind="stable")
    return Turns(np.take_along_axis(week, order, 0), np.take_along_axis(factor, order, 0))


def _runs(who: Inhabitants, number: int, persons: Ints, start: Ints, turns: Turns) -> Runs:
    """Run `number` of each person, begun in week `start`."""
    reach = who.draws.exponential(STAY, number)[persons]
    rest = who.draws.exponential(AWAY, number)[persons] / who.people.come_back[persons]
    pace = who.people.leave[persons] * (_cycle(start) if who.cycle_by_entry else 1.0)
    stay, away = np.zeros(len(persons), np.int64), np.zeros(len(persons), np.int64)
    for code, benefit in enumerate(BENEFITS):
        here = who.main[persons] == code
        after = Turns(np.maximum(turns.week[:, here] - start[here], 0), turns.factor[:, here])
        stay[here] = weeks_stayed(benefit, reach[here] / pace[here], after)
        away[here] = _invert(cumulated(COMES_BACK[benefit]), rest[here], NEVER) + who.shortest_gap - 1
    return Runs(persons, np.full(len(persons), number), start, start + stay, start + stay + away, reach, pace)


def weeks_stayed(benefit: str, needed: Floats, turns: Turns) -> Ints:
    """Weeks until the cumulated rate has come to `needed`, when it turns after so many weeks of the run.

    At a weekly rate of 10 per cent it comes to 0.39 in the fourth week; twice as fast after two weeks, in the third.

    >>> def turn(week, factor):
    ...     return Turns(np.array([[week]]), np.array([[factor]]))
    >>> [int(weeks_stayed("sygedagpenge", np.array([0.39]), turn(2, factor))[0]) for factor in (1.0, 2.0)]
    [4, 3]
    """
    cumulative = _leaving(benefit)
    for week, factor in zip(turns.week, turns.factor, strict=True):
        before = cumulative[np.minimum(week, len(cumulative) - 1)]
        turned = (needed > before) & (factor != 1)
        needed = np.where(turned, before + (needed - before) / factor, needed)
    return _invert(cumulative, needed, len(cumulative))


def _invert(cumulative: Floats, needed: Floats, otherwise: int) -> Ints:
    week = np.searchsorted(cumulative, needed, side="left").astype(np.int64)
    return np.where(week == len(cumulative), otherwise, np.maximum(week, 1))


@cache
def _leaving(benefit: str) -> Floats:
    return cumulated(RATES if benefit == A_DAGPENGE else LEAVES[benefit])


def _cycle(start: Ints) -> Floats:
    """The business cycle: the factor on the rate of leaving for runs that begin in this week's year."""
    factor = np.ones(len(start))
    for year, faster in FASTER.items():
        factor[start >= first_week(year)] = faster  # and so on for the years after the last
    return factor
