"""Every investment studied: its design as the protocol says, its effect, its price, and what it has cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.curves.curve import Curve
from gevinst.curves.delivered import participations
from gevinst.curves.payments import PaymentSums, payment_sums
from gevinst.curves.published import published_curves
from gevinst.economy.actual_cost import MINIMUM_PERSONS, ActualCosts, actual_costs
from gevinst.economy.spent import delivered_per_year, ledger_per_year
from gevinst.effects.design import StudyDesign
from gevinst.effects.replicates import weights
from gevinst.effects.study import matching_published, study_investments
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.data_dates import data_date_notes, lag_measured
from gevinst.follow_up.definition_breaks import BreakNote, break_notes
from gevinst.follow_up.disclosure.few_years import without_years_of_few, years_of_few_notes
from gevinst.follow_up.notes import case_notes, seniority_note
from gevinst.follow_up.reconciliation import Delivered, LedgerCheck
from gevinst.follow_up.valued import value_study
from gevinst.language import say
from gevinst.ledger import deliveries, ledger_of
from gevinst.money import CURRENT, Amount
from gevinst.parameters.benefits import Benefit
from gevinst.parameters.benefits import benefit as benefit_named
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import FollowedBy, Investment, Portfolio, closed_periods
from gevinst.register.person_tables import PersonTables
from gevinst.run_options import RunOptions
from gevinst.weeks import sunday, year_of

BASELINE_YEARS = 3


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
    delivered: Mapping[str, Delivered] | None = None  # by investment key; None without participants


def study_cases(portfolio: Portfolio, tables: PersonTables, book: ParameterBook, options: RunOptions) -> Found:
    """Study every investment that is followed by curves and has participants in the data."""
    published = published_curves([*rows_of(tables, "published_curves"), *options.fetched_curves])
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
    actual = None if sums is None else actual_costs(
        sums, book, minimum_persons=persons, few=options.rules.threshold)
    delivered = deliveries(portfolio, tables)
    results = []
    for investment in portfolio.investments:
        found = studies.get(investment.key)
        study = None if found is None else without_years_of_few(found, options.rules)
        spent = spent_on(investment, tables, None if delivered is None else delivered.get(investment.key))
        valued = None if study is None else value_study(study, book, actual)
        results.append(CaseResult(investment, valued, spent.per_year, spent.source,
                                  (*spent.notes, *case_notes(investment, study),
                                   *years_of_few_notes(investment.number, study)), spent.by_weeks))
    lag = lag_measured(options.quality, tables.data_horizon)
    notes = (*data_date_notes(options.memo_date, sunday(tables.data_horizon), lag),
             *(seniority_note(paid.lower_bound_share) if studies else ()))
    payments = None if sums is None or actual is None else (sums, actual)
    breaks = break_notes(book.breaks, portfolio, designs.values(), published, tables.data_horizon)
    ledger = ledger_of(portfolio, tables, delivered, book, options.ledger_terms)
    return Found(tuple(results), published, notes, payments, breaks, paid.shared_weeks, participations(tables), ledger,
                 delivered)


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


@dataclass(frozen=True)
class Spent:
    """What an investment has cost per year in current prices, where that is from, and what the reader must know.

    `by_weeks`: delivered weeks times the agreed price.
    """

    per_year: Mapping[int, Amount] = field(default_factory=dict)
    source: str = ""
    notes: tuple[str, ...] = ()
    by_weeks: bool = False


def spent_on(investment: Investment, tables: PersonTables, delivered: Delivered | None) -> Spent:
    """Postings where there are any, else delivered weeks times the agreed price.

    A price at another level than current prices would have to be converted by an index the case does not name; then
    nothing is computed, and a note says so.
    """
    ledger = ledger_per_year(rows_of(tables, "postings"), investment.key)
    price = investment.dkk_per_participant_week
    if ledger or price is None:
        return Spent(ledger, say(da="bogførte posteringer", en="ledger postings"))
    if price.level != CURRENT:
        return Spent(notes=(
            say(
                da=f"Investering {investment.number}: prisen pr. deltageruge står i {price.level}. Den er ikke "
                "omregnet til løbende priser, og udgiften er derfor ikke beregnet.",
                en=f"Investment {investment.number}: the price per participant week is in {price.level}. It was "
                "not converted to current prices, so the cost was not computed.",
            ),
        ))  # fmt: skip
    source = say(da="leverede deltageruger × aftalt pris", en="delivered participant weeks × agreed price")
    weeks = {} if delivered is None else delivered.weeks
    return Spent(delivered_per_year(weeks, price), source, by_weeks=True)


def rows_of(tables: PersonTables, name: str) -> list[dict[str, Any]]:
    table = tables.other(name)
    return [] if table is None else list(tables.backend.to_arrow(table).to_pylist())
