"""A register is counted for its twin alike on every engine."""

from __future__ import annotations

from datetime import date

from gevinst.money import PriceLevel
from gevinst.parameters.benefits import benefits
from gevinst.register.business_case import Investment, Portfolio, TargetGroup
from gevinst.register.person_tables import PersonTables
from gevinst.twin.fit import Terms, fit
from gevinst.twin.tables import twin_tables


def case(number: str, key: str, benefit: str, least: int) -> Investment:
    return Investment(number, key, key, TargetGroup("", benefit, least), referrals_from=date(2020, 2, 3))


PORTFOLIO = Portfolio("p", "P", "Prøveby", (2020, 2021), PriceLevel(2020), (
    case("1", "jobnet", "a-dagpenge", 4), case("2", "intensiv", "kontanthjaelp", 52)))


def test_engines_agree(small_tables: PersonTables, duckdb_tables: PersonTables) -> None:
    known = benefits()
    one, other = (fit(tables, PORTFOLIO, known, Terms()) for tables in (small_tables, duckdb_tables))
    assert one == other
    assert [model.key for model in one.investments] == ["jobnet", "intensiv"]
    assert len(one.columns) >= 5
    made = twin_tables(one, 1, known)
    assert made["participants"].num_rows > 50
