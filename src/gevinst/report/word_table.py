"""A table in Word: repeated header rows, rows that do not break, widths that fit, and a text alternative."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gevinst.report import layout
from gevinst.report.layout import HeaderCell, Letters
from gevinst.report.tree import Row, Table
from gevinst.report.word_letters import ARIAL
from gevinst.report.word_styles import CELL, HEADER, NUMBER, TABLE
from gevinst.report.word_xml import break_before_years, element, text_run

_SLACK = 1.0  # points, for letters wider than we reckon
_SMALLEST = 8.0
_LOOKS_LARGER = 0.5
_TWIPS = 20
_HAIR, _THIN, _FIRM = ("4", "CFCFCF"), ("4", "1A1A1A"), ("8", "1A1A1A")


class TableMaker:
    """Makes `w:tbl` elements; `styles` gives the style ids of the document by the names of `word_styles`.

    `width` is that of the text, in points, and `letters` the typeface of the tables.
    """

    def __init__(self, styles: dict[str, str], width: float, letters: Letters) -> None:
        self._styles = styles
        self._width = width
        self._letters = letters

    def make(self, table: Table) -> Any:
        """The table as a `w:tbl`, without caption and notes."""
        fitted = layout.fit(table, self._width, letters=self._letters, slack=_SLACK)
        widths = [round(width * _TWIPS) for width in fitted.columns]
        # Wide letters, such as Arial, look larger than those of the PDF.
        less = _LOOKS_LARGER if self._letters.digit >= ARIAL.digit else 0.0
        half_points = round(2 * min(fitted.size, max(fitted.size - less, _SMALLEST)))
        header = layout.header_rows(table.columns)
        made = element("tbl", _properties(table, sum(widths), self._styles[TABLE], fitted.padding),
                       element("tblGrid", *(element("gridCol", w=width) for width in widths)))
        stays = (*layout.stays(table)[:-1], bool(layout.notes(table)))  # the last row with the lines under the table
        for at in range(len(header)):
            made.append(self._header_row(header, at, widths, half_points, layout.group_begins(table),
                                         fitted.padding))
        for at, row in enumerate(table.rows):
            made.append(self._row(table, row, widths, half_points, keep=stays[at], last=at == len(table.rows) - 1))
        return made

    def _header_row(
        self, header: tuple[tuple[HeaderCell, ...], ...], at: int, widths: list[int], half_points: int,
        begins: tuple[bool, ...], padding: float,
    ) -> Any:
        row = element("tr", element("trPr", element("cantSplit"), element("tblHeader")))
        spanning = {} if at == 0 else {cell.column: cell for cell in header[0] if cell.rows == 2}
        for cell in sorted((*header[at], *spanning.values()), key=lambda cell: cell.column):
            below = cell.column in spanning
            grouped = len(header) == 2 and at == 0 and cell.rows == 1
            lines = {"top": _FIRM if at == 0 else None, "left": _HAIR if begins[cell.column] else None,
                     "bottom": _HAIR if grouped else _THIN}
            merge = None if cell.rows == 1 else "continue" if below else "restart"
            side = "center" if cell.columns > 1 else "right" if cell.numeric else "left"
            width = sum(widths[cell.column : cell.column + cell.columns])
            made = self._cell("" if below else cell.text, width, HEADER, half_points, span=cell.columns,
                              merge=merge, lines=lines, side=side, bold=True)
            if not below and self._letters.ems(cell.text, bold=True) * half_points / 2 > width / _TWIPS - padding:
                break_before_years(made)
            row.append(made)
        return row

    def _row(self, table: Table, row: Row, widths: list[int], half_points: int, *, keep: bool, last: bool) -> Any:
        made = element("tr", element("trPr", element("cantSplit")))
        lines = {"top": _THIN if row.kind == "total" else None, "left": None, "bottom": _FIRM if last else _HAIR}
        if row.kind == "section":
            made.append(self._cell(layout.section_text(row), sum(widths), CELL, half_points, span=len(widths),
                                   lines=lines, bold=True, keep=True, fill="F3F3F3"))
            return made
        begins = layout.group_begins(table)
        for at, cell in enumerate(layout.cells(table, row)):
            lines["left"] = _HAIR if begins[at] else None
            style = NUMBER if layout.right_aligned(table, at) else CELL
            made.append(self._cell(cell.text, widths[at], style, half_points, lines=lines, keep=keep,
                                   bold=row.kind == "total", top=layout.wordy(table)))
        return made

    def _cell(
        self, text: str, width: int, style: str, half_points: int, *, span: int = 1, merge: str | None = None,
        lines: Mapping[str, tuple[str, str] | None], side: str = "", bold: bool = False, keep: bool = False,
        fill: str = "", top: bool = False,
    ) -> Any:
        properties = element("tcPr", element("tcW", w=width, type="dxa"))
        if span > 1:
            properties.append(element("gridSpan", val=span))
        if merge:
            properties.append(element("vMerge", val=merge))
        borders = element("tcBorders")
        for name, line in lines.items():
            if line is not None:
                borders.append(element(name, val="single", sz=line[0], space=0, color=line[1]))
        properties.append(borders)
        if fill:
            properties.append(element("shd", val="clear", color="auto", fill=fill))
        properties.append(element("vAlign", val="top" if top else "bottom"))
        shape = element("pPr", element("pStyle", val=self._styles[style]))
        if keep:
            shape.append(element("keepNext"))
        if side:
            shape.append(element("jc", val=side))
        run = text_run(text)
        look = element("rPr")
        if bold:
            look.append(element("b"))
        look.append(element("sz", val=half_points))
        look.append(element("szCs", val=half_points))
        run.insert(0, look)
        return element("tc", properties, element("p", shape, run))


def _properties(table: Table, width: int, style: str, padding: float) -> Any:
    words, side_of = layout.caption(table), round(padding / 2 * _TWIPS)
    around = [element(side, w=w, type="dxa")
              for side, w in (("top", 45), ("left", side_of), ("bottom", 45), ("right", side_of))]
    return element(
        "tblPr", element("tblStyle", val=style), element("tblW", w=width, type="dxa"),
        element("tblLayout", type="fixed"), element("tblCellMar", *around),
        element("tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noHBand=0, noVBand=1),
        element("tblCaption", val=words),
        element("tblDescription", val=", ".join(part for part in (words, table.unit) if part)),
    )
