"""The bridge against hand calculations, and that it foots to the øre whatever it is given."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.errors import GevinstError
from gevinst.follow_up.bridge import SEPARATED, Bridge, Cause, Drivers, Missing, bridge, together
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import Basis

PLANNED = PriceLevel(2020)


def kr(kroner: int | str, level: PriceLevel = CURRENT) -> Amount:
    return Amount.dkk(kroner, level)


def told(found: Bridge) -> dict[str, str | None]:
    return {str(cause): None if step is None else str(step.in_dkk) for cause, step in found.steps.items()}


FULL = Drivers(
    "2",
    2021,
    Basis.REALISED,
    kr(1_800_000, PLANNED),
    kr(-2_000_000, PLANNED),
    kr(1_500_000),
    kr(-900_000),
    planned=Decimal(40),
    participants=Decimal(25),
    open_share=Fraction(3, 4),
    stopped_share=Fraction(1, 5),
    at_planned_prices=kr(-850_000, PLANNED),
    returned=kr(200_000),
)


def test_every_step_by_hand() -> None:
    """B = -2.0 million. Stop: a fifth of it, 400,000, less 200,000 returned. Timing: a quarter of the other 1.6.
    Volume: 25/40 of 2.0 is 1.25, beside 1.2 that the open weeks had room for. Effect: 0.85 beside 1.25. Price: 0.9
    beside 0.85. Spending: 1.5 beside 1.8, of which 0.2 was the stop's."""
    found = bridge(FULL)
    assert told(found) == {
        "volume": "-50000",
        "timing": "400000",
        "effect": "400000",
        "price": "-50000",
        "stop": "200000",
        "spending": "-100000",
        "rest": "0",
    }
    assert found.budget == kr(-200_000, PLANNED)
    assert found.result == kr(600_000)
    assert not found.unknown


def test_without_persons_the_effect_lies_in_the_rest_and_the_index_gives_the_price() -> None:
    """-909,000 at an index of 1.01 is -900,000 in the budget's prices; the 350,000 beside 25/40 of the plan remain."""
    found = bridge(
        replace(FULL, at_planned_prices=None, price_factor=Decimal("1.01"), result_saving=kr(-909_000))
    )  # fmt: skip
    assert told(found)["price"] == "-9000"
    assert told(found)["effect"] is None
    assert told(found)["rest"] == "350000"
    assert found.unknown == {Cause.EFFECT: (("2", 2021, Missing.EFFECT),)}


def test_what_is_missing_is_named_and_lies_in_the_rest() -> None:
    bare = replace(FULL, planned=None, participants=None, at_planned_prices=None, returned=None)
    found = bridge(bare)
    assert {cause for cause, step in found.steps.items() if step is None} == {Cause.VOLUME, Cause.EFFECT, Cause.PRICE}
    assert found.unknown[Cause.VOLUME] == (("2", 2021, Missing.PLAN),)
    assert found.unknown[Cause.PRICE] == (("2", 2021, Missing.INDEX),)
    assert told(found)["timing"] == "400000", "dates alone tell it"
    assert told(found)["rest"] == "300000"  # -1.2 million left after stop and timing, -0.9 came
    assert bridge(replace(bare, planned=Decimal(40))).unknown[Cause.VOLUME] == (("2", 2021, Missing.PARTICIPANTS),)
    few = bridge(replace(FULL, few=True))
    assert few.unknown[Cause.VOLUME] == few.unknown[Cause.EFFECT] == (("2", 2021, Missing.FEW),)


def test_a_year_after_the_stop_is_all_stop() -> None:
    nothing = kr(0)
    found = bridge(
        Drivers("1", 2022, Basis.REALISED, kr(3_079_000, PLANNED), kr(-6_711_000, PLANNED), nothing, nothing,
                Decimal(60), Decimal(0), stopped_share=Fraction(1))
    )  # fmt: skip
    assert told(found) == {**dict.fromkeys((str(cause) for cause in Cause), "0"), "stop": "3632000"}


def test_when_all_is_as_planned_nothing_moves() -> None:
    as_planned = Drivers(
        "2", 2020, Basis.REALISED, kr(100), kr(-333), kr(100), kr(-333), Decimal(7), Decimal(7),
        at_planned_prices=kr(-333))  # fmt: skip
    assert set(told(bridge(as_planned)).values()) == {"0"}


def test_bridges_add_up_and_a_nought_that_is_not_known_everywhere_is_no_answer() -> None:
    known = bridge(replace(FULL, at_planned_prices=kr(-1_250_000, PLANNED)))  # the effect is as planned: nought
    other = bridge(replace(FULL, year=2020, planned=None, at_planned_prices=None))
    both = together([known, other], "2", None)
    assert known.steps[Cause.EFFECT] == kr(0)
    assert both.steps[Cause.EFFECT] is None
    assert both.unknown[Cause.EFFECT] == (("2", 2020, Missing.EFFECT),)
    assert both.budget.ore == 2 * known.budget.ore
    assert _foots(both)
    assert both.basis is Basis.REALISED
    assert together([known, replace(other, basis=Basis.EXPECTED)], "2", None).basis is Basis.EXPECTED


def test_price_levels_do_not_mix() -> None:
    at_2021 = replace(FULL, result_investment=kr(1, PriceLevel(2021)), result_saving=kr(-1, PriceLevel(2021)))
    with pytest.raises(GevinstError, match=r"money\.mixed-price-levels"):
        together([bridge(FULL), bridge(at_2021)], "2", None)
    with pytest.raises(ValueError, match="no bridges"):
        together([], "2", None)


ORE = st.integers(-10**12, 10**12)
SHARE = st.fractions(0, 1, max_denominator=371)
COUNT = st.none() | st.decimals(0, 10**5, places=3)


@st.composite
def anything(draw: st.DrawFn) -> Drivers:
    """Drivers of any size and sign, with anything missing."""
    budget, result = (draw(st.sampled_from([CURRENT, PLANNED])) for _ in range(2))
    return Drivers(
        "1",
        2021,
        draw(st.sampled_from([Basis.REALISED, Basis.EXPECTED])),
        Amount(draw(ORE), budget),
        Amount(draw(ORE), budget),
        Amount(draw(ORE), result),
        Amount(draw(ORE | st.just(0)), result),
        draw(COUNT),
        draw(COUNT),
        draw(SHARE),
        draw(SHARE),
        draw(st.none() | st.builds(Amount, ORE, st.just(budget))),
        draw(st.none() | st.decimals("0.5", "2", places=4)),
        draw(st.none() | st.builds(Amount, ORE, st.just(result))),
        draw(st.booleans()),
    )


def _foots(found: Bridge) -> bool:
    steps = sum(step.ore for step in found.steps.values() if step is not None)
    return found.budget.ore + steps == found.result.ore


@given(anything())
def test_it_foots_to_the_ore(drivers: Drivers) -> None:
    found = bridge(drivers)
    assert _foots(found)
    assert found.result == drivers.result_investment + drivers.result_saving
    assert {cause for cause, step in found.steps.items() if step is None} == set(found.unknown)
    if not found.unknown:
        assert found.steps[Cause.REST] == Amount.zero(found.level), "with every driver known nothing is left"


@given(st.lists(anything(), min_size=1, max_size=6))
def test_sums_foot_to_the_ore(several: list[Drivers]) -> None:
    parts = [bridge(replace(one, result_saving=one.result_saving.at_level(CURRENT),
                            result_investment=one.result_investment.at_level(CURRENT),
                            budget_saving=one.budget_saving.at_level(PLANNED),
                            budget_investment=one.budget_investment.at_level(PLANNED))) for one in several]  # fmt: skip
    assert _foots(together(parts, "portfolio", None))


@given(anything())
def test_each_step_is_nought_when_its_driver_is_as_planned(drivers: Drivers) -> None:
    level = drivers.result_saving.level

    def step(cause: Cause, **as_planned: Any) -> Amount | None:
        return bridge(replace(drivers, **as_planned)).steps[cause]

    nought = Amount.zero(level)
    assert step(Cause.TIMING, open_share=Fraction(1)) == nought
    assert step(Cause.STOP, stopped_share=Fraction(0)) == nought
    assert step(Cause.SPENDING, stopped_share=Fraction(0),
                result_investment=drivers.budget_investment.at_level(level)) == nought
    plan = Decimal(40)
    assert step(Cause.VOLUME, few=False, planned=plan, participants=plan, open_share=Fraction(1),
                stopped_share=Fraction(0)) == nought
    assert step(Cause.EFFECT, few=False, planned=plan, participants=plan,
                at_planned_prices=drivers.budget_saving) == nought
    assert step(Cause.PRICE, at_planned_prices=None, price_factor=Decimal(1)) == nought
    assert set(SEPARATED) | {Cause.REST} == set(Cause)
