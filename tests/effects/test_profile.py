"""The effect by weeks since the start: arms by hand, and bands that add up to the calendar years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.curves.tallies import ArmCounts
from gevinst.effects.ladder import compare, without_from_arms
from gevinst.effects.matched import answer, matched_comparison
from gevinst.effects.replicates import GROUPS, weights
from tests.effects.matched_engine import opened
from tests.town import relapsing_designs, relapsing_town

CELL = ("a-dagpenge", 1, 2020)


def arm(lasting: list[int], followed: list[int]) -> ArmCounts:
    """One person a group, on the benefit for the first `lasting` of the weeks 0..`followed`."""
    width = max(followed) + 1
    observed, starts, ends, cut = (np.zeros((GROUPS, width), np.int64) for _ in range(4))
    paid = np.zeros((GROUPS, 1, width))
    for group, (weeks, last) in enumerate(zip(lasting, followed, strict=True)):
        observed[group, : last + 1] = 1
        starts[group, 0] = 1
        if weeks <= last:
            ends[group, weeks] = 1
        else:
            cut[group, min(last + 1, width - 1)] = 1 if last + 1 < width else 0
        paid[group, 0, : min(weeks, last + 1)] = 1
    trials = (np.arange(GROUPS) < len(lasting)).astype(np.int64)
    return ArmCounts("a", observed, starts, ends, cut, trials, (2020,), observed[:, None, :].astype(float), (CELL,),
                     paid)  # fmt: skip


def test_weeks_per_participant_week_by_hand() -> None:
    """Ten followed 20 weeks, on the benefit for 15 of them, ten of them for 5; without, all of it for 19 of 20."""
    taken = arm([15] * 10 + [5] * 10, [19] * 20)
    without = without_from_arms([arm([19] * 30, [19] * 30)], weights(0, 1))
    profile = compare("rest_of_target_group", taken, without, weights(0, 1), 20).profile
    assert profile is not None
    assert profile.cells == (("a-dagpenge", 1),)
    assert profile.first_weeks == (0, 13)
    assert profile.actual[0, :, 0].tolist() == pytest.approx([(130 + 50) / 260, 20 / 140])
    assert profile.without[0, :, 0].tolist() == pytest.approx([1.0, 6 / 7])
    assert profile.effect[0, :, 0].tolist() == pytest.approx([180 / 260 - 1, 20 / 140 - 6 / 7])
    assert profile.mature_week(20) == 19
    assert profile.mature_week(21) == -1


def test_a_week_that_few_have_reached_is_not_mature() -> None:
    taken = arm([3] * 30, [9] * 20 + [25] * 10)
    without = without_from_arms([arm([9] * 30, [25] * 30)], weights(0, 1))
    profile = compare("rest_of_target_group", taken, without, weights(0, 1), 26).profile
    assert profile is not None
    assert [profile.mature_week(least) for least in (30, 21, 10, 31)] == [9, 9, 25, -1]


@pytest.mark.parametrize("later", ["censor", "keep"])
def test_the_bands_of_the_matched_comparison_add_up_to_its_years(duckdb_backend: Backend, later: str) -> None:
    """Paid weeks by weeks since the start, and by calendar year, are the same weeks: in every replicate and cell."""
    town = opened(relapsing_town(11, 180), relapsing_designs(later_participants=later), duckdb_backend)
    drawn = weights(60, 7)
    for design in town.designs:
        matched = matched_comparison(
            town.histories, town.referrals, design.investment, town.covariates, 60, ages=True)
        assert matched is not None
        ages, paid = matched.sums.ages, matched.sums.paid
        assert ages is not None
        for name in ("actual", "without"):
            assert getattr(ages.paid, name).sum(axis=0) == pytest.approx(getattr(paid, name).sum(axis=0))
            by_band, by_year = (getattr(one, f"{name}_influence").sum(axis=1) for one in (ages.paid, paid))
            assert by_band == pytest.approx(by_year, abs=1e-9)
        assert ages.followed.sum() == pytest.approx(matched.sums.observed.sum())
        assert ages.followed_influence.sum(axis=0) == pytest.approx(0, abs=1e-9)
        effect = answer(matched, town.histories, drawn, 26)
        profile = effect.profile
        assert profile is not None
        total = np.einsum("bc,b->c", profile.actual[0], ages.followed)
        assert total == pytest.approx(effect.actual_weeks[0].sum(axis=0))
        without = replace(matched, sums=replace(matched.sums, ages=None))
        assert answer(without, town.histories, drawn, 26).profile is None


def test_where_only_the_first_weeks_differ_only_their_band_has_an_effect() -> None:
    taken, others = arm([7] * 40, [30] * 40), arm([10] * 40, [30] * 40)
    drawn = weights(50, 3)
    profile = compare("baseline", taken, without_from_arms([others], drawn), drawn, 26).profile
    assert profile is not None
    assert profile.effect[..., 0] == pytest.approx(np.tile([-3 / 13, 0, 0], (51, 1)))
