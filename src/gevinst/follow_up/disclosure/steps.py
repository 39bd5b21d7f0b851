"""Curves in steps of several persons: each step that is shown is of at least so many, or of nobody.

A weekly curve of a small group tells when each single person left. Weeks are drawn together instead: the curve stays on
its last step until enough have left, come back or gone out of sight since. The number followed steps with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.follow_up.disclosure.counts import Hidden, Shown
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.shares import coarse, share_step

ANCHORS = (52, 26, 104, 13)
"""Weeks that are told of elsewhere too, the most told first; they are steps before other weeks are."""
_NOUGHT = 1e-6


@dataclass(frozen=True)
class Step:
    """A week in which a curve was shown: the share of how many."""

    week: int
    share: float
    of: int


Steps = Mapping[int, Step]


def steps_of(
    curve: Curve, rules: Rules, beside: Sequence[Steps] = (), closed: Collection[int] = ()
) -> dict[int, Step]:
    """The weeks in which the curve may be shown as it is, by week; empty where its group is too small.

    `beside` are other curves that it can be taken from, week by week: of the same persons on other benefits, or of an
    earlier edition. In the weeks `closed` it may not be shown.
    """
    if rules.is_small(min(curve.trials, curve.persons)) or curve.published:
        return {}
    open_ = [
        Step(point.week, point.share, point.observed)
        for point in curve.points
        if point.share is not None and point.observed >= rules.threshold and point.week not in closed
    ]
    open_ = [one for one in open_ if _tells(one, rules) and all(_apart(one, other, rules) for other in beside)]
    fixed: list[Step] = [one for one in open_ if one.week == 0]
    if not fixed:
        return {}
    for week in ANCHORS:
        found = [one for one in open_ if one.week == week]
        fixed += [one for one in found if all(_enough(*_ordered(one, other), rules) for other in fixed)]
    fixed.sort(key=lambda one: one.week)
    chosen = [fixed[0]]
    for last, following in zip(fixed, [*fixed[1:], None], strict=True):
        end = following.week if following is not None else open_[-1].week + 1
        between = [one for one in open_ if last.week < one.week < end]
        chosen += _most(last, between, following, rules)
    return {one.week: one for one in chosen}


def _most(start: Step, between: Sequence[Step], end: Step | None, rules: Rules) -> list[Step]:
    """As many steps as there can be from `start` on, with `end` the last where there is one; the earliest of equals."""
    nodes = [start, *between, *([end] if end is not None else [])]
    longest, before = [0] + [-1] * (len(nodes) - 1), [0] * len(nodes)
    for at in range(1, len(nodes)):
        for earlier in range(at):
            one, other = nodes[earlier], nodes[at]
            steps = longest[earlier] + ((one.share, one.of) != (other.share, other.of))
            if longest[earlier] >= 0 and steps > longest[at] and _enough(one, other, rules):
                longest[at], before[at] = steps, earlier
    at = len(nodes) - 1 if end is not None else longest.index(max(longest))
    found: list[Step] = []
    while at > 0:
        found.append(nodes[at])
        at = before[at]
    return found[::-1]


def further_steps(steps: Steps, later: Sequence[Step], rules: Rules) -> dict[int, Step]:
    """Those of the `later` steps, after the curve's last one, that may be told too, by week."""
    found = [max(steps.values(), key=lambda one: one.week)] if steps else []
    for one in later:
        if found and _tells(one, rules) and one.of >= rules.threshold and _enough(found[-1], one, rules):
            found.append(one)
    return {one.week: one for one in found[1:]}


def _ordered(one: Step, other: Step) -> tuple[Step, Step]:
    return (one, other) if one.week <= other.week else (other, one)


def _few(persons: float, rules: Rules) -> bool:
    """Whether it is above nought and below the threshold; estimated persons need not be whole."""
    return _NOUGHT < abs(persons) < rules.threshold - _NOUGHT


def _tells(one: Step, rules: Rules) -> bool:
    """Whether both those on the benefit and those off it are enough, or nobody."""
    return not _few(one.share * one.of, rules) and not _few((1 - one.share) * one.of, rules)


def _enough(before: Step, after: Step, rules: Rules) -> bool:
    """Whether enough, or nobody, changed between two steps: left the benefit or came back, and went out of sight."""
    return not _few(before.of - after.of, rules) and not _few((before.share - after.share) * after.of, rules)


def _apart(one: Step, others: Steps, rules: Rules) -> bool:
    """Whether what it differs by from another curve in that week is of enough persons, or of nobody."""
    other = others.get(one.week)
    if other is None:
        return True
    return not _few(one.of - other.of, rules) and not _few(one.share * one.of - other.share * other.of, rules)


def in_steps(curve: Curve, steps: Steps, shown: Shown, rules: Rules) -> Curve | None:
    """The curve as it may be shown; None where its group, or the number of it, leaves nothing to show.

    Between two steps it stays on the first. Where the size of the group is hidden it has no counts, like a published
    curve, and its shares are rounded so that they do not give the size away. A published curve passes as it is.
    """
    if curve.published:
        return curve
    step = share_step(curve.trials, shown, rules)
    if not steps or step is None or (isinstance(shown, Hidden) and shown is not Hidden.PROTECTS):
        return None
    if isinstance(shown, Hidden):
        points = tuple(_coarse(point, step) for point in curve.points if point.week in steps)
        return replace(curve, points=points, trials=0, persons=0, published=True)
    found, last = list[CurvePoint](), curve.points[0]
    for point in curve.points:
        last = point if point.week in steps else last
        if point.share is None or point.observed < rules.threshold:
            found.append(CurvePoint(point.week, None, None, None, 0, 0, 0))
            continue
        on = round((last.share or 0.0) * last.observed)
        counts = (rules.printed(count) for count in (last.observed, on, last.at_risk))
        found.append(CurvePoint(point.week, *_rounded(last, step), *counts))
    return replace(curve, points=tuple(found), trials=shown, persons=min(curve.persons, shown))


def _coarse(point: CurvePoint, step: float) -> CurvePoint:
    return CurvePoint(point.week, *_rounded(point, step), 0, 0, 0)


def _rounded(point: CurvePoint, step: float) -> tuple[float | None, float | None, float | None]:
    share, low, high = (None if one is None else coarse(one, step) for one in (point.share, point.low, point.high))
    return share, low, high
