"""Who takes part, counted for a synthetic twin: when they start, after how long on the benefit, and how long they stay.

Part of the person wall: what leaves keeps the rule of `twin_bands.py`. The chance of starting in an open week is a rate
by quarter times a factor by duration, fitted by turns so that both add up to the starts.

A memo prints exact numbers of participants, and hides those of few who were left out on the way. A rounded total of
others would tell of these beside an exact one. So the total is that of a number that is printed, or, where none is
known, rounded far coarser; and durations and ends are told as rates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gevinst.cohorts.careers import NEVER, Careers, Ints, Starts
from gevinst.curves.twin_bands import Band, Rule, banded
from gevinst.curves.twin_exposure import Floats
from gevinst.curves.twin_life import spans_of_weeks, steps_of
from gevinst.curves.twin_model import InvestmentModel, Pace, Span, Step
from gevinst.weeks import quarter_of

ROUNDS = 30
COARSER = 4
"""How many times the base a total is rounded to that no printed number stands beside."""
THOUSAND = 1_000


@dataclass(frozen=True)
class Offer:
    """An investment as the record has it: its key, the benefit it is for, the least weeks on it, closed weeks.

    `printed` is a number of its participants that the edition prints.
    """

    key: str
    benefit: str
    least_weeks: int = 0
    closed: tuple[tuple[int, int], ...] = ()
    printed: int | None = None


def investment_models(
    careers: Careers, offers: Sequence[Offer], paces: Mapping[int, tuple[Pace, ...]], rule: Rule
) -> tuple[InvestmentModel, ...]:
    """The investments that enough persons on their benefit have started in; `careers.investments` are the offers'."""
    found = []
    for number, offer in enumerate(offers):
        if offer.benefit in careers.benefits:
            model = _model(careers, number, offer, paces.get(number, ()), rule)
            found += [] if model is None else [model]
    return tuple(found)


def _model(
    careers: Careers, number: int, offer: Offer, pace: tuple[Pace, ...], rule: Rule
) -> InvestmentModel | None:
    benefit = careers.benefits.index(offer.benefit)
    starts = careers.starts.of(number)
    elapsed = _weeks_on(careers, benefit, starts)
    there = elapsed >= 0
    if np.count_nonzero(there) < rule.few:
        return None
    new = there & (starts.start <= _begun(careers)[starts.person])
    again = there & ~new
    if np.count_nonzero(new) < rule.few:  # those who come from other investments are as good as the others
        new = there
    person, week, elapsed = starts.person[new], starts.start[new], elapsed[new]
    closed = tuple((first, last) for first, last in offer.closed)
    by_quarter = _as_many_as(
        _total(offer, len(person), rule),
        spans_of_weeks(week, person, _quarter_start(careers, week), careers.last_week, rule), rule)
    durations = banded(np.maximum(elapsed, offer.least_weeks), person, offer.least_weeks, rule)
    eligible = _eligible(careers, benefit, number, by_quarter, durations, closed)
    rate, factor = _fitted(by_quarter, durations, eligible.new if new is not there else eligible.new + eligible.again)
    came_again = int(np.count_nonzero(again))
    expected = float(rate @ eligible.again @ factor)
    ratio = 1.0 if new is there else 0.0
    if new is not there and came_again >= rule.few and expected > 0:
        ratio = _three(rule.rounded(came_again) / expected)
    return InvestmentModel(
        offer.key, offer.benefit, by_quarter,
        tuple(Pace(span.first, _three(one)) for span, one in zip(by_quarter, rate, strict=True)),
        tuple(Pace(band.first, _three(one)) for band, one in zip(durations, factor, strict=True)),
        ratio, closed, _stays(careers, starts, rule), pace)


def _total(offer: Offer, counted: int, rule: Rule) -> int:
    """How many the twin's starts are to be."""
    if offer.printed is not None and offer.printed >= rule.few:
        return rule.rounded(offer.printed)
    base = COARSER * rule.base
    return max(base * round(counted / base), base)


def _as_many_as(total: int, spans: Sequence[Span], rule: Rule) -> tuple[Span, ...]:
    """The spans with so many persons in all, each with its part.

    >>> [span.persons for span in _as_many_as(40, [Span(0, 1, 10), Span(2, 3, 20)], Rule(10, 5))]
    [15, 25]
    """
    whole = sum(span.persons for span in spans)
    found, running, said = list[Span](), 0, 0
    for span in spans:
        running += span.persons
        reached = rule.rounded(running * total / whole)
        found.append(Span(span.first, span.last, reached - said))
        said = reached
    return tuple(found)


def _begun(careers: Careers) -> Ints:
    """The week of everybody's first start in any investment; `NEVER` where there is none."""
    begun = np.full(len(careers.pseudonym), NEVER, np.int64)
    np.minimum.at(begun, careers.starts.person, careers.starts.start)
    return begun


def _quarter_start(careers: Careers, week: Ints) -> int:
    """The first week of the data in the quarter of the first start; that quarter's day is not the first person's."""
    first = int(week.min())
    while first > careers.first_week and quarter_of(first - 1) == quarter_of(first):
        first -= 1
    return first


def _weeks_on(careers: Careers, benefit: int, starts: Starts) -> Ints:
    """How long each had been on the benefit when she started; -1 where she was not on it."""
    runs = careers.runs.take(careers.runs.benefit == benefit)
    if not len(runs.person):
        return np.full(len(starts.person), -1, np.int64)
    stretch = 2 * NEVER
    at = np.searchsorted(runs.person * stretch + runs.start, starts.person * stretch + starts.start, side="right") - 1
    run = np.maximum(at, 0)
    on = (at >= 0) & (runs.person[run] == starts.person) & (runs.end[run] > starts.start)
    return np.where(on, starts.start - runs.start[run], -1).astype(np.int64)


def open_weeks(first: int, last: int, closed: Sequence[tuple[int, int]]) -> Ints:
    """The weeks `first` to `last` that are in no closed period."""
    weeks = np.arange(first, last + 1)
    return weeks[~np.any([(weeks >= low) & (weeks <= high) for low, high in closed], axis=0)] if closed else weeks


@dataclass(frozen=True)
class _Eligible:
    """Person-weeks in which somebody could start, `[quarter, band of durations]`: a first time, or again."""

    new: Floats
    again: Floats


def _eligible(
    careers: Careers, benefit: int, number: int, starts: Sequence[Span], durations: Sequence[Band],
    closed: Sequence[tuple[int, int]],
) -> _Eligible:
    runs, every = careers.runs.take(careers.runs.benefit == benefit), careers.starts
    mine, begun = careers.starts.of(number), _begun(careers)[runs.person]
    begun_here = np.full(len(careers.pseudonym), NEVER, np.int64)
    begun_here[mine.person] = mine.start
    lows = np.array([span.first for span in durations])
    found = _Eligible(np.zeros((len(starts), len(lows))), np.zeros((len(starts), len(lows))))
    for at, span in enumerate(starts):
        for week in open_weeks(span.first, span.last, closed).tolist():
            busy = np.zeros(len(careers.pseudonym), np.bool_)
            busy[every.person[(every.start < week) & (every.end > week)]] = True
            on = (runs.start <= week) & (runs.end > week) & (begun_here[runs.person] >= week) & ~busy[runs.person]
            band = np.searchsorted(lows, week - runs.start, side="right")
            for weeks, who in ((found.new, on & (begun >= week)), (found.again, on & (begun < week))):
                weeks[at] += np.bincount(band[who], minlength=len(lows) + 1)[1:]
    return found


def _fitted(starts: Sequence[Span], durations: Sequence[Band], weeks: Floats) -> tuple[Floats, Floats]:
    """The rate of each quarter and the factor of each band of durations."""
    rate, factor = np.zeros(len(starts)), np.ones(len(durations))
    by_quarter = np.array([span.persons for span in starts], np.float64)
    by_band = np.array([band.count for band in durations], np.float64)
    by_band *= by_quarter.sum() / by_band.sum()
    for _ in range(ROUNDS):
        rate = _ratio(by_quarter, weeks @ factor)
        factor = _ratio(by_band, rate @ weeks)
    return rate, factor


def _ratio(count: Floats, weeks: Floats) -> Floats:
    found: Floats = np.divide(count, weeks, out=np.zeros(len(count)), where=weeks > 0)
    return found


def _three(number: float) -> float:
    return float(f"{number:.3g}")


def _stays(careers: Careers, starts: Starts, rule: Rule) -> tuple[Step, ...]:
    ended = starts.end <= careers.last_week
    stayed = np.where(ended, starts.end, careers.last_week) - starts.start
    bands = banded(np.maximum(stayed[ended], 1), starts.person[ended], 1, rule)
    at_risk = np.cumsum(np.bincount(np.maximum(stayed, 0), minlength=2)[::-1])[::-1].astype(np.float64)
    steps = steps_of(bands, at_risk, rule)
    return tuple(Step(step.first, step.last, rule.base * round(THOUSAND * step.rate), rule.base * THOUSAND)
                 for step in steps)
