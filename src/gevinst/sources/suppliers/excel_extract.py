"""A supplier's workbook (xlsx, xlsm, xlsb, xls, ods): rows of one sheet as text, without loss.

What a cell shows is not stored, only its value: a CPR number kept as a number comes as 101701234.0, a day as a day, a
code such as 6.7 as a float. Hidden rows and columns are read like others. A cell merged over several rows stands for
all of them; one merged over columns is a heading and stands in its first only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.records import CODED, Rows
from gevinst.sources.sheet_bounds import open_workbook
from gevinst.sources.suppliers.extract import LOOKED_THROUGH, find_header, no_header, places, unique_names
from gevinst.sources.suppliers.mapping import Reading, word
from gevinst.sources.suppliers.sheet_scan import SheetScan, scan_sheet

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
CHUNK = 1 << 14  # rows at a time
EXACT = 10**15  # from here a spreadsheet has rounded the figures away
MOST_CELLS = 100_000_000  # about 5 GB in the reader; a million rows of a hundred columns
ERROR = "#N/A"  # stands for every error cell
Cells = list[Any]


def cell_text(value: object) -> str:
    """A cell's value as the text a CSV file would have held.

    Whole numbers lose their point; a number of 16 figures or more has been rounded by the spreadsheet, and is written
    so that no one takes it for an id. Days are ISO, with a clock where it is not midnight; true is 1.

    >>> cell_text(101701234.0), cell_text(6.7), cell_text(datetime(2021, 12, 31)), cell_text(1234567890123456.0)
    ('101701234', '6.7', '2021-12-31', '1.234568E+15')
    >>> cell_text(True), cell_text("  x "), cell_text(datetime(2021, 12, 31, 13, 5))
    ('1', '  x ', '2021-12-31 13:05:00')
    """
    match value:
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case float() | int():
            if abs(value) >= EXACT or value != value:
                return f"{value:.6E}"
            return str(int(value)) if value == int(value) else _decimals(float(value))
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.replace(microsecond=0).isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return ""


def _decimals(value: float) -> str:
    """As a spreadsheet shows it: 15 figures, so that 0.1 + 0.2 is 0.3; never with an exponent."""
    text = f"{value:.15g}"
    return f"{value:.20f}".rstrip("0") if "e" in text else text


class ExcelExtract:
    """A sheet of a workbook; see `Extract`.

    Raises `mapping.workbook-locked`, `mapping.workbook-unreadable`, `mapping.no-sheet`, `mapping.two-sheets`,
    `mapping.sheet-too-large`, `mapping.header-row`, `mapping.no-header`, `mapping.header-unseen`
    and `intake.unreadable-file`.
    """

    encoding = ""
    filled = 0

    def __init__(self, path: Path, reading: Reading, needed: Sequence[str] = ()) -> None:
        self.sha256 = _checksum(path)
        with _plainly(path.name):
            found = _choose(path, open_workbook(path, measured=False), reading, needed)
        self._opened: _Opened | None = found.sheet
        self.sheet, self.header_row = found.sheet.name, found.row
        self.header = unique_names(found.cells)
        self.where = f"{path.name}, {self.sheet}"
        self._file = path.name

    def rows(self, names: Sequence[str]) -> Iterator[Rows]:
        """The rows below the header, by the sheet's row numbers. They are read once."""
        opened, self._opened = self._opened, None
        if opened is None:
            return
        found = [places(self.header, [name])[name] for name in names]
        filler = _Filler(_merged(opened.cells, found))
        text_of = lru_cache(maxsize=1 << 16, typed=True)(cell_text)  # days and amounts repeat
        row = self.header_row
        below = islice(_iter_rows(opened.cells), self.header_row, None)
        while True:
            with _plainly(self._file):
                chunk = list(islice(below, CHUNK))
            if not chunk:
                return
            filler.fill(chunk, row)
            self.filled = filler.filled
            wrong = [{at - row for at, column in opened.scan.errors if column == place} for place in found]
            columns = [_column(chunk, place, errors, text_of) for place, errors in zip(found, wrong, strict=True)]
            yield Rows(np.arange(row + 1, row + 1 + len(chunk), dtype=np.int64), pa.table(columns, names=list(names)))
            row += len(chunk)


@dataclass(frozen=True)
class _Opened:
    """A sheet, read into the reader's own memory."""

    name: str
    cells: CalamineSheet
    scan: SheetScan


@dataclass(frozen=True)
class _Fit:
    """A sheet that may be meant: how many of the needed columns it has, its header's row (from 1) and cells."""

    hits: int
    sheet: _Opened
    row: int
    cells: list[str]


@contextmanager
def _plainly(file: str) -> Iterator[None]:
    """What goes wrong in the reader of workbooks, told plainly. It panics, as it says, on some damaged files."""
    try:
        yield
    except PasswordError as fault:
        raise GevinstError("mapping.workbook-locked", where=file) from fault
    except (CalamineError, OSError, ValueError, OverflowError) as fault:
        raise GevinstError("mapping.workbook-unreadable", where=file) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        raise GevinstError("mapping.workbook-unreadable", where=file) from fault


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise GevinstError("intake.unreadable-file", where=path.name) from fault


def _choose(path: Path, book: CalamineWorkbook, reading: Reading, needed: Sequence[str]) -> _Fit:
    """The sheet and its header. A sheet that is not named must be the only visible one that fits."""
    named = [_named(book, reading.sheet, path.name)] if reading.sheet else _visible(book)
    fits: list[_Fit] = []
    for name in named:
        sheet = _opened(path, book, name)
        first = islice(_iter_rows(sheet.cells), max(LOOKED_THROUGH, reading.header_row or 0))
        lines = [[cell_text(cell) for cell in row] for row in first]
        if reading.header_row is not None:
            place = reading.header_row - 1 if reading.header_row <= len(lines) else None
        else:
            place = find_header(lines, needed)
        if place is not None and any(lines[place]):
            fits.append(_Fit(len(places(unique_names(lines[place]), needed)), sheet, place + 1, lines[place]))
    if not fits:
        if reading.header_row is not None:
            raise GevinstError("mapping.header-row", where=path.name, row=reading.header_row)
        raise no_header(path.name, needed)
    best = max(one.hits for one in fits)
    chosen = [one for one in fits if one.hits == best]
    if len(chosen) > 1 and needed and best == len(needed):
        raise GevinstError("mapping.two-sheets", where=path.name,
                           sheets=", ".join(shown(one.sheet.name) for one in chosen))
    return chosen[0]


def _opened(path: Path, book: CalamineWorkbook, name: str) -> _Opened:
    """Read a sheet, unless it reaches further than there can be data."""
    scan = scan_sheet(path, book.sheet_names.index(name))
    if scan.rows * scan.columns > MOST_CELLS:
        raise GevinstError("mapping.sheet-too-large", where=f"{path.name}, {shown(name)}", rows=scan.rows,
                           columns=scan.columns)
    return _Opened(name, book.get_sheet_by_name(name), scan)


def _visible(book: CalamineWorkbook) -> list[str]:
    return [one.name for one in book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible]


def _named(book: CalamineWorkbook, wanted: str, file: str) -> str:
    """The sheet of this name, or of this number, the first being 1."""
    for name in book.sheet_names:
        if word(name) == word(wanted):
            return name
    if wanted.isdecimal() and 1 <= int(wanted) <= len(book.sheet_names):
        return book.sheet_names[int(wanted) - 1]
    raise GevinstError("mapping.no-sheet", where=file, sheet=wanted, sheets=", ".join(map(shown, book.sheet_names)))


def _iter_rows(sheet: CalamineSheet) -> Iterator[Cells]:
    """All rows from the sheet's first, each from its first column."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield before + row


def _merged(sheet: CalamineSheet, columns: Iterable[int]) -> list[tuple[int, int, int]]:
    """Cells merged over rows of one of the columns: (first row, last row, column), from 0, in the sheet's order."""
    wanted = set(columns)
    ranges = sheet.merged_cell_ranges or []
    return sorted((first[0], last[0], first[1]) for first, last in ranges
                  if first[1] == last[1] and first[0] < last[0] and first[1] in wanted)


class _Filler:
    """Spreads merged cells over the rows they stand for, chunk by chunk."""

    def __init__(self, merged: Sequence[tuple[int, int, int]]) -> None:
        self._coming = list(reversed(merged))
        self._open: list[tuple[int, int, Any]] = []  # last row, column, value
        self.filled = 0

    def fill(self, chunk: list[Cells], first: int) -> None:
        """Fill the rows of a chunk whose first row is `first`, from 0."""
        end = first + len(chunk)
        for last, column, value in self._open:
            self._spread(chunk, first, first, min(last + 1, end), column, value)
        self._open = [one for one in self._open if one[0] >= end]
        while self._coming and self._coming[-1][0] < end:
            start, last, column = self._coming.pop()
            if start < first or column >= len(chunk[start - first]):
                continue  # begins in or above the header
            value = chunk[start - first][column]
            self._spread(chunk, first, start + 1, min(last + 1, end), column, value)
            if last >= end:
                self._open.append((last, column, value))

    def _spread(self, chunk: list[Cells], first: int, start: int, end: int, column: int, value: object) -> None:
        for row in range(start, end):
            if column < len(chunk[row - first]):
                chunk[row - first][column] = value
                self.filled += 1


def _column(chunk: Sequence[Cells], place: int, wrong: set[int], text_of: Callable[[Any], str]) -> pa.Array:
    """One column of a chunk as dictionary-coded text; an error in a cell is named as one."""
    values = [row[place] if place < len(row) else "" for row in chunk]
    texts = [value if type(value) is str else text_of(value) for value in values]
    for row in wrong:
        if 0 <= row < len(texts):
            texts[row] = ERROR
    column = pa.array(texts, pa.string())
    return pc.if_else(pc.equal(column, ""), None, column).dictionary_encode().cast(CODED)
