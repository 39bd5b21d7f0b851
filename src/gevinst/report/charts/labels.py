"""Where a curve's name stands: beside its own line, on no other line and on no other name.

Vega-Lite moves no label aside, so the places are found here, in pixels of the plot, by trying a few for each
curve and taking the one that covers least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, inf

LINE_HEIGHT = 16.0
WIDTH_PER_LETTER = 7.0  # IBM Plex Sans SemiBold at 12 px, on the generous side
GAP = 7.0
MARGIN_RIGHT = 150.0  # names may stand this far right of the plot

_ALONG = (1.0, 0.86, 0.7, 0.55, 0.4)  # where on its own curve a name may hang, as shares of the curve's length
_NAME_COST, _LINE_COST, _BAND_COST, _OUTSIDE_COST = 1000.0, 20.0, 2.0, 2000.0
_STRANGER_COST = 60.0  # another line is nearer than the name's own
_LATER_COST = 4.0  # per step down the list of candidates
_ABOVE = 8.0  # pixels that a name may stand above the plot


@dataclass(frozen=True)
class Trail:
    """A curve in plot pixels (y grows downwards): its line, and the edges of its band (the line where none)."""

    name: str
    line: tuple[tuple[float, float], ...]
    high: tuple[tuple[float, float], ...]
    low: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Box:
    """A name's rectangle: left, top, width and height in pixels."""

    left: float
    top: float
    width: float
    height: float = LINE_HEIGHT

    @property
    def middle(self) -> float:
        """The height at which the text's middle line stands."""
        return self.top + self.height / 2

    def meets(self, other: Box) -> bool:
        """Whether the two rectangles share any point."""
        return (self.left < other.left + other.width and other.left < self.left + self.width
                and self.top < other.top + other.height and other.top < self.top + self.height)

    def distance(self, points: Sequence[tuple[float, float]]) -> float:
        """Pixels from the rectangle to the nearest of the points; infinite when there are none."""
        return min((hypot(max(self.left - x, 0.0, x - self.left - self.width),
                          max(self.top - y, 0.0, y - self.top - self.height)) for x, y in points), default=inf)

    def holds(self, points: Sequence[tuple[float, float]]) -> int:
        """How many of the points lie inside."""
        return sum(self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height
                   for x, y in points)


def _near(points: Sequence[tuple[float, float]], left: float, right: float) -> list[float]:
    inside = [y for x, y in points if left <= x <= right]
    return inside or [min(points, key=lambda point: abs(point[0] - (left + right) / 2))[1]]


def _candidates(trail: Trail, widest: float) -> Iterator[Box]:
    width = WIDTH_PER_LETTER * len(trail.name)
    end_x, end_y = trail.line[-1]
    for nudge in (0.0, -0.6, 0.6, -1.1, 1.1, -2.1, 2.1):
        yield Box(end_x + GAP, end_y - LINE_HEIGHT / 2 + nudge * LINE_HEIGHT, width)
    for share in _ALONG:
        at = trail.line[min(int(share * len(trail.line)), len(trail.line) - 1)][0]
        for shift in (0.5, 0.9, 0.1):
            left = min(max(at - shift * width, 2.0), widest - width)
            above = min(_near(trail.high, left, left + width)) - GAP - LINE_HEIGHT
            below = max(_near(trail.low, left, left + width)) + GAP
            yield Box(left, below, width)
            yield Box(left, above, width)


def place(
    trails: Sequence[Trail], plot_width: float, plot_height: float, *, margin: float = MARGIN_RIGHT
) -> Mapping[str, Box]:
    """A rectangle per curve with a line, by its name; the same whatever order the curves come in.

    The longest curves choose first. `margin` is the room right of the plot, in pixels.

    >>> flat = Trail("2020", ((0, 50), (100, 50)), ((0, 50), (100, 50)), ((0, 50), (100, 50)))
    >>> place([flat], 100, 100)["2020"].left
    107.0
    """
    placed: dict[str, Box] = {}

    def cost(trail: Trail, box: Box) -> float:
        own = box.distance(trail.line)
        strangers = sum(box.distance(other.line) < own for other in trails if other.name != trail.name)
        outside = box.top < -_ABOVE or box.top + box.height > plot_height or box.left + box.width > plot_width + margin
        return (_OUTSIDE_COST * outside + _STRANGER_COST * strangers
                + _NAME_COST * sum(box.meets(other) for other in placed.values())
                + sum(_LINE_COST * box.holds(each.line) + _BAND_COST * (box.holds(each.high) + box.holds(each.low))
                      for each in trails))

    for trail in sorted((t for t in trails if t.line), key=lambda t: (-t.line[-1][0], t.line[-1][1], t.name)):
        priced = [(cost(trail, box) + _LATER_COST * rank, rank, box)
                  for rank, box in enumerate(_candidates(trail, plot_width + margin))]
        placed[trail.name] = min(priced, key=lambda entry: entry[:2])[2]
    return placed
