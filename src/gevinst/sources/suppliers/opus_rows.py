"""Records of a ledger's file to canonical postings: the amount signed, the account put together, the rules asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Protocol

import numpy as np
import pyarrow as pa

from gevinst.sources.cells import UNIX_DAY, Fault, day_number, holds_cpr
from gevinst.sources.records import CODED, Rows, Unread
from gevinst.sources.report import Note, note
from gevinst.sources.suppliers.opus_account import (
    Account,
    art_of,
    dranst_of,
    function_of,
    grouping_of,
    ownership_of,
    read_account,
)
from gevinst.sources.suppliers.opus_amount import as_kroner, of_two_columns, ore, with_side
from gevinst.sources.suppliers.opus_layout import LAYOUT_FILE, OpusLayout, plain
from gevinst.tables import POSTINGS

NOT_OURS = "-"  # the investment of a posting that by the rules concerns none
SHORT_HASH = 12
_PARTS = ("account", "function", "dranst", "ownership", "grouping", "art", "psp")
_SIDE_FAULTS = (Fault.BOTH_SIDES, Fault.SIDE_UNKNOWN, Fault.SIGN_TWICE)
_SAID_BY = {Fault.BOTH_SIDES: "debit", Fault.SIDE_UNKNOWN: "side", Fault.SIGN_TWICE: "side"}
_NINE = re.compile(r"(?<!\d)\d{9}(?!\d)", re.ASCII)
_ILLEGIBLE = "?"  # stands for an amount that is none: the checks reject it, and it holds nothing of the cell


class Matcher(Protocol):
    """The rules that match postings to investments, in the file `name`."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def sha256(self) -> str:
        """The file's checksum."""

    def investments(self, account: Account, text: str, day: date | None) -> tuple[str, ...]:
        """The investments of all the rules that fit, in the order of the rules; empty where none does."""


@dataclass
class _Sums:
    """Postings counted and their øre added."""

    rows: int = 0
    ore: int = 0

    def add(self, amount: int) -> None:
        self.rows += 1
        self.ore += amount


class PostingRows:
    """Turns batches of records into canonical postings, and keeps account of what became of them."""

    def __init__(self, layout: OpusLayout, places: Mapping[str, int], header: Sequence[str],
                 rules: Matcher | None) -> None:
        self._layout = layout
        self._fields = tuple(field for _, field in sorted((place, field) for field, place in places.items()))
        self._header = plain(header[places["date"]])
        self._rules = rules
        self._counts = Counter[str]()
        self._matched, self._ruled_out, self._unmatched = _Sums(), _Sums(), _Sums()
        self._all = _Sums()
        self._total: int | None = None  # of the last row, where it is a total
        self._account = lru_cache(maxsize=1 << 16)(_put_together)

    def of(self, rows: Rows) -> Rows:
        """The postings of a batch, with the lines they stand on."""
        columns = [_trimmed(rows.cells.column(field)) for field in self._fields]
        lines: list[int] = []
        out: dict[str, list[str | None]] = {column.name: [] for column in POSTINGS.columns}
        unread = list(rows.unread)
        for line, cells in zip(rows.lines.tolist(), zip(*columns, strict=True), strict=True):
            row = dict(zip(self._fields, cells, strict=True))
            if self._is_no_posting(row):
                continue
            amount = self._amount(row)
            if isinstance(amount, Fault) and amount in _SIDE_FAULTS:
                unread.append(Unread(line, amount, column=_SAID_BY[amount]))
                continue
            lines.append(line)
            for name, cell in self._posting(row, amount).items():
                out[name].append(cell)
        table = pa.table({name: pa.array(cells, pa.string()).dictionary_encode().cast(CODED)
                          for name, cells in out.items()})
        return Rows(np.array(lines, np.int64), table, tuple(sorted(unread, key=lambda one: one.line)))

    def _is_no_posting(self, row: Mapping[str, str]) -> bool:
        """Whether the row is a total or the header once more; both are counted. A row with a date is a posting."""
        day = row["date"]
        if day[:1].isdigit():
            self._total = None
            return False
        if not any(row.values()):
            return False  # a blank row is the checks' to count
        if plain(day) == self._header:
            self._counts["ledger.headers-repeated"] += 1
            return True
        total = self._is_total(row)
        if total:
            self._counts["ledger.totals-left-out"] += 1
            amount = self._total_of(row)
            self._total = None if isinstance(amount, Fault) else amount
        else:
            self._total = None
        return total

    def _is_total(self, row: Mapping[str, str]) -> bool:
        if not any(row.get(field) for field in (*_PARTS, "text", "date")):
            return True
        return any(_begins(cell.casefold(), word) for cell in row.values() for word in self._layout.total_words)

    def _amount(self, row: Mapping[str, str]) -> int | Fault:
        """The amount in øre, expenditure positive."""
        decimal = self._layout.decimal
        if "amount" not in self._fields:
            return of_two_columns(ore(row.get("debit", ""), decimal), ore(row.get("credit", ""), decimal))
        amount = ore(row.get("amount", ""), decimal)
        return with_side(amount, row.get("side", ""), self._layout.sides) if "side" in self._fields else amount

    def _total_of(self, row: Mapping[str, str]) -> int | Fault:
        """What a total says; with two columns it says both sides."""
        if "amount" in self._fields:
            return self._amount(row)
        debit, credit = (ore(row.get(field, ""), self._layout.decimal) for field in ("debit", "credit"))
        if isinstance(debit, Fault) or isinstance(credit, Fault):
            return of_two_columns(debit, credit)
        return debit - credit

    def _posting(self, row: Mapping[str, str], amount: int | Fault) -> dict[str, str | None]:
        """The canonical cells of a posting."""
        text = row.get("text", "")
        placed = self._account(*(row.get(part, "") for part in _PARTS))
        self._counts["ledger.account-unread"] += placed.lost
        self._counts["ledger.account-conflict"] += placed.conflict
        day = _day(row["date"])
        year = row.get("year", "")
        if day is not None and year.isdigit() and int(year) != day.year:
            self._counts["ledger.year-differs"] += 1
        found = () if self._rules is None else self._rules.investments(placed.account, text, day)
        if not isinstance(amount, Fault):
            self._count(found, amount)
        return {
            "date": row["date"] or None, "investment": found[0] if found else None,
            "amount_dkk": _amount_text(amount), "account": placed.written or None,
            "text": text or None if self._layout.keep_text else None}

    def _count(self, found: Sequence[str], amount: int) -> None:
        self._all.add(amount)
        which = self._unmatched if not found else self._ruled_out if found[0] == NOT_OURS else self._matched
        which.add(amount)
        self._counts["ledger.several-rules"] += len(set(found)) > 1

    def notes(self) -> tuple[Note, ...]:
        """What the reader must know, so far."""
        notes = [note(code, rows=times) for code, times in sorted(self._counts.items()) if times]
        if self._layout.own:
            notes.append(note("ledger.layout-used", file=LAYOUT_FILE, sha256=self._layout.sha256[:SHORT_HASH]))
        if not self._layout.keep_text:
            notes.append(note("ledger.text-not-stored"))
        if self._total is not None:
            agrees = self._total == self._all.ore
            notes.append(note("ledger.total-agrees") if agrees else note(
                "ledger.total-differs", total=_kroner(self._total), sum=_kroner(self._all.ore)))
        if self._rules is None:
            return (*notes, note("ledger.no-rules", rows=self._all.rows))
        notes.append(note("ledger.rules-used", file=self._rules.name, sha256=self._rules.sha256[:SHORT_HASH]))
        for code, sums in (("ledger.matched", self._matched), ("ledger.ruled-out", self._ruled_out),
                           ("ledger.unmatched", self._unmatched)):
            if sums.rows:
                notes.append(note(code, rows=sums.rows, kroner=_kroner(sums.ore)))
        return tuple(notes)


def _trimmed(column: pa.ChunkedArray) -> list[str]:
    """A dictionary-coded column as texts without blanks around them; an empty cell is an empty text."""
    if column.num_chunks == 0:
        return []
    coded = column.chunk(0)
    texts = [*(text.strip() for text in coded.dictionary.to_pylist()), ""]
    return [texts[place] for place in coded.indices.fill_null(len(texts) - 1).to_pylist()]


@lru_cache(maxsize=1 << 14)
def _day(text: str) -> date | None:
    found = day_number(text) if text else Fault.MISSING_CELL
    return None if isinstance(found, Fault) else date.fromordinal(found + UNIX_DAY)


def _begins(cell: str, word: str) -> bool:
    """Whether a cell begins with the word, and the word ends there."""
    return cell.startswith(word) and not cell[len(word):len(word) + 1].isalnum()


def _kroner(amount: int) -> int:
    """Whole kroner, half away from nought: what a note prints."""
    return (abs(amount) + 50) // 100 * (1 if amount >= 0 else -1)


def _amount_text(amount: int | Fault) -> str | None:
    if not isinstance(amount, Fault):
        return as_kroner(amount)
    return {Fault.MISSING_CELL: None, Fault.OUT_OF_RANGE: "1" + "0" * 15}.get(amount, _ILLEGIBLE)


@dataclass(frozen=True)
class _Placed:
    """A row's account: as read, as it is written down, whether a part of it could not be read, and whether the string
    and a column of its own contradict each other."""

    account: Account
    written: str
    lost: bool
    conflict: bool


def _put_together(string: str, function: str, dranst: str, ownership: str, grouping: str, art: str,
                  psp: str) -> _Placed:
    """The account of a row's cells. A part in a column of its own goes before the string's.

    Where a cell cannot be read the account is written down as it stands in the file.
    """
    base = read_account(string) or Account()
    cells = Account(function_of(function) or "", dranst_of(dranst), ownership_of(ownership),
                    grouping_of(grouping) or "", art_of(art), psp)
    said = {name: value for name, value in vars(cells).items() if value not in (None, "")}
    conflict = any(getattr(base, name) not in (None, "", value) for name, value in said.items())
    filled = {"function": function, "dranst": dranst, "ownership": ownership, "grouping": grouping, "art": art}
    lost = (bool(string) and base == Account()) or any(text and name not in said for name, text in filled.items())
    account = replace(base, **said)
    raw = " ".join(text for text in (string, function, dranst, ownership, grouping, art, psp) if text)
    return _Placed(account, _NINE.sub(_with_nought, raw if lost else str(account)), lost, conflict)


def _with_nought(found: re.Match[str]) -> str:
    """Nine figures that may be a CPR number without its nought, with it, so that the checks see and hide it."""
    number = f"0{found[0]}"
    return number if holds_cpr(number) else found[0]
