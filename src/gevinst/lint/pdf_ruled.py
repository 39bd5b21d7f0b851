"""Tables with lines around their cells, on a PDF page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gevinst.lint.model import Place
from gevinst.lint.pdf_words import Word, lines_of
from gevinst.lint.raw import RawCell, plain

_EDGE = 3.0  # points: lines closer than this are one
_BEYOND = 12.0  # points: so far beyond its last line down, a line across is of a wider table
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class FoundTable:
    """A table on a page: its rows, its place on the page, and the left edges of its columns."""

    rows: tuple[tuple[RawCell, ...], ...]
    top: float
    bottom: float
    edges: tuple[float, ...]


def drawn_on(page: Any) -> Any:
    """The page with nothing but what may be lines of tables."""
    return page.filter(_drawn)


def ruled_tables(page: Any, words: Sequence[Word]) -> tuple[list[FoundTable], list[Word]]:
    """The page's ruled tables, and the words outside them. `page` holds drawn things only."""
    left, found = list(words), []
    if not (page.lines or page.rects or page.curves):
        return [], left
    edges = page.edges
    for table in page.find_tables({"vertical_strategy": "lines", "horizontal_strategy": "lines"}):
        if _open_sided(table.bbox, edges):
            continue
        inside = [word for word in left if _in(word, table.bbox)]
        made = _table([cell for cell in table.cells if cell], inside, page.page_number)
        if made is not None:
            found.append(made)
            left = [word for word in left if not _in(word, table.bbox)]
    return found, left


def _open_sided(box: Box, edges: Sequence[Any]) -> bool:
    """Lines go on from its rows to the left or right: the lines down are between groups of columns of a wider table."""
    across = [edge for edge in edges if edge["orientation"] == "h" and box[1] - _EDGE <= edge["top"] <= box[3] + _EDGE]
    return any(edge["x0"] < box[0] - _BEYOND < box[0] - _EDGE < edge["x1"]
               or edge["x1"] > box[2] + _BEYOND > box[2] + _EDGE > edge["x0"] for edge in across)


def _drawn(thing: Any) -> bool:
    """What may be a line of a table: not the ground that browsers paint under a page or a cell."""
    ground = thing["object_type"] == "rect" and not thing["stroke"] and min(thing["width"], thing["height"]) > _EDGE
    return thing["object_type"] != "char" and not ground


def _in(word: Word, box: Box) -> bool:
    across, down = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] - 1 <= across <= box[2] + 1 and box[1] - 1 <= down <= box[3] + 1


def _starts(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _EDGE:
            found.append(value)
    return found


def _table(cells: Sequence[Box], words: Sequence[Word], page: int) -> FoundTable | None:
    lefts, tops = _starts([cell[0] for cell in cells]), _starts([cell[1] for cell in cells])
    if len(lefts) < 2 or len(tops) < 2 or not words:
        return None
    grid = [[RawCell("", Place(page=page)) for _ in lefts] for _ in tops]
    for cell in sorted(cells, key=lambda c: (c[1], c[0])):
        text = _text([word for word in words if _in(word, cell)])
        columns = [at for at, x in enumerate(lefts) if cell[0] - _EDGE <= x < cell[2] - _EDGE]
        rows = [at for at, y in enumerate(tops) if cell[1] - _EDGE <= y < cell[3] - _EDGE]
        for row in rows:
            for column in columns:
                covered = (row, column) != (rows[0], columns[0])
                grid[row][column] = RawCell(text, Place(page=page), covered)
    return FoundTable(tuple(map(tuple, grid)), min(tops), max(cell[3] for cell in cells), tuple(lefts))


def _text(words: Sequence[Word]) -> str:
    """The lines of a cell as one, words that were divided at the end of a line joined."""
    text = ""
    for line in lines_of(words):
        divided = text.endswith("-") and line.text[:1].islower() and len(text) > 1 and text[-2].isalpha()
        text = text[:-1] + line.text if divided else f"{text} {line.text}"
    return plain(text)
