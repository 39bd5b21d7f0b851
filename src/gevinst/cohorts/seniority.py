"""The refund clock: how many weeks on benefit a person has behind her, and the step of the ladder it gives.

The clock is not the time origin of a curve. It counts weeks with a counting benefit, per person across benefits,
and a week that is touched by several counts once. It starts over when the person, after the first counted week,
has had in all 52 whole weeks of self-support within the latest 156 weeks (three years); they need not be
consecutive. Neutral weeks neither count nor are self-support. Lov 994/2015 §§ 5-6; `docs/method/economy.md`.

The rule is written twice: `seniority_by_week` walks a person's weeks and can be read aloud; `seniority` gives the
same for spans of many persons at once. A test holds them against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gevinst.errors import GevinstError
from gevinst.parameters.national import STEP_STARTS
from gevinst.weeks import first_week as first_week_of_year
from gevinst.weeks import year_of

WeekState = Literal["counts", "neutral", "self"]
Ints = npt.NDArray[np.int64]
Weeks = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

WEEKS_TO_RESET = 52
WINDOW_WEEKS = 156
STEP_ENDS = tuple(start - 1 for start in STEP_STARTS[1:])  # the last counted week of steps 0, 1, 2: 4, 26, 52
TOP_STEP = len(STEP_ENDS)


def seniority_by_week(states: Sequence[WeekState]) -> list[int]:
    """The count at the end of each week of one person's life, from weeks in a row.

    A counting week's own count is its number on the ladder: 1 in the first. It is 0 before the first counted week
    and after a reset.

    >>> seniority_by_week(["self", "counts", "neutral", "counts"] + ["self"] * 52 + ["counts"])[-4:]
    [2, 2, 0, 1]
    """
    counts: list[int] = []
    count, first_counted = 0, None
    for week, state in enumerate(states):
        if state == "counts":
            count += 1
            first_counted = week if first_counted is None else first_counted
        elif state == "self" and first_counted is not None:
            window = range(max(first_counted, week - WINDOW_WEEKS + 1), week + 1)
            if sum(states[past] == "self" for past in window) >= WEEKS_TO_RESET:
                count, first_counted = 0, None
        counts.append(count)
    return counts


def lower_bound_by_week(states: Sequence[WeekState]) -> list[bool]:
    """Whether the count of each week may be too low because the weeks before the first one are unknown.

    It may, until 52 weeks of self-support have been seen within 156 weeks: whatever was counted before is then
    gone.

    >>> lower_bound_by_week(["self"] * 51 + ["counts", "self", "counts"])[-3:]
    [True, False, False]
    """
    flags: list[bool] = []
    bounded = True
    for week in range(len(states)):
        window = states[max(0, week - WINDOW_WEEKS + 1): week + 1]
        bounded = bounded and sum(state == "self" for state in window) < WEEKS_TO_RESET
        flags.append(bounded)
    return flags


@dataclass(frozen=True)
class WeekSpans:
    """Spans of weeks `[start_week, end_week)`, sorted by person; n rows.

    `counts` is true where the weeks count on the ladder, false where they are neutral. Spans of a person may
    stand in any order and overlap.
    """

    person: Ints
    start_week: Weeks
    end_week: Weeks
    counts: Bools

    @classmethod
    def from_table(cls, table: pa.Table) -> WeekSpans:
        """From columns `person`, `start_week`, `end_week` and `kind` (`counts` or `neutral`)."""
        return cls(
            np.asarray(table["person"], dtype=np.int64), np.asarray(table["start_week"], dtype=np.int32),
            np.asarray(table["end_week"], dtype=np.int32),
            np.asarray(pc.equal(table["kind"], "counts"), dtype=bool))


@dataclass(frozen=True)
class Seniority:
    """The counting spans with the clock at their start; m rows, in the order of the rows they come from.

    `counted_before` is the number of weeks counted before the span's first; within the span it rises by one a
    week (a reset cannot fall inside it). `lower_bound` says that it may be too low, because the weeks before the
    register begins are unknown. `row` is the row of the `WeekSpans` that the span came from.
    """

    person: Ints
    start_week: Weeks
    end_week: Weeks
    counted_before: Weeks
    lower_bound: Bools
    row: Ints


@dataclass(frozen=True)
class Pieces:
    """Spans cut where the step or the year changes; each piece has one of each.

    `step` is 0-3, `year` that of the weeks' Thursdays, `row` the row of the `WeekSpans`. `lower_bound` is false
    on the top step, which cannot be too low.
    """

    person: Ints
    start_week: Weeks
    end_week: Weeks
    step: npt.NDArray[np.int8]
    year: npt.NDArray[np.int16]
    lower_bound: Bools
    row: Ints


def refund_step(counted_week_number: int) -> int:
    """The step, 0-3, of the ladder in a person's n-th counted week (1 is the first). `ValueError` below 1.

    >>> [refund_step(n) for n in (1, 4, 5, 26, 27, 52, 53, 500)]
    [0, 0, 1, 1, 2, 2, 3, 3]
    """
    if counted_week_number < 1:
        raise ValueError("a counted week has a number from 1 on")
    return sum(counted_week_number > end for end in STEP_ENDS)


@dataclass(frozen=True)
class _Blocks:
    """Non-overlapping spans in order, on one axis of time on which each person has a stretch of her own."""

    start: Ints
    end: Ints
    person: Ints


def seniority(spans: WeekSpans, *, first_week: int, last_week: int) -> Seniority:
    """The refund clock for many persons at once.

    `first_week` is the first week in which the register knows everybody: weeks before it that no span covers are
    unknown, neither self-support nor counted. Weeks after `last_week` are cut off. n = 2.6 million spans take
    about two seconds. Raises `economy.spans-unsorted` and `economy.span-empty`.

    Why it may look at the end of each run of self-support only: within a run, the weeks of self-support in the
    window never fall as time goes, so the rule is met in the run exactly if it is met at its end. What is left to
    do one after another, in a plain loop, is the few runs that end with 52 such weeks in the window.
    """
    _check(spans)
    end_week = np.minimum(spans.end_week, last_week + 1).astype(np.int64)
    kept = np.flatnonzero(spans.start_week < end_week)
    if not spans.counts[kept].any():
        none = np.empty(0, dtype=np.int64)
        weeks = none.astype(np.int32)
        return Seniority(none, weeks, weeks, weeks, none.astype(bool), none)
    start, end, counts = spans.start_week[kept].astype(np.int64), end_week[kept], spans.counts[kept]
    person = np.cumsum(np.diff(spans.person[kept], prepend=spans.person[kept[0]]) != 0)
    # Each person gets a stretch so long that a window of 156 weeks never reaches into a neighbour's.
    origin = min(int(start.min()), first_week) - 2 * WINDOW_WEEKS
    stretch = max(int(end.max()), first_week) - origin + 1
    offset = person * stretch - origin
    covered = _merged(start + offset, end + offset, person)
    counted = _merged((start + offset)[counts], (end + offset)[counts], person[counts])
    before, bounded = _clock(covered, counted, first_week - origin, stretch)
    block = np.searchsorted(counted.start, (start + offset)[counts], side="right") - 1
    rows = kept[counts]
    return Seniority(
        spans.person[rows], start[counts].astype(np.int32), end[counts].astype(np.int32),
        (before[block] + (start + offset)[counts] - counted.start[block]).astype(np.int32), bounded[block], rows)


def _check(spans: WeekSpans) -> None:
    if np.any(spans.person[1:] < spans.person[:-1]):
        raise GevinstError("economy.spans-unsorted")
    if np.any(spans.end_week <= spans.start_week):
        raise GevinstError("economy.span-empty", spans=int(np.sum(spans.end_week <= spans.start_week)))


def _merged(start: Ints, end: Ints, person: Ints) -> _Blocks:
    """The union of the spans as blocks; spans that overlap or meet are one block."""
    if not start.size:
        return _Blocks(start, end, person)
    order = np.argsort(start, kind="stable")
    start, end, person = start[order], end[order], person[order]
    reach = np.maximum.accumulate(end)
    opens = np.flatnonzero(np.concatenate(([True], start[1:] > reach[:-1])))
    return _Blocks(start[opens], reach[np.concatenate((opens[1:] - 1, [start.size - 1]))], person[opens])


def _clock(covered: _Blocks, counted: _Blocks, first: int, stretch: int) -> tuple[Ints, Bools]:
    """Per counted block: the weeks counted before it, and whether they may be too few."""
    runs = _self_support(covered, first, stretch)
    total = np.concatenate(([0], np.cumsum(runs.end - runs.start)))

    def self_weeks_until(time: Ints) -> Ints:
        """The weeks of self-support before each time, over all persons before and this one."""
        ended = np.searchsorted(runs.start, time, side="left")
        last = np.maximum(ended - 1, 0)
        still = np.maximum(runs.end[last] - time, 0) if runs.start.size else np.zeros_like(time)
        return np.where(ended > 0, total[ended] - still, 0)

    enough = np.flatnonzero(total[1:] - self_weeks_until(runs.end - WINDOW_WEEKS) >= WEEKS_TO_RESET)
    candidates = _Blocks(runs.start[enough], runs.end[enough], runs.person[enough])
    at_block = self_weeks_until(counted.start)
    resets = _resets(candidates, total[1:][enough], counted, at_block)
    # The sum of weeks starts over at a person's first block and at the first block after a reset.
    passed = np.searchsorted(candidates.end[resets], counted.start, side="right")
    fresh = np.concatenate(([True], (np.diff(passed) > 0) | (np.diff(counted.person) > 0)))
    lengths = counted.end - counted.start
    summed = np.cumsum(lengths) - lengths
    before = summed - summed[np.maximum.accumulate(np.where(fresh, np.arange(fresh.size), 0))]
    latest = np.searchsorted(candidates.end, counted.start, side="right") - 1
    return before, np.append(candidates.person, -1)[latest] != counted.person


def _self_support(covered: _Blocks, first: int, stretch: int) -> _Blocks:
    """The runs of self-support: from the register's first week, between the covered blocks of a person."""
    opens = np.concatenate(([True], covered.person[1:] != covered.person[:-1]))
    known_from = covered.person * stretch + first
    start = np.maximum(np.where(opens, known_from, np.concatenate(([0], covered.end[:-1]))), known_from)
    real = covered.start > start
    return _Blocks(start[real], covered.start[real], covered.person[real])


def _resets(candidates: _Blocks, at_end: Ints, counted: _Blocks, at_block: Ints) -> Bools:
    """Which of the runs that end with 52 weeks of self-support in the window also have 52 since the first
    counted week after the latest reset. `at_end` and `at_block` are the weeks of self-support until then."""
    never = np.iinfo(np.int64).max
    at_block, blocks_of = np.append(at_block, never), np.append(counted.person, -1)

    def until_counted_again(block: Ints) -> list[int]:
        """The weeks of self-support until the block, never if it is another person's."""
        answer: list[int] = np.where(blocks_of[block] == candidates.person, at_block[block], never).tolist()
        return answer

    opening = until_counted_again(np.searchsorted(counted.person, candidates.person, side="left"))
    following = until_counted_again(np.searchsorted(counted.start, candidates.end, side="left"))
    resets = np.zeros(candidates.start.size, dtype=bool)
    current, since = -1, never
    runs = zip(candidates.person.tolist(), at_end.tolist(), opening, following, strict=True)
    for i, (person, end, first, after) in enumerate(runs):
        if person != current:
            current, since = person, first
        if end - since >= WEEKS_TO_RESET:
            resets[i], since = True, after
    return resets


def split_at_steps(spans: Seniority) -> Pieces:
    """The spans cut at the ladder's steps (after 4, 26 and 52 counted weeks) and at the turn of the year."""
    start, end = spans.start_week.astype(np.int64), spans.end_week.astype(np.int64)
    if not start.size:
        return Pieces(spans.person, spans.start_week, spans.end_week, np.empty(0, np.int8), np.empty(0, np.int16),
                      spans.lower_bound, spans.row)
    years = np.arange(year_of(int(start.min())), year_of(int(end.max())) + 2)
    year_starts = np.array([first_week_of_year(int(year)) for year in years], dtype=np.int64)
    every = np.arange(start.size)
    cuts = [(every, start)]
    for boundary in (*(start + step_end - spans.counted_before for step_end in STEP_ENDS),
                     *(np.full(start.size, week) for week in year_starts)):
        inside = (boundary > start) & (boundary < end)
        cuts.append((every[inside], boundary[inside]))
    row, week = (np.concatenate(part) for part in zip(*cuts, strict=True))
    order = np.lexsort((week, row))
    row, week = row[order], week[order]
    new = np.concatenate(([True], (np.diff(row) > 0) | (np.diff(week) > 0)))
    row, week = row[new], week[new]
    last_of_row = np.concatenate((np.diff(row) > 0, [True]))
    until = np.where(last_of_row, end[row], np.concatenate((week[1:], [0])))
    counted = spans.counted_before[row] + week - start[row]
    step = np.searchsorted(np.array(STEP_ENDS), counted, side="right").astype(np.int8)
    year = years[np.searchsorted(year_starts, week, side="right") - 1].astype(np.int16)
    return Pieces(spans.person[row], week.astype(np.int32), until.astype(np.int32), step, year,
                  spans.lower_bound[row] & (step < TOP_STEP), spans.row[row])
