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
from gevinst.follow_up.disclosure.counts import Counts, Hidden, Shown
from gevinst.follow_up.disclosure.inventory import step_groups
from gevinst.follow_up.effect_detail import FlowStep
from gevinst.follow_up.reasons import LEFT_OUT, left_out_words
from gevinst.language import number, say

TOLD_APART = 0.5
"""Those no one is like are described by what they differ in by at least this many standard deviations."""
MOST_TOLD = 3
Counted = tuple[str, Shown]


def flow(number_of: str, study: Study, findings: MatchedFindings | None, counts: Counts) -> tuple[FlowStep, ...]:
    """The participants from those registered to those in the effect, and the comparison; `findings` where matched."""
    words, n = left_out_words(split=study.design.double_counting == "split"), f"{number_of}/"
    lost = [(_sentence(words[key]), counts[f"{n}left_out/{key}"]) for key in LEFT_OUT if study.left_out.get(key)]
    registered = say(da="Registreret med start i indsatsen", en="Registered with a start in the effort")
    steps = _narrowed(
        (registered, counts[f"{n}registered"]),
        lost,
        (say(da="Deltagere i opgørelsen", en="Participants in the count"), counts[f"{n}participants"]),
        counts,
    )
    if findings is None:
        return tuple(steps)
    if findings.unmatched:
        text = say(da="Uden for fælles grundlag: ingen ligner dem", en="Outside common support: no one is like them")
        steps.append(FlowStep(text, counts[f"{n}outside_support"], left_out=True))
    steps.append(FlowStep(say(da="Med i effekten", en="In the effect"), counts[f"{n}in_effect"]))
    benefit = study.design.benefit_name or study.design.benefit
    top = say(
        da=f"På {benefit} i de uger, hvor deltagerne begyndte, uden at have deltaget i noget",
        en=f"On {benefit} in the weeks in which participants started, having taken part in nothing",
    )
    unlike = [(say(da="Ligner ingen deltager", en="Like no participant"), counts[f"{n}unlike"])]
    compared = _narrowed(
        (top, counts[f"{n}candidates"]),
        unlike if findings.candidates > findings.weights.persons else [],
        (say(da="Sammenlignes med deltagerne", en="Compared with the participants"), counts[f"{n}compared"]),
        counts,
    )
    return (*steps, *(FlowStep(one.text, one.persons, one.left_out, "comparison") for one in compared))


def _narrowed(top: Counted, lost: Sequence[Counted], bottom: Counted, counts: Counts) -> list[FlowStep]:
    """All, those left out, and the rest. Where the first count is hidden it is of those that are told below it.

    Those who are not told are then not in it: a count of all would tell how many they are.
    """
    told = [(text, count) for text, count in lost if isinstance(count, int)]
    last = FlowStep(*bottom)
    if isinstance(top[1], int):
        return [FlowStep(*top), *(FlowStep(text, count, left_out=True) for text, count in lost), last]
    if not told or not isinstance(bottom[1], int):
        kept = [FlowStep(text, count, left_out=True) for text, count in lost if count is not Hidden.FEW]
        return [FlowStep(*top), *kept, last] if kept else [last]
    least = counts.rules.threshold
    without = say(da=f", uden grupper under {least}", en=f", groups under {least} not included")
    whole = sum(count for _, count in told) + bottom[1]
    first = FlowStep(f"{top[0]}{without}", whole)
    return [first, *(FlowStep(text, count, left_out=True) for text, count in told), last]


def rules(number_of: str, findings: MatchedFindings, counts: Counts) -> tuple[str, ...]:
    """The steps of the matching that were used, in words, with how many participants were matched at each.

    A step at which too few were matched to print is told with the next one, or with the one before. Last comes how the
    weights were adjusted afterwards.
    """
    told = [(steps, counts[f"{number_of}/{name}"]) for name, steps, _ in step_groups(findings, counts.rules)]
    if not told or any(count is Hidden.FEW for _, count in told):
        return ()
    joined = say(da="; eller ", en="; or ")
    return (
        *(
            say(
                da=f"{_how_many(count)} deltagere: {joined.join(map(step_words, steps))}.",
                en=f"{_how_many(count)} participants: {joined.join(map(step_words, steps))}.",
            )
            for steps, count in told
        ),
        _raked_words(),
    )


def _how_many(count: Shown) -> str:
    return number(count) if isinstance(count, int) else say(da="Et skjult antal", en="A hidden number of")


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


def unsupported(number_of: str, findings: MatchedFindings, counts: Counts) -> tuple[tuple[str, Shown], ...]:
    """Who is outside common support, in words, and how many; empty where everybody is like someone.

    They are described by what they differ in from the other participants; not where they are too few to tell of.
    """
    if not findings.unmatched:
        return ()
    count = counts[f"{number_of}/outside_support"]
    text = say(
        da="Ingen på samme ydelse i samme uge ligner dem nok",
        en="No one on the same benefit in the same week is enough like them",
    )
    if not isinstance(count, int):
        return ((text, count),)
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
