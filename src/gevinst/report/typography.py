"""How running text is set: what may not part at a line's end, and the dash of a span of years."""

from __future__ import annotations

import re

from gevinst.language import MONTHS_DA, MONTHS_EN, NO_BREAK

_YEARS = re.compile(r"(?<![\d/-])((?:19|20)\d\d)-((?:19|20)\d\d)(?![\d/-])")
_UNITS = re.compile(r"(?<=\d) (?=(?:%|pct\.|mio\.|kr\.)(?!\w))")
_MILLION = re.compile(r"\bmio\. kr\.")
_PLACES = re.compile(r"(§|\bstk\.|\bnr\.|\bp/l) (?=\d)")
_DAYS = re.compile(rf"(?<=\d)(\.?) (?=(?:{'|'.join((*MONTHS_DA, *MONTHS_EN))})\b)")
_TWO_STOPS = re.compile(r"\bkr\.\.(?!\.)")


def typeset(text: str) -> str:
    """The text as it is printed, also where a municipality has typed it.

    A number keeps its unit on its line and a day its month, a span of years gets an en dash, and a sentence that
    ends with an amount has one full stop.

    >>> typeset("i 2020-2023 i alt 20,0 mio. kr.. Sag 19-2020 af 3. maj").replace(NO_BREAK, "~")
    'i 2020–2023 i alt 20,0~mio.~kr. Sag 19-2020 af 3.~maj'
    """
    text = _YEARS.sub("\\1\N{EN DASH}\\2", _TWO_STOPS.sub("kr.", text))
    text = _MILLION.sub(f"mio.{NO_BREAK}kr.", _UNITS.sub(NO_BREAK, text))
    return _PLACES.sub(f"\\1{NO_BREAK}", _DAYS.sub(f"\\1{NO_BREAK}", text))
