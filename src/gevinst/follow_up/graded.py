"""How far each estimator's answer can be relied on: what the grade is given on, collected from the study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.evidence import Evidence, EvidenceFacts, grade
from gevinst.effects.matched_study import MatchedFindings
from gevinst.follow_up.alike import balance_rows, largest_difference
from gevinst.follow_up.effect_detail import PlaceboResult
from gevinst.follow_up.placebos import placebo_results

MATCHED = "matched"


@dataclass(frozen=True)
class Terms:
    """What is known of a case beside its figures: whether lot decided, and how its protocol came to be.

    `fixed_before_data` is None where it is not known; `deviations` how many times the protocol was changed afterwards.
    """

    minimum_participants: int = 20
    randomised: bool = False
    fixed_before_data: bool | None = None
    deviations: int = 0


def evidence_of(effect: EffectReplicates, findings: MatchedFindings | None, terms: Terms) -> Evidence:
    """The grade of one estimator's answer, with its reasons; `findings` are the matched comparison's."""
    return grade(evidence_facts(effect, findings, terms))


def evidence_facts(effect: EffectReplicates, findings: MatchedFindings | None, terms: Terms) -> EvidenceFacts:
    """What the grade is given on. Only the matched comparison has checks of its own."""
    horizon = effect.horizon_weeks / max(effect.asked_weeks, 1)
    facts = EvidenceFacts(
        effect.estimator,
        terms.randomised,
        effect.participants,
        terms.minimum_participants,
        fixed_before_data=terms.fixed_before_data,
        deviations=terms.deviations,
        horizon_reached=horizon,
    )
    if effect.estimator != MATCHED or findings is None:
        return facts
    pseudo, pre_period = placebo_results(findings, None, 0)
    return EvidenceFacts(
        effect.estimator,
        terms.randomised,
        effect.participants,
        terms.minimum_participants,
        findings.unmatched / max(findings.unmatched + effect.participants, 1),
        largest_difference(balance_rows(findings.balance)),
        findings.weights.effective,
        pseudo.passed,
        pre_period.passed,
        _placebo_share((pseudo, pre_period), float(effect.weeks_saved[0])),
        terms.fixed_before_data,
        terms.deviations,
        horizon,
    )


def _placebo_share(placebos: Sequence[PlaceboResult], weeks_saved: float) -> float | None:
    """How large the largest placebo that did not pass is beside the effect; None where all passed."""
    failed = [abs(one.weeks.estimate) for one in placebos if one.passed is False and one.weeks is not None]
    if not failed:
        return None
    return max(failed) / abs(weeks_saved) if weeks_saved else float("inf")
