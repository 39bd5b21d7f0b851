"""A ledger exported to a workbook: one sheet whose header names a date, an amount and an account.

A workbook keeps amounts as numbers; they are written out with the layout's decimal sign, to 15 figures as the
spreadsheet shows them, and are then read as those of a text file are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.header import Layout
from gevinst.sources.records import CODED, Rows
from gevinst.sources.report import Note
from gevinst.sources.sheet_bounds import open_workbook
from gevinst.sources.suppliers.excel_extract import cell_text
from gevinst.sources.suppliers.opus_header import TITLE_LINES, Header, canonical_layout, columns_missing, lacking_of
from gevinst.sources.suppliers.opus_layout import OpusLayout, missing, refuse_twice
from gevinst.sources.suppliers.opus_matching import Matcher
from gevinst.sources.suppliers.opus_rows import PostingRows

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
CHUNK = 1 << 14  # rows at a time
_AMOUNTS = ("amount", "debit", "credit")


class ExcelLedger:
    """A ledger's workbook; see `Source`. `notes` are final when `rows` is exhausted.

    Raises `intake.unreadable-file`, `ledger.two-sheets`, `ledger.columns-missing` and `ledger.column-twice`.
    """

    encoding = ""

    def __init__(self, path: Path, layout: OpusLayout, rules: Matcher | None = None) -> None:
        self._path, self._decimal = path, layout.decimal
        try:
            with path.open("rb") as file:
                self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as fault:
            raise GevinstError("intake.unreadable-file", where=path.name) from fault
        found = ledger_sheets(path, layout)
        if not found:
            raise columns_missing(("date", "amount", "account"), path.name)
        if len(found) > 1:
            raise GevinstError("ledger.two-sheets", where=path.name, sheets=", ".join(shown(name) for name, _ in found))
        (self._sheet, self._header), = found
        self._fields = sorted(self._header.places.items(), key=lambda one: one[1])
        self._postings = PostingRows(layout, self._header.places, self._header.cells, rules)
        self.layout: Layout = canonical_layout(self._header)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What became of the postings."""
        return self._postings.notes()

    def rows(self) -> Iterator[Rows]:
        """The postings, by the sheet's row numbers."""
        with _Opened(self._path) as book:
            numbered = _numbered(book.get_sheet_by_name(self._sheet))
            below = (one for one in numbered if one[0] > self._header.line)
            while chunk := list(islice(below, CHUNK)):
                yield self._postings.of(self._as_rows(chunk))

    def _as_rows(self, chunk: Sequence[tuple[int, list[Any]]]) -> Rows:
        columns = {}
        for field, place in self._fields:
            texts = [self._text(field, cells[place]) if place < len(cells) else "" for _, cells in chunk]
            columns[field] = pa.array([text or None for text in texts], pa.string()).dictionary_encode().cast(CODED)
        return Rows(np.array([line for line, _ in chunk], np.int64), pa.table(columns))

    def _text(self, field: str, value: object) -> str:
        number = field in _AMOUNTS and isinstance(value, int | float) and not isinstance(value, bool)
        text = cell_text(value)
        return text.replace(".", self._decimal) if number else text


def ledger_sheets(path: Path, layout: OpusLayout) -> list[tuple[str, Header]]:
    """The visible sheets of a workbook that hold a ledger, with their headers.

    Raises `intake.unreadable-file` where it is no workbook, or a locked one; `ledger.column-twice`, and
    `ledger.columns-missing` where no sheet is a ledger, but one is all but a column.
    """
    found: list[tuple[str, Header]] = []
    lacking: tuple[str, ...] = ()
    with _Opened(path) as book:
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                header = _header(book.get_sheet_by_name(sheet.name), layout, f"{path.name}, {shown(sheet.name)}")
                if isinstance(header, Header):
                    found.append((sheet.name, header))
                else:
                    lacking = lacking or header
    if lacking and not found:
        raise columns_missing(lacking, path.name)
    return found


def _header(sheet: CalamineSheet, layout: OpusLayout, where: str) -> Header | tuple[str, ...]:
    """The header of a sheet; else what the line that comes nearest lacks, empty where none comes near."""
    lacking: tuple[str, ...] = ()
    for line, cells in islice(_numbered(sheet), TITLE_LINES):
        texts = tuple(cell_text(cell) for cell in cells)
        places = layout.places(texts)
        if not missing(places):
            refuse_twice(texts, places, f"{where}:{line}")
            return Header(line, "", texts, places)
        lacking = lacking or lacking_of(places)
    return lacking


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """The sheet's rows from its first column, each with its number."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, before + cells


class _Opened:
    """The workbook, opened; whatever goes wrong in reading it is told as `intake.unreadable-file`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> CalamineWorkbook:
        try:
            self._book = open_workbook(self._path)
        except (CalamineError, OSError, ValueError) as fault:  # a locked workbook is a CalamineError too
            raise GevinstError("intake.unreadable-file", where=self._path.name) from fault
        return self._book

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self._book.close()
        # A damaged workbook makes the reader's own code panic, which is no `Exception`.
        if kind is not None and (issubclass(kind, CalamineError) or kind.__name__ == "PanicException"):
            raise GevinstError("intake.unreadable-file", where=self._path.name) from fault
