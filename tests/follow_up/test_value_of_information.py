"""The value of information: closed forms, published values, and a brute-force simulation whose answer is known."""

from __future__ import annotations

from math import acos, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.follow_up.value_of_information import (
    MONTH,
    above,
    decide,
    evsi,
    followed_in,
    unit_loss,
    variance_left,
    wrong_after,
)

Z = st.floats(0, 5)


TABLE = [(0.0, 0.3989), (0.5, 0.1978), (1.0, 0.08332), (2.0, 0.008491), (3.0, 0.000382)]


@pytest.mark.parametrize(("z", "loss"), TABLE)
def test_the_unit_normal_loss_is_that_of_the_published_table(z: float, loss: float) -> None:
    """As in the tables of Schlaifer, Probability and Statistics for Business Decisions (1959)."""
    assert unit_loss(z) == pytest.approx(loss, rel=2e-3)


@given(left=st.floats(0.01, 0.99))
def test_at_nought_the_probability_of_a_wrong_decision_is_an_angle(left: float) -> None:
    """θ and its later mean are bivariate normal with correlation √(1 − r): P(opposite signs) = arccos(ρ) ÷ π."""
    assert wrong_after(0.0, 3.0, left) == pytest.approx(acos(sqrt(1 - left)) / pi, abs=1e-7)


@given(z=Z, left=st.floats(0.02, 0.98))
def test_more_data_never_make_it_worse_and_all_or_none_are_the_ends(z: float, left: float) -> None:
    assert wrong_after(z, 1.0, left) <= above(z) + 1e-9
    assert wrong_after(z, 1.0, left / 2) <= wrong_after(z, 1.0, left) + 1e-9
    assert wrong_after(-z, 1.0, left) == pytest.approx(wrong_after(z, 1.0, left), abs=1e-9)
    assert wrong_after(z, 1.0, 1.0) == pytest.approx(above(z))
    assert wrong_after(z, 1.0, 1e-8) < 1e-3
    assert evsi(z, 1.0, left) <= unit_loss(z) + 1e-12, "never worth more than knowing for certain"


@pytest.mark.parametrize(("mean", "left"), [(0.3, 0.5), (-1.2, 0.3), (1.0, 0.9), (0.05, 0.05)])
def test_a_brute_force_simulation_finds_the_same(mean: float, left: float) -> None:
    """θ is drawn, data are drawn, the decision is made by Bayes' rule, and it is seen how often it was wrong."""
    rng = np.random.default_rng(11)
    sd, n = 1.0, 400_000
    theta = rng.normal(mean, sd, n)
    noise = sd**2 * left / (1 - left)  # so much that the variance left is r σ²
    seen = theta + rng.normal(0, sqrt(noise), n)
    later = (mean / sd**2 + seen / noise) / (1 / sd**2 + 1 / noise)
    wrong = ((later > 0) != (theta > 0)).mean()
    assert wrong_after(mean, sd, left) == pytest.approx(wrong, abs=4 * sqrt(0.25 / n))
    gained = np.where(later > 0, theta, 0.0).mean() - max(theta.mean(), 0.0)
    assert evsi(mean, sd, left) == pytest.approx(gained, abs=0.006)


def test_who_is_followed_later_is_counted_one_by_one() -> None:
    rng = np.random.default_rng(2)
    starts = rng.integers(0, 5, 60)
    now, weeks = 40, 12  # weeks 0-39 are past

    def followed(at: int) -> list[float]:
        return [float(starts[: max(at - k, 0)].sum()) for k in range(30)]

    found = followed_in(np.array(followed(now)), starts[now:].astype(float), weeks)
    assert found.tolist() == followed(now + weeks)


def test_the_variance_of_persons_followed_for_unequal_times_falls_as_the_rule_says() -> None:
    """Persons who are on or off a benefit all the time, and persons who change each quarter: both are simulated."""
    rng = np.random.default_rng(5)
    now, then = np.array([40, 30, 20, 10]), np.array([70, 60, 50, 40])
    for always in (0.0, 1.0):
        drawn: dict[str, list[list[float]]] = {size: [] for size in ("now", "then")}
        for _ in range(3_000):
            person, week = rng.normal(0, 1, 70), rng.normal(0, 1, (70, 4))
            values = always * person[:, None] + week
            for size, counts in (("now", now), ("then", then)):
                drawn[size].append([values[:many, band].mean() for band, many in enumerate(counts)])
        before, after = (np.array(drawn[size]) for size in ("now", "then"))
        real = after.sum(axis=1).var() / before.sum(axis=1).var()
        assert variance_left(before, now.astype(float), then.astype(float)) == pytest.approx(real, rel=0.08)


def test_the_months_until_it_is_safe_by_hand() -> None:
    """One band, 100 followed, 10 more each month: r = 100 ÷ (100 + 10 t).

    θ has mean 0.8 and spread 1, so that now it is wrong with 21 %.
    """
    rng = np.random.default_rng(8)
    noise = rng.normal(0, 1, 4_000)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    by_band = np.concatenate([[3.8], 3.8 + noise])[:, None]
    coming = np.full(round(36 * MONTH) + 1, 10 / MONTH)
    found = decide("1", by_band, 3.0, np.array([100.0]), (1,), coming, safe=0.15)
    assert (found.go_on, found.margin, found.weeks) == (True, pytest.approx(0.8), 1)
    assert found.wrong == pytest.approx(above(0.8), abs=0.01)
    assert found.loss == pytest.approx(coming.sum() * unit_loss(0.8), rel=0.03)
    lefts = [100 / (100 + round(month * MONTH) * 10 / MONTH) for month in range(1, 37)]
    assert [one.left for one in found.path] == pytest.approx(lefts, rel=1e-9)
    first = next(month for month, left in enumerate(lefts, start=1) if wrong_after(0.8, 1.0, left) < 0.15)
    assert found.safe_in == first
    assert decide("1", by_band, 3.0, np.array([100.0]), (1,), coming, safe=0.30).safe_in == 0
    assert decide("1", by_band, 3.0, np.array([100.0]), (1,), coming, safe=0.01).safe_in is None
    last = found.path[-1]
    assert last.engs == last.evsi, "waiting costs nothing where going on is the best bet"


def test_waiting_costs_where_stopping_is_the_best_bet() -> None:
    rng = np.random.default_rng(9)
    by_band = np.concatenate([[2.5], 2.5 + rng.normal(0, 1, 2_000)])[:, None]
    coming = np.full(60, 2.0)
    found = decide("1", by_band, 3.0, np.array([50.0]), (1,), coming)
    assert not found.go_on
    month = found.path[4]
    assert month.engs == pytest.approx(month.evsi - (coming.sum() - month.starts) * 0.5)
    assert found.path[-1].evsi < found.path[0].evsi or found.path[-1].starts < found.path[0].starts


def test_without_starts_to_come_there_is_nothing_to_wait_for() -> None:
    by_band = np.array([[1.0], [0.5], [1.5], [2.0]])
    found = decide("1", by_band, 3.0, np.array([50.0]), (1,), np.zeros(0))
    assert (found.path, found.loss, found.wait, found.starts) == ((), 0.0, None, 0.0)
