"""The small register carried forward: what is forecast and why the rest is not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from gevinst.effects.replicates import weights
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.coming_intake import IntakeRule
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.forecast import Forecast
from gevinst.follow_up.valued import value_study
from gevinst.forecasts import Forecasts, Terms, forecasts_of
from gevinst.parameters.book import LocalPrice, ParameterBook, national_book
from gevinst.register.business_case import Portfolio
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import year_of

TERMS = Terms(minimum_participants=20, seed=5)


@pytest.fixture(scope="session")
def book() -> ParameterBook:
    """Prices up to the last year of the data, for every benefit of the register."""
    made = national_book()
    return made.with_prices(LocalPrice(key, year, Decimal(4000), "pris") for key in made.benefits
                            for year in range(2015, 2024))  # fmt: skip


@pytest.fixture(scope="session")
def forecast_case(case: CaseResult, duckdb_tables: PersonTables, book: ParameterBook) -> CaseResult:
    """The case with its main method's effect by weeks since the start."""
    from gevinst.analyst import designs_in
    from gevinst.cohorts.paid_weeks import paid_weeks
    from gevinst.cohorts.prepare import prepare
    from gevinst.effects.study import study_investments

    design = next(one for one in designs_in(duckdb_tables, (), 52) if one.investment == "jobnet")
    found = study_investments((replace(design, headline="matched"),), prepare(duckdb_tables),
                              paid_weeks(duckdb_tables, book.benefits), weights(100, 1))["jobnet"]  # fmt: skip
    return replace(case, valued=value_study(found, book))


@pytest.fixture
def coming(portfolio: Portfolio, duckdb_tables: PersonTables) -> Portfolio:
    """The portfolio with two years more than the data reach."""
    running = year_of(duckdb_tables.data_horizon + 1)
    return replace(portfolio, years=tuple(range(2020, running + 2)))


def test_the_small_register_is_carried_forward(
    forecast_case: CaseResult, coming: Portfolio, duckdb_tables: PersonTables, book: ParameterBook
) -> None:
    found = forecasts_of(coming, (forecast_case,), duckdb_tables, book, TERMS, Counts())
    assert found.without == {}
    one = found.of("1")
    assert one is not None
    running = year_of(duckdb_tables.data_horizon + 1)
    assert [year.year for year in one.years] == [running, running + 1]
    assert one.years[1].carried, "no price is known that far ahead"
    assert any(used.carried for used in one.used)
    assert set(one.other_rules) == {"hold", "decay", "zero"}
    assert one.plan.rule == "pace", "the case plans no number"
    assert one.by_pace == ()
    assert one.other_rules["decay"][1] == one.years[1].expected.estimate
    saving, at = forecast_case.saving, running
    assert saving is not None
    expected = saving.net[0, saving.years.index(at)] if at in saving.years else None
    assert one.years[0].to_date == expected
    assert [year for year, *_ in one.results] == [year for year in saving.years if year < running]
    assert forecasts_of(coming, (forecast_case,), duckdb_tables, book, TERMS, Counts()) == found, "the same again"


def test_twice_the_prices_are_twice_the_kroner_to_come(
    forecast_case: CaseResult, coming: Portfolio, duckdb_tables: PersonTables, book: ParameterBook
) -> None:
    double = replace(book, prices={key: {year: replace(row, dkk_per_week=row.dkk_per_week * 2)
                                         for year, row in years.items()} for key, years in book.prices.items()})
    one, two = (forecasts_of(coming, (forecast_case,), duckdb_tables, prices, TERMS, Counts()).of("1")
                for prices in (book, double))
    assert one is not None
    assert two is not None
    assert [year.coming for year in two.years] == pytest.approx([2 * year.coming for year in one.years])


def test_the_rules_are_ordered_as_their_names_say(
    forecast_case: CaseResult, coming: Portfolio, duckdb_tables: PersonTables, book: ParameterBook
) -> None:
    """What is held lies farthest from what ceases; between them is what decays."""
    one = forecasts_of(coming, (forecast_case,), duckdb_tables, book, TERMS, Counts()).of("1")
    assert one is not None
    hold, decay, zero = (np.array(one.other_rules[rule]) for rule in ("hold", "decay", "zero"))
    assert (np.abs(decay - zero) <= np.abs(hold - zero) + 1e-6).all()
    assert one.how.rule == "decay"
    held = forecasts_of(coming, (forecast_case,), duckdb_tables, book, replace(TERMS, rule="hold"), Counts()).of("1")
    assert held is not None
    assert held.years[0].expected.estimate == hold[0]


def test_beside_the_plan_stands_what_the_pace_so_far_would_give(
    forecast_case: CaseResult, coming: Portfolio, duckdb_tables: PersonTables, book: ParameterBook
) -> None:
    def forecast(intake: IntakeRule, places: int | None) -> Forecast:
        planned = None if places is None else Decimal(places)
        case = replace(forecast_case, investment=replace(forecast_case.investment, full_time_participants=planned))
        found = forecasts_of(coming, (case,), duckdb_tables, book, replace(TERMS, intake=intake), Counts()).of("1")
        assert found is not None
        return found

    assert forecast("plan", 40).by_pace == tuple(year.expected.estimate for year in forecast("pace", 40).years)
    assert forecast("plan", 40).plan.rule == "plan"
    assert forecast("pace", 40).by_pace == ()


def reason(found: Forecasts) -> str:
    assert found.found == ()
    return found.without["1"]


def test_why_there_is_none(
    forecast_case: CaseResult, case: CaseResult, coming: Portfolio, portfolio: Portfolio,
    duckdb_tables: PersonTables, book: ParameterBook,
) -> None:  # fmt: skip
    def asked(one: CaseResult, terms: Terms = TERMS, whole: Portfolio = coming, known: ParameterBook = book) -> str:
        return reason(forecasts_of(whole, (one,), duckdb_tables, known, terms, Counts()))

    assert reason(forecasts_of(coming, (forecast_case,), None, book, TERMS, Counts())) == "no-persons"
    assert asked(CaseResult(case.investment)) == "no-effect"
    assert asked(forecast_case, replace(TERMS, minimum_participants=10**6)) == "too-few"
    assert asked(forecast_case, whole=replace(portfolio, years=(2020,))) == "period-over"
    last = max(year for years in book.prices.values() for year in years)
    gap = replace(book, prices={key: {last + 5: replace(years[last], year=last + 5)}
                                for key, years in book.prices.items()})
    assert asked(forecast_case, known=gap) == "no-price", "a year between two prices is not guessed"
    (named,) = forecasts_of(coming, (forecast_case,), duckdb_tables, gap, TERMS, Counts()).unpriced.values()
    assert len(named.benefits) == 1, "the one that was asked for first"
    assert named.share is not None
    effect = forecast_case.effect
    assert effect is not None
    assert effect.profile is not None
    young = replace(effect, profile=replace(effect.profile, observed=np.where(
        np.arange(len(effect.profile.observed)) < 12, effect.profile.observed, 0.0)))
    valued = forecast_case.valued
    assert valued is not None
    study = replace(valued.study, effects={**valued.study.effects, "matched": young})
    assert asked(replace(forecast_case, valued=replace(valued, study=study))) == "immature"
    unpriced = replace(valued, savings={"matched": replace(valued.savings["matched"], unpriced_share=0.5)})
    assert asked(replace(forecast_case, valued=unpriced)) == "no-price"


def test_the_benefits_without_a_price_are_named(
    forecast_case: CaseResult, coming: Portfolio, duckdb_tables: PersonTables, book: ParameterBook
) -> None:
    """The coming years' price of the target group's own benefit is not known: neither a local price nor a rate."""
    effect = forecast_case.effect
    assert effect is not None
    for key in ("a-dagpenge", "kontanthjaelp"):
        if any(benefit == key for benefit, _ in effect.cells):
            prices = {name: rows for name, rows in book.prices.items() if name != key}
            rates = {name: rate for name, rate in book.rates.items() if name != key}
            known = replace(book, prices=prices, rates=rates)
            found = forecasts_of(coming, (forecast_case,), duckdb_tables, known, TERMS, Counts())
            if found.without:
                assert found.without == {"1": "no-price"}
                assert found.unpriced["1"].benefits == (book.benefits[key].name,)
                assert found.unpriced["1"].share is not None
                assert found.unpriced["1"].share > 0.01
                return
    pytest.fail("neither is lacking")
