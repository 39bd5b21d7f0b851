"""A protocol in words: the names and choices that the workbook shows, so that a controller meets one vocabulary."""

from __future__ import annotations

from datetime import date

from gevinst.language import say, short_date
from gevinst.register.business_case import CALENDAR_MONTH
from gevinst.register.stop_rules import STOP_RULES, of_plan_text
from gevinst.register.workbook_layout import Column, sheets, spoken

Value = str | int | bool | tuple[str | int, ...]
"""What a field of a protocol may hold."""
_COLUMNS = {name: name for name in ("referrals_from", "referrals_to")} | {"target_benefit": "target_group.benefit"}


def field_words(field: str) -> str:
    """What a field of `Protocol` is called, in the language spoken now.

    >>> field_words("headline")
    'Hovedmetode'
    """
    if field == STOP_RULES:
        return say(da="Stopregler", en="Stop rules")
    if field == "closed":
        return say(da="Perioder uden visitation", en="Periods without referrals")
    return spoken(_column(field).name)


def value_words(field: str, value: Value) -> str:
    """What a field holds, in the language spoken now.

    >>> value_words("headline", "matched"), value_words("new_spell_after", 4), value_words("match_on", ())
    ('matchet', '4 uger', 'ikke angivet')
    """
    if isinstance(value, tuple) and field == STOP_RULES:
        return "; ".join(of_plan_text(str(one)) for one in value) or say(da="ingen", en="none")
    if isinstance(value, tuple) and field == "closed":
        periods = (" – ".join(short_date(date.fromisoformat(day)) for day in str(one).split("/")) for one in value)
        return ", ".join(periods) or say(da="ingen", en="none")
    if isinstance(value, str) and field in ("referrals_from", "referrals_to"):
        return short_date(date.fromisoformat(value)) if value else say(da="åben", en="open")
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or say(da="ikke angivet", en="not stated")
    if isinstance(value, bool):
        return say(da="ja", en="yes") if value else say(da="nej", en="no")
    if value == CALENDAR_MONTH:
        return say(da="en hel kalendermåned", en="a whole calendar month")
    if isinstance(value, int) and field != "new_spell_after":
        return str(value)  # the field's name says weeks
    if isinstance(value, int):
        return say(da=f"{value} uge{'r' * (value != 1)}", en=f"{value} week{'s' * (value != 1)}")
    choices = _column(field).choices
    return spoken(choices[value]) if value in choices else value


def _column(field: str) -> Column:
    return sheets()["investments"].column(_COLUMNS.get(field, f"protocol.{field}"))
