"""A ledger export (KMD Opus and its like) as canonical postings: `1.234,56-` to kroner, the account string put together
from its columns, and every posting matched to an investment by the workspace's rules.

A posting that no rule fits is stored without an investment, never lost. Totals are left out, counted, and held against
the postings they are totals of. What a real Opus export looks like is not publicly known: which columns are which is
data (`opus_layout.py`), and a file that does not fit is refused by name of what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.sources.header import Layout
from gevinst.sources.parts import Part
from gevinst.sources.reading import Source
from gevinst.sources.records import Rows, read_records
from gevinst.sources.report import Note
from gevinst.sources.suppliers import opus_excel
from gevinst.sources.suppliers.opus_header import TITLE_LINES, canonical_layout, columns_missing, find_header, near_miss
from gevinst.sources.suppliers.opus_layout import OpusLayout, read_layout
from gevinst.sources.suppliers.opus_matching import Matcher
from gevinst.sources.suppliers.opus_rows import PostingRows
from gevinst.sources.text import PIECE, Piece, TextFile
from gevinst.tables import POSTINGS

KEY = "opus"
SUFFIXES = (".csv", ".txt", ".tsv", ".dat")
LOOK = 1 << 16


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
        suffix = path.suffix.lower()
        if suffix in opus_excel.SUFFIXES:
            is_ledger = self._has_ledger(path)
        else:
            is_ledger = suffix in SUFFIXES and self._is_ledger(path)
        return (Part(path, POSTINGS, partial(open_ledger, path, self.layout, self.rules), KEY),) if is_ledger else ()

    def _is_ledger(self, path: Path) -> bool:
        """Whether a text file begins as a ledger's."""
        try:
            head = next(TextFile(path, LOOK).pieces(), Piece(b"", 1))
        except GevinstError:
            return False  # no text: not a ledger's file, and not for us to complain of
        lines = head.data.decode().split("\n")[:TITLE_LINES]
        if find_header(lines, self.layout, path.name) is not None:
            return True
        lacking = near_miss(lines, self.layout)
        if lacking:
            raise columns_missing(lacking, path.name)
        return False

    def _has_ledger(self, path: Path) -> bool:
        """Whether a workbook has a sheet that is one."""
        try:
            return bool(opus_excel.ledger_sheets(path, self.layout))
        except GevinstError as fault:
            if fault.code != "intake.unreadable-file":
                raise
            return False


def default_supplier() -> OpusSupplier:
    """The layout that ships, without rules: every posting is stored unmatched."""
    return OpusSupplier(read_layout())


def open_ledger(path: Path, layout: OpusLayout, rules: Matcher | None = None, *, piece: int = PIECE) -> Source:
    """Open a ledger's file, text or workbook, and find its header.

    Raises the errors of `TextFile` and `ExcelLedger`, `intake.empty-file`, `ledger.columns-missing` and
    `ledger.column-twice`.
    """
    if path.suffix.lower() in opus_excel.SUFFIXES:
        return opus_excel.ExcelLedger(path, layout, rules)
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
