"""The first line of a file: which columns are there, and by which sign they are parted."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gevinst.errors import GevinstError
from gevinst.sources.cells import HIDDEN, shown
from gevinst.tables import Contract

SEPARATORS = (";", ",", "\t")
STORED_NAMES = {"person", "replicate", "left_week", "line", "check"}  # what an open column may not be called

# Words that Danish extracts use for these columns, and that cannot mean another one.
ALIASES = {
    "cpr": "person_id", "cpr_nr": "person_id", "cprnr": "person_id", "cpr_nummer": "person_id",
    "cprnummer": "person_id", "borger_id": "person_id", "ydelse": "benefit", "startdato": "start_date",
    "start_dato": "start_date", "slutdato": "end_date", "slut_dato": "end_date", "investering": "investment",
    "beløb_kr": "amount_dkk", "beloeb_kr": "amount_dkk", "kommune": "municipality", "kommunenr": "municipality",
    "kommunenummer": "municipality", "kommune_nr": "municipality", "bogføringsdato": "date", "konto": "account",
    "posteringstekst": "text",
}


@dataclass(frozen=True)
class Layout:
    """Which column of a file is which.

    `width` is the number of fields in the header; `wanted` the columns to read, as (position, name), those of
    the contract first; `dropped` the names of columns that are not kept.
    """

    width: int
    wanted: tuple[tuple[int, str], ...]
    dropped: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns to read, in the order they are delivered."""
        return tuple(name for _, name in self.wanted)


def plain_name(cell: str) -> str:
    """A column's name as it is compared: small letters, `_` between words.

    >>> plain_name(" Person ID "), plain_name("Start-Date")
    ('person_id', 'start_date')
    """
    return "_".join(cell.replace("-", " ").replace("_", " ").casefold().split())


def known_name(cell: str, contract: Contract) -> str:
    """The contract's name for a header cell: its own, or a Danish word for it; else the plain name."""
    name = plain_name(cell)
    columns = {column.name for column in contract.columns}
    meant = ALIASES.get(name, name)
    return meant if name not in columns and meant in columns else name


def split_header(line: str, contract: Contract) -> tuple[str, list[str]]:
    """The separator, and the header's cells: the sign under which most of the contract's columns are found."""
    columns = {column.name for column in contract.columns}

    def hits(sign: str) -> int:
        return len({known_name(cell, contract) for cell in _cells(line, sign)} & columns)

    separator = max(SEPARATORS, key=hits)
    return separator, _cells(line, separator)


def _cells(line: str, sign: str) -> list[str]:
    return next(csv.reader([line], delimiter=sign), [])


def layout(cells: Sequence[str], contract: Contract, where: str) -> Layout:
    """Place the columns of a header.

    Raises `intake.no-header`, `intake.missing-columns`, `intake.duplicate-columns`, `intake.reserved-column` and
    `intake.column-holds-id`. What stands in
    the header is only named once all required columns are found: a file without a header would otherwise have
    its first person's row printed.
    """
    names = [known_name(cell, contract) for cell in cells]
    columns = {column.name for column in contract.columns}
    missing = [column.name for column in contract.columns if column.required and column.name not in names]
    if missing:
        code = "intake.missing-columns" if set(names) & columns else "intake.no-header"
        raise GevinstError(code, where=where, columns=", ".join(missing))
    twice = [name for name, times in Counter(names).items() if times > 1 and name and _kept(name, contract)]
    if twice:
        raise GevinstError("intake.duplicate-columns", where=where, columns=", ".join(map(shown, twice)))
    order = [column.name for column in contract.columns if column.name in names]
    if contract.open:
        further = sorted(name for name in names if name and name not in columns)
        if any(HIDDEN in shown(name) for name in further):
            raise GevinstError("intake.column-holds-id", where=where)
        reserved = [name for name in further if name in STORED_NAMES]
        if reserved:
            raise GevinstError("intake.reserved-column", where=where, columns=", ".join(reserved))
        order += further
    dropped = sorted({shown(name) or "?" for name in names if name not in order})
    return Layout(len(cells), tuple((names.index(name), name) for name in order), tuple(dropped))


def _kept(name: str, contract: Contract) -> bool:
    return contract.open or name in {column.name for column in contract.columns}
