"""Dates as suppliers write them, to ISO text.

A format is written with `dd`, `mm` (`mmm`: the month's name), `yyyy` or `yy`, and `hh:mm` or `hh:mm:ss` where a clock
follows, which is then ignored; as Danish spreadsheets say it, `åååå` and `tt:mm` will do. `excel` is a spreadsheet's
day number. No format at all is what canonical files are read by (`cells.day_number`). With any format, `yyyy-mm-dd`
is read too, since it cannot mean another day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache

from gevinst.sources.cells import UNIX_DAY, Fault, day_number

FORMATS = (
    "dd-mm-yyyy", "dd.mm.yyyy", "dd/mm/yyyy", "yyyy-mm-dd", "yyyymmdd", "dd-mm-yy", "dd.mm.yy", "dd/mm/yy",
    "dd-mm-yyyy hh:mm", "dd.mm.yyyy hh:mm", "dd/mm/yyyy hh:mm", "yyyy-mm-dd hh:mm", "dd-mm-yyyy hh:mm:ss",
    "dd.mm.yyyy hh:mm:ss", "dd/mm/yyyy hh:mm:ss", "yyyy-mm-dd hh:mm:ss", "ddmmyyyy", "ddmmyy", "yyyy/mm/dd",
    "yyyy.mm.dd", "yyyy-mm", "dd. mmm yyyy", "dd-mmm-yyyy", "dd-mmm-yy", "excel",
)  # fmt: skip
"""Those that are looked for when a mapping is proposed; others may be written."""
FIRST_YEAR_OF_TWO = 1970  # 70 is 1970 and 69 is 2069: no spell of ours begins before 1970
EXCEL, CANONICAL = "excel", ""
OPEN_END = "9999-12-31"
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_FIRST, _EXCEL_LAST = 61, 2_958_465  # 1900-03-01, before which Excel counts a day that never was; 9999-12-31
_SERIAL = re.compile(r"(\d{1,7})(?:[.,]\d+)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_CLOCK = r"(?:[T ]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?Z?)?"
_MONTH_NAMES = (
    "jan januar january", "feb februar february", "mar marts march", "apr april", "maj may", "jun juni june",
    "jul juli july", "aug august", "sep sept september", "okt oct oktober october", "nov november", "dec december",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}


def plain_format(text: str) -> str:
    """A format as it is kept: small letters, English ones.

    >>> plain_format("DD-MM-ÅÅÅÅ TT:MM")
    'dd-mm-yyyy hh:mm'
    """
    return " ".join(text.casefold().split()).replace("å", "y").replace("tt", "hh")


def is_format(text: str) -> bool:
    """Whether a text is a format of dates with a day, a month and a year (`yyyy-mm` is the first of the month).

    >>> is_format("dd-mm-yyyy"), is_format("dd-mm"), is_format("d/m/y"), is_format("excel")
    (True, False, False, True)
    """
    return text == EXCEL or _pattern(text) is not None


@cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """The format as a pattern; None where it is none. Figures without signs between them have their full width."""
    days, _, clock = text.partition(" hh") if " hh" in text else text.partition("thh")
    if clock not in ("", ":mm", ":mm:ss", ".mm", ".mm.ss"):
        return None
    tokens = re.findall(r"d+|m+|y+|[^dmy]+", days)
    if [sign for sign in tokens if not re.fullmatch(r"dd|mm|mmm|yy|yyyy|[-./ ]+", sign)]:
        return None
    letters = "".join(sorted({token[0] for token in tokens if token[0] in "dmy"}))
    if letters not in ("dmy", "my") or sum(token[0] in "dmy" for token in tokens) != len(letters):
        return None
    close = not any(token[0] in "-./ " for token in tokens)
    figures = r"\d{2}" if close else r"\d{1,2}"
    parts = {"dd": f"(?P<d>{figures})", "mm": f"(?P<m>{figures})", "mmm": r"(?P<name>[^\W\d]+)\.?",
             "yy": r"(?P<y>\d{2})", "yyyy": r"(?P<y>\d{4})"}
    body = "".join(parts.get(token, r"\s*" + re.escape(token.strip()) + r"\s*" if token.strip() else r"\s+")
                   for token in tokens)
    return re.compile(body + (_CLOCK if clock else ""), re.IGNORECASE)


@cache
def day_reader(text: str) -> Callable[[str], date | None]:
    """What reads a cell in this format: its day, or None where it is not one.

    >>> day_reader("dd.mm.yy")("31.12.21"), day_reader("excel")("44561"), day_reader("dd-mm-yyyy")("12/31/2021")
    (datetime.date(2021, 12, 31), datetime.date(2021, 12, 31), None)
    """
    pattern = None if text in (EXCEL, CANONICAL) else _pattern(text)

    def read(cell: str) -> date | None:
        try:
            if found := _ISO.fullmatch(cell):
                return date(int(found[1]), int(found[2]), int(found[3]))
            if text == CANONICAL:
                return _canonical_day(cell)
            if pattern is None:
                return _serial_day(cell)
            return _matched_day(pattern.fullmatch(cell))
        except ValueError:
            return None

    return read


def _canonical_day(cell: str) -> date | None:
    number = day_number(cell)
    return None if isinstance(number, Fault) else date.fromordinal(UNIX_DAY + number)


def _serial_day(cell: str) -> date | None:
    found = _SERIAL.fullmatch(cell)
    if found is None or not _EXCEL_FIRST <= int(found[1]) <= _EXCEL_LAST:
        return None
    return _EXCEL_ZERO + timedelta(days=int(found[1]))


def _matched_day(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    said = found.groupdict()
    year = int(said["y"])
    if len(said["y"]) == 2:
        year += 1900 if year + 1900 >= FIRST_YEAR_OF_TWO else 2000
    month = _MONTHS.get(said["name"].casefold(), 0) if said.get("name") else int(said["m"])
    return date(year, month, int(said.get("d") or 1))


@lru_cache(maxsize=1 << 16)
def iso_day(cell: str, text: str, shift_days: int = 0) -> str | None:
    """A cell as an ISO date, moved by some days; None where it is no date. "No end yet" (9999-12-31) stays.

    >>> iso_day("01-02-2021", "dd-mm-yyyy", -1), iso_day("31-12-9999", "dd-mm-yyyy", -1)
    ('2021-01-31', '9999-12-31')
    """
    day = day_reader(text)(cell)
    if day is None or day.isoformat() == OPEN_END:
        return None if day is None else OPEN_END
    try:
        return (day + timedelta(days=shift_days)).isoformat()
    except OverflowError:
        return None
