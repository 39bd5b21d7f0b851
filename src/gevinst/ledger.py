"""The ledger's place in the computation: postings and delivery, summed and handed to the reconciliation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gevinst.backend import Backend
from gevinst.curves.delivered import delivered_weeks, participants_per_year
from gevinst.curves.ledger_sums import ledger_sums, repeated_postings
from gevinst.follow_up.realised import last_complete_year
from gevinst.follow_up.reconciliation import Delivered, Known, LedgerCheck, reconcile
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Portfolio
from gevinst.register.ledger_rules import LedgerTerms
from gevinst.register.person_tables import PersonTables

if TYPE_CHECKING:
    import ibis.expr.types as ir

POSTINGS = "postings"


def deliveries(portfolio: Portfolio, tables: PersonTables) -> dict[str, Delivered] | None:
    """Weeks delivered, and to how many, by investment key; None without participants. Exact, not for print."""
    if tables.participants is None:
        return None
    return {case.key: Delivered(delivered_weeks(tables, case.key), participants_per_year(tables, case.key))
            for case in portfolio.investments}


def ledger_of(
    portfolio: Portfolio, tables: PersonTables, delivered: Mapping[str, Delivered] | None, book: ParameterBook,
    terms: LedgerTerms,
) -> LedgerCheck | None:
    """The reconciliation, exact; None without postings. For print see `disclosure.delivery`."""
    postings = tables.other(POSTINGS)
    last = last_complete_year(tables.data_horizon)
    return None if postings is None else ledger_check(
        portfolio, postings, tables.backend, delivered, last, book, terms)


def ledger_check(
    portfolio: Portfolio, postings: ir.Table, backend: Backend, delivered: Mapping[str, Delivered] | None,
    last: int | None, book: ParameterBook, terms: LedgerTerms,
) -> LedgerCheck:
    """The reconciliation with what was `delivered` (None: not known) and the `last` complete year of the data."""
    known = Known(delivered, last, book, terms)
    return reconcile(portfolio, ledger_sums(postings, backend), known, repeated_postings(postings, backend))
