"""What stands behind an investment's main effect, collected for the memo's page and its appendix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from gevinst.curves.trial_sums import DESTINATION_WEEKS, WEIGHT_AT_MOST
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.matched_study import MatchedFindings
from gevinst.effects.replicates import interval
from gevinst.effects.study import Study
from gevinst.follow_up.alike import balance_rows
from gevinst.follow_up.answers import e_value_of
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.cohort_flow import flow, rules, unsupported
from gevinst.follow_up.disclosure.counts import Shown
from gevinst.follow_up.disclosure.disclose import Disclosed
from gevinst.follow_up.disclosure.inventory import comparison_key, named_curves, participants_key
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.shares import FINEST
from gevinst.follow_up.disclosure.steps import Step, further_steps
from gevinst.follow_up.effect_detail import BalanceRow, EffectDetail, FrequencyPoint, ProtocolSeal
from gevinst.follow_up.graded import MATCHED, Terms, evidence_of
from gevinst.follow_up.paid_off import HeldAgainst, accounts, chances, net_by_year
from gevinst.follow_up.placebos import placebo_results
from gevinst.follow_up.valued import Valued
from gevinst.follow_up.whereabouts import Telling, followed, frequencies, weeks_withheld, whereabouts


@dataclass(frozen=True)
class Told:
    """What a run says of how an effect is told: the limits, the seal of the protocol, and what it is held against.

    `years` are those with a result, in which the saving is held `against` the investment and the budget; `names` is
    what a reader calls the benefits by their keys; `small` says which counts are too small to be told of.
    """

    minimum_participants: int = 20
    seal: ProtocolSeal | None = None
    years: tuple[int, ...] = ()
    against: HeldAgainst = field(default=HeldAgainst({}, {}))
    names: Mapping[str, str] = field(default_factory=dict)
    small: Rules = field(default_factory=Rules)


def terms_of(case: CaseResult, told: Told) -> Terms:
    """What the grade of the case's effects rests on beside their figures."""
    seal = told.seal
    return Terms(
        told.minimum_participants,
        case.investment.protocol.randomised,
        None if seal is None else seal.before_data,
        0 if seal is None else len(seal.deviations),
        told.small,
        case.fewest,
    )


def effect_detail(case: CaseResult, told: Told, disclosed: Disclosed) -> EffectDetail | None:
    """All that is told of the main effect; None where it could not be computed.

    What only the matched comparison has (destinations, balance, placebo, the E-value) is there where it is the main
    method.
    """
    valued, effect = case.valued, case.effect
    if valued is None or effect is None:
        return None
    study, number_of = valued.study, case.investment.number
    findings = study.matched if effect.estimator == MATCHED else None
    claim = case.claims(told.minimum_participants)
    saving = case.saving
    net = net_by_year(saving, told.years) if saving is not None and saving.shown else {}
    weeks = [float(one.weeks_saved[0]) for one in study.effects.values()
             if case.assured(one) >= told.minimum_participants]
    detail = EffectDetail(
        investment=number_of,
        estimator=effect.estimator,
        claim=claim,
        participants=disclosed.counts[f"{number_of}/{participants_key(effect.estimator)}"],
        comparison_persons=None,
        effective_persons=None,
        horizon_weeks=effect.horizon_weeks,
        weeks_saved=interval(effect.weeks_saved),
        weeks_any_support=None,
        spread=(min(weeks), max(weeks)) if len(weeks) > 1 else None,
        frequencies=_frequencies(effect, number_of, study, disclosed),
        destinations=(),
        chances=chances(net, told.against) if claim else (),
        evidence=evidence_of(effect, valued, terms_of(case, told)),
        e_value=None,
        e_value_limit=None,
        balance=(),
        flow=flow(number_of, study, findings, disclosed.counts),
        placebos=(),
        seal=told.seal,
        accounts=accounts(net, told.against),
    )
    return detail if findings is None else _with_matched(detail, effect, findings, valued, disclosed)


def _with_matched(
    detail: EffectDetail, effect: EffectReplicates, findings: MatchedFindings, valued: Valued, disclosed: Disclosed
) -> EffectDetail:
    design, spread, counts = valued.study.design, findings.weights, disclosed.counts
    censored = design.later_participants == "censor"
    benefit = design.benefit_name or design.benefit
    telling = telling_of(effect, detail.investment, valued.study, disclosed)
    destinations = () if telling is None else whereabouts(
        findings.destinations, effect, benefit, disclosed.rules, telling
    )
    value, limit = e_value_of(effect) or (None, None)
    return replace(
        detail,
        comparison_persons=counts[f"{detail.investment}/compared"],
        effective_persons=_effective(spread.effective, counts[f"{detail.investment}/compared"], disclosed.rules),
        weeks_any_support=interval(findings.support_weeks_saved),
        frequencies=() if telling is None else frequencies(effect, weeks_withheld(destinations), telling),
        destinations=destinations,
        e_value=None if value is None else round(value, 2),
        e_value_limit=None if limit is None else round(limit, 2),
        balance=tuple(_rounded(row) for row in balance_rows(findings.balance)),
        placebos=placebo_results(findings, valued.placebo, counts, detail.investment),
        censored_share=round(spread.censored, 3) if censored else None,
        largest_weight=round(min(spread.largest, WEIGHT_AT_MOST), 1) if censored else None,
        truncated_share=round(spread.truncated, 3) if censored else None,
        rules=rules(detail.investment, findings, counts),
        unsupported=unsupported(detail.investment, findings, counts),
    )


def _rounded(row: BalanceRow) -> BalanceRow:
    return replace(row, before=round(row.before, 3), after=None if row.after is None else round(row.after, 3))


def _effective(effective: float, compared: Shown, rules: Rules) -> float | None:
    """The weight of the comparison in persons; not where it would tell how many they are."""
    return round(effective, 1) if isinstance(compared, int) and effective >= rules.threshold else None


def telling_of(
    effect: EffectReplicates, number_of: str, study: Study, disclosed: Disclosed
) -> Telling | None:
    """How the shares of the participants may be told beside their curve; None: not at all.

    Only in weeks in which the curve steps, or would after its end, and where those who are in the curve but not in the
    effect are none, or enough both of those on the benefit and of those off it.
    """
    rules, n = disclosed.rules, f"{number_of}/"
    step = disclosed.share_step(effect.participants, f"{n}{participants_key(effect.estimator)}")
    beside = f"{n}{comparison_key(effect.estimator)}"
    other = disclosed.share_step(effect.comparison, beside) if effect.comparison else 0.0
    steps = disclosed.steps.get(f"{n}same/participants", {})
    if step is None or other is None or not steps:
        return None
    reached, shares = followed(effect), effect.share_with[0]
    curve = named_curves(number_of, study)[f"{n}same/participants"]
    beyond = [
        Step(week, float(shares[week]), int(reached[week]))
        for week in DESTINATION_WEEKS
        if curve.points[-1].week < week < len(shares) and isfinite(shares[week])
    ]
    weeks = {
        week
        for week, one in steps.items()
        if week < len(shares) and (step or _both_may_be_told(one, float(shares[week]), int(reached[week]), rules))
    }
    told = frozenset(weeks | further_steps(steps, beyond, rules).keys())
    return Telling(told, max(step, FINEST), max(other, FINEST))


def _both_may_be_told(one: Step, share: float, of: int, rules: Rules) -> bool:
    on, off = one.share * one.of - share * of, (1 - one.share) * one.of - (1 - share) * of
    return of == one.of or not any(0.5 < abs(few) < rules.threshold - 0.5 for few in (on, off))


def _frequencies(
    effect: EffectReplicates, number_of: str, study: Study, disclosed: Disclosed
) -> tuple[FrequencyPoint, ...]:
    telling = telling_of(effect, number_of, study, disclosed)
    return () if telling is None else frequencies(effect, telling=telling)
