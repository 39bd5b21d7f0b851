"""What a mapping file says: how a supplier's extract becomes a canonical table.

No public sample of a Fasit or Momentum extract exists, and each municipality orders its own. So the layout is data
that the municipality writes (`gevinst map` helps), not code that guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal
from unicodedata import normalize

from gevinst.sources.cells import without_cpr

Unlisted = Literal["refuse", "leave_out", "keep"]
UNLISTED: tuple[Unlisted, ...] = ("refuse", "leave_out", "keep")
Test = Literal["in", "not_in", "begins_with", "empty", "between"]
SEPARATORS = {";": ";", ",": ",", "tab": "\t", "|": "|"}
ENCODINGS = ("utf-8", "cp1252", "latin-1", "cp850", "utf-16", "utf-16-le")
JOIN = " | "  # stands between the cells of columns that are read together


def word(text: str) -> str:
    """A text as it is compared: without capitals, and with one space wherever there is any.

    >>> word("  Aktiv   Indsats ")
    'aktiv indsats'
    """
    return " ".join(text.split()).casefold()


@dataclass(frozen=True)
class ColumnRule:
    """Where a canonical column comes from.

    `sources` are columns of the file: the first that is not empty in the row counts or, with `joined`, all of them
    with ` | ` between, so that codes can depend on two columns (a kontaktgruppe alone says no benefit). `constant`
    stands in every row instead. `date` is the cells' format (see `date_formats`), `shift_days` is added to every day.
    `blank` are texts that mean an empty cell. `codes` translates; what a code is translated to may be None: such rows
    are left out. `unlisted` says what becomes of values that are not among the codes. `cpr` refuses what is not
    shaped like a CPR number; `number` reads a further column with the mapping's decimal sign.
    """

    sources: tuple[str, ...] = ()
    joined: bool = False
    constant: str | None = None
    date: str = ""
    shift_days: int = 0
    blank: tuple[str, ...] = ()
    codes: tuple[tuple[str, str | None], ...] = ()
    unlisted: Unlisted = "refuse"
    cpr: bool = False
    number: bool = False


@dataclass(frozen=True)
class Filter:
    """Rows to keep or to drop, by one column of the file.

    `between` looks at days, from `first` to `last` and both included; a cell that is empty or is no day is never
    removed by it, so that the checks can name it.
    """

    keep: bool
    column: str
    test: Test
    values: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    date: str = ""

    def __str__(self) -> str:
        verb = f"{'keep' if self.keep else 'drop'} {self.column}"
        if self.test == "between":
            days = [f"{name} {day}" for name, day in (("from", self.first), ("to", self.last)) if day]
            return " ".join([verb, *days])
        if self.test == "empty":
            return f"{verb} empty"
        return without_cpr(f"{verb} {self.test} {', '.join(self.values)}")


@dataclass(frozen=True)
class Reading:
    """How the file is opened. What is empty or None is found out: the separator and the encoding by the file's first
    lines, the sheet and the header's row by where the columns stand."""

    sheet: str = ""
    header_row: int | None = None
    encoding: str = ""
    separator: str = ""


@dataclass(frozen=True)
class FileMapping:
    """One supplier's extract, read into one canonical table.

    `files` are patterns of file names (`Fasit_*.csv`). `columns` are by canonical name, or by the name that a further
    column of an open table is kept under. `decimal` is the sign before the decimals, where it is known. `unverified`
    marks an example that nobody has held against a real extract.
    """

    key: str
    supplier: str
    made: date
    table: str
    files: tuple[str, ...]
    columns: tuple[tuple[str, ColumnRule], ...]
    filters: tuple[Filter, ...] = ()
    reading: Reading = Reading()
    decimal: str = ""
    note: str = ""
    unverified: bool = False

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns of the file that are read, each once."""
        named = [source for _, rule in self.columns for source in rule.sources]
        return tuple(dict.fromkeys([*named, *(one.column for one in self.filters)]))

    def matches(self, name: str) -> bool:
        """Whether a file with this name is one of the supplier's; capitals do not count.

        >>> one = FileMapping("a", "A", date(2024, 1, 1), "spells", ("Indsats_*.csv",), ())
        >>> one.matches("indsats_2024.CSV"), one.matches("andet.csv")
        (True, False)
        """
        plain = normalize("NFC", name).casefold()
        return any(fnmatchcase(plain, normalize("NFC", pattern).casefold()) for pattern in self.files)
