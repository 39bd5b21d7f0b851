"""A mapping at work on rows: the file's columns in, the canonical ones out.

Everything is decided once per distinct text of a column and spread over the rows by index, so the cost does not grow
with the rows. A row is left out by the first filter that says so, or by a code that leads nowhere; it is refused for
the first column, in the mapping's order, whose cell is an error or an unlisted code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gevinst.sources.cells import SEVERAL, Fault, is_word, shown, without_cpr
from gevinst.sources.columns import Flags, Spread, empty_texts, spread
from gevinst.sources.records import Rows, Unread
from gevinst.sources.suppliers.date_formats import CANONICAL, day_reader, iso_day
from gevinst.sources.suppliers.mapping import JOIN, ColumnRule, FileMapping, Filter, word
from gevinst.tables import CONTRACTS

UNREADABLE = "?"  # no date and no number: the checks refuse it, and do not show it
BLANK, FILTER, CODE, UNLISTED, ZERO = "blank", "filter", "code", "unlisted", "zero"
NAMED_CODES = 20  # unlisted codes that are remembered by name
_ERROR = r"^#(N/A|I/T|\pL[\pL\d/_]*[!?]|#+)$"
_CPR = (r"^([0-3]\d|[6-9]\d)(0[1-9]|1[0-2])\d{2}(\s?[- \x{2013}]\s?)?(\d{4}|[A-Za-z][A-Za-z0-9]{2}\d)(\.0)?$"
        r"|^[1-9](0[1-9]|1[0-2])\d{6}(\.0)?$|^\d([.,]\d+)?[eE]\+\d+$")
_LOST_ZERO = r"^[1-9](0[1-9]|1[0-2])\d{6}(\.0)?$"
_NUMBERS = {",": r"^[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?-?$", ".": r"^[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?-?$"}


@dataclass
class Tally:
    """What happened to rows, over all pieces of a file. `counts` is by kind and by the filter's number or the column's
    name; `codes` are unlisted codes by column, with their rows."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=dict)

    def unlisted(self, column: str, texts: pa.Array, places: npt.NDArray[np.int64]) -> None:
        known = self.codes.setdefault(column, Counter())
        for place, times in zip(*np.unique(places, return_counts=True), strict=True):
            text = shown(texts[int(place)].as_py())
            if text in known or len(known) < NAMED_CODES:
                known[text] += int(times)


@dataclass(frozen=True)
class Verdicts:
    """By row of a piece: the filter (from 1) or, negative, the column that left it out (0 is none of them), and the
    column (from 1) for which it was refused. `blank` rows hold nothing at all."""

    blank: Flags
    left_out: npt.NDArray[np.int16]
    refused: npt.NDArray[np.int16]
    faults: npt.NDArray[np.uint8]

    @property
    def stays(self) -> Flags:
        """The rows that go on to the checks."""
        stays: Flags = ~self.blank & (self.left_out == 0) & (self.refused == 0)
        return stays


@dataclass(frozen=True)
class _Made:
    """A canonical column: its texts, and by distinct text (last: empty) what it was in the file, what is refused,
    what is left out, and which codes are not listed."""

    cells: Spread
    said: pa.Array
    faults: npt.NDArray[np.uint8]
    out: Flags
    unlisted: Flags


def map_rows(rows: Rows, mapping: FileMapping, tally: Tally) -> Rows:
    """Rows of the file as rows of the canonical table; what was left out is counted in `tally`."""
    return map_and_judge(rows, mapping, tally)[0]


def map_and_judge(rows: Rows, mapping: FileMapping, tally: Tally) -> tuple[Rows, Verdicts]:
    """As `map_rows`, with what became of each row."""
    count = len(rows.lines)
    raw = {name: spread(rows.cells[name]) for name in rows.cells.column_names}
    empties = [one.over_rows(empty_texts(one.texts)) for one in raw.values()]
    blank: Flags = np.logical_and.reduce(empties) if empties else np.zeros(count, np.bool_)
    left_out, refused = np.zeros(count, np.int16), np.zeros(count, np.int16)
    faults = np.zeros(count, np.uint8)
    for number, one in enumerate(mapping.filters, start=1):
        goes = filtered(raw[one.column], one) & ~blank & (left_out == 0)
        left_out[goes] = number
        tally.counts[FILTER, str(number)] += int(goes.sum())
    made: dict[str, _Made] = {}
    for number, (name, rule) in enumerate(mapping.columns, start=1):
        column = made[name] = _column(name, rule, raw, mapping, count)
        open_ = ~blank & (left_out == 0) & (refused == 0)
        out = column.cells.over_rows(column.out) & open_
        left_out[out] = -number
        _count_codes(name, column, out, tally)
        wrong = column.cells.over_rows(column.faults)
        bad = (wrong != 0) & open_ & ~out
        refused[bad], faults[bad] = number, wrong[bad]
    verdicts = Verdicts(blank, left_out, refused, faults)
    tally.counts[BLANK, ""] += int(blank.sum())
    columns = list(made.items())
    refusals = [_refusal(int(rows.lines[row]), *columns[int(refused[row]) - 1], row)
                for row in np.flatnonzero(refused).tolist()]
    stays = verdicts.stays
    cells = {name: column.cells for name, column in columns}
    tally.counts[ZERO, ""] += _restore_zeros(cells, stays)
    table = pa.table({name: one.at(stays).coded() for name, one in cells.items()})
    unread = tuple(sorted([*rows.unread, *refusals], key=lambda one: one.line))
    return Rows(rows.lines[stays], table, unread), verdicts


def filtered(cells: Spread, one: Filter) -> Flags:
    """By row, whether the filter takes it out."""
    texts = [*cells.texts.to_pylist(), ""]
    if one.test == "between":
        removes = np.fromiter((_outside(text, one) for text in texts), np.bool_, len(texts))
    else:
        hits = np.fromiter(map(_test(one), texts), np.bool_, len(texts))
        removes = ~hits if one.keep else hits
    taken: Flags = cells.over_rows(removes).astype(np.bool_)
    return taken


def _test(one: Filter) -> Callable[[str], bool]:
    known = {word(value) for value in one.values}
    starts = tuple(known)
    match one.test:
        case "in":
            return lambda text: word(text) in known
        case "not_in":
            return lambda text: word(text) not in known
        case "begins_with":
            return lambda text: word(text).startswith(starts)
        case _:
            return lambda text: not text


def _outside(text: str, one: Filter) -> bool:
    """Whether a filter of days removes the cell; what is no day stays."""
    day = day_reader(one.date)(text)
    if day is None:
        return False
    inside = (one.first is None or day >= one.first) and (one.last is None or day <= one.last)
    return inside != one.keep


def _column(name: str, rule: ColumnRule, raw: dict[str, Spread], mapping: FileMapping, count: int) -> _Made:
    """One canonical column from the file's."""
    if rule.constant is not None:
        texts, none = pa.array([rule.constant]), np.zeros(2, np.bool_)
        return _Made(Spread(texts, np.zeros(count, np.int64)), texts, none.astype(np.uint8), none, none)
    cells = combined(rule, raw)
    codes = {word(code): meaning for code, meaning in rule.codes}
    if codes.get(""):  # an empty cell has a meaning: it becomes a text of its own
        cells = Spread(pa.concat_arrays([cells.texts, pa.array([""])]), cells.row_of)
    said, faults = cells.texts, _matches(cells.texts, _ERROR).astype(np.uint8) * np.uint8(Fault.ERROR_CELL)
    out: Flags = np.zeros(len(said) + 1, np.bool_)
    unlisted = out
    if codes:
        cells, listed, out = _translated(cells, codes)
        faults[listed] = 0
        unlisted = ~listed & ~empty_texts(said) & (faults == 0)
        if rule.unlisted == "refuse":
            faults[unlisted] = Fault.UNLISTED_CODE
        elif rule.unlisted == "leave_out":
            out |= unlisted
    if rule.cpr:
        faults[(faults == 0) & ~empty_texts(cells.texts) & ~_matches(cells.texts, _CPR)] = Fault.NOT_CPR
    return _Made(replace(cells, texts=_typed(cells.texts, name, rule, mapping)), said, faults, out, unlisted)


def combined(rule: ColumnRule, raw: Mapping[str, Spread]) -> Spread:
    """The cells that a rule reads: of one column, or of several made one."""
    blanks = {word(text) for text in rule.blank}
    parts = [_without(raw[source], blanks) for source in rule.sources]
    return parts[0] if len(parts) == 1 else _joined(parts) if rule.joined else _first_of(parts)


def _matches(texts: pa.Array, pattern: str) -> Flags:
    found = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    flags: Flags = np.append(found, False).astype(np.bool_)
    return flags


def _without(cells: Spread, blanks: set[str]) -> Spread:
    """The cells, with the texts that mean nothing made empty."""
    if not blanks:
        return cells
    texts = [("" if word(text) in blanks else text) for text in cells.texts.to_pylist()]
    return Spread(pa.array(texts, pa.string()), cells.row_of)


def _first_of(parts: list[Spread]) -> Spread:
    """In each row the first cell that is not empty. The texts stand one list after the other; some stand twice."""
    texts = pa.concat_arrays([one.texts for one in parts])
    row_of = np.full(len(parts[0].row_of), len(texts), np.int64)
    offset = 0
    for one in parts:
        fill = (row_of == len(texts)) & ~one.over_rows(empty_texts(one.texts))
        row_of[fill] = one.row_of[fill] + offset
        offset += len(one.texts)
    return Spread(texts, row_of)


def _joined(parts: list[Spread]) -> Spread:
    """In each row all cells, with a sign between; empty where all of them are."""
    joined, texts = parts[0].row_of, [*parts[0].texts.to_pylist(), ""]
    for one in parts[1:]:
        width = len(one.texts) + 1
        pairs, joined = np.unique(joined * width + one.row_of, return_inverse=True)
        further = [*one.texts.to_pylist(), ""]
        texts = [f"{texts[pair // width]}{JOIN}{further[pair % width]}" for pair in pairs.tolist()]
    texts = [text if text.replace(JOIN.strip(), "").strip() else "" for text in texts]
    return Spread(pa.array(texts, pa.string()), joined.astype(np.int64))


def _translated(cells: Spread, codes: dict[str, str | None]) -> tuple[Spread, Flags, Flags]:
    """The cells translated; which distinct ones (last: empty) have a code, and which of those lead nowhere."""
    texts = cells.texts.to_pylist()
    words = [*map(word, texts), ""]
    listed = np.fromiter((one in codes for one in words), np.bool_, len(words))
    out = np.fromiter((one in codes and codes[one] is None for one in words), np.bool_, len(words))
    new = [codes.get(one, text) or text for one, text in zip(words, texts, strict=False)]
    return Spread(pa.array(new, pa.string()), cells.row_of), listed, out


def _typed(texts: pa.Array, name: str, rule: ColumnRule, mapping: FileMapping) -> pa.Array:
    """Dates as ISO and numbers with a decimal point; what cannot be read becomes `?`."""
    kinds = {column.name: column.type for column in CONTRACTS[mapping.table].columns}
    kind = kinds.get(name, "text")
    if kind in ("date", "last_day") or rule.date:
        if rule.date == CANONICAL and not rule.shift_days:
            return texts  # the checks read these as they are
        return pa.array([_iso(text, rule) for text in texts.to_pylist()], pa.string())
    if mapping.decimal and (kind in ("decimal", "integer") or rule.number):
        return plain_numbers(texts, mapping.decimal)
    return texts


def _iso(text: str, rule: ColumnRule) -> str:
    return "" if not text else iso_day(text, rule.date, rule.shift_days) or UNREADABLE


def plain_numbers(texts: pa.Array, decimal: str) -> pa.Array:
    """Numbers written with the given decimal sign, as ones that cannot be read in two ways.

    >>> plain_numbers(pa.array(["1.234", "1,234", "1 234,50-", "1,234.5", ""]), ",").to_pylist()
    ['1234', '1.2340', '1234.50-', '?', '']
    """
    texts = pc.replace_substring_regex(texts, r"[\s\x{00a0}\x{202f}]", "")
    texts = pc.replace_substring(texts, "\N{MINUS SIGN}", "-")
    fits = pc.or_(pc.match_substring_regex(texts, _NUMBERS[decimal]), pc.equal(texts, ""))
    plain = pc.replace_substring(texts, "." if decimal == "," else ",", "")
    plain = pc.replace_substring(plain, ",", ".") if decimal == "," else plain
    plain = pc.replace_substring_regex(plain, r"(\.\d{3})(-?)$", r"\1" + r"0\2")  # three decimals, not thousands
    return pc.if_else(fits, plain, UNREADABLE)


def _restore_zeros(made: dict[str, Spread], stays: Flags) -> int:
    """Put back the zero that a CPR number loses where it is kept as a number; how many rows that was."""
    cells = made.get("person_id")
    if cells is None:
        return 0
    lost = pc.match_substring_regex(cells.texts, _LOST_ZERO)
    by_row = cells.over_rows(np.append(lost.to_numpy(zero_copy_only=False), False)).astype(np.bool_) & stays
    if by_row.any():
        bare = pc.replace_substring_regex(cells.texts, r"\.0$", "")
        texts = pc.if_else(lost, pc.binary_join_element_wise("0", bare, ""), cells.texts)
        made["person_id"] = replace(cells, texts=texts)
    return int(by_row.sum())


def _count_codes(name: str, column: _Made, out: Flags, tally: Tally) -> None:
    """Count the rows that a code left out, the unlisted ones by name."""
    if not out.any():
        return
    unlisted = out & column.cells.over_rows(column.unlisted)
    tally.counts[CODE, name] += int((out & ~unlisted).sum())
    tally.counts[UNLISTED, name] += int(unlisted.sum())
    if unlisted.any():
        tally.unlisted(name, column.said, column.cells.row_of[unlisted])


def _refusal(line: int, name: str, column: _Made, row: int) -> Unread:
    """The row as a reject: the column, and the code where that is what is wrong."""
    place = int(column.cells.row_of[row])
    fault = Fault(int(column.faults[place]))
    return Unread(line, fault, 0, name, without_cpr(column.said[place].as_py()) if fault is Fault.UNLISTED_CODE else "")


def named(codes: Iterable[tuple[str, int]]) -> str:
    """Codes as a note lists them; what is no word and stands on few rows may be a name, and is not told.

    >>> named([("6.7", 3), ("6.8", 1), ("Karen Østergaard", 1), ("A | B", 7)])
    '6.7 (3), 6.8 (1), … (1), A | B (7)'
    """
    return ", ".join(f"{code if times >= SEVERAL or is_word(code) else '…'} ({times})" for code, times in codes)
