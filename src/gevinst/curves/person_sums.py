"""Behind the person wall: influence functions summed by person, so that intervals are clustered on the person.

Only sums over persons leave. A person with two trials in a cohort counts once as a source of chance
(infinitesimal jackknife; R `survfit(..., influence=TRUE)` summed by person gives the same).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.curves.estimators import at_risk_of_change, state_occupation, transition_probabilities
from gevinst.curves.tallies import Counts, Floats, StateCounts

CHUNK = 16_384  # trials held week by week at a time


def state_variance(
    rows: pa.Table,
    groups: tuple[tuple[str, int], ...],
    counts: StateCounts,
    weeks: int,
    *,
    cut_at_risk: bool = True,
) -> tuple[Floats, Floats]:
    """Variance of the state occupation and of its running sum over weeks, each `[group, week 0..K]`.

    `rows` are the trials' runs (label, person, time_origin, last, k_in, k_out, cut), sorted by label, person,
    time_origin. The influence of trial i obeys u(k) = u(k-1) (1 - a_k - b_k) + w(k), where w(k) is
    -p(k-1) (left - a_k) / receiving(k-1) for one on the benefit and (1 - p(k-1)) (came - b_k) / off(k-1) for
    one off it.
    """
    variance, running = np.zeros((len(groups), weeks + 1)), np.zeros((len(groups), weeks + 1))
    label = np.asarray(rows["label"].to_pylist(), dtype=object)
    columns = {name: np.asarray(rows[name], np.int64) for name in ("person", "time_origin", "last", "k_in", "k_out")}
    for g, (name, _) in enumerate(groups):
        mine = label == name
        part = {key: value[mine] for key, value in columns.items()}
        one = [np.asarray(x[g], np.float64) for x in (counts.observed, counts.starts, counts.ends, counts.cut)]
        share = state_occupation(*one, cut_at_risk=cut_at_risk)
        leave, come = transition_probabilities(*one, cut_at_risk=cut_at_risk)
        on, off = at_risk_of_change(*one, cut_at_risk=cut_at_risk)
        step_unseen = 1 if cut_at_risk else 0  # whether the step into an unseen week counts as time at risk
        for on_benefit, last, owner in _trials_by_week(part, weeks):
            influence = _influence(on_benefit, last, last + step_unseen, share, leave, come, on, off)
            by_person = np.add.reduceat(influence, owner, axis=0)
            variance[g] += np.sum(by_person**2, axis=0)
            running[g] += np.sum(np.cumsum(by_person, axis=1) ** 2, axis=0)
    return variance, running


def _trials_by_week(
    part: dict[str, Counts], weeks: int
) -> Iterator[tuple[npt.NDArray[np.bool_], Counts, npt.NDArray[np.intp]]]:
    """Chunks of whole persons: on the benefit `[trial, week]`, last observed week `[trial]`, person starts."""
    if not len(part["person"]):
        return
    new_person = np.r_[True, part["person"][1:] != part["person"][:-1]]
    new_trial = new_person | np.r_[True, part["time_origin"][1:] != part["time_origin"][:-1]]
    trial = np.cumsum(new_trial) - 1
    first_row = np.flatnonzero(new_trial)
    starts_person = new_person[first_row]
    person_starts = np.flatnonzero(starts_person)
    begin = 0
    while begin < len(first_row):
        after = np.searchsorted(person_starts, begin + CHUNK)
        end = int(person_starts[after]) if after < len(person_starts) else len(first_row)
        row_from = first_row[begin]
        row_to = first_row[end] if end < len(first_row) else len(trial)
        of = trial[row_from:row_to] - begin
        change = np.zeros((end - begin, weeks + 2), np.int8)
        np.add.at(change, (of, part["k_in"][row_from:row_to]), 1)
        np.add.at(change, (of, np.minimum(part["k_out"][row_from:row_to], weeks + 1)), -1)
        on_benefit = np.cumsum(change[:, : weeks + 1], axis=1, dtype=np.int8) > 0
        yield on_benefit, part["last"][first_row[begin:end]], np.flatnonzero(starts_person[begin:end])
        begin = end


def _influence(
    on_benefit: npt.NDArray[np.bool_],
    last: Counts,
    at_risk_to: Counts,
    share: Floats,
    leave: Floats,
    come: Floats,
    on: Floats,
    off: Floats,
) -> Floats:
    influence = np.zeros(on_benefit.shape)
    for k in range(1, on_benefit.shape[1]):
        followed, there = last >= k, on_benefit[:, k - 1]
        at_risk = at_risk_to >= k
        left = there & followed & ~on_benefit[:, k]
        came = ~there & on_benefit[:, k]
        from_on = -share[k - 1] * (left - leave[k]) / on[k] if on[k] > 0 else np.zeros(len(last))
        from_off = (1 - share[k - 1]) * (came - come[k]) / off[k] if off[k] > 0 else np.zeros(len(last))
        step = np.where(at_risk, np.where(there, from_on, from_off), 0.0)
        influence[:, k] = influence[:, k - 1] * (1 - leave[k] - come[k]) + step
    return influence


def exit_variance(
    rows: pa.Table, groups: tuple[tuple[str, int], ...], at_risk: Counts, events: Counts, weeks: int
) -> Floats:
    """Variance of log Kaplan-Meier, clustered on the person, `[group, week 0..K]`.

    The influence of one who is at risk in (entry, leave] is -(event by k) / (n - d) + sum of d / (n (n - d))
    over the weeks at risk up to k; without repeated persons its sum of squares is Greenwood's formula.
    """
    variance = np.zeros((len(groups), weeks + 1))
    label = np.asarray(rows["label"].to_pylist(), dtype=object)
    person, entry, leave = (np.asarray(rows[name], np.int64) for name in ("person", "entry", "leave"))
    known = np.asarray(rows["exit_known"], bool)
    for g, (name, _) in enumerate(groups):
        mine = label == name
        n, d = at_risk[g].astype(np.float64), events[g].astype(np.float64)
        inverse = np.zeros(weeks + 1)
        np.divide(1.0, n - d, out=inverse, where=n > d)
        each = np.zeros(weeks + 1)
        np.divide(d, n * (n - d), out=each, where=n > d)
        so_far = np.cumsum(each)
        one = (entry[mine], leave[mine], known[mine])
        owner = np.flatnonzero(np.r_[True, person[mine][1:] != person[mine][:-1]])
        for k in range(1, weeks + 1):
            exposed = so_far[np.minimum(one[1], k)] - so_far[np.minimum(one[0], k)]
            left = np.where(one[2] & (one[1] <= k) & (one[1] > one[0]), inverse[np.minimum(one[1], weeks)], 0.0)
            influence = np.add.reduceat(exposed - left, owner)
            variance[g, k] = np.sum(influence**2)
    return variance
