"""Standardised differences from sums against hand calculations and the persons behind them."""

import math

import numpy as np
import pytest

from gevinst.effects.balance import (
    Moments,
    largest,
    level_differences,
    level_units,
    moments,
    share,
    standardised_difference,
    unit,
)

AGES = np.array([25.0, 31.0, 47.0, 52.0, 38.0])
OTHERS = np.array([22.0, 29.0, 35.0, 61.0])
WEIGHTS = np.array([0.5, 2.0, 1.5, 1.0])


def of(values: np.ndarray, weights: np.ndarray | None = None) -> Moments:
    w = np.ones(len(values)) if weights is None else weights
    return moments(float(w.sum()), float(w @ values), float(w @ values**2), float(w @ w))


def test_moments_from_sums_are_those_of_the_persons() -> None:
    found = of(AGES)
    assert found.mean == pytest.approx(AGES.mean())
    assert found.variance == pytest.approx(AGES.var(ddof=1))
    assert moments(5, float(AGES.sum()), float(AGES @ AGES)).variance == pytest.approx(AGES.var(ddof=1))
    assert of(OTHERS, WEIGHTS).mean == pytest.approx(np.average(OTHERS, weights=WEIGHTS))


def test_the_weighted_variance_is_unbiased() -> None:
    """Over all equally likely samples of two the mean of the estimate is the variance of the population."""
    population, weights = np.array([1.0, 4.0, 6.0]), np.array([3.0, 1.0])
    pairs = [np.array([a, b]) for a in population for b in population]
    assert np.mean([of(pair, weights).variance for pair in pairs]) == pytest.approx(population.var())


def test_a_difference_by_hand() -> None:
    # means 38.6 and 36.75; squared deviations 184.96 + 57.76 + 70.56 + 179.56 + 0.36 = 493.2, over 4 = 123.3
    assert standardised_difference(of(AGES), of(OTHERS)) == pytest.approx(1.85 / math.sqrt(123.3))


def test_after_weighting_the_unit_is_the_one_before() -> None:
    before = unit(of(AGES), of(OTHERS))
    matched = of(AGES[:3])
    after = standardised_difference(matched, of(OTHERS, WEIGHTS), before)
    mean = (0.5 * 22 + 2 * 29 + 1.5 * 35 + 61) / 5
    assert after == pytest.approx((103 / 3 - mean) / math.sqrt(123.3))


def test_levels_of_a_category_by_hand() -> None:
    # Race in LaLonde's data, 185 treated and 429 others: black, hispanic, white; R's MatchIt prints
    # 1.7615, -0.3498 and -1.8819.
    treated, others = (156, 11, 18), (87, 61, 281)
    found = level_differences(treated, others)
    assert found == pytest.approx([1.76154188981543, -0.349842541598422, -1.88186760097513], rel=1e-12)
    assert largest(found) == pytest.approx(1.88186760097513)


def test_levels_after_weighting_keep_their_units() -> None:
    before = level_units([156, 11, 18], [87, 61, 281])
    after = level_differences([150, 10, 17], [151.0, 9.5, 16.5], before)
    share_before = 156 / 185
    assert after[0] == pytest.approx((150 / 177 - 151 / 177) / math.sqrt(share_before * (1 - share_before)))


def test_where_the_treated_are_all_the_same_both_groups_give_the_unit() -> None:
    treated, others = share(10, 10), share(30, 15)
    everybody = 25 / 40
    assert unit(treated, others) == pytest.approx(math.sqrt(everybody * (1 - everybody)))
    assert standardised_difference(treated, others) == pytest.approx(0.5 / math.sqrt(everybody * (1 - everybody)))


def test_where_everybody_is_the_same_rounding_makes_no_difference() -> None:
    constant = moments(7, 7 * 0.1, 7 * 0.1**2)
    assert constant.variance == 0
    assert standardised_difference(constant, Moments(3, 0.1 + 1e-15, 0.0)) == 0
    assert standardised_difference(share(3, 3), share(1.1, 1.1 - 1e-15)) == 0
    assert standardised_difference(Moments(5, 1.0, 0.0), Moments(5, 1.0 + 1e-6, 0.0), 0.0) == 0


def test_an_empty_group_has_no_difference() -> None:
    assert math.isnan(standardised_difference(of(AGES), moments(0, 0, 0)))
    assert math.isnan(level_differences([1, 2], [0, 0])[0])
    assert largest([math.nan]) == 0
