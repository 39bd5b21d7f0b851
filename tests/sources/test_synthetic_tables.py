"""The short way from a made-up municipality to stored tables, against the intake of its files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gevinst.backend import Backend
from gevinst.register.person_tables import open_person_tables
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser
from gevinst.sources.synthetic import SyntheticSpec, simulate_register, write_register
from gevinst.sources.synthetic_tables import pseudonyms, write_stored

SPEC = SyntheticSpec(persons=3_000, prices={"ressourceforloeb": 2_900.0})


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str]]:
    """A folder the intake wrote, one written straight, and the ids in both."""
    files, taken, straight = (tmp_path_factory.mktemp(name) for name in ("files", "taken", "straight"))
    write_register(files, SPEC)
    read_folder(files, taken, key=IN_MEMORY_KEY, today=date(2021, 11, 26))
    tables, _ = simulate_register(SPEC)
    write_stored(straight, tables, seed=1)
    return taken, straight, tables["persons"]["person_id"].to_pylist()


def with_ids(table: pa.Table, id_of: dict[int, str]) -> pa.Table:
    """The table with ids for pseudonyms, sorted, without the replicate group."""
    if "person" not in table.column_names:
        return table
    ids = pa.array([id_of[person] for person in table["person"].to_pylist()])
    table = table.drop_columns(["person", "replicate"]).append_column("id", ids)
    return table.sort_by([("id", "ascending"), *((name, "ascending") for name in ("benefit", "investment", "start_date")
                                                 if name in table.column_names)])


def test_the_short_way_stores_what_the_intake_stores(ways: tuple[Path, Path, list[str]]) -> None:
    taken, straight, ids = ways
    keyed = dict(zip(Pseudonymiser(IN_MEMORY_KEY).identify(ids).person.tolist(), ids, strict=True))
    mixed = dict(zip(pseudonyms(pa.array(ids), 1)[0].tolist(), ids, strict=True))
    names = {path.name for path in taken.glob("*.parquet")}
    assert names == {path.name for path in straight.iterdir()}
    for name in names:
        one, other = pq.read_table(taken / name), pq.read_table(straight / name)
        assert one.column_names == other.column_names
        assert [field.type for field in one.schema] == [field.type for field in other.schema], name
        assert with_ids(one, keyed).to_pylist() == with_ids(other, mixed).to_pylist(), name


def test_the_stored_tables_open(ways: tuple[Path, Path, list[str]], duckdb_backend: Backend) -> None:
    taken, straight = (open_person_tables(folder, duckdb_backend) for folder in ways[:2])
    assert (taken.first_week, taken.data_horizon) == (straight.first_week, straight.data_horizon)


def test_replicate_groups_have_nothing_to_do_with_the_person() -> None:
    ids = pa.array([f"S{number:07d}" for number in range(1, 40_001)])
    person, group = pseudonyms(ids, seed=4)
    assert len(set(person.tolist())) == len(ids)
    sizes = np.bincount(group, minlength=200)
    assert sizes.size == 200
    assert np.sum((sizes - 200) ** 2 / 200) == pytest.approx(199, abs=4 * (2 * 199) ** 0.5)  # chi-squared
    assert abs(np.corrcoef(group[1:], group[:-1])[0, 1]) < 0.02
    assert abs(np.corrcoef(group, np.arange(40_000))[0, 1]) < 0.02
    assert abs(np.corrcoef(group, pseudonyms(ids, seed=5)[1])[0, 1]) < 0.02
    assert np.array_equal(pseudonyms(ids.take(pa.array([7, 3])), 4)[1], group[[7, 3]])  # whatever the order
