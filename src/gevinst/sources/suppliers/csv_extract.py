"""A supplier's text file: the header looked for below titles, the separator and the encoding found or as told."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.sources.header import Layout
from gevinst.sources.records import Rows, read_records
from gevinst.sources.suppliers.extract import LOOKED_THROUGH, find_header, no_header, places, unique_names
from gevinst.sources.suppliers.mapping import SEPARATORS, Reading
from gevinst.sources.text import PIECE, Piece, TextFile

HEADER_LINES = 20  # a header's quoted names may hold line breaks, but not more than this


class EncodedFile(TextFile):
    """A text file in an encoding that is told; a byte order mark knows better."""

    def __init__(self, path: Path, encoding: str, piece: int = PIECE) -> None:
        super().__init__(path, piece)
        self._utf16 = codecs.getincrementaldecoder(encoding)()
        self._decided = self._told = encoding if encoding != "cp1252" else "windows-1252"  # decoded already

    @property
    def encoding(self) -> str:
        """What the file is written in."""
        return "cp1252" if self._decided == "windows-1252" else self._decided

    def _as_bytes(self, raw: bytes, *, start: bool) -> bytes:
        if start and raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._utf16, self._decided = None, ""
        return super()._as_bytes(raw, start=start)


class CsvExtract:
    """A CSV file; see `Extract`.

    Raises `mapping.header-row`, `mapping.no-header`, `mapping.header-unseen` and the errors of `TextFile`.
    """

    filled = 0

    def __init__(self, path: Path, reading: Reading, needed: Sequence[str] = (), *, piece: int = PIECE) -> None:
        self.where = path.name
        self._file = EncodedFile(path, reading.encoding, piece) if reading.encoding else TextFile(path, piece)
        self._pieces = self._file.pieces()
        first = next(self._pieces, None)
        if first is None or not first.data.strip():
            raise GevinstError("intake.empty-file", where=path.name)
        lines = first.data.split(b"\n", LOOKED_THROUGH + HEADER_LINES)[:LOOKED_THROUGH + HEADER_LINES]
        starts, texts = _logical_lines([line.decode() for line in lines])
        signs = [SEPARATORS[reading.separator]] if reading.separator else list(SEPARATORS.values())
        if reading.header_row is not None:
            if reading.header_row not in starts:
                raise GevinstError("mapping.header-row", where=path.name, row=reading.header_row)
            at = starts.index(reading.header_row)
            starts, texts = starts[at:at + 1], texts[at:at + 1]
        elif reading.header_row is None:
            texts = texts[:LOOKED_THROUGH]
        self.separator, place = _best(texts, signs, needed, sure=reading.header_row is not None)
        if place is None:
            raise no_header(path.name, needed)
        self.header_row = starts[place]
        self.header = unique_names(_cells(texts[place], self.separator))
        after = self.header_row + texts[place].count("\n")
        rest = first.data.split(b"\n", after)[after] if first.data.count(b"\n") >= after else b""
        self._pieces = chain([Piece(rest, after + 1)] if rest else [], self._pieces)

    @property
    def sha256(self) -> str:
        """The checksum of the file, once all rows are read."""
        return self._file.sha256

    @property
    def encoding(self) -> str:
        """What the file is written in, as far as it has been read."""
        return self._file.encoding

    def rows(self, names: Sequence[str]) -> Iterator[Rows]:
        """The rows below the header."""
        found = places(self.header, names)
        layout = Layout(len(self.header), tuple((found[name], name) for name in names))
        return read_records(self._pieces, layout, self.separator)


def _logical_lines(lines: Sequence[str]) -> tuple[list[int], list[str]]:
    """Lines that are not blank, with their numbers; one whose quote is open goes on with the next lines."""
    starts: list[int] = []
    texts: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if lines[at].count('"') % 2:
            further = range(at + 1, min(at + HEADER_LINES, len(lines)))
            end = next((later for later in further if lines[later].count('"') % 2), at) + 1
        text = "\n".join(lines[at:end])
        if text.strip():
            starts.append(at + 1)
            texts.append(text)
        at = end
    return starts, texts


def _cells(text: str, sign: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    try:
        found = next(csv.reader(lines, delimiter=sign), [])
    except csv.Error:
        return []
    return [cell.strip("\n") for cell in found]


def _best(texts: Sequence[str], signs: Sequence[str], needed: Sequence[str], *, sure: bool) -> tuple[str, int | None]:
    """The separator under which the header is found, or widest, and which line it is."""
    found: list[tuple[int, int, str, int | None]] = []
    for sign in signs:
        lines = [_cells(text, sign) for text in texts]
        place = 0 if sure else find_header(lines, needed)
        header = unique_names(lines[place]) if place is not None else ()
        hits = len(places(header, needed)) if needed else 0
        found.append((hits, len(header), sign, place))
    best = max(found, key=lambda one: one[:2])
    return best[2], best[3]
