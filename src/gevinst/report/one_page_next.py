"""The next dates of the annual cycle that a page tells: the follow-up after this one, and the committee's meeting."""

from __future__ import annotations

from datetime import date

from gevinst.follow_up.annual_cycle import Entry, Kind, YearPlan, entries


def next_dates(plan: YearPlan, memo_date: date, portfolio: str) -> tuple[Entry, ...]:
    """The first meeting and the first follow-up after the memo's month of follow-up; by day.

    A meeting of another portfolio is left out. Two years are looked at.

    >>> [entry.key for entry in next_dates(YearPlan(), date(2021, 11, 26), "p")]
    ['2022-04']
    """
    after = [entry for year in (memo_date.year, memo_date.year + 1) for entry in entries(year, plan)
             if entry.day > memo_date]
    month = f"{memo_date:%Y-%m}"
    follow_ups = [entry for entry in after if entry.kind is Kind.FOLLOW_UP and entry.key > month]
    meetings = [entry for entry in after if entry.kind is Kind.MEETING and entry.meeting is not None
                and entry.meeting.portfolio in ("", portfolio)]
    return tuple(sorted([*meetings[:1], *follow_ups[:1]], key=lambda entry: (entry.day, entry.key)))
