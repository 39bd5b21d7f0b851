"""`gevinst verify DIR`: our figures held against reference results from R on data that are not ours to ship.

`DIR` holds `data/` (the reference data), `r/out/` (the results) and `register_small/`. Each check says what it
compared, the largest difference found and the tolerance; one that fails, or whose file is missing, fails the run.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gevinst.analyst import curve_in, open_folder
from gevinst.curves.estimators import (
    greenwood,
    kaplan_meier,
    loglog_interval,
    restricted_mean,
    restricted_mean_variance,
)
from gevinst.demo import pennsylvania
from gevinst.demo.experiment import pennsylvania_weeks_saved, study_pennsylvania
from gevinst.errors import GevinstError

Floats = npt.NDArray[np.float64]
Rows = list[dict[str, str]]
REGISTER_COHORTS = {
    "gap4_2017_2019": (4, date(2017, 1, 1), date(2019, 12, 31)),
    "gap52_2017_2019": (52, date(2017, 1, 1), date(2019, 12, 31)),
    "gap4_2022_2023_censored": (4, date(2022, 1, 3), date(2023, 12, 31)),
}


@dataclass(frozen=True)
class Check:
    """One comparison: what, the largest difference, how much is allowed."""

    name: str
    difference: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the difference is within the tolerance; a nan is not."""
        return bool(self.difference <= self.tolerance)


def verify(folder: Path) -> list[Check]:
    """All checks. Raises `verify.missing` where a file of the reference data is not there."""
    checks: list[Check] = []
    for part in (kaplan_meier_checks, restricted_mean_checks, register_checks, pennsylvania_checks):
        checks += list(part(folder))
    return checks


def kaplan_meier_checks(folder: Path) -> Iterator[Check]:
    """K1, K3: Kaplan-Meier with Greenwood's error and the log-log interval, by group."""
    cases: list[tuple[str, str, Callable[[dict[str, str]], tuple[str, int, bool]]]] = [
        ("K1_aml_km", "survival_aml.csv", lambda r: (f"x={r['x']}", int(r["time"]), r["status"] == "1")),
        ("K3_lung_km_all", "survival_lung.csv", lambda r: ("all", int(r["time"]), r["status"] == "2")),
        ("K3_lung_km_sex", "survival_lung.csv", lambda r: (f"sex={r['sex']}", int(r["time"]), r["status"] == "2")),
    ]
    for result, data, read in cases:
        subjects = [read(row) for row in _read(folder / "data" / data)]
        share, error, interval = [0.0], [0.0], [0.0]
        for row in _read(folder / "r" / "out" / f"{result}.csv"):
            at_risk, events = _at_risk([s for s in subjects if s[0] == row["strata"]])
            week = int(row["time"])
            survival = kaplan_meier(at_risk, events)
            variance = greenwood(at_risk, events)
            share.append(abs(survival[week] - float(row["surv"])))
            if 0 < survival[week] < 1:
                error.append(abs(np.sqrt(variance[week]) - float(row["se_log_surv"])))
                low, high = (float(x) for x in loglog_interval(survival[week], variance[week], len(subjects)))
                interval += [abs(low - float(row["lo_loglog"])), abs(high - float(row["hi_loglog"]))]
        yield Check(f"{result}: share", max(share), 1e-10)
        yield Check(f"{result}: Greenwood", max(error), 1e-10)
        yield Check(f"{result}: log-log interval", max(interval), 1e-10)


def restricted_mean_checks(folder: Path) -> Iterator[Check]:
    """R1: restricted means and their standard errors."""
    rossi = _read(folder / "data" / "rossi.csv")
    lung = _read(folder / "data" / "survival_lung.csv")
    groups = {
        "aml": [
            (f"x={r['x']}", int(r["time"]), r["status"] == "1") for r in _read(folder / "data" / "survival_aml.csv")
        ],
        "lung_all": [("all", int(r["time"]), r["status"] == "2") for r in lung],
        "lung_sex": [(f"sex={r['sex']}", int(r["time"]), r["status"] == "2") for r in lung],
        "rossi_fin": [(f"fin={r['fin']}", int(r["week"]), r["arrest"] == "1") for r in rossi],
    }
    for row in _read(folder / "r" / "out" / "R1_rmst.csv"):
        if row["case"] not in groups:
            continue
        at_risk, events = _at_risk([s for s in groups[row["case"]] if s[0] == row["strata"]], int(row["tau"]))
        share, tau = kaplan_meier(at_risk, events), int(row["tau"])
        name = f"R1 {row['case']} {row['strata']}"
        yield Check(f"{name}: mean", abs(restricted_mean(share, tau) - float(row["rmst"])), 1e-8)
        variance = restricted_mean_variance(share, at_risk, events, tau)
        yield Check(f"{name}: error", abs(float(np.sqrt(variance)) - float(row["se"])), 1e-8)


def register_checks(folder: Path) -> Iterator[Check]:
    """MS5: the small register, from canonical files to curves, with relapse and without."""
    with open_folder(folder / "register_small") as opened:
        for name, (gap, first, last) in REGISTER_COHORTS.items():
            rows = _read(folder / "r" / "out" / f"MS5_register_{name}.csv")
            curve = curve_in(
                opened.tables, benefit="a-dagpenge", from_date=first, to_date=last, gap_weeks=gap, maturity="available"
            ).curve
            share = np.array([point.share for point in curve.points], np.float64)
            yield Check(f"MS5 {name}: with relapse", _largest(share, rows, "aj_on"), 1e-10)
            observed = np.array([point.observed for point in curve.points], np.float64)
            yield Check(f"MS5 {name}: followed", _largest(observed, rows, "n_followed"), 0)
            for exit_gap in (1, 4):
                first_exit = curve_in(
                    opened.tables,
                    benefit="a-dagpenge",
                    from_date=first,
                    to_date=last,
                    gap_weeks=gap,
                    exit_gap_weeks=exit_gap,
                    definition="without_relapse",
                    maturity="available",
                ).curve
                share = np.array([point.share for point in first_exit.points], np.float64)
                yield Check(
                    f"MS5 {name}: first exit, gap {exit_gap}", _largest(share, rows, f"km_gap{exit_gap}"), 1e-10
                )


def pennsylvania_checks(folder: Path) -> Iterator[Check]:
    """P3: weeks saved per bonus offer, through the whole program, against R's means."""
    expected = {int(row["tg"]): row for row in _read(folder / "r" / "out" / "P3_penn_saved_weeks.csv")}
    data = folder / "data" / "penn_jae.dat"
    errors = pennsylvania_weeks_saved(data, 26)
    for horizon, column in ((52, "saved_weeks"), (26, "saved_weeks_rmst26")):
        studies = study_pennsylvania(data, horizon_weeks=horizon)
        for offer, study in studies.items():
            effect = study.effects["rest_of_target_group"]
            row = expected[offer]
            yield Check(
                f"P3 {pennsylvania.OFFERS[offer]}: weeks saved within {horizon}",
                abs(float(effect.weeks_saved[0]) - float(row[column])),
                1e-6,
            )
            if horizon == 26:
                error = abs(errors[offer].se - float(row["se_rmst26"]))
                yield Check(f"P3 {pennsylvania.OFFERS[offer]}: error of weeks saved within 26", error, 1e-8)
            if horizon == 52:
                counted = abs(effect.participants - int(row["n1"])) + abs(effect.comparison - int(row["n0"]))
                yield Check(f"P3 {pennsylvania.OFFERS[offer]}: persons", counted, 0)


def _at_risk(subjects: list[tuple[str, int, bool]], until: int = 0) -> tuple[Floats, Floats]:
    """Numbers at risk and events by time, 0 to the last time (or `until`)."""
    time = np.array([s[1] for s in subjects])
    event = np.array([s[2] for s in subjects])
    grid = np.arange(max(int(time.max()), until) + 1)
    at_risk = len(time) - np.searchsorted(np.sort(time), grid, side="left")
    return at_risk.astype(np.float64), np.bincount(time[event], minlength=len(grid)).astype(np.float64)


def _largest(found: Floats, rows: Rows, column: str) -> float:
    return float(np.max(np.abs(found - np.array([float(row[column]) for row in rows]))))


def _read(path: Path) -> Rows:
    if not path.is_file():
        raise GevinstError("verify.missing", where=str(path))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
