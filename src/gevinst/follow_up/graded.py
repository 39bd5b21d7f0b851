"""How far each estimator's answer can be relied on: what the grade is given on, collected from the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from gevinst.effects.estimate import EffectReplicates, Interval
from gevinst.effects.evidence import Evidence, EvidenceFacts, grade
from gevinst.follow_up.alike import balance_rows, largest_difference
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.effect_detail import PlaceboResult
from gevinst.follow_up.placebos import covers_zero, placebo_results
from gevinst.follow_up.valued import Valued, net_total

MATCHED = "matched"


@dataclass(frozen=True)
class Terms:
    """What is known of a case beside its figures: whether lot decided, and how its protocol came to be.

    `fixed_before_data` is None where it is not known; `deviations` how many times the protocol was changed afterwards.
    `limits` are those of what may be printed, and `fewest` the participants a reader can know each answer to rest on.
    """

    minimum_participants: int = 20
    randomised: bool = False
    fixed_before_data: bool | None = None
    deviations: int = 0
    limits: Rules = field(default_factory=Rules)
    fewest: Mapping[str, int] = field(default_factory=dict)


def evidence_of(effect: EffectReplicates, valued: Valued, terms: Terms) -> Evidence:
    """The grade of one estimator's answer, with its reasons."""
    return grade(evidence_facts(effect, valued, terms))


def evidence_facts(effect: EffectReplicates, valued: Valued, terms: Terms) -> EvidenceFacts:
    """What the grade is given on. Only the matched comparison has checks of its own."""
    facts = EvidenceFacts(
        effect.estimator,
        terms.randomised,
        min(effect.participants, terms.fewest.get(effect.estimator, effect.participants)),
        terms.minimum_participants,
        counted=effect.estimator not in terms.fewest,
        fixed_before_data=terms.fixed_before_data,
        deviations=terms.deviations,
        horizon_reached=effect.horizon_weeks / max(effect.asked_weeks, 1),
    )
    findings = valued.study.matched
    if effect.estimator != MATCHED or findings is None:
        return facts
    pseudo, pre_period = placebo_results(findings, valued.placebo)
    return replace(
        facts,
        outside_support=_outside(findings.unmatched, effect.participants, terms.limits),
        largest_difference=largest_difference(balance_rows(findings.balance)),
        effective_persons=findings.weights.effective,
        pseudo_placebo=pseudo.passed,
        pre_period_placebo=pre_period.passed,
        placebo_share=_placebo_share(
            (pseudo, pre_period), float(effect.weeks_saved[0]), net_total(valued.savings.get(effect.estimator))
        ),
    )


def _outside(unmatched: int, used: int, limits: Rules) -> float:
    """The share of participants no one is like; where they are too few to be told, that of the fewest so few can be.

    Beside a printed number of participants a weakness by a limit of the share would else tell how many they are.
    """
    fewest = 0 if limits.zeros else 1
    return (fewest if limits.is_small(unmatched) else unmatched) / max(unmatched + used, 1)


def _placebo_share(placebos: Sequence[PlaceboResult], weeks_saved: float, saving: Interval | None) -> float | None:
    """How large the largest answer that did not cover zero is beside the effect's own; None where all did."""
    net = None if saving is None else saving.estimate
    pairs = [pair for one in placebos for pair in ((one.weeks, weeks_saved), (one.net_dkk, net))]
    shares = [
        abs(found.estimate) / abs(own) if own else inf
        for found, own in pairs
        if found is not None and own is not None and covers_zero(found) is False
    ]
    return max(shares, default=None)
