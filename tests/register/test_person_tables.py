"""How far a register reaches: its horizon, its beginning, and what is refused."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gevinst.backend import Backend
from gevinst.errors import GevinstError
from gevinst.register.person_tables import open_person_tables
from gevinst.weeks import monday, sunday, week_of


@pytest.fixture
def folder(tmp_path: Path, spell_rows):
    """A function that stores spells in a folder."""

    def store(spells) -> Path:
        pq.write_table(spell_rows(spells), tmp_path / "spells.parquet")
        return tmp_path

    return store


def test_the_horizon_is_the_last_complete_week(folder, duckdb_backend: Backend) -> None:
    """The last day any row mentions is Saturday 31 July 2021: the week is not complete."""
    rows = [(1, "a-dagpenge", date(2021, 6, 7), date(2021, 8, 1)), (2, "a-dagpenge", date(2021, 7, 5), None)]
    tables = open_person_tables(folder(rows), duckdb_backend)
    assert sunday(tables.data_horizon) == date(2021, 7, 25)
    rows[0] = (1, "a-dagpenge", date(2021, 6, 7), date(2021, 8, 2))  # to Sunday 1 August
    tables = open_person_tables(folder(rows), duckdb_backend)
    assert sunday(tables.data_horizon) == date(2021, 8, 1)


def test_lag_and_horizon(folder, duckdb_backend: Backend) -> None:
    place = folder([(1, "a-dagpenge", date(2021, 6, 7), date(2021, 8, 2))])
    lagged = open_person_tables(place, duckdb_backend, lag_weeks=3)
    assert sunday(lagged.data_horizon) == date(2021, 7, 11)
    later = open_person_tables(place, duckdb_backend, horizon=date(2021, 12, 31))
    assert sunday(later.data_horizon) == date(2021, 12, 26)


def test_one_old_spell_does_not_make_an_old_register(folder, duckdb_backend: Backend) -> None:
    rows = [(p, "a-dagpenge", monday(week_of(date(2016, 1, 4)) + p % 50), None) for p in range(3000)]
    old = [(9999, "kontanthjaelp", date(1994, 5, 2), None)]
    assert open_person_tables(folder(rows + old), duckdb_backend).first_week == week_of(date(2016, 1, 4))


@pytest.mark.parametrize(
    ("horizon", "code"),
    [(date(1999, 1, 1), "snapshot.horizon-before-data"), (date(2999, 1, 1), "snapshot.horizon-in-future")],
)
def test_an_impossible_horizon_is_refused(folder, duckdb_backend: Backend, horizon: date, code: str) -> None:
    place = folder([(1, "a-dagpenge", date(2021, 6, 7), date(2021, 8, 2))])
    with pytest.raises(GevinstError) as fault:
        open_person_tables(place, duckdb_backend, horizon=horizon)
    assert fault.value.code == code


def test_a_folder_without_spells_is_refused(tmp_path: Path, duckdb_backend: Backend) -> None:
    with pytest.raises(GevinstError) as fault:
        open_person_tables(tmp_path, duckdb_backend)
    assert fault.value.code == "snapshot.no-spells"
