"""The annual cycle (årshjul): the months of budget follow-up, the committee's meetings, and when the agenda goes out.

Deadlines are counted in working days: Monday to Friday, without the public holidays (library `holidays`) and the days
on which a town hall is closed, which the workspace's `calendar.yaml` says. Nothing here knows what day it is.

Source of the months and of the four days: Norddjurs' introduction for its labour-market committee, 2022
("Budgetopfølgning april – juni – september – november"; "Dagsorden og bilag udsendes 4 hverdage før et udvalgsmøde").
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache

import holidays

from gevinst.follow_up.exposure import PARTIAL_OPEN
from gevinst.language import MONTHS_DA, MONTHS_EN, say

FOLLOW_UP_MONTHS = (4, 6, 9, 11)
AGENDA_DAYS = 4
CLOSED_EVERY_YEAR = ((6, 5), (12, 24), (12, 31))
"""Constitution Day, Christmas Eve and New Year's Eve are no public holidays, but town halls are closed on them, wholly
or from noon. Taken as closed unless `calendar.yaml` says otherwise: a deadline a day too early does no harm."""
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class Meeting:
    """A meeting of a committee. `key` is what it is known by when its date moves; `follow_up` puts the memo on it.

    `agenda_out` is the day the agenda goes out where that is not the usual number of working days before.
    """

    day: date
    body: str
    key: str
    follow_up: bool = False
    portfolio: str = ""
    agenda_out: date | None = None


@dataclass(frozen=True)
class YearPlan:
    """What `calendar.yaml` says. `closed_every_year` is (month, day); `open_days` are holidays that are worked.

    `saturdays` counts Saturdays as working days ("hverdage" in some statutes). `partial_open` is how far a partly
    closed week counts as open for the exposure clock.
    """

    follow_up_months: tuple[int, ...] = FOLLOW_UP_MONTHS
    agenda_days: int = AGENDA_DAYS
    saturdays: bool = False
    closed_every_year: tuple[tuple[int, int], ...] = CLOSED_EVERY_YEAR
    closed_days: frozenset[date] = frozenset()
    open_days: frozenset[date] = frozenset()
    meetings: tuple[Meeting, ...] = ()
    partial_open: Decimal = PARTIAL_OPEN


class Kind(StrEnum):
    """What an entry of the calendar is."""

    FOLLOW_UP = "follow-up"  # the last day on which the follow-up of a month is made
    AGENDA = "agenda"  # the day on which agenda and annexes go out
    MEETING = "meeting"


@dataclass(frozen=True)
class Entry:
    """An entry of the calendar: a whole day. `key` names it as long as it exists, whatever day it is on."""

    day: date
    kind: Kind
    key: str
    meeting: Meeting | None = None

    @property
    def title(self) -> str:
        """What stands in the calendar."""
        if self.meeting is None:
            month = follow_up_name(self.key)
            return say(da=f"Budgetopfølgning {month}", en=f"Budget follow-up {month}")
        body = self.meeting.body
        if self.kind is Kind.AGENDA:
            return say(da=f"Dagsorden ud: {body}", en=f"Agenda out: {body}")
        return say(da=f"Møde: {body}", en=f"Meeting: {body}")


def follow_up_key(year: int, month: int) -> str:
    """How a month's follow-up is named: `2021-11`."""
    return f"{year}-{month:02d}"


def follow_up_name(key: str) -> str:
    """The month of a follow-up in words.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     follow_up_name("2021-11")
    'november 2021'
    """
    year, month = (int(part) for part in key.split("-"))
    return say(da=f"{MONTHS_DA[month - 1]} {year}", en=f"{MONTHS_EN[month - 1]} {year}")


@cache
def public_holidays(year: int) -> dict[date, str]:
    """The public holidays of Denmark in a year, with their Danish names.

    >>> public_holidays(2023)[date(2023, 5, 5)], date(2024, 4, 26) in public_holidays(2024)  # abolished from 2024
    ('Store bededag', False)
    """
    return dict(holidays.country_holidays("DK", years=year, language="da"))


def is_working_day(day: date, plan: YearPlan) -> bool:
    """Whether the town hall works on the day."""
    if day in plan.open_days:
        return True
    weekend = day.weekday() == SUNDAY or (day.weekday() == SATURDAY and not plan.saturdays)
    closed = day in plan.closed_days or (day.month, day.day) in plan.closed_every_year
    return not (weekend or closed or day in public_holidays(day.year))


def working_days_before(day: date, count: int, plan: YearPlan) -> date:
    """The working day that is `count` working days before `day`, which itself is not counted.

    >>> working_days_before(date(2021, 12, 15), 4, YearPlan()).isoformat()  # Tuesday, Monday, Friday, Thursday
    '2021-12-09'
    """
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day, plan)
    return day


def agenda_out(meeting: Meeting, plan: YearPlan) -> date:
    """The day on which the agenda of a meeting goes out."""
    return meeting.agenda_out or working_days_before(meeting.day, plan.agenda_days, plan)


def follow_up_due(year: int, month: int, plan: YearPlan) -> date:
    """The last working day of a month of follow-up."""
    last = date(year, month, monthrange(year, month)[1])
    return last if is_working_day(last, plan) else working_days_before(last, 1, plan)


def entries(year: int, plan: YearPlan) -> tuple[Entry, ...]:
    """Everything in the calendar of a year, by day: follow-ups, agendas and meetings.

    >>> [entry.day.isoformat() for entry in entries(2022, YearPlan())]
    ['2022-04-29', '2022-06-30', '2022-09-30', '2022-11-30']
    """
    found = [Entry(follow_up_due(year, month, plan), Kind.FOLLOW_UP, follow_up_key(year, month))
             for month in plan.follow_up_months]  # fmt: skip
    for meeting in plan.meetings:
        found.append(Entry(meeting.day, Kind.MEETING, meeting.key, meeting))
        found.append(Entry(agenda_out(meeting, plan), Kind.AGENDA, meeting.key, meeting))
    order = list(Kind)
    mine = [entry for entry in found if entry.day.year == year]
    return tuple(sorted(mine, key=lambda entry: (entry.day, order.index(entry.kind), entry.key)))
