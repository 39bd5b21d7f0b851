"""Years in which only a few had started yet are no years of a result: what is told of them would be told of each.

The first calendar year of an investment is often one of a few weeks of one or two persons. It is taken away before it
is priced, from every method's answer, so that no figure, sum or interval has it.
"""

from __future__ import annotations

from dataclasses import replace

from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.language import say


def without_years_of_few(study: Study, rules: Rules) -> Study:
    """The study without the years by whose end fewer had started than may be told of."""
    effects = {key: _told(effect, rules) for key, effect in study.effects.items()}
    matched = study.matched
    if matched is not None:
        matched = replace(matched, effect=_told(matched.effect, rules))
    return replace(study, effects=effects, matched=matched)


def years_of_few_notes(number: str, study: Study | None) -> tuple[str, ...]:
    """Which years of the main method's answer were taken away."""
    main = None if study is None else study.effects.get(study.design.headline)
    if main is None or not main.withheld:
        return ()
    years = ", ".join(map(str, main.withheld))
    return (
        say(
            da=f"Investering {number}: resultatet i {years} er ikke vist og ikke med i summen, for kun få deltagere "
            "var begyndt.",
            en=f"Investment {number}: the result in {years} is not shown and not in the sum, because only few "
            "participants had started.",
        ),
    )


def _told(effect: EffectReplicates, rules: Rules) -> EffectReplicates:
    few = [year for year, count in zip(effect.years, effect.started, strict=False) if rules.is_small(count)]
    return effect.without_years(few) if few else effect
