"""Shares of a group: told finely only where the group's size is, because a fine share gives the size away.

60.4 % can be 32 of 53 and hardly anything else. Rounded to steps of at least one member, a share fits every size.
"""

from __future__ import annotations

from dataclasses import replace

from gevinst.effects.estimate import Interval
from gevinst.follow_up.disclosure.counts import Shown
from gevinst.follow_up.disclosure.rules import Rules

FINEST = 0.001
"""No share is told more finely than this: with all its digits it would be a fraction of whole persons."""
_STEPS = ((100, 0.01), (20, 0.05), (10, 0.1))  # from so many members on, steps of so much


def share_step(members: int, shown: Shown, rules: Rules) -> float | None:
    """To what shares of a group are rounded: 0 where its size is printed exactly, None where none can be told.

    >>> from gevinst.follow_up.disclosure.counts import Hidden
    >>> [share_step(n, Hidden.PROTECTS, Rules()) for n in (150, 40, 12, 6)], share_step(150, 150, Rules())
    ([0.01, 0.05, 0.1, None], 0.0)
    """
    if isinstance(shown, int) and rules.rounding < 2:
        return 0.0
    return next((step for least, step in _STEPS if members >= least), None)


def coarse(share: float, step: float) -> float:
    """The share in whole steps.

    >>> coarse(0.6038, 0.05), coarse(0.6038, 0.0)
    (0.6, 0.6038)
    """
    return share if step <= 0 else round(round(share / step) * step, 4)


def coarse_difference(difference: Interval, exact: float, step: float, *, sign: int = -1) -> Interval:
    """A difference to another share as it is where this one is told as `coarse`: the exact one cannot be had from it.

    `sign` is that of the share in the difference.
    """
    moved = sign * (coarse(exact, step) - exact)
    if not moved:
        return difference
    low, high = (None if edge is None else round(edge + moved, 4) for edge in (difference.low, difference.high))
    return replace(difference, estimate=difference.estimate + moved, low=low, high=high)
