"""Kaplan-Meier per group: gevinst beside lifelines, scikit-survival and R's survival, on the same trials.

Each contender runs in a process of its own: it reads the trials (not timed), finds the curve of each of the 1,176
groups with its 95 % interval on the log(-log) scale (timed, the best of three), and writes shares and intervals
at four weeks, which must agree.

    python benchmarks/peers.py FOLDER --peers-python /path/to/python
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from measure import Measured, measure, say

WEEKS = (4, 13, 26, 52)
ROUNDS = 3
Fitted = TypeVar("Fitted")
Rows = list[tuple[str, int, float, float, float]]


def lifelines(folder: Path) -> tuple[float, Rows, str]:
    """One `KaplanMeierFitter` per group."""
    import lifelines as package

    labels, weeks, known = read_trials(folder)
    parts = groups(labels)

    def run() -> dict[str, package.KaplanMeierFitter]:
        return {label: package.KaplanMeierFitter().fit(weeks[rows], known[rows]) for label, rows in parts.items()}

    seconds, fitted = fastest(run)
    rows: Rows = []
    for label, fit in fitted.items():
        interval = fit.confidence_interval_
        at = np.searchsorted(interval.index.to_numpy(), WEEKS, side="right") - 1
        share = fit.survival_function_.iloc[:, 0].to_numpy()[at]
        rows += [(label, week, float(s), float(low), float(high)) for week, s, low, high in
                 zip(WEEKS, share, interval.iloc[at, 0], interval.iloc[at, 1], strict=True)]
    return seconds, rows, f"lifelines {package.__version__}"


def scikit_survival(folder: Path) -> tuple[float, Rows, str]:
    """One `kaplan_meier_estimator` per group."""
    import sksurv
    from sksurv.nonparametric import kaplan_meier_estimator

    labels, weeks, known = read_trials(folder)
    parts = groups(labels)

    def run() -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        return {label: kaplan_meier_estimator(known[rows], weeks[rows], conf_type="log-log")
                for label, rows in parts.items()}

    seconds, fitted = fastest(run)
    rows: Rows = []
    for label, (times, share, interval) in fitted.items():
        at = np.searchsorted(times, WEEKS, side="right") - 1
        rows += [(label, week, float(share[i]), float(interval[0, i]), float(interval[1, i]))
                 for week, i in zip(WEEKS, at, strict=True)]
    return seconds, rows, f"scikit-survival {sksurv.__version__}"


def gevinst(folder: Path) -> tuple[float, Rows, str]:
    """All groups in one pass: counts in the backend, then arrays."""
    from gevinst_adapter import run_gevinst

    return run_gevinst(folder, WEEKS, fastest)


def gevinst_from_spells(folder: Path) -> tuple[float, Rows, str]:
    """The same, but from the spells: finding the trials is timed too."""
    from gevinst_adapter import run_gevinst_from_spells

    return run_gevinst_from_spells(folder, WEEKS, fastest)


def read_trials(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Label, weeks and whether the exit was seen, `[trial]`."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "trials.parquet")
    return (table["label"].to_numpy(), table["weeks"].to_numpy(), table["exit_known"].to_numpy())


def groups(labels: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of each group, found before the clock starts."""
    names, number = np.unique(labels, return_inverse=True)
    order = np.argsort(number, kind="stable")
    return dict(zip(names.tolist(), np.split(order, np.cumsum(np.bincount(number))[:-1]), strict=True))


def fastest(run: Callable[[], Fitted]) -> tuple[float, Fitted]:
    """The seconds of the fastest of three runs, and what the last gave."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        fitted = run()
        seconds.append(time.perf_counter() - started)
    return min(seconds), fitted


CONTENDERS = {"gevinst": gevinst, "gevinst from the spells": gevinst_from_spells, "lifelines": lifelines,
              "scikit-survival": scikit_survival}


def compare(folder: Path, peers_python: str) -> tuple[list[Measured], list[str]]:
    """Run all contenders on the trials in `folder`; what is missing is named, not passed over in silence."""
    missing, found = [], []
    for name in CONTENDERS:
        python = sys.executable if name.startswith("gevinst") else peers_python
        result = folder / f"km-{name.replace(' ', '-')}.csv"
        command = [python, __file__, str(folder), "--contender", name, "--result", str(result)]
        found.append(measure(name, command, result))
    if shutil.which("Rscript"):
        result = folder / "km-R.csv"
        command = ["Rscript", "km_survival.R", str(folder / "trials.csv"), str(result), str(ROUNDS)]
        found.append(measure("R survival", command, result))
    else:
        missing.append("R (Rscript is not on this machine)")
    return found, missing


def largest_difference(one: Path, other: Path) -> float:
    """The largest difference between two contenders' shares and intervals over all groups and weeks."""
    tables = []
    for path in (one, other):
        with path.open(newline="") as file:
            tables.append({(row["label"], int(row["week"])): [float(row[name]) for name in ("share", "low", "high")]
                           for row in csv.DictReader(file)})
    if tables[0].keys() != tables[1].keys():
        raise SystemExit(f"{one.name} and {other.name} do not have the same groups")
    return max(float(np.max(np.abs(np.subtract(tables[0][key], tables[1][key])))) for key in tables[0])


def main() -> None:
    """Run all contenders, or the one named."""
    parser = argparse.ArgumentParser(description="Time Kaplan-Meier per group beside its peers.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers-python", default=sys.executable)
    parser.add_argument("--contender", choices=sorted(CONTENDERS))
    parser.add_argument("--result", type=Path)
    asked = parser.parse_args()
    if asked.contender:
        seconds, rows, version = CONTENDERS[asked.contender](asked.folder)
        with asked.result.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["label", "week", "share", "low", "high"])
            writer.writerows(rows)
        say(seconds, version)
        return
    found, missing = compare(asked.folder, asked.peers_python)
    for one in found:
        print(f"{one.name}: {one.seconds:.3f} s, {one.gigabytes:.2f} GB, {one.version}, differs by at most "
              f"{largest_difference(found[0].result, one.result):.1e}")
    print(*missing, sep="\n")


if __name__ == "__main__":
    main()
