"""The ledger's place in the computation: postings and delivery, summed and handed to the reconciliation."""

from __future__ import annotations

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


def ledger_of(
    portfolio: Portfolio, tables: PersonTables, book: ParameterBook, terms: LedgerTerms
) -> LedgerCheck | None:
    """The reconciliation, exact; None without postings. For print see `disclosure.delivery`."""
    postings = tables.other(POSTINGS)
    return None if postings is None else ledger_check(
        portfolio, postings, tables.backend, tables, book, terms)


def ledger_check(
    portfolio: Portfolio, postings: ir.Table, backend: Backend, tables: PersonTables | None, book: ParameterBook,
    terms: LedgerTerms,
) -> LedgerCheck:
    """The reconciliation; without person tables, or without participants in them, nothing is known of the delivery."""
    delivered = last = None
    if tables is not None:
        last = last_complete_year(tables.data_horizon)
        delivered = None if tables.participants is None else {
            case.key: Delivered(delivered_weeks(tables, case.key), participants_per_year(tables, case.key))
            for case in portfolio.investments
        }
    known = Known(delivered, last, book, terms)
    return reconcile(portfolio, ledger_sums(postings, backend), known, repeated_postings(postings, backend))
