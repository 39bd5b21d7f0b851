"""A ledger export (KMD Opus and its like) as canonical postings: `1.234,56-` to kroner, the account string put together
from its columns, and every posting matched to an investment by the workspace's rules.

A posting that no rule fits is stored without an investment, never lost. Totals are left out, counted, and held against
the postings they are totals of. What a real Opus export looks like is not publicly known: which columns are which is
data (`opus_layout.py`), and a file that does not fit is refused by name of what is missing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.header import SEPARATORS, Layout
from gevinst.sources.parts import Part
from gevinst.sources.reading import Source
from gevinst.sources.records import Rows, read_records
from gevinst.sources.report import Note
from gevinst.sources.suppliers.opus_layout import TELLING, OpusLayout, missing, read_layout, refuse_twice
from gevinst.sources.suppliers.opus_rows import Matcher, PostingRows
from gevinst.sources.text import PIECE, Piece, TextFile
from gevinst.tables import POSTINGS

KEY = "opus"
SUFFIXES = (".csv", ".txt", ".tsv", ".dat")
TITLE_LINES = 30  # lines above the header in which a report says what it is
LOOK = 1 << 16
_FIELD_WORDS = {"date": ("bogføringsdato", "posting date"), "amount": ("beløb", "amount"),
                "account": ("konto eller PSP-element", "account or PSP element")}


@dataclass(frozen=True)
class Header:
    """The header of a ledger's file: its line, the sign between cells, their number, and where each field stands."""

    line: int
    separator: str
    cells: tuple[str, ...]
    places: dict[str, int]


@dataclass(frozen=True)
class OpusSupplier:
    """The ledger as a supplier of postings; `rules` say which investment a posting belongs to."""

    layout: OpusLayout
    rules: Matcher | None = None
    key: str = KEY

    def parts(self, path: Path) -> tuple[Part, ...]:
        """The file's postings; nothing where it is no ledger.

        Raises `ledger.columns-missing` where it is one but for a column, and `ledger.column-twice`.
        """
        if path.suffix.lower() not in SUFFIXES:
            return ()
        try:
            head = b"".join(piece.data for piece, _ in zip(TextFile(path, LOOK).pieces(), range(1), strict=False))
        except GevinstError:
            return ()  # no text: not a ledger's file, and not for us to complain of
        if not self._is_ledger(head, path):
            return ()
        return (Part(path, POSTINGS, partial(open_ledger, path, self.layout, self.rules), KEY),)

    def _is_ledger(self, head: bytes, path: Path) -> bool:
        """Whether a file that begins so is a ledger's."""
        lines = head.decode().split("\n")[:TITLE_LINES]
        if find_header(lines, self.layout, path.name) is not None:
            return True
        for line in lines:
            for separator in SEPARATORS:
                places = self.layout.places(cells_of(line, separator))
                if len(missing(places)) == 1 and any(field in places for field in TELLING):
                    raise columns_missing(missing(places), path.name)
        return False


def default_supplier() -> OpusSupplier:
    """The layout that ships, without rules: every posting is stored unmatched."""
    return OpusSupplier(read_layout())


def columns_missing(fields: Iterable[str], where: str) -> GevinstError:
    """The error of a ledger that lacks columns, in words."""
    da, en = (" og ".join(_FIELD_WORDS[field][0] for field in fields),
              " and ".join(_FIELD_WORDS[field][1] for field in fields))
    return GevinstError("ledger.columns-missing", where=where, fields_da=da, fields_en=en)


def cells_of(line: str, separator: str) -> tuple[str, ...]:
    """The cells of one line; one that cannot be parted is no header."""
    try:
        return tuple(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return ()


def find_header(lines: Iterable[str], layout: OpusLayout, where: str) -> Header | None:
    """The first of the lines that names a date, an amount and an account; None where none does.

    Raises `ledger.column-twice`.
    """
    for number, line in enumerate(lines, 1):
        for separator in SEPARATORS:
            cells = cells_of(line, separator)
            places = layout.places(cells)
            if not missing(places):
                refuse_twice(cells, places, f"{where}:{number}")
                return Header(number, separator, cells, places)
    return None


def open_ledger(path: Path, layout: OpusLayout, rules: Matcher | None = None, *, piece: int = PIECE) -> Source:
    """Open a ledger's file and find its header.

    Raises the errors of `TextFile`, `intake.empty-file`, `ledger.columns-missing` and `ledger.column-twice`.
    """
    return OpusSource(path, layout, rules, piece)


class OpusSource:
    """A ledger's text file; see `Source`. `notes` are final when `rows` is exhausted."""

    def __init__(self, path: Path, layout: OpusLayout, rules: Matcher | None = None, piece: int = PIECE) -> None:
        self._file = TextFile(path, piece)
        pieces = self._file.pieces()
        first = next(pieces, None)
        if first is None or not first.data.strip():
            raise GevinstError("intake.empty-file", where=path.name)
        lines = first.data.decode().split("\n")
        header = find_header(lines[:TITLE_LINES], layout, path.name)
        if header is None:
            raise columns_missing(("date", "amount", "account"), path.name)
        rest = "\n".join(lines[header.line:]).encode()
        self._pieces = chain([Piece(rest, first.first_line + header.line)] if rest else [], pieces)
        self._separator = header.separator
        wanted = tuple(sorted((place, field) for field, place in header.places.items()))
        self._raw = Layout(len(header.cells), wanted)
        self._postings = PostingRows(layout, header.places, header.cells, rules)
        self.layout = canonical_layout(header)

    @property
    def sha256(self) -> str:
        """The checksum of the file, once all rows are read."""
        return self._file.sha256

    @property
    def encoding(self) -> str:
        """`utf-8`, `utf-8-sig`, `utf-16` or `cp1252`."""
        return self._file.encoding

    @property
    def notes(self) -> tuple[Note, ...]:
        """What became of the postings: totals left out, how many were matched, by which rules."""
        return self._postings.notes()

    def rows(self) -> Iterator[Rows]:
        """The postings, in the file's order."""
        for rows in read_records(self._pieces, self._raw, self._separator):
            yield self._postings.of(rows)


def canonical_layout(header: Header) -> Layout:
    """The columns that come out; `dropped` are the file's own that are not used."""
    used = set(header.places.values())
    dropped = sorted({shown(cell.strip()) for place, cell in enumerate(header.cells) if place not in used} - {""})
    names = tuple(enumerate(column.name for column in POSTINGS.columns))
    return Layout(len(header.cells), names, tuple(dropped))

