"""Workbooks that claim to hold more than a machine has room for, made from a sound one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineError

from gevinst.errors import GevinstError
from gevinst.register.workbook_reader import open_sheets
from gevinst.sources.sheet_bounds import MOST_CELLS, counts, open_workbook, sheet_areas

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def sound(rows: int = 3) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet("Ark1")
        for row in range(rows):
            page.write_row(row, 0, ["a", row, "b"])
    return made.getvalue()


def changed(member: str, before: bytes, after: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound())) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            assert name != member or before in content
            new.writestr(name, content.replace(before, after) if name == member else content)
    return made.getvalue()


FAR = {
    "a row far away": changed(SHEET, b'r="A3"', b'r="A999999999"'),
    "a column far away": changed(SHEET, b'r="A3"', b'r="ZZZZZZZ3"'),
    "a corner far away": changed(SHEET, b'r="A3"', b'r="XFD1048576"'),
    "texts without end": changed(TEXTS, b'uniqueCount="2"', b'uniqueCount="1010123456789"'),
}


@pytest.mark.parametrize("case", FAR)
def test_more_than_there_can_be_is_refused_and_the_process_lives(case: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(FAR[case])
    for source in (path, FAR[case]):
        with pytest.raises(CalamineError):
            open_workbook(source)
    with pytest.raises(GevinstError) as fault:
        open_sheets(path)
    assert fault.value.code == "register.not-a-workbook"


def test_a_sound_workbook_is_opened_and_measured(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(sound(40))
    assert sheet_areas(path) == sheet_areas(path.read_bytes()) == [120]
    assert 0 < max(counts(path)) < MOST_CELLS
    assert open_workbook(path).get_sheet_by_index(0).to_python()[39] == ["a", 39.0, "b"]
    assert open_workbook(path.read_bytes()).sheet_names == ["Ark1"]


def test_what_is_no_package_is_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 and no more")
    assert sheet_areas(tmp_path / "x.xlsx") == counts(tmp_path / "x.xlsx") == []
    with pytest.raises(CalamineError):
        open_workbook(tmp_path / "x.xlsx")
