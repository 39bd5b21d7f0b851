"""Breaks in charts of calendar time: on their day, with words that do not run into each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair
import pytest

from gevinst.language import speaking
from gevinst.report.charts import BudgetResultRow, budget_result_chart
from gevinst.report.charts.breaks import TimeMark, mark_years
from gevinst.report.charts.months import MonthPoint, describe_months, month_chart
from gevinst.report.charts.render import svg

REFORM = TimeMark(date(2025, 7, 1), "Kontanthjælpsreform")
POINTS = [MonthPoint("kontanthjælp", date(2025, month, 1), None if month == 4 else 100.0 + month, 103.0)
          for month in range(1, 13)]


def rules(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a break's line."""
    return [layer for layer in spec["layer"] if layer.get("mark", {}).get("strokeDash") == [4, 3]]


def words(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if isinstance(layer.get("mark"), dict)
            and layer["mark"].get("baseline") == "bottom"]


def test_a_break_is_a_line_on_its_day() -> None:
    with speaking("da"):
        spec = month_chart(POINTS, [REFORM, REFORM, TimeMark(date(2019, 8, 9), "før")])
    (line,) = rules(spec)
    assert line["data"]["values"] == [{"day": "2025-07-01"}]
    (told,) = words(spec)
    assert told["encoding"]["text"] == {"value": "Kontanthjælpsreform 01-07-2025"}
    altair.Chart.from_dict(spec, validate=True)
    assert "Kontanthjælpsreform 01-07-2025" in svg(spec)


def test_a_chart_without_breaks_has_no_line() -> None:
    rows = [BudgetResultRow(2020, "budget", -1.0)]
    assert mark_years(budget_result_chart(rows), [REFORM], [2020]) == budget_result_chart(rows)
    assert rules(month_chart(POINTS)) == []


@pytest.mark.parametrize(("day", "at"), [(date(2025, 1, 1), 580 / 3), (date(2025, 7, 2), 580 / 3 * (1 + 182 / 365))])
def test_in_a_chart_of_years_it_stands_inside_its_year(day: date, at: float) -> None:
    rows = [BudgetResultRow(year, "budget", -1.0) for year in (2024, 2025, 2026)]
    spec = mark_years(budget_result_chart(rows), [TimeMark(day, "x")], [2026, 2024, 2025])
    assert rules(spec)[0]["encoding"]["x"]["value"] == pytest.approx(at, abs=0.05)
    altair.Chart.from_dict(spec, validate=True)


def test_words_that_would_meet_stand_on_lines_of_their_own() -> None:
    marks = [TimeMark(date(2025, 5, day), f"et brud i måned {day}") for day in (1, 9, 20)]
    heights = [layer["encoding"]["y"]["value"] for layer in words(month_chart(POINTS, marks))]
    assert len(set(heights)) == 3
    far = [TimeMark(date(2025, 1, 2), "a"), TimeMark(date(2025, 8, 1), "b")]
    assert len({layer["encoding"]["y"]["value"] for layer in words(month_chart(POINTS, far))}) == 1


def test_a_month_without_a_count_breaks_the_line() -> None:
    rows = month_chart(list(reversed(POINTS)))["datasets"]["rows"]
    assert [row["stretch"] for row in rows if row["count"] is not None] == [
        "kontanthjælp 0"] * 3 + ["kontanthjælp 1"] * 8
    with pytest.raises(ValueError, match="0 groups"):
        month_chart([])


def test_the_words_for_one_who_does_not_see_it() -> None:
    with speaking("da"):
        assert describe_months(POINTS, [REFORM]) == (
            "kontanthjælp: 101 i 01-2025, 112 i 12-2025. Brud: Kontanthjælpsreform 01-07-2025.")
