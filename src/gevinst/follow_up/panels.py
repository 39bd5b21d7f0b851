"""What the memo shows of a study: its curves, its effects, and who was left out, small cells taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gevinst.economy.saving import Saving
from gevinst.effects.design import REST
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.ladder import ESTIMATORS, Estimator
from gevinst.effects.replicates import interval
from gevinst.effects.study import Study
from gevinst.follow_up.door import publishable, publishable_count
from gevinst.follow_up.edition import CurvePanel, EffectSummary
from gevinst.language import number, percent, say
from gevinst.register.business_case import Investment

Studied = tuple[Investment, Study, Mapping[str, Saving]]


def panels(investment: Investment, study: Study, threshold: int) -> tuple[CurvePanel, ...]:
    """The curves of one investment: a panel for the same benefit and one for any public support."""
    shown = []
    for outcome in ("same", "any"):
        curves = [publishable(curve, threshold) for curve in study.curves if curve.outcome == outcome]
        kept = tuple(curve for curve in curves if curve is not None)
        if kept:
            key = study.design.benefit
            shown.append(
                CurvePanel(
                    investment.number,
                    key,
                    study.design.benefit_name or key,
                    kept,
                    publishable_count(study.participants, threshold),
                    publishable_count(study.target_group, threshold),
                    left_out_reasons(study, threshold) if outcome == "same" else (),
                )
            )
    return tuple(shown)


def left_out_reasons(study: Study, threshold: int) -> tuple[tuple[str, int | None], ...]:
    """Why some participants are not in the figures, in words, with their number."""
    words = {
        "starts_after_horizon": say(da="begynder efter sidste dag med data", en="start after the last day with data"),
        "starts_before_register": say(
            da="begynder, før data om borgerne begynder", en="start before the data on persons begin"
        ),
        "starts_in_suspension": say(
            da="står til at begynde i en periode, hvor ingen kunne begynde",
            en="are said to start in a period in which nobody could",
        ),
        "credited_elsewhere": say(
            da="har deltaget i en investering før; besparelsen regnes med dér",
            en="took part in an investment before; what is saved is credited there",
        ),
        "repeated_participation": say(
            da="har deltaget før; kun den første gang tælles", en="took part before; only the first time counts"
        ),
        "not_on_benefit_at_start": say(
            da="modtog ikke målgruppens ydelse i startugen",
            en="did not receive the target group's benefit in the week they started",
        ),
    }
    return tuple(
        (text, publishable_count(study.left_out[key], threshold))
        for key, text in words.items()
        if study.left_out.get(key)
    )


def effect_summaries(investment: Investment, study: Study, savings: Mapping[str, Saving]) -> tuple[EffectSummary, ...]:
    """The answers of the ladder, in its order."""
    return tuple(
        EffectSummary(
            investment.number,
            key,
            weakness_of(investment, estimator),
            key == study.design.headline,
            study.effects[key].horizon_weeks,
            interval(study.effects[key].weeks_saved),
            study.effects[key].participants,
            study.effects[key].comparison,
            savings[key].by_year if key in savings else (),
            study.effects[key].comparison_label,
            effect_notes(study.effects[key], savings.get(key)),
            name=estimator.name,
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


def effect_notes(effect: EffectReplicates, saving: Saving | None) -> tuple[str, ...]:
    """What the reader must know of this answer."""
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
        weeks = number(effect.uncovered)
        notes.append(
            say(
                da=f"{weeks} deltageruger ligger senere efter start, end sammenligningen er fulgt, og indgår ikke i "
                "beløbene.",
                en=f"{weeks} participant-weeks lie later after the start than the comparison was followed and are not "
                "in the amounts.",
            )
        )
    if saving is not None and saving.unpriced:
        missing = ", ".join(sorted({one.benefit for one in saving.unpriced}))
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


def left_out_notes(studies: Sequence[Studied], threshold: int) -> tuple[str, ...]:
    """What the reader must know of the data as a whole."""
    notes = []
    shared = max((study.left_out.get("shared_weeks", 0) for _, study, _ in studies), default=0)
    if shared >= threshold:
        notes.append(
            say(
                da=f"I {number(shared)} uger skiftede en borger mellem to ydelser; ugen er regnet som den, der "
                "begyndte først.",
                en=f"In {number(shared)} weeks a person changed between two benefits; the week is valued as the one "
                "that began first.",
            )
        )
    for investment, study, _ in studies:
        notes += [
            say(
                da=f"Investering {investment.number}: {number(count) if count else f'under {threshold}'} deltagere "
                f"{reason}.",
                en=f"Investment {investment.number}: {number(count) if count else f'under {threshold}'} participants "
                f"{reason}.",
            )
            for reason, count in left_out_reasons(study, threshold)
        ]
    return tuple(notes)
