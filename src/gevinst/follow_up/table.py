"""Budget beside result beside expected, per investment and for the portfolio: tables that foot.

A year has a budget and an outcome; the outcome is a result (realised) or an expectation. Net is computed from
investment and saving, totals from their parts, unrounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gevinst.follow_up.figures import PORTFOLIO, Figure, Source
from gevinst.money import Amount, PriceLevel, total
from gevinst.register.business_case import Basis, Investment, Line, Portfolio


@dataclass(frozen=True)
class FollowUpYear:
    """One year: the figures of the budget and of the outcome, by line; absent where there is none."""

    year: int
    budget: dict[Line, Figure]
    outcome: dict[Line, Figure]

    @property
    def basis(self) -> Basis:
        """What the outcome is: a result, or expected."""
        return next((figure.basis for figure in self.outcome.values()), Basis.EXPECTED)


@dataclass(frozen=True)
class FollowUp:
    """The follow-up of one investment, or of the portfolio (`investment` is `portfolio`).

    `budget_total` and `outcome_total` are over all years, by line; the outcome's mixes results and expectations
    and is therefore called expected.
    """

    investment: str
    title: str
    years: tuple[FollowUpYear, ...]
    budget_total: dict[Line, Figure]
    outcome_total: dict[Line, Figure]
    budget_level: PriceLevel
    outcome_level: PriceLevel

    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the table."""
        rows = [f for year in self.years for part in (year.budget, year.outcome) for f in part.values()]
        return (*rows, *self.budget_total.values(), *self.outcome_total.values())


def follow_up(
    investment: Investment, portfolio: Portfolio, outcomes: Iterable[Figure], outcome_level: PriceLevel
) -> FollowUp:
    """The follow-up table of one investment.

    `outcomes` are the figures chosen for it (recorded or computed, `follow_up/realised.py`), lines INVESTMENT and
    SAVING; a year with only one of them has no net.
    """
    chosen = list(outcomes)
    years = []
    for year in portfolio.years:
        budget = {}
        for row in investment.budget:
            if row.year == year:
                for line, amount in ((Line.INVESTMENT, row.investment), (Line.SAVING, row.saving)):
                    cited = investment.source or portfolio.source
                    budget[line] = Figure(investment.number, line, year, Basis.BUDGET, amount, "recorded", cited)
        outcome = {figure.line: figure for figure in chosen if figure.year == year}
        years.append(FollowUpYear(year, _with_net(budget), _with_net(outcome)))
    return _table(investment.number, investment.title, years, portfolio.price_level, outcome_level)


def portfolio_follow_up(portfolio: Portfolio, parts: tuple[FollowUp, ...], outcome_level: PriceLevel) -> FollowUp:
    """The sum of the investments' tables, year by year and line by line."""
    years = []
    for place, year in enumerate(portfolio.years):
        rows = [part.years[place] for part in parts]
        basis = Basis.REALISED if all(row.basis is Basis.REALISED for row in rows if row.outcome) else Basis.EXPECTED
        years.append(
            FollowUpYear(
                year,
                _summed([row.budget for row in rows], year, Basis.BUDGET, portfolio.price_level),
                _summed([row.outcome for row in rows], year, basis, outcome_level),
            )
        )
    return _table(PORTFOLIO, portfolio.title, years, portfolio.price_level, outcome_level)


def _table(
    investment: str, title: str, years: list[FollowUpYear], budget_level: PriceLevel, outcome_level: PriceLevel
) -> FollowUp:
    budget = _over_years(investment, [year.budget for year in years], Basis.BUDGET, budget_level)
    outcome = _over_years(investment, [year.outcome for year in years], Basis.EXPECTED, outcome_level)
    return FollowUp(investment, title, tuple(years), budget, outcome, budget_level, outcome_level)


def _with_net(lines: dict[Line, Figure]) -> dict[Line, Figure]:
    if Line.INVESTMENT not in lines or Line.SAVING not in lines:
        return lines
    invested, saved = lines[Line.INVESTMENT], lines[Line.SAVING]
    source: Source = "computed" if "computed" in (invested.source, saved.source) else "recorded"
    basis = invested.basis if invested.basis == saved.basis else Basis.EXPECTED
    net = Figure(
        invested.investment,
        Line.NET,
        invested.year,
        basis,
        invested.amount + saved.amount,
        source,
        saved.cited,
        None if saved.low is None else invested.amount + saved.low,
        None if saved.high is None else invested.amount + saved.high,
    )
    return {**lines, Line.NET: net}


def _whole(part: dict[Line, Figure]) -> bool:
    """Whether a part has both lines and their net, or neither."""
    both = Line.INVESTMENT in part and Line.SAVING in part
    return Line.NET in part if both else Line.INVESTMENT not in part and Line.SAVING not in part


def _summed(parts: list[dict[Line, Figure]], year: int | None, basis: Basis, level: PriceLevel) -> dict[Line, Figure]:
    sums = {}
    for line in (Line.INVESTMENT, Line.SAVING):
        figures = [part[line] for part in parts if line in part]
        if figures:
            source: Source = "computed" if any(f.source == "computed" for f in figures) else "recorded"
            cited = "; ".join(dict.fromkeys(f.cited for f in figures if f.cited))
            amount = total((f.amount for f in figures), level)
            sums[line] = Figure(PORTFOLIO, line, year, basis, amount, source, cited)
    # A net of one case's cost and another's saving would say something about neither.
    whole = all(_whole(part) for part in parts)
    return _with_net(sums) if whole else sums


def _over_years(
    investment: str, years: list[dict[Line, Figure]], basis: Basis, level: PriceLevel
) -> dict[Line, Figure]:
    return {
        line: Figure(investment, line, None, basis, figure.amount, figure.source, figure.cited)
        for line, figure in _summed(years, None, basis, level).items()
    }


def amount_of(figures: dict[Line, Figure], line: Line) -> Amount | None:
    """The amount on a line, or None where the table has none."""
    return figures[line].amount if line in figures else None
