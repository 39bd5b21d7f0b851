"""A supplier's file before any mapping: where its table begins, and what its columns are called."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from gevinst.errors import GevinstError
from gevinst.sources.cells import holds_cpr, shown
from gevinst.sources.records import Rows
from gevinst.sources.suppliers.mapping import word

LOOKED_THROUGH = 100  # lines in which the header is looked for; more lines of title than this nobody writes
_FIGURES = re.compile(r"[\d\s.,:/+-]+")


class Extract(Protocol):
    """A file with its header found. `sha256` and `encoding` are final when `rows` is exhausted.

    `header` has a name for every column, no two of them alike; `where` is the file, and the sheet where there are
    some; `width` counts the columns; `filled` the cells that a merged cell was spread over.
    """

    header: tuple[str, ...]
    header_row: int
    where: str
    filled: int

    @property
    def sha256(self) -> str:
        """The checksum of the file."""

    @property
    def encoding(self) -> str:
        """How the text was written; empty for workbooks."""

    def rows(self, names: Sequence[str]) -> Iterator[Rows]:
        """The rows below the header, with these of its columns, each cell as text."""


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of a header's columns: one that stands again is numbered, an empty one is called by its place.

    >>> unique_names([" Dato ", "Navn", "dato", ""])
    ('Dato', 'Navn', 'dato (2)', '#4')
    """
    times: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"#{place}"
        times[word(name)] += 1
        names.append(name if times[word(name)] == 1 else f"{name} ({times[word(name)]})")
    return tuple(names)


def places(header: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Where the named columns stand in a header; those that do not are not in it. Capitals do not count."""
    known = {word(cell): place for place, cell in reversed(list(enumerate(header)))}
    return {name: known[word(name)] for name in names if word(name) in known}


def find_header(lines: Sequence[Sequence[str]], needed: Sequence[str]) -> int | None:
    """Which of the lines is the header: the first with all needed columns, else the one with most of them.

    With none needed it is the first line of names: as wide as most lines are, filled, and without figures.
    """
    if needed:
        hits = [len(places(unique_names(line), needed)) for line in lines]
        best = max(hits, default=0)
        return hits.index(best) if best else None
    widths = Counter(_width(line) for line in lines if _width(line))
    if not widths:
        return None
    usual = max(widths, key=lambda width: (widths[width] if width > 1 else 0, width))
    for place, line in enumerate(lines):
        if _width(line) >= min(usual, 2) and _all_names(line) and 2 * _filled(line) >= usual:
            return place
    return None


def _width(line: Sequence[str]) -> int:
    """The number of columns up to the last that is filled."""
    return max((place for place, cell in enumerate(line, start=1) if cell.strip()), default=0)


def _filled(line: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in line)


def _all_names(line: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in line if cell.strip()]
    named = [word(cell) for cell in cells]
    return len(set(named)) == len(named) and not any(_FIGURES.fullmatch(cell) or holds_cpr(cell) for cell in cells)


def check_columns(header: Sequence[str], needed: Sequence[str], where: str) -> None:
    """Refuse a file whose layout has changed.

    Raises `mapping.columns-gone`, with the columns that look alike, or `mapping.no-header` where none of them is found:
    then nothing of the file is shown, since it may be a person's row.
    """
    found = places(header, needed)
    gone = [name for name in needed if name not in found]
    if not gone:
        return
    if not found:
        raise no_header(where, needed)
    rest = [name for place, name in enumerate(header) if place not in found.values() and not holds_cpr(name)]
    raise GevinstError("mapping.columns-gone", where=where, columns=", ".join(with_alike(name, rest) for name in gone),
                       there=", ".join(map(shown, rest)) or "-")


def no_header(where: str, needed: Sequence[str]) -> GevinstError:
    """None of the needed columns was found, or, where none are known yet, no header at all."""
    if not needed:
        return GevinstError("mapping.header-unseen", where=where)
    return GevinstError("mapping.no-header", where=where, columns=", ".join(needed))


def with_alike(name: str, others: Sequence[str]) -> str:
    """A name, with the one of the others that looks most like it.

    >>> with_alike("Startdato", ["Slutdato", "Start dato", "Navn"])
    'Startdato (≈ Start dato)'
    """
    alike = alike_names(name, others)
    return f"{name} (≈ {shown(alike[0])})" if alike else name


def alike_names(name: str, others: Sequence[str]) -> list[str]:
    """Those of the others that look like a name, the most alike first."""
    by_word = {_letters(other): other for other in reversed(others)}
    return [by_word[one] for one in difflib.get_close_matches(_letters(name), by_word, n=3, cutoff=0.6)]


def _letters(name: str) -> str:
    plain = word(name).replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"[^a-z0-9]", "", plain) or plain
