"""All benchmarks in one run, into RESULTS.md: `make bench`.

Makes the data (kept in a folder for the next time), the peers' environment where there is none, runs every
contender in a process of its own, and writes the figures beside each other. What could not run is named.

    python benchmarks/run.py [--persons 3000000] [--data DIR] [--peers DIR] [--only intake]

With `--only` one part is run, and takes its section's place in RESULTS.md; the others stay as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dream
import intake
import municipal_file
import national
import national_register
import peers
import pyarrow.parquet as pq
from measure import HERE, Measured, machine, measure

RESULTS = HERE / "RESULTS.md"
ROUNDS = 3
EFFECT_PERSONS = (20_000, 200_000)
TEMPORARY = Path(tempfile.gettempdir())


def peers_python(folder: Path) -> str:
    """The Python of the peers' environment; made, and filled, where there is none."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements-peers.txt"], check=True)
    return str(python)


def table(found: list[Measured], heading: str, last: list[str]) -> list[str]:
    """A Markdown table: seconds and memory, how many times gevinst's they are, and one column more."""
    ours = found[0]
    lines = [f"| | seconds | times gevinst's | peak GB | times gevinst's | {heading} |", "|---|--:|--:|--:|--:|--:|"]
    for one, cell in zip(found, last, strict=True):
        lines.append(f"| {one.name} ({one.version}) | {one.seconds:.3g} | {one.seconds / ours.seconds:.1f} | "
                     f"{one.gigabytes:.2f} | {one.gigabytes / ours.gigabytes:.1f} | {cell} |")
    return lines


def municipal_part(data: Path, python: str) -> list[str]:
    """Kaplan-Meier per group beside the peers."""
    folder = data / "municipal"
    spells, trials, groups = municipal_file.write(folder)
    found, missing = peers.compare(folder, python)
    differences = [f"{peers.largest_difference(found[0].result, one.result):.0e}" for one in found]
    return ["## Kaplan–Meier per group", "",
            f"A file of one benefit with {spells:,} spells: {trials:,} trials in {groups:,} groups (municipality and "
            "quarter of entry). All contenders get the same trials, read before the clock starts, and give every "
            "group's curve with its 95 % interval on the log(−log) scale; the best of three runs. gevinst "
            "from the spells has to find the trials as well. The last column is the largest difference from gevinst "
            "in any share or bound at weeks 4, 13, 26 and 52.", "",
            *table(found, "differs by", differences), "",
            *(f"Not run: {name}." for name in missing)]


def national_part(data: Path, persons: int) -> list[str]:
    """The with-relapse counts of a whole country beside plain SQL."""
    folder = data / f"national-{persons}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "spells.parquet"
    if not path.exists():
        national_register.write(path, persons)
    rows = pq.read_metadata(path).num_rows
    found = national.compare(folder)
    return ["## With-relapse counts of a national register", "",
            f"{persons:,} persons, {rows:,} spells, 15 years, {national_register.MUNICIPALITIES} municipalities, "
            f"{len(national_register.BENEFITS)} benefits; by municipality, benefit and quarter of entry, weeks 0–104. "
            f"From the Parquet file to arrays, {national.THREADS} threads, memory limit {national.MEMORY} for the "
            f"engine; the fastest of {national.ROUNDS} rounds taken in turn. The arrays are equal in every cell, or "
            "nothing would be printed. Plain SQL is `national_counts.sql`, written for speed.", "",
            *table(found, "processor seconds", [f"{one.cpu_seconds:.3g}" for one in found]), ""]


def effects_part(data: Path) -> list[str]:
    """All estimators of a municipality's five investments beside a plain sketch of the matched comparison."""
    lines = ["## Effects of a municipality's investments", "",
             "Five investments, from the stored person tables to kroner with intervals: every estimator, 1,000 "
             "replicates, placebo, balance, curves. The plain sketch is numpy and gives one number per investment: "
             "same week, benefit, band of elapsed weeks, sex and age; no censoring weights, score, replicates, "
             "kroner or checks. The last column says where gevinst's time goes.", ""]
    for persons in EFFECT_PERSONS:
        folder = data / f"effects-{persons}"
        script = str(HERE / "effects_municipality.py")
        if not (folder / "spells.parquet").exists():
            subprocess.run([sys.executable, script, "draw", str(folder), str(persons)], check=True)
        found = [measure(name, [sys.executable, script, which, str(folder), str(folder / f"{which}.json")],
                         folder / f"{which}.json") for name, which in (("gevinst", "gevinst"), ("sketch", "sketch"))]
        stages = json.loads(found[0].result.read_text(encoding="ascii"))["stages"]
        told = "; ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items())
        lines += [f"{persons:,} persons:", "", *table(found, "stages", [told, "one point estimate"]), ""]
    return lines


def dream_part(data: Path, persons: int) -> list[str]:
    """DREAM's wide files beside plain reads of them."""
    folder = data / f"dream-{persons}"
    if not (folder / "dream.parquet").exists():
        subprocess.run([sys.executable, str(HERE / "dream.py"), "draw", str(folder), str(persons)], check=True)
    missing = dream.draw_sas(folder)
    weeks = dream.LAST - dream.FIRST + 1
    lines = ["## DREAM files", "",
             f"{persons:,} persons, {weeks:,} weeks; the SAS file has the first {dream.SAS_PERSONS:,}. A plain read "
             "takes every cell in and does nothing with it. The persons found are the same, or nothing would be "
             "printed. The last column is persons a second.", ""]
    for name in ("dream.csv", "dream.parquet", *(() if missing else ("dream.sas7bdat",))):
        found = dream.compare(folder, name)
        size = (folder / name).stat().st_size / 1e9
        heading = [f"`{name}`, {size:.2f} GB:", ""]
        lines += [*heading, *table(found, "persons a second", dream.persons_per_second(found)), ""]
    return [*lines, f"Not run: dream.sas7bdat ({missing}).", ""] if missing else lines


def demo_part() -> list[str]:
    """The main job as a user runs it: the Norddjurs demonstration, from an empty folder to four memo files."""
    seconds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", "from gevinst.cli import main; main()", "demo", "norddjurs", "--out",
                       str(Path(folder, "work"))]
            begun = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True,
                           env={**os.environ, "GEVINST_KEY_FILE": str(Path(folder, "key"))})
            seconds.append(time.perf_counter() - begun)
    return ["## The main job", "",
            "`gevinst demo norddjurs` in a process of its own: 12,000 made-up persons written, imported and studied "
            "with 1,000 replicates for four investments, and the memo in Word, PDF, HTML and Excel. The fastest of "
            f"{ROUNDS} runs took {min(seconds):.1f} seconds, the slowest {max(seconds):.1f}.", ""]


def replaced(text: str, section: str) -> str:
    """The results with one section anew, in its place, or at the end where it is not there yet."""
    heading = section.partition("\n")[0]
    sections = [f"## {one}".rstrip() for one in text.split("\n## ")]
    sections[0] = sections[0].removeprefix("## ")
    places = [place for place, one in enumerate(sections) if one.partition("\n")[0] == heading]
    if places:
        sections[places[0]] = section
    else:
        sections.append(section)
    return "\n\n".join(sections) + "\n"


def main() -> None:
    """Run everything, or one part, and write `RESULTS.md`."""
    parser = argparse.ArgumentParser(description="Run all benchmarks.")
    parser.add_argument("--persons", type=int, default=3_000_000)
    parser.add_argument("--dream-persons", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=TEMPORARY / "gevinst-bench")
    parser.add_argument("--peers", type=Path, default=TEMPORARY / "peers-venv")
    parts: dict[str, Callable[[argparse.Namespace], list[str]]] = {
        "municipal": lambda asked: municipal_part(asked.data, peers_python(asked.peers)),
        "national": lambda asked: national_part(asked.data, asked.persons),
        "effects": lambda asked: effects_part(asked.data),
        "intake": lambda asked: intake.part(asked.data),
        "dream": lambda asked: dream_part(asked.data, asked.dream_persons),
        "demo": lambda _: demo_part()}
    parser.add_argument("--only", choices=parts)
    asked = parser.parse_args()
    if asked.only:
        section = "\n".join(parts[asked.only](asked)).rstrip()
        text = replaced(RESULTS.read_text(encoding="utf-8"), section)
    else:
        head = ["# Speed and memory beside the peers", "",
                f"Written by `make bench` on {datetime.now(UTC):%d %B %Y}. {machine()}. Every contender runs in a "
                "process of its own; peak memory is that of the whole process. Seconds depend on the machine and on "
                "what else it does: compare the ratios.", ""]
        text = "\n".join([*head, *(line for part in parts.values() for line in part(asked))]).rstrip() + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
