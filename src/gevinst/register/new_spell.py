"""The rule for when a spell is new, from and to a cell: weeks, or a calendar month."""

from __future__ import annotations

import re

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.register.business_case import CALENDAR_MONTH, NewSpell

_WORDS = ("calendar_month", "calendar month", "kalendermåned", "kalendermaaned")
_WHOLE = re.compile(r"[-+]?\d{1,18}")


def parse_new_spell(text: str) -> NewSpell:
    """The rule that is written: `4` (weeks), `calendar_month`, or the words of a workbook in either language.

    Raises `register.new-spell-rule`. Whether the number of weeks can be true is the question of `consistency`.

    >>> parse_new_spell("4"), parse_new_spell("Kalendermåned")
    (4, 'calendar_month')
    """
    words = text.strip().casefold()
    if words in _WORDS:
        return CALENDAR_MONTH
    if not _WHOLE.fullmatch(words):
        raise GevinstError("register.new-spell-rule", text=text.strip())
    return int(words)


def new_spell_words(rule: NewSpell) -> str:
    """The rule as it stands in a cell, in the language spoken now."""
    return say(da="kalendermåned", en="calendar month") if rule == CALENDAR_MONTH else str(rule)
