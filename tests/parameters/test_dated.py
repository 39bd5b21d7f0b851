"""A value outside the time it is known for is refused to a realised figure, and carried forward by a forecast."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.dated import Series
from gevinst.parameters.national import read_numbers

TEXT = """price:
  da: pris
  en: price
  unit: dkk_per_week
  known_until: 2022-12-31
  source: a guide
  confidence: growth-fits
  values:
    - {year: 2018, value: 10}
    - {year: 2019, unknown: not found}
    - {from: 2020-01-01, to: 2020-06-30, value: 12}
    - {from: 2020-07-01, value: 14, source: a law, confidence: verified, legal_reference: § 1, note: why}
"""


def series(tmp_path: Path, text: str = TEXT) -> Series[Decimal]:
    path = tmp_path / "values.yaml"
    path.write_text(text, encoding="utf-8")
    return read_numbers(path)["price"]


@pytest.mark.parametrize(("day", "value"), [
    (date(2018, 1, 1), 10), (date(2018, 12, 31), 10), (date(2020, 1, 1), 12), (date(2020, 6, 30), 12),
    (date(2020, 7, 1), 14), (date(2022, 12, 31), 14)])
def test_a_value_holds_from_its_first_to_its_last_day(tmp_path: Path, day: date, value: int) -> None:
    found = series(tmp_path).at(day)
    assert found.dated.value == value
    assert not found.carried


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2019, 6, 1), date(2023, 1, 1)])
def test_a_realised_figure_is_refused_outside_what_is_known(tmp_path: Path, day: date) -> None:
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        series(tmp_path).at(day)


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2019, 6, 1)])
def test_a_forecast_is_not_carried_backwards_or_over_a_hole(tmp_path: Path, day: date) -> None:
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        series(tmp_path).at(day, forecast=True)


def test_a_forecast_carries_the_last_value_forward_and_is_marked(tmp_path: Path) -> None:
    found = series(tmp_path).at(date(2030, 5, 1), forecast=True)
    assert found.dated.value == 14
    assert found.carried
    assert found.dated.known_until == date(2022, 12, 31)


def test_what_has_ended_is_not_carried_forward(tmp_path: Path) -> None:
    ended = series(tmp_path, TEXT.replace("{from: 2020-07-01, value", "{from: 2020-07-01, to: 2021-03-31, value"))
    assert ended.ended
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        ended.at(date(2030, 1, 1), forecast=True)


def test_how_well_it_is_known_travels_with_the_value(tmp_path: Path) -> None:
    one = series(tmp_path)
    first, last = one.at(date(2018, 5, 1)).dated, one.at(date(2021, 5, 1)).dated
    assert (first.verified, first.source, first.legal_reference) == (False, "a guide", "")
    assert (last.verified, last.source, last.legal_reference, last.note) == (True, "a law", "§ 1", "why")


def test_a_hole_is_written_down(tmp_path: Path) -> None:
    (hole,) = series(tmp_path).unknown
    assert (hole.valid_from, hole.valid_to, hole.why) == (date(2019, 1, 1), date(2019, 12, 31), "not found")
