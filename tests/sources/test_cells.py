from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gevinst.sources.cells import (
    OPEN_END,
    Fault,
    day_number,
    kroner,
    number,
    shown,
    whole_number,
)


@pytest.mark.parametrize("text", [
    "2021-12-31", "31-12-2021", "31.12.2021", "31/12/2021", "20211231", "2021/12/31", "2021.12.31",
    " 2021-12-31 ", "2021-12-31 00:00:00", "2021-12-31T00:00", "2021-12-31T00:00:00.000Z",
])
def test_a_day_in_all_its_forms(text: str) -> None:
    assert day_number(text) == (date(2021, 12, 31) - date(1970, 1, 1)).days


def test_one_figure_days_and_leap_days() -> None:
    assert day_number("1-2-2020") == day_number("2020-02-01")
    assert day_number("29-02-2020") == (date(2020, 2, 29) - date(1970, 1, 1)).days
    assert day_number("29-02-2021") is Fault.BAD_DATE


@pytest.mark.parametrize("text", [
    "31-12-21", "12/31/2021", "2021-13-01", "00-01-2021", "2021-12-31 13:45:00", "31-12/2021", "44561", "i dag", "",
    "2021-12-31x", "31-12-20211", "3021-01-01",
])
def test_what_is_no_day(text: str) -> None:
    assert day_number(text) is Fault.BAD_DATE


def test_the_end_that_payroll_systems_write() -> None:
    assert day_number("31-12-9999") == day_number("9999-12-31") == OPEN_END


@pytest.mark.parametrize(("text", "value"), [
    ("1234", "1234"), ("1234,5", "1234.5"), ("1234.5", "1234.5"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"),
    ("1.234.567", "1234567"), ("1 234,50", "1234.50"), ("1\N{NO-BREAK SPACE}234", "1234"), ("-5", "-5"),
    ("\N{MINUS SIGN}5", "-5"), ("5,25-", "-5.25"), ("0,500", "0.500"), ("1e3", "1e3"), ("+7", "7"),
])
def test_numbers(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(("text", "fault"), [
    ("1.234", Fault.AMBIGUOUS_NUMBER), ("123,456", Fault.AMBIGUOUS_NUMBER), ("12.34,5", Fault.NOT_A_NUMBER),
    ("1.2.3", Fault.NOT_A_NUMBER), ("12 kr", Fault.NOT_A_NUMBER), ("nan", Fault.NOT_A_NUMBER),
    ("inf", Fault.NOT_A_NUMBER),    ("", Fault.NOT_A_NUMBER), ("1e99", Fault.OUT_OF_RANGE), ("١٢", Fault.NOT_A_NUMBER),
])
def test_what_is_no_number(text: str, fault: Fault) -> None:
    assert number(text) is fault


def test_kroner_are_whole_ore() -> None:
    assert kroner("1.234,50") == Decimal("1234.50")
    assert kroner("0.1") == Decimal("0.10")
    assert kroner("4064.919875") is Fault.NOT_WHOLE_ORE
    assert kroner("1234,5600") == Decimal("1234.56")
    assert kroner("1000000000000") is Fault.OUT_OF_RANGE


def test_whole_numbers() -> None:
    assert whole_number("52") == whole_number("52,0") == 52
    assert whole_number("52,5") is Fault.NOT_WHOLE_NUMBER
    assert whole_number("uge 3") is Fault.NOT_A_NUMBER


def test_what_is_named_to_a_reader_has_no_run_of_six_figures() -> None:
    assert shown("  kontant   hjælp ") == "kontant hjælp"
    assert shown("9912901234") == shown("991290") == shown("99 12 90") == "[…]"
    assert shown("x" * 100) == "x" * 40 + "…"
