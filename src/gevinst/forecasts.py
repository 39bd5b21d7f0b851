"""The forecast's place in the computation: starts counted, prices looked up, and each investment carried forward."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

import numpy as np

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.intake import Intake, intake
from gevinst.economy.saving import UNPRICED_LIMIT
from gevinst.economy.valuation import PriceTable, price_table
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.ladder import ESTIMATORS
from gevinst.effects.profile import Profile
from gevinst.effects.replicates import interval
from gevinst.effects.study import Study
from gevinst.errors import GevinstError
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.coming_intake import ComingIntake, IntakeRule, coming_intake
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.delivery import weeks_key
from gevinst.follow_up.edition import Edition, parameter_used
from gevinst.follow_up.exposure import PARTIAL_OPEN
from gevinst.follow_up.extrapolation import DEFAULT_RULE, HALF_LIFE, LEVEL_WEEKS, RULES, Extrapolation, Rule
from gevinst.follow_up.forecast import Forecast, Starts, YearForecast, forecast_years
from gevinst.follow_up.forecast_figures import forecast_figures, forecast_steps
from gevinst.follow_up.realised import last_complete_year
from gevinst.follow_up.unpriced import Unpriced, unpriced_of, weeks_on
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Portfolio
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import sunday, week_of, year_of

Reason = Literal["no-persons", "no-effect", "too-few", "immature", "no-price", "period-over"]
"""Why there is no forecast: in `forecast_output.reason_words` in words."""
NOT_KNOWN = ("parameters.price-year", "parameters.outside-known", "parameters.no-rate", "parameters.no-ladder")


@dataclass(frozen=True)
class Terms:
    """What is assumed in a forecast: how the effect goes on, who is yet to start, and how open partly closed weeks are.

    Below `minimum_participants` nothing is forecast, and a week to which fewer are followed is not mature.
    """

    rule: Rule = DEFAULT_RULE
    half_life: int = HALF_LIFE
    intake: IntakeRule = "plan"
    minimum_participants: int = 20
    threshold: int = 5
    partial_open: Decimal = PARTIAL_OPEN
    seed: int = 0


@dataclass(frozen=True)
class Forecasts:
    """The forecasts of a portfolio's investments, and why the others have none, by their numbers."""

    found: tuple[Forecast, ...] = ()
    without: Mapping[str, Reason] = field(default_factory=dict)
    unpriced: Mapping[str, Unpriced] = field(default_factory=dict)  # of those without a price: which benefits

    def added_to(self, edition: Edition) -> Edition:
        """The edition with the forecasts, their figures, their ladders and their parameters."""
        edition = replace(edition, no_forecast={**self.without}, unpriced={**self.unpriced})
        if not self.found:
            return edition
        steps = forecast_steps(self.found)
        ladders = dict(edition.explanations)
        for name, step in steps.items():
            investment, _, year, _ = name.split("/")
            key = f"{investment}/{year}"
            if key in ladders:
                ladders[key] = replace(ladders[key], under=(*ladders[key].under, step))
        used = [parameter_used(one) for found in self.found for one in found.used]
        return replace(
            edition,
            forecasts=self.found,
            figures=(*edition.figures, *(figure for one in self.found for figure in forecast_figures(one))),
            explanations={**ladders, **steps},
            parameters=tuple(dict.fromkeys((*edition.parameters, *used))),
        )

    def of(self, investment: str) -> Forecast | None:
        """The forecast of the investment with this number."""
        return next((one for one in self.found if one.investment == investment), None)


def forecasts_of(
    portfolio: Portfolio, cases: Sequence[CaseResult], tables: PersonTables | None, book: ParameterBook, terms: Terms,
    counts: Counts,
) -> Forecasts:
    """Forecast every investment whose main method gives a figure; nothing is raised for one that cannot be.

    `counts` says which delivered weeks may be told: the mean stay of participants so far is made of them.
    """
    found, without, unpriced = [], dict[str, Reason](), dict[str, Unpriced]()
    for case in cases:
        number, made = case.investment.number, _forecast(case, portfolio, tables, book, terms, counts)
        if isinstance(made, Forecast):
            found.append(made)
        elif isinstance(made, Unpriced):
            without[number], unpriced[number] = "no-price", made
        else:
            without[number] = made
    return Forecasts(tuple(found), without, unpriced)


def _forecast(
    case: CaseResult, portfolio: Portfolio, tables: PersonTables | None, book: ParameterBook, terms: Terms,
    counts: Counts,
) -> Forecast | Reason | Unpriced:
    effect, saving = case.effect, case.saving
    if tables is None or tables.participants is None:
        return "no-persons"
    if effect is None or effect.profile is None or saving is None or case.study is None:
        return "no-effect"
    if not case.claims(terms.minimum_participants):
        return "too-few"
    if not saving.shown:
        missing = {one.benefit for one in saving.unpriced}
        return unpriced_of(missing, saving.unpriced_share, effect, saving.names, counts.rules)
    years = tuple(year for year in portfolio.years if year >= year_of(tables.data_horizon + 1))
    # As if those who may be hidden were away in every week: which week it is must not tell how many they are.
    mature = effect.profile.mature_week(terms.minimum_participants + effect.participants - case.assured(effect))
    if not years:
        return "period-over"
    if mature < LEVEL_WEEKS - 1:
        return "immature"
    years = tuple(range(year_of(tables.data_horizon + 1), years[-1] + 1))
    seen = intake(tables, case.investment.key)
    if seen is None:
        return "no-persons"
    stays = _mean_stay(case, seen, counts)
    known, coming = _starts(case, case.study, effect, effect.profile, seen, portfolio, stays, years[-1], terms)
    by_pace = replace(terms, intake="pace")
    at_pace, _ = _starts(case, case.study, effect, effect.profile, seen, portfolio, stays, years[-1], by_pace)
    try:
        prices, table = _prices(effect.profile, years, book)
    except GevinstError as fault:
        if fault.code not in NOT_KNOWN:
            raise
        key = str(fault.values.get("benefit", ""))
        return unpriced_of({key}, weeks_on({key}, effect), effect, saving.names, counts.rules)
    if prices is None:
        missing = {one.benefit for one in table.left_out}
        return unpriced_of(missing, _share_on(missing, effect.profile), effect, saving.names, counts.rules)
    running = saving.net[:, saving.years.index(years[0])] if years[0] in saving.years else None
    carried = tuple(bool(table.carried[:, at].any()) for at in range(len(years)))

    def made(starts: Starts, rule: Rule) -> tuple[YearForecast, ...]:
        return forecast_years(starts, Extrapolation(rule, mature, terms.half_life), years, prices, to_date=running,
                              seed=terms.seed, key=case.investment.key, carried=carried)  # fmt: skip

    by_rule = {rule: made(known, rule) for rule in RULES}
    last = last_complete_year(tables.data_horizon)
    results = [(year, interval(saving.net[:, at])) for at, year in enumerate(saving.years) if year <= last]
    return Forecast(
        case.investment.number,
        ESTIMATORS[effect.estimator].name,
        Extrapolation(terms.rule, mature, terms.half_life),
        by_rule[terms.rule],
        sunday(tables.data_horizon),
        coming.plan,
        tuple((year, one.estimate, one.low, one.high) for year, one in results),
        {rule: _estimates(by_rule[rule]) for rule in RULES},
        () if coming.plan.rule == "pace" else _estimates(made(at_pace, terms.rule)),
        table.used,
    )


def _estimates(years: Sequence[YearForecast]) -> tuple[float, ...]:
    return tuple(year.expected.estimate for year in years)


def _mean_stay(case: CaseResult, seen: Intake, counts: Counts) -> float | None:
    """Weeks per participant so far; None where nothing was delivered, or it may not be told how much."""
    told = counts.shown.get(weeks_key(case.investment.number, None))
    return float(told / seen.starts.sum()) if isinstance(told, int) and told else None


def _starts(
    case: CaseResult, study: Study, effect: EffectReplicates, profile: Profile, seen: Intake,
    portfolio: Portfolio, stays: float | None, last_year: int, terms: Terms,
) -> tuple[Starts, ComingIntake]:
    """The starts seen and expected, as many of them as the effect is of."""
    weeks = seen.first_week + np.arange(seen.starts.shape[1])
    first, last = (week_of(day) for day in (study.design.first_day, study.design.last_day))
    observed = np.where((weeks >= first) & (weeks <= last), seen.starts.sum(axis=0), 0.0)
    coming = coming_intake(case.investment, portfolio, observed, seen.first_week, last_year, rule=terms.intake,
                           mean_stay=stays, partial_open=terms.partial_open, threshold=terms.threshold)  # fmt: skip
    part = min(effect.participants / max(observed.sum(), 1.0), 1.0)
    return Starts(profile, effect.participants, seen.first_week, observed * part, coming.starts * part), coming


def _prices(profile: Profile, years: tuple[int, ...], book: ParameterBook) -> tuple[Floats | None, PriceTable]:
    """Net DKK per full-time week `[year, cell]`; None where too many of the weeks have no price."""
    weeks = _weeks(profile)
    benefits = tuple(dict.fromkeys(
        benefit for (benefit, _), many in zip(profile.cells, weeks, strict=True) if many > 0))
    table = price_table(benefits, (0, 1, 2, 3), years, book, forecast_from=years[0], unpriced="leave_out")
    prices = np.zeros((len(years), len(profile.cells)))
    for c, (benefit, step) in enumerate(profile.cells):
        if benefit in table.benefits:
            prices[:, c] = table.net[table.benefits.index(benefit), 0 if step == OUTSIDE_LADDER else step]
    enough = _share_on({one.benefit for one in table.left_out}, profile) <= UNPRICED_LIMIT
    return (prices if enough else None), table


def _weeks(profile: Profile) -> Floats:
    weeks: Floats = np.nansum(np.maximum(profile.actual[0], profile.without[0]), axis=0)
    return weeks


def _share_on(benefits: Collection[str], profile: Profile) -> float:
    """The share of the weeks that are on some benefits."""
    weeks = _weeks(profile)
    on = sum(float(weeks[c]) for c, (benefit, _) in enumerate(profile.cells) if benefit in benefits)
    return on / max(float(weeks.sum()), 1e-12)
