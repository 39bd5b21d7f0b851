"""The weeks that the payments' table prints, by name, and how they are bound: rows, what is in them, and totals.

Weeks are sums over persons: a row is hidden where few persons are behind it, or could make up most of it.
"""

from __future__ import annotations

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.payments import PaidCell, PaymentSums
from gevinst.economy.actual_cost import ladder_rates
from gevinst.follow_up.disclosure.cells import Cell, Relation, System
from gevinst.follow_up.disclosure.magnitudes import MOST_WEEKS, dominated
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.parameters.book import ParameterBook

PAID, UNPAID, UNPLACED, UNCOVERED = (f"payments/{name}" for name in ("paid", "unpaid", "unplaced", "uncovered"))
ALL_YEARS = 53 * 20
"""Weeks that one person can have in a total over years."""


def row_key(cell: PaidCell, part: str = "weeks") -> str:
    """The name of the weeks of a row: all of them, those at another refund (`other`), or without payment (`unpaid`)."""
    step = "none" if cell.step == OUTSIDE_LADDER else cell.step
    return f"payments/{cell.benefit}/{step}/{cell.year}/{part}"


def of_payments(sums: PaymentSums | None, book: ParameterBook, rules: Rules) -> System:
    """All weeks of the table, printed or to be had by subtraction."""
    if sums is None:
        return System()
    cells: list[Cell] = []
    relations: list[Relation] = []
    for one in sums.cells:
        more, bonds = _of_row(one, book, rules)
        cells += more
        relations += bonds
    paid = sum(one.person_weeks for one in sums.cells)
    unpaid = sum(one.unpaid_weeks for one in sums.cells)
    behind = [one.persons for one in sums.cells], [one.unpaid_persons for one in sums.cells]
    cells += [
        # Only a share is told of it, so it is what is missed least.
        Cell(PAID, paid, loss=1.0, persons=max(behind[0], default=0), most=ALL_YEARS),
        Cell(UNPAID, unpaid, persons=max(behind[1], default=0), most=ALL_YEARS),
        Cell(UNPLACED, sums.unplaced_weeks, persons=sums.unplaced_persons, most=ALL_YEARS),
        Cell(UNCOVERED, sums.uncovered_weeks, persons=sums.uncovered_persons, most=ALL_YEARS),
    ]
    if sums.cells:
        relations += [Relation(PAID, tuple(row_key(one) for one in sums.cells)),
                      Relation(UNPAID, tuple(row_key(one, "unpaid") for one in sums.cells))]
    return System(tuple(cells), tuple(relations))


def other_rate(cell: PaidCell, book: ParameterBook) -> tuple[int, int, int] | None:
    """Weeks at another refund than the step's, and the persons behind these and behind the others, at least so many.

    None where the law's rate is not known.
    """
    rates = ladder_rates(cell, book)
    if rates is None:
        return None
    others = [one for one in cell.by_rate if one[0] is not None and one[0] not in rates]
    same = [one for one in cell.by_rate if one not in others]
    return (sum(weeks for _, weeks, _ in others), max((persons for *_, persons in others), default=0),
            max((persons for *_, persons in same), default=0))


def _of_row(cell: PaidCell, book: ParameterBook, rules: Rules) -> tuple[list[Cell], list[Relation]]:
    most = MOST_WEEKS.get(cell.step, 53)

    def weeks(part: str, value: int, persons: int, *, printed: bool = True) -> Cell:
        few = bool(value) and dominated(value, most, rules)
        return Cell(row_key(cell, part), value, printed, persons=min(persons, 1) if few else persons, most=most,
                    by_one=most)

    row = weeks("weeks", cell.person_weeks, cell.persons)
    shown = not row.small(rules)
    found = [row, weeks("unpaid", cell.unpaid_weeks, cell.unpaid_persons if cell.unpaid_weeks else 0, printed=shown)]
    rate = other_rate(cell, book)
    if rate is None:
        return found, []
    other, persons, beside = rate
    found += [weeks("other", other, persons, printed=shown),
              weeks("same", cell.person_weeks - other, beside, printed=False)]
    return found, [Relation(row.key, (row_key(cell, "other"), row_key(cell, "same")))]
