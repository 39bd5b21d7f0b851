"""The error cells of a worksheet (#N/A, #REF!), which the reader of workbooks gives as empty cells.

An end date of #N/A must not become "still running". Only xlsx and xlsm are looked into; their sheets are XML, in which
a cell with an error has `t="e"`.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from html import unescape
from pathlib import Path

SUFFIXES = (".xlsx", ".xlsm")
_BLOCK = 1 << 20
_LARGEST = 1 << 24  # bytes of the lists of sheets; a real one has some thousands
_ERROR = b't="e"'
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"[^>]*>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")


def error_cells(path: Path, sheet: int) -> list[tuple[int, int]]:
    """Row and column, both from 0, of each error cell of the workbook's sheet number `sheet` (from 0).

    None are found in other kinds of workbook, nor in one that is damaged: then reading it fails anyway.
    """
    if path.suffix.lower() not in SUFFIXES:
        return []
    try:
        with zipfile.ZipFile(path) as book:
            name = _sheet_file(book, sheet)
            return _scan(book, name) if name else []
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        return []


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


def _scan(book: zipfile.ZipFile, name: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    rest = b""
    with book.open(name) as file:
        while block := file.read(_BLOCK):
            data = rest + block
            if _ERROR in data:
                found += [_place(place[1], place[2]) for cell in _CELL.findall(data)
                          if (place := _PLACE.search(cell))]
            cut = data.rfind(b"<")  # a tag that goes on in the next block
            rest = data[cut:] if cut > data.rfind(b">") else b""
    return found


def _place(letters: bytes, row: bytes) -> tuple[int, int]:
    """Row and column from 0.

    >>> _place(b"AA", b"10")
    (9, 26)
    """
    column = 0
    for letter in letters:
        column = column * 26 + letter - ord("A") + 1
    return int(row) - 1, column - 1
