"""Published survival curves: which columns hold them, how far each cohort has been followed, and their rows.

The columns of y01b01 are named "Overlevelseskurve u. tilbagefald til den valgte ydelse … N uger" and "… m. …"
(seen). The text decides, not the place. A cohort's curve is shown by the source only as far as the whole cohort has
been followed, so the newest cohorts end early; a blank is a blank, never a zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gevinst.errors import GevinstError
from gevinst.language import MONTHS_DA
from gevinst.sources.cells import shown
from gevinst.sources.online.shapes import Rows, period_order, period_parts
from gevinst.sources.online.values import Unreadable, Value, plain_words, published_number
from gevinst.sources.report import Note, note

TEXT = "overlevelse"
_COLUMN = re.compile(r"overlevelseskurve (u|uden|m|med) tilbagefald\b.*?(\d{1,3}) uger?\b")
_START = Decimal(100)
IN_A_YEAR = {"Y": 1, "Q": 4, "M": 12}


@dataclass(frozen=True)
class CurveColumn:
    """A column that holds a point of a curve."""

    name: str
    definition: str
    week: int


@dataclass(frozen=True)
class PublishedCurve:
    """A curve as the canonical table holds it: per cent by week, in order; `period` is the source's id."""

    benefit: str
    definition: str
    cohort: str
    period: str
    points: tuple[tuple[int, Decimal], ...]

    @property
    def last_week(self) -> int:
        """The last week it is known for."""
        return self.points[-1][0]


@dataclass(frozen=True)
class Curves:
    """The curves of one table and area, what to know of them, and the last week that any column is for."""

    curves: tuple[PublishedCurve, ...]
    notes: tuple[Note, ...]
    whole_week: int

    def mature(self) -> tuple[PublishedCurve, ...]:
        """Those followed to the last week."""
        return tuple(curve for curve in self.curves if curve.last_week >= self.whole_week)

    def newest_mature(self) -> tuple[PublishedCurve, ...]:
        """Searched for backwards: the newest cohort that has been followed to the last week; maybe none."""
        mature = self.mature()
        newest = max((curve.period for curve in mature), key=period_order, default="")
        return tuple(curve for curve in mature if curve.period == newest)


def curve_columns(columns: Iterable[str]) -> tuple[CurveColumn, ...]:
    """The columns that hold curves.

    >>> curve_columns(["Periode", "Overlevelseskurve m. tilbagefald til den valgte ydelse, 13 uger"])[0].week
    13
    """
    found = []
    for name in columns:
        read = _COLUMN.search(plain_words(name))
        if read:
            definition = "without_relapse" if read.group(1).startswith("u") else "with_relapse"
            found.append(CurveColumn(name, definition, int(read.group(2))))
    return tuple(found)


def period_column(columns: Iterable[str], where: str) -> str:
    """The column that says which period. Raises `online.shape`."""
    for name in columns:
        if plain_words(name) in {"periode", "period", "tid"}:
            return name
    raise GevinstError("online.shape", where=where, missing="Periode")


def read_curves(rows: Rows, benefit: str, where: str, *, area: str = "") -> Curves:
    """The curves of the rows, one per period and definition.

    `area` stands before the cohort's name where it is not the municipality itself. Raises `online.no-curves`,
    `online.shape`, `online.period-twice`, `online.share-range`.
    """
    columns = curve_columns(rows.columns)
    if not columns:
        raise GevinstError("online.no-curves", where=where, columns=", ".join(map(shown, rows.columns[:8])) or "–")
    if len({(one.definition, one.week) for one in columns}) < len(columns):
        raise GevinstError("online.shape", where=where, missing="columns[]")
    by_period = _by_period(rows, where)
    cells = {(period, one): published_number(row[one.name], bounded=True)
             for period, row in by_period.items() for one in columns}
    values, notes = _readable(cells)
    scale = Decimal(1)
    if values and max(values.values()) <= 1:  # a share, not per cent: nobody has 1 per cent left in the first weeks
        scale, notes = Decimal(100), [*notes, note("online.shares-as-fractions")]
    found = []
    for definition in dict.fromkeys(one.definition for one in columns):
        for period in sorted(by_period, key=period_order):
            points = {one.week: values[period, one] * scale
                      for one in columns if one.definition == definition and (period, one) in values}
            if any(week > 0 for week in points):
                found.append(_curve(benefit, definition, period, points, where, area))
    if not found:
        raise GevinstError("online.only-blanks", where=where)
    return Curves(tuple(found), tuple(notes), max(one.week for one in columns))


def _by_period(rows: Rows, where: str) -> dict[str, Mapping[str, Any]]:
    column = period_column(rows.columns, where)
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows.rows:
        period = str(row[column] if row[column] is not None else "").strip().upper()
        if period_parts(period) is None:
            raise GevinstError("online.not-a-period", where=where, value=shown(period) or "–")
        if period in found:
            raise GevinstError("online.period-twice", where=where, period=period)
        found[period] = row
    return found


def _readable(cells: Mapping[tuple[str, CurveColumn], Value]) -> tuple[dict[tuple[str, CurveColumn], Decimal],
                                                                       list[Note]]:
    odd = sum(isinstance(value, Unreadable) for value in cells.values())
    values = {place: value for place, value in cells.items() if isinstance(value, Decimal)}
    return values, [note("online.unreadable-cells", cells=odd)] if odd else []


def _curve(benefit: str, definition: str, period: str, points: dict[int, Decimal], where: str,
           area: str) -> PublishedCurve:
    for week, share in points.items():
        if not 0 <= share <= 100:
            raise GevinstError("online.share-range", where=where, period=period, week=week)
    points.setdefault(0, _START)  # week 0 is the week of entry: everybody is on the benefit, by definition
    label = f"{area}: {cohort_name(period)}" if area else cohort_name(period)
    return PublishedCurve(benefit, definition, label, period, tuple(sorted(points.items())))


def cohort_name(period: str) -> str:
    """A period as a cohort is called in a memo.

    >>> cohort_name("2020"), cohort_name("2021Q1"), cohort_name("2021M05"), cohort_name("2021QMAT02")
    ('2020', '1. kvartal 2021', 'maj 2021', 'rullende år 2021QMAT02')
    """
    parts = period_parts(period)
    if parts is None:
        return period
    year, kind, number = parts
    if kind == "Q":
        return f"{number}. kvartal {year}"
    if kind == "QMAT":
        return f"rullende år {period}"
    if kind == "M" and 1 <= number <= len(MONTHS_DA):
        return f"{MONTHS_DA[number - 1]} {year}"
    return str(year) if kind == "Y" else period


def baseline(curves: Sequence[PublishedCurve], first: int, last: int, where: str, *, area: str = "",
             ) -> tuple[PublishedCurve, ...]:
    """The plain mean of the cohorts of the years `first` to `last`, per definition, in the weeks they all have.

    Periods count alike, however many persons they hold: the source's curves carry no counts. Raises
    `online.baseline-incomplete` where a year, or a part of one, is not among the curves.
    """
    found = []
    for definition in dict.fromkeys(curve.definition for curve in curves):
        there: dict[int, list[PublishedCurve]] = {}
        kind = ""
        for curve in curves:
            parts = period_parts(curve.period)
            if curve.definition == definition and parts and first <= parts[0] <= last and parts[1] in IN_A_YEAR:
                kind = parts[1]
                there.setdefault(parts[0], []).append(curve)
        missing = [str(year) for year in range(first, last + 1)
                   if len(there.get(year, ())) != IN_A_YEAR.get(kind, 1)]
        if missing:
            raise GevinstError("online.baseline-incomplete", where=where, missing=", ".join(missing))
        members = [dict(curve.points) for year in sorted(there) for curve in there[year]]
        weeks = sorted(set.intersection(*(set(points) for points in members)))
        mean = tuple((week, _mean([points[week] for points in members])) for week in weeks)
        years = f"{first}-{last}"
        label = f"{area}: {years}" if area else years
        found.append(PublishedCurve(curves[0].benefit, definition, label, years, mean))
    return tuple(found)


def _mean(shares: Sequence[Decimal]) -> Decimal:
    return (sum(shares, Decimal(0)) / len(shares)).quantize(Decimal("0.0001"))
