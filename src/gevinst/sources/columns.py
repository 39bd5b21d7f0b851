"""One column of text to its stored type, with the fault of each cell.

The work is done once per distinct text (`dictionary_encode`) and spread over the rows afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gevinst.sources.cells import (
    OPEN_END,
    Fault,
    day_number,
    kroner,
    number,
    whole_number,
)
from gevinst.sources.cpr import MAY_HOLD_CPR, holds_cpr, without_written_cpr
from gevinst.tables import Column

Faults = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

KRONER = pa.decimal128(18, 2)
RATE = pa.decimal128(18, 6)  # a weekly rate is a computed price and may have more decimals than øre
DEFINITIONS = ("with_relapse", "without_relapse")
NUMERIC = r"^[+-]?\d{1,30}([.,]\d{1,30})?([eE][+-]?\d{1,2})?$"
THOUSANDS = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"  # one thousand and some, or one and a bit
_WHOLE_ORE = r"^-?\d{1,12}([.,]\d{1,2})?$"
_ORE_WITH_POINTS = r"^-?\d{1,3}(\.\d{3}){1,3},\d{1,2}$"


@dataclass(frozen=True)
class Spread:
    """A column's distinct texts, trimmed, and which of them each row holds.

    `row_of` has one more value than there are texts: the last stands for an empty cell.
    """

    texts: pa.Array
    row_of: npt.NDArray[np.int64]

    def over_rows(self, distinct: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A value per distinct text (and one for empty) as a value per row."""
        spread: npt.NDArray[Any] = distinct[self.row_of]
        return spread

    def values_over_rows(self, distinct: pa.Array) -> pa.Array:
        """The same for an Arrow array without the value for empty, which is null."""
        with_null = pa.concat_arrays([distinct, pa.nulls(1, distinct.type)])
        return with_null.take(pa.array(self.row_of))

    def words(self) -> list[str]:
        """The distinct texts, and last the empty one."""
        return [*self.texts.to_pylist(), ""]

    def at(self, rows: npt.NDArray[Any]) -> Spread:
        """Some rows of the column, by their numbers or flags."""
        return Spread(self.texts, self.row_of[rows])

    def by_row(self) -> list[str]:
        """The text of each row."""
        return list(self.values_over_rows(self.texts).fill_null("").to_pylist())

    def coded(self) -> pa.DictionaryArray:
        """The column dictionary-coded; empty cells are null."""
        indices = pa.array(self.row_of.astype(np.int32), mask=empty_texts(self.texts)[self.row_of])
        return pa.DictionaryArray.from_arrays(indices, self.texts)


@dataclass(frozen=True)
class ColumnRead:
    """A column's values by row, and by row whether the cell is empty and what is wrong with it.

    `open_ends` marks the last days that say 9999-12-31, which is how payroll systems write "still running".
    """

    values: pa.Array
    empty: Flags
    faults: Faults
    open_ends: Flags | None = None


def spread(cells: pa.ChunkedArray) -> Spread:
    """The distinct texts of a dictionary-coded column in one piece, and their rows."""
    if cells.num_chunks == 0:
        return Spread(pa.array([], pa.string()), np.empty(0, np.int64))
    coded = cells.chunk(0)
    texts = pc.utf8_trim_whitespace(coded.dictionary)
    row_of = coded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False).astype(np.int64)
    return Spread(texts, row_of)


def empty_texts(texts: pa.Array) -> Flags:
    """Which distinct texts are nothing but blanks; and, last, the empty cell itself."""
    blank: Flags = np.append(pc.equal(texts, "").to_numpy(zero_copy_only=False), True).astype(np.bool_)
    return blank


def read_column(cells: pa.ChunkedArray, column: Column, benefit_of: Callable[[str], str | None],
                *, personal: bool) -> ColumnRead:
    """Read any column but the person's id."""
    one = spread(cells)
    empty = empty_texts(one.texts)
    texts = one.texts
    open_ends = None
    match column.type:
        case "date" | "last_day":
            values, faults, is_open = _dates(texts, may_be_open=column.type == "last_day" and column.empty)
            open_ends = one.over_rows(np.append(is_open, False)).astype(np.bool_)
        case "benefit":
            values, faults = _words(texts, benefit_of, Fault.UNKNOWN_BENEFIT)
        case "definition":
            values, faults = _words(texts, _definition, Fault.UNKNOWN_DEFINITION)
        case "decimal":
            values, faults = _decimals(texts, column)
        case "integer":
            values, faults = _numbers(texts, column, whole_number, pa.int64())
        case _:
            values, faults = _plain_text(texts, personal=personal)
    by_row = one.over_rows(np.where(empty, 0, np.append(faults, 0)).astype(np.uint8))
    is_empty = one.over_rows(empty)
    if not column.empty:
        by_row = np.where(is_empty, np.uint8(Fault.MISSING_CELL), by_row)
    return ColumnRead(one.values_over_rows(values), is_empty, by_row.astype(np.uint8), open_ends)


def stored_type(column: Column) -> pa.DataType:
    """The Arrow type a contract's column is stored as; periods' last days become the day after."""
    match column.type:
        case "date" | "last_day":
            return pa.date32()
        case "integer":
            return pa.int64()
        case "decimal":
            if column.high is not None:
                return pa.float64()
            return KRONER if column.name == "amount_dkk" else RATE
        case _:
            return pa.string()


def _faults(found: list[Any]) -> Faults:
    return np.fromiter((one if isinstance(one, Fault) else 0 for one in found), np.uint8, len(found))


def _good(found: list[Any]) -> list[Any]:
    return [None if isinstance(one, Fault) else one for one in found]


def _dates(texts: pa.Array, *, may_be_open: bool) -> tuple[pa.Array, Faults, Flags]:
    found: list[Any] = [day_number(text) for text in texts.to_pylist()]
    is_open = np.fromiter((one == OPEN_END for one in found), np.bool_, len(found))
    days = [None if ended else one for one, ended in zip(_good(found), is_open.tolist(), strict=True)]
    faults = _faults(found)
    if not may_be_open:
        faults[is_open] = Fault.BAD_DATE
    return pa.array(days, pa.int32()).cast(pa.date32()), faults, is_open


def _words(texts: pa.Array, meaning: Callable[[str], str | None], fault: Fault) -> tuple[pa.Array, Faults]:
    meant = [meaning(text) for text in texts.to_pylist()]
    return pa.array(meant, pa.string()), np.fromiter((fault if m is None else 0 for m in meant), np.uint8, len(meant))


def _definition(text: str) -> str | None:
    name = "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    return name if name in DEFINITIONS else None


def _decimals(texts: pa.Array, column: Column) -> tuple[pa.Array, Faults]:
    if stored_type(column) == KRONER:
        return _amounts(texts, KRONER, kroner)
    if stored_type(column) == RATE:
        return _not_below(*_amounts(texts, RATE, _rate), column)
    return _numbers(texts, column, _bounded, pa.float64())


def _rate(text: str) -> Decimal | Fault:
    value = number(text)
    return value if isinstance(value, Fault) else value.quantize(Decimal("0.000001"))


def _bounded(text: str) -> float | Fault:
    value = number(text, bounded=True)
    return value if isinstance(value, Fault) else float(value)


def _numbers(
    texts: pa.Array, column: Column, reader: Callable[[str], Any], kind: pa.DataType
) -> tuple[pa.Array, Faults]:
    found = [reader(text) for text in texts.to_pylist()]
    for place, one in enumerate(found):
        if not isinstance(one, Fault):
            too_low = column.low is not None and (one <= column.low if column.above_low else one < column.low)
            if too_low or (column.high is not None and one > column.high):
                found[place] = Fault.OUT_OF_RANGE
    return pa.array(_good(found), kind), _faults(found)


def _not_below(values: pa.Array, faults: Faults, column: Column) -> tuple[pa.Array, Faults]:
    """The values, those under the column's bound marked."""
    if column.low is not None:
        under = pc.less_equal if column.above_low else pc.less
        low = pa.scalar(Decimal(str(column.low)), values.type)
        wrong = pc.fill_null(under(values, low), False).to_numpy(zero_copy_only=False).astype(np.bool_)
        faults[wrong] = Fault.OUT_OF_RANGE
    return values, faults


def _amounts(
    texts: pa.Array, kind: pa.DataType, reader: Callable[[str], Decimal | Fault]
) -> tuple[pa.Array, Faults]:
    """Kroner. The two usual shapes are read by Arrow all at once, the rest one by one by `reader`."""
    grouped = pc.match_substring_regex(texts, _ORE_WITH_POINTS)
    plain = pc.if_else(grouped, pc.replace_substring(texts, ".", ""), texts)
    usual = pc.match_substring_regex(plain, _WHOLE_ORE)
    values = pc.replace_substring(pc.if_else(usual, plain, None), ",", ".").cast(kind)
    faults: Faults = np.zeros(len(texts), np.uint8)
    unusual = np.flatnonzero(~usual.to_numpy(zero_copy_only=False).astype(np.bool_))
    if len(unusual):
        found = [reader(text) for text in texts.take(pa.array(unusual)).to_pylist()]
        faults[unusual] = _faults(found)
        values = pc.replace_with_mask(values, pc.invert(usual), pa.array(_good(found), kind))
    return values, faults


def _plain_text(texts: pa.Array, *, personal: bool) -> tuple[pa.Array, Faults]:
    """Text as it stands, but never with a CPR number in it: the row is a fault, or the number is taken out."""
    texts = pc.if_else(pc.equal(texts, ""), None, texts)
    faults: Faults = np.zeros(len(texts), np.uint8)
    doubtful = pc.fill_null(pc.match_substring_regex(texts, MAY_HOLD_CPR), False)
    places = np.flatnonzero(doubtful.to_numpy(zero_copy_only=False).astype(np.bool_))
    if not len(places):
        return texts, faults
    looked_at = texts.take(pa.array(places)).to_pylist()
    if personal:
        faults[places[[holds_cpr(text) for text in looked_at]]] = Fault.HOLDS_CPR
        return texts, faults
    return pc.replace_with_mask(texts, doubtful, pa.array(map(without_written_cpr, looked_at), pa.string())), faults
