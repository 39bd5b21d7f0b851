"""The specifications: valid Vega-Lite, blank weeks left blank, and nothing that hangs on the order of rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import altair
import numpy
import pytest

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.errors import GevinstError
from gevinst.language import Language, speaking
from gevinst.report.charts import (
    BudgetResultRow,
    EstimatorRow,
    budget_result_chart,
    estimator_chart,
    survival_chart,
)
from gevinst.report.charts.charts import COLOURS, stretches, week_ticks

BUDGET = [
    BudgetResultRow(2020, "budget", Decimal("-0.633")),
    BudgetResultRow(2020, "realised", Decimal("-0.124"), Decimal("-0.3"), Decimal("0.05")),
    BudgetResultRow(2021, "budget", Decimal("-1.724")),
    BudgetResultRow(2021, "expected", Decimal("-0.723"), Decimal("-1.1"), Decimal("-0.2")),
    BudgetResultRow(2022, "expected", None),
]
LADDER = [
    EstimatorRow("Hele målgruppen", 2.1, 1.1, 3.1, rank=1),
    EstimatorRow("Resten af målgruppen", 2.64, 1.4, 3.8, headline=True, rank=2),
    EstimatorRow("Matchede", -1.2, None, None, rank=3),
    EstimatorRow("Konjunkturrenset", None, rank=4),
]


def rows_of(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A dataset of the specification."""
    rows: list[dict[str, Any]] = spec["datasets"][name]
    return rows


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_specifications_are_valid_vega_lite(language: Language, published: list[Curve]) -> None:
    with speaking(language):
        specs = [survival_chart(published), budget_result_chart(BUDGET), estimator_chart(LADDER, unit="uger")]
    for spec in specs:
        altair.Chart.from_dict(spec, validate=True)


def test_a_specification_does_not_hang_on_the_order_of_rows(
    published: list[Curve], followed: Callable[..., Curve]
) -> None:
    shuffle = numpy.random.default_rng(7)

    def mixed(rows: list[Any]) -> list[Any]:
        return [rows[at] for at in shuffle.permutation(len(rows))]

    curves = [*published, followed("Deltagere", 0.05, 45, 140)]
    mixed_up = [replace(curve, points=tuple(mixed(list(curve.points)))) for curve in mixed(curves)]
    assert survival_chart(curves) == survival_chart(mixed_up)
    assert budget_result_chart(BUDGET) == budget_result_chart(mixed(BUDGET))
    assert estimator_chart(LADDER, unit="uger") == estimator_chart(mixed(LADDER), unit="uger")


def test_a_curve_stops_where_it_is_blank(published: list[Curve]) -> None:
    rows = rows_of(survival_chart(published), "points")
    assert max(row["week"] for row in rows if row["group"] == "2020") == 39
    assert max(row["week"] for row in rows if row["group"] == "2021H1") == 13
    assert all(row["share"] > 0.2 for row in rows), "a blank must not become a zero"


def test_a_curve_with_a_hole_is_drawn_as_two_stretches() -> None:
    shares = {0: 1.0, 1: 0.9, 2: None, 3: 0.7}
    points = tuple(CurvePoint(week, share, None, None, 9, 5, 9) for week, share in shares.items())
    curve = Curve("A", "with_relapse", "same", "a-dagpenge", "whole", points, 9, 9)
    assert [[point.week for point in run] for run in stretches(curve)] == [[0, 1], [3]]
    assert len({row["stretch"] for row in rows_of(survival_chart([curve]), "points")}) == 2


def test_published_curves_are_marked_as_points_on_straight_lines(
    published: list[Curve], followed: Callable[..., Curve]
) -> None:
    spec = survival_chart([*published, followed("Deltagere", 0.05, 45, 140)])
    assert {row["group"] for row in rows_of(spec, "points") if row["published"]} == {c.label for c in published}
    marks = [layer["mark"] for layer in spec["layer"]]
    assert {"step-after", "linear"} == {mark["interpolate"] for mark in marks if mark["type"] == "line"}


def test_every_curve_has_its_own_colour_dash_and_name(followed: Callable[..., Curve]) -> None:
    spec = survival_chart([followed(name, 0.02 * at, 52, 100) for at, name in enumerate("ABCD", 1)])
    assert spec["encoding"]["color"]["scale"] == {"domain": ["A", "B", "C", "D"], "range": list(COLOURS[:4])}
    dashes = spec["layer"][1]["encoding"]["strokeDash"]["scale"]["range"]
    assert len({tuple(dash) for dash in dashes}) == 4
    assert [row["group"] for row in rows_of(spec, "labels")] == ["A", "B", "C", "D"]


def test_two_curves_of_one_name_are_refused(published: list[Curve]) -> None:
    with pytest.raises(GevinstError) as refused:
        survival_chart([published[0], published[0]])
    assert refused.value.code == "report.curve-name-twice"
    assert published[0].label in str(refused.value)


def test_curves_without_any_figure_give_an_empty_chart(published: list[Curve]) -> None:
    blank = replace(published[0], points=tuple(replace(point, share=None) for point in published[0].points))
    spec = survival_chart([blank])
    assert rows_of(spec, "points") == []
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 52]


def test_the_axis_says_what_the_share_is_a_share_of(published: list[Curve], followed: Callable[..., Curve]) -> None:
    def title(curves: list[Curve], **given: str) -> str:
        text: str = survival_chart(curves, **given)["layer"][1]["encoding"]["y"]["title"]
        return text

    with speaking("da"):
        assert title(published) == "Andel, der modtager ydelsen"
        assert title([replace(published[0], outcome="any")]) == "Andel på offentlig forsørgelse"
        assert title([followed("A", 0.1, 9, 9)]) == "Andel, der endnu ikke har forladt ydelsen"
        assert title([*published, followed("A", 0.1, 9, 9)]) == "Andel"
        assert title(published, y_title="Egen tekst") == "Egen tekst"
    with speaking("en"):
        assert title([replace(followed("A", 0.1, 9, 9), outcome="any")]) == "Share not yet self-supporting"


def test_weeks_on_the_axis() -> None:
    assert week_ticks(52)[-1] == 52
    assert week_ticks(156) == list(range(0, 157, 26))
    assert len(week_ticks(1000)) <= 11


def test_years_stand_in_order_and_missing_figures_take_no_room() -> None:
    spec = budget_result_chart(BUDGET, unit="Mio. kr.")
    rows = rows_of(spec, "rows")
    assert [(row["year"], row["place"]) for row in rows] == [("2020", 0), ("2020", 1), ("2021", 0), ("2021", 1)]
    assert rows[1]["low"] == -0.3
    assert rows[0]["low"] is None
    assert spec["layer"][0]["layer"][0]["encoding"]["y"]["title"] == "Mio. kr."


def test_the_ladder_keeps_its_order_and_prints_its_figures() -> None:
    with speaking("da"):
        rows = rows_of(estimator_chart(LADDER, unit="uger pr. deltager"), "rows")
    assert [row["label"] for row in rows] == ["Hele målgruppen", "Resten af målgruppen", "Matchede"]
    assert [row["printed"] for row in rows] == ["2,1  [1,1; 3,1]", "2,6  [1,4; 3,8]", "−1,2"]
    with speaking("en"):
        assert rows_of(estimator_chart(LADDER, unit="weeks"), "rows")[0]["printed"] == "2.1  [1.1; 3.1]"


@pytest.mark.parametrize(("language", "decimal", "word"), [
    ("da", ",", "Uger efter start"), ("en", ".", "Weeks after the start")])
def test_the_language_is_in_the_specification(
    published: list[Curve], language: Language, decimal: str, word: str
) -> None:
    with speaking(language):
        spec = survival_chart(published)
    assert spec["config"]["locale"]["number"]["decimal"] == decimal
    assert spec["encoding"]["x"]["title"] == word
    assert '"da"' not in json.dumps(spec), "a text in both languages was left unresolved"


def test_the_templates_are_not_changed_by_filling_them(published: list[Curve]) -> None:
    first = json.dumps(survival_chart(published))
    survival_chart(published[:1], x_title="noget andet")
    assert json.dumps(survival_chart(published)) == first
