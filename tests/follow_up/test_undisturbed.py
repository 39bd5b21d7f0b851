"""Undisturbed operation against sums made by hand, and its interval against the replicates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from gevinst.curves.intake import Intake, intake
from gevinst.economy.saving import Saving
from gevinst.effects.replicates import weights
from gevinst.follow_up.bridge_drivers import Known
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.exposure import Day
from gevinst.follow_up.realised import outcomes, recorded_figures
from gevinst.follow_up.table import FollowUp, follow_up
from gevinst.follow_up.undisturbed import Persons, clock, computed_rows, paces, recorded_rows
from gevinst.follow_up.valued import Valued
from gevinst.money import CURRENT, Amount
from gevinst.parameters.book import national_book
from gevinst.register.bundled import portfolio as bundled
from gevinst.register.business_case import Investment, Portfolio, Supplier, Suspension
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import first_week, week_of

KNOWN = Known(national_book())


@pytest.fixture
def norddjurs() -> Portfolio:
    return bundled("norddjurs-2020-2023")


def table_of(case: Investment, portfolio: Portfolio) -> FollowUp:
    return follow_up(case, portfolio, outcomes(recorded_figures(case), ()), CURRENT)


def test_a_recorded_year_is_scaled_by_its_open_share_and_stands_beside_what_happened(norddjurs: Portfolio) -> None:
    """Investment 4 in 2020: 22 full-time persons and -173,000 in 268 open and 103 partly closed days of 371."""
    case = norddjurs.investment("4")
    in_2020, in_2021 = recorded_rows(case, table_of(case, norddjurs), norddjurs, KNOWN)
    assert (in_2020.year, in_2021.year) == (2020, 2021)
    half_open = Decimal(268 + Decimal("51.5")) / 371
    assert in_2020.saving == Amount.dkk(-173_000, CURRENT)
    assert in_2020.undisturbed_saving == Amount.dkk(-173_000, CURRENT).scaled(1 / half_open)
    assert in_2020.low == in_2020.saving, "partly closed weeks taken as open"
    assert in_2020.high == Amount.dkk(-173_000, CURRENT).scaled(Decimal(371) / 268)
    assert in_2020.participants == 22
    assert in_2020.undisturbed_participants == pytest.approx(Decimal(22) / half_open)
    assert in_2020.cost == in_2020.undisturbed_cost == Amount.dkk(250_000, CURRENT), "a fixed cost stays"
    assert not in_2020.cost_follows


def test_a_cost_that_follows_the_participants_is_scaled_too(norddjurs: Portfolio) -> None:
    case = replace(norddjurs.investment("4"), supplier=Supplier("L", pay_by_results=True))
    row, _ = recorded_rows(case, table_of(case, norddjurs), norddjurs, replace(KNOWN, partial_open=Decimal(0)))
    assert row.cost_follows
    assert row.undisturbed_cost == Amount.dkk(250_000, CURRENT).scaled(Decimal(371) / 268)


def test_years_without_closed_weeks_have_no_row_and_the_time_after_a_stop_is_never_filled(norddjurs: Portfolio) -> None:
    case = norddjurs.investment("1")
    _, in_2021 = recorded_rows(case, table_of(case, norddjurs), norddjurs, KNOWN)
    assert in_2021.exposure.stopped == 229
    assert in_2021.high == Amount.dkk(-123_000, CURRENT).scaled(Decimal(135) / 33), "the 135 days before the stop"
    calm = replace(norddjurs, suspensions=())
    assert recorded_rows(case, table_of(case, calm), calm, KNOWN) == ()


def test_a_year_that_was_closed_throughout_has_no_undisturbed_figure(norddjurs: Portfolio) -> None:
    shut = replace(norddjurs, suspensions=(Suspension(date(2019, 12, 1), date(2021, 1, 31)),))
    case = shut.investment("4")
    assert [row.year for row in recorded_rows(case, table_of(case, shut), shut, KNOWN)] == [2021]


def _persons(by_week: dict[int, int], drawn: np.typing.NDArray[np.float64], horizon: int) -> Persons:
    first = min(by_week)
    starts = np.zeros((200, horizon - first + 1))
    for week, count in by_week.items():
        starts[week % 200, week - first] = count
    return Persons(Intake(first, starts), drawn, horizon)


def test_closed_weeks_are_given_the_pace_of_the_open_ones_and_weighted_by_the_weeks_left(norddjurs: Portfolio) -> None:
    """Two start in each of the 53 weeks of 2020 but the four of June. From week s, the first one 0, 53 - s are left."""
    june = Suspension(date(2020, 6, 1), date(2020, 6, 28))  # weeks 23-26, places 22-25
    portfolio = replace(norddjurs, suspensions=(june,))
    start = first_week(2020)
    by_week = {start + at: 2 for at in range(53) if at not in range(22, 26)}
    persons = _persons(by_week, weights(0, 1), week_of(date(2021, 6, 30)))
    found = paces(portfolio.investment("3"), portfolio, persons)
    assert found.undisturbed[0, :53].sum() == 106
    left = sum(53 - at for at in range(53))
    lost = sum(53 - at for at in range(22, 26))
    assert found.factor(2020, 208, persons.data_horizon)[0] == pytest.approx(left / (left - lost))
    in_2021 = persons.data_horizon - first_week(2021) + 1  # every start of 2020 is followed in all weeks of 2021
    assert in_2021 == 26
    assert found.factor(2021, 208, persons.data_horizon)[0] == pytest.approx(106 / 98)
    assert found.factor(2020, 0, persons.data_horizon)[0] == pytest.approx(53 / 49), "only the week of the start"
    assert found.told(2020, 5) == 2.0


def test_a_pace_that_would_tell_of_few_is_not_told(norddjurs: Portfolio) -> None:
    case, start = norddjurs.investment("3"), first_week(2020)
    horizon = week_of(date(2021, 6, 30))
    some = _persons({start: 40, start + 60: 3}, weights(0, 1), horizon)
    assert paces(case, norddjurs, some).told(2020, 5) is None, "three in 2021 could be taken from the sum"
    few_in_closed = _persons({start: 40, week_of(date(2020, 4, 1)): 2}, weights(0, 1), horizon)
    assert paces(case, norddjurs, few_in_closed).told(2020, 5) is None


@pytest.fixture
def closed_spring(portfolio: Portfolio) -> Portfolio:
    """The small register's portfolio with ten closed weeks in 2021."""
    return replace(portfolio, suspensions=(Suspension(date(2021, 1, 4), date(2021, 3, 14)),))


def test_the_interval_is_that_of_saving_and_pace_together(
    case: CaseResult, closed_spring: Portfolio, duckdb_tables: PersonTables, make_saving: Callable[..., Saving],
    valued: Valued,
) -> None:  # fmt: skip
    drawn = weights(200, 20200101)
    starts = intake(duckdb_tables, "jobnet")
    assert starts is not None
    persons = Persons(starts, drawn, duckdb_tables.data_horizon)
    rows = computed_rows(case, closed_spring, persons, KNOWN, 1)
    assert [row.year for row in rows] == [2021, 2022]
    assert case.effect is not None
    assert case.saving is not None
    pace, covered = paces(case.investment, closed_spring, persons), case.effect.covered_weeks
    factor = pace.factor(2021, covered, persons.data_horizon)
    net = case.saving.net[:, case.saving.years.index(2021)] * factor
    assert rows[0].undisturbed_saving == Amount.from_estimate(float(net[0]), CURRENT)
    low, high = np.quantile(net[1:], [0.025, 0.975])
    assert rows[0].low == Amount.from_estimate(float(low), CURRENT)
    assert rows[0].high == Amount.from_estimate(float(high), CURRENT)
    assert rows[0].cost == rows[0].undisturbed_cost == Amount.dkk(300_000, CURRENT)
    assert rows[0].exposure.weeks(Day.CLOSED) == 10
    assert computed_rows(case, closed_spring, persons, KNOWN, 10**6) == (), "too few for a figure to be told"


def test_the_clock_has_every_investment_and_year(norddjurs: Portfolio) -> None:
    cases = tuple(CaseResult(one) for one in norddjurs.investments)
    tables = tuple(table_of(one, norddjurs) for one in norddjurs.investments)
    found = clock(norddjurs, cases, tables, KNOWN)
    assert [(one.investment, one.year) for one in found.exposures] == [
        (str(number), year) for number in range(1, 6) for year in range(2020, 2024)
    ]
    assert [(row.investment, row.year) for row in found.rows] == [
        (str(number), year) for number in range(1, 6) for year in (2020, 2021)
    ]
