"""Where the record takes the time from, and which day a moment belongs to. Tests hand over a clock of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day a moment falls on where the program runs."""
    return moment.astimezone().date()
