"""The ledger by investment, account and year. Postings hold no persons; they are summed in the engine, being many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gevinst.backend import Backend

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, order=True)
class LedgerSum:
    """The postings of one account in one year that belong to one investment: their number, and their øre.

    `investment` is empty where no rule fits, `-` where the rules say that it is none. Expenditure is positive.
    """

    investment: str
    account: str
    year: int
    rows: int
    ore: int


def ledger_sums(postings: ir.Table, backend: Backend) -> tuple[LedgerSum, ...]:
    """The postings summed, exactly, in the order of investment, account and year."""
    named = postings.mutate(
        key=postings.investment.fill_null(""), where=postings.account.fill_null(""), year=postings.date.year()
    )
    sums = named.group_by(["key", "where", "year"]).aggregate(
        n=named.count(), ore=(named.amount_dkk * 100).sum().cast("decimal(38, 0)")
    )
    return tuple(sorted(
        LedgerSum(row["key"], row["where"], int(row["year"]), int(row["n"]), int(row["ore"]))
        for row in backend.to_arrow(sums).to_pylist()
    ))


def repeated_postings(postings: ir.Table, backend: Backend) -> tuple[int, int]:
    """How many postings are like an earlier one in everything, and their øre: an export may be there twice."""
    alike = postings.group_by(["date", "account", "text", "amount_dkk", "investment"]).aggregate(n=postings.count())
    again = alike.filter(alike.n > 1)
    found = backend.to_arrow(again.aggregate(
        rows=(again.n - 1).sum(), ore=((again.n - 1) * again.amount_dkk * 100).sum().cast("decimal(38, 0)")
    )).to_pylist()[0]
    return int(found["rows"] or 0), int(found["ore"] or 0)
