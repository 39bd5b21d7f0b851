from __future__ import annotations

from datetime import date, timedelta

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.suppliers.dream_weeks import column_name, is_dream, listed, week_columns, week_in
from gevinst.weeks import monday


def code_of(names: list[str]) -> tuple[str, str]:
    with pytest.raises(GevinstError) as fault:
        week_columns(names, "dream.csv")
    assert fault.value.where == "dream.csv"
    return fault.value.code, fault.value.values["columns"]


@pytest.mark.parametrize(("name", "day"), [
    ("y_9131", date(1991, 7, 29)),  # the first column of DREAM
    ("y_9001", date(1990, 1, 1)),
    ("y_9953", None),
    ("y_9952", date(1999, 12, 27)),
    ("y_0001", date(2000, 1, 3)),
    ("y_0453", date(2004, 12, 27)),
    ("y_0953", date(2009, 12, 28)),
    ("y_1553", date(2015, 12, 28)),
    ("y_2053", date(2020, 12, 28)),
    ("y_2101", date(2021, 1, 4)),
    ("Y_0801", date(2007, 12, 31)),
    (" y 0801 ", date(2007, 12, 31)),
    ("y0801", date(2007, 12, 31)),
    ("y_2153", None), ("y_0853", None), ("y_2400", None), ("y_2454", None), ("y_2499", None),
    ("y_240", None), ("x_2401", None), ("branche_2008_01", None), ("y_24010", None),
])
def test_the_monday_of_a_week_column(name: str, day: date | None) -> None:
    week = week_in(name)
    assert (None if week is None else monday(week)) == day


def test_every_column_from_1990_to_2089_against_the_calendar() -> None:
    day = date(1990, 1, 1)
    while day.year < 2090:
        year, number, _ = day.isocalendar()
        found = week_in(f"y_{year % 100:02d}{number:02d}")
        assert found is not None
        assert monday(found) == day
        assert column_name(found) == f"y_{year % 100:02d}{number:02d}"
        day += timedelta(days=7)


def test_columns_in_any_order_across_a_week_53() -> None:
    found = week_columns(["y_2101", "lobenr", "y_2053", "branche_2020_12", "y_2052", "y_2102"], "dream.csv")
    assert found.places == (4, 2, 0, 5)
    assert monday(found.first) == date(2020, 12, 21)
    assert found.span == ("2020-W52", "2021-W02")


def test_a_week_53_where_there_is_none() -> None:
    assert code_of(["y_2152", "y_2153", "y_2201"]) == ("dream.no-such-week", "y_2153")


def test_a_week_twice_whatever_its_letters() -> None:
    assert code_of(["y_2401", "y_2402", "Y2401"]) == ("dream.week-twice", "y_2401, Y2401")


def test_a_week_missing_in_the_middle() -> None:
    assert code_of(["y_2052", "y_2101"]) == ("dream.weeks-missing", "y_2053")
    assert code_of(["y_2101", "y_2201"])[1].endswith("y_2112, y_2113 … (+39)")


def test_a_few_week_columns_do_not_make_a_dream_file() -> None:
    assert not is_dream(["person_id", "y_2401", "y_2402", "y_2403"])
    assert is_dream(["y_2153", "y_2401", "y_2402", "y_2403"])  # a wrong one counts: it is to be named, not passed over


def test_a_list_that_is_short_is_whole() -> None:
    assert listed([str(number) for number in range(12)]).endswith("10, 11")
