"""Ydelsesrefusion: the monthly files in which each week's payment, refund and co-financing is calculated.

`yr-ydelsesrefusion-beregning*YYYY-MM-DD.csv`, `;` between columns and decimal comma: one row per week, person, benefit
and correction. The format is known from a municipality's published code that reads it, not from a specification, so a
file is known by its columns as well as by its name, and what is left out is counted. Corrections are summed across
files later (`sources/payments.py`); here a row is only read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gevinst.errors import GevinstError
from gevinst.sources.cells import Fault, number
from gevinst.sources.header import SEPARATORS, plain_name
from gevinst.sources.parts import Part
from gevinst.sources.reading import CsvSource
from gevinst.sources.records import Rows
from gevinst.sources.report import Note, note
from gevinst.sources.text import PIECE, TextFile
from gevinst.tables import PAYMENTS, Column, Contract

NAME = "yr-ydelsesrefusion-beregning*"
SUFFIXES = (".csv", ".txt")
# The file's columns, as they are compared, and what they are in the canonical table. The payment that was calculated is
# the gross amount, for it is what the refund was calculated of; the one reported to the system is not read.
COLUMNS = {
    "uge": "week",
    "cpr_nummer": "person_id",
    "ydelse": "benefit",
    "beregnet_udbetalingsbeløb": "gross_dkk",
    "refusionsbeløb": "refund_dkk",
    "medfinansieringsbeløb": "cofinancing_dkk",
    "refusionssats": "refund_rate_pct",
    "medfinansieringssats": "cofinancing_rate_pct",
    "finansiering_kommunenavn": "municipality",
}
OPTIONAL = {"refusionssats", "medfinansieringssats", "finansiering_kommunenavn"}
# With these a file is one of ours, whatever it is called.
TELLING = {"uge", "cpr_nummer", "refusionsbeløb", "medfinansieringsbeløb"}
AMOUNTS = ("gross_dkk", "refund_dkk", "cofinancing_dkk")
RATES = ("refund_rate_pct", "cofinancing_rate_pct")
STATE_CONTRIBUTION = "fleksbidrag fra staten"  # a contribution from the state to the municipality, not a payment
FLEX, RATE_UNREAD = "payments.flex-contribution", "payments.rates-unread"
_HEADER_BYTES = 1 << 16
_THREE_DECIMALS = r"^([+-]?\d+,\d{3})(-?)$"

HEADER = Contract("ydelsesrefusion", tuple(
    Column(name, "text", name, name, required=name not in OPTIONAL) for name in COLUMNS))


class Ydelsesrefusion:
    """The supplier; see `sources.parts.Supplier`."""

    key = "ydelsesrefusion"

    def parts(self, path: Path) -> tuple[Part, ...]:
        """The file's payments; nothing where neither its name nor its columns are those of Ydelsesrefusion."""
        if path.suffix.lower() not in SUFFIXES:
            return ()
        if not (fnmatch(path.name.casefold(), NAME) or _columns_of(path) >= TELLING):
            return ()
        return (Part(path, PAYMENTS, partial(YdelsesrefusionSource, path), self.key),)


class YdelsesrefusionSource(CsvSource):
    """One file; see `sources.reading.Source`. `notes` are final once the rows are read.

    Raises what `CsvSource` raises; columns that are missing are named as the file should have called them.
    """

    def __init__(self, path: Path, piece: int = PIECE) -> None:
        super().__init__(path, HEADER, piece)
        wanted = tuple((place, COLUMNS[name]) for place, name in self.layout.wanted)
        self.layout = replace(self.layout, wanted=wanted)
        self.notes: tuple[Note, ...] = ()

    def rows(self) -> Iterator[Rows]:
        """The records under the canonical columns, without the state's contribution to flex-jobs."""
        left_out = unread = 0
        for rows in super().rows():
            kept = _without_contribution(rows)
            left_out += len(rows.lines) - len(kept.lines)
            cells, rates = _as_canonical(kept.cells)
            unread += rates
            yield replace(kept, cells=cells)
        counted = ((FLEX, left_out), (RATE_UNREAD, unread))
        self.notes = tuple(note(code, rows=count) for code, count in counted if count)


def _columns_of(path: Path) -> set[str]:
    """The names in the file's first line, as they are compared; none where it is no text."""
    try:
        piece = next(TextFile(path, _HEADER_BYTES).pieces(), None)
    except GevinstError:
        return set()
    head = b"" if piece is None else piece.data.lstrip().partition(b"\n")[0]
    line = unicodedata.normalize("NFC", head.decode())
    return max(({plain_name(cell.strip('"')) for cell in line.split(sign)} for sign in SEPARATORS), key=len)


def _without_contribution(rows: Rows) -> Rows:
    named = pc.utf8_lower(pc.utf8_trim_whitespace(rows.cells["benefit"].cast(pa.string())))
    kept = pc.fill_null(pc.not_equal(named, STATE_CONTRIBUTION), True).combine_chunks()
    if pc.all(kept, min_count=0).as_py():
        return rows
    return replace(rows, lines=rows.lines[kept.to_numpy(zero_copy_only=False)],
                   cells=rows.cells.filter(kept).combine_chunks())


def _as_canonical(cells: pa.Table) -> tuple[pa.Table, int]:
    """Amounts whose decimal comma cannot be taken for thousands, rates in per cent; and the rates nobody can read."""
    unread = 0
    for place, name in enumerate(cells.column_names):
        if name not in (*AMOUNTS, *RATES) or not cells.num_rows:
            continue
        coded = cells[name].combine_chunks()
        if name in AMOUNTS:
            anew = pa.DictionaryArray.from_arrays(coded.indices, danish_amounts(coded.dictionary))
        else:
            rates = pa.array([rate_in_per_cent(text) for text in coded.dictionary.to_pylist()], pa.string())
            anew = rates.take(coded.indices).dictionary_encode()
            unread += anew.null_count - coded.null_count
        cells = cells.set_column(place, name, anew)
    return cells, unread


def danish_amounts(texts: pa.Array) -> pa.Array:
    """Amounts of a file with decimal comma, so that three decimals are not taken for thousands.

    >>> danish_amounts(pa.array(["12,345", "12,345-", "1.234,50", "1.234"])).to_pylist()
    ['12,3450', '12,3450-', '1.234,50', '1.234']
    """
    return pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), _THREE_DECIMALS, r"\1" + r"0\2")


def rate_in_per_cent(text: str) -> str | None:
    """A rate in per cent, whether it was written as 80, 80,00, 80 % or 0,8; `None` where it is none of them.

    No rate of the law lies between 0 and 1 per cent, so such a number is a share.

    >>> [rate_in_per_cent(text) for text in ("80", "80,00 %", "0,8", "0", "1", "efter aftale", "800")]
    ['80', '80.00', '80.0', '0', '100', None, None]
    """
    value = number(text.replace("%", ""))
    if isinstance(value, Fault) or not 0 <= value <= 100:
        return None
    return str(value * 100 if 0 < value <= 1 else value)
