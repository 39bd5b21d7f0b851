"""Participant weeks delivered, by investment and year and all years together, and what is worked out from them.

They stand beside the ledger, make the cost where a price per week was agreed, and are the bridge's participants: one
count, hidden in all three places or in none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.cells import Cell, Relation, System, united
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.released import Released
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.reconciliation import CaseLedger, Delivered, LedgerCheck, LedgerYear
from gevinst.language import say
from gevinst.register.business_case import Portfolio

WEEKS_IN_YEAR = 53


def weeks_key(number: str, year: int | None) -> str:
    """The name of the weeks delivered to an investment in a year, or in all (None)."""
    return f"{number}/delivered/{'all' if year is None else year}"


def of_delivery(check: LedgerCheck | None) -> System:
    """The weeks that the ledger stands beside, of all investments."""
    return united(
        _of_weeks(case.number, {year.year: (year.weeks, year.persons or 0) for year in case.years
                                if year.year is not None and year.weeks is not None})
        for case in (() if check is None else check.cases) if case.whole.weeks is not None
    )


def of_delivered(portfolio: Portfolio, delivered: Mapping[str, Delivered] | None) -> System:
    """The weeks delivered to each investment of the portfolio, by its key."""
    known = {case.number: delivered[case.key] for case in portfolio.investments
             if delivered is not None and case.key in delivered}
    return united(
        _of_weeks(number, {year: (weeks, one.persons.get(year, 0)) for year, weeks in one.weeks.items()})
        for number, one in known.items() if one.weeks
    )


def _of_weeks(number: str, by_year: Mapping[int, tuple[int, int]]) -> System:
    """Weeks and persons of each year; all years, of at least as many persons as any of them, are missed least."""
    cells = [Cell(weeks_key(number, year), weeks, persons=persons, most=WEEKS_IN_YEAR)
             for year, (weeks, persons) in by_year.items()]
    whole = Cell(weeks_key(number, None), sum(weeks for weeks, _ in by_year.values()), loss=1.0,
                 persons=max((persons for _, persons in by_year.values()), default=0),
                 most=WEEKS_IN_YEAR * max(len(by_year), 1))
    return System((*cells, whole), (Relation(whole.key, tuple(cell.key for cell in cells)),))


def delivery_counts(systems: Iterable[System], rules: Rules, earlier: Sequence[Released], *, secondary: bool) -> Counts:
    """The weeks as they may be told. They are bound to no other count, so they can be decided before the others."""
    return disclose({}, rules, earlier=earlier, further=systems, secondary=secondary).counts


def cost_shown(case: CaseResult, counts: Counts) -> CaseResult:
    """The case with costs of delivered weeks as these may be told: over the agreed price a cost is the weeks."""
    number, price = case.investment.number, case.investment.dkk_per_participant_week
    if not case.spent_by_weeks or price is None:
        return case
    told = {year: counts[weeks_key(number, year)] for year in case.spent}
    spent = {year: price.scaled(Decimal(weeks)) for year, weeks in told.items() if isinstance(weeks, int)}
    hidden = [str(year) for year in told if year not in spent]
    if not hidden:
        return replace(case, spent=spent)
    years = ", ".join(hidden)
    note = say(
        da=f"Investering {number}: udgiften i {years} er ikke vist, for den ville vise, hvor mange uger få deltagere "
           "har fået. En bogført udgift kan vises.",
        en=f"Investment {number}: the cost in {years} is not shown, as it would tell how many weeks a few participants "
           "had. A posted cost can be shown.")
    return replace(case, spent=spent, notes=(*case.notes, note))


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
    told = counts[weeks_key(case.number, year.year)]
    if isinstance(told, Hidden):
        return replace(year, weeks=None, value=None, few=True, persons=None)
    value = None if year.value is None or case.price is None else case.price.scaled(Decimal(told))
    return replace(year, weeks=told, value=value, persons=None)
