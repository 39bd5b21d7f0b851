"""How a CPR number may be written: the one place that knows.

Ten signs (a day, a month, a year of two figures, a serial of four), or twelve where the year has four figures; with
nothing, or up to three signs such as a space, a hyphen, a full stop, a colon, a slash or an underscore, between the
parts. Replacement numbers (erstatnings-CPR) have 60 added to the day, or letters in the serial.

Two questions are asked of a text, and one answer cannot serve both. What *may* be a CPR number is taken out of what is
printed or written down as words (`without_cpr`): there a false alarm costs a word. What *is* written as a CPR number
has a row or a file refused (`holds_cpr`): there a false alarm costs a person or a day's work, so a date followed by a
time, an amount or a year is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HIDDEN = "[…]"
OLDEST, YOUNGEST, LAST = 1850, 2014, 2099  # years of birth; after `YOUNGEST` mostly the year of a file or an event

_HYPHENS = r"\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"  # hyphens, dashes and the true minus
_UNSEEN = r"\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens and signs without width, which PDF files are full of
_DASH = f"[{_HYPHENS}]"
_SIGN = rf"[\s{_HYPHENS}{_UNSEEN}_./:]"
_JOINT = rf"(?P<joint>{_SIGN}{{0,3}})"
_FIGURES = r"\d{4}"
_LETTERS = r"(?=\d*[A-Za-z])[A-Za-z0-9]{3}\d(?![\dA-Za-z])"  # the serial of a replacement number
_BEFORE = r"(?<!\d)(?<!\d\dT)"  # not inside a longer number, nor the clock of a timestamp such as 20211231T101920
_AFTER = r"(?!\d)(?![-./]\d\d[-./]\d\d(?!\d))"  # nor where the four figures are the year of a date
_CLOSED = rf"(?P<joint>{_DASH}|_|[{_UNSEEN}])"

_FORMS = tuple(re.compile(_BEFORE + form + _AFTER) for form in (
    rf"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d){_JOINT}(?P<serial>{_FIGURES})",
    rf"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d){_CLOSED}?(?P<serial>{_LETTERS})",
    r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d)(?P<joint> )(?P<serial>[A-Z][A-Z0-9]{2}\d(?![\dA-Za-z]))",
    rf"(?P<day>\d\d?)(?P<sign>{_SIGN}{{1,3}})(?P<month>\d\d?)(?P<other>{_SIGN}{{1,3}})(?P<year>\d\d){_JOINT}"
    rf"(?P<serial>{_FIGURES})",
    rf"(?P<day>\d\d)(?P<sign>{_SIGN})(?P<month>\d\d)(?P=sign)(?P<year>\d\d)\s?(?P<joint>{_DASH}|_| )\s?"
    rf"(?P<serial>{_LETTERS})",
    r"(?P<day>\d\d)(?P<sign>[^\w,;]|_)(?P<month>\d\d)(?P=sign)(?P<year>\d\d)(?P<joint>(?P=sign))"
    r"(?P<serial>\d\d(?P=sign)\d\d)(?!(?P=sign)\d)",
    rf"(?P<day>\d\d?)(?P<sign>{_SIGN}{{0,3}})(?P<month>\d\d?)(?P<other>{_SIGN}{{0,3}})(?P<year>\d{{4}}){_JOINT}"
    rf"(?P<serial>{_FIGURES}|{_LETTERS})",
    rf"(?P<year>\d{{4}})(?P<sign>{_SIGN}{{0,3}})(?P<month>\d\d)(?P<other>{_SIGN}{{0,3}})(?P<day>\d\d){_JOINT}"
    rf"(?P<serial>{_FIGURES}|{_LETTERS})",
    # A spreadsheet took the leading zero.
    rf"(?P<day>[1-9])(?P<month>\d\d)(?P<year>\d\d){_CLOSED}?(?P<serial>{_FIGURES})",
    rf"(?P<day>[1-9])(?P<month>\d\d)(?P<year>\d\d){_CLOSED}(?P<serial>{_LETTERS})"))

# The same, looser, to pass quickly over the many texts that hold none. The month's first figure decides the most; in
# other scripts it may be any sign.
_MONTH = r"[01\u0080-\U0010ffff]?\d"
_ANY = re.compile(
    rf"(?<!\d)(?:\d\d?{_SIGN}{{0,3}}{_MONTH}{_SIGN}{{0,3}}\d\d(?:\d\d)?|\d{{4}}{_SIGN}{{0,3}}{_MONTH}{_SIGN}{{0,3}}\d\d)"
    rf"{_SIGN}{{0,3}}[A-Za-z\d]{{2}}(?:{_SIGN}|[^\w,;])?[A-Za-z\d]\d")
# And for Arrow, which cannot look around: what `holds_cpr` sees, in a column of texts.
_FIGURE, _TWO = r"\p{Nd}", r"[01\x{80}-\x{10ffff}]\p{Nd}"
_BETWEEN = (r"[\s\x{0b}\x{1c}-\x{1f}\x{85}\p{Z}\-\x{2010}-\x{2015}\x{2212}\x{fe58}\x{fe63}\x{ff0d}\x{ad}"
            r"\x{200b}-\x{200d}\x{2060}\x{feff}_./:]{0,3}")
MAY_HOLD_CPR = (
    rf"(?:{_FIGURE}{_BETWEEN}{_TWO}{_BETWEEN}{_FIGURE}{{2}}(?:{_FIGURE}{{2}})?"
    rf"|{_FIGURE}{{4}}{_BETWEEN}{_TWO}{_BETWEEN}{_FIGURE}{{2}})"
    rf"{_BETWEEN}[A-Za-z{_FIGURE}]{{2}}(?:[^\pL\p{{Nd}}]){{0,3}}[A-Za-z{_FIGURE}]{_FIGURE}")


@dataclass(frozen=True)
class _Found:
    """One place in a text that has the shape, with its parts."""

    text: str
    span: tuple[int, int]
    parts: dict[str, str]

    @property
    def is_born(self) -> bool:
        """Whether its first parts are the day, month and year of a birth."""
        year = self.parts["year"]
        return (born_on_a_day(self.parts["day"].zfill(2) + self.parts["month"].zfill(2))
                and (len(year) == 2 or int(year) >= OLDEST) and not self._mixed and not self._clock)

    @property
    def _mixed(self) -> bool:
        """Whether there is a sign in one place between day, month and year and none in the other, or a figure less."""
        sign = self.parts.get("sign", "")
        short = not sign and len(self.parts["year"]) == 4 and len(self.parts["day"] + self.parts["month"]) < 4
        return short or bool(sign) != bool(self.parts.get("other", sign))

    @property
    def _clock(self) -> bool:
        """A clock with fractions of a second, 12:10:20.1234."""
        return self.parts.get("sign") == ":" and self.parts["joint"] == "."

    @property
    def may_be(self) -> bool:
        """Whether it may be a CPR number: dates of these years with a time after them are not."""
        late = len(self.parts["year"]) == 4 and int(self.parts["year"]) > YOUNGEST
        year_first = self.text.startswith(self.parts["year"], self.span[0]) and len(self.parts["year"]) == 4
        return self.is_born and not (late and (year_first or self._spaced))

    @property
    def _spaced(self) -> bool:
        """A date with signs in it, and nothing but blanks before the four figures: a time or an amount."""
        sign, joint = self.parts.get("sign", ""), self.parts["joint"]
        return bool(sign.strip() and sign != "_") and not joint.strip()

    @property
    def is_one(self) -> bool:
        """Whether it is written as a CPR number and as nothing else that is common."""
        joint, serial, year, sign = (self.parts.get(name) or "" for name in ("joint", "serial", "year", "sign"))
        if not self.may_be or self._spaced or ({*joint} & {*".:"} and len(joint) > 1):  # the end of a sentence
            return False
        if len(year) == 4:
            # 01-01-2010 – 2012 is a period; with a mere hyphen it is rather a number.
            two_years = sign and joint not in ("-", "_") and serial.isdecimal() and int(year) <= int(serial) <= LAST
            return int(year) <= YOUNGEST and not two_years and len(self.parts["day"] + self.parts["month"]) == 4
        if joint == "." and not sign:
            return not (self.text.strip("+- ") == self.text[slice(*self.span)] and self.parts["day"][0] != "0")
        return not sign or (len(self.parts["month"]) == 2 and (len(self.parts["day"]) == 2 or sign == "-" == joint))


def born_on_a_day(digits: str) -> bool:
    """Whether the first four figures are a day and a month, as in a CPR number.

    Substitute numbers (erstatnings-CPR) have 60 added to the day.

    >>> born_on_a_day("3112"), born_on_a_day("6101"), born_on_a_day("5577")
    (True, True, False)
    """
    day, month = int(digits[:2]), int(digits[2:4])
    return (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12


def holds_cpr(text: str) -> bool:
    """Whether a text holds a CPR number, in any of the ways that these are written and other things are not.

    >>> holds_cpr("udbetalt til 010190-1234"), holds_cpr("10190-1234"), holds_cpr("010190AB12")
    (True, True, True)
    >>> holds_cpr("01_01_90_1234"), holds_cpr("19900101-1234"), holds_cpr("01 01 90 12 34")
    (True, True, True)
    >>> holds_cpr("5577310012"), holds_cpr("707"), holds_cpr("kursus 01-02-21 1200 kr.")
    (False, False, False)
    """
    return any(found.is_one for found in _shaped(text))


def without_cpr(text: str) -> str:
    """The text with everything that may be a CPR number taken out; for what is said and shown.

    >>> without_cpr("udbetalt til 0101901234"), without_cpr("01-01-90 1234.xlsx")
    ('udbetalt til […]', '[…].xlsx')
    """
    return _without(text, [found.span for found in _shaped(text) if found.may_be])


def without_written_cpr(text: str) -> str:
    """The text with what `holds_cpr` sees taken out; for words that are kept, and may be matched on.

    >>> without_written_cpr("kursus 01-02-21 1200 kr. til 0101901234")
    'kursus 01-02-21 1200 kr. til […]'
    """
    return _without(text, [found.span for found in _shaped(text) if found.is_one])


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    kept, end = [], 0
    for first, last in sorted(spans):
        if last <= end:
            continue
        if first >= end:
            kept += [text[end:first], HIDDEN]
        end = last
    return "".join([*kept, text[end:]])


def _shaped(text: str) -> Iterator[_Found]:
    """Every place that has one of the shapes."""
    if _ANY.search(text):
        for form in _FORMS:
            yield from _in_shape(form, text)


def _in_shape(form: re.Pattern[str], text: str) -> Iterator[_Found]:
    """The places of one shape, also where one begins inside another that turns out to be nothing."""
    place = 0
    while match := form.search(text, place):
        found = _Found(text, match.span(), {name: part or "" for name, part in match.groupdict().items()})
        yield found
        place = match.end() if found.may_be else match.start() + 1
