"""What the memo shows of a study: its curves and its effects, small cells taken away."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gevinst.economy.saving import Saving
from gevinst.effects.design import REST
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.ladder import ESTIMATORS, Estimator
from gevinst.effects.replicates import interval
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told, terms_of
from gevinst.follow_up.disclosure.disclose import Disclosed
from gevinst.follow_up.disclosure.inventory import comparison_key, named_curves, participants_key
from gevinst.follow_up.disclosure.magnitudes import may_be_told
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.edition import CurvePanel, EffectSummary
from gevinst.follow_up.graded import evidence_of
from gevinst.follow_up.reasons import left_out_reasons
from gevinst.follow_up.valued import net_total
from gevinst.language import number, percent, say
from gevinst.register.business_case import Investment

WEEKS_A_YEAR = 53


def panels(case: CaseResult, disclosed: Disclosed) -> tuple[CurvePanel, ...]:
    """The curves of one investment: a panel for the same benefit and one for any public support."""
    study, number_of, shown = case.study, case.investment.number, list[CurvePanel]()
    if study is None:
        return ()
    curves = named_curves(number_of, study)
    for outcome in ("same", "any"):
        told = [disclosed.curve(curve, key) for key, curve in curves.items() if curve.outcome == outcome]
        kept = tuple(curve for curve in told if curve is not None)
        if kept:
            key = study.design.benefit
            shown.append(
                CurvePanel(
                    number_of,
                    key,
                    study.design.benefit_name or key,
                    kept,
                    disclosed.counts[f"{number_of}/participants"],
                    disclosed.counts[f"{number_of}/target_group"],
                    left_out_reasons(number_of, study, disclosed.counts) if outcome == "same" else (),
                )
            )
    return tuple(shown)


def effect_summaries(case: CaseResult, told: Told, disclosed: Disclosed) -> tuple[EffectSummary, ...]:
    """The answers of the ladder, in its order."""
    if case.valued is None:
        return ()
    study, savings, terms = case.valued.study, case.valued.savings, terms_of(case, told)
    counts, number_of = disclosed.counts, case.investment.number
    return tuple(
        EffectSummary(
            number_of,
            key,
            weakness_of(case.investment, estimator),
            key == study.design.headline,
            study.effects[key].horizon_weeks,
            interval(study.effects[key].weeks_saved),
            counts[f"{number_of}/{participants_key(key)}"],
            counts[f"{number_of}/{comparison_key(key)}"] if study.effects[key].comparison else 0,
            savings[key].by_year if key in savings else (),
            study.effects[key].comparison_label,
            effect_notes(study.effects[key], savings.get(key), disclosed.rules, told.names),
            estimator.name,
            net_total(savings.get(key)),
            evidence_of(study.effects[key], case.valued, terms),
            case.assured(study.effects[key]) >= told.minimum_participants,
            brief_weakness_of(case.investment, estimator),
        )
        for key, estimator in ESTIMATORS.items()
        if key in study.effects
    )


def weakness_of(investment: Investment, estimator: Estimator) -> str:
    """What is known to be wrong with an estimator's answer; not what lot has put right."""
    if not investment.protocol.randomised or estimator.key != REST:
        return estimator.weakness
    return say(
        da="Lodtrækning afgjorde, hvem der fik tilbuddet. De svagheder, metoden ellers har, gælder derfor ikke "
        "forskellen til dem, der ikke fik det.",
        en="Lot decided who was offered the effort. The weaknesses the method otherwise has therefore do not apply to "
        "the difference to those who were not.",
    )


def brief_weakness_of(investment: Investment, estimator: Estimator) -> str:
    """The same in the few words of a table."""
    if not investment.protocol.randomised or estimator.key != REST:
        return estimator.brief
    return say(da="Lod afgjorde, hvem der fik tilbuddet", en="Lot decided who was offered the effort")


def effect_notes(
    effect: EffectReplicates, saving: Saving | None, rules: Rules, names: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, ...]:
    """What the reader must know of this answer; `names` is what a reader calls the benefits by their keys."""
    notes = []
    if effect.horizon_weeks < effect.asked_weeks:
        notes.append(
            say(
                da=f"Der er kun data til {effect.horizon_weeks} uger efter start; protokollen beder om "
                f"{effect.asked_weeks}.",
                en=f"There are data for only {effect.horizon_weeks} weeks after the start; the protocol asks for "
                f"{effect.asked_weeks}.",
            )
        )
    if effect.comparison == 0:
        notes.append(
            say(
                da="Sammenligningen er en trykt tabel uden antal; intervallet dækker kun usikkerheden om deltagerne.",
                en="The comparison is a printed table without counts; the interval covers only the uncertainty about "
                "the participants.",
            )
        )
    if effect.uncovered:
        told = may_be_told(effect.uncovered, WEEKS_A_YEAR, rules)
        weeks = number(effect.uncovered) if told else say(da="Nogle", en="Some")
        notes.append(
            say(
                da=f"{weeks} deltageruger ligger senere efter start, end sammenligningen er fulgt, og indgår ikke i "
                "beløbene.",
                en=f"{weeks} participant-weeks lie later after the start than the comparison was followed and are not "
                "in the amounts.",
            )
        )
    if saving is not None and saving.unpriced:
        missing = ", ".join(sorted({names.get(one.benefit, one.benefit) for one in saving.unpriced}))
        share = percent(saving.unpriced_share)
        notes.append(
            say(
                da=f"{share} af ugerne er på ydelser uden ugepris ({missing}); de indgår ikke i beløbene. Læg prisen i "
                "filen prices.",
                en=f"{share} of the weeks are on benefits without a weekly price ({missing}); they are not in the "
                "amounts. Put the price in the file prices.",
            )
            if saving.shown
            else say(
                da=f"{share} af ugerne er på ydelser uden ugepris ({missing}); derfor gives ingen beløb. Læg prisen i "
                "filen prices.",
                en=f"{share} of the weeks are on benefits without a weekly price ({missing}), so no amounts are given. "
                "Put the price in the file prices.",
            )
        )
    return tuple(notes)
