"""The memo's figures as an Excel workbook: a front sheet, a sheet per table, and the charts as Excel's own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

import xlsxwriter

from gevinst.language import say, speaking
from gevinst.report import layout
from gevinst.report.charts.charts import COLOURS
from gevinst.report.excel_table import SOFT, Looks, Placed, body_rows, lines, write_table
from gevinst.report.lettering import cleaned
from gevinst.report.tree import Block, Document, Figure, Heading, Paragraph, Table

LONGEST_NAME = 31
_CAPTION_WIDTH, _UNIT_WIDTH = 78, 40  # letters
_LETTERS = 1.08  # that have room where a digit has: a column's width is told in digits
_LONGEST_AXIS_TITLE = 40  # letters; a longer unit stands above the table only
_COLUMN_FILLS = ("#8C8C8C", "#0072B2", "#9CC3DE")  # budget, result, expected
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_RESERVED = ("history", "historik")
_NO_CHART = ("flow",)  # a drawing that Excel has no kind of chart for; its numbers stand alone
_COLUMNS = ("columns", "of-hundred", "of-hundred-twice", "waterfall", "fan")
_DASHES = ("solid", "dash", "round_dot", "dash_dot", "long_dash", "long_dash_dot")


def render(document: Document) -> bytes:
    """The document's tables as .xlsx bytes, the same every time.

    Numbers are numbers with the memo's decimals; sums are live formulas with their result stored beside them;
    words are never read as formulas. The numbers behind a figure stand on a sheet with a native chart.
    """
    document = cleaned(document)
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    })
    with speaking(document.language):
        looks = Looks(workbook)
        front_name = say(da="Overblik", en="Overview")
        front = workbook.add_worksheet(front_name)
        taken = {front_name.casefold()}
        contents: list[tuple[str, str, str]] = []
        for table in document.tables():
            name = sheet_name(str(table.number) if table.number else "", table.caption or table.key, taken)
            write_table(workbook.add_worksheet(name), name, table, looks)
            contents.append((name, layout.caption(table), table.unit))
        for figure in document.figures():
            data = layout.data_table(figure)
            if data is None:
                continue
            label = f"{say(da='Fig.', en='Fig.')} {figure.number}" if figure.number else say(da="Fig.", en="Fig.")
            name = sheet_name(label, figure.caption or figure.key, taken)
            placed = write_table(workbook.add_worksheet(name), name, data, looks, blank_as_empty=True)
            _add_chart(workbook, placed, data, figure)
            contents.append((name, data.caption, data.unit))
        _write_front(front, document, contents, looks)
        if document.mark:
            for sheet in workbook.worksheets():
                sheet.set_header(f"&R&B{document.mark}")
        _set_properties(workbook, document)
    workbook.close()
    return out.getvalue()


def sheet_name(number: str, caption: str, taken: set[str]) -> str:
    """A name Excel accepts, with the table's number and the first words of its caption; added to `taken`.

    >>> names = set()
    >>> sheet_name("3", "Opfølgning: [budget] og resultat for alle", names), sheet_name("", "History", names)
    ('3 Opfølgning budget og resultat', 'History 2')
    """
    words = re.sub(r"\s+", " ", _NOT_IN_NAMES.sub(" ", f"{number} {caption}")).strip(" '") or "1"
    name, again = _shortened(words, LONGEST_NAME), 1
    while name.casefold() in taken or name.casefold() in _RESERVED:
        again += 1
        name = f"{_shortened(words, LONGEST_NAME - len(str(again)) - 1)} {again}"
    taken.add(name.casefold())
    return name


def _shortened(words: str, longest: int) -> str:
    if len(words) <= longest:
        return words
    cut = words[: longest + 1].rsplit(" ", 1)[0] if " " in words[: longest + 1] else words[:longest]
    if len(cut) <= longest // 2:
        cut = words[:longest]
    return re.sub(r"( \w{1,3})+$", "", cut).strip(" ',.")  # no name ends with "og"


def _write_front(sheet: Any, document: Document, contents: list[tuple[str, str, str]], looks: Looks) -> None:
    title, blocks = layout.title_and_blocks(document)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, _CAPTION_WIDTH + 3)
    sheet.set_column(2, 2, _UNIT_WIDTH + 3)
    sheet.write_string(0, 0, title, looks(bold=True, font_size=14))
    sheet.write_string(1, 0, " · ".join(part for part in (document.author, document.meta.get("kind", "")) if part),
                       looks(font_color=SOFT))
    at = 3
    for label, value in document.head:
        sheet.write_string(at, 0, label, looks(font_color=SOFT))
        sheet.write_string(at, 1, value, looks())
        at += 1
    for block in _before_the_parts(blocks):
        if isinstance(block, Paragraph) and block.role in ("lead", "warning"):
            at += 1
            sheet.merge_range(at, 0, at, 2, "", looks(text_wrap=True, valign="top"))
            sheet.write_string(at, 0, block.text, looks(text_wrap=True, valign="top"))
            sheet.set_row(at, 14.0 * lines(block.text, 120))
    at += 2
    headers = (say(da="Ark", en="Sheet"), say(da="Indhold", en="Contents"), say(da="Enhed", en="Unit"))
    for column, text in enumerate(headers):
        sheet.write_string(at, column, text, looks(bold=True, top=2, bottom=1))
    for name, caption, unit in contents:
        at += 1
        sheet.set_row(at, 14.0 * max(lines(caption, _CAPTION_WIDTH * _LETTERS), lines(unit, _UNIT_WIDTH * _LETTERS)))
        target = name.replace("'", "''")
        sheet.write_url(at, 0, f"internal:'{target}'!A1", looks(font_color="#0B5CAD", underline=1, valign="top"), name)
        sheet.write_string(at, 1, caption, looks(text_wrap=True, valign="top"))
        sheet.write_string(at, 2, unit, looks(text_wrap=True, valign="top"))
    if document.footer:
        sheet.write_string(at + 2, 0, document.footer, looks(font_color=SOFT, font_size=9))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_landscape()
    sheet.activate()


def _before_the_parts(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks that are about the whole: until the first investment's own section."""
    for block in blocks:
        if isinstance(block, Heading) and block.key.startswith("investment-"):
            return
        yield block


def _add_chart(workbook: Any, placed: Placed, table: Table, figure: Figure) -> None:
    """Excel's own chart beside the numbers: a line per column, or per group its first column.

    Survival curves are drawn against the weeks in the first column, so that uneven weeks stand apart.
    """
    rows = body_rows(table)
    kind = (figure.spec.get("usermeta") or {}).get("gevinst", "")
    numbered = bool(rows) and all(layout.cells(table, row)[0].value is not None for row in rows)
    series = [at for at, column in enumerate(table.columns)
              if at and column.numeric and (not column.group or column.group != table.columns[at - 1].group)]
    if not series or not rows or kind in _NO_CHART:
        return
    columns = kind in _COLUMNS
    if kind == "fan":  # Excel has no bands: only what is expected, year by year
        series = series[:1]
    if columns:
        chart = workbook.add_chart({"type": "column"})
    elif numbered:
        chart = workbook.add_chart({"type": "scatter", "subtype": "straight"})
    else:
        chart = workbook.add_chart({"type": "line"})
    last = placed.first + len(rows) - 1
    names = {at: table.columns[at].group or table.columns[at].header for at in series}
    for at in series:
        order = series.index(at) if columns else sorted(names.values()).index(names[at])
        colours = _COLUMN_FILLS if columns else COLOURS  # as in the memo's own charts
        colour = colours[order % len(colours)]
        name_row = placed.header if table.columns[at].group else placed.first - 1
        chart.add_series({
            "name": [placed.name, name_row, at],
            "categories": [placed.name, placed.first, 0, last, 0],
            "values": [placed.name, placed.first, at, last, at],
            **({"fill": {"color": colour}} if columns else
               {"line": {"color": colour, "width": 2, "dash_type": _DASHES[order % len(_DASHES)]}}),
        })
    shown = [layout.cells(table, row)[at] for row in rows for at in series]
    percent = all(cell.kind == "percent" for cell in shown if cell.value is not None)
    chart.set_title({"name": layout.caption(figure), "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_x_axis({"name": table.columns[0].header, "major_gridlines": {"visible": False},
                      "label_position": "low", **({"min": 0} if numbered else {})})
    chart.set_y_axis({"name": table.unit if len(table.unit) <= _LONGEST_AXIS_TITLE else "",
                      "major_gridlines": {"visible": True, "line": {"color": "#DCDCDC"}},
                      **({"num_format": "0%", "min": 0, "max": 1} if percent else {}),
                      **({"min": 0, "max": 100} if kind == "of-hundred" else {})})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 720, "height": 380})
    placed.sheet.set_landscape()
    placed.sheet.insert_chart(*placed.chart, chart,
                              {"description": figure.alt or figure.caption, "object_position": 2})


def _set_properties(workbook: Any, document: Document) -> None:
    moment = layout.created(document).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    workbook.set_properties({
        "title": document.title, "author": document.author, "subject": document.subject,
        "keywords": document.meta.get("keywords", ""), "created": moment,
    })
