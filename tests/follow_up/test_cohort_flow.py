"""Who is in an effect: the counts foot, and what is too few to tell cannot be found by subtraction."""

from dataclasses import replace

import pytest

from gevinst.curves.trial_checks import CovariateSums, GroupSums
from gevinst.effects.matched_study import MatchedFindings
from gevinst.effects.study import Study
from gevinst.follow_up.cohort_flow import flow, rules, step_words, unsupported
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.reasons import LEFT_OUT, left_out_reasons, left_out_words
from gevinst.follow_up.valued import Valued
from gevinst.language import speaking


@pytest.fixture(autouse=True)
def danish():
    with speaking("da"):
        yield


def counts_of(study: Study, findings: MatchedFindings | None = None) -> Counts:
    return disclose({"1": replace(study, matched=findings, effects={}, curves=())}, Rules()).counts


def test_the_flow_foots_from_those_registered_to_those_in_the_effect(valued: Valued) -> None:
    lost = {**valued.study.left_out, "credited_elsewhere": 12, "starts_after_horizon": 7}
    study = replace(valued.study, left_out=lost)
    assert study.matched is not None
    used = replace(study.matched.effect, participants=study.participants - 9)
    findings = replace(study.matched, unmatched=9, effect=used, pre_period_participants=0, placebo=None)
    counts = counts_of(study, findings)
    for arm in ("participants", "comparison"):
        steps = [step for step in flow("1", study, findings, counts) if step.arm == arm]
        left = steps[0].persons
        for step in steps[1:]:
            assert isinstance(left, int)
            assert isinstance(step.persons, int)
            if step.left_out:
                left -= step.persons
            elif step.text != "Med i effekten":
                assert left == step.persons
    texts = [step.text for step in flow("1", study, findings, counts)]
    assert "Begynder efter sidste dag med data" in texts
    assert "Uden for fælles grundlag: ingen ligner dem" in texts


@pytest.mark.parametrize(("unmatched", "more"), [(4, 0), (1, 0), (4, 11), (0, 0), (9, 0)])
def test_who_no_one_is_like_is_not_found_by_taking_the_effect_from_the_count(
    valued: Valued, unmatched: int, more: int
) -> None:
    """The flow has no other box between the two, so a reader takes the one from the other."""
    assert valued.study.matched is not None
    used, few = 11 + more, 0 < unmatched < 5
    study = replace(valued.study, participants=used + unmatched, left_out={})
    findings = replace(valued.study.matched, unmatched=unmatched, pre_period_participants=0, placebo=None,
                       effect=replace(valued.study.matched.effect, participants=used),
                       steps=("exact", "strata"), by_step=(6, used - 6))
    counts = counts_of(study, findings)
    told = {step.text: step.persons for step in flow("1", study, findings, counts)}
    whole, part = told["Deltagere i opgørelsen"], told["Med i effekten"]
    assert (isinstance(whole, int) and isinstance(part, int)) is not few
    if few:
        assert told["Uden for fælles grundlag: ingen ligner dem"] is Hidden.FEW
        steps = [count for key, count in counts.shown.items() if key.startswith("1/step/")]
        assert isinstance(part, int) or not all(isinstance(count, int) for count in steps), "nor by adding the steps"


def test_a_small_group_is_not_in_the_first_count_either(valued: Valued) -> None:
    lost = dict.fromkeys(LEFT_OUT, 0) | {"credited_elsewhere": 12, "starts_after_horizon": 3}
    few = replace(valued.study, left_out=lost)
    steps = flow("1", few, None, counts_of(few))
    assert [step.persons for step in steps] == [valued.study.participants + 12, 12, valued.study.participants]
    assert steps[0].text == "Registreret med start i indsatsen, uden grupper under 5"
    fewer = replace(valued.study, left_out=lost | {"credited_elsewhere": 0})
    only_small = flow("1", fewer, None, counts_of(fewer))
    assert [step.persons for step in only_small] == [valued.study.participants]


def test_every_reason_has_words_and_a_count_or_none() -> None:
    assert set(left_out_words()) == set(LEFT_OUT)


def test_few_left_out_for_a_reason_are_told_as_few(valued: Valued) -> None:
    lost = {"starts_after_horizon": 4, "credited_elsewhere": 5, "starts_in_suspension": 0}
    study = replace(valued.study, left_out=lost)
    assert [count for _, count in left_out_reasons("1", study, counts_of(study))] == [Hidden.FEW, 5]


def test_a_saving_that_is_shared_is_not_said_to_be_credited_elsewhere(valued: Valued) -> None:
    shared = replace(valued.study.design, double_counting="split")
    for design, said in ((valued.study.design, "regnes med dér"), (shared, "deles mellem de to")):
        study = replace(valued.study, design=design, left_out={"credited_elsewhere": 9})
        ((text, _),) = left_out_reasons("1", study, counts_of(study))
        assert text.endswith(said)


def test_the_steps_of_matching_are_told_with_counts_that_cannot_be_taken_apart(valued: Valued) -> None:
    assert valued.study.matched is not None
    findings = replace(valued.study.matched, steps=("exact", "strata-fine", "strata", "half-strata"))

    def told_of(*by_step: int) -> tuple[str, ...]:
        found = replace(findings, by_step=by_step, effect=replace(findings.effect, participants=sum(by_step)))
        return rules("1", found, counts_of(valued.study, found))

    told = told_of(30, 0, 3, 20)
    assert [text.split(" deltagere")[0] for text in told[:-1]] == ["30", "23"]
    assert "; eller " in told[1]
    assert "justeret" in told[-1]
    told = told_of(30, 20, 0, 3)
    assert [text.split(" deltagere")[0] for text in told[:-1]] == ["30", "23"]
    assert told_of(3, 0, 0, 0) == ()
    assert told_of(0, 0, 0, 0) == ()


def test_steps_that_read_the_same_are_told_as_one(valued: Valued) -> None:
    assert valued.study.matched is not None
    assert step_words("et-nyt-trin") == "et-nyt-trin"
    findings = replace(valued.study.matched, steps=("strata", "strata"), by_step=(8, 9))
    assert rules("1", findings, counts_of(valued.study, findings))[0].startswith("17 deltagere")


def sums(weight: float, mean: float, spread: float = 1.0) -> GroupSums:
    return GroupSums(weight, weight, weight * mean, weight * (mean**2 + spread**2))


def test_those_no_one_is_like_are_described_by_what_they_differ_in(valued: Valued) -> None:
    assert valued.study.matched is not None
    everybody, matched = sums(100, 10.0, 5.0), sums(90, 9.0, 5.0)
    other = sums(1, 0.0)
    long_spells = CovariateSums("uger på ydelsen ved start", "", everybody, other, matched, other)
    alike = CovariateSums("age", "", sums(100, 40.0, 9.0), other, sums(90, 40.0, 9.0), other)
    seldom = CovariateSums("sex", "M", GroupSums(100, 100, 45, 45), other, GroupSums(90, 90, 45, 45), other)
    findings = replace(valued.study.matched, unmatched=10, balance=(alike, seldom, long_spells))
    counts = Counts({"1/outside_support": 10})
    ((who, count),) = unsupported("1", findings, counts)
    assert count == 10
    assert who.endswith("fra de andre deltagere i uger på ydelsen ved start (højere), køn: M (sjældnere)")
    few = Counts({"1/outside_support": Hidden.FEW})
    ((who, count),) = unsupported("1", replace(findings, unmatched=3), few)
    assert count is Hidden.FEW
    assert "adskiller" not in who, "a description of a few persons is one too many"
    assert unsupported("1", replace(findings, unmatched=0), counts) == ()
