"""What each week on benefit is paid as: benefit, step of the refund ladder, calendar year.

Behind the person wall: the refund clock runs per person over all benefits (`cohorts/seniority.py`), so it needs
each person's whole history. It is not the time origin of any curve. Kroner come later, from counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from gevinst.cohorts.runs import known_spells
from gevinst.cohorts.seniority import Seniority, WeekSpans, seniority, split_at_steps
from gevinst.parameters.benefits import Benefit
from gevinst.register.person_tables import PersonTables

OUTSIDE_LADDER = 4
"""The step of a week that is not on the ladder (the benefit has none)."""
STEPS = 5


@dataclass(frozen=True)
class PaidWeeks:
    """Pieces of paid weeks: person, benefit, start_week, end_week, step, year, degree; one step and year each.

    `shared_weeks`: weeks in which two full benefits met, valued once (as the one that began first).
    `lower_bound_share`: the share of weeks whose step may be too low, because weeks before the register are
    unknown.
    """

    table: ir.Table
    shared_weeks: int
    lower_bound_share: float


def paid_weeks(tables: PersonTables, known: Mapping[str, Benefit]) -> PaidWeeks:
    """Find the step and year of every paid week in the register.

    Only benefits in `known` are paid; each decides by its `clock` whether its weeks count on the ladder, are
    neutral, or are nothing to it.
    """
    spells = known_spells(tables)
    rows = tables.backend.to_arrow(
        spells.filter(spells.benefit.isin(sorted(known)))
        .select("person", "benefit", "start_week", "end_week", "start_date", "degree")
        .order_by(["person", "start_week", "start_date", "end_week", "benefit"])
    )
    names = sorted(set(rows["benefit"].to_pylist()))
    code = rows["benefit"].combine_chunks().dictionary_encode() if len(rows) else None
    index = _codes(code, names)
    clock = np.array([known[name].clock for name in names], dtype=object)[index] if len(rows) else np.array([])
    person, start, end = (np.asarray(rows[name], np.int64) for name in ("person", "start_week", "end_week"))
    degree = np.asarray(rows["degree"], np.float64)
    first_paid, shared = _valued_once(person, start, end, degree)

    on_clock = np.flatnonzero((clock == "counts") | (clock == "neutral"))
    spans = WeekSpans(
        person[on_clock],
        start[on_clock].astype(np.int32),
        end[on_clock].astype(np.int32),
        clock[on_clock] == "counts",
    )
    counted = seniority(spans, first_week=tables.first_week, last_week=tables.data_horizon)
    laddered = split_at_steps(_from_week(counted, first_paid[on_clock[counted.row]]))
    others = np.flatnonzero((clock != "counts") & (first_paid < end))
    flat = split_at_steps(_without_ladder(person[others], first_paid[others], end[others], others))
    row = np.concatenate([on_clock[laddered.row], flat.row])
    parts = {
        "person": np.concatenate([laddered.person, flat.person]),
        "start_week": np.concatenate([laddered.start_week, flat.start_week]).astype(np.int32),
        "end_week": np.concatenate([laddered.end_week, flat.end_week]).astype(np.int32),
        "step": np.concatenate([laddered.step, np.full(len(flat.step), OUTSIDE_LADDER)]).astype(np.int8),
        "year": np.concatenate([laddered.year, flat.year]).astype(np.int16),
        "degree": degree[row],
    }
    benefit = pa.DictionaryArray.from_arrays(pa.array(index[row], pa.int32()), pa.array(names, pa.string()))
    table = pa.table({"benefit": benefit.cast(pa.string()), **{name: pa.array(part) for name, part in parts.items()}})
    weeks = laddered.end_week - laddered.start_week
    bounded = float(np.sum(weeks[laddered.lower_bound]) / max(np.sum(weeks), 1))
    return PaidWeeks(tables.backend.from_arrow(table, "paid_weeks"), shared, bounded)


def _codes(encoded: pa.DictionaryArray | None, names: list[str]) -> np.ndarray:
    if encoded is None:
        return np.array([], np.int64)
    place = np.array([names.index(name) for name in encoded.dictionary.to_pylist()], np.int64)
    return place[np.asarray(encoded.indices, np.int64)]


def _valued_once(person: np.ndarray, start: np.ndarray, end: np.ndarray, degree: np.ndarray) -> tuple[np.ndarray, int]:
    """The first week each spell is paid for, so that a week in which a person changes benefit costs one.

    People change benefit in the middle of a week, and the DREAM rule then gives the week to both; the one that
    began first keeps it. Only that week: two full benefits side by side for longer are both paid, as the source says.
    Spells of less than full degree stand beside others. Rows are sorted by person and start.
    """
    if not len(person):
        return start, 0
    stretch = int(end.max() - start.min()) + 1
    offset = (np.cumsum(np.r_[0, np.diff(person) != 0]) * stretch) - int(start.min())
    full = degree >= 1
    reach = np.maximum.accumulate(np.where(full, end + offset, 0))
    before = np.r_[0, reach[:-1]] - offset
    first = np.where(full & (before == start + 1), np.minimum(before, end), start)
    return first, int(np.sum(first - start))


def _from_week(counted: Seniority, first: np.ndarray) -> Seniority:
    """The spans begun at the first paid week, with the weeks before it counted; empty ones dropped."""
    keep = first < counted.end_week
    shift = np.maximum(first - counted.start_week, 0)
    return Seniority(
        counted.person[keep],
        (counted.start_week + shift).astype(np.int32)[keep],
        counted.end_week[keep],
        (counted.counted_before + shift).astype(np.int32)[keep],
        counted.lower_bound[keep],
        counted.row[keep],
    )


def _without_ladder(person: np.ndarray, start: np.ndarray, end: np.ndarray, row: np.ndarray) -> Seniority:
    """Spans that only the turn of the year may cut: taken as far up the ladder, where no step is left."""
    n = len(person)
    return Seniority(
        person, start.astype(np.int32), end.astype(np.int32), np.full(n, 10_000, np.int32), np.zeros(n, bool), row
    )
