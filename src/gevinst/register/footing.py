"""Do the figures of a printed table foot, and do their signs, units and labels say what they are?

The rules here look at one table; `footing_across` compares the tables of a document. Both read
`PrintedTable`s only. The order of suspicion for a sum that does not foot: rounding (the difference is within
half a printed unit per figure), a lost sign (one sign turned makes it foot), a figure a thousand times too
large or small, and only then simply a wrong sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gevinst.language import MINUS
from gevinst.register.business_case import Basis
from gevinst.register.findings import Finding, Severity
from gevinst.register.printed_tables import PrintedCell, PrintedColumn, PrintedRow, PrintedTable, Role

THOUSAND = Decimal(1000)
_SIGN = {Role.INVESTMENT: 1, Role.SAVING: -1}


@dataclass(frozen=True)
class Sum:
    """Figures that should add up to a printed figure, with the names a finding calls them by."""

    addends: tuple[tuple[PrintedCell, Role], ...]
    result: PrintedCell
    result_role: Role
    label: str
    year: str
    code: str = "footing.row-does-not-foot"

    @property
    def difference(self) -> Decimal:
        """Printed less computed."""
        return self.result.nought - self.computed

    @property
    def computed(self) -> Decimal:
        """What the addends add up to."""
        return sum((cell.nought for cell, _ in self.addends), Decimal(0))

    @property
    def terms(self) -> int:
        """How many figures are printed, the result among them: each may be rounded."""
        return 1 + sum(cell.value is not None for cell, _ in self.addends)


def check_table(table: PrintedTable) -> list[Finding]:
    """All findings that one table gives by itself, in the order: labels, cells, sums."""
    if not table.rows:
        return []
    return once_per_cell([*findings_besides_sums(table), *sum_findings(table)])


def findings_besides_sums(table: PrintedTable) -> list[Finding]:
    """What one table gives by its labels, its cells and their signs."""
    return [*_label_findings(table), *_cell_findings(table), *_sign_findings(table)]


def printed_step(table: PrintedTable) -> Decimal:
    """The value of the last decimal the table prints: 0.001 in a table with three decimals."""
    return Decimal(1).scaleb(-max((cell.decimals for row in table.rows for cell in row.cells), default=0))


def judge(sum_: Sum, step: Decimal) -> Finding | None:
    """The finding a sum gives, or `None` when it foots. `step` is the value of the last printed decimal."""
    slack = step / 2 * sum_.terms
    difference = sum_.difference
    values = {"label": sum_.label, "year": sum_.year, "printed": _shown(sum_.result), "computed": sum_.computed,
              "difference": difference}
    if difference == 0:
        return None
    if abs(difference) <= slack:
        return Finding("footing.rounding", Severity.NOTE, sum_.result.where, values)
    turned = _lost_sign(sum_, slack)
    if turned is not None:
        return Finding("footing.sign-error", Severity.ERROR, turned.where,
                       {**values, "cell": _shown(turned), "turned": -turned.nought})
    scaled = _thousandfold(sum_, slack)
    if scaled is not None:
        cell, right = scaled
        return Finding("footing.thousandfold", Severity.ERROR, cell.where, {**values, "cell": _shown(cell),
                                                                            "right": right})
    return Finding(sum_.code, Severity.ERROR, sum_.result.where, values)


def _lost_sign(sum_: Sum, slack: Decimal) -> PrintedCell | None:
    """The one figure whose sign, turned, makes the sum foot and agrees with what its row is."""
    candidates = []
    for cell, role, effect in (*((c, r, -2) for c, r in sum_.addends), (sum_.result, sum_.result_role, 2)):
        fits = abs(sum_.computed - sum_.result.nought + effect * cell.nought) <= slack
        if fits and cell.nought != 0 and -cell.nought * _SIGN.get(role, 0) >= 0:
            candidates.append((cell, role))
    wrong = [cell for cell, role in candidates if cell.nought * _SIGN.get(role, 0) < 0]
    certain = wrong or [cell for cell, _ in candidates]
    return certain[0] if len(certain) == 1 else None


def _thousandfold(sum_: Sum, slack: Decimal) -> tuple[PrintedCell, Decimal] | None:
    """The one figure that makes the sum foot when it is taken a thousand times smaller or larger."""
    candidates = []
    for cell, sign in (*((c, 1) for c, _ in sum_.addends), (sum_.result, -1)):
        for right in (cell.nought / THOUSAND, cell.nought * THOUSAND):
            if cell.nought != 0 and abs(sum_.computed - sum_.result.nought + sign * (right - cell.nought)) <= slack:
                candidates.append((cell, right))
    return candidates[0] if len(candidates) == 1 else None


def _shown(cell: PrintedCell) -> str:
    return cell.text.strip() or "–"


def _label_findings(table: PrintedTable) -> Iterator[Finding]:
    if table.unit is None:
        yield Finding("footing.unit-unstated", Severity.NOTE, table.where, {"table": table.name})
    if table.price_level is None and not table.price_level_label:
        yield Finding("footing.price-level-unstated", Severity.NOTE, table.where, {"table": table.name})


def _cell_findings(table: PrintedTable) -> Iterator[Finding]:
    for row in table.rows:
        for cell in row.cells:
            if not cell.readable:
                yield Finding("footing.not-a-number", Severity.ERROR, cell.where,
                              {"text": cell.text, "label": row.label})


@dataclass(frozen=True)
class _Group:
    """Rows that a closing row adds up; `closing` is `None` when no such row is printed."""

    parts: tuple[PrintedRow, ...]
    closing: PrintedRow | None


def _groups(table: PrintedTable) -> list[_Group]:
    found: list[_Group] = []
    parts: list[PrintedRow] = []
    others: list[PrintedRow] = []
    for row in table.rows:
        if row.role is Role.NET:
            found.append(_Group(tuple(parts), row))
            parts = []
        elif row.role is Role.TOTAL:
            found.append(_Group(tuple(others), row))
            others = []
        elif row.role is Role.OTHER:
            others.append(row)
        elif row.role is not Role.DETAIL:
            parts.append(row)
    return [*found, _Group(tuple(parts), None)] if parts else found


def sum_findings(table: PrintedTable) -> list[Finding]:
    """Sums that do not foot: down to the net and total rows, and across to the total columns."""
    step = printed_step(table)
    sums, labels = table_sums(table)
    return once_per_cell([*labels, *(finding for finding in (judge(each, step) for each in sums) if finding)])


def table_sums(table: PrintedTable) -> tuple[list[Sum], list[Finding]]:
    """What should add up in a table, down and across, and the labels that say another sum than the figures do."""
    step = printed_step(table)
    sums: list[Sum] = []
    labels: list[Finding] = []
    for group in _groups(table):
        found, label = _group_sums(group, table.columns, step)
        sums += found
        labels += [label] if label else []
    for row in table.rows:
        sums += _across_sums(row, table.columns)
    return sums, labels


_OF_SUMS = {f"footing.{name}" for name in ("row-does-not-foot", "total-does-not-foot", "total-not-sum", "sign-error",
                                           "thousandfold", "rounding")}

_OF_SIGNS = {"footing.saving-positive", "footing.investment-negative"}


def once_per_cell(findings: Iterable[Finding]) -> list[Finding]:
    """One wrong figure, one finding: of those on sums the first for each cell, and no bare sign beside a lost one."""
    every = list(findings)
    lost_signs = {finding.where for finding in every if finding.code == "footing.sign-error"}
    named: set[str] = set()
    kept = []
    for finding in every:
        of_sum = finding.code in _OF_SUMS
        said = finding.where in (named if of_sum else lost_signs if finding.code in _OF_SIGNS else ())
        if not said:
            kept.append(finding)
        if of_sum:
            named.add(finding.where)
    return kept


def _sign_findings(table: PrintedTable) -> Iterator[Finding]:
    for row in table.rows:
        yield from _wrong_sign(row, table.columns)


def _group_sums(
    group: _Group, columns: Sequence[PrintedColumn], step: Decimal
) -> tuple[list[Sum], Finding | None]:
    closing = group.closing
    if closing is None or not group.parts:
        return [], None
    sums = [
        Sum(tuple((row.cells[at], row.role) for row in group.parts), closing.cells[at], closing.role, closing.label,
            year_label(column, columns),
            "footing.total-does-not-foot" if closing.role is Role.TOTAL else "footing.row-does-not-foot")
        for at, column in enumerate(columns)
    ]
    sums = [each for each in sums if _complete(each)]
    labelled = _labelled_formula(group)
    if labelled is not None and sums:
        as_labelled = [_differenced(each, labelled) for each in sums]
        fits, fits_label = (sum(abs(s.difference) <= step / 2 * s.terms for s in kind) for kind in (sums, as_labelled))
        if fits_label > fits or fits_label == len(sums):
            sums = as_labelled
        elif fits == len(sums):
            return [], Finding("footing.label-formula", Severity.WARNING, closing.where,
                               {"label": closing.label, "formula": labelled.text, "right": labelled.as_sum})
    return sums, None


def _complete(sum_: Sum) -> bool:
    """All cells can be read, and both sides of the sum are printed."""
    cells = [cell for cell, _ in sum_.addends]
    readable = all(cell.readable for cell in (*cells, sum_.result))
    return readable and not sum_.result.computed and not sum_.result.blank and not all(cell.blank for cell in cells)


_LETTER = re.compile(r"\(\s*([A-Z])\s*\)")
_DIFFERENCE = re.compile(rf"\(\s*([A-Z])\s*[-–{MINUS}]\s*([A-Z])\s*\)")


@dataclass(frozen=True)
class _Difference:
    """What a label such as "(B-A)" says: the place of the row that is taken off, and the formula."""

    taken_off: int
    text: str
    as_sum: str


def _labelled_formula(group: _Group) -> _Difference | None:
    stated = _DIFFERENCE.search(group.closing.label) if group.closing else None
    letters = {found[1]: at for at, row in enumerate(group.parts) for found in _LETTER.finditer(row.label)}
    if stated is None or len(group.parts) != 2 or {stated[1], stated[2]} != set(letters):
        return None
    return _Difference(letters[stated[2]], f"{stated[1]}-{stated[2]}", "+".join(sorted(letters)))


def _differenced(sum_: Sum, formula: _Difference) -> Sum:
    """The same figures with one taken off, as the label says; signs are then the label's, not the house's."""
    addends = list(sum_.addends)
    cell = addends[formula.taken_off][0]
    addends[formula.taken_off] = (replace(cell, value=-cell.nought if cell.value is not None else None), Role.OTHER)
    return replace(sum_, addends=tuple((cell, Role.OTHER) for cell, _ in addends))


def is_outcome(column: PrintedColumn) -> bool:
    """The column holds a result or an expectation, rather than a budget."""
    return column.basis in (Basis.REALISED, Basis.EXPECTED)


def _across_sums(row: PrintedRow, columns: Sequence[PrintedColumn]) -> Iterator[Sum]:
    """A column "I alt" must be the sum of the years of its own kind (budget, or what came and is expected to come).

    Where each year stands once, it is the sum of all of them: what came in the first, and is expected in the rest.
    """
    years = [column.year for column in columns if column.year is not None]
    for at, column in enumerate(columns):
        if column.year is not None:
            continue
        once = len(set(years)) == len(years)
        of_kind = [i for i, c in enumerate(columns)
                   if c.year is not None and (once or is_outcome(c) == is_outcome(column))]
        sum_ = Sum(tuple((row.cells[i], row.role) for i in of_kind), row.cells[at], row.role, row.label,
                   year_label(column, columns), "footing.total-does-not-foot")
        if of_kind and _complete(sum_):
            yield sum_


def _wrong_sign(row: PrintedRow, columns: Sequence[PrintedColumn]) -> Iterator[Finding]:
    """Savings are negative and investments positive. A result may go the other way, so there it is a warning."""
    sign = _SIGN.get(row.role, 0)
    figures = [(cell, column) for cell, column in zip(row.cells, columns, strict=True) if cell.nought != 0]
    wrong = [(cell, column) for cell, column in figures if cell.nought * sign < 0]
    code = "footing.saving-positive" if row.role is Role.SAVING else "footing.investment-negative"
    other_convention = len(wrong) == len(figures) > 1  # said once, as a warning: hardly lost signs
    for cell, column in wrong[:1] if other_convention else wrong:
        doubtful = other_convention or column.basis in (Basis.REALISED, Basis.EXPECTED)
        yield Finding(code, Severity.WARNING if doubtful else Severity.ERROR, cell.where,
                      {"label": row.label, "year": year_label(column, columns), "printed": _shown(cell)})


def year_label(column: PrintedColumn, columns: Sequence[PrintedColumn]) -> str:
    """The year of a column, or the years that a total spans."""
    if column.year is not None:
        return str(column.year)
    years = [c.year for c in columns if c.year is not None]
    return f"{min(years)}–{max(years)}" if years else "–"
