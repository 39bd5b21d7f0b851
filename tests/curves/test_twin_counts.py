"""What a twin's rates are fitted to, against walks through persons' weeks in plain Python."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from gevinst.backend import open_duckdb
from gevinst.cohorts.careers import NEVER, Careers, careers_of
from gevinst.curves.twin_bands import Rule
from gevinst.curves.twin_exposure import exposure, followed, half_year, half_years
from gevinst.curves.twin_life import benefit_models, paced, rates, spans_of_weeks
from gevinst.curves.twin_model import Pace, Step
from gevinst.curves.twin_participation import Offer, investment_models, open_weeks
from gevinst.weeks import first_week, monday
from tests.town import A, Town, relapsing_town, tables_of

EXACT = Rule(few=1, base=1)


def careers(town: Town, *investments: str) -> Careers:
    backend = open_duckdb(threads=1)
    try:
        return careers_of(tables_of(town, backend), investments)
    finally:
        backend.close()


def walked(found: Careers, benefit: int, investment: int) -> dict[str, Counter[tuple[int, int]]]:
    """By half-year and duration: weeks at risk and exits, before a start in the investment and after it."""
    counted: dict[str, Counter[tuple[int, int]]] = {name: Counter() for name in ("before", "after", "exits", "left")}
    runs, starts = found.runs, found.starts
    first: dict[int, int] = {}
    for who, which, start in zip(starts.person.tolist(), starts.investment, starts.start.tolist(), strict=True):
        if which == investment:
            first[who] = min(start, first.get(who, NEVER))
    for person, what, start, end in zip(runs.person, runs.benefit, runs.start.tolist(), runs.end.tolist(), strict=True):
        if what != benefit:
            continue
        left = end <= found.last_week and end < found.gone[person]
        for week in range(max(start, found.first_week) + 1, (end if left else end - 1) + 1):
            cell = half_year(week), week - start
            after = week > first.get(int(person), NEVER)
            counted["after" if after else "before"][cell] += 1
            if left and week == end:
                counted["left" if after else "exits"][cell] += 1
    return counted


@pytest.mark.parametrize("seed", range(3))
def test_weeks_at_risk_are_those_of_a_walk(seed: int) -> None:
    found = careers(relapsing_town(seed, persons=80), "net", "job")
    benefit, truth = found.benefits.index(A), walked(found, found.benefits.index(A), 0)
    parts = followed(found, benefit, [0])
    periods = half_years(found)
    for name, pieces in (("before", parts.before), ("after", parts.after[0])):
        at_risk = exposure(pieces, periods, 400)
        told = {(half_year(first), duration): int(at_risk[row, duration]) for row, (first, _) in enumerate(periods)
                for duration in np.flatnonzero(at_risk[row]).tolist()}
        assert told == dict(truth[name])
    ended = parts.before.take(parts.before.ended)
    exits = Counter((half_year(week), week - since)
                    for week, since in zip(ended.high.tolist(), ended.since.tolist(), strict=True))
    assert exits == truth["exits"]


def test_half_years_cover_the_data_once() -> None:
    found = careers(relapsing_town(0, persons=20))
    periods = half_years(found)
    assert periods[0][0] == found.first_week
    assert periods[-1][1] == found.last_week
    assert all(one[1] + 1 == other[0] for one, other in pairwise(periods))
    assert [half_year(first) for first, _ in periods] == sorted({half_year(first) for first, _ in periods})


@pytest.mark.parametrize("seed", range(2))
def test_the_fitted_rates_give_the_exits_by_duration_and_by_half_year(seed: int) -> None:
    """With an exact rule the two margins of the product are the events."""
    found = careers(relapsing_town(seed, persons=150))
    models, _ = benefit_models(found, {}, {}, EXACT)
    model = next(one for one in models if one.key == A)
    truth = walked(found, found.benefits.index(A), 99)
    longest = max(duration for _, duration in truth["before"])
    by_duration = rates(model.leaving, longest)
    pace = {half_year(first): paced(model.pace, np.array([first]))[0] for first, _ in half_years(found)}
    for margin in (0, 1):
        expected, seen = Counter[int](), Counter[int]()
        for cell, weeks in truth["before"].items():
            expected[cell[margin]] += weeks * by_duration[cell[1]] * pace[cell[0]]
        for cell, n in truth["exits"].items():
            seen[cell[margin]] += n
        for at, n in seen.items():
            assert expected[at] == pytest.approx(n, rel=0.1, abs=0.8)


def test_who_comes_back_and_to_what_by_hand() -> None:
    """Ten leave A-dagpenge: four go to kontanthjælp at once, three come back in week 5, three never do."""
    spells = [(person, A, 1400, 1410, 1.0) for person in range(10)]
    spells += [(person, "kontanthjaelp", 1410, 1420, 1.0) for person in range(4)]
    spells += [(person, A, 1415, 1425, 1.0) for person in (4, 5, 6)]
    found = careers(Town(tuple(spells), (), 1500, {}, first=1390))
    models, _ = benefit_models(found, {}, {}, EXACT)
    model = next(one for one in models if one.key == A)
    assert model.back[0] == Step(0, 0, 4, 13), "ten leave once, three of them twice"
    assert model.back[1].last == 4
    assert model.back[1].events == 0
    assert (model.back[2].first, model.back[2].events) == (5, 3)
    assert [(span.first, span.persons) for span in model.at_once] == [(1, 4)]
    assert [(span.first, span.persons) for span in model.later] == [(0, 3)]
    assert model.present == ()
    assert [span.persons for span in model.inflow if span.persons] == [10]


def test_all_starts_in_the_last_quarter() -> None:
    last = first_week(2021)
    found = careers(Town(tuple((person, A, last - 3, 9999, 1.0) for person in range(12)), (), last - 1, {},
                         first=last - 50))
    (model,), _ = benefit_models(found, {}, {}, Rule(10, 5))
    assert [(span.last, span.persons) for span in model.inflow] == [(last - 15, 0), (last - 1, 10)]
    assert model.leaving == ()


def test_participants_by_hand() -> None:
    """Twelve start in week 8 of the benefit, spread over two quarters, and stay ten weeks."""
    first = first_week(2021)
    spells = [(person, A, first + person, 9999, 1.0) for person in range(12)]
    spells += [(person, A, first, 9999, 1.0) for person in range(50, 60)]
    starts = [(person, "net", first + person + 8) for person in range(12)] + [(99, "net", first + 3)]
    town = Town(tuple(spells), tuple(starts), first + 60, {}, first=first - 10)
    found = careers(town, "net")
    (model,) = investment_models(found, [Offer("net", A, 4, printed=12)], {}, EXACT)
    assert sum(span.persons for span in model.starts) == 12
    assert [one.first for one in model.by_duration if one.factor] == [8]
    assert model.by_duration[0].first == 4, "nobody starts before the least weeks"
    assert [(step.first, step.rate) for step in model.stays if step.events] == [(13, 1.0)], "as the town has them"
    expected = 0.0
    for week in range(model.starts[0].first, model.starts[-1].last + 1):
        rate = paced(model.by_week, np.array([week]))[0]
        here = [min(person, 0) for person in range(12) if first + person + 8 == week]
        here += [0 for _ in range(10) if week - first == 8]
        expected += rate * paced(model.by_duration, np.array([8]))[0] * len(here)
    assert expected == pytest.approx(12, rel=0.02)
    assert investment_models(found, [Offer("net", "sygedagpenge")], {}, EXACT) == ()
    assert investment_models(found, [Offer("net", A)], {}, Rule(13, 5)) == (), "twelve are too few"


def test_open_weeks_leave_out_the_closed() -> None:
    assert open_weeks(3, 9, [(4, 5), (9, 20)]).tolist() == [3, 6, 7, 8]
    assert open_weeks(3, 4, []).tolist() == [3, 4]


def test_the_participants_pace_is_events_over_what_others_would_have_had() -> None:
    """Others leave at one rate whatever the duration; participants twice as fast."""
    rng = np.random.default_rng(5)
    first = first_week(2020)
    spells, starts = [], []
    for person in range(4_000):
        begin, treated = first + int(rng.integers(0, 100)), person % 4 == 0
        length = int(rng.geometric(0.05))
        if treated:
            length = 3 + int(rng.geometric(0.10))
            starts.append((person, "net", begin + 3))
        spells.append((person, A, begin, begin + length, 1.0))
    found = careers(Town(tuple(spells), tuple(starts), first + 150, {}, first=first - 5), "net")
    models, paces = benefit_models(found, {0: 0}, {}, Rule(10, 5))
    assert [step.rate for step in models[0].leaving[:5]] == pytest.approx([0.05] * 5, rel=0.35)
    assert paces[0][0].factor == pytest.approx(2.0, rel=0.12)


def test_an_exit_of_many_in_the_last_weeks_has_no_band_after_it() -> None:
    """Nobody leaves for a year and then all participants at once: beyond the last lag there is nothing to count."""
    first = first_week(2020)
    spells = [(person, A, first, first + 60 if person < 12 else first + 20 + person, 1.0) for person in range(60)]
    starts = [(person, "net", first + 1) for person in range(12)]
    found = careers(Town(tuple(spells), tuple(starts), first + 150, {}, first=first - 5), "net")
    _, paces = benefit_models(found, {0: 0}, {}, Rule(10, 5))
    assert [one.first for one in paces[0]] == [0, 52]
    assert paces[0][0].factor == 0


def test_a_benefit_that_few_began_with_has_no_inflow() -> None:
    week = np.array([1400, 1402, 1409])
    assert spans_of_weeks(week, np.arange(3), 1390, 1500, Rule(10, 5)) == ()


def test_a_first_half_year_of_few_has_the_pace_of_the_next() -> None:
    """Four leave in its last weeks and many in the next: their rate is not nought."""
    first = first_week(2021)
    spells = [(person, A, first - 40, first - 2 + person // 2, 1.0) for person in range(80)]
    found = careers(Town(tuple(spells), (), first + 60, {}, first=first - 4))
    (model,), _ = benefit_models(found, {}, {}, Rule(10, 5))
    assert all(one.factor > 0 for one in model.pace)


def test_paced_by_hand() -> None:
    assert paced((Pace(5, 2.0), Pace(9, 3.0)), np.array([4, 5, 8, 9, 99])).tolist() == [1, 2, 2, 3, 3]
    assert paced((), np.array([1])).tolist() == [1]
    assert monday(first_week(2021)) == date(2021, 1, 4)


@pytest.mark.parametrize("shy", [False, True])
def test_the_total_is_that_of_a_printed_number_or_coarse(shy: bool) -> None:
    """Whether 141 took part, or four of them could not be followed: the model is told alike where 141 is printed."""
    first = first_week(2021)
    spells = [(person, A, first - 20, 9999, 1.0) for person in range(300)]
    missing = {0, 1, 2, 3} if shy else set()
    starts = [(person, "net", first + person % 26) for person in range(141) if person not in missing]
    found = careers(Town(tuple(spells), tuple(starts), first + 60, {}, first=first - 30), "net")
    (printed,) = investment_models(found, [Offer("net", A, printed=141)], {}, Rule(10, 5))
    assert sum(span.persons for span in printed.starts) == 140
    (coarse,) = investment_models(found, [Offer("net", A)], {}, Rule(10, 5))
    assert sum(span.persons for span in coarse.starts) == 140
    assert {step.weeks for step in coarse.stays} == {5_000}, "the ends are rates, which tell of no number"


def test_who_has_been_in_another_investment_starts_at_a_rate_of_her_own() -> None:
    """Nobody takes part twice; or everybody who could does, and as readily as the others."""
    rng = np.random.default_rng(3)
    first = first_week(2021)
    spells = [(person, A, first - 20, 9999, 1.0) for person in range(400)]
    once = [(person, "net", first + int(rng.integers(0, 26))) for person in range(100)]
    town = Town(tuple(spells), tuple(once), first + 60, {}, first=first - 30)
    found = careers(town, "net", "other")
    (model,) = investment_models(found, [Offer("net", A), Offer("other", A)], {}, Rule(10, 5))
    assert model.again == 0
    twice = [*once, *((person, "other", first + 40 + int(rng.integers(0, 13))) for person in range(0, 400, 4))]
    found = careers(Town(tuple(spells), tuple(twice), first + 60, {}, first=first - 30), "net", "other")
    models = investment_models(found, [Offer("net", A), Offer("other", A)], {}, Rule(10, 5))
    assert [sum(span.persons for span in one.starts) for one in models] == [100, 80]
    assert models[0].again == 0
    assert models[1].again == pytest.approx(1.0, abs=0.25)
