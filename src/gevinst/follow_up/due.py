"""What is due and what is late: the calendar held against the editions and the imports that were made.

A follow-up belongs to the time from the first day of its month to the day before the next follow-up's month. It is made
when an edition with a memo date in that time has been approved by the month's last working day, on data imported since
the month of the follow-up before began. An agenda with the follow-up on it needs an approved edition with a memo date
after the meeting before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from gevinst.follow_up.annual_cycle import (
    Entry,
    Kind,
    Meeting,
    YearPlan,
    agenda_out,
    follow_up_due,
    follow_up_key,
)
from gevinst.language import say, short_date
from gevinst.register.clock import day_of
from gevinst.register.edition_log import EditionRecord, state_name

BACK, AHEAD = 365, 92
"""So many days back and ahead are looked at."""


class Standing(StrEnum):
    """How an obligation stands."""

    DONE = "done"
    DONE_LATE = "done_late"
    LATE = "late"
    DUE = "due"  # its time has begun
    COMING = "coming"


@dataclass(frozen=True)
class Due:
    """An obligation of the calendar: how it stands, and what is lacking, in words."""

    entry: Entry
    portfolio: str
    standing: Standing
    edition: str = ""
    done_on: date | None = None
    lacking: tuple[str, ...] = ()


def standing_name(standing: Standing) -> str:
    """What a reader calls it."""
    return {
        Standing.DONE: say(da="gjort", en="done"),
        Standing.DONE_LATE: say(da="gjort for sent", en="done late"),
        Standing.LATE: say(da="FORSINKET", en="LATE"),
        Standing.DUE: say(da="forfalder", en="due"),
        Standing.COMING: say(da="kommer", en="coming"),
    }[standing]


def obligations(
    plan: YearPlan,
    portfolios: Sequence[str],
    editions: Sequence[EditionRecord],
    imports: Sequence[datetime],
    today: date,
) -> tuple[Due, ...]:
    """Every follow-up and every agenda with a follow-up on it, a year back and a quarter ahead, by day.

    What lay before the first import or edition was nobody's to do here and is left out.
    """
    begun = min([*(day_of(one) for one in imports), *(one.memo_date for one in editions)], default=today)
    first = max(begun, today - timedelta(days=BACK))
    found: list[Due] = []
    for portfolio in portfolios:
        mine = [one for one in editions if one.portfolio == portfolio]
        found += [_follow_up(window, portfolio, mine, imports, plan, today) for window in _windows(plan, today)]
        found += _agendas(portfolio, mine, plan, today)
    last = today + timedelta(days=AHEAD)
    return tuple(sorted((one for one in found if first <= one.entry.day <= last),
                        key=lambda one: (one.entry.day, one.entry.kind, one.portfolio)))  # fmt: skip


@dataclass(frozen=True)
class _Window:
    """The time of a follow-up; `data_from` is when the one before it began."""

    year: int
    month: int
    data_from: date
    begins: date
    ends: date


def _windows(plan: YearPlan, today: date) -> list[_Window]:
    months = sorted(date(year, month, 1) for year in range(today.year - 2, today.year + 3)
                    for month in plan.follow_up_months)  # fmt: skip
    return [
        _Window(begins.year, begins.month, before, begins, following - timedelta(days=1))
        for before, begins, following in zip(months, months[1:], months[2:], strict=False)
    ]


def _follow_up(
    window: _Window,
    portfolio: str,
    editions: Sequence[EditionRecord],
    imports: Sequence[datetime],
    plan: YearPlan,
    today: date,
) -> Due:
    due = follow_up_due(window.year, window.month, plan)
    entry = Entry(due, Kind.FOLLOW_UP, follow_up_key(window.year, window.month))
    within = [one for one in editions if window.begins <= one.memo_date <= window.ends]
    lacking = _no_data(imports, window)
    return _judged(entry, portfolio, within, lacking, window.begins, today)


def _agendas(portfolio: str, editions: Sequence[EditionRecord], plan: YearPlan, today: date) -> list[Due]:
    meetings = sorted((one for one in plan.meetings if one.follow_up and one.portfolio in ("", portfolio)),
                      key=lambda one: one.day)  # fmt: skip
    found, before = [], date.min
    for meeting in meetings:
        found.append(_agenda(meeting, before, portfolio, editions, plan, today))
        before = meeting.day
    return found


def _agenda(
    meeting: Meeting, before: date, portfolio: str, editions: Sequence[EditionRecord], plan: YearPlan, today: date
) -> Due:
    entry = Entry(agenda_out(meeting, plan), Kind.AGENDA, meeting.key, meeting)
    within = [one for one in editions if before < one.memo_date <= meeting.day]
    return _judged(entry, portfolio, within, [], entry.day - timedelta(days=AHEAD), today)


def _judged(
    entry: Entry, portfolio: str, within: Sequence[EditionRecord], lacking: list[str], begins: date, today: date
) -> Due:
    """How it stands: done by the first edition that was approved, else late, due or coming."""
    approved = sorted((day_of(event.at), one.key) for one in within if (event := one.event("approved")) is not None)
    if approved:
        done_on, edition = approved[0]
        on_time = done_on <= entry.day
        standing = Standing.DONE if on_time else Standing.DONE_LATE
        return Due(entry, portfolio, standing, edition, done_on, tuple(lacking))
    newest = max(within, key=lambda one: (one.memo_date, one.key), default=None)
    if newest is None:
        lacking = [*lacking, say(da="notatet er ikke lavet", en="the memo has not been made")]
    else:
        state = state_name(newest.state)
        lacking = [*lacking, say(da=f"udgave {newest.key} er {state}, ikke godkendt",
                                 en=f"edition {newest.key} is {state}, not approved")]  # fmt: skip
    standing = Standing.LATE if today > entry.day else Standing.DUE if today >= begins else Standing.COMING
    edition = "" if newest is None else newest.key
    return Due(entry, portfolio, standing, edition, None, tuple(lacking) if standing is not Standing.COMING else ())


def _no_data(imports: Sequence[datetime], window: _Window) -> list[str]:
    """What is to be said where no data were imported in the window's time, nor in that of the one before it."""
    if not imports:
        return [say(da="der er ikke indlæst data", en="no data have been imported")]
    days = sorted(day_of(one) for one in imports)
    if any(window.data_from <= day <= window.ends for day in days):
        return []
    start, end = short_date(window.data_from), short_date(window.ends)
    after = next((day for day in days if day > window.ends), None)
    if after is not None:  # newer data are there, but no memo of the window's time could rest on them
        next_ = short_date(after)
        return [say(da=f"der blev ikke indlæst data fra {start} til {end} (først den {next_})",
                    en=f"no data were imported from {start} to {end} (not until {next_})")]
    last = short_date(days[-1])
    return [say(da=f"der er ikke indlæst nye data siden {start} (sidst {last})",
                en=f"no new data have been imported since {start} (last {last})")]
