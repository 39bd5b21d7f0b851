"""Who is compared with whom, against slow loops over persons and weeks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.cohorts.trials import STEPS_OF_MATCHING, Matching, at_risk, first_columns, match, pool_of, takers_of
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
    "crowded": (crowded_town(1), crowded_designs()),
    "relapsing": (relapsing_town(11, 200), relapsing_designs()),
    "nothing to match on": (relapsing_town(12, 200), relapsing_designs(())),
}


@pytest.fixture(scope="module", params=TOWNS)
def town(request: pytest.FixtureRequest, duckdb_backend: Backend) -> Opened:
    return opened(*TOWNS[request.param], duckdb_backend)


def matching_of(town: Opened, investment: str) -> Matching:
    target, model = town.referrals.targets[investment], town.referrals.models[investment]
    assert model is not None
    takers = takers_of(town.histories, town.referrals.starters[investment])
    return match(town.histories, target, takers, town.covariates, model)


def pairs(town: Opened, row: np.ndarray, column: np.ndarray) -> set[tuple[int, int]]:
    """Persons and weeks."""
    return set(zip(town.histories.person[row].tolist(), (column + town.histories.first_week).tolist(), strict=True))


def compared(town: Opened, matching: Matching) -> dict[int, tuple[int, str, frozenset[tuple[int, float]]]]:
    """By participant: her week, the step she was matched at, and whom she is compared with at what weight."""
    trials, histories = matching.trials, town.histories
    person = histories.person[trials.row].tolist()
    others = defaultdict(set)
    for at in np.flatnonzero(~trials.taken):
        others[trials.cell[at]].add((person[at], round(float(trials.weight[at]), 12)))
    return {
        person[at]: (
            int(trials.column[at]) + histories.first_week,
            STEPS_OF_MATCHING[int(trials.step[at])].key,
            frozenset(others[trials.cell[at]]),
        )
        for at in np.flatnonzero(trials.taken)
    }


def test_cells_are_those_of_slow_loops(town: Opened) -> None:
    used = set()
    for design in town.designs:
        key = design.investment
        matching = matching_of(town, key)
        trials, by_step, unmatched = town.slow.match(
            design, town.score(key), town.coarse(), town.histories.first_week
        )
        cells = defaultdict(set)
        for trial in trials:
            if not trial.taken:
                cells[trial.cell].add((trial.person, round(trial.weight, 12)))
        step_of = {person: step for step, persons in by_step.items() for person in persons}
        expected = {t.person: (t.week, step_of[t.person], frozenset(cells[t.cell])) for t in trials if t.taken}
        assert compared(town, matching) == expected
        assert matching.matched_by_step == tuple(len(by_step[step.key]) for step in STEPS_OF_MATCHING)
        assert sorted(town.histories.person[matching.unmatched.row].tolist()) == sorted(unmatched)
        assert sum(matching.matched_by_step) + len(unmatched) == len(town.slow.starters(design))
        used |= {step for step, persons in by_step.items() if persons}
    if len(town.town.people) > 400:
        assert {"exact", "strata-fine", "strata", "half-strata", "last-half-strata"} <= used


def test_a_comparator_is_on_the_benefit_that_very_week_and_has_taken_part_in_nothing(town: Opened) -> None:
    slow = town.slow
    for design in town.designs:
        for person, (week, step, others) in compared(town, matching_of(town, design.investment)).items():
            least = next(one.least for one in STEPS_OF_MATCHING if one.key == step)
            assert len(others) >= least
            assert person not in {other for other, _ in others}
            for other, _ in others:
                assert slow.on(other, design.benefit, week)
                assert slow.first_start(other) > week


def test_weights_sum_to_the_participants_of_the_cell(town: Opened) -> None:
    for design in town.designs:
        trials = matching_of(town, design.investment).trials
        own = np.bincount(trials.cell[trials.taken])
        others = np.bincount(trials.cell[~trials.taken], trials.weight[~trials.taken])
        assert others == pytest.approx(own)
        assert own.min() >= 1
        assert (trials.weight[trials.taken] == 1).all()
        assert (np.diff(trials.cell) >= 0).all()


def test_nobody_beyond_the_participants_scores_is_compared_by_strata(town: Opened) -> None:
    """One whose chance of referral no participant had is like none of them."""
    for design in town.designs:
        score = town.score(design.investment)
        found = compared(town, matching_of(town, design.investment))
        own = [score(person, week) for person, week in town.slow.starters(design).items()]
        for week, step, others in found.values():
            if step != "exact":
                assert all(min(own) <= score(other, week) <= max(own) for other, _ in others)


def test_candidates_are_the_persons_who_could_have_been_compared(town: Opened) -> None:
    for design in town.designs:
        weeks = set(town.slow.starters(design).values())
        possible = {
            person
            for person in town.town.people
            for week in weeks
            if town.slow.on(person, design.benefit, week) and town.slow.first_start(person) > week
        }
        assert matching_of(town, design.investment).candidates == len(possible)


def test_who_could_have_been_referred(town: Opened) -> None:
    for design in town.designs:
        target = town.referrals.targets[design.investment]
        row, column = at_risk(town.histories, target, first_columns(town.histories))
        found = pairs(town, row, column)
        weeks = range(town.histories.first_week, town.town.horizon + 1)
        people = town.histories.person.tolist()
        assert found == {(p, w) for p in people for w in weeks if town.slow.eligible(design, p, w)}
        if design.closed:
            assert not any(NET_CLOSED[0] <= week <= NET_CLOSED[1] for _, week in found)


def test_the_pool_is_everybody_still_in_question(town: Opened) -> None:
    design = town.designs[0]
    takers = takers_of(town.histories, town.referrals.starters["net"])
    columns = np.unique(takers.starters.column)[:3]
    pool = pool_of(town.histories, town.referrals.targets["net"], takers, columns)
    assert pairs(town, pool.row, pool.column) == {
        (person, week)
        for person in town.histories.person.tolist()
        for week in (columns + town.histories.first_week).tolist()
        if town.slow.on(person, design.benefit, week) and town.slow.first_start(person) > week
    }


def test_where_referral_is_at_the_start_nobody_is_compared_with_those_well_into_their_spell(
    duckdb_backend: Backend,
) -> None:
    """Too few start together with the participants in one week: she is left out rather than compared with others.

    Every second week somebody starts in the first week of her spell. In the odd weeks a crowd begins, so that those of
    the even weeks have nobody but persons a week or more into theirs.
    """
    spells, starts, person = [], [], 0
    for week in range(START + 160, START + 176):
        for _ in range(1 if week % 2 == 0 else 9):
            person += 1
            spells.append((person, A, week, week + 40, 1.0))
        starts.append((person, "net", week))
    town = opened(Town(tuple(spells), tuple(starts), START + 240), [design_of("net", START + 160, START + 180)],
                  duckdb_backend)
    found = compared(town, matching_of(town, "net"))
    for week, _, others in found.values():
        assert week % 2 == 1
        assert {town.slow.elapsed(other, A, week) for other, _ in others} == {0}
    assert len(found) == 8
    assert len(matching_of(town, "net").unmatched.row) == 8


def test_the_steps_go_from_the_finest_to_the_coarsest() -> None:
    """The method page names them; what a step gives up never comes back."""
    first, *later = STEPS_OF_MATCHING
    assert (first.key, first.strata, first.fine_elapsed) == ("exact", 0, True)
    assert all(step.strata for step in later)
    assert [step.fine_elapsed for step in STEPS_OF_MATCHING] == sorted(
        (step.fine_elapsed for step in STEPS_OF_MATCHING), reverse=True
    )
    assert [step.everybody for step in STEPS_OF_MATCHING] == sorted(step.everybody for step in STEPS_OF_MATCHING)
    for steps in ([s for s in later if not s.everybody], [s for s in later if s.everybody]):
        assert [step.strata for step in steps] == sorted((step.strata for step in steps), reverse=True)
    assert min(step.least for step in STEPS_OF_MATCHING) >= 2
    assert len({step.key for step in STEPS_OF_MATCHING}) == len(STEPS_OF_MATCHING)


def test_forty_covariates_that_say_the_same_make_the_cells_of_one(duckdb_backend: Backend) -> None:
    """However many are matched on, a cell's number must not run over into another's."""
    town = crowded_town(1)
    found = []
    for times in (1, 40):
        names = tuple(f"age{copy}" for copy in range(times))
        copies = replace(town, covariates=dict.fromkeys(names, town.covariates["age"]))
        many = opened(copies, [replace(one, match_on=names) for one in crowded_designs()], duckdb_backend)
        matching = matching_of(many, "net")
        found.append({p: how for p, how in compared(many, matching).items() if how[1] == "exact"})
    assert found[0] == found[1]
    assert len(found[0]) > 50
