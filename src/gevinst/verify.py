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
from gevinst.effects.balance import moments, share, standardised_difference
from gevinst.effects.propensity import fit_logit
from gevinst.effects.weighting import (
    cell_weights,
    difference_in_means,
    effective_size,
    entropy_balance,
    odds_weights,
    weighted_ate,
    weighted_att,
)
from gevinst.errors import GevinstError

Floats = npt.NDArray[np.float64]
Rows = list[dict[str, str]]
Columns = dict[str, Floats]
REGISTER_COHORTS = {
    "gap4_2017_2019": (4, date(2017, 1, 1), date(2019, 12, 31)),
    "gap52_2017_2019": (52, date(2017, 1, 1), date(2019, 12, 31)),
    "gap4_2022_2023_censored": (4, date(2022, 1, 3), date(2023, 12, 31)),
}

COVARIATES = ("age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75")
OTHER_NAMES = {"treat": "trt", "marr": "married", "nodegree": "nodeg"}
BY_CELL = {
    "matchit614": (1168.00697747987, 1, 32.6348241704533),
    "psid": (-5009.59140872107, 4, 103.522894311027),
    "cps": (-3698.32815209553, 0, 398.625251990997),
}
"""Exact cells of race, married, no degree and age (20, 25, 30, 40): the effect by R's `lm(re78 ~ treat)` weighted with
treated over others of the cell, the treated in cells without others, and (sum w)^2 / sum w^2 of the others."""
APART_NUMBERS = {
    "age": -0.309445261997982,
    "educ": 0.0549646613888354,
    "re74": -0.721083809071869,
    "re75": -0.290262911185457,
}
APART_SHARES = {
    "marr": -0.826309272340716,
    "nodegree": 0.244970232272019,
    "black": 1.76154188981543,
    "hisp": -0.349842541598422,
    "white": -1.88186760097513,
}
"""Standardised mean differences in MatchIt's 614 before matching, by R: `(mean(x[t]) - mean(x[!t])) / sd(x[t])`, for an
indicator over `sqrt(p * (1 - p))`; the summary of R's `MatchIt` prints the same."""


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
    for part in (kaplan_meier_checks, restricted_mean_checks, register_checks, pennsylvania_checks, lalonde_checks):
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
    """P3: weeks saved per bonus offer, through the whole program, against R's means; and `matched` beside them."""
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
                # Lot made the groups alike, so whoever matches on what is known must find what the lot did.
                matched = float(study.effects["matched"].weeks_saved[0])
                apart = abs(matched - float(row["saved_weeks"])) / float(row["se_welch"])
                name = f"P3 {pennsylvania.OFFERS[offer]}: matched, in errors of the randomised difference"
                yield Check(name, apart, 1.0)


def lalonde_checks(folder: Path) -> Iterator[Check]:
    """A1, A2: training and earnings (LaLonde 1986), by experiment and beside those who were not in it; relative."""
    samples = _lalonde(folder / "data")
    for row in _read(folder / "r" / "out" / "A1_sdo.csv"):
        data = samples[row["data"]]
        found = difference_in_means(data["re78"], data["treat"])
        plain = {f"se_{kind}": getattr(found, f"se_{kind.lower()}") for kind in ("ols", "HC0", "HC1", "HC2", "HC3")}
        yield Check(f"A1 {row['data']}", _relative({"estimate": found.estimate, **plain}, row), 1e-9)
    for row in _read(folder / "r" / "out" / "A2_ipw_att.csv"):
        yield from _weighted_checks(samples[row["data"]], row)
    yield from _score_checks(samples["matchit614"], folder / "r" / "out")
    data = samples["cps"]
    score = fit_logit(_design(data, "mixtape"), data["treat"], np.ones(len(data["treat"]))).fitted
    for row in _read(folder / "r" / "out" / "A2_mixtape_ipw_ate.csv"):
        used = np.full(len(score), True) if row["sample"] == "all" else (score >= 0.1) & (score <= 0.9)
        effect, normalised = weighted_ate(data["re78"][used], data["treat"][used], score[used])
        yield Check(
            f"A2 effect on everybody, {row['sample']}", _relative({"unnorm": effect, "norm": normalised}, row), 1e-9
        )
    for name, (effect, unmatched, effective) in BY_CELL.items():
        found_by_cell = _by_cell(samples[name])
        yield Check(f"Cells {name}: effect", abs(found_by_cell[0] / effect - 1), 1e-9)
        yield Check(f"Cells {name}: unmatched", abs(found_by_cell[1] - unmatched), 0)
        yield Check(f"Cells {name}: effective size", abs(found_by_cell[2] / effective - 1), 1e-9)


def _weighted_checks(data: Columns, row: dict[str, str]) -> Iterator[Check]:
    took = data["treat"] == 1
    design = _design(data, row["ps_model"])
    fit = fit_logit(design, data["treat"], np.ones(len(took)))
    effect = weighted_att(data["re78"], data["treat"], fit.fitted, design)
    name = f"A2 {row['data']}, {row['ps_model']}"
    found = {
        "mean_treated": effect.mean_treated,
        "ps_min_treated": fit.fitted[took].min(),
        "ps_max_control": fit.fitted[~took].max(),
        "ess_controls": float(effective_size(odds_weights(data["treat"], fit.fitted)[~took])),
        "ipw_att": effect.estimate,
        "se_weights_fixed": effect.se_weights_fixed,
        "se_mestimation": float("nan") if effect.se_stacked is None else effect.se_stacked,
    }
    yield Check(f"{name}: weighted by odds", _relative(found, row), 1e-9)
    covariates = np.column_stack([data[key] for key in COVARIATES])
    balanced = entropy_balance(covariates[~took], covariates[took].mean(axis=0), covariates.std(axis=0))
    by_entropy = {
        "ebal_att": effect.mean_treated - float(balanced.weights @ data["re78"][~took]),
        "ebal_ess": float(effective_size(balanced.weights)),
    }
    # R's search for the largest sample stops 2e-10 from balance, ours at 1e-16.
    yield Check(f"{name}: entropy balance", _relative(by_entropy, row), 1e-8)


def _score_checks(data: Columns, results: Path) -> Iterator[Check]:
    """The propensity score's coefficients, errors and values, and the balance before weighting."""
    fit = fit_logit(_design(data, "main effects"), data["treat"], np.ones(len(data["treat"])))
    terms, scores = _read(results / "A2_matchit614_logit.csv"), _read(results / "A2_matchit614_ps.csv")
    coefficients, errors = (np.array([float(row[key]) for row in terms]) for key in ("coef", "se"))
    yield Check("A2 logit: coefficients", float(np.max(np.abs(fit.coefficients / coefficients - 1))), 1e-10)
    # R takes its errors from the weights before the last step.
    yield Check("A2 logit: errors", float(np.max(np.abs(fit.standard_errors / errors - 1))), 1e-8)
    yield Check("A2 logit: propensity scores", _largest(fit.fitted, scores, "ps"), 1e-12)
    weights = odds_weights(data["treat"], fit.fitted)
    yield Check("A2 logit: weights", _largest(weights, scores, "att_weight"), 1e-12)
    took = data["treat"] == 1
    for key, expected in {**APART_NUMBERS, **APART_SHARES}.items():
        treated, others = (
            moments(len(values), float(values.sum()), float(values @ values))
            if key in APART_NUMBERS
            else share(len(values), float(values.sum()))
            for values in (data[key][took], data[key][~took])
        )
        yield Check(f"Balance {key}", abs(standardised_difference(treated, others) - expected), 1e-10)


def _by_cell(data: Columns) -> tuple[float, float, float]:
    """Effect, unmatched and effective size, by exact cells."""
    took = data["treat"] == 1
    band = np.searchsorted([20, 25, 30, 40], data["age"], side="right")
    keys = np.column_stack([*(data[key] for key in ("black", "hisp", "marr", "nodegree")), band])
    cell = np.unique(keys, axis=0, return_inverse=True)[1]
    found = cell_weights(*(np.bincount(cell[group], minlength=cell.max() + 1) for group in (took, ~took)))
    matched = found.matched[cell] > 0
    weights = found.weight[cell[~took]]
    effect = data["re78"][took & matched].mean() - weights @ data["re78"][~took] / weights.sum()
    return float(effect), float(found.unmatched.sum()), float(effective_size(weights))


def _design(data: Columns, model: str) -> Floats:
    """The propensity score's covariates: all as they are, or those of Cunningham's Mixtape."""
    one = np.ones(len(data["age"]))
    if model == "main effects":
        return np.column_stack([one, *(data[key] for key in COVARIATES)])
    age, years, before = data["age"], data["educ"], [data["re74"], data["re75"]]
    known = [data[key] for key in ("marr", "nodegree", "black", "hisp")]
    no_earnings = [earned == 0 for earned in before]
    return np.column_stack(
        [one, age, age**2, age**3, years, years**2, *known, *before, *no_earnings, years * before[0]]
    )


def _lalonde(data: Path) -> dict[str, Columns]:
    """The samples of R's script: experiments, and the treated beside those of other surveys."""
    experiment = _persons(data / "nsw_dw445.csv")
    treated = {key: values[experiment["treat"] == 1] for key, values in experiment.items()}

    def beside(survey: str) -> Columns:
        others = _persons(data / survey)
        return {key: np.concatenate([values, others[key]]) for key, values in treated.items()}

    return {
        "nsw_lalonde722": _persons(data / "nsw_lalonde722.csv"),
        "nsw_dw445": experiment,
        "psid": beside("psid1.csv"),
        "cps": beside("cps1_mixtape.csv"),
        "matchit614": _persons(data / "lalonde_matchit.csv"),
    }


def _persons(path: Path) -> Columns:
    """The columns under one name in every file; earnings not known (1974, for some) are nan."""
    rows = _read(path)
    found: Columns = {}
    for key in ("treat", *COVARIATES, "re78"):
        name = key if key in rows[0] else OTHER_NAMES.get(key, key)
        if name in rows[0]:
            found[key] = np.array([float(row[name] or "nan") for row in rows])
    if "race" in rows[0]:
        race = np.array([row["race"] for row in rows])
        found |= {"black": race == "black", "hisp": race == "hispan", "white": race == "white"}
    return {key: np.asarray(values, np.float64) for key, values in found.items()}


def _relative(found: dict[str, float], row: dict[str, str]) -> float:
    """The largest difference beside the size of the reference value."""
    return float(max(abs(value / float(row[key]) - 1) for key, value in found.items()))


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
