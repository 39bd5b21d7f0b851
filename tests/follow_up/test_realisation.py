"""The realisation library: Norddjurs 2021 as its memo has it, groups by hand, and Fieller against its definition."""

from __future__ import annotations

import numpy as np
import pytest

from gevinst.follow_up.figures import Figure
from gevinst.follow_up.realisation import CaseYear, case_years, fieller, library, realisation, student
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.bundled import portfolio
from gevinst.register.business_case import Basis, Line

P20 = PriceLevel(2020)


def year(case: str, kind: str, budgeted: int, realised: int, of: int = 2021, basis: Basis = Basis.REALISED) -> CaseYear:
    return CaseYear("p", case, kind, of, Amount.dkk(budgeted, P20), Amount.dkk(realised, CURRENT), basis)


def test_norddjurs_in_2021_expected_39_per_cent_of_what_was_budgeted() -> None:
    """Expected gross saving 23.816 of 60.816 million, 2020-2023; the stopped case's later years count as nought."""
    found = library(case_years(portfolio("norddjurs-2020-2023")))
    assert found.whole.realised == -23_816_000
    assert found.whole.budgeted == -60_816_000
    assert found.whole.ratio == pytest.approx(0.3916, abs=5e-5)
    assert round(100 * (found.whole.proposal or 0)) == 39
    assert found.whole.cases == 5
    assert found.whole.expected
    assert found.whole.mixed
    assert {one.name: one.cases for one in found.kinds} == {
        "a-dagpenge": 2, "kontanthjaelp": 2, "pladser, der tælles": 1}
    assert all(one.proposal is None for one in found.kinds), "nothing is proposed of fewer than three cases"
    assert found.whole.low is not None
    assert found.whole.low < 0.3916 < (found.whole.high or 0)
    assert (found.whole.least, found.whole.largest) == (
        pytest.approx(0.246 / 20.313), pytest.approx(3.888 / 4.838))


def test_results_alone_are_those_of_2020_and_what_a_stop_cost() -> None:
    found = library(case_years(portfolio("norddjurs-2020-2023")), only_realised=True)
    assert found.whole.realised == -(123 + 124 + 572 + 173 + 781) * 1000
    assert found.whole.budgeted == -(2703 + 633 + 1555 + 1313 + 2128 + 6711 + 6244) * 1000
    assert not found.whole.expected
    assert [one.name for one in found.years] == ["2020", "2022", "2023"]
    assert found.years[1].ratio == 0


def test_a_ratio_is_weighted_by_the_budget_and_a_case_counts_once() -> None:
    found = realisation("k", [year("1", "k", -100, -50), year("1", "k", -100, -50, 2022), year("2", "k", -800, -160)])
    assert found.ratio == pytest.approx(260 / 1000)
    assert found.cases == 2
    assert found.proposal is None
    assert (found.low, found.high) == (None, None)
    assert (found.least, found.largest) == (pytest.approx(0.2), pytest.approx(0.5))


def test_a_proposal_lies_between_nought_and_one() -> None:
    more = [year(str(at), "k", -100, -150 - at) for at in range(4)]
    assert realisation("k", more).proposal == 1
    loss = [year(str(at), "k", -100, 50 + at) for at in range(4)]
    assert realisation("k", loss).proposal == 0


@pytest.mark.parametrize("seed", range(4))
def test_fieller_is_where_the_difference_is_just_significant(seed: int) -> None:
    """At either end t of x - θ b over the cases is Student's limit; between them it is less."""
    rng = np.random.default_rng(seed)
    b = rng.uniform(2, 6, 9)
    x = b * rng.normal(0.5, 0.15, 9)

    def t(ratio: float) -> float:
        d = x - ratio * b
        return abs(d.mean()) / (d.std(ddof=1) / 3)

    found = fieller(list(zip(x.tolist(), b.tolist(), strict=True)))
    assert found is not None
    assert [t(end) for end in found] == pytest.approx([student(8)] * 2)
    assert found[0] < x.sum() / b.sum() < found[1]
    assert t(x.sum() / b.sum()) == pytest.approx(0, abs=1e-9)


def test_an_interval_without_end_is_none() -> None:
    assert fieller([(1.0, -5.0), (1.0, 5.0), (1.0, 0.5)]) is None
    assert fieller([(1.0, 2.0), (1.0, 2.0)]) is None
    assert student(31) == pytest.approx(2.0395, abs=5e-4)


def test_a_computed_result_goes_before_a_recorded_expectation() -> None:
    agreement = portfolio("norddjurs-2020-2023")
    computed = Figure("2", Line.SAVING, 2021, Basis.REALISED, Amount.dkk(-1_000_000, CURRENT), "computed")
    found = {(one.investment, one.year): one for one in case_years(agreement, computed={"2": [computed]})}
    assert found["2", 2021].realised == Amount.dkk(-1_000_000, CURRENT)
    assert found["2", 2021].basis is Basis.REALISED
    assert found["2", 2022].basis is Basis.EXPECTED
