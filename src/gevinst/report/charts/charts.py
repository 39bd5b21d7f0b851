"""The charts: a Vega-Lite file each, filled with data here.

A specification carries its data, its language and its number format, so that the page, the PDF and the Word
file draw the same picture. Nothing in it depends on the order the rows came in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.errors import GevinstError
from gevinst.language import current, number, say
from gevinst.report.charts.labels import MARGIN_RIGHT, Trail, place

Spec = dict[str, Any]
Basis = Literal["budget", "realised", "expected"]

HERE = Path(__file__).parent
# Text in these colours is read on white: each has a contrast of at least 4.5:1 (WCAG 2.1, 1.4.3).
COLOURS = ("#0072B2", "#B34F00", "#006D4C", "#454545", "#8A3B7D", "#7A5C00")
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2])
PUBLISHED_WEEKS = (0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47, 52)  # the grid of Jobindsats' tables
TOTAL_WIDTH = 660.0  # of a survival chart with its axis and names, in pixels; 166 mm of A4 text
AXIS_WIDTH = 74.0
# Of a chart of intervals, in pixels: a letter of a name, the longest name, the plot, and the figures beside it.
_LETTER, _LONGEST_LABEL, _WIDEST_INTERVALS, _BESIDE, _LEAST_FIGURES = 6.6, 290.0, 310.0, 20.0, 130.0


@dataclass(frozen=True)
class BudgetResultRow:
    """One column of the budget chart: an amount in the chart's unit, with its 95 % interval where there is one."""

    year: int
    basis: Basis
    value: float | Decimal | None
    low: float | Decimal | None = None
    high: float | Decimal | None = None


@dataclass(frozen=True)
class EstimatorRow:
    """One step of an estimator ladder; `rank` is its place (1 first), `headline` the one fixed in the case."""

    label: str
    value: float | Decimal | None
    low: float | Decimal | None = None
    high: float | Decimal | None = None
    headline: bool = False
    rank: int = 0


def survival_chart(curves: Sequence[Curve], *, x_title: str = "", y_title: str = "") -> Spec:
    """Step curves with 95 % bands; published curves as points joined by straight lines.

    A blank week is left blank: the curve stops, and begins again where there are figures again. Curves are
    coloured and dashed by their names' order, and each has its name beside it. Axis titles are made from the
    curves' definition unless given. Raises `report.curve-name-twice`.
    """
    named = by_name(curves)
    last = last_week(named)
    spec = template("survival")
    width = round(TOTAL_WIDTH - AXIS_WIDTH - _room_for_names(named, last))
    fill_survival(spec, named, last, width, margin=MARGIN_RIGHT)
    x = spec["encoding"]["x"]
    x["axis"]["values"] = week_ticks(last)
    x["title"] = x_title or x["title"]
    for layer in spec["layer"]:
        if "title" in layer["encoding"]["y"]:
            layer["encoding"]["y"]["title"] = y_title or share_title(named)
    return spec


def by_name(curves: Sequence[Curve]) -> list[Curve]:
    """The curves in their names' order, which gives each its colour; raises `report.curve-name-twice`."""
    named = sorted(curves, key=lambda curve: curve.label)
    names = [curve.label for curve in named]
    for name in names:
        if names.count(name) > 1:
            raise GevinstError("report.curve-name-twice", name=name)
    return named


def last_week(curves: Sequence[Curve]) -> int:
    """The last week that any of the curves shows; a year where none shows any."""
    return max((point.week for curve in curves for point in _shown(curve)), default=0) or PUBLISHED_WEEKS[-1]


def fill_survival(spec: Spec, named: Sequence[Curve], last: int, width: float, *, margin: float) -> None:
    """Put curves, names, colours and the axis of weeks into the survival template; titles are the caller's.

    `margin` is the room right of the plot in which a name may stand, in pixels.
    """
    height = float(spec["height"])
    spec["width"] = width
    trails = [_trail(curve, width / last, height) for curve in named]
    spec["datasets"] = {
        "points": [row for curve in named for row in _point_rows(curve)],
        "labels": [{"group": name, "week": box.left * last / width, "share": 1 - box.middle / height}
                   for name, box in sorted(place(trails, width, height, margin=margin).items())],
    }
    names = [curve.label for curve in named]
    spec["encoding"]["x"]["scale"]["domain"] = [0, last]
    spec["encoding"]["color"]["scale"] = {"domain": names, "range": [COLOURS[i % len(COLOURS)] for i in
                                                                     range(len(names))]}
    for layer in spec["layer"]:
        if "strokeDash" in layer["encoding"]:
            layer["encoding"]["strokeDash"]["scale"] = {
                "domain": names, "range": [DASHES[i % len(DASHES)] for i in range(len(names))]}


def budget_result_chart(rows: Iterable[BudgetResultRow], *, unit: str = "") -> Spec:
    """Columns side by side per year: budget, result and expected, with intervals as error bars.

    `unit` stands at the axis; amounts are changes in expenditure, so a saving points down.
    """
    names = {"budget": say(da="Budget", en="Budget"), "realised": say(da="Resultat", en="Result"),
             "expected": say(da="Forventet", en="Expected")}
    shown = sorted((row for row in rows if row.value is not None),
                   key=lambda row: (row.year, list(names).index(row.basis)))
    years = [row.year for row in shown]
    bases = [basis for basis in names if any(row.basis == basis for row in shown)]
    spec = template("budget_result")
    spec["datasets"]["rows"] = [
        {"year": str(row.year), "place": at - years.index(row.year), "basis": names[row.basis],
         "value": _plain(row.value), "low": _plain(row.low), "high": _plain(row.high)} for at, row in enumerate(shown)]
    domain = [names[basis] for basis in bases]
    look = {"budget": ("#8C8C8C", "#6E6E6E", [1, 0]), "realised": ("#0072B2", "#0072B2", [1, 0]),
            "expected": ("#DCEBF5", "#0072B2", [4, 2])}  # a forecast is drawn dashed
    grouped = spec["layer"][0]
    grouped["encoding"]["x"]["sort"] = sorted({str(row.year) for row in shown})
    columns = grouped["layer"][0]["encoding"]
    columns["y"]["title"] = unit or say(da="Ændring i kommunens udgift", en="Change in municipal expenditure")
    for at, channel in enumerate(("fill", "stroke", "strokeDash")):
        columns[channel]["scale"] = {"domain": domain, "range": [look[basis][at] for basis in bases]}
    return spec


def estimator_chart(rows: Iterable[EstimatorRow], *, unit: str, decimals: int = 1) -> Spec:
    """A dot and its 95 % interval per estimator around a zero line, the figures printed beside.

    `unit` names the axis, such as `uger pr. deltager`. Rows stand by `rank`, then by name; one without a value is
    drawn as its interval alone.
    """
    shown = told_rows(rows)
    spec = template("effects")
    spec["datasets"]["rows"] = [
        {"label": row.label, "value": _plain(row.value), "low": _plain(row.low), "high": _plain(row.high),
         "headline": row.headline, "printed": _interval(row, decimals)} for row in shown]
    by_label, heading = spec["layer"][1], spec["layer"][2]
    by_label["encoding"]["y"]["sort"] = [row.label for row in shown]
    by_label["encoding"]["y"]["axis"]["labelLimit"] = _LONGEST_LABEL
    by_label["layer"][0]["encoding"]["x"]["title"] = unit
    spec["width"] = _room_for_intervals(shown, decimals)
    by_label["layer"][2]["encoding"]["x"]["value"] = heading["mark"]["x"] = spec["width"] + _BESIDE
    return spec


def _room_for_intervals(rows: Sequence[EstimatorRow], decimals: int) -> float:
    """The width of the plot between the names and the printed figures, so that all of it fits the text width."""
    names = min(max((_LETTER * len(row.label) for row in rows), default=0.0), _LONGEST_LABEL) + 10
    figures = max([_LETTER * len(_interval(row, decimals)) for row in rows], default=0.0)
    return round(min(max(TOTAL_WIDTH - names - max(figures, _LEAST_FIGURES) - _BESIDE, 200.0), _WIDEST_INTERVALS))


def told_rows(rows: Iterable[EstimatorRow]) -> list[EstimatorRow]:
    """The rows that have a value or an interval, by rank and name."""
    return sorted((row for row in rows if row.value is not None or None not in (row.low, row.high)),
                  key=lambda row: (row.rank, row.label))


def week_ticks(last: int) -> list[int]:
    """The weeks written on the axis: the published grid within about a year, quarters or years beyond.

    >>> week_ticks(21), week_ticks(104)
    ([0, 4, 8, 13, 17, 21], [0, 13, 26, 39, 52, 65, 78, 91, 104])
    """
    if last <= 56:
        return [week for week in PUBLISHED_WEEKS if week <= last]
    step = next((step for step in (13, 26, 52) if last <= 10 * step), 104)
    return list(range(0, last + 1, step))


def stretches(curve: Curve) -> list[list[CurvePoint]]:
    """The runs of weeks that have a share, without the blanks between them, by week."""
    runs: list[list[CurvePoint]] = [[]]
    for point in sorted(curve.points, key=lambda point: point.week):
        if point.share is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _shown(curve: Curve) -> list[CurvePoint]:
    return [point for run in stretches(curve) for point in run]


def _point_rows(curve: Curve) -> list[dict[str, Any]]:
    return [{"group": curve.label, "published": curve.published, "stretch": f"{curve.label} {at}", "week": point.week,
             "share": _plain(point.share), "low": _plain(point.low), "high": _plain(point.high)}
            for at, run in enumerate(stretches(curve)) for point in run]


def _trail(curve: Curve, per_week: float, height: float) -> Trail:
    """The curve in pixels, sampled at every half week so that a name cannot slip between two points."""
    points = _shown(curve)

    def sampled(edge: Literal["share", "low", "high"]) -> tuple[tuple[float, float], ...]:
        found: list[tuple[float, float]] = []
        for at, point in enumerate(points):
            here = _edge(point, edge)
            following = points[at + 1] if at + 1 < len(points) else point
            for half in range(max(2 * (following.week - point.week), 1)):
                way = half / max(2 * (following.week - point.week), 1) if curve.published else 0.0
                value = here + way * (_edge(following, edge) - here)
                found.append(((point.week + half / 2) * per_week, (1 - value) * height))
        return tuple(found)

    return Trail(curve.label, sampled("share"), sampled("high"), sampled("low"))


def _edge(point: CurvePoint, edge: Literal["share", "low", "high"]) -> float:
    value = {"share": point.share, "low": point.low, "high": point.high}[edge]
    return value if value is not None else point.share or 0.0


def _room_for_names(curves: Sequence[Curve], last: int) -> float:
    """Pixels right of the plot for the names of the curves that run to its end."""
    ending = [curve.label for curve in curves if any(point.week > 0.9 * last for point in _shown(curve))]
    return min(max((7.0 * len(label) + 14 for label in ending), default=14.0), 170.0)


def share_title(curves: Sequence[Curve]) -> str:
    """What the curves are shares of, by their definition and outcome."""
    kinds = {(curve.definition, curve.outcome) for curve in curves}
    if kinds == {("with_relapse", "same")}:
        return say(da="Andel, der modtager ydelsen", en="Share receiving the benefit")
    if kinds == {("with_relapse", "any")}:
        return say(da="Andel på offentlig forsørgelse", en="Share on public support")
    if kinds == {("without_relapse", "same")}:
        return say(da="Andel, der endnu ikke har forladt ydelsen", en="Share who have not yet left the benefit")
    if kinds == {("without_relapse", "any")}:
        return say(da="Andel, der endnu ikke har været selvforsørgende", en="Share not yet self-supporting")
    return say(da="Andel", en="Share")


def _interval(row: EstimatorRow, decimals: int) -> str:
    shown = "" if row.value is None else number(row.value, decimals)
    if row.low is None or row.high is None:
        return shown
    span = f"[{number(row.low, decimals)}; {number(row.high, decimals)}]"
    return f"{shown}  {span}" if shown else span


def _plain(value: float | Decimal | None) -> float | None:
    return None if value is None else round(float(value), 6)


def template(name: str) -> Spec:
    """A chart file in the language spoken now, with the theme; a fresh copy."""
    spec: Spec = localised(_read(f"{name}.vl.json"))
    spec["config"] = localised(_read("theme.json"))
    return spec


@cache
def _read(name: str) -> Any:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def localised(node: Any) -> Any:
    """A fresh copy of `node` in which each `{"da": ..., "en": ...}` is what it says in the language spoken now."""
    if isinstance(node, Mapping):
        if set(node) == {"da", "en"}:
            return localised(node[current()])
        return {key: localised(value) for key, value in node.items()}
    return [localised(value) for value in node] if isinstance(node, list) else node
