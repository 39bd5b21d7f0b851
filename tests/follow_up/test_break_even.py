"""Break-even: by hand, by search, and what is said where no number of participants is enough."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.effects.estimate import Interval
from gevinst.follow_up.break_even import (
    WEEKS,
    Cost,
    Needed,
    break_even,
    cost_of,
    needed,
    payback,
    saving_needed,
)
from gevinst.follow_up.status_words import shape_words
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import Investment, Supplier, TargetGroup

CASE = Investment("2", "net", "Net", TargetGroup("ledige", "a-dagpenge"))
PRICED = replace(CASE, dkk_per_participant_week=Amount.dkk(400, CURRENT))
BY_RESULTS = replace(CASE, supplier=Supplier("Firma", pay_by_results=True))
KRONER = st.floats(1, 1e7)


def test_a_case_by_hand() -> None:
    """Two years, 1.2 million spent, 60 participant-years, 40 planned a year; 0.9 million saved, 1.6 budgeted.

    600,000 a year whatever the number; 15,000 saved by each: 40 a year would pay, 30 there were. At 30 each must save
    20,000; at the 40 planned 15,000, and 20,000 each was budgeted, with which 30 would pay.
    """
    found = break_even(CASE, (2020, 2021), 1_200_000, Decimal(60), Decimal(80), Interval(900_000, 300_000, 1_500_000),
                       1_600_000, weeks_saved=300.0)  # fmt: skip
    assert found.cost == Cost(600_000, 0.0, "fixed")
    assert (found.participants, found.planned) == (30, 40)
    assert found.saving == Interval(15_000, 5_000, 25_000)
    assert found.needed == Needed(40.0, 24.0, 120.0, True)
    assert found.needed_budgeted == Needed(30.0)
    assert (found.saving_needed, found.saving_needed_planned) == (20_000, 15_000)
    assert (found.week_price, found.weeks, found.weeks_needed) == (3_000, 5.0, pytest.approx(20 / 3))


def test_what_follows_the_participants_is_their_price_and_the_rest_is_fixed() -> None:
    each = pytest.approx(400 * WEEKS, abs=0.01)
    assert cost_of(PRICED, 1_000_000, 20) == Cost(pytest.approx(1_000_000 - 20 * 400 * WEEKS, abs=0.2), each, "price")
    assert cost_of(PRICED, 100_000, 20) == Cost(0.0, 5_000, "all-price")
    assert cost_of(PRICED, 20 * 53 * 400, 20) == Cost(0.0, 53 * 400, "all-price"), "a year of 53 weeks"
    assert cost_of(BY_RESULTS, 100_000, 20) == Cost(0.0, 5_000, "by-results")
    assert cost_of(CASE, 100_000, 20, 2) == Cost(50_000, 0.0, "fixed")


@given(fixed=KRONER, each=KRONER, saving=KRONER)
def test_at_the_number_needed_net_is_nought_and_below_it_is_a_cost(fixed: float, each: float, saving: float) -> None:
    cost = Cost(fixed, each, "price")
    found = needed(cost, Interval(saving)).estimate
    counts = np.arange(1, 2_000)
    nets = fixed + counts * (each - saving)
    if found is None:
        assert saving <= each
        assert (nets > 0).all(), "no number pays"
        return
    assert found > 0
    assert np.isfinite(found)
    assert fixed + found * (each - saving) == pytest.approx(0, abs=1e-6 * max(fixed, found * saving))
    assert saving_needed(cost, found) == pytest.approx(saving)
    clear = np.abs(counts - found) > 1e-6 * found
    assert ((nets > 0) == (counts < found))[clear].all()


def test_an_effect_that_may_be_nothing_never_gives_a_negative_or_endless_number() -> None:
    cost = Cost(100.0, 0.0, "fixed")
    assert needed(cost, Interval(10.0, -5.0, 25.0)) == Needed(10.0, 4.0, None, True)
    assert needed(cost, Interval(-2.0, -5.0, 1.0)) == Needed(None, 100.0, None, True)
    assert needed(cost, Interval(-2.0, -5.0, 0.0)) == Needed(None, None, None, True)
    assert needed(cost, Interval(0.0)) == Needed(None)


def test_the_interval_is_that_of_the_replicates_one_by_one() -> None:
    """Turned round as a whole it is the same as break-even in every replicate, since n* falls as s rises."""
    drawn = np.random.default_rng(3).normal(20, 4, 2_001)
    low, high = np.quantile(drawn, [0.025, 0.975])
    found = needed(Cost(1_000.0, 2.0, "price"), Interval(float(drawn[0]), float(low), float(high)))
    each = 1_000 / (drawn - 2)
    assert (found.least, found.most) == pytest.approx(tuple(np.quantile(each, [0.025, 0.975])), rel=1e-3)


def test_of_few_nothing_is_told_that_gives_their_number_away() -> None:
    found = break_even(CASE, (2020,), 1_000_000, Decimal(3), Decimal(40), Interval(30_000), 1_600_000, few=True)
    assert (found.participants, found.saving, found.needed, found.saving_needed) == (None, None, None, None)
    assert found.needed_budgeted == Needed(25.0), "the plan is no secret"
    assert found.saving_needed_planned == 25_000
    priced = break_even(PRICED, (2020,), 1_000_000, Decimal(3), Decimal(40), None, None, few=True)
    assert priced.cost is None, "less the agreed price of three it would tell of them"


def test_weeks_and_kroner_that_go_opposite_ways_have_no_price() -> None:
    found = break_even(CASE, (2020,), 1e6, Decimal(30), None, Interval(-5e4), None, weeks_saved=10.0)
    assert (found.week_price, found.weeks_needed) == (None, None)
    assert found.budgeted is None
    assert found.needed_budgeted is None


def test_pay_back_is_when_the_cumulated_net_is_nought() -> None:
    first = payback([(2020, -5.0, False), (2021, -1.0, True)])
    assert first is not None
    assert (first.year, first.years, first.expected) == (2020, 0.0, False), "known before anything is expected"
    again = payback([(2020, 10.0, False), (2021, -12.0, False), (2022, 7.0, True), (2023, -10.0, True)])
    assert again is not None
    assert (again.year, again.years) == (2023, pytest.approx(3.5)), "what was paid back was spent again"
    assert payback([]) is None
    never = payback([(2020, 10.0, False), (2021, -4.0, True)])
    assert never is not None
    assert (never.year, never.years, never.left, never.expected) == (None, None, 6.0, True)


def test_an_agreed_price_at_another_level_is_said_to_be_so() -> None:
    p20 = PriceLevel(2020)
    priced = replace(CASE, dkk_per_participant_week=Amount.dkk(400, p20))
    found = cost_of(priced, 1_000_000, 20)
    assert found.agreed_at == p20
    assert "prisen er i p/l 2020 og ikke regnet om" in shape_words(found)
    assert cost_of(priced, 1_000_000, 20, level=p20).agreed_at is None
    assert break_even(CASE, (2020,), 1e6, Decimal(30), None, Interval(5e5), None, level=p20).level == p20
