"""A made-up file of one benefit: about 260,000 spells, 98 municipalities, entries in 12 quarters.

Writes the spells in the columns of the stored person tables, and from them the trials that every contender of
`peers.py` gets: one row per entry with its group (municipality and quarter of entry, 1,176 in all), the weeks to
the first exit, and whether the exit was seen or the data ended first.

    python benchmarks/municipal_file.py /tmp/municipal
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import national_register as national
import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

FIRST_DAY, LAST_DAY = date(2019, 1, 7), date(2022, 12, 25)  # a Monday and a Sunday
QUARTERS = 12  # of entry, 2019-2021; everybody is followed for a year at least
PERSONS = 104_000
SPELLS_AT_MOST = 24
GAP_WEEKS = 4
BENEFIT = "a-dagpenge"


def spells(persons: int, seed: int) -> pa.Table:
    """All spells that begin in the twelve quarters, sorted by person and start; ends are cut at the last day."""
    rng = np.random.Generator(np.random.PCG64([seed, persons]))
    on, off = national.durations(rng, (persons, SPELLS_AT_MOST))
    days = (LAST_DAY - FIRST_DAY).days + 1
    quarters_end = (date(2022, 1, 1) - FIRST_DAY).days
    steps = np.cumsum(on + off, axis=1) - (on + off)
    start = rng.integers(-200, quarters_end, (persons, 1)) + steps
    end = np.minimum(start + on, days)
    kept = (start >= 0) & (start < quarters_end)
    person = np.broadcast_to(np.arange(persons)[:, None], kept.shape)[kept]
    place = rng.integers(0, national.MUNICIPALITIES, (persons, 1))
    first, last = start[kept], end[kept]
    day_zero, week_zero = (FIRST_DAY - date(1970, 1, 1)).days, (FIRST_DAY - national.EPOCH).days // 7
    return pa.table([
        pa.array(person), pa.array((person % national.REPLICATE_GROUPS).astype(np.int16)),
        pa.array([BENEFIT] * len(person)).dictionary_encode().cast(national.SCHEMA.field("benefit").type),
        pa.array((first + day_zero).astype(np.int32)).cast(pa.date32()),
        pa.array((last + day_zero).astype(np.int32)).cast(pa.date32()),
        pa.array((first // 7 + week_zero).astype(np.int32)),
        pa.array(((last - 1) // 7 + 1 + week_zero).astype(np.int32)), pa.array(np.ones(len(person))),
        pa.array(np.char.mod("%d", 801 + np.broadcast_to(place, kept.shape)[kept]))], schema=national.SCHEMA)


def trials(table: pa.Table) -> pa.Table:
    """One row per entry: label, person, weeks to the first exit, and whether that exit was seen.

    An entry is a spell after at least four weeks without; the exit is the first week of the first gap as long,
    and it is seen when the four weeks lie within the data.
    """
    person, start, end = (table[name].to_numpy() for name in ("person", "start_week", "end_week"))
    beyond = (LAST_DAY - national.EPOCH).days // 7 + 1
    entry = np.ones(len(person), bool)
    entry[1:] = (person[1:] != person[:-1]) | (start[1:] - end[:-1] >= GAP_WEEKS)
    last = np.append(np.flatnonzero(entry)[1:], len(person)) - 1
    leave = end[last]
    day = table["start_date"].cast(pa.int32()).to_numpy()[entry].astype("datetime64[D]")
    month = day.astype("datetime64[M]").astype(int)
    quarter = np.char.add(np.char.mod("%dK", 1970 + month // 12), np.char.mod("%d", month % 12 // 3 + 1))
    places = table["municipality"].to_numpy(zero_copy_only=False)[entry].astype("U3")
    return pa.table({
        "label": np.char.add(np.char.add(places, "-"), quarter),
        "person": person[entry],
        "weeks": (leave - start[entry]).astype(np.int32),
        "exit_known": leave <= beyond - GAP_WEEKS,
    })


def write(folder: Path, persons: int = PERSONS, seed: int = 1) -> tuple[int, int, int]:
    """Write `spells.parquet`, `trials.parquet` and `trials.csv`; return how many spells, trials and groups."""
    folder.mkdir(parents=True, exist_ok=True)
    table = spells(persons, seed)
    entries = trials(table)
    pq.write_table(table, folder / "spells.parquet")
    pq.write_table(entries, folder / "trials.parquet")
    pcsv.write_csv(entries, folder / "trials.csv")
    return table.num_rows, entries.num_rows, len(entries["label"].unique())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a made-up file of one benefit.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--persons", type=int, default=PERSONS)
    asked = parser.parse_args()
    print("{:,} spells, {:,} trials, {:,} groups".format(*write(asked.folder, asked.persons)))
