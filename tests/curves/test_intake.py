"""Starts by week and replicate group against the rows themselves."""

from __future__ import annotations

from collections import Counter

from gevinst.curves.intake import intake
from gevinst.register.person_tables import PersonTables


def test_every_start_is_counted_once_in_its_week_and_group(duckdb_tables: PersonTables) -> None:
    assert duckdb_tables.participants is not None
    rows = duckdb_tables.backend.to_arrow(duckdb_tables.participants).to_pylist()
    mine = [row for row in rows if row["investment"] == "jobnet" and row["start_week"] <= duckdb_tables.data_horizon]
    found = intake(duckdb_tables, "jobnet")
    assert found is not None
    assert found.starts.sum() == len(mine) > 100
    assert found.last_week == duckdb_tables.data_horizon
    expected = Counter((row["replicate"], row["start_week"] - found.first_week) for row in mine)
    assert {place: found.starts[place] for place in expected} == expected


def test_an_investment_nobody_started_in_has_none(duckdb_tables: PersonTables) -> None:
    assert intake(duckdb_tables, "no-such") is None
