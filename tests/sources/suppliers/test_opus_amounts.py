"""Columns of amounts read at once say what the careful reader says of each cell."""

from __future__ import annotations

from decimal import Decimal as Exact
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.sources.cells import Fault
from gevinst.sources.columns import Spread, spread
from gevinst.sources.suppliers.opus_amount import MinusWithSide, Sides, as_kroner, of_two_columns, ore, with_side
from gevinst.sources.suppliers.opus_amounts import (
    Amounts,
    amounts_of,
    as_cells,
    of_debit_and_credit,
    total_of,
    with_sides,
)

_CELLS = st.lists(st.text("0123456789.,- ()k", max_size=12) | st.from_regex(
    r"-?\d{1,3}(\.\d{3}){0,4}(,\d{1,3})?-?", fullmatch=True) | st.just(None), min_size=1, max_size=20)
_WORDS = st.sampled_from(["Debet", "kredit", "K.", "", "?", None])


def column(cells: list[str | None]) -> Spread:
    return spread(pa.chunked_array([pa.array(cells, pa.string()).dictionary_encode()]))


def found(amounts: Amounts) -> list[int | Fault]:
    """By row the øre or the fault, as the careful reader gives them."""
    assert not amounts.ore[amounts.faults != 0].any()
    return [Fault(fault) if fault else amount
            for amount, fault in zip(amounts.ore.tolist(), amounts.faults.tolist(), strict=True)]


@settings(max_examples=300, deadline=None)
@given(cells=_CELLS, decimal=st.sampled_from([",", "."]))
def test_amounts_read_at_once_are_those_read_one_by_one(cells: list[str | None], decimal: Literal[",", "."]) -> None:
    assert found(amounts_of(column(cells), decimal)) == [ore(cell or "", decimal) for cell in cells]


@pytest.mark.parametrize("minus", ["refuse", "reverses", "repeats"])
@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(st.sampled_from(["1,00", "-2,50", "0", "", "x", "9" * 15]), _WORDS), min_size=1))
def test_sides(minus: MinusWithSide, rows: list[tuple[str, str | None]]) -> None:
    sides = Sides(frozenset({"debet", "d"}), frozenset({"kredit", "k"}), minus)
    amounts = amounts_of(column([amount for amount, _ in rows]), ",")
    assert found(with_sides(amounts, column([word for _, word in rows]), sides)) == [
        with_side(ore(amount), word or "", sides) for amount, word in rows]


def test_debit_and_credit_in_every_pair() -> None:
    kinds = ["", "0", "5", "-7,25", "x", "9" * 15]
    pairs = [(debit, credit) for debit in kinds for credit in kinds]
    both = of_debit_and_credit(*(amounts_of(column([pair[side] for pair in pairs]), ",") for side in (0, 1)))
    assert found(both) == [of_two_columns(ore(debit), ore(credit)) for debit, credit in pairs]


def test_what_is_handed_to_the_checks() -> None:
    amounts = [0, 5, -5, 123456, -(10**14) + 1, 10**14 - 1]
    cells = as_cells(Amounts(np.array([*amounts, 0, 0, 0]), np.array(
        [0] * 6 + [Fault.MISSING_CELL, Fault.NOT_A_NUMBER, Fault.OUT_OF_RANGE], np.uint8))).to_pylist()
    assert cells[:6] == [as_kroner(amount) for amount in amounts]
    assert cells[6:8] == [None, "?"]
    assert Exact(cells[8]) >= 10**12, "the checks find it out of range"


@given(st.lists(st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1)))
def test_sums_are_exact(amounts: list[int]) -> None:
    assert total_of(np.array(amounts, np.int64)) == sum(amounts)


def test_a_sum_longer_than_64_bits_is_exact() -> None:
    assert total_of(np.full(200_000, 10**14 - 1, np.int64)) == 200_000 * (10**14 - 1)
