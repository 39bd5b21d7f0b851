"""What one cell says: a date, a number, or the fault that makes its row a reject.

Plain functions of a text. They are called once per distinct text of a column, not once per row, so they can
afford to be read. None of them ever puts the text into an error.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import IntEnum
from functools import lru_cache

# Whoever reads cells asks for these here.
from gevinst.sources.cpr import HIDDEN as HIDDEN
from gevinst.sources.cpr import MAY_HOLD_CPR as MAY_HOLD_CPR
from gevinst.sources.cpr import born_on_a_day as born_on_a_day
from gevinst.sources.cpr import holds_cpr as holds_cpr
from gevinst.sources.cpr import without_cpr as without_cpr

LONGEST_WORD = 30
SEVERAL = 5  # who say the same: it is not the name of one of them
UNIX_DAY = date(1970, 1, 1).toordinal()
OPEN_END = date(9999, 12, 31).toordinal() - UNIX_DAY  # how payroll systems write "no end yet"
LAST_YEAR = 2200  # a later year is a typing error
LARGEST = Decimal(10) ** 12  # no amount in a municipality reaches it; a larger one is a number run together


class Fault(IntEnum):
    """Why a row was left out. The number is what travels with the rows, `code` is its text in `messages/`."""

    NONE = 0
    MISSING_CELL = 1
    BAD_DATE = 2
    BEFORE_1970 = 3
    FUTURE = 4
    SWAPPED_DATES = 5
    UNKNOWN_BENEFIT = 6
    UNKNOWN_DEFINITION = 7
    NOT_A_NUMBER = 8
    AMBIGUOUS_NUMBER = 9
    NOT_WHOLE_ORE = 10
    NOT_WHOLE_NUMBER = 11
    OUT_OF_RANGE = 12
    HOLDS_CPR = 13
    ROUNDED_ID = 14
    RAGGED = 15
    UNCLOSED_QUOTE = 16
    CONFLICTING_KEY = 17
    UNKNOWN_PERSON = 18
    UNLISTED_CODE = 19
    ERROR_CELL = 20
    NOT_CPR = 21
    BOTH_SIDES = 31
    SIDE_UNKNOWN = 32
    SIGN_TWICE = 33

    @property
    def code(self) -> str:
        """The code of its message.

        >>> Fault.BAD_DATE.code
        'intake.row-bad-date'
        """
        return "intake.row-" + self.name.lower().replace("_", "-")


_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$", re.ASCII)
_ISO = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})", re.ASCII)
_DANISH = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


@lru_cache(maxsize=1 << 16)
def day_number(text: str) -> int | Fault:
    """Days from 1970-01-01 to the date in `text`, or the fault.

    ISO (`2021-12-31`, `20211231`) and Danish (`31-12-2021`, `31.12.2021`, `31/12/2021`); a clock that says
    midnight is ignored. A year of two figures is a fault: nobody can tell which century is meant.

    >>> day_number("1970-01-02"), day_number("31/12/2021") == day_number("2021-12-31 00:00:00")
    (1, True)
    >>> day_number("12/31/2021").name, day_number("31-12-21").name
    ('BAD_DATE', 'BAD_DATE')
    """
    text = _MIDNIGHT.sub("", text.strip())
    if found := _ISO.fullmatch(text):
        year, _, month, day = found.groups()
    elif found := _DANISH.fullmatch(text):
        day, _, month, year = found.groups()
    elif found := _COMPACT.fullmatch(text):
        year, month, day = found.groups()
    else:
        return Fault.BAD_DATE
    try:
        number_of_day = date(int(year), int(month), int(day)).toordinal() - UNIX_DAY
    except ValueError:
        return Fault.BAD_DATE
    return number_of_day if int(year) <= LAST_YEAR or number_of_day == OPEN_END else Fault.BAD_DATE


_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def number(text: str, *, bounded: bool = False) -> Decimal | Fault:
    """The number in `text`, or the fault.

    Decimal comma or point; Danish or English thousands; a minus of any kind before or after. `1.234` may be
    one thousand or one and a bit, and is a fault unless the column is `bounded` so low that only the latter
    can be meant.

    >>> number("1.234,56"), number("12,5-"), number("0.500"), number("1.234").name
    (Decimal('1234.56'), Decimal('-12.5'), Decimal('0.500'), 'AMBIGUOUS_NUMBER')
    >>> number("67.700", bounded=True), number("12 kr.").name
    (Decimal('67.700'), 'NOT_A_NUMBER')
    """
    text = re.sub(r"\s", "", text).replace("\N{MINUS SIGN}", "-")
    if text.endswith("-"):
        text = "-" + text[:-1]
    if _THOUSANDS.fullmatch(text) and not bounded:
        return Fault.AMBIGUOUS_NUMBER
    if _PLAIN.fullmatch(text):
        value = Decimal(text.replace(",", "."))
    elif found := _GROUPED.fullmatch(text):
        value = Decimal(text.replace(found.group(1), "").replace(",", "."))
    else:
        return Fault.NOT_A_NUMBER
    return value if abs(value) < LARGEST else Fault.OUT_OF_RANGE


def kroner(text: str) -> Decimal | Fault:
    """An amount in whole øre, or the fault. More than two decimals are accepted where they are noise of floats.

    >>> kroner("0.30000000000000004"), kroner("1.234").name, kroner("12,345678").name
    (Decimal('0.30'), 'AMBIGUOUS_NUMBER', 'NOT_WHOLE_ORE')
    """
    value = number(text)
    if isinstance(value, Fault):
        return value
    ore = value.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
    whole = ore.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return whole if ore == whole else Fault.NOT_WHOLE_ORE


def whole_number(text: str) -> int | Fault:
    """A whole number, or the fault; `12.0` is twelve, `12.000` may be twelve thousand and is a fault.

    >>> whole_number(" 52 "), whole_number("12,0"), whole_number("1,5").name, whole_number("12.000").name
    (52, 12, 'NOT_WHOLE_NUMBER', 'AMBIGUOUS_NUMBER')
    """
    value = number(text)
    if isinstance(value, Fault):
        return value
    return int(value) if value == value.to_integral_value() else Fault.NOT_WHOLE_NUMBER


_RUN = re.compile(r"\d(?:[-\s./_]?\d){5,}")


def shown(text: str, length: int = 40) -> str:
    """A cell as it may be named to a reader: short, and without any run of six or more figures.

    >>> shown("kontanthjælpp"), shown("010190-1234"), shown("Id 01 01 90")
    ('kontanthjælpp', '[…]', 'Id […]')
    """
    clean = _RUN.sub(HIDDEN, without_cpr(" ".join(text.split())))
    return clean if len(clean) <= length else clean[:length] + "…"


def is_word(text: str) -> bool:
    """Whether a cell is one word, as a code is, and so may be quoted: a name and an address are several.

    >>> is_word("kontanthjælpp"), is_word("Karen Østergaard Storegade 1"), is_word("x" * 40)
    (True, False, False)
    """
    return 0 < len(text.strip()) <= LONGEST_WORD and len(text.split()) == 1


def shape_of(text: str) -> tuple[int, int]:
    """How many words and signs a cell has that may not be quoted.

    >>> shape_of("Karen Østergaard Storegade 1")
    (4, 28)
    """
    return len(text.split()), len(" ".join(text.split()))
