"""A ledger's columns of amounts, read all at once: what `opus_amount` says of one cell, over a batch of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gevinst.sources.cells import Fault
from gevinst.sources.columns import Faults, Spread
from gevinst.sources.suppliers.opus_amount import Decimal, Sides, of_two_columns, ore, with_side

Ore = npt.NDArray[np.int64]
ILLEGIBLE = "?"  # stands for an amount that is none: the checks reject it, and it holds nothing of the cell
TOO_LARGE = "1" + "0" * 15
# An amount as nearly all are written, that cannot be too large; the minus stands before or after.
_USUAL = {",": r"^(-?(\d{1,12}|\d{1,3}(\.\d{3}){1,3})(,\d{1,2})?|(\d{1,12}|\d{1,3}(\.\d{3}){1,3})(,\d{1,2})?-)$",
          ".": r"^(-?(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,2})?|(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,2})?-)$"}
_EXACT = pa.decimal128(18, 2)


@dataclass(frozen=True)
class Amounts:
    """Amounts by row, in whole øre, or by row what is wrong with them (the øre are then 0)."""

    ore: Ore
    faults: Faults

    def at(self, rows: npt.NDArray[np.bool_]) -> Amounts:
        """Some rows."""
        return Amounts(self.ore[rows], self.faults[rows])


def amounts_of(cells: Spread, decimal: Decimal) -> Amounts:
    """A column's amounts. The usual ones are read by Arrow all at once, the rest one by one.

    >>> read = amounts_of(Spread(pa.array(["1.234,56-", "kr. 7", "x"]), np.array([0, 1, 2, 3])), ",")
    >>> read.ore.tolist(), [Fault(fault).name for fault in read.faults.tolist()]
    ([-123456, 700, 0, 0], ['NONE', 'NONE', 'NOT_A_NUMBER', 'MISSING_CELL'])
    """
    usual = pc.match_substring_regex(cells.texts, _USUAL[decimal])
    is_usual = usual.to_numpy(zero_copy_only=False).astype(np.bool_)
    unsigned = pc.replace_substring(pc.if_else(usual, cells.texts, "0"), "-", "")
    plain = pc.replace_substring(unsigned, "." if decimal == "," else ",", "")
    exact = pc.replace_substring(plain, ",", ".").cast(_EXACT)
    amounts, faults = np.zeros(len(cells.texts) + 1, np.int64), np.zeros(len(cells.texts) + 1, np.uint8)
    amounts[:-1] = _units(exact)
    negative = np.append(pc.match_substring(cells.texts, "-").to_numpy(zero_copy_only=False), False).astype(np.bool_)
    amounts[negative] *= -1
    for place in np.flatnonzero(~is_usual).tolist():
        found = ore(cells.texts[place].as_py(), decimal)
        amounts[place], faults[place] = (0, found) if isinstance(found, Fault) else (found, 0)
    faults[-1] = Fault.MISSING_CELL
    return Amounts(cells.over_rows(amounts), cells.over_rows(faults))


def with_sides(amounts: Amounts, words: Spread, sides: Sides) -> Amounts:
    """`with_side` for every row: what it says depends on the word and on the amount's sign, so it is asked of these."""
    said = [[with_side(sign, word, sides) for word in words.words()] for sign in (-1, 0, 1)]
    faults, turned = _faults_and_values(said)
    sign = np.sign(amounts.ore)
    amount = np.abs(amounts.ore) * turned[sign + 1, words.row_of]
    return Amounts(amount, amounts.faults | faults[sign + 1, words.row_of])


def of_debit_and_credit(debit: Amounts, credit: Amounts) -> Amounts:
    """`of_two_columns` for every row: whether it is a fault depends on what is empty, nought or wrong."""
    kinds = [np.where(one.faults != 0, one.faults + 1, one.ore != 0).astype(np.int64) for one in (debit, credit)]
    pairs, row_of = np.unique(kinds[0] << 8 | kinds[1], return_inverse=True)
    said = [[of_two_columns(_like(pair >> 8), _like(pair & 255)) for pair in pairs.tolist()]]
    faults = _faults_and_values(said)[0][0][row_of]
    return Amounts(np.where(faults != 0, 0, debit.ore - credit.ore), faults)


def _like(kind: int) -> int | Fault:
    """An amount of a kind: 0 and 1 are themselves, others a fault."""
    return kind if kind < 2 else Fault(kind - 1)


def _faults_and_values(said: list[list[int | Fault]]) -> tuple[npt.NDArray[np.uint8], Ore]:
    faults = np.array([[one if isinstance(one, Fault) else 0 for one in row] for row in said], np.uint8)
    values = np.array([[0 if isinstance(one, Fault) else one for one in row] for row in said], np.int64)
    return faults, values


def as_cells(amounts: Amounts) -> pa.DictionaryArray:
    """The amounts as the text of kroner with a decimal point, which the checks read exactly; dictionary-coded.

    >>> as_cells(Amounts(np.array([-123456, 5]), np.zeros(2, np.uint8))).to_pylist()
    ['-1234.56', '0.05']
    """
    coded = pa.array(amounts.ore).dictionary_encode()
    units = coded.dictionary.cast(pa.decimal128(38, 0))
    kroner = pa.Array.from_buffers(pa.decimal128(38, 2), len(units), units.buffers())
    known = len(kroner)
    row_of = coded.indices.to_numpy().astype(np.int64)
    row_of = np.where(amounts.faults == 0, row_of, known + 1)
    row_of[amounts.faults == Fault.OUT_OF_RANGE] = known
    row_of[amounts.faults == Fault.MISSING_CELL] = known + 2
    return Spread(pa.concat_arrays([kroner.cast(pa.string()), pa.array([TOO_LARGE, ILLEGIBLE])]), row_of).coded()


def total_of(amounts: Ore) -> int:
    """Their sum, exactly: in two parts, for the sum of many large amounts is longer than 64 bits."""
    large, rest = np.divmod(amounts, 10**6)
    return int(large.sum()) * 10**6 + int(rest.sum())


def _units(exact: pa.Array) -> Ore:
    """Decimals of 18 figures as whole numbers of their last figure: the lower half of each one's 16 bytes."""
    words = np.frombuffer(exact.buffers()[1], np.int64)[::2]
    units: Ore = words[exact.offset:exact.offset + len(exact)]
    return units
