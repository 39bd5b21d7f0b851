"""The workbook: numbers as numbers, sums that live, words that never run, charts with their text."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from gevinst.language import number, speaking
from gevinst.report import as_excel
from gevinst.report.as_excel import sheet_name
from gevinst.report.tree import Cell, Column, Document, Figure, Row, Table, text_cell


@pytest.fixture(scope="module")
def data(danish: Document) -> bytes:
    return as_excel.render(danish)


@pytest.fixture(scope="module")
def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def values(data: bytes) -> dict[str, list[list[Any]]]:
    """What a reader without a calculator sees: the stored results, from the sheet's first cell on."""
    opened = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def shown(value: Any, form: str) -> str:
    """A cell as a Danish Excel prints it."""
    if isinstance(value, str) or value is None:
        return value or ""
    decimals = len(re.sub(r"[^0]", "", form.partition(".")[2]))
    with speaking("da"):
        return number(value * 100 if "%" in form else value, decimals)


def only(document: Document, *tables: Table) -> Document:
    return replace(document, blocks=tables)


def test_a_sheet_for_every_table_in_order(values: dict[str, Any]) -> None:
    assert list(values) == ["Overblik", "1 Samlet oversigt over", "2 Opfølgning på investeringscas",
                            "3 Overlevelseskurve", "4 Antal forløb under risiko", "5 Budget og resultat pr. måned",
                            "Fig. 1 Deltagere"]


def test_same_rows_in_the_same_order(
    book: Any, values: dict[str, list[list[Any]]], danish: Document,
    printed_rows: Callable[[Document], list[list[str]]],
) -> None:
    found = []
    for sheet in book.worksheets[1:]:
        first = int(re.sub(r"\D", "", sheet.freeze_panes))
        rows = values[sheet.title]
        for at in range(first - 1, sheet.max_row):
            cells = sheet[at + 1]
            if all(cell.value is None for cell in cells) or not cells[0].border.bottom.style:
                break
            found.append([shown(rows[at][column] if rows[at][column] != "" else None, cell.number_format)
                          for column, cell in enumerate(cells) if cell.border.bottom.style])
    wanted = [[text if text != "–" else "" for text in row] for row in printed_rows(danish)]
    assert [[text if text != "–" else "" for text in row if row[1:] != [""] * len(row[1:])] or row[:1]
            for row in found] == wanted


def test_numbers_are_exact_and_formatted(book: Any) -> None:
    sheet = book["1 Samlet oversigt over"]
    assert sheet["B5"].value == 4.834
    assert sheet["B5"].number_format == "#,##0.000"
    assert book["3 Overlevelseskurve"]["C6"].value == 0.677
    assert book["3 Overlevelseskurve"]["C6"].number_format == "0.0 %"


def test_sums_live_and_their_result_is_stored(book: Any, values: dict[str, list[list[Any]]]) -> None:
    formulas = {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet for cell in row
                if isinstance(cell.value, str) and cell.data_type == "f"}
    assert len(formulas) == 4 + 4 + 0
    for (title, place), formula in formulas.items():
        inside = re.fullmatch(r"=SUM\((.*)\)", formula)
        assert inside
        terms = [cell.value for part in inside[1].split(",") for row in
                 (book[title][part] if ":" in part else ((book[title][part],),)) for cell in row]
        cell = book[title][place]
        stored = values[title][cell.row - 1][cell.column - 1]
        assert math.isclose(sum(term for term in terms if isinstance(term, int | float)), stored)


def test_a_sum_of_something_suppressed_is_a_plain_number(danish: Document) -> None:
    table = Table("t", "Antal", (Column("", numeric=False), Column("Personer")), (
        Row((text_cell("A"), Cell("under 5", None, "count"))), Row((text_cell("B"), Cell("9", 9, "count"))),
        Row((text_cell("I alt"), Cell("12", 12, "count", formula="sum:above")), "total")))
    book = openpyxl.load_workbook(io.BytesIO(as_excel.render(only(danish, table))))
    assert [book.worksheets[1][f"B{row}"].value for row in (5, 6, 7)] == ["under 5", 9, 12]


def test_a_sum_passes_over_sections_and_totals(danish: Document) -> None:
    def row(name: str, value: int, kind: Any = "body", formula: str = "") -> Row:
        return Row((text_cell(name), Cell(str(value), Decimal(value), "count", formula=formula)), kind)

    table = Table("t", "Beløb", (Column("Post", numeric=False), Column("Kr.")), (
        row("Første", 0, "section"), row("a", 1), row("b", 2), row("I alt", 3, "total", "sum:above"),
        row("Anden", 0, "section"), row("c", 4), row("Alt i alt", 7, "total", "sum:above")))
    book = openpyxl.load_workbook(io.BytesIO(as_excel.render(only(danish, table))))
    assert book.worksheets[1]["B8"].value == "=SUM(B6:B7)"
    assert book.worksheets[1]["B11"].value == "=SUM(B6:B7,B10)"


def test_words_never_run(book: Any, hostile: str, injection: str) -> None:
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=cmd", "+", "-", "@"))]
    assert injection in [cell.value for cell in risky]
    assert {cell.data_type for cell in risky} == {"s"}
    assert any(hostile in str(cell.value) for cell in cells)


def test_sheets_are_laid_out_for_screen_and_paper(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes[0] == "B"
        assert sheet["A1"].font.bold
        assert sheet["A2"].value
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows.startswith("$4:")
        assert all(5 < size.width < 70 for size in sheet.column_dimensions.values())
    assert book["3 Overlevelseskurve"].page_setup.orientation == "landscape"
    assert book["1 Samlet oversigt over"].page_setup.orientation != "landscape"


def test_notes_and_sources_stand_below(book: Any) -> None:
    column = [cell.value for cell in book["1 Samlet oversigt over"]["A"]]
    assert column[-2:] == ["Note: − betyder indtægt eller mindreforbrug.",
                           "Kilde: Budgetaftale 2020-2023, Fasit, DREAM og KMD Opus"]


def test_group_headers_are_merged(book: Any) -> None:
    merged = {str(area) for area in book["2 Opfølgning på investeringscas"].merged_cells.ranges}
    assert merged - {"A2:G2"} == {"A1:E1", "A4:A5", "B4:C4", "D4:E4"}, "and the unit"
    assert book["2 Opfølgning på investeringscas"]["B4"].value == "2020"


def test_the_front_sheet_leads_to_every_sheet(book: Any, values: dict[str, Any]) -> None:
    front = book["Overblik"]
    links = {cell.value: cell.hyperlink.location for row in front for cell in row if cell.hyperlink}
    assert list(links) == list(values)[1:]
    assert all(location == f"'{name}'!A1" for name, location in links.items())
    texts = [cell.value for row in front for cell in row if cell.value]
    assert texts[0] == "Kvartalsvis opfølgning på investeringer"
    assert {"26-11-2021", "19/20405", "Det blev aftalt at investere."} <= set(texts)


def test_a_native_chart_with_its_text(data: bytes, danish: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        drawing = package.read("xl/drawings/drawing1.xml").decode()
        chart = package.read("xl/charts/chart1.xml").decode()
    described = re.search(r'descr="([^"]+)"', drawing)
    assert described
    assert described[1].startswith("Kurver for »Deltagere« og »Sammenligning &lt;b&gt;«")
    assert "<c:scatterChart>" in chart, "weeks stand unevenly, so they are numbers on the axis"
    assert chart.count("<c:ser>") == 2, "a line per curve, not per limit"
    assert "dispBlanksAs" not in chart, "a blank is a gap unless the file says otherwise"
    assert "$A$6:$A$18" in chart


def test_a_figure_without_rows_gets_a_sheet_but_no_chart(danish: Document) -> None:
    figure = danish.figures()[0]
    assert figure.data is not None
    empty = replace(danish, blocks=(replace(figure, data=replace(figure.data, rows=())),))
    made = as_excel.render(empty)
    assert len(openpyxl.load_workbook(io.BytesIO(made)).sheetnames) == 2
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert not [name for name in package.namelist() if "chart" in name]


def test_a_long_text_gets_room_for_its_lines() -> None:
    table = Table("t", "c", (Column("Metode", numeric=False), Column("Uger"), Column("Svaghed", numeric=False)), (
        Row((text_cell("A"), Cell("1", 1, "count"), text_cell("ord " * 60))),
        Row((text_cell("B"), Cell("2", 2, "count"), text_cell("kort")))), number=1)
    book = openpyxl.load_workbook(io.BytesIO(as_excel.render(Document("t", "da", "a", (), (table,)))))
    sheet = book.worksheets[1]
    assert sheet.row_dimensions[5].height == pytest.approx(14 * 5, abs=1), "240 letters in a column of 56"
    assert sheet.row_dimensions[6].height is None


def test_a_chart_of_shares_is_in_per_cent_also_beside_counts() -> None:
    columns = (Column("Uge"), Column("Andel", "A"), Column("Antal", "A"))
    rows = tuple(Row((Cell(str(week), week, "count"), Cell("50,0", 0.5, "percent", 1), Cell("9", 9, "count")))
                 for week in (0, 4))
    data = Table("t", "c", columns, rows, unit="pct.")
    figure = Figure("f", "Kurver", "alt", {"usermeta": {"gevinst": "survival"}}, data, number=1)
    made = as_excel.render(Document("t", "da", "a", (), (figure,)))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert '<c:max val="1"/>' in chart
    assert 'formatCode="0%"' in chart
    assert chart.count("<c:ser>") == 1, "the counts are not drawn"


def test_the_lines_round_a_table_are_broken_within_it() -> None:
    note = "Grænserne er programmets forslag og kan ændres i opsætningen. " * 4
    table = Table("t", "c", (Column("Post", numeric=False), Column("Antal"), Column("Fil", numeric=False)),
                  (Row((text_cell("A"), Cell("1", 1, "count"), text_cell("a.csv"))),), note=note, number=1)
    figure = Figure("f", "Kurver", "alt", {"usermeta": {"gevinst": "columns"}}, table, number=1)
    book = openpyxl.load_workbook(io.BytesIO(as_excel.render(Document("t", "da", "a", (), (table, figure)))))
    alone, charted = book.worksheets[1:]
    for sheet, last in ((alone, "G"), (charted, "C")):
        (area,) = (each for each in sheet.merged_cells.ranges if str(each).startswith("A7"))
        assert str(area) == f"A7:{last}7", "no further than its chart"
        assert sheet["A7"].alignment.wrap_text
        assert sheet.row_dimensions[7].height > 14 * 2
    assert alone["C5"].alignment.indent == 1, "words do not stand against the number before them"
    assert alone["A5"].alignment.indent == 0


def test_steps_and_bands_are_columns_and_a_wide_tables_chart_stands_below_it() -> None:
    columns = (Column("Trin", numeric=False), Column("Beløb"), Column("fra", "95 %"), Column("til", "95 %"))
    rows = tuple(Row((text_cell(name), *[Cell("1", 1, "number", 1)] * 3)) for name in ("Budget", "Resultat"))
    narrow = Table("t", "c", columns, rows)
    wide = replace(narrow, columns=(replace(columns[0], header="T" * 56), *columns[1:]))
    figures = (Figure("w", "Trin", "alt", {"usermeta": {"gevinst": "waterfall"}}, narrow, number=1),
               Figure("f", "Vifte", "alt", {"usermeta": {"gevinst": "fan"}}, wide, number=2))
    with zipfile.ZipFile(io.BytesIO(as_excel.render(Document("t", "da", "a", (), figures)))) as package:
        charts = [package.read(f"xl/charts/chart{at}.xml").decode() for at in (1, 2)]
        places = [package.read(f"xl/drawings/drawing{at}.xml").decode() for at in (1, 2)]
    assert all("<c:barChart>" in chart for chart in charts)
    assert [chart.count("<c:ser>") for chart in charts] == [2, 1], "a band has no column of its own"
    corners = [re.search(r"<xdr:from><xdr:col>(\d+)</xdr:col>.*?<xdr:row>(\d+)</xdr:row>", place) for place in places]
    assert [corner.groups() for corner in corners if corner] == [("5", "3"), ("0", "9")]


def test_a_blank_behind_a_chart_is_empty_not_a_dash(book: Any) -> None:
    sheet = book["Fig. 1 Deltagere"]
    assert sheet["A18"].value == 52
    assert sheet["B18"].value is None
    assert book["4 Antal forløb under risiko"]["N6"].value == "–"


def test_the_same_memo_gives_the_same_bytes(data: bytes, danish: Document) -> None:
    assert as_excel.render(danish) == data
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.properties.title == "Kvartalsvis opfølgning på investeringer"
    assert str(book.properties.created) == "2021-11-26 11:00:00"


def test_english(english: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_excel.render(english)))
    assert book.sheetnames[0] == "Overview"
    assert book.worksheets[3]["C6"].number_format == "0.0%"


@pytest.mark.parametrize("caption", [
    "a/b\\c:d*e?f[g]h", "'citat'", "History", "Overblik", "x" * 60, "Æ ø å " * 20, "", "  ", "''''"])
def test_sheet_names_are_what_excel_accepts(caption: str) -> None:
    taken = {"overblik"}
    names = [sheet_name("", caption, taken) for _ in range(12)]
    assert len({name.casefold() for name in names} | {"overblik"}) == 13
    for name in names:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"
