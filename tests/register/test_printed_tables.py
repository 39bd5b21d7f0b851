"""Figures as Danish documents print them, and units and price levels as they are labelled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.errors import GevinstError
from gevinst.language import number, speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.printed_tables import figure_of_float, figure_of_text, named_price_level, printed_cell
from gevinst.register.units import Unit, in_unit, named_unit, parse_unit, to_amount


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_figure_that_is_printed_in_danish_reads_back(figure: Decimal) -> None:
    with speaking("da"):
        assert figure_of_text(number(figure, 3)) == figure


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_figure_typed_in_a_spreadsheet_is_read_as_it_was_typed(figure: Decimal) -> None:
    assert figure_of_float(float(figure)) == figure


@pytest.mark.parametrize("text", [
    "3,07o", "1.2.3", "1,2,3", "12.34,5", "--1", "tre", "1 2 a", "0.376.123", "()", "%", "9" * 20,
])
def test_what_is_no_figure_is_refused(text: str) -> None:
    cell = printed_cell(text, "Ark!A1")
    assert (cell.readable, cell.value, cell.text) == (False, None, text)


@pytest.mark.parametrize(("text", "value"), [
    ("3.079", 3079), ("0.376", "0.376"), ("8.5", "8.5"), ("1 234,5", "1234.5"), ("+2", 2), ("-\N{NO-BREAK SPACE}5", -5),
    ("(1.362)", -1362), ("0", 0),
])
def test_points_commas_and_signs(text: str, value: str | int) -> None:
    assert figure_of_text(text) == Decimal(value)


def test_a_cell_keeps_how_it_was_printed() -> None:
    assert (printed_cell("-2,70", "x").text, printed_cell("-2,70", "x").decimals) == ("-2,70", 2)
    assert (printed_cell(-2.7, "x").text, printed_cell(-2.7, "x").decimals) == ("-2,7", 1)
    assert printed_cell(True, "x").readable is False
    assert printed_cell(1e300, "x").readable is False


@pytest.mark.parametrize(("text", "unit"), [
    ("Mio. kr.", Unit.MILLION), ("i mio. kr. løbende priser", Unit.MILLION), ("millioner kroner", Unit.MILLION),
    ("Investering i tusind kr.", Unit.THOUSAND), ("1.000 kr.", Unit.THOUSAND), ("(1000 kr)", Unit.THOUSAND),
    ("t.kr.", Unit.THOUSAND), ("tkr.", Unit.THOUSAND), ("hele kr.", Unit.KR), ("DKK million", Unit.MILLION),
    ("(i 2020 pl)", None), ("EAU investeringsforslag", None), ("koster 5.000 kr.", None), ("kritisk", None),
])
def test_units_as_they_are_labelled(text: str, unit: Unit | None) -> None:
    assert named_unit(text) is unit


@pytest.mark.parametrize(("text", "level"), [
    ("(i 2020 pl)", PriceLevel(2020)), ("i 2020 p/l", PriceLevel(2020)), ("p/l 2021", PriceLevel(2021)),
    ("2022-priser", PriceLevel(2022)), ("Prisniveau 2019", PriceLevel(2019)), ("Løbende priser", CURRENT),
    ("årets priser", CURRENT), ("2020 prices", PriceLevel(2020)), ("Mio. kr.", None), ("Budget 2020", None),
    ("Placeringer 2020", None),
])
def test_price_levels_as_they_are_labelled(text: str, level: PriceLevel | None) -> None:
    found = named_price_level(text)
    assert (found[0] if found else None) == level


@given(st.integers(-(10**13), 10**13), st.sampled_from(Unit))
def test_an_amount_survives_its_unit(ore: int, unit: Unit) -> None:
    amount = Amount(ore, PriceLevel(2020))
    assert to_amount(in_unit(amount, unit), unit, amount.level) == amount


def test_a_unit_that_is_none_is_refused() -> None:
    with pytest.raises(GevinstError, match=r"register\.unknown-unit"):
        parse_unit("euro")
