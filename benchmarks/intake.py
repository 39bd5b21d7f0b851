"""The intake of each supplier's format, beside a plain read of the same files.

    python benchmarks/intake.py WAY FORMAT FOLDER RESULT

WAY is `plain` (`pyarrow.csv.read_csv`: every cell read, and nothing done with it), `checked` (recognised, read, every
row held against the rules, ids to pseudonyms) or `import` (that, and corrections and periods merged, stored and
sealed by a manifest). FORMAT is one of `intake_files.FORMATS`, FOLDER its files.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
from intake_files import FORMATS, MAPPING, RULES, draw
from measure import HERE, Measured, best, measure, say

from gevinst.version import __version__

ROUNDS = 3
THREADS = 2
MEMORY = "2GB"  # for the engine that merges
TODAY = date(2025, 1, 1)
ROWS = {"canonical": 2_000_000, "ydelsesrefusion": 2_000_000, "mapped": 1_000_000, "opus": 1_000_000}
LARGER = 8_000_000  # of canonical rows, for the memory
NAMES = {"canonical": "Canonical `spells.csv`", "ydelsesrefusion": "Ydelsesrefusion, 24 monthly files",
         "mapped": "A supplier's extract by a mapping", "opus": "Opus ledger, with four rules"}
if ROWS.keys() != FORMATS.keys():
    raise SystemExit("intake_files and intake do not have the same formats")


def suppliers(name: str, scratch: Path) -> Sequence[object]:
    """Who reads the files of a format."""
    from gevinst.register.ledger_rules_file import read_rules
    from gevinst.sources.suppliers.mapped_source import mapping_suppliers
    from gevinst.sources.suppliers.opus import OpusSupplier
    from gevinst.sources.suppliers.opus_layout import read_layout
    from gevinst.sources.suppliers.ydelsesrefusion import Ydelsesrefusion

    match name:
        case "ydelsesrefusion":
            return [Ydelsesrefusion()]
        case "mapped":
            (scratch / "forloeb.yaml").write_text(MAPPING, encoding="utf-8")
            return mapping_suppliers(scratch)
        case "opus":
            (scratch / "rules.yaml").write_text(RULES, encoding="utf-8")
            return [OpusSupplier(read_layout(), read_rules(scratch / "rules.yaml"))]
        case _:
            return []


def checked(name: str, folder: Path) -> int:
    """Rows that were read, checked and given pseudonyms."""
    from gevinst.parameters.benefits import normalise_benefit
    from gevinst.sources.cells import UNIX_DAY
    from gevinst.sources.checks import Rules, check_rows
    from gevinst.sources.parts import find_parts
    from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser
    from gevinst.sources.reading import read_ahead

    pseudonymiser, rows = Pseudonymiser(IN_MEMORY_KEY), 0
    with tempfile.TemporaryDirectory() as scratch:
        for part in find_parts(folder, suppliers(name, Path(scratch)))[0]:
            rules = Rules(part.path.name, part.contract, TODAY.toordinal() - UNIX_DAY, normalise_benefit, pseudonymiser)
            for batch in read_ahead(part.open().rows()):
                rows += check_rows(batch, rules).rows
    return rows


def whole_import(name: str, folder: Path) -> int:
    """The same, and stored."""
    from gevinst.sources.ingest import read_folder
    from gevinst.sources.pseudonym import IN_MEMORY_KEY

    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as target:
        report = read_folder(folder, Path(target), key=IN_MEMORY_KEY, today=TODAY, threads=THREADS, memory=MEMORY,
                             suppliers=suppliers(name, Path(scratch)))
        return sum(file.rows for file in report.files)


def plain(name: str, folder: Path) -> int:
    """Every cell in memory, one file after another."""
    sign = "," if name == "canonical" else ";"
    options = pa.csv.ParseOptions(delimiter=sign)
    return sum(pa.csv.read_csv(path, parse_options=options).num_rows for path in sorted(folder.glob("*.csv")))


WAYS: dict[str, tuple[str, Callable[[str, Path], int]]] = {
    "checked": ("gevinst, checked and pseudonymised", checked), "import": ("gevinst, the whole import", whole_import),
    "plain": ("pyarrow.csv.read_csv", plain)}


def compare(name: str, folder: Path, rounds: int = ROUNDS) -> list[Measured]:
    """The ways of reading one format, each in a process of its own; for each the fastest of rounds taken in turn.

    What a mapping's filter leaves out is no row of ours, so there the whole import may have fewer rows than the file.
    """
    found = best([[measure(WAYS[way][0], [sys.executable, str(HERE / "intake.py"), way, name, str(folder),
                                          str(folder / f".{way}-{turn}.json")], folder / f".{way}-{turn}.json")
                   for way in WAYS] for turn in range(rounds)])
    ours, stored, plainly = (said(one)["rows"] for one in found)
    if ours != stored or ours > plainly or (name != "mapped" and ours != plainly):
        raise SystemExit(f"{name}: the ways differ in rows: {ours}, {stored}, {plainly}")
    return found


def said(one: Measured) -> dict[str, float]:
    """What a contender wrote down: `rows`, and `cpu` seconds of all its threads, without starting up."""
    result: dict[str, float] = json.loads(one.result.read_text(encoding="ascii"))
    return result


def table(found: list[Measured]) -> list[str]:
    """A Markdown table of one format; the plain read is last."""
    rows = said(found[-1])["rows"]
    lines = ["| | rows a second | of the plain read's | rows a processor second | of the plain read's | peak GB |",
             "|---|--:|--:|--:|--:|--:|"]
    cpu = [said(one)["cpu"] for one in found]
    for one, processor in zip(found, cpu, strict=True):
        lines.append(f"| {one.name} ({one.version}) | {rows / one.seconds:,.0f} | "
                     f"{found[-1].seconds / one.seconds:.2f} | {rows / processor:,.0f} | {cpu[-1] / processor:.2f} | "
                     f"{one.gigabytes:.2f} |")
    return lines


def part(data: Path) -> list[str]:
    """The section of RESULTS.md."""
    lines = ["## Intake of files", "",
             "Files to pseudonymous, checked rows, and the whole import with its merging and storing, beside "
             "`pyarrow.csv.read_csv` of the same files in the same run: every cell read, and nothing done with it. "
             f"{THREADS} threads, {MEMORY} for the engine that merges; starting up is not timed. The fastest of "
             f"{ROUNDS} rounds taken in turn. A processor second is one of any thread's, and is what to compare where "
             "the machine has other work: the rows a second are then fewer than it could. Every row is read by "
             "all, or nothing would be printed. DREAM's files have a section of their own.", ""]
    for name, rows in ROWS.items():
        draw(name, data / f"intake-{name}-{rows}", rows)
        found = compare(name, data / f"intake-{name}-{rows}")
        lines += [f"{NAMES[name]}, {said(found[-1])['rows']:,.0f} rows:", "", *table(found), ""]
    draw("canonical", data / f"intake-canonical-{LARGER}", LARGER)
    larger = table(compare("canonical", data / f"intake-canonical-{LARGER}", rounds=1))
    return [*lines, f"{NAMES['canonical']}, {LARGER:,} rows, one round, for the memory:", "", *larger, ""]


def main() -> None:
    """Run one contender."""
    way, name, folder, result = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    pa.set_cpu_count(THREADS)
    if way != "plain":  # starting up is not what is timed, and a plain read's memory must not hold our modules
        from gevinst.backend import open_duckdb

        importlib.import_module("gevinst.cli")
        open_duckdb(threads=THREADS).close()
    begun, begun_cpu = time.perf_counter(), time.process_time()
    rows = WAYS[way][1](name, folder)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    result.write_text(json.dumps({"rows": rows, "cpu": cpu}), encoding="ascii")
    say(seconds, __version__ if way != "plain" else f"Arrow {pa.__version__}")


if __name__ == "__main__":
    main()
