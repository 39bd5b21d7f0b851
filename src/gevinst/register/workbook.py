"""A portfolio as an Excel workbook: an empty template to fill in, a filled one, and reading it back.

Written with explicit cell types: user text is never a formula, and every formula carries its value, so that a
reader without a calculator sees it too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.money import Amount, PriceLevel
from gevinst.register import workbook_layout, workbook_reader
from gevinst.register.business_case import Portfolio
from gevinst.register.files import write_bytes
from gevinst.register.new_spell import new_spell_words
from gevinst.register.printed_tables import figure_of_float
from gevinst.register.units import Unit, in_unit
from gevinst.register.workbook_guide import HEADER_COLOUR, write_guide, write_overview
from gevinst.register.workbook_layout import Column, Sheet, spoken
from gevinst.register.workbook_rows import Values, rows_of

EMPTY_ROWS = 60  # rows below the last that stand ready: formulas and drop-downs
_LONGEST = 32_767  # characters in an Excel cell
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMATS = {"date": "dd-mm-yyyy", "amount": "#,##0.000", "net": "#,##0.000", "kroner": "#,##0.00", "integer": "0",
            "decimal": "0.##", "text": "@", "lines": "@", "integers": "@", "investment": "@", "level": "@",
            "names": "@", "new_spell": "0"}


def write_template(path: Path) -> None:
    """An empty workbook that a controller can fill in, in the language spoken now."""
    _write(path, {"portfolio": [{"unit": Unit.MILLION}]}, None)


def write_workbook(portfolio: Portfolio, path: Path) -> None:
    """The portfolio as a workbook that `read_workbook` makes an equal portfolio of.

    Raises `register.file-unwritable`, and `register.not-for-excel` for what a cell cannot hold: more than 15
    digits, control characters, texts over 32,767 characters, line breaks inside a list.
    """
    rows = rows_of(portfolio)
    rows["portfolio"][0]["unit"] = Unit.MILLION
    _write(path, rows, portfolio)


def read_workbook(path: Path) -> Portfolio:
    """The portfolio in a workbook.

    Raises the first fault as a `GevinstError` whose `where` is `Sheet!C7`, also where a typed net figure does
    not foot.
    """
    sheets = workbook_reader.open_sheets(path)
    if not workbook_reader.is_portfolio(sheets):
        raise GevinstError("register.not-a-portfolio", where=str(path))
    return workbook_reader.read_sheets(sheets, path).require(str(path))


def _write(path: Path, rows: Mapping[str, Sequence[Values]], portfolio: Portfolio | None) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": portfolio.title if portfolio else "gevinst"})
        writer = _Writer(book)
        layout = workbook_layout.sheets()
        write_guide(book)
        writer.head(layout["portfolio"], rows["portfolio"][0])
        for key, sheet in layout.items():
            if key != "portfolio":
                writer.rows(sheet, rows.get(key, ()))
        write_overview(book, portfolio, layout["budget"])
    write_bytes(buffer.getvalue(), path)


class _Writer:
    """Writes sheets into one workbook, with the formats they share."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": HEADER_COLOUR,
                                     "border": 1})
        self.formats = {kind: book.add_format({"num_format": code, "valign": "top", "text_wrap": code == "@"})
                        for kind, code in _FORMATS.items()}
        self.plain = book.add_format({"valign": "top", "text_wrap": True})
        self.small = book.add_format({"valign": "top", "text_wrap": True, "font_color": "#454545"})

    def format(self, column: Column) -> Any:
        return self.formats.get(column.kind, self.plain)

    def head(self, sheet: Sheet, values: Values) -> None:
        """The portfolio sheet: a name, a value and an explanation on each line."""
        page = self.book.add_worksheet(spoken(sheet.name))
        page.set_column(0, 0, 26)
        page.set_column(1, 1, 60)
        page.set_column(2, 2, 70)
        for at, column in enumerate(sheet.columns):
            page.write_string(at, 0, column.header, self.bold)
            page.write_blank(at, 1, None, self.format(column))
            self.cell(page, at, 1, column, values.get(column.field))
            page.write_string(at, 2, spoken(column.note), self.small)
            self.choices(page, (at, 1, at, 1), column)

    def rows(self, sheet: Sheet, rows: Sequence[Values]) -> None:
        """A sheet of records, with headers, their explanations as notes, and empty rows that stand ready."""
        page = self.book.add_worksheet(spoken(sheet.name))
        page.freeze_panes(1, 0)
        last = len(rows) + EMPTY_ROWS
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width, self.format(column))
            page.write_string(0, at, column.header, self.bold)
            page.write_comment(0, at, spoken(column.note), {"x_scale": 2, "author": "gevinst"})
            self.choices(page, (1, at, last, at), column)
        for line, values in enumerate(rows, start=1):
            for at, column in enumerate(sheet.columns):
                if column.kind != "net":
                    self.cell(page, line, at, column, values.get(column.field))
        if any(column.kind == "net" for column in sheet.columns):
            for line in range(1, last + 1):
                self.net(page, sheet, line, rows[line - 1]["net"] if line <= len(rows) else None)
        page.autofilter(0, 0, last, len(sheet.columns) - 1)

    def net(self, page: Any, sheet: Sheet, line: int, net: Amount | None) -> None:
        """The formula for net, with its value: investment plus saving, and nothing in an empty row."""
        letters = [chr(ord("A") + sheet.index(field)) for field in ("investment_amount", "saving_amount")]
        one, other = (f"{letter}{line + 1}" for letter in letters)
        value: float | str = "" if net is None else float(in_unit(net, Unit.MILLION))
        page.write_formula(line, sheet.index("net"), f'=IF(AND({one}="",{other}=""),"",{one}+{other})',
                           self.formats["net"], value)

    def choices(self, page: Any, area: tuple[int, int, int, int], column: Column) -> None:
        """A drop-down where a cell holds one of a few words, or an investment of the list."""
        listed: Any = None
        if column.kind == "choice":
            listed = [spoken(texts) for texts in column.choices.values()]
        elif column.kind == "yes_no":
            listed = [say(da="ja", en="yes"), say(da="nej", en="no")]
        elif column.kind == "unit":
            listed = [unit.key for unit in Unit]
        elif column.kind == "investment":
            listed = f"='{spoken(workbook_layout.sheets()['investments'].name)}'!$A$2:$A${EMPTY_ROWS}"
        if listed:
            # A warning, not a stop: a key may be written where the list shows numbers.
            page.data_validation(*area, {"validate": "list", "source": listed, "error_type": "warning",
                                         "ignore_blank": True})
        elif column.kind == "date":
            page.data_validation(*area, {"validate": "date", "criteria": ">=", "value": date(1990, 1, 1),
                                         "error_type": "warning"})

    def cell(self, page: Any, line: int, at: int, column: Column, value: Any) -> None:
        """One value; nothing where there is none. Empty texts are left out, because that is what they read as."""
        if value is None or value in ("", ()):
            return
        form = self.format(column)
        where = workbook_reader.cell_name(page.get_name(), line, at)
        if column.kind == "date":
            page.write_datetime(line, at, value, form)
        elif column.kind in ("integer", "decimal") or (column.kind == "new_spell" and isinstance(value, int)):
            page.write_number(line, at, _number(Decimal(value), where), form)
        elif column.kind in ("amount", "kroner"):
            unit = Unit.KR if column.kind == "kroner" else Unit.MILLION
            page.write_number(line, at, _number(in_unit(value, unit), where), form)
        else:
            page.write_string(line, at, _text(column, value, where), form)


def _number(figure: Decimal, where: str) -> float:
    """The number as Excel keeps it; refused where digits would be lost."""
    if figure_of_float(float(figure)) != figure:
        raise GevinstError("register.not-for-excel", where=where, text=str(figure))
    return float(figure)


def _text(column: Column, value: Any, where: str) -> str:
    if isinstance(value, PriceLevel):
        return str(value.year) if value.year is not None else say(da="løbende", en="current")
    if isinstance(value, Unit):
        return value.key
    if isinstance(value, bool):
        return say(da="ja", en="yes") if value else say(da="nej", en="no")
    if column.kind == "new_spell":
        return new_spell_words(value)
    if column.kind == "choice":
        return spoken(column.choices[str(value)])
    if column.kind == "integers":
        return ", ".join(map(str, value))
    text = "\n".join(value) if column.kind in ("lines", "names") else str(value)
    broken = column.kind in ("lines", "names") and any("\n" in item for item in value)
    if broken or _NOT_IN_XML.search(text) or len(text) > _LONGEST:
        raise GevinstError("register.not-for-excel", where=where, text=_NOT_IN_XML.sub("?", text[:40]))
    return text
