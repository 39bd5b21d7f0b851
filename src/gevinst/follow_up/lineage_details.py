"""The ladders of what stands behind a main method: who is in it, how alike the groups are, the tests, the outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import DestinationShare, EffectDetail, FrequencyPoint, PlaceboResult
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.lineage_words import (
    COMPUTED,
    counted,
    dkk,
    share_told,
    spanned,
    whose,
)
from gevinst.language import number, percent, say
from gevinst.trace import Step

Ladders = Iterator[tuple[str, Step]]


def detail_ladders(edition: Edition) -> Ladders:
    """Of everything that stands behind each main method's answer."""
    for detail in edition.details:
        yield from _of_persons(detail, edition)
        yield from _of_matching(detail, edition)
        if detail.balance:
            yield _of_balance(detail)
        yield from _of_placebos(detail, edition)
        if detail.claim:
            yield from _of_outcomes(detail)


def _of_persons(detail: EffectDetail, edition: Edition) -> Ladders:
    base, named = figure_id(detail.investment, "detail"), whose(detail.investment)
    if detail.flow:
        steps = tuple(counted(("− " if one.left_out else "") + one.text, one.persons, edition, see=())
                      for one in detail.flow)
        yield f"{base}/flow", Step(
            say(da="Fra registrerede til dem, der er med", en="From those registered to those in the effect") + named,
            "", say(da="hvert trin er det før det, fraregnet dem, der er udeladt (−)",
                    en="each step is the one before it, less those left out (−)"), under=steps, see=COMPUTED)
    yield f"{base}/participants", counted(
        say(da="Deltagere, som effekten hviler på", en="Participants the effect rests on") + named,
        detail.participants, edition, see=(f"{base}/flow", *COMPUTED))
    if detail.comparison_persons is not None:
        yield f"{base}/comparison_persons", counted(
            say(da="Personer, de sammenlignes med", en="Persons they are compared with") + named,
            detail.comparison_persons, edition, say(da="hver person én gang", en="each person once"),
            see=(f"{base}/flow", *COMPUTED))
    if detail.effective_persons is not None:
        yield f"{base}/effective_persons", Step(
            say(da="Effektiv stikprøvestørrelse", en="Effective sample size") + named,
            number(detail.effective_persons),
            say(da="(Σ vægte)² ÷ Σ vægte², af dem, der sammenlignes med",
                en="(Σ weights)² ÷ Σ weights², of those compared with"), "Kish 1965", see=COMPUTED)


def _of_matching(detail: EffectDetail, edition: Edition) -> Ladders:
    base, named = figure_id(detail.investment, "detail"), whose(detail.investment)
    if detail.rules or detail.unsupported:
        nobody = tuple(counted(who, count, edition, see=()) for who, count in detail.unsupported)
        outside = (Step(say(da="Ligner ingen (uden for fælles grundlag)", en="Like no one (outside common support)"),
                        "", under=nobody),) if nobody else ()
        yield f"{base}/matching", Step(
            say(da="Hvordan deltagerne er parret", en="How participants were matched") + named, "",
            say(da="det første trin, der giver nogen at sammenligne med, i denne orden",
                en="the first step that gives someone to compare with, in this order"),
            under=(*(Step(rule, "") for rule in detail.rules), *outside), see=COMPUTED)
    if detail.censored_share is not None:
        told = [(say(da="andel, der senere selv deltog", en="share that later took part themselves"),
                 percent(detail.censored_share))]
        if detail.largest_weight is not None:
            told.append((say(da="største vægt", en="largest weight"), number(detail.largest_weight, 1)))
        if detail.truncated_share is not None:
            told.append((say(da="andel af vægtene, der er skåret ned", en="share of weights cut down"),
                         percent(detail.truncated_share)))
        yield f"{base}/censoring", Step(
            say(da="De, der senere deltog", en="Those who later took part") + named, "",
            say(da="vægt = exp(Σ −log(1 − sandsynligheden for at starte i ugen)) over de uger, de kunne være henvist",
                en="weight = exp(Σ −log(1 − probability of starting in the week)) over weeks they could be referred"),
            under=tuple(Step(*one) for one in told), see=COMPUTED)


def _of_balance(detail: EffectDetail) -> tuple[str, Step]:
    def step(name: str, before: float, after: float | None) -> Step:
        weighted = "–" if after is None else number(after, 2)
        return Step(name, say(da=f"før {number(before, 2)}, efter {weighted}",
                              en=f"before {number(before, 2)}, after {weighted}"))

    return figure_id(detail.investment, "detail", "balance"), Step(
        say(da="Forskelle mellem deltagere og sammenligning", en="Differences between participants and comparison")
        + whose(detail.investment), "",
        say(da="(gennemsnit blandt deltagerne − i sammenligningen) ÷ standardafvigelsen blandt deltagerne",
            en="(mean among participants − in the comparison) ÷ standard deviation among participants"),
        under=tuple(step(row.name, row.before, row.after) for row in detail.balance), see=COMPUTED)


def _of_placebos(detail: EffectDetail, edition: Edition) -> Ladders:
    base = figure_id(detail.investment, "detail", "placebo")
    if detail.placebos:
        passed = sum(one.passed is True for one in detail.placebos)
        yield base, Step(
            say(da="Prøver, hvis svar skal være nul", en="Tests whose answer must be nought")
            + whose(detail.investment),
            say(da=f"{passed} af {len(detail.placebos)} bestået", en=f"{passed} of {len(detail.placebos)} passed"),
            say(da="bestået: 95 %-intervallerne omfatter nul", en="passed: the 95% intervals include nought"),
            see=tuple(f"{base}/{one.kind}" for one in detail.placebos))
    for one in detail.placebos:
        yield f"{base}/{one.kind}", _of_placebo(one, detail, edition)


def _of_placebo(one: PlaceboResult, detail: EffectDetail, edition: Edition) -> Step:
    under = [counted(say(da="behandlet som deltagere", en="treated as participants"), one.participants, edition, see=())
             ] if one.participants is not None else []
    if one.weeks is not None:
        under.append(Step(say(da="sparede uger pr. deltager", en="weeks saved per participant"),
                          spanned(one.weeks, 1)))
    if one.net_dkk is not None:
        under.append(Step(say(da="kroner", en="kroner"), dkk(one.net_dkk)))
    verdict = {True: say(da="bestået", en="passed"), False: say(da="ikke bestået", en="not passed"),
               None: say(da="kunne ikke laves", en="could not be made")}[one.passed]
    headline = figure_id(detail.investment, "effect", detail.estimator, "weeks_saved")
    return Step(one.name + whose(detail.investment), verdict,
                say(da="den samme beregning på en gruppe, hvor der ingen virkning kan være",
                    en="the same computation on a group where there can be no effect"), one.explanation,
                under=tuple(under), see=(headline, *COMPUTED))


def _of_outcomes(detail: EffectDetail) -> Ladders:
    for point in detail.frequencies:
        yield figure_id(detail.investment, "frequency", point.week), _of_frequency(point, detail)
    for share in detail.destinations:
        key = figure_id(detail.investment, "destination", share.week, share.key)
        yield key, _of_destination(share, detail)


def _rests(detail: EffectDetail) -> tuple[str, ...]:
    return figure_id(detail.investment, "detail", "participants"), *COMPUTED


def _of_frequency(point: FrequencyPoint, detail: EffectDetail) -> Step:
    apart = spanned(point.difference, 1, say(da="procentpoint", en="percentage points"), scale=100)
    return Step(
        say(da=f"På samme ydelse {point.week} uger efter start",
            en=f"On the same benefit {point.week} weeks after the start")
        + whose(detail.investment), "",
        say(da="deltagernes andel i ugen, og hovedmetodens sammenligning i den samme uge",
            en="the participants' share in the week, and the main method's comparison in the same week"),
        under=(Step(say(da="med indsatsen", en="with the effort"), percent(point.with_effort)),
               Step(say(da="uden indsatsen", en="without the effort"), percent(point.without)),
               Step(say(da="forskel", en="difference"), apart, say(da="uden − med", en="without − with"))),
        see=_rests(detail))


def _of_destination(share: DestinationShare, detail: EffectDetail) -> Step:
    apart = say(da="skjult", en="hidden") if share.difference is None else spanned(
        share.difference, 1, say(da="procentpoint", en="percentage points"), scale=100)
    return Step(
        say(da=f"{share.name} {share.week} uger efter start", en=f"{share.name} {share.week} weeks after the start")
        + whose(detail.investment), "",
        say(da="deltagernes andel i ugen, og hovedmetodens sammenligning; af 100 afrundes til hele personer",
            en="the participants' share in the week, and the main method's comparison; of 100 is rounded to persons"),
        under=(Step(say(da="med indsatsen", en="with the effort"), share_told(share.with_effort)),
               Step(say(da="uden indsatsen", en="without the effort"), share_told(share.without)),
               Step(say(da="forskel", en="difference"), apart, say(da="med − uden", en="with − without"))),
        see=_rests(detail))
