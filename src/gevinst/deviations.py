"""The bridge and the clock's place in the computation: deliveries and starts, counted and handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gevinst.curves.intake import intake
from gevinst.effects.replicates import weights
from gevinst.follow_up.bridge_drivers import Known, bridges_of
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.deviations import Deviations
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.reconciliation import Delivered
from gevinst.follow_up.table import FollowUp
from gevinst.follow_up.undisturbed import Persons, clock
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Portfolio
from gevinst.register.person_tables import PersonTables


def deviations_of(
    portfolio: Portfolio,
    cases: Sequence[CaseResult],
    tables_of: Sequence[FollowUp],
    tables: PersonTables | None,
    book: ParameterBook,
    delivered: Mapping[str, Delivered] | None,
    counts: Counts,
    *,
    replicates: int,
    seed: int,
    minimum_participants: int,
    partial_open: Decimal,
) -> Deviations:
    """Why each result is not its budget. Persons are asked only where an effect was computed from them.

    `delivered` by investment key; `counts` says which of it may be told.
    """
    persons: dict[str, Persons] = {}
    for case in cases:
        key = case.investment.key
        if tables is None or case.effect is None:
            continue
        starts = intake(tables, key)
        if starts is not None:
            persons[key] = Persons(starts, weights(replicates, seed), tables.data_horizon)
    known = Known(book, delivered or {}, partial_open, counts)
    return Deviations(
        bridges_of(portfolio, cases, tables_of, known),
        clock(portfolio, cases, tables_of, known, persons, minimum_participants),
    )
