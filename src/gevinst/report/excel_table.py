"""A table on an Excel sheet: real numbers, live formulas, and the rows around them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from gevinst.language import current, say
from gevinst.report import layout
from gevinst.report.layout import HeaderCell
from gevinst.report.tree import Cell, Row, Table

INK, SOFT, HAIR, FILL = "#1A1A1A", "#595959", "#CFCFCF", "#F3F3F3"
LABEL_WIDEST, LABEL_NARROWEST, NUMBER_NARROWEST = 58, 14, 9  # in letters
LANDSCAPE_FROM = 92  # letters across
_CHART_BESIDE = 80  # a wider table has its chart below it: beside it, it would make both small in print
_A4 = 9
_LINE = 14.0  # points
_EASILY_READ = 76.0  # letters in a line
_PLAIN_COLUMN = 8.5  # letters in a column whose width nobody has set
_NOTE_LETTERS = 1.1  # of the small type of a note, in the room of one of the table's
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Placed:
    """Where a table came to stand: its sheet, its header and body rows, 0-based, and where a chart has room."""

    sheet: Any
    name: str
    header: int
    first: int
    last: int
    chart: tuple[int, int]


class Looks:
    """The workbook's cell formats, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        """The format with these xlsxwriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"font_color": INK, "valign": "bottom", **properties})
        return self._made[key]


def number_format(cell: Cell) -> str:
    """Excel's format code for a cell; the reader's Excel turns it into its own signs.

    >>> number_format(Cell("", 1, "number", 3)), number_format(Cell("", 1, "count"))
    ('#,##0.000', '#,##0')
    """
    decimals = "." + "0" * cell.decimals if cell.decimals else ""
    if cell.kind == "percent":
        return f"0{decimals}{' ' if current() == 'da' else ''}%"
    return f"#,##0{decimals}"


def write_table(sheet: Any, name: str, table: Table, looks: Looks, *, blank_as_empty: bool = False) -> Placed:
    """Caption, unit, header, rows, note and source; frozen panes, widths and print setup.

    `blank_as_empty` writes nothing where a number is missing, for a chart would draw a dash as zero.
    """
    sheet.hide_gridlines(2)
    widths = _widths(table)
    across = sum(widths)
    _write_caption(sheet, layout.caption(table), len(table.columns), across, looks)
    # A chart stands beside its numbers; elsewhere the lines round a narrow table may be wider than it is.
    reach, room = (len(widths), across) if blank_as_empty else _reach(widths)
    _write_line(sheet, 1, table.unit, reach, room, looks(font_color=SOFT, text_wrap=True, valign="top"))
    header = layout.header_rows(table.columns)
    rights = tuple(layout.right_aligned(table, at) for at in range(len(table.columns)))
    _write_header(sheet, 3, header, widths, looks, rights)
    first = 3 + len(header)
    for at in range(len(table.rows)):
        _write_row(sheet, first, at, table, looks, blank_as_empty)
        deepest = _lines_in(table, at, widths)
        if deepest > 1:  # not every program makes room by itself
            sheet.set_row(first + at, _LINE * deepest)
    last = first + len(table.rows) - 1
    below = last + 2
    for line in layout.notes(table):
        _write_line(sheet, below, line, reach, room * _NOTE_LETTERS,
                    looks(font_color=SOFT, font_size=9, text_wrap=True, valign="top"))
        below += 1
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(first, 1)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3, first - 1)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    sheet.set_footer(f"&L&8&A&R&8{say(da='Side', en='Page')} &P {say(da='af', en='of')} &N")
    if sum(widths) > LANDSCAPE_FROM:
        sheet.set_landscape()
    beside = across <= _CHART_BESIDE
    return Placed(sheet, name, 3, first, last, (3, len(widths) + 1) if beside else (below + 1, 0))


def _write_caption(sheet: Any, text: str, columns: int, across: float, looks: Looks) -> None:
    look = looks(bold=True, font_size=12, text_wrap=True, valign="top")
    if columns > 1:
        sheet.merge_range(0, 0, 0, columns - 1, "", look)
    sheet.write_string(0, 0, text, look)
    sheet.set_row(0, 17.0 * lines(text, across * 0.78))


def _reach(widths: list[float]) -> tuple[int, float]:
    """Over how many columns, and letters, the lines round a table are written: its own, or as many as are easily read.

    >>> _reach([30.0, 12.0]), _reach([60.0, 40.0])
    ((6, 76.0), (2, 100.0))
    """
    more = max(math.ceil((_EASILY_READ - sum(widths)) / _PLAIN_COLUMN), 0)
    return len(widths) + more, sum(widths) + more * _PLAIN_COLUMN


def _write_line(sheet: Any, at: int, text: str, columns: int, room: float, look: Any) -> None:
    """Words over several columns, as high as they need: a line that ran out of them would make the print small."""
    if columns > 1:
        sheet.merge_range(at, 0, at, columns - 1, "", look)
    sheet.write_string(at, 0, text, look)
    deep = lines(text, room)
    if deep > 1:
        sheet.set_row(at, _LINE * deep)


def lines(text: str, width: float) -> int:
    """How many lines a text takes when it is broken between words at `width` letters.

    >>> lines("Forventet 2021", 10), lines("2021", 10)
    (2, 1)
    """
    taken, at = 1, 0
    for word in text.split():
        if at and at + 1 + len(word) > width:
            taken, at = taken + 1, len(word)
        else:
            at += len(word) + bool(at)
    return taken


def _write_header(
    sheet: Any, top: int, header: tuple[tuple[HeaderCell, ...], ...], widths: list[float], looks: Looks,
    rights: tuple[bool, ...],
) -> None:
    for at, row in enumerate(header):
        deepest = max((lines(cell.text, sum(widths[cell.column : cell.column + cell.columns]) - 1)
                       for cell in row if cell.rows == 1), default=1)
        sheet.set_row(top + at, _LINE * deepest)
        for cell in row:
            group = cell.columns > 1 or (len(header) == 2 and at == 0 and cell.rows == 1)
            beside = cell.columns == 1 and not cell.numeric and cell.column > 0 and rights[cell.column - 1]
            look = looks(bold=True, text_wrap=True, top=2 if at == 0 else 0, bottom=4 if group else 1,
                         indent=int(beside),
                         align="center" if cell.columns > 1 else "right" if cell.numeric else "left")
            if cell.columns > 1 or cell.rows > 1:
                sheet.merge_range(top + at, cell.column, top + at + cell.rows - 1, cell.column + cell.columns - 1, "",
                                  look)
            sheet.write_string(top + at, cell.column, cell.text, look)


def _write_row(sheet: Any, first: int, at: int, table: Table, looks: Looks, blank_as_empty: bool) -> None:
    row = table.rows[at]
    rules = {"bottom": 2 if at == len(table.rows) - 1 else 4, "top": 1 if row.kind == "total" else 0,
             "bottom_color": INK if at == len(table.rows) - 1 else HAIR, "bold": row.kind != "body"}
    if row.kind == "section":
        for column in range(len(table.columns)):
            sheet.write_blank(first + at, column, None, looks(bg_color=FILL, **rules))
        sheet.write_string(first + at, 0, layout.section_text(row), looks(bg_color=FILL, **rules))
        return
    for column, cell in enumerate(layout.cells(table, row)):
        right = layout.right_aligned(table, column)
        beside = column > 0 and not right and layout.right_aligned(table, column - 1)
        side = {"align": "right" if right else "left", "text_wrap": not right, "indent": int(beside),
                "valign": "top" if layout.wordy(table) else "bottom"}
        if cell.kind == "text" or cell.value is None:
            text = "" if blank_as_empty and cell.kind != "text" else cell.text
            if text:
                sheet.write_string(first + at, column, text, looks(**side, **rules))
            else:
                sheet.write_blank(first + at, column, None, looks(**side, **rules))
            continue
        look = looks(num_format=number_format(cell), **side, **rules)
        formula = _formula(table, at, column, first)
        if formula:
            sheet.write_formula(first + at, column, formula, look, float(cell.value))
        else:
            sheet.write_number(first + at, column, float(cell.value), look)


def _lines_in(table: Table, at: int, widths: list[float]) -> int:
    """How many lines the row's longest wrapped cell takes."""
    row = table.rows[at]
    if row.kind == "section":
        return 1
    return max(lines(cell.text, widths[column] - 2) for column, cell in enumerate(layout.cells(table, row))
               if not layout.right_aligned(table, column))


def _formula(table: Table, at: int, column: int, first: int) -> str:
    """The live formula of a cell, or nothing where the cells it names do not give its value.

    They do not where one of them is suppressed; then a formula would show another figure than the memo does.
    """
    cell = layout.cells(table, table.rows[at])[column]
    kind, _, rest = cell.formula.partition(":")
    if kind == "sum":
        rows = [other for other in range(at) if table.rows[other].kind == "body"]
    elif kind == "add":
        rows = [int(other) for other in rest.split(",")]
    else:
        return ""
    terms = [layout.cells(table, table.rows[other])[column].value for other in rows]
    total = math.fsum(float(term) for term in terms if term is not None)
    value = float(cell.value or 0)
    if not rows or abs(total - value) > _TOLERANCE * max(1.0, abs(value)):
        return ""
    if kind == "add":
        return f"=SUM({','.join(xl_rowcol_to_cell(first + other, column) for other in rows)})"
    return f"=SUM({','.join(xl_range(first + a, column, first + b, column) for a, b in _runs(rows))})"


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _widths(table: Table) -> list[float]:
    """Column widths in letters."""
    widths = []
    for at, column in enumerate(table.columns):
        texts = [len(layout.cells(table, row)[at].text) for row in table.rows if row.kind != "section"]
        words = [float(len(word)) for word in re.split(r"[\s-]", column.header)]
        beside = sum(other.group == column.group for other in table.columns)
        words += [len(word) / beside for word in column.group.split()]
        if layout.right_aligned(table, at):
            widths.append(max(NUMBER_NARROWEST, *words, *texts) + 2.0)
        else:
            widths.append(min(max(LABEL_NARROWEST, len(column.header), *words, *texts) + 2.0, LABEL_WIDEST))
    return widths


def body_rows(table: Table) -> tuple[Row, ...]:
    """The rows before the first total or section."""
    rows = []
    for row in table.rows:
        if row.kind != "body":
            break
        rows.append(row)
    return tuple(rows)
