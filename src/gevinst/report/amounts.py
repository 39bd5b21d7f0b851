"""Amounts as the memo prints them: million kroner with three decimals, and what their signs are called.

A word such as "nettobesparelse" follows the sign of the amount *as printed*: what is printed as 0,000 is
neither a saving nor a cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from gevinst.follow_up.disclosure.counts import Hidden, Shown
from gevinst.follow_up.disclosure.words import sign as sign_of
from gevinst.follow_up.disclosure.words import told
from gevinst.language import NO_BREAK, number, say
from gevinst.money import Amount, PriceLevel
from gevinst.report.marks import marked
from gevinst.report.tree import Cell

DECIMALS = 3
EN_DASH = "\N{EN DASH}"
_STEP = Decimal(1).scaleb(-DECIMALS)


class Told(Protocol):
    """An amount that is a figure: a sentence that tells it says which."""

    @property
    def amount(self) -> Amount:
        """The amount."""
    @property
    def id(self) -> str:
        """The figure's id."""


@dataclass(frozen=True)
class Stated:
    """A computed amount with the id of the figure it is."""

    amount: Amount
    id: str


Said = Amount | Told


def bare(said: Said) -> Amount:
    """The amount itself."""
    return said if isinstance(said, Amount) else said.amount


def as_printed(amount: Amount) -> Decimal:
    """The amount in million kroner, rounded as it is printed."""
    return amount.millions.quantize(_STEP, rounding=ROUND_HALF_UP)


def sign(amount: Said) -> int:
    """−1 for a saving or income, 1 for expenditure, 0 for what is printed as nought."""
    printed = as_printed(bare(amount))
    return (printed > 0) - (printed < 0)


def million(amount: Said) -> str:
    """The size of an amount, without its sign, with its unit; a figure's leads to its ladder on a page.

    >>> from gevinst.language import speaking
    >>> from gevinst.money import CURRENT
    >>> with speaking("da"):
    ...     million(Amount.dkk(-10529000, CURRENT))
    '10,529\\xa0mio.\\xa0kr.'
    """
    size = number(abs(as_printed(bare(amount))), DECIMALS)
    text = say(da=f"{size}{NO_BREAK}mio.{NO_BREAK}kr.", en=f"DKK{NO_BREAK}{size}{NO_BREAK}million")
    return text if isinstance(amount, Amount) else marked(amount.id, text)


def unit(level: PriceLevel) -> str:
    """The unit of a table in one price level."""
    return say(da=f"mio. kr., {level}", en=f"DKK million, {level}")


def unit_of_two(budget: PriceLevel, outcome: PriceLevel) -> str:
    """The unit of a table with a budget beside a result; says so where their price levels differ."""
    if budget == outcome:
        return unit(budget)
    return say(
        da=f"mio. kr. Budget i {budget}, resultat i {outcome}; budgettet er ikke omregnet",
        en=f"DKK million. Budget in {budget}, result in {outcome}; the budget is not converted",
    )


def persons(count: Decimal | int) -> str:
    """A number of (full-time) persons: whole where it is whole, else with one decimal.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     persons(Decimal("40")), persons(Decimal("22.5"))
    ('40', '22,5')
    """
    exact = Decimal(count)
    return number(exact, 0 if exact == exact.to_integral_value() else 1)


def few(count: Shown | None, threshold: int) -> str:
    """A count of persons in a sentence: "under 5" where it is below the threshold or withheld, "a hidden number of"."""
    return told(Hidden.FEW if isinstance(count, int) and 0 < count < threshold else count, threshold)


def count_cell(count: Shown | None, threshold: int, *, figure: str = "") -> Cell:
    """A count of persons in a table: the number, or the sign of why it is not there."""
    if isinstance(count, int) and not 0 < count < threshold:
        return Cell(number(count), count, "count", figure=figure)
    return Cell(sign_of(Hidden.FEW if isinstance(count, int) else count, threshold), None, "count", figure=figure)


def years_text(years: tuple[int, ...]) -> str:
    """The years of a portfolio: `2020–2023`."""
    return str(years[0]) if len(years) == 1 else f"{years[0]}{EN_DASH}{years[-1]}"


def stretches(years: list[int]) -> str:
    """Years in order, those that follow each other drawn together.

    >>> stretches([2020, 2022, 2023])
    '2020, 2022–2023'
    """
    found: list[list[int]] = []
    for year in sorted(years):
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(years_text(tuple(run)) for run in found)
