"""The header of a ledger's file or sheet: which line it is, and which column is which."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.header import SEPARATORS, Layout
from gevinst.sources.suppliers.opus_layout import TELLING, OpusLayout, missing, refuse_twice
from gevinst.tables import POSTINGS

TITLE_LINES = 30  # lines above the header in which a report says what it is
_FIELD_WORDS = {"date": ("bogføringsdato", "posting date"), "amount": ("beløb", "amount"),
                "account": ("konto eller PSP-element", "account or PSP element")}


@dataclass(frozen=True)
class Header:
    """The header of a ledger's file: its line, the sign between cells, their number, and where each field stands."""

    line: int
    separator: str
    cells: tuple[str, ...]
    places: dict[str, int]


def columns_missing(fields: Iterable[str], where: str) -> GevinstError:
    """The error of a ledger that lacks columns, in words."""
    da, en = (" og ".join(_FIELD_WORDS[field][0] for field in fields),
              " and ".join(_FIELD_WORDS[field][1] for field in fields))
    return GevinstError("ledger.columns-missing", where=where, fields_da=da, fields_en=en)


def cells_of(line: str, separator: str) -> tuple[str, ...]:
    """The cells of one line; one that cannot be parted is no header."""
    try:
        return tuple(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return ()


def find_header(lines: Iterable[str], layout: OpusLayout, where: str) -> Header | None:
    """The first of the lines that names a date, an amount and an account; None where none does.

    Raises `ledger.column-twice`.
    """
    for number, line in enumerate(lines, 1):
        for separator in SEPARATORS:
            cells = cells_of(line, separator)
            places = layout.places(cells)
            if not missing(places):
                refuse_twice(cells, places, f"{where}:{number}")
                return Header(number, separator, cells, places)
    return None


def near_miss(lines: Iterable[str], layout: OpusLayout) -> tuple[str, ...]:
    """What a file lacks that is a ledger but for one column; empty where it is none at all."""
    return next((lacking for line in lines for separator in SEPARATORS
                 if (lacking := lacking_of(layout.places(cells_of(line, separator))))), ())


def lacking_of(places: Mapping[str, int]) -> tuple[str, ...]:
    """The one column that a header lacks to be a ledger's; empty where it lacks more, or could be another system's."""
    lacking = missing(places)
    return lacking if len(lacking) == 1 and any(field in places for field in TELLING) else ()


def canonical_layout(header: Header) -> Layout:
    """The columns that come out; `dropped` are the file's own that are not used."""
    used = set(header.places.values())
    dropped = sorted({shown(cell.strip()) for place, cell in enumerate(header.cells) if place not in used} - {""})
    names = tuple(enumerate(column.name for column in POSTINGS.columns))
    return Layout(len(header.cells), names, tuple(dropped))
