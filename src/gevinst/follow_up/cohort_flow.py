"""Who is in an effect, in words and counts: the flow of persons, the steps of the matching, who no one is like."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from gevinst.cohorts.trials import STEPS_OF_MATCHING, StepOfMatching
from gevinst.curves.trial_checks import CovariateSums
from gevinst.effects.balance import moments
from gevinst.effects.matched_study import MatchedFindings
from gevinst.effects.study import Study
from gevinst.follow_up.alike import covariate_words
from gevinst.follow_up.door import publishable_count
from gevinst.follow_up.effect_detail import FlowStep
from gevinst.follow_up.reasons import LEFT_OUT, left_out_words
from gevinst.language import number, say

TOLD_APART = 0.5
"""Those no one is like are described by what they differ in by at least this many standard deviations."""
MOST_TOLD = 3
Counted = tuple[str, int]


def flow(study: Study, findings: MatchedFindings | None, threshold: int) -> tuple[FlowStep, ...]:
    """The participants from those registered to those in the effect, and the comparison; `findings` where matched."""
    words = left_out_words(split=study.design.double_counting == "split")
    lost = [(_sentence(words[key]), study.left_out.get(key, 0)) for key in LEFT_OUT]
    steps = _narrowed(
        say(da="Registreret med start i indsatsen", en="Registered with a start in the effort"),
        lost,
        (say(da="Deltagere i opgørelsen", en="Participants in the count"), study.participants),
        threshold,
    )
    if findings is None:
        return tuple(steps)
    unlike = publishable_count(findings.unmatched, threshold)
    if findings.unmatched:
        text = say(da="Uden for fælles grundlag: ingen ligner dem", en="Outside common support: no one is like them")
        steps.append(FlowStep(text, unlike, left_out=True))
    used = publishable_count(findings.effect.participants, threshold)
    steps.append(FlowStep(say(da="Med i effekten", en="In the effect"), used))
    benefit = study.design.benefit_name or study.design.benefit
    persons = findings.weights.persons
    compared = _narrowed(
        say(
            da=f"På {benefit} i de uger, hvor deltagerne begyndte, uden at have deltaget i noget",
            en=f"On {benefit} in the weeks in which participants started, having taken part in nothing",
        ),
        [(say(da="Ligner ingen deltager", en="Like no participant"), findings.candidates - persons)],
        (say(da="Sammenlignes med deltagerne", en="Compared with the participants"), persons),
        threshold,
    )
    return (*steps, *(FlowStep(one.text, one.persons, one.left_out, "comparison") for one in compared))


def _narrowed(top: str, lost: Sequence[Counted], bottom: Counted, threshold: int) -> list[FlowStep]:
    """All, those left out, and the rest. Groups too small to tell are not in the first count: it would tell them."""
    shown = [(text, count) for text, count in lost if count and publishable_count(count, threshold) is not None]
    small = any(count and publishable_count(count, threshold) is None for _, count in lost)
    if not shown and (small or publishable_count(bottom[1], threshold) is None):
        return [FlowStep(bottom[0], publishable_count(bottom[1], threshold))]
    whole = sum(count for _, count in shown) + bottom[1]
    without = say(da=f", uden grupper under {threshold}", en=f", groups under {threshold} not included")
    return [
        FlowStep(f"{top}{without}" if small else top, whole),
        *(FlowStep(text, count, left_out=True) for text, count in shown),
        FlowStep(bottom[0], publishable_count(bottom[1], threshold)),
    ]


def rules(findings: MatchedFindings, threshold: int) -> tuple[str, ...]:
    """The steps of the matching that were used, in words, with how many participants were matched at each.

    Steps that read the same are told as one. A step at which too few were matched to print is told with the next one,
    or with the one before. Last comes how the weights were adjusted afterwards.
    """
    counted: dict[str, int] = {}
    for key, count in zip(findings.steps, findings.by_step, strict=True):
        counted[step_words(key)] = counted.get(step_words(key), 0) + count
    parts: list[tuple[list[str], int]] = []
    for words, count in counted.items():
        if count and parts and parts[-1][1] < threshold:
            parts[-1] = ([*parts[-1][0], words], parts[-1][1] + count)
        elif count:
            parts.append(([words], count))
    if len(parts) > 1 and parts[-1][1] < threshold:
        (last, more), (before, count) = parts.pop(), parts.pop()
        parts.append(([*before, *last], count + more))
    if not parts or parts[-1][1] < threshold:
        return ()
    joined = say(da="; eller ", en="; or ")
    told = (
        say(
            da=f"{number(count)} deltagere: {joined.join(words)}.",
            en=f"{number(count)} participants: {joined.join(words)}.",
        )
        for words, count in parts
    )
    return (*told, _raked_words())


def step_words(key: str) -> str:
    """A step of the matching in words; its key where it is not known."""
    step = next((one for one in STEPS_OF_MATCHING if one.key == key), None)
    return key if step is None else f"{_elapsed_words(step)} {_alike_words(step)}"


def _elapsed_words(step: StepOfMatching) -> str:
    if step.fine_elapsed:
        return say(
            da="samme startuge, næsten lige mange uger på ydelsen",
            en="the same start week, nearly as many weeks on the benefit",
        )
    return say(
        da="samme startuge, samme bånd af uger på ydelsen",
        en="the same start week, the same band of weeks on the benefit",
    )


def _alike_words(step: StepOfMatching) -> str:
    if not step.strata:
        return say(
            da="og ens på alle egenskaber, der matches på",
            en="and alike in everything that is matched on",
        )
    return say(
        da=f"og samme af {step.strata} lag af den anslåede sandsynlighed for at deltage",
        en=f"and the same of {step.strata} strata of the estimated probability of taking part",
    )


def _raked_words() -> str:
    """What `cohorts/calibration.py` does after the last step."""
    return say(
        da="Til sidst er vægten af dem, der sammenlignes med, justeret, så hver egenskab fordeler sig som blandt "
        "deltagerne.",
        en="At last the weights of those compared with are adjusted so that each covariate is distributed as among "
        "participants.",
    )


def unsupported(findings: MatchedFindings, threshold: int) -> tuple[tuple[str, int | None], ...]:
    """Who is outside common support, in words, and how many; empty where everybody is like someone.

    They are described by what they differ in from the other participants; not where they are too few to tell of.
    """
    count = publishable_count(findings.unmatched, threshold)
    if not findings.unmatched:
        return ()
    text = say(
        da="Ingen på samme ydelse i samme uge ligner dem nok",
        en="No one on the same benefit in the same week is enough like them",
    )
    if count is None:
        return ((text, None),)
    apart = [(abs(d), words) for one in findings.balance for d, words in [_apart(one)] if abs(d) >= TOLD_APART]
    told = [words for _, words in sorted(apart, key=lambda pair: -pair[0])[:MOST_TOLD]]
    if told:
        listed = ", ".join(told)
        text += say(
            da=f". De adskiller sig fra de andre deltagere i {listed}",
            en=f". They differ from the other participants in {listed}",
        )
    return ((text, count),)


def _apart(one: CovariateSums) -> tuple[float, str]:
    """By how much those left out differ from the matched participants, in standard deviations, and in words."""
    weight = one.participants.weight - one.matched_participants.weight
    if weight <= 0 or one.matched_participants.weight <= 0:
        return 0.0, ""
    spread = sqrt(moments(one.participants.weight, one.participants.total, one.participants.squares).variance)
    mean = (one.participants.total - one.matched_participants.total) / weight
    usual = one.matched_participants.total / one.matched_participants.weight
    apart = (mean - usual) / spread if spread > 0 else 0.0
    if one.level:
        way = say(da="oftere", en="more often") if apart > 0 else say(da="sjældnere", en="less often")
    else:
        way = say(da="højere", en="higher") if apart > 0 else say(da="lavere", en="lower")
    return apart, f"{covariate_words(one.name, one.level)} ({way})"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
