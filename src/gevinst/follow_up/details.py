"""What stands behind an investment's main effect, collected for the memo's page and its appendix."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from gevinst.curves.trial_sums import WEIGHT_AT_MOST
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.matched_study import MatchedFindings
from gevinst.effects.replicates import interval
from gevinst.follow_up.alike import balance_rows
from gevinst.follow_up.answers import e_value_of
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.cohort_flow import flow, rules, unsupported
from gevinst.follow_up.door import publishable_count
from gevinst.follow_up.effect_detail import EffectDetail, ProtocolSeal
from gevinst.follow_up.graded import MATCHED, Terms, evidence_of
from gevinst.follow_up.paid_off import HeldAgainst, accounts, chances, net_by_year
from gevinst.follow_up.placebos import placebo_results
from gevinst.follow_up.valued import Valued
from gevinst.follow_up.whereabouts import frequencies, weeks_withheld, whereabouts


@dataclass(frozen=True)
class Told:
    """What a run says of how an effect is told: the limits, the seal of the protocol, and what it is held against.

    `years` are those with a result, in which the saving is held `against` the investment and the budget.
    """

    threshold: int = 5
    minimum_participants: int = 20
    seal: ProtocolSeal | None = None
    years: tuple[int, ...] = ()
    against: HeldAgainst = field(default=HeldAgainst({}, {}))


def terms_of(case: CaseResult, told: Told) -> Terms:
    """What the grade of the case's effects rests on beside their figures."""
    seal = told.seal
    return Terms(
        told.minimum_participants,
        case.investment.protocol.randomised,
        None if seal is None else seal.before_data,
        0 if seal is None else len(seal.deviations),
    )


def effect_detail(case: CaseResult, told: Told) -> EffectDetail | None:
    """All that is told of the main effect; None where it could not be computed.

    What only the matched comparison has (destinations, balance, placebo, the E-value) is there where it is the main
    method.
    """
    valued, effect = case.valued, case.effect
    if valued is None or effect is None:
        return None
    study = valued.study
    findings = study.matched if effect.estimator == MATCHED else None
    claim = case.claims(told.minimum_participants)
    saving = case.saving
    net = net_by_year(saving, told.years) if saving is not None and saving.shown else {}
    weeks = [float(one.weeks_saved[0]) for one in study.effects.values()]
    detail = EffectDetail(
        investment=case.investment.number,
        estimator=effect.estimator,
        claim=claim,
        participants=publishable_count(effect.participants, told.threshold),
        comparison_persons=None,
        effective_persons=None,
        horizon_weeks=effect.horizon_weeks,
        weeks_saved=interval(effect.weeks_saved),
        weeks_any_support=None,
        spread=(min(weeks), max(weeks)) if len(weeks) > 1 else None,
        frequencies=frequencies(effect),
        destinations=(),
        chances=chances(net, told.against) if claim else (),
        evidence=evidence_of(effect, valued, terms_of(case, told)),
        e_value=None,
        e_value_limit=None,
        balance=(),
        flow=flow(study, findings, told.threshold),
        placebos=(),
        seal=told.seal,
        accounts=accounts(net, told.against),
    )
    return detail if findings is None else _with_matched(detail, effect, findings, valued, told.threshold)


def _with_matched(
    detail: EffectDetail, effect: EffectReplicates, findings: MatchedFindings, valued: Valued, threshold: int
) -> EffectDetail:
    design, spread = valued.study.design, findings.weights
    censored = design.later_participants == "censor"
    benefit = design.benefit_name or design.benefit
    destinations = whereabouts(findings.destinations, effect, benefit, threshold)
    value, limit = e_value_of(effect) or (None, None)
    return replace(
        detail,
        comparison_persons=publishable_count(spread.persons, threshold),
        effective_persons=spread.effective,
        weeks_any_support=interval(findings.support_weeks_saved),
        frequencies=frequencies(effect, weeks_withheld(destinations)),
        destinations=destinations,
        e_value=value,
        e_value_limit=limit,
        balance=balance_rows(findings.balance),
        placebos=placebo_results(findings, valued.placebo, threshold),
        censored_share=spread.censored if censored else None,
        largest_weight=min(spread.largest, WEIGHT_AT_MOST) if censored else None,
        truncated_share=spread.truncated if censored else None,
        rules=rules(findings, threshold),
        unsupported=unsupported(findings, threshold),
    )
