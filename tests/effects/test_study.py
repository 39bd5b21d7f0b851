"""The ladder on small registers against a walk through every person's weeks, kroner included."""

import re
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.cohorts.seniority import refund_step, seniority_by_week
from gevinst.economy.saving import explain_year, value_effect
from gevinst.effects.replicates import weights
from gevinst.effects.study import StudyDesign, study_investments
from gevinst.parameters.benefits import benefits
from gevinst.parameters.book import LocalPrice, national_book
from gevinst.weeks import first_week, monday, year_of

A, K = "a-dagpenge", "kontanthjaelp"
START = first_week(2019)
HORIZON = START + 129  # well into 2021
SHARE = (0.2, 0.6, 0.7, 0.8)
PRICES = {(A, 2019): 4000, (A, 2020): 4100, (A, 2021): 4200, (K, 2019): 2500, (K, 2020): 2600, (K, 2021): 2700}


def history(rng: np.random.Generator) -> list[str | None]:
    """Weeks from START to the horizon: nothing, A-dagpenge or kontanthjælp, in stretches."""
    weeks: list[str | None] = []
    while len(weeks) < HORIZON - START + 1:
        state = rng.choice([A, K, ""], p=[0.5, 0.2, 0.3])
        weeks += [str(state) or None] * int(rng.integers(1, 30))
    return weeks[: HORIZON - START + 1]


def spells_of(people: dict[int, list[str | None]]) -> list[tuple[int, str, date, date]]:
    return [
        (person, state, monday(START + week), monday(START + week + 1))
        for person, weeks in people.items()
        for week, state in enumerate(weeks)
        if state is not None
    ]


def weekly_cost(weeks: list[str | None]) -> list[Counter]:
    """What each week is: one full week of (benefit, step), by the reference clock."""
    counts = seniority_by_week(["counts" if state else "self" for state in weeks])
    return [
        Counter({(state, refund_step(count)): 1.0}) if state else Counter()
        for state, count in zip(weeks, counts, strict=True)
    ]


def entries(weeks: list[str | None]) -> list[int]:
    on = [state == A for state in weeks]
    return [w for w in range(len(on)) if on[w] and not any(on[max(0, w - 4) : w])]


@pytest.fixture
def people() -> dict[int, list[str | None]]:
    rng = np.random.default_rng(3)
    return {person: history(rng) for person in range(90)}


@pytest.fixture
def participants(people: dict[int, list[str | None]]) -> dict[int, int]:
    """Person -> week of start: the third week of the first spell of A-dagpenge that begins in 2019."""
    chosen = {}
    for person in range(0, 90, 3):
        for week in entries(people[person]):
            if 5 < week < 40 and people[person][week + 2] == A:
                chosen[person] = week + 2
                break
    return chosen


@pytest.fixture
def study(make_tables, people, participants):
    tables = make_tables(
        spells_of(people),
        horizon=HORIZON,
        participants=[(p, "net", monday(START + w), monday(START + w + 13)) for p, w in participants.items()],
    )
    prepared = prepare(tables, any_support=frozenset({A, K}))
    design = StudyDesign("net", A, date(2019, 1, 1), date(2019, 12, 31), 26)
    return study_investments((design,), prepared, paid_weeks(tables, benefits()), weights(50, 1))["net"]


def book():
    prices = [LocalPrice(benefit, year, Decimal(price), "test") for (benefit, year), price in PRICES.items()]
    return national_book().with_prices(prices)


def comparison_trials(people, participants, *, everyone: bool) -> list[tuple[int, int]]:
    """Person and entry week of the inflow whose first day lies in 2019."""
    return [
        (person, week)
        for person, weeks in people.items()
        for week in entries(weeks)
        if monday(START + week).year == 2019 and (everyone or person not in participants)
    ]


@pytest.mark.parametrize(("estimator", "everyone"), [("target_group", True), ("rest_of_target_group", False)])
def test_weeks_and_kroner_equal_a_walk_through_the_weeks(study, people, participants, estimator, everyone) -> None:
    effect = study.effects[estimator]
    trials = comparison_trials(people, participants, everyone=everyone)
    assert effect.participants == len(participants)
    assert effect.comparison == len(trials)

    def share(starts: list[tuple[int, int]], k: int) -> float:
        return float(np.mean([people[p][w + k] == A for p, w in starts]))

    taken = list(participants.items())
    saved = sum(share(trials, k) - share(taken, k) for k in range(26))  # everyone is followed 26 weeks
    assert effect.weeks_saved[0] == pytest.approx(saved, abs=1e-9)

    costs = {person: weekly_cost(weeks) for person, weeks in people.items()}
    last = len(next(iter(people.values()))) - 1
    gross, net = defaultdict(float), defaultdict(float)
    for person, start in taken:
        for k in range(min(effect.covered_weeks, last - start) + 1):
            year = year_of(START + start + k)
            followed = [(p, w) for p, w in trials if w + k <= last]
            without: Counter = Counter()
            for p, w in followed:
                without.update(costs[p][w + k])
            for (benefit, step), weeks in costs[person][start + k].items():
                gross[year] += weeks * PRICES[benefit, year]
                net[year] += weeks * PRICES[benefit, year] * SHARE[step]
            for (benefit, step), weeks in without.items():
                gross[year] -= weeks / len(followed) * PRICES[benefit, year]
                net[year] -= weeks / len(followed) * PRICES[benefit, year] * SHARE[step]
    saving = value_effect(effect, book())
    assert saving.years == tuple(sorted(net))
    for y, year in enumerate(saving.years):
        assert saving.gross[0, y] == pytest.approx(gross[year], rel=1e-9, abs=1e-6)
        assert saving.net[0, y] == pytest.approx(net[year], rel=1e-9, abs=1e-6)


def test_participant_weeks_beyond_the_comparison_are_counted_and_named(study) -> None:
    effect = study.effects["rest_of_target_group"]
    assert effect.covered_weeks < 208
    assert effect.uncovered == 0 or effect.covered_weeks < HORIZON - START


def test_replicates_follow_the_seed_and_not_the_row_order(make_tables, people, participants) -> None:
    def once(order: int):
        spells = spells_of(people)[::order]
        rows = [(p, "net", monday(START + w), None) for p, w in participants.items()][::order]
        tables = make_tables(spells, horizon=HORIZON, participants=rows)
        prepared = prepare(tables, any_support=frozenset({A, K}))
        design = StudyDesign("net", A, date(2019, 1, 1), date(2019, 12, 31), 26)
        paid = paid_weeks(tables, benefits())
        return study_investments((design,), prepared, paid, weights(50, 1))["net"].effects["rest_of_target_group"]

    first, second = once(1), once(-1)
    assert np.array_equal(first.weeks_saved, second.weeks_saved)
    assert np.array_equal(first.actual_weeks, second.actual_weeks)


def test_a_benefit_without_a_price_gives_no_kroner(study) -> None:
    only_a = [LocalPrice(A, year, Decimal(4000), "test") for year in (2019, 2020, 2021)]
    bare = national_book().with_prices(only_a)
    rates = {key: rate for key, rate in bare.rates.items() if key != K}
    saving = value_effect(study.effects["target_group"], type(bare)(**{**vars(bare), "rates": rates}))
    assert {one.benefit for one in saving.unpriced} == {K}
    assert saving.unpriced_share > 0.01
    assert saving.by_year == ()


def test_the_explanation_adds_up_to_the_figure(study) -> None:
    effect = study.effects["target_group"]
    saving = value_effect(effect, book())
    step = explain_year(effect, saving, 2020)
    assert all(K not in part.label for part in step.under), "a reader knows no keys"
    parts = [int(part.value.split(" ")[0].replace(".", "").replace("\N{MINUS SIGN}", "-")) for part in step.under]
    assert sum(parts) == pytest.approx(saving.net[0, effect.years.index(2020)], abs=len(parts))
    # Each line is of the weeks as they are printed, and no finer.
    for kroner, part in zip(parts, step.under, strict=True):
        if "×" in part.formula:
            weeks = re.match(r"\(([\d.,]+) − ([\d.,]+)\) uger × ([\d.,]+) kr\.", part.formula)
            assert weeks is not None
            took, without, price = (float(one.replace(".", "").replace(",", ".")) for one in weeks.groups())
            assert kroner == pytest.approx((took - without) * price, abs=1)
    assert [part.label for part in step.under if "×" not in part.formula] == ["afrunding"]
