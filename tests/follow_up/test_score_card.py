"""The score card by hand: errors, hits, what has no outcome yet, and how few they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import comb

import pytest

from gevinst.follow_up.score_card import Outcome, Said, few_words, likely_hits, score_card
from gevinst.money import CURRENT, PriceLevel

FAN = ((50, -120.0, -80.0), (80, -140.0, -60.0), (95, -170.0, -30.0))
SAID = Said("e1", date(2021, 4, 1), "1", 2021, -100.0, CURRENT, "computed", "decay", FAN)


def came(investment: str, year: int, amount: float) -> Outcome:
    return Outcome("e9", investment, year, amount, CURRENT, "computed")


def test_three_forecasts_of_two_years_by_hand() -> None:
    again = replace(SAID, edition="e2", said_on=date(2021, 11, 1), estimate=-70.0, bounds=tuple(
        (level, low + 30, high + 30) for level, low, high in FAN))
    other = Said("e1", date(2021, 4, 1), "2", 2022, -500.0, CURRENT, "recorded")
    card = score_card([again, other, SAID], [came("1", 2021, -65.0), came("2", 2022, -380.0)])
    assert [(row.said.edition, row.said.investment, row.error) for row in card.rows] == [
        ("e1", "1", 35), ("e1", "2", 120), ("e2", "1", 5)]
    assert [dict(row.held) for row in card.rows] == [
        {50: False, 80: True, 95: True}, {}, {50: True, 80: True, 95: True}]
    assert [(one.level, one.hits, one.count) for one in card.coverage] == [(50, 1, 2), (80, 2, 2), (95, 2, 2)]
    assert card.mean_error == pytest.approx(160 / 3)
    assert card.mean_size == pytest.approx(160 / 3)
    assert card.years == 2
    assert card.by_case == (("1", 2, 20.0), ("2", 1, 120.0))
    assert card.few
    assert few_words(card).startswith("Kun 3 forventninger om 2 forskellige år")


def test_errors_of_both_signs_do_not_hide_each_other() -> None:
    card = score_card([SAID, replace(SAID, year=2022)], [came("1", 2021, -90.0), came("1", 2022, -110.0)])
    assert card.mean_error == 0
    assert card.mean_size == 10


def test_what_has_no_outcome_or_one_in_other_prices_is_counted_and_not_scored() -> None:
    fixed = replace(SAID, investment="2", level=PriceLevel(2020))
    card = score_card([SAID, replace(SAID, year=2025), fixed], [came("1", 2021, -100.0), came("2", 2021, -100.0)])
    assert (len(card.rows), card.waiting, card.not_comparable) == (1, 1, 1)
    nothing = score_card([], [])
    assert nothing.mean_error is None
    assert few_words(nothing) == ""


def test_what_right_intervals_would_hold_is_the_binomial() -> None:
    for count, level in ((1, 50), (10, 80), (40, 95), (25, 50)):
        share = level / 100
        chance = [comb(count, hits) * share**hits * (1 - share) ** (count - hits) for hits in range(count + 1)]
        low, high = likely_hits(count, level)
        assert sum(chance[:low]) <= 0.025 < sum(chance[: low + 1])
        assert sum(chance[high + 1 :]) <= 0.025 < sum(chance[high:]) + 1e-12


def test_twenty_are_not_few() -> None:
    many = [replace(SAID, year=2000 + at) for at in range(20)]
    assert not score_card(many, [came("1", 2000 + at, -100.0) for at in range(20)]).few
