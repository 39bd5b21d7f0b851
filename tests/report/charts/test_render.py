"""Pictures: drawn once, in our letters, with the language's signs and without anything that runs or fetches."""

from __future__ import annotations

import re
import struct
from collections import Counter
from dataclasses import replace

import pytest

from gevinst.curves.curve import Curve
from gevinst.language import Language, speaking
from gevinst.report.charts import EstimatorRow, budget_result_chart, estimator_chart, survival_chart
from gevinst.report.charts import render as drawing
from gevinst.report.charts.charts import BudgetResultRow


@pytest.mark.parametrize(("language", "percent", "amount"), [("da", ">80 %<", ">−1,0<"), ("en", ">80%<", ">−1.0<")])
def test_axes_speak_the_language(published: list[Curve], language: Language, percent: str, amount: str) -> None:
    with speaking(language):
        assert percent in drawing.svg(survival_chart(published))
        assert amount in drawing.svg(budget_result_chart([BudgetResultRow(2020, "budget", -1.5)]))


def test_every_name_is_drawn_in_our_letters(published: list[Curve]) -> None:
    drawn = drawing.svg(survival_chart(published))
    for curve in published:
        assert curve.label in drawn
    assert "IBM Plex Sans" in drawn
    assert "NaN" not in drawn


def test_a_name_with_markup_stays_text(published: list[Curve]) -> None:
    hostile = replace(published[0], label="<script>alert(1)</script> & \"x\"")
    drawn = drawing.svg(survival_chart([hostile]))
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


def test_ids_differ_between_charts_on_one_page(published: list[Curve]) -> None:
    drawn = drawing.inline_svg(survival_chart(published), "f7")
    assert drawn.startswith('<svg aria-hidden="true" focusable="false" ')
    assert all(piece.startswith("f7-") for piece in drawn.split(' id="')[1:])
    assert drawn.count("url(#") == drawn.count("url(#f7-")


def test_a_page_gets_the_same_drawing_without_what_it_does_not_use(published: list[Curve]) -> None:
    spec = survival_chart([replace(published[0], label='class="x" 1.23456'), *published[1:]])
    whole, lean = drawing.svg(spec), drawing.inline_svg(spec, "f1")
    words = [re.findall(r">([^<>]+)<", one) for one in (whole, lean)]
    assert words[0] == words[1]
    assert 'class="x" 1.23456' in words[1], "only tags are made lean"
    colours = [Counter(re.findall(r'(?:fill|stroke)="#[0-9A-Fa-f]+"', one)) for one in (whole, lean)]
    assert colours[0] == colours[1]
    drawings = (re.sub(r'<path[^>]* d="" [^>]*>', "", whole), lean)
    places = [[float(number) for path in re.findall(r' d="([^"]+)"', one) if path != "M0,0h0v0h0Z"
               for number in re.findall(r"-?[\d.]+", path)] for one in drawings]
    assert places[1] == pytest.approx(places[0], abs=0.00501)
    assert len(lean) < 0.8 * len(whole)


def test_what_only_a_pointer_finds_is_not_drawn(published: list[Curve]) -> None:
    spec = survival_chart(published)
    assert any(layer["mark"].get("opacity") == 0 for layer in spec["layer"]), "a page may still make it interactive"
    shown = sum(row["published"] for row in spec["datasets"]["points"])
    assert drawing.svg(spec).count("mark-symbol") == 1, "one group of points, those that are seen"
    assert drawing.svg(spec).count('d="M') >= shown


def test_png_has_the_size_asked_for(published: list[Curve]) -> None:
    spec = survival_chart(published)
    width, height = drawing.size(spec)
    png = drawing.png(spec, 3.0)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (round(3 * width), round(3 * height))


def test_the_same_specification_is_drawn_once(published: list[Curve]) -> None:
    spec = survival_chart(published)
    drawing.svg(spec)
    before = drawing._svg.cache_info()
    drawing.svg(dict(reversed(spec.items())))
    drawing.png(spec, 1.5)
    assert drawing._svg.cache_info().misses == before.misses


def test_long_names_fit_the_ladder() -> None:
    with speaking("da"):
        spec = estimator_chart([EstimatorRow("Tidligere årgange, konjunkturrenset", 0.9, -0.8, 2.2)], unit="uger")
    assert "Tidligere årgange, konjunkturrenset" in drawing.svg(spec)


def test_nothing_is_fetched(published: list[Curve]) -> None:
    spec = survival_chart(published)
    spec["data"] = {"url": "https://example.org/data.csv"}
    with pytest.raises(ValueError, match="External data url not allowed"):
        drawing.svg(spec)
