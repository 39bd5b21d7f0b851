"""Money: exact amounts that know their price level and their sign.

An amount is a change in municipal expenditure: an investment is positive, a saving negative, as in the memo.
It is held in whole øre. Amounts of different price levels cannot be added: convert first
(`economy/prices.py`). Rounding happens here and in `language.number`, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce

from gevinst.errors import GevinstError
from gevinst.language import say


@dataclass(frozen=True, order=True)
class PriceLevel:
    """The year whose prices an amount is in; `CURRENT` is each year's own prices (løbende priser).

    >>> str(PriceLevel(2020)), PriceLevel.parse("løbende") == CURRENT
    ('p/l 2020', True)
    """

    year: int | None

    def __str__(self) -> str:
        if self.year is None:
            return say(da="løbende priser", en="current prices")
        return say(da=f"p/l {self.year}", en=f"{self.year} prices")

    @property
    def key(self) -> str:
        """The level as it is written in files: `2020` or `current`."""
        return "current" if self.year is None else str(self.year)

    @classmethod
    def parse(cls, text: str | int) -> PriceLevel:
        """A price level from a file: `2020`, `p/l 2020`, `current`, `løbende priser`.

        Raises `money.price-level` for anything else.
        """
        words = str(text).strip().lower().replace("p/l", "").replace("pl", "").strip()
        if words in {"current", "løbende", "løbende priser", "loebende priser", "loebende"}:
            return CURRENT
        if words.isdigit() and 1990 <= int(words) <= 2100:
            return cls(int(words))
        raise GevinstError("money.price-level", text=str(text))


CURRENT = PriceLevel(None)


@dataclass(frozen=True)
class Amount:
    """An exact amount in øre at a price level; positive is expenditure, negative a saving or income.

    >>> a = Amount.dkk("3079000", PriceLevel(2020)) + Amount.dkk(-2703000, PriceLevel(2020))
    >>> a.in_dkk, a.millions
    (Decimal('376000'), Decimal('0.376'))
    """

    ore: int
    level: PriceLevel

    @classmethod
    def dkk(cls, kroner: Decimal | int | str, level: PriceLevel) -> Amount:
        """From kroner. Raises `money.not-whole-ore` where a part of an øre would be lost."""
        ore = Decimal(kroner) * 100
        if ore != ore.to_integral_value():
            raise GevinstError("money.not-whole-ore", text=str(kroner))
        return cls(int(ore), level)

    @classmethod
    def from_estimate(cls, kroner: float, level: PriceLevel) -> Amount:
        """From a computed, inexact number of kroner: rounded once, to the nearest øre."""
        return cls(int((Decimal(repr(float(kroner))) * 100).to_integral_value(ROUND_HALF_UP)), level)

    @classmethod
    def zero(cls, level: PriceLevel) -> Amount:
        """Nothing, at `level`."""
        return cls(0, level)

    @property
    def in_dkk(self) -> Decimal:
        """Kroner, exact."""
        return (Decimal(self.ore) / 100).quantize(Decimal(1)) if self.ore % 100 == 0 else Decimal(self.ore) / 100

    @property
    def millions(self) -> Decimal:
        """Million kroner, exact."""
        return (Decimal(self.ore) / 100_000_000).normalize() + Decimal(0)

    def __add__(self, other: Amount) -> Amount:
        if self.level != other.level:
            raise GevinstError("money.mixed-price-levels", one=str(self.level), other=str(other.level))
        return Amount(self.ore + other.ore, self.level)

    def __sub__(self, other: Amount) -> Amount:
        return self + -other

    def __neg__(self) -> Amount:
        return Amount(-self.ore, self.level)

    def scaled(self, factor: Decimal) -> Amount:
        """The amount times an exact factor, rounded half away from zero to whole øre; same level."""
        return Amount(int((self.ore * factor).to_integral_value(ROUND_HALF_UP)), self.level)

    def at_level(self, level: PriceLevel) -> Amount:
        """The same øre relabelled. Only `economy/prices.py` may call this, after conversion."""
        return Amount(self.ore, level)


def total(amounts: Iterable[Amount], level: PriceLevel) -> Amount:
    """The sum of amounts that are all at `level`; raises `money.mixed-price-levels` otherwise."""
    return reduce(Amount.__add__, amounts, Amount.zero(level))
