"""Amounts as the page for a politician prints them: in round millions, or in round thousands where they are small.

One page has one unit, so that its sentences and its table say the same. A word such as "overskud" follows the sign of
the amount as it is printed: what is printed as nought is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gevinst.follow_up.figures import Figure
from gevinst.follow_up.table import FollowUp
from gevinst.language import NO_BREAK, number, say
from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import Line
from gevinst.report.amounts import stretches
from gevinst.report.tree import Cell, Row, number_cell

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
        printed = rounded(self.value(amount), self.decimals)
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

    @property
    def places(self) -> tuple[int, ...]:
        """How many decimals a table may have, the fewest first."""
        return (1, 2) if self.in_millions else (0,)

    def cell(self, figure: Figure | None, blank: str = "", places: int | None = None) -> Cell:
        """A figure in a table, with its id."""
        shown = self.decimals if places is None else places
        if figure is None:
            return number_cell(None, shown, blank=blank)
        return number_cell(self.value(figure.amount), shown, figure=figure.id)


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


def rounded(value: Decimal, places: int) -> Decimal:
    """A value as it is printed with so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def printed(cell: Cell) -> Decimal | None:
    """The value of a cell as it is printed; None where there is none."""
    return None if cell.value is None else rounded(Decimal(str(cell.value)), cell.decimals)


def fewest(
    scale: Scale, build: Callable[[int], list[Row]], adds_up: Callable[[list[Row]], bool]
) -> tuple[list[Row], str]:
    """The rows with the fewest decimals at which the printed figures add up; else with the fewest, and a note."""
    for places in scale.places:
        rows = build(places)
        if adds_up(rows):
            return rows, ""
    return build(scale.places[0]), say(da="Tallene er afrundet hver for sig.", en="The figures are rounded one by one.")


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
