"""The report of differences: the ladder's figure beside the actual one, and what may not be printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.payments import PaidCell, PaymentSums
from gevinst.economy.actual_cost import actual_costs
from gevinst.follow_up.disclosure.disclose import Disclosed, disclose
from gevinst.follow_up.disclosure.payments import of_payments, row_key
from gevinst.follow_up.disclosure.released import Released
from gevinst.follow_up.disclosure.rules import Rules, rules_of
from gevinst.follow_up.payment_check import PaymentCheck, payment_check
from gevinst.parameters.book import national_book

BOOK = national_book()
RULES = Rules()
# 200 full-time weeks at 4,000 gross and 2,200 net: the rate is 4,460 and the share 60 %, so 2,676.
CELL = PaidCell("sygedagpenge", 1, 2021, 200, Decimal(200), 20, Decimal(800_000), Decimal(360_000), Decimal(0),
                Decimal(440_000), ((30, 50, 7), (40, 140, 20), (None, 10, 6)), 40, 8)


def check(
    *cells: PaidCell, unplaced: tuple[int, int, int] = (0, 0, 0), uncovered: tuple[int, int] = (0, 0),
    rules: Rules = RULES, earlier: tuple[Released, ...] = (),
) -> PaymentCheck:
    sums = PaymentSums(cells, unplaced[0], unplaced[1], Decimal(unplaced[2]), *uncovered, ("yr.csv",))
    return payment_check(sums, actual_costs(sums, BOOK), BOOK, told(sums, rules, earlier).counts)


def told(sums: PaymentSums, rules: Rules = RULES, earlier: tuple[Released, ...] = ()) -> Disclosed:
    return disclose({}, rules, earlier=earlier, further=[of_payments(sums, BOOK, rules)])


def test_the_difference_is_actual_less_ladder() -> None:
    (row,) = check(CELL).rows
    assert (row.benefit, row.step, row.year, row.weeks, row.used) == ("sygedagpenge", 1, 2021, 200, True)
    assert (row.ladder_gross, row.ladder_net, row.actual_gross, row.actual_net) == (4460, 2676, 4000, 2200)
    assert row.difference == -476
    assert (row.other_rate, row.unpaid) == (50, 40)
    whole = check(CELL, replace(CELL, step=2))
    assert (whole.paid_weeks, whole.unpaid_weeks, whole.unpaid_share) == (400, 80, pytest.approx(1 / 6))


def test_where_the_ladder_has_no_figure_there_is_no_difference() -> None:
    (row,) = check(replace(CELL, benefit="ressourceforloeb")).rows
    assert (row.ladder_gross, row.ladder_net, row.difference, row.actual_net) == (None, None, None, 2200)
    (row,) = check(replace(CELL, benefit="fleksydelse", step=OUTSIDE_LADDER)).rows
    assert (row.step, row.other_rate) == (None, None)


def test_few_persons_are_not_shown() -> None:
    found = check(CELL, replace(CELL, step=2, persons=4))
    assert (len(found.rows), found.hidden) == (1, 1)
    rates = ((30, 9, 4), (40, 190, 20))
    assert check(replace(CELL, by_rate=rates)).rows[0].other_rate is None
    assert check(replace(CELL, by_rate=((40, 200, 20),))).rows[0].other_rate == 0
    few = check(replace(CELL, unpaid_weeks=30, unpaid_persons=4), unplaced=(9, 4, 500), uncovered=(60, 2))
    assert (few.rows[0].unpaid, few.unplaced_weeks, few.unplaced_net, few.uncovered_weeks) == (None, None, None, None)
    many = check(CELL, unplaced=(9, 5, 500), uncovered=(7, 5))
    assert (many.unplaced_weeks, many.unplaced_net, many.uncovered_weeks) == (9, 500, 7)


def test_a_cell_below_the_minimum_is_shown_but_not_used() -> None:
    found = check(replace(CELL, persons=6))
    assert not found.rows[0].used
    assert (found.minimum_weeks, found.minimum_persons) == (100, 10)


def test_rows_stand_in_the_order_of_benefit_year_and_step() -> None:
    cells = [replace(CELL, step=step, year=year, benefit=benefit) for step in (2, 0) for year in (2021, 2020)
             for benefit in ("sygedagpenge", "a-dagpenge")]
    assert [(row.benefit, row.year, row.step) for row in check(*cells).rows] == sorted(
        (cell.benefit, cell.year, cell.step) for cell in cells)


def sums_of(*cells: PaidCell) -> PaymentSums:
    return PaymentSums(cells, 0, 0, Decimal(0), 0, 0, ())


def test_a_hidden_row_cannot_be_had_from_the_total() -> None:
    few = replace(CELL, step=2, persons=4, person_weeks=30, unpaid_weeks=0, unpaid_persons=0)
    found = check(CELL, few)
    assert [row.step for row in found.rows] == [1]
    assert found.rows[0].weeks == 200
    assert found.paid_weeks is None
    assert found.unpaid_share is None
    assert found.unpaid_weeks == 40


def test_the_weeks_that_are_left_of_a_row_are_not_of_few_either() -> None:
    (row,) = check(replace(CELL, by_rate=((30, 195, 20), (40, 5, 1)))).rows
    assert (row.weeks, row.other_rate) == (200, None)


def test_weeks_without_payment_of_few_are_not_had_from_their_total() -> None:
    others = [replace(CELL, step=2), replace(CELL, step=3)]
    found = check(replace(CELL, unpaid_weeks=60, unpaid_persons=3), *others)
    assert [row.unpaid for row in found.rows] in ([None, None, 40], [None, 40, None])
    assert found.unpaid_weeks == 140


def test_under_stricter_rules_a_row_that_two_could_dominate_is_hidden() -> None:
    few_weeks = replace(CELL, persons=12, person_weeks=40, by_rate=((40, 40, 12),))
    assert check(few_weeks).rows
    assert not check(few_weeks, rules=rules_of("acro")).rows


def test_weeks_that_grew_by_what_few_can_have_are_hidden_in_the_next_edition() -> None:
    first = told(sums_of(CELL)).released
    assert first.counts[row_key(CELL)] == 200
    for more, shown in ((0, 200), (60, None), (200, 400)):
        later = replace(CELL, person_weeks=200 + more, by_rate=((40, 150 + more, 20), (30, 50, 7)))
        (row,) = check(later, earlier=(first,)).rows
        assert row.weeks == shown, f"{more} weeks on this step can be of {more // 22 + 1} persons"
        assert row.actual_net == pytest.approx(2200)
