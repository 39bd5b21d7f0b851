"""The rung between earlier years and matching: baseline + (rest now - rest then), week by week."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.curves.tallies import ArmCounts
from gevinst.effects.design import StudyDesign
from gevinst.effects.ladder import compare, cycle_adjusted, without_from_arms
from gevinst.effects.replicates import GROUPS, reweighted, weights
from gevinst.effects.study import study_investments
from gevinst.parameters.benefits import benefits
from gevinst.weeks import first_week, monday

A, K = "a-dagpenge", "kontanthjaelp"


def arm(durations: list[int], weeks: int, cells: tuple[tuple[str, int, int], ...] = ((A, 1, 2020),)) -> ArmCounts:
    """On the benefit from week 0 for so many weeks, one person a group; paid as the first of `cells`."""
    shape = (GROUPS, weeks + 1)
    observed, starts, ends, cut = (np.zeros(shape, np.int64) for _ in range(4))
    paid = np.zeros((GROUPS, len(cells), weeks + 1))
    for group, lasting in enumerate(durations):
        observed[group] = starts[group, 0] = 1
        if lasting <= weeks:
            ends[group, lasting] = 1
        paid[group, 0, : min(lasting, weeks + 1)] = 1
    starts[:, 1:] = 0
    trials = np.array([1] * len(durations) + [0] * (GROUPS - len(durations)))
    return ArmCounts("a", observed, starts, ends, cut, trials, (2020,), observed[:, None, :] * 1.0, cells, paid)


@pytest.fixture
def drawn() -> np.ndarray:
    return weights(30, 2)


def test_what_changed_for_everybody_is_taken_out(drawn: np.ndarray) -> None:
    """Earlier years 12 weeks, the rest 10 then and 7 now; participants 8: not 4 weeks saved but 1."""
    baseline, now, then = (without_from_arms([arm([weeks] * 6, 20)], drawn) for weeks in (12, 7, 10))
    taken = arm([8] * 6, 20)
    assert compare("baseline", taken, baseline, drawn, 20).weeks_saved[0] == pytest.approx(4)
    found = compare("cycle_adjusted", taken, cycle_adjusted(baseline, now, then), drawn, 20)
    assert found.weeks_saved == pytest.approx(np.ones(31))
    assert found.counterfactual_weeks[0].sum() == pytest.approx(6 * 9)
    assert found.comparison == 12


def test_it_is_known_as_far_as_all_three_are(drawn: np.ndarray) -> None:
    short = arm([5] * 6, 20)
    short.observed[:, 9:] = 0
    parts = [without_from_arms([one], drawn) for one in (arm([9] * 6, 20), short, arm([9] * 6, 20))]
    assert cycle_adjusted(*parts).known == 8
    assert cycle_adjusted(*parts).known == cycle_adjusted(parts[0], parts[2], parts[1]).known


def test_years_paid_as_different_benefits_and_steps_are_set_side_by_side(drawn: np.ndarray) -> None:
    """Each arm has only the benefits and steps that were met in it."""
    first, second = arm([4] * 6, 20), arm([8] * 6, 20, cells=((K, 2, 2020),))
    mean = without_from_arms([first, second], drawn)
    assert mean.cells == ((A, 1), (K, 2))
    assert mean.occupancy[0].sum(axis=1) == pytest.approx([2, 4])
    now = without_from_arms([arm([3] * 6, 20, cells=((K, 0, 2020),))], drawn)
    adjusted = cycle_adjusted(mean, now, without_from_arms([first], drawn))
    assert adjusted.cells == ((A, 1), (K, 0), (K, 2))
    assert adjusted.occupancy[0].sum(axis=1) == pytest.approx([2 - 4, 3, 4])


def test_replicates_reweight_the_same_persons_in_all_three_groups(drawn: np.ndarray) -> None:
    """A person who makes the rest of now stay longer is in the rest; her weight is hers in every sum."""
    rng = np.random.default_rng(4)
    lasting = [rng.integers(1, 15, 30).tolist() for _ in range(4)]
    taken, *others = (arm(one, 20) for one in lasting)
    parts = [without_from_arms([one], drawn) for one in others]
    found = compare("cycle_adjusted", taken, cycle_adjusted(*parts), drawn, 20).weeks_saved

    def mean(durations: list[int], row: np.ndarray) -> float:
        return float(np.average(durations, weights=row[: len(durations)]))

    own, base, now, then = lasting
    expected = [mean(base, w) + mean(now, w) - mean(then, w) - mean(own, w) for w in drawn]
    assert found == pytest.approx(expected)
    assert reweighted(taken.trials, drawn)[0] == 30


def test_a_study_has_it_where_the_register_reaches_the_baseline_years(make_tables) -> None:
    """Spells of 12 weeks in 2018, of 8 in 2020 without the effort; participants' of 7. Weeks saved: 12 + 8 - 12 - 7."""
    spells, starts, person = [], [], 0
    for year, length in ((2018, 12), (2020, 8)):
        for week in range(first_week(year) + 4, first_week(year) + 24):
            person += 1
            spells.append((person, A, monday(week), monday(week + length)))
            if year == 2020:
                person += 1
                spells.append((person, A, monday(week), monday(week + 7)))
                starts.append((person, "net", monday(week), monday(week + 5)))
    tables = make_tables([(0, A, date(2017, 1, 2), date(2017, 2, 6)), *spells], horizon=first_week(2021) + 30,
                         participants=starts)
    design = StudyDesign("net", A, date(2020, 1, 1), date(2020, 12, 31), 26, baseline_years=(2018,))
    prepared = prepare(tables, any_support=frozenset({A}))
    study = study_investments((design,), prepared, paid_weeks(tables, benefits()), weights(10, 1))["net"]
    assert study.effects["baseline"].weeks_saved[0] == pytest.approx(12 - 7)
    found = study.effects["cycle_adjusted"]
    assert found.weeks_saved[0] == pytest.approx(12 + 8 - 12 - 7)
    assert found.comparison_label == "2018"
    years: Counter[int] = Counter()
    for start in range(first_week(2020) + 4, first_week(2020) + 24):
        years[2020] += sum(week < first_week(2021) for week in range(start, start + 8))
    assert found.counterfactual_weeks[0].sum() == pytest.approx(years[2020])
