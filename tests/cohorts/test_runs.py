"""Runs and first exits against a walk through every person's weeks."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gevinst.cohorts.prepare import prepare
from gevinst.weeks import monday, week_of

A = "a-dagpenge"
START = week_of(date(2019, 1, 7))


def fetched(tables, expression):
    return tables.backend.to_arrow(expression.order_by(["person", "benefit", "start_week"])).to_pylist()


def test_spells_that_share_or_adjoin_a_week_are_one_run(make_tables) -> None:
    tables = make_tables(
        [
            (1, A, date(2019, 1, 7), date(2019, 1, 16)),  # ends on a Tuesday
            (1, A, date(2019, 1, 18), date(2019, 1, 28)),  # begins on the Friday of that week
            (1, A, date(2019, 1, 28), date(2019, 2, 4)),  # adjoins
            (1, A, date(2019, 2, 11), None),  # one week off, then running
        ],
        horizon=week_of(date(2019, 3, 3)),
    )
    runs = fetched(tables, prepare(tables).runs)
    assert [(r["start_week"] - START, r["end_week"] - START, r["gap_before"]) for r in runs] == [
        (0, 4, None),
        (5, 8, 1),
    ]


@pytest.mark.parametrize(
    ("ended", "began", "new"),
    [
        (date(2019, 1, 31), date(2019, 3, 1), True),  # day after = 31 January: all of February lies between
        (date(2019, 2, 2), date(2019, 3, 30), False),  # eight weeks, but no whole calendar month
        (date(2019, 2, 1), date(2019, 2, 28), False),
        (date(2019, 2, 1), date(2019, 3, 1), True),
    ],
)
def test_calendar_month_rule(make_tables, ended: date, began: date, new: bool) -> None:
    tables = make_tables([(1, A, date(2018, 12, 3), ended), (1, A, began, None)], horizon=week_of(date(2019, 6, 2)))
    assert fetched(tables, prepare(tables).runs)[1]["month_before"] is new


def first_exit_by_hand(on: set[int], at: int, gap: int, horizon: int) -> tuple[int, bool]:
    """Walk week by week from `at`: the first week of a gap of `gap` weeks, or where the horizon cuts one short."""
    week = at
    while week <= horizon:
        if week not in on:
            off = week
            while off <= horizon and off not in on:
                off += 1
            if off - week >= gap:
                return week, True
            if off > horizon:
                return week, False
            week = off
        week += 1
    return horizon + 1, False


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(st.sets(st.integers(0, 30), min_size=1), min_size=1, max_size=8),
    gap=st.integers(1, 5),
    horizon=st.integers(31, 34),
)
def test_first_exit_equals_a_walk_through_the_weeks(make_tables, people, gap, horizon) -> None:
    spells = [(p, A, monday(START + w), monday(START + w + 1)) for p, weeks in enumerate(people) for w in weeks]
    tables = make_tables(spells, horizon=START + horizon)
    for run in fetched(tables, prepare(tables, exit_after=gap).runs):
        expected = first_exit_by_hand(people[run["person"]], run["start_week"] - START, gap, horizon)
        assert (run["exit_week"] - START, run["exit_known"]) == expected
