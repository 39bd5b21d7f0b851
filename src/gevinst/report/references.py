"""Numbers on tables and figures, and references to them in the text.

A text says `table_ref("overview")`; the number is not known before the whole memo is laid out. `numbered` gives
tables and figures their numbers in the order they stand, each number once, and puts them where they are
referred to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from gevinst.language import NO_BREAK, current, say
from gevinst.report.tree import Block, Bullets, Cell, Figure, Heading, Paragraph, Row, Table
from gevinst.report.typography import typeset

# Two characters of Unicode's private use area, so that no word in a business case can look like a reference.
_OPEN, _CLOSE = "\ue000", "\ue001"
_REFERENCE = re.compile(f"{_OPEN}(table|figure):([^{_CLOSE}]*){_CLOSE}")


def table_ref(key: str) -> str:
    """What stands in a text for "Tabel 3" until the tables are numbered."""
    return f"{_OPEN}table:{key}{_CLOSE}"


def figure_ref(key: str) -> str:
    """What stands in a text for "Figur 2" until the figures are numbered."""
    return f"{_OPEN}figure:{key}{_CLOSE}"


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with tables and figures numbered, and references filled in. Renderers print the number.

    Raises `ValueError` where two tables or two figures have one key, and for a reference to what is not there:
    faults of the memo's own code, not of anything a user has written.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     text, table = numbered([Paragraph(f"{table_ref('a')} viser"), Table("a", "Beløb", (), ())])
    >>> text.text, table.number
    ('Tabel\\xa01 viser', 1)
    """
    laid_out = list(blocks)
    numbers: dict[tuple[str, str], int] = {}
    counted = {"table": 0, "figure": 0}
    for block in laid_out:
        if isinstance(block, Table | Figure):
            kind = "table" if isinstance(block, Table) else "figure"
            if (kind, block.key) in numbers:
                raise ValueError(f"two {kind}s have the key {block.key!r}")
            counted[kind] += 1
            numbers[kind, block.key] = counted[kind]
    return tuple(_filled(block, numbers) for block in laid_out)


def _filled(block: Block, numbers: dict[tuple[str, str], int]) -> Block:
    def fill(text: str) -> str:
        return typeset(_REFERENCE.sub(lambda found: _named(found, numbers), text))

    if isinstance(block, Paragraph | Heading):
        return replace(block, text=fill(block.text))
    if isinstance(block, Bullets):
        return replace(block, items=tuple(fill(item) for item in block.items))
    if isinstance(block, Table):
        return replace(_set(block, fill), number=numbers["table", block.key])
    if isinstance(block, Figure):
        return replace(block, number=numbers["figure", block.key], caption=fill(block.caption), alt=fill(block.alt),
                       note=fill(block.note), source=fill(block.source),
                       data=None if block.data is None else _set(block.data, fill))
    return block


def _set(table: Table, fill: Callable[[str], str]) -> Table:
    """The table with every text filled in; numbers stay as they are."""
    columns = tuple(replace(column, header=fill(column.header), group=fill(column.group)) for column in table.columns)
    rows = tuple(Row(tuple(_words(cell, fill) for cell in row.cells), row.kind) for row in table.rows)
    return replace(table, caption=fill(table.caption), columns=columns, rows=rows, note=fill(table.note),
                   source=fill(table.source))


def _words(cell: Cell, fill: Callable[[str], str]) -> Cell:
    return replace(cell, text=fill(cell.text)) if cell.kind == "text" and cell.text else cell


def _named(found: re.Match[str], numbers: dict[tuple[str, str], int]) -> str:
    """The reference in words; in Danish with a small letter inside a sentence."""
    kind, key = found[1], found[2]
    if (kind, key) not in numbers:
        raise ValueError(f"the memo refers to the {kind} {key!r}, which is not in it")
    word = say(da="Tabel", en="Table") if kind == "table" else say(da="Figur", en="Figure")
    before = found.string[: found.start()].rstrip()
    inside = before != "" and before[-1] not in ".!?"
    return f"{word.lower() if inside and current() == 'da' else word}{NO_BREAK}{numbers[kind, key]}"
