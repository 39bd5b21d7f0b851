"""Made-up persons drawn from a model, week by week: when they come, how long they stay, who comes back, who takes part.

Nothing but the model and the seed goes in, so the same two give the same twin, and whoever has the model has all
that the twin can tell. Each week has its own stream of random numbers (PCG64 under the seed and the week); a person's
number in it is her place among the persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gevinst.cohorts.careers import NEVER, Flags, Ints
from gevinst.curves.twin_exposure import Floats
from gevinst.curves.twin_life import paced, rates
from gevinst.curves.twin_model import InvestmentModel, Span, Step, TwinModel
from gevinst.curves.twin_participation import open_weeks

NOWHERE = -1
LONGEST = 2_000  # weeks; after them the last rate holds
LEAVING, BACK, WHERE, GONE, JOINING, STAYING = range(6)  # what a week's random numbers are for


@dataclass(frozen=True)
class Twin:
    """The made-up persons: `first` `[person]` is the number of the first benefit, `gone` when she left the register.

    `runs` are rows (person, benefit, first week, first week after) and `stays` rows (person, investment, first week,
    first week after), sorted; what still runs ends `NEVER`.
    """

    first: Ints
    gone: Ints
    runs: Ints
    stays: Ints


@dataclass
class _Lives:
    """Everybody as of a week; arrays `[person]`. `since` is the week since which she has been on `benefit`, or off.

    `left` is the benefit left last, `investment` what she takes part in now, `treated` the one started last.
    """

    benefit: Ints
    since: Ints
    left: Ints
    gone: Ints
    investment: Ints
    treated: Ints
    started: Ints
    been: Flags
    runs: list[Ints] = field(default_factory=list)
    stays: list[Ints] = field(default_factory=list)

    @classmethod
    def of(cls, persons: int, investments: int) -> _Lives:
        nowhere, never = np.full(persons, NOWHERE), np.full(persons, NEVER)
        return cls(nowhere.copy(), never.copy(), nowhere.copy(), never.copy(), nowhere.copy(), nowhere.copy(),
                   never.copy(), np.zeros((persons, investments), np.bool_))

    def end_runs(self, who: Ints, week: int) -> None:
        """Write down that the runs of `who` end."""
        self.runs.append(np.stack([who, self.benefit[who], self.since[who], np.full(len(who), week)], axis=1))

    def end_stays(self, who: Ints, week: int) -> None:
        """Write down that `who` take part no more."""
        self.stays.append(np.stack([who, self.investment[who], self.started[who], np.full(len(who), week)], axis=1))
        self.investment[who] = NOWHERE


@dataclass(frozen=True)
class _Rates:
    """A model's rates, ready to be looked up: `leaving` and `back` `[benefit, weeks]`, `stays` `[investment, weeks]`.

    `pace` `[week, benefit]`; `by_week` `[investment, week]` is nought where nobody can start, `by_duration`
    `[investment, weeks]`; `target` is the benefit of an investment.
    """

    leaving: Floats
    back: Floats
    stays: Floats
    pace: Floats
    by_week: Floats
    by_duration: Floats
    target: tuple[int, ...]

    @classmethod
    def of(cls, model: TwinModel) -> _Rates:
        weeks = np.arange(model.first_week, model.last_week + 1)
        durations = np.arange(LONGEST + 1)
        keys = [one.key for one in model.benefits]
        return cls(
            _by_weeks([one.leaving for one in model.benefits]), _by_weeks([one.back for one in model.benefits]),
            _by_weeks([one.stays for one in model.investments]),
            np.stack([paced(one.pace, weeks) for one in model.benefits], axis=1),
            _stacked([_open(one, weeks) for one in model.investments]),
            _stacked([_from_first(one, durations) for one in model.investments]),
            tuple(keys.index(one.benefit) if one.benefit in keys else NOWHERE for one in model.investments))


def _by_weeks(every: Sequence[Sequence[Step]]) -> Floats:
    return _stacked([rates(steps, LONGEST) for steps in every])


def _stacked(rows: Sequence[Floats]) -> Floats:
    return np.stack(rows) if rows else np.zeros((0, 1))


def _open(one: InvestmentModel, weeks: Ints) -> Floats:
    """The rate of each week: nought before the first start, after the last and in closed weeks."""
    there = open_weeks(one.starts[0].first, one.starts[-1].last, one.closed)
    found: Floats = np.where(np.isin(weeks, there), paced(one.by_week, weeks), 0.0)
    return found


def _from_first(one: InvestmentModel, durations: Ints) -> Floats:
    found: Floats = np.where(durations >= one.by_duration[0].first, paced(one.by_duration, durations), 0.0)
    return found


def draw(model: TwinModel, seed: int) -> Twin:
    """Draw everybody from the model."""
    arrival, benefit, since = _arrivals(model, seed)
    lives, look_up = _Lives.of(len(arrival), len(model.investments)), _Rates.of(model)
    for week in range(model.first_week, model.last_week + 1):
        luck = np.random.Generator(np.random.PCG64([seed, week])).random((6, len(arrival)))
        _leave(lives, look_up, model, week, luck)
        _come_back(lives, look_up, model, week, luck)
        new = arrival == week
        lives.benefit[new], lives.since[new] = benefit[new], since[new]
        _end_stays(lives, look_up, week, luck)
        for number in np.random.Generator(np.random.PCG64([seed, week, 1])).permutation(len(model.investments)):
            _join(lives, int(number), look_up, model, week, luck)
    lives.end_runs(np.flatnonzero(lives.benefit != NOWHERE), NEVER)
    lives.end_stays(np.flatnonzero(lives.investment != NOWHERE), NEVER)
    return Twin(benefit, lives.gone, _sorted(lives.runs), _sorted(lives.stays))


def _sorted(parts: Sequence[Ints]) -> Ints:
    rows = np.concatenate(parts)
    return rows[np.lexsort((rows[:, 1], rows[:, 2], rows[:, 0]))]


def _arrivals(model: TwinModel, seed: int) -> tuple[Ints, Ints, Ints]:
    """Each person's first week, first benefit, and the week since which she has had it; in no telling order."""
    weeks, benefits, since = [], [], []
    for number, one in enumerate(model.benefits):
        luck = np.random.Generator(np.random.PCG64([seed, 0, number]))
        there, new = (_spread(spans, luck) for spans in (one.present, one.inflow))
        weeks += [np.full(len(there), model.first_week), new]
        since += [model.first_week - there, new]
        benefits.append(np.full(len(there) + len(new), number))
    order = np.random.Generator(np.random.PCG64([seed, 0])).permutation(sum(map(len, benefits)))
    return np.concatenate(weeks)[order], np.concatenate(benefits)[order], np.concatenate(since)[order]


def _spread(spans: Sequence[Span], luck: np.random.Generator) -> Ints:
    """As many whole numbers as the spans have persons, evenly within each."""
    times = [span.persons for span in spans]
    low = np.repeat(np.array([span.first for span in spans], np.int64), times)
    size = np.repeat(np.array([span.last - span.first + 1 for span in spans], np.int64), times)
    return low + np.floor(luck.random(len(low)) * size).astype(np.int64)


def _leave(lives: _Lives, look_up: _Rates, model: TwinModel, week: int, luck: Floats) -> None:
    """Who dies or moves away, and who leaves the benefit she is on, in this week."""
    here = (lives.since < week) & (lives.gone == NEVER)
    lives.gone[here & (luck[GONE] < model.leaves.rate)] = week
    on = np.flatnonzero(here & (lives.benefit != NOWHERE))
    stayed = np.minimum(week - lives.since[on], LONGEST)
    rate = look_up.leaving[lives.benefit[on], stayed] * look_up.pace[week - model.first_week, lives.benefit[on]]
    for number, one in enumerate(model.investments):
        mine = (lives.treated[on] == number) & (lives.benefit[on] == look_up.target[number])
        rate[mine] *= paced(one.pace, week - lives.started[on][mine])
    out = on[(luck[LEAVING][on] < rate) | (lives.gone[on] == week)]
    lives.end_runs(out, week)
    lives.left[out], lives.benefit[out], lives.since[out] = lives.benefit[out], NOWHERE, week


def _come_back(lives: _Lives, look_up: _Rates, model: TwinModel, week: int, luck: Floats) -> None:
    """Who begins another run this week; one who has just left may go to another benefit at once."""
    off = np.flatnonzero((lives.benefit == NOWHERE) & (lives.left != NOWHERE) & (lives.gone == NEVER))
    away = np.minimum(week - lives.since[off], LONGEST)
    coming = luck[BACK][off] < look_up.back[lives.left[off], away]
    off, away = off[coming], away[coming]
    was = lives.left[off]
    for number, one in enumerate(model.benefits):
        for to, when in ((one.at_once, away == 0), (one.later, away > 0)):
            who = off[(was == number) & when]
            if len(who) and to:
                lives.benefit[who] = _pick(to, luck[WHERE][who])
                lives.since[who] = week


def _pick(to: Sequence[Span], luck: Floats) -> Ints:
    edges = np.cumsum([span.persons for span in to]) / sum(span.persons for span in to)
    place = np.minimum(np.searchsorted(edges, luck, side="right"), len(to) - 1)
    return np.array([span.first for span in to], np.int64)[place]


def _end_stays(lives: _Lives, look_up: _Rates, week: int, luck: Floats) -> None:
    taking = np.flatnonzero(lives.investment != NOWHERE)
    stayed = np.minimum(week - lives.started[taking], LONGEST)
    ends = (luck[STAYING][taking] < look_up.stays[lives.investment[taking], stayed]) | (lives.gone[taking] == week)
    lives.end_stays(taking[ends], week)


def _join(lives: _Lives, number: int, look_up: _Rates, model: TwinModel, week: int, luck: Floats) -> None:
    """Who starts this week: on the investment's benefit, taking part in nothing, and not in this one before."""
    column = week - model.first_week
    if not look_up.by_week[number, column]:
        return
    may = np.flatnonzero((lives.benefit == look_up.target[number]) & (lives.investment == NOWHERE)
                         & ~lives.been[:, number])
    weeks = np.minimum(week - lives.since[may], LONGEST)
    chance = look_up.by_week[number, column] * look_up.by_duration[number, weeks]
    chance[lives.treated[may] != NOWHERE] *= model.investments[number].again
    # One number a person and week: several investments share it, each its own part of the unit.
    own = (luck[JOINING][may] + number / max(len(look_up.target), 1)) % 1.0
    who = may[own < chance]
    lives.investment[who], lives.treated[who], lives.started[who] = number, number, week
    lives.been[who, number] = True
