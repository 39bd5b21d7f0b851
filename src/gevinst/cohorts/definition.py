"""Who is followed, from when: the three kinds of cohort, and when a spell is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

GapRule = int | Literal["calendar_month"]
"""When a spell is new, and when one has ended: after so many whole weeks without the benefit, or after a whole
calendar month without it (jobindsats: A-dagpenge since 9 August 2019, other benefits since 2018)."""


@dataclass(frozen=True)
class Inflow:
    """All new spells of `benefit` whose first day lies in `[first_day, last_day]`. Time origin: that week."""

    benefit: str
    first_day: date
    last_day: date
    new_after: GapRule = 4


@dataclass(frozen=True)
class Stock:
    """All who receive `benefit` in `week`, with the weeks they have had it behind them (left truncation)."""

    benefit: str
    week: int
    min_elapsed_weeks: int = 0


@dataclass(frozen=True)
class Participants:
    """All who start in `investment` in `[first_day, last_day]`. Time origin: the week they start.

    Only those who receive `benefit` in that week can leave it; the others are counted and left out. So are those who
    start on a day in `closed` (periods, both days included), when nobody could be referred, and those who took part in
    another investment before: what they save is credited there (`first_only`).
    """

    investment: str
    benefit: str
    first_day: date | None = None
    last_day: date | None = None
    closed: tuple[tuple[date, date], ...] = ()
    first_only: bool = True


CohortDefinition = Inflow | Stock | Participants
