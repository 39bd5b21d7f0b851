"""Tables whose rows lie between lines across the page, with no lines around their cells: most printed memos have such.

The lines say which words are one row, however many lines of text it has; the columns are where the figures stand under
one another. Browsers draw such lines in pieces, cell by cell, so pieces side by side are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gevinst.lint.figures import is_figure
from gevinst.lint.model import Place
from gevinst.lint.pdf_aligned import Part, parts_of, phrases_of, split_over
from gevinst.lint.pdf_ruled import FoundTable
from gevinst.lint.pdf_words import Line, Word, lines_of
from gevinst.lint.raw import RawCell, plain

_SAME = 3.0  # points: lines and edges closer than this are one
_SHORTEST = 60.0
_HIGHEST = 150.0  # points: rows are lower
_PROSE = 0.62  # of a table's width: a text without a gap that is wider, from its left edge on, is no cell
_HEAD_GAP = 1.9  # of the letter size: a header is closer to the first line across
_ROOM = 0.6  # of the letter size: lines of one cell are closer than this
_UNCOVERED = 12.0  # points of doubt for a column that no heading is over
_BETWEEN = re.compile(
    r"^(?:tabel|table|figur|figure)\s+\d+|^(?:noter?|kilder?|sources?|notes?|anm\.?)\s*:", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
Span = tuple[float, float]
Reach = tuple[int, int]  # from a column to before another


@dataclass(frozen=True)
class _Rule:
    """A line across: its height on the page, and its ends."""

    y: float
    x0: float
    x1: float


@dataclass(frozen=True)
class _Frame:
    """The lines across of one table, from the top, the shorter ones within its header, and the lines down."""

    rules: tuple[_Rule, ...]
    shorter: tuple[float, ...]
    down: tuple[float, ...]


def banded_tables(page: Any, words: Sequence[Word]) -> tuple[list[FoundTable], list[Word]]:
    """The page's tables with lines between their rows, and the words outside them. `page` holds drawn things only."""
    left, found = list(words), []
    for frame in _frames(page.edges, lines_of(words)):
        first, last = frame.rules[0], frame.rules[-1]
        inside = [word for word in left if _within(word, first.y, last.y) and _beside(word, first)]
        above = _lines_above([word for word in left if _beside(word, first) and word.bottom <= first.y + 1], first)
        table = _table(frame, inside, above, page.page_number)
        if table is not None:
            found.append(table)
            taken = {id(word) for word in inside}
            left = [word for word in left if not (_beside(word, first) and table.top - 1 <= word.top < first.y)]
            left = [word for word in left if id(word) not in taken]
    return found, left


def _within(word: Word, top: float, bottom: float) -> bool:
    return top - 1 <= (word.top + word.bottom) / 2 <= bottom + 1


def _beside(word: Word, rule: _Rule) -> bool:
    return rule.x0 - _SAME <= (word.x0 + word.x1) / 2 <= rule.x1 + _SAME


def _rules(edges: Iterable[Any]) -> list[_Rule]:
    """The lines across the page, pieces side by side put together."""
    across = sorted((edge["top"], edge["x0"], edge["x1"]) for edge in edges if edge["orientation"] == "h")
    heights: list[list[tuple[float, float, float]]] = []
    for each in across:
        if heights and each[0] - heights[-1][0][0] <= _SAME:
            heights[-1].append(each)
        else:
            heights.append([each])
    found = []
    for pieces in heights:
        for x0, x1 in _merged([(a, b) for _, a, b in pieces], _SAME):
            found += [_Rule(pieces[0][0], x0, x1)] if x1 - x0 >= _SHORTEST else []
    return found


def _merged(spans: Iterable[Span], gap: float = 0.0) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and span[0] <= found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], span[1]))
        else:
            found.append(span)
    return found


def _frames(edges: Sequence[Any], lines: Sequence[Line]) -> list[_Frame]:
    """Lines across with the same ends, with rows of a table between each two of them."""
    rules, frames = _rules(edges), []
    left = list(rules)
    while left:
        first = left[0]
        alike = [rule for rule in left if abs(rule.x0 - first.x0) <= _SAME and abs(rule.x1 - first.x1) <= _SAME]
        left = [rule for rule in left if rule not in alike]
        run = [first]
        for rule in alike[1:]:
            if _apart(run[-1], rule, lines):
                frames.append(run)
                run = []
            run.append(rule)
        frames.append(run)
    return [_framed(run, rules, edges) for run in sorted(frames, key=lambda run: run[0].y) if len(run) > 2]


def _framed(run: Sequence[_Rule], rules: Sequence[_Rule], edges: Iterable[Any]) -> _Frame:
    top, bottom, x0, x1 = run[0].y, run[-1].y, run[0].x0, run[0].x1
    shorter = tuple(rule.y for rule in rules if rule not in run and top < rule.y < run[1].y
                    and x0 - _SAME <= rule.x0 and rule.x1 <= x1 + _SAME)
    down = [(edge["x0"], edge["x0"]) for edge in edges if edge["orientation"] == "v" and edge["height"] > 2 * _SAME
            and top - _SAME <= edge["top"] and edge["bottom"] <= bottom + _SAME and x0 <= edge["x0"] <= x1]
    return _Frame(tuple(run), shorter, tuple(a for a, _ in _merged(down, _SAME)))


def _apart(above: _Rule, below: _Rule, lines: Sequence[Line]) -> bool:
    """What stands between two lines is no row: nothing, prose, a caption or a note."""
    between = [line for line in lines if above.y - 1 <= (line.top + line.bottom) / 2 <= below.y + 1]
    width = above.x1 - above.x0
    prose = any(part.x1 - part.x0 > _PROSE * width and part.x0 < above.x0 + 4 * _SAME
                for line in between for part in parts_of(line))
    return not between or below.y - above.y > _HIGHEST or prose or any(_BETWEEN.match(line.text) for line in between)


def _lines_above(words: Sequence[Word], first: _Rule) -> list[Line]:
    """The lines close above the first line across, the lowest first: a header may have no line over it."""
    found: list[Line] = []
    below = first.y
    for line in reversed(lines_of(words)):
        if below - line.bottom > _HEAD_GAP * line.size or _BETWEEN.match(line.text):
            break
        found.append(line)
        below = line.top
    return found


def _header_above(lines: Sequence[Line], columns: Sequence[Span], labels: Span) -> list[Line]:
    """Those of the lines above whose texts stand over columns, from the top; prose crosses from the labels to them."""
    found: list[Line] = []
    for line in lines:
        parts = parts_of(line)
        crossing = any(part.x0 <= labels[1] and part.x1 > columns[0][0] for part in parts)
        if crossing or not any(part.x0 > labels[1] for part in parts):
            break
        found.insert(0, line)
    return found


def _table(frame: _Frame, words: Sequence[Word], above: Sequence[Line], page: int) -> FoundTable | None:
    """The table in a frame, or `None` where it holds no figures under one another. `above` may be header too."""
    inside = [[word for word in words if _within(word, above.y + 1, below.y - 1)]
              for above, below in pairwise(frame.rules)]
    bands = [lines_of(each) for each in inside]
    spans = _columns(bands[_head(bands, 0.0):], frame.rules[0].x0)
    head = _head(bands, spans[0][1]) if spans else 0
    rows_in = [sum(_figures(line) for line in band) for band in bands[head:]]
    if len(spans) < 2 or max(rows_in) != 1:  # no figures; or several rows between two lines
        return None
    top = [level for each, (above, below) in zip(inside[:head], pairwise(frame.rules), strict=False)
           for level in _header_levels(each, (above.y, below.y), frame.shorter, spans[0][1])]
    higher = _header_above(above, spans[1:], spans[0])
    early = [line for line in higher if _figures(line)]  # a first row above the first line across
    top = [*([line] for line in higher if line not in early), *top]
    columns = _with_blank(spans[1:], top[-1] if top else [], spans[0][1])
    rows = [_spanning(line, columns, frame.down, page) for line in top[:-1]]
    rows += [_row(top[-1], columns, page, header=True)] if top else []
    rows += [_row(band, columns, page, header=False) for band in [*([line] for line in early), *bands[head:]] if band]
    begin = higher[0].top if higher else frame.rules[0].y
    return FoundTable(tuple(rows), begin, frame.rules[-1].y, tuple(x1 for _, x1 in columns))


def _figures(line: Line) -> bool:
    """The line holds a figure that is no year, beyond its first part."""
    return any(part.figure and not _YEAR.match(part.text) for part in parts_of(line)[1:])


def _head(bands: Sequence[Sequence[Line]], first: float) -> int:
    """How many bands are header: the first unless it ends in figures, and those after it that part its texts further.

    What stands left of `first` are labels.
    """
    if any(_amounts(line) > 1 for line in bands[0]):  # beside words in other columns
        return 0
    if bands[0] and _figures(bands[0][-1]) and all(part.figure for part in parts_of(bands[0][-1])[1:]):
        return 0
    head, before = 1, _over(bands[0], first)
    while first and head < len(bands) - 1:
        parts = _over(bands[head], first)
        if parts <= before or any(_figures(line) for line in bands[head]):
            break
        head, before = head + 1, parts
    return head


def _amounts(line: Line) -> int:
    """How many figures of the line are neither years nor per cent, of which headers speak."""
    return sum(is_figure(part.text) and not _YEAR.match(part.text) and not part.text.endswith("%")
               for part in parts_of(line)[1:])


def _over(band: Sequence[Line], first: float) -> int:
    return sum(part.x0 > first for line in band for part in parts_of(line))


def _header_levels(
    words: Sequence[Word], between: Span, shorter: Sequence[float], first: float
) -> list[list[Line]]:
    """The lines of the header in levels: parted by shorter lines across, or by room. `first` is where labels end.

    The lines of one cell are close; what stands over the labels may be at any height.
    """
    lines = lines_of([word for word in words if word.x1 > first])
    cuts = [(above.bottom + below.top) / 2 for above, below in pairwise(lines)
            if below.top - above.bottom > _ROOM * below.size]
    heights = [between[0], *sorted([*cuts, *(y for y in shorter if between[0] < y < between[1])]), between[1]]
    levels = [[line for line in lines if above <= (line.top + line.bottom) / 2 < below]
              for above, below in pairwise(heights)]
    corner = lines_of([word for word in words if word.x1 <= first])
    kept = [level for level in levels if level]
    return [*kept[:-1], [*corner, *kept[-1]]] if kept else []


def _columns(bands: Sequence[Sequence[Line]], left: float) -> list[Span]:
    """Where the texts of rows with figures stand; the first are the labels. `left` is where the table begins."""
    rows = [band for band in bands if any(_figures(line) for line in band)]
    spans = _merged((part.x0, part.x1) for band in rows for line in band for part in parts_of(line))
    labels = [span for span in spans if span[0] <= left + 4 * _SAME]
    return spans if labels else [(left, left), *spans]


def _with_blank(columns: Sequence[Span], header: Sequence[Line], labels: float) -> list[Span]:
    """The columns, and those that the header alone has: nothing is printed in them yet. Labels end at `labels`."""
    over = [piece for line in header for part in phrases_of(line) for piece in split_over(part, columns)]
    clusters = _merged((part.x0, part.x1) for part in over if part.x0 > labels)
    blank = [span for span in clusters if not any(span[0] <= b and span[1] >= a for a, b in columns)]
    return sorted([*columns, *blank])


def _row(lines: Sequence[Line], columns: Sequence[Span], page: int, *, header: bool) -> tuple[RawCell, ...]:
    """A row of the table, its lines of text put together in each column."""
    texts = [""] * (len(columns) + 1)
    for line in lines:
        for part in (phrases_of(line) if header else parts_of(line)):
            for piece in split_over(part, columns) if header else [part]:
                at = _at(piece, columns)
                divided = texts[at].endswith("-") and piece.text[:1].islower() and texts[at][-2:-1].isalpha()
                texts[at] = texts[at][:-1] + piece.text if divided else f"{texts[at]} {piece.text}".strip()
    return tuple(RawCell(plain(text), Place(page=page), header=header) for text in texts)


def _at(part: Part, columns: Sequence[Span]) -> int:
    """The cell that a text stands in: nought for the label, else one more than its column."""
    overlaps = [min(part.x1, b) - max(part.x0, a) for a, b in columns]
    best = max(range(len(columns)), key=lambda at: overlaps[at])
    return best + 1 if overlaps[best] >= 0 else 0


def _spanning(lines: Sequence[Line], columns: Sequence[Span], down: Sequence[float], page: int) -> tuple[RawCell, ...]:
    """A level of the header whose texts stand over several columns: by the lines down, or else by their middles."""
    parts = [part for line in lines for part in phrases_of(line)]
    over = sorted((part for part in parts if part.x1 >= columns[0][0]), key=lambda part: part.x0)
    label = " ".join(part.text for part in parts if part.x1 < columns[0][0])
    texts, first = [""] * len(columns), set()
    for part, (begin, end) in zip(over, _between(over, columns, down) or _by_middle(over, columns), strict=True):
        first.add(begin)
        for at in range(begin, end):
            texts[at] = f"{texts[at]} {part.text}".strip()
    cells = [RawCell(plain(label), Place(page=page), header=True)]
    return (*cells, *(RawCell(plain(text), Place(page=page), covered=bool(text) and at not in first, header=True)
                      for at, text in enumerate(texts)))


def _between(parts: Sequence[Part], columns: Sequence[Span], down: Sequence[float]) -> list[Reach] | None:
    """The columns between the two lines down that each text stands between; `None` where there are no such lines."""
    inner = [x for x in down if columns[0][1] < x < columns[-1][0]]
    if not inner:
        return None
    groups = [sum(x < part.centre for x in inner) for part in parts]
    of_column = [sum(x < (a + b) / 2 for x in inner) for a, b in columns]
    if len(set(groups)) < len(groups) or not set(groups) <= set(of_column):
        return None
    return [(of_column.index(group), len(of_column) - of_column[::-1].index(group)) for group in groups]


def _by_middle(parts: Sequence[Part], columns: Sequence[Span]) -> list[Reach]:
    """Columns side by side under each text, so that it stands at their middle, or ends or begins where they do.

    Of all ways to share the columns the one with the least distance in points is taken; a column may be left out.
    """
    best: dict[int, tuple[float, list[Reach]]] = {0: (0.0, [])}  # by how many columns are shared out
    for part in parts:
        after: dict[int, tuple[float, list[Reach]]] = {}
        for shared, (cost, taken) in best.items():
            for begin in range(shared, len(columns)):
                for end in range(begin + 1, len(columns) + 1):
                    total = cost + _UNCOVERED * (begin - shared) + _off(part, columns[begin], columns[end - 1])
                    if end not in after or total < after[end][0]:
                        after[end] = total, [*taken, (begin, end)]
        best = after
    ways = [(cost + _UNCOVERED * (len(columns) - shared), taken) for shared, (cost, taken) in best.items()]
    return min(ways, key=lambda way: way[0])[1] if ways else [(0, 1)] * len(parts)


def _off(part: Part, first: Span, last: Span) -> float:
    """How far a text is from the middle, the right or the left of the columns it may stand over."""
    middle = (first[0] + last[1]) / 2
    return min(abs(part.centre - middle), abs(part.x1 - last[1]), abs(part.x0 - first[0]))
