"""Everybody's way through the benefits, one at a time, against the weeks themselves."""

from __future__ import annotations

import numpy as np
import pytest

from gevinst.backend import open_duckdb
from gevinst.cohorts.careers import NEVER, Careers, careers_of
from tests.town import A, K, Town, relapsing_town, tables_of


def careers(town: Town, *investments: str, shuffled: int | None = None) -> Careers:
    backend = open_duckdb(threads=1)
    try:
        return careers_of(tables_of(town, backend, shuffled=shuffled), investments)
    finally:
        backend.close()


def rows(found: Careers) -> list[tuple[int, str, int, int]]:
    runs = found.runs
    return [(int(found.pseudonym[person]), found.benefits[benefit], start, end) for person, benefit, start, end in
            zip(runs.person, runs.benefit, runs.start.tolist(), runs.end.tolist(), strict=True)]


def test_runs_by_hand() -> None:
    town = Town(
        spells=((1, A, 1400, 1410, 1.0), (1, K, 1405, 1420, 1.0), (1, K, 1420, 1425, 1.0), (2, A, 1400, 9999, 1.0),
                (3, A, 1400, 1402, 1.0), (3, A, 1402, 1404, 1.0), (4, A, 1400, 1440, 1.0), (5, A, 1300, 1310, 1.0)),
        starts=((2, "net", 1408), (1, "net", 1401), (1, "net", 1406), (9, "net", 1401), (2, "other", 1410)),
        horizon=1450, left={4: 1420}, first=1390)
    found = careers(town, "net")
    assert rows(found) == [(1, A, 1400, 1410), (1, K, 1410, 1425), (2, A, 1400, 1451), (3, A, 1400, 1404),
                           (4, A, 1400, 1420)]
    assert found.ends(found.runs).tolist() == [True, True, False, True, False], "one runs on, one left the register"
    assert found.starts.of(0).start.tolist() == [1401, 1408], "a person's first; of whom nothing is known is left out"
    assert found.overlap == pytest.approx(5 / (10 + 20 + 51 + 4 + 20), abs=1e-12)
    assert found.overlapping == 1


@pytest.mark.parametrize("seed", range(4))
def test_no_week_is_lost_and_none_is_two(seed: int) -> None:
    """A person is in a run in exactly the weeks in which she receives anything, and in one at a time."""
    town = relapsing_town(seed, persons=60)
    found = careers(town)
    weeks: dict[int, set[int]] = {}
    for person, benefit, start, end in rows(found):
        for week in range(start, end):
            assert week not in weeks.setdefault(person, set()), "two at a time"
            weeks[person].add(week)
            assert any(who == person and what == benefit and first <= week < last
                       for who, what, first, last, _ in town.spells)
    for person in town.people:
        until = min(town.horizon + 1, town.left.get(person, NEVER))
        had = {week for who, _, first, last, _ in town.spells if who == person for week in range(first, last)
               if week < until}
        if max(had, default=0) >= town.first:
            assert weeks.get(person, set()) == had


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    town = relapsing_town(seed, persons=60)
    one, other = careers(town, "x"), careers(town, "x", shuffled=seed + 1)
    assert rows(one) == rows(other)
    assert np.array_equal(one.gone, other.gone)
