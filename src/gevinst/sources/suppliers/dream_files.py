"""A DREAM file as batches of rows, the weeks as a matrix of codes: CSV and Parquet. SAS is `dream_sas`.

A row has up to two thousand cells, so that a batch is measured in cells: memory does not grow with the file.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gevinst.errors import GevinstError
from gevinst.sources.header import SEPARATORS, Layout
from gevinst.sources.reading import as_text, is_plain
from gevinst.sources.records import Lines, Rows, Unread, read_records
from gevinst.sources.suppliers.dream_cells import OddCells
from gevinst.sources.suppliers.dream_runs import Codes
from gevinst.sources.suppliers.dream_weeks import is_dream
from gevinst.sources.text import Piece, TextFile

PIECE = 16 << 20  # bytes of a CSV file read at a time
CELLS = 4 << 20  # of a Parquet file
HEADER = 1 << 18  # bytes; enough for the names of ten thousand columns
TEXT = (".csv", ".txt")
_FAULTS = (pa.ArrowException, UnicodeDecodeError, OSError)


@dataclass(frozen=True)
class Wanted:
    """The columns to read, by their place in the header: the weeks, oldest first, and others by their new name."""

    weeks: tuple[int, ...]
    others: Mapping[str, int]


@dataclass(frozen=True)
class Batch:
    """Some rows. `codes` is weeks × rows, 0 where blank, below 0 where `OddCells` says; `others` are texts by name.

    `done` is how far the file has been read, in the unit of its `total`.
    """

    lines: Lines
    codes: Codes
    others: Mapping[str, pa.Array]
    unread: tuple[Unread, ...]
    done: int


class WideFile(Protocol):
    """A file with a column per week. `sha256` and `encoding` are final when `batches` is exhausted."""

    path: Path
    names: tuple[str, ...]

    @property
    def total(self) -> int:
        """Its size, in bytes or rows."""

    @property
    def sha256(self) -> str:
        """The checksum of the file."""

    @property
    def encoding(self) -> str:
        """How the text was written; empty for Parquet."""

    def batches(self, wanted: Wanted, odd: OddCells) -> Iterator[Batch]:
        """The rows, in the file's order."""


def checksum(path: Path) -> str:
    """SHA-256 of a file. Raises `intake.unreadable-file`."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise GevinstError("intake.unreadable-file", where=path.name) from fault


class WideCsv:
    """A text file; see `WideFile`. Raises the errors of `TextFile` and `intake.empty-file`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total = path.stat().st_size
        self._file = TextFile(path, HEADER)
        self._pieces = self._file.pieces()
        line = self._take_header().decode()
        self._separator = max(SEPARATORS, key=line.count)
        self.names = tuple(next(csv.reader([line], delimiter=self._separator), ()))

    def _take_header(self) -> bytes:
        """The first line that is not blank."""
        for piece in self._pieces:
            for number, line in enumerate(piece.data.split(b"\n")):
                if line.strip():
                    self._first_line = piece.first_line + number
                    return line
        raise GevinstError("intake.empty-file", where=self.path.name)

    @property
    def sha256(self) -> str:
        """The checksum of the file, once all rows are read."""
        return self._file.sha256

    @property
    def encoding(self) -> str:
        """`utf-8`, `utf-8-sig`, `utf-16` or `cp1252`."""
        return self._file.encoding

    def batches(self, wanted: Wanted, odd: OddCells) -> Iterator[Batch]:
        """The rows. A cell that is no number costs speed: from there on cells are read as text."""
        self._file = TextFile(self.path, PIECE)
        done = [0]
        order = [*((place, f"w{place}") for place in wanted.weeks),
                 *((place, name) for name, place in wanted.others.items())]
        types = {f"w{place}": pa.int16() for place in wanted.weeks}
        layout = Layout(len(self.names), tuple(order))
        for rows in read_records(self._body(done), layout, self._separator, types):
            yield _csv_batch(rows, wanted, odd, min(done[0], self.total))

    def _body(self, done: list[int]) -> Iterator[Piece]:
        pieces = self._file.pieces()
        for piece in pieces:
            done[0] += len(piece.data)
            skip = self._first_line + 1 - piece.first_line
            if skip <= 0:
                yield from chain([piece], self._counted(pieces, done))
                return
            rest = piece.data.split(b"\n", skip)
            if len(rest) > skip and rest[skip]:
                yield Piece(rest[skip], self._first_line + 1)

    @staticmethod
    def _counted(pieces: Iterator[Piece], done: list[int]) -> Iterator[Piece]:
        for piece in pieces:
            done[0] += len(piece.data)
            yield piece


def _csv_batch(rows: Rows, wanted: Wanted, odd: OddCells, done: int) -> Batch:
    cells = rows.cells
    codes = odd.matrix([cells.column(place).combine_chunks() for place in range(len(wanted.weeks))])
    others = {name: cells.column(name).combine_chunks().cast(pa.string()) for name in wanted.others}
    return Batch(rows.lines, codes, others, rows.unread, done)


class WideParquet:
    """A Parquet file; see `WideFile`. Raises `intake.parquet` and `intake.column-type`."""

    encoding = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = ""
        try:
            # One column chunk of a row group is read at a time, a little of it at once.
            self._file = pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 16)
            self.names = tuple(self._file.schema_arrow.names)
        except PermissionError as fault:
            raise GevinstError("intake.unreadable-file", where=path.name) from fault
        except _FAULTS as fault:
            raise GevinstError("intake.parquet", where=path.name) from fault
        self.total = self._file.metadata.num_rows

    def batches(self, wanted: Wanted, odd: OddCells) -> Iterator[Batch]:
        """The rows; their number counts from 1."""
        schema = self._file.schema_arrow
        places = [*wanted.weeks, *wanted.others.values()]
        for place in places:
            if not is_plain(schema.field(place).type):
                raise GevinstError("intake.column-type", where=self.path.name, column=self.names[place])
        self.sha256 = checksum(self.path)
        columns = [self.names[place] for place in places]
        rows = max(1, CELLS // len(places))
        first = 1
        try:
            for cells in self._file.iter_batches(batch_size=rows, columns=columns):
                count = cells.num_rows
                codes = odd.matrix([cells[self.names[place]] for place in wanted.weeks])
                others = {name: as_text(cells[self.names[place]]).cast(pa.string())
                          for name, place in wanted.others.items()}
                for texts in others.values():
                    texts.validate(full=True)  # that it is UTF-8
                first += count
                yield Batch(np.arange(first - count, first, dtype=np.int64), codes, others, (), first - 1)
        except _FAULTS as fault:
            raise GevinstError("intake.parquet", where=self.path.name) from fault


def looks_like_dream(path: Path) -> bool:
    """Whether the header of a text file has the columns of a DREAM file; never an error."""
    try:
        return is_dream(WideCsv(path).names)
    except (GevinstError, csv.Error, OSError):
        return False
