"""One canonical file, CSV or Parquet, as rows of text with line numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gevinst.errors import GevinstError
from gevinst.sources.header import Layout, layout, split_header
from gevinst.sources.records import Rows, read_records
from gevinst.sources.text import PIECE, Piece, TextFile
from gevinst.tables import Contract

PARQUET_ROWS = 1 << 17
# What Arrow raises of a damaged file; names and texts that are not UTF-8 it notices only when they become strings.
_DAMAGED = (pa.ArrowException, UnicodeDecodeError, OSError)


class Source(Protocol):
    """A file being read. `sha256` and `encoding` are final when `rows` is exhausted."""

    layout: Layout

    @property
    def sha256(self) -> str:
        """The checksum of the file."""

    @property
    def encoding(self) -> str:
        """How the text was written; empty for Parquet."""

    def rows(self) -> Iterator[Rows]:
        """The records, in the file's order; every cell as text."""


def open_source(path: Path, contract: Contract, *, piece: int = PIECE) -> Source:
    """Open a canonical file and read its header.

    Raises `intake.not-a-file`, `intake.unreadable-file`, `intake.empty-file`, the errors of `TextFile` and of
    `header.layout`, and for Parquet `intake.parquet` and `intake.column-type`.
    """
    try:
        is_file, size = path.is_file(), path.stat().st_size
    except OSError as fault:
        raise GevinstError("intake.unreadable-file", where=path.name) from fault
    if not is_file:
        raise GevinstError("intake.not-a-file", where=path.name)
    if size == 0:
        raise GevinstError("intake.empty-file", where=path.name)
    return ParquetSource(path, contract) if path.suffix.lower() == ".parquet" else CsvSource(path, contract, piece)


class CsvSource:
    """A CSV file; see `Source`."""

    def __init__(self, path: Path, contract: Contract, piece: int = PIECE) -> None:
        self._file = TextFile(path, piece)
        self._pieces = self._file.pieces()
        head = self._header_line(path)
        self.separator, cells = split_header(head.data.decode().rstrip("\n"), contract)
        self.layout = layout(cells, contract, f"{path.name}:{head.first_line}")

    def _header_line(self, path: Path) -> Piece:
        """The first line that is not blank; the rest of its piece is put back."""
        for piece in self._pieces:
            line, rest = piece.first_line, piece.data
            while rest:
                head, _, rest = rest.partition(b"\n")
                if head.strip():
                    self._pieces = chain([Piece(rest, line + 1)] if rest else [], self._pieces)
                    return Piece(head, line)
                line += 1
        raise GevinstError("intake.empty-file", where=path.name)

    @property
    def sha256(self) -> str:
        """The checksum of the file, once all rows are read."""
        return self._file.sha256

    @property
    def encoding(self) -> str:
        """`utf-8`, `utf-8-sig`, `utf-16` or `cp1252`."""
        return self._file.encoding

    def rows(self) -> Iterator[Rows]:
        """The records, in the file's order."""
        return read_records(self._pieces, self.layout, self.separator)


class ParquetSource:
    """A Parquet file; see `Source`. Typed columns are written out as the text a CSV file would have held."""

    encoding = ""

    def __init__(self, path: Path, contract: Contract) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            self._file = pq.ParquetFile(path)
            schema = self._file.schema_arrow
            schema = self._file.schema_arrow
        except PermissionError as fault:
            raise GevinstError("intake.unreadable-file", where=path.name) from fault
        except _DAMAGED as fault:
            raise GevinstError("intake.parquet", where=path.name) from fault
        self.layout = layout(schema.names, contract, path.name)
        for place, name in self.layout.wanted:
            if not is_plain(schema.field(place).type):
                raise GevinstError("intake.column-type", where=path.name, column=name)

    def rows(self) -> Iterator[Rows]:
        """The records; their number counts from 1."""
        places = [place for place, _ in self.layout.wanted]
        first = 1
        try:
            for batch in self._file.iter_batches(batch_size=PARQUET_ROWS):
                for place in places:
                    batch.column(place).validate(full=True)  # that its texts are UTF-8
                cells = [as_text(batch.column(place)) for place in places]
                lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
                yield Rows(lines, pa.table(cells, names=list(self.layout.names)))
                first += batch.num_rows
        except _DAMAGED as fault:
            raise GevinstError("intake.parquet", where=self._path.name) from fault


def is_plain(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text, numbers, dates or truth values."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_floating,
             pa.types.is_decimal, pa.types.is_date, pa.types.is_timestamp, pa.types.is_boolean, pa.types.is_null)
    return any(test(kind) for test in tests)


def as_text(column: pa.Array) -> pa.Array:
    """The column as dictionary-coded text.

    Whole floats lose their point (ids that passed through pandas), clocks with a time zone are read as the
    wall clock there, truth values become 1 and 0.
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = pc.local_timestamp(column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
        whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), 1e15))
        integers = pc.if_else(whole, column, None).cast(pa.int64()).cast(pa.string())
        column = pc.if_else(whole, integers, column.cast(pa.string()))
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), None, text).dictionary_encode()


def read_ahead(rows: Iterator[Rows]) -> Generator[Rows]:
    """The same rows, the next ones being read while the caller works on these."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, rows, None)
        while (now := coming.result()) is not None:
            coming = reader.submit(next, rows, None)
            yield now
