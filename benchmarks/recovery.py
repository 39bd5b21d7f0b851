"""The recovery study: is what an estimator says true, and are its intervals as wide as they should be?

Draws municipalities whose true effect is known, studies each as a user would, and appends a line per municipality to
`recovery/<scenario>-<participants>.csv`. It may be stopped at any time and goes on where it was; then it writes
`RECOVERY.md`.

    python benchmarks/recovery.py --runs 400 --workers 2 [--only combined --only effect] [--participants 200]
    python benchmarks/recovery.py --table     # only the table, from what there is
    python benchmarks/recovery.py --fresh     # the estimators have changed: begin again
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

from recovery_run import COLUMNS, Row, run_once
from recovery_scenarios import PERSONS, SCENARIOS
from recovery_table import write_table

FOLDER = Path(__file__).parent / "recovery"
FIRST_SEED = 10_001
Task = tuple[str, int, int]  # scenario, participants, seed


def file_of(scenario: str, participants: int) -> Path:
    """Where the runs of a scenario and size are kept."""
    return FOLDER / f"{scenario}-{participants}.csv"


def read_runs(path: Path) -> list[dict[str, str]]:
    """The complete lines of a file; what a stopped session left unfinished is not one."""
    lines = path.read_text(encoding="ascii").split("\n")[:-1] if path.exists() else []
    if not lines or lines[0] != ",".join(COLUMNS):
        return []
    return [dict(zip(COLUMNS, line.split(","), strict=True)) for line in lines[1:]]


def to_do(scenarios: list[str], sizes: list[int], runs: int) -> list[Task]:
    """What is still to be run, the scenarios in turn, so that every table has as many municipalities as any."""
    there = {(name, size): {int(row["seed"]) for row in read_runs(file_of(name, size))}
             for name in scenarios for size in sizes}
    return [(name, size, seed) for seed in range(FIRST_SEED, FIRST_SEED + runs)
            for name in scenarios for size in sizes if seed not in there[name, size]]


def begin(path: Path) -> None:
    """Make the file ready for more lines: a new one where the columns have changed, else without an unfinished line."""
    lines = [",".join(COLUMNS), *(",".join(row.values()) for row in read_runs(path))]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def keep(path: Path, row: Row) -> None:
    """Append one line, in one piece."""
    with path.open("a", encoding="ascii") as file:
        file.write(",".join(_printed(column, row.get(column, math.nan)) for column in COLUMNS) + "\n")


def _printed(column: str, value: float) -> str:
    """Weeks to the fourth decimal, kroner whole, nothing where there is nothing."""
    if not math.isfinite(value):
        return ""
    if "net" in column or "gross" in column or column in ("seed", "participants", "left_out"):
        return str(round(value))
    return f"{value:.4f}"


def results(tasks: list[Task], workers: int) -> Iterator[tuple[Task, Row]]:
    """Run the tasks, each in one process, in the order they come to an end."""
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap_unordered(_run, tasks)


def _run(task: Task) -> tuple[Task, Row]:
    return task, run_once(*task)


def study(tasks: list[Task], workers: int) -> None:
    """Run and keep everything."""
    FOLDER.mkdir(exist_ok=True)
    for scenario, size in {task[:2] for task in tasks}:
        begin(file_of(scenario, size))
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # a process per core is enough
    begun = time.perf_counter()
    for number, ((scenario, size, _), row) in enumerate(results(tasks, workers), 1):
        keep(file_of(scenario, size), row)
        if number % 50 == 0:
            left = (time.perf_counter() - begun) / number * (len(tasks) - number)
            print(f"{number} of {len(tasks)}; {left / 60:.0f} minutes left", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="The recovery study.")
    parser.add_argument("--runs", type=int, default=400, help="municipalities per scenario and size")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", action="append", choices=sorted(SCENARIOS), help="only this scenario (repeatable)")
    parser.add_argument("--participants", type=int, action="append", choices=sorted(PERSONS))
    parser.add_argument("--table", action="store_true", help="write the table from what there is, run nothing")
    parser.add_argument("--fresh", action="store_true", help="throw away earlier runs of what is asked for")
    asked = parser.parse_args()
    scenarios, sizes = asked.only or list(SCENARIOS), asked.participants or list(PERSONS)
    if asked.fresh and not asked.table:
        for path in (file_of(name, size) for name in scenarios for size in sizes):
            path.unlink(missing_ok=True)
    if not asked.table:
        study(to_do(scenarios, sizes, asked.runs), asked.workers)
    runs = {(name, size): read_runs(file_of(name, size)) for name in SCENARIOS for size in PERSONS}
    write_table(Path(__file__).parent / "RECOVERY.md", runs)


if __name__ == "__main__":
    main()
