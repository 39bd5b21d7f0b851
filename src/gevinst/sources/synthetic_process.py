"""The runs on benefit of everybody in the made-up municipality, with or without an effect.

Everything is drawn by inverting a cumulated rate at one exponential number per person and run, so that the same
person with and without an investment uses the same numbers: her two potential outcomes differ by the effect
alone, and are equal when it is zero.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import numpy.typing as npt

from gevinst.sources.synthetic_calibration import FASTER, RATES
from gevinst.sources.synthetic_people import (
    ARRIVAL,
    AWAY,
    LEAVING,
    MAIN_BENEFIT,
    STAY,
    Draws,
    Floats,
    Ints,
    People,
    draw_people,
    pick,
)
from gevinst.sources.synthetic_rates import A_DAGPENGE, BENEFITS, COMES_BACK, LEAVES, LEAVES_REGISTER, cumulated
from gevinst.weeks import first_week

FIRST_ARRIVAL = first_week(2014)
RUNS_AT_MOST = 40  # per person; more than anybody comes near to
NEVER = 1 << 30  # a week nobody lives to see
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Inhabitants:
    """Everybody, `[person]`: main benefit (number in `BENEFITS`), first week on it, first week off the register."""

    draws: Draws
    people: People
    main: Ints
    arrival: Ints
    gone: Ints


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


def draw_inhabitants(seed: int, persons: int, mix: dict[str, float], last_week: int) -> Inhabitants:
    """Draw persons, their main benefit by `mix`, and when they first arrive on it: evenly until `last_week`."""
    draws = Draws(seed, persons)
    arrival = FIRST_ARRIVAL + (draws.uniform(ARRIVAL) * (last_week + 1 - FIRST_ARRIVAL)).astype(np.int64)
    stays = np.ceil(draws.exponential(LEAVING) / -np.log1p(-LEAVES_REGISTER)).astype(np.int64)
    shares = np.array([mix.get(benefit, 0.0) for benefit in BENEFITS])
    main = pick(shares / shares.sum(), draws.uniform(MAIN_BENEFIT))
    return Inhabitants(draws, draw_people(draws), main, arrival, arrival + np.maximum(stays, 1))


def simulate(who: Inhabitants, until: int, persons: Ints, treated_from: Ints, effect: Floats) -> Runs:
    """The runs of `persons` that begin before week `until`.

    From week `treated_from` (`NEVER` where no one is treated) the weekly rate of leaving is multiplied by
    1 + `effect`; both arrays are `[person]` of `persons`. Weeks on or off are not cut at `until`.
    """
    found = []
    start, active = who.arrival[persons].copy(), np.arange(len(persons))
    for number in range(RUNS_AT_MOST):
        active = active[(start[active] < until) & (start[active] < who.gone[persons[active]])]
        if number and not len(active):
            break
        run = _runs(who, number, persons[active], start[active], treated_from[active], effect[active])
        start[active] = run.back
        found.append(run)
    parts = [np.concatenate([getattr(run, field.name) for run in found]) for field in fields(Runs)]
    runs = Runs(*parts)
    return runs.take(np.lexsort((runs.number, runs.person)))


def _runs(who: Inhabitants, number: int, persons: Ints, start: Ints, treated_from: Ints, effect: Floats) -> Runs:
    """Run `number` of each person, begun in week `start`."""
    reach = who.draws.exponential(STAY, number)[persons]
    rest = who.draws.exponential(AWAY, number)[persons] / who.people.come_back[persons]
    pace = who.people.leave[persons] * _cycle(start)
    stay, away = np.zeros(len(persons), np.int64), np.zeros(len(persons), np.int64)
    for code, benefit in enumerate(BENEFITS):
        here = who.main[persons] == code
        treated_after = np.maximum(treated_from[here] - start[here], 0)
        stay[here] = weeks_stayed(benefit, reach[here] / pace[here], treated_after, effect[here])
        away[here] = _invert(cumulated(COMES_BACK[benefit]), rest[here], NEVER)
    return Runs(persons, np.full(len(persons), number), start, start + stay, start + stay + away, reach, pace)


def weeks_stayed(benefit: str, needed: Floats, treated_after: Ints, effect: Floats) -> Ints:
    """Weeks until the cumulated rate has come to `needed`, when it grows faster from week `treated_after`."""
    cumulative = _leaving(benefit)
    before = cumulative[np.minimum(treated_after, len(cumulative) - 1)]
    hastened = (needed > before) & (effect != 0)
    needed = np.where(hastened, before + (needed - before) / (1 + effect), needed)
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
