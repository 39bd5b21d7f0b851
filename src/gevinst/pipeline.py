"""The whole computation, top to bottom: from the record and the persons' tables to an edition.

Read this file first. Each step is a stage of the argument and lives in the folder of its name; nothing here
computes, it says in which order and with what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.curves.curve import Curve
from gevinst.curves.delivered import delivered_weeks, participations
from gevinst.curves.payments import PaymentSums, payment_sums
from gevinst.curves.published import published_curves
from gevinst.deviations import deviations_of
from gevinst.economy.actual_cost import MINIMUM_PERSONS, ActualCosts, actual_costs
from gevinst.economy.spent import delivered_per_year, ledger_per_year
from gevinst.effects.design import StudyDesign
from gevinst.effects.ladder import ESTIMATORS
from gevinst.effects.replicates import weights
from gevinst.effects.study import matching_published, study_investments
from gevinst.errors import GevinstError
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.definition_breaks import BreakNote, break_notes
from gevinst.follow_up.details import Told, effect_detail
from gevinst.follow_up.deviations import with_deviations
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.delivery import ledger_shown, of_delivery
from gevinst.follow_up.disclosure.disclose import Disclosed, disclose
from gevinst.follow_up.disclosure.payments import of_payments
from gevinst.follow_up.disclosure.placements import of_placements, placements_shown
from gevinst.follow_up.disclosure.quality import of_quality, quality_shown, starts_bound
from gevinst.follow_up.disclosure.released import Released
from gevinst.follow_up.disclosure.rules import Rules, rules_of
from gevinst.follow_up.edition import Correction, Edition, InputFile, input_shown, parameter_used
from gevinst.follow_up.explain import explanations
from gevinst.follow_up.exposure import PARTIAL_OPEN
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.notes import (
    budget_notes,
    case_notes,
    left_out_notes,
    seniority_note,
    shared_weeks_note,
    unknown_investments,
)
from gevinst.follow_up.paid_off import held_against, years_with_result
from gevinst.follow_up.panels import effect_summaries, panels
from gevinst.follow_up.payment_check import payment_check
from gevinst.follow_up.portfolio_effect import counted_cases, portfolio_effect
from gevinst.follow_up.realised import computed_figures, outcomes, recorded_figures
from gevinst.follow_up.reconciliation import LedgerCheck
from gevinst.follow_up.seal import seal_of
from gevinst.follow_up.table import FollowUp, follow_up, portfolio_follow_up
from gevinst.follow_up.valued import value_study
from gevinst.language import Language, say, speaking
from gevinst.ledger import ledger_of
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.benefits import Benefit
from gevinst.parameters.benefits import benefit as benefit_named
from gevinst.parameters.book import ParameterBook, Used, all_used
from gevinst.parameters.local import local_prices
from gevinst.register.business_case import FollowedBy, Investment, Portfolio, closed_periods
from gevinst.register.data_quality import QualityMeasures
from gevinst.register.ledger_rules import LedgerTerms
from gevinst.register.person_tables import PersonTables
from gevinst.register.protocol import ProtocolRecord
from gevinst.settings import SmallCellRules
from gevinst.version import code_version
from gevinst.weeks import sunday, year_of

BASELINE_YEARS = 3


@dataclass(frozen=True)
class RunOptions:
    """What one run is told beside the record and the data."""

    memo_date: date
    created: datetime
    language: Language = "da"
    replicates: int = 1000
    seed: int = 20200101
    small_cell_threshold: int = 5
    small_cell_rules: SmallCellRules = "standard"
    small_cell_rounding: int = 0
    minimum_participants: int = 20
    synthetic: bool = False
    partial_open: Decimal = PARTIAL_OPEN  # how far a partly closed week is taken as open
    secondary_suppression: bool = True  # False only to show what an attacker then finds
    earlier: tuple[Released, ...] = ()  # what earlier editions of the portfolio said
    inputs: tuple[InputFile, ...] = ()
    key_id: str = ""  # of the pseudonyms' key: it decides the replicate groups
    letterhead: str = ""  # checksum of the letterhead, "" for our own paper
    protocols: Mapping[str, ProtocolRecord] = field(default_factory=dict)  # by investment key, where there is a store
    quality: QualityMeasures | None = None  # what was measured of the snapshot's quality
    ledger_terms: LedgerTerms = field(default_factory=LedgerTerms)  # what the ledger is held against
    first_data: datetime | None = None  # when persons' data were first loaded; None: never, or not known
    fetched_curves: tuple[Mapping[str, Any], ...] = ()  # rows of published curves fetched, beside the imported ones
    correction: Correction | None = None  # where a published edition is corrected
    since: str = ""  # the published edition that this one is compared with

    @property
    def rules(self) -> Rules:
        """What counts of persons may be printed."""
        return rules_of(self.small_cell_rules, self.small_cell_threshold, self.small_cell_rounding)


@dataclass(frozen=True)
class Found:
    """What was found for every investment, the published curves, and what the reader must know of the data."""

    cases: tuple[CaseResult, ...]
    published: tuple[Curve, ...] = ()
    notes: tuple[str, ...] = ()
    payments: tuple[PaymentSums, ActualCosts] | None = None
    breaks: tuple[BreakNote, ...] = ()
    shared_weeks: int = 0
    participations: Mapping[str, int] = field(default_factory=dict)  # by investment key
    ledger: LedgerCheck | None = None


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
        return replace(edition, id=edition_id(edition, options, book))


def study_cases(portfolio: Portfolio, tables: PersonTables, book: ParameterBook, options: RunOptions) -> Found:
    """Study every investment that is followed by curves and has participants in the data."""
    published = published_curves([*_rows(tables, "published_curves"), *options.fetched_curves])
    known = book.benefits
    support = frozenset(key for key, benefit in known.items() if benefit.public_support)
    prepared = prepare(tables, any_support=support, breaks=book.breaks)
    paid = paid_weeks(tables, known)
    drawn = weights(options.replicates, options.seed)
    designs = {
        investment.key: design_of(investment, portfolio, tables, known)
        for investment in portfolio.investments
        if investment.followed_by is FollowedBy.CURVES and investment.target_group.benefit
        if tables.participants is not None
    }
    matching = {key: matching_published(design, published) for key, design in designs.items()}
    studies = study_investments(tuple(designs.values()), prepared, paid, drawn, matching, known=known)
    sums = payment_sums(tables, paid)
    persons = max(MINIMUM_PERSONS, options.rules.threshold)
    actual = None if sums is None else actual_costs(sums, book, minimum_persons=persons)
    results = []
    for investment in portfolio.investments:
        study = studies.get(investment.key)
        spent, source, notes = spent_on(investment, tables)
        valued = None if study is None else value_study(study, book, actual)
        results.append(CaseResult(investment, valued, spent, source, (*notes, *case_notes(investment, study))))
    notes = (
        *(seniority_note(paid.lower_bound_share) if studies else ()),
        *(note for result in results for note in result.notes),
    )
    payments = None if sums is None or actual is None else (sums, actual)
    breaks = break_notes(book.breaks, portfolio, designs.values(), published, tables.data_horizon)
    ledger = ledger_of(portfolio, tables, book, options.ledger_terms)
    return Found(tuple(results), published, notes, payments, breaks, paid.shared_weeks, participations(tables), ledger)


def edition_of(
    portfolio: Portfolio, tables: PersonTables | None, found: Found, book: ParameterBook, options: RunOptions
) -> Edition:
    """Budget beside result beside expected, and everything the memo needs, through the publication door."""
    level = outcome_level(portfolio)
    parts = tuple(table_of(result, portfolio, tables, level, options) for result in found.cases)
    total = portfolio_follow_up(portfolio, parts, level)
    told = [told_of(result, table, tables, book, options) for result, table in zip(found.cases, parts, strict=True)]
    cases = tuple(zip(found.cases, told, strict=True))
    disclosed = disclosed_of(cases, found, book, portfolio, options)
    counts = disclosed.counts
    details = (effect_detail(case, how, disclosed) for case, how in cases)
    deviations = deviations_of(
        portfolio, found.cases, parts, tables, book, replicates=options.replicates, seed=options.seed,
        threshold=options.rules.threshold, minimum_participants=options.minimum_participants,
        partial_open=options.partial_open)  # fmt: skip
    return Edition(
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
    )


def disclosed_of(
    cases: Sequence[tuple[CaseResult, Told]], found: Found, book: ParameterBook, portfolio: Portfolio,
    options: RunOptions,
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
            of_delivery(found.ledger),
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
    result: CaseResult, portfolio: Portfolio, tables: PersonTables | None, level: PriceLevel, options: RunOptions
) -> FollowUp:
    """The follow-up table of one investment: recorded figures, and computed ones where none was recorded."""
    computed: tuple[Figure, ...] = ()
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
    return follow_up(result.investment, portfolio, outcomes(recorded_figures(result.investment), computed), level)


def told_of(
    result: CaseResult, table: FollowUp, tables: PersonTables | None, book: ParameterBook, options: RunOptions
) -> Told:
    """What the effect of one investment is held against, and by which limits it is told."""
    seal = seal_of(options.protocols.get(result.investment.key), options.first_data)
    told = Told(options.minimum_participants, seal)
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


def design_of(
    investment: Investment, portfolio: Portfolio, tables: PersonTables, known: Mapping[str, Benefit]
) -> StudyDesign:
    """The study's design as the case's protocol says; what it leaves open follows the budget period."""
    first = investment.referrals_from or date(portfolio.years[0], 1, 1)
    last = investment.referrals_to or sunday(tables.data_horizon)
    protocol = investment.protocol
    target = benefit_named(investment.target_group.benefit, known)
    years = protocol.baseline_years or tuple(range(first.year - BASELINE_YEARS, first.year))
    return StudyDesign(
        investment.key,
        target.key,
        first,
        last,
        protocol.horizon_weeks,
        protocol.headline,
        tuple(year for year in years if year >= year_of(tables.first_week)),
        protocol.new_spell_after,
        target.name,
        target.clock == "counts",
        protocol.baseline_years,
        protocol.match_on,
        closed_periods(portfolio, investment),
        protocol.later_participants,
        protocol.double_counting,
    )


def spent_on(investment: Investment, tables: PersonTables) -> tuple[dict[int, Amount], str, tuple[str, ...]]:
    """What the investment has cost per year in current prices, where that is from, and what the reader must know.

    Postings where there are any, else delivered weeks times the agreed price. A price at another level than current
    prices would have to be converted by an index the case does not name; then nothing is computed, and a note says so.
    """
    ledger = ledger_per_year(_rows(tables, "postings"), investment.key)
    price = investment.dkk_per_participant_week
    if ledger or price is None:
        return ledger, say(da="bogførte posteringer", en="ledger postings"), ()
    if price.level != CURRENT:
        return (
            {},
            "",
            (
                say(
                    da=f"Investering {investment.number}: prisen pr. deltageruge står i {price.level}. Den er ikke "
                    "omregnet til løbende priser, og udgiften er derfor ikke beregnet.",
                    en=f"Investment {investment.number}: the price per participant week is in {price.level}. It was "
                    "not converted to current prices, so the cost was not computed.",
                ),
            ),
        )
    source = say(da="leverede deltageruger × aftalt pris", en="delivered participant weeks × agreed price")
    return delivered_per_year(delivered_weeks(tables, investment.key), price), source, ()


def edition_id(edition: Edition, options: RunOptions, book: ParameterBook) -> str:
    """A name for the edition made of what it rests on, so that the same inputs give the same name."""
    inputs = {
        "portfolio": repr(edition.portfolio),
        "inputs": [[file.name, file.sha256] for file in edition.inputs],
        "parameters": [repr(parameter) for parameter in edition.parameters],
        "seed": edition.seed,
        "replicates": edition.replicates,
        "code": edition.code_version,
        "date": edition.memo_date.isoformat(),
        "language": edition.language,
        "horizon": str(edition.data_horizon),
        "thresholds": [edition.small_cell_threshold, edition.minimum_participants],
        "released": repr(edition.released),
        "synthetic": edition.synthetic,
        "partial_open": str(options.partial_open),
        "key": options.key_id,
        "book": repr(book),
        "letterhead": options.letterhead,
        "ledger": hashlib.sha256(repr(edition.ledger).encode()).hexdigest(),
        "quality": hashlib.sha256(repr(edition.quality).encode()).hexdigest(),
        "seals": [repr(detail.seal) for detail in edition.details],
        "correction": repr(options.correction),
        "since": options.since,
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:12]


def _rows(tables: PersonTables, name: str) -> list[dict[str, Any]]:
    table = tables.other(name)
    return [] if table is None else list(tables.backend.to_arrow(table).to_pylist())


def _with_local_prices(book: ParameterBook, tables: PersonTables) -> ParameterBook:
    table = tables.other("prices")
    if table is None:
        return book
    return book.with_prices(local_prices(tables.backend.to_arrow(table), "prices"))


def _all_used(cases: Sequence[tuple[CaseResult, Told]]) -> tuple[Used, ...]:
    savings = (saving for case, _ in cases if case.valued is not None for saving in case.valued.savings.values())
    return all_used(*(saving.used for saving in savings), *(told.against.used for _, told in cases))
