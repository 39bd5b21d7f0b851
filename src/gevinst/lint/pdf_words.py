"""Words and lines of a PDF page by their positions, without page heads, page numbers and footnote marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

_TIGHT = 0.22  # of the letter height: a gap below it is within a word or a grouped number
_RAISED = 0.75  # of the line's letter size: smaller letters beside a word are a mark
_SAME_LINE = 0.5  # of the letter height: lines closer than this are one
_EDGE = 0.12  # of the page height: where heads and page numbers stand
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Word:
    """A word: its text, left and right edge, top and bottom, size of its letters."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Line:
    """Words side by side."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The line as text."""
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        """The size of its letters."""
        return median(word.size for word in self.words)

    @property
    def bold(self) -> bool:
        """All of it is bold."""
        return all(word.bold for word in self.words)


class _Once:
    """Lets each letter through once: an outline or a shadow prints it a second time in the same place."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int, int]] = set()

    def __call__(self, thing: Any) -> bool:
        """Whether the letter is new; what is no letter is of no interest here."""
        if thing.get("object_type") != "char":
            return False
        key = (thing["text"], round(thing["x0"]), round(thing["top"]))
        new = key not in self.seen
        self.seen.add(key)
        return new


def words_of(page: Any) -> list[Word]:
    """The upright words of a page; a number with thin spaces is one word."""
    found = page.filter(_Once()).extract_words(x_tolerance_ratio=_TIGHT, y_tolerance=2, keep_blank_chars=False,
                               use_text_flow=False, extra_attrs=["size", "fontname"])
    words = [Word(raw["text"].replace("\u00ad", "-"), raw["x0"], raw["x1"], raw["top"], raw["bottom"], raw["size"],
                  "bold" in str(raw["fontname"]).lower()) for raw in found if raw.get("upright", True)]
    return [word for word in words if word.text.strip()]


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Words gathered in lines, from the top; raised small marks beside a word are dropped."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.top + w.bottom) / 2, w.x0)):
        middle = (word.top + word.bottom) / 2
        row = rows[-1] if rows else []
        centre = median((w.top + w.bottom) / 2 for w in row) if row else 0.0
        if row and abs(middle - centre) <= _SAME_LINE * max(word.size, row[0].size):
            row.append(word)
        else:
            rows.append([word])
    return [Line(tuple(kept)) for row in rows if (kept := _joined(_unmarked(sorted(row, key=lambda w: w.x0))))]


def _unmarked(row: list[Word]) -> list[Word]:
    """The words of a line without footnote marks: smaller than the rest, raised, and tight to a word."""
    usual = max((word.size for word in row), default=0.0)
    kept: list[Word] = []
    for word in row:
        small = word.size < _RAISED * usual
        tight = bool(kept) and word.x0 - kept[-1].x1 < _TIGHT * usual
        if not (small and tight and len(word.text) <= 3):
            kept.append(word)
    return kept


_GROUPED = 0.35  # of the letter height: a space between thousands
_GROUP = re.compile(r"^\d{3}(?:,\d+)?%?$")
_GROUP_FRONT = re.compile(r"^[-−–]?\d{1,3}(?: \d{3})*$")
_LONE_MINUS = {"-", "−", "–"}


def _joined(row: list[Word]) -> list[Word]:
    """Groups of three digits and a minus close before a number are parts of one number."""
    kept: list[Word] = []
    for word in row:
        gap = word.x0 - kept[-1].x1 if kept else 0.0
        thin = bool(kept) and gap < 0.4 * word.size
        if thin and ((_GROUP.match(word.text) and _GROUP_FRONT.match(kept[-1].text) and gap < _GROUPED * word.size)
                     or (kept[-1].text in _LONE_MINUS and word.text[:1].isdecimal())):
            before = kept.pop()
            space = " " if _GROUP.match(word.text) and before.text not in _LONE_MINUS else ""
            kept.append(replace(word, text=before.text + space + word.text, x0=before.x0, top=before.top))
        else:
            kept.append(word)
    return kept


def without_margins(pages: Sequence[tuple[float, list[Line]]]) -> list[list[Line]]:
    """The lines of each page (height, lines) without those that stand at the edge of most pages but for a number."""
    seen: Counter[tuple[str, bool]] = Counter()
    for height, lines in pages:
        seen.update({key for line in lines if (key := _edge(line, height)) is not None})
    least = max(2, (len(pages) + 1) // 2)
    alone = len(pages) == 1
    return [[line for line in lines if not _repeated(line, height, seen, least, alone=alone)]
            for height, lines in pages]


def _edge(line: Line, height: float) -> tuple[str, bool] | None:
    upper = line.bottom < _EDGE * height
    if not upper and line.top < (1 - _EDGE) * height:
        return None
    return _DIGITS.sub("#", line.text), upper


_PAGE = re.compile(r"^(?:side|page)?\s*\d+(?:\s*(?:af|of|/)\s*\d+)?$", re.IGNORECASE)


def _repeated(line: Line, height: float, seen: Counter[tuple[str, bool]], least: int, *, alone: bool) -> bool:
    key = _edge(line, height)
    if key is None:
        return False
    return bool(_PAGE.match(line.text)) or (not alone and seen[key] >= least)
