"""What each participant saves, and how far its uncertainty will fall: in a municipality whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from gevinst.economy.saving import Saving
from gevinst.economy.valuation import PriceTable
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.replicates import weights
from gevinst.follow_up.status_effect import saving_by_band
from gevinst.follow_up.value_of_information import decide
from tests.follow_up.forecast_town import BENEFIT, EFFECT, PRICE, STEP, follow_up, town

YEARS = (2020, 2021, 2022)
TRUE = -EFFECT * PRICE * 52
"""Each participant is a tenth less on a benefit of 1,000 kr. a week, in every week of a year."""
NOW, YEAR_LATER, PACE, SEEDS = 77, 129, 2.0, 12


@pytest.fixture(scope="module")
def saving() -> Saving:
    net = np.zeros((1, 4, len(YEARS)))
    net[0, STEP] = 900.0, PRICE, 0.0  # the last year has no price: the newest that is known counts
    prices = PriceTable((BENEFIT,), (0, 1, 2, 3), YEARS, net, net, None, np.zeros((1, len(YEARS)), bool), ())
    return Saving(YEARS, np.zeros((2, 3)), np.zeros((2, 3)), (), (), 0.0, prices)


@pytest.fixture(scope="module")
def seen() -> list[tuple[EffectReplicates, EffectReplicates]]:
    """The same municipalities followed up after a year and a half, and a year after that."""
    made = [town(seed, PACE) for seed in range(SEEDS)]
    drawn = weights(200, 1)
    return [(follow_up(one, NOW, drawn), follow_up(one, YEAR_LATER, drawn)) for one in made]


def banded(effect: EffectReplicates, saving: Saving) -> tuple[Floats, tuple[int, ...]]:
    assert effect.profile is not None
    return saving_by_band(effect.profile, saving, 52)


def test_kroner_are_the_weeks_by_age_at_the_newest_price(
    seen: list[tuple[EffectReplicates, EffectReplicates]], saving: Saving
) -> None:
    effect = seen[0][1]
    profile = effect.profile
    assert profile is not None
    by_band, bands = banded(effect, saving)
    assert bands == (13, 13, 13, 13)
    by_hand = sum(-float(profile.effect[0, week // 13].sum()) * PRICE for week in range(52))
    assert by_band[0].sum() == pytest.approx(by_hand)
    short, widths = saving_by_band(profile, saving, 30)
    assert widths == (13, 13, 4)
    assert short[0].sum() == pytest.approx(by_band[0, :2].sum() + by_band[0, 2] * 4 / 13)


def test_the_truth_is_found(seen: list[tuple[EffectReplicates, EffectReplicates]], saving: Saving) -> None:
    found = np.array([banded(later, saving)[0][0].sum() for _, later in seen])
    assert found.mean() == pytest.approx(TRUE, abs=4 * found.std(ddof=1) / np.sqrt(SEEDS))


def test_the_uncertainty_falls_as_was_foreseen(
    seen: list[tuple[EffectReplicates, EffectReplicates]], saving: Saving
) -> None:
    """The share of the variance left after a year, said beforehand, beside what the replicates then say."""
    said, became = [], []
    for now, later in seen:
        assert now.profile is not None
        by_band, bands = banded(now, saving)
        coming = np.full(YEAR_LATER - NOW + 1, PACE)
        found = decide("1", by_band, 0.0, now.profile.observed[:52], bands, coming)
        said.append(found.path[11].left)
        became.append(banded(later, saving)[0][1:].sum(axis=1).var() / by_band[1:].sum(axis=1).var())
    assert np.mean(said) == pytest.approx(np.mean(became), rel=0.1)
    assert 0.3 < np.mean(said) < 0.7
