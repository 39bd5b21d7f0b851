"""One hundred participants twice: every person is drawn, and the difference stands where there are more."""

from __future__ import annotations

from collections import Counter

import pytest

from gevinst.language import LANGUAGES, Language, speaking
from gevinst.report.charts import render
from gevinst.report.charts.frequency_pair import OffBenefit, describe_frequency_pair, frequency_pair_chart

CASES = [(54, 49), (43, 49), (50, 50), (0, 0), (100, 100), (100, 0), (0, 100), (1, 99)]


@pytest.mark.parametrize(("taken", "without"), CASES)
def test_each_picture_has_one_hundred_of_whom_as_many_are_off_as_it_says(taken: int, without: int) -> None:
    with speaking("da"):
        spec = frequency_pair_chart(OffBenefit(taken, without))
    persons = spec["datasets"]["persons"]
    left = Counter(person["kind"] for person in persons if person["x"] < 316)
    right = Counter(person["kind"] for person in persons if person["x"] > 316)
    for drawn, off, other in ((left, taken, without), (right, without, taken)):
        assert drawn.total() == 100
        assert drawn["ude af ydelsen"] + drawn["forskellen"] == off
        assert drawn["forskellen"] == max(off - other, 0)
        assert drawn["stadig på ydelsen"] == 100 - off
    places = {(person["x"], person["y"]) for person in persons}
    assert len(places) == 200, "no two stand in one place"
    assert all(0 < x < spec["width"] and 0 < y < spec["height"] for x, y in places)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("taken", "without"), CASES)
def test_it_is_drawn_and_told(language: Language, taken: int, without: int) -> None:
    with speaking(language):
        hundred = OffBenefit(taken, without)
        drawn = render.svg(frequency_pair_chart(hundred))
        told = describe_frequency_pair(hundred)
    assert drawn.startswith("<svg")
    assert str(taken) in drawn
    assert str(taken) in told
    assert str(without) in told
    if taken != without:
        assert str(abs(taken - without)) in told


def test_the_legend_names_only_what_is_drawn() -> None:
    with speaking("en"):
        scale = frequency_pair_chart(OffBenefit(100, 100))["layer"][0]["encoding"]["shape"]["scale"]
    assert scale["domain"] == ["off the benefit"]


def test_the_words_follow_the_difference() -> None:
    with speaking("da"):
        assert describe_frequency_pair(OffBenefit(43, 49)).endswith("Det er 6 færre.")
        assert describe_frequency_pair(OffBenefit(49, 49)).endswith("Det er lige mange.")
