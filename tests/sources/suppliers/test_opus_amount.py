"""Amounts as ledgers print them: every way of writing an amount reads back to the same øre."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.sources.cells import Fault, kroner
from gevinst.sources.suppliers.opus_amount import Sides, as_kroner, of_two_columns, ore, with_side

AMOUNTS = st.integers(min_value=-(10**14) + 100, max_value=10**14 - 1)
THOUSANDS = {"point": ".", "none": "", "space": " ", "no-break": "\N{NO-BREAK SPACE}", "thin": "\N{THIN SPACE}",
             "narrow": "\N{NARROW NO-BREAK SPACE}"}
SIGNS: dict[str, Callable[[str], str]] = {
    "before": lambda text: f"-{text}", "before, apart": lambda text: f"- {text}", "after": lambda text: f"{text}-",
    "after, apart": lambda text: f"{text} -", "brackets": lambda text: f"({text})",
    "true minus": lambda text: f"\N{MINUS SIGN}{text}", "dash": lambda text: f"\N{EN DASH}{text}",
    "currency first": lambda text: f"kr. -{text}", "currency last": lambda text: f"-{text} kr.",
    "currency and after": lambda text: f"{text}- DKK",
}
SIDES = Sides(frozenset({"debet", "d"}), frozenset({"kredit", "k"}))


def figures(amount: int, thousands: str, decimals: int) -> str:
    """The amount's figures without a sign, as a spreadsheet would print them."""
    whole, part = divmod(abs(amount), 100)
    text = f"{whole:,}".replace(",", thousands)
    return f"{text},{part:02d}" if decimals == 2 else f"{text},{part // 10}" if decimals == 1 else text


@pytest.mark.parametrize("thousands", THOUSANDS)
@pytest.mark.parametrize("sign", SIGNS)
@given(amount=AMOUNTS)
def test_what_is_written_is_read(amount: int, thousands: str, sign: str) -> None:
    text = figures(amount, THOUSANDS[thousands], 2)
    assert ore(SIGNS[sign](text) if amount < 0 else text) == amount


@given(amount=AMOUNTS.map(lambda amount: amount - amount % 100), plus=st.booleans())
def test_whole_kroner_need_no_decimals_and_a_plus_is_no_harm(amount: int, plus: bool) -> None:
    text = figures(amount, ".", 0)
    assert ore(f"-{text}" if amount < 0 else f"+{text}" if plus else text) == amount


@given(amount=AMOUNTS.map(lambda amount: amount - amount % 10))
def test_one_decimal_is_ten_ore(amount: int) -> None:
    assert ore(figures(amount, ".", 1)) == abs(amount)


@given(amount=AMOUNTS)
def test_english_figures_where_the_layout_says_so(amount: int) -> None:
    text = f"{abs(amount) // 100:,}.{abs(amount) % 100:02d}"
    assert ore(f"{text}-" if amount < 0 else text, ".") == amount


@given(amount=AMOUNTS)
def test_the_text_handed_to_the_checks_is_exact(amount: int) -> None:
    read = kroner(as_kroner(amount))
    assert not isinstance(read, Fault)
    assert read * 100 == amount


@given(amount=st.integers(min_value=1, max_value=10**14 - 1))
def test_a_side_gives_the_sign(amount: int) -> None:
    assert with_side(amount, " DEBET ", SIDES) == amount
    assert with_side(amount, "K.", SIDES) == -amount
    assert of_two_columns(amount, Fault.MISSING_CELL) == of_two_columns(amount, 0) == amount
    assert of_two_columns(Fault.MISSING_CELL, amount) == of_two_columns(0, amount) == -amount
    assert of_two_columns(-amount, Fault.MISSING_CELL) == -amount, "a correction stays on its side"


def test_a_minus_beside_a_side_means_what_the_layout_says() -> None:
    reverses = Sides(SIDES.debit, SIDES.credit, "reverses")
    repeats = Sides(SIDES.debit, SIDES.credit, "repeats")
    assert with_side(-100, "Kredit", SIDES) is with_side(-100, "Debet", SIDES) is Fault.SIGN_TWICE
    assert (with_side(-100, "Kredit", reverses), with_side(-100, "Debet", reverses)) == (100, -100)
    assert with_side(-100, "Kredit", repeats) == -100
    assert with_side(-100, "Debet", repeats) is Fault.SIGN_TWICE, "a debit that is negative repeats nothing"


def test_nothing_is_neither_debit_nor_credit() -> None:
    assert with_side(0, "", SIDES) == 0
    assert of_two_columns(0, 0) == 0
    assert of_two_columns(Fault.MISSING_CELL, Fault.MISSING_CELL) is Fault.MISSING_CELL
    assert of_two_columns(0, Fault.NOT_A_NUMBER) is of_two_columns(Fault.NOT_A_NUMBER, 0) is Fault.NOT_A_NUMBER
    assert of_two_columns(Fault.MISSING_CELL, Fault.NOT_A_NUMBER) is Fault.NOT_A_NUMBER


@pytest.mark.parametrize("text", [
    "1.23,45", "12 34", "1.234.56", "1234.50", "1,234.56", "1.234,567", "--5", "-5-", "(5", "5)", "-(5)", "+-5", "kr.",
    "5 EUR", "12e3", "٣", "½", "1..234", ",50", "5,", "1 2345,00", "1.234 567,00", "010190-1234", "0x10", "NaN"])
def test_what_may_be_misread_is_no_amount(text: str) -> None:
    assert ore(text) is Fault.NOT_A_NUMBER


def test_noughts_after_the_ore_are_noise() -> None:
    assert ore("12,5000") == 1250
    assert ore("1.000.000.000.000,00") is ore("9" * 40) is Fault.OUT_OF_RANGE


@given(text=st.text(max_size=20))
def test_any_text_is_an_amount_or_a_fault(text: str) -> None:
    assert isinstance(ore(text), int | Fault)
