"""Tables without lines around their cells: figures that stand under one another, on a PDF page.

A line of figures has a label and figures apart from it. Lines whose figures stand in the same columns, and the
lines of words between them that go on with a label, are a table; the lines over its columns are its header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gevinst.lint.figures import is_dash, is_figure
from gevinst.lint.model import Place
from gevinst.lint.pdf_ruled import FoundTable
from gevinst.lint.pdf_words import Line, Word
from gevinst.lint.raw import RawCell, plain

_APART = 1.0  # of the letter size: words farther apart are in different cells
_PHRASE = 0.45  # words of one heading are closer than this
_FIGURES_APART = 0.3  # the same for two figures
_LONE = 2.0  # a single figure must be this far from its label
_ROW_GAP = 3.2  # of the letter size: lines of one table are closer than this
_HEAD_GAP = 1.9
_MOST_HEAD = 12
_TOP_LINES = 3  # a lone row here may be the rest of a table from the page before
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_SNAP = 2.5  # points


@dataclass(frozen=True)
class Part:
    """Words of a line that stand together."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words."""
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        """The left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """The right edge."""
        return self.words[-1].x1

    @property
    def figure(self) -> bool:
        """It is a figure or a dash."""
        return is_figure(self.text) or is_dash(self.text)

    @property
    def centre(self) -> float:
        """The middle."""
        return (self.x0 + self.x1) / 2


def parts_of(line: Line) -> list[Part]:
    """The line in parts, at wide gaps and between figures."""
    return _parted(line.words, _APART)


def _parted(words: Sequence[Word], apart: float) -> list[Part]:
    groups: list[list[Word]] = []
    for word in words:
        before = groups[-1][-1] if groups else None
        gap = word.x0 - before.x1 if before else 0.0
        figures = before is not None and all(is_figure(w.text) or is_dash(w.text) for w in (before, word))
        if before is not None and gap < (_FIGURES_APART if figures else apart) * word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Part(tuple(group)) for group in groups]


def phrases_of(line: Line) -> list[Part]:
    """The line in parts, at every gap wider than between words."""
    return _parted(line.words, _PHRASE)


def split_over(part: Part, columns: Sequence[tuple[float, float]]) -> list[Part]:
    """Two headings that stand close, apart again: where each word is over one column, and not all over the same."""
    own = [[at for at, (a, b) in enumerate(columns) if word.x0 <= b and word.x1 >= a] for word in part.words]
    if any(len(each) != 1 for each in own) or len({each[0] for each in own}) < 2:
        return [part]
    groups: list[list[Word]] = [[part.words[0]]]
    for before, at, word in zip(own, own[1:], part.words[1:], strict=False):
        if before == at:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Part(tuple(group)) for group in groups]


def _figure_line(line: Line) -> list[Part]:
    """The figures of a line that belongs to a table, or nothing."""
    parts = parts_of(line)
    figures = [part for part in parts if part.figure]
    real = [part for part in figures if is_figure(part.text)]
    if "...." in line.text or not figures or (not real and len(figures) < 2):
        return []
    words = [part for part in parts if not part.figure and not is_figure(part.text)]
    if len(words) > 2 * len(figures) + 1:
        return []
    if len(figures) == 1:
        at = parts.index(figures[0])
        if at != len(parts) - 1 or (at and figures[0].x0 - parts[at - 1].x1 < _LONE * line.size) or at == 0:
            return []
    return figures


@dataclass
class _Group:
    """Lines of one table in the making: its lines of figures, and lines of words between them."""

    first: int
    last: int
    years_only: bool = False
    columns: list[tuple[float, float]] = field(default_factory=list)

    def takes(self, figures: Sequence[Part]) -> bool:
        """Half of the figures at least stand under or over a column, or end where one ends."""
        fits = sum(any(_over(part, column) for column in self.columns) for part in figures)
        return 2 * fits >= len(figures)

    def add(self, figures: Sequence[Part]) -> None:
        """Widen the columns by these figures."""
        spans = sorted([*self.columns, *((part.x0, part.x1) for part in figures)])
        merged: list[tuple[float, float]] = []
        for span in spans:
            if merged and span[0] <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], span[1]))
            else:
                merged.append(span)
        self.columns = merged


def _over(part: Part, column: tuple[float, float]) -> bool:
    return part.x0 <= column[1] + _SNAP and part.x1 >= column[0] - _SNAP


def aligned_tables(lines: Sequence[Line], page: int) -> tuple[list[FoundTable], list[Line]]:
    """The tables among the lines of a page, and the lines that are in none."""
    used: set[int] = set()
    found = []
    for group in _groups(lines):
        head = _head(lines, group, used)
        table = _table(lines, group, head, page)
        if table is not None:
            found.append(table)
            used |= {at for at in range(head, group.last + 1) if lines[at].top >= table.top}
    return found, [line for at, line in enumerate(lines) if at not in used]


def _groups(lines: Sequence[Line]) -> list[_Group]:
    groups: list[_Group] = []
    for at, line in enumerate(lines):
        figures = _figure_line(line)
        if not figures:
            continue
        group = groups[-1] if groups else None
        anew = _years(figures) and group is not None and not group.years_only
        if group is not None and not anew and group.takes(figures) and _together(lines, group, at):
            group.last = at
            group.add(figures)
        else:
            groups.append(_Group(at, at, years_only=True))
            groups[-1].add(figures)
        groups[-1].years_only = groups[-1].years_only and _years(figures)
    groups = [group for group, after in zip(groups, [*groups[1:], None], strict=True)
              if not (group.years_only and after is not None and _heads(lines, group, after))] if groups else []
    ends = [*(group.first for group in groups[1:]), len(lines)]
    for group, end in zip(groups, ends if groups else [], strict=True):
        _take_tail(lines, group, end)
    return groups


def _years(figures: Sequence[Part]) -> bool:
    """The figures are years, as in a header."""
    return len(figures) > 1 and all(_YEAR.match(part.text) for part in figures)


def _heads(lines: Sequence[Line], years: _Group, group: _Group) -> bool:
    """The line of years stands over the group, with nothing but its header between."""
    between = range(years.first, group.first)
    near = all(lines[k + 1].top - lines[k].bottom < _HEAD_GAP * lines[k].size for k in between)
    return near and len(between) < _MOST_HEAD and group.columns[0][0] > lines[years.first].words[0].x0


def _together(lines: Sequence[Line], group: _Group, at: int) -> bool:
    """The lines between are labels only, and none is far from the next."""
    between = range(group.last, at)
    near = all(lines[k + 1].top - lines[k].bottom < _ROW_GAP * lines[k].size for k in between)
    return near and all(_goes_on(lines[k], group) for k in range(group.last + 1, at))


def _goes_on(line: Line, group: _Group) -> bool:
    """Words of a label, or of a last column of words: left or right of all figures."""
    left, right = group.columns[0][0] + _SNAP, group.columns[-1][1] - _SNAP
    return all(part.x1 < left or part.x0 > right for part in parts_of(line))


def _take_tail(lines: Sequence[Line], group: _Group, end: int) -> None:
    """A label may go on below its figures: tight lines in small letters under the last row."""
    while group.last + 1 < end:
        line, last = lines[group.last + 1], lines[group.last]
        tight = line.top - last.bottom < 0.5 * line.size
        if not (tight and _goes_on(line, group) and line.text[:1].islower() and abs(line.size - last.size) < 0.3):
            return
        group.last += 1


def _head(lines: Sequence[Line], group: _Group, used: set[int]) -> int:
    """The first line of the header: lines close above whose words stand over the columns, not prose."""
    at = group.first
    while at > 0 and group.first - at < _MOST_HEAD and at - 1 not in used:
        above, below = lines[at - 1], lines[at]
        apart = below.top - above.bottom > _HEAD_GAP * above.size
        if apart or not _over_columns(above, group, lines[group.first].words[0].x0):
            break
        at -= 1
    return at


def _over_columns(line: Line, group: _Group, margin: float) -> bool:
    """The line is of the header: not prose, which begins at the margin and goes on over the columns."""
    left = group.columns[0][0]
    parts = parts_of(line)
    over = [part for part in parts if part.x1 > left - _SNAP]
    if not over:  # a line of the corner cell
        return len(line.text) < 40 and not line.text.rstrip().endswith(".") and bool(parts)
    crossing = any(part.x0 < margin + 2 * line.size and part.x1 > left + line.size for part in parts)
    return not crossing and (len(over) > 1 or len(over[0].text) < 60)


def _table(lines: Sequence[Line], group: _Group, head: int, page: int) -> FoundTable | None:
    body = [at for at in range(group.first, group.last + 1) if _figure_line(lines[at])]
    columns = _columns(lines, body, group)
    labelled = sum(bool(_left_of(parts_of(lines[at]), columns)) for at in body)
    if 2 * labelled < len(body) and len(columns) > 2 and (len(body) > 1 or body[0] <= _TOP_LINES):
        columns = columns[1:]  # years or weeks name the rows
        labelled = len(body)
    if 2 * labelled < len(body) or (len(body) == 1 and head == group.first and len(columns) < 2):
        return None
    if head < group.first:
        columns = _with_blank(columns, lines[group.first - 1])
    start = _corner_trimmed(lines, head, group, columns)
    rows = [_header_row(parts_of(lines[at]), columns, page) for at in range(start, group.first)]
    owner = _owners(lines, body, range(group.first, group.last + 1))
    for at in body:
        labels = [k for k in range(group.first, group.last + 1) if owner[k] == at]
        rows.append(_body_row([(lines[k], k == at) for k in labels], columns, page))
    return FoundTable(tuple(rows), lines[start].top, lines[group.last].bottom, tuple(x1 for _, x1 in columns))


def _corner_trimmed(
    lines: Sequence[Line], head: int, group: _Group, columns: Sequence[tuple[float, float]]
) -> int:
    """Lines of words above the first line that has something over a column are no header."""
    at = head
    while at < group.first and not any(part.x1 > columns[0][0] - _SNAP for part in parts_of(lines[at])):
        at += 1
    return at


def _columns(lines: Sequence[Line], body: Sequence[int], group: _Group) -> list[tuple[float, float]]:
    """The columns of figures, and those of words that stand to the right of or between them."""
    spans = list(group.columns)
    for at in body:
        for part in parts_of(lines[at]):
            if not part.figure and part.x0 > group.columns[0][0] and not any(_over(part, span) for span in spans):
                spans.append((part.x0, part.x1))
    merged: list[tuple[float, float]] = []
    for span in sorted(spans):
        if merged and span[0] <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span[1]))
        else:
            merged.append(span)
    return merged


def _with_blank(columns: Sequence[tuple[float, float]], bottom: Line) -> list[tuple[float, float]]:
    """The columns, and those that only the last line of the header has: nothing is printed in them yet."""
    over = [part for part in _parted(bottom.words, _PHRASE) if part.x1 > columns[0][0]]
    blank = [(part.x0, part.x1) for part in over if not any(part.x0 <= b and part.x1 >= a for a, b in columns)]
    return sorted([*columns, *blank]) if len(over) > len(columns) else list(columns)


def _left_of(parts: Sequence[Part], columns: Sequence[tuple[float, float]]) -> list[Part]:
    return [part for part in parts if not any(_over(part, column) for column in columns) and part.x0 < columns[0][0]]


def _owners(lines: Sequence[Line], body: Sequence[int], every: range) -> dict[int, int]:
    """The line of figures that each line of a label goes with: the nearer one, else the one its first letter tells."""
    owner = {at: at for at in body}
    for at in range(body[-1] + 1, every.stop):
        owner[at] = body[-1]
    for above, below in pairwise(body):
        for at in range(above + 1, below):
            goes_on = owner.get(at - 1) == below  # a label goes on without a break
            owner[at] = below if goes_on else _nearer(lines, above, at, below)
    return owner


def _nearer(lines: Sequence[Line], above: int, at: int, below: int) -> int:
    up, down = lines[at].top - lines[at - 1].bottom, lines[at + 1].top - lines[at].bottom
    if abs(up - down) > 0.1 * lines[at].size:
        return above if up < down else below
    return above if lines[at].text[:1].islower() else below


def _body_row(
    lines: Sequence[tuple[Line, bool]], columns: Sequence[tuple[float, float]], page: int
) -> tuple[RawCell, ...]:
    label, texts = "", [""] * len(columns)
    for line, figures in lines:
        for part in parts_of(line):
            at = next((k for k, column in enumerate(columns) if _over(part, column)), None)
            if at is not None and (figures or at == len(columns) - 1):
                texts[at] = f"{texts[at]} {part.text}".strip()
            else:
                divided = label.endswith("-") and part.text[:1].islower() and label[-3:-1].isalpha()
                label = label[:-1] + part.text if divided else f"{label} {part.text}".strip()
    return tuple(RawCell(plain(text), Place(page=page)) for text in (label, *texts))


def _header_row(parts: Sequence[Part], columns: Sequence[tuple[float, float]], page: int) -> tuple[RawCell, ...]:
    """A line of the header: each part over the columns it spans."""
    label = " ".join(part.text for part in parts if part.x1 < columns[0][0] - _SNAP)
    over = [piece for part in parts if part.x1 >= columns[0][0] - _SNAP for piece in split_over(part, columns)]
    texts = [""] * len(columns)
    first: set[int] = set()
    for part, (begin, end) in zip(over, reach(over, columns), strict=True):
        for at in range(begin, end):
            texts[at] = f"{texts[at]} {part.text}".strip()
        first.add(begin)
    cells = [RawCell(plain(label), Place(page=page), header=True)]
    cells += [RawCell(plain(text), Place(page=page), covered=bool(text) and at not in first, header=True)
              for at, text in enumerate(texts)]
    return tuple(cells)


def reach(parts: Sequence[Part], columns: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """The columns each part stands over, by its edges where it is wide, else by how the line is set."""
    own = [_nearest(part, columns) for part in parts]
    wide = [[at for at, (a, b) in enumerate(columns) if part.x0 <= b and part.x1 >= a] for part in parts]
    if len(parts) >= len(columns) or not parts:
        return [(at, at + 1) for at in own]
    rights = all(abs(part.x1 - columns[at][1]) <= _SNAP for part, at in zip(parts, own, strict=True))
    if rights and own[-1] == len(columns) - 1 and _even(own, len(columns)):
        starts = [0, *(at + 1 for at in own[:-1])]
        return [(start, at + 1) for start, at in zip(starts, own, strict=True)]
    if _centred(parts, columns):
        bounds = [(one.centre + two.centre) / 2 for one, two in pairwise(parts)]
        edges = [0, *(sum((a + b) / 2 < bound for a, b in columns) for bound in bounds), len(columns)]
        return [(begin, max(end, begin + 1)) for begin, end in pairwise(edges)]
    return [(min([at, *span]), max([at, *span]) + 1) for at, span in zip(own, wide, strict=True)]


def _nearest(part: Part, columns: Sequence[tuple[float, float]]) -> int:
    overlaps = [min(part.x1, b) - max(part.x0, a) for a, b in columns]
    return max(range(len(columns)), key=lambda at: overlaps[at])


def _even(own: Sequence[int], width: int) -> bool:
    """The parts stand over every second, third ... column."""
    steps = {two - one for one, two in pairwise([-1, *own])}
    return len(steps) == 1 and steps != {1} and own[-1] == width - 1


def _centred(parts: Sequence[Part], columns: Sequence[tuple[float, float]]) -> bool:
    """Equal shares of the columns lie under each part, which stands at their middle."""
    if len(columns) % len(parts) or len(parts) == 1:
        return False
    share = len(columns) // len(parts)
    middles = [(columns[k * share][0] + columns[(k + 1) * share - 1][1]) / 2 for k in range(len(parts))]
    width = (columns[-1][1] - columns[0][0]) / len(columns)
    return all(abs(part.centre - middle) < width * 0.6 for part, middle in zip(parts, middles, strict=True))
