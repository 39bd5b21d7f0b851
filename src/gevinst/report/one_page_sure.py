"""The three short texts under the answer: how sure it is, what is not known, and what comes next.

How sure an answer is follows the evidence's grade and the interval, in the words of the memo's first page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gevinst.follow_up.annual_cycle import Entry
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.language import long_date, number, say
from gevinst.register.business_case import Basis, FollowedBy, Investment, Status
from gevinst.report.amount_tables import notes
from gevinst.report.amounts import few, stretches
from gevinst.report.credible import by_lot, refuted
from gevinst.report.effect.phrases import chances_told, evidence_told, undecided, weeks_span
from gevinst.report.effect.told import detail_of, failed_placebo, in_the_first
from gevinst.report.one_page_amounts import Scale, shortened
from gevinst.report.one_page_answer import (
    Ground,
    account_of,
    ground,
    headline,
    made_up,
    net_span,
    sound_detail,
    unsettled,
)
from gevinst.report.one_page_status import status_points

RATHER_SURE = ("A", "B")  # grades of the evidence
BODY = 60  # letters of a committee's name


def how_sure(case: Investment, edition: Edition, scale: Scale) -> tuple[str, ...]:
    """How sure the answer for an investment is, the verdict first."""
    why = ground(case, edition)
    told = {
        Ground.RECORDED: say(
            da="Usikkert. Besparelsen er et indberettet tal og ikke regnet ud på borgernes forløb. Usikkerheden er "
               "ikke målt.",
            en="Uncertain. The saving is a recorded figure and not computed from persons' spells. The uncertainty has "
               "not been measured."),
        Ground.BIASED: say(
            da="Vi kan ikke bruge tallet. Det står i notatet sammen med sine svagheder.",
            en="We cannot use the figure. It is in the memo with its weaknesses."),
        Ground.REFUTED: say(
            da="Vi kan ikke bruge tallet. Prøverne står i notatet.",
            en="We cannot use the figure. The tests are in the memo."),
        Ground.PART: say(da="Der er ikke noget svar at være sikker på.", en="There is no answer to be sure of."),
    }.get(why, "")
    if why in (Ground.COMPUTED, Ground.WEEKS):
        told = _verdict(case, edition, scale)
    elif why is Ground.FEW:
        told = _of_few(case, edition)
    return tuple(text for text in (told, *_from_spells(case, edition, why, scale)) if text)


def _verdict(case: Investment, edition: Edition, scale: Scale) -> str:
    """Sure or unsure, by the grade of the evidence, the interval, and tests that failed."""
    detail, found = sound_detail(case.number, edition), account_of(case.number, edition)
    if detail is None:
        return say(da="Usikkert.", en="Uncertain.")
    if found is not None and unsettled(found[0], scale):
        return say(da="Usikkert: Det kan være blevet både overskud og underskud.",
                   en="Uncertain: it may have become a surplus or a deficit.")
    if found is None and undecided(detail.weeks_saved):
        return say(da="Usikkert: Vi kan ikke se forskel på virkning og tilfældighed.",
                   en="Uncertain: we cannot tell an effect from chance.")
    if failed_placebo(detail) or detail.evidence.grade not in RATHER_SURE:
        return say(da="Usikkert: Tallet peger i én retning, men grundlaget har svagheder.",
                   en="Uncertain: the figure points one way, but the evidence has weaknesses.")
    return say(da="Rimelig sikkert: Tallet peger i én retning, og grundlaget er godt.",
               en="Reasonably sure: the figure points one way, and the evidence is good.")


def _of_few(case: Investment, edition: Edition) -> str:
    """How many took part, and how wide the answer is."""
    effect, threshold = headline(case.number, edition), edition.small_cell_threshold
    if effect is None:
        return ""
    count, span = few(effect.participants, threshold), weeks_span(effect.weeks_saved)
    text = say(da=f"Usikkert. Der er {count} deltagere i opgørelsen.",
               en=f"Uncertain. There are {count} participants in the count.")
    wide = say(da=f"Svaret kan være alt fra {span} på ydelsen pr. deltager.",
               en=f"The answer may be anything from {span} on the benefit per participant.")
    return notes(text, wide if span else "")


def _from_spells(case: Investment, edition: Edition, why: Ground, scale: Scale) -> list[str]:
    """What the persons' spells say, with their grade; that they cannot be used where the method failed its tests."""
    detail = detail_of(case.number, edition)
    sound = sound_detail(case.number, edition)
    if sound is not None:
        chances = chances_told(sound.chances) if why is Ground.COMPUTED else ""
        kroner = _kroner_beside(case, edition, scale) if why is Ground.RECORDED else ""
        return [made_up(edition) + notes(_weeks_said(sound), kroner), _doubt(sound), chances,
                evidence_told(sound.evidence, reasons=False)]
    if detail is None or why in (Ground.FEW, Ground.BIASED, Ground.REFUTED):
        return []
    if not detail.claim:
        return [say(da="Borgernes forløb siger ikke noget sikkert: Der er for få deltagere.",
                    en="The persons' spells say nothing sure: too few took part.")]
    effect = headline(case.number, edition)
    if effect is not None and refuted(effect, edition):
        return [say(da="Borgernes forløb giver ikke noget svar: Prøver af regnemetoden fandt en virkning, hvor der "
                       "ingen kan være.",
                    en="The persons' spells give no answer: tests of the method found an effect where there can be "
                       "none.")]
    return [say(da="Borgernes forløb giver ikke noget svar: Sammenligningen er skæv på en kendt måde.",
                en="The persons' spells give no answer: the comparison has a known bias.")]


def _kroner_beside(case: Investment, edition: Edition, scale: Scale) -> str:
    """What the spells make of the account, beside an answer that was recorded; empty where that is not known."""
    found = account_of(case.number, edition)
    if found is None:
        return ""
    account, years = found
    return say(da=f"Med udgiften til indsatsen er det i {years} alt fra {net_span(account, scale)}.",
               en=f"With the cost of the effort, {years} may be anything from {net_span(account, scale)}.")


def _weeks_said(detail: EffectDetail) -> str:
    """Whether the time on the benefit became shorter or longer, by the interval."""
    weeks, when = detail.weeks_saved, in_the_first(detail.horizon_weeks)
    if weeks.low is None or weeks.high is None or undecided(weeks):
        return say(da="Borgernes forløb kan ikke afgøre, om indsatsen har forkortet tiden på ydelsen.",
                   en="The persons' spells cannot tell whether the effort has shortened the time on the benefit.")
    near, far = (number(edge, 1) for edge in sorted((abs(weeks.low), abs(weeks.high))))
    da, en = ("kortere", "shorter") if weeks.low > 0 else ("længere", "longer")
    return say(da=f"Ud fra borgernes forløb var en deltager mellem {near} og {far} uger {da} på ydelsen {when}.",
               en=f"By the persons' spells a participant was between {near} and {far} weeks {en} on the benefit "
                  f"{when}.")


def _doubt(detail: EffectDetail) -> str:
    return say(da="En prøve, hvis svar skal være nul, gav dog ikke nul.",
               en="A test whose answer must be nought, however, did not give nought.") if failed_placebo(detail) else ""


def not_known(case: Investment, edition: Edition) -> tuple[str, ...]:
    """What nobody knows yet, in short sentences."""
    why, detail = ground(case, edition), sound_detail(case.number, edition)
    points = [not_over(case.number, edition)]
    if detail is not None:
        effect = headline(case.number, edition)
        if effect is None or not by_lot(effect, edition):
            points.append(say(da="Om deltagerne var anderledes end dem, de sammenlignes med, på måder, der ikke er i "
                                 "data.",
                              en="Whether participants differed from those they are compared with in ways that are "
                                 "not in the data."))
        points.append(say(da=f"Hvad der sker senere end {_length(detail.horizon_weeks)} efter start.",
                          en=f"What happens later than {_length(detail.horizon_weeks)} after the start."))
    elif case.followed_by is FollowedBy.HEAD_COUNT:
        points.append(say(da="Hvor mange der var kommet i job uden indsatsen. Her tælles kun ansættelser.",
                          en="How many would have found a job without the effort. Here only placements are counted."))
    elif why is not Ground.NOT_BEGUN:
        points.append(say(da="Hvad der ville være sket uden indsatsen.",
                          en="What would have happened without the effort."))
    return tuple(point for point in points if point)


def not_over(investment: str, edition: Edition) -> str:
    """The years whose outcome is an expectation."""
    table = edition.follow_up(investment) if investment else edition.portfolio_follow_up
    coming = [year.year for year in table.years if year.outcome and year.basis is Basis.EXPECTED]
    if not coming:
        return ""
    years = stretches(coming)
    return say(da=f"Hvordan {years} ender. Tallene er forventninger.",
               en=f"How {years} will end. The figures are expectations.")


def _length(weeks: int) -> str:
    named = {26: say(da="et halvt år", en="half a year"), 52: say(da="et år", en="a year"),
             104: say(da="to år", en="two years")}
    return named.get(weeks, say(da=f"{number(weeks)} uger", en=f"{number(weeks)} weeks"))


def what_next(case: Investment | None, edition: Edition, coming: Sequence[Entry]) -> tuple[str, ...]:
    """Dates to come, and how far the figures go; of one investment, or (None) of all."""
    points = [] if case is None else [_fate(case, edition.memo_date), *status_points(case, edition)]
    points += [_dated(entry) for entry in coming]
    points.append(say(da=f"Opfølgningen går til og med {edition.portfolio.years[-1]}.",
                      en=f"The follow-up runs to the end of {edition.portfolio.years[-1]}."))
    of_persons = edition.details if case is None else detail_of(case.number, edition)
    if edition.data_horizon is not None and of_persons:
        points.append(say(da=f"Tallene om borgerne går til og med {long_date(edition.data_horizon)}.",
                          en=f"The figures on persons run to {long_date(edition.data_horizon)}."))
    return tuple(point for point in points if point)


def _fate(case: Investment, today: date) -> str:
    """What is decided of the investment's future."""
    if case.stop is not None:
        return say(da=f"Investeringen {'blev' if case.stop.date <= today else 'bliver'} stoppet den "
                      f"{long_date(case.stop.date)}.",
                   en=f"The investment {'was' if case.stop.date <= today else 'will be'} stopped on "
                      f"{long_date(case.stop.date)}.")
    if case.status is Status.ENDED:
        return say(da="Investeringen er afsluttet.", en="The investment has ended.")
    if case.status is Status.PROPOSED:
        return say(da="Investeringen er foreslået og ikke begyndt.", en="The investment is proposed and has not begun.")
    if case.referrals_to is not None and case.referrals_to > today:
        return say(da=f"Borgere kan henvises til og med {long_date(case.referrals_to)}.",
                   en=f"Persons can be referred until {long_date(case.referrals_to)}.")
    return say(da="Investeringen er i gang.", en="The investment is running.")


def _dated(entry: Entry) -> str:
    day = long_date(entry.day)
    if entry.meeting is None:
        return say(da=f"Næste opfølgning er senest {day}.", en=f"The next follow-up is by {day}.")
    body = shortened(entry.meeting.body, BODY)
    return say(da=f"Møde i {body}: {day}.", en=f"Meeting of {body}: {day}.")
