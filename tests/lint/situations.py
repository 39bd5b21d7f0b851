"""Editions of many situations, drawn by a seed: what our own memos may have to say.

Signs of every year and of the total all ways, one investment or several, recorded results or persons' data, stops,
suspensions, corrections, what changed since last time, both languages, both kinds of price level, amounts from a krone
to hundreds of millions, small counts that may not be told. Each goes through the whole computation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np

from gevinst.backend import Backend
from gevinst.editions.values import values_of
from gevinst.follow_up.edition import Correction, Edition
from gevinst.follow_up.lineage_since import with_since_last
from gevinst.follow_up.since_last import SinceLast, State, split
from gevinst.language import LANGUAGES, Language
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import national_book
from gevinst.pipeline import run
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Decision,
    FollowedBy,
    HeadCount,
    Investment,
    Line,
    Narrative,
    ParticipantCount,
    Portfolio,
    Protocol,
    Prudence,
    RecordedFigure,
    Status,
    Stop,
    StopMeasure,
    StopRule,
    Supplier,
    Suspension,
    TargetGroup,
)
from gevinst.register.consistency import require_consistent
from gevinst.register.person_tables import PersonTables
from gevinst.run_options import RunOptions
from gevinst.settings import SMALL_CELL_RULES
from gevinst.weeks import first_week, monday
from tests.town import A, K, Town, tables_of

TITLES = ("Koordineret indsats for unge", "Intensiveret indsats", "Småjob i industrien", "Jobsøgningsnetværk for alle",
          "Rekruttering til sundhedsområdet", "Flere ledige i fleksjob")
SIZES = (900, 45_000, 2_000_000, 180_000_000)  # DKK a year
PERSONS_FROM = 2020  # the years of the portfolios with persons' data


@dataclass(frozen=True)
class Traits:
    """What is drawn once for a portfolio: the size of its amounts, how finely they are given, and its signs."""

    size: float
    step: int  # DKK
    turned: float  # the probability that a line has the other sign than it should
    stated: float  # the probability that a year is stated at all
    years: tuple[int, ...]
    level: PriceLevel
    results: PriceLevel


def situation(seed: int, backend: Backend) -> Edition:
    """The edition of a seed: the same every time."""
    rng = np.random.default_rng([seed, 20211126])
    persons = rng.random() < 0.4
    years = tuple(range(first := PERSONS_FROM if persons else int(rng.integers(2019, 2025)),
                        first + int(rng.integers(1 if rng.random() < 0.1 else 2, 6))))
    level = CURRENT if rng.random() < 0.2 else PriceLevel(years[0] - int(rng.integers(0, 2)))
    fixed = not persons and rng.random() < 0.2
    traits = Traits(float(rng.choice(SIZES)), int(rng.choice([1, 1_000, 100_000])) if rng.random() < 0.9 else 0,
                    float(rng.choice([0.0, 0.1, 0.4])), float(rng.choice([0.3, 0.8, 1.0])), years, level,
                    level if fixed else CURRENT)
    portfolio = _portfolio(rng, traits, persons=persons)
    require_consistent(portfolio)
    tables = tables_of(_town(rng, portfolio), backend) if persons else None
    options = _options(rng, traits)
    edition = run(portfolio, tables, national_book(), options)
    return _since(rng, edition, portfolio, tables, options) if rng.random() < 0.3 else edition


def _options(rng: np.random.Generator, traits: Traits) -> RunOptions:
    memo = date(int(rng.choice(traits.years)), 11, 26)
    correction = Correction("u-2021-08", date(memo.year, 8, 26), "En investering var regnet forkert.")
    return RunOptions(
        memo, datetime(memo.year, 11, 26, 12, tzinfo=UTC), LANGUAGES[int(rng.integers(0, 2))], replicates=40,
        small_cell_rules=SMALL_CELL_RULES[int(rng.integers(0, 3))], small_cell_rounding=int(rng.choice([0, 0, 5])),
        minimum_participants=int(rng.choice([5, 20])), synthetic=bool(rng.random() < 0.3),
        correction=correction if rng.random() < 0.2 else None)


def _since(
    rng: np.random.Generator, edition: Edition, portfolio: Portfolio, tables: PersonTables | None, options: RunOptions
) -> Edition:
    """The edition beside one made before, when less was stated."""
    cases = tuple(replace(case, recorded=tuple(one for one in case.recorded if rng.random() < 0.7))
                  for case in portfolio.investments)
    before = run(replace(portfolio, investments=cases), tables, national_book(), options)
    changes = split([State(None, values_of(before)), State("method", values_of(edition))])
    return with_since_last(edition, SinceLast("u-2021-05", options.memo_date.replace(month=5), changes))


def _amount(rng: np.random.Generator, traits: Traits, sign: int, level: PriceLevel, *, free: bool = False) -> Amount:
    """An amount of the portfolio's size; `free` lets it have the other sign, or be nought."""
    kroner = float(traits.size * rng.uniform(0.05, 1.5))
    dkk = Decimal(round(kroner * 100)) / 100 if not traits.step else (
        Decimal(max(round(kroner / traits.step), 1) * traits.step))
    way = sign * (-1 if free and rng.random() < traits.turned else 1)
    return Amount.dkk(0 if free and rng.random() < 0.04 else way * dkk, level)


def _portfolio(rng: np.random.Generator, traits: Traits, *, persons: bool) -> Portfolio:
    count = int(rng.choice([1, 2, 4, 5]))
    cases = tuple(_case(rng, traits, at, persons=persons) for at in range(count))
    first, last = traits.years[0], traits.years[-1]
    laid_in = tuple((year, _amount(rng, traits, -1, traits.level)) for year in traits.years)
    return Portfolio(
        "proeve", "Investeringer på arbejdsmarkedsområdet", "Prøveby Kommune", traits.years, traits.level, cases,
        prudence=Prudence(Decimal("0.5"), date(first, 9, 12), "Budgetaftale", laid_in) if rng.random() < 0.4 else None,
        decisions=(Decision(date(last, 5, 18), "Kommunalbestyrelsen", "Investering 1 fortsætter."),)
        if rng.random() < 0.4 else (),
        suspensions=(Suspension(date(first, 3, 11), date(first, 5, 26), "Coronavirus"),) if rng.random() < 0.4 else (),
        reference="Anna Prøve", journal_number="19/20405", committee="Arbejdsmarkedsudvalget",
        source="Budgetaftale og Opus", background="Indsatsen begyndte senere end planlagt."
        if rng.random() < 0.5 else "")


def _case(rng: np.random.Generator, traits: Traits, at: int, *, persons: bool) -> Investment:
    years = traits.years
    budget = tuple(BudgetYear(year, _amount(rng, traits, 1, traits.level), _amount(rng, traits, -1, traits.level))
                   for year in years) if rng.random() < 0.95 else ()
    followed = persons and rng.random() < 0.7
    stopped = rng.random() < 0.15
    made = Investment(
        str(at + 1), f"sag-{at + 1}", TITLES[at],
        TargetGroup("Ledige borgere", A if rng.random() < 0.7 else K, 0, Decimal(int(rng.integers(20, 400)))),
        Narrative("Et tæt forløb med ugentlige møder.", progress="Første afsnit.\n\nAndet afsnit."),
        full_time_participants=Decimal(int(rng.integers(5, 80))), budget=budget,
        recorded=() if followed else _recorded(rng, traits),
        referrals_from=date(years[0], 1, 6), referrals_to=date(years[-1], 12, 31), planned_weeks=26,
        dkk_per_participant_week=Amount.dkk(int(rng.integers(500, 9000)), CURRENT) if rng.random() < 0.6 else None,
        protocol=Protocol(str(rng.choice(["rest_of_target_group", "target_group", "matched"])), 26,
                          new_spell_after=int(rng.choice([1, 4]))))
    if stopped:
        returned = ((years[-1], _amount(rng, traits, 1, traits.results)),) if rng.random() < 0.6 else ()
        made = replace(made, status=Status.STOPPED, stop=Stop(date(years[-1], 4, 28), "Gevinsten er usikker", returned))
    return _further(rng, traits, made)


def _further(rng: np.random.Generator, traits: Traits, case: Investment) -> Investment:
    """What only some cases have: counts of participants and placements, a supplier, financing, stop rules."""
    year = int(rng.choice(traits.years))
    if rng.random() < 0.4:
        case = replace(case, participant_counts=tuple(
            ParticipantCount(one, Decimal(40), Decimal(int(rng.integers(1, 60))) if rng.random() < 0.6 else None,
                             Decimal(int(rng.integers(1, 60)))) for one in traits.years))
    if not case.budget or rng.random() < 0.15:
        case = replace(case, followed_by=FollowedBy.HEAD_COUNT, head_counts=(
            HeadCount(date(year, 5, 31), int(rng.integers(0, 12)), 12),
            HeadCount(date(year, 11, 30), int(rng.integers(0, 12)), 12)))
    if rng.random() < 0.3:
        case = replace(case, supplier=Supplier("En leverandør", pay_by_results=True, terms="Afregnes pr. uge"),
                       financing="Overføres til sundhedslønsum")
    if rng.random() < 0.3:
        case = replace(case, stop_rules=(
            StopRule(date(year, 10, 1), StopMeasure.NET, at_most=_amount(rng, traits, -1, traits.results)),
            StopRule(date(year, 9, 1), StopMeasure.STARTS, at_least=Decimal(20))))
    return case


def _recorded(rng: np.random.Generator, traits: Traits) -> tuple[RecordedFigure, ...]:
    """Results to some year and expectations after it, one line or both, or nothing yet."""
    results = int(rng.integers(0, len(traits.years) + 1))
    found = []
    for at, year in enumerate(traits.years):
        if rng.random() > traits.stated:
            continue
        basis = Basis.REALISED if at < results else Basis.EXPECTED
        for line, sign in ((Line.INVESTMENT, 1), (Line.SAVING, -1)):
            if rng.random() < 0.95:
                found.append(RecordedFigure(year, line, basis, _amount(rng, traits, sign, traits.results, free=True),
                                            "Opus og DREAM", date(year, 11, 1)))
    return tuple(found)


def _town(rng: np.random.Generator, portfolio: Portfolio) -> Town:
    """Spells of both benefits from the year before; some start in an investment while on its benefit."""
    begun = first_week(portfolio.years[0]) - 52
    horizon = first_week(portfolio.years[0]) + int(rng.integers(60, 170))
    share, pull = float(rng.choice([0.03, 0.1, 0.3])), float(rng.choice([0.6, 1.0, 1.5]))
    spells, starts = [], []
    ages: dict[int, object] = {}
    for person in range(1, int(rng.choice([150, 700]))):
        ages[person] = float(rng.integers(18, 64))
        week, took_part = begun + int(rng.integers(0, 90)), False
        while week <= horizon:
            benefit, length = str(rng.choice([A, K])), int(rng.geometric(0.04))
            for case in () if took_part else portfolio.investments:
                start = week + int(rng.integers(1, 9))
                fits = case.target_group.benefit == benefit and start < week + length and start <= horizon
                if fits and start >= first_week(portfolio.years[0]) and rng.random() < share:
                    length, took_part = max(start - week + 1, round(length * pull)), True
                    starts.append((person, case.key, start))
                    break
            spells.append((person, benefit, week, week + length, 1.0))
            week += length + int(rng.geometric(0.05))
    kept = [row for row in spells if row[2] <= horizon]
    assert monday(horizon) > date(portfolio.years[0], 1, 1)
    return Town(tuple(kept), tuple(starts), horizon, {}, {"age": ages}, begun)


def from_signs(*, last: int, whole: int, language: Language) -> Edition:
    """One investment whose net in the last year, and over all years, is a cost (1) or a gain (-1)."""
    net = {2020: whole * 5_000_000, 2021: last * 1_250_000}
    figures = tuple(RecordedFigure(year, line, Basis.REALISED, Amount.dkk(kroner, CURRENT), "Opus", date(2021, 12, 31))
                    for year, amount in net.items()
                    for line, kroner in ((Line.INVESTMENT, 6_000_000), (Line.SAVING, amount - 6_000_000)))
    level = PriceLevel(2020)
    budget = tuple(BudgetYear(year, Amount.dkk(3_000_000, level), Amount.dkk(-3_500_000, level)) for year in net)
    case = Investment("1", "sag-1", TITLES[0], TargetGroup("Ledige borgere", A), budget=budget, recorded=figures,
                      referrals_from=date(2020, 1, 6))
    portfolio = Portfolio("proeve", "Investeringer på arbejdsmarkedsområdet", "Prøveby Kommune", (2020, 2021), level,
                          (case,), source="Budgetaftale")
    created = datetime(2022, 2, 1, 12, tzinfo=UTC)
    return run(portfolio, None, national_book(), RunOptions(created.date(), created, language))
