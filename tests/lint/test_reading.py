"""How much was read is said, and what was not: rows of figures in no table, and pages that are pictures."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest
import typst
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.lint.check import lint_memo, read_memo
from gevinst.lint.reading import reading_of
from tests.lint.making import as_page, as_pdf, as_sheet, as_word, transcription

runner = CliRunner()
MEMO = ("# Notat\n\nTabel 1 - I mio. kr., 2020 p/l\n\n|= | 2020 | 2021\n| Investering | 1,0 | 2,0\n| I alt | 1,0 | 2,0"
        "\n\nTabel 2 - Status\n\n|= Investering | Status\n| Småjob | Grøn")
LOOSE = MEMO + "\n\nInvestering 1,3 2,5 3,1 6,9\n\nBesparelse -1,0 -2,0 -2,5 -5,5"


@pytest.mark.parametrize(("kind", "make"), [("docx", as_word), ("html", as_page), ("xlsx", as_sheet), ("pdf", as_pdf)])
def test_what_was_read_is_counted(kind: str, make: object, tmp_path: Path) -> None:
    assert callable(make)
    read = reading_of(read_memo(make(transcription(MEMO), tmp_path / f"a.{kind}")))
    assert (read.tables, read.figures, read.unnamed, read.without) == (1, 4, 0, ("2",))


def test_rows_of_figures_outside_tables_are_said(tmp_path: Path) -> None:
    path = as_word(transcription(LOOSE), tmp_path / "a.docx")
    found = lint_memo(read_memo(path))
    assert [(each.finding.code, each.grave, each.place.text[:11]) for each in found] == [
        ("lint.rows-unread", False, "Investering"), ("lint.rows-unread", False, "Besparelse ")]
    assert lint_memo(read_memo(as_word(transcription(MEMO), path))) == []
    result = runner.invoke(app, ["lint", str(as_word(transcription(LOOSE), path))])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == [
        "  Læst: 1 tabel med 4 tal og 9 afsnit; ingen tal under tabel 2.", "  0 fejl, 0 advarsler, 2 bemærkninger."]
    english = runner.invoke(app, ["lint", str(path), "--language", "en"]).stdout
    assert "Read: 1 table with 4 figures, and 9 paragraphs; no figures under table 2." in english
    (file,) = json.loads(runner.invoke(app, ["lint", str(path), "--format", "json"]).stdout)
    assert file["read"] == {"tables": 1, "figures": 4, "texts": 9, "unnamed": 0, "without": ["2"]}


@pytest.mark.parametrize("axis", ["0 4 8 13 17", "100 80 60 40", "0 13 26 0 13 26"])
def test_the_axis_of_a_figure_is_no_row_of_figures(axis: str, tmp_path: Path) -> None:
    assert lint_memo(read_memo(as_word(transcription(f"# Notat\n\n{axis}"), tmp_path / "a.docx"))) == []


def test_a_page_that_is_a_picture_is_said(tmp_path: Path) -> None:
    page = "#set page(width: 90mm, height: 90mm)\n"
    made = typst.compile((page + "Notat\n#pagebreak()\n#v(1cm)").encode(), format="pdf")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        image = pikepdf.Stream(pdf, bytes(3), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1,
                               Height=1, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8)
        name = pdf.pages[1].add_resource(image, pikepdf.Name.XObject)
        pdf.pages[1].contents_add(f"q 90 0 0 90 20 20 cm {name} Do Q".encode())
        pdf.save(tmp_path / "a.pdf")
    (found,) = lint_memo(read_memo(tmp_path / "a.pdf"))
    assert (found.finding.code, found.place.page, found.grave) == ("lint.page-unread", 2, False)
