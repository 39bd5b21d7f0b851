"""The hazard of being lost, week by week, against slow loops; and what it must be where the answer is plain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.effects.design import StudyDesign
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
    sums, found = town.slow_cumulated(), town.cumulated()
    assert sums is not None
    assert found is not None
    expected = np.array([sums[person] for person in town.histories.person.tolist()])
    assert found == pytest.approx(expected, abs=1e-9)
    assert found.max() > 0.05


def test_as_many_are_lost_as_start(town: Opened) -> None:
    """Summed over those not yet lost, the hazards of a week are the first starts of the week (Breslow)."""
    found, first = town.cumulated(), town.histories.first_week
    assert found is not None
    hazard = -np.expm1(-np.diff(found.astype(np.float64), axis=1, prepend=0))
    for column in range(1, town.histories.weeks):
        week = first + column
        starts = sum(town.slow.first_start(person) == week for person in town.slow.people)
        if hazard[:, column].max() < 0.49:
            assert hazard[:, column].sum() == pytest.approx(starts, abs=1e-4)


def test_suspended_weeks_have_no_hazard_and_their_persons_none_for_it(duckdb_backend: Backend) -> None:
    plain = relapsing_town(33, 150)
    alone = replace(plain, starts=tuple(row for row in plain.starts if row[1] == "net"))
    town = opened(alone, relapsing_designs(())[:1], duckdb_backend)
    found = town.cumulated()
    assert found is not None
    first = town.histories.first_week
    assert not np.diff(found, axis=1)[:, NET_CLOSED[0] - first - 1 : NET_CLOSED[1] - first].any()
    assert found[:, -1].any()


def test_nobody_is_lost_twice(town: Opened) -> None:
    found, first = town.cumulated(), town.histories.first_week
    assert found is not None
    for row, person in enumerate(town.histories.person.tolist()):
        for column in np.flatnonzero(np.diff(found[row], prepend=0)):
            assert town.slow.first_start(person) >= first + column


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


# Ways to be lost that the case does not speak of. In all of them nothing has an effect: of 4 participants and of the 20
# they are compared with, half leave in the third week, and half stay.
BEGUN, STAY = START + 160, START + 260
LEAVE = BEGUN + 8
HALF = [1, 1, *[0.5] * 24]


def lost_later(starts: tuple[tuple[int, str, int], ...], backend: Backend, *extra: StudyDesign) -> np.ndarray:
    """The share without the investment, weeks 0 to 25, when some comparators (1-10 stay, 11-20 leave) are lost."""
    spells = [(person, A, BEGUN, STAY if person <= 10 or person > 22 else LEAVE, 1.0) for person in range(1, 25)]
    own = tuple((person, "net", LEAVE - 2) for person in (21, 22, 23, 24))
    design = design_of("net", LEAVE - 3, LEAVE - 1)
    town = opened(Town(tuple(spells), (*own, *starts), STAY + 20), [design, *extra], backend)
    matched = town.matched("net", 25)
    assert matched is not None
    return matched.sums.same.without


def test_those_who_start_after_the_period_are_made_up_for(duckdb_backend: Backend) -> None:
    """Five of the ten who stay start when the period is over; the other five then weigh as ten."""
    after = tuple((person, "net", LEAVE + 5) for person in range(1, 6))
    assert lost_later(after, duckdb_backend) == pytest.approx(HALF)


def test_those_who_start_in_what_is_not_studied_are_made_up_for(duckdb_backend: Backend) -> None:
    other = tuple((person, "other", LEAVE + 5) for person in range(1, 6))
    assert lost_later(other, duckdb_backend) == pytest.approx(HALF)


def test_those_who_start_while_they_are_off_the_benefit_are_made_up_for(duckdb_backend: Backend) -> None:
    """Five of the ten who left start in something; else all would seem to have stayed longer."""
    off = tuple((person, "other", LEAVE + 5) for person in range(11, 16))
    assert lost_later(off, duckdb_backend) == pytest.approx(HALF)
    own = tuple((person, "net", LEAVE + 5) for person in range(11, 16))
    assert lost_later(own, duckdb_backend) == pytest.approx(HALF)


def test_those_who_start_in_another_studied_investment_are_made_up_for(duckdb_backend: Backend) -> None:
    other = tuple((person, "job", LEAVE + 5) for person in range(1, 6))
    studied = design_of("job", LEAVE, LEAVE + 20)
    assert lost_later(other, duckdb_backend, studied) == pytest.approx(HALF)
