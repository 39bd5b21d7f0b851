"""How sure page one is: what its amounts rest on, which effects may be told there, and which may not."""

from __future__ import annotations

from collections.abc import Mapping

from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.language import number, say
from gevinst.register.business_case import Line
from gevinst.report.amounts import EN_DASH
from gevinst.report.charts.words import listed
from gevinst.report.credible import biased_amounts, by_lot, credible, headlines, refuted, too_few
from gevinst.report.effect.told import detail_of, effect_id, failed_placebo, grade_words
from gevinst.report.marks import marked


def sureness(edition: Edition) -> list[str]:
    """What page one says last: the amounts' ground, the sound effects, and that the others are biased."""
    found = headlines(edition)
    sound = [effect for effect in found if credible(effect, edition)]
    failed = [effect.investment for effect in found if refuted(effect, edition)]
    others = [effect.investment for effect in found if effect not in sound and effect.investment not in failed]
    told = _findings(sound, edition)
    if told and edition.synthetic:
        told[0] = say(da="Kun på de opdigtede persondata: ", en="On the made-up personal data only: ") + told[0]
    biased = _biased(others, whole=not sound and not failed) if others and not biased_amounts(edition) else ""
    return [text for text in (_amounts(edition, any_effects=bool(found)), *told, _failed(failed), biased) if text]


def _failed(investments: list[str]) -> str:
    """Why nothing is told of investments whose method found an effect where there can be none."""
    if not investments:
        return ""
    return say(
        da=f"For investering {listed(investments)} fandt prøver af hovedmetoden en virkning, hvor der ingen kan være. "
           "Derfor siges det ikke, hvad indsatsen har virket.",
        en=f"For investment {listed(investments)}, tests of the main method found an effect where there can be none. "
           "It is therefore not said what the effort did.")


def _amounts(edition: Edition, *, any_effects: bool) -> str:
    """What the savings of the follow-up are: recorded, estimated, or not there."""
    savings = [year.outcome[Line.SAVING] for part in edition.follow_ups for year in part.years
               if Line.SAVING in year.outcome]
    computed = {figure.investment for figure in savings if figure.source == "computed"}
    biased = biased_amounts(edition)
    if not savings:
        return say(da="Notatet viser uger på ydelse, ikke beløb.",
                   en="The memo shows weeks on benefit, not amounts.") if any_effects else ""
    if biased:
        return say(
            da=f"Besparelsen i investering {listed(biased)} er beregnet på borgernes forløb med en metode, som er skæv "
               "på kendte måder. Derfor siges det ikke her, hvad investeringerne har givet. Tallene står i afsnittene "
               "sammen med deres svagheder.",
            en=f"The saving in investment {listed(biased)} is computed from persons' spells by a method with known "
               "biases. It is therefore not said here what the investments have given. The figures are in the "
               "sections, with their weaknesses.")
    if not computed:
        return say(
            da="Besparelserne er indberettede tal, som de er oplyst til kommunalbestyrelsen, og ikke beregnet på "
               "borgernes forløb. De er usikre, men usikkerheden er ikke målt.",
            en="The savings are recorded figures, as told to the council, and not computed from persons' spells. They "
               "are uncertain, but the uncertainty has not been measured.")
    if len(computed) < len(edition.follow_ups):
        several = marked("portfolio/computed", str(len(computed)))
        return say(
            da=f"Besparelsen er anslået ud fra borgernes uger på ydelse i {several} af "
               f"{len(edition.follow_ups)} investeringer; resten er indberettede tal.",
            en=f"The saving is estimated from persons' weeks on benefit in {several} of "
               f"{len(edition.follow_ups)} investments; the rest are recorded figures.")
    return say(da="Besparelserne er anslået ud fra borgernes uger på ydelse.",
               en="The savings are estimated from persons' weeks on benefit.")


def _biased(investments: list[str], *, whole: bool) -> str:
    where_da = "" if whole else f" for investering {listed(investments)}"
    where_en = "" if whole else f" for investment {listed(investments)}"
    return say(
        da=f"De sammenligninger af borgernes forløb, der indtil videre kan laves{where_da}, er skæve på kendte måder "
           "og derfor ikke et resultat; de står sammen med deres svagheder i afsnittene om de enkelte investeringer.",
        en=f"The comparisons of persons' spells that can be made so far{where_en} are known to be biased and are "
           "therefore no result; they are in the sections on the investments, with their weaknesses.")


def _findings(effects: list[EffectSummary], edition: Edition) -> list[str]:
    """What sound methods say of the time on benefit: shorter, longer, undecided, or too few to say."""
    small = [effect.investment for effect in effects if too_few(effect, edition)]
    known = {effect.investment: effect for effect in effects if not too_few(effect, edition)
             and effect.weeks_saved.low is not None and effect.weeks_saved.high is not None}
    shorter = [name for name, effect in known.items() if (effect.weeks_saved.low or 0) > 0]
    longer = [name for name, effect in known.items() if (effect.weeks_saved.high or 0) < 0]
    unsure = [name for name in known if name not in (*shorter, *longer)]
    told = (
        (shorter, say(da=f"Hovedmetoden anslår, at indsatsen har forkortet tiden på ydelse i investering "
                         f"{listed(shorter)}.",
                      en="The main method estimates that the effort has shortened the time on benefit in investment "
                         f"{listed(shorter)}.") + _sizes([known[name] for name in shorter])),
        (longer, say(da=f"Hovedmetoden anslår, at indsatsen har forlænget tiden på ydelse i investering "
                        f"{listed(longer)}.",
                     en="The main method estimates that the effort has lengthened the time on benefit in investment "
                        f"{listed(longer)}.") + _sizes([known[name] for name in longer])),
        (unsure, say(da=f"For investering {listed(unsure)} kan det ikke afgøres, om indsatsen har forkortet tiden på "
                        "ydelse.",
                     en="Whether the effort has shortened the time on benefit cannot be told for investment "
                        f"{listed(unsure)}.")),
        (small, say(da=f"Investering {listed(small)} har for få deltagere til, at der kan gives ét tal for effekten.",
                    en=f"Too few took part in investment {listed(small)} for a single figure of the effect.")),
    )
    lot = [say(da="Lodtrækning afgjorde, hvem der fik tilbuddet. De, der ikke fik det, viser derfor, hvad der ellers "
                  "ville være sket.",
               en="Lot decided who was offered the effort. Those who were not therefore show what would have happened "
                  "otherwise.")] if effects and all(by_lot(effect, edition) for effect in effects) else []
    return [*lot, *(text for investments, text in told if investments), *_doubts(known, edition)]


def _doubts(known: Mapping[str, EffectSummary], edition: Edition) -> list[str]:
    """The investments where a single test failed, whose finding is told all the same."""
    doubtful = [name for name in known if failed_placebo(detail_of(name, edition))]
    return [say(da=f"For investering {listed(doubtful)} gav en prøve, hvis svar skal være nul, dog ikke nul.",
                en=f"For investment {listed(doubtful)}, however, a test whose answer must be nought did not give "
                   "nought.")] if doubtful else []


def _sizes(effects: list[EffectSummary]) -> str:
    """How many weeks per participant, with their intervals, and how far they can be relied on."""
    told = []
    for effect in effects:
        weeks = effect.weeks_saved
        low, high = sorted(abs(edge) for edge in (weeks.low or 0.0, weeks.high or 0.0))
        figure = effect_id(effect, "weeks_saved")
        size = marked(figure, number(abs(weeks.estimate), 1))
        span = marked(figure, f"{number(low, 1)}{EN_DASH}{number(high, 1)}")
        grade = "" if effect.evidence is None else say(da=f"; grundlag {effect.evidence.grade}",
                                                       en=f"; evidence {effect.evidence.grade}")
        told.append(say(da=f"{size} uger i investering {effect.investment} (95 %-interval {span}{grade})",
                        en=f"{size} weeks in investment {effect.investment} (95% interval {span}{grade})"))
    sizes = say(da=f" Forskellen pr. deltager er {listed(told)}.",
                en=f" The difference per participant is {listed(told)}.")
    grades = {effect.evidence.grade: grade_words(effect.evidence) for effect in effects if effect.evidence is not None}
    meaning = " ".join(grades[grade] for grade in sorted(grades))
    return sizes + (say(da=f" Grundlag {meaning}", en=f" Evidence {meaning}") if meaning else "")
