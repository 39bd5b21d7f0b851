"""Who is yet to start: the case's plan spread over the weeks in which it is open, or the pace seen so far.

    starts in week w of year y = participants(y) × planned weeks(y) ÷ weeks each stays × open(w) ÷ Σ open, over the year

`participants(y)` are the full-time persons the case expects, else plans, for the year; `open(w)` the open share of
week w by the exposure clock. What was not reached so far is not caught up. Where the case plans no number, the starts
per open week of the last 52 weeks go on. Nobody starts after a stop, or after the last day of referral.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from gevinst.follow_up.exposure import PARTIAL_OPEN, Day, day_kinds
from gevinst.language import say
from gevinst.register.business_case import Investment, Portfolio, Status
from gevinst.weeks import first_week, year_of

Floats = npt.NDArray[np.float64]
IntakeRule = Literal["plan", "pace"]
INTAKE_RULES: tuple[IntakeRule, ...] = ("plan", "pace")
PACE_WEEKS = 52


@dataclass(frozen=True)
class IntakePlan:
    """How many are expected to start, and why; `per_year` in what is left of each year.

    `stays` is how many weeks a participant is taken to stay. A pace of fewer starts than may be told is `few`.
    """

    rule: IntakeRule
    per_year: Mapping[int, float] = field(default_factory=dict)
    source: str = ""
    stays: float | None = None
    stays_source: str = ""
    few: bool = False


@dataclass(frozen=True)
class ComingIntake:
    """Expected starts `[week]` from `first_week` on, and what they are made of."""

    first_week: int
    starts: Floats
    plan: IntakePlan


def coming_intake(
    investment: Investment,
    portfolio: Portfolio,
    observed: Floats,
    observed_from: int,
    last_year: int,
    *,
    rule: IntakeRule = "plan",
    mean_stay: float | None = None,
    partial_open: Decimal = PARTIAL_OPEN,
    threshold: int = 5,
) -> ComingIntake:
    """The starts from the week after the observed ones to the end of `last_year`.

    `observed` `[week]` are the starts of each week from `observed_from` to the data horizon; `mean_stay` the weeks
    that participants stayed so far (None: not known). With `rule` "plan", a case that plans no number gets the pace.
    A pace of fewer starts than `threshold` is not for print.
    """
    coming = observed_from + len(observed)
    weeks = np.arange(coming, max(first_week(last_year + 1), coming))
    opened = open_weeks(investment, portfolio, weeks, partial_open)
    if investment.status in (Status.ENDED, Status.STOPPED) and investment.stop is None:
        opened = np.zeros_like(opened)
    years = sorted({year_of(int(week)) for week in weeks})
    planned = {year: full_time_expected(investment, year) for year in years}
    of_year = np.array([year_of(int(week)) for week in weeks])
    if rule == "pace" or all(found is None for found in planned.values()):
        starts = opened * _pace(investment, portfolio, observed, observed_from, partial_open)
        seen = float(observed[-PACE_WEEKS:].sum())
        plan = IntakePlan("pace", {year: float(starts[of_year == year].sum()) for year in years}, say(
            da=f"tempoet i de åbne af de seneste {PACE_WEEKS} uger",
            en=f"the pace in the open ones of the last {PACE_WEEKS} weeks"), few=0 < seen < threshold)
        return ComingIntake(coming, starts, plan)
    stays, why = _stays(investment, mean_stay)
    starts = np.zeros(len(weeks))
    for year in years:
        mine = of_year == year
        per_week = _per_open_week(investment, portfolio, year, planned[year], stays, partial_open)
        starts[mine] = per_week * opened[mine]
    per_year = {year: float(starts[of_year == year].sum()) for year in years}
    source = say(da="sagens plan", en="the case's plan")
    return ComingIntake(coming, starts, IntakePlan("plan", per_year, source, stays, why))


def open_weeks(
    investment: Investment, portfolio: Portfolio, weeks: npt.NDArray[np.int64], partial_open: Decimal = PARTIAL_OPEN
) -> Floats:
    """The open share of each week `[week]`, 0 to 1."""
    worth = {Day.OPEN: 1.0, Day.PARTIAL: float(partial_open), Day.CLOSED: 0.0, Day.STOPPED: 0.0}
    return np.array([sum(worth[kind] for kind in day_kinds(investment, portfolio, int(week))) / 7 for week in weeks])


def _per_open_week(
    investment: Investment, portfolio: Portfolio, year: int, participants: float | None, stays: float,
    partial_open: Decimal,
) -> float:
    """Starts per wholly open week of the year, by the plan."""
    if participants is None:
        return 0.0
    weeks = np.arange(first_week(year), first_week(year + 1))
    kinds = (kind for week in weeks for kind in day_kinds(investment, portfolio, int(week)))
    planned = sum(1 for kind in kinds if kind is not Day.STOPPED) / 7
    opened = open_weeks(investment, portfolio, weeks, partial_open).sum()
    return float(participants * planned / stays / opened) if opened else 0.0


def full_time_expected(investment: Investment, year: int) -> float | None:
    """Full-time participants of the year: what the case last expected, else what it plans."""
    for one in investment.participant_counts:
        if one.year == year and (said := one.expected if one.expected is not None else one.planned) is not None:
            return float(said)
    return None if investment.full_time_participants is None else float(investment.full_time_participants)


def _stays(investment: Investment, mean_stay: float | None) -> tuple[float, str]:
    if investment.planned_weeks:
        return float(investment.planned_weeks), say(da="sagens planlagte forløb", en="the case's planned stay")
    if mean_stay:
        return mean_stay, say(da="de hidtidige deltageres ophold i gennemsnit",
                              en="the mean stay of participants so far")
    return 52.0, say(da="sagen siger ikke andet", en="the case does not say")


def _pace(
    investment: Investment, portfolio: Portfolio, observed: Floats, observed_from: int, partial_open: Decimal
) -> float:
    """Observed starts per open week of the last year before the horizon."""
    last = observed[-PACE_WEEKS:]
    weeks = np.arange(observed_from + len(observed) - len(last), observed_from + len(observed))
    opened = open_weeks(investment, portfolio, weeks, partial_open).sum()
    return float(last.sum() / opened) if opened else 0.0
