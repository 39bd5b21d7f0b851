"""What the reader of workbooks does not tell of a sheet: where errors stand (#N/A, #REF!), and how far it reaches.

Errors come as empty cells, and an end date of #N/A must not become "still running". And a stray cell in the last
corner makes a sheet of 17 billion cells, which would take all memory there is. Only xlsx and xlsm are looked into:
their sheets are XML, in which a cell with an error has `t="e"`.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from gevinst.errors import DAMAGED_PACKAGE

SUFFIXES = (".xlsx", ".xlsm")
_BLOCK = 1 << 20
_LARGEST = 1 << 24  # bytes of the lists of sheets; a real one has some thousands
_ERROR = b't="e"'
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"[^>]*>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*\br="(\d{1,7})"')
_FAR = re.compile(rb'\br="([A-Z]{2,3})\d')  # a cell from the 27th column on
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")


@dataclass(frozen=True)
class SheetScan:
    """How many rows and columns a sheet reaches over, at least, and row and column (from 0) of its error cells."""

    rows: int = 0
    columns: int = 0
    errors: tuple[tuple[int, int], ...] = ()


def scan_sheet(path: Path, sheet: int) -> SheetScan:
    """Look through the workbook's sheet number `sheet` (from 0).

    Nothing is found in other kinds of workbook, nor in one that is damaged: then reading it fails anyway.
    """
    if path.suffix.lower() not in SUFFIXES:
        return SheetScan()
    try:
        with zipfile.ZipFile(path) as book:
            name = _sheet_file(book, sheet)
            return _scan(book, name) if name else SheetScan()
    except (*DAMAGED_PACKAGE, KeyError, OSError, ValueError):
        return SheetScan()


def _sheet_file(book: zipfile.ZipFile, sheet: int) -> str | None:
    """Where in the zip file the sheet lies."""
    sheets = _SHEET.findall(_text(book, "xl/workbook.xml"))
    if sheet >= len(sheets):
        return None
    wanted = _attribute(sheets[sheet], r"\w+:id")
    for relation in _RELATION.findall(_text(book, "xl/_rels/workbook.xml.rels")):
        if _attribute(relation, "Id") == wanted:
            target = _attribute(relation, "Target")
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return None


def _text(book: zipfile.ZipFile, name: str) -> str:
    with book.open(name) as file:
        return file.read(_LARGEST).decode("utf-8", "replace")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _scan(book: zipfile.ZipFile, name: str) -> SheetScan:
    errors: list[tuple[int, int]] = []
    far: set[bytes] = set()
    rows, rest = 0, b""
    with book.open(name) as file:
        while block := file.read(_BLOCK):
            data = rest + block
            rows = max(rows, max(map(int, _ROW.findall(data)), default=0))
            far.update(_FAR.findall(data))
            if _ERROR in data:
                errors += [_place(place[1], place[2]) for cell in _CELL.findall(data)
                           if (place := _PLACE.search(cell))]
            cut = data.rfind(b"<")  # a tag that goes on in the next block
            rest = data[cut:] if cut > data.rfind(b">") else b""
    columns = max((_place(letters, b"1")[1] + 1 for letters in far), default=26)
    return SheetScan(rows, columns, tuple(errors))


def _place(letters: bytes, row: bytes) -> tuple[int, int]:
    """Row and column from 0.

    >>> _place(b"AA", b"10")
    (9, 26)
    """
    column = 0
    for letter in letters:
        column = column * 26 + letter - ord("A") + 1
    return int(row) - 1, column - 1
