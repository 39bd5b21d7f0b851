"""Which benefits have no price where that is why nothing is said in kroner: by name, with their share of the weeks.

A benefit that few participants are on is not named, for its name would tell of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from gevinst.effects.estimate import EffectReplicates
from gevinst.follow_up.disclosure.magnitudes import may_be_told
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.language import percent, say

WEEKS_A_YEAR = 53
"""The most weeks that one person can have in a year."""


@dataclass(frozen=True)
class Unpriced:
    """The benefits without a price, by the names a reader knows, and their share of the weeks.

    `others`: there are some that so few are on that they are not named. `share` is None where it would tell of few.
    """

    benefits: tuple[str, ...] = ()
    others: bool = False
    share: float | None = None


def unpriced_of(
    benefits: Collection[str], share: float, effect: EffectReplicates, names: Mapping[str, str], rules: Rules
) -> Unpriced:
    """What may be told of the benefits (keys) without a price that have `share` of the weeks."""
    weeks = np.maximum(effect.actual_weeks[0], effect.counterfactual_weeks[0])
    most = WEEKS_A_YEAR * max(len(effect.years), 1)
    many = {key: found for key in sorted(set(benefits))
            if (found := sum(float(weeks[:, c].sum()) for c, (name, _) in enumerate(effect.cells) if name == key)) > 0}
    told = [key for key, each in many.items() if may_be_told(each, most, rules)]
    return Unpriced(tuple(sorted(names.get(key, key) for key in told)), len(told) < len(many),
                    share if many and may_be_told(sum(many.values()), most, rules) else None)


def weeks_on(benefits: Collection[str], effect: EffectReplicates) -> float:
    """The share of an effect's weeks that are on some benefits (keys)."""
    weeks = np.maximum(effect.actual_weeks[0], effect.counterfactual_weeks[0]).sum(axis=0)
    on = sum(float(weeks[c]) for c, (benefit, _) in enumerate(effect.cells) if benefit in benefits)
    return on / max(float(weeks.sum()), 1e-12)


def no_price_words(found: Unpriced | None) -> str:
    """Why there is no forecast, as the end of a sentence.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     no_price_words(Unpriced(("Fleksjob", "Ledighedsydelse"), False, 0.127))
    'for mange af ugerne har ingen pris: 13\\xa0% er på Fleksjob og Ledighedsydelse. Læg prisen i filen prices'
    """
    too_many = say(da="for mange af ugerne har ingen pris", en="too many of the weeks have no price")
    if found is None:
        return too_many
    other = [say(da="ydelser, som så få er på, at de ikke nævnes",
                 en="benefits that so few are on that they are not named")] if found.others else []
    named = _listed([*found.benefits, *other])
    if found.share is None:
        where = say(da=f"de er på {named}", en=f"they are on {named}") if named else ""
    else:
        part = percent(max(found.share, 0.01), 0)
        where = say(da=f"{part} er på {named}", en=f"{part} are on {named}")
    file = say(da="Læg prisen i filen prices", en="Put the price in the file prices")
    return f"{too_many}: {where}. {file}" if where else f"{too_many}. {file}"


def _listed(names: list[str]) -> str:
    """`a, b og c`."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + say(da=" og ", en=" and ") + names[-1]
