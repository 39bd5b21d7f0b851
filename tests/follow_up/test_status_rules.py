"""The status: each rule at its limits, the gravest of them, and when nothing is claimed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.errors import GevinstError
from gevinst.follow_up.status_rules import GRAVITY, MONEY, Facts, Light, Rule, StatusRules, status_of
from gevinst.follow_up.status_words import light_text, rules_words, said_words, why_words
from gevinst.language import LANGUAGES, speaking
from gevinst.register.business_case import Basis, Status
from gevinst.settings import Settings

RULES = StatusRules()
GOOD = Facts("2", participants=1.0, outcome=1.0, outcome_year=2021, budget=0.9, cover=0.95, counts_on_cover=True,
             open_share=1.0, age=1.0)  # fmt: skip
SHARES = st.none() | st.floats(-0.5, 1.5)
FACTS = st.builds(
    Facts, st.just("2"), st.just(Status.RUNNING), SHARES, st.booleans(), st.none() | st.floats(0, 1), SHARES,
    st.just(2021), st.sampled_from([Basis.REALISED, Basis.EXPECTED]), st.booleans(), SHARES, SHARES, st.booleans(),
    SHARES, SHARES, st.none() | st.just(date(2021, 12, 1)), st.none() | st.floats(0, 12), st.booleans(),
    st.sampled_from([(), (date(2021, 7, 1),)]), st.booleans(), st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize(("field", "rule", "yellow", "red"), [
    ("outcome", Rule.OUTCOME, 0.90, 0.50), ("budget", Rule.BUDGET, 0.50, 0.10),
    ("cover", Rule.INVESTMENT, 0.80, 0.20), ("participants", Rule.PARTICIPANTS, 0.90, 0.60),
])  # fmt: skip
def test_each_share_is_green_at_its_limit_yellow_below_and_red_below_the_other(
    field: str, rule: Rule, yellow: float, red: float
) -> None:
    for value, light in ((yellow, Light.GREEN), (yellow - 1e-9, Light.YELLOW), (red, Light.YELLOW),
                         (red - 1e-9, Light.RED)):  # fmt: skip
        found = status_of(replace(GOOD, **{field: value}), RULES)
        assert found.light is light
        assert {one.rule: one.light for one in found.said}[rule] is light
        if light is not Light.GREEN:
            assert [one.rule for one in found.deciding] == [rule]


def test_the_other_rules() -> None:
    assert status_of(GOOD, RULES).light is Light.GREEN
    assert status_of(replace(GOOD, open_share=0.74), RULES).light is Light.YELLOW
    assert status_of(replace(GOOD, open_share=0.0), RULES).light is Light.YELLOW, "never red for being closed"
    assert status_of(replace(GOOD, closed=date(2021, 12, 31)), RULES).light is Light.YELLOW
    assert status_of(replace(GOOD, age=6.1), RULES).light is Light.YELLOW
    assert status_of(replace(GOOD, serious=True), RULES).light is Light.YELLOW
    assert status_of(replace(GOOD, followed=0.49), RULES).light is Light.YELLOW
    assert status_of(replace(GOOD, followed=0.0), RULES).light is Light.YELLOW, "never red for being young"
    assert status_of(replace(GOOD, fulfilled=(date(2021, 7, 1),)), RULES).light is Light.RED
    early = replace(GOOD, cover=0.0, counts_on_cover=False)
    assert status_of(early, RULES).light is Light.GREEN, "the budget does not count on it yet"


def test_green_needs_a_rule_about_money_and_red_does_not() -> None:
    nothing = Facts("2", participants=1.0, open_share=1.0, age=1.0)
    assert status_of(nothing, RULES).light is Light.UNDECIDED
    assert status_of(Facts("2"), RULES).light is Light.UNDECIDED
    assert status_of(replace(nothing, participants=0.5), RULES).light is Light.RED, "an early warning comes early"


def test_only_what_gave_the_colour_is_told_as_its_reason() -> None:
    shut = replace(GOOD, closed=date(2021, 12, 31))
    with speaking("da"):
        assert why_words(status_of(replace(GOOD, serious=True), RULES)) == "Et alvorligt fund om datas kvalitet."
        assert why_words(status_of(replace(GOOD, age=6.1, serious=True), RULES)) == (
            "Data er 6 måneder gamle; et alvorligt fund om datas kvalitet.")
        assert why_words(status_of(replace(GOOD, age=6.1), RULES)) == "Data er 6 måneder gamle."
        assert why_words(status_of(shut, RULES)) == "Ingen kan henvises til og med 31-12-2021."
        assert why_words(status_of(replace(shut, open_share=0.5), RULES)).startswith("Åben 50")


def test_what_does_not_run_has_no_status() -> None:
    for state in (Status.PROPOSED, Status.STOPPED, Status.ENDED):
        found = status_of(replace(GOOD, state=state, outcome=0.0), RULES)
        assert (found.light, found.said) == (Light.NONE, ())


def test_of_few_the_rule_says_no_more_than_that_they_are_too_few() -> None:
    few = replace(GOOD, participants=None, few=True)
    found = status_of(replace(few, at_most=0.4), RULES)
    (said,) = [one for one in found.said if one.rule is Rule.PARTICIPANTS]
    assert (said.light, said.value) == (Light.RED, None)
    assert "antallet ikke vises" in said_words(said, found.facts)
    unsure = status_of(replace(few, at_most=0.7), RULES)
    assert Rule.PARTICIPANTS not in [one.rule for one in unsure.said]


def test_a_limit_of_nought_takes_a_rule_out() -> None:
    without = replace(RULES, participants_yellow=0, participants_red=0)
    assert status_of(replace(GOOD, participants=0.0), without).light is Light.GREEN
    assert not any("Deltagere" in text for text in rules_words(without))
    assert status_of(replace(GOOD, age=99.0), replace(RULES, data_months=0)).light is Light.GREEN
    only_yellow = replace(RULES, outcome_red=0)
    assert status_of(replace(GOOD, outcome=0.0), only_yellow).light is Light.YELLOW


@given(facts=FACTS)
def test_the_status_is_never_milder_than_any_rule_and_is_told_in_words(facts: Facts) -> None:
    found = status_of(facts, RULES)
    if found.light in GRAVITY:
        assert max(GRAVITY.index(one.light) for one in found.said) == GRAVITY.index(found.light)
        assert found.light is not Light.GREEN or any(one.rule in MONEY for one in found.said)
    for language in LANGUAGES:
        with speaking(language):
            assert why_words(found).endswith(".")
            assert light_text(found.light).partition(" ")[2]


def test_the_limits_of_the_settings_are_those_of_the_rules() -> None:
    usual = {one.name: one.default for one in fields(Settings) if one.name.startswith("status_")}
    assert usual == {f"status_{one.name}": one.default for one in fields(StatusRules)}
    assert StatusRules.of(usual) == RULES


def test_red_may_not_begin_before_yellow() -> None:
    with pytest.raises(GevinstError) as caught:
        StatusRules.of({"status_outcome_yellow": 0.4, "status_outcome_red": 0.6})
    assert caught.value.code == "status.limits-crossed"
    assert "status_outcome_red" in str(caught.value)


def test_the_rules_are_told_with_their_limits() -> None:
    told = "\n".join(rules_words(RULES)).replace("\N{NO-BREAK SPACE}", " ")
    assert "gul under 90 %, rød under 50 %" in told
    assert "over 6 måneder" in told
    assert len(rules_words(RULES)) == len(Rule)
