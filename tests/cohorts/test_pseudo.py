"""Pseudo-participants: drawn from the comparators of the participants they stand for, by lot and not by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.cohorts.pseudo import pseudo_takers
from gevinst.cohorts.trials import Takers, Trials, first_columns
from tests.effects.matched_engine import Opened, opened
from tests.town import crowded_designs, crowded_town, relapsing_designs, relapsing_town


@pytest.fixture(scope="module", params=["crowded", "relapsing"])
def town(request: pytest.FixtureRequest, duckdb_backend: Backend) -> Opened:
    if request.param == "crowded":
        return opened(crowded_town(7), crowded_designs(), duckdb_backend)
    return opened(relapsing_town(41, 200), relapsing_designs(), duckdb_backend)


def trials_of(town: Opened) -> Trials:
    matched = town.matched("net", 20)
    assert matched is not None
    return matched.matching.trials


def drawn(town: Opened, seed: int = 1) -> Takers:
    return pseudo_takers(town.histories, trials_of(town), seed)


def test_each_is_a_comparator_of_a_participant_in_the_week_she_stands_for(town: Opened) -> None:
    trials, takers = trials_of(town), drawn(town)
    possible = set(zip(trials.row[~trials.taken].tolist(), trials.column[~trials.taken].tolist(), strict=True))
    found = list(zip(takers.starters.row.tolist(), takers.starters.column.tolist(), strict=True))
    assert set(found) <= possible
    assert len({row for row, _ in found}) == len(found)  # each person once
    assert takers.starters.row.tolist() == sorted(takers.starters.row.tolist())
    wanted, got = Counter(trials.column[trials.taken].tolist()), Counter(takers.starters.column.tolist())
    assert all(got[week] <= wanted[week] for week in got)
    assert sum(got.values()) > 0.5 * sum(wanted.values())


def test_she_had_taken_part_in_nothing_and_is_lost_only_when_she_really_does(town: Opened) -> None:
    takers, first = drawn(town), first_columns(town.histories)
    row, column = takers.starters.row, takers.starters.column
    assert (first[row] > column).all()
    assert takers.own_until is not None
    assert np.array_equal(takers.own_until, first)
    assert np.array_equal(takers.until[row], np.minimum(first[row], column))
    others = np.setdiff1d(np.arange(len(first)), row)
    assert np.array_equal(takers.until[others], first[others])


def test_some_take_part_later_for_who_never_does_is_known_only_afterwards(town: Opened) -> None:
    later = sum(int((first_columns(town.histories)[drawn(town, seed).starters.row] < town.histories.weeks).sum())
                for seed in range(20))
    assert later > 0


def test_another_seed_draws_others_and_the_same_seed_the_same(town: Opened) -> None:
    assert np.array_equal(drawn(town, 1).starters.row, drawn(town, 1).starters.row)
    assert not np.array_equal(drawn(town, 1).starters.row, drawn(town, 2).starters.row)


def test_the_order_of_the_trials_is_of_no_matter(town: Opened) -> None:
    """Within a cell, and between participants and comparators; the cells' order is that of their numbers."""
    trials, plain = trials_of(town), drawn(town)
    mixed = np.random.default_rng(3).permutation(len(trials.cell))
    mixed = mixed[np.argsort(trials.cell[mixed], kind="stable")]
    shuffled = replace(trials, **{name: values[mixed] for name, values in vars(trials).items()})
    found = pseudo_takers(town.histories, shuffled, 1)
    assert np.array_equal(found.starters.row, plain.starters.row)
    assert np.array_equal(found.starters.column, plain.starters.column)


def test_within_a_cell_everybody_is_as_likely(town: Opened) -> None:
    """The first drawn of the first cell, over many seeds: each comparator as often, within four Monte Carlo errors."""
    trials = trials_of(town)
    sizes = Counter(trials.cell[~trials.taken].tolist())
    alone = [cell for cell, count in Counter(trials.cell[trials.taken].tolist()).items() if count == 1]
    cell = max(alone, key=lambda one: sizes[one])
    only = trials.cell == cell
    one_cell = replace(trials, **{name: values[only] for name, values in vars(trials).items()})
    one_cell = replace(one_cell, cell=np.zeros(int(only.sum()), np.int64))
    seeds = 2_000
    counts: dict[int, int] = defaultdict(int)
    for seed in range(seeds):
        (row,) = pseudo_takers(town.histories, one_cell, seed).starters.row.tolist()
        counts[row] += 1
    share = 1 / sizes[cell]
    error = (share * (1 - share) / seeds) ** 0.5
    assert len(counts) == sizes[cell]
    assert all(abs(count / seeds - share) < 4.5 * error for count in counts.values())


def test_nobody_matched_draws_nobody(town: Opened) -> None:
    trials = trials_of(town)
    nobody = replace(trials, **{name: values[:0] for name, values in vars(trials).items()})
    takers = pseudo_takers(town.histories, nobody, 1)
    assert len(takers.starters.row) == 0
    assert np.array_equal(takers.until, first_columns(town.histories))
