from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gevinst.sources.suppliers.dream_runs import (
    ABROAD,
    DEAD,
    NO_BENEFIT,
    Left,
    Runs,
    benefit_runs,
    code_runs,
    left_register,
    spread_weeks,
)

BOTH = np.array([NO_BENEFIT, 0, 0, 1, ABROAD, DEAD, NO_BENEFIT], np.int16)  # 1 and 2 are one benefit
MATRICES = arrays(np.int16, st.tuples(st.integers(0, 9), st.integers(0, 5)), elements=st.integers(0, 6))


def as_rows(runs: Runs) -> list[tuple[int, int, int, int]]:
    return list(zip(runs.row.tolist(), runs.first.tolist(), runs.after.tolist(), runs.value.tolist(), strict=True))


def plain_runs(values: list[list[int | None]]) -> list[tuple[int, int, int, int]]:
    """Runs by looking at one week at a time."""
    found = []
    for row, person in enumerate(values):
        for value, run in groupby(enumerate(person), key=lambda one: one[1]):
            weeks = [week for week, _ in run]
            if value is not None:
                found.append((row, weeks[0], weeks[-1] + 1, value))
    return found


@given(MATRICES)
def test_runs_of_codes_against_a_loop(codes: np.ndarray) -> None:
    assert as_rows(code_runs(codes)) == plain_runs([[code or None for code in row] for row in codes.T.tolist()])


@given(MATRICES)
def test_runs_of_benefits_against_a_loop(codes: np.ndarray) -> None:
    meant = [[int(BOTH[code]) if BOTH[code] >= 0 else None for code in row] for row in codes.T.tolist()]
    assert as_rows(benefit_runs(code_runs(codes), BOTH)) == plain_runs(meant)


@given(MATRICES)
def test_persons_by_week_against_a_sum(codes: np.ndarray) -> None:
    assert spread_weeks(code_runs(codes), len(codes)).tolist() == (codes != 0).sum(axis=1).tolist()


def left(*weeks: int) -> tuple[int, int, int]:
    codes = np.array(weeks, np.int16).reshape(-1, 1)
    found: Left = left_register(code_runs(codes), BOTH, len(weeks), 1)
    return int(found.week[0]), found.returned, found.after_death


@pytest.mark.parametrize(("weeks", "expected"), [
    ((1, 1, 0, 0), (-1, 0, 0)),  # nobody has left
    ((1, 4, 4, 4), (1, 0, 0)),  # abroad until the newest week
    ((1, 4, 4, 0), (-1, 1, 0)),  # abroad and back, without a benefit
    ((4, 4, 1, 0), (-1, 1, 0)),  # abroad and back on a benefit
    ((4, 1, 4, 4), (2, 1, 0)),  # back, and away for good
    ((1, 5, 5, 5), (1, 0, 0)),  # dead
    ((1, 5, 0, 0), (1, 0, 0)),  # the code stands in the week of death alone
    ((1, 5, 6, 6), (1, 0, 0)),  # a code that means no benefit is as blank
    ((1, 4, 4, 5), (1, 0, 0)),  # died abroad: gone since the move
    ((4, 0, 5, 5), (2, 1, 0)),  # abroad, home again, dead
    ((5, 1, 0, 0), (-1, 0, 1)),  # a benefit after death
    ((5, 1, 5, 5), (2, 0, 1)),
    ((5, 0, 4, 4), (2, 0, 1)),  # abroad after death
    ((4, 4, 4, 4), (0, 0, 0)),
    ((6, 6, 6, 6), (-1, 0, 0)),
])
def test_when_a_person_has_left(weeks: tuple[int, ...], expected: tuple[int, int, int]) -> None:
    assert left(*weeks) == expected


def test_many_persons_are_read_one_by_one() -> None:
    codes = np.array([[1, 0, 5], [4, 0, 1], [4, 0, 0]], np.int16)
    found = left_register(code_runs(codes), BOTH, 3, 3)
    assert found.week.tolist() == [1, -1, -1]
    assert (found.returned, found.after_death) == (0, 1)
