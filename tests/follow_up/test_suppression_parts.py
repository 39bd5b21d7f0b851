"""The parts of the door one by one: curves in steps, coarse shares, sums of weeks, earlier editions, words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.economy.saving import Saving
from gevinst.economy.valuation import LeftOut
from gevinst.effects.estimate import Interval
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.cells import Cell, Relation, System
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.magnitudes import may_be_told, told_together
from gevinst.follow_up.disclosure.released import Released, earlier_editions, with_earlier
from gevinst.follow_up.disclosure.rules import Rules, rules_of
from gevinst.follow_up.disclosure.shares import coarse, coarse_difference, share_step
from gevinst.follow_up.disclosure.steps import Step, further_steps, in_steps, steps_of
from gevinst.follow_up.disclosure.suppression import suppress
from gevinst.follow_up.disclosure.words import hidden_note, sign, told
from gevinst.follow_up.panels import effect_notes
from gevinst.follow_up.valued import Valued
from gevinst.language import speaking

RULES = Rules()


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def curve(on: list[int], followed: list[int]) -> Curve:
    points = tuple(
        CurvePoint(week, there / of if of else None, 0.0, 1.0, of, there, of)
        for week, (there, of) in enumerate(zip(on, followed, strict=True))
    )
    return Curve("Deltagere", "with_relapse", "same", "a-dagpenge", "available", points, followed[0], followed[0])


def test_a_step_is_of_five_or_of_nobody_and_the_weeks_between_stay() -> None:
    made = curve([20, 19, 17, 15, 15, 14, 10, 9, 9], [20] * 9)
    steps = steps_of(made, RULES)
    assert list(steps) == [0, 3, 6]
    shown = in_steps(made, steps, 20, RULES)
    assert shown is not None
    assert [point.share for point in shown.points] == [1, 1, 1, 0.75, 0.75, 0.75, 0.5, 0.5, 0.5]
    assert {point.at_risk for point in shown.points} == {20}


@pytest.mark.parametrize("seed", range(20))
def test_of_random_curves_no_step_tells_of_fewer_than_five(seed: int) -> None:
    draw = np.random.default_rng(seed)
    followed = np.maximum(60 - np.maximum(np.cumsum(draw.integers(0, 3, 120)) - 40, 0), 0)
    left = np.minimum(60 - np.minimum(np.cumsum(draw.integers(0, 3, 120)), 60), followed)
    made = curve([60, *left.tolist()], [60, *followed.tolist()])
    first = steps_of(made, RULES)
    second = steps_of(made, RULES, [first], closed=[26])
    assert 26 not in second
    for steps in (first, second):
        for before, after in pairwise(steps.values()):
            for changed in (before.of - after.of, abs(before.share - after.share) * after.of):
                assert changed < 1e-6 or changed > 5 - 1e-6
        for one in steps.values():
            assert all(few < 1e-6 or few > 5 - 1e-6 for few in (one.share * one.of, (1 - one.share) * one.of))


def test_weeks_told_elsewhere_are_steps_before_others() -> None:
    on = [40 - week // 2 for week in range(60)]
    steps = steps_of(curve(on, [40] * 60), RULES)
    assert {13, 26, 52} & steps.keys() == {13, 26, 52}
    assert 10 not in steps, "it would leave four to week 13 - but for an anchor it would be a step"


def test_as_many_steps_as_there_can_be() -> None:
    made = curve([40, 35, 33, 29, 27, 23, 19], [40] * 7)
    assert list(steps_of(made, RULES)) == [0, 1, 3, 5], "week 2 or 4 in place of 1 or 3 would leave one step less"


def test_a_curve_too_near_another_waits_until_it_is_not() -> None:
    one, other = curve([20, 15, 10, 5], [20] * 4), curve([20, 17, 10, 10], [20] * 4)
    assert list(steps_of(other, RULES, [steps_of(one, RULES)])) == [0, 2]
    assert list(steps_of(replace(other, trials=4), RULES)) == []
    assert list(steps_of(curve([3, 3], [20, 20]), RULES)) == [], "three on the benefit from the beginning"


def test_a_group_too_small_has_no_curve_and_one_of_hidden_size_no_counts() -> None:
    made = curve([40, 33, 20], [40] * 3)
    steps = steps_of(made, RULES)
    assert in_steps(made, steps, Hidden.FEW, RULES) is None
    assert in_steps(made, steps, Hidden.EITHER, RULES) is None
    hidden = in_steps(made, steps, Hidden.PROTECTS, RULES)
    assert hidden is not None
    assert hidden.published
    assert [(point.week, point.share) for point in hidden.points] == [(0, 1.0), (1, 0.8), (2, 0.5)]
    assert {point.at_risk for point in hidden.points} == {0}
    printed = replace(made, published=True)
    assert in_steps(printed, {}, 0, RULES) is printed
    thin = in_steps(curve([20, 10, 3], [20, 20, 4]), steps_of(curve([20, 10, 3], [20, 20, 4]), RULES), 20, RULES)
    assert thin is not None
    assert thin.points[2].share is None


def test_what_comes_after_the_end_of_a_curve_is_held_to_the_same() -> None:
    steps = {0: Step(0, 1.0, 40), 10: Step(10, 0.5, 40)}
    assert list(further_steps(steps, [Step(20, 0.45, 40), Step(30, 0.25, 40), Step(40, 0.1, 40)], RULES)) == [30]
    assert further_steps({}, [Step(1, 0.5, 40)], RULES) == {}


@pytest.mark.parametrize("members", [10, 19, 20, 57, 99, 100, 153])
def test_a_coarse_share_fits_every_size_of_the_group(members: int) -> None:
    step = share_step(members, Hidden.PROTECTS, RULES)
    assert step is not None
    for on in range(members + 1):
        share = coarse(on / members, step)
        for other in range(members - 4, members + 5):
            assert any(coarse(persons / other, step) == share for persons in range(other + 1)) or other * step < 1


def test_a_difference_does_not_tell_the_share_that_was_rounded() -> None:
    found = coarse_difference(Interval(0.6 - 0.4138, -0.1, 0.4), 0.4138, 0.05)
    assert found.estimate == pytest.approx(0.2)
    assert (found.low, found.high) == (-0.0862, 0.4138)
    assert coarse_difference(Interval(0.1), 0.4138, 0.0) == Interval(0.1)
    assert coarse_difference(Interval(0.1), 0.4138, 0.05).low is None


def test_weeks_are_told_where_even_the_worst_case_passes() -> None:
    assert may_be_told(213, 53, RULES)
    assert not may_be_told(212, 53, RULES)
    acro = rules_of("acro")
    assert not may_be_told(0, 53, acro)
    assert may_be_told(9.1 * 53, 53, acro)
    assert not may_be_told(9.1 * 53, 53, replace(acro, dominance=(9, 0.9)))
    assert not may_be_told(2.05 * 53, 53, Rules(2, p_ratio=0.1))
    assert not may_be_told(2.05 * 53, 53, Rules(2, dominance=(2, 0.9)))
    assert may_be_told(2.3 * 53, 53, Rules(2, p_ratio=0.1, dominance=(2, 0.9)))


def test_cells_of_few_are_told_together_and_so_are_those_that_tell_of_them(valued: Valued) -> None:
    effect = valued.study.effects["matched"]
    year, n = effect.years[0], len(effect.cells)
    weeks = np.zeros_like(effect.actual_weeks)
    weeks[0, 0] = 400.0
    weeks[0, 0, 0] = 3.0
    made = replace(effect, actual_weeks=weeks)
    assert told_together(made, year, RULES) == {0}
    more = weeks.copy()
    more[0, 0, n - 1] += 7
    assert told_together(made, year, RULES, replace(made, actual_weeks=more)) == {0, n - 1}


def test_participant_weeks_of_few_are_not_counted(valued: Valued) -> None:
    effect = replace(valued.study.effects["matched"], uncovered=40)
    assert effect_notes(effect, None, RULES)[-1].startswith("Nogle deltageruger ligger senere")
    assert effect_notes(replace(effect, uncovered=1_240), None, RULES)[-1].startswith("1.240 deltageruger")


def test_benefits_without_a_price_are_named_as_a_reader_names_them(
    valued: Valued, make_saving: Callable[..., Saving]
) -> None:
    left_out = (LeftOut("ressourceforloeb", 2020, "x"), LeftOut("local", 2021, "x"))
    saving = replace(make_saving({2020: [1.0, 1.0]}, unpriced=0.5), unpriced=left_out)
    note = effect_notes(valued.study.effects["matched"], saving, RULES, {"ressourceforloeb": "ressourceforløb"})[-1]
    assert "(local, ressourceforløb)" in note


def released(**counts: int | Hidden) -> Released:
    return Released("p", counts, (), (Relation("all", ("a", "b")),))


def test_what_grew_by_a_few_is_hidden_and_what_did_not_is_shown() -> None:
    cells = (Cell("all", 103), Cell("a", 60), Cell("b", 43))
    system = System(cells, (Relation("all", ("a", "b")),))
    before = released(all=100, a=60, b=40)
    found = suppress(with_earlier(system, [before], RULES), RULES).shown
    assert found["a"] == 60
    assert found["b"] is Hidden.PROTECTS
    assert found["all"] is Hidden.PROTECTS
    loose = suppress(with_earlier(system, [before], replace(RULES, growth=False)), RULES).shown
    assert set(loose.values()) == {103, 60, 43}
    chosen_anew = System(tuple(replace(cell, grows=False) for cell in cells), system.relations)
    assert set(suppress(with_earlier(chosen_anew, [before], RULES), RULES).shown.values()) == {103, 60, 43}


def test_what_was_hidden_stays_hidden_while_it_would_tell_of_then() -> None:
    cells = (Cell("all", 48), Cell("a", 8), Cell("b", 40))
    system = System(cells, (Relation("all", ("a", "b")),))
    before = released(all=43, a=Hidden.FEW, b=Hidden.PROTECTS)
    assert suppress(system, RULES).shown == {"all": 48, "a": 8, "b": 40}
    found = suppress(with_earlier(system, [before], RULES), RULES).shown
    assert found["b"] is Hidden.PROTECTS, "43 less 40 would have been 3"


def test_rounded_counts_of_earlier_editions_are_known_as_far_as_they_go() -> None:
    before = Released("p", {"a": 10}, (), (), rules=Rules(rounding=5))
    assert before.said("a") == (8, 12)
    assert (before.said("unheard"), Released("p", {"a": Hidden.EITHER}).said("a")) == ((0, None), (1, None))
    system = System((Cell("a", 11), Cell("b", 9)), ())
    assert with_earlier(system, [before], RULES).relations == ()


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 99}', '{"format": 1}', '{"format": 1, "threshold": null}',
                                     '{"format": 1, "threshold": 1e999, "noughts_hidden": false}', "[" * 50_000])
def test_an_earlier_edition_that_cannot_be_read_stops_the_next(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "abc"
    folder.mkdir()
    assert earlier_editions(tmp_path, "p") == ()
    (folder / "counts.json").write_text(content)
    with pytest.raises(GevinstError) as fault:
        earlier_editions(tmp_path, "p")
    assert fault.value.code == "disclosure.earlier-unreadable"
    assert "abc" in fault.value.where


def test_a_hidden_count_is_named_and_its_sign_explained() -> None:
    assert [told(count, 5) for count in (None, Hidden.FEW, Hidden.EITHER, 7)] == [
        "under 5", "under 5", "et skjult antal", "7"]  # fmt: skip
    assert [sign(count, 5) for count in (Hidden.FEW, Hidden.PROTECTS, 0)] == ["under 5", "skjult", "0"]
    note = hidden_note([Hidden.FEW, Hidden.EITHER], 5)
    assert note == ("»Under 5«: skjult, fordi det er færre end 5 personer. »Skjult«: færre end 5 personer, eller så et "
                    "andet tal ikke kan regnes ud.")  # fmt: skip
