"""The memo on paper: no letter below eight points, and a municipality's five investments on at most 18 pages."""

from __future__ import annotations

import io
import math
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from gevinst.effects.ladder import ESTIMATORS
from gevinst.follow_up.edition import Edition
from gevinst.register.bundled import portfolio as bundled
from gevinst.register.business_case import Portfolio
from gevinst.report import as_pdf
from gevinst.report.memo import build_memo

Matrix = tuple[float, float, float, float]  # without the translation, which moves and does not scale
SHOWING = {"Tj", "TJ", "'", '"'}


def times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d = first
    e, f, g, h = then
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)


def text_sizes(content: Any, resources: Any, outer: Matrix = (1, 0, 0, 1)) -> Iterator[float]:
    """The height in points of every text shown, charts too: type size times all that scales it."""
    matrix, kept, size, placed = outer, list[Matrix](), 0.0, (1.0, 0.0, 0.0, 1.0)
    for instruction in pikepdf.parse_content_stream(content):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            kept.append(matrix)
        elif operator == "Q":
            matrix = kept.pop()
        elif operator == "cm":
            matrix = times((float(operands[0]), float(operands[1]), float(operands[2]), float(operands[3])), matrix)
        elif operator == "BT":
            placed = (1.0, 0.0, 0.0, 1.0)
        elif operator == "Tf":
            size = float(operands[1])
        elif operator == "Tm":
            placed = (float(operands[0]), float(operands[1]), float(operands[2]), float(operands[3]))
        elif operator in SHOWING:
            _, _, across, up = times(placed, matrix)
            yield size * math.hypot(across, up)
        elif operator == "Do":
            form = resources.XObject[operands[0]]
            if form.Subtype == "/Form":
                own = form.get("/Matrix", [1, 0, 0, 1, 0, 0])
                inner = times((float(own[0]), float(own[1]), float(own[2]), float(own[3])), matrix)
                yield from text_sizes(form, form.get("/Resources", resources), inner)


@pytest.fixture(scope="module")
def memo(make_edition: Callable[[Portfolio], Edition], full_edition: Edition) -> pikepdf.Pdf:
    """The agreement of 2020-2023 with curves and a ladder of estimators under four of its five investments."""
    recorded = make_edition(bundled("norddjurs-2020-2023"))
    panels, effects = [], []
    for number in ("1", "2", "3", "4"):
        same = next(panel for panel in full_edition.panels if panel.investment == "4")
        anything = tuple(replace(curve, outcome="any", points=tuple(
            replace(point, share=(point.share or 0) ** 0.9) for point in curve.points)) for curve in same.curves)
        panels += [replace(same, investment=number), replace(same, investment=number, curves=anything)]
        effects += [replace(one, investment=number, weakness=ESTIMATORS[one.estimator].weakness_da,
                            headline=one.estimator == "baseline", comparison_label="2017, 2018, 2019")
                    for one in full_edition.effects if one.investment == "4" and one.estimator in ESTIMATORS]
    parts = ("synthetic", "seed", "replicates", "data_horizon", "published", "parameters", "inputs", "notes")
    edition = replace(recorded, panels=tuple(panels), effects=tuple(effects),
                      **{part: getattr(full_edition, part) for part in parts})
    return pikepdf.open(io.BytesIO(as_pdf.render(build_memo(edition))))


def test_five_investments_take_at_most_eighteen_pages(memo: pikepdf.Pdf) -> None:
    assert 12 <= len(memo.pages) <= 18


def test_no_text_is_smaller_than_eight_points(memo: pikepdf.Pdf) -> None:
    sizes = [size for page in memo.pages for size in text_sizes(page, page.Resources)]
    assert len(sizes) > 1500
    assert min(sizes) >= 7.99
    assert max(sizes) < 20, "the title"


@pytest.fixture(scope="module")
def detailed(detailed_edition: Edition) -> pikepdf.Pdf:
    """A memo with pages for the politician and appendices for the statistician."""
    return pikepdf.open(io.BytesIO(as_pdf.render(build_memo(detailed_edition))))


def words_of(pdf: pikepdf.Pdf, page: int) -> str:
    """The words of one page, in reading order."""
    alone = io.BytesIO()
    with pikepdf.new() as one:
        one.pages.append(pdf.pages[page])
        one.save(alone)
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=alone.getvalue(), capture_output=True,
                          check=True).stdout.decode("utf-8")
    return " ".join(text.split())


def test_the_appendices_too_are_read_without_effort(detailed: pikepdf.Pdf) -> None:
    sizes = [size for page in detailed.pages for size in text_sizes(page, page.Resources)]
    assert min(sizes) >= 7.99
    assert len(detailed.pages) <= 32


def test_an_investment_with_an_effect_has_a_page(detailed: pikepdf.Pdf) -> None:
    (page,) = (words for at in range(len(detailed.pages))
               if (words := words_of(detailed, at)).startswith("4. Jobsøgningsnetværk"))
    for said in ("Af 100 deltagere er 46 stadig på ydelsen efter et år. Uden indsatsen ville det have været 51.",
                 "Sandsynligheden for, at be", "Grundlaget for tallet er B (godt)",
                 "hvor 100 deltagere er et år efter start", "Selvforsørgende 34 31 3"):
        assert said in page, said


def test_page_one_holds_the_summary_and_the_first_table(memo: pikepdf.Pdf) -> None:
    words = words_of(memo, 0)
    assert "Kort fortalt Samlet set forventes investeringerne at give kommunen en nettobesparelse på" in words
    assert "Tabel 1." in words
    assert "−10,529" in words
    assert "efter det nuværende skøn have været" in words, "the sentences under the table too"
