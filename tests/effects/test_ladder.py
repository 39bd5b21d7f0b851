"""The ladder's rungs on arms made by hand, and the published curve as a comparison."""

import numpy as np
import pytest

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.curves.tallies import ArmCounts
from gevinst.effects.ladder import compare, published_weeks_saved, without_from_arms, without_from_published
from gevinst.effects.replicates import GROUPS, interval, reweighted, weights

TABLE_2 = {0: 1.0, 4: 0.677, 8: 0.568, 13: 0.468}


def arm(durations: list[int], weeks: int, label: str = "a") -> ArmCounts:
    """Everyone on the benefit from week 0 for so many weeks, one person a group, all followed to the end."""
    shape = (GROUPS, weeks + 1)
    observed, starts, ends, cut = (np.zeros(shape, np.int64) for _ in range(4))
    paid = np.zeros((GROUPS, 1, weeks + 1))
    for group, lasting in enumerate(durations):
        observed[group] = 1
        starts[group, 0] = 1
        if lasting <= weeks:
            ends[group, lasting] = 1
        paid[group, 0, : min(lasting, weeks + 1)] = 1
    trials = np.array([1] * len(durations) + [0] * (GROUPS - len(durations)))
    exposure = observed[:, None, :].astype(float)
    return ArmCounts(label, observed, starts, ends, cut, trials, (2020,), exposure, (("a-dagpenge", 1, 2020),), paid)


def published(points: dict[int, float]) -> Curve:
    made = tuple(CurvePoint(week, share, None, None, 0, 0, 0) for week, share in points.items())
    return Curve("2017-2019", "with_relapse", "same", "a-dagpenge", "whole", made, 0, 0, "memo", published=True)


def test_weeks_saved_is_the_difference_of_mean_durations() -> None:
    drawn = weights(20, 1)
    short, long = arm([3, 5, 7, 9, 6], 20), arm([10, 12, 14, 8, 6], 20)
    effect = compare("rest_of_target_group", short, without_from_arms([long], drawn), drawn, 20)
    assert effect.weeks_saved[0] == pytest.approx(10 - 6)
    assert effect.actual_weeks[0].sum() == pytest.approx(30)
    assert effect.counterfactual_weeks[0].sum() == pytest.approx(50)


def test_a_baseline_of_several_years_is_their_simple_mean() -> None:
    drawn = weights(0, 1)
    years = [arm([4] * 5, 20), arm([8] * 50, 20)]  # not weighted by size
    effect = compare("baseline", arm([3] * 6, 20), without_from_arms(years, drawn), drawn, 20)
    assert effect.weeks_saved[0] == pytest.approx((4 + 8) / 2 - 3)
    assert effect.comparison == 55


def test_replicated_totals_are_scaled_to_the_actual_participants() -> None:
    """With everyone alike no replicate may differ: how many might have taken part is not the question."""
    drawn = weights(50, 3)
    effect = compare("baseline", arm([4] * 60, 10), without_from_arms([arm([6] * 60, 10)], drawn), drawn, 10)
    assert effect.actual_weeks == pytest.approx(np.full(effect.actual_weeks.shape, 240.0))
    assert effect.counterfactual_weeks == pytest.approx(np.full(effect.counterfactual_weeks.shape, 360.0))
    assert interval(effect.weeks_saved).low == pytest.approx(2.0)


def test_the_published_curve_and_the_participants_are_integrated_by_one_rule() -> None:
    """A participant group that follows the published curve exactly has saved nothing."""
    drawn = weights(0, 1)
    grid = np.arange(14)
    on_table = np.interp(grid, list(TABLE_2), list(TABLE_2.values()))
    durations = [int(np.searchsorted(-on_table, -(i + 0.5) / 200, side="right")) for i in range(200)]
    taken = arm(durations, 13)
    without = without_from_published(published(TABLE_2), "a-dagpenge", [0] * 14, 13, 0)
    effect = compare("baseline", taken, without, drawn, 52, "2017-2019")
    horizon, saved = published_weeks_saved(published(TABLE_2), effect, 52)
    assert horizon == 13
    assert saved[0] == pytest.approx(0, abs=0.03)  # 200 persons cannot follow it closer
    mean = 4 * (1 + 0.677) / 2 + 4 * (0.677 + 0.568) / 2 + 5 * (0.568 + 0.468) / 2
    shifted = published({week: min(1.0, share + (0.1 if week else 0)) for week, share in TABLE_2.items()})
    moved = mean + 4 * 0.05 + 4 * 0.1 + 5 * 0.1
    assert published_weeks_saved(shifted, effect, 52)[1][0] - saved[0] == pytest.approx(moved - mean)


def test_beyond_the_last_published_week_nothing_is_claimed() -> None:
    drawn = weights(0, 1)
    without = without_from_published(published(TABLE_2), "a-dagpenge", [0] * 31, 30, 0)
    effect = compare("baseline", arm([40] * 10, 30), without, drawn, 52)
    assert effect.covered_weeks == 13
    assert effect.uncovered == 10 * 17
    assert effect.counterfactual_weeks[0].sum() == pytest.approx(
        10 * np.interp(range(14), [*TABLE_2], [*TABLE_2.values()]).sum()
    )


def test_reweighting_is_a_weighted_sum_over_groups() -> None:
    counts = np.arange(GROUPS * 3).reshape(GROUPS, 3)
    drawn = weights(5, 9)
    found = reweighted(counts, drawn)
    assert found[0].tolist() == counts.sum(axis=0).tolist()
    assert found[3, 1] == pytest.approx(sum(w * row[1] for w, row in zip(drawn[3], counts, strict=True)))


def test_the_interval_covers_a_known_truth_about_as_often_as_it_says() -> None:
    """The mean of 80 draws from a known law, 300 times: 95 % intervals cover it in 90-98 % (two Monte Carlo errors)."""
    rng, covered = np.random.default_rng(11), 0
    drawn = weights(400, 5)
    for _ in range(300):
        durations = (rng.geometric(0.1, 80)).clip(max=60).tolist()
        without = without_from_arms([arm([1] * 60, 60)], drawn)  # one week each
        effect = compare("baseline", arm(durations, 60), without, drawn, 60)
        found = interval(-effect.weeks_saved)
        truth = sum(0.9**k for k in range(60)) - 1
        covered += found.low <= truth <= found.high
    assert 0.90 <= covered / 300 <= 0.98
