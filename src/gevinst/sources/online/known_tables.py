"""Which table of jobindsats holds what: known, or found by text in the catalogue.

An id that is not verified is never asked on trust: the table is searched for by its words, and where the search does
not end in one table the user is shown what was found and chooses with `--table`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from gevinst.errors import GevinstError
from gevinst.parameters.marked_yaml import Node, read
from gevinst.sources.online.shapes import TableName
from gevinst.sources.online.survival import TEXT
from gevinst.sources.online.values import plain_words

Kind = Literal["survival", "counts"]
FILE = Path(__file__).parent / "tables.yaml"
SEARCHED: dict[Kind, tuple[str, ...]] = {"survival": (TEXT,), "counts": ("fuldtidspersoner",)}
MOST_SHOWN = 12


@dataclass(frozen=True)
class KnownTable:
    """A line of `tables.yaml`."""

    table: str
    words: tuple[str, ...]
    first: date | None
    last: date | None
    verified: bool


@dataclass(frozen=True)
class FoundTable:
    """A table to ask, the months it is used for, and whether it was found by its words."""

    id: str
    first: date | None = None
    last: date | None = None
    by_text: bool = False


@cache
def known_tables(kind: Kind) -> dict[str, tuple[KnownTable, ...]]:
    """The tables by benefit. Raises the file errors of `marked_yaml`."""
    found = {}
    for benefit, lines in read(FILE).mapping(("survival", "counts"))[kind].mapping().items():
        found[benefit] = tuple(_known(line) for line in lines.items())
    return found


def _known(line: Node) -> KnownTable:
    given = line.mapping(("table", "words", "confidence", "source"), ("from", "to"))
    return KnownTable(given["table"].text(), tuple(word.text() for word in given["words"].items()),
                      given["from"].day() if "from" in given else None, given["to"].day() if "to" in given else None,
                      given["confidence"].text() == "verified")


def tables_with(catalogue: Sequence[TableName], text: str) -> tuple[TableName, ...]:
    """The tables whose names hold all words of a text, by id.

    >>> tables_with((TableName("y01b01", "Overlevelseskurver", "", "A-dagpenge"),), "overlevelse a-dagpenge")[0].id
    'y01b01'
    """
    words = plain_words(text).split()
    return tuple(sorted((table for table in catalogue if all(word in table.words for word in words)),
                        key=lambda table: table.id))


def find_tables(catalogue: Sequence[TableName], kind: Kind, benefit: str, name: str = "") -> tuple[FoundTable, ...]:
    """The tables to ask for a benefit; `name` is its Danish name, searched for where `tables.yaml` has no line.

    Raises `online.no-table` (none known and none found), `online.which-table` (several found by text).
    """
    there = {table.id for table in catalogue}
    found = []
    for line in known_tables(kind).get(benefit, (KnownTable("", (name or benefit,), None, None, False),)):
        if line.verified and line.table in there:
            found.append(FoundTable(line.table, line.first, line.last))
            continue
        by_text = tables_with(catalogue, " ".join((*SEARCHED[kind], *line.words)))
        if len(by_text) > 1:  # an id that fits the pattern settles it, once its words have been seen
            by_text = tuple(one for one in by_text if one.id == line.table) or by_text
        if len(by_text) > 1:
            raise GevinstError("online.which-table", benefit=benefit, tables=_listed(by_text))
        found += [FoundTable(one.id, line.first, line.last, by_text=True) for one in by_text]
    if not found:
        near = tables_with(catalogue, SEARCHED[kind][0])
        raise GevinstError("online.no-table", benefit=benefit, tables=_listed(near) or "–")
    return tuple(dict.fromkeys(found))


def _listed(tables: Sequence[TableName]) -> str:
    names = [f"{one.id} ({one.name})" if one.name else one.id for one in tables[:MOST_SHOWN]]
    return "; ".join(names) + ("; …" if len(tables) > MOST_SHOWN else "")
