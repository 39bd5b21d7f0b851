"""Lines to records, each with the number of the line it begins on.

A piece of plain lines goes to Arrow as it is. Where a piece is irregular (blank lines, line breaks inside
quotes, a quote that is never closed, rows with too few or too many fields), each record is given its line
number as a first field, so that Arrow itself carries the number and nothing has to be counted afterwards.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from gevinst.sources.cells import Fault
from gevinst.sources.header import Layout
from gevinst.sources.text import Piece

RECORD_LINES = 200  # a record over more lines than this is a quote that was never closed
_AFTER = "after"  # stands after a record to see whether the record has ended

CODED = pa.dictionary(pa.int32(), pa.string())  # each distinct text once, and which of them each row holds
BLANKS = ["", " ", "  ", "   ", ".", "NA"]  # how SAS and R write that there is no number
Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Unread:
    """A line that is no record: why, and how many fields it has where that is the reason.

    A supplier's reader may also refuse a record for one `column`; `value` is then a word of it, never an id.
    """

    line: int
    fault: Fault
    fields: int = 0
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class Rows:
    """Records of a file: the line each begins on, their cells as text, and what is no record.

    The cells are dictionary-coded, one piece per column; an empty cell is null.
    """

    lines: Lines
    cells: pa.Table
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class _Quotes:
    """Where quotes run over line ends in a piece, as 0-based lines: records from-to, quotes never closed, and
    the first line that must wait for the next piece."""

    spans: tuple[tuple[int, int], ...]
    unclosed: frozenset[int]
    wait_from: int | None


def read_records(
    pieces: Iterable[Piece], layout: Layout, separator: str, types: Mapping[str, Any] | None = None,
) -> Iterator[Rows]:
    """The records of a file's pieces, in its order.

    `types` are the columns that hold nothing but numbers or blanks, with their Arrow types: wide files are read
    faster so. From the first piece in which a cell is something else, all columns are text.

    A quoted cell may hold line breaks. A quote that is not closed within 200 lines, or not so that the record
    has the header's number of fields, costs its own line only: the lines after it are read as records.
    """
    reader = _Reader(layout, separator, types or {})
    waiting, next_line = b"", 1
    for piece in pieces:
        data = waiting + piece.data
        first = piece.first_line - waiting.count(b"\n")
        next_line = piece.first_line + piece.data.count(b"\n")
        rows, waiting = reader.read(data, first, last=False)
        yield rows
    if waiting:
        yield reader.read(waiting, next_line - waiting.count(b"\n"), last=True)[0]


class _Reader:
    def __init__(self, layout: Layout, separator: str, types: Mapping[str, Any]) -> None:
        self.layout = layout
        self.separator = separator
        self._types = types

    def read(self, data: bytes, first_line: int, *, last: bool) -> tuple[Rows, bytes]:
        """The records of whole lines, and the lines that must wait for what follows."""
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
        quotes = self._quotes(data, ends, last=last) if b'"' in data else _Quotes((), frozenset(), None)
        waiting = b""
        if quotes.wait_from is not None:
            cut = int(ends[quotes.wait_from - 1]) + 1 if quotes.wait_from else 0
            data, waiting, ends = data[:cut], data[cut:], ends[: quotes.wait_from]
        blank = bool(len(ends)) and (ends[0] == 0 or bool(np.any(np.diff(ends) == 1)))
        if data and not (quotes.spans or quotes.unclosed or blank):
            table, irregular = self._parse(data, numbered=False)
            if not irregular and table.num_rows == len(ends):
                return Rows(np.arange(first_line, first_line + len(ends), dtype=np.int64), table), waiting
        return self._read_numbered(data, first_line, quotes), waiting

    def _quotes(self, data: bytes, ends: npt.NDArray[np.intp], *, last: bool) -> _Quotes:
        """Find the quotes that run over line ends.

        Only a line with an odd number of quotes is looked at. One that is a whole record by itself opens
        nothing: its mark stands inside a cell, as in 5" rør.
        """
        at = np.flatnonzero(np.frombuffer(data, np.uint8) == ord('"'))
        marks = np.bincount(np.searchsorted(ends, at), minlength=len(ends))
        quoted = np.flatnonzero(marks)
        spans: list[tuple[int, int]] = []
        unclosed: set[int] = set()
        done = -1
        for start in np.flatnonzero(marks & 1).tolist():
            if start <= done or self._fields(_between(data, ends, start, start)) == self.layout.width:
                continue
            near = quoted[np.searchsorted(quoted, start + 1) : np.searchsorted(quoted, start + RECORD_LINES)]
            found = ((end, self._fields(_between(data, ends, start, end))) for end in near.tolist())
            end, fields = next(((end, fields) for end, fields in found if fields is not None), (None, None))
            if end is None and not last and len(ends) - start < RECORD_LINES:
                return _Quotes(tuple(spans), frozenset(unclosed), start)
            if end is not None and fields == self.layout.width:
                spans.append((start, end))
                done = end
            else:
                unclosed.add(start)
        return _Quotes(tuple(spans), frozenset(unclosed), None)

    def _fields(self, record: str) -> int | None:
        """The number of fields of one record; `None` where a quote is left open."""
        lines = [f"{line}\n" for line in record.split("\n")]
        try:
            found = list(csv.reader([*lines, _AFTER], delimiter=self.separator))
        except csv.Error:
            return None
        return len(found[0]) if len(found) == 2 and found[1] == [_AFTER] else None

    def _read_numbered(self, data: bytes, first_line: int, quotes: _Quotes) -> Rows:
        """The slower way: every record with its line number before it."""
        lines = data.split(b"\n")[:-1]
        ends_at = dict(quotes.spans)
        records: dict[int, bytes] = {}
        unread = [Unread(first_line + line, Fault.UNCLOSED_QUOTE) for line in sorted(quotes.unclosed)]
        i = 0
        while i < len(lines):
            end = ends_at.get(i, i)
            if i not in quotes.unclosed and lines[i].strip():
                records[first_line + i] = b"\n".join(lines[i : end + 1])
            i = end + 1
        table, irregular = self._parse_numbered(records)
        if len(table) + len(irregular) < len(records):  # an open quote in an even line has swallowed others
            quoted = [(line, text.decode()) for line, text in records.items() if b'"' in text]
            swallowers = [line for line, text in quoted if self._fields(text) is None]
            unread += [Unread(line, Fault.UNCLOSED_QUOTE) for line in swallowers]
            for line in swallowers:
                del records[line]
            table, irregular = self._parse_numbered(records)
        unread += [Unread(line, Fault.RAGGED, fields) for line, fields in irregular]
        numbers = table.column(0).to_numpy() if len(table) else np.empty(0, np.int64)
        return Rows(numbers, table.remove_column(0), tuple(sorted(unread, key=lambda one: one.line)))

    def _parse_numbered(self, records: dict[int, bytes]) -> tuple[pa.Table, list[tuple[int, int]]]:
        sign = self.separator.encode()
        data = b"".join(b"%d%b%b\n" % (line, sign, text) for line, text in records.items())
        return self._parse(data, numbered=True)

    def _parse(self, data: bytes, *, numbered: bool) -> tuple[pa.Table, list[tuple[int, int]]]:
        """Records to a table of text, and (line, fields) of those with another number of fields than the header.

        The line is only known for numbered records. The text of an irregular row is looked at for its number
        and not kept.
        """
        irregular: list[tuple[int, int]] = []

        def leave_out(row: Any) -> str:
            line = int(row.text.partition(self.separator)[0]) if numbered else 0
            irregular.append((line, row.actual_columns - numbered))
            return "skip"

        names = [f"{place}" for place in range(self.layout.width)]
        wanted = [f"{place}" for place, _ in self.layout.wanted]
        types: dict[str, Any] = {f"{place}": self._types.get(name, CODED) for place, name in self.layout.wanted}
        if numbered:
            names, wanted, types = ["line", *names], ["line", *wanted], {"line": pa.int64(), **types}
        if not data:
            return self._named(pa.schema([(name, types[name]) for name in wanted]).empty_table(), numbered), []
        try:
            table = pa.csv.read_csv(
                pa.BufferReader(data),
                read_options=pa.csv.ReadOptions(column_names=names, block_size=len(data) + 1),
                parse_options=pa.csv.ParseOptions(
                    delimiter=self.separator, newlines_in_values=True, invalid_row_handler=leave_out
                ),
                convert_options=pa.csv.ConvertOptions(
                    column_types=types, include_columns=wanted, null_values=BLANKS if self._types else [""],
                    strings_can_be_null=True
                ),
            )
        except pa.ArrowInvalid:
            if not self._types:
                raise
            self._types = {}
            return self._parse(data, numbered=numbered)
        return self._named(table, numbered), irregular

    def _named(self, table: pa.Table, numbered: bool) -> pa.Table:
        names: Sequence[str] = self.layout.names
        return table.rename_columns(["line", *names] if numbered else list(names)).combine_chunks()


def _between(data: bytes, ends: npt.NDArray[np.intp], start: int, end: int) -> str:
    """The text of the lines from `start` to `end`, without the last line end."""
    return data[int(ends[start - 1]) + 1 if start else 0 : int(ends[end])].decode()
