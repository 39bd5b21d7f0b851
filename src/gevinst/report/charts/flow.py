"""The cohort flow as a picture: who was there, who was left out at each step, and who is in the effect.

An arm is a column. Its boxes stand under each other on one trunk, with the count to the right; those left out hang on
the trunk between them, indented, in dashed boxes. Vega-Lite sets no text in boxes, so the places are found here, in
pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gevinst.report.charts.charts import TOTAL_WIDTH, Spec, template

_BETWEEN_ARMS, _WIDEST_ARM = 24.0, 440.0
_TRUNK, _INDENT = 20.0, 46.0  # from an arm's left edge: the line down, and the boxes of those left out
_LINE, _PAD, _GAP = 16.0, 8.0, 20.0  # a line of text, what a box keeps free, and between two boxes
_LETTER, _BOLD = 6.7, 7.4  # the width of a letter of IBM Plex Sans at 12 px, on the generous side
_TITLE = 26.0
_HEAD = 4.0  # half an arrow's head


@dataclass(frozen=True)
class FlowBox:
    """A step: what it is in words, its count as it is printed, and whether these persons were left out."""

    text: str
    count: str
    left_out: bool = False


@dataclass(frozen=True)
class FlowArm:
    """One group's steps from the top, under its name."""

    title: str
    boxes: tuple[FlowBox, ...]


def flow_chart(arms: Sequence[FlowArm]) -> Spec:
    """The steps of one or two groups side by side."""
    width = min((TOTAL_WIDTH - _BETWEEN_ARMS * (len(arms) - 1)) / max(len(arms), 1), _WIDEST_ARM)
    drawn: dict[str, list[dict[str, Any]]] = {"boxes": [], "words": [], "lines": [], "heads": []}
    deepest = max((_arm(arm, at * (width + _BETWEEN_ARMS), width, drawn) for at, arm in enumerate(arms)), default=1.0)
    spec = template("flow")
    whole = width * len(arms) + _BETWEEN_ARMS * max(len(arms) - 1, 0)
    spec["width"], spec["height"], spec["datasets"] = round(whole), round(deepest), drawn
    spec["encoding"]["x"]["scale"]["domain"] = [0, round(whole)]
    spec["encoding"]["y"]["scale"]["domain"] = [round(deepest), 0]
    return spec


def wrapped(text: str, width: float) -> list[str]:
    """The text in lines of at most `width` pixels, broken between words.

    >>> wrapped("Begyndte i indsatsen i perioden", 130)
    ['Begyndte i', 'indsatsen i', 'perioden']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines[-1]) + 1 + len(word)) * _LETTER <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines or [""]


def _arm(arm: FlowArm, left: float, width: float, drawn: dict[str, list[dict[str, Any]]]) -> float:
    """Draw one arm; gives how far down it reaches."""
    drawn["words"].append({"x": left, "y": 8.0, "text": arm.title, "side": "left", "strong": True})
    top, trunk = _TITLE, left + _TRUNK
    main_ends: float | None = None
    for box in arm.boxes:
        begins = left + (_INDENT if box.left_out else 0.0)
        bottom = _box(box, begins, left + width, top, drawn)
        if box.left_out:
            middle = (top + bottom) / 2
            drawn["lines"].append({"x": trunk, "y": middle, "x2": begins - _HEAD, "y2": middle})
            drawn["heads"].append({"x": begins - _HEAD, "y": middle, "way": "right"})
            if main_ends is None:
                main_ends = top - _GAP / 2
        else:
            if main_ends is not None:
                drawn["lines"].append({"x": trunk, "y": main_ends, "x2": trunk, "y2": top - _HEAD})
                drawn["heads"].append({"x": trunk, "y": top - _HEAD, "way": "down"})
            main_ends = bottom
        top = bottom + _GAP
    last = top - _GAP
    if arm.boxes and arm.boxes[-1].left_out and main_ends is not None:  # the trunk ends at the last of those left out
        drawn["lines"].append({"x": trunk, "y": main_ends, "x2": trunk, "y2": drawn["heads"][-1]["y"]})
    return last + 2.0


def _box(box: FlowBox, left: float, right: float, top: float, drawn: dict[str, list[dict[str, Any]]]) -> float:
    """Draw a box with its words and its count; gives its bottom."""
    room = right - left - 3 * _PAD - _BOLD * len(box.count)
    lines = wrapped(box.text, room)
    bottom = top + 2 * _PAD - 2 + _LINE * len(lines)
    drawn["boxes"].append({"x": left, "y": top, "x2": right, "y2": bottom, "left_out": box.left_out})
    for at, line in enumerate(lines):
        middle = top + _PAD - 1 + _LINE * (at + 0.5)
        drawn["words"].append({"x": left + _PAD, "y": middle, "text": line, "side": "left", "strong": False})
    drawn["words"].append({"x": right - _PAD, "y": top + _PAD - 1 + _LINE * 0.5, "text": box.count, "side": "right",
                           "strong": True})
    return bottom
