"""Records of a ledger's file to canonical postings: the amount signed, the account put together, the rules asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.sources.cells import UNIX_DAY, Fault, day_number, holds_cpr
from gevinst.sources.columns import Flags, Spread, spread
from gevinst.sources.records import Rows, Unread
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
from gevinst.sources.suppliers.opus_amount import of_two_columns, ore, with_side
from gevinst.sources.suppliers.opus_amounts import (
    Amounts,
    Ore,
    amounts_of,
    as_cells,
    of_debit_and_credit,
    total_of,
    with_sides,
)
from gevinst.sources.suppliers.opus_layout import LAYOUT_FILE, OpusLayout, plain
from gevinst.sources.suppliers.opus_matching import Matched, Matcher, Postings, RuleBook

NOT_OURS = "-"  # the investment of a posting that by the rules concerns none
SHORT_HASH = 12
_AMOUNTS = ("amount", "debit", "credit")
_PARTS = ("account", "function", "dranst", "ownership", "grouping", "art", "psp")
_SIDE_FAULTS = (Fault.BOTH_SIDES, Fault.SIDE_UNKNOWN, Fault.SIGN_TWICE)
_SAID_BY = {Fault.BOTH_SIDES: "debit", Fault.SIDE_UNKNOWN: "side", Fault.SIGN_TWICE: "side"}
_LONGEST = 19  # figures of a whole number of 64 bits
_NINE = re.compile(r"(?<!\d)\d{9}(?!\d)", re.ASCII)


@dataclass
class _Sums:
    """Postings counted and their øre added."""

    rows: int = 0
    ore: int = 0

    def add(self, amounts: Ore) -> None:
        self.rows += len(amounts)
        self.ore += total_of(amounts)


class PostingRows:
    """Turns batches of records into canonical postings, and keeps account of what became of them."""

    def __init__(self, layout: OpusLayout, places: Mapping[str, int], header: Sequence[str],
                 rules: Matcher | None) -> None:
        self._layout = layout
        self._fields = tuple(field for _, field in sorted((place, field) for field, place in places.items()))
        self._header = plain(header[places["date"]])
        self._matcher, self._rules = rules, RuleBook(rules)
        self._counts = Counter[str]()
        self._matched, self._ruled_out, self._unmatched = _Sums(), _Sums(), _Sums()
        self._all = _Sums()
        self._total: int | None = None  # of the last row, where it is a total
        self._account = lru_cache(maxsize=1 << 16)(_put_together)

    def of(self, rows: Rows) -> Rows:
        """The postings of a batch, with the lines they stand on. Everything is read once per distinct text."""
        columns = {field: spread(rows.cells.column(field)) for field in self._fields}
        amounts = self._amounts(columns)
        gone = self._no_postings(columns)
        refused = np.isin(amounts.faults, _SIDE_FAULTS) & ~gone
        unread = [Unread(int(rows.lines[row]), fault, column=_SAID_BY[fault])
                  for row in np.flatnonzero(refused).tolist() for fault in [Fault(int(amounts.faults[row]))]]
        stays = ~(gone | refused)
        table = self._postings({field: one.at(stays) for field, one in columns.items()}, amounts.at(stays))
        return Rows(rows.lines[stays], table, tuple(sorted([*rows.unread, *unread], key=lambda one: one.line)))

    def _no_postings(self, columns: Mapping[str, Spread]) -> Flags:
        """The rows that are totals, or the header once more. Only rows without a date are looked at, in turn."""
        dated = columns["date"].over_rows(np.array([day[:1].isdigit() for day in columns["date"].words()], np.bool_))
        undated = np.flatnonzero(~dated)
        cells = zip(*(columns[field].at(undated).by_row() for field in self._fields), strict=True)
        last = int(np.flatnonzero(dated)[-1]) if dated.any() else -1
        gone = np.zeros(len(dated), np.bool_)
        for row, texts in zip(undated.tolist(), cells, strict=True):
            if row > last >= 0:
                self._total, last = None, -1
            gone[row] = self._is_no_posting(dict(zip(self._fields, texts, strict=True)))
        if last >= 0:
            self._total = None
        return gone

    def _is_no_posting(self, row: Mapping[str, str]) -> bool:
        """Whether a row without a date is a total or the header once more; both are counted."""
        if not any(row.values()):
            return False  # a blank row is the checks' to count
        if plain(row["date"]) == self._header:
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

    def _amounts(self, columns: Mapping[str, Spread]) -> Amounts:
        """The amount of each row, expenditure positive."""
        sides = (columns["side"], self._layout.sides) if "side" in columns else None
        read = {field: amounts_of(columns[field], self._layout.decimal) for field in _AMOUNTS if field in columns}
        if "amount" not in read:
            return of_debit_and_credit(read["debit"], read["credit"])
        return read["amount"] if sides is None else with_sides(read["amount"], *sides)

    def _total_of(self, row: Mapping[str, str]) -> int | Fault:
        """What a total says; with two columns it says both sides."""
        said = {field: ore(row[field], self._layout.decimal) for field in _AMOUNTS if field in row}
        if "amount" in said:
            return with_side(said["amount"], row["side"], self._layout.sides) if "side" in row else said["amount"]
        debit, credit = said["debit"], said["credit"]
        if isinstance(debit, Fault) or isinstance(credit, Fault):
            return of_two_columns(debit, credit)
        return debit - credit

    def _postings(self, columns: Mapping[str, Spread], amounts: Amounts) -> pa.Table:
        """The canonical cells of postings."""
        nothing = Spread(pa.array([], pa.string()), np.zeros(len(amounts.ore), np.int64))
        text = columns.get("text", nothing)
        placed, account_of = self._placed(columns, len(amounts.ore))
        days = [_day(word) for word in columns["date"].words()]
        self._count_years(days, columns["date"], columns.get("year", nothing))
        found = self._rules.match(Postings(
            [one.account for one in placed], account_of, days, columns["date"].row_of, text))
        self._count(found, amounts)
        investments = pa.array(found.investments, pa.string())
        investment = Spread(investments, np.where(found.first < 0, len(investments), found.first))
        account = Spread(pa.array([one.written for one in placed], pa.string()), account_of)
        return pa.table({
            "date": columns["date"].coded(), "investment": investment.coded(), "amount_dkk": as_cells(amounts),
            "account": account.coded(), "text": (text if self._layout.keep_text else nothing).coded()})

    def _placed(self, columns: Mapping[str, Spread], count: int) -> tuple[list[_Placed], npt.NDArray[np.int64]]:
        """The distinct accounts, and which of them each row has. A column of accounts is put together with the next by
        numbering the pairs that there are."""
        pairs, row_of = [("",) * len(_PARTS)], np.zeros(count, np.int64)
        for place, part in enumerate(_PARTS):
            if part not in columns:
                continue
            words = columns[part].words()
            coded = pa.array(row_of * len(words) + columns[part].row_of).dictionary_encode()
            both = [divmod(pair, len(words)) for pair in coded.dictionary.to_pylist()]
            pairs = [(*pairs[first][:place], words[second], *pairs[first][place + 1:]) for first, second in both]
            row_of = coded.indices.to_numpy().astype(np.int64)
        placed = [self._account(*pair) for pair in pairs]
        times = np.bincount(row_of, minlength=len(placed)).tolist()
        for one, rows in zip(placed, times, strict=True):
            self._counts["ledger.account-unread"] += rows * one.lost
            self._counts["ledger.account-conflict"] += rows * one.conflict
        return placed, row_of

    def _count_years(self, days: Sequence[date | None], of_day: Spread, years: Spread) -> None:
        """Count the rows whose accounting year is another than their day's."""
        stated = years.over_rows(np.array([_year(word) for word in years.words()], np.int64))
        year = of_day.over_rows(np.array([-1 if day is None else day.year for day in days], np.int64))
        self._counts["ledger.year-differs"] += int(((year >= 0) & (stated >= 0) & (year != stated)).sum())

    def _count(self, found: Matched, amounts: Amounts) -> None:
        read = amounts.faults == 0
        ruled_out = np.isin(found.first, [place for place, one in enumerate(found.investments) if one == NOT_OURS])
        unmatched = found.first < 0
        for sums, rows in ((self._all, read), (self._unmatched, read & unmatched), (self._ruled_out, read & ruled_out),
                           (self._matched, read & ~unmatched & ~ruled_out)):
            sums.add(amounts.ore[rows])
        self._counts["ledger.several-rules"] += int((found.several & read).sum())

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
        if self._matcher is None:
            return (*notes, note("ledger.no-rules", rows=self._all.rows))
        notes.append(note("ledger.rules-used", file=self._matcher.name, sha256=self._matcher.sha256[:SHORT_HASH]))
        for code, sums in (("ledger.matched", self._matched), ("ledger.ruled-out", self._ruled_out),
                           ("ledger.unmatched", self._unmatched)):
            if sums.rows:
                notes.append(note(code, rows=sums.rows, kroner=_kroner(sums.ore)))
        return tuple(notes)


@lru_cache(maxsize=1 << 14)
def _day(text: str) -> date | None:
    found = day_number(text) if text else Fault.MISSING_CELL
    return None if isinstance(found, Fault) else date.fromordinal(found + UNIX_DAY)


def _year(text: str) -> int:
    """A year, -1 where there is none."""
    return int(text) if text.isdecimal() and len(text) < _LONGEST else -1


def _begins(cell: str, word: str) -> bool:
    """Whether a cell begins with the word, and the word ends there."""
    return cell.startswith(word) and not cell[len(word):len(word) + 1].isalnum()


def _kroner(amount: int) -> int:
    """Whole kroner, half away from nought: what a note prints."""
    return (abs(amount) + 50) // 100 * (1 if amount >= 0 else -1)


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
