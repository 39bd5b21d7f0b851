"""The note under a table of kroner whose printed figures do not add up to the printed sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gevinst.language import MINUS, say
from gevinst.money import CURRENT, Amount
from gevinst.report.amounts import as_printed
from gevinst.report.tree import Cell, Row

Sums = Iterable[tuple[Sequence[float], float]]


def rounding_note(sums: Sums) -> str:
    """Says that figures are rounded one by one, where the parts of a sum, in kroner, do not give it as printed.

    >>> rounding_note([([1_400.0, 1_400.0], 2_800.0)])
    'Tallene er afrundet hver for sig og kan derfor afvige fra summen på sidste decimal.'
    >>> rounding_note([([1_000.0, 2_000.0], 3_000.0)])
    ''
    """
    if all(sum(map(_printed, parts), Decimal(0)) == _printed(whole) for parts, whole in sums):
        return ""
    return say(da="Tallene er afrundet hver for sig og kan derfor afvige fra summen på sidste decimal.",
               en="Figures are rounded one by one and may differ from the sum in the last decimal.")


def shares_note(rows: Iterable[Row]) -> str:
    """The same of rows with a share, another and their difference in per cent; either may be taken from the other."""
    for row in rows:
        one, other, apart = (_figure(cell) for cell in row.cells[1:4]) if len(row.cells) > 3 else (None,) * 3
        if one is not None and other is not None and apart is not None and abs(one - other) != abs(apart):
            return say(da="Tallene er afrundet hver for sig og kan derfor afvige fra forskellen på sidste decimal.",
                       en="Figures are rounded one by one and may differ from the difference in the last decimal.")
    return ""


def _figure(cell: Cell) -> Decimal | None:
    """What is printed in a cell of per cent; None where that is no figure."""
    return None if cell.value is None else Decimal(cell.text.replace(MINUS, "-").replace(",", "."))


def _printed(kroner: float) -> Decimal:
    return as_printed(Amount.from_estimate(kroner, CURRENT))
