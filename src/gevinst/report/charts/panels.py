"""Survival curves side by side: the same persons on their own benefit and on any, with the number at risk below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gevinst.curves.curve import Curve
from gevinst.language import number, say
from gevinst.report.charts.charts import (
    COLOURS,
    DASHES,
    TOTAL_WIDTH,
    Spec,
    by_name,
    fill_survival,
    last_week,
    template,
    week_ticks,
)

_AXIS, _GAP, _EDGE = 48.0, 24.0, 16.0  # pixels: left of each plot, between two panels, right of the last
_HEIGHT = 160.0
_BELOW_AXIS, _LINE = 58.0, 15.0  # from the plot to the words over the counts, and from line to line
_SMALL = 11.5
_QUARTERS = 13


def survival_panels(panels: Sequence[tuple[str, Sequence[Curve]]], *, smallest: int = 5) -> Spec:
    """One or two panels, each with its title, its curves and how many each curve rests on, on one axis of weeks.

    A count below `smallest` is printed as `<5`; a published curve has none. Raises `report.curve-name-twice`.
    """
    shown = [(title, by_name(curves)) for title, curves in panels]
    last = max(last_week(curves) for _, curves in shown)
    width = round((TOTAL_WIDTH - _GAP * (len(shown) - 1) - _EDGE) / len(shown) - _AXIS)
    datasets: dict[str, Any] = {}
    parts: list[Spec] = []
    whole = template("survival")
    for at, (title, curves) in enumerate(shown):
        part = template("survival")
        part["height"] = _HEIGHT
        fill_survival(part, curves, last, width, margin=0.0)
        part["title"] = {"text": title, "anchor": "start", "frame": "group", "fontSize": 12, "fontWeight": 600,
                         "offset": 10}
        part["encoding"]["x"]["axis"]["values"] = _ticks(last)
        for layer in part["layer"]:
            if "title" in layer["encoding"]["y"]:
                layer["encoding"]["y"]["title"] = None
        part["layer"] += _at_risk_layers(curves)
        rows = {**part.pop("datasets"), "counts": _counts(curves, last, smallest)}
        datasets |= {f"{name}{at}": values for name, values in rows.items()}
        for node in (part, *part["layer"]):
            if "name" in node.get("data", {}):
                node["data"] = {"name": f"{node['data']['name']}{at}"}
        parts.append({key: part[key] for key in ("title", "width", "height", "data", "encoding", "layer")})
    return {"$schema": whole["$schema"], "usermeta": whole["usermeta"], "config": whole["config"],
            "datasets": datasets, "spacing": _GAP, "hconcat": parts}


def _ticks(last: int) -> list[int]:
    """Quarters of a year where there is room for their counts, else the weeks of a whole chart."""
    return list(range(0, last + 1, _QUARTERS)) if _QUARTERS <= last <= 5 * _QUARTERS else week_ticks(last)


def _line(at: int) -> float:
    """The height of the line `at` under the axis, as a share: the scale goes on below its zero."""
    return -(_BELOW_AXIS + at * _LINE) / _HEIGHT


def _counts(curves: Sequence[Curve], last: int, smallest: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for at, curve in enumerate((curve for curve in curves if not curve.published), 1):
        points = {point.week: point for point in curve.points}
        for week in _ticks(last):
            point = points.get(week)
            if point is not None and point.share is not None:
                text = f"<{smallest}" if 0 < point.at_risk < smallest else number(point.at_risk)
                rows.append({"group": curve.label, "week": week, "share": _line(at), "text": text})
    return rows


def _at_risk_layers(curves: Sequence[Curve]) -> list[Spec]:
    """The words over the counts, a sample of each curve's line, and the counts under the weeks."""
    if all(curve.published for curve in curves):
        return []
    words: Spec = {
        "data": {"values": [{}]},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": _SMALL, "color": "#595959"},
        "encoding": {"x": {"value": 4 - _AXIS}, "y": {"datum": _line(0)}, "color": {"value": "#595959"},
                     "text": {"value": say(da="Antal forløb under risiko", en="Number at risk")}}}
    samples: list[Spec] = []
    followed = [(at, curve) for at, curve in enumerate(curves) if not curve.published]
    for row, (at, _) in enumerate(followed, 1):
        samples.append({
            "data": {"values": [{}]},
            "mark": {"type": "rule", "strokeWidth": 2.2, "strokeDash": DASHES[at % len(DASHES)]},
            "encoding": {"x": {"value": 4 - _AXIS}, "x2": {"value": 26 - _AXIS}, "y": {"datum": _line(row)},
                         "color": {"value": COLOURS[at % len(COLOURS)]}}})
    counts: Spec = {
        "data": {"name": "counts"},
        "mark": {"type": "text", "align": "center", "baseline": "middle", "fontSize": _SMALL},
        "encoding": {"y": {"field": "share", "type": "quantitative"}, "text": {"field": "text"}}}
    return [words, *samples, counts]
