"""A supplier's workbook (xlsx, xlsm, xlsb, xls, ods): rows of one sheet as text, without loss.

What a cell shows is not stored, only its value: a CPR number kept as a number comes as 101701234.0, a day as a day, a
code such as 6.7 as a float. Hidden rows and columns are read like others. A cell merged over several rows stands for
all of them; one merged over columns is a heading and stands in its first only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
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
from gevinst.sources.suppliers.error_cells import error_cells
from gevinst.sources.suppliers.extract import LOOKED_THROUGH, find_header, places, unique_names
from gevinst.sources.suppliers.mapping import Reading, word

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
CHUNK = 1 << 14  # rows at a time
EXACT = 10**15  # from here a spreadsheet has rounded the figures away
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
    `mapping.header-row`, `mapping.no-header` and `intake.unreadable-file`.
    """

    encoding = ""
    filled = 0

    def __init__(self, path: Path, reading: Reading, needed: Sequence[str] = ()) -> None:
        self._path = path
        self.sha256 = _checksum(path)
        with _Workbook(path) as book:
            self.sheet, self.header_row, cells = _choose(book, reading, needed, path.name)
        self.header = unique_names(cells)
        self.where = f"{path.name}, {self.sheet}"

    def rows(self, names: Sequence[str]) -> Iterator[Rows]:
        """The rows below the header, by the sheet's row numbers."""
        found = [places(self.header, [name])[name] for name in names]
        with _Workbook(self._path) as book:
            sheet = _sheet(book, self.sheet, self._path.name)
            merged = _merged(sheet, found)
            wrong = error_cells(self._path, book.sheet_names.index(self.sheet))
            filler = _Filler(merged)
            row = self.header_row
            below = islice(_iter_rows(sheet), self.header_row, None)
            while chunk := list(islice(below, CHUNK)):
                filler.fill(chunk, row)
                self.filled = filler.filled
                columns = [_column(chunk, place, {at - row for at, column in wrong if column == place})
                           for place in found]
                lines = np.arange(row + 1, row + 1 + len(chunk), dtype=np.int64)
                yield Rows(lines, pa.table(columns, names=list(names)))
                row += len(chunk)


class _Workbook:
    """The workbook, opened; what goes wrong is told plainly, also while it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> CalamineWorkbook:
        try:
            self._book = CalamineWorkbook.from_path(self._path)
        except PasswordError as fault:
            raise GevinstError("mapping.workbook-locked", where=self._path.name) from fault
        except (CalamineError, OSError, ValueError) as fault:
            raise GevinstError("mapping.workbook-unreadable", where=self._path.name) from fault
        return self._book

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: object) -> None:
        self._book.close()
        if kind is not None and (issubclass(kind, CalamineError) or kind.__name__ == "PanicException"):
            raise GevinstError("mapping.workbook-unreadable", where=self._path.name) from fault


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise GevinstError("intake.unreadable-file", where=path.name) from fault


def _choose(book: CalamineWorkbook, reading: Reading, needed: Sequence[str], file: str) -> tuple[str, int, list[str]]:
    """The sheet, the header's row and its cells. A sheet that is not named must be the only visible one that fits."""
    named = [_named(book, reading.sheet, file)] if reading.sheet else _visible(book)
    fits: list[tuple[int, str, int, list[str]]] = []
    for name in named:
        first = islice(_iter_rows(_sheet(book, name, file)), max(LOOKED_THROUGH, reading.header_row or 0))
        lines = [[cell_text(cell) for cell in row] for row in first]
        if reading.header_row is not None:
            place = reading.header_row - 1 if reading.header_row <= len(lines) else None
        else:
            place = find_header(lines, needed)
        if place is not None and any(lines[place]):
            hits = len(places(unique_names(lines[place]), needed))
            fits.append((hits, name, place + 1, lines[place]))
    if not fits:
        if reading.header_row is not None:
            raise GevinstError("mapping.header-row", where=file, row=reading.header_row)
        raise GevinstError("mapping.no-header", where=file, columns=", ".join(needed) or "?")
    best = max(hits for hits, *_ in fits)
    chosen = [one for one in fits if one[0] == best]
    if len(chosen) > 1 and needed and best == len(needed):
        raise GevinstError("mapping.two-sheets", where=file, sheets=", ".join(shown(one[1]) for one in chosen))
    return chosen[0][1:]


def sheets_of(path: Path) -> tuple[str, ...]:
    """The names of a workbook's visible sheets."""
    with _Workbook(path) as book:
        return tuple(_visible(book))


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


def _sheet(book: CalamineWorkbook, name: str, file: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except CalamineError as fault:
        raise GevinstError("mapping.workbook-unreadable", where=file) from fault


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


def _column(chunk: Sequence[Cells], place: int, wrong: set[int]) -> pa.Array:
    """One column of a chunk as dictionary-coded text; an error in a cell is named as one."""
    texts = [cell_text(row[place]) if place < len(row) else "" for row in chunk]
    for row in wrong:
        if 0 <= row < len(texts):
            texts[row] = ERROR
    column = pa.array([text or None for text in texts], pa.string())
    return column.dictionary_encode().cast(CODED)
