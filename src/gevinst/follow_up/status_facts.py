"""What the rules of status look at, from the follow-up of one investment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from gevinst.follow_up.bridge import Drivers
from gevinst.follow_up.coming_intake import open_weeks
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.follow_up.exposure import Day, day_kinds, suspensions_of
from gevinst.follow_up.status_rules import Facts
from gevinst.follow_up.status_stop import Why
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.register.business_case import Basis, Investment, Line, Portfolio
from gevinst.weeks import first_week, sunday, week_of, year_of

MONTH_DAYS = 365.2425 / 12


@dataclass(frozen=True)
class Seen:
    """What is known of one case: its table, the drivers of its years, what stands behind its effect.

    `unusable` says why what is computed from persons may not be told (empty: it may). `delivered` are the participant
    weeks so far, where they may be told; `serious`: so is a finding on the data's quality.
    """

    investment: Investment
    table: FollowUp
    drivers: Sequence[Drivers]
    detail: EffectDetail | None
    unusable: Why
    delivered: int | None = None
    serious: bool = False

    @property
    def computed(self) -> bool:
        """Whether the last outcome was computed from persons; where there is none, whether weeks are delivered."""
        sources = [row.outcome[Line.SAVING].source for row in self.table.years if Line.SAVING in row.outcome]
        return sources[-1] == "computed" if sources else self.delivered is not None


def facts_of(
    seen: Seen, portfolio: Portfolio, today: date, horizon: int | None, threshold: int, partial_open: Decimal
) -> Facts:
    """The facts as of `today`; `horizon` is the last week of the data, where there are any."""
    share, few, at_most = _participants(seen, portfolio, horizon, threshold, partial_open)
    row = _outcome_row(seen, today)
    outcome, converted = _outcome(seen, row)
    whole = next((one for one in seen.detail.chances if one.year is None), None) if seen.detail else None
    chance = None if seen.unusable else whole
    closed = [one.end for one in suspensions_of(seen.investment, portfolio)
              if not one.partial and one.start <= today <= one.end]  # fmt: skip
    return Facts(
        seen.investment.number,
        seen.investment.status,
        share,
        few,
        at_most,
        outcome,
        None if row is None else row.year,
        Basis.REALISED if row is None else row.basis,
        converted,
        None if chance is None else chance.reaches_budget,
        None if chance is None else chance.covers_investment,
        _counts_on_cover(seen),
        _open_share(seen.investment, portfolio, today, partial_open),
        _followed(seen),
        max(closed, default=None),
        None if horizon is None or seen.detail is None else (today - sunday(horizon)).days / MONTH_DAYS,
        seen.serious,
        no_claim=seen.unusable == "too-few",
        biased=seen.unusable == "method",
    )


Participants = tuple[float | None, bool, float | None]
"""The share of the plan in the open weeks, whether too few take part to tell it, and what it then is at most."""


def _participants(
    seen: Seen, portfolio: Portfolio, horizon: int | None, threshold: int, partial_open: Decimal
) -> Participants:
    """Delivered beside a computed outcome, recorded beside a recorded one; the other where that is not known."""
    recorded = _by_record(seen, threshold)
    delivered = None if horizon is None else _by_delivery(seen, portfolio, horizon, partial_open)
    first, second = (delivered, recorded) if seen.computed else (recorded, delivered)
    return first or second or (None, False, None)


def _by_delivery(seen: Seen, portfolio: Portfolio, horizon: int, partial_open: Decimal) -> Participants | None:
    """Weeks delivered over the places of the open weeks up to the data end."""
    weeks = _plan_weeks(portfolio, horizon)
    plan = {year: float(planned_in(seen.investment, year) or 0) for year in {year_of(int(week)) for week in weeks}}
    opened = open_weeks(seen.investment, portfolio, weeks, partial_open)
    places = sum(plan[year_of(int(week))] * float(part) for week, part in zip(weeks, opened, strict=True))
    return (seen.delivered / places, False, None) if seen.delivered is not None and places else None


def _by_record(seen: Seen, threshold: int) -> Participants | None:
    """Full-time participants of the last year that has any, over those planned for its open weeks."""
    known = [one for one in seen.drivers if one.planned and (one.few or one.participants is not None)]
    if not known:
        return None
    last = known[-1]
    room = float(last.planned or 0) * float(last.open_share * (1 - last.stopped_share))
    if not room:
        return None
    if last.few:
        return None, True, (threshold - 1) / room
    return float(last.participants or 0) / room, False, None


def planned_in(investment: Investment, year: int) -> Decimal | None:
    """Full-time participants planned for a year."""
    for one in investment.participant_counts:
        if one.year == year and one.planned is not None:
            return one.planned
    return investment.full_time_participants


def _plan_weeks(portfolio: Portfolio, last: int) -> np.typing.NDArray[np.int64]:
    return np.arange(first_week(portfolio.years[0]), last + 1)


def _outcome_row(seen: Seen, today: date) -> FollowUpYear | None:
    """This year where it has an outcome and a budget, else the last year before it that has."""
    rows = [row for row in seen.table.years
            if row.year <= today.year and Line.SAVING in row.outcome and Line.SAVING in row.budget]  # fmt: skip
    return rows[-1] if rows else None


def _outcome(seen: Seen, row: FollowUpYear | None) -> tuple[float | None, bool]:
    """The outcome's saving over the budget's, and whether the budget was converted to the outcome's prices."""
    if row is None or row.budget[Line.SAVING].amount.ore >= 0:
        return None, True
    if row.outcome[Line.SAVING].source == "computed" and seen.unusable:
        return None, True
    factor = next((one.price_factor for one in seen.drivers if one.year == row.year), None)
    budget = row.budget[Line.SAVING].amount.in_dkk * (factor or 1)
    return float(row.outcome[Line.SAVING].amount.in_dkk / budget), factor is not None


def _followed(seen: Seen) -> float | None:
    """How much of the horizon asked for the main method's answer covers; None where it is not used."""
    if seen.detail is None or seen.unusable:
        return None
    return seen.detail.horizon_weeks / max(seen.investment.protocol.horizon_weeks, 1)


def _counts_on_cover(seen: Seen) -> bool:
    """Whether by the budget the saving of the years with a result was to cover their investment."""
    years = {one.year for one in seen.detail.accounts if one.year is not None} if seen.detail else set[int]()
    nets = [row.budget[Line.NET].amount.ore for row in seen.table.years if row.year in years and Line.NET in row.budget]
    return bool(nets) and sum(nets) <= 0


def _open_share(investment: Investment, portfolio: Portfolio, today: date, partial_open: Decimal) -> float | None:
    """Of the planned days so far, before a stop, the share that was open; None where none were planned yet."""
    kinds = [kind for week in _plan_weeks(portfolio, week_of(today)) for kind in
             day_kinds(investment, portfolio, int(week)) if kind is not Day.STOPPED]  # fmt: skip
    worth = {Day.OPEN: 1.0, Day.PARTIAL: float(partial_open), Day.CLOSED: 0.0}
    return sum(worth[kind] for kind in kinds) / len(kinds) if kinds else None
