"""The ledger beside budget and delivery, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gevinst.curves.ledger_sums import LedgerSum
from gevinst.follow_up.disclosure.delivery import ledger_shown, of_delivery
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.released import Released
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.ledger_alarms import alarms
from gevinst.follow_up.reconciliation import Delivered, Known, LedgerCheck, LedgerYear, reconcile
from gevinst.language import LANGUAGES, speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import ParameterBook, national_book
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    FollowedBy,
    Investment,
    Line,
    Portfolio,
    RecordedFigure,
    TargetGroup,
)
from gevinst.register.ledger_rules import LedgerTerms

P20 = PriceLevel(2020)
RUN, REFUND, BUILD = "5.68.90-1-1-001-5.2", "5.68.90-2-1-001-8.6", "5.68.90-3-1-001"
Row = tuple[str, str, int, int]  # investment, account, year, kroner


def budget(*rows: tuple[int, int], level: PriceLevel = CURRENT) -> tuple[BudgetYear, ...]:
    return tuple(BudgetYear(year, Amount.dkk(amount, level), Amount.dkk(0, level)) for year, amount in rows)


def case(**further: Any) -> Investment:
    """A case that pays 1.000 kr. for each delivered week, with 100.000 kr. in each of two years."""
    usual = Investment("1", "jobnet", "Jobnet", TargetGroup("ledige", "a-dagpenge"),
                       budget=budget((2020, 100_000), (2021, 100_000)),
                       dkk_per_participant_week=Amount.dkk(1000, CURRENT))
    return replace(usual, **further)


def check(rows: list[Row], weeks: Mapping[int, int] | None = None, *, investment: Investment | None = None,
          persons: Mapping[int, int] | None = None, last: int = 2021, terms: LedgerTerms | None = None,
          rules: Rules | None = None, book: ParameterBook | None = None,
          repeated: tuple[int, int] = (0, 0)) -> LedgerCheck:
    one = investment or case()
    portfolio = Portfolio("p", "Prøve", "Prøveby", (2020, 2021), CURRENT, (one,))
    sums = [LedgerSum(key, account, year, 1, amount * 100) for key, account, year, amount in rows]
    delivered = None if weeks is None else {one.key: Delivered(weeks, persons or dict.fromkeys(weeks, 20))}
    known = Known(delivered, last, book or national_book(), terms or LedgerTerms())
    found = reconcile(portfolio, sums, known, repeated)
    return found if rules is None else shown(found, rules)


def shown(found: LedgerCheck, rules: Rules, *earlier: Released) -> LedgerCheck:
    """The reconciliation as it may be printed."""
    told = ledger_shown(found, disclose({}, rules, earlier=earlier, further=[of_delivery(found)]).counts)
    assert told is not None
    return told


def kroner(amount: Amount | None) -> Decimal | None:
    return None if amount is None else amount.in_dkk


def codes(found: LedgerCheck) -> list[tuple[str, int | None]]:
    return [(one.code.removeprefix("ledger.alarm-"), one.year) for one in alarms(found)]


def year(found: LedgerCheck, wanted: int) -> LedgerYear:
    return next(one for one in found.cases[0].years if one.year == wanted)


def test_a_ledger_in_order() -> None:
    found = check([("jobnet", RUN, 2020, 90_000), ("jobnet", REFUND, 2020, -30_000), ("jobnet", "", 2020, 5_000),
                   ("jobnet", BUILD, 2020, 1_000), ("jobnet", RUN, 2021, 80_000),
                   ("-", RUN, 2020, 7_000)], {2020: 95, 2021: 82})
    first = year(found, 2020)
    assert [kroner(one) for one in (first.running, first.refund, first.other, first.net, first.paid)] == [
        90_000, -30_000, 6_000, 66_000, 96_000]
    assert [kroner(one) for one in (first.budget, first.net_less_budget, first.value, first.paid_less_delivered)] == [
        100_000, -34_000, 95_000, 1_000]
    assert kroner(first.unit_price) == Decimal("1010.53")  # 96.000 / 95 = 1.010,526…
    whole = found.cases[0].whole
    assert [kroner(one) for one in (whole.net, whole.budget, whole.value, whole.paid_less_delivered)] == [
        146_000, 200_000, 177_000, -1_000]
    assert (whole.weeks, whole.postings) == (177, 5)
    assert [(part.rows, kroner(part.amount)) for part in (
        found.matched, found.ruled_out, found.unmatched, found.unknown, found.ledger)] == [
        (5, 146_000), (1, 7_000), (0, 0), (0, 0), (6, 153_000)]
    assert codes(found) == []


@pytest.mark.parametrize(("rows", "weeks", "expected"), [
    # paid for a year in which nobody took part; and then also more than what was delivered in all
    ([("jobnet", RUN, 2020, 50_000), ("jobnet", RUN, 2021, 50_000)], {2021: 50},
     [("nothing-delivered", 2020), ("paid-not-delivered", None)]),
    ([("jobnet", RUN, 2020, 50_000)], {}, [("nothing-delivered", 2020)]),
    ([("jobnet", RUN, 2020, 1_000)], {}, []),
    ([("jobnet", RUN, 2020, 50_000)], {2020: 50, 2021: 40}, [("nothing-paid", 2021), ("delivered-not-paid", None)]),
    # eleven per cent too dear, and ten
    ([("jobnet", RUN, 2020, 55_550), ("jobnet", RUN, 2021, 50_000)], {2020: 50, 2021: 50}, [("unit-price", 2020)]),
    ([("jobnet", RUN, 2020, 55_000), ("jobnet", RUN, 2021, 50_000)], {2020: 50, 2021: 50}, []),
    ([("jobnet", RUN, 2020, 65_000), ("jobnet", RUN, 2021, 50_000)], {2020: 50, 2021: 50},
     [("unit-price", 2020), ("paid-not-delivered", None)]),
    # an invoice over the new year: told in the years, evened out in all of them
    ([("jobnet", RUN, 2020, 30_000), ("jobnet", RUN, 2021, 70_000)], {2020: 50, 2021: 50},
     [("unit-price", 2020), ("unit-price", 2021)]),
    # a deviation of many per cent but few kroner
    ([("jobnet", RUN, 2020, 2_000), ("jobnet", RUN, 2021, 1_000)], {2020: 1, 2021: 1}, []),
    ([("jobnet", RUN, 2020, 120_000)], {2020: 120}, [("over-budget", 2020)]),
    ([("jobnet", RUN, 2020, 120_000), ("jobnet", REFUND, 2020, -15_000)], {2020: 120}, []),
    ([("jobnet", RUN, 2019, 10), ("jobnet", RUN, 2022, 10)], None, [("outside-case", 2019), ("outside-case", 2022)]),
    ([("jobnet", REFUND, 2020, 500)], None, [("refund-is-expenditure", 2020)]),
    ([("jobnet", RUN, 2020, -500)], None, [("running-is-income", 2020)]),
    ([("", RUN, 2020, 500), ("", RUN, 2020, -500)], None, [("unmatched", None)]),
    ([("net", RUN, 2020, 500)], None, [("unknown-investment", None)]),
    ([("-", RUN, 2020, 500)], None, []),
])
def test_alarms(rows: list[Row], weeks: dict[int, int] | None, expected: list[tuple[str, int | None]]) -> None:
    assert codes(check(rows, weeks)) == expected


def recorded(amount: int, basis: Basis = Basis.REALISED, level: PriceLevel = CURRENT) -> Investment:
    """A case of which a cost was typed in for 2020."""
    return case(recorded=(RecordedFigure(2020, Line.INVESTMENT, basis, Amount.dkk(amount, level), "Fasit",
                                         date(2021, 3, 1)),))


@pytest.mark.parametrize(("investment", "differs"), [
    (recorded(70_000), True), (recorded(130_000), True), (recorded(95_000), False),
    (recorded(82_000), False), (recorded(81_000), True),  # 8.000 is under ten per cent of 82.000; 9.000 over of 81.000
    (recorded(70_000, Basis.EXPECTED), False), (recorded(70_000, level=PriceLevel(2018)), False),
    (recorded(70_000, level=P20), True),
])
def test_what_was_typed_in_as_the_result_is_held_against_what_was_posted(
    investment: Investment, *, differs: bool
) -> None:
    rows = [("jobnet", RUN, 2020, 100_000), ("jobnet", REFUND, 2020, -10_000)]
    assert codes(check(rows, investment=investment)) == [("recorded-differs", 2020)] * differs


def test_a_result_is_not_held_against_a_ledger_without_postings_and_the_alarm_names_both() -> None:
    assert codes(check([("jobnet", RUN, 2021, 50_000)], investment=recorded(5_100_000))) == []
    (one,) = alarms(check([("jobnet", RUN, 2020, 100_000)], investment=recorded(5_100_000)))
    for language, said in (("da", "indberettet en udgift på 5.100.000 kr., men der er bogført 100.000 kr. netto"),
                           ("en", "DKK 5,100,000 was recorded as the result, but DKK 100,000 net was posted")):
        with speaking(language):
            assert said in one.what
            assert one.do


def test_a_year_that_is_not_complete_is_not_judged_by_its_delivery() -> None:
    rows = [("jobnet", RUN, 2020, 50_000), ("jobnet", RUN, 2021, 90_000)]
    assert codes(check(rows, {2020: 50, 2021: 20}, last=2020)) == []
    assert codes(check(rows, {2020: 50, 2021: 20}, last=2021)) != []


def test_limits_are_the_terms() -> None:
    rows, weeks = [("jobnet", RUN, 2020, 55_000), ("jobnet", RUN, 2021, 50_000)], {2020: 50, 2021: 50}
    assert codes(check(rows, weeks, terms=LedgerTerms(Decimal("9.9")))) == [("unit-price", 2020)]
    assert codes(check(rows, weeks, terms=LedgerTerms(Decimal("9.9"), Decimal(5000)))) == []


def test_without_a_price_only_what_needs_none_is_told() -> None:
    for price in (None, Amount.dkk(1000, P20)):
        found = check([("jobnet", RUN, 2020, 90_000), ("jobnet", RUN, 2021, 9_000)], {2020: 10},
                      investment=case(dkk_per_participant_week=price))
        assert found.cases[0].price is None
        assert year(found, 2020).value is None
        assert kroner(year(found, 2020).unit_price) == 9_000
        assert codes(found) == [("nothing-delivered", 2021)]


def test_a_price_of_nothing_divides_nothing() -> None:
    free = case(dkk_per_participant_week=Amount.dkk(0, CURRENT))
    assert codes(check([("jobnet", RUN, 2020, 90_000)], {2020: 10}, investment=free)) == []


def test_head_counts_are_not_judged_by_weeks() -> None:
    counted = case(followed_by=FollowedBy.HEAD_COUNT)
    found = check([("jobnet", RUN, 2020, 90_000)], {}, investment=counted)
    assert (codes(found), found.cases[0].whole.weeks) == ([], None)


def test_a_budget_at_another_price_level_needs_an_index() -> None:
    old = case(budget=budget((2020, 100_000), (2023, 100_000), level=P20))
    found = check([("jobnet", RUN, 2023, 200_000)], investment=old)
    assert [kroner(one.budget) for one in found.cases[0].years] == [100_000, None]
    assert (found.cases[0].whole.budget, kroner(found.cases[0].whole.adopted)) == (None, 200_000)
    assert codes(found) == []
    unknown = check([("jobnet", RUN, 2023, 200_000)], investment=old, terms=LedgerTerms(budget_index="kl-pl"))
    assert year(unknown, 2023).budget is None
    book = national_book()
    level = PriceLevel(2022)
    newer = case(budget=budget((2023, 100_000), level=level))
    index = book.index("satsreguleringsprocent")
    found = check([("jobnet", RUN, 2023, 200_000)], investment=newer,
                  terms=LedgerTerms(budget_index="satsreguleringsprocent"), book=book)
    pct = index.into(2023, None).multiplier
    assert kroner(year(found, 2023).budget) == 100_000 * pct
    assert codes(found) == [("over-budget", 2023)]


def test_weeks_of_few_persons_are_not_printed_nor_given_away_by_a_sum() -> None:
    rows = [("jobnet", RUN, 2020, 90_000), ("jobnet", RUN, 2021, 50_000)]
    found = check(rows, {2020: 10, 2021: 50}, persons={2020: 4, 2021: 5}, rules=Rules())
    first, second, whole = year(found, 2020), year(found, 2021), found.cases[0].whole
    assert (first.weeks, first.value, first.unit_price, first.few) == (None, None, None, True)
    assert (second.weeks, whole.weeks, whole.value, whole.few) == (50, None, None, True)
    assert codes(found) == []
    exact = check(rows, {2020: 10, 2021: 50}, persons={2020: 4, 2021: 5})
    assert codes(exact) == [("unit-price", 2020), ("paid-not-delivered", None)]
    assert shown(exact, Rules(threshold=1)).cases[0].whole.weeks == 60
    assert [year.persons for year in found.cases[0].years] == [None, None]


def test_weeks_that_a_few_have_been_added_to_are_not_had_from_two_editions() -> None:
    rows = [("jobnet", RUN, 2020, 90_000), ("jobnet", RUN, 2021, 50_000)]
    first = check(rows, {2020: 100, 2021: 50})
    released = disclose({}, Rules(), further=[of_delivery(first)]).released
    assert dict(released.counts) == {
        "1/delivered/2020": 100, "1/delivered/2021": 50, "1/delivered/all": 150}
    second = shown(check(rows, {2020: 103, 2021: 90}), Rules(), released)
    assert [one.weeks for one in (*second.cases[0].years, second.cases[0].whole)].count(None) >= 2
    assert year(second, 2020).weeks is None
    again = shown(check(rows, {2020: 100, 2021: 90}), Rules(), released)
    assert [one.weeks for one in (*again.cases[0].years, again.cases[0].whole)] == [100, 90, 190]


def test_what_belongs_to_no_investment_is_listed_by_account() -> None:
    found = check([("", RUN, 2020, 500), ("", RUN, 2021, 600), ("", "", 2020, -2_000), ("net", RUN, 2020, 3_000)])
    assert [(one.investment, one.account, one.tally.rows, kroner(one.tally.amount), one.years)
            for one in found.loose] == [
        ("net", RUN, 1, 3_000, (2020,)), ("", "", 1, -2_000, (2020,)), ("", RUN, 2, 1_100, (2020, 2021))]


def test_without_participants_data_nothing_is_said_of_delivery() -> None:
    found = check([("jobnet", RUN, 2020, 90_000)])
    assert not found.delivery_known
    assert year(found, 2020).weeks is None
    assert codes(found) == []


def test_an_export_that_is_there_twice_is_told() -> None:
    rows: list[Row] = [("jobnet", RUN, 2020, 1)] * 20
    assert codes(check(rows, repeated=(2, 200))) == []
    assert codes(check(rows, repeated=(3, 300))) == [("repeated", None)]


def test_every_alarm_can_be_said() -> None:
    found = check([("jobnet", RUN, 2020, 500_000), ("jobnet", REFUND, 2019, 7), ("jobnet", RUN, 2021, -5_000),
                   ("", RUN, 2020, 1), ("net", RUN, 2020, 1)], {2020: 3, 2021: 1}, repeated=(3, 1))
    few = check([("jobnet", RUN, 2020, 10_000)], {2020: 300})
    none = check([("jobnet", RUN, 2020, 10_000)], {2021: 300})
    said = {one.code for part in (found, few, none) for one in alarms(part)}
    assert len(said) == 12
    for language in LANGUAGES:
        with speaking(language):
            texts = [text for part in (found, few, none) for one in alarms(part) for text in (one.what, one.do)]
    assert not [text for text in texts if "{" in text or not text.endswith(".")]
    with speaking("da"):
        price = next(one for one in alarms(found) if one.code == "ledger.alarm-unit-price")
        assert "166.667 kr. mod aftalt 1.000 kr. (+16.566,7 %)" in price.what


def test_years_do_not_depend_on_the_order_of_the_ledger() -> None:
    rows: list[Row] = [("jobnet", RUN, 2020, 1), ("jobnet", REFUND, 2021, 2), ("", RUN, 2020, 3), ("x", RUN, 2020, 3)]
    assert check(rows) == check(rows[::-1])
