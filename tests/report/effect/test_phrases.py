"""Sentences that follow their figures as printed, on both sides of nought."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gevinst.effects.estimate import Interval
from gevinst.follow_up.effect_detail import Chance, EffectDetail, FrequencyPoint
from gevinst.language import NO_BREAK, speaking
from gevinst.report.effect.phrases import (
    chance_words,
    chances_told,
    evidence_told,
    frequency_sentence,
    frequency_span,
    of_hundred,
    support_told,
    weeks_of_few,
    weeks_span,
    weeks_told,
)


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def point(with_effort: float, without: float, low: float | None = 0.01, high: float | None = 0.09,
          week: int = 52) -> FrequencyPoint:
    return FrequencyPoint(week, with_effort, without, Interval(without - with_effort, low, high))


def test_one_hundred_participants_are_told_as_a_politician_would() -> None:
    assert plain(frequency_sentence(point(0.462, 0.507))) == (
        "Af 100 deltagere er 46 stadig på ydelsen efter et år. Uden indsatsen ville det have været 51.")
    with speaking("en"):
        assert plain(frequency_sentence(point(0.462, 0.507, week=26))) == (
            "Of 100 participants, 46 are still on the benefit after half a year. Without the effort it would have "
            "been 51.")


def test_what_is_printed_as_the_same_is_the_same() -> None:
    assert frequency_sentence(point(0.4551, 0.4649)).endswith("Uden indsatsen ville det have været lige så mange.")


@pytest.mark.parametrize(("share", "count"), [(0.455, 46), (0.465, 47), (0.0049, 0), (1.0, 100)])
def test_persons_are_rounded_half_up(share: float, count: int) -> None:
    assert of_hundred(share) == count


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.01, 0.09, "fra 1 til 9 færre af 100"), (-0.02, 0.09, "fra 2 flere til 9 færre af 100"),
    (-0.09, -0.01, "fra 1 til 9 flere af 100"), (-0.004, 0.09, "fra 0 til 9 færre af 100"),
    (-0.09, 0.004, "fra 0 til 9 flere af 100"),
])
def test_the_span_names_its_directions_as_printed(low: float, high: float, said: str) -> None:
    assert said in plain(frequency_span(point(0.5, 0.5, low, high)))


def test_without_an_interval_nothing_is_said_of_it() -> None:
    assert frequency_span(point(0.5, 0.5, None, None)) == ""
    assert weeks_span(Interval(1.0)) == ""


@pytest.mark.parametrize(("weeks", "said", "undecided"), [
    (Interval(1.4, 0.3, 2.5), "have sparet 1,4 uger på ydelsen pr. deltager i det første år. Tallet er usikkert og kan "
                              "være fra 0,3 til 2,5 færre uger", False),
    (Interval(-1.4, -2.5, -0.3), "have kostet 1,4 ekstra uger på ydelsen pr. deltager i det første år. Tallet er "
                                 "usikkert og kan være fra 0,3 til 2,5 flere uger", False),
    (Interval(1.4, -0.6, 3.4), "kan være fra 0,6 flere til 3,4 færre uger", True),
    (Interval(0.04, -0.6, 0.7), "hverken at have forkortet eller forlænget tiden", True),
])
def test_weeks_follow_their_sign(detail: EffectDetail, weeks: Interval, said: str, undecided: bool) -> None:
    told = weeks_told(replace(detail, weeks_saved=weeks))
    assert said in told
    assert ("kan derfor ikke afgøres" in told) is undecided


def test_too_few_have_an_interval_and_no_number(detail: EffectDetail) -> None:
    told = weeks_of_few(replace(detail, participants=12, weeks_saved=Interval(7.7, -0.6, 3.4)), 20, 5)
    assert "7,7" not in told
    assert "Der er 12 deltagere i opgørelsen. Det er for få (under 20)" in told
    assert "Svaret kan være fra 0,6 flere til 3,4 færre uger på ydelsen pr. deltager (95 %-interval)." in told
    assert "Der er under 5 deltagere" in weeks_of_few(replace(detail, participants=None), 20, 5)


@pytest.mark.parametrize(("weeks", "said"), [
    (Interval(1.1, -0.1, 2.3), "er skønnet 1,1 sparede uger (95 %-interval: 0,1 flere til 2,3 færre uger)."),
    (Interval(-1.1), "er skønnet 1,1 ekstra uger."), (Interval(0.01), "er der ingen forskel i antallet af uger."),
])
def test_any_support_is_told_beside_the_benefit(detail: EffectDetail, weeks: Interval, said: str) -> None:
    assert support_told(replace(detail, weeks_any_support=weeks)).endswith(said)
    assert support_told(replace(detail, weeks_any_support=weeks, claim=False)) == ""
    assert support_told(replace(detail, weeks_any_support=None)) == ""


def test_a_probability_is_never_certain() -> None:
    assert [plain(chance_words(p)) for p in (0.0, 0.0049, 0.005, 0.834, 0.9949, 0.995, 1.0)] == [
        "under 1 pct.", "under 1 pct.", "1 pct.", "83 pct.", "99 pct.", "over 99 pct.", "over 99 pct."]
    with speaking("en"):
        assert chance_words(0.834) == "83%"


def test_the_chances_of_the_whole_period_are_told() -> None:
    chances = (Chance(2020, 0.1, 0.2), Chance(None, 0.48, 0.83))
    assert plain(chances_told(chances)) == (
        "Sandsynligheden for, at besparelsen har dækket investeringen, er 83 pct. Sandsynligheden for, at besparelsen "
        "har nået budgettet, er 48 pct.")
    assert "dækket investeringerne, er" in chances_told(chances, several=True)
    assert "budgettet" not in chances_told((Chance(None, None, 0.83),))
    assert chances_told(chances[:1]) == ""
    with speaking("en"):
        assert chances_told(chances).startswith("The probability that the saving has covered the investment is 83%.")


def test_the_grade_stands_with_its_meaning_and_reasons(detail: EffectDetail) -> None:
    told = evidence_told(detail.evidence)
    assert told.startswith("Grundlaget for tallet er B (godt): Forskellen er et godt bud på effekten")
    assert all(reason in told for reason in detail.evidence.reasons)
    assert ".." not in told
