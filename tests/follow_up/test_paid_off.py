"""What was spent beside what came back, and how probable it is that it was enough: against counting by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from gevinst.economy.saving import Saving
from gevinst.follow_up.effect_detail import Chance
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.paid_off import HeldAgainst, accounts, chances, held_against, net_by_year, years_with_result
from gevinst.follow_up.table import FollowUp, follow_up
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import national_book
from gevinst.register.business_case import Basis, Investment, Line, Portfolio, TargetGroup
from gevinst.weeks import week_of

MakeSaving = Callable[..., Saving]
P20 = PriceLevel(2020)
NET = {2020: [-100.0, -50.0, -150.0, -90.0, -200.0], 2021: [-300.0, -400.0, -100.0, -250.0, -350.0]}


def table(portfolio: Portfolio, invested: dict[int, int], basis: Basis = Basis.REALISED, level=CURRENT) -> FollowUp:
    rows = [
        Figure("1", Line.INVESTMENT, year, basis, Amount.dkk(dkk, level), "recorded") for year, dkk in invested.items()
    ]
    return follow_up(portfolio.investments[0], portfolio, rows, level)


def test_probabilities_are_shares_of_the_replicates(make_saving: MakeSaving) -> None:
    net = net_by_year(make_saving(NET), (2020, 2021))
    found = chances(net, HeldAgainst({2020: 100.0, 2021: 300.0}, {2020: -60.0, 2021: -300.0}))
    # 2020: of -50, -150, -90, -200 three reach -60 and two cover 100; 2021: two reach and two cover 300;
    # the sums -450, -250, -340, -550: two reach -360, two cover 400.
    assert found == (Chance(2020, 0.75, 0.5), Chance(2021, 0.5, 0.5), Chance(None, 0.5, 0.5))


def test_what_is_not_known_for_every_year_is_not_said_of_them_all(make_saving: MakeSaving) -> None:
    net = net_by_year(make_saving(NET), (2020, 2021))
    against = HeldAgainst({2021: 300.0}, {2020: -60.0})
    assert chances(net, against) == (Chance(2020, 0.75, None), Chance(2021, None, 0.5), Chance(None, None, None))
    assert [account.year for account in accounts(net, against)] == [2021]
    assert chances(net_by_year(make_saving({2020: [-5.0]}), (2020,)), against)[0].reaches_budget is None
    assert chances({}, against) == ()


def test_the_accounts_foot(make_saving: MakeSaving) -> None:
    net = net_by_year(make_saving(NET), (2020, 2021))
    first, second, whole = accounts(net, HeldAgainst({2020: 150.0, 2021: 350.0}, {}))
    assert (first.spent, second.spent, whole.spent) == (150.0, 350.0, 500.0)
    assert whole.saving.estimate == first.saving.estimate + second.saving.estimate == -400.0
    for account in (first, second, whole):
        assert account.net.estimate == account.saving.estimate + account.spent
        assert account.net.low == pytest.approx((account.saving.low or 0) + account.spent)
    assert whole.year is None


def test_only_complete_years_with_participants_or_money_count(portfolio: Portfolio, make_saving: MakeSaving) -> None:
    october = week_of(date(2021, 10, 31))
    spent = table(portfolio, {2020: 1000, 2021: 1000})
    assert years_with_result(make_saving(NET), spent, october) == (2020,)
    assert years_with_result(make_saving(NET), spent, week_of(date(2022, 1, 5))) == (2020, 2021)
    later = make_saving({2021: NET[2021]})
    assert years_with_result(later, spent, week_of(date(2022, 1, 5))) == (2020, 2021), "what was spent first counts"
    assert years_with_result(later, table(portfolio, {}), week_of(date(2022, 1, 5))) == (2021,)
    assert np.array_equal(net_by_year(later, (2020, 2021))[2020], np.zeros(5))


def test_the_budget_is_brought_to_current_prices_by_the_rate_of_the_benefit(
    investment: Investment, portfolio: Portfolio
) -> None:
    rows = table(portfolio, {2020: 310_000, 2021: 320_000})
    against = held_against(investment, rows, {}, (2020, 2021, 2022), national_book())
    assert against.spent == {2020: 310_000.0, 2021: 320_000.0}
    assert against.budget[2020] == -500_000, "2020 prices are the current prices of 2020"
    assert against.budget[2021] == pytest.approx(-500_000 * 1.0125)
    assert against.budget[2022] == pytest.approx(-500_000 * 1.0125 * 1.0012)
    assert {used.key for used in against.used} == {f"indices/ydelse-dagpenge-sygedagpenge/{y}" for y in (2021, 2022)}
    assert against.unconverted == ()


def test_a_budget_without_an_index_is_not_guessed(investment: Investment, portfolio: Portfolio) -> None:
    on_assistance = replace(investment, target_group=TargetGroup("ledige", "kontanthjaelp"))
    against = held_against(on_assistance, table(portfolio, {}), {}, (2020, 2021), national_book())
    assert against.budget == {2020: -500_000.0}
    assert against.unconverted == (2021,)


def test_what_was_spent_is_the_tables_result_else_what_was_computed(
    investment: Investment, portfolio: Portfolio
) -> None:
    computed = {year: Amount.dkk(Decimal(7), CURRENT) for year in (2020, 2021)}
    expected = table(portfolio, {2020: 100}, Basis.EXPECTED)
    assert held_against(investment, expected, computed, (2020,), national_book()).spent == {2020: 7.0}
    assert held_against(investment, expected, {}, (2020,), national_book()).spent == {}
    other_level = table(portfolio, {2020: 100}, level=P20)
    assert held_against(investment, other_level, computed, (2020,), national_book()).spent == {2020: 7.0}
