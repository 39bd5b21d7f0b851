"""The calendar as a file that Outlook and other calendars read (iCalendar, RFC 5545).

The same entry has the same UID in every file, so that a file read again moves what has moved and doubles nothing. The
time stamp is the first moment of the entry's year, not the moment of writing: the same calendar gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from gevinst.follow_up.annual_cycle import Entry, Kind
from gevinst.language import current, long_date, say

PRODUCT = "-//gevinst//annual cycle//DA"


def as_ics(entries: Iterable[Entry], municipality: str, municipality_code: str) -> bytes:
    """The entries as all-day events that leave the day free."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say(da=f"Årshjul, {municipality}", en=f"Annual cycle, {municipality}"))
    for entry in entries:
        event = Event()
        event.add("uid", uid(entry, municipality_code))
        event.add("dtstamp", datetime(entry.day.year, 1, 1, tzinfo=UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.title, parameters={"language": current()})
        event.add("categories", [str(entry.kind)])
        event.add("transp", "TRANSPARENT")
        if entry.kind is Kind.AGENDA and entry.meeting is not None:
            day = long_date(entry.meeting.day)
            event.add("description", say(da=f"Mødet er den {day}.", en=f"The meeting is on {day}."))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def uid(entry: Entry, municipality_code: str) -> str:
    """What names the entry in every calendar: made of municipality, kind and key, not of the day."""
    return f"{uuid5(NAMESPACE_URL, f'gevinst:{municipality_code}:{entry.kind}:{entry.key}')}@gevinst"
