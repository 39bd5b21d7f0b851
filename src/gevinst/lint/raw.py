"""What a reader gives: the texts and tables of a file in their order, before anything is understood.

A reader knows a file format and nothing of memos; `assemble` knows memos and no format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gevinst.lint.model import Place

NOWHERE = Place()


@dataclass(frozen=True)
class RawCell:
    """A cell as printed. `covered`: it lies under a merged cell to the left or above, whose text it repeats."""

    text: str
    place: Place = NOWHERE
    covered: bool = False
    header: bool = False


@dataclass(frozen=True)
class RawTable:
    """Rows of cells, all equally long."""

    rows: tuple[tuple[RawCell, ...], ...]
    caption: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class RawText:
    """A heading, a paragraph or a point of a list. `heading` is its level, or nought."""

    text: str
    place: Place = NOWHERE
    heading: int = 0
    caption: bool = False


RawBlock = RawText | RawTable

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+")
_DIVIDED = re.compile("(?<=[^\\W\\d_])\u00ad\\s*(?=[a-zæøåé])")  # a word divided at the end of a line


def plain(text: str) -> str:
    """Text on one line: every kind of space as one space, divided words whole.

    A soft hyphen elsewhere is a minus or a dash: some PDFs have one sign for both.

    >>> plain("Forven\\u00ad\\ntet  i\\u202falt "), plain("\\u00ad2,703")
    ('Forventet i alt', '-2,703')
    """
    return _SPACES.sub(" ", _DIVIDED.sub("", text).replace("\u00ad", "-")).strip()


def squared(rows: list[list[RawCell]], caption: str = "", place: Place | None = None) -> RawTable | None:
    """The rows made equally long, without empty rows and columns; `None` where fewer than two cells are left."""
    kept = [row for row in rows if any(cell.text for cell in row)]
    width = max((len(row) for row in kept), default=0)
    full = [[*row, *(RawCell("") for _ in range(width - len(row)))] for row in kept]
    used = [at for at in range(width) if any(row[at].text and not row[at].covered for row in full)]
    if len(used) < 2 or not full:
        return None
    return RawTable(tuple(tuple(row[at] for at in used) for row in full), caption, place or NOWHERE)


def spread(rows: list[list[tuple[RawCell, int, int]]]) -> list[list[RawCell]]:
    """Rows of cells with the columns and rows each spans, laid out in a grid; a covered place repeats the text."""
    grid: dict[tuple[int, int], RawCell] = {}
    for at, row in enumerate(rows):
        column = 0
        for cell, across, down in row:
            while (at, column) in grid:
                column += 1
            for below in range(min(down, len(rows) - at)):
                for right in range(across):
                    first = below == 0 and right == 0
                    grid[at + below, column + right] = cell if first else replace(cell, covered=True)
            column += across
    widths = [max((c for r, c in grid if r == at), default=-1) + 1 for at in range(len(rows))]
    return [[grid.get((at, c), RawCell("")) for c in range(width)] for at, width in enumerate(widths)]
