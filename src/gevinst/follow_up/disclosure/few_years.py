"""Years in which only a few are followed are no years of a result: what is told of them would be told of each.

The first calendar year of an investment is often one of a few weeks of one or two persons, and so may the last be. Its
weeks are counted in the year beside it before anything is priced, in every method's answer: taken away, they would be
what is left of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.language import say


def without_years_of_few(study: Study, rules: Rules) -> Study:
    """The study without the years in which fewer are followed than may be told of.

    Where those outside common support are a hidden few, the matched comparison is judged as if they were as many as
    they can be, and all there: whether it has a year must not tell of them.
    """
    everybody = next((dict(zip(one.years, one.present, strict=True)) for key, one in study.effects.items()
                      if key != "matched" and one.present), {})
    hidden = study.matched is not None and rules.is_small(study.matched.unmatched)
    less = {year: n - (rules.threshold - 1) for year, n in everybody.items() if n} if hidden else {}
    effects = {key: _told(effect, rules, less if key == "matched" else {}) for key, effect in study.effects.items()}
    matched = study.matched
    if matched is not None:
        matched = replace(matched, effect=_told(matched.effect, rules, less))
    return replace(study, effects=effects, matched=matched)


def years_of_few_notes(number: str, study: Study | None) -> tuple[str, ...]:
    """Which years of the main method's answer were taken away."""
    main = None if study is None else study.effects.get(study.design.headline)
    if main is None or not main.withheld:
        return ()
    moved = [(year, into) for year, into in main.withheld if into is not None]
    da = "; ".join(f"{year} er regnet med i {into}" for year, into in moved) or "intet år er vist"
    en = "; ".join(f"{year} is counted in {into}" for year, into in moved) or "no year is shown"
    return (
        say(
            da=f"Investering {number}: kun få deltagere er fulgt i et år, og det vises ikke for sig selv: {da}.",
            en=f"Investment {number}: only few participants are followed in a year, and it is not shown by itself: "
            f"{en}.",
        ),
    )


def _told(effect: EffectReplicates, rules: Rules, less: Mapping[int, int]) -> EffectReplicates:
    few = [year for year, n in zip(effect.years, effect.present, strict=False)
           if (less[year] < rules.threshold if year in less else rules.is_small(n))]
    return effect.without_years(few) if few else effect
