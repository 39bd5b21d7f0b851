"""Who is yet to start: the plan over the open weeks by hand, the pace, and the cases in which nobody does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from gevinst.follow_up.coming_intake import coming_intake, open_weeks
from gevinst.money import PriceLevel
from gevinst.register.business_case import (
    Investment,
    ParticipantCount,
    Portfolio,
    Status,
    Stop,
    Suspension,
    TargetGroup,
)
from gevinst.weeks import first_week, monday, week_of

P20 = PriceLevel(2020)
CASE = Investment("1", "net", "Net", TargetGroup("ledige", "a-dagpenge"), full_time_participants=Decimal(40),
                  planned_weeks=26)  # fmt: skip
NOTHING = np.zeros(10)
UNTIL = first_week(2021) - 10  # ten weeks of nothing, then 2021


def portfolio(*suspensions: Suspension) -> Portfolio:
    return Portfolio("p", "Prøve", "Prøveby", (2020, 2021, 2022), P20, (CASE,), suspensions=suspensions)


def test_forty_places_of_half_a_year_are_eighty_starts_spread_over_the_open_weeks() -> None:
    """2021 has 52 weeks; four are closed, and the others take what is planned."""
    shut = Suspension(date(2021, 3, 1), date(2021, 3, 28))
    found = coming_intake(CASE, portfolio(shut), NOTHING, UNTIL, 2021)
    assert (found.plan.rule, found.first_week, len(found.starts)) == ("plan", first_week(2021), 52)
    closed = week_of(date(2021, 3, 1)) - first_week(2021)
    assert found.starts[closed : closed + 4].tolist() == [0] * 4
    assert found.starts[0] == pytest.approx(80 / 48)
    assert found.plan.per_year == {2021: pytest.approx(80)}


def test_a_partly_closed_week_is_open_by_the_share_that_is_assumed() -> None:
    half = portfolio(Suspension(date(2021, 3, 1), date(2021, 3, 28), partial=True))
    weeks = np.arange(week_of(date(2021, 2, 22)), week_of(date(2021, 3, 8)))
    assert open_weeks(CASE, half, weeks, Decimal("0.25")).tolist() == [1, 0.25]
    found = coming_intake(CASE, half, NOTHING, UNTIL, 2021, partial_open=Decimal("0.25"))
    assert found.starts[0] == pytest.approx(80 / 49)


def test_in_the_running_year_only_what_is_left_is_planned_and_nothing_is_caught_up() -> None:
    seen = np.zeros(36)  # ten weeks of 2020 and 26 of 2021, in which nobody started
    found = coming_intake(CASE, portfolio(), seen, UNTIL, 2021)
    assert found.first_week == first_week(2021) + 26
    assert found.plan.per_year == {2021: pytest.approx(40)}


def test_nobody_starts_outside_the_plan_or_after_a_stop() -> None:
    """Planned to the end of June: 26 weeks of forty places, 40 starts; stopped after March, none after."""
    planned = replace(CASE, referrals_from=monday(UNTIL), referrals_to=date(2021, 7, 4))
    found = coming_intake(planned, portfolio(), NOTHING, UNTIL, 2021)
    assert found.starts.sum() == pytest.approx(40)
    assert found.starts[26:].tolist() == [0] * 26
    stopped = coming_intake(replace(planned, stop=Stop(date(2021, 4, 4), "stop")), portfolio(), NOTHING, UNTIL, 2021)
    assert stopped.starts[:13].tolist() == pytest.approx([40 / 26] * 13)
    assert stopped.starts[13:].tolist() == [0] * 39
    assert coming_intake(replace(CASE, status=Status.ENDED), portfolio(), NOTHING, UNTIL, 2021).starts.sum() == 0


def test_what_the_case_last_expects_goes_before_its_plan() -> None:
    counts = (ParticipantCount(2021, Decimal(40), None, Decimal(30)), ParticipantCount(2022, Decimal(20), None))
    found = coming_intake(replace(CASE, participant_counts=counts), portfolio(), NOTHING, UNTIL, 2022)
    assert found.plan.per_year == {2021: pytest.approx(60), 2022: pytest.approx(40)}


def test_where_the_case_does_not_say_how_long_they_stay_those_so_far_do() -> None:
    case = replace(CASE, planned_weeks=None)
    assert coming_intake(case, portfolio(), NOTHING, UNTIL, 2021, mean_stay=13).starts.sum() == pytest.approx(160)
    assert coming_intake(case, portfolio(), NOTHING, UNTIL, 2021).starts.sum() == pytest.approx(40)


@pytest.mark.parametrize("case", [CASE, replace(CASE, full_time_participants=None)], ids=["asked", "no plan"])
def test_the_pace_of_the_open_weeks_goes_on(case: Investment) -> None:
    """Two a week in the 26 open of the last 52 weeks; the last four weeks of the year to come are closed."""
    half_year = monday(first_week(2021) - 52), monday(first_week(2021) - 26)
    shut = portfolio(
        Suspension(half_year[0], date.fromordinal(half_year[1].toordinal() - 1)),
        Suspension(monday(first_week(2022) - 4), monday(first_week(2022))))
    seen = np.concatenate([np.full(30, 9.0), np.zeros(26), np.full(26, 2.0)])
    found = coming_intake(case, shut, seen, first_week(2021) - len(seen), 2021, rule="pace")
    assert found.plan.rule == "pace"
    assert found.starts.tolist() == pytest.approx([2] * 48 + [0] * 4)
    if case is not CASE:
        assert coming_intake(case, shut, seen, first_week(2021) - len(seen), 2021).plan.rule == "pace"
