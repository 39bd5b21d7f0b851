"""Where an investment is: its status by the stated rules with what made it so, and what was agreed of stopping."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.status import EarlyWarning
from gevinst.follow_up.status_rules import Light
from gevinst.follow_up.status_words import chance, light_name, light_text, why_words
from gevinst.follow_up.value_of_information import Decision
from gevinst.language import MONTHS_DA, MONTHS_EN, long_date, number, say
from gevinst.register.business_case import Investment, Status
from gevinst.report.effect.told import detail_of
from gevinst.report.one_page_answer import made_up


def warning_of(investment: str, edition: Edition) -> EarlyWarning | None:
    """The early warning of an investment that runs; None where it has no status."""
    return next((one for one in edition.warnings
                 if one.investment == investment and one.status.light is not Light.NONE), None)


def status_words(case: Investment, edition: Edition) -> str:
    """Where an investment is, in a word or two: by its life, or by the rules while it runs, with a sign beside."""
    if case.stop is not None:
        month, year = case.stop.date.month - 1, case.stop.date.year
        return say(da=f"Stoppet i {MONTHS_DA[month]} {year}", en=f"Stopped in {MONTHS_EN[month]} {year}")
    found = warning_of(case.number, edition)
    if found is not None:
        return light_text(found.status.light)
    return {
        Status.PROPOSED: say(da="Ikke begyndt", en="Not begun"),
        Status.RUNNING: say(da="I gang", en="Running"),
        Status.STOPPED: say(da="Stoppet", en="Stopped"),
        Status.ENDED: say(da="Afsluttet", en="Ended"),
    }[case.status]


def status_note(edition: Edition) -> str:
    """Whose rules the colours follow; empty where there is none."""
    if not any(one.status.light is not Light.NONE for one in edition.warnings):
        return ""
    if edition.synthetic and edition.details:
        return say(da="Status følger reglerne i notatet og bygger også på opdigtede persondata.",
                   en="The status follows the rules in the memo and rests on made-up personal data too.")
    return say(da="Status følger reglerne i notatet.", en="The status follows the rules in the memo.")


def status_points(case: Investment, edition: Edition) -> tuple[str, ...]:
    """The status and why, what the better bet is, and what was agreed of stopping; nothing of one that does not run."""
    found = warning_of(case.number, edition)
    if found is None or case.stop is not None:
        return ()
    light, why = light_name(found.status.light), why_words(found.status)
    of_persons = made_up(edition) if detail_of(case.number, edition) is not None else ""
    points = [of_persons + say(da=f"Status: {light}. {why}", en=f"Status: {light}. {why}")]
    points += [made_up(edition) + _bet(found.decision)] if found.decision is not None else []
    for one in found.verdicts:
        day = long_date(one.rule.date)
        points.append({
            "fulfilled": say(da=f"Den aftalte stopregel ({day}) er opfyldt.",
                             en=f"The agreed stop rule ({day}) is fulfilled."),
            "not-fulfilled": say(da=f"Den aftalte stopregel ({day}) er ikke opfyldt.",
                                 en=f"The agreed stop rule ({day}) is not fulfilled."),
            "undecided": say(da=f"Den aftalte stopregel ({day}) kan ikke afgøres.",
                             en=f"The agreed stop rule ({day}) cannot be decided."),
            "not-due": say(da=f"Den aftalte stopregel gøres op den {day}.",
                           en=f"The agreed stop rule is looked at on {day}."),
        }[one.outcome])
    return tuple(points)


def _bet(found: Decision) -> str:
    """The better bet, how likely it is to be wrong, and how long it is until that is little."""
    bet = say(da="at fortsætte", en="to go on") if found.go_on else say(da="at stoppe", en="to stop")
    now = say(da=f"Det bedste bud nu er {bet}; det er forkert med sandsynlighed {chance(found.wrong)}.",
              en=f"The best bet now is {bet}; it is wrong with probability {chance(found.wrong)}.")
    if found.safe_in == 0:
        return now
    if found.safe_in is None:
        return now + say(da=" Det ventes ikke at blive sikrere i perioden.",
                         en=" It is not expected to become surer within the period.")
    months = number(found.safe_in)
    unit = say(da="måned" if found.safe_in == 1 else "måneder", en="month" if found.safe_in == 1 else "months")
    return now + say(da=f" Om {months} {unit} ventes det at kunne siges med større sikkerhed.",
                     en=f" In {months} {unit} it is expected to be told with more certainty.")
