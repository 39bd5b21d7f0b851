"""The person wall: the last module that sees persons. What leaves it is counts.

Per group (a label, or a label and replicate group) and week since the time origin it counts the trials
observed, those whose run on the benefit starts, ends, or is cut off by the horizon, and first exits. Runs are
counted by their ends, never week by week, so 104 weeks cost no more than four.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from gevinst.cohorts.build import Cohort
from gevinst.curves import person_sums
from gevinst.curves.tallies import Counts, ExitCounts, Floats, StateCounts

STARTS, ENDS, CUT = 0, 1, 2


def state_counts(cohort: Cohort, weeks: int, *, by_replicate: bool = False) -> StateCounts:
    """Count who is on the benefit week by week, 0 to `weeks`, per label (and replicate group)."""
    keys = ["label", "replicate"] if by_replicate else ["label"]
    trials, tables = cohort.trials, cohort.prepared.tables
    followed = trials.mutate(k=ibis.least(tables.data_horizon - trials.time_origin, weeks))
    last = followed.group_by([*keys, "k"]).aggregate(n=followed.count())
    sizes = trials.group_by(keys).aggregate(trials=trials.count(), persons=trials.person.nunique())
    intervals = _intervals(cohort, weeks)
    kind = ibis.ifelse(intervals.cut, CUT, ENDS).cast("int8")
    changes = ibis.union(
        intervals.select(*keys, k=intervals.k_in, kind=ibis.literal(STARTS, "int8")),
        intervals.filter(intervals.k_out <= weeks).select(*keys, k=intervals.k_out, kind=kind),
        distinct=False,
    )
    tallied = changes.group_by([*keys, "k", "kind"]).aggregate(n=changes.count())
    fetch = tables.backend.to_arrow
    size_rows = fetch(sizes.order_by(keys))
    groups = _groups(size_rows, by_replicate)
    place = {group: i for i, group in enumerate(groups)}
    shape = (len(groups), weeks + 1)
    ended = _tally(fetch(last), place, by_replicate, shape)
    change_rows = fetch(tallied)
    starts, ends, cut = (
        _tally(change_rows.filter(np.asarray(change_rows["kind"]) == wanted), place, by_replicate, shape)
        for wanted in (STARTS, ENDS, CUT)
    )
    return StateCounts(
        groups,
        observed=np.cumsum(ended[:, ::-1], axis=1)[:, ::-1],
        starts=starts,
        ends=ends,
        cut=cut,
        trials=np.asarray(size_rows["trials"], np.int64),
        persons=np.asarray(size_rows["persons"], np.int64),
    )


def exit_counts(cohort: Cohort, weeks: int, *, by_replicate: bool = False) -> ExitCounts:
    """Count first exits by weeks on the benefit, 0 to `weeks`, per label (and replicate group)."""
    keys = ["label", "replicate"] if by_replicate else ["label"]
    trials = cohort.trials
    spans = trials.mutate(
        entry=ibis.least(trials.elapsed, weeks + 1).cast("int32"),
        leave=ibis.least(trials.exit_week - trials.time_origin + trials.elapsed, weeks + 1).cast("int32"),
    )
    tallied = spans.group_by([*keys, "entry", "leave", "exit_known"]).aggregate(n=spans.count())
    rows = cohort.prepared.tables.backend.to_arrow(tallied.order_by([*keys, "entry", "leave", "exit_known"]))
    groups = tuple(dict.fromkeys(_groups(rows, by_replicate)))
    place = {group: i for i, group in enumerate(groups)}
    index = np.array([place[group] for group in _groups(rows, by_replicate)], dtype=np.int64)
    n, entry, leave = (np.asarray(rows[name], np.int64) for name in ("n", "entry", "leave"))
    known = np.asarray(rows["exit_known"], bool)
    entered, left, events = (np.zeros((len(groups), weeks + 2), np.int64) for _ in range(3))
    np.add.at(entered, (index, entry), n)
    np.add.at(left, (index, leave), n)
    np.add.at(events, (index[known], leave[known]), n[known])
    at_risk = np.zeros((len(groups), weeks + 1), np.int64)
    at_risk[:, 0] = entered[:, 0]
    at_risk[:, 1:] = np.cumsum(entered, axis=1)[:, :weeks] - np.cumsum(left, axis=1)[:, :weeks]
    return ExitCounts(groups, at_risk, events[:, : weeks + 1])


def state_variance(
    cohort: Cohort, counts: StateCounts, weeks: int, *, cut_at_risk: bool = True
) -> tuple[Floats, Floats]:
    """Person-clustered variance of the state occupation and of its running sum, each `[label, week 0..K]`.

    The running sum at K-1 is the restricted mean weeks over K weeks. Needs `counts` by label, not by replicate.
    """
    intervals = _intervals(cohort, weeks)
    ordered = intervals.order_by(["label", "person", "time_origin", "k_in"])
    rows = cohort.prepared.tables.backend.to_arrow(
        ordered.select("label", "person", "time_origin", "last", "k_in", "k_out", "cut")
    )
    return person_sums.state_variance(rows, counts.groups, counts, weeks, cut_at_risk=cut_at_risk)


def exit_variance(cohort: Cohort, counts: ExitCounts, weeks: int) -> Floats:
    """Person-clustered variance of log Kaplan-Meier, `[label, week 0..K]`."""
    trials = cohort.trials
    rows = cohort.prepared.tables.backend.to_arrow(
        trials.select(
            "label",
            "person",
            "exit_known",
            entry=trials.elapsed,
            leave=trials.exit_week - trials.time_origin + trials.elapsed,
        ).order_by(["label", "person", "entry", "leave"])
    )
    return person_sums.exit_variance(rows, counts.groups, counts.at_risk, counts.events, weeks)


def _intervals(cohort: Cohort, weeks: int) -> ir.Table:
    """Each trial's runs on the benefit, in weeks since its time origin; `last` is its last observed week."""
    trials, horizon = cohort.trials, cohort.prepared.tables.data_horizon
    runs = cohort.prepared.runs.select("benefit", "person", "start_week", "end_week")
    meets = trials.join(
        runs,
        [
            trials.person == runs.person,
            trials.benefit == runs.benefit,
            runs.end_week > trials.time_origin,
            runs.start_week <= trials.time_origin + weeks,
        ],
    )
    return meets.select(
        "label",
        "person",
        "replicate",
        "time_origin",
        last=(ibis.literal(horizon) - meets.time_origin).cast("int32"),
        k_in=ibis.greatest(meets.start_week - meets.time_origin, 0).cast("int32"),
        k_out=(meets.end_week - meets.time_origin).cast("int32"),
        cut=meets.end_week == horizon + 1,
    )


def _groups(rows: pa.Table, by_replicate: bool) -> tuple[tuple[str, int], ...]:
    labels = rows["label"].to_pylist()
    replicates = rows["replicate"].to_pylist() if by_replicate else [-1] * len(labels)
    return tuple(zip(labels, replicates, strict=True))


def _tally(rows: pa.Table, place: dict[tuple[str, int], int], by_replicate: bool, shape: tuple[int, int]) -> Counts:
    tally = np.zeros(shape, np.int64)
    index = np.array([place[group] for group in _groups(rows, by_replicate)], dtype=np.int64)
    np.add.at(tally, (index, np.asarray(rows["k"], np.int64)), np.asarray(rows["n"], np.int64))
    return tally
