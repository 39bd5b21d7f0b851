"""Tables as municipal documents print them, free of the file they came from.

The rules in `footing` read nothing else, so a workbook, a YAML file and (later) a Word or PDF memo are judged
alike. `find_tables` makes printed tables from sheets; `stated` makes them from a portfolio's own file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gevinst.language import MINUS
from gevinst.money import CURRENT, PriceLevel
from gevinst.register.business_case import Basis
from gevinst.register.units import Unit


class Role(StrEnum):
    """What a row is in its table."""

    INVESTMENT = "investment"
    SAVING = "saving"
    NET = "net"  # the sum of the investments and savings above it
    TOTAL = "total"  # the sum of the other rows above it
    DETAIL = "detail"  # "heraf ...": a part of a row above it, in no sum
    OTHER = "other"  # a line of an overview, such as one investment's net


_LONGEST_HEADING = 150
# A numbered line, or one that is neither a sentence nor a source line.
_HEADING = re.compile(r"^\s*\d{1,2}\s*\.\s|^(?!\s*(?:kilde|note|source)\b).*[^.]$", re.IGNORECASE)


@dataclass(frozen=True)
class PrintedCell:
    """A cell: the text as printed, the figure in the table's unit (`None` = none printed), and its place.

    `decimals` is how many decimals were printed; half of the last one is what rounding can explain. A `computed`
    cell stands in for one that is not printed: others are held against it, but it is not judged.
    """

    text: str
    value: Decimal | None
    decimals: int
    where: str
    readable: bool = True
    computed: bool = False

    @property
    def blank(self) -> bool:
        """Nothing at all is printed. A dash is printed, and means nought."""
        return self.readable and self.value is None and not self.text.strip()

    @property
    def nought(self) -> Decimal:
        """The figure, with a blank or a dash as zero."""
        return Decimal(0) if self.value is None else self.value


@dataclass(frozen=True)
class PrintedColumn:
    """A column of figures: its year (`None` = over all years), and budget, result or expectation if stated."""

    year: int | None
    basis: Basis | None = None


@dataclass(frozen=True)
class PrintedRow:
    """A row: its label as printed, its role, and a cell for each column of the table."""

    label: str
    role: Role
    cells: tuple[PrintedCell, ...]
    where: str


@dataclass(frozen=True)
class PrintedTable:
    """A table of figures by year.

    `number` and `caption` are as printed ("5", "Tabel 5 - Opfølgning ..."); `where` is the cell that holds the
    header; `context` are the lines of text above the table, back to the table before. `summary` marks a table
    over all investments. A table without rows is a bare caption.
    """

    number: str
    caption: str
    where: str
    unit: Unit | None
    price_level: PriceLevel | None
    price_level_label: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]
    context: tuple[str, ...] = ()
    summary: bool = False
    years_where: str = ""
    caption_where: str = ""

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the columns, ascending, each once."""
        return tuple(sorted({column.year for column in self.columns if column.year is not None}))

    @property
    def name(self) -> str:
        """What a reader calls the table: its caption as printed, else the heading above it, else its place."""
        headings = (line for line in self.context if len(line) <= _LONGEST_HEADING and _HEADING.match(line))
        return self.caption or next(headings, self.where)

    def of_role(self, role: Role) -> tuple[PrintedRow, ...]:
        """The rows with this role."""
        return tuple(row for row in self.rows if row.role is role)


@dataclass(frozen=True)
class PrintedSum:
    """A net sum over the period that a sentence states: "en nettogevinst på ca. 6,1 mio. kr. i budgetperioden".

    `value` follows the sign rule (a gain is negative); `table` is the place in the document's tables of the
    table it speaks of, or `None`.
    """

    text: str
    value: Decimal
    decimals: int
    unit: Unit
    where: str
    table: int | None


@dataclass(frozen=True)
class PrintedDocument:
    """The tables of one document and the sums its text states. `whole`: no investment's table can be missing."""

    tables: tuple[PrintedTable, ...]
    sums: tuple[PrintedSum, ...] = ()
    whole: bool = False


_DASHES = {"-", "–", "—", MINUS, ""}
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_POINTED = re.compile(r"\d+\.\d+")
_EXCEL_DIGITS = ".15g"  # what Excel keeps of a number; more is noise of the binary fraction
_MOST_DIGITS = 18  # a figure with more is none that a municipality prints


def decimals_of(value: Decimal) -> int:
    """How many decimals a figure is written with.

    >>> decimals_of(Decimal("3.110")), decimals_of(Decimal("-5"))
    (3, 0)
    """
    return max(0, -int(value.as_tuple().exponent))


def figure_of_float(number: float) -> Decimal:
    """The decimal number that was typed into a spreadsheet cell. Raises `ValueError` from 10¹⁸ on.

    >>> figure_of_float(3.079), figure_of_float(0.1 + 0.2), figure_of_float(-1576.0)
    (Decimal('3.079'), Decimal('0.3'), Decimal('-1576'))
    """
    if not abs(number) < 10**_MOST_DIGITS:
        raise ValueError(number)
    figure = Decimal(format(number, _EXCEL_DIGITS))
    return figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure


def figure_of_text(text: str) -> Decimal | None:
    """A figure as Danish documents print it; `None` for a dash or nothing.

    The comma is the decimal sign and the point groups thousands, so `3.079` is three thousand and
    seventy-nine. A point that cannot group (`0.376`, `8.5`) is read as a decimal point. Raises `ValueError`
    for anything else.

    >>> figure_of_text("-1.629"), figure_of_text("3,110"), figure_of_text("−0,5"), figure_of_text("-")
    (Decimal('-1629'), Decimal('3.110'), Decimal('-0.5'), None)
    >>> figure_of_text("0.376"), figure_of_text("1.362-"), figure_of_text("(674)")
    (Decimal('0.376'), Decimal('-1362'), Decimal('-674'))
    """
    plain = re.sub(r"\s", "", text).replace(MINUS, "-").replace("–", "-")
    if plain in _DASHES:
        return None
    negative = plain[:1] == "-" or plain[-1:] == "-" or (plain[:1] == "(" and plain[-1:] == ")")
    digits = plain.strip("()") if plain[:1] == "(" else plain.removeprefix("-").removesuffix("-").removeprefix("+")
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif not _POINTED.fullmatch(digits):
        raise ValueError(text)
    if len(digits) > _MOST_DIGITS + 1:
        raise ValueError(text)
    return -Decimal(digits) if negative else Decimal(digits)


def printed_cell(raw: object, where: str) -> PrintedCell:
    """A spreadsheet cell as a printed cell. What cannot be read as a figure is kept and marked unreadable."""
    if raw is None or raw == "":
        return PrintedCell("", None, 0, where)
    if isinstance(raw, bool | date):
        return PrintedCell(str(raw), None, 0, where, readable=False)
    try:
        value = figure_of_float(float(raw)) if isinstance(raw, int | float) else figure_of_text(str(raw))
    except ValueError:
        return PrintedCell(str(raw), None, 0, where, readable=False)
    text = str(raw) if isinstance(raw, str) or value is None else str(value).replace(".", ",")
    return PrintedCell(text, value, 0 if value is None else decimals_of(value), where)


_YEAR = r"(?P<year>199\d|20\d\d)"
_LEVELS = (
    re.compile(rf"{_YEAR}\s*-?\s*(?:p/l|pl\b|priser|prices)", re.IGNORECASE),
    re.compile(rf"(?:p/l|\bpl|priser|prisniveau|prices|price level)\s*-?\s*(?:i\s+)?{_YEAR}", re.IGNORECASE),
)
_CURRENT = re.compile(r"(?:løbende|årets)\s+pris(?:er)?|løbende p/?l|current\s+prices?", re.IGNORECASE)


def named_price_level(text: str) -> tuple[PriceLevel, str] | None:
    """The price level a label states and the words that state it, or `None`.

    >>> named_price_level("(i 2020 pl)")[1], named_price_level("i mio. kr. løbende priser")[1]
    ('2020 pl', 'løbende priser')
    >>> named_price_level("Mio. kr.") is None
    True
    """
    for pattern in _LEVELS:
        found = pattern.search(text)
        if found:
            return PriceLevel(int(found["year"])), found.group(0)
    found = _CURRENT.search(text)
    return (CURRENT, found.group(0)) if found else None
