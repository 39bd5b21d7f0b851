"""Amounts as the page for a politician prints them: in round millions, or in round thousands where they are small.

One page has one unit, so that its sentences and its table say the same. A word such as "overskud" follows the sign of
the amount as it is printed: what is printed as nought is neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.language import NO_BREAK, number, say
from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import Basis, Line
from gevinst.report.amount_tables import notes, sources
from gevinst.report.amounts import stretches, years_text
from gevinst.report.tree import Cell, Column, Row, RowKind, Table, number_cell, text_cell

IN_MILLIONS = Decimal(2)
"""From so many million kroner on a page is in millions with one decimal; below it, that decimal would hide too much."""
MOST_YEARS = 8
SHORT_SOURCE = 130


@dataclass(frozen=True)
class Scale:
    """The unit of one page: million kroner with one decimal, or whole thousand kroner."""

    in_millions: bool

    @property
    def decimals(self) -> int:
        """Decimals of a printed amount."""
        return 1 if self.in_millions else 0

    def value(self, amount: Amount) -> Decimal:
        """The amount in the page's unit, exact."""
        return amount.millions if self.in_millions else amount.millions * 1000

    def sign(self, amount: Amount) -> int:
        """-1 for a saving or income, 1 for expenditure, 0 for what is printed as nought."""
        printed = rounded(self.value(amount), self)
        return (printed > 0) - (printed < 0)

    def size(self, amount: Amount) -> str:
        """The size of an amount without its sign, with its unit.

        >>> from gevinst.language import speaking
        >>> from gevinst.money import CURRENT
        >>> with speaking("da"):
        ...     [Scale(m).size(Amount.dkk(-1_249_600, CURRENT)).replace(NO_BREAK, " ") for m in (True, False)]
        ['1,2 mio. kr.', '1.250.000 kr.']
        """
        if self.in_millions:
            text = number(abs(amount.millions), 1)
            return say(da=f"{text}{NO_BREAK}mio.{NO_BREAK}kr.", en=f"DKK{NO_BREAK}{text}{NO_BREAK}million")
        whole = (abs(amount.millions) * 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP) * 1000
        return say(da=f"{number(whole)}{NO_BREAK}kr.", en=f"DKK{NO_BREAK}{number(whole)}")

    @property
    def unit(self) -> str:
        """What stands over a table."""
        return say(da="mio. kr.", en="DKK million") if self.in_millions else say(da="tusind kr.", en="DKK thousand")

    def cell(self, figure: Figure | None, blank: str = "") -> Cell:
        """A figure in a table, with its id."""
        if figure is None:
            return number_cell(None, self.decimals, blank=blank)
        return number_cell(self.value(figure.amount), self.decimals, figure=figure.id)


def scale_of(figures: Iterable[Figure]) -> Scale:
    """The unit of a page with these figures on it."""
    return Scale(max((abs(figure.amount.millions) for figure in figures), default=Decimal(0)) >= IN_MILLIONS)


def prices(level: PriceLevel) -> str:
    """A price level in words: `2020-priser`."""
    return str(level) if level.year is None else say(da=f"{level.year}-priser", en=f"{level.year} prices")


def surplus_named(net: Amount, scale: Scale) -> str:
    """`et overskud på 1,2 mio. kr.`, by the sign as printed."""
    way = scale.sign(net)
    if way == 0:
        return say(da="hverken overskud eller underskud", en="neither a surplus nor a deficit")
    da, en = ("overskud", "surplus") if way < 0 else ("underskud", "deficit")
    return say(da=f"et {da} på {scale.size(net)}", en=f"a {en} of {scale.size(net)}")


def years_with(table: FollowUp, line: Line = Line.NET) -> str:
    """The years that have an outcome on a line: `2020–2021`."""
    return stretches([year.year for year in table.years if line in year.outcome])


def year_table(table: FollowUp, edition: Edition, scale: Scale, *, told: bool) -> Table | None:
    """Cost, saving, the two together and the budget by year, results beside expectations; None where there is nothing.

    Only cost and its budget where no saving may be `told`.
    """
    years = [year for year in table.years if year.budget or year.outcome][-MOST_YEARS:]
    if not years:
        return None
    parts = [*((year.budget, year.outcome) for year in years), (table.budget_total, table.outcome_total)]
    sought = Line.NET if told else Line.INVESTMENT
    outcome = [Row((text_cell(name), *(scale.cell(part.get(line)) for _, part in parts)), kind)
               for line, name, kind in _lines(told=told) if any(line in part for _, part in parts)]
    budget = [Row((text_cell(say(da="Budget, lagt sammen", en="Budget, together") if told
                            else say(da="Budgettet", en="The budget")),
                   *(scale.cell(part.get(sought)) for part, _ in parts)))] if table.budget_total else []
    columns = (Column("", numeric=False), *(Column(str(year.year), _kind_of(year)) for year in years),
               Column(years_text(tuple(year.year for year in table.years)), say(da="I alt", en="Total")))
    return Table(
        f"one-page/{table.investment}",
        say(da="Hvad det koster, og hvad der kommer igen", en="What it costs, and what comes back") if told
        else say(da="Hvad det koster", en="What it costs"), columns, (*outcome, *budget),
        note=notes(levels_note(table), _rounded(outcome, scale), _blanks(table)),
        source=shortened(sources(table.figures(), edition), SHORT_SOURCE), unit=table_unit(table, scale, minus=told))


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


def _rounded(rows: Sequence[Row], scale: Scale) -> str:
    """That printed figures do not add up, where they do not."""
    printed = [[_printed(cell, scale) for cell in row.cells[1:]] for row in rows]
    columns = zip(*printed, strict=True) if len(printed) == len(_lines(told=True)) else ()
    down = any(None not in column and sum(one or 0 for one in column[:2]) != column[2] for column in columns)
    across = any(row[-1] is not None and sum(one or 0 for one in row[:-1]) != row[-1] for row in printed)
    return rounded_words() if down or across else ""


def _printed(cell: Cell, scale: Scale) -> Decimal | None:
    return None if cell.value is None else rounded(Decimal(str(cell.value)), scale)


def rounded(value: Decimal, scale: Scale) -> Decimal:
    """A value of the page's unit as it is printed."""
    return value.quantize(Decimal(1).scaleb(-scale.decimals), rounding=ROUND_HALF_UP)


def rounded_words() -> str:
    """Why printed figures do not add up."""
    return say(da="Tallene er afrundet hver for sig.", en="The figures are rounded one by one.")


def _blanks(table: FollowUp) -> str:
    if all(len(year.outcome) in (0, len(Line)) for year in table.years):  # over a year with none it says so
        return ""
    return say(da="Tomme felter: ikke opgjort.", en="Blank cells: not stated.")


def minus_words() -> str:
    """What the sign of a net amount means."""
    return say(da="Minus er en besparelse.", en="Minus is a saving.")


def table_unit(table: FollowUp, scale: Scale, *, minus: bool = True) -> str:
    """The unit with the price level, where the table has one, and what a minus means where there may be one."""
    levels = {figure.amount.level for figure in table.figures()}
    unit = f"{scale.unit}, {prices(*levels)}" if len(levels) == 1 else scale.unit
    return f"{unit.rstrip('.')}. {minus_words()}" if minus else unit


def levels_note(table: FollowUp) -> str:
    """That budget and outcome are in different prices; empty where they are not."""
    if not (table.budget_total and table.outcome_total) or table.budget_level == table.outcome_level:
        return ""
    budget, outcome = prices(table.budget_level), prices(table.outcome_level)
    return say(da=f"Budgettet er i {budget}, resten i {outcome}, så de kan ikke trækkes fra "
                  "hinanden.",
               en=f"The budget is in {budget}, the rest in {outcome}, so they cannot be subtracted.")


def shortened(text: str, most: int) -> str:
    """The text in at most so many characters, cut between words.

    >>> shortened("Borgere med mere end et års ledighed", 20)
    'Borgere med mere …'
    """
    plain = " ".join(text.split())
    if len(plain) <= most:
        return plain
    return plain[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + " …"


def ended(text: str) -> str:
    """The text with one mark at its end."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
