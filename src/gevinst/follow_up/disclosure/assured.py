"""The fewest participants each answer can rest on, as far as a reader of the printed counts can tell.

Whether there are enough for a figure to be told must not rest on a count that is hidden: that there is a figure, or
that there is none, would then tell of the count.
"""

from __future__ import annotations

from collections.abc import Mapping

from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.attacks import Attacks
from gevinst.follow_up.disclosure.cells import System
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.inventory import participants_key
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.suppression import known_of

Fewest = Mapping[str, Mapping[str, int]]
"""By investment's number and estimator."""


def fewest_participants(
    studies: Mapping[str, Study], system: System, counts: Counts, rules: Rules
) -> Fewest:
    """The least that the participants of each answer can be, given the `counts` of the `system` and earlier editions.

    Only of the answers whose number is not printed as it is. Bounds from narrowing alone: they may be wider than the
    best an attacker can do, never tighter.
    """
    known = known_of(system, counts.shown, rules)
    attacks = Attacks(known, system.relations, {})
    keys = {(number, one): f"{number}/{participants_key(one)}" for number, study in studies.items()
            for one in study.effects}
    open_ = {place: key for place, key in keys.items() if key in known and known[key][0] < known[key][1]}
    return {number: {one: attacks.outer(key)[0] for (of, one), key in open_.items() if of == number}
            for number in studies}
