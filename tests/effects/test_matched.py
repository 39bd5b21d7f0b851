"""The matched comparison against arithmetic by hand, slow loops, and constructed truths."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gevinst.backend import Backend
from gevinst.effects.matched import difference
from gevinst.effects.replicates import weights
from gevinst.weeks import year_of
from tests.effects.matched_engine import Opened, opened, studied, trials_of
from tests.effects.matched_reference import PLACES
from tests.town import START, A, K, Town, design_of, relapsing_designs, relapsing_town

ONE = np.ones((1, 200))
SEEDS = (3, 4)
WEEKS = 110  # followed beyond where the horizon begins to cut
# Each example is a register on an engine, so none is made smaller once it has failed.
quick = settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.generate),
                 suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


# By hand ----------------------------------------------------------------------------------------------------------

S, T = START + 100, START + 103  # two participants start in week S, one in T
BEGUN = S - 8


def small_town() -> Town:
    """Everybody's spell began eight weeks before S. P1 leaves at S+2, P2 stays, P3 starts at T and leaves at T+1.

    Of the comparators C1 and C5 leave at T+1, C2 is away in T+2 and T+3, C3 and C4 stay.
    """
    p1, p2, p3, c1, c2, c3, c4, c5 = range(1, 9)
    stay = START + 130
    spells = [
        (p1, BEGUN, S + 2), (p2, BEGUN, stay), (p3, BEGUN, T + 1), (c1, BEGUN, T + 1),
        (c2, BEGUN, T + 2), (c2, T + 4, stay), (c3, BEGUN, stay), (c4, BEGUN, stay), (c5, BEGUN, T + 1),
    ]  # fmt: skip
    return Town(
        tuple((person, A, begin, end, 1.0) for person, begin, end in spells),
        ((p1, "net", S), (p2, "net", S), (p3, "net", T)),
        START + 125,
    )


def by_hand(later: str, backend: Backend) -> Opened:
    return opened(small_town(), [design_of("net", S, T, horizon_weeks=6, later_participants=later)], backend)


def test_three_participants_by_hand(duckdb_backend: Backend) -> None:
    """Week S: 2 participants beside C1-C5 and P3, who has not started yet: weight 2/6 each.

    Week T: P3 beside C1-C5, 1/5 each. One of six at risk is lost at T, so those of the first trial who are not
    (C1-C5) weigh 1/3 x 6/5 = 0.4 from then on.

    | k | with | first trial's comparators on the benefit | second trial's | without |
    | 0 | 3/3  | all 6 x 1/3 = 2                           | 1              | 3/3     |
    | 1 | 2/3  | 2                                         | C2, C3, C4     | 2.6/3   |
    | 2 | 1/3  | 2                                         | C3, C4         | 2.4/3   |
    | 3 | 1/3  | week T: C1-C5 x 0.4 = 2                   | C3, C4         | 2.4/3   |
    | 4 | 1/3  | week T+1: C2, C3, C4 = 1.2                | C2, C3, C4     | 1.8/3   |
    | 5 | 1/3  | week T+2: C3, C4 = 0.8                    | C2, C3, C4     | 1.4/3   |
    """
    found = by_hand("censor", duckdb_backend).answer("net", 5, ONE)
    assert found.participants == 3
    assert found.share_with[0] == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3])
    assert found.share_without[0] == pytest.approx([1, 2.6 / 3, 2.4 / 3, 2.4 / 3, 1.8 / 3, 1.4 / 3])
    assert found.weeks_saved[0] == pytest.approx(23 / 15)
    # Weeks 9-17 of the spell are on the second step of the refund ladder.
    assert found.actual_weeks[0].sum() == pytest.approx(9)
    assert found.counterfactual_weeks[0].sum() == pytest.approx(13.6)
    assert found.counterfactual_weeks[0, :, found.cells.index((A, 1))].sum() == pytest.approx(13.6)


def test_three_participants_by_hand_when_later_participants_are_kept(duckdb_backend: Backend) -> None:
    """P3 goes on in the first trial: in week 4 C2, C3, C4 of six = 1, in week 5 C3, C4 = 2/3."""
    found = by_hand("keep", duckdb_backend).answer("net", 5, ONE)
    assert found.share_without[0] == pytest.approx([1, 2.6 / 3, 2.4 / 3, 2.4 / 3, 1.6 / 3, (2 / 3 + 0.6) / 3])
    assert found.weeks_saved[0] == pytest.approx(64 / 45)


def test_what_the_comparison_by_hand_rests_on(duckdb_backend: Backend) -> None:
    matched = by_hand("censor", duckdb_backend).matched("net", 5)
    assert matched is not None
    assert matched.matching.matched_by_step[0] == sum(matched.matching.matched_by_step) == 3
    assert matched.matching.candidates == 6
    spread = matched.sums.weights
    assert (spread.trials, spread.persons) == (11, 6)
    # C1-C5 weigh 1/3 + 1/5 each and P3 1/3: (sum of weights)^2 / sum of squares, by person.
    assert spread.effective == pytest.approx(9 / (5 * (8 / 15) ** 2 + 1 / 9))
    assert spread.censored == pytest.approx((1 / 3) / 3)
    assert (spread.largest, spread.truncated) == (pytest.approx(6 / 5), 0)


# Against slow loops ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[(seed, later) for seed in SEEDS for later in ("censor", "keep")], ids=str)
def town(request: pytest.FixtureRequest, duckdb_backend: Backend) -> Opened:
    """Relapse, two benefits at once, degrees, people who leave, three investments, a suspension."""
    seed, later = request.param
    return opened(relapsing_town(seed, 180), relapsing_designs(later_participants=later), duckdb_backend)


def test_shares_weeks_and_kroner_are_those_of_slow_loops(town: Opened) -> None:
    sums, first, slow = town.slow_cumulated(), town.histories.first_week, town.slow
    paid_as = town.pieces()
    for design in town.designs:
        matched = town.matched(design.investment, WEEKS)
        assert matched is not None
        trials = trials_of(town, matched)
        same = slow.shares(trials, WEEKS, lambda p, w, b=design.benefit: slow.on(p, b, w), sums, first)
        support = slow.shares(
            trials, WEEKS, lambda p, w: slow.supported(p, w) and not slow.gone(p, w), sums, first
        )
        for figure, (actual, without, followed) in ((matched.sums.same, same), (matched.sums.support, support)):
            assert figure.actual == pytest.approx(actual, abs=1e-9, nan_ok=True)
            assert figure.without == pytest.approx(without, abs=1e-9, nan_ok=True)
            assert matched.sums.observed.tolist() == followed
        paid_with, paid_without = slow.paid(trials, WEEKS, paid_as, sums, first)
        for figure, expected in ((matched.sums.paid.actual, paid_with), (matched.sums.paid.without, paid_without)):
            for y, year in enumerate(matched.sums.years):
                for c, kind in enumerate(town.histories.kinds):
                    assert figure[y, c] == pytest.approx(expected[year, kind], abs=1e-9)
            assert figure.sum() == pytest.approx(sum(expected.values()), abs=1e-9)
        answered = town.answer(design.investment, WEEKS, ONE)
        saved = sum(same[1][k] - same[0][k] for k in range(answered.horizon_weeks))
        assert answered.weeks_saved[0] == pytest.approx(saved, abs=1e-9)
        assert answered.uncovered == matched.sums.uncovered == 0  # comparators are of the very week


def test_where_they_are_is_what_slow_loops_say(town: Opened) -> None:
    sums, first, slow = town.slow_cumulated(), town.histories.first_week, town.slow
    for design in town.designs:
        matched = town.matched(design.investment, WEEKS)
        assert matched is not None
        trials = trials_of(town, matched)
        places = matched.sums.destinations
        for number, name in enumerate(PLACES):
            there = slow.shares(
                trials, 104, lambda p, w, b=design.benefit, n=name: slow.place(p, b, w) == n, sums, first
            )
            for at, week in enumerate((13, 26, 52, 104)):
                assert places.actual[number, at] == pytest.approx(there[0][week], abs=1e-9, nan_ok=True)
                assert places.without[number, at] == pytest.approx(there[1][week], abs=1e-9, nan_ok=True)
        for figure in (places.actual, places.without):
            assert figure[:, :2].sum(axis=0) == pytest.approx([1, 1])


# What replicates rest on ------------------------------------------------------------------------------------------


def test_influence_sums_to_nothing_and_row_0_is_the_figure(town: Opened) -> None:
    """Everybody counted twice changes no share: a figure that is scaled has influence that sums to 0."""
    drawn = weights(40, 7)
    for design in town.designs:
        matched = town.matched(design.investment, 60)
        assert matched is not None
        answered = town.answer(design.investment, 60, drawn)
        assert answered.weeks_saved[0] == town.answer(design.investment, 60, ONE).weeks_saved[0]
        for figure in (matched.sums.same, matched.sums.support, matched.sums.destinations, matched.sums.paid):
            for influence in (figure.actual_influence, figure.without_influence):
                assert np.nan_to_num(influence).sum(axis=0) == pytest.approx(0, abs=1e-9)
        change = difference(matched.sums.same, drawn)
        assert answered.weeks_saved == pytest.approx(change[:, : answered.horizon_weeks].sum(axis=1))


def test_a_group_without_anybody_has_no_influence(duckdb_backend: Backend) -> None:
    matched = by_hand("censor", duckdb_backend).matched("net", 5)
    assert matched is not None
    for influence in (matched.sums.same.actual_influence, matched.sums.same.without_influence):
        assert not influence[9:].any()
        assert influence[1:9].any()


# Constructed truths -------------------------------------------------------------------------------------------------


def cohorts(draw: st.DrawFn, leave: int | None) -> Town:
    """Cohorts apart in time, all of one cohort with the same weeks, some of them participants who leave `leave` weeks
    after their start (None: with everybody else)."""
    spells, starts, person = [], [], 0
    for cohort in range(draw(st.integers(1, 3))):
        begun = START + 120 + 80 * cohort
        lasting = draw(st.integers(12, 20)) if leave is None else 60
        away = draw(st.integers(0, 3)) if leave is None else 0
        for _ in range(draw(st.integers(8, 14))):
            person += 1
            start = begun + draw(st.integers(1, 8)) if person % 3 == 0 else None
            if start is not None:
                starts.append((person, "net", start))
            if start is not None and leave is not None:
                spells.append((person, A, begun, start + leave, 1.0))
            else:
                spells.append((person, A, begun, begun + lasting, 1.0))
                if away:
                    spells.append((person, A, begun + lasting + away, begun + lasting + away + 10, 0.5))
    return Town(tuple(spells), tuple(starts), START + 420)


@quick
@given(st.data())
def test_no_effect_where_participants_are_as_everybody_else(duckdb_backend: Backend, data: st.DataObject) -> None:
    town = cohorts(data.draw, None)
    for later in ("censor", "keep"):
        design = design_of("net", START + 110, START + 400, later_participants=later)
        findings = studied(town, [design], duckdb_backend, weights(20, 1))["net"]
        effect = findings.effect
        # Hazards are kept in single precision.
        assert effect.weeks_saved[0] == pytest.approx(0, abs=1e-6)
        assert findings.support_weeks_saved[0] == pytest.approx(0, abs=1e-6)
        assert effect.actual_weeks[0] == pytest.approx(effect.counterfactual_weeks[0], abs=1e-5)
        if later == "keep":
            # Nobody's weight hangs on who is lost, so neither replicates nor the placebo can find anything.
            assert effect.weeks_saved == pytest.approx(0, abs=1e-9)
            if findings.placebo is not None:
                assert findings.placebo.weeks_saved == pytest.approx(0, abs=1e-9)


@quick
@given(st.data(), st.integers(1, 25))
def test_a_known_effect_is_found_exactly(duckdb_backend: Backend, data: st.DataObject, leave: int) -> None:
    """Participants are on the benefit for `leave` weeks of 26, the others for all; those who join later are censored
    at that, before they leave."""
    town = cohorts(data.draw, leave)
    design = design_of("net", START + 110, START + 400)
    findings = studied(town, [design], duckdb_backend, weights(20, 1))["net"]
    assert findings.effect.weeks_saved == pytest.approx(26 - leave, abs=1e-9)
    assert findings.effect.share_without[0, :26] == pytest.approx(1)
    kept = studied(town, [replace(design, later_participants="keep")], duckdb_backend, ONE)
    assert kept["net"].effect.weeks_saved[0] <= 26 - leave + 1e-9


def test_a_move_to_another_benefit_is_weeks_on_the_one_but_not_on_support(duckdb_backend: Backend) -> None:
    """Participants are moved from A-dagpenge to kontanthjælp at once; nobody is helped off support."""
    begun = START + 100
    stay = [(person, A, begun, begun + 60, 1.0) for person in range(1, 9)]
    moved = [row for person in (11, 12) for row in ((person, A, begun, begun + 9, 1.0),
                                                    (person, K, begun + 9, begun + 60, 1.0))]
    town = Town((*stay, *moved), ((11, "net", begun + 8), (12, "net", begun + 8)), START + 200)
    findings = studied(town, [design_of("net", begun, begun + 20)], duckdb_backend, weights(10, 1))["net"]
    assert findings.effect.weeks_saved[0] == pytest.approx(25)
    assert findings.support_weeks_saved[0] == pytest.approx(0)
    where = dict(zip(findings.destinations.names, findings.destinations.actual[0], strict=True))
    assert where["other_benefit"][:2].tolist() == [1, 1]
    by_kind = Counter()
    for (benefit, _), paid in zip(findings.effect.cells, findings.effect.actual_weeks[0].sum(axis=0), strict=True):
        by_kind[benefit] += paid
    assert by_kind == {A: pytest.approx(2), K: pytest.approx(2 * 51)}


def test_weeks_are_of_the_year_of_their_thursday(town: Opened) -> None:
    matched = town.matched("net", WEEKS)
    assert matched is not None
    participants = [t for t in trials_of(town, matched) if t.taken]
    found, paid_as = defaultdict(float), town.pieces()
    for trial in participants:
        for week in range(trial.week, min(trial.week + WEEKS, town.town.horizon) + 1):
            found[year_of(week)] += sum(degree for _, degree in paid_as.get((trial.person, week), []))
    assert matched.sums.paid.actual.sum(axis=1) == pytest.approx([found[year] for year in matched.sums.years])


def test_the_weight_of_the_comparators_is_that_of_the_participants(town: Opened) -> None:
    for design in town.designs:
        matched = town.matched(design.investment, WEEKS)
        assert matched is not None
        own, others = Counter[int](), Counter[int]()
        weeks: dict[int, set[int]] = defaultdict(set)
        for trial in trials_of(town, matched):
            (cell,) = trial.cell
            weeks[cell].add(trial.week)
            (own if trial.taken else others)[cell] += trial.weight
        assert dict(others) == pytest.approx(dict(own))
        assert all(len(found) == 1 for found in weeks.values())
