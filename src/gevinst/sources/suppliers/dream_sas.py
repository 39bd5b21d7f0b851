"""A DREAM file in SAS's own format, read by pyreadstat in windows of rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyreadstat

from gevinst.errors import GevinstError
from gevinst.sources.suppliers.dream_cells import OddCells
from gevinst.sources.suppliers.dream_files import Batch, Wanted, checksum
from gevinst.sources.suppliers.dream_sas_pages import PageWindow, read_pages, windows

CELLS = 6 << 20  # of a window; a text cell is up to 60 bytes in pyreadstat's hands
# What pyreadstat raises over a damaged file; it warns where two columns have one name, which SAS never writes.
_FAULTS = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ArithmeticError, LookupError, MemoryError, OSError,
           TypeError, ValueError, UserWarning)
Cells = dict[str, list[Any]]
FALLBACK = "WINDOWS-1252"  # for files that say they are in one encoding and are in this


class WideSas:
    """A `.sas7bdat` file; see `dream_files.WideFile`. Raises `dream.sas` where pyreadstat cannot read
    it, and `intake.unreadable-file`.

    A file that does not hold what the encoding it names allows is read as cp1252, and `encoding` says so.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = ""
        self._said: str | None = None
        try:
            size = path.stat().st_size
            path.open("rb").close()
        except OSError as fault:
            raise GevinstError("intake.unreadable-file", where=path.name) from fault
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _, about = self._read_sas(path, metadataonly=True)
        self.names: tuple[str, ...] = tuple(about.column_names)
        self.total = -1 if about.number_rows is None else int(about.number_rows)
        if None in self.names or not 0 <= self.total <= size:  # a row is a byte or more
            raise GevinstError("dream.sas", where=path.name)
        self._written = str(about.file_encoding or "").lower()
        self._text = [about.readstat_variable_types[name] == "string" for name in self.names]

    @property
    def encoding(self) -> str:
        """What the file says it is written in, or `cp1252`."""
        return "cp1252" if self._said else self._written

    def _read_sas(self, source: Path | PageWindow, **asked: Any) -> tuple[Cells, Any]:
        """Read by pyreadstat, a second time in the other encoding where the first fails. Raises `dream.sas`."""
        for encoding in dict.fromkeys((self._said, FALLBACK)):
            try:
                cells, about = pyreadstat.read_sas7bdat(source, encoding=encoding, output_format="dict", **asked)
            except _FAULTS as fault:
                failed = fault
                if isinstance(source, PageWindow):
                    source.seek(0)
            else:
                self._said = encoding
                return cells, about
        raise GevinstError("dream.sas", where=self.path.name) from failed

    def batches(self, wanted: Wanted, odd: OddCells) -> Iterator[Batch]:
        """The rows; their number counts from 1."""
        places = [*wanted.weeks, *wanted.others.values()]
        columns = [self.names[place] for place in places]
        done = 0
        for cells, rows in self._windows(columns, max(1, CELLS // len(columns))):
            codes = odd.matrix([self._column(cells, place) for place in wanted.weeks])
            others = {name: _texts(cells[self.names[place]]) for name, place in wanted.others.items()}
            lines = np.arange(done + 1, done + rows + 1, dtype=np.int64)
            done += rows
            yield Batch(lines, codes, others, (), done)

    def _windows(self, columns: list[str], most: int) -> Iterator[tuple[Cells, int]]:
        pages = read_pages(self.path)
        before = self.total - sum(pages.rows) if pages else 0
        if pages is None or not 0 <= before <= pages.described * pages.page:
            self.sha256 = checksum(self.path)
            for first in range(0, self.total, most):
                rows = min(most, self.total - first)
                yield self._read(self.path, columns, first, rows), rows
            return
        self.sha256 = pages.sha256
        for window, skip, rows in windows(pages, before, most):
            with window:
                cells = self._read(window, columns, skip, rows) if rows else {}
            if rows:
                yield cells, rows

    def _column(self, cells: Cells, place: int) -> pa.Array:
        return pa.array(cells[self.names[place]], pa.string() if self._text[place] else pa.float64())

    def _read(self, source: Path | PageWindow, columns: list[str], skip: int, rows: int) -> Cells:
        """Cells by column. Raises `dream.sas`, also where there are fewer rows than there should be."""
        cells, _ = self._read_sas(
            source, usecols=columns, row_offset=skip, row_limit=rows, disable_datetime_conversion=True)
        if any(len(cells.get(name, ())) != rows for name in columns):
            raise GevinstError("dream.sas", where=self.path.name)
        return cells


def _texts(cells: list[Any]) -> pa.Array:
    """Numbers without a needless point; blanks as null."""
    return pa.array([_text(cell) or None for cell in cells], pa.string())


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).strip()
