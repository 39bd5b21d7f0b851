"""Participant-weeks per calendar year, counted week by week."""

from collections import Counter
from datetime import date

from gevinst.curves.delivered import delivered_weeks, participants_per_year
from gevinst.weeks import monday, week_of, year_of


def test_weeks_fall_in_the_year_of_their_thursday(make_tables) -> None:
    start = week_of(date(2020, 12, 7))
    rows = [
        (1, "net", monday(start), monday(start + 8)),
        (2, "net", monday(start + 2), None),
        (3, "other", monday(start), None),
    ]
    horizon = start + 10
    tables = make_tables([(1, "a-dagpenge", monday(start), None)], horizon=horizon, participants=rows)
    expected = Counter(year_of(w) for w in range(start, start + 8))
    expected += Counter(year_of(w) for w in range(start + 2, horizon + 1))
    assert delivered_weeks(tables, "net") == dict(expected)
    assert expected[2020] == 4 + 2  # 2020 has 53 weeks: 7, 14, 21 and 28 December


def test_persons_are_counted_once_a_year_and_only_with_a_week_in_it(make_tables) -> None:
    start = week_of(date(2020, 12, 7))
    rows = [
        (1, "net", monday(start), monday(start + 2)),
        (1, "net", monday(start + 2), monday(start + 3)),
        (2, "net", monday(start), monday(start + 6)),
        (3, "net", monday(start + 4), None),
        (4, "net", monday(start + 11), None),
        (5, "other", monday(start), None),
    ]
    tables = make_tables([(1, "a-dagpenge", monday(start), None)], horizon=start + 10, participants=rows)
    expected = {2020: {1, 2}, 2021: {2, 3}}  # 2021 begins in the fifth week; person 4 starts after the horizon
    assert participants_per_year(tables, "net") == {year: len(persons) for year, persons in expected.items()}
    assert participants_per_year(make_tables([(1, "a-dagpenge", monday(start), None)], horizon=start), "net") == {}


def test_nobody_is_no_weeks(make_tables) -> None:
    tables = make_tables([(1, "a-dagpenge", date(2020, 1, 6), None)], horizon=week_of(date(2020, 3, 1)))
    assert delivered_weeks(tables, "net") == {}
