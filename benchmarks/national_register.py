"""A made-up national register: 3 million persons, about 39 million spells, 15 years, 98 municipalities.

Written straight to one Parquet file in chunks of persons, so that memory stays bounded however many persons
are asked for. The columns are those of the stored person tables (`end_date` and `end_week` exclusive), sorted
by person and start. Everything is drawn from a seeded PCG64 generator; no figure in it describes anyone.

    python benchmarks/national_register.py /tmp/national.parquet --persons 3000000
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = date(1990, 1, 1)  # the Monday from which weeks are counted
FIRST_DAY = date(2011, 1, 3)
WEEKS = 782  # through 28 December 2025
MUNICIPALITIES = 98
REPLICATE_GROUPS = 200
SPELLS_AT_MOST = 64  # per person; the process below comes nowhere near it
BENEFITS = ("a-dagpenge", "kontanthjaelp", "sygedagpenge", "uddannelseshjaelp", "ressourceforloeb",
            "revalidering", "ledighedsydelse", "jobafklaring", "integrationsydelse", "fleksloentilskud")
BENEFIT_SHARE = (0.30, 0.18, 0.20, 0.12, 0.05, 0.02, 0.04, 0.04, 0.03, 0.02)
SCHEMA = pa.schema([
    ("person", pa.int64()), ("replicate", pa.int16()), ("benefit", pa.dictionary(pa.int8(), pa.string())),
    ("start_date", pa.date32()), ("end_date", pa.date32()), ("start_week", pa.int32()), ("end_week", pa.int32()),
    ("degree", pa.float64()), ("municipality", pa.string())])
DAY_ZERO = (FIRST_DAY - date(1970, 1, 1)).days
WEEK_ZERO = (FIRST_DAY - EPOCH).days // 7


def durations(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Days on benefit and days off after it: mixtures of short and long, so that relapse is common."""
    long_spell = rng.random(shape) < 0.30
    on = rng.exponential(np.where(long_spell, 230.0, 40.0)).astype(np.int32) + 2
    short_gap = rng.random(shape) < 0.35
    off = rng.exponential(np.where(short_gap, 20.0, 465.0)).astype(np.int32) + 1
    return on, off


def benefits(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """The benefit of each spell: kept from the spell before with probability 0.7, else drawn anew."""
    drawn = np.searchsorted(np.cumsum(BENEFIT_SHARE), rng.random(shape) * sum(BENEFIT_SHARE)).astype(np.int8)
    anew = rng.random(shape) < 0.3
    anew[:, 0] = True
    last_drawn = np.maximum.accumulate(np.where(anew, np.arange(shape[1]), 0), axis=1)
    return np.take_along_axis(drawn, last_drawn, axis=1)


def chunk(rng: np.random.Generator, first_person: int, persons: int, names: pa.Array) -> pa.Table:
    """The spells of `persons` persons with consecutive numbers, sorted by person and start."""
    shape = (persons, SPELLS_AT_MOST)
    on, off = durations(rng, shape)
    steps = np.cumsum(on + off, axis=1)
    start = rng.integers(-700, 1400, (persons, 1)) + np.concatenate([np.zeros((persons, 1), int), steps[:, :-1]], 1)
    end = np.minimum(start + on, WEEKS * 7)
    kept = (start >= 0) & (start < WEEKS * 7)
    home = np.searchsorted(np.cumsum(1 / np.arange(3, 3 + MUNICIPALITIES)),
                           rng.random((persons, 1)) * np.sum(1 / np.arange(3, 3 + MUNICIPALITIES)))
    moved_at = rng.integers(0, 4 * SPELLS_AT_MOST, (persons, 1))  # most never move
    lives_in = np.where(np.arange(SPELLS_AT_MOST) >= moved_at, (home + 7) % MUNICIPALITIES, home)[kept]
    person = np.broadcast_to(np.arange(first_person, first_person + persons)[:, None], shape)[kept]
    replicate = (person * np.int64(2654435761) % (1 << 32)) % REPLICATE_GROUPS
    part_time = rng.random(int(kept.sum()))
    first, last = start[kept], end[kept]
    return pa.table([
        pa.array(person), pa.array(replicate.astype(np.int16)),
        pa.DictionaryArray.from_arrays(pa.array(benefits(rng, shape)[kept]), pa.array(BENEFITS)),
        pa.array((first + DAY_ZERO).astype(np.int32)).cast(pa.date32()),
        pa.array((last + DAY_ZERO).astype(np.int32)).cast(pa.date32()),
        pa.array((first // 7 + WEEK_ZERO).astype(np.int32)),
        pa.array(((last - 1) // 7 + 1 + WEEK_ZERO).astype(np.int32)),
        pa.array(np.where(part_time < 0.85, 1.0, np.round(part_time, 2))), names.take(pa.array(lives_in))],
        schema=SCHEMA)


def write(path: Path, persons: int, seed: int = 1, persons_per_chunk: int = 50_000) -> int:
    """Write the register and return its number of spells. Memory does not grow with `persons`."""
    names = pa.array([f"{801 + number}" for number in range(MUNICIPALITIES)])
    rows = 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for number, first in enumerate(range(0, persons, persons_per_chunk)):
            rng = np.random.Generator(np.random.PCG64([seed, number]))
            table = chunk(rng, first, min(persons_per_chunk, persons - first), names)
            writer.write_table(table)
            rows += table.num_rows
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a made-up national register.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--persons", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"{write(asked.path, asked.persons, asked.seed):,} spells of {asked.persons:,} persons")
