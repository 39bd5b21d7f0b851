"""Counts from the register against R, and against a walk through every trial's weeks."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gevinst.cohorts.build import build_cohort, together
from gevinst.cohorts.definition import Inflow, Stock
from gevinst.cohorts.prepare import prepare
from gevinst.curves.counts import exit_counts, exit_variance, state_counts, state_variance
from gevinst.curves.estimators import greenwood, kaplan_meier, state_occupation
from gevinst.weeks import monday, week_of

A = "a-dagpenge"
ORACLE = Path(__file__).parents[1] / "oracle"
COHORTS = {
    "gap4_2017_2019": (4, date(2017, 1, 1), date(2019, 12, 31)),
    "gap52_2017_2019": (52, date(2017, 1, 1), date(2019, 12, 31)),
    "gap4_2022_2023_censored": (4, date(2022, 1, 3), date(2023, 12, 31)),
}


@pytest.mark.parametrize("name", COHORTS)
def test_the_small_register_equals_r(small_tables, name: str) -> None:
    gap, first, last = COHORTS[name]
    with (ORACLE / f"MS5_register_{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    expected = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    cohort = together((build_cohort(Inflow(A, first, last, gap), prepare(small_tables)),), "trials")
    counts = state_counts(cohort, 52)
    assert (counts.trials[0], counts.persons[0]) == (expected["n_entries"][0], expected["n_persons"][0])
    assert counts.observed[0].tolist() == expected["n_followed"].tolist()
    raw = counts.receiving[0] / counts.observed[0]
    assert raw == pytest.approx(expected["raw_share_among_followed"], abs=1e-10)
    share = state_occupation(counts.observed, counts.starts, counts.ends, counts.cut)[0]
    assert share == pytest.approx(expected["aj_on"], abs=1e-10)
    clustered = np.sqrt(state_variance(cohort, counts, 52)[0][0])
    assert clustered == pytest.approx(expected["aj_se_cluster_person"], abs=1e-10)
    for exit_gap in (1, 4):
        cohort = build_cohort(Inflow(A, first, last, gap), prepare(small_tables, exit_after=exit_gap))
        exits = exit_counts(cohort, 52)
        survival = kaplan_meier(exits.at_risk, exits.events)[0]
        assert survival == pytest.approx(expected[f"km_gap{exit_gap}"], abs=1e-10)
        se = np.sqrt(greenwood(exits.at_risk, exits.events)[0]) * survival
        assert se == pytest.approx(expected[f"km_gap{exit_gap}_se"], abs=1e-10)


def test_clustered_variance_without_repeated_persons_is_greenwood(make_tables) -> None:
    rng = np.random.default_rng(7)
    start = week_of(date(2019, 1, 7))
    spells = [(p, A, monday(start + p % 9), monday(start + p % 9 + int(rng.integers(1, 25)))) for p in range(60)]
    cohort = build_cohort(
        Inflow(A, date(2019, 1, 1), date(2019, 12, 31)), prepare(make_tables(spells, horizon=start + 20))
    )
    exits = exit_counts(cohort, 15)
    assert exit_variance(cohort, exits, 15)[0] == pytest.approx(greenwood(exits.at_risk, exits.events)[0], abs=1e-12)


def test_stock_is_left_truncated(make_tables) -> None:
    """Three in week 10 with 10, 4 and 0 weeks behind them; they leave after 12, 6 and 6 weeks on the benefit."""
    start = week_of(date(2019, 1, 7))
    weeks = [(0, 12), (6, 12), (10, 16)]
    spells = [(p, A, monday(start + a), monday(start + b)) for p, (a, b) in enumerate(weeks)]
    cohort = build_cohort(Stock(A, start + 10), prepare(make_tables(spells, horizon=start + 40)))
    exits = exit_counts(cohort, 14)
    assert exits.at_risk[0].tolist() == [1, 1, 1, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 0, 0]
    assert np.flatnonzero(exits.events[0]).tolist() == [6, 12]
    assert exits.events[0][6] == 2
    states = state_counts(cohort, 8)  # weeks since week 10
    assert states.receiving[0].tolist() == [3, 3, 1, 1, 1, 1, 0, 0, 0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(st.sets(st.integers(0, 30), min_size=1), min_size=1, max_size=8),
    gap=st.integers(1, 5),
    horizon=st.integers(20, 34),
)
def test_counts_equal_a_walk_through_the_weeks(make_tables, people, gap, horizon) -> None:
    start = week_of(date(2019, 1, 7))
    spells = [(p, A, monday(start + w), monday(start + w + 1)) for p, weeks in enumerate(people) for w in weeks]
    tables = make_tables(spells, horizon=start + horizon)
    cohort = build_cohort(Inflow(A, date(2018, 1, 1), date(2020, 12, 31), gap), prepare(tables))
    trials = [
        (on, week)
        for on in people
        for week in sorted(on)
        if week <= horizon and not any(week - back in on for back in range(1, gap + 1))
    ]
    counts = state_counts(cohort, 12)
    if not trials:
        assert counts.groups == ()
        return
    assert counts.trials[0] == len(trials)
    for k in range(13):
        followed = [(on, week) for on, week in trials if week + k <= horizon]
        assert counts.observed[0][k] == len(followed)
        assert counts.receiving[0][k] == sum(week + k in on for on, week in followed)


def test_on_and_off_by_hand_and_by_r(make_tables) -> None:
    """MS1: six persons with relapse, two followed shorter; share, error, mean weeks and its error as R has them."""

    def read(name: str) -> list[dict[str, str]]:
        with (ORACLE / f"{name}.csv").open() as file:
            return list(csv.DictReader(file))

    rows = read("MS1_tiny_input")
    horizon = week_of(date(2021, 1, 4))
    last = {row["id"]: int(row["t2"]) for row in rows}
    spells = []
    for row in rows:
        if row["from"] == "on":
            origin = horizon + 1 - last[row["id"]]  # followed for so many weeks
            spells.append((int(row["id"]), A, monday(origin + int(row["t1"])), monday(origin + int(row["t2"]))))
    tables = make_tables(spells, horizon=horizon)
    # A gap of one week ends a spell and begins a new one, so the cohort is each person's first week alone.
    cohort = build_cohort(Inflow(A, date(2020, 1, 1), date(2021, 1, 1), 50), prepare(tables))
    counts = state_counts(cohort, 12)
    assert counts.trials[0] == 6
    share = state_occupation(counts.observed, counts.starts, counts.ends, counts.cut)[0]
    variance, running = (v[0] for v in state_variance(cohort, counts, 12))
    for row in read("MS1_tiny_aj"):
        if row["state"] == "on" and int(row["time"]) <= 12:
            assert share[int(row["time"])] == pytest.approx(float(row["p"]), abs=1e-12)
            assert np.sqrt(variance[int(row["time"])]) == pytest.approx(float(row["se"]), abs=1e-12)
    mean = next(row for row in read("MS1_tiny_rmean") if row["state"] == "on")
    assert share[:12].sum() == pytest.approx(float(mean["time_in_state"]), abs=1e-12)
    assert np.sqrt(running[11]) == pytest.approx(float(mean["se"]), abs=1e-12)
