"""What the columns of an unknown extract hold, told without showing a person: kinds, formats, shapes, and codes.

A value is only named where it is a code: a word that many rows share, in a column that is not called a name or an
address. Of all else the shape is told, such as `99-99-9999`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from gevinst.sources.cells import holds_cpr, shown
from gevinst.sources.columns import Spread, empty_texts, spread
from gevinst.sources.records import Rows
from gevinst.sources.suppliers.date_formats import EXCEL, FORMATS, OPEN_END, day_reader
from gevinst.sources.suppliers.extract import Extract
from gevinst.sources.suppliers.mapped_rows import combined
from gevinst.sources.suppliers.mapping import ColumnRule, word

Kind = Literal["empty", "cpr", "date", "number", "code", "text"]
MOST_ROWS = 200_000  # rows that are looked at
MOST_TEXTS = 5_000  # distinct texts of a column that are remembered
MOST_CODES = 60  # distinct texts that a column of codes has at most
NEARLY_ALL = 0.95
PLACEHOLDERS = frozenset({"-", "--", "null", "none", "n/a", "(tom)", "tom", "(blank)", "ukendt", "ingen", "nan",
                          "99-99-9999", "00-00-0000", "0000-00-00"})
TOTALS = ("i alt", "ialt", "total", "sum", "antal", "hovedtotal", "resultat")
_PRIVATE = re.compile(r"navn|name|adress|vej|tlf|telefon|mobil|mail|sagsbeh|bemærk|notat|kommentar|note|fritekst|cpr"
                      r"|person|borger")
_CPR = re.compile(r"([0-3]\d|[6-9]\d)(0[1-9]|1[0-2])\d{2}\s?[- \N{EN DASH}]?\s?(\d{4}|[A-Za-z][A-Za-z0-9]{2}\d)"
                  r"|[1-9](0[1-9]|1[0-2])\d{6}(\.0)?")
_NUMBER = {",": re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?-?"),
           ".": re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?-?")}
_SERIALS = range(20_000, 60_000)  # 1954 to 2064, as day numbers
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `filled` and `distinct` count its cells and their different texts (`distinct` up to a limit); `dates`
    are the formats that read nearly all of it; `decimal` is the sign before decimals where that shows; `values` are its
    texts with their rows, the commonest first, where they may be codes; they may be shown to one who has said that they
    are, or where the kind is `code`. `placeholders` stand for empty cells; `shape` is the commonest one."""

    name: str
    kind: Kind
    filled: int
    distinct: int
    shape: str
    dates: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    decimal: str = ""
    values: tuple[tuple[str, int], ...] = ()
    placeholders: tuple[str, ...] = ()

    @property
    def private(self) -> bool:
        """Whether the name says that it may tell who somebody is."""
        return _PRIVATE.search(word(self.name)) is not None


@dataclass(frozen=True)
class FileProfile:
    """A file. `rows` were looked at, `whole` says that those are all; `total` is the column in which the last rows have
    a word for totals, and the word."""

    where: str
    header_row: int
    encoding: str
    rows: int
    whole: bool
    columns: tuple[ColumnProfile, ...]
    total: tuple[str, str] | None = None

    def column(self, name: str) -> ColumnProfile | None:
        """The column with this name, however it is spelled; None where there is none."""
        return next((one for one in self.columns if word(one.name) == word(name)), None)


def profile(extract: Extract, most_rows: int = MOST_ROWS) -> FileProfile:
    """Look through a file once."""
    texts: list[Counter[str]] = [Counter() for _ in extract.header]
    filled = [0] * len(extract.header)
    rows, whole, last = 0, True, None
    for piece in extract.rows(extract.header):
        if rows >= most_rows:
            whole = False
            break
        rows += len(piece.lines)
        for place, name in enumerate(extract.header):
            filled[place] += _count(piece, name, texts[place])
        last = piece if len(piece.lines) else last
    columns = tuple(map(_column, extract.header, texts, filled))
    return FileProfile(extract.where, extract.header_row, extract.encoding, rows, whole, columns,
                       _total(last) if last is not None and whole else None)


def values_of(extract: Extract, rule: ColumnRule, most: int = MOST_CODES) -> tuple[tuple[str, int], ...] | None:
    """What stands in the columns of a rule, with rows, the commonest first; None where it is too much to be codes."""
    counts = Counter[str]()
    for piece in extract.rows(rule.sources):
        _add(combined(rule, {name: spread(piece.cells[name]) for name in rule.sources}), counts)
        if len(counts) > most:
            return None
    return tuple((text, counts[text]) for text in sorted(counts, key=lambda text: (-counts[text], text)))


def _count(piece: Rows, name: str, counts: Counter[str]) -> int:
    """Count a column's texts; returns how many of its cells are filled."""
    return _add(spread(piece.cells[name]), counts)


def _add(cells: Spread, counts: Counter[str]) -> int:
    times = np.bincount(cells.row_of, minlength=len(cells.texts) + 1)
    times[empty_texts(cells.texts)] = 0
    for text, number in zip(cells.texts.to_pylist(), times.tolist(), strict=False):
        if number and (text in counts or len(counts) < MOST_TEXTS):
            counts[text] += number
    return int(times.sum())


def _column(name: str, counts: Counter[str], filled: int) -> ColumnProfile:
    held = tuple(sorted(text for text in counts if word(text) in PLACEHOLDERS))
    texts = [text for text in counts if word(text) not in PLACEHOLDERS]
    one = ColumnProfile(name, "text", filled, len(counts), _shape(counts), placeholders=held)
    if not texts:
        return replace(one, kind="empty")
    if _share(texts, lambda text: _CPR.fullmatch(text) is not None) >= NEARLY_ALL:
        return replace(one, kind="cpr")
    if dates := _formats(name, texts):
        return replace(one, kind="date", dates=dates, years=_years(texts, dates[0]))
    if len(texts) <= MOST_CODES and not one.private and not any("@" in text or holds_cpr(text) for text in texts):
        one = replace(one, values=tuple((text, counts[text]) for text in
                                        sorted(texts, key=lambda text: (-counts[text], text))))
    signs = [sign for sign in ",." if _share(texts, partial(_is_number, sign)) >= NEARLY_ALL]
    if signs:
        return replace(one, kind="number", decimal=_decimal(texts, signs))
    return replace(one, kind="code") if one.values and 2 * len(texts) <= filled else one


def _decimal(texts: Sequence[str], signs: Sequence[str]) -> str:
    """The decimal sign, where the texts tell. What may be read in two ways (1.234) is rather thousands: nobody has
    three decimals of kroner."""
    seen = [sign for sign in signs if any(sign in text for text in texts)]
    if len(signs) == 1:
        return seen[0] if seen else ""
    thousands = {".": ",", ",": "."}
    for sign in signs:
        grouped = re.compile(rf"-?\d{{1,3}}(\{sign}\d{{3}})+")
        if any(sign in text for text in texts):
            return thousands[sign] if all(grouped.fullmatch(text) for text in texts if sign in text) else sign
    return ""


def _is_number(sign: str, text: str) -> bool:
    plain = re.sub(r"\s", "", text).replace("\N{MINUS SIGN}", "-")
    return _NUMBER[sign].fullmatch(plain) is not None


def _share(texts: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, texts)) / len(texts)


def _formats(name: str, texts: Sequence[str]) -> tuple[str, ...]:
    """The formats of dates that read nearly all texts, the likeliest first."""
    iso = [form for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss") if _fits(form, texts) == 1]
    if iso:
        return (iso[0],)
    found = [form for form in FORMATS if form != EXCEL and _fits(form, texts) >= NEARLY_ALL]
    if any(re.search(r"\D", text) for text in texts):
        return tuple(_without_clockless(found, texts))
    says_day = re.search(r"dato|date|start|slut|fra|til|dag", word(name)) is not None
    compact = [form for form in found if form in ("yyyymmdd", "ddmmyyyy") or (form == "ddmmyy" and says_day)]
    serial = says_day and all(text.isdecimal() and len(text) < 6 and int(text) in _SERIALS for text in texts)
    return tuple(compact) or ((EXCEL,) if serial else ())


def _without_clockless(found: Sequence[str], texts: Sequence[str]) -> list[str]:
    """A format with a clock also reads days without; it is only meant where a clock is seen."""
    clock = any(":" in text for text in texts)
    return [form for form in found if clock or " hh" not in form]


def _fits(form: str, texts: Sequence[str]) -> float:
    read = day_reader(form)
    good = 0
    for text in texts:
        day = read(text)
        good += day is not None and (day.year in _YEARS or day.isoformat() == OPEN_END)
    return good / len(texts)


def _years(texts: Sequence[str], form: str) -> tuple[int, int] | None:
    read = day_reader(form)
    years = [day.year for text in texts if (day := read(text)) is not None and day.year in _YEARS]
    return (min(years), max(years)) if years else None


def _shape(counts: Counter[str]) -> str:
    """The commonest shape: 9 for a figure, x for a letter.

    >>> _shape(Counter({"010190-1234": 1, "Aktiv": 1, "120290-0001": 1}))
    '999999-9999'
    """
    shapes = Counter[str]()
    for text, times in counts.items():
        shapes[re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", text))[:20]] += times
    return min(shapes, key=lambda shape: (-shapes[shape], shape), default="")


def _total(last: Rows) -> tuple[str, str] | None:
    """The column, among the last five rows, in which a word for totals stands first."""
    for name in last.cells.column_names:
        for cell in last.cells[name][-5:].to_pylist():
            text = word(cell or "")
            if text.startswith(TOTALS):
                return name, shown(next(total for total in TOTALS if text.startswith(total)))
    return None
