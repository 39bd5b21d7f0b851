"""The recovery study in short: its truth against a walk through the weeks, and a handful of its municipalities."""

from __future__ import annotations

import importlib
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from gevinst.cohorts.seniority import refund_step, seniority_by_week
from gevinst.weeks import monday, week_of, year_of

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
MUNICIPAL_SHARE = (0.2, 0.6, 0.7, 0.8)  # weeks 1-4, 5-26, 27-52, 53+


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The study's own code, so that the short form and the long are one."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("recovery_run")


def weekly_benefit(spells: list[dict], first: int, last: int) -> list[str | None]:
    """The benefit of each week: that of the spell that began first, where two meet in one week."""
    found: list[str | None] = [None] * (last + 1 - first)
    for spell in sorted(spells, key=lambda row: row["start_date"], reverse=True):
        end = week_of(spell["end_date"] or monday(last) + timedelta(6))
        for week in range(week_of(spell["start_date"]), min(end, last) + 1):
            found[week - first] = spell["benefit"]
    return found


def cost(spells: list[dict], first: int, last: int, known_from: int, start: int, prices: dict) -> dict[int, np.ndarray]:
    """DKK gross and net by year from week `start` on, by the reference clock."""
    weeks = weekly_benefit(spells, first, last)
    unknown = ["neutral" if week < known_from else "self" for week in range(first, last + 1)]
    counts = seniority_by_week(["counts" if one else other for one, other in zip(weeks, unknown, strict=True)])
    by_year: dict[int, np.ndarray] = {}
    for week, benefit, count in zip(range(first, last + 1), weeks, counts, strict=True):
        if benefit is not None and week >= start:
            paid = prices[benefit] * np.array([1, MUNICIPAL_SHARE[refund_step(count)]])
            by_year[year_of(week)] = by_year.get(year_of(week), np.zeros(2)) + paid
    return by_year


def test_the_true_kroner_are_what_a_walk_through_the_weeks_finds(study: ModuleType) -> None:
    scenarios = importlib.import_module("recovery_scenarios")
    spec = scenarios.municipality(scenarios.SCENARIOS["combined"], 200, seed=3)
    with study.opened(spec) as town:
        truth = town.truth.of("indsats")
        found = study.true_saving(truth, town.canonical["spells"], town.tables, study.book_of(town.tables))
        first, last, known_from = week_of(spec.data_from), town.tables.data_horizon, town.tables.first_week
    assert last == week_of(date(2022, 6, 26))
    happened, otherwise = (
        rows_by_person(table.to_pylist()) for table in (town.canonical["spells"], truth.counterfactual_spells)
    )
    walked = dict.fromkeys(found.years, np.zeros(2))
    for person, start in zip(truth.person_ids, truth.start_week.tolist(), strict=True):
        for rows, sign in ((happened[person], 1), (otherwise[person], -1)):
            for year, dkk in cost(rows, first, last, known_from, start, scenarios.PRICES).items():
                walked[year] = walked[year] + sign * dkk
    assert found.gross == pytest.approx([walked[year][0] for year in found.years], abs=1e-6)
    assert found.net == pytest.approx([walked[year][1] for year in found.years], abs=1e-6)
    assert sum(found.net) < 0


def rows_by_person(rows: list[dict]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(row)
    return found


def test_matched_finds_what_is_true_where_the_target_group_is_off_by_weeks(study: ModuleType) -> None:
    """Selection, delayed entry, boom and suspension together; the long form has hundreds of municipalities."""
    runs = [study.run_once("combined", 2_000, seed, replicates=200) for seed in range(1, 4)]

    def off(estimator: str, measure: str) -> np.ndarray:
        return np.array([run[f"{estimator}_{measure}_estimate"] - run[f"true_{measure}"] for run in runs])

    assert min(run["true_weeks"] for run in runs) > 2.5
    for measure, bound in (("weeks", 1.0), ("net", 0.3 * np.mean([-run["true_net"] for run in runs]))):
        low, true, high = (np.array([run[name] for run in runs]) for name in
                           (f"matched_{measure}_low", f"true_{measure}", f"matched_{measure}_high"))
        # Of the Monte Carlo error three municipalities say little themselves, but their intervals do.
        error = np.mean(high - low) / (2 * 1.96) / len(runs) ** 0.5
        assert abs(off("matched", measure).mean()) < min(3 * error, bound)
        assert np.sum((low <= true) & (true <= high)) >= len(runs) - 1
    for naive in ("target_group", "rest_of_target_group", "baseline", "cycle_adjusted"):
        assert off(naive, "weeks").max() < -5
    assert max(run["left_out"] / run["participants"] for run in runs) < 0.02
