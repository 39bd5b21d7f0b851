"""The publication door: which counts of persons may be printed, and what is told of the cases by those that may.

Everything after it is built from what has passed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gevinst.early_warning import StartCounts, of_starts
from gevinst.effects.ladder import ESTIMATORS
from gevinst.errors import GevinstError
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told
from gevinst.follow_up.disclosure.cells import System
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.delivery import cost_shown, delivery_counts, of_delivered, of_delivery
from gevinst.follow_up.disclosure.disclose import Disclosed, disclose
from gevinst.follow_up.disclosure.few_results import without_results_of_few
from gevinst.follow_up.disclosure.payments import of_payments
from gevinst.follow_up.disclosure.placements import of_placements
from gevinst.follow_up.disclosure.quality import of_quality, starts_bound
from gevinst.follow_up.disclosure.rounded import as_told, forecast_as_told
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.forecast_figures import expected_figures
from gevinst.follow_up.paid_off import held_against, years_with_result
from gevinst.follow_up.portfolio_effect import counted_cases
from gevinst.follow_up.realised import computed_figures, outcomes, recorded_figures
from gevinst.follow_up.registrations import rows_of_registrations
from gevinst.follow_up.seal import seal_of
from gevinst.follow_up.table import FollowUp, follow_up
from gevinst.forecasts import Forecasts, forecasts_of
from gevinst.money import CURRENT, PriceLevel
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Portfolio
from gevinst.register.person_tables import PersonTables
from gevinst.run_options import RunOptions
from gevinst.studies import Found


@dataclass(frozen=True)
class Door:
    """What was found, as it may be told: the cases with the participants they surely rest on, and what follows."""

    found: Found
    parts: tuple[FollowUp, ...]
    forecasts: Forecasts
    told: tuple[Told, ...]
    weeks: Counts
    disclosed: Disclosed

    @property
    def cases(self) -> tuple[tuple[CaseResult, Told], ...]:
        """Each case with how its effect is told."""
        return tuple(zip(self.found.cases, self.told, strict=True))

    @property
    def counts(self) -> Counts:
        """All counts of persons but the delivered `weeks`."""
        return self.disclosed.counts


def through_the_door(
    portfolio: Portfolio, tables: PersonTables | None, found: Found, book: ParameterBook, options: RunOptions,
    starts: StartCounts,
) -> Door:
    """Decide which counts may be printed, and by the printed ones which answers rest on enough participants.

    The two hang together, because the counts of the portfolio are of the cases that have an answer. Begun with the
    counts as they are, a case can only lose its answer on the way, so it ends.
    """
    level = outcome_level(portfolio)
    delivery = of_delivered(portfolio, found.delivered), of_delivery(found.ledger)
    weeks = delivery_counts(delivery, options.rules, options.earlier, secondary=options.secondary_suppression)
    found = replace(found, cases=tuple(as_told(cost_shown(case, weeks)) for case in found.cases))
    further = (*delivery, of_starts(starts, found.cases))
    while True:
        forecasts = forecasts_of(portfolio, found.cases, tables, book, options.forecast_terms, weeks)
        forecasts = replace(forecasts, found=tuple(map(forecast_as_told, forecasts.found)))
        parts = tuple(table_of(result, portfolio, tables, level, options, forecasts) for result in found.cases)
        told = tuple(told_of(*each, tables, book, options) for each in zip(found.cases, parts, strict=True))
        cases = tuple(zip(found.cases, told, strict=True))
        disclosed = disclosed_of(cases, found, further, book, portfolio, options)
        before, found = found, replace(found, cases=tuple(_assured(case, disclosed) for case in found.cases))
        if _rests_on(before) == _rests_on(found):
            told_of_few = tuple(without_results_of_few(case, disclosed.counts) for case in found.cases)
            return Door(replace(found, cases=told_of_few), parts, forecasts, told, weeks, disclosed)


def _rests_on(found: Found) -> list[list[int]]:
    """The fewest participants of each answer."""
    studies = [(case, case.study) for case in found.cases]
    return [[case.assured(one) for one in study.effects.values()] for case, study in studies if study is not None]


def _assured(case: CaseResult, disclosed: Disclosed) -> CaseResult:
    """The case with the fewest participants its answers can rest on; never more than were found before."""
    now = disclosed.fewest.get(case.investment.number, {})
    return replace(case, fewest={**case.fewest, **{key: min(n, case.fewest.get(key, n)) for key, n in now.items()}})


def disclosed_of(
    cases: Sequence[tuple[CaseResult, Told]], found: Found, delivery: Sequence[System], book: ParameterBook,
    portfolio: Portfolio, options: RunOptions,
) -> Disclosed:
    """The publication door: which counts of persons this edition may show, decided before any of it is built."""
    files = [
        (file.name, file.rows, file.rejected)
        for file in options.inputs
        if file.persons and isinstance(file.rows, int) and isinstance(file.rejected, int)
    ]
    studies = {case.investment.number: case.study for case, _ in cases if case.study is not None}
    return disclose(
        studies,
        options.rules,
        earlier=options.earlier,
        counted_once=counted_cases(cases),
        files=files,
        further=(
            of_payments(None if found.payments is None else found.payments[0], book, options.rules),
            *delivery,
            of_placements(portfolio),
            of_quality(options.quality, options.rules),
            starts_bound(options.quality, studies),
            rows_of_registrations(options.inputs, studies, options.rules),
        ),
        portfolio=portfolio.key,
        secondary=options.secondary_suppression,
    )


def table_of(
    result: CaseResult, portfolio: Portfolio, tables: PersonTables | None, level: PriceLevel, options: RunOptions,
    forecasts: Forecasts,
) -> FollowUp:
    """The follow-up table of one investment: recorded figures, and computed ones where none was recorded."""
    computed: tuple[Figure, ...] = ()
    expected: tuple[Figure, ...] = ()
    # Computed amounts are in current prices and cannot stand in a table of another price level.
    if result.valued is not None and tables is not None and level == CURRENT:
        headline = result.investment.protocol.headline
        enough = result.saving is not None and result.claims(options.enough_participants)
        computed = computed_figures(
            result.investment,
            result.saving.by_year if enough and result.saving is not None else (),
            result.spent,
            tables.data_horizon,
            ESTIMATORS[headline].name if headline in ESTIMATORS else headline,
            result.spent_source,
        )
        forecast = forecasts.of(result.investment.number)
        expected = expected_figures(result.investment, portfolio, forecast, result.spent, result.spent_source)
    recorded = recorded_figures(result.investment)
    return follow_up(result.investment, portfolio, outcomes(recorded, computed, expected), level)


def told_of(
    result: CaseResult, table: FollowUp, tables: PersonTables | None, book: ParameterBook, options: RunOptions
) -> Told:
    """What the effect of one investment is held against, and by which limits it is told."""
    seal = seal_of(options.protocols.get(result.investment.key), options.first_data)
    names = {key: benefit.name for key, benefit in book.benefits.items()}
    told = Told(options.enough_participants, seal, names=names, small=options.rules)
    if tables is None or result.saving is None or not result.saving.shown:
        return told
    years = years_with_result(result.saving, table, tables.data_horizon)
    return replace(told, years=years, against=held_against(result.investment, table, result.spent, years, book))


def outcome_level(portfolio: Portfolio) -> PriceLevel:
    """The price level of the results: that of the recorded ones, else current prices.

    Raises `run.mixed-outcomes` where results were typed in at several levels, naming the investments.
    """
    levels: dict[PriceLevel, list[str]] = {}
    for investment in portfolio.investments:
        for row in investment.recorded:
            levels.setdefault(row.amount.level, []).append(investment.number)
    if len(levels) > 1:
        said = "; ".join(f"{level}: {', '.join(dict.fromkeys(cases))}" for level, cases in levels.items())
        raise GevinstError("run.mixed-outcomes", levels=said)
    return next(iter(levels), CURRENT)
