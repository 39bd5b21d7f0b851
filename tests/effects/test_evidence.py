"""The grade, rule by rule: what each check takes away, and what is said of it."""

from dataclasses import replace

import pytest

from gevinst.effects.evidence import Evidence, EvidenceFacts, grade
from gevinst.language import LANGUAGES, Language, speaking

MATCHED = EvidenceFacts(
    "matched",
    randomised=False,
    participants=200,
    minimum_participants=20,
    outside_support=0.03,
    largest_difference=0.06,
    effective_persons=340.0,
    pseudo_placebo=True,
    pre_period_placebo=True,
    fixed_before_data=True,
)
LOT = EvidenceFacts("rest_of_target_group", randomised=True, participants=200, minimum_participants=20)


def told(facts: EvidenceFacts, language: Language = "en") -> Evidence:
    with speaking(language):
        return grade(facts)


def test_lot_is_strong_and_needs_no_further_check() -> None:
    found = told(LOT)
    assert found.grade == "A"
    assert found.reasons == ("Lot decided who was offered the effort.",)


def test_lot_by_the_matched_estimator_is_still_lot() -> None:
    assert told(replace(MATCHED, randomised=True)).grade == "A"


def test_matched_with_every_check_passed_is_good() -> None:
    found = told(MATCHED)
    assert found.grade == "B"
    assert found.reasons == (
        "From their start, participants are compared with persons like them in what the data hold.",
        "The groups are alike: no difference exceeds 0.1 of a standard deviation.",
        "Both placebo tests were passed.",
        "The method was fixed before data had been seen, and has not been changed.",
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(MATCHED, largest_difference=0.11), "the largest difference is 0.11 standard deviations"),
        (replace(MATCHED, largest_difference=None), "has not been looked into"),
        (replace(MATCHED, pseudo_placebo=False), "on persons who took no part"),
        (replace(MATCHED, pre_period_placebo=False), "on the time before the effort"),
        (replace(MATCHED, pre_period_placebo=None), "One of the placebo tests"),
        (replace(MATCHED, pseudo_placebo=None, pre_period_placebo=None), "No placebo test"),
        (replace(MATCHED, outside_support=0.11), "More than 10% of the participants"),
        (replace(MATCHED, effective_persons=19.5), "weigh as fewer than 20 persons"),
        (replace(MATCHED, horizon_reached=0.4), "less than half of the time"),
        (replace(MATCHED, fixed_before_data=False), "not fixed until data had been seen"),
        (replace(MATCHED, fixed_before_data=None), "not known whether the method was fixed"),
        (replace(MATCHED, deviations=1), "changed once"),
        (replace(MATCHED, deviations=3), "changed 3 times"),
    ],
)
def test_matched_with_a_weakness_is_with_reservations_and_says_which(facts: EvidenceFacts, words: str) -> None:
    found = told(facts)
    assert found.grade == "C"
    assert any(words in reason for reason in found.reasons)


def test_the_limits_themselves_pass() -> None:
    at_limit = replace(
        MATCHED,
        largest_difference=0.1,
        outside_support=0.1,
        effective_persons=20.0,
        horizon_reached=0.5,
        participants=20,
    )
    assert told(at_limit).grade == "B"


@pytest.mark.parametrize("key", ["target_group", "rest_of_target_group", "baseline", "cycle_adjusted"])
def test_a_known_bias_is_weak_however_well_it_checks_out(key: str) -> None:
    found = told(replace(MATCHED, estimator=key))
    assert found.grade == "D"
    assert "cannot be read as the effect" in found.meaning


@pytest.mark.parametrize("key", ["target_group", "baseline", "cycle_adjusted"])
def test_lot_does_not_help_a_comparison_with_others_than_it_left_out(key: str) -> None:
    assert told(replace(LOT, estimator=key)).grade == "D"


@pytest.mark.parametrize(
    ("facts", "letter"),
    [
        (replace(LOT, largest_difference=0.15), "A"),
        (replace(LOT, largest_difference=0.25), "B"),
        (replace(LOT, deviations=1), "B"),
        (replace(LOT, horizon_reached=0.3), "B"),
        (replace(LOT, fixed_before_data=False), "B"),
        (replace(LOT, pseudo_placebo=False), "C"),
        (replace(LOT, effective_persons=12.0), "C"),
        (replace(LOT, outside_support=0.2), "C"),
    ],
)
def test_weaknesses_of_a_lot(facts: EvidenceFacts, letter: str) -> None:
    found = told(facts)
    assert found.grade == letter
    if letter == "B":
        assert "with the weakness named" in found.meaning


@pytest.mark.parametrize("facts", [MATCHED, LOT, replace(MATCHED, estimator="baseline")])
def test_too_few_give_no_claim_and_their_number_is_not_told(facts: EvidenceFacts) -> None:
    found = told(replace(facts, participants=3))
    assert found.grade == "E"
    assert found.reasons[0] == "Fewer than 20 took part, so chance may weigh more than the effect."
    assert not any("3" in reason for reason in found.reasons)


def test_a_placebo_that_could_be_the_effect_gives_no_claim() -> None:
    assert told(replace(MATCHED, pseudo_placebo=False, pre_period_placebo=False)).grade == "E"
    assert told(replace(MATCHED, pseudo_placebo=False, placebo_share=0.5)).grade == "E"
    assert told(replace(MATCHED, pseudo_placebo=False, placebo_share=0.4)).grade == "C"
    assert told(replace(MATCHED, placebo_share=0.9)).grade == "B"
    found = told(replace(LOT, pre_period_placebo=False, placebo_share=2.0))
    assert found.grade == "E"
    assert sum("placebo" in reason for reason in found.reasons) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_a_sentence_and_the_danish_has_its_comma(language: Language) -> None:
    bad = replace(MATCHED, largest_difference=0.31, pseudo_placebo=False, outside_support=0.3, deviations=2)
    for facts in (LOT, MATCHED, bad, replace(bad, participants=1), replace(MATCHED, estimator="new")):
        found = told(facts, language)
        assert all(text[0].isupper() and text.endswith(".") for text in (*found.reasons, found.meaning))
        assert len(set(found.reasons)) == len(found.reasons)
    assert ("0,31" if language == "da" else "0.31") in " ".join(told(bad, language).reasons)
