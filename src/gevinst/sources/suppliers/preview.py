"""A mapping tried on its file: the first rows as they would become, and what would be left out and why.

Ids are never shown. The rows are held against the same checks as an import; what needs all files together (unknown
persons, overlaps, repeats) is only seen there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gevinst.sources.cells import HIDDEN, UNIX_DAY, holds_cpr, shown
from gevinst.sources.checks import Rules, check_rows
from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser
from gevinst.sources.records import Rows
from gevinst.sources.report import Note, Reject, note
from gevinst.sources.suppliers.mapped_source import MappedSource
from gevinst.sources.suppliers.mapping import FileMapping
from gevinst.tables import CONTRACTS

SHOWN_ROWS = 20
LONGEST = 24  # characters of a cell
_PLAIN = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|[-+]?[\d.]{1,9}([.,]\d{1,6})?-?", re.ASCII)


@dataclass(frozen=True)
class PreviewRow:
    """A row: its line or sheet row, its cells (none where the mapping itself refused it), and why it is left out."""

    line: int
    cells: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    """What a mapping makes of a file. `rows` are those that are not filtered out; `rejected` of them are refused, by
    `reasons`; `first` are the first of them."""

    columns: tuple[str, ...]
    first: tuple[PreviewRow, ...]
    rows: int
    rejected: int
    reasons: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...]


def preview(path: Path, mapping: FileMapping, *, benefit_of: Callable[[str], str | None], today: date,
            most: int = SHOWN_ROWS) -> Preview:
    """Read the file by the mapping, to its end. Raises the errors of `MappedSource`."""
    source = MappedSource(path, mapping)
    contract = CONTRACTS[mapping.table]
    rules = Rules(path.name, contract, today.toordinal() - UNIX_DAY, benefit_of, Pseudonymiser(IN_MEMORY_KEY))
    ids = {column.name for column in contract.columns if column.type == "person"}
    first: list[PreviewRow] = []
    reasons, noted = Counter[str](), Counter[str]()
    rows = rejected = 0
    for piece in source.rows():
        checked = check_rows(piece, rules)
        rows += checked.rows
        rejected += len(checked.rejects)
        noted += checked.noted
        for one in checked.rejects:
            reasons[one.reason()] += 1
        if len(first) < most:
            first += _shown(piece, {one.line: one for one in checked.rejects}, ids, most - len(first))
    notes = (*source.notes, *(note(code, rows=times) for code, times in sorted(noted.items())))
    ranked = tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))
    return Preview(source.layout.names, tuple(first), rows, rejected, ranked, notes)


def _shown(piece: Rows, rejects: dict[int, Reject], ids: set[str], most: int) -> list[PreviewRow]:
    """The first rows of a piece, those that are no rows with their reasons."""
    lines = sorted([*piece.lines[:most].tolist(), *(one.line for one in piece.unread[:most])])[:most]
    place_of = {line: place for place, line in enumerate(piece.lines[:most].tolist())}
    return [PreviewRow(line, _cells(piece, place_of[line], ids) if line in place_of else (),
                       rejects[line].reason() if line in rejects else "") for line in lines]


def _cells(piece: Rows, place: int, ids: set[str]) -> tuple[str, ...]:
    found = []
    for name in piece.cells.column_names:
        text = piece.cells[name][place].as_py() or ""
        plain = _PLAIN.fullmatch(text) is not None and not holds_cpr(text)  # a day or an amount, which nobody hides
        found.append((HIDDEN if text else "") if name in ids else text if plain else shown(text, LONGEST))
    return tuple(found)
