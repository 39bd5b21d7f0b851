"""The with-relapse counts of a national register: gevinst beside plain SQL in the same engine.

By municipality, benefit and quarter of entry, for each week 0-104 since entry: how many are followed and how many
receive the benefit. Each contender runs in a process of its own with two threads and a memory limit, from the
Parquet file to arrays, and the arrays must be equal.

    python benchmarks/national.py FOLDER    (FOLDER/spells.parquet is made by national_register.py)
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
from measure import Measured, best, measure, say

MEMORY, THREADS, WEEKS = "4GB", 2, 104
ROUNDS = 3
FIRST_YEAR, QUARTERS = 2011, 60  # as the SQL numbers its cells
Tallies = tuple[np.ndarray, np.ndarray, np.ndarray]  # cell names, observed and receiving `[cell, week]`


def gevinst(folder: Path, scratch: Path) -> tuple[float, Tallies, str]:
    """The package's own count of every inflow cohort."""
    from gevinst_adapter import run_gevinst_nationally

    return run_gevinst_nationally(folder, MEMORY, scratch)


def plain_sql(folder: Path, scratch: Path) -> tuple[float, Tallies, str]:
    """`national_counts.sql`, statement by statement; its last two are fetched."""
    import duckdb

    script = "\n".join(line.split("--")[0] for line in Path("national_counts.sql").read_text().splitlines())
    started = time.perf_counter()
    engine = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY, "temp_directory": str(scratch),
                                    "preserve_insertion_order": "false"})
    engine.execute(f"CREATE VIEW spells AS SELECT * FROM read_parquet('{folder / 'spells.parquet'}')")
    last_day = engine.sql("SELECT max(end_date) FROM spells").fetchall()[0][0]
    horizon = (last_day - date(1990, 1, 1)).days // 7 - 1
    *steps, changes, entries = (part for part in script.replace("$horizon", str(horizon)).split(";") if part.strip())
    for step in steps:
        engine.execute(step)
    change, followed = (engine.sql(query).fetchnumpy() for query in (changes, entries))
    places, benefits = ([row[0] for row in engine.sql(f"SELECT {name} FROM {table} ORDER BY 1").fetchall()]
                        for name, table in (("municipality", "place_code"), ("benefit", "benefit_code")))
    width = WEEKS + 2
    wide = np.zeros((2, len(places) * 10 * QUARTERS * width), np.int64)
    wide[0, followed["key"]], wide[1, change["key"]] = followed["entries"], change["change"]
    per_cell = wide.reshape(2, -1, width)
    used = np.flatnonzero(per_cell[0].any(axis=1))
    observed = np.cumsum(per_cell[0, used][:, ::-1], axis=1)[:, ::-1][:, : WEEKS + 1]
    receiving = np.cumsum(per_cell[1, used], axis=1)[:, : WEEKS + 1]
    seconds = time.perf_counter() - started
    names = []
    for cell in used.tolist():
        kind, quarter = divmod(cell, QUARTERS)
        place, benefit = divmod(kind, 10)
        names.append(f"{places[place]}|{benefits[benefit]}|{FIRST_YEAR + quarter // 4}|{quarter % 4 + 1}")
    return seconds, (np.array(names), observed, receiving), f"DuckDB {duckdb.__version__}"


CONTENDERS = {"gevinst": gevinst, "plain SQL": plain_sql}


def compare(folder: Path) -> list[Measured]:
    """The fastest of three rounds for each contender; stops when their counts differ."""
    rounds = []
    for _ in range(ROUNDS):
        tries = []
        for name in CONTENDERS:
            result = folder / f"national-{name.replace(' ', '-')}.npz"
            command = [sys.executable, __file__, str(folder), "--contender", name, "--result", str(result)]
            tries.append(measure(name, command, result))
        rounds.append(tries)
    found = best(rounds)
    one, other = (np.load(contender.result) for contender in found)
    if not all(np.array_equal(one[name], other[name]) for name in ("cells", "observed", "receiving")):
        raise SystemExit("gevinst and plain SQL do not count the same")
    return found


def main() -> None:
    """Run both contenders, or the one named."""
    parser = argparse.ArgumentParser(description="Time the counts of a national register.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--contender", choices=sorted(CONTENDERS))
    parser.add_argument("--result", type=Path)
    asked = parser.parse_args()
    if asked.contender:
        with tempfile.TemporaryDirectory(dir=asked.folder) as scratch:
            seconds, (cells, observed, receiving), version = CONTENDERS[asked.contender](asked.folder, Path(scratch))
        order = np.argsort(cells)
        np.savez(asked.result, cells=cells[order], observed=observed[order], receiving=receiving[order])
        say(seconds, version)
        return
    for one in compare(asked.folder):
        print(f"{one.name}: {one.seconds:.1f} s, {one.gigabytes:.2f} GB, {one.version}")


if __name__ == "__main__":
    main()
