"""What may pass the publication door: curves and counts with small cells taken out.

A group of fewer than `threshold` persons is not shown, nor is a week in which fewer than that are followed.
"""

from __future__ import annotations

from dataclasses import replace

from gevinst.curves.curve import Curve


def publishable(curve: Curve, threshold: int) -> Curve | None:
    """The curve with thin weeks blanked; None where the whole group is too small to show.

    A published curve has no counts and passes as it is.
    """
    if curve.published:
        return curve
    if min(curve.trials, curve.persons) < threshold:
        return None
    points = tuple(
        point
        if point.observed >= threshold
        else replace(point, share=None, low=None, high=None, observed=0, receiving=0, at_risk=0)
        for point in curve.points
    )
    return replace(curve, points=points)


def publishable_count(count: int, threshold: int) -> int | None:
    """The count, or None where it is above zero and below the threshold.

    >>> [publishable_count(n, 5) for n in (0, 1, 4, 5)]
    [0, None, None, 5]
    """
    return None if 0 < count < threshold else count
