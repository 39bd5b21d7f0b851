"""`gevinst portfolio check`: everything that is wrong or doubtful in a file, with its place.

Takes the program's own files (YAML or workbook, with the net figures and totals they may state), and files
that hold tables as municipal documents print them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import yaml

from gevinst.errors import GevinstError
from gevinst.money import total
from gevinst.register import bundled, printed_yaml, workbook_reader, yaml_nodes, yaml_reader
from gevinst.register.business_case import Investment, Portfolio
from gevinst.register.find_tables import Grid, find_document
from gevinst.register.findings import Finding, Severity
from gevinst.register.footing import check_table, once_per_cell
from gevinst.register.footing_across import check_document
from gevinst.register.portfolio_file import WORKBOOKS, YAMLS, holding_cpr
from gevinst.register.printed_tables import PrintedDocument, decimals_of
from gevinst.register.stated import Reading, Stated, stated_tables
from gevinst.register.stop_rules import stop_rule_findings
from gevinst.register.units import Unit, in_unit


def check_portfolio_file(path: Path, adopted: Iterable[Portfolio] | None = None) -> list[Finding]:
    """All findings in a portfolio file or in a file of printed tables; an empty list when there are none.

    `adopted` are portfolios whose budgets printed tables are compared with, to find price levels that were
    relabelled without conversion; by default those that come with the program. Raises nothing: a file that
    cannot be read is a finding.
    """
    known = bundled.portfolios() if adopted is None else tuple(adopted)
    try:
        if path.suffix.lower() in WORKBOOKS:
            sheets = workbook_reader.open_sheets(path)
            if workbook_reader.is_portfolio(sheets):
                return _portfolio_findings(workbook_reader.read_sheets(sheets, path), str(path))
            return check_printed(find_document(workbook_reader.grids(sheets)), known, str(path))
        if path.suffix.lower() in YAMLS:
            return _yaml_findings(yaml_nodes.compose(path), str(path), known)
        raise GevinstError("register.file-kind", where=str(path), suffix=path.suffix or path.name)
    except GevinstError as error:
        return [Finding.of_error(error)]


def _person_findings(portfolio: Portfolio, where: str) -> Iterator[Finding]:
    """The record is printed: no person may stand in it, and `read_portfolio_file` refuses it."""
    if fields := holding_cpr(portfolio):
        yield Finding("register.holds-cpr", Severity.ERROR, where, {"fields": ", ".join(fields)})


def check_printed(document: PrintedDocument, adopted: Iterable[Portfolio] = (), where: str = "") -> list[Finding]:
    """All findings in printed tables: table by table, then between them. A document without any is a finding."""
    if not document.tables:
        return [Finding("footing.no-tables", Severity.ERROR, where)]
    alone = [finding for table in document.tables for finding in check_table(table)]
    return once_per_cell([*alone, *check_document(document, adopted)])


def _yaml_findings(node: yaml.Node, file: str, known: Iterable[Portfolio]) -> list[Finding]:
    if printed_yaml.holds_printed_tables(node):
        grids: list[Grid] = printed_yaml.grids(node, file)
        return check_printed(find_document(grids), known, file)
    return _portfolio_findings(yaml_reader.read_node(node, file), file)


def _portfolio_findings(reading: Reading, where: str) -> list[Finding]:
    found = [Finding.of_error(fault) for fault in reading.faults]
    if reading.portfolio is None or reading.faults:
        return found
    document = stated_tables(reading.portfolio, reading.stated)
    alone = [finding for table in document.tables for finding in check_table(table)]
    found += once_per_cell([*alone, *check_document(document)])
    return [*_person_findings(reading.portfolio, where), *found, *_level_findings(reading.portfolio, reading.stated),
            *_prudence_findings(reading.portfolio, reading.stated), *_group_findings(reading.portfolio, reading.stated),
            *stop_rule_findings(reading.portfolio, reading.stated.locate)]


def _level_findings(portfolio: Portfolio, stated: Stated) -> Iterator[Finding]:
    """Budgets in another price level than the portfolio's cannot be added up with the rest."""
    for at, investment in enumerate(portfolio.investments):
        for index, year in enumerate(investment.budget):
            if year.investment.level != portfolio.price_level:
                yield Finding("footing.budget-level", Severity.WARNING,
                              stated.locate(("investments", at, "budget", index, "investment")),
                              {"year": year.year, "table": investment.title, "level": year.investment.level,
                               "portfolio": portfolio.price_level})


def _group_findings(portfolio: Portfolio, stated: Stated) -> Iterator[Finding]:
    """Investments drawn from one group of persons: a week saved may be claimed by more than one of them."""
    seen: dict[tuple[str, Decimal], Investment] = {}
    for at, investment in enumerate(portfolio.investments):
        group = investment.target_group
        if group.benefit and group.full_time_persons is not None:
            first = seen.setdefault((group.benefit, group.full_time_persons), investment)
            if first is not investment:
                yield Finding("footing.shared-target-group", Severity.NOTE,
                              stated.locate(("investments", at, "target_group", "full_time_persons")),
                              {"one": first.number, "other": investment.number, "persons": group.full_time_persons})


def _prudence_findings(portfolio: Portfolio, stated: Stated) -> Iterator[Finding]:
    """What was laid into the budget must be the factor times the net potential, as far as rounding allows."""
    prudence = portfolio.prudence
    levels = {b.investment.level for i in portfolio.investments for b in i.budget}
    if prudence is None or not prudence.laid_in or levels | {a.level for _, a in prudence.laid_in} != {
        portfolio.price_level
    }:
        return
    potential = portfolio.net_potential()
    laid_in = total((amount for _, amount in prudence.laid_in), portfolio.price_level)
    figures = [in_unit(amount, stated.unit) for _, amount in prudence.laid_in]
    step = Decimal(1).scaleb(-max(decimals_of(figure) for figure in figures)) * int(stated.unit)
    difference = (laid_in - potential.scaled(prudence.factor)).in_dkk
    if abs(difference) > step:
        yield Finding("footing.prudence", Severity.WARNING, stated.locate(("prudence",)),
                      {"laid_in": in_unit(laid_in, Unit.MILLION), "factor": prudence.factor,
                       "potential": in_unit(potential, Unit.MILLION),
                       "computed": in_unit(potential.scaled(prudence.factor), Unit.MILLION)})
