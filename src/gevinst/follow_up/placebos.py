"""The tests whose answer must be nought: pseudo-participants, and the participants before anything could have happened.

A test is passed when the 95 % intervals of its weeks, and of its kroner where there are any, cover zero.
"""

from __future__ import annotations

from gevinst.economy.saving import Saving
from gevinst.effects.estimate import Interval
from gevinst.effects.matched_study import MatchedFindings
from gevinst.effects.replicates import interval
from gevinst.follow_up.disclosure.counts import Counts, Shown
from gevinst.follow_up.effect_detail import PlaceboResult
from gevinst.follow_up.valued import net_total
from gevinst.language import say


def covers_zero(found: Interval) -> bool | None:
    """Whether an interval covers zero; None where there is no interval.

    >>> covers_zero(Interval(1, -1, 3)), covers_zero(Interval(1, 0.5, 3)), covers_zero(Interval(1))
    (True, False, None)
    """
    if found.low is None or found.high is None:
        return None
    return found.low <= 0 <= found.high


def placebo_results(
    findings: MatchedFindings, saving: Saving | None, counts: Counts | None = None, number: str = ""
) -> tuple[PlaceboResult, ...]:
    """Both tests, those that could not be made included; `saving` is the pseudo-participants'.

    `counts` are those that may be printed, of the investment with this `number`; None: they are not for print.
    """

    def shown(kind: str, count: int) -> Shown:
        return count if counts is None else counts[f"{number}/placebo/{kind}"]

    made = findings.placebo
    return (
        _pseudo(findings, saving, None if made is None else shown("pseudo_participants", made.participants)),
        _pre_period(findings, shown("pre_period", findings.pre_period_participants)),
    )


def _pseudo(findings: MatchedFindings, saving: Saving | None, participants: Shown | None) -> PlaceboResult:
    made = findings.placebo
    weeks = None if made is None else interval(made.weeks_saved)
    net = net_total(saving)
    return PlaceboResult(
        "pseudo_participants",
        say(da="Borgere, der ikke deltog", en="Persons who took no part"),
        say(
            da="Borgere, der ikke havde deltaget, er udtrukket i deltagernes sted og behandlet, som om de var begyndt "
            "i samme uge.",
            en="Persons who had not taken part were drawn in the participants' stead and treated as if they had "
            "started in the same week.",
        ),
        participants,
        weeks,
        net,
        _passed(weeks, net),
    )


def _pre_period(findings: MatchedFindings, participants: Shown) -> PlaceboResult:
    weeks = None if findings.pre_period is None else interval(findings.pre_period)
    return PlaceboResult(
        "pre_period",
        say(da="Tiden før indsatsen", en="The time before the effort"),
        say(
            da="Deltagernes uger på offentlig forsørgelse i det tredje år før starten, som der ikke er parret på, ved "
            "siden af sammenligningens.",
            en="The participants' weeks on public support in the third year before the start, which is not matched on, "
            "beside the comparison's.",
        ),
        None if weeks is None else participants,
        weeks,
        None,
        _passed(weeks),
    )


def _passed(*found: Interval | None) -> bool | None:
    """Whether all the intervals there are cover zero; None where there is none."""
    told = [covers for one in found if one is not None and (covers := covers_zero(one)) is not None]
    return all(told) if told else None
