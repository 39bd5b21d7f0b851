"""What a reader must know beside the figures: what the case asked for and did not get, and who is in no figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from gevinst.effects.ladder import ESTIMATORS
from gevinst.effects.study import Study
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.words import told
from gevinst.follow_up.paid_off import HeldAgainst
from gevinst.follow_up.reasons import left_out_reasons
from gevinst.language import long_date, number, percent, say
from gevinst.register.business_case import Investment, Portfolio

WORTH_SAYING = 0.01


def dated_before_data_note(memo_date: date, data_to: date | None) -> tuple[str, ...]:
    """A note where the memo is dated before the last day that its persons' data reach to.

    >>> from gevinst.language import speaking
    >>> with speaking("en"):
    ...     dated_before_data_note(date(2021, 3, 1), date(2021, 6, 6))
    ('The memo is dated 1 March 2021, but rests on data to 6 June 2021, which nobody could have had that day.',)
    >>> dated_before_data_note(date(2021, 6, 7), date(2021, 6, 6)), dated_before_data_note(date(2021, 3, 1), None)
    ((), ())
    """
    if data_to is None or memo_date > data_to:
        return ()
    day, last = long_date(memo_date), long_date(data_to)
    return (
        say(
            da=f"Notatet er dateret {day}, men bygger på data til og med {last}, som ingen kunne have den dag.",
            en=f"The memo is dated {day}, but rests on data to {last}, which nobody could have had that day.",
        ),
    )


def shared_weeks_note(shared_weeks: int, threshold: int) -> tuple[str, ...]:
    """A note where persons changed between two benefits within a week."""
    if shared_weeks < threshold:
        return ()
    return (
        say(
            da=f"I {number(shared_weeks)} uger skiftede en borger mellem to ydelser; ugen er regnet som den, der "
            "begyndte først.",
            en=f"In {number(shared_weeks)} weeks a person changed between two benefits; the week is valued as the one "
            "that began first.",
        ),
    )


def left_out_notes(cases: Iterable[CaseResult], counts: Counts) -> tuple[str, ...]:
    """Which participants are not in the figures, and why, investment by investment."""
    return tuple(
        say(
            da=f"Investering {case.investment.number}: {told(count, counts.rules.threshold)} deltagere {reason}.",
            en=f"Investment {case.investment.number}: {told(count, counts.rules.threshold)} participants {reason}.",
        )
        for case in cases
        if case.study is not None
        for reason, count in left_out_reasons(case.investment.number, case.study, counts)
    )


def budget_notes(investment: Investment, against: HeldAgainst) -> tuple[str, ...]:
    """How the budget was brought to the result's prices to be held beside it, or that it could not be."""
    case = investment.number
    if against.unconverted:
        years = ", ".join(str(year) for year in against.unconverted)
        return (
            say(
                da=f"Investering {case}: budgettet for {years} kan ikke omregnes til løbende priser, fordi "
                "ydelsens satsudvikling ikke kendes; derfor siges ikke, hvor sandsynligt det er, at det er nået.",
                en=f"Investment {case}: the budget for {years} cannot be converted to current prices, "
                "because how the benefit's rate grew is not known; so it is not said how probable it is that it was "
                "reached.",
            ),
        )
    if not against.used:
        return ()
    names = ", ".join(dict.fromkeys(one.name for one in against.used))
    return (
        say(
            da=f"Investering {case}: budgettets besparelse er omregnet til løbende priser med {names}, når "
            "det siges, hvor sandsynligt det er, at den er nået.",
            en=f"Investment {case}: the budget's saving is converted to current prices by {names} where it "
            "is said how probable it is that it was reached.",
        ),
    )


def case_notes(investment: Investment, study: Study | None) -> tuple[str, ...]:
    """What the case asked for and did not get: the headline, or some of the baseline years."""
    if study is None:
        return ()
    notes, case = [], investment.number
    headline = investment.protocol.headline
    if headline not in study.effects:
        name = ESTIMATORS[headline].name if headline in ESTIMATORS else headline
        notes.append(
            say(
                da=f"Investering {case}: hovedmetoden »{name}« kunne ikke beregnes på disse data; der er derfor ingen "
                "beregnet besparelse.",
                en=f"Investment {case}: the main method “{name}” could not be computed on these data, so there is no "
                "computed saving.",
            )
        )
    missing = [year for year in investment.protocol.baseline_years if year not in study.baseline_years]
    if missing:
        years = ", ".join(str(year) for year in missing)
        notes.append(
            say(
                da=f"Investering {case}: sammenligningsåret {years} er udeladt, fordi data ikke rækker langt nok "
                "tilbage.",
                en=f"Investment {case}: the baseline year {years} is left out because the data do not reach back far "
                "enough.",
            )
        )
    return tuple(notes)


def seniority_note(lower_bound_share: float) -> tuple[str, ...]:
    """A note where weeks may stand too low on the refund ladder, because what came before the register is unknown."""
    if lower_bound_share < WORTH_SAYING:
        return ()
    share = percent(lower_bound_share)
    return (
        say(
            da=f"{share} af de betalte uger kan stå et trin for lavt på refusionstrappen, fordi borgerens uger før "
            "registrets begyndelse ikke kendes.",
            en=f"{share} of the paid weeks may stand a step too low on the refund ladder, because the person's weeks "
            "before the register begins are not known.",
        ),
    )


def unknown_investments(portfolio: Portfolio, counted: Mapping[str, int], counts: Counts) -> tuple[str, ...]:
    """A note for each investment key among the participants (`counted`) that the portfolio does not have."""
    known = {investment.key for investment in portfolio.investments}
    notes = []
    for key in sorted(counted.keys() - known):
        many = told(counts.alone(counted[key]), counts.rules.threshold).capitalize()
        notes.append(
            say(
                da=f"{many} deltagerforløb hører til »{key}«, som ikke er i porteføljen; de indgår ikke.",
                en=f"{many} participations belong to “{key}”, which is not in the portfolio; they are left out.",
            )
        )
    return tuple(notes)
