"""Every reader over thousands of broken files; none may fall over, hang, or tell an id.

    python benchmarks/fuzz.py [--files 10000] [--only dream.csv] [--from 0] [--workers 2]
    python benchmarks/fuzz.py --guided opus.csv --files 100000     # led by coverage (atheris)

Files are numbered, and a number always gives the same file: a finding is tried again by its number. What was run last
is in `FUZZ.md`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
OUT = Path(__file__).parent / "FUZZ.md"
PIECE = 250  # files handed to a worker at a time


def _piece(task: tuple[str, int, int]) -> tuple[str, int, float, list[tuple[int, str, str]]]:
    from tests.fuzz.fuzzing import fuzz
    from tests.fuzz.targets import TARGETS

    name, first, last = task
    begun = time.perf_counter()
    found = [(one.number, one.what, one.how) for one in fuzz(name, TARGETS[name], range(first, last))]
    return name, last - first, time.perf_counter() - begun, found


def run(names: list[str], first: int, files: int, workers: int) -> int:
    """Run and write the table; returns how many findings there were."""
    tasks = [(name, start, min(start + PIECE, first + files)) for start in range(first, first + files, PIECE)
             for name in names]
    done: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    # Not `multiprocessing.Pool`: it waits for ever where a file ends a worker, which is a finding; this one says so.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for name, count, took, found in pool.map(_piece, tasks):
            done[name] += count
            seconds[name] += took
            findings[name] += len(found)
            for number, what, how in found:
                print(f"{name} {number}: {what}\n{how}\n", flush=True)
    _write({name: f"| `{name}` | {first:,}–{first + done[name] - 1:,} | {findings[name]} | "
                  f"{1000 * seconds[name] / max(done[name], 1):.1f} |" for name in names})
    return findings.total()


def _write(rows: dict[str, str]) -> None:
    """The page, with the rows of readers that were not run this time as they stood."""
    from tests.fuzz.targets import TARGETS

    before = OUT.read_text(encoding="utf-8").splitlines() if OUT.exists() else []
    kept = {line.split("`")[1]: line for line in before if line.startswith("| `")}
    lines = ["# Broken files per reader", "",
             "Written by `python benchmarks/fuzz.py`: mutations of sound files, each by its number.", "",
             "| reader | mutations | findings | ms per file |", "| --- | --: | --: | --: |"]
    lines += [line for name in TARGETS if (line := rows.get(name, kept.get(name)))]
    OUT.write_text("\n".join([*lines, ""]), encoding="utf-8")


def guided(name: str, files: int) -> None:
    """Led by coverage: atheris keeps the inputs that reach new lines of the readers."""
    import atheris

    with atheris.instrument_imports(include=["gevinst.sources", "gevinst.register", "gevinst.parameters"]):
        from tests.fuzz.fuzzing import try_bytes
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus = Path(tempfile.mkdtemp(prefix="gevinst-corpus-"))
    for number, seed in enumerate(target.seeds()):
        (corpus / str(number)).write_bytes(seed)

    def one(data: bytes) -> None:
        found = try_bytes(name, target, data)
        if found is not None:
            raise AssertionError(f"{found.what}\n{found.how}")

    atheris.Setup([sys.argv[0], f"-runs={files}", "-max_len=65536", str(corpus)], one)
    atheris.Fuzz()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Broken files through every reader.")
    parser.add_argument("--files", type=int, default=10_000, help="per reader")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the number of the first file")
    parser.add_argument("--only", action="append")
    parser.add_argument("--workers", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--guided", metavar="READER", help="led by coverage, one reader")
    asked = parser.parse_args()
    if asked.guided:  # before the readers are imported, for they must be imported by atheris
        guided(asked.guided, asked.files)
        return
    from tests.fuzz.targets import TARGETS

    sys.exit(1 if run(asked.only or list(TARGETS), asked.first, asked.files, asked.workers) else 0)


if __name__ == "__main__":
    main()
