"""Tables that foot, figures that keep their source, and what may pass the publication door."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.effects.estimate import Interval, YearEffect
from gevinst.errors import GevinstError
from gevinst.follow_up.figures import Figure, as_json
from gevinst.follow_up.realised import computed_figures, outcomes, recorded_figures
from gevinst.follow_up.table import follow_up, portfolio_follow_up
from gevinst.language import speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Investment,
    Line,
    Portfolio,
    RecordedFigure,
    TargetGroup,
)
from gevinst.weeks import week_of

P20 = PriceLevel(2020)
YEARS = (2020, 2021)
kroner = st.integers(-(10**12), 10**12)


def case(number: str, budget: list[tuple[int, int]], result: list[tuple[int, int]]) -> Investment:
    typed = [
        RecordedFigure(year, line, basis, Amount(ore, CURRENT), "memo", date(2021, 11, 26))
        for year, basis, pair in zip(YEARS, (Basis.REALISED, Basis.EXPECTED), result, strict=False)
        for line, ore in zip((Line.INVESTMENT, Line.SAVING), pair, strict=True)
    ]
    rows = [BudgetYear(y, Amount(a, P20), Amount(b, P20)) for y, (a, b) in zip(YEARS, budget, strict=True)]
    return Investment(
        number, f"case-{number}", f"Case {number}", TargetGroup("x"), budget=tuple(rows), recorded=tuple(typed)
    )


def portfolio(*cases: Investment) -> Portfolio:
    return Portfolio("p", "Portfolio", "Town", YEARS, P20, cases, source="agreement")


def tables_of(whole: Portfolio):
    parts = tuple(follow_up(c, whole, recorded_figures(c), CURRENT) for c in whole.investments)
    return parts, portfolio_follow_up(whole, parts, CURRENT)


pairs = st.lists(st.tuples(kroner, kroner), min_size=2, max_size=2)


@given(st.lists(st.tuples(pairs, pairs), min_size=1, max_size=4))
def test_every_table_foots_to_the_last_ore(cases) -> None:
    whole = portfolio(*(case(str(i), budget, result) for i, (budget, result) in enumerate(cases)))
    parts, total = tables_of(whole)
    for table in (*parts, total):
        for side in ("budget", "outcome"):
            over_years = getattr(table, f"{side}_total")
            for line in Line:
                assert sum(getattr(y, side)[line].amount.ore for y in table.years) == over_years[line].amount.ore
            for lines in (*(getattr(y, side) for y in table.years), over_years):
                added = lines[Line.INVESTMENT].amount.ore + lines[Line.SAVING].amount.ore
                assert lines[Line.NET].amount.ore == added
    for place in range(len(YEARS)):
        for line in Line:
            added = sum(part.years[place].outcome[line].amount.ore for part in parts)
            assert total.years[place].outcome[line].amount.ore == added


def test_ids_are_unique_and_bases_right() -> None:
    parts, total = tables_of(portfolio(case("1", [(3, -2), (3, -4)], [(3, -1), (1, -1)])))
    figures = [f for table in (*parts, total) for f in table.figures()]
    ids = [figure.id for figure in figures]
    assert len(ids) == len(set(ids))
    assert "1/net/2020/realised" in ids
    assert "1/net/2021/expected" in ids
    assert "portfolio/net/total/expected" in ids


def test_a_portfolio_year_with_one_expectation_is_expected() -> None:
    first = case("1", [(3, -2), (3, -4)], [(3, -1), (1, -1)])
    typed = tuple(
        RecordedFigure(2020, line, Basis.EXPECTED, Amount(1, CURRENT), "memo", date(2021, 1, 1))
        for line in (Line.INVESTMENT, Line.SAVING)
    )
    second = Investment("2", "case-2", "Case 2", TargetGroup("x"), recorded=typed)
    _, total = tables_of(portfolio(first, second))
    assert total.years[0].basis is Basis.EXPECTED


def test_figures_json_is_sorted_exact_and_says_its_schema() -> None:
    parts, total = tables_of(portfolio(case("1", [(307900050, -2), (3, -4)], [(3, -1), (1, -1)])))
    found = as_json(tuple(f for table in (*parts, total) for f in table.figures()))
    assert found["schema"] == 1
    ids = [figure["id"] for figure in found["figures"]]
    assert ids == sorted(ids)
    by_id = {figure["id"]: figure for figure in found["figures"]}
    assert by_id["1/investment/2020/budget"]["value"] == 3079000.5
    assert by_id["1/investment/2020/budget"]["price_level"] == "2020"
    assert by_id["1/saving/2020/realised"]["price_level"] == "current"
    assert by_id["1/saving/2020/realised"]["source"] == "recorded"


def test_computed_figures_fill_complete_years_only() -> None:
    effects = [YearEffect(year, Interval(-1.0), Interval(-2.005, -3.0, -1.0)) for year in (2020, 2021)]
    with speaking("da"):
        figures = computed_figures(
            case("1", [(1, 1), (1, 1)], []),
            effects,
            {2020: Amount(5, CURRENT)},
            week_of(date(2021, 10, 31)),
            "baseline",
            "ledger",
        )
    assert {(f.year, f.line) for f in figures} == {(2020, Line.SAVING), (2020, Line.INVESTMENT)}
    saving = next(f for f in figures if f.line is Line.SAVING)
    assert (saving.amount.ore, saving.low.ore, saving.high.ore) == (-201, -300, -100)
    assert saving.source == "computed"
    with_interval = follow_up(case("1", [(1, 1), (1, 1)], []), portfolio(), figures, CURRENT).years[0].outcome[Line.NET]
    assert (with_interval.low.ore, with_interval.high.ore) == (-295, -95)


def test_the_last_week_of_the_year_makes_it_complete() -> None:
    effects = [YearEffect(2020, Interval(-1.0), Interval(-2.0))]
    with speaking("da"):
        last = week_of(date(2021, 1, 3))  # 2020-W53
        complete = computed_figures(case("1", [(1, 1), (1, 1)], []), effects, {}, last, "baseline", "ledger")
        short = computed_figures(case("1", [(1, 1), (1, 1)], []), effects, {}, last - 1, "baseline", "ledger")
    assert len(complete) == 1
    assert short == ()


def test_a_recorded_result_goes_before_a_computed_one_and_that_before_an_expectation() -> None:
    guess = Figure("1", Line.SAVING, 2018, Basis.EXPECTED, Amount(-9, CURRENT), "recorded")
    known = Figure("1", Line.SAVING, 2018, Basis.REALISED, Amount(-8, CURRENT), "computed")
    assert [figure.amount.ore for figure in outcomes([guess], [known])] == [-8]
    typed = Figure("1", Line.SAVING, 2020, Basis.REALISED, Amount(-1, CURRENT), "recorded")
    found = Figure("1", Line.SAVING, 2020, Basis.REALISED, Amount(-2, CURRENT), "computed")
    other = Figure("1", Line.SAVING, 2019, Basis.REALISED, Amount(-3, CURRENT), "computed")
    assert [figure.amount.ore for figure in outcomes([typed], [found, other])] == [-3, -1]


def test_no_net_where_one_case_has_only_its_cost() -> None:
    """The sum of one case's cost and another's saving would say something about neither."""
    whole = portfolio(case("1", [(3, -2), (3, -4)], [(3, -1), (1, -1)]), case("2", [(1, 1), (1, 1)], []))
    first, second = whole.investments
    cost = Figure("2", Line.INVESTMENT, 2020, Basis.REALISED, Amount(7, CURRENT), "computed")
    parts = (
        follow_up(first, whole, recorded_figures(first), CURRENT),
        follow_up(second, whole, (cost,), CURRENT),
    )
    total = portfolio_follow_up(whole, parts, CURRENT)
    assert Line.NET not in total.years[0].outcome
    assert total.years[0].outcome[Line.INVESTMENT].amount.ore == 10
    assert Line.NET in total.years[1].outcome
    assert Line.NET not in total.outcome_total


def test_price_levels_do_not_mix_in_a_total() -> None:
    typed = RecordedFigure(2020, Line.SAVING, Basis.REALISED, Amount(-1, P20), "memo", date(2021, 1, 1))
    one = Investment("1", "a", "A", TargetGroup("x"), recorded=(typed,))
    whole = portfolio(one)
    with pytest.raises(GevinstError) as fault:
        follow_up(one, whole, recorded_figures(one), CURRENT)
    assert fault.value.code == "money.mixed-price-levels"
