"""What stands behind the main effect, collected from the study of the small register."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from gevinst.economy.saving import Saving
from gevinst.effects.replicates import interval
from gevinst.effects.unknown_difference import e_value
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told, effect_detail, terms_of
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.disclose import Disclosed, disclose
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.effect_detail import EffectDetail, ProtocolSeal
from gevinst.follow_up.graded import evidence_facts, evidence_of
from gevinst.follow_up.paid_off import HeldAgainst
from gevinst.follow_up.panels import effect_summaries
from gevinst.follow_up.placebos import placebo_results
from gevinst.follow_up.seal import seal_of
from gevinst.follow_up.valued import Valued, net_total
from gevinst.language import speaking
from gevinst.register.business_case import Protocol
from gevinst.register.protocol import ProtocolEntry, checksum, plan_of, record_of

SEAL = ProtocolSeal("a" * 64, date(2020, 1, 1), True)
TOLD = Told(20, SEAL, (2020, 2021), HeldAgainst({2020: 3e5, 2021: 3e5}, {2020: -1e5, 2021: -1e5}))


def disclosed_of(case: CaseResult) -> Disclosed:
    return Disclosed() if case.study is None else disclose({case.investment.number: case.study}, Rules())


def detail_of(case: CaseResult, told: Told) -> EffectDetail | None:
    return effect_detail(case, told, disclosed_of(case))


@pytest.fixture
def detail(case: CaseResult) -> EffectDetail:
    found = detail_of(case, TOLD)
    assert found is not None
    return found


def test_matched_has_everything(case: CaseResult, detail: EffectDetail, valued: Valued) -> None:
    matched = valued.study.matched
    assert matched is not None
    assert (detail.investment, detail.estimator, detail.claim) == ("1", "matched", True)
    assert matched.unmatched == 1, "so that how many are in the effect would tell of her"
    assert detail.participants is Hidden.PROTECTS
    assert detail.weeks_saved == interval(matched.effect.weeks_saved)
    assert detail.weeks_any_support == interval(matched.support_weeks_saved)
    assert detail.comparison_persons == matched.weights.persons
    assert [point.week for point in detail.frequencies][:3] == [13, 26, 52]
    assert {share.week for share in detail.destinations} == {13, 26, 52, 104}
    weeks = [float(effect.weeks_saved[0]) for effect in valued.study.effects.values()]
    assert detail.spread == (min(weeks), max(weeks))
    assert {row.name for row in detail.balance} >= {"køn: M", "alder ved indtræden"}
    assert [placebo.kind for placebo in detail.placebos] == ["pseudo_participants", "pre_period"]
    assert detail.flow[-1].arm == "comparison"
    assert detail.seal is SEAL
    assert detail.censored_share == round(matched.weights.censored, 3)
    assert all(row.before == round(row.before, 3) for row in detail.balance)


def test_the_e_value_is_that_of_the_weeks_on_benefit(detail: EffectDetail, valued: Valued) -> None:
    effect = valued.study.effects["matched"]
    ratio = effect.share_with[0, :52].sum() / effect.share_without[0, :52].sum()
    assert detail.e_value == round(e_value(ratio), 2)


def test_chances_and_accounts_are_of_the_main_saving(case: CaseResult, detail: EffectDetail) -> None:
    saving = case.saving
    assert saving is not None
    net = saving.net[:, saving.years.index(2020)]
    first = detail.chances[0]
    assert first.covers_investment == pytest.approx(float(np.mean(net[1:] + 3e5 <= 0)))
    assert first.reaches_budget == pytest.approx(float(np.mean(net[1:] <= -1e5)))
    assert [chance.year for chance in detail.chances] == [2020, 2021, None]
    assert detail.accounts[-1].saving == interval(saving.net[:, :2].sum(axis=1))


def test_too_few_participants_leave_no_claim_and_no_probability(case: CaseResult) -> None:
    found = detail_of(case, replace(TOLD, minimum_participants=10_000))
    assert found is not None
    assert not found.claim
    assert found.chances == ()
    assert found.evidence.grade == "E"
    assert found.accounts, "what was spent is known"


def test_another_main_method_has_what_there_is(case: CaseResult) -> None:
    naive = replace(case, investment=replace(case.investment, protocol=Protocol("rest_of_target_group", 52)))
    found = detail_of(naive, TOLD)
    assert found is not None
    assert found.evidence.grade == "D"
    assert found.frequencies
    assert (found.balance, found.placebos, found.destinations, found.e_value) == ((), (), (), None)
    assert found.flow[-1].text == "Deltagere i opgørelsen"


def test_a_main_method_that_could_not_be_computed_has_no_detail(case: CaseResult) -> None:
    assert case.valued is not None
    study = replace(case.valued.study, effects={})
    assert detail_of(replace(case, valued=replace(case.valued, study=study)), TOLD) is None
    assert detail_of(CaseResult(case.investment), TOLD) is None


def test_kept_participants_have_no_censoring_to_tell_of(case: CaseResult) -> None:
    assert case.valued is not None
    study = case.valued.study
    kept = replace(study, design=replace(study.design, later_participants="keep"))
    found = detail_of(replace(case, valued=replace(case.valued, study=kept)), TOLD)
    assert found is not None
    assert (found.censored_share, found.largest_weight, found.truncated_share) == (None, None, None)


def test_every_rung_has_its_grade_and_its_total(case: CaseResult) -> None:
    summaries = effect_summaries(case, TOLD, disclosed_of(case))
    assert [one.estimator for one in summaries if one.headline] == ["matched"]
    for one in summaries:
        assert one.name
        assert one.evidence is not None
        assert case.valued is not None
        assert one.net_total == net_total(case.valued.savings[one.estimator])
        assert (one.evidence.grade == "D") == (one.estimator != "matched")


def test_the_grade_rests_on_the_checks_that_were_made(case: CaseResult, valued: Valued) -> None:
    matched = valued.study.matched
    assert matched is not None
    facts = evidence_facts(matched.effect, valued, terms_of(case, TOLD))
    assert facts.outside_support == pytest.approx(matched.unmatched / (matched.unmatched + facts.participants))
    assert facts.effective_persons == matched.weights.effective
    assert facts.largest_difference is not None
    assert facts.fixed_before_data is True
    assert facts.horizon_reached == 1.0
    assert matched.pre_period is not None
    biased = replace(matched, pre_period=matched.pre_period + 100, placebo=None)
    changed = Valued(replace(valued.study, matched=biased), valued.savings, None)
    worse = evidence_facts(matched.effect, changed, terms_of(case, TOLD))
    assert worse.pre_period_placebo is False
    assert worse.pseudo_placebo is None
    assert worse.placebo_share == pytest.approx(abs(matched.pre_period[0] + 100) / abs(matched.effect.weeks_saved[0]))
    assert evidence_of(matched.effect, changed, terms_of(case, TOLD)).grade == "E"


@pytest.mark.parametrize("participants", [25, 30, 35, 39, 60])
def test_the_grade_does_not_tell_how_few_no_one_is_like(case: CaseResult, valued: Valued, participants: int) -> None:
    """More than a tenth of 35 who are fewer than five are four."""
    assert valued.study.matched is not None
    terms = replace(terms_of(case, TOLD), minimum_participants=10)

    def reasons(unmatched: int) -> object:
        assert valued.study.matched is not None
        effect = replace(valued.study.matched.effect, participants=participants - unmatched)
        findings = replace(valued.study.matched, unmatched=unmatched, effect=effect)
        return evidence_of(effect, replace(valued, study=replace(valued.study, matched=findings)), terms)

    assert reasons(1) == reasons(2) == reasons(3) == reasons(4)
    assert "ligner ingen" not in str(reasons(4))
    assert "ligner ingen" in str(reasons(7))


def test_a_placebo_that_finds_kroner_alone_has_failed_in_table_and_grade(
    case: CaseResult, valued: Valued, make_saving: Callable[..., Saving]
) -> None:
    matched = valued.study.matched
    assert matched is not None
    assert matched.placebo is not None
    nothing = replace(matched, placebo=replace(matched.placebo, weeks_saved=np.linspace(-1, 1, 201) + 1e-9))
    found = replace(valued, study=replace(valued.study, matched=nothing), placebo=make_saving({2020: [-4e6] * 201}))
    assert placebo_results(nothing, found.placebo)[0].passed is False
    facts = evidence_facts(matched.effect, found, terms_of(case, TOLD))
    assert facts.pseudo_placebo is False
    own = net_total(valued.savings["matched"])
    assert own is not None
    assert facts.placebo_share == pytest.approx(4e6 / abs(own.estimate))


def test_without_replicates_no_placebo_was_made(valued: Valued) -> None:
    matched = valued.study.matched
    assert matched is not None
    assert matched.placebo is not None
    alone = replace(matched, placebo=replace(matched.placebo, weeks_saved=matched.placebo.weeks_saved[:1]))
    assert placebo_results(alone, None)[0].passed is None


def test_a_placebo_that_could_not_be_made_is_said_to_be_so(valued: Valued) -> None:
    assert valued.study.matched is not None
    none = replace(valued.study.matched, placebo=None, pre_period=None, pre_period_participants=0)
    for made in placebo_results(none, None):
        assert (made.weeks, made.participants, made.passed, made.net_dkk) == (None, None, None, None)


def test_the_seal_says_when_the_plan_was_fixed_and_what_was_changed() -> None:
    entries = []
    for version, (horizon, month) in enumerate(((26, 1), (52, 6)), start=1):
        plan = plan_of(Protocol("matched", horizon))
        entries.append(ProtocolEntry("jobnet", version, datetime(2020, month, 1, tzinfo=UTC), checksum(plan), plan))
    with speaking("da"):
        seal = seal_of(record_of(entries), datetime(2020, 3, 1, tzinfo=UTC))
    assert seal is not None
    assert seal.before_data is True
    assert [(one.what, one.was, one.now) for one in seal.deviations] == [("Horisont, uger", "26", "52")]
    assert seal_of(None, None) is None
