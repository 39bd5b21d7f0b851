"""Weighting against R on LaLonde's data (propensity scores as R gives them), and against formulas written out."""

import csv
from pathlib import Path

import numpy as np
import pytest

from gevinst.effects.propensity import Floats, fit_logit
from gevinst.effects.weighting import (
    cell_weights,
    difference_in_means,
    effective_size,
    entropy_balance,
    odds_weights,
    weighted_ate,
    weighted_att,
)

ORACLE = Path(__file__).parents[1] / "oracle"


def rows(name: str) -> list[dict[str, str]]:
    with (ORACLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(name: str, key: str) -> Floats:
    return np.array([float(row[key]) for row in rows(name)])


def two_strata(seed: int = 3) -> tuple[Floats, Floats, Floats]:
    """Outcome, treated, and a stratum that both depend on."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, 2, 120).astype(np.float64)
    treated = (rng.random(120) < 0.2 + 0.4 * stratum).astype(np.float64)
    return rng.normal(10 + 3 * stratum - treated, 2), treated, stratum


def test_the_effect_on_the_treated_is_that_of_r() -> None:
    score, treated, outcome = (column("A2_matchit614_ps", key) for key in ("ps", "treat", "re78"))
    expected = next(row for row in rows("A2_ipw_att") if row["data"] == "matchit614")
    found = weighted_att(outcome, treated, score)
    weight = odds_weights(treated, score)
    assert weight == pytest.approx(column("A2_matchit614_ps", "att_weight"), rel=1e-12)
    assert found.mean_treated == pytest.approx(float(expected["mean_treated"]), rel=1e-12)
    assert found.estimate == pytest.approx(float(expected["ipw_att"]), rel=1e-12)
    assert found.se_weights_fixed == pytest.approx(float(expected["se_weights_fixed"]), rel=1e-12)
    assert found.se_stacked is None
    assert effective_size(weight[treated == 0]) == pytest.approx(float(expected["ess_controls"]), rel=1e-12)


def test_weighting_by_a_saturated_score_is_standardisation_and_so_is_its_error() -> None:
    outcome, treated, stratum = two_strata()
    design = np.column_stack([np.ones(120), stratum])
    found = weighted_att(outcome, treated, fit_logit(design, treated, np.ones(120)).fitted, design)
    took = treated == 1
    ours = {s: (outcome[took & (stratum == s)], outcome[~took & (stratum == s)]) for s in (0.0, 1.0)}
    mean_comparison = sum(len(a) * b.mean() for a, b in ours.values()) / took.sum()
    effect = outcome[took].mean() - mean_comparison
    among = sum(float(np.sum((a - b.mean() - effect) ** 2)) for a, b in ours.values())
    beside = sum((len(a) / len(b)) ** 2 * float(np.sum((b - b.mean()) ** 2)) for a, b in ours.values())
    assert found.estimate == pytest.approx(effect, rel=1e-12)
    assert found.se_stacked == pytest.approx(np.sqrt(among + beside) / took.sum(), rel=1e-10)
    assert found.se_stacked != pytest.approx(found.se_weights_fixed, rel=1e-3)


def test_cells_are_a_saturated_score() -> None:
    outcome, treated, stratum = two_strata()
    took, codes = treated == 1, stratum.astype(int)
    found = cell_weights(np.bincount(codes[took]), np.bincount(codes[~took]))
    weight = found.weight[codes[~took]]
    design = np.column_stack([np.ones(120), stratum])
    by_score = weighted_att(outcome, treated, fit_logit(design, treated, np.ones(120)).fitted)
    assert weight @ outcome[~took] / weight.sum() == pytest.approx(by_score.mean_comparison, rel=1e-12)


def test_cell_weights_take_replicates_and_lose_nobody() -> None:
    taken = np.array([[4.0, 1.0, 2.0], [3.0, 2.0, 0.0]])
    others = np.array([[8.0, 0.0, 1.0], [0.0, 4.0, 2.0]])
    found = cell_weights(taken, others)
    assert found.matched + found.unmatched == pytest.approx(taken)
    assert found.weight * others == pytest.approx(found.matched)
    assert found.unmatched.tolist() == [[0, 1, 0], [3, 0, 0]]


def test_effective_size_counts_persons_of_a_weight_together() -> None:
    weights, counts = np.array([0.5, 2.0, 3.0]), np.array([4, 1, 3])
    assert effective_size(weights, counts) == pytest.approx(float(effective_size(np.repeat(weights, counts))))
    assert effective_size(np.zeros((2, 3))).tolist() == [0, 0]


def test_errors_of_a_plain_difference_are_those_of_the_regression() -> None:
    outcome, treated, _ = two_strata()
    design = np.column_stack([np.ones(120), treated])
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ outcome
    left = outcome - design @ coefficients
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)

    def sandwich(scale: Floats) -> float:
        return float(np.sqrt((bread @ (design.T * (left * scale) ** 2) @ design @ bread)[1, 1]))

    found = difference_in_means(outcome, treated)
    assert found.estimate == pytest.approx(coefficients[1])
    assert found.se_ols == pytest.approx(np.sqrt(left @ left / 118 * bread[1, 1]))
    assert found.se_hc0 == pytest.approx(sandwich(np.ones(120)))
    assert found.se_hc1 == pytest.approx(sandwich(np.full(120, np.sqrt(120 / 118))))
    assert found.se_hc2 == pytest.approx(sandwich(1 / np.sqrt(1 - leverage)))
    assert found.se_hc3 == pytest.approx(sandwich(1 / (1 - leverage)))


def test_the_effect_on_everybody_by_hand() -> None:
    outcome, treated, score = np.array([6.0, 3.0, 2.0, 1.0]), np.array([1, 1, 0, 0]), np.array([0.5, 0.25, 0.5, 0.75])
    as_they_are, normalised = weighted_ate(outcome, treated, score)
    assert as_they_are == pytest.approx((6 * 2 + 3 * 4 - 2 * 2 - 1 * 4) / 4)
    assert normalised == pytest.approx((6 * 2 + 3 * 4) / 6 - (2 * 2 + 1 * 4) / 6)


def test_entropy_balancing_meets_its_targets_with_weights_of_exponential_form() -> None:
    rng = np.random.default_rng(8)
    covariates = np.column_stack([rng.normal(40, 10, 200), rng.random(200) < 0.3, rng.normal(0, 1, 200) ** 3])
    targets = np.array([45.0, 0.5, 0.4])
    found = entropy_balance(covariates, targets, covariates.std(axis=0))
    assert found.converged
    assert found.weights.sum() == pytest.approx(1)
    assert found.weights @ covariates == pytest.approx(targets, rel=1e-10)
    design = np.column_stack([np.ones(200), covariates])
    exponent = np.log(found.weights)
    assert design @ np.linalg.lstsq(design, exponent)[0] == pytest.approx(exponent, abs=1e-8)


def test_a_covariate_said_twice_changes_no_weight() -> None:
    covariates = np.random.default_rng(1).normal(size=(50, 2))
    once = entropy_balance(covariates, np.array([0.3, -0.2]), np.ones(2))
    twice = entropy_balance(np.column_stack([covariates, covariates[:, 0]]), np.array([0.3, -0.2, 0.3]), np.ones(3))
    assert twice.converged
    assert twice.weights == pytest.approx(once.weights, rel=1e-9)


def test_targets_that_cannot_be_met_are_told() -> None:
    assert not entropy_balance(np.array([[0.0], [1.0]]), np.array([2.0]), np.ones(1)).converged


def test_one_group_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="both treated and others"):
        weighted_att(np.ones(3), np.ones(3), np.full(3, 0.5))
    with pytest.raises(ValueError, match="two subjects in each group"):
        difference_in_means(np.ones(3), np.array([1, 0, 0]))
