"""The cohort flow: boxes that hold their words, in order, none on another, arrows from box to box."""

from __future__ import annotations

from typing import Any

import altair
import pytest

from gevinst.report.charts import FlowArm, FlowBox, describe_flow, flow_chart, render
from gevinst.report.charts.flow import wrapped

LONG = "Borgere på A-dagpenge i de uger, hvor deltagerne startede, uden dem, der selv har deltaget i en investering"
TOOK_PART = FlowArm("Deltagere", (
    FlowBox("Registreret", "262"), FlowBox("Modtog ikke ydelsen", "17", True),
    FlowBox("Startede for sent", "under 5", True), FlowBox("Med i effekten", "230")))
BESIDE = FlowArm("Sammenligning", (FlowBox(LONG, "8.412"), FlowBox("Ligner ingen", "6.262", True)))


def rows(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec["datasets"][name]
    return found


@pytest.mark.parametrize("arms", [[TOOK_PART], [TOOK_PART, BESIDE], [BESIDE], []])
def test_the_drawing_is_valid(arms: list[FlowArm]) -> None:
    spec = flow_chart(arms)
    altair.Chart.from_dict(spec, validate=True)
    assert "<svg" in render.svg(spec)


@pytest.mark.parametrize("arms", [[TOOK_PART], [TOOK_PART, BESIDE]])
def test_no_box_is_on_another_and_all_lie_inside(arms: list[FlowArm]) -> None:
    spec = flow_chart(arms)
    boxes = rows(spec, "boxes")
    assert len(boxes) == sum(len(arm.boxes) for arm in arms)
    for at, box in enumerate(boxes):
        assert 0 <= box["x"] < box["x2"] <= spec["width"]
        assert 0 <= box["y"] < box["y2"] <= spec["height"]
        for other in boxes[at + 1:]:
            apart = box["x2"] <= other["x"] or other["x2"] <= box["x"] or box["y2"] <= other["y"]
            assert apart or other["y2"] <= box["y"]


def test_words_stand_in_their_box_with_room_for_the_count() -> None:
    spec = flow_chart([TOOK_PART, BESIDE])
    boxes = rows(spec, "boxes")
    for word in rows(spec, "words"):
        if word["side"] == "left" and not word["strong"]:
            (box,) = [box for box in boxes if box["x"] <= word["x"] < box["x2"] and box["y"] < word["y"] < box["y2"]]
            assert word["x"] + 6.7 * len(word["text"]) <= box["x2"] - 8
    counts = [word["text"] for word in rows(spec, "words") if word["side"] == "right"]
    assert counts == ["262", "17", "under 5", "230", "8.412", "6.262"]


def test_those_left_out_hang_beside_the_line_that_leads_on() -> None:
    spec = flow_chart([TOOK_PART])
    main, first_out, second_out, last = rows(spec, "boxes")
    assert [box["left_out"] for box in (main, first_out, second_out, last)] == [False, True, True, False]
    assert first_out["x"] > main["x"]
    assert first_out["x2"] == main["x2"]
    down = [line for line in rows(spec, "lines") if line["x"] == line["x2"]]
    assert [(line["y"], round(line["y2"])) for line in down] == [(main["y2"], round(last["y"] - 4))]
    assert [head["way"] for head in rows(spec, "heads")] == ["right", "right", "down"]


def test_a_line_to_the_last_left_out_ends_there() -> None:
    spec = flow_chart([BESIDE])
    main, out = rows(spec, "boxes")
    (down,) = [line for line in rows(spec, "lines") if line["x"] == line["x2"]]
    assert (down["y"], down["y2"]) == (main["y2"], (out["y"] + out["y2"]) / 2)


def test_a_long_text_is_broken_between_words() -> None:
    lines = wrapped(LONG, 200)
    assert " ".join(lines) == LONG
    assert all(len(line) * 6.7 <= 200 for line in lines)
    assert wrapped("", 100) == [""]


def test_the_words_tell_who_was_left_out() -> None:
    assert describe_flow([TOOK_PART]).startswith(
        "Deltagere: Registreret (262); udeladt: Modtog ikke ydelsen (17); udeladt: Startede for sent (under 5);")
