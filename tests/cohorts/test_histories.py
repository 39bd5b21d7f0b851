"""The grid of persons and weeks against the town's own rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.cohorts.histories import (
    EDUCATION,
    FULL_TIME,
    LEFT,
    NEVER,
    NOTHING,
    PENSION,
    SUPPORT,
    Histories,
    build_histories,
)
from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.parameters.benefits import benefits
from tests.effects.matched_engine import Opened, opened
from tests.town import PENSION as FOLKEPENSION
from tests.town import START, SU, A, K, Town, prepared_of, relapsing_designs, relapsing_town

REFERRALS = START + 190


@pytest.fixture(scope="module")
def town(duckdb_backend: Backend) -> Opened:
    return opened(relapsing_town(21, 150), relapsing_designs(), duckdb_backend)


def histories_of(town: Town, backend: Backend, *, first: int = REFERRALS, paid: bool = True) -> Histories:
    prepared = prepared_of(town, backend)
    pieces = paid_weeks(prepared.tables, benefits()) if paid else None
    return build_histories(prepared, pieces, [(A, 4)], benefits(), first)


def grid(town: Opened) -> list[tuple[int, int, int, int]]:
    """Row, person, column, week."""
    first, weeks = town.histories.first_week, town.histories.weeks
    return [
        (row, person, column, first + column)
        for row, person in enumerate(town.histories.person.tolist())
        for column in range(weeks)
    ]


def test_who_is_in_it(duckdb_backend: Backend) -> None:
    """Everybody who received a target benefit in or after the week of the first referral, by pseudonym."""
    spells = (
        (407, A, REFERRALS - 9, REFERRALS + 1, 1.0),
        (35, A, REFERRALS - 9, REFERRALS, 1.0),  # ended the week before
        (11, K, REFERRALS - 9, REFERRALS + 9, 1.0),  # another benefit
        (-8, A, REFERRALS + 30, REFERRALS + 60, 1.0),  # still running
    )
    histories = histories_of(Town(spells, (), REFERRALS + 40), duckdb_backend)
    assert histories.person.tolist() == [-8, 407]
    assert histories.group.tolist() == [192, 7]


def test_it_reaches_three_years_back_and_to_the_horizon(town: Opened, duckdb_backend: Backend) -> None:
    assert town.histories.first_week == REFERRALS - 156
    assert town.histories.first_week + town.histories.weeks - 1 == town.town.horizon
    late = replace(town.town, first=REFERRALS - 20)
    assert histories_of(late, duckdb_backend).first_week == REFERRALS - 20


def test_every_state_of_every_week(town: Opened) -> None:
    histories, slow = town.histories, town.slow
    for row, person, column, week in grid(town):
        state = histories.state[row, column]
        received = {benefit for benefit in (A, K, SU) if week in slow.received[person, benefit]}
        assert bool(state & histories.bit(A)) == (A in received)
        assert bool(state & histories.bit(K)) == (K in received)
        assert bool(state & SUPPORT) == bool(received & {A, K})
        assert bool(state & EDUCATION) == (SU in received)
        assert bool(state & LEFT) == slow.gone(person, week)
    assert (histories.state & LEFT).any()


def test_elapsed_and_prior_weeks(town: Opened) -> None:
    histories, slow = town.histories, town.slow
    for row, person, column, week in grid(town)[::7]:
        for benefit in (A, K):
            if week in slow.received[person, benefit]:
                assert histories.elapsed[benefit, 4][row, column] == slow.elapsed(person, benefit, week)
        assert histories.prior[row, column] == slow.prior(person, week, histories.first_week)


def test_a_gap_shorter_than_the_rule_does_not_end_a_spell(duckdb_backend: Backend) -> None:
    """Three weeks off, then four: weeks 0-9, 13-19 and 24-30 of which the first two are one spell."""
    spans = ((0, 10), (13, 20), (24, 31))
    spells = tuple((1, A, REFERRALS + begin, REFERRALS + end, 1.0) for begin, end in spans)
    histories = histories_of(Town(spells, (), REFERRALS + 40), duckdb_backend)
    found = histories.elapsed[A, 4][0, REFERRALS - histories.first_week :]
    assert found[13:20].tolist() == list(range(13, 20))
    assert found[24:31].tolist() == list(range(7))


def test_two_rules_for_the_same_benefit_stand_beside_each_other(duckdb_backend: Backend) -> None:
    spans = ((0, 10), (13, 20))
    town = Town(tuple((1, A, REFERRALS + b, REFERRALS + e, 1.0) for b, e in spans), (), REFERRALS + 40)
    prepared = prepared_of(town, duckdb_backend)
    histories = build_histories(prepared, None, [(A, 4), (A, 1)], benefits(), REFERRALS)
    assert histories.targets == (A,)
    back = histories.column(REFERRALS + 13)
    assert histories.elapsed[A, 4][0, back] == 13
    assert histories.elapsed[A, 1][0, back] == 0


def test_a_spell_older_than_the_grid_keeps_its_length(duckdb_backend: Backend) -> None:
    town = Town(((1, A, START - 100, REFERRALS + 5, 1.0), (2, A, START, START + 4, 1.0)), (), REFERRALS + 40)
    histories = histories_of(town, duckdb_backend)
    assert histories.person.tolist() == [1]
    assert histories.elapsed[A, 4][0, 0] == histories.first_week - (START - 100)


def test_paid_layers_hold_every_paid_week_once(town: Opened) -> None:
    """Two benefits at once, in part or in full, lie in layers; none is lost and none is counted twice."""
    histories, pieces = town.histories, town.pieces()
    assert len(histories.paid) >= 2
    for row, person, column, week in grid(town):
        found = [
            (histories.kinds[layer.kind[row, column]], layer.degree[row, column] / FULL_TIME)
            for layer in histories.paid
            if layer.kind[row, column] != NOTHING
        ]
        assert sorted(found) == sorted(pieces.get((person, week), []))


def test_without_prices_there_are_no_layers(town: Opened, duckdb_backend: Backend) -> None:
    bare = histories_of(town.town, duckdb_backend, paid=False)
    assert (bare.paid, bare.kinds) == ((), ())


def test_first_participations(town: Opened) -> None:
    histories, slow = town.histories, town.slow
    for row, person in enumerate(histories.person.tolist()):
        week, investment = slow.first.get(person, (None, None))
        if week is None:
            assert histories.first_start[row] == NEVER
            assert histories.first_investment[row] == -1
        else:
            assert histories.first_start[row] == week
            assert histories.investments[histories.first_investment[row]] == investment


def test_two_participations_on_one_day_are_told_by_their_keys(duckdb_backend: Backend) -> None:
    spells = ((1, A, REFERRALS, REFERRALS + 20, 1.0),)
    town = Town(spells, ((1, "b", REFERRALS + 2), (1, "a", REFERRALS + 2)), REFERRALS + 40)
    histories = histories_of(town, duckdb_backend)
    assert histories.investments[histories.first_investment[0]] == "a"


def test_a_pension_is_a_place_of_its_own(duckdb_backend: Backend) -> None:
    spells = ((1, A, REFERRALS, REFERRALS + 20, 1.0), (1, FOLKEPENSION, REFERRALS + 20, REFERRALS + 60, 1.0))
    histories = histories_of(Town(spells, (), REFERRALS + 40), duckdb_backend)
    at = REFERRALS - histories.first_week + 25
    assert histories.state[0, at] == PENSION


def test_more_than_two_benefits_at_once_take_as_many_layers(duckdb_backend: Backend) -> None:
    names = (A, K, "sygedagpenge", "ledighedsydelse")
    spells = tuple((1, benefit, REFERRALS, REFERRALS + 8, 0.25) for benefit in names)
    histories = histories_of(Town(spells, (), REFERRALS + 40), duckdb_backend)
    assert len(histories.paid) == 4
    at = REFERRALS - histories.first_week + 3
    assert {histories.kinds[layer.kind[0, at]][0] for layer in histories.paid} == set(names)
    assert {int(layer.degree[0, at]) for layer in histories.paid} == {2500}


@pytest.mark.parametrize("benefit", ["revalidering", A])
def test_nobody_and_a_period_beyond_the_data_give_an_empty_grid(duckdb_backend: Backend, benefit: str) -> None:
    """A case that begins years after the data end: nobody is in it, and nothing breaks."""
    town = relapsing_town(22, 20)
    prepared = prepared_of(town, duckdb_backend)
    first = REFERRALS if benefit != A else town.horizon + 500
    histories = build_histories(prepared, None, [(benefit, 4)], benefits(), first)
    assert histories.person.tolist() == []
    assert histories.weeks >= 1
    assert histories.state.shape == (0, histories.weeks)


def test_the_order_of_rows_is_of_no_matter(town: Opened, duckdb_backend: Backend) -> None:
    prepared = prepared_of(town.town, duckdb_backend, shuffled=5)
    paid = paid_weeks(prepared.tables, benefits())
    again = build_histories(prepared, paid, [(A, 4), (K, 4)], benefits(), REFERRALS, ("age", "sex"))
    assert np.array_equal(again.state, town.histories.state)
    assert np.array_equal(again.prior, town.histories.prior)
    assert again.kinds == town.histories.kinds
    for one, two in zip(again.paid, town.histories.paid, strict=True):
        assert np.array_equal(one.kind, two.kind)
        assert np.array_equal(one.degree, two.degree)
    assert again.covariates is not None
    assert again.covariates.equals(town.histories.covariates)
