"""Do the tables of a document agree with each other, with its text, and with what was adopted?

Units and price levels that change between tables, years that do not match, totals over investments, the same
line printed twice, table numbers used twice, and sums stated in sentences. Reads `PrintedTable`s only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations

from gevinst.register.business_case import Basis, Investment, Portfolio
from gevinst.register.findings import Finding, Severity
from gevinst.register.footing import Sum, is_outcome, judge, printed_step, year_label
from gevinst.register.printed_tables import (
    PrintedCell,
    PrintedColumn,
    PrintedDocument,
    PrintedRow,
    PrintedSum,
    PrintedTable,
    Role,
)
from gevinst.register.subjects import cases_by_subject, cases_of_rows, is_case
from gevinst.register.units import Unit, in_unit

Pair = tuple[PrintedColumn, PrintedCell, PrintedCell]  # a column, the printed figure, and the one to compare with
LINES = (Role.INVESTMENT, Role.SAVING, Role.NET)
_OF_BUDGET = (*LINES, Role.TOTAL)
_LEAST_ALIKE = 5
_FACTORS = (Decimal(1), Decimal(1000), Decimal(1) / 1000)


def check_document(document: PrintedDocument, adopted: Iterable[Portfolio] = ()) -> list[Finding]:
    """All findings between tables, and between tables and text; `adopted` are portfolios to compare with."""
    tables = [table for table in document.tables if table.rows]
    cases = [table for table in tables if is_case(table)]
    found: list[Finding] = []
    if not document.whole:  # a portfolio's own file has no numbers, and its years are checked against its own
        found += [*_repeated_numbers(document.tables), *_years(tables), *_repeated_cases(cases)]
    for table in tables:
        if table.summary:
            found += _summary(table, cases) if document.whole or len(cases) > 1 else []
        elif not is_case(table):
            found += _overview(table, cases)
    found += _relabelled_since_adoption(cases, adopted)
    return found + _stated_sums(document)


def _repeated_numbers(tables: Iterable[PrintedTable]) -> Iterator[Finding]:
    seen: dict[str, PrintedTable] = {}
    for table in tables:
        if table.number and seen.setdefault(table.number, table) is not table:
            yield Finding("footing.duplicate-table-number", Severity.ERROR, table.caption_where,
                          {"number": table.number, "first": seen[table.number].name, "table": table.name})


def _years(tables: list[PrintedTable]) -> Iterator[Finding]:
    """Tables whose years neither contain nor lie within the years of the overview, or else of most tables.

    Only tables of the same thing are compared: what is put in, what is saved, and their sums. A table of something
    else by year, such as what persons' data hold, may have years of its own.
    """
    tables = [table for table in tables if table.summary or any(table.of_role(role) for role in _OF_BUDGET)]
    spans = [table.years for table in tables]
    overview = [table.years for table in tables if table.of_role(Role.TOTAL) or table.summary]
    if not spans:
        return
    usual = Counter(overview or spans).most_common(1)[0][0]
    for table in tables:
        if not set(table.years) <= set(usual) and not set(usual) <= set(table.years):
            yield Finding("footing.years-disagree", Severity.ERROR, table.years_where or table.where,
                          {"table": table.name, "years": _span(table.years), "usual": _span(usual)})


def _span(years: tuple[int, ...]) -> str:
    return f"{years[0]}–{years[-1]}" if years else "–"


def _rate(one: PrintedTable, other: PrintedTable) -> Decimal:
    """What `other`'s figures are multiplied by to stand in `one`'s unit, by their labels."""
    if one.unit is None or other.unit is None:
        return Decimal(1)
    return Decimal(int(other.unit)) / int(one.unit)


def _column(table: PrintedTable, like: PrintedColumn) -> int | None:
    """The column with the same year that holds the same kind of figure: budget, or what came of it."""
    for at, column in enumerate(table.columns):
        if column.year == like.year and is_outcome(column) == is_outcome(like):
            return at
    return None


def _only_row(table: PrintedTable, role: Role) -> PrintedRow | None:
    rows = table.of_role(role)
    return rows[0] if len(rows) == 1 else None


def _pairs(row: PrintedRow, overview: PrintedTable, case: PrintedTable, role: Role) -> list[Pair]:
    line = _only_row(case, role)
    if line is None:
        return []
    at = [(index, _column(case, column)) for index, column in enumerate(overview.columns)]
    return [(overview.columns[index], row.cells[index], line.cells[other]) for index, other in at
            if other is not None and row.cells[index].readable and line.cells[other].readable]


def _agrees(printed: Decimal, figure: Decimal, step: Decimal) -> bool:
    return abs(printed - figure) <= step / 2


def _overview(overview: PrintedTable, cases: list[PrintedTable]) -> list[Finding]:
    """An overview prints one line of each case. Find which line and in which unit, then what does not agree."""
    links = cases_of_rows(overview, cases)
    counts: Counter[tuple[Role, Decimal]] = Counter()
    compared: Counter[Role] = Counter()
    for row, case in links:
        for role in LINES:
            for _, printed, figure in _pairs(row, overview, case, role):
                compared[role] += 1
                for factor in _FACTORS:
                    scale = _rate(overview, case) * factor
                    counts[role, factor] += _agrees(printed.nought, figure.nought * scale, _step(overview, case, scale))
    best = max(counts, key=lambda key: (counts[key], key[1] == 1), default=None)
    if best is None or 2 * counts[best] < compared[best[0]]:
        return []
    role, factor = best
    found = list(_unit_findings(overview, [case for _, case in links], factor))
    for row, case in links:
        scale = _rate(overview, case) * factor
        for column, printed, figure in _pairs(row, overview, case, role):
            if not _agrees(printed.nought, figure.nought * scale, _step(overview, case, scale)):
                found.append(Finding("footing.overview-differs", Severity.ERROR, printed.where,
                                     {"label": row.label, "year": year_label(column, overview.columns),
                                      "printed": printed.text or "–",
                                      "case": figure.text or "–", "place": figure.where}))
    return found


def _step(one: PrintedTable, other: PrintedTable, scale: Decimal) -> Decimal:
    """The coarser of the two tables' last decimals, in the unit of `one`."""
    return max(printed_step(one), printed_step(other) * scale)


def _unit_findings(overview: PrintedTable, cases: list[PrintedTable], factor: Decimal) -> Iterator[Finding]:
    units = {case.unit for case in cases}
    if factor != 1:
        yield Finding("footing.units-mixed", Severity.ERROR, overview.where,
                      {"table": overview.name, "other": cases[0].name, "place": cases[0].where})
    elif overview.unit is not None and None not in units and units != {overview.unit}:
        other = next(unit for unit in units if unit is not None and unit is not overview.unit)
        yield Finding("footing.units-differ", Severity.NOTE, overview.where,
                      {"table": overview.name, "unit": overview.unit, "other": other})
    levels = {case.price_level for case in cases if case.price_level is not None}
    if overview.price_level is not None and levels and levels != {overview.price_level}:
        yield _mixed(overview, cases)


def _mixed(table: PrintedTable, cases: list[PrintedTable]) -> Finding:
    other = next(c for c in cases if c.price_level is not None and c.price_level != table.price_level)
    return Finding("footing.price-levels-mixed", Severity.ERROR, table.where,
                   {"table": table.name, "level": table.price_level_label, "other": other.name,
                    "other_level": other.price_level_label})


def _summary(summary: PrintedTable, cases: list[PrintedTable]) -> list[Finding]:
    """A table over all investments must be the sum of the case tables, line by line and year by year."""
    found: list[Finding] = []
    step = max([printed_step(summary), *(printed_step(case) * _rate(summary, case) for case in cases)])
    for role in LINES:
        row = _only_row(summary, role)
        for at, column in enumerate(summary.columns if row else ()):
            addends = tuple((cell, Role.OTHER) for case in cases for cell in _scaled(case, role, column, summary))
            if row is None or not addends:
                continue
            if not row.cells[at].readable or row.cells[at].blank or row.cells[at].computed:
                continue
            sum_ = Sum(addends, row.cells[at], Role.OTHER, row.label, year_label(column, summary.columns),
                       "footing.total-not-sum")
            finding = judge(sum_, step)
            if finding:
                found.append(finding)
    levels = {case.price_level for case in cases if case.price_level is not None}
    if summary.price_level is not None and levels - {summary.price_level}:
        found.append(_mixed(summary, cases))
    return found


def _scaled(case: PrintedTable, role: Role, like: PrintedColumn, summary: PrintedTable) -> list[PrintedCell]:
    line, at = _only_row(case, role), _column(case, like)
    if line is None or at is None or line.cells[at].value is None:
        return []
    cell = line.cells[at]
    return [PrintedCell(cell.text, cell.nought * _rate(summary, case), cell.decimals, cell.where)]


def _repeated_cases(cases: list[PrintedTable]) -> Iterator[Finding]:
    """The budget of one investment printed in two tables: the same figures, or differing, or relabelled.

    Where more figures differ than agree, the tables are headed alike and speak of different things.
    """
    named = {(first.where, second.where) for first, second in cases_by_subject(cases)}
    for first, second in combinations(cases, 2):
        scale, equal, differing = _rate(second, first), [], []
        for role in (Role.INVESTMENT, Role.SAVING):
            for column, printed, figure in _budget_pairs(second, first, role):
                if _agrees(printed.nought, figure.nought * scale, _step(second, first, scale)):
                    equal.append(printed)
                    continue
                differing.append(Finding("footing.figures-differ", Severity.ERROR, printed.where,
                                         {"label": _only_label(second, role), "year": column.year,
                                          "printed": printed.text, "other": figure.text, "place": figure.where}))
        if (first.where, second.where) not in named and not _the_same(equal, differing):
            continue
        yield from differing if len(differing) <= len(equal) else ()
        levels = (first.price_level, second.price_level)
        if sum(cell.nought != 0 for cell in equal) >= 2 and None not in levels and levels[0] != levels[1]:
            yield Finding("footing.price-level-relabelled", Severity.ERROR, second.where,
                          {"table": second.name, "level": second.price_level_label, "other": first.name,
                           "other_level": first.price_level_label})


def _the_same(equal: list[PrintedCell], differing: list[Finding]) -> bool:
    """So many figures are the same that the tables are of one investment, however they are headed."""
    figures = [cell.nought for cell in equal if cell.nought != 0]
    return len(figures) >= _LEAST_ALIKE and len(set(figures)) > 2 and len(differing) <= 1


def _only_label(table: PrintedTable, role: Role) -> str:
    row = _only_row(table, role)
    return row.label if row else ""


def _budget_pairs(second: PrintedTable, first: PrintedTable, role: Role) -> list[Pair]:
    """Cells that hold the same budget figure in both tables. A dash says nothing about the other table's figure."""
    line = _only_row(second, role)
    pairs = _pairs(line, second, first, role) if line else []
    return [(column, one, other) for column, one, other in pairs
            if column.basis in (Basis.BUDGET, None) and column.year is not None
            and one.value is not None and other.value is not None]


def _relabelled_since_adoption(cases: list[PrintedTable], adopted: Iterable[Portfolio]) -> Iterator[Finding]:
    """Budget figures equal to those adopted in one year's prices, under a label that says another price level."""
    portfolios = list(adopted)
    for table in cases:
        source = next(((p, i) for p in portfolios for i in p.investments if _is_budget_of(table, i)), None)
        if source is None or table.price_level is None:
            continue
        portfolio, investment = source
        level = investment.budget[0].investment.level
        if level.year is not None and level != table.price_level:
            yield Finding("footing.price-level-relabelled", Severity.ERROR, table.where,
                          {"table": table.name, "level": table.price_level_label,
                           "other": f"{portfolio.title}, {investment.number}", "other_level": level})


def _is_budget_of(table: PrintedTable, investment: Investment) -> bool:
    """Every printed budget figure is the investment's, and there are three different ones at least."""
    unit = table.unit or Unit.MILLION
    years = {b.year: {Role.INVESTMENT: b.investment, Role.SAVING: b.saving} for b in investment.budget}
    printed = [(cell.nought, in_unit(years[column.year][role], unit))
               for role in (Role.INVESTMENT, Role.SAVING) for row in table.of_role(role)
               for cell, column in zip(row.cells, table.columns, strict=True)
               if column.year in years and column.basis in (Basis.BUDGET, None) and cell.nought != 0]
    return len({figure for _, figure in printed}) > 2 and all(one == other for one, other in printed)


def _stated_sums(document: PrintedDocument) -> list[Finding]:
    """Net sums in sentences against the net line of the tables they speak of."""
    linked = [(stated, document.tables[stated.table]) for stated in document.sums if stated.table is not None]
    return [finding for finding in (_stated_sum(stated, table) for stated, table in linked) if finding]


def _stated_sum(stated: PrintedSum, table: PrintedTable) -> Finding | None:
    line = _only_row(table, Role.NET)
    outcome = any(is_outcome(column) for column in table.columns)
    cells = [cell for cell, column in zip(line.cells if line else (), table.columns, strict=bool(line))
             if column.year is not None and is_outcome(column) == outcome]
    if line is None or not cells or not all(cell.readable for cell in cells):
        return None
    rate = Decimal(int(table.unit or stated.unit)) / int(stated.unit)
    computed = sum((cell.nought for cell in cells), Decimal(0)) * rate
    figures = sum(cell.value is not None for cell in cells)
    slack = printed_step(table) * rate / 2 * figures + Decimal(1).scaleb(-stated.decimals) / 2
    values = {"stated": stated.value, "computed": computed, "table": table.name, "place": line.where}
    if computed == stated.value:
        return None
    if abs(computed - stated.value) <= slack:
        return Finding("footing.text-rounding", Severity.NOTE, stated.where, values)
    return Finding("footing.text-sum", Severity.ERROR, stated.where, values)
