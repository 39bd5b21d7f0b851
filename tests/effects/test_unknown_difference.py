"""The E-value against the examples of VanderWeele & Ding (2017) and against the bound it comes from."""

import math

import numpy as np
import pytest

from gevinst.effects.unknown_difference import e_value, e_value_limit, e_value_sentence, e_values
from gevinst.language import speaking


def test_the_published_examples() -> None:
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert e_value_limit(1.8, 8.7) == pytest.approx(3.0)
    assert e_value(0.80) == pytest.approx(1.81, abs=0.005)
    assert e_value_limit(0.71, 0.91) == pytest.approx(1.43, abs=0.005)


@pytest.mark.parametrize("ratio", [1.0, 1.1, 2.0, 7.0])
def test_a_difference_of_that_strength_just_explains_the_effect(ratio: float) -> None:
    strength = e_value(ratio)
    assert strength * strength / (2 * strength - 1) == pytest.approx(ratio)
    assert e_value(1 / ratio) == pytest.approx(strength)


def test_persons_with_a_trait_and_no_effect_at_all() -> None:
    """Everybody outside has the trait, 1 in G of the participants; with it they are U times as long on the benefit."""
    more, longer, weeks = 3.0, 2.0, 10.0
    with_effort = weeks * (longer / more + 1 - 1 / more)
    without = weeks * longer
    assert e_value(with_effort / without) == pytest.approx(e_value(more * longer / (more + longer - 1)))
    assert e_value(with_effort / without) < max(more, longer)


def test_an_interval_that_holds_no_effect_needs_no_difference() -> None:
    assert e_value_limit(0.9, 1.2) == 1
    assert e_value_limit(1.0, 1.2) == 1
    assert e_value(1) == 1
    assert e_value(math.inf) == math.inf


def test_from_replicates() -> None:
    without = np.full(41, 25.0)
    with_effort = np.array([20.0, *np.linspace(17.75, 22.75, 40)])
    found = e_values(with_effort, without)
    assert found is not None
    low, high = np.quantile(with_effort[1:] / 25, [0.025, 0.975])
    assert found == pytest.approx((e_value(0.8), e_value_limit(low, high)))
    assert e_values(np.array([0.0, 1.0, 1.0]), np.array([1.0, 1.0, 1.0])) is None
    assert e_values(np.array([0.5, 0.0, 0.5]), np.array([1.0, 1.0, 0.0])) == (e_value(0.5), None)
    assert e_values(np.array([0.5, 0.5, 0.5]), np.array([1.0, 1.0, -1.0])) == (e_value(0.5), None)
    assert e_values(np.array([0.5, 0.5, 0.5]), np.array([-1.0, 1.0, 1.0])) is None


def test_what_is_no_ratio_is_refused() -> None:
    for ratio in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="positive"):
            e_value(ratio)
    with pytest.raises(ValueError, match="upwards"):
        e_value_limit(0.9, 0.8)


def test_a_saving_is_explained_by_what_is_rarer_among_participants() -> None:
    with speaking("en"):
        saving, longer = e_value_sentence(2.0, None), e_value_sentence(2.0, None, fewer_weeks=False)
    assert "2.0 times as common among the others as among participants" in saving
    assert "2.0 times as common among participants as among the others" in longer


def test_the_sentence_at_the_ends_of_the_scale() -> None:
    with speaking("da"):
        assert "ubetydelig forskel" in e_value_sentence(1.02, 1.0)
        assert e_value_sentence(1.6, 1.0).endswith("Det er i forvejen ikke statistisk sikkert, at der er en effekt.")
        assert e_value_sentence(1.6, 1.01).count("ubetydelig") == 1
        assert "over 20 gange så almindelig" in e_value_sentence(math.inf, 3.0)
