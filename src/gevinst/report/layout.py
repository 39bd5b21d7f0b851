"""What the four renderers agree on: numbered captions, header rows, column widths, and what stands where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from gevinst.language import say
from gevinst.report.tree import Block, Cell, Column, Document, Figure, Heading, Row, Table

TEXT_WIDTH_MM = 170.0  # of an A4 page with 20 mm margins
DIGIT_WIDTH = 0.6  # of the type size, in IBM Plex Sans
# Letters' widths as shares of a digit's, by kind; what is not named is as wide as a digit.
_LETTERS = {**dict.fromkeys("fijlrtI.,:;'|!()[]/- ", 0.6), **dict.fromkeys("mwMWÆæ%@", 1.45),
            **dict.fromkeys("ABCDGHKNOPQRUVØÅ", 1.13), **dict.fromkeys("abcdeghknopqsuvxyzøå", 0.92)}
_COMFORTABLE_LABEL = 0.235  # of the table's width; a narrower one only where no readable type gives it room
_TIGHT_LABEL = 0.16  # the same, where there is no room for that
_COMFORTABLE_WORDS = 12.0  # of the type size: what another column of words asks for, as long as there is readable type
_WIDEST_LABEL = 0.5  # of the table's width
# Where a line may break: no date or span of years breaks at its hyphens, and no "95 %-interval" at its.
BREAKS = re.compile(r" |(?<!%)-(?!\d)")
_HEADER_LINES = 3  # that a header over a column with little in it may take
KEPT_TOGETHER, KEPT_WORDS = 14, 3  # a table of at most so many rows of numbers, or of words, does not cross a page
TYPE_SIZES = (9.0, 8.5, 8.0)  # points; 8 is the least that is read without effort
_LAST_RESORT = (7.5, 7.0, 6.5)  # for a table with more columns than a page has room for
PADDINGS = (9.0, 6.5, 5.0, 4.0)  # points that a cell keeps free, both sides together


@dataclass(frozen=True)
class HeaderCell:
    """A header cell: its words, how many columns and rows it spans, and the first column it stands over."""

    text: str
    column: int
    columns: int = 1
    rows: int = 1
    numeric: bool = True


@dataclass(frozen=True)
class Letters:
    """A typeface: a digit's width as a share of the type size, and how much wider words and bold are than reckoned."""

    digit: float = DIGIT_WIDTH
    words: float = 1.0
    bold: float = 1.05

    def ems(self, text: str, *, bold: bool = False) -> float:
        """How wide a text is, in shares of the type size."""
        wider = (self.words if any(letter.isalpha() for letter in text) else 1.0) * (self.bold if bold else 1.0)
        return sum(_LETTERS.get(letter, 1.0) for letter in text) * self.digit * wider


PLEX = Letters()


@dataclass(frozen=True)
class Widths:
    """Column widths in points, the type size at which the table fits them, and what a cell keeps free in all."""

    columns: tuple[float, ...]
    size: float
    padding: float


def caption(block: Table | Figure) -> str:
    """The caption with its number: `Tabel 3. Samlet oversigt`.

    The number is put before the words here, so a block holds the words only; a caption that already begins
    with its number is left as it is.
    """
    if not block.number:
        return block.caption
    label = name(block)
    return block.caption if re.match(rf"{label}\b", block.caption) else f"{label}. {block.caption}"


def name(block: Table | Figure) -> str:
    """What it is called: `Tabel 3`; its caption where it has no number."""
    kind = say(da="Tabel", en="Table") if isinstance(block, Table) else say(da="Figur", en="Figure")
    return f"{kind} {block.number}" if block.number else block.caption


def notes(block: Table | Figure) -> tuple[str, ...]:
    """The lines under a table or figure: its note, then its source, each with its label."""
    lines = []
    for label, text in ((say(da="Note", en="Note"), block.note), (say(da="Kilde", en="Source"), block.source)):
        if text:
            lines.append(text if text.startswith(f"{label}:") else f"{label}: {text}")
    return tuple(lines)


def data_table(figure: Figure) -> Table | None:
    """The numbers behind a figure, captioned with the figure they belong to."""
    if figure.data is None:
        return None
    name = say(da=f"figur {figure.number}", en=f"figure {figure.number}") if figure.number else figure.caption
    words = figure.data.caption or figure.caption
    full = say(da=f"Tal bag {name}: {words}", en=f"Numbers behind {name}: {words}")
    return replace(figure.data, number=0, caption=full)


def data_tables(document: Document) -> tuple[Table, ...]:
    """The tables behind the figures, in the figures' order."""
    return tuple(table for figure in document.figures() if (table := data_table(figure)) is not None)


def appendix_heading() -> Heading:
    """What stands above the figures' numbers where they are printed last."""
    return Heading(say(da="Tal bag figurerne", en="The numbers behind the figures"), 2, "figure-numbers")


def title_and_blocks(document: Document) -> tuple[str, tuple[Block, ...]]:
    """The memo's title, and the blocks without the level-1 heading that repeats it."""
    first = next((block for block in document.blocks if isinstance(block, Heading) and block.level == 1), None)
    rest = tuple(block for block in document.blocks if block is not first)
    return (first.text if first else document.title), rest


def headings(blocks: Iterable[Block]) -> tuple[tuple[Heading, str], ...]:
    """The headings with an anchor each that no other heading has."""
    taken: set[str] = set()
    found = []
    for block in blocks:
        if isinstance(block, Heading):
            stem = re.sub(r"[^a-z0-9æøå]+", "-", (block.key or block.text).lower()).strip("-") or "afsnit"
            anchor, again = stem, 2
            while anchor in taken:
                anchor, again = f"{stem}-{again}", again + 1
            taken.add(anchor)
            found.append((block, anchor))
    return tuple(found)


def header_rows(columns: Sequence[Column]) -> tuple[tuple[HeaderCell, ...], ...]:
    """One header row, or two where columns have groups; a column without a group then spans both.

    >>> [len(row) for row in header_rows((Column("Post"), Column("Budget", "2020"), Column("Resultat", "2020")))]
    [2, 2]
    """
    if not any(column.group for column in columns):
        return (tuple(HeaderCell(column.header, at, numeric=column.numeric and at > 0)
                      for at, column in enumerate(columns)),)
    top: list[HeaderCell] = []
    bottom: list[HeaderCell] = []
    for at, column in enumerate(columns):
        if not column.group:
            top.append(HeaderCell(column.header, at, rows=2, numeric=column.numeric and at > 0))
            continue
        bottom.append(HeaderCell(column.header, at, numeric=column.numeric))
        before = columns[at - 1].group if at else ""
        if column.group == before:
            top[-1] = replace(top[-1], columns=top[-1].columns + 1)
        else:
            top.append(HeaderCell(column.group, at))
    return tuple(top), tuple(bottom)


def section_text(row: Row) -> str:
    """What a section row says; it spans the table."""
    return section_cell(row).text


def section_cell(row: Row) -> Cell:
    """The cell of a section row that says something."""
    return next((cell for cell in row.cells if cell.text), Cell(""))


def right_aligned(table: Table, column: int) -> bool:
    """Whether a column's cells stand to the right; the row headers never do."""
    return column > 0 and table.columns[column].numeric


def group_begins(table: Table) -> tuple[bool, ...]:
    """Which columns begin a new group, where groups of several stand beside each other: there a line tells them apart.

    >>> group_begins(Table("t", "", tuple(Column("", group) for group in ("", "2020", "2020", "2021", "2021")), ()))
    (False, False, False, True, False)
    """
    groups = [column.group for column in table.columns]
    several = any(group and group == before for before, group in pairwise(groups))
    return tuple(several and at > 1 and group != groups[at - 1] for at, group in enumerate(groups))


def kept_together(table: Table) -> bool:
    """Whether the table is so short that it does not cross a page."""
    return len(table.rows) <= (KEPT_WORDS if wordy(table) else KEPT_TOGETHER)


def stays(table: Table) -> tuple[bool, ...]:
    """Which rows stay on the page of the row below them, so that no row stands alone over or under a page's end.

    Those are all rows but the last of a short table; of a long one each section, the two rows before a sum, the
    first row, and the last but one.

    >>> table = Table("t", "", (Column("Uge"), Column("Andel")), tuple(Row((Cell("1"),)) for _ in range(16)))
    >>> [at for at, stayed in enumerate(stays(table)) if stayed]
    [0, 14]
    """
    if kept_together(table):
        return tuple(at < len(table.rows) - 1 for at in range(len(table.rows)))
    kinds = [row.kind for row in table.rows]
    return tuple(
        at < len(kinds) - 1 and (kind == "section" or "total" in kinds[at + 1 : at + 3] or at in (0, len(kinds) - 2))
        for at, kind in enumerate(kinds))


def closing(table: Table) -> int:
    """How many rows at the end of a table that may cross a page stand on one page, but never all of them."""
    if kept_together(table):
        return 0
    kept = stays(table)[1:-1]
    return 1 + next((back for back, stayed in enumerate(reversed(kept)) if not stayed), len(kept))


def wordy(table: Table) -> bool:
    """Whether the table is mostly words, whose cells are read from their top."""
    return sum(not column.numeric for column in table.columns) > 1


def cells(table: Table, row: Row) -> tuple[Cell, ...]:
    """The row's cells, as many as the table has columns."""
    return (*row.cells[: len(table.columns)], *[Cell("")] * (len(table.columns) - len(row.cells)))


def fit(table: Table, total: float, *, letters: Letters = PLEX, slack: float = 0.0) -> Widths:
    """Column widths (points) that fill `total`, at the largest type size at which no number breaks.

    `letters` is the typeface, `slack` what a cell needs besides its padding. Cells
    move closer together, and then the row header gets narrower, before the type gets smaller than 8 points. The row
    header gets what it asks for, up to a half; the rest is shared evenly.
    """
    count = len(table.columns)
    size, padding, label = _largest(table, total, letters, slack)
    if count == 1:
        return Widths((total,), size, padding)
    free = padding + slack
    if not all(column.numeric for column in table.columns[1:]):
        return Widths(_share_by_need(table, total, size, letters, free), size, padding)
    least = [_least(table, at, size, letters) + free for at in range(count)]
    first = max(min(label, total - sum(least[1:])), least[0])
    even = (total - first) / (count - 1)
    if all(need <= even for need in least[1:]):
        return Widths((first, *[even] * (count - 1)), size, padding)
    spare = max(total - first - sum(least[1:]), 0.0) / (count - 1)
    widths = [first, *(need + spare for need in least[1:])]
    return Widths(tuple(width * total / sum(widths) for width in widths), size, padding)


def _largest(table: Table, total: float, letters: Letters, slack: float) -> tuple[float, float, float]:
    """The type size, the padding, and the width the row header asks for."""
    asked = max((letters.ems(cells(table, row)[0].text, bold=row.kind == "total") for row in table.rows
                 if row.kind != "section"), default=0.0)
    tries = [(size, padding, comfort) for comfort in (_COMFORTABLE_LABEL, _TIGHT_LABEL, 0.0)
             for size in TYPE_SIZES for padding in PADDINGS]
    tries += [(size, PADDINGS[-1], 0.0) for size in _LAST_RESORT]
    for size, padding, comfort in tries:
        free = padding + slack
        needs = [_least(table, at, size, letters) + free for at in range(len(table.columns))]
        if comfort == _COMFORTABLE_LABEL:
            needs[1:] = [max(need, min(_longest(table, at, letters), _COMFORTABLE_WORDS) * size + free)
                         if not table.columns[at].numeric else need for at, need in enumerate(needs) if at]
        least = max(needs[0], 3.5 * size + free)
        label = max(least, min(asked * size + free, total * _WIDEST_LABEL))
        if sum(needs[1:]) + max(least, min(label, total * comfort)) <= total:
            break
    return size, padding, label


def _longest(table: Table, at: int, letters: Letters) -> float:
    """The longest of a column's cells, in shares of the type size."""
    return max((letters.ems(cells(table, row)[at].text) for row in table.rows if row.kind != "section"), default=0.0)


def _least(table: Table, at: int, size: float, letters: Letters) -> float:
    """The narrowest a column may be: its longest number, or the longest word of its header and words."""
    column = table.columns[at]
    beside = sum(other.group == column.group for other in table.columns)
    needs = [letters.ems(word, bold=True) for word in re.split(BREAKS, column.header)]
    needs += [letters.ems(word, bold=True) / beside for word in column.group.split()]
    for row in table.rows:
        if row.kind == "section":
            continue
        text = cells(table, row)[at].text
        whole = at > 0 and column.numeric and any(letter.isdigit() for letter in text)
        needs += [letters.ems(part, bold=row.kind == "total") for part in ([text] if whole else re.split(BREAKS, text))]
    return max(needs, default=0.0) * size


def _share_by_need(table: Table, total: float, size: float, letters: Letters, padding: float) -> tuple[float, ...]:
    """Widths for a table with several columns of words: numbers get what they need, words share what they leave.

    A column of words gets room by how much stands in it, but never more than its longest cell takes on one line.
    """
    rows = [cells(table, row) for row in table.rows if row.kind != "section"]
    words = [at for at, column in enumerate(table.columns) if at == 0 or not column.numeric]
    widths = [_least(table, at, size, letters) + padding for at in range(len(table.columns))]
    for at, column in enumerate(table.columns):
        if at not in words:  # a short header stays on one line
            widths[at] = max(widths[at], min(letters.ems(column.header, bold=True), 6.0) * size + padding)
        elif at:  # a long one over words takes a few lines
            widths[at] = max(widths[at], 1.2 * letters.ems(column.header, bold=True) / _HEADER_LINES * size + padding)
    asked = {at: max(_longest(table, at, letters), 1.0) * size + padding for at in words}
    stands = {at: sum(letters.ems(row[at].text) for row in rows) + 1.0 for at in words}
    growing = [at for at in words if asked[at] > widths[at]]
    while growing and (spare := total - sum(widths)) > 0.5:
        for at in growing:
            share = spare * stands[at] / sum(stands[other] for other in growing)
            widths[at] = min(widths[at] + share, asked[at])
        growing = [at for at in growing if asked[at] - widths[at] > 0.5]
    return tuple(width * total / sum(widths) for width in widths)


def created(document: Document) -> datetime:
    """When the edition was made, with time zone (UTC where none is given); 1980-01-01 when it does not say.

    Files carry this time and no other, so that the same edition gives the same bytes.
    """
    if not document.created:
        return datetime(1980, 1, 1, tzinfo=UTC)
    moment = datetime.fromisoformat(document.created)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
