"""Units of printed figures: kroner, thousand and million kroner, and how documents name them."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from enum import IntEnum

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.money import Amount, PriceLevel


class Unit(IntEnum):
    """The kroner that one printed unit stands for."""

    KR = 1
    THOUSAND = 1_000
    MILLION = 1_000_000

    @property
    def label(self) -> str:
        """The unit as it is printed in the language spoken now."""
        return {
            Unit.KR: say(da="kr.", en="DKK"),
            Unit.THOUSAND: say(da="1.000 kr.", en="DKK 1,000"),
            Unit.MILLION: say(da="mio. kr.", en="DKK million"),
        }[self]

    @property
    def key(self) -> str:
        """The unit as it is written in files."""
        return {Unit.KR: "kr.", Unit.THOUSAND: "1.000 kr.", Unit.MILLION: "mio. kr."}[self]


_LABELS = re.compile(
    r"(?P<MILLION>(?:mio\.?|mill\.?|million(?:er)?)\s*(?:kr\b\.?|kroner|dkk)|dkk\s*(?:million|mio\.?))"
    r"|(?P<THOUSAND>(?:1[.,\s]?000|tusinde?|thousand|\bt\.?)\s*(?:kr\b\.?|kroner|dkk)|\btkr\b\.?|dkk\s*(?:1[.,]?000|thousand))"
    r"|(?P<KR>\bkr\b\.?|\bkroner\b|\bdkk\b)",
    re.IGNORECASE,
)
_DIGITS = 10_000
_AMOUNT_BEFORE = re.compile(r"\d\s*$")


def named_unit(text: str) -> Unit | None:
    """The unit a label, header or caption states, or `None`.

    The words in "30 mio. kr. årligt" belong to an amount and label nothing.

    >>> named_unit("Investering i tusind kr."), named_unit("i mio. kr. løbende priser"), named_unit("(i 1.000 kr.)")
    (<Unit.THOUSAND: 1000>, <Unit.MILLION: 1000000>, <Unit.THOUSAND: 1000>)
    >>> named_unit("en samlet investering på 30 mio. kr. årligt") is None
    True
    >>> named_unit("Investering i området DKK million")
    <Unit.MILLION: 1000000>
    """
    for found in _LABELS.finditer(text):
        if not _AMOUNT_BEFORE.search(text[: found.start()]):
            return Unit[str(found.lastgroup)]
    return None


def parse_unit(text: str) -> Unit:
    """The unit written in a file's `unit` field. Raises `register.unknown-unit` for anything but a unit.

    >>> parse_unit("mio. kr."), parse_unit("1.000 kr."), parse_unit("DKK")
    (<Unit.MILLION: 1000000>, <Unit.THOUSAND: 1000>, <Unit.KR: 1>)
    """
    found = _LABELS.fullmatch(text.strip())
    if found:
        return Unit[str(found.lastgroup)]
    raise GevinstError("register.unknown-unit", text=text.strip())


def to_amount(figure: Decimal, unit: Unit, level: PriceLevel) -> Amount:
    """A printed figure as an amount. Raises `money.not-whole-ore` where a part of an øre would be lost.

    >>> to_amount(Decimal("-2.703"), Unit.MILLION, PriceLevel(2020)).in_dkk
    Decimal('-2703000')
    """
    with localcontext(prec=_DIGITS):  # more than any file holds, so that nothing is rounded on the way
        return Amount.dkk(figure * int(unit), level)


def in_unit(amount: Amount, unit: Unit) -> Decimal:
    """The amount as a figure in `unit`, exact and without superfluous zeros.

    >>> in_unit(Amount.dkk(3_110_000, PriceLevel(2020)), Unit.MILLION)
    Decimal('3.11')
    """
    figure = (Decimal(amount.ore) / (100 * int(unit))).normalize()
    return figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure
