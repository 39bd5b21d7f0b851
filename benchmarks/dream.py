"""DREAM's wide files to spells and persons, beside a plain read of the same file.

    python benchmarks/dream.py draw FOLDER PERSONS             a made-up dream.csv and dream.parquet
    python benchmarks/dream.py read FILE RESULT                to spells and persons, as the intake receives them
    python benchmarks/dream.py import FILE RESULT              the whole import: checked, pseudonymised, merged, stored
    python benchmarks/dream.py plain FILE RESULT               every cell read and let go, by the library alone

A plain read is `pyarrow.csv.open_csv`, `ParquetFile.iter_batches` or `pyreadstat.read_sas7bdat`: what anyone would
begin with, without looking at a single code. The SAS file is written by R's haven, from the first persons of the CSV
file.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from measure import HERE, Measured, measure, say

from gevinst.progress import silent
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.suppliers.dream import Dream
from gevinst.sources.suppliers.dream_weeks import column_name
from gevinst.version import __version__
from gevinst.weeks import week_of

FIRST, LAST = week_of(date(1991, 7, 29)), week_of(date(2024, 12, 29))
CODES = np.array([111, 213, 730, 733, 737, 740, 785, 810, 890, 899, 651, 783, 998], np.int16)
SPELLS, MEAN_WEEKS, BATCH = 6, 40, 5_000
SAS_PERSONS = 20_000
PIECE = 16 << 20
R_CODE = """
library(haven)
table <- read.csv("{csv}", nrows = {rows}, colClasses = c(lobenr = "character"))
write_sas(table, "{sas}")
"""


def draw(folder: Path, persons: int) -> None:
    """Write the two files; the last year's weeks of those who have died are 999."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    weeks = [column_name(week) for week in range(FIRST, LAST + 1)]
    schema = pa.schema([("lobenr", pa.string()), ("kon", pa.int8()), ("alder9131", pa.int16()),
                        *((week, pa.int16()) for week in weeks)])
    with (pa.csv.CSVWriter(folder / "dream.csv", schema) as text,
          pq.ParquetWriter(folder / "dream.parquet", schema) as parquet):
        for begun in range(0, persons, BATCH):
            rows = min(BATCH, persons - begun)
            codes = _codes(rng, rows, len(weeks))
            ids = pa.array([f"{number:08d}" for number in range(begun, begun + rows)])
            table = pa.table([ids, pa.array(rng.integers(1, 3, rows), pa.int8()),
                              pa.array(rng.integers(-20, 70, rows), pa.int16()),
                              *(pa.array(week, mask=week == 0) for week in codes)], schema)
            text.write_table(table)
            parquet.write_table(table)


def _codes(rng: np.random.Generator, rows: int, weeks: int) -> npt.NDArray[np.int16]:
    codes = np.zeros((weeks, rows), np.int16)
    at = np.arange(weeks)[:, None]
    for _ in range(SPELLS):
        start = rng.integers(0, weeks, rows)
        stop = start + rng.geometric(1 / MEAN_WEEKS, rows)
        codes = np.where((at >= start) & (at < stop), rng.choice(CODES, rows), codes)
    dead = np.where(rng.random(rows) < 0.05, rng.integers(weeks - 52, weeks, rows), weeks)
    return np.where(at >= dead, np.int16(999), codes)


def draw_sas(folder: Path) -> str:
    """Write the SAS file where there is none; returns why it could not be."""
    if (folder / "dream.sas7bdat").exists():
        return ""
    if not shutil.which("Rscript"):
        return "Rscript is not on this machine"
    code = R_CODE.format(csv=folder / "dream.csv", sas=folder / "dream.sas7bdat", rows=SAS_PERSONS)
    made = subprocess.run(["Rscript", "-e", code], capture_output=True, check=False)
    return "" if made.returncode == 0 else "R has no haven"


def read(path: Path) -> dict[str, int]:
    """Both tables' rows, as the intake receives them."""
    spells, persons = Dream(bar=silent).parts(path)
    return {"spells": sum(len(rows.lines) for rows in spells.open().rows()),
            "persons": sum(len(rows.lines) for rows in persons.open().rows())}


def whole_import(path: Path) -> dict[str, int]:
    """The folder of one file, imported."""
    from gevinst.sources.ingest import read_folder

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as target:
        Path(folder, path.name).symlink_to(path.resolve())
        report = read_folder(Path(folder), Path(target), key=IN_MEMORY_KEY, today=date(2025, 1, 1),
                             suppliers=[Dream(bar=silent)], threads=2)
        return {file.table: file.stored for file in report.files}


def plain(path: Path) -> dict[str, int]:
    """Every cell, and nothing done with it."""
    match path.suffix:
        case ".csv":
            with pa.csv.open_csv(path, read_options=pa.csv.ReadOptions(block_size=PIECE)) as file:
                return {"persons": sum(batch.num_rows for batch in file)}
        case ".parquet":
            with pq.ParquetFile(path) as file:
                return {"persons": sum(batch.num_rows for batch in file.iter_batches(BATCH))}
        case _:
            import pyreadstat

            cells, _ = pyreadstat.read_sas7bdat(path, output_format="dict")
            return {"persons": len(cells["lobenr"])}


WAYS: dict[str, tuple[str, Callable[[Path], dict[str, int]]]] = {
    "read": ("gevinst, to spells and persons", read), "plain": ("plain read", plain),
    "import": ("gevinst, the whole import", whole_import)}


def compare(folder: Path, name: str) -> list[Measured]:
    """The ways of reading one file, each in a process of its own; all find the same persons."""
    found = [measure(WAYS[way][0], [sys.executable, str(HERE / "dream.py"), way, str(folder / name),
                                    str(folder / f"{way}.json")], folder / f"{way}.json") for way in WAYS]
    persons = {json.loads(one.result.read_text(encoding="ascii"))["persons"] for one in found}
    if len(persons) != 1:
        raise SystemExit(f"{name}: the ways differ in persons: {persons}")
    return found


def persons_per_second(found: list[Measured]) -> list[str]:
    """Rows a second of each."""
    return [f"{json.loads(one.result.read_text(encoding='ascii'))['persons'] / one.seconds:,.0f}" for one in found]


def main() -> None:
    """Do one of the things above."""
    what, path, last = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if what == "draw":
        draw(path, int(last))
        return
    begun = time.perf_counter()
    result: dict[str, Any] = WAYS[what][1](path)
    seconds = time.perf_counter() - begun
    Path(last).write_text(json.dumps(result), encoding="ascii")
    say(seconds, __version__)


if __name__ == "__main__":
    main()
