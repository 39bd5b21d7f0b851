"""Where the bridge's drivers come from: like stands beside like, and what few took part in is not told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gevinst.economy.repriced import at_prices_of
from gevinst.economy.valuation import weekly_price
from gevinst.follow_up.bridge import Bridge, Cause, Drivers, Missing
from gevinst.follow_up.bridge_drivers import Known, bridges_of, left_out, participation
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.delivery import delivery_counts, of_delivered
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.realised import computed_figures, outcomes, recorded_figures
from gevinst.follow_up.reconciliation import Delivered
from gevinst.follow_up.table import FollowUp, follow_up
from gevinst.money import CURRENT, Amount
from gevinst.parameters.book import national_book
from gevinst.parameters.local import local_prices
from gevinst.register.bundled import portfolio as bundled
from gevinst.register.business_case import Basis, HeadCount, ParticipantCount, Portfolio
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import week_of

KNOWN = Known(national_book())


@pytest.fixture
def norddjurs() -> Portfolio:
    return bundled("norddjurs-2020-2023")


def tables_of(portfolio: Portfolio) -> tuple[FollowUp, ...]:
    return tuple(follow_up(case, portfolio, outcomes(recorded_figures(case), ()), CURRENT)
                 for case in portfolio.investments)  # fmt: skip


def bridges(portfolio: Portfolio, known: Known = KNOWN) -> dict[tuple[str, int | None], Bridge]:
    cases = [CaseResult(case) for case in portfolio.investments]
    found = bridges_of(portfolio, cases, tables_of(portfolio), known)
    return {(one.investment, one.year): one for one in found}


def drivers(portfolio: Portfolio, investment: str, year: int, known: Known = KNOWN) -> Drivers:
    return bridges(portfolio, known)[investment, year].drivers[0]


def test_recorded_results_go_with_recorded_participants(norddjurs: Portfolio) -> None:
    found = drivers(norddjurs, "2", 2021)
    assert (found.planned, found.participants) == (Decimal(40), Decimal(30))
    assert found.at_planned_prices is None
    assert found.price_factor is None, "how the rates of kontanthjælp grew after 2018 is not known"
    assert drivers(norddjurs, "2", 2020).price_factor == 1, "p/l 2020 are 2020's own prices"
    assert drivers(norddjurs, "4", 2021).price_factor == Decimal("1.0125")
    assert drivers(norddjurs, "2", 2020).participants is None


def test_the_year_of_a_count_decides_whether_it_is_the_actual_or_the_expected_one(norddjurs: Portfolio) -> None:
    case = replace(norddjurs.investment("4"), participant_counts=(
        ParticipantCount(2021, None, Decimal(9), Decimal(12)),))  # fmt: skip
    told = {basis: participation(case, 2021, basis, computed=False, known=KNOWN) for basis in Basis}
    assert told[Basis.REALISED].actual == 9
    assert told[Basis.EXPECTED].actual == 12
    assert told[Basis.REALISED].planned == case.full_time_participants == 40


def test_a_case_that_is_counted_goes_with_the_mean_of_the_years_counts(norddjurs: Portfolio) -> None:
    counts = (HeadCount(date(2021, 5, 31), 7, 12), HeadCount(date(2021, 11, 30), 5, 12),
              HeadCount(date(2022, 1, 1), 9, 9))
    case = replace(norddjurs.investment("5"), head_counts=counts)
    told = participation(case, 2021, Basis.EXPECTED, computed=False, known=KNOWN)
    assert (told.actual, told.planned, told.few) == (Decimal(6), Decimal(12), False)
    few = replace(case, head_counts=(counts[0], HeadCount(date(2021, 11, 30), 3, 12)))
    told = participation(few, 2021, Basis.EXPECTED, computed=False, known=KNOWN)
    assert (told.actual, told.few) == (None, True)


def test_few_participants_give_no_step_that_would_tell_how_many(norddjurs: Portfolio) -> None:
    counts = (ParticipantCount(2021, Decimal(40), None, Decimal(4)),)
    few = replace(norddjurs, investments=tuple(replace(case, participant_counts=counts) if case.number == "4" else case
                                               for case in norddjurs.investments))  # fmt: skip
    found = bridges(few)["4", 2021]
    assert found.steps[Cause.VOLUME] is None
    assert found.unknown[Cause.VOLUME] == (("4", 2021, Missing.FEW),)
    told = replace(KNOWN, counts=Counts(rules=Rules(threshold=1)))
    assert bridges(few, told)["4", 2021].steps[Cause.VOLUME] is not None


def test_the_portfolio_is_the_sum_of_its_investments(norddjurs: Portfolio) -> None:
    found = bridges(norddjurs)
    assert found[PORTFOLIO, None].result == Amount.dkk(-10_529_000, CURRENT)
    assert left_out(tuple(found.values()), tables_of(norddjurs)) == ()
    for year in norddjurs.years:
        parts = [found[case.number, year] for case in norddjurs.investments]
        assert found[PORTFOLIO, year].budget.ore == sum(part.budget.ore for part in parts)
        rest = [part.steps[Cause.REST] for part in parts]
        whole = found[PORTFOLIO, year].steps[Cause.REST]
        assert whole is not None
        assert whole.ore == sum(one.ore for one in rest if one is not None)


def test_an_investment_without_a_result_is_named_and_years_with_nothing_but_a_stop_are_no_result(
    norddjurs: Portfolio,
) -> None:
    only_2020 = replace(norddjurs, investments=tuple(
        replace(case, recorded=tuple(row for row in case.recorded if row.year == 2020 and case.number != "5"))
        for case in norddjurs.investments))  # fmt: skip
    found = bridges(only_2020)
    assert [year for who, year in found if who == PORTFOLIO] == [2020, None]
    assert [year for who, year in found if who == "1"] == [2020, 2022, 2023, None]
    assert left_out(tuple(found.values()), tables_of(only_2020)) == (("5", 2020),)
    assert bridges(replace(only_2020, investments=())) == {}


def test_partly_closed_weeks_count_as_is_assumed(norddjurs: Portfolio) -> None:
    open_, half, closed = (
        bridges(norddjurs, replace(KNOWN, partial_open=Decimal(part)))["3", 2020].steps[Cause.TIMING]
        for part in ("1", "0.5", "0")
    )
    assert open_ == Amount.zero(CURRENT)
    assert half == Amount.dkk(1_555_000, CURRENT).scaled(Decimal("51.5") / 371)
    assert closed == Amount.dkk(1_555_000, CURRENT).scaled(Decimal(103) / 371)


def test_a_computed_result_is_told_apart_with_nothing_left(
    case: CaseResult, portfolio: Portfolio, duckdb_tables: PersonTables
) -> None:
    """Full-time participants are the delivered weeks over the year's; the effect is at the rates of 2020."""
    assert case.saving is not None
    assert case.effect is not None
    investment = replace(case.investment, full_time_participants=Decimal(30))
    figures = computed_figures(investment, case.saving.by_year, case.spent, week_of(date(2022, 6, 30)), "m", "p")
    table = follow_up(investment, portfolio, figures, CURRENT)
    delivered = {"jobnet": Delivered({2020: 583, 2021: 1_040}, {2020: 60, 2021: 60})}
    prices = duckdb_tables.other("prices")
    assert prices is not None
    book = national_book().with_prices(local_prices(duckdb_tables.backend.to_arrow(prices), "prices"))
    counts = delivery_counts([of_delivered(portfolio, delivered)], Rules(), (), secondary=True)
    known = Known(book, delivered, counts=counts)
    found = bridges_of(portfolio, [replace(case, investment=investment)], [table], known)
    in_2021 = next(one for one in found if (one.investment, one.year) == ("1", 2021))
    assert not in_2021.unknown
    assert in_2021.steps[Cause.REST] == Amount.zero(CURRENT)
    one = in_2021.drivers[0]
    assert (one.planned, one.participants) == (Decimal(30), Decimal(20))
    effect, y = case.effect, case.effect.years.index(2021)
    at_2020 = 0.0
    for c, (benefit, step) in enumerate(effect.cells):
        weeks = float(effect.actual_weeks[0, y, c] - effect.counterfactual_weeks[0, y, c])
        at_2020 += weeks * weekly_price(benefit, max(step, 0), 2020, book).dkk
    assert one.at_planned_prices == Amount.from_estimate(round(at_2020, -3), portfolio.price_level)
    price = in_2021.steps[Cause.PRICE]
    assert price is not None
    assert 0 < abs(price.ore) < abs(one.result_saving.ore) // 20, "rates grew by 1.25 per cent"
    in_2020 = next(one for one in found if (one.investment, one.year) == ("1", 2020))
    assert in_2020.drivers[0].participants == 11, "583 weeks of 53"
    delivered = {"jobnet": Delivered({2021: 30}, {2021: 3})}
    counts = delivery_counts([of_delivered(portfolio, delivered)], Rules(), (), secondary=True)
    few = replace(known, delivered=delivered, counts=counts)
    hidden = bridges_of(portfolio, [replace(case, investment=investment)], [table], few)[1]
    assert hidden.unknown[Cause.VOLUME] == (("1", 2021, Missing.FEW),)
    unknown = bridges_of(portfolio, [replace(case, investment=investment)], [table], Known(book))[1]
    assert unknown.unknown[Cause.VOLUME] == (("1", 2021, Missing.PARTICIPANTS),)


def test_a_benefit_without_a_price_in_the_plans_year_has_no_effect_at_its_prices(case: CaseResult) -> None:
    assert case.effect is not None
    assert case.saving is not None
    assert at_prices_of(case.effect, case.saving, 2021, 1995, national_book()) is None
