"""The whole computation, top to bottom: from the record and the persons' tables to an edition.

Read this file first. Each step is a stage of the argument and lives in the folder of its name; nothing here
computes, it says in which order and with what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gevinst.deviations import deviations_of
from gevinst.early_warning import of_starts, starts_by_rule, with_warnings
from gevinst.effects.ladder import ESTIMATORS
from gevinst.errors import GevinstError
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told, effect_detail
from gevinst.follow_up.deviations import with_deviations
from gevinst.follow_up.disclosure.cells import System
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.delivery import (
    cost_shown,
    delivery_counts,
    ledger_shown,
    of_delivered,
    of_delivery,
)
from gevinst.follow_up.disclosure.disclose import Disclosed, disclose
from gevinst.follow_up.disclosure.payments import of_payments
from gevinst.follow_up.disclosure.placements import of_placements, placements_shown
from gevinst.follow_up.disclosure.quality import of_quality, quality_shown, starts_bound
from gevinst.follow_up.edition import Edition, input_shown, parameter_used
from gevinst.follow_up.explain import explanations
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.forecast_figures import expected_figures
from gevinst.follow_up.lineage import with_lineage
from gevinst.follow_up.notes import (
    budget_notes,
    left_out_notes,
    shared_weeks_note,
    unknown_investments,
)
from gevinst.follow_up.paid_off import held_against, years_with_result
from gevinst.follow_up.panels import effect_summaries, panels
from gevinst.follow_up.payment_check import payment_check
from gevinst.follow_up.portfolio_effect import counted_cases, portfolio_effect
from gevinst.follow_up.realised import computed_figures, outcomes, recorded_figures
from gevinst.follow_up.seal import seal_of
from gevinst.follow_up.status import Terms
from gevinst.follow_up.table import FollowUp, follow_up, portfolio_follow_up
from gevinst.forecasts import Forecasts, forecasts_of
from gevinst.language import speaking
from gevinst.money import CURRENT, PriceLevel
from gevinst.parameters.book import ParameterBook, Used, all_used
from gevinst.parameters.local import local_prices
from gevinst.register.business_case import Portfolio
from gevinst.register.person_tables import PersonTables
from gevinst.run_options import RunOptions, edition_id
from gevinst.studies import Found, study_cases
from gevinst.version import code_version
from gevinst.weeks import sunday


def run(portfolio: Portfolio, tables: PersonTables | None, book: ParameterBook, options: RunOptions) -> Edition:
    """From the record (`register`) and the persons' tables (None: recorded results only) to an edition.

    Raises the errors of the stages; nothing is written here.
    """
    with speaking(options.language):
        found = Found(tuple(CaseResult(investment) for investment in portfolio.investments))
        if tables is not None:
            book = _with_local_prices(book, tables)
            found = study_cases(portfolio, tables, book, options)
        edition = replace(
            edition_of(portfolio, tables, found, book, options),
            benefit_names={key: benefit.name for key, benefit in book.benefits.items()},
        )
        return with_lineage(replace(edition, id=edition_id(edition, options, book)))


def edition_of(
    portfolio: Portfolio, tables: PersonTables | None, found: Found, book: ParameterBook, options: RunOptions
) -> Edition:
    """Budget beside result beside expected, and everything the memo needs, through the publication door."""
    level = outcome_level(portfolio)
    delivery = of_delivered(portfolio, found.delivered), of_delivery(found.ledger)
    weeks = delivery_counts(delivery, options.rules, options.earlier, secondary=options.secondary_suppression)
    found = replace(found, cases=tuple(cost_shown(case, weeks) for case in found.cases))
    forecasts = forecasts_of(portfolio, found.cases, tables, book, options.forecast_terms, weeks)
    parts = tuple(table_of(result, portfolio, tables, level, options, forecasts) for result in found.cases)
    total = portfolio_follow_up(portfolio, parts, level)
    told = [told_of(result, table, tables, book, options) for result, table in zip(found.cases, parts, strict=True)]
    cases = tuple(zip(found.cases, told, strict=True))
    starts = starts_by_rule(portfolio, tables)
    disclosed = disclosed_of(cases, found, (*delivery, of_starts(starts, found.cases)), book, portfolio, options)
    counts = disclosed.counts
    details = (effect_detail(case, how, disclosed) for case, how in cases)
    deviations = deviations_of(
        portfolio, found.cases, parts, tables, book, found.delivered, weeks, replicates=options.replicates,
        seed=options.seed, minimum_participants=options.minimum_participants,
        partial_open=options.partial_open)  # fmt: skip
    edition = forecasts.added_to(Edition(
        id="",
        created=options.created,
        memo_date=options.memo_date,
        language=options.language,
        portfolio=placements_shown(portfolio, counts),
        follow_ups=parts,
        portfolio_follow_up=total,
        figures=(*(f for table in (*parts, total) for f in table.figures()), *deviations.figures()),
        deviations=deviations,
        panels=tuple(p for case in found.cases for p in panels(case, disclosed)),
        effects=tuple(summary for case, how in cases for summary in effect_summaries(case, how, disclosed)),
        details=tuple(detail for detail in details if detail is not None),
        portfolio_effect=portfolio_effect(cases, counts),
        published=found.published,
        parameters=tuple(parameter_used(used) for used in _all_used(cases)),
        inputs=tuple(input_shown(file, counts) for file in options.inputs),
        notes=(
            *counted_notes(found, portfolio, counts),
            *found.notes,
            *(note for case in found.cases for note in case.notes),
            *(note for case, how in cases for note in budget_notes(case.investment, how.against)),
        ),
        data_horizon=None if tables is None else sunday(tables.data_horizon),
        synthetic=options.synthetic,
        small_cell_threshold=options.rules.threshold,
        minimum_participants=options.minimum_participants,
        seed=options.seed,
        replicates=0 if tables is None else options.replicates,
        code_version=code_version(),
        payment_check=None if found.payments is None else payment_check(*found.payments, book, counts),
        ledger=ledger_shown(found.ledger, counts),
        breaks=found.breaks,
        quality=None if options.quality is None else quality_shown(options.quality, counts),
        explanations=with_deviations(
            explanations(parts, total, found.cases, options.minimum_participants, counts), deviations
        ),
        released=disclosed.released,
        correction=options.correction,
    ))  # fmt: skip
    terms = _desk_terms(portfolio, tables, book, options)
    return with_warnings(edition, found.cases, told, starts, weeks, counts, terms)


def _desk_terms(portfolio: Portfolio, tables: PersonTables | None, book: ParameterBook, options: RunOptions) -> Terms:
    return Terms(
        portfolio, options.memo_date, book, options.status_rules, None if tables is None else tables.data_horizon,
        options.minimum_participants, options.rules.threshold, options.partial_open)  # fmt: skip


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
        ),
        portfolio=portfolio.key,
        secondary=options.secondary_suppression,
    )


def counted_notes(found: Found, portfolio: Portfolio, counts: Counts) -> tuple[str, ...]:
    """What the reader must know of the data, where it is a count of persons."""
    return (
        *shared_weeks_note(found.shared_weeks, counts.rules.threshold),
        *left_out_notes(found.cases, counts),
        *unknown_investments(portfolio, found.participations, counts),
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
        enough = result.saving is not None and result.claims(options.minimum_participants)
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
    told = Told(options.minimum_participants, seal, names=names, small=options.rules)
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


def _with_local_prices(book: ParameterBook, tables: PersonTables) -> ParameterBook:
    table = tables.other("prices")
    if table is None:
        return book
    return book.with_prices(local_prices(tables.backend.to_arrow(table), "prices"))


def _all_used(cases: Sequence[tuple[CaseResult, Told]]) -> tuple[Used, ...]:
    savings = (saving for case, _ in cases if case.valued is not None for saving in case.valued.savings.values())
    return all_used(*(saving.used for saving in savings), *(told.against.used for _, told in cases))
