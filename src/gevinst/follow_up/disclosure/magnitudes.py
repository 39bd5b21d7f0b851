"""Sums over a few persons: when the weeks behind an amount may be printed by benefit and refund step.

Who contributed how much is behind the person wall. But nobody can have more than so many weeks on a step in a year, so
a sum of weeks tells how many contributed at least, and how much the largest can have of it. The rules are applied to
that worst case, so a sum that passes would pass with the persons' own weeks known.
"""

from __future__ import annotations

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.follow_up.disclosure.rules import Rules

MOST_WEEKS = {0: 4, 1: 22, 2: 26, 3: 53, OUTSIDE_LADDER: 53}
"""Weeks that one person can have on a refund step in a calendar year: weeks 1-4, 5-26, 27-52, 53 and on."""
_NOUGHT = 1e-9


def may_be_told(weeks: float, most: int, rules: Rules) -> bool:
    """Whether a sum of weeks of which one person can have `most` may be printed.

    At least as many contributed as the threshold; the n largest cannot have more than the share k; and what is left
    beside the two largest is at least p of the largest.

    >>> [may_be_told(weeks, 22, Rules()) for weeks in (0, 60, 88, 88.1)]
    [True, False, False, True]
    """
    if weeks <= _NOUGHT:
        return not rules.zeros
    return weeks / most > rules.threshold - 1 and not dominated(weeks, most, rules)


def dominated(weeks: float, most: int, rules: Rules) -> bool:
    """Whether a few could dominate the sum, by the rules that say how far they may.

    >>> from gevinst.follow_up.disclosure.rules import rules_of
    >>> dominated(40, 22, Rules()), dominated(40, 22, rules_of("acro")), dominated(60, 22, rules_of("acro"))
    (False, True, False)
    """
    if rules.dominance is not None and rules.dominance[0] * most > rules.dominance[1] * weeks:
        return True
    return rules.p_ratio is not None and weeks - 2 * most < rules.p_ratio * most


def told_together(
    effect: EffectReplicates, year: int, rules: Rules, beside: EffectReplicates | None = None
) -> frozenset[int]:
    """The cells (benefit, step) whose weeks in a year are not told one by one, as places in `effect.cells`.

    `beside` is an effect of more participants whose weeks are told too: then what they differ by must pass as well.
    """
    weeks = _of_year(effect, year)
    other = _of_year(beside, year) if beside is not None and year in beside.years else None
    places = {} if beside is None else {cell: at for at, cell in enumerate(beside.cells)}
    hidden = set()
    for at, cell in enumerate(effect.cells):
        most = MOST_WEEKS.get(cell[1], 53)
        apart = 0.0
        if other is not None and cell in places:
            apart = abs(float(other[places[cell]] - weeks[at]))
        if not may_be_told(float(weeks[at]), most, rules) or (apart > 1e-6 and not may_be_told(apart, most, rules)):
            hidden.add(at)
    return frozenset(hidden)


def _of_year(effect: EffectReplicates, year: int) -> Floats:
    found: Floats = effect.actual_weeks[0, effect.years.index(year)]
    return found
