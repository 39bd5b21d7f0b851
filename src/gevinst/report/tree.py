"""A memo as a tree: headings, paragraphs, lists, tables and figures, free of format.

Four renderers (`as_html`, `as_pdf`, `as_word`, `as_excel`) print the same tree, so a figure cannot differ
between them. A number is kept as a number until it is printed: `Cell.text` is made once, here, with the
language's decimal sign, and every renderer that shows text shows that text; Excel writes `Cell.value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from gevinst.language import Language, number
from gevinst.trace import Step

Kind = Literal["text", "number", "count", "percent"]
RowKind = Literal["body", "total", "section"]


@dataclass(frozen=True)
class Link:
    """The letters `[start, end)` of a text that tell a figure of the edition, and the figure's id."""

    start: int
    end: int
    figure: str


@dataclass(frozen=True)
class Cell:
    """One cell: what it says, and the exact value behind it.

    `value` is in the unit of the table (mio. kr., weeks, a share for percentages). `figure` is the id of the figure
    that this cell prints, if any (`docs/figures-schema.md`); `links` are figures in a cell of words. `formula` is the
    cells it is computed from, as `"sum:above"` (all body rows above), or `"add:<row>,<row>"` (row indices in the
    table, 0-based), for Excel's live formulas.
    """

    text: str
    value: Decimal | float | int | None = None
    kind: Kind = "text"
    decimals: int = 0
    figure: str = ""
    formula: str = ""
    links: tuple[Link, ...] = ()


def text_cell(text: str, *, figure: str = "") -> Cell:
    """A cell of words; `figure` where they tell a figure, such as its interval."""
    return Cell(text, figure=figure)


def number_cell(
    value: Decimal | float | int | None, decimals: int, *, figure: str = "", formula: str = "", blank: str = ""
) -> Cell:
    """A cell with a number, printed in the language spoken now; `None` prints `blank`."""
    if value is None:
        return Cell(blank, None, "number", decimals, figure, formula)
    return Cell(number(value, decimals), value, "number", decimals, figure, formula)


@dataclass(frozen=True)
class Column:
    """A column: its header, the group header above it ("2020"), and whether it holds numbers."""

    header: str
    group: str = ""
    numeric: bool = True


@dataclass(frozen=True)
class Row:
    """A row; its first cell is the row header."""

    cells: tuple[Cell, ...]
    kind: RowKind = "body"


@dataclass(frozen=True)
class Table:
    """A table with caption ("Tabel 3. ..."), unit, and the note and source lines that stand under it.

    `links` are the figures in its note.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    source: str = ""
    number: int = 0
    unit: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A chart: its Vega-Lite specification, a text that says what it shows, and the table of its numbers.

    `links` are the figures in its note.
    """

    key: str
    caption: str
    alt: str
    spec: Mapping[str, Any]
    data: Table | None = None
    note: str = ""
    source: str = ""
    number: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the memo's title and occurs once."""

    text: str
    level: Literal[1, 2, 3] = 2
    key: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `role` picks its look: ordinary text, a lead, a warning, or small print."""

    text: str
    role: Literal["body", "lead", "warning", "small"] = "body"
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Bullets:
    """A list of points; `ordered` numbers them. `links` are the figures in each point, where any has one."""

    items: tuple[str, ...]
    ordered: bool = False
    links: tuple[tuple[Link, ...], ...] = ()


@dataclass(frozen=True)
class PageBreak:
    """The next block begins a page."""


def ladder_key(investment: str, year: int | str) -> str:
    """What a page points to: the ladder of one investment (or `portfolio`) in one year."""
    return f"ladder-{investment}-{year}"


@dataclass(frozen=True)
class Ladder:
    """How the figures of one year came about, step by step. `group` is what several ladders stand under."""

    key: str
    group: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Ladders:
    """Ladders that a reader may open one by one. Only a page can fold them, so paper and workbook leave them out.

    `ladders` are those of a year, `figures` those of single figures: their keys are the figures' ids, or the beginning
    of the ids of all that a ladder is of.
    """

    ladders: tuple[Ladder, ...]
    figures: tuple[Ladder, ...] = ()


Block = Heading | Paragraph | Bullets | Table | Figure | PageBreak | Ladders


@dataclass(frozen=True)
class Document:
    """A whole memo. `head` is the lines of the memo head: date, reference, journal number.

    `mark` stands in the header of every page, such as "Udkast"; empty: nothing does.
    """

    title: str
    language: Language
    author: str
    head: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    subject: str = ""
    created: str = ""  # ISO date-time, the same for every run of the same edition
    footer: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""

    def tables(self) -> tuple[Table, ...]:
        """The tables, in order, without those behind figures."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def figures(self) -> tuple[Figure, ...]:
        """The figures, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))
