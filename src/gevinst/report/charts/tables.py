"""The numbers behind a survival chart: the shares week by week, and how many each rests on."""

from __future__ import annotations

from collections.abc import Sequence

from gevinst import language
from gevinst.curves.curve import Curve, CurvePoint
from gevinst.language import say
from gevinst.report.charts.charts import PUBLISHED_WEEKS
from gevinst.report.tree import Cell, Column, Row, Table

BLANK = "–"


def curves_table(
    curves: Sequence[Curve], weeks: Sequence[int] = PUBLISHED_WEEKS, *, key: str = "curves", caption: str = "",
    number: int = 0, note: str = "", source: str = "", smallest: int = 0, figures: Sequence[str] = (),
) -> Table:
    """The shares behind a survival chart in per cent; a row per week, columns under each curve's name.

    Curves with intervals have their limits beside the share. Weeks where no curve has a share are left out. With
    `smallest` a followed curve also has how many each share rests on, fewer than that printed as "under 5". `figures`
    are the curves' ids, where they have one.
    """
    columns = [Column(say(da="Uge", en="Week"), numeric=True)]
    banded = {curve.label: any(point.low is not None for point in curve.points) for curve in curves}
    for curve in curves:
        columns.append(Column(say(da="Andel", en="Share"), group=curve.label))
        if banded[curve.label]:
            columns += [Column(say(da="95 % fra", en="95% from"), group=curve.label),
                        Column(say(da="95 % til", en="95% to"), group=curve.label)]
        if smallest and not curve.published:
            columns.append(Column(say(da="Antal", en="Number"), group=curve.label))
    by_week = {curve.label: {point.week: point for point in curve.points if point.share is not None}
               for curve in curves}
    rows = []
    for week in weeks:
        if not any(week in points for points in by_week.values()):
            continue
        cells = [Cell(str(week), week, "count")]
        for at, curve in enumerate(curves):
            point, figure = by_week[curve.label].get(week), f"{figures[at]}/{week}" if figures else ""
            shares = [None, None, None] if point is None else [point.share, point.low, point.high]
            cells += [_share(value, figure) for value in (shares if banded[curve.label] else shares[:1])]
            if smallest and not curve.published:
                cells.append(_count(point, smallest, figure))
        rows.append(Row(tuple(cells)))
    return Table(key, caption or say(da="Andel pr. uge", en="Share per week"), tuple(columns), tuple(rows), note,
                 source, number, say(da="pct.", en="per cent"))


def _count(point: CurvePoint | None, smallest: int, figure: str) -> Cell:
    if point is None or point.share is None:
        return Cell(BLANK, None, "count")
    if point.at_risk < smallest:
        return Cell(say(da=f"under {smallest}", en=f"under {smallest}"), None, "count", figure=figure)
    return Cell(language.number(point.at_risk), point.at_risk, "count", figure=figure)


def _share(value: float | None, figure: str) -> Cell:
    text = BLANK if value is None else language.number(value * 100, 1)
    return Cell(text, value, "percent", 1, figure)
