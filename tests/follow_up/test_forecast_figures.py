"""A forecast as figures: ids, what stands in the follow-up table, the cost of a running year by hand, the ladder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gevinst.follow_up.coming_intake import IntakePlan
from gevinst.follow_up.extrapolation import Extrapolation
from gevinst.follow_up.forecast import Fan, Forecast, YearForecast
from gevinst.follow_up.forecast_figures import (
    expected_cost,
    expected_figures,
    forecast_figures,
    forecast_numbers,
    forecast_step,
)
from gevinst.follow_up.realised import outcomes, recorded_figures
from gevinst.follow_up.table import follow_up
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import (
    Basis,
    Investment,
    Line,
    Portfolio,
    RecordedFigure,
    Stop,
    Suspension,
    TargetGroup,
)
from gevinst.trace import lines
from gevinst.weeks import first_week, sunday

HORIZON = first_week(2021) + 25  # 26 of the 52 weeks of 2021 are seen
P20 = PriceLevel(2020)
CASE = Investment("2", "net", "Net", TargetGroup("ledige", "a-dagpenge"), full_time_participants=Decimal(10),
                  dkk_per_participant_week=Amount.dkk(500, CURRENT))  # fmt: skip
RUNNING = YearForecast(2021, Fan(-300_000.004, -320e3, -280e3, -340e3, -260e3, -370e3, -230e3), -200_000.004, -100e3,
                       12.0, 0.25, 0.5, carried=True)  # fmt: skip
NEXT = YearForecast(2022, Fan(-400e3), -400e3)
FOUND = Forecast("2", "Borgere, der ligner deltagerne", Extrapolation("decay", 40), (RUNNING, NEXT), sunday(HORIZON),
                 IntakePlan("plan", {2021: 12.4, 2022: 0.0}, "sagens plan"),
                 other_rules={"hold": (-310e3, -450e3)})  # fmt: skip
SPENT = {2021: Amount.dkk(130_000, CURRENT)}


def portfolio(*cases: Investment) -> Portfolio:
    return Portfolio("p", "Prøve", "Prøveby", (2020, 2021, 2022), P20, cases)


def recorded(line: Line, year: int = 2021) -> RecordedFigure:
    return RecordedFigure(year, line, Basis.EXPECTED, Amount.dkk(-1, CURRENT), "skøn", date(2021, 7, 1))


def test_a_forecast_is_a_figure_of_its_own_with_its_interval() -> None:
    this, following = forecast_figures(FOUND)
    assert (this.id, following.id) == ("2/forecast/2021/saving", "2/forecast/2022/saving")
    assert this.amount == Amount.dkk(-300_000, CURRENT)
    assert (this.low, this.high) == (Amount.dkk(-370_000, CURRENT), Amount.dkk(-230_000, CURRENT))
    assert "resultat til og med 04-07-2021 og forventning til resten af året" in this.cited
    assert "aftager" in this.cited
    assert following.low is None
    numbers = forecast_numbers([FOUND])
    assert numbers["forecast/2/decay/2021/low80"] == -340e3
    assert numbers["forecast/2/decay/2022/high95"] is None
    assert numbers["forecast/2/decay/2021/estimate"] == -300_000.004


def test_the_running_year_stands_in_the_table_with_its_cost() -> None:
    """130,000 spent and ten full-time persons for the 26 weeks left at 500 a week: 130,000 more."""
    saving, cost = expected_figures(CASE, portfolio(CASE), FOUND, SPENT, "posteringer")
    assert (saving.id, cost.id) == ("2/saving/2021/expected", "2/investment/2021/expected")
    assert cost.amount == Amount.dkk(130_000 + 10 * 26 * 500, CURRENT)
    assert cost.source == saving.source == "computed"
    table = follow_up(CASE, portfolio(CASE), outcomes((), (), (saving, cost)), CURRENT)
    year = table.years[1]
    assert year.basis is Basis.EXPECTED
    assert year.outcome[Line.NET].amount == Amount.dkk(-40_000, CURRENT)
    assert table.years[2].outcome == {}, "the years after the running one are in the forecast alone"


def test_a_stop_ends_the_cost_and_a_closed_week_does_not() -> None:
    stopped = replace(CASE, stop=Stop(sunday(HORIZON + 4), "stop"))
    shut = replace(portfolio(stopped), suspensions=(Suspension(sunday(HORIZON), date(2021, 12, 31)),))
    found = expected_cost(stopped, shut, 2021, {}, HORIZON)
    assert found == Amount.dkk(10 * 4 * 500, CURRENT)


def test_what_was_recorded_stands_and_half_a_year_is_never_shown() -> None:
    typed = replace(CASE, recorded=(recorded(Line.SAVING),))
    assert expected_figures(typed, portfolio(typed), FOUND, SPENT, "p") == ()
    half = replace(CASE, recorded=(recorded(Line.INVESTMENT),))
    (saving,) = expected_figures(half, portfolio(half), FOUND, SPENT, "p")
    assert saving.line is Line.SAVING
    for without in (
        replace(CASE, dkk_per_participant_week=None),
        replace(CASE, dkk_per_participant_week=Amount.dkk(500, P20)),
        replace(CASE, full_time_participants=None),
    ):
        assert expected_figures(without, portfolio(without), FOUND, SPENT, "p") == ()
    assert expected_figures(CASE, portfolio(CASE), None, SPENT, "p") == ()
    begun = replace(FOUND, years=(NEXT,))
    assert expected_figures(CASE, portfolio(CASE), begun, SPENT, "p") == (), "nothing of the year has been"


def test_a_recorded_expectation_goes_before_a_computed_one() -> None:
    saving, cost = expected_figures(CASE, portfolio(CASE), FOUND, SPENT, "p")
    typed = recorded_figures(replace(CASE, recorded=(recorded(Line.SAVING),)))
    assert [one.source for one in outcomes(typed, (), (saving, cost))] == ["computed", "recorded"]


def test_the_ladder_says_the_rule_and_adds_up() -> None:
    step = forecast_step(FOUND, RUNNING)
    so_far, coming = step.under
    assert (so_far.value, coming.value, step.value) == ("−100.000 kr.", "−200.000 kr.", "−300.000 kr.")
    told = "\n".join(lines(step))
    assert "e(k) = L × 0,5^((k − 40) / 52)" in told
    assert "Halveringstiden er en antagelse." in told
    assert "Forventede starter = 12  (sagens plan)" in told
    few = replace(FOUND, plan=IntakePlan("pace", {2021: 1.7}, "tempoet", few=True))
    assert "Forventede starter = få" in "\n".join(lines(forecast_step(few, RUNNING)))
    assert len(forecast_step(FOUND, NEXT).under) == 1


@pytest.mark.parametrize("rule", ["hold", "decay", "zero"])
def test_every_rule_has_a_name_a_formula_and_a_sentence(rule: str) -> None:
    step = forecast_step(replace(FOUND, how=Extrapolation(rule, 40)), NEXT)
    effect = next(one for one in step.under[0].under if one.formula.startswith("e(k)"))
    assert effect.value in ("holdes", "aftager", "ophører")
    assert "uge 40" in effect.source
