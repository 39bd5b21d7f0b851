"""The whole computation, top to bottom: from the record and the persons' tables to an edition.

Read this file first. Each step is a stage of the argument and lives in the folder of its name; nothing here
computes, it says in which order and with what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gevinst.deviations import deviations_of
from gevinst.early_warning import starts_by_rule, with_warnings
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told, effect_detail
from gevinst.follow_up.deviations import with_deviations
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.delivery import ledger_shown
from gevinst.follow_up.disclosure.placements import placements_shown
from gevinst.follow_up.disclosure.quality import quality_shown
from gevinst.follow_up.edition import Edition, input_shown, parameter_used
from gevinst.follow_up.explain import explanations
from gevinst.follow_up.lineage import with_lineage
from gevinst.follow_up.notes import (
    budget_notes,
    left_out_notes,
    shared_weeks_note,
    unknown_investments,
)
from gevinst.follow_up.panels import effect_summaries, panels
from gevinst.follow_up.payment_check import payment_check
from gevinst.follow_up.portfolio_effect import portfolio_effect
from gevinst.follow_up.status import Terms
from gevinst.follow_up.table import portfolio_follow_up
from gevinst.language import speaking
from gevinst.parameters.book import ParameterBook, Used, all_used
from gevinst.parameters.local import local_prices
from gevinst.publication_door import outcome_level, through_the_door
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
    starts = starts_by_rule(portfolio, tables)
    door = through_the_door(portfolio, tables, found, book, options, starts)
    found, parts, cases, counts = door.found, door.parts, door.cases, door.counts
    total = portfolio_follow_up(portfolio, parts, outcome_level(portfolio))
    details = (effect_detail(case, how, door.disclosed) for case, how in cases)
    deviations = deviations_of(
        portfolio, found.cases, parts, tables, book, found.delivered, door.weeks, replicates=options.replicates,
        seed=options.seed, minimum_participants=options.enough_participants,
        partial_open=options.partial_open)  # fmt: skip
    edition = door.forecasts.added_to(Edition(
        id="",
        created=options.created,
        memo_date=options.memo_date,
        language=options.language,
        portfolio=placements_shown(portfolio, counts),
        follow_ups=parts,
        portfolio_follow_up=total,
        figures=(*(f for table in (*parts, total) for f in table.figures()), *deviations.figures()),
        deviations=deviations,
        panels=tuple(p for case in found.cases for p in panels(case, door.disclosed)),
        effects=tuple(summary for case, how in cases for summary in effect_summaries(case, how, door.disclosed)),
        details=tuple(detail for detail in details if detail is not None),
        portfolio_effect=portfolio_effect(cases, counts),
        published=found.published,
        parameters=tuple(parameter_used(used) for used in _all_used(cases)),
        inputs=tuple(input_shown(file, counts) for file in options.inputs),
        notes=notes_of(found, portfolio, cases, counts),
        data_horizon=None if tables is None else sunday(tables.data_horizon),
        synthetic=options.synthetic,
        small_cell_threshold=options.rules.threshold,
        minimum_participants=options.enough_participants,
        seed=options.seed,
        replicates=0 if tables is None else options.replicates,
        code_version=code_version(),
        payment_check=None if found.payments is None else payment_check(*found.payments, book, counts),
        ledger=ledger_shown(found.ledger, counts),
        breaks=found.breaks,
        quality=None if options.quality is None else quality_shown(options.quality, counts),
        explanations=with_deviations(
            explanations(parts, total, found.cases, options.enough_participants, counts), deviations),
        released=door.disclosed.released,
        correction=options.correction,
    ))  # fmt: skip
    terms = _desk_terms(portfolio, tables, book, options)
    return with_warnings(edition, found.cases, door.told, starts, door.weeks, counts, terms)


def _desk_terms(portfolio: Portfolio, tables: PersonTables | None, book: ParameterBook, options: RunOptions) -> Terms:
    return Terms(
        portfolio, options.memo_date, book, options.status_rules, None if tables is None else tables.data_horizon,
        options.enough_participants, options.rules.threshold, options.partial_open)  # fmt: skip


def notes_of(
    found: Found, portfolio: Portfolio, cases: Sequence[tuple[CaseResult, Told]], counts: Counts
) -> tuple[str, ...]:
    """What the reader must know: of the data where it is a count of persons, of the stages, cases and budgets."""
    return (
        *shared_weeks_note(found.shared_weeks, counts.rules.threshold),
        *left_out_notes(found.cases, counts),
        *unknown_investments(portfolio, found.participations, counts),
        *found.notes,
        *(note for case in found.cases for note in case.notes),
        *(note for case, how in cases for note in budget_notes(case.investment, how.against)),
    )


def _with_local_prices(book: ParameterBook, tables: PersonTables) -> ParameterBook:
    table = tables.other("prices")
    if table is None:
        return book
    return book.with_prices(local_prices(tables.backend.to_arrow(table), "prices"))


def _all_used(cases: Sequence[tuple[CaseResult, Told]]) -> tuple[Used, ...]:
    savings = (saving for case, _ in cases if case.valued is not None for saving in case.valued.savings.values())
    return all_used(*(saving.used for saving in savings), *(told.against.used for _, told in cases))
