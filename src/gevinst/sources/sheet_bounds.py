"""Workbooks that claim to hold more than there is memory for are refused before they are opened.

The reader makes room for as many texts as the file says it has, and for the whole rectangle between a sheet's outermost
cells. Where that is more than the machine has it ends the process, which nothing can catch. Only a damaged or a hostile
file says such a thing.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from gevinst.errors import DAMAGED_PACKAGE

MOST_CELLS = 100_000_000
"""Cells of one sheet's rectangle, empty ones too: 3 GB, and a hundred columns of every row that Excel has."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_PLACE = re.compile(rb"""[\s<:]r\s*=\s*["']\s*([A-Za-z]*)(\d*)""")
_COUNT = re.compile(rb"""[cC]ount\s*=\s*["']\s*(\d+)""")
_PIECE = 1 << 20
_OVERLAP = 64  # bytes: longer than any place


def open_workbook(source: Path | bytes, *, measured: bool = True) -> CalamineWorkbook:
    """The workbook in a file or in memory. Raises `CalamineError` where it cannot be read, and `OSError`.

    Without `measured` the caller looks at how far each sheet reaches (`sheet_scan.scan_sheet`) before reading it.
    """
    if any(cells > MOST_CELLS for cells in (*(sheet_areas(source) if measured else ()), *counts(source))):
        raise CalamineError("more cells than there can be")
    return CalamineWorkbook.from_path(source) if isinstance(source, Path) else (
        CalamineWorkbook.from_filelike(io.BytesIO(source)))


def sheet_areas(source: Path | bytes) -> list[int]:
    """The cells of the rectangle that each sheet of an .xlsx spans; empty where it is another kind, or damaged."""
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as package:
            return [_area(package, name) for name in package.namelist() if _SHEET.fullmatch(name)]
    except DAMAGED_PACKAGE:  # the reader says so itself, in its own way
        return []


def counts(source: Path | bytes) -> list[int]:
    """How many texts and styles an .xlsx says it has, and whatever else it counts; empty as `sheet_areas`."""
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as package:
            return [int(figures[:12]) for name in package.namelist() if name.startswith("xl/") and name.endswith(".xml")
                    for figures in _COUNT.findall(_beginning(package, name))]
    except DAMAGED_PACKAGE:
        return []


def _beginning(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(_PIECE)


def _area(package: zipfile.ZipFile, name: str) -> int:
    rows: set[int] = set()
    columns: set[int] = set()
    with package.open(name) as sheet:
        kept = b""
        while piece := sheet.read(_PIECE):
            text = kept + piece
            for letters, figures in _PLACE.findall(text):
                if not figures:  # the name of a namespace, which begins like a place
                    continue
                rows.add(int(figures[:12]))
                if letters:
                    columns.add(_column(letters))
            kept = text[-_OVERLAP:]
            rows, columns = ({min(some), max(some)} if some else some for some in (rows, columns))
    return _span(rows) * _span(columns)


def _span(found: set[int]) -> int:
    return max(found) - min(found) + 1 if found else 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number
