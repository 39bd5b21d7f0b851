"""Where a table's header ends and its labels end, when the file does not say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gevinst.lint.figures import is_dash, is_figure
from gevinst.lint.model import Column
from gevinst.lint.raw import RawCell

Rows = Sequence[Sequence[RawCell]]
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_TIME = re.compile(r"^(?:uge|uger|måned|måneder|periode|weeks?|months?|period)?$", re.IGNORECASE)
_RANGE = re.compile(r"^[-−–]?\d+[.,]\d+\s*(?:til|to|–|-)\s*[-−–]?\d+[.,]\d+$")
_LEAST_STEPS = 4  # so many rising whole numbers over a table are weeks, not figures


def header_rows(rows: Rows) -> int:
    """How many of the first rows are header: those the file marks, and those that hold words, years or weeks only."""
    count = 0
    for row in rows[:-1]:
        if not (_marked(row) or _looks(row, first=count == 0)):
            break
        count += 1
    return count


def _marked(row: Sequence[RawCell]) -> bool:
    """All that is filled is header; where that is a name alone, what is blank beside it too: else it is a line."""
    filled = [cell for cell in row if cell.text]
    said = row if filled == [row[0]] else filled
    return bool(filled) and all(cell.header for cell in said)


def _looks(row: Sequence[RawCell], *, first: bool) -> bool:
    texts = [cell.text for cell in row]
    if any(is_dash(text) for text in texts[1:]):
        return False
    figures = [text for text in texts[1:] if is_figure(text)]
    if figures:
        return all(_YEAR.match(text) for text in figures) or (_rising(figures) and bool(_TIME.match(texts[0])))
    filled = {text for text in texts if text}
    if any(_RANGE.match(text) for text in texts[1:]):  # an interval is a figure in its way
        return False
    return len(filled) >= 2 or (first and len(filled) == 1)


def _rising(figures: Sequence[str]) -> bool:
    whole = [int(text) for text in figures if text.isdecimal()]
    return len(whole) == len(figures) >= _LEAST_STEPS and all(a < b for a, b in pairwise(whole))


def label_columns(body: Rows) -> int:
    """How many of the first columns name the rows: always one, and further ones that hold words."""
    width = len(body[0]) if body else 1
    count = 1
    while count < width - 1:
        filled = [row[count].text for row in body if row[count].text]
        figures = sum(is_figure(text) or is_dash(text) for text in filled)
        before = [row[count - 1].text for row in body if row[count - 1].text]
        if not filled or 2 * figures >= len(filled) or any(is_figure(text) for text in before) or _answers(filled):
            break
        if not any(is_figure(row[at].text) for row in body for at in range(count + 1, width)):
            break
        count += 1
    return count


def _answers(filled: Sequence[str]) -> bool:
    """Figures, and one word wherever there is none: "not stated". Such a column names no rows."""
    words = [text for text in filled if not is_figure(text)]
    return 1 < len(words) < len(filled) and len(set(words)) == 1


def columns(head: Rows, width: int, first: int) -> tuple[Column, ...]:
    """The columns right of the labels; in all header rows but the last, a text reaches right over blanks."""
    paths: list[list[str]] = [[] for _ in range(width)]
    for at, row in enumerate(head):
        reach = ""
        for column in range(first, width):
            text = row[column].text
            reach = text or (reach if at < len(head) - 1 else "")
            if reach and reach not in paths[column][-1:]:
                paths[column].append(reach)
    return tuple(Column(tuple(path)) for path in paths[first:])
