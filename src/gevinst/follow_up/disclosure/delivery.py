"""The participant weeks that the ledger is held against: by investment and year, and all years together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gevinst.follow_up.disclosure.cells import Cell, Relation, System
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.follow_up.reconciliation import CaseLedger, LedgerCheck, LedgerYear

WEEKS_IN_YEAR = 53


def weeks_key(case: CaseLedger, year: LedgerYear) -> str:
    """The name of the weeks delivered to an investment in a year, or in all (`year.year` None)."""
    return f"{case.number}/delivered/{'all' if year.year is None else year.year}"


def of_delivery(check: LedgerCheck | None) -> System:
    """The weeks of all investments; those of all years are missed least."""
    cells: list[Cell] = []
    relations: list[Relation] = []
    for case in () if check is None else check.cases:
        known = [year for year in case.years if year.weeks is not None]
        cells += [Cell(weeks_key(case, year), year.weeks or 0, persons=year.persons, most=WEEKS_IN_YEAR)
                  for year in known]
        if case.whole.weeks is not None:
            most = WEEKS_IN_YEAR * max(len(known), 1)
            cells.append(Cell(weeks_key(case, case.whole), case.whole.weeks, loss=1.0, persons=case.whole.persons,
                              most=most))
            relations.append(Relation(weeks_key(case, case.whole), tuple(weeks_key(case, year) for year in known)))
    return System(tuple(cells), tuple(relations))


def ledger_shown(check: LedgerCheck | None, counts: Counts) -> LedgerCheck | None:
    """The reconciliation without weeks that may not be printed, nor what is worked out from them."""
    if check is None:
        return None
    return replace(check, cases=tuple(
        replace(case, years=tuple(_shown(case, year, counts) for year in case.years),
                whole=_shown(case, case.whole, counts)) for case in check.cases))


def _shown(case: CaseLedger, year: LedgerYear, counts: Counts) -> LedgerYear:
    if year.weeks is None:
        return replace(year, persons=None)
    told = counts[weeks_key(case, year)]
    if isinstance(told, Hidden):
        return replace(year, weeks=None, value=None, few=True, persons=None)
    value = None if year.value is None or case.price is None else case.price.scaled(Decimal(told))
    return replace(year, weeks=told, value=value, persons=None)
