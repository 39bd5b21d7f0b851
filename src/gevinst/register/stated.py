"""Check figures: net figures and totals that a file states beside the figures they are computed from.

Net is computed, never kept. A file may still state it, as municipal tables do; then it must foot. Stated
figures are laid out as the printed tables that `footing` knows, each cell with its place in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import Basis, Portfolio
from gevinst.register.consistency import Path
from gevinst.register.findings import Severity
from gevinst.register.footing import sum_findings
from gevinst.register.footing_across import check_document
from gevinst.register.printed_tables import (
    PrintedCell,
    PrintedColumn,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    Role,
    decimals_of,
)
from gevinst.register.units import Unit, in_unit


@dataclass(frozen=True)
class StatedTotal:
    """An investment's figures over all years, as a file states them."""

    investment: Amount | None = None
    saving: Amount | None = None
    net: Amount | None = None


@dataclass(frozen=True)
class StatedYear:
    """A year's figures over all investments, as a file states them."""

    year: int
    investment: Amount | None = None
    saving: Amount | None = None
    net: Amount | None = None


@dataclass
class Stated:
    """The check figures of a file: by path, with the figure as written and its place."""

    unit: Unit
    figures: dict[Path, Any] = field(default_factory=dict)  # Amount, StatedTotal or tuple[StatedYear, ...]
    texts: dict[Path, str] = field(default_factory=dict)  # every amount of the file, as written
    locate: Callable[[Path], str] = field(default=lambda path: str(path))

    def cell(self, amount: Amount | None, path: Path, computed: Amount) -> PrintedCell:
        """The figure at `path` as a printed cell, or the computed one where none is stated."""
        figure = in_unit(amount or computed, self.unit)
        return PrintedCell(self.texts.get(path, str(figure)), figure, decimals_of(figure), self.locate(path),
                           computed=amount is None)


@dataclass(frozen=True)
class Reading:
    """What a file gave: the portfolio (`None` if it cannot be kept), every fault, and the check figures."""

    portfolio: Portfolio | None
    faults: list[GevinstError]
    stated: Stated

    def require(self, file: str) -> Portfolio:
        """The portfolio; raises the first fault, also where a stated net figure or total does not foot.

        Figures that foot but look wrong are left to `check_portfolio_file`.
        """
        for fault in self.faults:
            raise fault
        if self.portfolio is None:
            raise GevinstError("register.not-a-portfolio", where=file)
        if self.stated.figures:
            document = stated_tables(self.portfolio, self.stated)
            sums = [finding for table in document.tables for finding in sum_findings(table)]
            for finding in [*sums, *check_document(document)]:
                if finding.severity is Severity.ERROR:
                    raise finding.as_error()
        return self.portfolio


_ROLES = ((Role.INVESTMENT, "investment"), (Role.SAVING, "saving"), (Role.NET, "net"))


def _label(role: Role) -> str:
    return {
        Role.INVESTMENT: say(da="investering", en="investment"),
        Role.SAVING: say(da="besparelse", en="saving"),
        Role.NET: say(da="netto", en="net"),
    }[role]


def stated_tables(portfolio: Portfolio, stated: Stated) -> PrintedDocument:
    """The budget as printed tables: one per investment, and one of the stated totals of the portfolio.

    A figure that is not stated stands as it is computed, so that those that are stated meet something.
    """
    tables = [_budget_table(portfolio, index, stated) for index, i in enumerate(portfolio.investments) if i.budget]
    if ("totals",) in stated.figures:
        tables.append(_totals_table(portfolio, stated))
    return PrintedDocument(tuple(tables), whole=True)


def _sum(amounts: Iterable[Amount], level: PriceLevel) -> Amount:
    """The sum as a table would print it. Price levels that are mixed are a finding of their own."""
    return Amount(sum(amount.ore for amount in amounts), level)


def _budget_table(portfolio: Portfolio, index: int, stated: Stated) -> PrintedTable:
    investment = portfolio.investments[index]
    base: Path = ("investments", index)
    columns = [PrintedColumn(b.year, Basis.BUDGET) for b in investment.budget]
    total = stated.figures.get((*base, "total"))
    rows = []
    for role, name in _ROLES:
        cells = []
        for at, year in enumerate(investment.budget):
            path = (*base, "budget", at, name)
            amount = stated.figures.get(path) if role is Role.NET else getattr(year, name)
            cells.append(stated.cell(amount, path, year.net))
        if total is not None:
            computed = _sum((getattr(year, name) for year in investment.budget), portfolio.price_level)
            cells.append(stated.cell(getattr(total, name), (*base, "total", name), computed))
        rows.append(PrintedRow(f"{investment.number}: {_label(role)}", role, tuple(cells), stated.locate(base)))
    if total is not None:
        columns.append(PrintedColumn(None, Basis.BUDGET))
    level = investment.budget[0].investment.level
    return _table(investment.title, stated.locate((*base, "budget")), columns, rows, stated, level,
                  context=(f"{investment.number}. {investment.title}",))


def _totals_table(portfolio: Portfolio, stated: Stated) -> PrintedTable:
    years: tuple[StatedYear, ...] = stated.figures[("totals",)]
    columns = [PrintedColumn(year.year, Basis.BUDGET) for year in years]
    rows = []
    for role, name in _ROLES:
        cells = []
        for at, year in enumerate(years):
            budgets = (b for i in portfolio.investments for b in i.budget if b.year == year.year)
            computed = _sum((getattr(budget, name) for budget in budgets), portfolio.price_level)
            cells.append(stated.cell(getattr(year, name), ("totals", at, name), computed))
        rows.append(PrintedRow(_label(role), role, tuple(cells), stated.locate(("totals",))))
    return _table(portfolio.title, stated.locate(("totals",)), columns, rows, stated, portfolio.price_level,
                  context=(), summary=True)


def _table(
    caption: str,
    where: str,
    columns: list[PrintedColumn],
    rows: list[PrintedRow],
    stated: Stated,
    level: PriceLevel,
    *,
    context: tuple[str, ...],
    summary: bool = False,
) -> PrintedTable:
    return PrintedTable(
        number="", caption=caption, where=where, unit=stated.unit, price_level=level, price_level_label=str(level),
        columns=tuple(columns), rows=tuple(rows), context=context, summary=summary,
    )

