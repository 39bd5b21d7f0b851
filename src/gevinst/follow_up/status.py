"""The stop/continue desk of one investment: its status, its break-even, when it is safe to decide, its stop rules.

Everything is made of what the follow-up has found already: the table, the bridge's drivers, the replicates of the main
method, the forecast. Like stands beside like: recorded results with recorded participants, computed with delivered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np

from gevinst.effects.estimate import Interval
from gevinst.effects.replicates import interval
from gevinst.follow_up.break_even import WEEKS, BreakEven, Cost, Payback, break_even, payback
from gevinst.follow_up.bridge import Bridge, Drivers
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.coming_intake import full_time_expected
from gevinst.follow_up.details import Told
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.follow_up.exposure import Day, day_kinds
from gevinst.follow_up.forecast import Forecast
from gevinst.follow_up.paid_off import net_by_year
from gevinst.follow_up.status_effect import saving_by_band
from gevinst.follow_up.status_facts import Seen, facts_of, planned_in
from gevinst.follow_up.status_rules import StatusFound, StatusRules, status_of
from gevinst.follow_up.status_stop import Known, Started, Verdict, Why, verdicts
from gevinst.follow_up.table import FollowUp
from gevinst.follow_up.value_of_information import Decision, decide
from gevinst.money import CURRENT
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Basis, FollowedBy, Investment, Line, Portfolio
from gevinst.weeks import first_week, week_of, year_of

NoDecision = Literal[
    "", "no-persons", "too-few", "method", "no-forecast", "no-starts", "few-starts", "no-cost", "no-stay"
]
"""Why it is not said when a decision is safe: `status_words.no_decision_words` in words."""


@dataclass(frozen=True)
class EarlyWarning:
    """What is told of one investment before it is too late. None, or a reason, where nothing can be."""

    investment: str
    status: StatusFound
    break_even: BreakEven | None = None
    payback: Payback | None = None
    decision: Decision | None = None
    no_decision: NoDecision = ""
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What holds for all investments: the day, the rules, the limits, how open partly closed weeks are taken to be."""

    portfolio: Portfolio
    memo_date: date
    book: ParameterBook
    rules: StatusRules = field(default_factory=StatusRules)
    data_horizon: int | None = None
    minimum_participants: int = 20
    threshold: int = 5
    partial_open: Decimal = Decimal("0.5")


@dataclass(frozen=True)
class Found:
    """What the follow-up has found of one case. `shown` is the case as it may be printed.

    `delivered` are its participant weeks by year, and all of them (None), as far as they may be told; `started` by the
    days of its stop rules. `serious`: so is a finding on the quality of the data.
    """

    case: CaseResult
    shown: Investment
    table: FollowUp
    told: Told
    detail: EffectDetail | None
    bridges: Sequence[Bridge]
    forecast: Forecast | None
    delivered: Mapping[int | None, int] = field(default_factory=dict)
    started: Mapping[date, Started] = field(default_factory=dict)
    serious: bool = False


def early_warning(found: Found, terms: Terms) -> EarlyWarning:
    """The desk of one investment."""
    single = [one.drivers[0] for one in found.bridges if one.year is not None and len(one.drivers) == 1]
    held = _break_even(found, single, terms)
    decision, why = _decision(found, held, terms)
    judged = verdicts(found.shown, terms.portfolio.years, terms.memo_date, _known(found, single, terms), terms.book)
    seen = Seen(found.shown, found.table, single, found.detail, _usable(found, terms), found.delivered.get(None),
                found.serious)  # fmt: skip
    facts = facts_of(seen, terms.portfolio, terms.memo_date, terms.data_horizon, terms.threshold, terms.partial_open)
    done = tuple(one.rule.date for one in judged if one.outcome == "fulfilled")
    return EarlyWarning(found.shown.number, status_of(replace(facts, fulfilled=done), terms.rules), held,
                        _payback(found, held, terms), decision, why, judged)  # fmt: skip


def _usable(found: Found, terms: Terms) -> Why:
    """Why what is computed from persons may not be told; empty where it may."""
    case, detail = found.case, found.detail
    if case.few:
        return "too-few"
    if detail is None or case.saving is None or not case.saving.shown:
        return "no-result"
    if not case.claims(terms.minimum_participants):
        return "too-few"
    by_lot = case.investment.protocol.randomised and detail.estimator == "rest_of_target_group"
    sound = (detail.estimator == "matched" or by_lot) and detail.evidence.grade not in ("D", "E")
    return "" if sound else "method"


def _known(found: Found, single: Sequence[Drivers], terms: Terms) -> Known:
    why = _usable(found, terms)
    return Known(
        found.table,
        None if why else found.case.saving,
        found.told.against,
        found.told.years,
        why or "no-result",
        found.started,
        {one.year: None if one.few else one.participants for one in single
         if one.few or one.participants is not None},
        terms.threshold,
    )  # fmt: skip


def _break_even(found: Found, single: Sequence[Drivers], terms: Terms) -> BreakEven | None:
    """By what is computed from persons, where that may be told and its participants too; else by what was recorded."""
    computed = None if _usable(found, terms) else _computed(found)
    return _recorded(found, single) if computed is None else computed


def _computed(found: Found) -> BreakEven | None:
    """The saving with its replicates, of the years of which it is known what was spent and how much was delivered."""
    against, effect = found.told.against, found.case.effect
    years = tuple(year for year in found.told.years if year in against.spent and year in found.delivered)
    if not years or found.case.saving is None or effect is None:
        return None
    paid = sum(against.spent[year] for year in years)
    full_time = [Decimal(found.delivered[year]) / (first_week(year + 1) - first_week(year)) for year in years]
    people = sum(full_time, Decimal(0))
    if paid <= 0 or not people:
        return None
    at = [effect.years.index(year) for year in years if year in effect.years]
    return break_even(
        found.shown, years, paid, people, _sum([planned_in(found.shown, year) for year in years]),
        interval(-np.sum(list(net_by_year(found.case.saving, years).values()), axis=0)),
        -sum(against.budget[year] for year in years) if set(years) <= set(against.budget) else None,
        weeks_saved=float((effect.counterfactual_weeks - effect.actual_weeks)[0, at].sum()), computed=True,
    )  # fmt: skip


def _recorded(found: Found, single: Sequence[Drivers]) -> BreakEven | None:
    """Recorded results, with the participants that were recorded for the same years."""
    rows = {row.year: row for row in found.table.years}
    mine = [one for one in single if one.basis is Basis.REALISED and Line.SAVING in rows[one.year].outcome
            and rows[one.year].outcome[Line.SAVING].source == "recorded"]  # fmt: skip
    spent = sum(float(one.result_investment.in_dkk) for one in mine)
    if spent <= 0:
        return None
    saved = -sum(float(one.result_saving.in_dkk) for one in mine)
    planned = [None if one.planned is None else one.planned * (1 - Decimal(float(one.stopped_share))) for one in mine]
    return break_even(
        found.shown, tuple(one.year for one in mine), spent, _sum([one.participants for one in mine]), _sum(planned),
        Interval(saved), _budgeted(mine), few=any(one.few for one in mine), level=found.table.outcome_level,
    )  # fmt: skip


def _sum(parts: Sequence[Decimal | None]) -> Decimal | None:
    known = [one for one in parts if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def _budgeted(mine: Sequence[Drivers]) -> float | None:
    """The budget's saving at the result's prices, positive is good; None where it cannot be converted."""
    if any(one.price_factor is None for one in mine):
        return None
    return -sum(float(one.budget_saving.in_dkk * (one.price_factor or 1)) for one in mine)


def _running(
    investment: Investment, portfolio: Portfolio, weeks: range
) -> np.typing.NDArray[np.float64]:
    """The share of each week's days on which the plan has the investment and it is not stopped, suspended or not."""
    kinds = (day_kinds(investment, portfolio, week) for week in weeks)
    return np.array([sum(kind is not Day.STOPPED for kind in week) / 7 for week in kinds], np.float64)


def _fixed_per_week(held: BreakEven, cost: Cost, investment: Investment, portfolio: Portfolio) -> float:
    """The fixed cost so far over the weeks in which the plan had the investment: a first half year is not a whole."""
    weeks = sum(float(_running(investment, portfolio, range(first_week(year), first_week(year + 1))).sum())
                for year in held.years)  # fmt: skip
    return cost.fixed * len(held.years) / weeks if weeks else 0.0


def _payback(found: Found, held: BreakEven | None, terms: Terms) -> Payback | None:
    """Results, expectations of the table, then the forecast with the cost as it has been so far."""
    nets, began = list[tuple[int, float, bool]](), False
    for row in found.table.years:
        figure = row.outcome.get(Line.NET)
        if figure is not None:
            nets.append((row.year, float(figure.amount.in_dkk), figure.basis is not Basis.REALISED))
            began = True
            continue
        ahead = found.forecast if found.table.outcome_level == CURRENT else None
        coming = None if ahead is None else ahead.year(row.year)
        people = full_time_expected(found.shown, row.year)
        if not began and coming is None:
            continue
        if coming is None or held is None or held.cost is None or held.level != CURRENT:
            break
        if people is None and held.cost.per_participant:
            break
        weeks = range(first_week(row.year), first_week(row.year + 1))
        running = float(_running(found.shown, terms.portfolio, weeks).sum())
        cost = running * (_fixed_per_week(held, held.cost, found.shown, terms.portfolio)
                          + held.cost.per_participant / WEEKS * (people or 0.0))  # fmt: skip
        nets.append((row.year, coming.expected.estimate + cost, True))
    return payback(nets)


def _decision(found: Found, held: BreakEven | None, terms: Terms) -> tuple[Decision | None, NoDecision]:
    """When it is safe to stop or go on; what one more participant costs is as it has been, spread on those expected."""
    why = _usable(found, terms)
    effect, forecast, case = found.case.effect, found.forecast, found.case
    if found.shown.followed_by is FollowedBy.HEAD_COUNT or (effect is None and not case.few):
        return None, "no-persons"
    if why or effect is None:
        return None, "too-few" if why == "too-few" else "method" if why == "method" else "no-persons"
    if forecast is None or effect.profile is None or case.saving is None:
        return None, "no-forecast"
    if forecast.plan.few:
        return None, "few-starts"
    if held is None or held.cost is None or held.level != CURRENT:
        return None, "no-cost"
    horizon = week_of(forecast.horizon)
    weeks = range(horizon + 1, first_week(forecast.years[-1].year + 1))
    running = _running(found.shown, terms.portfolio, weeks)
    coming = _coming(forecast, weeks, running)
    if not coming.sum():
        return None, "no-starts"
    stay = found.shown.planned_weeks or forecast.plan.stays
    if held.cost.per_participant and not stay:
        return None, "no-stay"
    fixed = _fixed_per_week(held, held.cost, found.shown, terms.portfolio) * running.sum() / coming.sum()
    cost = held.cost.per_participant * (stay or 0) / WEEKS + fixed
    seen = min(found.shown.protocol.horizon_weeks, forecast.how.mature_week + 1)
    by_band, bands = saving_by_band(effect.profile, case.saving, seen)
    followed = effect.profile.observed[:seen]
    return decide(found.shown.number, by_band, float(cost), followed, bands, coming,
                  safe=terms.rules.wrong_decision), ""  # fmt: skip


def _coming(
    forecast: Forecast, weeks: range, running: np.typing.NDArray[np.float64]
) -> np.typing.NDArray[np.float64]:
    """Starts expected `[week from the data end]`, spread over what the plan has left of each year."""
    years = np.array([year_of(week) for week in weeks])
    found = np.zeros(len(weeks))
    for year in dict.fromkeys(years.tolist()):
        mine = (years == year) * running
        found += forecast.plan.per_year.get(year, 0.0) * mine / (mine.sum() or 1.0)
    return found
