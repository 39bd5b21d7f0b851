"""The exposure clock: in how many of its planned weeks an investment was open for referral, counted from dated objects.

Every day of a year is one of: outside the plan, after the early stop, closed (a suspension), partly closed (a partial
suspension), or open. Days are counted and told as weeks of seven days. A year is the weeks that belong to it, as
everywhere (`weeks.py`), so that 2020 has 53 weeks and ends on 3 January 2021.

    planned = open + partial + closed + stopped
    open share  = (open + partial_open × partial) ÷ (planned − stopped)      stopped share = stopped ÷ planned

How far a partly closed week was open is not known from its dates: `partial_open` is a stated assumption.
Source: method, section 7 ("exposure clock"); docs/method/exposure.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from gevinst.register.business_case import Investment, Portfolio, Suspension
from gevinst.weeks import first_week, monday

PARTIAL_OPEN = Decimal("0.5")
"""How much of a partly closed week counts as open where nothing is said: half, the middle of what is possible."""


class Day(StrEnum):
    """What a planned day was."""

    OPEN = "open"
    PARTIAL = "partial"
    CLOSED = "closed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Exposure:
    """The planned days of one investment in one year, by what they were."""

    investment: str
    year: int
    open: int
    partial: int
    closed: int
    stopped: int

    @property
    def planned(self) -> int:
        """Days on which the plan has the investment open."""
        return self.open + self.partial + self.closed + self.stopped

    @property
    def disturbed(self) -> bool:
        """Whether any planned day was not open."""
        return self.planned != self.open

    def open_share(self, partial_open: Decimal | Fraction = PARTIAL_OPEN) -> Fraction:
        """Of the planned days before the stop, the share that was open; 1 where there are none.

        >>> Exposure("2", 2020, open=260, partial=104, closed=0, stopped=0).open_share(Decimal("0.5"))
        Fraction(6, 7)
        """
        before = self.planned - self.stopped
        return Fraction(1) if not before else (self.open + Fraction(partial_open) * self.partial) / before

    @property
    def stopped_share(self) -> Fraction:
        """Of the planned days, the share after the early stop; 0 where nothing was planned."""
        return Fraction(self.stopped, self.planned) if self.planned else Fraction(0)

    def weeks(self, kind: Day) -> Decimal:
        """Days of one kind as weeks of seven days."""
        days = {Day.OPEN: self.open, Day.PARTIAL: self.partial, Day.CLOSED: self.closed, Day.STOPPED: self.stopped}
        return Decimal(days[kind]) / 7

    @property
    def planned_weeks(self) -> Decimal:
        """The planned days as weeks of seven days."""
        return Decimal(self.planned) / 7


def exposure(investment: Investment, portfolio: Portfolio, year: int) -> Exposure:
    """The planned days of the weeks of `year`, by what they were.

    The plan runs from the first day of referral to the last where the case says them, else all year. An early stop
    closes the days after it; a suspension beats a partial one on days that both hold.

    >>> from gevinst.register.bundled import portfolio
    >>> agreement = portfolio("norddjurs-2020-2023")
    >>> exposure(agreement.investment("2"), agreement, 2020)
    Exposure(investment='2', year=2020, open=268, partial=103, closed=0, stopped=0)
    """
    weeks = range(first_week(year), first_week(year + 1))
    counted = Counter(kind for week in weeks for kind in day_kinds(investment, portfolio, week))
    return Exposure(
        investment.number, year, counted[Day.OPEN], counted[Day.PARTIAL], counted[Day.CLOSED], counted[Day.STOPPED]
    )


def suspensions_of(investment: Investment, portfolio: Portfolio) -> tuple[Suspension, ...]:
    """The suspensions that concern the investment."""
    return tuple(
        one for one in portfolio.suspensions if one.investment in ("", investment.key, investment.number)
    )  # fmt: skip


def day_kinds(investment: Investment, portfolio: Portfolio, week: int) -> tuple[Day, ...]:
    """What each planned day of a week was; days outside the plan are not there."""
    first, last = _plan(investment)
    mine = suspensions_of(investment, portfolio)
    days = (monday(week) + timedelta(days=at) for at in range(7))
    return tuple(_what(day, investment, mine) for day in days if (first or day) <= day <= (last or day))


def _plan(investment: Investment) -> tuple[date | None, date | None]:
    """First and last planned day of referral. A last day that is the day of the stop is no plan."""
    last = investment.referrals_to
    if investment.stop is not None and last == investment.stop.date:
        last = None
    return investment.referrals_from, last


def _what(day: date, investment: Investment, suspensions: Sequence[Suspension]) -> Day:
    if investment.stop is not None and day > investment.stop.date:
        return Day.STOPPED
    holding = [one for one in suspensions if one.start <= day <= one.end]
    if not holding:
        return Day.OPEN
    return Day.PARTIAL if all(one.partial for one in holding) else Day.CLOSED
