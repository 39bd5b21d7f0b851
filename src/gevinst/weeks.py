"""ISO weeks as integers, and the month, quarter and year they belong to.

A week is the number of Mondays since 1990-01-01, itself a Monday; earlier weeks are negative. A week belongs
to the month, quarter and year of its Thursday (the DREAM convention, and ISO 8601's own rule for years).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

EPOCH = date(1990, 1, 1)
THURSDAY = 3


def week_of(day: date) -> int:
    """The week that holds `day`.

    >>> week_of(date(1990, 1, 7)), week_of(date(1990, 1, 8)), week_of(date(1989, 12, 31))
    (0, 1, -1)
    """
    return (day - EPOCH).days // 7


def monday(week: int) -> date:
    """The first day of the week.

    >>> monday(1669).isoformat()
    '2021-12-27'
    """
    return EPOCH + timedelta(days=7 * week)


def sunday(week: int) -> date:
    """The last day of the week."""
    return EPOCH + timedelta(days=7 * week + 6)


def thursday(week: int) -> date:
    """The day that decides which month, quarter and year the week belongs to."""
    return EPOCH + timedelta(days=7 * week + THURSDAY)


def year_of(week: int) -> int:
    """The year of the week's Thursday, which is the ISO year.

    >>> year_of(week_of(date(2021, 1, 3))), year_of(week_of(date(2020, 12, 31)))
    (2020, 2020)
    """
    return thursday(week).year


def quarter_of(week: int) -> tuple[int, int]:
    """Year and quarter (1-4) of the week's Thursday."""
    day = thursday(week)
    return day.year, (day.month + 2) // 3


def first_week(year: int) -> int:
    """The first week that belongs to `year`.

    >>> monday(first_week(2021)).isoformat()
    '2021-01-04'
    """
    return week_of(date(year, 1, 4))


def label(week: int) -> str:
    """The ISO name of the week.

    >>> label(week_of(date(2021, 1, 3)))
    '2020-W53'
    """
    year, number, _ = monday(week).isocalendar()
    return f"{year}-W{number:02d}"


def last_complete_week(day: date) -> int:
    """The last week that has ended on or before `day`, when `day` itself is counted.

    >>> last_complete_week(date(1990, 1, 7)), last_complete_week(date(1990, 1, 6))
    (0, -1)
    """
    return (day - EPOCH).days // 7 - (day.weekday() != 6)


def today() -> date:
    """The day it is where the program runs."""
    return datetime.now().astimezone().date()
