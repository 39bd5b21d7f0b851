"""A saved file that holds somebody's number is no published table, and is not kept.

Looked at is whatever may hold text: cells, labels, names of sheets, the workbook's properties. Of figures only whole
numbers of nine or ten figures, and none of StatBank's, which publishes amounts that long.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gevinst.errors import DAMAGED_PACKAGE, GevinstError
from gevinst.sources.cells import holds_cpr, shown
from gevinst.sources.online.answers import decoded
from gevinst.sources.online.jsonstat import is_jsonstat
from gevinst.sources.sheet_bounds import open_workbook

_TAG = re.compile(r"<[^>]*>")
_QUOTED = re.compile(r'"([^"]*)"')


def refuse_ids(path: Path, content: bytes) -> None:
    """Raise `online.holds-cpr` where a file holds something like a CPR number.

    A package of which a part is damaged cannot be searched, and is refused as `online.saved-file`.

    >>> refuse_ids(Path("y01a02.csv"), b"Periode;Antal personer\\n2021M01;1.412\\n")
    """
    try:
        found = any(holds_cpr(text) for text in _texts(path, content))
    except DAMAGED_PACKAGE as fault:
        raise GevinstError("online.saved-file", where=shown(path.name)) from fault
    if found:
        raise GevinstError("online.holds-cpr", where=shown(path.name))


def _texts(path: Path, content: bytes) -> Iterator[str]:
    match path.suffix.lower():
        case ".json":
            payload = json.loads(decoded(content))
            if is_jsonstat(payload):
                payload = {name: part for name, part in payload.items() if name != "value"}
            yield from _of_json(payload)
        case ".xlsx" | ".xls" | ".xlsb" | ".ods":
            yield from _of_workbook(content)
        case _:
            text = decoded(content)
            before, data, _ = text.partition("DATA=") if path.suffix.lower() == ".px" else (text, "", "")
            yield from _QUOTED.findall(before) if data else (text,)


def _of_json(value: Any) -> Iterator[str]:
    """The texts of a JSON value, keys among them, and its whole numbers; deep ones without recursion."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str | int):
            yield str(one)


def _of_workbook(content: bytes) -> Iterator[str]:
    book = open_workbook(content)
    yield from book.sheet_names
    for at in range(len(book.sheet_names)):
        for row in book.get_sheet_by_index(at).to_python():
            yield from _cells(row)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                if name.startswith("docProps/") or name == "meta.xml":
                    yield _TAG.sub(" ", packed.read(name).decode("utf-8", "replace"))


def _cells(row: Iterable[Any]) -> Iterator[str]:
    for cell in row:
        if isinstance(cell, str):
            yield cell
        elif isinstance(cell, int | float) and cell == cell // 1:
            yield str(int(cell))
