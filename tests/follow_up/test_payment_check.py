"""The report of differences: the ladder's figure beside the actual one, and what may not be printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.payments import PaidCell, PaymentSums
from gevinst.economy.actual_cost import actual_costs
from gevinst.follow_up.payment_check import PaymentCheck, payment_check
from gevinst.parameters.book import national_book

BOOK = national_book()
# 200 full-time weeks at 4,000 gross and 2,200 net: the rate is 4,460 and the share 60 %, so 2,676.
CELL = PaidCell("sygedagpenge", 1, 2021, 200, Decimal(200), 20, Decimal(800_000), Decimal(360_000), Decimal(0),
                Decimal(440_000), ((30, 50, 7), (40, 140, 20), (None, 10, 3)), 40)


def check(*cells: PaidCell, unplaced: tuple[int, int, int] = (0, 0, 0), uncovered: int = 0) -> PaymentCheck:
    sums = PaymentSums(cells, unplaced[0], unplaced[1], Decimal(unplaced[2]), uncovered, ("yr.csv",))
    return payment_check(sums, actual_costs(sums, BOOK), BOOK, 5)


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
    few = check(replace(CELL, unpaid_weeks=3), unplaced=(9, 4, 500), uncovered=2)
    assert (few.rows[0].unpaid, few.unplaced_weeks, few.unplaced_net, few.uncovered_weeks) == (None, None, None, None)
    many = check(CELL, unplaced=(9, 5, 500), uncovered=7)
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
