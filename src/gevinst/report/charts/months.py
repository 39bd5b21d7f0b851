"""Counts month by month: a line per benefit, what is published as rings beside it, breaks as dashed lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gevinst.language import number, say
from gevinst.report.charts.breaks import TimeMark, in_time, mark_days
from gevinst.report.charts.charts import COLOURS, DASHES, Spec, template

MOST_GROUPS = len(COLOURS)
_LEGEND_LETTERS, _SAMPLE = 92, 6  # that a line of the legend holds; those that a sample of a line takes


@dataclass(frozen=True)
class MonthPoint:
    """A group's count in one month (its first day), and the published one; `None` where there is none to show."""

    group: str
    month: date
    count: float | None
    published: float | None = None


def month_chart(points: Sequence[MonthPoint], marks: Sequence[TimeMark] = (), *, unit: str = "") -> Spec:
    """A line per group over the months; a month without a count breaks the line. At most six groups.

    `unit` stands at the axis. Raises `ValueError` where there are more groups than colours, or none.
    """
    groups = sorted({point.group for point in points})
    if not 0 < len(groups) <= MOST_GROUPS:
        raise ValueError(f"{len(groups)} groups")
    spec = template("months")
    spec["datasets"]["rows"] = [row for group in groups for row in _rows(group, points)]
    inner = spec["layer"][0]
    inner["encoding"]["color"]["scale"] = {"domain": groups, "range": list(COLOURS[: len(groups)])}
    inner["encoding"]["strokeDash"]["scale"] = {"domain": groups, "range": list(DASHES[: len(groups)])}
    if sum(map(len, groups)) + _SAMPLE * len(groups) <= _LEGEND_LETTERS:  # all beside each other
        inner["encoding"]["color"]["legend"]["columns"] = len(groups)
    inner["layer"][0]["encoding"]["y"]["title"] = unit or say(da="Fuldtidspersoner", en="Full-time persons")
    months = [point.month for point in points]
    return mark_days(spec, marks, min(months), max(months))


def _rows(group: str, points: Sequence[MonthPoint]) -> list[dict[str, Any]]:
    rows, stretch, before = [], 0, True
    for point in sorted((one for one in points if one.group == group), key=lambda one: one.month):
        stretch += point.count is not None and not before
        before = point.count is not None
        rows.append({"group": group, "month": point.month.isoformat(), "count": point.count,
                     "published": point.published, "stretch": f"{group} {stretch}"})
    return rows


def describe_months(points: Sequence[MonthPoint], marks: Sequence[TimeMark] = ()) -> str:
    """What the chart shows, for one who does not see it: each group's first and last count, and the breaks."""
    told = []
    for group in sorted({point.group for point in points}):
        mine = sorted((one for one in points if one.group == group and one.count is not None),
                      key=lambda one: one.month)
        if mine:
            first, last = mine[0], mine[-1]
            told.append(say(
                da=f"{group}: {number(first.count or 0)} i {first.month:%m-%Y}, {number(last.count or 0)} i "
                   f"{last.month:%m-%Y}.",
                en=f"{group}: {number(first.count or 0)} in {first.month:%Y-%m}, {number(last.count or 0)} in "
                   f"{last.month:%Y-%m}."))
    told += [say(da=f"Brud: {mark.text}.", en=f"Break: {mark.text}.") for mark in in_time(marks)]
    return " ".join(told)
