"""The small table of an investment's page: cost, saving, the two together and the budget, year by year."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.language import say
from gevinst.register.business_case import Basis, Line
from gevinst.report.amount_tables import Lines, notes, sources
from gevinst.report.amounts import years_text
from gevinst.report.covered import budget_note, covered_in
from gevinst.report.one_page_amounts import (
    MOST_YEARS,
    SHORT_SOURCE,
    Scale,
    fewest,
    levels_note,
    printed,
    shortened,
    table_unit,
)
from gevinst.report.tree import Column, Row, RowKind, Table, text_cell

Part = tuple[Lines, Lines]  # of a year, or of all: the budget's figures and the outcome's


def year_table(table: FollowUp, edition: Edition, scale: Scale, *, told: bool) -> Table | None:
    """Cost, saving, the two together and the budget by year, results beside expectations; None where there is nothing.

    Only cost and its budget where no saving may be `told`.
    """
    some = [year for year in table.years if year.budget or year.outcome]
    years = some[-MOST_YEARS:]
    if not years:
        return None
    parts: list[Part] = [*((year.budget, year.outcome) for year in years), (table.budget_total, table.outcome_total)]
    whole = years == some
    rows, rounding = fewest(scale, lambda places: _rows(parts, scale, places, told=told),
                            lambda built: _adds_up(built, told=told, across=whole))
    columns = (Column("", numeric=False), *(Column(str(year.year), _kind_of(year)) for year in years),
               Column(years_text(tuple(year.year for year in table.years)), say(da="I alt", en="Total")))
    earlier = "" if whole else say(da="De første år står i notatet.", en="The first years are in the memo.")
    return Table(
        f"one-page/{table.investment}",
        say(da="Hvad det koster, og hvad der kommer igen", en="What it costs, and what comes back") if told
        else say(da="Hvad det koster", en="What it costs"), columns, tuple(rows),
        note=notes(levels_note(table), rounding, _blanks(table), earlier, budget_note(
            covered_in(table, edition), table)),
        source=shortened(sources(table.figures(), edition), SHORT_SOURCE), unit=table_unit(table, scale, minus=told))


def _rows(parts: list[Part], scale: Scale, places: int, *, told: bool) -> list[Row]:
    rows = [Row((text_cell(name), *(scale.cell(outcome.get(line), places=places) for _, outcome in parts)), kind)
            for line, name, kind in _lines(told=told) if any(line in outcome for _, outcome in parts)]
    sought = Line.NET if told else Line.INVESTMENT
    if any(sought in budget for budget, _ in parts):
        name = say(da="Budget, lagt sammen", en="Budget, together") if told else say(da="Budgettet", en="The budget")
        rows.append(Row((text_cell(name), *(scale.cell(budget.get(sought), places=places) for budget, _ in parts))))
    return rows


def _lines(*, told: bool) -> tuple[tuple[Line, str, RowKind], ...]:
    cost = say(da="Udgift til indsatsen", en="Cost of the effort")
    if not told:
        return ((Line.INVESTMENT, cost, "body"),)
    return ((Line.INVESTMENT, cost, "body"),
            (Line.SAVING, say(da="Ændring i forsørgelse", en="Change in benefits"), "body"),
            (Line.NET, say(da="Lagt sammen", en="Together"), "total"))


def _kind_of(year: FollowUpYear) -> str:
    if not year.outcome:
        return say(da="Ikke opgjort", en="Not stated")
    return say(da="Resultat", en="Result") if year.basis is Basis.REALISED else say(da="Forventet", en="Expected")


def _adds_up(rows: list[Row], *, told: bool, across: bool) -> bool:
    """Whether printed cost and saving give the printed sum, and the printed years the printed total."""
    values = [[printed(cell) for cell in row.cells[1:]] for row in rows]
    if across and any(row[-1] is not None and sum(one or 0 for one in row[:-1]) != row[-1] for row in values):
        return False
    parts = values[: len(_lines(told=told))]
    if not told or not any(row.kind == "total" for row in rows):
        return True
    return all(net is None or (cost or 0) + (saving or 0) == net for cost, saving, net in zip(*parts, strict=True))


def _blanks(table: FollowUp) -> str:
    if all(len(year.outcome) in (0, len(Line)) for year in table.years):  # over a year with none it says so
        return ""
    return say(da="Tomme felter: ikke opgjort.", en="Blank cells: not stated.")
