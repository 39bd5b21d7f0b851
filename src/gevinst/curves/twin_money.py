"""What weeks cost and what the ledger holds, counted for a synthetic twin.

Part of the person wall: payments leave as means over enough persons, rounded; postings, which are about no person, as
whole thousands by month.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.curves.payments import TABLE, PaidCell, payment_sums
from gevinst.curves.twin_bands import Rule
from gevinst.curves.twin_model import PaidPeriod, PaidShare, Posted
from gevinst.parameters.benefits import Benefit
from gevinst.register.person_tables import PersonTables
from gevinst.sources.cells import without_cpr

TENS = 10  # DKK; the price of a week is rounded to this
THOUSAND = 1_000
_FIGURES = re.compile(r"\d[\d.\-/]*")


def paid_shares(tables: PersonTables, known: Mapping[str, Benefit], rule: Rule) -> tuple[PaidShare, ...]:
    """The price of a week by benefit, step and year, where enough persons were paid; none without payments."""
    sums = payment_sums(tables, paid_weeks(tables, known))
    return () if sums is None else tuple(
        _share(cell, rule) for cell in sums.cells
        if cell.persons >= rule.few and cell.full_time_weeks > 0 and cell.gross > 0)


def _share(cell: PaidCell, rule: Rule) -> PaidShare:
    """Few who were not paid are as good as none."""
    weeks = cell.person_weeks + (cell.unpaid_weeks if cell.unpaid_persons >= rule.few else 0)
    return PaidShare(
        cell.benefit, cell.step, cell.year, TENS * round(cell.gross / cell.full_time_weeks / TENS),
        _per_cent(cell.refund, cell.gross), _per_cent(cell.cofinancing, cell.gross),
        _per_cent(Decimal(cell.person_weeks), Decimal(weeks)))


def _per_cent(part: Decimal, whole: Decimal) -> int:
    return round(100 * part / whole)


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
    """Postings by investment, account and month; the running total of the year is rounded to thousands.

    Of an account's name its figures stay. A posting that is matched to no investment of the portfolio stays so.
    """
    postings = tables.other("postings")
    if postings is None:
        return ()
    month = postings.date.truncate("M").cast("date")
    sums = postings.mutate(month=month).group_by(["investment", "account", "month"]).aggregate(
        kroner=postings.amount_dkk.sum())
    totals: dict[tuple[str, str, date], Decimal] = {}
    for one in tables.backend.to_arrow(sums).to_pylist():
        name = one["investment"] if one["investment"] in investments or one["investment"] == "-" else ""
        at = name, account_figures(one["account"]), one["month"]
        totals[at] = totals.get(at, Decimal(0)) + Decimal(one["kroner"])
    return tuple(_thousands(totals))


def account_figures(account: Any) -> str:
    """The figures an account's name begins with.

    >>> account_figures("5.68.90-001 Jobnet"), account_figures("Jobnet"), account_figures(None)
    ('5.68.90-001', '', '')
    """
    found = _FIGURES.search(without_cpr(str(account or "")))
    return found.group(0).rstrip(".-/") if found else ""


def _thousands(totals: Mapping[tuple[str, str, date], Decimal]) -> list[Posted]:
    found, running = [], dict[tuple[str, str, int], tuple[Decimal, int]]()
    for (investment, account, month), kroner in sorted(totals.items()):
        total, said = running.get((investment, account, month.year), (Decimal(0), 0))
        total += kroner
        thousands = round(total / THOUSAND)
        if thousands != said:
            found.append(Posted(investment, account, month, thousands - said))
        running[investment, account, month.year] = total, thousands
    return found
