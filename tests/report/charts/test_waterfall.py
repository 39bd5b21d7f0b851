"""The waterfall in grey print: better and worse are told apart by light and dark, and what is expected is dashed."""

from __future__ import annotations

from decimal import Decimal

from gevinst.language import speaking
from gevinst.report.charts.waterfall import WaterfallRow, waterfall_chart


def light(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def looks(last: str) -> dict[str, tuple[str, str, list[int]]]:
    rows = [WaterfallRow("Budget", "budget", Decimal(-9)), WaterfallRow("Deltagere", "step", Decimal(3)),
            WaterfallRow("Pris", "step", Decimal(-1)), WaterfallRow(last, "result", Decimal(-7))]
    with speaking("da"):
        encoding = waterfall_chart(rows, unit="mio. kr.")["layer"][1]["encoding"]
    scales = [encoding[channel]["scale"] for channel in ("fill", "stroke", "strokeDash")]
    return {name: (scales[0]["range"][at], scales[1]["range"][at], list(scales[2]["range"][at]))
            for at, name in enumerate(scales[0]["domain"])}


def test_better_and_worse_differ_in_light_and_each_has_an_edge_that_is_seen() -> None:
    found = looks("Resultat")
    worse, better = found["Dårligere end budgettet"], found["Bedre end budgettet"]
    assert (light(better[0]) + 0.05) / (light(worse[0]) + 0.05) >= 3
    assert all(1.05 / (light(edge) + 0.05) >= 3 for _, edge, _ in found.values())


def test_what_is_expected_is_dashed_and_a_result_is_not() -> None:
    assert looks("Forventet")["Forventet"][2] == [4, 2]
    assert looks("Resultat")["Resultat"][2] == [1, 0]
