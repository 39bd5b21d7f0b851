"""The way through the benefits, counted for a synthetic twin: who comes when, how long they stay, who comes back.

Part of the person wall: what leaves keeps the rule of `twin_bands.py`. The rate of leaving is a rate by weeks on the
benefit times a pace by half-year, fitted by turns so that both add up to the events (proportional fitting, Deming and
Stephan 1940).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gevinst.cohorts.careers import NEVER, Careers, Ints, Runs
from gevinst.curves.twin_bands import Band, Rule, banded, cells
from gevinst.curves.twin_exposure import Floats, Followed, Pieces, exposure, followed, half_years, lagged
from gevinst.curves.twin_model import BenefitModel, Pace, Share, Span, Step
from gevinst.weeks import quarter_of

ROUNDS = 4
LAGS = (0, 13, 26, 52)
"""Weeks since the start of an investment from which the pace may be another."""
FOREVER = NEVER // 2


def benefit_models(
    careers: Careers, targets: Mapping[int, int], degrees: Mapping[str, tuple[Share, ...]], rule: Rule
) -> tuple[tuple[BenefitModel, ...], dict[int, tuple[Pace, ...]]]:
    """Each benefit that enough persons have had, and the pace of those in each investment.

    `targets` gives the benefit (a place in `careers.benefits`) of an investment, where one is followed.
    """
    runs = careers.runs
    kept = [number for number in range(len(careers.benefits))
            if len(np.unique(runs.person[runs.benefit == number])) >= rule.few]
    place = {number: at for at, number in enumerate(kept)}
    first = np.unique(runs.person, return_index=True)[1]
    firsts = runs.take(first)
    found, paces = [], dict[int, tuple[Pace, ...]]()
    for number in kept:
        treating = [one for one, target in targets.items() if target == number]
        risk = followed(careers, number, treating)
        steps, pace = _leaving(careers, risk.before, rule)
        paces |= _treated(careers, risk, steps, pace, rule)
        back, at_once, later = _coming_back(careers, number, place, rule)
        here = firsts.take(firsts.benefit == number)
        key = careers.benefits[number]
        found.append(BenefitModel(key, _present(careers, here, rule), _inflow(careers, here, rule), steps, pace, back,
                                  at_once, later, degrees.get(key, ())))
    return tuple(found), paces


def _present(careers: Careers, first: Runs, rule: Rule) -> tuple[Span, ...]:
    there = first.take(first.start <= careers.first_week)
    # From when on the data are known is seen in it.
    bands = banded(careers.first_week - there.start, there.person, 0, rule, fine=True)
    # The longest is one person's: the last band ends where enough had been reached.
    return tuple(Span(band.first, band.first if band.last is None else band.last, band.count) for band in bands
                 if band.count)


def _inflow(careers: Careers, first: Runs, rule: Rule) -> tuple[Span, ...]:
    """First runs by quarter of the year, quarters of few together."""
    new = first.take(first.start > careers.first_week)
    return spans_of_weeks(new.start, new.person, careers.first_week + 1, careers.last_week, rule)


def spans_of_weeks(week: Ints, person: Ints, low: int, high: int, rule: Rule) -> tuple[Span, ...]:
    """Persons by the quarter of their week, from week `low` to `high`; quarters of few are taken together."""
    weeks = range(low, high + 1)
    if not len(week) or not len(weeks):
        return ()
    number = {one: 4 * year + quarter for one in weeks for year, quarter in [quarter_of(one)]}
    begins = {quarter: one for one, quarter in reversed(number.items())}
    bands = banded(np.array([number[int(one)] for one in week], np.int64), person, number[low], rule)
    bands = tuple(band for band in bands if band.first in begins)  # a sharp end may be the last
    ends = [*(begins[band.first] - 1 for band in bands[1:]), *([high] if bands else [])]
    return tuple(Span(begins[band.first], end, band.count) for band, end in zip(bands, ends, strict=True))


def _leaving(careers: Careers, pieces: Pieces, rule: Rule) -> tuple[tuple[Step, ...], tuple[Pace, ...]]:
    """Rates by duration, and the pace by half-year beside them."""
    ended = pieces.take(pieces.ended)
    bands = banded(ended.high - ended.since, ended.person, 1, rule)
    if not bands:
        return (), ()
    longest = int((pieces.high - pieces.since).max())
    periods = half_years(careers)
    at_risk = exposure(pieces, periods, longest)
    times = banded(_period(ended.high, periods), ended.person, 0, rule, spikes=False)
    factor = np.ones(len(periods))
    steps: tuple[Step, ...] = ()
    for _ in range(ROUNDS):
        steps = steps_of(bands, factor @ at_risk, rule)
        expected = at_risk @ rates(steps, longest)
        for band in times:
            last = len(periods) - 1 if band.last is None else band.last
            there = float(expected[band.first : last + 1].sum())
            factor[band.first : last + 1] = round(band.count / there, 2) if there > 0 else 1.0
    return steps, tuple(Pace(periods[band.first][0], float(factor[band.first])) for band in times)


def _period(weeks: Ints, periods: Sequence[tuple[int, int]]) -> Ints:
    firsts = np.array([first for first, _ in periods], np.int64)
    return (np.searchsorted(firsts, weeks, side="right") - 1).astype(np.int64)


def steps_of(bands: Sequence[Band], at_risk: Floats, rule: Rule) -> tuple[Step, ...]:
    """The bands of events with the person-weeks in which they happened; `at_risk` is `[duration]`.

    Where there are none the weeks are not told: they may be of few, and the rate is nought whatever they are.
    """
    found = []
    for band in bands:
        last = len(at_risk) - 1 if band.last is None else band.last
        weeks = float(at_risk[band.first : last + 1].sum()) if band.count else 0.0
        found.append(Step(band.first, band.last, band.count, max(rule.rounded(weeks), rule.base)))
    return tuple(found)


def rates(steps: Sequence[Step], longest: int) -> Floats:
    """The rate at each duration, `[0..longest]`."""
    found = np.zeros(longest + 1)
    for step in steps:
        found[step.first : None if step.last is None else step.last + 1] = step.rate
    return found


def paced(pace: Sequence[Pace], at: Ints) -> Floats:
    """The factor at each number; 1 before the first."""
    if not pace:
        return np.ones(len(at))
    factors = np.array([1.0, *(one.factor for one in pace)])
    found: Floats = factors[np.searchsorted([one.first for one in pace], at, side="right")]
    return found


def _treated(
    careers: Careers, risk: Followed, steps: Sequence[Step], pace: Sequence[Pace], rule: Rule
) -> dict[int, tuple[Pace, ...]]:
    """How much faster or slower the participants leave than those with the same duration at the same time."""
    periods = half_years(careers)
    factor = paced(pace, np.array([first for first, _ in periods], np.int64))
    found = {}
    for investment, pieces in risk.after.items():
        ended = pieces.take(pieces.ended)
        lag = (np.searchsorted(LAGS, ended.high - ended.origin, side="right") - 1).astype(np.int64)
        # After a sharp end a band follows that is of nobody; beyond the last lag there is none.
        bands = [band for band in banded(lag, ended.person, 0, rule) if band.first < len(LAGS)]
        ratios = []
        for band in bands:
            last = FOREVER if band.last is None or band.last + 1 == len(LAGS) else LAGS[band.last + 1] - 1
            there = lagged(pieces, LAGS[band.first], last)
            longest = int((there.high - there.since).max()) if len(there.person) else 0
            expected = float(factor @ exposure(there, periods, longest) @ rates(steps, longest))
            ratios.append(Pace(LAGS[band.first], round(band.count / expected, 2) if expected > 0 else 1.0))
        found[investment] = tuple(ratios)
    return found


def _coming_back(
    careers: Careers, benefit: int, place: Mapping[int, int], rule: Rule
) -> tuple[tuple[Step, ...], tuple[Span, ...], tuple[Span, ...]]:
    """The rate of coming back to any benefit by weeks off, and to which: in the week of leaving, and later."""
    runs = careers.runs
    left = np.flatnonzero((runs.benefit == benefit) & careers.ends(runs))
    following = np.minimum(left + 1, len(runs.person) - 1)
    comes = (following > left) & (runs.person[following] == runs.person[left])
    comes &= np.isin(runs.benefit[following], np.array(list(place), np.int64))
    person, end = runs.person[left], runs.end[left]
    away = np.where(comes, runs.start[following], np.minimum(careers.last_week, careers.gone[person] - 1)) - end
    bands = banded(away[comes], person[comes], 0, rule)
    if not bands:
        return (), (), ()
    at_risk = np.cumsum(np.bincount(away)[::-1])[::-1].astype(np.float64)
    to = np.array([place.get(int(one), -1) for one in runs.benefit[following]], np.int64)
    parts = []
    for here in (comes & (away == 0), comes & (away > 0)):
        parts.append(tuple(Span(number, number, count) for number, count in cells(to[here], person[here], rule)))
    return steps_of(bands, at_risk, rule), parts[0], parts[1]
