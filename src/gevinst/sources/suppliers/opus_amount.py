"""An amount as a ledger prints it, to whole øre; and which side of the ledger it stands on.

    1.234,56    1.234,56-    -1.234,56    (1.234,56)    1 234,56    kr. 1.234,56    1.234,56 with the word Kredit

Exact throughout: a part of an øre, two signs in one cell, or figures that may be two numbers run together are faults.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gevinst.sources.cells import LARGEST, Fault

Decimal = Literal[",", "."]
MinusWithSide = Literal["refuse", "reverses", "repeats"]
_MINUS = re.compile("[\N{MINUS SIGN}\N{EN DASH}\N{NON-BREAKING HYPHEN}\N{HYPHEN}]")
_CURRENCY = re.compile(r"^(?:kr\.?|dkk)(?=[\s\d(+-])|(?<=[\s\d)+-])(?:kr\.?|dkk)$", re.IGNORECASE)
_FIGURES = {
    ",": re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+)(?:,(\d{1,2})0*)?", re.ASCII),
    ".": re.compile(r"(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.(\d{1,2})0*)?", re.ASCII),
}


@lru_cache(maxsize=1 << 16)
def ore(text: str, decimal: Decimal = ",") -> int | Fault:
    """The amount in whole øre, or the fault: empty, no number, or too large.

    `decimal` is the sign before the øre; the other one, or spaces of any kind, part the thousands.

    >>> ore("1.234,56"), ore("1.234,56-"), ore("(1.234,56)"), ore("−1 234,5"), ore("1.234")
    (123456, -123456, -123456, -123450, 123400)
    >>> ore("1,234.56", decimal="."), ore("12.34").name, ore("-5,00-").name, ore("").name
    (123456, 'NOT_A_NUMBER', 'NOT_A_NUMBER', 'MISSING_CELL')
    """
    plain = _MINUS.sub("-", " ".join(text.split()))
    if not plain:
        return Fault.MISSING_CELL
    unsigned, negative = _signed(_CURRENCY.sub("", plain).strip())
    found = _FIGURES[decimal].fullmatch(_CURRENCY.sub("", unsigned).strip())
    if found is None:
        return Fault.NOT_A_NUMBER
    whole = re.sub(r"\D", "", found[1])
    if len(whole) > len(str(LARGEST)):
        return Fault.OUT_OF_RANGE
    amount = int(whole) * 100 + int((found[2] or "").ljust(2, "0"))
    return Fault.OUT_OF_RANGE if amount >= LARGEST * 100 else -amount if negative else amount


def _signed(text: str) -> tuple[str, bool]:
    """The amount without its sign, and whether it is negative. A second sign is left for the figures to stumble on."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    for sign, negative in (("-", True), ("+", False)):
        if text.startswith(sign):
            return text[1:].strip(), negative
        if text.endswith(sign):
            return text[:-1].strip(), negative
    return text, False


@dataclass(frozen=True)
class Sides:
    """The words that say on which side an amount stands, small letters; and what a minus beside them means.

    `minus`: `refuse` the row, because nobody can tell; the minus `reverses` the side (a correction); or it only
    `repeats` what the word says.
    """

    debit: frozenset[str]
    credit: frozenset[str]
    minus: MinusWithSide = "refuse"


def with_side(amount: int | Fault, word: str, sides: Sides) -> int | Fault:
    """The amount with the sign of its side: debit is expenditure and positive, credit negative.

    Raises nothing; the faults are `SIDE_UNKNOWN` and `SIGN_TWICE`. A zero needs no side.

    >>> sides = Sides(frozenset({"debet"}), frozenset({"kredit"}))
    >>> with_side(123456, "Kredit", sides), with_side(-100, "Kredit", sides).name, with_side(100, "?", sides).name
    (-123456, 'SIGN_TWICE', 'SIDE_UNKNOWN')
    """
    if isinstance(amount, Fault) or amount == 0:
        return amount
    said = word.strip().casefold().rstrip(".")
    if said not in sides.debit | sides.credit:
        return Fault.SIDE_UNKNOWN
    sign = 1 if said in sides.debit else -1
    if amount > 0 or sides.minus == "reverses":
        return sign * amount
    return Fault.SIGN_TWICE if sides.minus == "refuse" or sign > 0 else amount


def of_two_columns(debit: int | Fault, credit: int | Fault) -> int | Fault:
    """The amount of a row that has a debit and a credit column, of which one is filled.

    A zero in the other column is as good as nothing there. A minus in either column reverses it.

    >>> of_two_columns(100, Fault.MISSING_CELL), of_two_columns(0, 250), of_two_columns(1, 2).name
    (100, -250, 'BOTH_SIDES')
    """
    if debit is Fault.MISSING_CELL:
        return credit if isinstance(credit, Fault) else -credit
    if credit is Fault.MISSING_CELL or isinstance(debit, Fault):
        return debit
    if isinstance(credit, Fault):
        return credit
    return Fault.BOTH_SIDES if debit and credit else debit - credit


def as_kroner(amount: int) -> str:
    """Øre as the text of kroner with a decimal point, which the checks read exactly.

    >>> as_kroner(-123456), as_kroner(5), as_kroner(0)
    ('-1234.56', '0.05', '0.00')
    """
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
