"""The made-up municipality as the intake would have stored it, without files in between.

`read_folder` takes most of its time for cells, rejects and keyed hashes, which a made-up register needs not. A study
over thousands of municipalities takes this way instead; a test holds it against the intake. The pseudonym and the
replicate group are mixed from the seed and the id by SplitMix64 (Steele, Lea and Flood 2014), so they have nothing to
do with how the person was drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gevinst.sources.columns import KRONER, RATE
from gevinst.sources.pseudonym import REPLICATE_GROUPS
from gevinst.weeks import EPOCH

Words = npt.NDArray[np.uint64]
_STEP, _MIX = np.uint64(0x9E3779B97F4A7C15), (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
EPOCH_DAY = (EPOCH - EPOCH.replace(year=1970)).days
_TYPES = {
    "min_spell_weeks": pa.int64(),
    "planned_weeks": pa.int64(),
    "dkk_per_participant_week": RATE,
    "year": pa.int64(),
    "dkk_per_week": RATE,
    "week": pa.int64(),
    "from_date": pa.date32(),
}


def stored_tables(tables: Mapping[str, pa.Table], seed: int) -> dict[str, pa.Table]:
    """The canonical tables of `simulate_register` (not messy ones) in the columns of the stored tables.

    >>> from gevinst.sources.synthetic import SyntheticSpec, simulate_register
    >>> tables, _ = simulate_register(SyntheticSpec(persons=500))
    >>> stored_tables(tables, seed=1)["participants"].column_names
    ['person', 'replicate', 'investment', 'start_date', 'end_date', 'start_week', 'end_week']
    """
    stored = {name: _other(table) for name, table in tables.items() if "person_id" not in table.column_names}
    stored["spells"] = stored_spells(tables["spells"], seed)
    joined = tables["participants"]
    stored["participants"] = _sorted(
        {**_person(joined, seed), "investment": joined["investment"], **_period(joined)}, "investment", "start_date"
    )
    stored["persons"] = _persons(tables["persons"], seed)
    return stored


def stored_spells(spells: pa.Table, seed: int) -> pa.Table:
    """Canonical spells in the columns of the stored ones."""
    n = spells.num_rows
    columns = {**_person(spells, seed), "benefit": spells["benefit"], **_period(spells), "degree": pa.array(np.ones(n))}
    return _sorted(
        {**columns, "amount_dkk": pa.nulls(n, KRONER), "municipality": pa.nulls(n, pa.string())},
        "benefit", "start_date",
    )


def write_stored(folder: Path, tables: Mapping[str, pa.Table], seed: int) -> None:
    """Write the stored tables to `folder`, ready for `register.person_tables.open_person_tables`."""
    for name, table in stored_tables(tables, seed).items():
        pq.write_table(table, folder / f"{name}.parquet", compression="none")


def pseudonyms(ids: pa.ChunkedArray | pa.Array, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int16]]:
    """The pseudonym and the replicate group of each made-up id.

    >>> pseudonyms(pa.array(["S0000001", "S0000002"]), seed=1)[1].tolist()
    [175, 66]
    """
    number = np.asarray(pc.utf8_slice_codeunits(ids, 1).cast(pa.int64())).astype(np.uint64)
    key = _mixed(np.full(1, seed, np.uint64))
    with np.errstate(over="ignore"):
        person, group = _mixed(number * np.uint64(2) + key), _mixed(number * np.uint64(2) + np.uint64(1) + key)
    return person.view(np.int64), (group % np.uint64(REPLICATE_GROUPS)).astype(np.int16)


def _mixed(words: Words) -> Words:
    """SplitMix64: each bit of the answer depends on every bit of the question."""
    with np.errstate(over="ignore"):
        mixed = words + _STEP
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX[0]
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX[1]
        found: Words = mixed ^ (mixed >> np.uint64(31))
    return found


def _person(table: pa.Table, seed: int) -> dict[str, pa.Array]:
    person, replicate = pseudonyms(table["person_id"], seed)
    return {"person": pa.array(person), "replicate": pa.array(replicate)}


def _period(table: pa.Table) -> dict[str, pa.Array]:
    """Half-open days and weeks; null while running."""
    first, running = _days(table["start_date"]), np.asarray(table["end_date"].is_null())
    after = _days(table["end_date"].fill_null(EPOCH)) + 1
    return {
        "start_date": table["start_date"],
        "end_date": pa.array((after + EPOCH_DAY).astype(np.int32), pa.int32(), mask=running).cast(pa.date32()),
        "start_week": pa.array((first // 7).astype(np.int32)),
        "end_week": pa.array(((after - 1) // 7 + 1).astype(np.int32), mask=running),
    }


def _persons(persons: pa.Table, seed: int) -> pa.Table:
    """Covariates that are numbers throughout are stored as numbers, the columns by name."""
    left = persons["left_register_date"]
    there = np.asarray(left.is_null())
    weeks = (_days(left.fill_null(EPOCH)) // 7).astype(np.int32)
    columns = {**_person(persons, seed), "left_register_date": left, "left_week": pa.array(weeks, mask=there)}
    for name in sorted(set(persons.column_names) - {"person_id", "left_register_date"}):
        numeric = not pa.types.is_string(persons[name].type) or pc.all(pc.utf8_is_decimal(persons[name])).as_py()
        columns[name] = persons[name].cast(pa.float64()) if numeric else persons[name]
    return _sorted(columns)


def _other(table: pa.Table) -> pa.Table:
    """A table without persons: the stored types, and last days as the day after."""
    for place, name in enumerate(table.column_names):
        column = table[name].cast(_TYPES[name]) if name in _TYPES else table[name]
        if name == "to_date":
            days = np.asarray(column.cast(pa.int32())) + np.int32(1)
            column = pa.array(days, pa.int32()).cast(pa.date32())
        table = table.set_column(place, name, column)
    return table.sort_by([(name, "ascending") for name in table.column_names])


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    days: npt.NDArray[np.int64] = np.asarray(column.cast(pa.int32())).astype(np.int64) - EPOCH_DAY
    return days


def _sorted(columns: Mapping[str, pa.Array], *further: str) -> pa.Table:
    return pa.table(dict(columns)).sort_by([(name, "ascending") for name in ("person", *further)])
