"""The forecast against slow loops, a case by hand, and a town whose later result is known."""

from __future__ import annotations

import numpy as np
import pytest

from gevinst.effects.profile import Profile
from gevinst.effects.replicates import weights
from gevinst.follow_up.extrapolation import Extrapolation
from gevinst.follow_up.forecast import LEVELS, Starts, YearForecast, coming_weeks, fan, forecast_years
from gevinst.weeks import first_week, year_of
from tests.follow_up.forecast_town import AFTER, EFFECT, FIRST, PRICE, follow_up, town


def test_the_convolution_is_that_of_a_slow_loop_over_persons_and_weeks() -> None:
    rng = np.random.default_rng(3)
    starts, first = rng.integers(0, 4, 90).astype(float), first_week(2020) + 11
    after, years, ages = first + 60, (2021, 2022), 130
    slow = np.zeros((2, ages))
    for column, many in enumerate(starts):
        for _person in range(int(many)):
            for age in range(ages):
                week = first + column + age
                if week > after and year_of(week) in years:
                    slow[years.index(year_of(week)), age] += 1
    assert coming_weeks(starts, first, after, years, ages).tolist() == slow.tolist()
    both = coming_weeks(np.stack([starts, 2 * starts]), first, after, years, ages)
    assert both[1].tolist() == (2 * slow).tolist()


def profile(weeks: int, *effects: float, replicates: int = 0) -> Profile:
    """One cell; the effect of each band, thirty participants in every week."""
    without = -np.array(effects)[None, :, None] * np.ones((1 + replicates, 1, 1))
    return Profile((("a-dagpenge", 3),), np.full(weeks, 30.0), np.zeros_like(without), without)


def test_a_tiny_case_in_kroner_by_hand() -> None:
    """Four started in the last week seen, the last of 2020; two will in the first week of 2021, and that is all.

    Half a week in a hundred is 2 kroner a week: -0.10 to week 12, -0.04 after, at 1,000 kroner a week in 2021 and 1,100
    in 2022. Data end with week 25 since the start; nothing is counted beyond (`zero`).
    """
    known = Starts(profile(26, -0.10, -0.04), 4, first_week(2021) - 1, np.array([4.0]), np.array([2.0]))
    prices = np.array([[1000.0], [1100.0]])
    in_2021, in_2022 = forecast_years(known, Extrapolation("zero", 25), (2021, 2022), prices)
    # the four have weeks 1-25 left, the two weeks 0-25
    four, two = 4 * (12 * -0.10 + 13 * -0.04), 2 * (13 * -0.10 + 13 * -0.04)
    assert in_2021.coming == pytest.approx((four + two) * 1000)
    assert in_2021.coming == pytest.approx(-10_520)
    assert in_2022.coming == 0
    assert (in_2021.starts, in_2022.starts) == (2, 0)
    of_2021 = 4 * 52 + 2 * 52  # 2021 has 52 weeks
    assert in_2021.extrapolated == pytest.approx((of_2021 - 4 * 25 - 2 * 26) / of_2021)
    assert in_2021.from_coming == pytest.approx(2 * 52 / of_2021)


@pytest.mark.parametrize("rule", ["hold", "decay", "zero"])
def test_each_rule_by_hand(rule: str) -> None:
    """One person, week 25 the last mature one at -0.04; 2021 holds her weeks 1-52, 2022 her weeks 53-104."""
    known = Starts(profile(26, -0.10, -0.04), 1, first_week(2021) - 1, np.array([1.0]), np.zeros(0))
    how = Extrapolation(rule, 25, 26)
    found = forecast_years(known, how, (2021, 2022), np.array([[100.0], [100.0]]))
    seen = 12 * -0.10 + 13 * -0.04
    left = {"hold": lambda k: 1.0, "decay": lambda k: 0.5 ** ((k - 25) / 26), "zero": lambda k: 0.0}[rule]
    assert found[0].coming == pytest.approx(100 * (seen + sum(-0.04 * left(k) for k in range(26, 53))))
    assert found[1].coming == pytest.approx(100 * sum(-0.04 * left(k) for k in range(53, 105)))


def test_the_level_that_is_carried_on_is_of_a_quarter_at_least() -> None:
    """Week 28 is the last mature one: three weeks of the third band and the thirteen of the second."""
    matrix = Extrapolation("hold", 28).matrix((0, 13, 26, 39), 31)
    assert matrix[28].tolist() == [0, 0, 1, 0]
    assert matrix[30].tolist() == pytest.approx([0, 13 / 16, 3 / 16, 0])
    assert Extrapolation("hold", 38).matrix((0, 13, 26), 40)[39].tolist() == [0, 0, 1]


def test_what_has_been_is_added_to_the_running_year_in_every_replicate() -> None:
    known = Starts(profile(26, -0.1, -0.1, replicates=4), 4, first_week(2021) - 1, np.array([4.0]), np.zeros(0))
    so_far = np.array([-500.0, -400, -450, -550, -600])
    price = np.array([[100.0]])
    (year,) = forecast_years(known, Extrapolation("zero", 25), (2021,), price, to_date=so_far)
    assert year.to_date == -500
    assert year.expected.estimate == pytest.approx(-500 + year.coming)
    assert year.expected == fan(so_far + year.coming)


def test_the_draws_do_not_depend_on_what_else_is_forecast_and_are_the_same_again() -> None:
    known = Starts(profile(60, -0.1, -0.1, -0.1, -0.1, -0.1, replicates=50), 30, first_week(2021) - 1, np.ones(1),
                   np.full(52, 0.5))  # fmt: skip

    def run(key: str) -> tuple[YearForecast, ...]:
        return forecast_years(known, Extrapolation("hold", 51), (2021,), np.array([[100.0]]), seed=7, key=key)

    assert run("a") == run("a")
    assert run("a") != run("b")
    wide, narrow = (run("a")[0].expected.bounds(level) for level in (95, 50))
    assert wide is not None
    assert narrow is not None
    assert wide[0] < narrow[0] < run("a")[0].expected.estimate < narrow[1] < wide[1]


def test_without_replicates_there_is_no_fan() -> None:
    assert fan(np.array([3.0])).bounds(95) is None


SEEDS = 48


def test_the_intervals_hold_what_is_found_later_as_often_as_they_say() -> None:
    """Forecasts of 2022 from what is seen by the end of 2021, beside what the follow-up a year later finds.

    Both the finding and the truth behind it; the limits are those that a right interval would pass 99 times in 100.
    """
    drawn = weights(300, 1)
    horizon, end = first_week(2022) - 1 - FIRST, AFTER - FIRST - 1
    held = {level: [0, 0] for level in LEVELS}
    for seed in range(SEEDS):
        made = town(seed)
        effect = follow_up(made, horizon, drawn)
        assert effect.profile is not None
        started = made.took_part.start
        seen = np.bincount(started[started <= horizon], minlength=horizon + 1).astype(float)
        known = Starts(effect.profile, effect.participants, FIRST, seen, np.full(52, made.pace))
        how = Extrapolation("hold", effect.profile.mature_week(20))
        (year,) = forecast_years(known, how, (2022,), np.array([[PRICE]]), seed=seed, key="x")
        later = follow_up(made, end, drawn)
        weeks = (later.actual_weeks - later.counterfactual_weeks)[0, later.years.index(2022)].sum()
        truth = EFFECT * np.minimum(52, end + 1 - started).sum()
        for level in LEVELS:
            low, high = year.expected.bounds(level) or (0.0, 0.0)
            held[level][0] += low <= weeks * PRICE <= high
            held[level][1] += low <= truth * PRICE <= high
    for level, counts in held.items():
        spread = 2.6 * np.sqrt(SEEDS * level * (100 - level)) / 100
        for count in counts:
            assert count == pytest.approx(SEEDS * level / 100, abs=spread + 0.5), (level, held)
