"""Names beside curves: on no other name, on no line where there is room, and nearest to their own curve."""

from __future__ import annotations

import itertools
import math

import numpy
import pytest

from gevinst.report.charts.labels import Box, Trail, place

WIDTH, HEIGHT = 430.0, 270.0


def trail(name: str, rate: float, last: int, floor: float = 0.2) -> Trail:
    """A falling curve in pixels, week by week."""
    points = tuple((week * WIDTH / 52, HEIGHT * (1 - floor - (1 - floor) * math.exp(-rate * week)))
                   for week in range(last + 1))
    return Trail(name, points, points, points)


def test_boxes_that_touch_meet() -> None:
    assert Box(0, 0, 10).meets(Box(9, 15, 10))
    assert not Box(0, 0, 10).meets(Box(10, 0, 10))
    assert Box(0, 0, 10, 10).distance([(13, 14)]) == 5


@pytest.mark.parametrize("seed", range(25))
def test_no_name_stands_on_another(seed: int) -> None:
    dice = numpy.random.default_rng(seed)
    trails = [trail(f"Gruppe {at}", dice.uniform(0.01, 0.2), int(dice.integers(6, 53)), dice.uniform(0, 0.5))
              for at in range(dice.integers(2, 5))]
    boxes = place(trails, WIDTH, HEIGHT)
    assert set(boxes) == {each.name for each in trails}
    for one, other in itertools.combinations(boxes.values(), 2):
        assert not one.meets(other)
    for box in boxes.values():
        assert box.top >= 0
        assert box.top + box.height <= HEIGHT


def test_three_curves_with_room_between_them_have_free_names_nearest_their_own() -> None:
    trails = [trail("Lange", 0.02, 52), trail("Midt", 0.06, 39), trail("Korte", 0.2, 13)]
    boxes = place(trails, WIDTH, HEIGHT)
    for own in trails:
        assert all(boxes[own.name].holds(each.line) == 0 for each in trails)
        assert all(boxes[own.name].distance(own.line) < boxes[own.name].distance(each.line)
                   for each in trails if each is not own)


def test_the_places_do_not_hang_on_the_order_of_the_curves() -> None:
    trails = [trail("A", 0.02, 52), trail("B", 0.03, 52), trail("C", 0.1, 20)]
    assert place(trails, WIDTH, HEIGHT) == place(trails[::-1], WIDTH, HEIGHT)


def test_a_curve_without_points_gets_no_name() -> None:
    assert place([Trail("tom", (), (), ())], WIDTH, HEIGHT) == {}
