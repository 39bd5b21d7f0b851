"""The forecasts in the memo: figures with ids, rules named, intervals told; nothing where nothing may be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gevinst.follow_up.coming_intake import IntakePlan
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.extrapolation import Extrapolation
from gevinst.follow_up.forecast import Fan, Forecast, YearForecast
from gevinst.language import speaking
from gevinst.report.forecast_section import forecast_appendix, forecast_blocks
from gevinst.report.memo import build_memo
from gevinst.report.tree import Bullets, Figure, Heading, Paragraph, Table

FAN = Fan(-2e6, -2.2e6, -1.8e6, -2.4e6, -1.6e6, -2.6e6, -1.4e6)
FOUND = Forecast(
    "2", "Borgere, der ligner deltagerne", Extrapolation("hold", 60),
    (YearForecast(2022, FAN, -1.5e6, -0.5e6, 30.0, 0.4, 0.2),
     YearForecast(2023, replace(FAN, estimate=-1e6), -1e6, None, 40.0, 0.7, 0.6, carried=True)),
    date(2022, 9, 25), IntakePlan("plan", {2022: 30.0, 2023: 40.0}, "sagens plan", 26.0, "sagens planlagte forløb"),
    ((2021, -0.9e6, -1.2e6, -0.6e6),), {"hold": (-2e6, -1e6), "decay": (-1.9e6, -0.8e6), "zero": (-1.7e6, -0.4e6)},
    (-1.8e6, -0.7e6),
)  # fmt: skip


@pytest.fixture
def foreseen(edition: Edition) -> Edition:
    return replace(edition, forecasts=(FOUND,))


def test_without_forecasts_the_memo_is_as_it_was(edition: Edition) -> None:
    assert forecast_appendix(edition) == []
    assert not any(isinstance(block, Heading) and "forecast" in block.key for block in build_memo(edition).blocks)


def test_what_may_not_be_told_of_is_not_forecast(foreseen: Edition) -> None:
    """No effect was computed for the investment in this edition, so nothing sound stands behind the forecast."""
    assert forecast_appendix(replace(foreseen, details=())) == []


def test_the_table_has_result_expectation_intervals_and_the_other_rules(foreseen: Edition) -> None:
    with speaking("da"):
        blocks = forecast_blocks([FOUND], foreseen)
    table = next(block for block in blocks if isinstance(block, Table))
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["2, 2022", "−0,500", "−2,000", "−2,600 til −1,400", "−1,900", "−1,700", "−1,800",
         "40\N{NO-BREAK SPACE}%"],
        ["2, 2023", "–", "−1,000", "−2,600 til −1,400", "−0,800", "−0,400", "−0,700",
         "70\N{NO-BREAK SPACE}%"]]
    assert [row.cells[2].figure for row in table.rows] == ["2/forecast/2022/saving", "2/forecast/2023/saving"]
    assert [column.header for column in table.columns[4:6]] == ["aftager", "ophører"]
    assert "en effekt, der ikke er set, holdes" in table.note
    assert "seneste kendte satser, uden regulering: 2023" in table.note


def test_the_words_say_the_rule_the_plan_and_that_the_council_was_told_otherwise(foreseen: Edition) -> None:
    with speaking("da"):
        blocks = forecast_blocks([FOUND], foreseen)
    (told,) = next(block.items for block in blocks if isinstance(block, Bullets))
    assert "Derefter holdes effekten på niveauet" in next(one.text for one in blocks if isinstance(one, Paragraph))
    assert "Effekten er set til og med uge 60 efter start." in told
    assert "30 i 2022 og 40 i 2023 (sagens plan)" in told
    assert "En deltager regnes at blive 26 uger (sagens planlagte forløb)." in told
    assert "er der indberettet en forventning; den står i opfølgningen og er ikke ændret." in told


def test_the_figure_has_a_text_and_a_table_of_its_own(foreseen: Edition) -> None:
    with speaking("en"):
        figure = next(block for block in forecast_blocks([FOUND], foreseen) if isinstance(block, Figure))
    assert "2021: result −0.900" in figure.alt
    assert "2023: expected −1.000 (95% interval −2.600 to −1.400)" in figure.alt
    assert figure.data is not None
    assert [[cell.text for cell in row.cells[:3]] for row in figure.data.rows] == [
        ["2, 2021", "result", "−0.900"], ["2, 2022", "expected", "−2.000"], ["2, 2023", "expected", "−1.000"]]
    assert [cell.text for cell in figure.data.rows[0].cells[3:]] == ["", "", "", "", "−1.200", "−0.600"]
    assert "Dashed is expected" in figure.note
