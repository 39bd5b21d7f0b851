"""The table of the portfolio's page: a line for each investment, with what the columns mean under it."""

from __future__ import annotations

from collections.abc import Sequence

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.table import FollowUp
from gevinst.language import NO_BREAK, say
from gevinst.register.business_case import Line
from gevinst.report.amount_tables import notes, sources
from gevinst.report.amounts import EN_DASH
from gevinst.report.charts.words import listed
from gevinst.report.covered import all_realised, budget_note, covered, last_result
from gevinst.report.credible import biased_amounts
from gevinst.report.effect.told import since_start
from gevinst.report.one_page_amounts import (
    SHORT_SOURCE,
    Scale,
    fewest,
    levels_note,
    printed,
    shortened,
    table_unit,
)
from gevinst.report.one_page_answer import UNTOLD, ground
from gevinst.report.one_page_people import Hundred, hundred_of
from gevinst.report.one_page_status import status_note, status_words
from gevinst.report.tree import Cell, Column, Row, Table, text_cell

MOST_LINES = 12
"""So many investments have a line; a page has no room for more."""
LONG_TITLE, SHORT_TITLE = 100, 60
CHART_UP_TO = 7
"""With more investments than this the columns of the page have no room, and titles are shorter."""


def lines_table(edition: Edition, scale: Scale) -> Table:
    """A line for each investment: budget, last result, expected in all, of one hundred participants, and status.

    A column in which nothing is told is left out.
    """
    whole = edition.portfolio_follow_up
    last = last_result(whole)
    year = None if last is None else last.year
    rows, rounding = fewest(scale, lambda places: _rows(edition, year, scale, places), _adds_up)
    columns, rows = _with_something(_columns(year, edition), rows)
    hundreds = ((part.investment, hundred_of(part.investment, edition)) for part in edition.follow_ups[:MOST_LINES])
    found = {number: one for number, one in hundreds if one is not None}
    amounts = bool(whole.figures())
    return Table(
        "one-page/portfolio",
        say(da="Kommunens nettoudgift til hver investering", en="The municipality's net cost of each investment")
        if amounts else say(da="Hver investering", en="Each investment"), columns, tuple(rows),
        note=notes(levels_note(whole), rounding, budget_note(covered(edition), whole),
                   _not_all(edition), _by_chance(found), _untold(edition),
                   status_note(edition)),
        source=shortened(sources(whole.figures(), edition) if amounts else edition.portfolio.source, SHORT_SOURCE),
        unit=table_unit(whole, scale) if amounts else "")


def _rows(edition: Edition, year: int | None, scale: Scale, places: int) -> list[Row]:
    whole, parts = edition.portfolio_follow_up, edition.follow_ups[:MOST_LINES]
    room, rows = LONG_TITLE if len(parts) <= CHART_UP_TO else SHORT_TITLE, []
    for part in parts:
        case = edition.portfolio.investment(part.investment)
        told = ground(case, edition) not in UNTOLD
        rows.append(Row((
            text_cell(f"{part.investment}. {shortened(part.title, room)}"),
            *_amounts(part, year, scale, places, told=told), *_hundred_cells(hundred_of(part.investment, edition)),
            text_cell(status_words(case, edition)))))
    if len(parts) == len(edition.follow_ups) and whole.figures():
        rows.append(Row((
            text_cell(say(da="I alt", en="Total")),
            *_amounts(whole, year, scale, places, told=not biased_amounts(edition)),
            text_cell(""), text_cell(""), text_cell("")), "total"))
    return rows


def _adds_up(rows: list[Row]) -> bool:
    """Whether the printed figures of each column of amounts give its printed sum; one with a gap is not looked at."""
    if not rows or rows[-1].kind != "total":
        return True
    for cells in zip(*(row.cells[1:-3] for row in rows), strict=True):
        *values, total = (printed(cell) for cell in cells)
        if total is not None and None not in values and sum(one or 0 for one in values) != total:
            return False
    return True


def _columns(year: int | None, edition: Edition) -> tuple[Column, ...]:
    done = all_realised(edition.portfolio_follow_up)
    whole = say(da=f"Resultat i{NO_BREAK}alt", en="Result, total") if done else say(da=f"Forventet i{NO_BREAK}alt",
                                                                                    en="Expected, total")
    off = say(da="Af 100, ude", en="Of 100, off")
    return (
        Column(say(da="Investering", en="Investment"), numeric=False),
        Column(say(da=f"Budget i{NO_BREAK}alt", en="Budget, total")),
        *([Column(say(da=f"Resultat {year}", en=f"Result {year}"))] if year is not None else []),
        Column(whole), Column(say(da="Med", en="With"), off), Column(say(da="Uden", en="Without"), off),
        Column(say(da="Status", en="Status"), numeric=False))


def _with_something(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[tuple[Column, ...], list[Row]]:
    """The columns in which something is told, and the rows without the others."""
    kept = [at for at, _ in enumerate(columns) if any(row.cells[at].text not in ("", EN_DASH) for row in rows)]
    return (tuple(columns[at] for at in kept),
            [Row(tuple(row.cells[at] for at in kept), row.kind) for row in rows])


def _amounts(table: FollowUp, year: int | None, scale: Scale, places: int, *, told: bool) -> list[Cell]:
    """Budget, the result of the last year that is a result for all, and all years together; a dash where not told."""
    results = {one.year: one.outcome.get(Line.NET) for one in table.years}
    outcome: list[Figure | None] = [results.get(year)] if year is not None else []
    outcome.append(table.outcome_total.get(Line.NET))
    return [scale.cell(table.budget_total.get(Line.NET), EN_DASH, places),
            *(scale.cell(figure if told else None, EN_DASH, places) for figure in outcome)]


def _hundred_cells(hundred: Hundred | None) -> tuple[Cell, Cell]:
    if hundred is None:
        return Cell(EN_DASH), Cell(EN_DASH)
    off = hundred.off
    return (Cell(str(off.with_effort), off.with_effort, "count"), Cell(str(off.without), off.without, "count"))


def _not_all(edition: Edition) -> str:
    more = len(edition.follow_ups) - MOST_LINES
    return say(da=f"{more} investeringer mere står i notatet.",
               en=f"{more} more investments are in the memo.") if more > 0 else ""


def _by_chance(found: dict[str, Hundred]) -> str:
    """When the hundred is counted, and where the difference may be chance."""
    if not found:
        return ""
    weeks = {one.week for one in found.values()}
    when = say(da=f"Af 100, ude: ude af ydelsen {since_start(*weeks)}, med indsatsen og uden.",
               en=f"Of 100, off: off the benefit {since_start(*weeks)}, with the effort and without."
               ) if len(weeks) == 1 else say(
        da="Af 100, ude: ude af ydelsen med indsatsen og uden.",
        en="Of 100, off: off the benefit with the effort and without.")
    unsure = [number for number, one in found.items() if not one.sure and one.off.apart]
    return notes(when, say(da=f"Forskellen kan være tilfældig i investering {listed(unsure)}.",
                           en=f"The difference may be chance in investment {listed(unsure)}.") if unsure else "")


def _untold(edition: Edition) -> str:
    hidden = [part.investment for part in edition.follow_ups
              if part.outcome_total and ground(edition.portfolio.investment(part.investment), edition) in UNTOLD]
    return say(da=f"Investering {listed(hidden)}: Resultatet kan ikke bruges som svar og vises ikke her.",
               en=f"Investment {listed(hidden)}: the result gives no answer and is not shown here.") if hidden else ""
