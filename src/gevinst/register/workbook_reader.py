"""Reads a portfolio workbook: every fault with its sheet and cell (`Budget!C7`), every amount exact.

Also opens any other workbook as grids, for tables as they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from python_calamine import CalamineError, PasswordError

from gevinst.errors import GevinstError
from gevinst.money import Amount, PriceLevel
from gevinst.register import workbook_layout
from gevinst.register.consistency import Path, faults
from gevinst.register.find_tables import Grid
from gevinst.register.new_spell import parse_new_spell
from gevinst.register.printed_tables import figure_of_float, figure_of_text
from gevinst.register.stated import Reading, Stated
from gevinst.register.units import Unit, parse_unit, to_amount
from gevinst.register.workbook_layout import Column, Sheet, spoken
from gevinst.register.workbook_rows import Row, assemble
from gevinst.sources.sheet_bounds import open_workbook

Cells = Sequence[Sequence[object]]
_YES, _NO = {"ja", "yes", "true", "x"}, {"nej", "no", "false"}
_DANISH_DATE = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_BETWEEN_NAMES = re.compile(r"[,;\n]")
_COMPUTED = ("net",)  # kinds that do not make a row: a formula stands ready in empty rows too


def open_sheets(path: FilePath) -> dict[str, Cells]:
    """All sheets of a workbook, by name. Raises `register.file-missing` or `register.not-a-workbook`."""
    if not path.exists():
        raise GevinstError("register.file-missing", where=str(path))
    try:
        with open_workbook(path) as book:
            return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except PasswordError as error:
        raise GevinstError("register.workbook-locked", where=str(path)) from error
    except (CalamineError, OSError) as error:
        raise GevinstError("register.not-a-workbook", where=str(path)) from error


def is_portfolio(sheets: Mapping[str, Cells]) -> bool:
    """The workbook has the sheets of a portfolio, rather than tables as they are printed."""
    layout = workbook_layout.sheets()
    return all(any(layout[key].is_called(name) for name in sheets) for key in ("portfolio", "investments"))


def grids(sheets: Mapping[str, Cells]) -> list[Grid]:
    """Every sheet as a grid whose places are `Sheet!C7`."""
    return [Grid(cells, partial(cell_name, name)) for name, cells in sheets.items()]


def cell_name(sheet: str, row: int, column: int) -> str:
    """The address of a cell, counted from nought.

    >>> cell_name("Budget", 6, 2), cell_name("Ark 1", 0, 27)
    ('Budget!C7', 'Ark 1!AB1')
    """
    letters = ""
    rest = column
    while rest >= 0:
        letters = chr(ord("A") + rest % 26) + letters
        rest = rest // 26 - 1
    return f"{sheet}!{letters}{row + 1}"


@dataclass
class _Scale:
    """What a figure means: the file's unit, and the price level of its row."""

    unit: Unit
    level: PriceLevel


@dataclass
class _Book:
    """A workbook being read, with the faults met so far."""

    sheets: Mapping[str, Cells]
    file: str
    faults: list[GevinstError] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # figures as written, by cell
    nets: dict[str, Amount] = field(default_factory=dict)  # stated net figures, by cell

    def named(self, sheet: Sheet) -> tuple[str, Cells] | None:
        return next(((name, cells) for name, cells in self.sheets.items() if sheet.is_called(name)), None)

    def fault(self, code: str, where: str, **values: Any) -> None:
        self.faults.append(GevinstError(code, where=where, **values))


def read_sheets(sheets: Mapping[str, Cells], path: FilePath) -> Reading:
    """The portfolio in these sheets, with every fault and the stated net figures."""
    layout = workbook_layout.sheets()
    book = _Book(sheets, str(path))
    scale = _Scale(Unit.MILLION, PriceLevel(None))
    head = _head(book, layout["portfolio"], scale)
    rows = {key: _rows(book, sheet, scale) for key, sheet in layout.items() if key != "portfolio"}
    stated = Stated(scale.unit)
    if book.faults or head is None:
        return Reading(None, book.faults, stated)
    made = assemble(head, rows)

    def locate(path: Path) -> str:
        while path and path not in made.places:
            path = path[:-1]
        return made.places.get(path, str(book.file))

    stated.locate = locate
    for place, cell in made.places.items():
        if cell in book.texts:
            stated.texts[place] = book.texts[cell]
        if place[-1:] == ("net",) and cell in book.nets:
            stated.figures[place] = book.nets[cell]
    found = [*made.faults, *faults(made.portfolio, locate)]
    return Reading(None if made.faults else made.portfolio, found, stated)


def _head(book: _Book, sheet: Sheet, scale: _Scale) -> Row | None:
    """The portfolio sheet: names in the first column, values in the second; sets the file's unit and level."""
    found = book.named(sheet)
    if found is None:
        book.fault("register.missing-sheet", book.file, name=spoken(sheet.name))
        return None
    name, cells = found
    lines = {column.field: at for at, row in enumerate(cells) for column in sheet.columns
             if row and column.is_called(_plain(row[0]))}
    places, values = {}, {}
    for column in sheet.columns:
        at = lines.get(column.field)
        places[column.field] = cell_name(name, at or 0, 1 if at is not None else 0)
        if at is None:
            if column.required:
                book.fault("register.missing-line", cell_name(name, 0, 0), name=spoken(column.name))
            continue
        value = _value(book, column, cells[at][1] if len(cells[at]) > 1 else "", places[column.field], scale)
        if value is not None:
            values[column.field] = value
    scale.unit = values.get("unit", scale.unit)
    scale.level = values.get("price_level", scale.level)
    return Row(values, places)


def _rows(book: _Book, sheet: Sheet, scale: _Scale) -> list[Row]:
    """The rows of a sheet that hold anything, under headers in its first row."""
    found = book.named(sheet)
    if found is None:
        return []
    name, cells = found
    columns = _columns(book, sheet, name, cells)
    rows = []
    for at, raw in enumerate(cells[1:], start=1):
        filled = {i: column for i, column in columns.items() if column.kind not in _COMPUTED and i < len(raw)}
        if any(_plain(raw[i]).strip() for i in filled):
            rows.append(_row(book, sheet, name, at, raw, columns, scale))
    return rows


def _columns(book: _Book, sheet: Sheet, name: str, cells: Cells) -> dict[int, Column]:
    """The columns by their place, as the header row names them."""
    found: dict[int, Column] = {}
    for at, raw in enumerate(cells[0] if cells else ()):
        header = _plain(raw)
        column = next((c for c in sheet.columns if c.is_called(header)), None)
        if column is not None and column not in found.values():
            found[at] = column
        elif header.strip():
            book.fault("register.unknown-column", cell_name(name, 0, at), text=header)
    for column in sheet.columns:
        if column.required and column not in found.values():
            book.fault("register.missing-column", cell_name(name, 0, 0), name=spoken(column.name))
    return found


def _row(
    book: _Book, sheet: Sheet, name: str, at: int, raw: Sequence[object], columns: Mapping[int, Column], scale: _Scale
) -> Row:
    places = {column.field: cell_name(name, 0, 0) for column in sheet.columns}
    places |= {column.field: cell_name(name, at, i) for i, column in columns.items()}
    values: dict[str, Any] = {}
    own = scale
    # The price level of the row must be known before its amounts.
    for i, column in sorted(columns.items(), key=lambda pair: pair[1].kind != "level"):
        value = _value(book, column, raw[i] if i < len(raw) else "", places[column.field], own)
        if value is None:
            continue
        if column.kind == "level":
            own = _Scale(scale.unit, value)
        elif column.kind == "net":
            book.nets[places[column.field]] = value
        else:
            values[column.field] = value
    return Row(values, places)


def _value(book: _Book, column: Column, raw: object, where: str, scale: _Scale) -> Any:
    """What a cell holds, or `None` for an empty cell or a fault, which is then on the list."""
    if not _plain(raw).strip() and not (column.kind == "text" and raw):
        if column.required:
            book.fault("register.missing-cell", where, name=spoken(column.name))
        return None
    try:
        if column.kind in ("amount", "kroner", "net"):
            book.texts[where] = _plain(raw)
        return _read(column, raw, scale)
    except GevinstError as error:
        book.fault(error.code, where, **error.values)
        return None


def _read(column: Column, raw: object, scale: _Scale) -> Any:
    text = _plain(raw)
    readers: dict[str, Callable[[], Any]] = {
        "text": lambda: text,
        "investment": lambda: text.strip(),
        "lines": lambda: tuple(line for line in text.split("\n") if line.strip()),
        "names": lambda: tuple(name for part in _BETWEEN_NAMES.split(text) if (name := part.strip())),
        "integer": lambda: _integer(raw),
        "integers": lambda: tuple(_integer(part) for part in text.split(",")),
        "decimal": lambda: _decimal(raw),
        "date": lambda: _day(raw),
        "amount": lambda: to_amount(_decimal(raw), scale.unit, scale.level),
        "net": lambda: to_amount(_decimal(raw), scale.unit, scale.level),
        "kroner": lambda: to_amount(_decimal(raw), Unit.KR, scale.level),
        "level": lambda: PriceLevel.parse(text),
        "unit": lambda: parse_unit(text),
        "yes_no": lambda: _yes_no(text),
        "new_spell": lambda: parse_new_spell(text),
        "choice": lambda: _choice(column, text),
    }
    return readers[column.kind]()


def _plain(raw: object) -> str:
    """The cell as text; a whole number loses the ".0" that Excel's floats have."""
    if raw is None:
        return ""
    return f"{raw:.15g}" if isinstance(raw, float) else str(raw)


def _decimal(raw: object) -> Decimal:
    try:
        if isinstance(raw, float | int) and not isinstance(raw, bool):
            return figure_of_float(float(raw))
        figure = figure_of_text(raw) if isinstance(raw, str) else None
    except ValueError:
        figure = None
    if figure is None:
        raise GevinstError("register.not-a-number", text=_plain(raw))
    return figure


def _integer(raw: object) -> int:
    try:
        figure = _decimal(raw)
    except GevinstError as error:
        raise GevinstError("register.not-a-whole-number", text=_plain(raw).strip()) from error
    if figure != figure.to_integral_value():
        raise GevinstError("register.not-a-whole-number", text=_plain(raw).strip())
    return int(figure)


def _day(raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = _plain(raw).strip()
    danish = _DANISH_DATE.fullmatch(text)
    try:
        return date(int(danish[3]), int(danish[2]), int(danish[1])) if danish else date.fromisoformat(text)
    except ValueError as error:
        raise GevinstError("register.not-a-date", text=text) from error


def _yes_no(text: str) -> bool:
    words = text.strip().lower()
    if words not in _YES | _NO:
        raise GevinstError("register.not-yes-no", text=text)
    return words in _YES


def _choice(column: Column, text: str) -> str:
    value = column.chosen(text)
    if value is None:
        raise GevinstError("register.not-a-choice", text=text,
                           choices=", ".join(spoken(texts) for texts in column.choices.values()))
    return value
