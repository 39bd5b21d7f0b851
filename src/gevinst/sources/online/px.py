"""PC-Axis files, which StatBank writes in Windows-1252: keywords, then the cells row by row.

https://www.scb.se/en/services/statistical-programs-for-px-files/px-file-format/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from math import prod

from gevinst.errors import GevinstError
from gevinst.sources.online.jsonstat import MOST_CELLS, VALUE

_LINE = re.compile(r'\s*([A-Z][A-Z0-9-]*)(?:\[[a-z]{2}\])?(?:\("((?:[^"])*)"(?:,"[^"]*")*\))?\s*=\s*')
_TEXT = re.compile(r'"([^"]*)"')
_CELL = re.compile(r'"[^"]*"|[^\s;,]+')
_STATEMENT = re.compile(r'(?:"[^"]*"|[^";])*;')


def is_px(text: str) -> bool:
    """Whether a text is a PC-Axis file."""
    return re.match(r"\s*(CHARSET|AXIS-VERSION|MATRIX)\s*=", text) is not None and "DATA=" in text.replace(" ", "")


def read_px(text: str, where: str) -> Iterator[dict[str, object]]:
    """One row per cell: the code (or name) of each variable, and `value` (a number, or `None`).

    Raises `online.shape`.

    >>> text = 'MATRIX="X";STUB="område";HEADING="tid";VALUES("område")="Ærø";VALUES("tid")="2020","2021";DATA=5 "..";'
    >>> list(read_px(text, ""))
    [{'område': 'Ærø', 'tid': '2020', 'value': 5.0}, {'område': 'Ærø', 'tid': '2021', 'value': None}]
    """
    names: list[str] = []
    values: dict[str, list[str]] = {}
    codes: dict[str, list[str]] = {}
    at = 0
    while (head := _LINE.match(text, at)) is not None:
        keyword, variable = head.group(1), head.group(2) or ""
        if keyword == "DATA":
            yield from _cells(text[head.end() :], names, values | codes, where)
            return
        statement = _STATEMENT.match(text, head.end())
        if statement is None:
            break
        listed = _TEXT.findall(statement.group(0))
        if keyword in {"STUB", "HEADING"} and not variable:
            names += [one for one in listed if one not in names]
        elif keyword == "VALUES":
            values.setdefault(variable, listed)
        elif keyword == "CODES":
            codes.setdefault(variable, listed)
        at = statement.end()
    raise GevinstError("online.shape", where=where, missing="DATA")


def _cells(text: str, names: list[str], codes: dict[str, list[str]], where: str) -> Iterator[dict[str, object]]:
    """The rows of the cells; STUB comes before HEADING in a well-formed file, and the last variable runs fastest."""
    missing = [name for name in names if not codes.get(name)]
    if missing or not names or prod(len(codes[name]) for name in names) > MOST_CELLS:
        raise GevinstError("online.shape", where=where, missing="VALUES, STUB, HEADING")
    found = _CELL.finditer(text)
    for place in product(*(codes[name] for name in names)):
        cell = next(found, None)
        if cell is None:
            raise GevinstError("online.shape", where=where, missing="DATA")
        yield {**dict(zip(names, place, strict=True)), VALUE: _number(cell.group(0), where)}
    if next(found, None) is not None:
        raise GevinstError("online.shape", where=where, missing="DATA")


def _number(cell: str, where: str) -> float | None:
    if cell.startswith('"') or set(cell) <= {".", "-"}:
        return None
    try:
        return float(cell)
    except ValueError:
        raise GevinstError("online.shape", where=where, missing="DATA") from None
