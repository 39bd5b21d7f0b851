"""Raking against a hand calculation, against its own conditions, and where it cannot be done."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.cohorts.calibration import TILT_AT_MOST, calibrated
from gevinst.cohorts.trials import Trials


def trials_of(cells: list[tuple[list[int], list[int]]]) -> tuple[Trials, npt.NDArray[np.int64]]:
    """Trials of cells given as the bands of their participants and of their comparators, and that one factor."""
    cell, taken, weight, code = [], [], [], []
    for number, (own, others) in enumerate(cells):
        cell += [number] * (len(own) + len(others))
        taken += [True] * len(own) + [False] * len(others)
        weight += [1.0] * len(own) + [len(own) / len(others)] * len(others)
        code += own + others
    n = len(cell)
    trials = Trials(
        np.array(cell), np.arange(n), np.zeros(n, np.int64), np.array(taken), np.array(weight), np.zeros(n, np.int64)
    )
    return trials, np.array(code)[:, None]


def test_two_bands_in_one_cell_by_hand() -> None:
    """Three of four participants are in band 0, one of two comparators: its weight goes from 2 to 3."""
    trials, codes = trials_of([([0, 0, 0, 1], [0, 1])])
    assert calibrated(trials, codes).weight == pytest.approx([1, 1, 1, 1, 3, 1], abs=1e-4)


def test_what_one_cell_lacks_another_gives() -> None:
    """Cell 0 has comparators of band 0 alone; cell 1 can tilt so that both together are right."""
    trials, codes = trials_of([([0, 1], [0, 0]), ([0, 1], [0, 1])])
    found = calibrated(trials, codes).weight
    # Participants are 2 and 2. Cell 0 keeps 2 on band 0; cell 1 has 2 to give, and all of it should be band 1; the
    # bound of three leaves a third of one in band 0.
    assert found[2:4] == pytest.approx([1, 1])
    assert found[6] + found[7] == pytest.approx(2)
    assert found[6] == pytest.approx(1 / TILT_AT_MOST, abs=1e-6)


def test_no_weight_goes_beyond_the_bound_and_no_cell_loses_weight() -> None:
    trials, codes = trials_of([([0] * 19 + [1], [0] + [1] * 19), ([1, 1], [0, 1, 1])])
    after = calibrated(trials, codes)
    tilt = after.weight / trials.weight
    assert tilt.max() <= TILT_AT_MOST * (1 + 1e-12)
    assert tilt.min() >= 1 / TILT_AT_MOST * (1 - 1e-12)
    for cell in (0, 1):
        others = (trials.cell == cell) & ~trials.taken
        assert after.weight[others].sum() == pytest.approx(trials.weight[others].sum(), rel=1e-12)
    assert (after.weight[trials.taken] == 1).all()


def test_nothing_to_tilt() -> None:
    trials, codes = trials_of([([0, 1], [0, 1])])
    assert calibrated(trials, codes).weight == pytest.approx(trials.weight, rel=1e-9)
    nobody = Trials(*(column[:0] for column in vars(trials).values()))
    assert calibrated(nobody, codes[:0]) is nobody


bands = st.lists(st.integers(0, 2), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(cells=st.lists(st.tuples(bands, bands), min_size=1, max_size=4))
def test_always_bounded_and_never_further_from_the_participants(cells: list[tuple[list[int], list[int]]]) -> None:
    trials, codes = trials_of(cells)
    after = calibrated(trials, codes)
    others = ~trials.taken
    tilt = (after.weight / trials.weight)[others]
    assert tilt.max() <= TILT_AT_MOST * (1 + 1e-12)
    assert tilt.min() >= 1 / TILT_AT_MOST * (1 - 1e-12)
    cell = trials.cell[others]
    assert np.bincount(cell, after.weight[others]) == pytest.approx(np.bincount(cell, trials.weight[others]))

    def apart(weight: npt.NDArray[np.float64]) -> float:
        share = np.bincount(codes[others, 0], weight[others], 3) / weight[others].sum()
        wanted = np.bincount(codes[trials.taken, 0], minlength=3) / trials.taken.sum()
        there = np.bincount(codes[others, 0], minlength=3) > 0
        # Kullback-Leibler distance is what raking brings down, where every band has comparators.
        used = there & (wanted > 0)
        return float((wanted[used] * np.log(wanted[used] / share[used])).sum())

    if set(codes[trials.taken, 0]) == set(codes[others, 0]) and len(cells) == 1:
        assert apart(after.weight) <= apart(trials.weight) + 1e-6
