"""The estimators against R's `survival` and against a brute-force walk through every person's weeks."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.curves.estimators import (
    Z95,
    greenwood,
    kaplan_meier,
    logit_interval,
    loglog_interval,
    restricted_mean,
    restricted_mean_variance,
    state_occupation,
    trapezoid_mean,
)

ORACLE = Path(__file__).parents[1] / "oracle"
GOLDEN = Path(__file__).parents[1] / "golden"


def oracle(name: str) -> dict[str, np.ndarray]:
    with (ORACLE / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {
        key: np.array([float(row[key] or "nan") if _numeric(rows, key) else row[key] for row in rows])
        for key in rows[0]
    }


def _numeric(rows: list[dict[str, str]], key: str) -> bool:
    try:
        [float(row[key] or "nan") for row in rows]
    except ValueError:
        return False
    return True


def test_kaplan_meier_with_left_truncation_equals_r() -> None:
    given_rows, expected = oracle("K7_tiny_lefttrunc_input"), oracle("K7_tiny_lefttrunc_km")
    weeks = np.arange(10)
    entry, leave, event = given_rows["entry"], given_rows["exit"], given_rows["event"] == 1
    at_risk = np.array([np.sum((entry < t) & (t <= leave)) if t else np.sum(entry == 0) for t in weeks])
    events = np.array([np.sum(event & (leave == t)) for t in weeks])
    share = kaplan_meier(at_risk, events)
    for row, week in enumerate(expected["time"].astype(int)):
        assert share[week] == pytest.approx(expected["surv"][row], abs=1e-10)
        assert at_risk[week] == expected["n_risk"][row]
        if share[week] > 0:
            variance = greenwood(at_risk, events)[week]
            assert np.sqrt(variance) == pytest.approx(expected["se_log_surv"][row], abs=1e-10)
            low, high = loglog_interval(share[week], variance, 8)
            assert low == pytest.approx(expected["lo_loglog"][row], abs=1e-10)
            assert high == pytest.approx(expected["hi_loglog"][row], abs=1e-10)


def test_integer_weights_are_expanded_rows() -> None:
    rows, expected = oracle("K9_freqweights_input"), oracle("K9_freqweights_km")
    weeks = np.arange(int(rows["time"].max()) + 1)
    at_risk = np.array([np.sum(rows["w"][rows["time"] >= t]) for t in weeks])
    events = np.array([np.sum(rows["w"][(rows["time"] == t) & (rows["d"] == 1)]) for t in weeks])
    share, variance = kaplan_meier(at_risk, events), greenwood(at_risk, events)
    for row, week in enumerate(expected["time"].astype(int)):
        assert share[week] == pytest.approx(expected["surv"][row], abs=1e-12)
        assert np.sqrt(variance[week]) == pytest.approx(expected["se_log_surv"][row], abs=1e-12)


def runs_of(rows: dict[str, np.ndarray]) -> list[list[tuple[int, int, str, str]]]:
    people = []
    for who in sorted(set(rows["id"])):
        mine = rows["id"] == who
        people.append(
            [
                (int(a), int(b), str(f), str(t))
                for a, b, f, t in zip(*(rows[x][mine] for x in ("t1", "t2", "from", "to")), strict=True)
            ]
        )
    return people


def counts_of(people: list[list[tuple[int, int, str, str]]], weeks: int) -> dict[str, np.ndarray]:
    counts = {name: np.zeros(weeks + 1, int) for name in ("observed", "starts", "ends", "cut")}
    for person in people:
        last = person[-1][1] - 1
        counts["observed"][: last + 1] += 1
        for begin, end, state, to in person:
            if state == "on":
                counts["starts"][begin] += 1
                if end <= weeks:
                    counts["cut" if to == "cens" else "ends"][end] += 1
    return counts


@pytest.mark.parametrize("name", ["MS1_tiny", "MS1b_tiny_uncensored"])
def test_state_occupation_equals_r(name: str) -> None:
    people = runs_of(oracle("MS1_tiny_input"))
    if name.startswith("MS1b"):  # the same persons, all followed to week 12
        people = [[(a, 12 if to == "cens" else b, f, to) for a, b, f, to in person] for person in people]
    counts = counts_of(people, 12)
    share = state_occupation(**counts)
    expected = oracle(f"{name}_aj")
    rows = expected["state"] == "on"
    for week, p in zip(expected["time"][rows].astype(int), expected["p"][rows], strict=True):
        assert share[week] == pytest.approx(p, abs=1e-12)
    if name == "MS1_tiny":
        assert restricted_mean(share, 12) == pytest.approx(oracle("MS1_tiny_rmean")["time_in_state"][0], abs=1e-12)


@st.composite
def histories(draw: st.DrawFn) -> list[list[bool]]:
    """Everybody on the benefit in week 0, then anything, followed equally long."""
    weeks = draw(st.integers(1, 12))
    person = st.lists(st.booleans(), min_size=weeks, max_size=weeks).map(lambda later: [True, *later])
    return draw(st.lists(person, min_size=1, max_size=15))


@given(histories())
def test_state_occupation_is_the_raw_share_while_all_are_followed(people: list[list[bool]]) -> None:
    on = np.array(people)
    before = np.hstack([np.zeros((len(on), 1), bool), on[:, :-1]])
    counts = {
        "observed": np.full(on.shape[1], len(on)),
        "starts": (on & ~before).sum(axis=0),
        "ends": (~on & before).sum(axis=0),
        "cut": np.zeros(on.shape[1]),
    }
    assert state_occupation(**counts) == pytest.approx(on.mean(axis=0), abs=1e-12)


@given(st.lists(st.integers(1, 20), min_size=2, max_size=30), st.integers(1, 20))
def test_restricted_mean_without_censoring_is_the_mean_of_the_shorter_of_duration_and_horizon(
    durations: list[int], horizon: int
) -> None:
    lasting = np.array(durations)
    weeks = np.arange(max(durations) + horizon + 1)
    at_risk = np.array([np.sum(lasting >= t) for t in weeks])
    events = np.array([np.sum(lasting == t) for t in weeks])
    share = kaplan_meier(at_risk, events)
    shorter = np.minimum(lasting, horizon)
    assert restricted_mean(share, horizon) == pytest.approx(shorter.mean(), abs=1e-9)
    variance = restricted_mean_variance(share, at_risk, events, horizon)
    assert variance == pytest.approx(shorter.var() / len(shorter), abs=1e-9)


def test_logit_interval_by_hand() -> None:
    low, high = logit_interval(0.8, 0.8 * 0.2 / 100, 100)
    half = Z95 * 0.04 / 0.16  # se / (p (1 - p)) on the logit scale
    assert low == pytest.approx(1 / (1 + np.exp(-(np.log(4) - half))), abs=1e-12)
    assert high == pytest.approx(1 / (1 + np.exp(-(np.log(4) + half))), abs=1e-12)


def test_at_nought_and_one_the_interval_is_the_exact_binomial_bound() -> None:
    low, high = logit_interval([0.0, 1.0], [0.0, 0.0], 10)
    assert high[0] == pytest.approx(0.30849710781876083, abs=1e-12)  # binom.test(0, 10) in R
    assert low[1] == pytest.approx(0.69150289218123917, abs=1e-12)
    assert (low[0], high[1]) == (0, 1)


def published(cohort: str) -> tuple[list[int], list[float]]:
    with (GOLDEN / "survival_table_2.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["cohort"] == cohort]
    return [int(row["week"]) for row in rows], [float(row["share_pct"]) / 100 for row in rows]


def test_table_2_of_the_memo_amounts_to_the_published_weeks() -> None:
    baseline = published("mean 2017-2019")
    assert trapezoid_mean(*baseline) == pytest.approx(21.149, abs=5e-4)
    assert trapezoid_mean(*published("2020")) - trapezoid_mean(*baseline, 39) == pytest.approx(-1.256, abs=6e-4)
    assert trapezoid_mean(*published("2021H1")) - trapezoid_mean(*baseline, 13) == pytest.approx(-0.685, abs=6e-4)


def test_the_unseen_week_left_out_gives_the_truth_under_censoring() -> None:
    """Exact expected counts: 5 % leave a week, entries over 52 weeks, followed to the end of the year.

    The share of those whose next week is never seen must not count as staying; R's coding counts it so, and is
    too high (the second assertion keeps that known).
    """
    hazard, weeks = 0.05, 51
    k = np.arange(weeks + 1)
    observed = (52 - k).astype(float)  # one enters each week; the last is seen in its own week only
    on = observed * (1 - hazard) ** k
    starts = np.where(k == 0, 52.0, 0.0)
    ends = np.where(k == 0, 0.0, observed * (1 - hazard) ** (k - 1.0) * hazard)
    cut = np.r_[0.0, on[:-1] - ends[1:] - on[1:]]
    truth = (1 - hazard) ** k
    assert state_occupation(observed, starts, ends, cut, cut_at_risk=False) == pytest.approx(truth, abs=1e-12)
    assert state_occupation(observed, starts, ends, cut)[26] == pytest.approx(0.2732, abs=5e-5)
    assert truth[26] == pytest.approx(0.2635, abs=5e-5)
