"""How much of a file was read: what the rules have seen, and what stands in it that they have not.

A rule is silent about what no reader found. So rows of figures that lie in no table, and pages that hold no text, are
said; else "no faults" would be said of figures that nobody has added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from gevinst.language import say
from gevinst.lint import figures
from gevinst.lint.model import Memo, Text
from gevinst.register.findings import Finding, Severity

_LEAST = 3  # figures side by side that look like a row
_MOST_NAMED = 12


@dataclass(frozen=True)
class Reading:
    """What was read: tables with figures, the figures in them, texts; how many tables have no headings that were read.

    `without` are the numbers of tables under whose caption no figures were read.
    """

    tables: int
    figures: int
    texts: int
    unnamed: int = 0
    without: tuple[str, ...] = ()

    def __str__(self) -> str:
        tables = say(da="tabel" if self.tables == 1 else "tabeller", en="table" if self.tables == 1 else "tables")
        da = [f"{self.tables} {tables} med {self.figures} tal og {self.texts} afsnit"]
        en = [f"{self.tables} {tables} with {self.figures} figures, and {self.texts} paragraphs"]
        if self.unnamed:
            da.append(f"{self.unnamed} af tabellerne uden overskrifter over kolonnerne")
            en.append(f"{self.unnamed} of the tables without headings over their columns")
        if self.without:
            named = ", ".join(self.without[:_MOST_NAMED]) + (" …" if len(self.without) > _MOST_NAMED else "")
            da.append(f"ingen tal under tabel {named}")
            en.append(f"no figures under table {named}")
        return say(da="Læst: " + "; ".join(da) + ".", en="Read: " + "; ".join(en) + ".")


def reading_of(memo: Memo) -> Reading:
    """What was read of a memo."""
    found = [table for table in memo.tables
             if any(cell.value is not None for row in table.rows for cell in row.cells)]
    cells = sum(cell.value is not None for table in found for row in table.rows for cell in row.cells)
    unnamed = sum(not any(column.name for column in table.columns) for table in found)
    numbers = dict.fromkeys(caption.number for caption in memo.captions if caption.kind == "table")
    read = {table.number for table in found}
    return Reading(len(found), cells, len(memo.texts), unnamed, tuple(one for one in numbers if one not in read))


def findings(memo: Memo) -> Iterator[Finding]:
    """Rows of figures in no table, once for each page, and pages without text."""
    pages: set[int] = set()
    for text in memo.texts:
        page = memo.places[text.where].page
        if _row(memo, text) and (page is None or page not in pages):
            pages |= set() if page is None else {page}
            yield Finding("lint.rows-unread", Severity.NOTE, text.where)
    for where in memo.blank:
        yield Finding("lint.page-unread", Severity.NOTE, where)


def _row(memo: Memo, text: Text) -> bool:
    """Half of the words at least are figures, three of them side by side, and they are no axis of a figure."""
    read = [_figure(word, memo) for word in text.text.split()]
    values = [value for value in read if value is not None]
    beside = any(None not in read[at : at + _LEAST] for at in range(len(read) - _LEAST + 1))
    return beside and 2 * len(values) >= len(read) and (len(values) < len(read) or not _axis(values))


def _figure(word: str, memo: Memo) -> Decimal | None:
    try:
        return figures.figure(word, memo.language)
    except ValueError:
        return None


def _axis(values: Sequence[Decimal]) -> bool:
    """Rising or falling all along, or the same few over and over, as under small figures side by side."""
    steps = [two > one for one, two in pairwise(values)]
    return all(steps) or not any(steps) or 2 * len(set(values)) <= len(values)
