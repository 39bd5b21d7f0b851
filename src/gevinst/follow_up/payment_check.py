"""The ladder held against the payments: what a week costs by law and rate, and what it did cost.

The report of differences is the check of the refund clock and of the rates: where the clock stands right and the rate
is the average, actual and ladder agree. Cells of few persons are left out, for a mean of few shows what each of them
got; which weeks may be printed is decided with all other counts (`disclosure.payments`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.payments import PaidCell, PaymentSums
from gevinst.economy.actual_cost import ActualCosts, net_per_week, per_week
from gevinst.economy.valuation import PriceTable, price_table
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.follow_up.disclosure.payments import PAID, UNCOVERED, UNPAID, UNPLACED, other_rate, row_key
from gevinst.parameters.book import ParameterBook

STEPS = (0, 1, 2, 3)


@dataclass(frozen=True)
class PaymentRow:
    """One benefit, step of the ladder and year. DKK per full-time week, in the year's own prices.

    `step` is 0-3, None for a benefit that is not on the ladder. `ladder_gross` and `ladder_net` are None where there
    is no rate or no known share; `other_rate` counts the person-weeks whose refund was another than the step's, and
    `unpaid` the weeks on the benefit without a payment. Weeks are None where they may not be printed, or are not known.
    `used` says that the actual cost is the price in this edition.
    """

    benefit: str
    step: int | None
    year: int
    weeks: int | None
    ladder_gross: float | None
    ladder_net: float | None
    actual_gross: float
    actual_net: float
    other_rate: int | None
    unpaid: int | None
    used: bool

    @property
    def difference(self) -> float | None:
        """Actual less ladder, net; None where the ladder has no figure."""
        return None if self.ladder_net is None else self.actual_net - self.ladder_net


@dataclass(frozen=True)
class PaymentCheck:
    """The rows in order of benefit, year and step, and what is in none of them.

    `hidden` cells have too few persons to be printed. `paid_weeks` and `unpaid_weeks` are those of all cells;
    `unplaced_weeks` were paid to persons who have no such week, at a net cost of `unplaced_net` DKK, and
    `uncovered_weeks` lie outside the time of the files (None: may not be printed).
    """

    rows: tuple[PaymentRow, ...]
    hidden: int
    paid_weeks: int | None
    unpaid_weeks: int | None
    unplaced_weeks: int | None
    unplaced_net: Decimal | None
    uncovered_weeks: int | None
    minimum_weeks: int
    minimum_persons: int
    files: tuple[str, ...] = ()

    @property
    def unpaid_share(self) -> float | None:
        """The share of the weeks in the time of the files that have no payment; None where it may not be told."""
        if self.paid_weeks is None or self.unpaid_weeks is None:
            return None
        return self.unpaid_weeks / max(self.paid_weeks + self.unpaid_weeks, 1)


def payment_check(sums: PaymentSums, actual: ActualCosts, book: ParameterBook, counts: Counts) -> PaymentCheck:
    """Hold what was paid against rates and ladder, cell by cell; `counts` know what of it may be printed."""
    def told(key: str) -> int | None:
        count = counts[key]
        return None if isinstance(count, Hidden) else count

    shown = [one for one in sums.cells if counts[row_key(one)] not in (Hidden.FEW, Hidden.EITHER)]
    table = _ladder(shown, book)
    rows = (_row(one, actual, table, net_per_week(one, book, counts.rules.threshold), told(row_key(one)), (
        None if other_rate(one, book) is None else told(row_key(one, "other")), told(row_key(one, "unpaid"))))
        for one in shown)
    return PaymentCheck(
        rows=tuple(sorted(rows, key=lambda row: (row.benefit, row.year, -1 if row.step is None else row.step))),
        hidden=len(sums.cells) - len(shown),
        paid_weeks=told(PAID),
        unpaid_weeks=told(UNPAID),
        unplaced_weeks=told(UNPLACED),
        unplaced_net=None if told(UNPLACED) is None else sums.unplaced_net,
        uncovered_weeks=told(UNCOVERED),
        minimum_weeks=actual.minimum_weeks,
        minimum_persons=actual.minimum_persons,
        files=sums.files,
    )


def _ladder(cells: Sequence[PaidCell], book: ParameterBook) -> PriceTable:
    benefits = tuple(sorted({one.benefit for one in cells}))
    return price_table(benefits, STEPS, tuple(sorted({one.year for one in cells})), book, unpriced="leave_out")


def _row(
    cell: PaidCell, actual: ActualCosts, table: PriceTable, net: float, weeks: int | None,
    parts: tuple[int | None, int | None],
) -> PaymentRow:
    step = 0 if cell.step == OUTSIDE_LADDER else cell.step
    place = table.benefits.index(cell.benefit), step, table.years.index(cell.year)
    priced = not any((one.benefit, one.year) == (cell.benefit, cell.year) for one in table.left_out)
    return PaymentRow(
        benefit=cell.benefit,
        step=None if cell.step == OUTSIDE_LADDER else cell.step,
        year=cell.year,
        weeks=weeks,
        ladder_gross=float(table.gross[place]) if priced else None,
        ladder_net=float(table.net[place]) if priced else None,
        actual_gross=per_week(cell.gross, cell),
        actual_net=net,
        other_rate=parts[0],
        unpaid=parts[1],
        used=cell.cell in actual.cells,
    )
