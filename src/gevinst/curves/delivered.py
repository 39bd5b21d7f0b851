"""How much was delivered: participants and their weeks in the intervention, per calendar year.

Part of the person wall: counts only.
"""

from __future__ import annotations

from collections import defaultdict

import ibis

from gevinst.register.person_tables import PersonTables
from gevinst.weeks import first_week, year_of


def delivered_weeks(tables: PersonTables, investment: str) -> dict[int, int]:
    """Participant-weeks in `investment` by calendar year, as far as the horizon; empty without participants."""
    if tables.participants is None:
        return {}
    rows = tables.participants.filter(tables.participants.investment == investment)
    after = ibis.least(rows.end_week.fill_null(tables.data_horizon + 1), tables.data_horizon + 1)
    periods = rows.mutate(after=after)
    spans = periods.group_by(["start_week", "after"]).aggregate(n=periods.count())
    weeks: dict[int, int] = defaultdict(int)
    for row in tables.backend.to_arrow(spans).to_pylist():
        begin, end, n = int(row["start_week"]), int(row["after"]), int(row["n"])
        if begin >= end:
            continue
        for year in range(year_of(begin), year_of(end - 1) + 1):
            weeks[year] += n * (min(end, first_week(year + 1)) - max(begin, first_week(year)))
    return dict(sorted(weeks.items()))


def participants_per_year(tables: PersonTables, investment: str) -> dict[int, int]:
    """Persons with at least one week in `investment` in the calendar year, as far as the horizon."""
    if tables.participants is None:
        return {}
    rows = tables.participants.filter(tables.participants.investment == investment)
    after = ibis.least(rows.end_week.fill_null(tables.data_horizon + 1), tables.data_horizon + 1)
    periods = rows.mutate(after=after)
    counted = {}
    for year in delivered_weeks(tables, investment):
        within = periods.filter(
            periods.start_week < ibis.least(periods.after, first_week(year + 1)), periods.after > first_week(year))
        counted[year] = int(tables.backend.to_arrow(within.aggregate(n=within.person.nunique())).column("n")[0].as_py())
    return counted


def participations(tables: PersonTables) -> dict[str, int]:
    """Participations by investment key; empty without participants."""
    if tables.participants is None:
        return {}
    rows = tables.participants
    counted = tables.backend.to_arrow(rows.group_by("investment").aggregate(n=rows.count())).to_pylist()
    return {str(row["investment"]): int(row["n"]) for row in counted}
