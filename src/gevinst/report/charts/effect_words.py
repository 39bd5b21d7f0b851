"""What the charts of an effect show, in words computed from their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gevinst.language import number, say
from gevinst.report.charts.effect_charts import (
    BALANCE_LIMITS,
    BalancePoint,
    OfHundred,
    fewer_words,
    in_order,
    more_words,
    neither_words,
)
from gevinst.report.charts.flow import FlowArm
from gevinst.report.charts.words import listed


def describe_hundred(hundred: OfHundred) -> str:
    """How many of one hundred, kind by kind.

    >>> from gevinst.language import speaking
    >>> with speaking("en"):
    ...     describe_hundred(OfHundred(46, 46))
    'One hundred participants: 46 are still on the benefit; 54 are off the benefit and would have been without the \
effort too.'
    """
    both, changed = hundred.on_benefit, hundred.changed
    fewer = hundred.without > hundred.with_effort
    told = [say(da=f"{both} er stadig på ydelsen", en=f"{both} are still on the benefit")]
    told += [fewer_words(changed) if fewer else more_words(changed)] if changed else []
    told += [neither_words(100 - both - changed)] if both + changed < 100 else []
    return say(da="Hundrede deltagere: ", en="One hundred participants: ") + "; ".join(told) + "."


def describe_balance(rows: Iterable[BalancePoint]) -> str:
    """How many covariates are beyond the limits before and after, and the largest difference of each."""
    shown = in_order(rows)
    if not shown:
        return say(da="Der er ingen egenskaber at vise.", en="There are no covariates to show.")
    words = [say(da=f"Forskelle i {len(shown)} egenskaber.", en=f"Differences in {len(shown)} covariates."),
             _beyond(say(da="Før vægtning", en="Before weighting"), [(row.name, row.before) for row in shown])]
    after = [(row.name, row.after) for row in shown if row.after is not None]
    if after:
        words.append(_beyond(say(da="Efter vægtning", en="After weighting"), after))
    return " ".join(words)


def describe_flow(arms: Sequence[FlowArm]) -> str:
    """The steps of each group in order, those left out named as such."""
    told = []
    for arm in arms:
        steps = [f"{say(da='udeladt: ', en='left out: ') if box.left_out else ''}{box.text} ({box.count})"
                 for box in arm.boxes]
        told.append(f"{arm.title}: {'; '.join(steps)}.")
    return " ".join(told)


def _beyond(when: str, values: Sequence[tuple[str, float]]) -> str:
    """`Før vægtning er 3 over 0,1 og 1 over 0,2; størst er Alder (0,31).`"""
    counts = listed([say(da=f"{sum(abs(value) > limit for _, value in values)} over {number(limit, 1)}",
                         en=f"{sum(abs(value) > limit for _, value in values)} above {number(limit, 1)}")
                     for limit in BALANCE_LIMITS])
    name, largest = max(values, key=lambda value: abs(value[1]))
    return say(da=f"{when} er {counts}; størst er {name} ({number(abs(largest), 2)}).",
               en=f"{when}, {counts}; the largest is {name} ({number(abs(largest), 2)}).")
