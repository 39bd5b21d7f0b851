"""Rows of text to typed, pseudonymous rows and rejects: the rules that a row is held against.

A row is rejected for its first fault: cells in the order of the contract, then the rules that need the day of
the import or two cells. What leaves this module holds no id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gevinst.sources.cells import HIDDEN, SEVERAL, Fault, is_word, shape_of, shown
from gevinst.sources.columns import (
    NUMERIC,
    THOUSANDS,
    ColumnRead,
    Faults,
    Flags,
    empty_texts,
    read_column,
    spread,
    stored_type,
)
from gevinst.sources.pseudonym import Pseudonymiser
from gevinst.sources.records import Rows
from gevinst.sources.report import Reject
from gevinst.tables import Column, Contract

PERIODS = {"spells": ("start_date", "end_date"), "participants": ("start_date", "end_date"),
           "investments": ("referrals_from", "referrals_to"), "suspensions": ("from_date", "to_date")}
# A participant's planned end may come.
PAST_ONLY = {"spells": ("start_date", "end_date"), "participants": ("start_date",),
             "persons": ("left_register_date",), "postings": ("date",), "payments": ("week",)}
_NAMED = {Fault.UNKNOWN_BENEFIT, Fault.UNKNOWN_DEFINITION}  # faults whose cell is a word, and is named
BLANK_ROWS, OPEN_ENDS = "intake.blank-rows", "intake.open-ends"
RESTORED, DOUBTFUL, CPR_HIDDEN = "intake.zero-restored", "intake.modulus-11", "intake.cpr-hidden"
FULL_TIME = 1.0


@dataclass(frozen=True)
class Rules:
    """What a file's rows are held against.

    `covariates` are the further columns of persons that are asked for; None keeps what there is.
    """

    file: str
    contract: Contract
    today: int  # days since 1970-01-01
    benefit_of: Callable[[str], str | None]
    pseudonymiser: Pseudonymiser
    covariates: Collection[str] | None = None


@dataclass(frozen=True)
class Checked:
    """Rows after the check.

    `accepted` has `line`, for personal tables `person`, `check`, `replicate`, then the contract's columns in
    their stored types and, for open tables, further columns as text. `noted` counts by note code; `wordy` are
    the further columns in which something is not a number, `thousands` those in which a number may be read in
    two ways.
    """

    accepted: pa.Table
    rows: int
    rejects: tuple[Reject, ...]
    noted: Counter[str]
    wordy: frozenset[str] = frozenset()
    thousands: frozenset[str] = frozenset()


class _Verdict:
    """The first fault of each row, and the column it stands in."""

    def __init__(self, rows: int) -> None:
        self.faults: Faults = np.zeros(rows, np.uint8)
        self.columns: list[str] = []
        self._place: npt.NDArray[np.int16] = np.zeros(rows, np.int16)

    def add(self, column: str, faults: Faults) -> None:
        first = (self.faults == 0) & (faults != 0)
        if first.any():
            self.faults[first] = faults[first]
            self._place[first] = len(self.columns)
        self.columns.append(column)

    def add_where(self, column: str, wrong: Flags, fault: Fault) -> None:
        self.add(column, np.where(wrong, np.uint8(fault), np.uint8(0)).astype(np.uint8))

    def column_of(self, row: int) -> str:
        return self.columns[int(self._place[row])]


def check_rows(rows: Rows, rules: Rules) -> Checked:
    """Hold rows against the rules."""
    contract, cells = rules.contract, rows.cells
    verdict, noted = _Verdict(len(rows.lines)), Counter[str]()
    stored: dict[str, pa.Array] = {"line": pa.array(rows.lines)}
    read: dict[str, ColumnRead] = {}
    empties: list[Flags] = []
    for column in contract.columns:
        if column.name not in cells.column_names:
            continue
        if column.type == "person":
            empties.append(_person(cells[column.name], column.name, rules, verdict, stored, noted))
            continue
        one = read_column(cells[column.name], column, rules.benefit_of, personal=contract.personal)
        read[column.name] = one
        stored[column.name] = _as_stored(one.values, column)
        empties.append(one.empty)
        verdict.add(column.name, one.faults)
        if column.type == "text" and not contract.personal:
            noted[CPR_HIDDEN] += pc.sum(pc.match_substring(one.values, HIDDEN)).as_py() or 0
        if one.open_ends is not None:
            noted[OPEN_ENDS] += int(one.open_ends.sum())
    further, wordy, thousands = _further(cells, rules, verdict, stored, empties)
    _day_rules(read, rules, verdict)
    blank = np.logical_and.reduce(empties)
    noted[BLANK_ROWS] += int(blank.sum())
    rejects = _rejects(rows, rules, verdict, blank, stored.get("person"))
    table = pa.table({**stored, **_absent(contract, stored, len(rows.lines))})
    accepted = table.filter(pa.array((verdict.faults == 0) & ~blank)).select(_order(contract, further))
    count = len(rows.lines) - int(blank.sum()) + len(rows.unread)
    return Checked(accepted, count, rejects, +noted, wordy, thousands)


def _person(cells: pa.ChunkedArray, name: str, rules: Rules, verdict: _Verdict, stored: dict[str, pa.Array],
            noted: Counter[str]) -> Flags:
    """Replace the id; returns where it is empty."""
    one = spread(cells)
    ids = rules.pseudonymiser.identify(one.texts.to_pylist())
    for column, values in (("person", ids.person), ("check", ids.check), ("replicate", ids.replicate)):
        stored[column] = pa.array(one.over_rows(np.append(values, values.dtype.type(0))))
    empty: Flags = one.over_rows(empty_texts(one.texts))
    faults = np.append(ids.fault, np.uint8(Fault.MISSING_CELL))
    verdict.add(name, one.over_rows(faults))
    noted[RESTORED] += int(one.over_rows(np.append(ids.restored, False)).sum())
    noted[DOUBTFUL] += int(one.over_rows(np.append(ids.doubtful, False)).sum())
    return empty


def _further(
    cells: pa.Table, rules: Rules, verdict: _Verdict, stored: dict[str, pa.Array], empties: list[Flags]
) -> tuple[list[str], frozenset[str], frozenset[str]]:
    """Read the columns that the contract does not name: all, the wordy ones, those with doubtful thousands."""
    further = [name for name in cells.column_names if name not in {column.name for column in rules.contract.columns}]
    wordy, thousands = set(), set()
    for name in further:
        cell = Column(name, "text", name, name, required=False, empty=True)
        one = read_column(cells[name], cell, rules.benefit_of, personal=rules.contract.personal)
        words = pc.drop_null(pc.unique(one.values))
        if not pc.all(pc.match_substring_regex(words, NUMERIC), min_count=0).as_py():
            wordy.add(name)
        if pc.any(pc.match_substring_regex(words, THOUSANDS), min_count=0).as_py():
            thousands.add(name)
        stored[name] = one.values
        empties.append(one.empty)
        verdict.add(name, one.faults)
    return further, frozenset(wordy), frozenset(thousands)


def _day_rules(read: dict[str, ColumnRead], rules: Rules, verdict: _Verdict) -> None:
    """Days that cannot be right."""
    days: dict[str, npt.NDArray[np.int64]] = {}
    there: dict[str, Flags] = {}
    for column in rules.contract.columns:
        if column.type in ("date", "last_day") and column.name in read:
            values = read[column.name].values
            there[column.name] = values.is_valid().to_numpy(zero_copy_only=False)
            days[column.name] = values.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
            verdict.add_where(column.name, there[column.name] & (days[column.name] < 0), Fault.BEFORE_1970)
    for name in PAST_ONLY.get(rules.contract.name, ()):
        if name in days:
            verdict.add_where(name, there[name] & (days[name] > rules.today), Fault.FUTURE)
    first, last = PERIODS.get(rules.contract.name, ("", ""))
    if first in days and last in days:
        verdict.add_where(last, there[first] & there[last] & (days[first] > days[last]), Fault.SWAPPED_DATES)


def _rejects(
    rows: Rows, rules: Rules, verdict: _Verdict, blank: Flags, persons: pa.Array | None
) -> tuple[Reject, ...]:
    found = [
        _reject(rules, one.line, one.column, one.fault, one.value, many=False) if one.value
        else Reject(rules.file, one.line, one.column, one.fault.code, str(one.fields or "")) for one in rows.unread]
    often = _often_said(rows, persons)
    for row in np.flatnonzero((verdict.faults != 0) & ~blank).tolist():
        fault, column = Fault(int(verdict.faults[row])), verdict.column_of(row)
        text = (rows.cells[column][row].as_py() or "") if fault in _NAMED else ""
        found.append(_reject(rules, int(rows.lines[row]), column, fault, text, many=often(column, text)))
    return tuple(sorted(found, key=lambda one: one.line))


def _reject(rules: Rules, line: int, column: str, fault: Fault, text: str, *, many: bool) -> Reject:
    """A row left out. A cell is quoted where it is a word, or the same for `many`: several words may be a name."""
    if not text or many or is_word(text):
        return Reject(rules.file, line, column, fault.code, shown(text))
    return Reject(rules.file, line, column, fault.code, shape=shape_of(text))


def _often_said(rows: Rows, persons: pa.Array | None) -> Callable[[str, str], bool]:
    """Whether a column's cell is the same for several persons (in a table without persons: on several rows) of a piece;
    a person with several rows has one name on all of them."""

    @cache
    def often(column: str, text: str) -> bool:
        same = pc.fill_null(pc.equal(rows.cells[column].cast(pa.string()), text), False)
        found = pc.sum(same) if persons is None else pc.count_distinct(pa.chunked_array([persons]).filter(same))
        return int(found.as_py() or 0) >= SEVERAL

    return often


def _as_stored(values: pa.Array, column: Column) -> pa.Array:
    """A last day becomes the day after it; a degree that is not given is full time."""
    if column.type == "last_day":
        return pc.add(values.cast(pa.int32()), pa.scalar(1, pa.int32())).cast(pa.date32())
    return values.fill_null(FULL_TIME) if column.name == "degree" else values


def _absent(contract: Contract, stored: dict[str, pa.Array], rows: int) -> dict[str, pa.Array]:
    """Optional columns that the file does not have, as nulls."""
    return {column.name: _as_stored(pa.nulls(rows, stored_type(column)), column) for column in contract.columns
            if column.type != "person" and column.name not in stored}


def _order(contract: Contract, further: list[str]) -> list[str]:
    person = ["person", "check", "replicate"] if contract.personal else []
    return ["line", *person, *(c.name for c in contract.columns if c.type != "person"), *further]
