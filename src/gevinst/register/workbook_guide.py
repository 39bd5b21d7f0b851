"""The two sheets of a workbook that are for reading only: how to fill it in, and the budget summed by year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gevinst.language import say
from gevinst.register import workbook_layout
from gevinst.register.business_case import Portfolio
from gevinst.register.units import Unit, in_unit
from gevinst.register.workbook_layout import Sheet, spoken

HEADER_COLOUR = "#E6EDF5"


def write_guide(book: Any) -> None:
    """How to fill in the workbook, sheet by sheet."""
    page = book.add_worksheet(say(da="Vejledning", en="Guide"))
    page.set_column(0, 0, 110)
    title = book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.write_string(0, 0, say(da="En portefølje af investeringer", en="A portfolio of investments"), title)
    for at, line in enumerate(_guide(), start=2):
        page.write_string(at, 0, line, wrap)


def _guide() -> list[str]:
    names = {key: spoken(sheet.name) for key, sheet in workbook_layout.sheets().items()}
    return [
        say(da=f"1. Udfyld arket {names['portfolio']}: nøgle, titel, kommune, årene, enhed og prisniveau.",
            en=f"1. Fill in the sheet {names['portfolio']}: key, title, municipality, years, unit and price level."),
        say(da=f"2. Skriv hver investering på sin linje i arket {names['investments']}. Andre ark bruger nummeret.",
            en=f"2. Put each investment on a line of its own in {names['investments']}. Other sheets use its number."),
        say(da=f"3. Skriv budgettet år for år i arket {names['budget']}. En investering er positiv, en besparelse "
               "negativ. »I alt« regnes ud.",
            en=f"3. Put the budget in {names['budget']}, year by year. An investment is positive, a saving negative. "
               "“Net” is computed."),
        say(da="4. Alle beløb står i den enhed og det prisniveau, som er valgt for porteføljen. Kolonnen Prisniveau "
               "bruges kun, hvor en linje afviger.",
            en="4. All amounts are in the unit and price level chosen for the portfolio. The column Price level is "
               "used only where a line differs."),
        say(da=f"5. Resultater og forventninger fra en anden opgørelse skrives i arket {names['recorded']}, med kilde "
               "og dato.",
            en=f"5. Results and expectations from another statement go in {names['recorded']}, with source and date."),
        say(da="6. Kolonner med * skal udfyldes. Hold musen over en overskrift for at se, hvad kolonnen betyder.",
            en="6. Columns with * must be filled in. Hold the pointer over a header to see what the column means."),
        say(da="7. Skriv aldrig CPR-numre eller navne på borgere i denne fil.",
            en="7. Never write CPR numbers or names of citizens in this file."),
        say(da="8. Kontrollér filen med »gevinst portfolio check«; den nævner ark og celle for hver fejl.",
            en="8. Check the file with “gevinst portfolio check”; it names the sheet and cell of each fault."),
    ]


def write_overview(book: Any, portfolio: Portfolio | None, budget: Sheet) -> None:
    """The budget summed by year with live formulas. Lines in another price level than the portfolio are left out."""
    page = book.add_worksheet(say(da="Oversigt", en="Overview"))
    bold = book.add_format({"bold": True, "bg_color": HEADER_COLOUR, "border": 1})
    figure = book.add_format({"num_format": "#,##0.000"})
    page.set_column(0, 3, 24)
    fields = ("year", "investment_amount", "saving_amount")
    letters = {field: chr(ord("A") + budget.index(field)) for field in (*fields, "level")}
    for at, field in enumerate(fields):
        page.write_string(0, at, spoken(budget.column(field).name), bold)
    page.write_string(0, 3, spoken(budget.column("net").name), bold)
    name = spoken(budget.name)
    years = portfolio.years if portfolio else ()
    for line, year in enumerate(years, start=1):
        page.write_number(line, 0, year)
        sums = _sums(portfolio, year)
        for at, field in enumerate(fields[1:], start=1):
            formula = (f"=SUMIFS('{name}'!{letters[field]}:{letters[field]},'{name}'!{letters['year']}:"
                       f"{letters['year']},A{line + 1},'{name}'!{letters['level']}:{letters['level']},\"=\")")
            page.write_formula(line, at, formula, figure, float(sums[at - 1]))
        page.write_formula(line, 3, f"=B{line + 1}+C{line + 1}", figure, float(sum(sums)))
    page.write_string(len(years) + 2, 0, say(
        da="Regnes ud af arket Budget; linjer i et andet prisniveau end porteføljens er ikke med.",
        en="Computed from the sheet Budget; lines in another price level than the portfolio's are left out."))


def _sums(portfolio: Portfolio | None, year: int) -> tuple[Decimal, Decimal]:
    rows = [b for i in portfolio.investments for b in i.budget if b.year == year] if portfolio else []
    rows = [b for b in rows if portfolio and b.investment.level == portfolio.price_level]
    return (sum((in_unit(b.investment, Unit.MILLION) for b in rows), Decimal(0)),
            sum((in_unit(b.saving, Unit.MILLION) for b in rows), Decimal(0)))
