"""The exposure clock against weeks counted by hand in a calendar: the two closures of 2020 and 2021."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from gevinst.follow_up.exposure import Day, Exposure, day_kinds, exposure
from gevinst.register.bundled import portfolio as bundled
from gevinst.register.business_case import Investment, Portfolio, Stop, Suspension
from gevinst.weeks import week_of

WHOLE = (Suspension(date(2020, 3, 11), date(2020, 5, 26)), Suspension(date(2020, 12, 9), date(2021, 4, 15)))
"""11 March 2020 is a Wednesday, 26 May 2020 a Tuesday, 9 December 2020 a Wednesday, 15 April 2021 a Thursday."""


@pytest.fixture
def norddjurs() -> Portfolio:
    return bundled("norddjurs-2020-2023")


@pytest.fixture
def closed(norddjurs: Portfolio) -> Portfolio:
    """The agreement as if nobody at all could be referred in the two periods."""
    return replace(norddjurs, suspensions=WHOLE)


def test_the_first_closure_is_eleven_weeks_and_the_second_reaches_into_2021(closed: Portfolio) -> None:
    """By hand. 2020: 5 days of week 11, weeks 12-21 whole, 2 days of week 22 (77 days); 5 days of week 50, weeks 51-53
    whole, the last one to 3 January (26 days). 2021: weeks 1-14 whole, 4 days of week 15 (102 days)."""
    case = closed.investment("2")
    in_2020, in_2021 = exposure(case, closed, 2020), exposure(case, closed, 2021)
    assert in_2020 == Exposure("2", 2020, open=53 * 7 - 77 - 26, partial=0, closed=77 + 26, stopped=0)
    assert in_2021 == Exposure("2", 2021, open=52 * 7 - 102, partial=0, closed=102, stopped=0)
    assert in_2020.weeks(Day.CLOSED) == Decimal(103) / 7
    assert in_2020.planned_weeks == 53
    assert in_2020.open_share() == Fraction(268, 371)


def test_no_week_is_lost_or_counted_twice_over_the_years(closed: Portfolio) -> None:
    case = closed.investment("2")
    days = sum(exposure(case, closed, year).closed for year in (2019, 2020, 2021, 2022))
    assert days == sum((one.end - one.start).days + 1 for one in WHOLE) == 205


def test_a_partial_suspension_counts_as_open_as_far_as_is_assumed(norddjurs: Portfolio) -> None:
    """The agreement's own suspensions are partial: 103 days of 371."""
    found = exposure(norddjurs.investment("2"), norddjurs, 2020)
    assert (found.partial, found.closed) == (103, 0)
    shares = [found.open_share(Decimal(part)) for part in ("1", "0.5", "0")]
    assert shares == [1, Fraction(2 * 268 + 103, 2 * 371), Fraction(268, 371)]


def test_where_both_hold_the_whole_suspension_beats_the_partial_one(norddjurs: Portfolio) -> None:
    both = replace(norddjurs, suspensions=(*norddjurs.suspensions, Suspension(date(2020, 4, 6), date(2020, 4, 12))))
    found = exposure(both.investment("2"), both, 2020)
    assert (found.partial, found.closed) == (96, 7)


def test_a_suspension_of_one_investment_leaves_the_others_open(norddjurs: Portfolio) -> None:
    one = Suspension(date(2022, 1, 3), date(2022, 1, 30), "sen start", investment="intensiveret-indsats")
    alone = replace(norddjurs, suspensions=(one,))
    assert exposure(alone.investment("2"), alone, 2022).closed == 28
    assert not exposure(alone.investment("3"), alone, 2022).disturbed


def test_an_early_stop_takes_the_days_after_it(norddjurs: Portfolio) -> None:
    """Stopped Tuesday 18 May 2021, the 135th day of a year of weeks that begins on 4 January."""
    case = norddjurs.investment("1")
    found = exposure(case, norddjurs, 2021)
    assert found.stopped == 364 - 135
    assert found.partial == 102
    assert found.stopped_share == Fraction(229, 364)
    assert exposure(case, norddjurs, 2022) == Exposure("1", 2022, 0, 0, 0, 364)
    assert exposure(case, norddjurs, 2022).open_share() == 1, "nothing was planned that a suspension could close"


def test_the_plan_is_from_first_to_last_referral(norddjurs: Portfolio) -> None:
    case = replace(norddjurs.investment("2"), referrals_from=date(2020, 6, 1), referrals_to=date(2020, 6, 14))
    assert exposure(case, norddjurs, 2020) == Exposure("2", 2020, 14, 0, 0, 0)
    assert exposure(case, norddjurs, 2021).planned == 0
    assert exposure(case, norddjurs, 2021).stopped_share == 0


def test_a_last_day_that_is_the_stop_is_no_plan(norddjurs: Portfolio) -> None:
    day = date(2021, 5, 18)
    case: Investment = replace(norddjurs.investment("1"), referrals_to=day, stop=Stop(day, "stop"))
    assert exposure(case, norddjurs, 2021).stopped == 229


def test_the_days_of_a_week_by_what_they_were(closed: Portfolio) -> None:
    kinds = day_kinds(closed.investment("2"), closed, week_of(date(2020, 5, 26)))
    assert kinds == (Day.CLOSED, Day.CLOSED, *[Day.OPEN] * 5)
