"""A memo as the rules see it: texts and tables with their places, whatever file they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gevinst.language import Language, say
from gevinst.money import PriceLevel
from gevinst.register.printed_tables import PrintedCell
from gevinst.register.units import Unit


@dataclass(frozen=True)
class Place:
    """Where something stands, as a reader would look it up. What a format does not know is empty."""

    file: str = ""
    page: int | None = None
    cell: str = ""  # of a workbook: "Notat!C7"
    table: str = ""  # its printed number, or its number in the file in brackets
    row: str = ""
    column: str = ""
    text: str = ""  # the first words of a paragraph

    def __str__(self) -> str:
        parts = [
            self.cell,
            "" if self.page is None else say(da=f"side {self.page}", en=f"page {self.page}"),
            self.table and say(da=f"tabel {self.table}", en=f"table {self.table}"),
            self.row and say(da=f"række »{self.row}«", en=f"row “{self.row}”"),
            self.column and say(da=f"kolonne »{self.column}«", en=f"column “{self.column}”"),
            self.text and say(da=f"»{self.text} …«", en=f"“{self.text} …”"),
        ]
        return ", ".join(part for part in parts if part) or self.file


@dataclass(frozen=True)
class Text:
    """A paragraph, a heading or a point of a list."""

    text: str
    where: str
    heading: int = 0  # its level
    note: bool = False  # a note or source line under a table
    at: int = 0  # its place among texts and tables


@dataclass(frozen=True)
class Caption:
    """A numbered caption: of a table or a figure."""

    kind: str  # "table" or "figure"
    number: str
    text: str
    where: str
    at: int = 0


@dataclass(frozen=True)
class Column:
    """A column of figures: the header texts over it, top to bottom, merged ones repeated."""

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """The header in one line: "2021 Budget"."""
        return " ".join(part for part in self.path if part)


@dataclass(frozen=True)
class Row:
    """A row of figures under its label. A row without figures is a heading within the table."""

    label: str
    cells: tuple[PrintedCell, ...]
    where: str

    @property
    def section(self) -> bool:
        """The row has a label and nothing else."""
        return not any(cell.text.strip() for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A table: `near` are the texts that may state its unit and price level, the nearest first."""

    number: str
    caption: str
    corner: tuple[str, ...]  # what stands over the labels
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    where: str
    caption_where: str = ""
    context: tuple[str, ...] = ()  # the lines between the table before and this one
    notes: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unit: Unit | None = None
    price_level: tuple[PriceLevel, str] | None = None
    at: int = 0

    @property
    def name(self) -> str:
        """What a reader calls the table."""
        return self.caption or self.where


@dataclass(frozen=True)
class Memo:
    """A whole file. `places` says where each `where` is; `blank` are of pages that hold something, and no text."""

    path: Path
    language: Language
    texts: tuple[Text, ...]
    tables: tuple[Table, ...]
    captions: tuple[Caption, ...]
    places: Mapping[str, Place] = field(default_factory=dict)
    title: str = ""
    blank: tuple[str, ...] = ()
