"""A protocol as lines for the terminal: what it says, its checksum, when it was fixed, and what was changed since."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from gevinst.language import say, short_date
from gevinst.register.business_case import FollowedBy, Investment, Portfolio
from gevinst.register.clock import day_of
from gevinst.register.protocol import ProtocolRecord, about, fixed_before_data
from gevinst.register.protocol_words import field_words, value_words


def protocol_lines(
    portfolio: Portfolio, investment: Investment, record: ProtocolRecord, first_data: datetime | None
) -> list[str]:
    """The lines of one investment, in the language spoken now; `first_data` is when persons' data were first loaded."""
    lines = [f"{investment.number}. {investment.title}"]
    if investment.followed_by is FollowedBy.HEAD_COUNT:
        lines.append("  " + say(da="Følges ved antal placeringer; der beregnes ingen effekt.",
                                en="Followed by head count; no effect is computed."))
    said = {field_words(item.name): value_words(item.name, getattr(investment.protocol, item.name))
            for item in fields(investment.protocol)}
    said |= {field_words(name): value_words(name, value) for name, value in about(portfolio, investment).items()}
    said |= {"SHA-256": record.sha256, say(da="Fastlagt", en="Fixed"): _fixed(record, first_data)}
    width = max(map(len, said)) + 2
    lines += [f"  {name + ':':{width}}{words}" for name, words in said.items()]
    return lines + _deviations(record)


def _fixed(record: ProtocolRecord, first_data: datetime | None) -> str:
    day, early = short_date(record.fixed_on), fixed_before_data(record, first_data)
    if first_data is None or early is None:
        return day + say(da="; borgernes data er ikke indlæst endnu", en="; persons' data have not been loaded yet")
    loaded = short_date(day_of(first_data))
    if early:
        return day + say(da=f", før borgernes data første gang blev indlæst ({loaded})",
                         en=f", before persons' data were first loaded ({loaded})")
    return day + say(da=f", EFTER at borgernes data første gang blev indlæst ({loaded})",
                     en=f", AFTER persons' data were first loaded ({loaded})")


def _deviations(record: ProtocolRecord) -> list[str]:
    if not record.changes:
        return ["  " + say(da="Ingen afvigelser fra det fastlagte.", en="No deviations from what was fixed.")]
    head = say(da=f"Afvigelser fra det fastlagte (SHA-256 {record.fixed_sha256}):",
               en=f"Deviations from what was fixed (SHA-256 {record.fixed_sha256}):")
    return ["  " + head, *(f"    {short_date(change.changed_on)}  {change}" for change in record.changes)]
