"""Breaks in the definitions in a chart of calendar time: a dashed line on the day, with a few words above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gevinst.language import short_date

_COLOUR, _DASH, _SIZE = "#454545", [4, 3], 11
_LETTER, _LINE = 6.2, 14.0  # pixels of a letter of a label, and between two that would meet


@dataclass(frozen=True)
class TimeMark:
    """A day and what happened on it, in a few words."""

    day: date
    label: str

    @property
    def text(self) -> str:
        """The label with its day."""
        return f"{self.label} {short_date(self.day)}"


def mark_days(spec: dict[str, Any], marks: Sequence[TimeMark], first: date, last: date) -> dict[str, Any]:
    """The chart with a line and a label on each day between `first` and `last`; its x must be days."""
    shown = [mark for mark in in_time(marks) if first <= mark.day <= last]
    span = max((last - first).days, 1)
    return _marked(spec, [(mark, (mark.day - first).days / span * float(spec["width"])) for mark in shown],
                   [{"x": {"field": "day", "type": "temporal", "scale": {"type": "utc"}}}] * len(shown))


def mark_years(spec: dict[str, Any], marks: Sequence[TimeMark], years: Sequence[int]) -> dict[str, Any]:
    """The chart of a column of bars per year with a line and a label on each day inside these years.

    The years share the width evenly: the padding between two of them is twice that outside.
    """
    width = float(spec["width"])
    shown = []
    for mark in in_time(marks):
        if mark.day.year in years:
            start = date(mark.day.year, 1, 1)
            part = (mark.day - start).days / (date(mark.day.year + 1, 1, 1) - start).days
            shown.append((mark, (sorted(years).index(mark.day.year) + part) * width / len(years)))
    return _marked(spec, shown, [{"x": {"value": round(at, 1)}} for _, at in shown])


def in_time(marks: Sequence[TimeMark]) -> list[TimeMark]:
    """The marks by day, each once."""
    return sorted(set(marks), key=lambda mark: (mark.day, mark.label))


def _marked(
    spec: dict[str, Any], marks: Sequence[tuple[TimeMark, float]], places: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    width, taken = float(spec["width"]), [0.0, 0.0, 0.0]
    for (mark, at), place in zip(marks, places, strict=True):
        long = _LETTER * len(mark.text)
        right = at + long > width
        left = at - long if right else at
        # The lowest of three lines above the plot on which nothing stands there yet.
        line = next((number for number, end in enumerate(taken) if left >= end), len(taken) - 1)
        taken[line] = left + long + 8
        here = {"values": [{"day": mark.day.isoformat()}]}
        spec["layer"] += [
            {"data": here, "mark": {"type": "rule", "color": _COLOUR, "strokeDash": _DASH},
             "encoding": {**place}},
            {"data": here,
             "mark": {"type": "text", "align": "right" if right else "left", "baseline": "bottom", "dx": 0,
                      "color": _COLOUR, "fontSize": _SIZE, "clip": False},
             "encoding": {**place, "y": {"value": -3 - _LINE * line}, "text": {"value": mark.text}}},
        ]
    return spec
