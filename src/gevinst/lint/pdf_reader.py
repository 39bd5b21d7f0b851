"""Texts and tables of a PDF, by where the words stand on its pages.

Its tags are not used: programs that tag leave out empty cells, and a row without them has its figures one column off.
"""

from __future__ import annotations

import logging
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer import pdffont, pdftypes
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from gevinst.errors import DAMAGED_PACKAGE, GevinstError
from gevinst.lint.header import header_rows
from gevinst.lint.model import Place
from gevinst.lint.pdf_aligned import aligned_tables
from gevinst.lint.pdf_banded import banded_tables
from gevinst.lint.pdf_ruled import FoundTable, drawn_on, ruled_tables
from gevinst.lint.pdf_words import Line, lines_of, without_margins, words_of
from gevinst.lint.raw import RawBlock, RawCell, RawTable, RawText, plain, squared

_LARGER = 1.08  # of the usual letter size: a heading
_MOST_HEADING = 160
_MOST_GLYPHS = 1 << 17
_SAME_EDGE = 12.0  # points: columns of one table on two pages
# What a damaged file makes the libraries raise: their own, and those of numbers, texts and streams that are none.
_FAULTS = (PdfminerException, MalformedPDFException, PSException, *DAMAGED_PACKAGE, ValueError, TypeError, LookupError,
           AttributeError, AssertionError, ArithmeticError, struct.error)
_BULLET = re.compile(r"^(?:[•▪◦‣·]|[-–]\s|\d{1,2}[.)]\s)")
_BEGINS = re.compile(r"^(?:tabel|table|figur|figure)\s+\d+|^(?:noter?|kilder?|sources?|notes?)\s*:", re.IGNORECASE)
_AND = re.compile(r"^(?:og|eller|and|or)\b")


def _bounded_widths(seq: Iterable[object]) -> dict[str | int, float]:
    """A font's widths, unless a run of them is longer than any font: the library would fill the memory with it."""
    given = list(seq)
    numbers = [pdftypes.resolve1(one) for one in given]
    for first, last in pairwise(numbers):
        if isinstance(first, int) and isinstance(last, int) and last - first > _MOST_GLYPHS:
            raise PSException("too many glyphs")
    return _widths(given)


logging.getLogger("pdfminer").setLevel(logging.ERROR)  # what it says of fonts is nothing to who reads the findings
_widths, pdffont.get_widths = pdffont.get_widths, _bounded_widths


def read_pdf(path: Path) -> list[RawBlock]:
    """The file's blocks. Raises `lint.not-pdf`, `lint.pdf-no-text`, and `OSError` where it cannot be opened."""
    with path.open("rb") as file:
        try:
            with pdfplumber.open(file) as pdf:
                pages = [_Page(page.height, page.page_number, *_found(page)) for page in pdf.pages]
        except _FAULTS as fault:
            raise GevinstError("lint.not-pdf", where=path.name) from fault
    blocks = _by_position(pages)
    if not blocks:
        raise GevinstError("lint.pdf-no-text", where=path.name)
    return [*blocks, *(RawText("", Place(page=page.number)) for page in pages if page.picture)]


@dataclass(frozen=True)
class _Page:
    """A page taken in: its height, number, tables with lines, the lines of words outside them; or a bare picture."""

    height: float
    number: int
    tables: Sequence[FoundTable]
    lines: list[Line]
    picture: bool


def _found(page: Any) -> tuple[Sequence[FoundTable], list[Line], bool]:
    drawn = drawn_on(page)
    every = words_of(page)
    ruled, words = ruled_tables(drawn, every)
    banded, words = banded_tables(drawn, words)
    return [*ruled, *banded], lines_of(words), not every and bool(page.images)


def _by_position(pages: Sequence[_Page]) -> list[RawBlock]:
    """The blocks of all pages; a table that goes on over the page is one."""
    cleaned = without_margins([(page.height, page.lines) for page in pages])
    body = _usual_size(cleaned)
    blocks: list[RawBlock] = []
    last: FoundTable | None = None
    for page, lines in zip(pages, cleaned, strict=True):
        found, rest = aligned_tables(lines, page.number)
        parts = _in_order([*page.tables, *found], rest)
        for at, part in enumerate(parts):
            if isinstance(part, FoundTable):
                joined = at == 0 and last is not None and _goes_on(last, part)
                _add_table(blocks, part, joined=joined)
                last = part if at == len(parts) - 1 else None
            else:
                blocks += _paragraphs(part, body, page.number)
                last = None
    return [block for block in _joined_paragraphs(blocks) if not isinstance(block, RawTable) or len(block.rows) > 1]


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes = Counter(round(line.size, 1) for lines in pages for line in lines for _ in line.words)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _in_order(tables: Sequence[FoundTable], lines: Sequence[Line]) -> list[FoundTable | list[Line]]:
    """Tables and runs of lines, down the page."""
    places: list[tuple[float, FoundTable | Line]] = [(table.top, table) for table in tables]
    places += [(line.top, line) for line in lines]
    found: list[FoundTable | list[Line]] = []
    for _, part in sorted(places, key=lambda place: place[0]):
        if isinstance(part, FoundTable):
            found.append(part)
        elif found and isinstance(found[-1], list):
            found[-1].append(part)
        else:
            found.append([part])
    return found


def _goes_on(before: FoundTable, table: FoundTable) -> bool:
    """Columns at the same places, so that it may be the rest of a table from the page before."""
    same = len(before.edges) == len(table.edges)
    return same and all(abs(a - b) <= _SAME_EDGE for a, b in zip(before.edges, table.edges, strict=True))


def _add_table(blocks: list[RawBlock], table: FoundTable, *, joined: bool) -> None:
    before = blocks[-1] if blocks else None
    rows = table.rows
    if joined and isinstance(before, RawTable) and len(before.rows[0]) == len(rows[0]):
        head = header_rows(before.rows)
        same = _texts(rows[:head]) == _texts(before.rows[:head])
        if same or header_rows(rows) == 0 or len(rows) == 1:
            blocks[-1] = RawTable((*before.rows, *(rows[head:] if same and len(rows) > head else rows)),
                                  before.caption, before.place)
            return
    made = squared([list(row) for row in rows], place=rows[0][0].place)
    if made is not None:
        blocks.append(made)


def _texts(rows: Sequence[Sequence[RawCell]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def _paragraphs(lines: Sequence[Line], body: float, page: int) -> Iterator[RawText]:
    """Lines gathered in paragraphs: close, in letters of one size, without a bullet or caption that begins anew."""
    group: list[Line] = []
    for line in lines:
        if group and _breaks(group[-1], line, body):
            yield _paragraph(group, body, page)
            group = []
        group.append(line)
    if group:
        yield _paragraph(group, body, page)


def _breaks(before: Line, line: Line, body: float) -> bool:
    apart = line.top - before.bottom > 0.75 * line.size
    other = abs(line.size - before.size) > 0.6 or before.bold != line.bold
    ended = before.text.endswith((".", ":")) and before.words[-1].x1 < line.words[-1].x1 - 8 * body
    return apart or other or ended or bool(_BULLET.match(line.text) or _BEGINS.match(line.text))


def _paragraph(lines: Sequence[Line], body: float, page: int) -> RawText:
    text = ""
    for line in lines:
        text = _run_on(text, line.text)
    first = lines[0]
    larger = first.size > _LARGER * body or (first.bold and all(line.bold for line in lines))
    heading = larger and len(text) <= _MOST_HEADING and not text.endswith(".")
    level = 0 if not heading else 1 if first.size > 1.45 * body else 2 if first.size > _LARGER * body else 3
    return RawText(plain(text), Place(page=page), heading=level)


def _run_on(text: str, more: str) -> str:
    divided = text.endswith("-") and more[:1].islower() and not _AND.match(more) and text[-2:-1].isalpha()
    return text[:-1] + more if divided else f"{text} {more}".strip()


def _joined_paragraphs(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """A paragraph that ends in the middle of a sentence at the foot of a page goes on at the head of the next."""
    found: list[RawBlock] = []
    for block in blocks:
        before = found[-1] if found else None
        if (isinstance(before, RawText) and isinstance(block, RawText) and before.place.page != block.place.page
                and not before.heading and block.text[:1].islower() and not before.text.endswith((".", ":", "!", "?"))):
            found[-1] = RawText(_run_on(before.text, block.text), before.place, before.heading)
        else:
            found.append(block)
    return found
