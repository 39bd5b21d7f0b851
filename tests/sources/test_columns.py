from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.sources.cells import Fault, kroner
from gevinst.sources.columns import RATE, ColumnRead, read_column, stored_type
from gevinst.sources.cpr import holds_cpr, without_written_cpr
from gevinst.tables import CONTRACTS, INVESTMENTS, POSTINGS, PRICES, PUBLISHED_CURVES, SPELLS, SUSPENSIONS, Column


def read(cells: list[str | None], column: Column, *, personal: bool = True) -> ColumnRead:
    coded = pa.chunked_array([pa.array(cells, pa.string()).dictionary_encode()])
    return read_column(coded, column, lambda text: text.lower() if text.isalpha() else None, personal=personal)


def faults(one: ColumnRead) -> list[str]:
    return [Fault(int(fault)).name for fault in one.faults]


_NUMBERISH = st.text("0123456789.,- +e", max_size=14)


@settings(max_examples=400, deadline=None)
@given(st.lists(_NUMBERISH, min_size=1, max_size=30))
def test_amounts_read_all_at_once_are_those_read_one_by_one(cells: list[str]) -> None:
    """The two ways to read an amount, Arrow's for the usual shapes and the careful one, must never differ."""
    one = read(list(cells), SPELLS.column("amount_dkk"))
    for cell, value, fault in zip(cells, one.values.to_pylist(), one.faults, strict=True):
        careful = kroner(cell)
        if not cell.strip():
            assert (value, fault) == (None, 0)
        elif isinstance(careful, Fault):
            assert fault == careful
        else:
            assert (value, fault) == (careful, 0)


_ID_LIKE = st.lists(st.sampled_from([
    "010190", "01", "10190", "1234", "1990", "AB12", "1", "a", "X", "\u0661", "-", ".", "/", "_", ":", " ",
    "\u00a0", "\u2013", "\x1c", "\n",
]), max_size=9).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.lists(_ID_LIKE, min_size=1, max_size=20))
def test_no_id_in_a_column_of_text_is_passed_over(cells: list[str]) -> None:
    """Arrow's looser search picks the texts that the careful one looks at, and must miss none that it would find."""
    texts = [cell.strip() for cell in cells]
    assert faults(read(list(cells), SPELLS.column("municipality"))) == [
        "HOLDS_CPR" if holds_cpr(text) else "NONE" for text in texts]
    assert read(list(cells), POSTINGS.column("text"), personal=False).values.to_pylist() == [
        without_written_cpr(text) or None for text in texts]


def test_empty_is_a_fault_only_where_a_cell_must_be_filled() -> None:
    assert faults(read([None, "", "  ", "x"], SPELLS.column("benefit"))) == ["MISSING_CELL"] * 3 + ["NONE"]
    assert faults(read([None, "", "  ", "707"], SPELLS.column("municipality"))) == ["NONE"] * 4
    assert read([" 707 ", " "], SPELLS.column("municipality")).values.to_pylist() == ["707", None]


def test_bounds() -> None:
    assert faults(read(["0", "0,01", "1", "1.01"], SPELLS.column("degree"))) == [
        "OUT_OF_RANGE", "NONE", "NONE", "OUT_OF_RANGE"]
    assert faults(read(["0", "100", "-1", "67.700"], PUBLISHED_CURVES.column("share_pct"))) == [
        "NONE", "NONE", "OUT_OF_RANGE", "NONE"]
    assert faults(read(["0", "1", "1,5"], INVESTMENTS.column("planned_weeks"))) == [
        "OUT_OF_RANGE", "NONE", "NOT_WHOLE_NUMBER"]
    assert faults(read(["1989", "1990"], PRICES.column("year"))) == ["OUT_OF_RANGE", "NONE"]
    assert faults(read(["-5"], POSTINGS.column("amount_dkk"))) == ["NONE"]


def test_a_rate_keeps_its_decimals() -> None:
    one = read(["4064,919875", "4.064,92", "4.064"], PRICES.column("dkk_per_week"))
    assert [str(value) for value in one.values.to_pylist()] == ["4064.919875", "4064.920000", "None"]
    assert faults(one)[2] == "AMBIGUOUS_NUMBER"
    assert stored_type(PRICES.column("dkk_per_week")) == RATE


def test_an_open_end_only_where_an_end_may_be_open() -> None:
    spell = read(["31-12-9999", ""], SPELLS.column("end_date"))
    assert (faults(spell), spell.values.to_pylist()) == (["NONE", "NONE"], [None, None])
    assert spell.open_ends is not None
    assert spell.open_ends.tolist() == [True, False]
    assert faults(read(["31-12-9999"], SPELLS.column("start_date"))) == ["BAD_DATE"]
    assert faults(read(["31-12-9999"], SUSPENSIONS.column("to_date"))) == ["BAD_DATE"]


def test_a_cpr_number_in_a_text_is_a_fault_among_persons_and_taken_out_elsewhere() -> None:
    cells = ["010190-1234", "707", "sag 0101901234"]
    assert faults(read(cells, SPELLS.column("municipality"))) == ["HOLDS_CPR", "NONE", "HOLDS_CPR"]
    text = read(cells, POSTINGS.column("text"), personal=False)
    assert (faults(text), text.values.to_pylist()) == (["NONE"] * 3, ["[…]", "707", "sag […]"])


@pytest.mark.parametrize("column", [column for contract in CONTRACTS.values() for column in contract.columns
                                    if column.type != "person"], ids=lambda column: column.name)
def test_no_rows_at_all_have_the_stored_type(column: Column) -> None:
    one = read_column(pa.chunked_array([], pa.dictionary(pa.int32(), pa.string())), column, str, personal=True)
    assert one.values.type == stored_type(column)
    assert (len(one.values), len(one.faults), len(one.empty)) == (0, 0, 0)
