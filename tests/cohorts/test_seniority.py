"""The refund clock for many persons at once gives what walking each person's weeks gives.

What the rule should give is held against hand calculations in `tests/economy/cases/`.
"""

from datetime import date

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from gevinst.cohorts.seniority import (
    Seniority,
    WeekSpans,
    WeekState,
    lower_bound_by_week,
    refund_step,
    seniority,
    seniority_by_week,
    split_at_steps,
)
from gevinst.errors import GevinstError
from gevinst.weeks import week_of, year_of

Span = tuple[int, int, int, bool]  # person, first week, weeks, counts
LENGTHS = st.one_of(st.integers(1, 8), st.integers(20, 60), st.integers(100, 170))
SCATTERED = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-60, 500), LENGTHS, st.booleans()), min_size=1, max_size=24)


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Runs of states that come within a week of the rule's boundaries: 52 weeks in all, 156 from end to end."""
    runs: list[tuple[str, int]] = [("counts", draw(st.integers(1, 60)))]
    for _ in range(draw(st.integers(1, 3))):
        early = draw(st.integers(1, 51))
        between = draw(st.sampled_from([10, 103, 104, 104, 105]))
        runs += [("self", early), (draw(st.sampled_from(["counts", "neutral"])), between),
                 ("self", 52 - early + draw(st.sampled_from([-1, 0, 0, 1]))), ("counts", draw(st.integers(1, 30)))]
    return runs


def in_a_row(people: list[list[tuple[str, int]]]) -> list[Span]:
    """The runs of each life one after another, as spans."""
    spans: list[Span] = []
    for person, runs in enumerate(people):
        week = 0
        for state, length in runs:
            if state != "self":
                spans.append((person, week, length, state == "counts"))
            week += length
    return spans or [(0, 0, 1, True)]


SPANS = st.one_of(SCATTERED, st.lists(lives(), min_size=1, max_size=4).map(in_a_row))


def arrays(spans: list[Span]) -> WeekSpans:
    """The spans, sorted by person only."""
    person, start, length, counts = zip(*sorted(spans, key=lambda span: span[0]), strict=True)
    first = np.array(start, dtype=np.int32)
    end = first + np.array(length, dtype=np.int32)
    return WeekSpans(np.array(person, dtype=np.int64), first, end, np.array(counts))


def states_of(spans: WeekSpans, person: int, from_week: int, first_week: int, last_week: int) -> list[WeekState]:
    """One person's weeks in a row; before the register begins what no span covers is unknown, hence neutral."""
    found: list[WeekState] = ["neutral" if week < first_week else "self" for week in range(from_week, last_week + 1)]
    for counts in (False, True):  # a week that counts is that, whatever else touches it
        for i in np.flatnonzero((spans.person == person) & (spans.counts == counts)):
            for week in range(int(spans.start_week[i]), min(int(spans.end_week[i]), last_week + 1)):
                found[week - from_week] = "counts" if counts else "neutral"
    return found


@settings(max_examples=500, deadline=None, derandomize=True)
@given(spans=SPANS, first_week=st.integers(-40, 40), last_week=st.integers(200, 800))
def test_the_two_ways_agree(spans: list[Span], first_week: int, last_week: int) -> None:
    given_spans = arrays(spans)
    found = seniority(given_spans, first_week=first_week, last_week=last_week)
    from_week = min(first_week, int(given_spans.start_week.min()))
    rows = 0
    for person in sorted(set(given_spans.person.tolist())):
        states = states_of(given_spans, person, from_week, first_week, last_week)
        counts, bounded = seniority_by_week(states), lower_bound_by_week(states)
        for i in np.flatnonzero(found.person == person):
            start, end = int(found.start_week[i]), int(found.end_week[i])
            before = int(found.counted_before[i])
            assert counts[start - from_week: end - from_week] == list(range(before + 1, before + 1 + end - start))
            assert set(bounded[start - from_week: end - from_week]) == {bool(found.lower_bound[i])}
            rows += 1
    kept = given_spans.counts & (given_spans.start_week <= last_week)
    assert rows == kept.sum()
    assert found.row.tolist() == np.flatnonzero(kept).tolist()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(spans=SPANS)
def test_each_piece_has_one_step_and_one_year_and_the_weeks_add_up(spans: list[Span]) -> None:
    clocks = seniority(arrays(spans), first_week=0, last_week=500)
    pieces = split_at_steps(clocks)
    place = {int(row): i for i, row in enumerate(clocks.row)}
    for i in range(pieces.row.size):
        source = place[int(pieces.row[i])]
        for week in range(int(pieces.start_week[i]), int(pieces.end_week[i])):
            number = int(clocks.counted_before[source]) + 1 + week - int(clocks.start_week[source])
            assert refund_step(number) == pieces.step[i]
            assert year_of(week) == pieces.year[i]
        assert bool(pieces.lower_bound[i]) == (bool(clocks.lower_bound[source]) and pieces.step[i] < 3)
    assert np.sum(pieces.end_week - pieces.start_week) == np.sum(clocks.end_week - clocks.start_week)
    # No two neighbours could have been one piece.
    same = (np.diff(pieces.row) == 0) & (np.diff(pieces.step) == 0) & (np.diff(pieces.year) == 0)
    assert not same.any()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(spans=SPANS, seed=st.integers(0, 100))
def test_the_order_of_a_persons_spans_does_not_matter(spans: list[Span], seed: int) -> None:
    shuffled = list(spans)
    np.random.default_rng(seed).shuffle(shuffled)

    def by_span(these: list[Span]) -> list[tuple[int, ...]]:
        found = seniority(arrays(these), first_week=0, last_week=500)
        return sorted(zip(found.person.tolist(), found.start_week.tolist(), found.end_week.tolist(),
                          found.counted_before.tolist(), found.lower_bound.tolist(), strict=True))

    assert by_span(spans) == by_span([tuple(span) for span in shuffled])


def test_a_neighbour_does_not_reach_into_a_persons_clock() -> None:
    alone = seniority(arrays([(2, 100, 30, True), (2, 200, 1, True)]), first_week=0, last_week=300)
    others = [(1, 0, 301, True), (3, 0, 2, False), (4, 5, 6, True)]
    crowd = seniority(arrays([*others, (2, 100, 30, True), (2, 200, 1, True)]), first_week=0, last_week=300)
    mine = crowd.person == 2
    assert crowd.counted_before[mine].tolist() == alone.counted_before.tolist() == [0, 0]
    assert crowd.lower_bound[mine].tolist() == alone.lower_bound.tolist() == [False, False]


def test_a_spell_that_began_before_the_register_counts_from_its_own_start() -> None:
    found = seniority(arrays([(1, -30, 40, True)]), first_week=0, last_week=300)
    assert (found.start_week.tolist(), found.counted_before.tolist()) == ([-30], [0])
    assert found.lower_bound.tolist() == [True]


def test_weeks_after_the_last_are_cut_off() -> None:
    found = seniority(arrays([(1, 0, 40, True), (1, 50, 5, True), (1, 60, 5, True)]), first_week=0, last_week=52)
    assert found.end_week.tolist() == [40, 53]
    assert found.row.tolist() == [0, 1]


@pytest.mark.parametrize("spans", [[(1, 400, 5, True)], [(1, 0, 5, False)]])
def test_nothing_that_counts_gives_nothing(spans: list[Span]) -> None:
    found = seniority(arrays(spans), first_week=0, last_week=300)
    pieces = split_at_steps(found)
    assert found.row.size == pieces.row.size == 0


def test_from_a_table() -> None:
    first = week_of(date(2020, 12, 14))
    table = pa.table({"person": [7, 7], "start_week": [first, first + 20], "end_week": [first + 6, first + 22],
                      "kind": ["counts", "neutral"]})
    pieces = split_at_steps(seniority(WeekSpans.from_table(table), first_week=first, last_week=first + 50))
    # Weeks 51, 52 and 53 of 2020, then the person's 4th week; the 5th and 6th are on the next step.
    assert pieces.year.tolist() == [2020, 2021, 2021]
    assert pieces.step.tolist() == [0, 0, 1]
    assert (pieces.end_week - pieces.start_week).tolist() == [3, 1, 2]


def test_persons_out_of_order_and_empty_spans_are_errors() -> None:
    def spans(person: list[int], end: list[int]) -> WeekSpans:
        start = np.zeros(2, dtype=np.int32)
        return WeekSpans(np.array(person), start, np.array(end, dtype=np.int32), np.array([True, True]))

    with pytest.raises(GevinstError, match=r"economy\.spans-unsorted"):
        seniority(spans([2, 1], [1, 1]), first_week=0, last_week=9)
    with pytest.raises(GevinstError, match=r"economy\.span-empty"):
        seniority(spans([1, 2], [1, 0]), first_week=0, last_week=9)


def test_a_counted_week_has_a_number_from_one() -> None:
    with pytest.raises(ValueError, match="from 1 on"):
        refund_step(0)


def test_many_persons() -> None:
    """20,000 persons with 13 spells: the totals that a plain sum gives, where nobody has a year off."""
    rng = np.random.default_rng(20)
    gap, length = rng.integers(0, 4, (20_000, 13)), rng.integers(1, 20, (20_000, 13))
    start = (np.cumsum(gap + length, axis=1) - length).astype(np.int32)
    spans = WeekSpans(np.repeat(np.arange(20_000), 13), start.ravel(), (start + length).ravel().astype(np.int32),
                      np.ones(start.size, dtype=bool))
    found: Seniority = seniority(spans, first_week=0, last_week=1_000)
    assert found.counted_before.tolist() == (np.cumsum(length, axis=1) - length).ravel().tolist()
    assert found.lower_bound.all()
