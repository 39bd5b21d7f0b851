"""Shares at destinations: those that stand for few are withheld, and cannot be found from the others."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.matched_study import Destinations
from gevinst.effects.replicates import interval
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.valued import Valued
from gevinst.follow_up.whereabouts import (
    destination_names,
    followed,
    frequencies,
    weeks_withheld,
    whereabouts,
    whole_persons,
    withheld,
)
from gevinst.language import speaking

SHARES = ("share_with", "share_without")
NAMES = ("same_benefit", "other_benefit", "education", "pension", "left_register", "self_support")
counts = st.lists(st.integers(0, 60), min_size=6, max_size=6).filter(any)


@given(counts)
def test_what_is_withheld_cannot_be_found_by_taking_the_others_from_the_whole(persons: list[int]) -> None:
    hidden = withheld(NAMES, np.array(persons, np.float64), 5)
    shown = [count for number, count in enumerate(persons) if number not in hidden]
    assert all(count == 0 or count >= 5 for count in shown)
    together = sum(persons) - sum(shown)
    if hidden and sum(persons) >= 5:
        assert together >= 5, "what the hidden ones add up to is not a small cell"
        assert len(hidden) > 1


@given(counts)
def test_nothing_is_withheld_without_need(persons: list[int]) -> None:
    hidden = withheld(NAMES, np.array(persons, np.float64), 5)
    assert bool(hidden) == any(0 < count < 5 for count in persons)
    assert not any(persons[number] == 0 for number in hidden)


def test_the_share_that_is_printed_elsewhere_is_withheld_last() -> None:
    assert withheld(NAMES, np.array([10.0, 3, 0, 0, 0, 50]), 5) == {1, 5}
    assert withheld(NAMES, np.array([90.0, 3, 0, 0, 0, 0]), 5) == {0, 1}


@given(st.integers(1, 400), st.lists(st.integers(0, 400), min_size=5, max_size=5))
def test_the_number_of_persons_is_found_from_the_shares(n: int, parts: list[int]) -> None:
    cuts = [0, *sorted(min(part, n) for part in parts), n]
    persons = np.diff(cuts)
    found = whole_persons(persons / n, 400)
    assert n % found == 0, "or a divisor, where all counts are multiples of something"
    assert np.allclose(persons / n * found, np.round(persons / n * found))
    assert whole_persons(persons / n, 400, n) == n


def test_those_followed_are_found_from_the_curve_and_are_never_too_many(valued: Valued) -> None:
    effect = valued.study.effects["matched"]
    assert followed(effect)[:26].min() >= 140, "of 153, nearly all of whom are followed for years"
    left = np.array([200, 200, 150, 149, 90])
    on = np.array([200, 100, 30, 31, 30])
    curve = replace(effect, participants=200, share_with=(on / left)[None, :])
    assert followed(curve).tolist() == [149, 149, 149, 149, 3]


def table(with_effort: list[int], without: list[float], replicates: int = 40) -> Destinations:
    rng = np.random.default_rng(4)
    wobble = np.concatenate([np.zeros((1, 6, 1)), rng.normal(0, 0.01, (replicates, 6, 1))])
    actual = np.array(with_effort, np.float64)[None, :, None] / sum(with_effort) + wobble
    other = np.array(without)[None, :, None] / sum(without) + 2 * wobble
    return Destinations(NAMES, (52,), actual, other)


@pytest.fixture
def of_200(valued: Valued) -> EffectReplicates:
    """An effect of 200 participants, all of whom are followed for a year and more."""
    effect = valued.study.effects["matched"]
    return replace(effect, participants=200, share_with=np.linspace(1, 0.335, 134)[None, :])


def test_shares_and_differences_are_those_of_the_replicates(of_200: EffectReplicates) -> None:
    found = table([50, 10, 10, 10, 10, 110], [60, 10, 10, 10, 10, 100])
    shares = whereabouts(found, of_200, "A-dagpenge", Rules())
    assert [share.key for share in shares] == list(NAMES)
    assert sum(share.with_effort or 0 for share in shares) == pytest.approx(1)
    assert shares[0].difference == interval(found.actual[:, 0, 0] - found.without[:, 0, 0])
    assert shares[0].difference is not None
    assert shares[0].difference.estimate == pytest.approx(-0.05)


def test_a_thin_share_takes_its_difference_and_a_second_share_with_it(of_200: EffectReplicates) -> None:
    found = table([50, 3, 0, 0, 0, 147], [60, 20, 0, 0, 0, 120])
    shares = {one.key: one for one in whereabouts(found, of_200, "A", Rules())}
    assert shares["other_benefit"].with_effort is None
    assert shares["self_support"].with_effort is None
    assert shares["other_benefit"].without == pytest.approx(0.1)
    assert shares["other_benefit"].difference is None
    assert shares["pension"].with_effort == 0
    assert weeks_withheld(tuple(shares.values())) == ()


def test_of_the_counterfactual_two_thin_shares_are_enough(of_200: EffectReplicates) -> None:
    found = table([50, 50, 0, 0, 0, 100], [60, 2, 0, 0, 1, 137])
    shares = {one.key: one for one in whereabouts(found, of_200, "A", Rules())}
    assert [key for key, share in shares.items() if share.without is None] == ["other_benefit", "left_register"]


def test_where_the_same_benefit_is_withheld_its_frequency_is_too(valued: Valued, of_200: EffectReplicates) -> None:
    shares = whereabouts(table([3, 0, 0, 0, 0, 197], [60, 0, 0, 0, 0, 140]), of_200, "A", Rules())
    assert weeks_withheld(shares) == (52,)
    effect = valued.study.effects["matched"]
    assert [point.week for point in frequencies(effect)] == [13, 26, 52, 104]
    assert [point.week for point in frequencies(effect, weeks_withheld(shares))] == [13, 26, 104]


def test_frequencies_are_the_curves_of_the_effect(valued: Valued) -> None:
    effect = valued.study.effects["matched"]
    point = frequencies(effect)[1]
    assert (point.with_effort, point.without) == (effect.share_with[0, 26], effect.share_without[0, 26])
    assert point.difference == interval(effect.share_without[:, 26] - effect.share_with[:, 26])
    assert [one.week for one in frequencies(replace(effect, covered_weeks=30))] == [13, 26]
    gone = {name: getattr(effect, name) * (np.arange(effect.share_with.shape[1]) < 20) for name in SHARES}
    assert [one.week for one in frequencies(replace(effect, **gone))] == [13], "everybody has left by week 20"


def test_every_destination_has_a_name_in_both_languages() -> None:
    for language in ("da", "en"):
        with speaking(language):
            assert set(destination_names("A-dagpenge")) == set(NAMES)
