"""What a full-time week on a benefit did cost, from the payments themselves: in place of rates × ladder where known.

    gross per week = Σ paid ÷ Σ full-time weeks with a payment     net alike, after refund or as co-financing

by benefit, step of the ladder and year. A cell of few weeks or few persons is chance, and would show what persons get;
there the rates stand. Weeks at another refund than the step's, where few persons have them, are left out of the net
cost: a mean of which they are part says how many they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.payments import Cell, PaidCell, PaymentSums
from gevinst.errors import GevinstError
from gevinst.language import number, say
from gevinst.parameters.book import ParameterBook, Used
from gevinst.parameters.confidence import LOCAL
from gevinst.parameters.national import STEP_STARTS
from gevinst.weeks import first_week, thursday

MINIMUM_WEEKS = 100
MINIMUM_PERSONS = 10
"""From so many person-weeks, of so many persons, a cell's own cost takes the place of the rate."""
FEW = 5
"""Persons; of fewer a memo prints no number, where nothing else is told."""


@dataclass(frozen=True)
class ActualCost:
    """DKK per full-time week of one cell in the year's own prices, and where they are from."""

    gross: float
    net: float
    used: Used


@dataclass(frozen=True)
class ActualCosts:
    """The cells that have at least so many weeks of so many persons, by benefit, step and year."""

    cells: Mapping[Cell, ActualCost] = field(default_factory=dict)
    minimum_weeks: int = MINIMUM_WEEKS
    minimum_persons: int = MINIMUM_PERSONS

    def at(self, benefit: str, step: int, year: int) -> ActualCost | None:
        """The cost of a week at `step` (0-3). A benefit that is not on the ladder costs the same on every step."""
        return self.cells.get((benefit, step, year)) or self.cells.get((benefit, OUTSIDE_LADDER, year))


def actual_costs(
    sums: PaymentSums, book: ParameterBook, *, minimum_weeks: int = MINIMUM_WEEKS,
    minimum_persons: int = MINIMUM_PERSONS, few: int = FEW,
) -> ActualCosts:
    """The cost per week of each cell of so many person-weeks and persons at least; `few` as in `net_per_week`."""
    cells = {
        one.cell: _cost(one, net_per_week(one, book, few), sums.files, book) for one in sums.cells
        if one.person_weeks >= minimum_weeks and one.persons >= minimum_persons and one.full_time_weeks > 0}
    return ActualCosts(cells, minimum_weeks, minimum_persons)


def per_week(amount: Decimal, cell: PaidCell) -> float:
    """An amount of a cell per full-time week; 0 where there is none."""
    return float(amount / cell.full_time_weeks) if cell.full_time_weeks else 0.0


def net_per_week(cell: PaidCell, book: ParameterBook, few: int = FEW) -> float:
    """The net amount of a cell per full-time week, without the refund that is only a few persons'.

    Of the weeks at the step's refund and those at another, the ones of fewer than `few` persons are taken to have cost
    what the others did; else it is what was paid.
    """
    law = ladder_rates(cell, book) or frozenset()
    sides = [[one for one in cell.by_rate if (one[0] is None or one[0] in law) == same] for same in (True, False)]
    enough = [side for side in sides if max((persons for *_, persons in side), default=0) >= few]
    kept = [(rate, weeks) for side in enough for rate, weeks, _ in side if rate is not None]
    if not all(sides) or len(enough) != 1 or not kept:
        return per_week(cell.net, cell)
    refunded = sum(rate * weeks for rate, weeks in kept) / sum(weeks for _, weeks in kept)
    return per_week(cell.gross, cell) * (1 - refunded / 100)


def ladder_rates(cell: PaidCell, book: ParameterBook) -> frozenset[int] | None:
    """The state's share, in whole per cent, that the ladder gives the cell's step in the year; None: not known.

    Two of them where the ladder changes within the year.
    """
    step = 0 if cell.step == OUTSIDE_LADDER else cell.step
    days = thursday(first_week(cell.year)), thursday(first_week(cell.year + 1) - 1)
    try:
        shares = {book.municipal_share(cell.benefit, step, day)[0] for day in days}
    except GevinstError:
        return None
    return frozenset(int((100 * (1 - share)).to_integral_value()) for share in shares)


def _cost(cell: PaidCell, net: float, files: tuple[str, ...], book: ParameterBook) -> ActualCost:
    gross = per_week(cell.gross, cell)
    one, step = book.benefit(cell.benefit), cell.step
    first = "" if step == OUTSIDE_LADDER else f", fra uge {STEP_STARTS[step]}"
    from_week = "" if step == OUTSIDE_LADDER else f", from week {STEP_STARTS[step]}"
    gross_text = number(gross, 2)
    # How many weeks is a count over persons, which is told in one place only, where it may be.
    source = say(
        da=f"{_named(files)}: brutto {gross_text} kr. pr. uge på fuld tid",
        en=f"{_named(files)}: gross DKK {gross_text} per full-time week")
    used = Used(
        f"payments/{cell.benefit}/{step}/{cell.year}", f"faktisk nettoudgift {cell.year}, {one.da}{first}",
        f"actual net cost {cell.year}, {one.en}{from_week}", thursday(first_week(cell.year)),
        Decimal(net).quantize(Decimal("0.01"), ROUND_HALF_EVEN), "dkk_per_week", source, "", LOCAL, local=True,
        carried=False, valid_from=date(cell.year, 1, 1), valid_to=date(cell.year, 12, 31),
        known_until=date(cell.year, 12, 31))
    return ActualCost(gross, net, used)


def _named(files: tuple[str, ...]) -> str:
    """The files by name where they are two at most, else the first, the last and how many."""
    if not files:
        return say(da="udbetalinger pr. uge", en="payments per week")
    if len(files) <= 2:
        return ", ".join(files)
    return say(da=f"{files[0]} til {files[-1]} ({number(len(files))} filer)",
               en=f"{files[0]} to {files[-1]} ({number(len(files))} files)")
