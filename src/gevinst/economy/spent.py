"""What an investment has cost per year: from the ledger, else from what was delivered times the agreed price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from gevinst.money import CURRENT, Amount


def ledger_per_year(postings: Iterable[Mapping[str, Any]], investment: str) -> dict[int, Amount]:
    """The postings of `investment` summed per year, in current prices; positive is expenditure.

    >>> from datetime import date
    >>> row = {"investment": "a", "date": date(2020, 5, 1), "amount_dkk": Decimal("100.50")}
    >>> ledger_per_year([row, row], "a")[2020].in_dkk
    Decimal('201')
    """
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in postings:
        if row["investment"] == investment:
            sums[row["date"].year] += Decimal(str(row["amount_dkk"]))
    return {year: Amount.dkk(amount, CURRENT) for year, amount in sorted(sums.items())}


def delivered_per_year(weeks: Mapping[int, int], price: Amount) -> dict[int, Amount]:
    """Delivered participant-weeks times the price per week, in the price's level."""
    return {year: price.scaled(Decimal(count)) for year, count in sorted(weeks.items())}
