"""The small register, studied once: what the matched comparison found for its investment, with kroner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from gevinst.analyst import valued_effect_in
from gevinst.economy.saving import Saving
from gevinst.economy.valuation import PriceTable
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.valued import Valued
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import BudgetYear, Investment, Portfolio, Protocol, TargetGroup
from gevinst.register.person_tables import PersonTables

MATCH_ON = ("sex", "age_at_entry")
P20 = PriceLevel(2020)


@pytest.fixture(scope="session")
def valued(duckdb_tables: PersonTables) -> Valued:
    """Investment `jobnet` of the small register, matched on two covariates, 200 replicates."""
    return valued_effect_in(duckdb_tables, "jobnet", match_on=MATCH_ON, replicates=200)


@pytest.fixture(scope="session")
def investment() -> Investment:
    """The case as a portfolio would have it: matched is the main method."""
    budget = tuple(BudgetYear(year, Amount.dkk(400_000, P20), Amount.dkk(-500_000, P20)) for year in (2020, 2021, 2022))
    return Investment(
        "1", "jobnet", "Jobnet", TargetGroup("ledige", "a-dagpenge"), budget=budget,
        referrals_from=date(2020, 2, 3), referrals_to=date(2022, 12, 26), protocol=Protocol("matched", 52, MATCH_ON),
    )  # fmt: skip


@pytest.fixture(scope="session")
def portfolio(investment: Investment) -> Portfolio:
    """One case, three years, a budget in 2020 prices."""
    return Portfolio("p", "Prøve", "Prøveby", (2020, 2021, 2022), P20, (investment,), source="aftale")


@pytest.fixture(scope="session")
def case(investment: Investment, valued: Valued) -> CaseResult:
    """What was found, with what was spent in two of the years."""
    study = replace(valued.study, design=replace(valued.study.design, headline="matched", benefit_name="A-dagpenge"))
    spent = {year: Amount.dkk(300_000, CURRENT) for year in (2020, 2021)}
    return CaseResult(investment, replace(valued, study=study), spent, "posteringer")


@pytest.fixture(scope="session")
def make_saving() -> Callable[..., Saving]:
    """`make_saving({2020: [estimate, replicate, ...]})`: a saving whose net kroner are given."""
    return _saving_of


def _saving_of(net: dict[int, list[float]], *, unpriced: float = 0.0) -> Saving:
    years = tuple(sorted(net))
    table = np.array([net[year] for year in years], np.float64).T
    empty = np.zeros((0, 4, len(years)))
    prices = PriceTable((), (0, 1, 2, 3), years, empty, empty, None, np.zeros((0, len(years)), bool), ())
    return Saving(years, table, table, (), (), unpriced, prices)
