"""The arms of a comparison, counted by replicate group: curves, calendar years and paid weeks in one fetch each.

Part of the person wall (`curves/counts.py`): person-trials in, arrays of counts out.
"""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from gevinst.cohorts.build import Cohort
from gevinst.cohorts.paid_weeks import STEPS
from gevinst.curves.counts import state_counts
from gevinst.curves.tallies import ArmCounts, Counts, Floats
from gevinst.weeks import first_week, year_of

GROUPS = 200
ANY_YEAR = 0
PARTS = 10_000  # a degree of full time is counted in ten-thousandths


def count_arms(
    cohort: Cohort, paid: ir.Table | None, weeks: int, by_year: Collection[str] | None = None
) -> dict[str, ArmCounts]:
    """Count every label of `cohort` by replicate group, weeks 0 to `weeks`.

    `paid` are the paid weeks (`cohorts/paid_weeks.py`: person, benefit, start_week, end_week, step, year, degree),
    or None where no prices are known; then `cells` is empty. Only the labels in `by_year` (None: all) have their paid
    weeks by calendar year; the others', whose years are not asked for, stand under the year `ANY_YEAR`.
    """
    counts = state_counts(cohort, weeks, by_replicate=True)
    labels = tuple(dict.fromkeys(label for label, _ in counts.groups))
    place = np.array([labels.index(label) for label, _ in counts.groups], dtype=np.int64)
    group = np.array([replicate for _, replicate in counts.groups], dtype=np.int64)

    def spread(values: Counts) -> Counts:
        full = np.zeros((len(labels), GROUPS, *values.shape[1:]), values.dtype)
        full[place, group] = values
        return full

    observed, starts, ends, cut, trials = (
        spread(x) for x in (counts.observed, counts.starts, counts.ends, counts.cut, counts.trials)
    )
    years, exposure = _exposure(cohort, labels, weeks)
    paid_weeks = _paid(cohort, paid, labels, weeks, labels if by_year is None else by_year)
    return {
        label: ArmCounts(
            label,
            observed=observed[i],
            starts=starts[i],
            ends=ends[i],
            cut=cut[i],
            trials=trials[i],
            years=years,
            exposure=exposure[i],
            cells=paid_weeks[label][0],
            paid=paid_weeks[label][1],
        )
        for i, label in enumerate(labels)
    }


def _exposure(cohort: Cohort, labels: tuple[str, ...], weeks: int) -> tuple[tuple[int, ...], Floats]:
    """Trials observed by calendar year and week since the start, `[label, group, year, week]`."""
    tables = cohort.prepared.tables
    trials = cohort.trials
    origins = trials.group_by(["label", "replicate", "time_origin"]).aggregate(n=trials.count())
    rows = tables.backend.to_arrow(origins)
    origin = np.asarray(rows["time_origin"], np.int64)
    if not len(origin):
        return (), np.zeros((len(labels), GROUPS, 0, weeks + 1))
    years = tuple(range(year_of(int(origin.min())), year_of(tables.data_horizon) + 1))
    change = np.zeros((len(labels), GROUPS, len(years), weeks + 2))
    label, group, n = _index(rows, labels), np.asarray(rows["replicate"], np.int64), np.asarray(rows["n"], np.float64)
    for y, year in enumerate(years):
        begin = np.clip(first_week(year) - origin, 0, weeks + 1)
        end = np.clip(np.minimum(first_week(year + 1), tables.data_horizon + 1) - origin, 0, weeks + 1)
        within = change[:, :, y]
        np.add.at(within, (label, group, begin), np.where(end > begin, n, 0))
        np.add.at(within, (label, group, end), np.where(end > begin, -n, 0))
    return years, np.cumsum(change, axis=-1)[..., : weeks + 1]


def _paid(
    cohort: Cohort, paid: ir.Table | None, labels: tuple[str, ...], weeks: int, by_year: Collection[str]
) -> dict[str, tuple[tuple[tuple[str, int, int], ...], Floats]]:
    """Full-time weeks paid, by label: its (benefit, step, year), and `[group, cell, week since the start]`."""
    if paid is None:
        return dict.fromkeys(labels, ((), np.zeros((GROUPS, 0, weeks + 1))))
    trials = cohort.trials.select("label", "person", "replicate", "time_origin")
    meets = trials.join(
        paid.rename(paid_benefit="benefit"),
        [
            trials.person == paid.person,
            paid.end_week > trials.time_origin,
            paid.start_week <= trials.time_origin + weeks,
        ],
    )
    keys = ["label", "replicate", "paid_benefit", "step", "year"]
    year = ibis.ifelse(meets.label.isin(list(by_year)), meets.year, ANY_YEAR).cast("int16")
    spans = meets.select(
        *keys[:-1],
        year=year,
        # Whole parts, because a sum of fractions depends on the order in which the engine's threads add them.
        parts=(meets.degree * PARTS).round().cast("int64"),
        k_in=ibis.greatest(meets.start_week - meets.time_origin, 0).cast("int32"),
        k_out=ibis.least(meets.end_week - meets.time_origin, weeks + 1).cast("int32"),
    )
    changes = ibis.union(
        spans.select(*keys, k=spans.k_in, parts=spans.parts),
        spans.select(*keys, k=spans.k_out, parts=-spans.parts),
        distinct=False,
    )
    tallied = changes.group_by([*keys, "k"]).aggregate(change=changes.parts.sum())
    rows = cohort.prepared.tables.backend.to_arrow(tallied.order_by([*keys, "k"]))
    label = _index(rows, labels)
    return {name: _paid_of(rows.take(np.flatnonzero(label == i)), weeks) for i, name in enumerate(labels)}


def _paid_of(rows: pa.Table, weeks: int) -> tuple[tuple[tuple[str, int, int], ...], Floats]:
    """One label's cells, and what is paid in them."""
    coded = rows["paid_benefit"].combine_chunks().dictionary_encode()
    words = coded.dictionary.to_pylist()
    names = sorted(words)
    place = np.array([names.index(word) for word in words], np.int64)
    benefit = place[np.asarray(coded.indices, np.int64)] if len(rows) else np.zeros(0, np.int64)
    step, year = np.asarray(rows["step"], np.int64), np.asarray(rows["year"], np.int64)
    kinds, cell = np.unique((benefit * 10_000 + year) * STEPS + step, return_inverse=True)
    cells = tuple((names[k // STEPS // 10_000], int(k % STEPS), int(k // STEPS % 10_000)) for k in kinds.tolist())
    shape = (GROUPS, len(cells), weeks + 2)
    at = (np.asarray(rows["replicate"], np.int64) * len(cells) + cell) * (weeks + 2) + np.asarray(rows["k"], np.int64)
    change = np.bincount(at, np.asarray(rows["change"], np.float64), GROUPS * len(cells) * (weeks + 2))
    return cells, np.cumsum(change.reshape(shape), axis=-1)[..., : weeks + 1] / PARTS


def _index(rows: pa.Table, labels: tuple[str, ...]) -> Counts:
    place = {label: i for i, label in enumerate(labels)}
    return np.array([place[label] for label in rows["label"].to_pylist()], dtype=np.int64)
