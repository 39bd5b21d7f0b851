"""Tables saved by hand from the sources' web pages: JSON, CSV and Excel as rows by column name.

How the web pages lay out their files was not read anywhere, so the header is searched for: the first row with a column
of periods beside a curve or a count, alone or joined with the row above it (measures over weeks).
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import python_calamine

from gevinst.errors import DAMAGED_PACKAGE, GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.online.answers import decoded, is_web_page
from gevinst.sources.online.counts import count_columns
from gevinst.sources.online.shapes import Rows, read_rows
from gevinst.sources.online.survival import curve_columns
from gevinst.sources.online.values import plain_words
from gevinst.sources.sheet_bounds import open_workbook

LARGEST = 64 * 1024 * 1024
LARGEST_UNPACKED = 512 * 1024 * 1024
HEADER_WITHIN = 40
PERIOD = {"periode", "period", "tid"}
_AREA = {"område", "kommune", "area", "landsdel", "region", "geografi"}

Cells = Sequence[Sequence[Any]]


def read_saved(path: Path, content: bytes) -> Rows:
    """The rows of a saved file of curves or counts.

    Raises `online.saved-file` (another kind of file), `online.web-page`, `online.empty`, `online.not-json`,
    `online.shape` and `online.no-header`.
    """
    where = shown(path.name)
    if not content.strip():
        raise GevinstError("online.empty", where=where)
    match path.suffix.lower():
        case ".json":
            return _json(content, where)
        case ".csv" | ".txt" | ".tsv":
            if is_web_page("", content):
                raise GevinstError("online.web-page", where=where)
            return _headed(_csv(decoded(content), where), where)
        case ".xlsx" | ".xls" | ".xlsb" | ".ods":
            return _headed(_sheet(content, where), where)
        case _:
            raise GevinstError("online.saved-file", where=where)


def of_area(rows: Rows, area: str, where: str) -> Rows:
    """The rows of one area, where the table says which each is of. Raises `online.unknown-area`."""
    column = next((name for name in rows.columns if plain_words(name) in _AREA), None)
    if column is None:
        return rows

    def place(cell: Any) -> str:
        return plain_words(str(cell or "")).removesuffix(" kommune")

    found = tuple(row for row in rows.rows if place(row[column]) == place(area))
    if not found:
        known = list(dict.fromkeys(shown(str(row[column] or "")) for row in rows.rows))
        raise GevinstError("online.unknown-area", where=where, area=shown(area), known=", ".join(known[:12]) or "–")
    return Rows(rows.columns, found)


def _json(content: bytes, where: str) -> Rows:
    if is_web_page("", content):
        raise GevinstError("online.web-page", where=where)
    try:
        payload = json.loads(decoded(content))
    except (ValueError, RecursionError):
        raise GevinstError("online.not-json", where=where) from None
    return read_rows(payload, where)


def _csv(text: str, where: str) -> Cells:
    first = [line for line in text.splitlines()[:HEADER_WITHIN] if line.strip()]
    sign = max(";\t,", key=lambda one: max((line.count(one) for line in first), default=0))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error:
        raise GevinstError("online.saved-file", where=where) from None


def _sheet(content: bytes, where: str) -> Cells:
    """The first sheet with a header of ours; else the first."""
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                    raise GevinstError("online.too-large", where=where, limit=LARGEST_UNPACKED // (1024 * 1024))
        book = open_workbook(content)
        sheets = [book.get_sheet_by_index(at).to_python() for at in range(len(book.sheet_names))]
    except (*DAMAGED_PACKAGE, python_calamine.CalamineError, ValueError, OSError):
        raise GevinstError("online.saved-file", where=where) from None
    return next((sheet for sheet in sheets if _header(sheet) is not None), sheets[0] if sheets else [])


def _headed(cells: Cells, where: str) -> Rows:
    found = _header(cells)
    if found is None:
        raise GevinstError("online.no-header", where=where)
    at, names = found
    kept = [(place, name) for place, name in enumerate(names) if name]
    if len({name for _, name in kept}) < len(kept):
        raise GevinstError("online.shape", where=where, missing="columns[]")
    period = next(place for place, name in kept if plain_words(name) in PERIOD)
    rows: list[dict[str, Any]] = []
    for row in cells[at + 1 :]:
        if not any(_text(cell) for cell in row):
            if rows:
                break  # below a blank row stand the page's remarks
            continue
        if len(row) > period and _text(row[period]):
            rows.append({name: _cell(row[place]) if place < len(row) else None for place, name in kept})
    return Rows(tuple(name for _, name in kept), tuple(rows))


def _header(cells: Cells) -> tuple[int, list[str]] | None:
    """The row of the header and its names; those of two rows are joined, the upper one filled to the right."""
    above: list[str] = []
    for at, row in enumerate(cells[:HEADER_WITHIN]):
        here = [_text(cell) for cell in row]
        filled: list[str] = []
        for text in above:
            filled.append(text or (filled[-1] if filled else ""))
        joined = [" ".join(dict.fromkeys(part for part in pair if part)) for pair in
                  zip([*filled, *[""] * (len(here) - len(filled))], here, strict=False)]
        alone_above = [up if not down else name for up, down, name in zip(
            [*above, *[""] * (len(here) - len(above))], here, joined, strict=False)]
        for names in (here, alone_above):
            has_period = any(plain_words(name) in PERIOD for name in names)
            if has_period and (curve_columns(names) or count_columns(names)):
                return at, names
        above = here
    return None


def _text(cell: Any) -> str:
    return " ".join(str(cell).replace("\ufeff", "").split()) if cell is not None else ""


def _cell(cell: Any) -> Any:
    """A whole number that a spreadsheet made a float, such as the year 2020.0, as it is written."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
