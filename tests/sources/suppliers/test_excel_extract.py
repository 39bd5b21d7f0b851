"""Workbooks written by other programs' libraries, read row by row: nothing lost, nothing guessed."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.sources.suppliers.excel_extract import CHUNK, cell_text
from tests.sources.suppliers.mapping_cases import mapping, notes_of, read_all

SIMPLE = "columns: {person_id: {from: CPR, cpr: true}, benefit: Ydelse, start_date: Start, end_date: Slut}\n"
HEADER = ["CPR", "Ydelse", "Start", "Slut"]
ROW = ["010190-1234", "su", date(2021, 1, 1), date(2021, 1, 31)]
READ = ("010190-1234", "su", "2021-01-01", "2021-01-31")


def sheet_of(path: Path, rows: Sequence[Sequence[Any]], *, merge: Sequence[str] = ()) -> Path:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    for cells in merge:
        page.merge_cells(cells)
    book.save(path)
    return path


def ods_of(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """An OpenDocument spreadsheet as LibreOffice writes it, as far as cells go."""
    def cell(value: Any) -> str:
        match value:
            case None:
                return "<table:table-cell/>"
            case date():
                return (f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
                        f"<text:p>{value:%d-%m-%y}</text:p></table:table-cell>")
            case float() | int():
                return (f'<table:table-cell office:value-type="float" office:value="{value}">'
                        f"<text:p>{value}</text:p></table:table-cell>")
            case _:
                return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
                    for name, space in (("office", "office"), ("table", "table"), ("text", "text")))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", kind)
        file.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:'
                      'names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
                      f'manifest:media-type="{kind}"/></manifest:manifest>')
        file.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names} '
                      'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Ark1">'
                      f"{body}</table:table></office:spreadsheet></office:body></office:document-content>")
    return path


def fault_of(call: Callable[[], object]) -> GevinstError:
    with pytest.raises(GevinstError) as caught:
        call()
    assert all("{" not in caught.value.message(language).what for language in LANGUAGES)
    return caught.value


@pytest.mark.parametrize("writer", [sheet_of, ods_of])
def test_rows_by_the_sheet_s_own_numbers(tmp_path: Path, writer: Callable[..., Path]) -> None:
    rows = [["Forløb i jobcentret"], [], ["Dannet", date(2024, 2, 1)], [], HEADER, ROW,
            [101901234, " SU ", date(2021, 1, 1), None], [None] * 4,
            ["0201901234", "su", "01-02-2021", date(9999, 12, 31)], ["I alt", None, None, 3]]
    path = writer(tmp_path / f"udtræk.{'ods' if writer is ods_of else 'xlsx'}", rows)
    by = mapping(tmp_path / "m", SIMPLE.replace("Start,", "{from: Start, date: dd-mm-yyyy},"))
    read, refused, source = read_all(path, by)
    assert read == [(6, *READ), (7, "0101901234", "SU", "2021-01-01", None),
                    (9, "0201901234", "su", "2021-02-01", "9999-12-31")]
    assert refused == [(10, "person_id", "NOT_CPR", "")]
    assert notes_of(source) == {"intake.blank-rows": {"rows": 1}, "intake.zero-restored": {"rows": 1}}


def test_a_number_that_the_spreadsheet_rounded_is_no_id(tmp_path: Path) -> None:
    """As text, as such a number is left in a file; the checks refuse it as a rounded id."""
    by = mapping(tmp_path / "m", "columns: {person_id: Nr}\n", table="persons")
    path = sheet_of(tmp_path / "udtræk.xlsx", [["Nr"], ["1.01701E+09"], [1234567890123456.0]])
    assert [row[1] for row in read_all(path, by)[0]] == ["1.01701E+09", "1.234568E+15"]


@pytest.mark.parametrize(("value", "text"), [
    (101701234.0, "101701234"), (-3.0, "-3"), (0.1 + 0.2, "0.3"), (6.7, "6.7"), (1e-7, "0.0000001"),
    (1e15, "1.000000E+15"), (999999999999999.0, "999999999999999"), (float("nan"), "NAN"), (True, "1"), (False, "0"),
    ("", ""), (None, ""), (datetime.combine(date(2021, 12, 31), time()), "2021-12-31"),
    (datetime.combine(date(2021, 12, 31), time(0, 0, 1)), "2021-12-31 00:00:01"), (time(1, 2), "01:02:00"),
    (timedelta(hours=30), "1 day, 6:00:00"),
    (date(9999, 12, 31), "9999-12-31"), ("0101901234", "0101901234"),
])  # fmt: skip
def test_cells_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_cells_merged_over_rows_stand_for_all_of_them(tmp_path: Path) -> None:
    rows = [HEADER, ROW, [None, "sygedagpenge", *ROW[2:]], [None, "barsel", *ROW[2:]], ["020190-1234", *ROW[1:]],
            [None, *ROW[1:]], ["Afdeling Nord"]]
    path = sheet_of(tmp_path / "udtræk.xlsx", rows, merge=["A2:A4", "A7:D7", "F1:F9"])
    read, refused, source = read_all(path, mapping(tmp_path / "m", SIMPLE))
    assert [(row[0], row[1], row[2]) for row in read] == [
        (2, "010190-1234", "su"), (3, "010190-1234", "sygedagpenge"), (4, "010190-1234", "barsel"),
        (5, "020190-1234", "su"), (6, None, "su")]
    assert [one[:3] for one in refused] == [(7, "person_id", "NOT_CPR")]
    assert notes_of(source) == {"merged-cells": {"rows": 2}}


def test_a_merged_cell_goes_on_in_the_next_piece_of_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "udtræk.xlsx"
    last = CHUNK + 3  # rows from 1
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.merge_range(CHUNK - 2, 0, last - 1, 0, "010190-1234")
        for row in range(1, last + 1):
            page.write_row(row, 1, ["su", "2021-01-01"])
            if row < CHUNK - 2 or row >= last:
                page.write(row, 0, "020190-1234")
    read, refused, source = read_all(path, mapping(tmp_path / "m", SIMPLE))
    assert not refused
    assert [row[0] for row in read] == list(range(2, last + 2))
    assert [row[0] for row in read if row[1] == "010190-1234"] == list(range(CHUNK - 1, last + 1))
    assert notes_of(source)["merged-cells"]["rows"] == last - CHUNK + 1


def test_an_error_in_a_cell_is_refused_and_not_empty(tmp_path: Path) -> None:
    """The end date of row 2 is #N/A: it is not known, which is not "still running"."""
    path = tmp_path / "udtræk.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Noter").write_formula(0, 0, "=NA()", None, "#N/A")
        page = book.add_worksheet("Forløb & <mere>")
        page.write_row(1, 1, HEADER)
        for row, value in enumerate(("#N/A", "#DIV/0!", "2021-01-31"), start=2):
            page.write_row(row, 1, ["010190-1234", "su", "2021-01-01"])
            page.write_formula(row, 4, "=A1", None, value)
    read, refused, _ = read_all(path, mapping(tmp_path / "m", SIMPLE + "sheet: Forløb & <mere>\n"))
    assert read == [(5, *READ)]
    assert refused == [(3, "end_date", "ERROR_CELL", ""), (4, "end_date", "ERROR_CELL", "")]
    assert read_all(path, mapping(tmp_path / "m", SIMPLE + "sheet: '2'\n"))[0] == read


def test_which_sheet(tmp_path: Path) -> None:
    path = tmp_path / "udtræk.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Forside"
    hidden = book.create_sheet("Gammelt")
    hidden.sheet_state = "hidden"
    for page in (hidden, book.create_sheet("Forløb")):
        page.append(HEADER)
        page.append(ROW if page.title == "Forløb" else ["020190-1234", *ROW[1:]])
    book.save(path)
    simple = mapping(tmp_path / "m", SIMPLE)
    assert read_all(path, simple)[0] == [(2, *READ)]
    assert read_all(path, mapping(tmp_path / "m", SIMPLE + "sheet: gammelt\n"))[0][0][1] == "020190-1234"
    found = fault_of(lambda: read_all(path, mapping(tmp_path / "m", SIMPLE + "sheet: Fors\n")))
    assert (found.code, found.values["sheets"]) == ("mapping.no-sheet", "Forside, Gammelt, Forløb")
    hidden.sheet_state = "visible"
    book.save(path)
    found = fault_of(lambda: read_all(path, simple))
    assert (found.code, found.values["sheets"]) == ("mapping.two-sheets", "Gammelt, Forløb")


def test_the_header_s_row_may_be_told(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "udtræk.xlsx", [HEADER, ROW, [], HEADER, ["020190-1234", *ROW[1:]]])
    by = mapping(tmp_path / "m", SIMPLE + "header_row: 4\n")
    assert [(row[0], row[1]) for row in read_all(path, by)[0]] == [(5, "020190-1234")]
    for row, code in ((3, "header-row"), (99, "header-row")):
        by = mapping(tmp_path / "m", SIMPLE + f"header_row: {row}\n")
        assert fault_of(lambda by=by: read_all(path, by)).code == f"mapping.{code}"


def test_a_changed_layout_is_named_with_its_sheet(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "udtræk.xlsx", [["Titel"], ["CPR", "Ydelsen", "Start", "Slut"], ROW])
    found = fault_of(lambda: read_all(path, mapping(tmp_path / "m", SIMPLE)))
    assert (found.code, found.where) == ("mapping.columns-gone", "udtræk.xlsx, Sheet:2")
    assert found.values["columns"] == "Ydelse (≈ Ydelsen)"
    nothing = sheet_of(tmp_path / "udtræk 2.xlsx", [ROW])
    found = fault_of(lambda: read_all(nothing, mapping(tmp_path / "m", SIMPLE)))
    assert found.code == "mapping.no-header"
    assert "0190" not in str(found)


def test_a_stray_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "udtræk.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, ["010190-1234", "su", "2021-01-01", "2021-01-31"])
        page.write(1_048_575, 16_383, "x")
    found = fault_of(lambda: read_all(path, mapping(tmp_path / "m", SIMPLE)))
    assert (found.code, found.values) == ("mapping.sheet-too-large", {"rows": 1_048_576, "columns": 16_384})


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "udtræk.xlsx"
    path.write_bytes(locked_workbook())
    assert fault_of(lambda: read_all(path, mapping(tmp_path / "m", SIMPLE))).code == "mapping.workbook-locked"


def locked_workbook() -> bytes:
    """A compound file, as Office encrypts workbooks: two streams, EncryptionInfo and EncryptedPackage, empty here."""
    free, end, fat_mark, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    head = struct.pack("<8s16x5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        text = f"{name}\0".encode("utf-16-le")
        return (text.ljust(64, b"\0") + struct.pack("<HBB3I36xIQ", len(text), kind, 1, none, right, child, start, size))

    directory = (entry("Root Entry", 5, none, 1, end, 0) + entry("EncryptionInfo", 2, 2, none, 2, 4096)
                 + entry("EncryptedPackage", 2, none, none, 10, 4096) + entry("", 0, none, none, 0, 0))
    chains = [fat_mark, end, *range(3, 10), end, *range(11, 18), end]
    fat = struct.pack("<128I", *chains, *[free] * (128 - len(chains)))
    return head + fat + directory + bytes(16 * 512)


def test_what_is_no_workbook(tmp_path: Path) -> None:
    by = mapping(tmp_path / "m", SIMPLE)
    good = io.BytesIO()
    book = openpyxl.Workbook()
    book.save(good)
    for name, content in (("a.xlsx", b"CPR;Ydelse\n"), ("b.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
                          ("c.ods", b"PK\x03\x04"), ("d.xlsx", good.getvalue()[:-200]), ("e.xlsb", good.getvalue())):
        (tmp_path / f"udtræk {name}").write_bytes(content)
        found = fault_of(lambda name=name: read_all(tmp_path / f"udtræk {name}", by))
        assert found.code in ("mapping.workbook-unreadable", "mapping.no-header"), name
    (tmp_path / "udtræk.xlsx").write_bytes(good.getvalue())
    assert fault_of(lambda: read_all(tmp_path / "udtræk.xlsx", by)).code == "mapping.no-header"
