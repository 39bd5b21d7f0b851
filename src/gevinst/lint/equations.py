"""What should add up, and which figure is wrong when it does not.

A table with totals down and across says each figure twice. So one wrong figure breaks two sums, and where they
cross it is named, with the figure that mends both. A sum that fails alone is judged as `footing.judge` does: a
lost sign, a thousandfold, else the sum itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from gevinst.register.findings import Finding, Severity
from gevinst.register.footing import THOUSAND, Sum, judge
from gevinst.register.printed_tables import PrintedCell, Role


@dataclass(frozen=True)
class Equation:
    """Figures with their signs that should give `result`; `step` is the last printed decimal of the table."""

    terms: tuple[tuple[int, PrintedCell, Role], ...]
    result: PrintedCell
    role: Role
    label: str
    column: str
    step: Decimal
    code: str = "footing.total-does-not-foot"

    @property
    def computed(self) -> Decimal:
        """What the terms give."""
        return sum((sign * cell.nought for sign, cell, _ in self.terms), Decimal(0))

    @property
    def slack(self) -> Decimal:
        """What rounding can explain: half a printed unit per printed figure."""
        return self.step / 2 * (1 + sum(cell.value is not None for _, cell, _ in self.terms))

    @property
    def holds(self) -> bool:
        """The figures agree, as far as rounding allows."""
        return abs(self.result.nought - self.computed) <= self.slack

    @property
    def known(self) -> bool:
        """All figures can be read, both sides are printed, and not all terms are blank."""
        cells = [cell for _, cell, _ in self.terms]
        readable = all(cell.readable for cell in (*cells, self.result))
        return readable and not self.result.blank and not self.result.computed and not all(c.blank for c in cells)

    @property
    def cells(self) -> dict[str, PrintedCell]:
        """Its cells by their place."""
        return {cell.where: cell for cell in (self.result, *(cell for _, cell, _ in self.terms))}

    def needs(self, where: str) -> Decimal:
        """What the cell would have to be for the figures to agree exactly."""
        if where == self.result.where:
            return self.computed
        sign, cell = next((sign, cell) for sign, cell, _ in self.terms if cell.where == where)
        return cell.nought + sign * (self.result.nought - self.computed)

    def as_sum(self) -> Sum:
        """The equation as a plain sum, its subtracted figures turned."""
        addends = tuple(
            (cell if sign > 0 else replace(cell, value=-cell.nought), role if sign > 0 else Role.OTHER)
            for sign, cell, role in self.terms)
        return Sum(addends, self.result, self.role, self.label, self.column, self.code)


def of_sum(sum_: Sum, step: Decimal) -> Equation:
    """A sum of the register's rules as an equation."""
    return Equation(tuple((1, cell, role) for cell, role in sum_.addends), sum_.result, sum_.result_role, sum_.label,
                    sum_.year, step, sum_.code)


def findings(equations: Iterable[Equation]) -> list[Finding]:
    """What the equations give: notes where rounding explains the difference, and else one finding per wrong figure."""
    known = [equation for equation in equations if equation.known]
    found = [finding for each in known if each.holds and (finding := judge(each.as_sum(), each.step))]
    for group in _groups([each for each in known if not each.holds]):
        found += _wrong(group, known)
    return found


def _groups(failing: Sequence[Equation]) -> Iterator[list[Equation]]:
    """Failing equations that share a cell, directly or through others."""
    left = list(failing)
    while left:
        group, cells = [left.pop(0)], set()
        grown = True
        while grown:
            cells = {where for each in group for where in each.cells}
            joined = [each for each in left if cells & set(each.cells)]
            left = [each for each in left if each not in joined]
            group += joined
            grown = bool(joined)
        yield group


def _wrong(group: Sequence[Equation], known: Sequence[Equation]) -> list[Finding]:
    """The one figure that mends all of a group; else the fewest figures that mend it, each by itself."""
    if len(group) > 1:
        culprits = [found for where in _shared(group) if (found := _mended(where, group, known)) is not None]
        if len(culprits) == 1:
            return [_one_cell(*culprits[0], group)]
        crossing = _crossings(group, known)
        if crossing:
            return crossing
    return [finding for each in group if (finding := judge(each.as_sum(), each.step))]


def _shared(group: Sequence[Equation]) -> list[str]:
    return [where for where in group[0].cells if all(where in each.cells for each in group)]


def _mended(where: str, group: Sequence[Equation], known: Sequence[Equation]) -> tuple[PrintedCell, Decimal] | None:
    """The cell and the figure with which every equation it stands in holds."""
    holding = [each for each in known if where in each.cells]
    low = max(each.needs(where) - each.slack for each in holding)
    high = min(each.needs(where) + each.slack for each in holding)
    if low > high or not all(where in each.cells for each in group):
        return None
    cell = group[0].cells[where]
    wanted = group[0].needs(where)
    return cell, _within(wanted, low, high, cell)


def _within(wanted: Decimal, low: Decimal, high: Decimal, cell: PrintedCell) -> Decimal:
    """The figure to write: the turned or rescaled one if it fits, else the one that fits best."""
    for guess in (-cell.nought, cell.nought / THOUSAND, cell.nought * THOUSAND):
        if low <= guess <= high and guess:
            return guess
    return min(max(wanted, low), high)


def _one_cell(cell: PrintedCell, right: Decimal, group: Sequence[Equation]) -> Finding:
    first, second = group[0], group[1]
    values = {"cell": cell.text or "–", "right": right, "turned": right, "label": first.label, "year": first.column,
              "printed": first.result.text or "–", "computed": first.computed,
              "difference": first.result.nought - first.computed, "slack": first.slack,
              "other": f"{second.label}, {second.column}"}
    if cell.nought and right == -cell.nought:
        return Finding("footing.sign-error", Severity.ERROR, cell.where, values)
    if cell.nought and right in (cell.nought / THOUSAND, cell.nought * THOUSAND):
        return Finding("footing.thousandfold", Severity.ERROR, cell.where, values)
    return Finding("lint.one-figure", Severity.ERROR, cell.where, values)


def _crossings(group: Sequence[Equation], known: Sequence[Equation]) -> list[Finding]:
    """Several wrong figures at once: pairs of failing sums that cross in one figure, if that explains all of them.

    The pairs that agree best on what the figure should be are taken first.
    """
    pairs = []
    for one, two in combinations(range(len(group)), 2):
        pair = [group[one], group[two]]
        found = [(where, culprit) for where in _shared(pair) if (culprit := _mended(where, pair, known)) is not None]
        if len(found) == 1:
            (where, culprit), = found
            pairs.append((abs(pair[0].needs(where) - pair[1].needs(where)), one, two, culprit))
    left, told = set(range(len(group))), []
    for _, one, two, culprit in sorted(pairs, key=lambda each: each[:3]):
        if {one, two} <= left:
            told.append(_one_cell(*culprit, [group[one], group[two]]))
            left -= {one, two}
    return [] if left else told
