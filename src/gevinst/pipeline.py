"""The whole computation, top to bottom: from the record and the persons' tables to an edition.

Read this file first. Each step is a stage of the argument and lives in the folder of its name; nothing here
computes, it says in which order and with what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gevinst.cohorts.paid_weeks import PaidWeeks, paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.curves.curve import Curve
from gevinst.curves.delivered import delivered_weeks, participations
from gevinst.curves.published import published_curves
from gevinst.economy.saving import Saving, value_effect
from gevinst.economy.spent import delivered_per_year, ledger_per_year
from gevinst.effects.design import StudyDesign
from gevinst.effects.ladder import ESTIMATORS
from gevinst.effects.replicates import weights
from gevinst.effects.study import Study, matching_published, study_investments
from gevinst.errors import GevinstError
from gevinst.follow_up.edition import Edition, InputFile, ParameterUsed
from gevinst.follow_up.explain import explanations
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.notes import case_notes, seniority_note, unknown_investments
from gevinst.follow_up.panels import Studied, effect_summaries, left_out_notes, panels
from gevinst.follow_up.realised import computed_figures, outcomes, recorded_figures
from gevinst.follow_up.table import follow_up, portfolio_follow_up
from gevinst.language import Language, say, short_date, speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.benefits import Benefit
from gevinst.parameters.benefits import benefit as benefit_named
from gevinst.parameters.book import ParameterBook, Used, all_used
from gevinst.parameters.local import local_prices
from gevinst.register.business_case import FollowedBy, Investment, Portfolio
from gevinst.register.person_tables import PersonTables
from gevinst.version import __version__
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
    minimum_participants: int = 20
    synthetic: bool = False
    inputs: tuple[InputFile, ...] = ()
    key_id: str = ""  # of the pseudonyms' key: it decides the replicate groups
    letterhead: str = ""  # checksum of the letterhead, "" for our own paper


@dataclass(frozen=True)
class CaseResult:
    """One investment with what was found for it; study and savings only where there are persons."""

    investment: Investment
    study: Study | None
    savings: dict[str, Saving]
    spent: dict[int, Amount]
    spent_source: str = ""
    notes: tuple[str, ...] = ()


def run(portfolio: Portfolio, tables: PersonTables | None, book: ParameterBook, options: RunOptions) -> Edition:
    """From the record (`register`) and the persons' tables (None: recorded results only) to an edition.

    Raises the errors of the stages; nothing is written here.
    """
    with speaking(options.language):
        published: tuple[Curve, ...] = ()
        results = [CaseResult(investment, None, {}, {}) for investment in portfolio.investments]
        if tables is not None:
            published = published_curves(_rows(tables, "published_curves"))
            book = _with_local_prices(book, tables)
            results = study_cases(portfolio, tables, book, published, options)
        edition = replace(
            edition_of(portfolio, tables, results, published, options),
            benefit_names={key: benefit.name for key, benefit in book.benefits.items()},
        )
        return replace(edition, id=edition_id(edition, options, book))


def study_cases(
    portfolio: Portfolio,
    tables: PersonTables,
    book: ParameterBook,
    published: tuple[Curve, ...],
    options: RunOptions,
) -> list[CaseResult]:
    """Study every investment that is followed by curves and has participants in the data."""
    known = book.benefits
    support = frozenset(key for key, benefit in known.items() if benefit.public_support)
    prepared = prepare(tables, any_support=support)
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
    results = []
    for investment in portfolio.investments:
        study = studies.get(investment.key)
        savings = {} if study is None else {name: value_effect(e, book) for name, e in study.effects.items()}
        spent, source, notes = spent_on(investment, tables)
        notes = (*notes, *case_notes(investment, study))
        results.append(CaseResult(investment, study, savings, spent, source, notes))
    if any(result.study is not None for result in results):
        results[0] = replace(results[0], notes=(*seniority_note(paid.lower_bound_share), *results[0].notes))
    return [_with_notes(result, paid) for result in results]


def edition_of(
    portfolio: Portfolio,
    tables: PersonTables | None,
    results: list[CaseResult],
    published: tuple[Curve, ...],
    options: RunOptions,
) -> Edition:
    """Budget beside result beside expected, and everything the memo needs, through the publication door."""
    level = outcome_level(portfolio)
    tabled = []
    for result in results:
        computed: tuple[Figure, ...] = ()
        headline = result.investment.protocol.headline
        if result.study is not None and tables is not None:
            enough = result.study.participants >= options.minimum_participants
            saving = result.savings[headline].by_year if enough and headline in result.savings else ()
            # Computed amounts are in current prices and cannot stand in a table of another price level.
            if level == CURRENT:
                name = ESTIMATORS[headline].name if headline in ESTIMATORS else headline
                computed = computed_figures(
                    result.investment, saving, result.spent, tables.data_horizon, name, result.spent_source
                )
        chosen = outcomes(recorded_figures(result.investment), computed)
        tabled.append(follow_up(result.investment, portfolio, chosen, level))
    total = portfolio_follow_up(portfolio, tuple(tabled), level)
    figures = tuple(figure for table in (*tabled, total) for figure in table.figures())
    studies: list[Studied] = [(r.investment, r.study, r.savings) for r in results if r.study is not None]
    return Edition(
        id="",
        created=options.created,
        memo_date=options.memo_date,
        language=options.language,
        portfolio=portfolio,
        follow_ups=tuple(tabled),
        portfolio_follow_up=total,
        figures=figures,
        panels=tuple(p for i, study, _ in studies for p in panels(i, study, options.small_cell_threshold)),
        effects=tuple(e for i, study, savings in studies for e in effect_summaries(i, study, savings)),
        published=published,
        parameters=tuple(_parameter(used) for used in _all_used(results)),
        inputs=options.inputs,
        notes=(
            *left_out_notes(studies, options.small_cell_threshold),
            *(note for result in results for note in result.notes),
            *(
                ()
                if tables is None
                else unknown_investments(portfolio, participations(tables), options.small_cell_threshold)
            ),
        ),
        data_horizon=None if tables is None else sunday(tables.data_horizon),
        synthetic=options.synthetic,
        small_cell_threshold=options.small_cell_threshold,
        minimum_participants=options.minimum_participants,
        seed=options.seed,
        replicates=0 if tables is None else options.replicates,
        code_version=__version__,
        explanations=explanations(tuple(tabled), total, studies, options.minimum_participants),
    )


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


def closed_periods(portfolio: Portfolio, investment: Investment) -> tuple[tuple[date, date], ...]:
    """The periods in which nobody could be referred to the investment; partial suspensions close nothing."""
    return tuple(
        (one.start, one.end)
        for one in portfolio.suspensions
        if not one.partial and one.investment in ("", investment.key, investment.number)
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
        "synthetic": edition.synthetic,
        "key": options.key_id,
        "book": repr(book),
        "letterhead": options.letterhead,
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


def _with_notes(result: CaseResult, paid: PaidWeeks) -> CaseResult:
    """Put what is known of the paid weeks beside the study, for the notes of the edition."""
    if result.study is None:
        return result
    left_out = {**result.study.left_out, "shared_weeks": paid.shared_weeks}
    return replace(result, study=replace(result.study, left_out=left_out))


def _all_used(results: list[CaseResult]) -> tuple[Used, ...]:
    return all_used(*(saving.used for result in results for saving in result.savings.values()))


def _parameter(used: Used) -> ParameterUsed:
    return ParameterUsed(
        used.name,
        used.printed,
        "",
        " – ".join("" if day is None else short_date(day) for day in (used.valid_from, used.valid_to)).strip(),
        used.source,
        used.legal_reference,
        used.verified,
        used.local,
    )
