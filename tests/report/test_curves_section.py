"""One figure per benefit: its own benefit beside any support, told once where they are the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gevinst.follow_up.edition import CurvePanel, Edition
from gevinst.language import NO_BREAK, speaking
from gevinst.report.curves_section import curve_blocks, distinct
from gevinst.report.memo import build_memo
from gevinst.report.tree import Figure, Paragraph


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


@pytest.fixture
def panels(full_edition: Edition) -> tuple[CurvePanel, CurvePanel]:
    """The same persons on their own benefit and on any public support, where they stay longer."""
    same = next(panel for panel in full_edition.panels if panel.investment == "4")
    longer = tuple(replace(curve, outcome="any", points=tuple(
        replace(point, share=(point.share or 0) ** 0.5, low=None, high=None) for point in curve.points))
        for curve in same.curves)
    return same, replace(same, curves=longer)


def figures(edition: Edition) -> list[Figure]:
    return [block for block in curve_blocks("4", edition) if isinstance(block, Figure)]


def test_both_outcomes_stand_in_one_figure(full_edition: Edition, panels: tuple[CurvePanel, CurvePanel]) -> None:
    (figure,) = figures(replace(full_edition, panels=panels))
    assert [part["title"]["text"] for part in figure.spec["hconcat"]] == [
        "På A-dagpenge", "På offentlig forsørgelse i alt"]
    assert figure.alt.startswith("På A-dagpenge: ")
    assert "På offentlig forsørgelse i alt: " in figure.alt
    assert figure.data is not None
    assert list(dict.fromkeys(column.group for column in figure.data.columns))[1:] == [
        "Deltagere: På A-dagpenge", "Resten af målgruppen: På A-dagpenge",
        "Deltagere: På offentlig forsørgelse i alt", "Resten af målgruppen: På offentlig forsørgelse i alt"]


def test_the_second_outcome_is_told_briefly(full_edition: Edition, panels: tuple[CurvePanel, CurvePanel]) -> None:
    told = next(block.text for block in curve_blocks("4", replace(full_edition, panels=panels))
                if isinstance(block, Paragraph) and block.text.startswith("Læsehjælp")).replace(NO_BREAK, " ")
    # 0.5 ** (26 / 14) = 27,6 %, and its square root 52,5 %; 0.5 ** (26 / 20) = 40,6 % and 63,7 %
    assert "er 27,6 % af gruppen »Deltagere«" in told
    assert told.endswith("Ser man på offentlig forsørgelse i alt, er det 52,5 % mod 63,7 %.")


def test_an_outcome_that_is_the_same_is_left_out(
    full_edition: Edition, panels: tuple[CurvePanel, CurvePanel]
) -> None:
    same, _ = panels
    twin = replace(same, curves=tuple(replace(curve, outcome="any") for curve in same.curves))
    assert distinct([same, twin]) == [same]
    (figure,) = figures(replace(full_edition, panels=(same, twin)))
    assert [part["title"]["text"] for part in figure.spec["hconcat"]] == ["På A-dagpenge"]
    assert figure.alt.startswith("Kurver for ")


def test_two_benefits_are_two_figures(full_edition: Edition, panels: tuple[CurvePanel, CurvePanel]) -> None:
    same, other = panels
    second = replace(other, benefit="kontanthjaelp", benefit_name="kontanthjælp",
                     curves=tuple(replace(curve, outcome="same") for curve in other.curves))
    assert [figure.key for figure in figures(replace(full_edition, panels=(same, second)))] == [
        "curves/4", "curves/4/1"]


def test_the_distance_between_the_curves_is_called_no_effect_unless_lot_decided(full_edition: Edition) -> None:
    (figure,) = figures(full_edition)
    assert "Afstanden mellem kurverne er derfor ikke virkningen af indsatsen." in figure.note
    cases = tuple(replace(case, protocol=replace(case.protocol, randomised=True))
                  for case in full_edition.portfolio.investments)
    drawn = replace(full_edition, portfolio=replace(full_edition.portfolio, investments=cases))
    (figure,) = figures(drawn)
    assert figure.note.endswith("Lodtrækning afgjorde, hvem der fik tilbuddet.")
    assert "ikke virkningen" not in figure.note


def test_published_curves_call_the_benefit_by_its_name(edition: Edition) -> None:
    named = build_memo(replace(edition, benefit_names={"a-dagpenge": "arbejdsløshedsdagpenge"}))
    table = next(table for table in named.tables() if table.key == "published/0")
    assert table.caption == (
        "Andel, der modtager arbejdsløshedsdagpenge i Norddjurs Kommune, med tilbagefald til samme ydelse")
    assert any("er 39,4 % på arbejdsløshedsdagpenge i" in block.text.replace(NO_BREAK, " ")
               for block in named.blocks if isinstance(block, Paragraph))
