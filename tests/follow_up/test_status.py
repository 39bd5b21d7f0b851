"""The desk of one investment, from made-up findings: what more participants cost, and when it has paid for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from gevinst.economy.saving import Saving
from gevinst.effects.estimate import EffectReplicates, Interval
from gevinst.effects.evidence import EvidenceFacts, grade
from gevinst.effects.profile import Profile
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.coming_intake import IntakePlan
from gevinst.follow_up.details import Told
from gevinst.follow_up.effect_detail import Chance, EffectDetail
from gevinst.follow_up.extrapolation import Extrapolation
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.forecast import Fan, Forecast, YearForecast
from gevinst.follow_up.paid_off import HeldAgainst
from gevinst.follow_up.status import EarlyWarning, Found, Terms, early_warning
from gevinst.follow_up.status_rules import Light
from gevinst.follow_up.table import follow_up
from gevinst.money import CURRENT, Amount
from gevinst.parameters.book import national_book
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Investment,
    Line,
    Portfolio,
    Protocol,
    Status,
    Supplier,
    TargetGroup,
)
from gevinst.weeks import first_week, sunday
from tests.follow_up.test_status_effect import saving as price_of_a_week

saving = price_of_a_week
HORIZON = first_week(2021) - 1
CASE = Investment(
    "2", "net", "Net", TargetGroup("ledige", "kontanthjaelp"), full_time_participants=Decimal(50), planned_weeks=26,
    budget=tuple(BudgetYear(year, Amount.dkk(500_000, CURRENT), Amount.dkk(-600_000, CURRENT))
                 for year in (2020, 2021, 2022)), protocol=Protocol("matched", 52),
)  # fmt: skip
GRADE = grade(EvidenceFacts("matched", False, 100, 20, 0.0, 0.05, 300.0, True, True, None, True))


def effect() -> EffectReplicates:
    """A hundred participants, a tenth less on the benefit in every week of their first year; 40 replicates."""
    cells = (("kontanthjaelp", 3),)
    drawn = np.random.default_rng(4).normal(0, 0.02, 41)
    drawn[0] = 0.0
    without = np.full((41, 4, 1), 0.6) + drawn[:, None, None]
    profile = Profile(cells, np.full(52, 100.0), np.full((41, 4, 1), 0.5), without)
    years = (2020,)
    weeks = np.full((41, 1, 1), 2_600.0)
    return EffectReplicates("matched", 100, 300, 52, 52, 52, 0, np.zeros(41), np.zeros((41, 53)), np.zeros((41, 53)),
                            years, cells, weeks, weeks + 260.0, profile=profile)  # fmt: skip


def forecast(per_year: dict[int, float], few: bool = False) -> Forecast:
    years = tuple(YearForecast(year, Fan(-700_000.0), -700_000.0) for year in (2021, 2022))
    plan = IntakePlan("plan", per_year, "plan", 26.0, few=few)
    return Forecast("2", "m", Extrapolation("decay", 51), years, sunday(HORIZON), plan)


def desk(saving: Saving, case: Investment = CASE, coming: dict[int, float] | None = None, **changes: object
         ) -> EarlyWarning:  # fmt: skip
    whole = Portfolio("p", "P", "By", (2020, 2021, 2022), CURRENT, (case,))
    net = np.concatenate([[-900_000.0], np.random.default_rng(5).normal(-900_000, 50_000, 40)])[:, None]
    priced = replace(saving, years=(2020,), net=net, gross=net)
    figures = [Figure("2", line, 2020, Basis.REALISED, Amount.dkk(dkk, CURRENT), "computed")
               for line, dkk in ((Line.INVESTMENT, 600_000), (Line.SAVING, -900_000))]  # fmt: skip
    table = follow_up(case, whole, figures, CURRENT)
    detail = EffectDetail(
        "2", "matched", True, 100, 300, 250.0, 52, Interval(5.2), None, None, (), (), (Chance(None, 0.9, 0.9),), GRADE,
        None, None, (), (), ())  # fmt: skip

    class Made(CaseResult):
        """A case whose main method's answer is given."""

        effect = effect()
        saving = priced

    told = Told(years=(2020,), against=HeldAgainst({2020: 600_000.0}, {2020: -600_000.0}))
    ahead = forecast({2021: 40.0, 2022: 40.0} if coming is None else coming)
    found = Found(Made(case), case, table, told, detail, (), ahead, {2020: 53 * 40, None: 53 * 40})
    terms = Terms(whole, date(2021, 1, 15), national_book(), data_horizon=HORIZON)
    return early_warning(replace(found, **changes), terms)


def test_a_desk_by_hand(saving: Saving) -> None:
    """600,000 a year, fixed, and 40 full-time participants: 22,500 saved each, 15,000 needed, 26.67 pay.

    Of those to come 40 a year share the cost: 15,000 each (the weeks of the years apart), and each saves 5,200.
    """
    found = desk(saving)
    held, made = found.break_even, found.decision
    assert held is not None
    assert held.saving is not None
    assert held.saving.estimate == pytest.approx(22_500)
    assert held.saving_needed == pytest.approx(15_000)
    assert held.needed is not None
    assert held.needed.estimate == pytest.approx(600_000 / 22_500)
    assert held.week_price == pytest.approx(900_000 / 260)
    assert made is not None
    per_week = 600_000 / 53  # 2020 had 53 weeks
    assert made.cost == pytest.approx(per_week * 104 / 80)
    assert made.saving == pytest.approx(5_200)
    assert (made.starts, made.go_on, made.weeks) == (pytest.approx(80), False, 52)
    assert found.payback is not None
    assert (found.payback.year, found.payback.years) == (2020, 0.0)


def test_a_stop_ends_cost_and_starts_together(saving: Saving) -> None:
    """Half of the coming time: half of the cost, on the starts that the plan has in it."""
    half = replace(CASE, referrals_to=sunday(HORIZON + 52))
    made = desk(saving, half, {2021: 40.0}).decision
    assert made is not None
    assert made.starts == pytest.approx(40)
    assert made.cost == pytest.approx(600_000 / 53 * 52 / 40)


def test_a_first_half_year_costs_half_of_a_year(saving: Saving) -> None:
    late = replace(CASE, referrals_from=sunday(first_week(2020) + 25))
    made = desk(saving, late).decision
    assert made is not None
    running = 27 + 1 / 7  # the Sunday and the 27 weeks after it
    assert made.cost == pytest.approx(600_000 / running * 104 / 80)


def test_a_cost_that_follows_the_participants_follows_the_new_ones(saving: Saving) -> None:
    """600,000 on 40 full-time years paid by results: 15,000 a year, and each stays 26 weeks of it."""
    paid = replace(CASE, supplier=Supplier("Firma", pay_by_results=True))
    made = desk(saving, paid).decision
    assert made is not None
    assert made.cost == pytest.approx(15_000 * 26 / (365.2425 / 7))


def test_why_there_is_no_decision(saving: Saving) -> None:
    assert desk(saving, coming={}).no_decision == "no-starts"
    assert desk(saving, forecast=None).no_decision == "no-forecast"
    assert desk(saving, forecast=forecast({2021: 3.0}, few=True)).no_decision == "few-starts"
    assert desk(saving, detail=None).no_decision == "no-persons"
    stay = replace(CASE, planned_weeks=None, supplier=Supplier("Firma", pay_by_results=True))
    ahead = forecast({2021: 40.0})
    without = replace(ahead, plan=replace(ahead.plan, stays=None))
    assert desk(saving, stay, forecast=without).no_decision == "no-stay"
    assert desk(saving, delivered={}).no_decision == "no-cost"


def test_participants_that_may_not_be_told_are_told_in_nothing(saving: Saving) -> None:
    found = desk(saving, delivered={})
    assert found.break_even is None
    assert found.status.facts.participants is None


def test_an_investment_that_has_ended_has_no_status(saving: Saving) -> None:
    assert desk(saving, replace(CASE, status=Status.ENDED)).status.light is Light.NONE
