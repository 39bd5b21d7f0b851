"""`calendar.yaml` of a workspace: meetings, months of follow-up, and days on which the town hall is closed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from gevinst.disk import reason_of
from gevinst.errors import GevinstError
from gevinst.follow_up.annual_cycle import Meeting, YearPlan
from gevinst.parameters.marked_yaml import Node, read

FILE = "calendar.yaml"
_KEYS = ("follow_up_months", "agenda_days", "saturdays", "closed_every_year", "closed_days", "open_days", "meetings",
         "partial_weeks_open")  # fmt: skip
_MEETING = ("date", "body", "key", "follow_up", "portfolio", "agenda_out")
_MOST_DAYS = 60
_LEAP_YEAR = 2020


def read_calendar(workspace: Path) -> YearPlan:
    """The calendar of a workspace; the usual one where it has none.

    Raises `calendar.unreadable`, `calendar.month`, `calendar.agenda-days`, `calendar.day-of-year`, `calendar.period`,
    `calendar.meeting-without`, `calendar.meeting-twice`, `calendar.agenda-after`, `calendar.share`, and
    `parameters.unknown-key`, `.duplicate-key` and `.wrong-kind` with file and line.
    """
    path = workspace / FILE
    if not path.exists():
        return YearPlan()
    try:
        said = read(path).mapping((), _KEYS)
    except GevinstError as fault:
        if fault.code != "parameters.unreadable":
            raise
        raise GevinstError("calendar.unreadable", where=fault.where or str(path), **fault.values) from fault
    except OSError as fault:
        raise GevinstError("calendar.unreadable", where=str(path), reason=reason_of(fault)) from fault
    usual = YearPlan()
    return YearPlan(
        _months(said["follow_up_months"]) if "follow_up_months" in said else usual.follow_up_months,
        _days(said["agenda_days"]) if "agenda_days" in said else usual.agenda_days,
        said["saturdays"].boolean() if "saturdays" in said else usual.saturdays,
        tuple(_day_of_year(one) for one in said["closed_every_year"].items())
        if "closed_every_year" in said
        else usual.closed_every_year,
        _periods(said["closed_days"]) if "closed_days" in said else usual.closed_days,
        _periods(said["open_days"]) if "open_days" in said else usual.open_days,
        _meetings(said["meetings"]) if "meetings" in said else usual.meetings,
        _share(said["partial_weeks_open"]) if "partial_weeks_open" in said else usual.partial_open,
    )


def _months(node: Node) -> tuple[int, ...]:
    months = [(one, one.integer()) for one in node.items()]
    for one, month in months:
        if not 1 <= month <= 12:
            raise one.fault("calendar.month", month=month)
    if not months:
        raise node.fault("calendar.month", month="[]")
    return tuple(sorted({month for _, month in months}))


def _days(node: Node) -> int:
    days = node.integer()
    if not 0 <= days <= _MOST_DAYS:
        raise node.fault("calendar.agenda-days", days=days, most=_MOST_DAYS)
    return days


def _day_of_year(node: Node) -> tuple[int, int]:
    """A day and a month as they are written in Danish: `24-12`, `24.12` or `24/12`."""
    text = str(node.content) if isinstance(node.content, str) else ""
    found = re.fullmatch(r"(\d{1,2})[-./](\d{1,2})\.?", text.strip())
    try:
        day = date(_LEAP_YEAR, int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise node.fault("calendar.day-of-year", text=text)
    return day.month, day.day


def _periods(node: Node) -> frozenset[date]:
    """Single days, and periods with `from` and `to`, both included."""
    found: set[date] = set()
    for one in node.items():
        if not isinstance(one.content, dict):
            found.add(one.day())
            continue
        said = one.mapping((), ("from", "to"))
        if set(said) != {"from", "to"}:
            raise one.fault("calendar.period")
        first, last = said["from"].day(), said["to"].day()
        if not timedelta() <= last - first <= timedelta(days=366):
            raise one.fault("calendar.period")
        found |= {first + timedelta(days=at) for at in range((last - first).days + 1)}
    return frozenset(found)


def _meetings(node: Node) -> tuple[Meeting, ...]:
    found: dict[str, Meeting] = {}
    for one in node.items():
        meeting = _meeting(one)
        if meeting.key in found:
            raise one.fault("calendar.meeting-twice", key=meeting.key)
        found[meeting.key] = meeting
    return tuple(sorted(found.values(), key=lambda meeting: (meeting.day, meeting.key)))


def _meeting(node: Node) -> Meeting:
    said = node.mapping((), _MEETING)
    for name in ("date", "body"):
        if name not in said or said[name].empty:
            raise node.fault("calendar.meeting-without", name=name)
    day, body = said["date"].day(), said["body"].text()
    out = said["agenda_out"].day() if "agenda_out" in said else None
    if out is not None and out > day:
        raise said["agenda_out"].fault("calendar.agenda-after", day=day.isoformat())
    key = said["key"].text() if "key" in said else f"{day.isoformat()} {body}"
    return Meeting(day, body, key, said["follow_up"].boolean() if "follow_up" in said else False,
                   said["portfolio"].text() if "portfolio" in said else "", out)  # fmt: skip


def _share(node: Node) -> Decimal:
    share = node.number()
    if not 0 <= share <= 1:
        raise node.fault("calendar.share", share=share)
    return share
