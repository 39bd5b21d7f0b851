"""Danish first, English as an option: which language is spoken, and how it writes numbers and dates.

Texts stand in both languages beside each other where they are used (`say`), so that a change to one is
seen beside the other. The language is a context variable: a memo can be written in English while the
terminal speaks Danish.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")
MINUS = "\N{MINUS SIGN}"  # a screen reader says "minus" to this sign and often skips a hyphen
NO_BREAK = "\N{NO-BREAK SPACE}"

MONTHS_DA = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_asked: Language = "en" if os.environ.get("GEVINST_LANG", "da").lower().startswith("en") else "da"
_language: ContextVar[Language] = ContextVar("language", default=_asked)


def current() -> Language:
    """The language spoken now: `GEVINST_LANG`, else Danish, unless `speaking` says otherwise."""
    return _language.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak `language` inside the block.

    >>> with speaking("en"):
    ...     say(da="uge", en="week")
    'week'
    """
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def say(*, da: str, en: str) -> str:
    """The text in the language spoken now.

    >>> with speaking("da"):
    ...     say(da="uge", en="week")
    'uge'
    """
    return da if current() == "da" else en


def number(value: Decimal | float | int, decimals: int = 0, *, sign: bool = False) -> str:
    """A number as it is printed: decimal comma and true minus in Danish, rounded half away from zero.

    `sign=True` also prints a plus. Zero never has a sign.

    >>> with speaking("da"):
    ...     number(Decimal("-10528.6"), 1), number(-0.0004, 3), number(0.0125, 2)
    ('−10.528,6', '0,000', '0,01')
    >>> with speaking("en"):
    ...     number(10528.6, 1, sign=True)
    '+10,528.6'
    """
    exact = (
        value if isinstance(value, Decimal) else Decimal(repr(float(value)) if isinstance(value, float) else int(value))
    )
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}"
    if current() == "da":
        text = text.translate(str.maketrans(",.", ".,"))
    if rounded == 0:
        return text
    return f"{MINUS}{text}" if rounded < 0 else f"+{text}" if sign else text


def percent(share: float, decimals: int = 1) -> str:
    """A share as a percentage.

    >>> with speaking("da"):
    ...     percent(0.677)
    '67,7\\xa0%'
    """
    unit = f"{NO_BREAK}%" if current() == "da" else "%"
    return number(share * 100, decimals) + unit


def long_date(day: date) -> str:
    """A date in words.

    >>> with speaking("da"):
    ...     long_date(date(2021, 4, 28))
    '28. april 2021'
    """
    if current() == "da":
        return f"{day.day}. {MONTHS_DA[day.month - 1]} {day.year}"
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """A date in figures: `26-11-2021` in Danish, ISO in English."""
    return f"{day:%d-%m-%Y}" if current() == "da" else day.isoformat()
