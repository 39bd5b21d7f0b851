"""The hazard of being lost, week by week, against slow loops; and what it must be where the answer is plain."""

from __future__ import annotations

import numpy as np
import pytest

from gevinst.backend import Backend
from tests.effects.matched_engine import Opened, opened
from tests.town import (
    NET_CLOSED,
    START,
    A,
    Town,
    crowded_designs,
    crowded_town,
    design_of,
    relapsing_designs,
    relapsing_town,
)

TOWNS = {
    "crowded": (crowded_town(5), crowded_designs()),
    "relapsing": (relapsing_town(31, 150), relapsing_designs()),
    "nothing to match on": (relapsing_town(32, 150), relapsing_designs(())),
}


@pytest.fixture(scope="module", params=TOWNS)
def town(request: pytest.FixtureRequest, duckdb_backend: Backend) -> Opened:
    return opened(*TOWNS[request.param], duckdb_backend)


def test_the_cumulated_hazard_is_that_of_slow_loops(town: Opened) -> None:
    scores = {design.investment: town.score(design.investment) for design in town.designs}
    sums = town.slow.cumulated(town.slow.hazards(list(town.designs), scores), town.histories.first_week)
    found = town.cumulated()
    assert found is not None
    expected = np.array([sums[person] for person in town.histories.person.tolist()])
    assert found == pytest.approx(expected, abs=1e-9)
    assert found.max() > 0.05


def test_those_at_risk_are_lost_as_often_as_they_should_be(town: Opened) -> None:
    """Summed over persons, the hazards of a week are the starts of the week (Breslow), whatever the model says."""
    scores = {design.investment: town.score(design.investment) for design in town.designs}
    chance = town.slow.hazards(list(town.designs), scores)
    by_week: dict[int, float] = {}
    for (_, week), hazard in chance.items():
        by_week[week] = by_week.get(week, 0.0) + hazard
    starts: dict[int, int] = {}
    for design in town.designs:
        for week in town.slow.starters(design).values():
            starts[week] = starts.get(week, 0) + 1
    capped = {week for (_, week), hazard in chance.items() if hazard >= 0.5}
    for week, total in by_week.items():
        if week not in capped:
            assert total == pytest.approx(starts[week])
    found = town.cumulated()
    assert found is not None
    rise = np.diff(found, axis=1, prepend=0)
    quiet = [column for column in range(town.histories.weeks) if town.histories.first_week + column not in starts]
    assert not rise[:, quiet].any()


def test_suspended_weeks_have_no_hazard_and_their_persons_none_for_it(duckdb_backend: Backend) -> None:
    designs = relapsing_designs(())[:1]
    town = opened(relapsing_town(33, 150), designs, duckdb_backend)
    found = town.cumulated()
    assert found is not None
    first = town.histories.first_week
    assert not np.diff(found, axis=1)[:, NET_CLOSED[0] - first - 1 : NET_CLOSED[1] - first].any()
    assert found[:, -1].any()


def test_only_those_on_the_benefit_have_a_hazard(town: Opened) -> None:
    found = town.cumulated()
    assert found is not None
    rise = np.diff(found, axis=1, prepend=0)
    for row, person in enumerate(town.histories.person.tolist()):
        for column in np.flatnonzero(rise[row]):
            week = town.histories.first_week + int(column)
            assert any(town.slow.on(person, design.benefit, week) for design in town.designs)
            assert town.slow.first_start(person) >= week


def test_where_nobody_is_lost_all_weights_are_one(duckdb_backend: Backend) -> None:
    """All start in one week, so no comparator is ever lost."""
    start = START + 170
    spells = tuple((person, A, start - 6, start + 5 + person, 1.0) for person in range(1, 30))
    starts = tuple((person, "net", start) for person in range(1, 8))
    town = opened(Town(spells, starts, START + 260), [design_of("net", START + 160, START + 180)], duckdb_backend)
    found = town.cumulated()
    assert found is not None
    column = start - town.histories.first_week
    assert not (found[:, column:] - found[:, [column]]).any()
    matched = town.matched("net", 40)
    assert matched is not None
    assert (matched.sums.weights.largest, matched.sums.weights.censored) == (1, 0)
    comparators = range(8, 30)
    alive = [sum(5 + person > k for person in comparators) / 22 for k in range(41)]
    assert matched.sums.same.without == pytest.approx(alive)


def test_kept_comparators_have_no_hazards_at_all(duckdb_backend: Backend) -> None:
    town = opened(relapsing_town(34, 80), relapsing_designs((), later_participants="keep"), duckdb_backend)
    assert town.cumulated() is None


def test_no_week_multiplies_a_weight_by_more_than_two(duckdb_backend: Backend) -> None:
    """In the last week everybody but one starts: her weight would be ten times what it was."""
    start = START + 170
    spells = tuple((person, A, start - 6, start + 40, 1.0) for person in range(1, 12))
    starts = ((1, "net", start), *((person, "net", start + 4) for person in range(2, 11)))
    town = opened(Town(spells, starts, START + 260), [design_of("net", START + 160, START + 180)], duckdb_backend)
    found = town.cumulated()
    assert found is not None
    assert np.exp(np.diff(found, axis=1)).max() == pytest.approx(2)
    matched = town.matched("net", 10)
    assert matched is not None
    assert matched.sums.weights.largest == pytest.approx(2)
