"""The fan: solid to the last result, dashed beyond, bands inside each other, a text that says the same."""

from __future__ import annotations

import re
from decimal import Decimal

import lxml.etree
import pytest

from gevinst.language import speaking
from gevinst.report.charts.fan import FanYear, describe_fan, fan_chart, fan_panels
from gevinst.report.charts.render import svg


def expected(year: int, value: int) -> FanYear:
    wide = ((50, 1), (80, 2), (95, 3))
    bounds = tuple((level, (Decimal(value - far), Decimal(value + far))) for level, far in wide)
    return FanYear(year, Decimal(value), True, bounds)


YEARS = [FanYear(2020, Decimal(-1), False, ((95, (Decimal(-2), Decimal(0))),)), FanYear(2021, Decimal(-2), False),
         expected(2022, -3), expected(2023, -4)]  # fmt: skip


def test_what_is_expected_is_dashed_and_begins_at_the_last_result() -> None:
    with speaking("da"):
        spec = fan_chart(YEARS[::-1], unit="mio. kr.")
    lines = spec["datasets"]["lines"]
    assert [(one["kind"], one["year"]) for one in lines] == [
        ("Resultat", 2020), ("Resultat", 2021), ("Forventet", 2021), ("Forventet", 2022), ("Forventet", 2023)]
    dashes = spec["layer"][2]["encoding"]["strokeDash"]["scale"]
    assert dict(zip(dashes["domain"], dashes["range"], strict=True)) == {"Resultat": [1, 0], "Forventet": [6, 4]}
    points = {(one["year"], one["kind"]) for one in spec["datasets"]["points"]}
    assert points == {(2020, "Resultat"), (2021, "Resultat"), (2022, "Forventet"), (2023, "Forventet")}
    assert spec["datasets"]["intervals"] == [{"year": 2020, "low": -2.0, "high": 0.0}]
    assert spec["layer"][0]["encoding"]["y"]["title"] == "mio. kr."
    assert "stroke-dasharray" in svg(spec)


def test_the_bands_lie_inside_each_other_and_open_from_a_point() -> None:
    rows = fan_chart(YEARS, unit="u")["datasets"]["bands"]
    by_level = {level: {row["year"]: (row["low"], row["high"]) for row in rows if row["level"] == level}
                for level in (50, 80, 95)}
    for level in (50, 80, 95):
        assert by_level[level][2021] == (-2.0, -2.0)
    for year in (2022, 2023):
        assert by_level[95][year][0] < by_level[80][year][0] < by_level[50][year][0]
        assert by_level[95][year][1] > by_level[80][year][1] > by_level[50][year][1]


@pytest.mark.parametrize("years", [[expected(2022, -3)], [FanYear(2022, Decimal(-3), True)]], ids=["fan", "no fan"])
def test_a_single_year_is_drawn(years: list[FanYear]) -> None:
    spec = fan_chart(years, unit="u")
    assert {row["year"] for row in spec["datasets"]["bands"]} == ({2021.75, 2022.25} if years[0].bounds else set())
    assert "<svg" in svg(spec)


def test_the_text_tells_what_is_expected_and_what_is_a_result() -> None:
    with speaking("en"):
        text = describe_fan(YEARS[::-1], unit="DKK million", decimals=0)
    assert text == (
        "Saving year by year, DKK million. 2020: result −1 (95% interval −2 to 0). 2021: result −2. "
        "2022: expected −3 (95% interval −6 to 0). 2023: expected −4 (95% interval −7 to −1).")


def test_several_stand_two_by_two_with_one_legend_and_their_own_axes() -> None:
    spec = fan_panels([(name, YEARS) for name in "abc"], unit="u")
    assert spec["columns"] == 2
    assert [part["title"]["text"] for part in spec["concat"]] == ["a", "b", "c"]
    legends = [part["layer"][2]["encoding"]["stroke"]["legend"] for part in spec["concat"]]
    assert [legend and legend["orient"] for legend in legends] == [None, None, "bottom"], "under the last row"
    four = fan_panels([(name, YEARS) for name in "abcd"], unit="u")["concat"]
    assert [part["layer"][2]["encoding"]["stroke"]["legend"] is None for part in four] == [True, True, False, True]
    assert set(spec["datasets"]) == {f"{name}{at}" for name in ("bands", "points", "lines", "intervals")
                                     for at in range(3)}  # fmt: skip
    assert svg(spec).count("stroke-dasharray") >= 3
    assert fan_panels([("a", YEARS)], unit="u") == fan_chart(YEARS, unit="u")


def test_panels_of_a_row_stand_at_one_height() -> None:
    spec = fan_panels([(name, YEARS) for name in ("Den ene", "Den anden")], unit="mio. kr., løbende priser")
    heights = {}
    for text in lxml.etree.fromstring(svg(spec).encode()).iter("{*}text"):
        moved = [re.search(r"translate\([-\d.]+,([-\d.]+)\)", one.get("transform", ""))
                 for one in (text, *text.iterancestors())]
        heights[text.text] = sum(float(one[1]) for one in moved if one)
    assert heights["Den ene"] == pytest.approx(heights["Den anden"], abs=0.5)
