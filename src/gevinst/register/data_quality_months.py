"""Counts per benefit and month, behind the wall: who was there, who began and ended, and what is published of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from math import sqrt
from statistics import median
from typing import Any

import ibis
import pyarrow as pa

from gevinst.parameters.definition_breaks import DefinitionBreak, breaks_within, carried_forward
from gevinst.parameters.quality_rules import QualityRule
from gevinst.register.data_quality import Measured, Month
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import monday, sunday

MEASURES = ("active", "starts", "ends")


def next_month(month: date) -> date:
    """The first day of the month after.

    >>> next_month(date(2024, 12, 1))
    datetime.date(2025, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def whole_months(tables: PersonTables) -> tuple[date, ...]:
    """The first days of the months that lie whole between the register's first week and its horizon."""
    first, last = monday(tables.first_week), sunday(tables.data_horizon)
    month = first if first.day == 1 else next_month(first.replace(day=1))
    months = []
    while next_month(month) <= last + timedelta(days=1):
        months.append(month)
        month = next_month(month)
    return tuple(months)


def month_counts(tables: PersonTables) -> tuple[Month, ...]:
    """Every benefit in every whole month, also where nobody was on it.

    Full-time persons: benefit days × degree ÷ days in the month.
    """
    months = whole_months(tables)
    if not months:
        return ()
    backend, spells = tables.backend, tables.spells
    calendar = backend.from_arrow(pa.table({
        "month": pa.array(months, pa.date32()), "after": pa.array([next_month(one) for one in months], pa.date32()),
    }), "months")
    stop = ibis.literal(sunday(tables.data_horizon) + timedelta(days=1))
    rows = spells.select("person", "benefit", "start_date", "degree", end=spells.end_date,
                         until=ibis.least(spells.end_date.fill_null(stop), stop))
    rows = rows.filter(rows.start_date < rows.until)
    joined = rows.join(calendar, [rows.start_date < calendar.after, rows.until > calendar.month])
    days = ibis.least(joined.until, joined.after).delta(ibis.greatest(joined.start_date, joined.month), unit="day")
    length = joined.after.delta(joined.month, unit="day")
    last_day = joined.end - ibis.interval(days=1)
    each = joined.group_by(["benefit", "month"]).aggregate(
        persons=joined.person.nunique(),
        full_time=(days * joined.degree / length).sum(),
        starts=(joined.start_date >= joined.month).cast("int64").sum(),
        ends=(joined.end.notnull() & (last_day.cast("date") < joined.after)).fill_null(False).cast("int64").sum(),
    )
    found = {(row["benefit"], row["month"]): row for row in backend.to_arrow(each).to_pylist()}
    return tuple(_month(benefit, month, found.get((benefit, month)))
                 for benefit in sorted({benefit for benefit, _ in found}) for month in months)


def _month(benefit: str, month: date, row: dict[str, Any] | None) -> Month:
    if row is None:
        return Month(benefit, month, 0, 0.0, 0, 0)
    return Month(benefit, month, row["persons"], round(float(row["full_time"]), 6), row["starts"], row["ends"])


def thin_months(months: Sequence[Month], rule: QualityRule, breaks: Sequence[DefinitionBreak]) -> list[Measured]:
    """How far below the months around it each month is: 1 - count ÷ median of the months around.

    A drop that chance alone may give (within `deviations` times the square root of the usual count) is none. A month is
    not held against one on the other side of a break that touches its benefit, nor against months before a benefit's
    first or after its last.
    """
    around, deviations = int(rule.numbers["months_around"]), rule.numbers["deviations"]
    found = []
    for benefit in sorted({one.benefit for one in months}):
        mine = [one for one in months if one.benefit == benefit]
        for measure in MEASURES:
            counts = [one.count(measure) for one in mine]
            there = [at for at, n in enumerate(counts) if n]
            for at in range(there[0], there[-1] + 1) if there else ():
                beside = [counts[near] for near in range(max(there[0], at - around), min(there[-1], at + around) + 1)
                          if near != at and not _divided(mine[at].month, mine[near].month, benefit, breaks)]
                if beside:
                    value_at = partial(_below, usual=median(beside), deviations=deviations)
                    found.append(Measured((benefit, mine[at].month.isoformat()[:7], measure), value_at(counts[at]),
                                          counts[at], int(median(beside)), part=False, value_at=value_at,
                                          counted=mine[at].key(measure)))
    return found


def _below(count: int, usual: float, deviations: float) -> float:
    """How far a count lies below the usual one; not at all where chance may give it."""
    return 1 - count / usual if count < usual - deviations * sqrt(usual) else 0.0


def _divided(one: date, other: date, benefit: str, breaks: Sequence[DefinitionBreak]) -> bool:
    return bool(breaks_within(breaks, min(one, other), max(one, other), benefit=benefit))


def published_by_month(
    rows: Sequence[dict[str, Any]], months: Sequence[Month], municipality: str, breaks: Sequence[DefinitionBreak]
) -> dict[tuple[str, date], tuple[float, float]]:
    """Register's and published full-time persons, by benefit as it is called in the month; only where both are known.

    `rows` are those of `published_counts`. Where a break has merged benefits by then, both sides are added up.
    """
    def added(counts: dict[tuple[str, date], float]) -> dict[tuple[str, date], float]:
        total: dict[tuple[str, date], float] = {}
        for (benefit, month), count in counts.items():
            for key, share in carried_forward(breaks, benefit, month).items():
                total[key, month] = total.get((key, month), 0.0) + count * float(share)
        return total

    known: dict[tuple[str, date], float] = {}
    for row in rows:
        if row["full_time_persons"] is not None and row["municipality"] in (None, "", municipality):
            known[row["benefit"], row["month"].replace(day=1)] = float(row["full_time_persons"])
    counted = {(one.benefit, one.month): one.full_time for one in months}
    covered = {month for _, month in counted}
    own, published = added(counted), added(known)
    return {key: (own.get(key, 0.0), count) for key, count in sorted(published.items()) if key[1] in covered}


def beside_published(pairs: dict[tuple[str, date], tuple[float, float]]) -> list[Measured]:
    """The distance from the published count, as a share of it."""
    found = []
    for (benefit, month), (own, published) in pairs.items():
        value_at = partial(_distance, published=published)
        found.append(Measured((benefit, month.isoformat()[:7]), value_at(own), round(own), round(published),
                              part=False, value_at=value_at))
    return found


def _distance(own: float, published: float) -> float:
    return abs(own / published - 1) if published else float(own > 0)
