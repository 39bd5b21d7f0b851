"""A value that holds for a time: with unit, source, legal reference, and how far it is known.

Two questions are kept apart. A *realised* figure may only use a value that is known to hold on the day; asked
outside it, the lookup refuses. A *forecast* may carry the last known value forward, and says so ("fremskrevet").
A hole inside a series is written down as unknown, and is refused to both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from gevinst.errors import GevinstError
from gevinst.language import say, short_date
from gevinst.parameters.confidence import Confidence, read_confidence
from gevinst.parameters.marked_yaml import Node

T = TypeVar("T")
DAY = timedelta(days=1)
UNITS: dict[str, tuple[str, str]] = {
    "dkk_per_month": ("kr. pr. måned", "DKK per month"),
    "dkk_per_week": ("kr. pr. uge", "DKK per week"),
    "refund_pct": ("pct. statsrefusion", "per cent state refund"),
    "pct": ("pct.", "per cent"),
    "share": ("andel", "share"),
}
_SERIES = ("da", "en", "unit", "known_until", "values")
_SHARED = ("source", "legal_reference", "confidence", "verified", "note")


@dataclass(frozen=True)
class DatedValue(Generic[T]):
    """A value from `valid_from` to `valid_to`, both days included; `None` is an open end.

    `confidence` says how well the value is known and follows it wherever it is used; `known_until` is the last
    day for which anybody has looked. `note` is for those who keep the data and is not printed.
    """

    value: T
    valid_from: date | None
    valid_to: date | None
    unit: str
    source: str
    legal_reference: str
    confidence: Confidence
    known_until: date
    note: str = ""
    local: bool = False

    @property
    def verified(self) -> bool:
        """Whether the value was read in a public source (or given locally as such)."""
        return self.confidence.verified

    def holds_on(self, day: date) -> bool:
        """Whether the day is in the period and not after what is known."""
        last = self.known_until if self.valid_to is None else self.valid_to
        return (self.valid_from is None or self.valid_from <= day) and day <= last


@dataclass(frozen=True)
class Unknown:
    """A period inside a series of which it is known that the value was not found."""

    valid_from: date
    valid_to: date
    why: str


@dataclass(frozen=True)
class Found(Generic[T]):
    """The answer to a lookup: the value, the day asked for, and whether it was carried forward to it."""

    dated: DatedValue[T]
    day: date
    carried: bool


@dataclass(frozen=True)
class Series(Generic[T]):
    """The values of one parameter in order of time, without overlap and without an unexplained hole."""

    key: str
    da: str
    en: str
    unit: str
    known_until: date
    values: tuple[DatedValue[T], ...]
    unknown: tuple[Unknown, ...] = ()

    @property
    def name(self) -> str:
        """The name in the language spoken now."""
        return say(da=self.da, en=self.en)

    @property
    def ended(self) -> bool:
        """Whether the last value is known to have stopped before the end of what is known."""
        last = self.values[-1].valid_to
        return last is not None and last < self.known_until

    def has(self, day: date) -> bool:
        """Whether a value is known for the day."""
        return any(one.holds_on(day) for one in self.values)

    def at(self, day: date, *, forecast: bool = False) -> Found[T]:
        """The value on `day`.

        With `forecast` the last value is carried past `known_until`, unless the parameter had stopped by then.
        Raises `parameters.outside-known`.
        """
        for one in self.values:
            if one.holds_on(day):
                return Found(one, day, carried=False)
        if forecast and day > self.known_until and not self.ended:
            return Found(self.values[-1], day, carried=True)
        first = self.values[0].valid_from
        raise GevinstError("parameters.outside-known", key=self.key, day=short_date(day),
                           first="…" if first is None else short_date(first),
                           last=short_date(self.values[-1].valid_to or self.known_until))


def read_series(
    key: str, node: Node, value: Callable[[dict[str, Node]], T], fields: tuple[str, ...] = ("value",),
    *, local: bool = False,
) -> Series[T]:
    """A series from its place in a file.

    `fields` are the names of a row that hold the value, the first of them required; `value` makes the value of
    them. Source, legal reference and confidence may stand once for the series or on each row; a national row
    must have a confidence of the list, a local one may say `verified: false`.
    Raises the errors of `marked_yaml`, and `parameters.missing-source`, `parameters.empty-period`,
    `parameters.overlap`, `parameters.gap`, `parameters.past-known` and `parameters.unit`.
    """
    given = node.mapping(_SERIES, _SHARED)
    unit, known_until = given["unit"].text(), given["known_until"].day()
    if unit not in UNITS:
        raise given["unit"].fault("parameters.unit", unit=unit, allowed=", ".join(UNITS))
    shared = {name: given[name] for name in _SHARED if name in given}
    values: list[DatedValue[T]] = []
    unknown: list[Unknown] = []
    ends: list[date | None] = []
    rows = given["values"].items()
    if not rows:
        raise given["values"].fault("parameters.missing-key", key="values")
    for row in rows:
        start, end = _period(key, row, known_until, ends)
        ends.append(end)
        entries = {**shared, **row.mapping()}
        if "unknown" in entries:
            row.mapping(("unknown",), ("year", "from", "to"))
            if start is None or end is None:
                raise row.fault("parameters.missing-key", key="from, to")
            unknown.append(Unknown(start, end, entries["unknown"].text()))
        else:
            row.mapping(fields[:1], ("year", "from", "to", *fields, *_SHARED))
            values.append(_dated(row, entries, value, start, end, unit, known_until, local=local))
    if not values:
        raise given["values"].fault("parameters.missing-key", key=fields[0])
    return Series(key, given["da"].text(), given["en"].text(), unit, known_until, tuple(values), tuple(unknown))


def _dated(
    row: Node, entries: dict[str, Node], value: Callable[[dict[str, Node]], T], start: date | None,
    end: date | None, unit: str, known_until: date, *, local: bool,
) -> DatedValue[T]:
    if "source" not in entries or entries["source"].empty:
        raise row.fault("parameters.missing-source", key="source")
    words = {name: entries[name].text() if name in entries else "" for name in ("source", "legal_reference", "note")}
    return DatedValue(value(row.mapping()), start, end, unit, words["source"], words["legal_reference"],
                      read_confidence(entries, row, local=local), known_until, words["note"], local)


def _period(
    key: str, row: Node, known_until: date, ends: Sequence[date | None]
) -> tuple[date | None, date | None]:
    """The row's first and last day, checked against the row before it."""
    given = {name: one for name, one in row.mapping().items() if not one.empty}
    if "year" in given:
        year = given["year"].integer()
        start: date | None = date(year, 1, 1)
        end: date | None = date(year, 12, 31)
    else:
        start = given["from"].day() if "from" in given else None
        end = given["to"].day() if "to" in given else None
    if start and end and end < start:
        raise row.fault("parameters.empty-period", key=key, start=start, end=end)
    if (end and end > known_until) or (start and start > known_until):
        raise row.fault("parameters.past-known", key=key, known_until=known_until)
    if ends:
        before = ends[-1]
        if before is None or start is None or start <= before:
            raise row.fault("parameters.overlap", key=key, start=start or "…", before=before or "…")
        if start > before + DAY:
            raise row.fault("parameters.gap", key=key, start=before + DAY, end=start - DAY)
    return start, end
