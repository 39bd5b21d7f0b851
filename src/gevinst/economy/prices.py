"""Price levels: an amount of one year's prices in another's, factor by factor.

    amount × Π (1 + f_t),  t = the amount's year + 1 … the year wanted        (÷ when the year wanted is earlier)

Investments follow the municipal price-and-wage index, which the user supplies; benefits follow the regulation of
their rates. A factor that is missing is refused: nothing is interpolated, and no growth is ever assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from gevinst.errors import GevinstError
from gevinst.language import number, say
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import ParameterBook, Used, factor_used
from gevinst.trace import Step

PRECISION = 40  # digits; the rounding to whole øre is the only one that can be seen


@dataclass(frozen=True)
class Converted:
    """An amount in its new price level, with the factors that led to it in order of time.

    `factor` is what the amount was multiplied by.
    """

    amount: Amount
    original: Amount
    factor: Decimal
    steps: tuple[Used, ...]

    def as_step(self) -> Step:
        """A step for the ladder that explains a number."""
        kroner = say(da="kr.", en="DKK")
        return Step(
            say(da=f"omregnet til {self.amount.level}", en=f"converted to {self.amount.level}"),
            f"{number(self.amount.in_dkk)} {kroner}",
            formula=f"{number(self.original.in_dkk)} {kroner} × {number(self.factor, 6)}",
            unverified=any(not one.verified for one in self.steps), under=tuple(one.as_step() for one in self.steps))


def convert(
    amount: Amount, to_level: PriceLevel, index: str, book: ParameterBook, *, year: int | None = None,
    vintage: str | None = None,
) -> Converted:
    """The amount in `to_level`, by the book's index `index`; rounded once, to whole øre.

    `year` is the year the amount belongs to; it is needed where one of the levels is current prices, each year's
    own. `vintage` chooses among several estimates of a year's factor. Raises `economy.which-year`,
    `economy.unknown-index`, `economy.missing-factor`, `economy.which-vintage`.
    """
    start, target = (_year_of(level, year) for level in (amount.level, to_level))
    if start == target:
        return Converted(amount.at_level(to_level), amount, Decimal(1), ())
    chain = book.index(index)
    factors = [chain.into(one, vintage) for one in range(min(start, target) + 1, max(start, target) + 1)]
    with localcontext() as context:
        context.prec = PRECISION
        product = Decimal(1)
        for factor in factors:
            product *= factor.multiplier
        if target < start:
            product = 1 / product
        converted = amount.scaled(product).at_level(to_level)
    return Converted(converted, amount, product, tuple(factor_used(chain, factor) for factor in factors))


def _year_of(level: PriceLevel, year: int | None) -> int:
    found = year if level == CURRENT else level.year
    if found is None:
        raise GevinstError("economy.which-year", level=str(level))
    return found


def convert_benefit(
    amount: Amount, to_level: PriceLevel, benefit: str, book: ParameterBook, *, year: int | None = None,
    vintage: str | None = None,
) -> Converted:
    """As `convert`, by the index that the benefit's rate follows. Raises `economy.no-benefit-index` besides."""
    index = book.index_followed_by(benefit)
    if index is None:
        raise GevinstError("economy.no-benefit-index", benefit=book.benefit(benefit).key)
    return convert(amount, to_level, index.key, book, year=year, vintage=vintage)
