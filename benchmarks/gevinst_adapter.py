"""The only place where the benchmarks touch gevinst: what is timed, called as an analyst's code would call it."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import ibis
import numpy as np
import pyarrow.parquet as pq

from gevinst.backend import open_duckdb
from gevinst.cohorts.build import Cohort
from gevinst.cohorts.prepare import Prepared
from gevinst.curves.census import census
from gevinst.curves.counts import exit_counts
from gevinst.curves.estimators import greenwood, kaplan_meier, loglog_interval
from gevinst.register.person_tables import PersonTables, open_person_tables

THREADS = 2
VERSION = f"gevinst {version('gevinst')} on DuckDB {version('duckdb')}"
Rows = list[tuple[str, int, float, float, float]]
Curves = tuple[np.ndarray, np.ndarray, np.ndarray]  # share, low and high, `[group, week]`
Tallies = tuple[np.ndarray, np.ndarray, np.ndarray]  # cell names, observed and receiving `[cell, week]`


def run_gevinst(folder: Path, at: tuple[int, ...], fastest: Callable) -> tuple[float, Rows, str]:
    """Kaplan-Meier with its interval for every label of `folder/trials.parquet`; timed from trials to arrays."""
    backend = open_duckdb(threads=THREADS)
    table = pq.read_table(folder / "trials.parquet")
    longest = int(np.max(table["weeks"].to_numpy()))
    there = backend.read_parquet(folder / "trials.parquet", "trials")
    nothing = ibis.literal(0, "int32")
    trials = backend.keep(there.select("label", "person", "exit_known", benefit=ibis.literal("a-dagpenge"),
                                       replicate=nothing, time_origin=nothing, elapsed=nothing, exit_week=there.weeks),
                          "trials")
    tables = PersonTables(backend, there, None, None, 0, longest, folder)
    cohort = Cohort(trials, Prepared(tables, there, 4))

    def run() -> tuple[list[str], Curves]:
        counts = exit_counts(cohort, longest)
        return [label for label, _ in counts.groups], curves(counts.at_risk, counts.events)

    seconds, (labels, found) = fastest(run)
    return seconds, rows_at(labels, found, at), VERSION


def run_gevinst_from_spells(folder: Path, at: tuple[int, ...], fastest: Callable) -> tuple[float, Rows, str]:
    """The same curves, timed from `folder/spells.parquet`: who enters when, and everything after it."""
    backend = open_duckdb(threads=THREADS)
    tables = open_person_tables(folder, backend)

    def run() -> tuple[list[str], Curves]:
        counted = census(tables, weeks=tables.data_horizon - tables.first_week + 1)
        labels = [f"{place}-{year}K{quarter}" for place, _, year, quarter in counted.cells]
        return labels, curves(counted.at_risk, counted.exits)

    seconds, (labels, found) = fastest(run)
    return seconds, rows_at(labels, found, at), VERSION


def curves(at_risk: np.ndarray, events: np.ndarray) -> Curves:
    """Kaplan-Meier and its interval for every group at once."""
    share = kaplan_meier(at_risk, events)
    low, high = loglog_interval(share, greenwood(at_risk, events), at_risk[:, :1])
    return share, low, high


def rows_at(labels: list[str], found: Curves, weeks: tuple[int, ...]) -> Rows:
    """Share and bounds of each group at some weeks."""
    return [(label, week, *(float(one[i, week]) for one in found)) for i, label in enumerate(labels) for week in weeks]


def run_gevinst_nationally(folder: Path, memory: str, scratch: Path) -> tuple[float, Tallies, str]:
    """Observed and receiving per municipality, benefit and quarter of entry; timed from file to arrays."""
    started = time.perf_counter()
    backend = open_duckdb(threads=THREADS, memory=memory, scratch=scratch)
    counted = census(open_person_tables(folder, backend), weeks=104, first_exits=False)
    seconds = time.perf_counter() - started
    cells = np.array(["|".join(map(str, cell)) for cell in counted.cells])
    return seconds, (cells, counted.observed, counted.receiving), VERSION
