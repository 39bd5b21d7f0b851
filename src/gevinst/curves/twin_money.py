"""What weeks cost and what the ledger holds, counted for a synthetic twin.

Part of the person wall: payments leave as means over enough persons, rounded; postings, which are about no person, as
whole thousands by year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.curves.payments import TABLE, Cell, PaidCell, payment_sums
from gevinst.curves.twin_bands import Rule
from gevinst.curves.twin_model import PaidPeriod, PaidShare, Posted
from gevinst.parameters.benefits import Benefit
from gevinst.register.person_tables import PersonTables
from gevinst.sources.cells import without_cpr

THOUSAND = 1_000
_FIGURES = re.compile(r"\d[\d.\-/]*")


@dataclass(frozen=True)
class Told:
    """For which share of the weeks an edition says that something was paid, in per cent.

    `cells` are those by benefit, step and year whose weeks it prints, `rest` the others together.
    """

    cells: Mapping[Cell, int]
    rest: int


def paid_shares(tables: PersonTables, known: Mapping[str, Benefit], rule: Rule, told: Told | None = None
                ) -> tuple[PaidShare, ...]:
    """The price of a week by benefit, step and year, where enough persons were paid; none without payments.

    How many weeks were not paid is a count of persons' weeks that an edition may hide: so it is as the edition has
    `told` it, or else one share of all, in tenths.
    """
    sums = payment_sums(tables, paid_weeks(tables, known))
    if sums is None:
        return ()
    cells = [one for one in sums.cells if one.persons >= rule.few and one.full_time_weeks > 0 and one.gross > 0]
    said = told or Told({}, _in_tenths(cells, rule))
    return tuple(_share(one, said.cells.get(one.cell, said.rest), rule) for one in cells)


def _in_tenths(cells: Sequence[PaidCell], rule: Rule) -> int:
    """Few who were not paid are as good as none."""
    paid = sum(one.person_weeks for one in cells)
    unpaid = sum(one.unpaid_weeks for one in cells if one.unpaid_persons >= rule.few)
    return _tens(100 * paid / max(paid + unpaid, 1))


def _share(cell: PaidCell, paid: int, rule: Rule) -> PaidShare:
    """The refund is the commonest: a mean of several would tell how many weeks had another."""
    known = [(weeks, -rate) for rate, weeks, persons in cell.by_rate if rate is not None and persons >= rule.few]
    mean = 100 * float((cell.refund + cell.cofinancing) / cell.gross)
    refunded = cell.refund >= cell.cofinancing
    state = -max(known)[1] if known else _tens(mean if refunded else 100 - mean)
    refund, cofinancing = (state, 0) if refunded else (0, 100 - state)
    return PaidShare(
        cell.benefit, cell.step, cell.year, _tens(float(cell.gross / cell.full_time_weeks)), refund, cofinancing, paid)


def _tens(number: float) -> int:
    return 10 * round(number / 10)


def paid_periods(tables: PersonTables, rule: Rule) -> tuple[PaidPeriod, ...]:
    """The first and the last week, by benefit, in which enough persons were paid."""
    payments = tables.other(TABLE)
    if payments is None:
        return ()
    weekly = payments.group_by(["benefit", "week_index"]).aggregate(n=payments.person.nunique())
    rows = tables.backend.to_arrow(weekly.filter(weekly.n >= rule.few)).to_pylist()
    weeks: dict[str, list[int]] = {}
    for one in rows:
        weeks.setdefault(one["benefit"], []).append(int(one["week_index"]))
    return tuple(PaidPeriod(benefit, min(found), max(found)) for benefit, found in sorted(weeks.items()))


def posted(tables: PersonTables, investments: frozenset[str]) -> tuple[Posted, ...]:
    """Postings by investment, account and year, rounded to thousands, in the last month of that year with any.

    A month may hold a single invoice for a single person. Of an account's name its figures stay. A posting that is
    matched to no investment of the portfolio stays so.
    """
    postings = tables.other("postings")
    if postings is None:
        return ()
    month = postings.date.truncate("M").cast("date")
    sums = postings.mutate(month=month).group_by(["investment", "account", "month"]).aggregate(
        kroner=postings.amount_dkk.sum())
    totals: dict[tuple[str, str, int], Decimal] = {}
    last: dict[int, date] = {}
    for one in tables.backend.to_arrow(sums).to_pylist():
        name = one["investment"] if one["investment"] in investments or one["investment"] == "-" else ""
        at = name, account_figures(one["account"]), one["month"].year
        totals[at] = totals.get(at, Decimal(0)) + Decimal(one["kroner"])
        last[at[2]] = max(last.get(at[2], one["month"]), one["month"])
    rounded = {at: round(kroner / THOUSAND) for at, kroner in sorted(totals.items())}
    return tuple(Posted(name, account, last[year], thousands)
                 for (name, account, year), thousands in rounded.items() if thousands)


def account_figures(account: Any) -> str:
    """The figures an account's name begins with.

    >>> account_figures("5.68.90-001 Jobnet"), account_figures("Jobnet"), account_figures(None)
    ('5.68.90-001', '', '')
    """
    found = _FIGURES.search(without_cpr(str(account or "")))
    return found.group(0).rstrip(".-/") if found else ""
