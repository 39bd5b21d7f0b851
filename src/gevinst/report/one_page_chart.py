"""The columns of a page: budget, result and expected beside each other, year by year."""

from __future__ import annotations

from gevinst.follow_up.definition_breaks import BUDGET
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.table import FollowUp
from gevinst.language import say
from gevinst.register.business_case import Basis, Line
from gevinst.report.amount_tables import notes
from gevinst.report.break_notes import crossed, time_marks
from gevinst.report.charts import BudgetResultRow, budget_result_chart, describe_budget_result
from gevinst.report.charts.breaks import mark_years
from gevinst.report.one_page_amounts import MOST_YEARS, Scale, minus_words
from gevinst.report.tree import Block, Column, Figure, Row, Table, text_cell

_KEY = "one-page-years/"
HEIGHT = 118  # pixels; lower than in the memo, for a page has other things to hold


def year_chart(table: FollowUp, edition: Edition, scale: Scale, *, told: bool, alone: bool) -> list[Block]:
    """The net by year; nothing where there is not both a budget and an outcome that may be told.

    `alone`: its numbers stand nowhere else on the page.
    """
    rows, body = [], []
    for year in table.years[-MOST_YEARS:]:
        budget, outcome = year.budget.get(Line.NET), year.outcome.get(Line.NET) if told else None
        if budget is not None:
            rows.append(BudgetResultRow(year.year, "budget", scale.value(budget.amount)))
        if outcome is not None:
            low, high = (None if edge is None else scale.value(edge) for edge in (outcome.low, outcome.high))
            rows.append(BudgetResultRow(year.year, "realised" if outcome.basis is Basis.REALISED else "expected",
                                        scale.value(outcome.amount), low, high))
        if budget is not None or outcome is not None:
            body.append(Row((text_cell(_year(year.year, outcome is not None and outcome.basis is Basis.EXPECTED)),
                             scale.cell(budget), scale.cell(outcome))))
    if len({row.basis for row in rows}) < 2:  # nothing to hold against each other
        return []
    caption = say(da="Kommunens nettoudgift år for år", en="The municipality's net cost by year")
    data = Table(f"{_KEY}{table.investment}", caption,
                 (Column(say(da="År", en="Year"), numeric=False), Column(say(da="Budget", en="Budget")),
                  Column(say(da="Resultat eller forventet", en="Result or expected"))), tuple(body),
                 note=minus_words(), unit=scale.unit)
    spec = budget_result_chart(rows, unit=scale.unit)
    spec["height"] = HEIGHT
    drawn = mark_years(spec, time_marks(edition, BUDGET), sorted({row.year for row in rows}))
    unsure = any(row.low is not None for row in rows)
    return [Figure(
        f"{_KEY}{table.investment}", caption,
        describe_budget_result(rows, unit=scale.unit, decimals=scale.decimals), drawn, data if alone else None,
        note=notes(say(da="Søjler under nul er en besparelse.", en="Columns below zero are a saving."),
                   say(da="De tynde streger viser, hvor usikkert tallet er.",
                       en="The thin lines show how uncertain the figure is.") if unsure else "",
                   crossed(edition, BUDGET)))]


def is_columns(block: Block) -> bool:
    """Whether a block is the columns of a page, which it can do without where there is no room."""
    return isinstance(block, Figure) and block.key.startswith(_KEY)


def _year(year: int, expected: bool) -> str:
    return say(da=f"{year} (forventet)", en=f"{year} (expected)") if expected else str(year)

