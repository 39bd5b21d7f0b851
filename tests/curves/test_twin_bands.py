"""Numbers of a twin's model are made safe: merged until enough persons, then rounded."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.curves.twin_bands import Band, Rule, banded, cells

EVENTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), max_size=200)


def arrays(events: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([at for at, _ in events], np.int64), np.array([who for _, who in events], np.int64)


def inside(at: int, band: Band) -> bool:
    return at >= band.first and (band.last is None or at <= band.last)


@given(EVENTS)
def test_every_band_holds_enough_persons_or_says_nought(events: list[tuple[int, int]]) -> None:
    """A band that says anything is closed only when enough persons have come since the one before that did."""
    rule = Rule(few=4, base=2)
    bands = banded(*arrays(events), 0, rule)
    waiting: set[int] = set()
    for band in bands:
        waiting |= {who for at, who in events if inside(at, band)}
        if band.count or band.last is None:
            assert len(waiting) >= rule.few or band == bands[-1]
            waiting = set()
        assert band.count % rule.base == 0
        assert band.count >= 0


@given(EVENTS)
def test_the_bands_follow_each_other_and_the_whole_is_kept(events: list[tuple[int, int]]) -> None:
    rule = Rule(few=4, base=2)
    bands = banded(*arrays(events), 0, rule)
    if len({who for _, who in events}) < rule.few:
        assert bands == ()
    elif bands:
        assert bands[0].first == 0
        assert bands[-1].last is None
        assert all(one.last is not None and one.last + 1 == other.first
                   for one, other in pairwise(bands))
        if bands[-1].count:  # after a sharp end what few there are is not told
            assert abs(sum(band.count for band in bands) - len(events)) <= rule.base / 2


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(events: list[tuple[int, int]], luck: object) -> None:
    mixed = list(events)
    luck.shuffle(mixed)
    assert banded(*arrays(events), 0, Rule(4, 2)) == banded(*arrays(mixed), 0, Rule(4, 2))


def test_rounding_runs_so_that_its_errors_do_not_add_up() -> None:
    at = np.repeat(np.arange(100), 12)
    bands = banded(at, np.arange(len(at)), 0, Rule(10, 5))
    totals = np.cumsum([band.count for band in bands])
    assert np.all(np.abs(totals - 12 * np.arange(1, 101)) <= 2.5)


def test_one_person_many_times_is_one_person() -> None:
    """Ten events of one person are not ten persons."""
    at, person = np.arange(30), np.repeat([1, 2, 3], 10)
    assert banded(at, person, 0, Rule(4, 2)) == ()
    assert [band.first for band in banded(at, person, 0, Rule(3, 1))] == [0]


def test_a_planned_length_stays_sharp() -> None:
    """Three leave early, fifty in week 13: the thirteenth week is a band by itself."""
    at = np.array([3, 6, 9, *[13] * 50, 20])
    assert banded(at, np.arange(len(at)), 1, Rule(10, 5)) == (Band(1, 12, 0), Band(13, 13, 55), Band(14, None, 0))


@pytest.mark.parametrize("threshold", [1, 5, 8, 10])
@pytest.mark.parametrize("rounding", [0, 6, 20])
def test_the_rule_is_never_looser_than_that_of_print(threshold: int, rounding: int) -> None:
    rule = Rule.of(threshold, rounding)
    assert rule.few >= 10
    assert rule.base >= max(5, threshold, rounding)
    assert rule.few - rule.base >= threshold, "the smallest number that can be said is no small cell"


def test_a_value_of_few_is_left_out_and_others_are_rounded() -> None:
    value = np.array([0] * 13 + [1] * 9 + [2] * 10)
    assert cells(value, np.arange(32), Rule(10, 5)) == ((0, 15), (2, 10))
    assert cells(value, np.zeros(32, np.int64), Rule(10, 5)) == (), "one person"


@pytest.mark.parametrize("persons", [60, 900, 8_000])
def test_bands_of_many_are_coarse(persons: int) -> None:
    """No more than ten, and of very many as many as a third of their root; each as large as it must be."""
    rule = Rule.of(5, 0)
    at = np.random.default_rng(persons).integers(0, 400, persons)
    found = banded(at, np.arange(persons), 0, rule)
    least = max(10, min(persons / 10, 3 * persons**0.5))
    assert all(band.count >= least - rule.base for band in found)
    assert len(found) <= max(10, persons**0.5 / 3)
    assert len(banded(at, np.arange(persons), 0, rule, fine=True)) > len(found) or persons < 100


def test_a_single_number_of_many_stands_alone_where_those_before_are_enough() -> None:
    at = np.repeat([1, 2, 3, 4, 9], [4, 4, 4, 60, 40])
    found = banded(at, np.arange(len(at)), 1, Rule.of(5, 0))
    assert [(band.first, band.last) for band in found] == [(1, 3), (4, 4), (5, 8), (9, 9), (10, None)]


def test_without_spikes_nothing_is_a_band_of_nought() -> None:
    at = np.repeat([0, 1], [4, 60])
    assert banded(at, np.arange(64), 0, Rule.of(5, 0))[0].count == 0
    assert [band.count for band in banded(at, np.arange(64), 0, Rule.of(5, 0), spikes=False)] == [65]
