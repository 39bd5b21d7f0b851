"""The memo's tables of amounts: the overview, the budget as adopted, and each investment's follow-up.

Every amount is a `Figure` of a `FollowUp` and is printed with its id; nothing is added here but the formulas
that Excel shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.figures import PORTFOLIO, Figure
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.language import say
from gevinst.money import Amount, total
from gevinst.register.business_case import Basis, Line, Prudence
from gevinst.report.amounts import DECIMALS, as_printed, unit, unit_of_two, years_text
from gevinst.report.charts.words import listed
from gevinst.report.covered import budget_note, covered, covered_in, total_note, uneven_note
from gevinst.report.references import table_ref
from gevinst.report.tree import Cell, Column, Row, Table, number_cell, text_cell

LINES = (Line.INVESTMENT, Line.SAVING, Line.NET)
NET_FORMULA = "add:0,1"  # the net row stands under the rows of investment and saving
Lines = dict[Line, Figure]


def amount_cell(figure: Figure | None, formula: str = "") -> Cell:
    """A figure in million kroner; blank where there is none."""
    if figure is None:
        return number_cell(None, DECIMALS)
    return number_cell(figure.amount.millions, DECIMALS, figure=figure.id, formula=formula)


def overview_table(edition: Edition) -> Table:
    """Investment (A), saving (B) and their sum per year for the whole portfolio: results, then expectations."""
    table = edition.portfolio_follow_up
    words = {
        Line.INVESTMENT: say(da="Investering i indsats (A)", en="Investment in the effort (A)"),
        Line.SAVING: say(da="Besparelse på forsørgelse (B)", en="Saving on benefits (B)"),
        Line.NET: say(da="I alt (A+B)", en="Total (A+B)"),
    }
    columns = (Column("", numeric=False), *(Column(str(year.year), _basis_word(year)) for year in table.years),
               Column(years_text(edition.portfolio.years), say(da="I alt", en="Total")))
    return Table(
        "overview",
        say(da="Samlet oversigt over investering og besparelse fordelt på år",
            en="Overview of investment and saving by year"),
        columns,
        _line_rows(words, [*(year.outcome for year in table.years), table.outcome_total]),
        note=notes(sign_note(), rounding_note([*(year.outcome for year in table.years), table.outcome_total]),
                   total_note(covered(edition)), uneven_note(edition)),
        source=sources(table.outcome_total.values(), edition),
        unit=unit(table.outcome_level),
    )


def by_case_table(edition: Edition) -> Table:
    """The net outcome of each investment per year and in all, and their sum: results, then expectations."""
    whole = edition.portfolio_follow_up
    rows = []
    for part in edition.follow_ups:
        nets = [*(year.outcome.get(Line.NET) for year in part.years), part.outcome_total.get(Line.NET)]
        rows.append(Row((text_cell(f"{part.investment}. {part.title}"), *(amount_cell(net) for net in nets))))
    sums = [*(year.outcome.get(Line.NET) for year in whole.years), whole.outcome_total.get(Line.NET)]
    total_row = [amount_cell(net, "sum:above" if _adds_up(rows, at, net) else "") for at, net in enumerate(sums, 1)]
    rows.append(Row((text_cell(say(da="I alt", en="Total")), *total_row), "total"))
    stopped = [case.number for case in edition.portfolio.investments if case.stop is not None]
    blank = any(cell.value is None for row in rows for cell in row.cells[1:])
    return Table(
        "by-case",
        say(da="Hver investering: investering og besparelse lagt sammen, fordelt på år",
            en="Each investment: investment and saving taken together, by year"),
        (Column(say(da="Investering", en="Investment"), numeric=False),
         *(Column(str(year.year), _basis_word(year)) for year in whole.years),
         Column(years_text(edition.portfolio.years), say(da="I alt", en="Total"))),
        tuple(rows),
        note=notes(sign_note(), _outcome_footing(edition.follow_ups, whole), _stopped_note(stopped) if blank else "",
                   total_note(covered(edition)), uneven_note(edition)),
        source=sources(whole.outcome_total.values(), edition), unit=unit(whole.outcome_level))


def _adds_up(rows: list[Row], at: int, net: Figure | None) -> bool:
    """Whether the cells of a column add up; they do not where an investment has only one of the two lines."""
    parts = (Decimal(str(row.cells[at].value)) for row in rows if row.cells[at].value is not None)
    return net is not None and sum(parts, Decimal(0)) == net.amount.millions


def _stopped_note(stopped: list[str]) -> str:
    blank = say(da="Tomme felter: der er ikke opgjort noget resultat", en="Blank cells: no result has been stated")
    if not stopped:
        return f"{blank}."
    return say(da=f"{blank}; investering {listed(stopped)} er stoppet.",
               en=f"{blank}; investment {listed(stopped)} has been stopped.")


def budget_table(edition: Edition) -> Table:
    """The net budget of each investment as adopted, the sum, and what of it was laid into the budget."""
    years = edition.portfolio.years
    rows = []
    for part in edition.follow_ups:
        nets = [*(year.budget.get(Line.NET) for year in part.years), part.budget_total.get(Line.NET)]
        rows.append(Row((text_cell(f"{part.investment}. {part.title}"), *(amount_cell(net) for net in nets))))
    whole = edition.portfolio_follow_up
    sums = [*(year.budget.get(Line.NET) for year in whole.years), whole.budget_total.get(Line.NET)]
    rows.append(Row((text_cell(say(da="Potentiale i alt", en="Total potential")),
                     *(amount_cell(figure, "sum:above") for figure in sums)), "total"))
    of_which = {Line.INVESTMENT: say(da="Heraf investering i indsats", en="Of which investment in the effort"),
                Line.SAVING: say(da="Heraf besparelse på forsørgelse", en="Of which saving on benefits")}
    for line, words in of_which.items():
        parts = [*(year.budget.get(line) for year in whole.years), whole.budget_total.get(line)]
        rows.append(Row((text_cell(words), *(amount_cell(figure) for figure in parts))))
    if edition.portfolio.prudence is not None and edition.portfolio.prudence.laid_in:
        rows.append(_laid_in_row(edition.portfolio.prudence, edition))
    return Table(
        "budget",
        say(da="Budgettet som vedtaget: investering og besparelse lagt sammen",
            en="The budget as adopted: investment and saving taken together"),
        (Column(say(da="Investering", en="Investment"), numeric=False), *(Column(str(year)) for year in years),
         Column(say(da=f"I alt {years_text(years)}", en=f"Total {years_text(years)}"))),
        tuple(rows),
        note=notes(sign_note(), _footing_note(edition.follow_ups, whole)),
        source=edition.portfolio.source or sources(whole.budget_total.values(), edition),
        unit=unit(whole.budget_level),
    )


def follow_up_table(table: FollowUp, edition: Edition) -> Table:
    """Budget beside result or expectation, year by year and over all years, for one investment."""
    columns, parts = [Column("", numeric=False)], list[Lines]()
    for year in table.years:
        columns += [Column(say(da="Budget", en="Budget"), str(year.year)), Column(_result_word(year), str(year.year))]
        parts += [year.budget, year.outcome]
    period = say(da=f"I alt {years_text(edition.portfolio.years)}", en=f"Total {years_text(edition.portfolio.years)}")
    expected = any(year.basis is Basis.EXPECTED for year in table.years if year.outcome)
    columns += [Column(say(da="Budget", en="Budget"), period),
                Column(_expected_word() if expected else _realised_word(), period)]
    parts += [table.budget_total, table.outcome_total]
    words = {
        Line.INVESTMENT: say(da="Investering i indsats", en="Investment in the effort"),
        Line.SAVING: say(da="Besparelse på forsørgelse", en="Saving on benefits"),
        Line.NET: say(da="I alt", en="Total"),
    }
    blanks = "" if all(year.outcome for year in table.years) else _blank_note(table, edition)
    return Table(
        f"follow-up/{table.investment}",
        say(da=f"Investering {table.investment}, opfølgning: {table.title}",
            en=f"Investment {table.investment}, follow-up: {table.title}"),
        tuple(columns),
        _line_rows(words, parts),
        note=notes(sign_note(), blanks, rounding_note(parts), budget_note(
            covered_in(table, edition), table)),
        source=sources(table.figures(), edition),
        unit=unit_of_two(table.budget_level, table.outcome_level),
    )


def _blank_note(table: FollowUp, edition: Edition) -> str:
    if edition.portfolio.investment(table.investment).stop is not None:
        return say(da="Tomme felter: investeringen er stoppet.", en="Blank cells: the investment has been stopped.")
    return say(da="Tomme felter: der er ikke opgjort noget resultat.", en="Blank cells: no result has been stated.")


def _line_rows(words: dict[Line, str], parts: list[Lines]) -> tuple[Row, ...]:
    rows = []
    for line in LINES:
        formula = NET_FORMULA if line is Line.NET else ""
        cells = [amount_cell(part.get(line), formula if line in part else "") for part in parts]
        rows.append(Row((text_cell(words[line]), *cells), "total" if line is Line.NET else "body"))
    return tuple(rows)


def _laid_in_row(prudence: Prudence, edition: Edition) -> Row:
    by_year = dict(prudence.laid_in)
    level = edition.portfolio.price_level
    amounts: list[Amount | None] = [by_year.get(year) for year in edition.portfolio.years]
    cells = [number_cell(None if amount is None else amount.millions, DECIMALS,
                         figure=figure_id(PORTFOLIO, "laid_in", year))
             for amount, year in [*zip(amounts, edition.portfolio.years, strict=True),
                                  (total(by_year.values(), level), None)]]
    return Row((text_cell(say(da="Lagt ind i budgettet", en="Laid into the budget")), *cells))


def sign_note() -> str:
    """What a minus means, under every table of amounts."""
    return say(da="− betyder indtægt eller mindreforbrug.", en="− means income or lower expenditure.")


def rounding_note(parts: Iterable[Lines]) -> str:
    """Says that printed cells do not add up, where they do not; else nothing."""
    for part in parts:
        if all(line in part for line in LINES):
            printed = [as_printed(part[line].amount) for line in LINES]
            if printed[0] + printed[1] != printed[2]:
                return _rounded()
    return ""


def _footing_note(parts: tuple[FollowUp, ...], whole: FollowUp) -> str:
    return _foots([[part.years[at].budget for part in parts] for at in range(len(whole.years))],
                  [year.budget for year in whole.years])


def _outcome_footing(parts: tuple[FollowUp, ...], whole: FollowUp) -> str:
    columns = [[part.years[at].outcome for part in parts] for at in range(len(whole.years))]
    return _foots([*columns, [part.outcome_total for part in parts]],
                  [*(year.outcome for year in whole.years), whole.outcome_total])


def _foots(columns: list[list[Lines]], sums: list[Lines]) -> str:
    """Says that printed net figures do not add up to their printed sum, where they do not; else nothing."""
    for column, figures in zip(columns, sums, strict=True):
        printed = sum((as_printed(cells[Line.NET].amount) for cells in column if Line.NET in cells), Decimal(0))
        if Line.NET in figures and printed != as_printed(figures[Line.NET].amount):
            return _rounded()
    return ""


def _rounded() -> str:
    return say(da="Tallene er afrundet hver for sig og kan derfor afvige fra summen på sidste decimal.",
               en="Figures are rounded one by one and may differ from the sum in the last decimal.")


def notes(*parts: str) -> str:
    """The parts that say something, one after the other."""
    return " ".join(part for part in parts if part)


def sources(figures: Iterable[Figure], edition: Edition) -> str:
    """Every source that the figures cite, each once; the portfolio's own where they cite none.

    A cited text may itself name several sources, divided by `; `.
    """
    cited = (part for figure in figures for part in figure.cited.split("; ") if part)
    return "; ".join(dict.fromkeys(cited)) or edition.portfolio.source or edition.portfolio.title


def computed_source(edition: Edition) -> str:
    """The source of what was computed from persons: the files, by the table that lists them."""
    if not edition.inputs:
        return say(da="egen beregning", en="own computation")
    files = table_ref("inputs")
    return say(da=f"egen beregning på de indlæste filer ({files})", en=f"own computation from the files read ({files})")


def _basis_word(year: FollowUpYear) -> str:
    if not year.outcome:
        return say(da="Ikke opgjort", en="Not stated")
    return _realised_word() if year.basis is Basis.REALISED else say(da="Forventet", en="Expected")


def _result_word(year: FollowUpYear) -> str:
    if not year.outcome:
        return say(da="Ikke opgjort", en="Not stated")
    return _realised_word() if year.basis is Basis.REALISED else _expected_word()


def _realised_word() -> str:
    return say(da="Resultat", en="Result")


def _expected_word() -> str:
    return say(da="Forventet resultat", en="Expected result")
