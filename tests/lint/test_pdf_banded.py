"""Tables with lines between rows, as our memo's PDF and browsers print them: each cell stands where HTML has it.

The browser's look is made by hand: a white ground under the whole page, and lines in pieces, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import typst

from gevinst.lint.check import lint_memo, read_memo
from gevinst.lint.model import Memo
from gevinst.report import as_html, as_pdf
from gevinst.report.lettering import FONTS
from gevinst.report.memo import build_memo
from tests.lint.situations import from_signs

BROWSER = """
#set page(width: 210mm, height: 297mm, margin: 20mm, background: rect(width: 170mm, height: 257mm, fill: white))
#set text(font: "IBM Plex Sans", size: 9pt)
= Notat
Tabel 1. Opfølgning, mio. kr., løbende priser
#let line(length) = rect(width: length, height: 0.8pt, fill: gray)
#let row(..cells) = block(spacing: 0pt, {
  stack(dir: ltr, line(50mm), ..range(6).map(n => line(20mm)))
  block(spacing: 0pt, inset: (y: 4pt), stack(dir: ltr, box(width: 50mm, cells.at(0)),
    ..cells.pos().slice(1).map(text => box(width: 20mm, align(right, text)))))
})
#row("", "", "2020", "", "2021", "", "I alt 2020–2021")
#row("", "Budget", "Resultat", "Budget", "Forventet resultat", "Budget", "Forventet resultat")
#row("Investering i en indsats for ledige med mange problemer", "1,5", "2,0", "1,5", "2,5", "3,0", "4,5")
#row("Besparelse på forsørgelse", "−2,0", "", "−2,5", "", "−4,5", "")
#row("I alt", "−0,5", "", "−1,0", "", "−1,5", "")
#block(spacing: 0pt, line(170mm))
Kilde: Opus
"""


def numbers(memo: Memo) -> list[list[Decimal | None]]:
    return [[cell.value for cell in row.cells] for table in memo.tables for row in table.rows]


def browser_page(path: Path, change: Callable[[str], str] = str) -> Memo:
    path.write_bytes(typst.compile(change(BROWSER).encode(), font_paths=[str(FONTS)], format="pdf"))
    return read_memo(path)


def test_a_page_as_a_browser_prints_it(tmp_path: Path) -> None:
    memo = browser_page(tmp_path / "a.pdf")
    (table,) = memo.tables
    assert [row.label for row in table.rows] == [
        "Investering i en indsats for ledige med mange problemer", "Besparelse på forsørgelse", "I alt"]
    assert numbers(memo) == [[Decimal(text) if text else None for text in row] for row in (
        ("1.5", "2.0", "1.5", "2.5", "3.0", "4.5"), ("-2.0", "", "-2.5", "", "-4.5", ""),
        ("-0.5", "", "-1.0", "", "-1.5", ""))]
    assert (table.number, table.notes) == ("1", ("Kilde: Opus",))


def test_a_wrong_figure_in_it_is_found(tmp_path: Path) -> None:
    memo = browser_page(tmp_path / "a.pdf", lambda text: text.replace('"−2,5"', '"−3,5"'))
    (found,) = (each for each in lint_memo(memo, adopted=()) if each.grave)
    assert (found.finding.code, found.place.row, found.should_be) == (
        "lint.one-figure", "Besparelse på forsørgelse", Decimal("-2.5"))


@pytest.mark.parametrize("language", ["da", "en"])
def test_our_pdf_is_read_as_our_page(language: str, tmp_path: Path) -> None:
    document = build_memo(from_signs(last=-1, whole=1, language="da" if language == "da" else "en"))
    (tmp_path / "a.html").write_text(as_html.render(document), encoding="utf-8")
    (tmp_path / "a.pdf").write_bytes(as_pdf.render(document))
    page, pdf = (read_memo(tmp_path / name) for name in ("a.html", "a.pdf"))
    numbered = {table.number: table for table in pdf.tables if table.number}
    compared = 0
    for table in page.tables:
        other = numbered.get(table.number)
        if not table.number or other is None:
            continue
        assert [[cell.value for cell in row.cells] for row in other.rows] == [
            [cell.value for cell in row.cells] for row in table.rows], table.caption
        assert [row.label for row in other.rows] == [row.label for row in table.rows]
        compared += 1
    assert compared > 5
