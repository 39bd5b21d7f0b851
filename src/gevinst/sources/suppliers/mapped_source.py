"""A supplier's file, read by its mapping: a `Source` like any other, and the suppliers that a workspace has mapped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.sources.header import Layout
from gevinst.sources.parts import Part, Supplier
from gevinst.sources.records import Rows
from gevinst.sources.report import Note, note
from gevinst.sources.suppliers import excel_extract
from gevinst.sources.suppliers.csv_extract import CsvExtract
from gevinst.sources.suppliers.excel_extract import ExcelExtract
from gevinst.sources.suppliers.extract import Extract, check_columns, places
from gevinst.sources.suppliers.mapped_rows import BLANK, CODE, FILTER, UNLISTED, ZERO, Tally, map_rows, named
from gevinst.sources.suppliers.mapping import FileMapping, Reading
from gevinst.sources.suppliers.mapping_reader import read_mapping
from gevinst.sources.suppliers.mapping_writer import mapping_text
from gevinst.sources.text import PIECE
from gevinst.tables import CONTRACTS

MAPPINGS = "mappings"  # the folder in a workspace
TEXT_SUFFIXES = (".csv", ".txt", ".tsv", ".dat", "")
SUFFIXES = (*TEXT_SUFFIXES, *excel_extract.SUFFIXES)


def open_extract(path: Path, reading: Reading, needed: Sequence[str] = (), *, piece: int = PIECE) -> Extract:
    """A text file or a workbook, by its ending, with its header found.

    Raises `mapping.file-kind`, `intake.not-a-file`, `intake.empty-file`, `intake.unreadable-file`, and the errors of
    `CsvExtract` and `ExcelExtract`.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise GevinstError("mapping.file-kind", where=path.name, kinds=", ".join(filter(None, SUFFIXES)))
    try:
        is_file, size = path.is_file(), path.stat().st_size
    except OSError as fault:
        raise GevinstError("intake.unreadable-file", where=path.name) from fault
    if not is_file or not size:
        raise GevinstError("intake.empty-file" if is_file else "intake.not-a-file", where=path.name)
    if suffix in excel_extract.SUFFIXES:
        return ExcelExtract(path, reading, needed)
    return CsvExtract(path, reading, needed, piece=piece)


class MappedSource:
    """A supplier's file as its mapping says; see `reading.Source`.

    Raises the errors of `open_extract`, `mapping.columns-gone` and `mapping.no-header`.
    """

    def __init__(self, path: Path, mapping: FileMapping, *, piece: int = PIECE) -> None:
        self.mapping = mapping
        self._extract = open_extract(path, mapping.reading, mapping.needed, piece=piece)
        check_columns(self._extract.header, mapping.needed, f"{self._extract.where}:{self._extract.header_row}")
        wanted = tuple(enumerate(name for name, _ in mapping.columns))
        self.layout = Layout(len(wanted), wanted)
        self._tally = Tally()

    @property
    def sha256(self) -> str:
        """The checksum of the file, once all rows are read."""
        return self._extract.sha256

    @property
    def encoding(self) -> str:
        """How the text was written; empty for workbooks."""
        return self._extract.encoding

    @property
    def notes(self) -> tuple[Note, ...]:
        """By which mapping the file was read, and what the mapping left out, filter by filter."""
        return _notes(self.mapping, self._tally, self._extract.filled)

    def rows(self) -> Iterator[Rows]:
        """The rows, with the canonical columns."""
        for rows in self._extract.rows(self.mapping.needed):
            yield map_rows(rows, self.mapping, self._tally)


def _notes(mapping: FileMapping, tally: Tally, filled: int) -> tuple[Note, ...]:
    notes = [note("mapping.used", key=mapping.key, made=mapping.made.isoformat(), sha256=checksum(mapping)[:12])]
    if mapping.unverified:
        notes.append(note("mapping.unverified", key=mapping.key))
    counts = tally.counts
    for number, one in enumerate(mapping.filters, start=1):
        notes.append(note("mapping.filtered", number=number, filter=str(one), rows=counts[FILTER, str(number)]))
    for name, _ in mapping.columns:
        if counts[CODE, name]:
            notes.append(note("mapping.code-out", column=name, rows=counts[CODE, name]))
        if counts[UNLISTED, name]:
            codes = named(sorted(tally.codes[name].items(), key=lambda one: (-one[1], one[0])))
            notes.append(note("mapping.unlisted-out", column=name, rows=counts[UNLISTED, name], codes=codes))
    for code, rows in (("mapping.merged-cells", filled), ("intake.blank-rows", counts[BLANK, ""]),
                       ("intake.zero-restored", counts[ZERO, ""])):
        if rows:
            notes.append(note(code, rows=rows))
    return tuple(notes)


def checksum(mapping: FileMapping) -> str:
    """What tells one version of a mapping from another, however its file is laid out."""
    return hashlib.sha256(mapping_text(mapping).encode()).hexdigest()


class MappedSupplier:
    """A supplier whose files are read by a mapping, known by their names. Its key is the mapping's."""

    def __init__(self, mapping: FileMapping) -> None:
        self.mapping = mapping
        self.key = mapping.key

    def parts(self, path: Path) -> tuple[Part, ...]:
        """The file, where its name is one of the mapping's. That its columns are there is seen when it is opened: a
        file that has the right name and the wrong columns must not be passed over."""
        if path.suffix.lower() not in SUFFIXES or not self.mapping.matches(path.name):
            return ()
        return (Part(path, CONTRACTS[self.mapping.table], partial(MappedSource, path, self.mapping), self.key),)


def read_mappings(folder: Path) -> tuple[FileMapping, ...]:
    """All mappings in a folder, by key; none where there is no folder."""
    return tuple(read_mapping(path) for path in sorted(folder.glob("*.yaml")))


def mapping_suppliers(folder: Path) -> tuple[Supplier, ...]:
    """The suppliers that are mapped in a folder of mapping files, such as a workspace's `mappings/`.

    Raises the errors of `read_mapping`: a mapping that cannot be read must not be passed over.
    """
    return tuple(MappedSupplier(one) for one in read_mappings(folder))


def columns_found(extract: Extract, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that are columns of the file, spelled as the file does."""
    return tuple(extract.header[place] for place in places(extract.header, names).values())
