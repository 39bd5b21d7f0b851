"""Fixtures shared by the stages: person tables from a few tuples, and the small register on any engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from gevinst.backend import Backend, open_duckdb, open_spark
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.weeks import monday, week_of

Spell = tuple[int, str, date, date | None]  # person, benefit, first day, day after the last day
MakeTables = Callable[..., PersonTables]


def spell_table(spells: list[Spell], degree: float = 1.0) -> pa.Table:
    """Rows as the intake stores them."""
    rows = sorted(spells, key=lambda row: (row[0], row[1], row[2]))
    n = len(rows)
    return pa.table(
        {
            "person": pa.array([row[0] for row in rows], pa.int64()),
            "replicate": pa.array([row[0] % 200 for row in rows], pa.int16()),
            "benefit": pa.array([row[1] for row in rows], pa.string()),
            "start_date": pa.array([row[2] for row in rows], pa.date32()),
            "end_date": pa.array([row[3] for row in rows], pa.date32()),
            "start_week": pa.array([week_of(row[2]) for row in rows], pa.int32()),
            "end_week": pa.array(
                [None if row[3] is None else week_of(row[3] - timedelta(days=1)) + 1 for row in rows], pa.int32()
            ),
            "degree": pa.array([degree] * n, pa.float64()),
            "amount_dkk": pa.nulls(n, pa.decimal128(18, 2)),
            "municipality": pa.nulls(n, pa.string()),
        }
    )


def participant_table(rows: list[tuple[int, str, date, date | None]]) -> pa.Table:
    """Rows as the intake stores them."""
    return pa.table(
        {
            "person": pa.array([row[0] for row in rows], pa.int64()),
            "replicate": pa.array([row[0] % 200 for row in rows], pa.int16()),
            "investment": pa.array([row[1] for row in rows], pa.string()),
            "start_date": pa.array([row[2] for row in rows], pa.date32()),
            "end_date": pa.array([row[3] for row in rows], pa.date32()),
            "start_week": pa.array([week_of(row[2]) for row in rows], pa.int32()),
            "end_week": pa.array([None if row[3] is None else week_of(row[3]) for row in rows], pa.int32()),
        }
    )


@pytest.fixture
def spell_rows() -> Callable[[list[Spell]], pa.Table]:
    """`spell_rows(spells)`: rows as the intake stores them."""
    return spell_table


@pytest.fixture(scope="session")
def duckdb_backend() -> Iterator[Backend]:
    backend = open_duckdb(threads=2)
    yield backend
    backend.close()


@pytest.fixture
def make_tables(duckdb_backend: Backend) -> MakeTables:
    """`make_tables(spells, horizon=week, participants=rows)` on DuckDB."""

    def make(
        spells: list[Spell], *, horizon: int, participants: list[tuple[int, str, date, date | None]] | None = None
    ) -> PersonTables:
        table = duckdb_backend.from_arrow(spell_table(spells), "spells")
        joined = None if participants is None else duckdb_backend.from_arrow(participant_table(participants), "part")
        first = min(week_of(row[2]) for row in spells)
        return PersonTables(duckdb_backend, table, joined, None, first, horizon, Path())

    return make


def weekly(person: int, benefit: str, first: int, after: int) -> Spell:
    """A spell of whole weeks: from the Monday of `first` to the Sunday before `after`."""
    return (person, benefit, monday(first), monday(after))


@pytest.fixture(scope="session")
def register_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small register of `tests/oracle`, read by the intake."""
    from gevinst.sources.ingest import read_folder
    from gevinst.sources.pseudonym import IN_MEMORY_KEY

    target = tmp_path_factory.mktemp("register_small")
    folder = Path(__file__).parent / "oracle" / "register_small"
    read_folder(folder, target, key=IN_MEMORY_KEY, today=date(2024, 2, 1))
    return target


@pytest.fixture(scope="session", params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def small_tables(request: pytest.FixtureRequest, register_small: Path) -> Iterator[PersonTables]:
    """The small register, open on each engine in turn."""
    backend = open_duckdb(threads=2) if request.param == "duckdb" else open_spark()
    yield open_person_tables(register_small, backend)
    backend.close()


@pytest.fixture(scope="session")
def duckdb_tables(register_small: Path, duckdb_backend: Backend) -> PersonTables:
    """The small register on DuckDB alone, for what is written for one machine's speed."""
    return open_person_tables(register_small, duckdb_backend)
