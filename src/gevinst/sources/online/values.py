"""A published cell as a number, a blank, or something that is neither.

What is known of how jobindsats writes numbers (read in public code, not in its guide): JSON numbers, or text with
decimal comma and points between thousands; `""`, `-`, `.`, `..` and `null` where there is none. Statistics Denmark
writes `..` for what is not available or not shown, and `.` for what cannot be. A blank is a blank, never a zero.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

MISSING = frozenset({"", "-", "–", "—", ".", "..", "...", "null", "none", "nan", "n/a"})
_DANISH = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?|[+-]?\d+,\d+", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


class Unreadable:
    """The mark of a cell that is neither a number nor a known blank, such as a word for suppression."""


UNREADABLE = Unreadable()
Value = Decimal | None | Unreadable


def published_number(cell: Any, *, bounded: bool = False) -> Value:
    """The number in a published cell; `None` for a blank, `UNREADABLE` for anything else.

    A point before just three figures parts thousands, as Danish tables write, unless the column is `bounded` so low
    (a share in per cent) that only decimals can be meant.

    >>> published_number("1.234,5"), published_number("67,7"), published_number("1.234"), published_number(12.5)
    (Decimal('1234.5'), Decimal('67.7'), Decimal('1234'), Decimal('12.5'))
    >>> published_number("67.700", bounded=True), published_number(".."), published_number("<5") is UNREADABLE
    (Decimal('67.700'), None, True)
    """
    if cell is None:
        return None
    if isinstance(cell, bool):
        return UNREADABLE
    if isinstance(cell, int | float):
        value = Decimal(repr(cell))
        return value if value.is_finite() else None
    if not isinstance(cell, str):
        return UNREADABLE
    text = re.sub(r"\s", "", cell.lstrip("\ufeff")).replace("\N{MINUS SIGN}", "-").removesuffix("%")
    if text.lower() in MISSING:
        return None
    if len(text) > 40:
        return UNREADABLE
    grouped = _DANISH.fullmatch(text) and not (bounded and "," not in text)
    if not grouped and not _PLAIN.fullmatch(text):
        return UNREADABLE
    try:
        return Decimal(text.replace(".", "").replace(",", ".") if grouped else text)
    except InvalidOperation:
        return UNREADABLE


def plain_words(text: str) -> str:
    """A name as names are compared: small letters, single blanks, no signs.

    >>> plain_words("Overlevelseskurve u. tilbagefald: 4 uger"), plain_words("Norddjurs  Kommune")
    ('overlevelseskurve u tilbagefald 4 uger', 'norddjurs kommune')
    """
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).replace("_", " ").split())
