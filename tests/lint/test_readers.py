"""What the readers must cope with: merged cells, footnote marks, thin spaces, both minus signs, page breaks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.oxml.shared import OxmlElement, qn

from gevinst.lint.check import lint_files, lint_memo, read_memo
from gevinst.lint.model import Table
from tests.lint.making import Look, as_page, as_pdf, as_sheet, as_word, document, transcription

HARD = """# Regnskab

Tabel 1 - Investering og besparelse i 1.000 kr., løbende priser

|= Område | 2020 | < | 2021 | < | I alt | <
|= ^ | Budget | Resultat | Budget | Forventet resultat | Budget | Forventet resultat
| Investering i indsats til borgere med meget komplekse problemstillinger og lang ledighed | 30\u2009790 | \
30\u00a0790^1 | 30.790 | 10.260 | 61.580 | 41.050
| Besparelse på forsørgelse | \u221227\u2009030 | -1.230 | -46.550^2) | \u20131.230 | \u221273.580 | -2.460
| I alt | 3.760 | 29.560 | -15.760 | 9.030 | -12.000 | 38.590

Kilde: KMD Opus
"""
MAKERS: dict[str, Callable[[str, Path], Path]] = {
    "docx": lambda text, path: as_word(transcription(text), path),
    "html": lambda text, path: as_page(transcription(text), path),
    "ruled.pdf": lambda text, path: as_pdf(transcription(text), path, Look("ruled")),
    "booktabs.pdf": lambda text, path: as_pdf(transcription(text), path, Look("booktabs")),
    "centred.pdf": lambda text, path: as_pdf(transcription(text), path, Look("bare", header="center")),
    "left.pdf": lambda text, path: as_pdf(transcription(text), path, Look("bare", header="left")),
}


def figures(table: Table) -> list[list[Decimal | None]]:
    return [[cell.value for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_spaces_minus_signs_and_marks_in_figures(kind: str, tmp_path: Path) -> None:
    text = HARD if kind.endswith("pdf") else HARD.replace("^1 |", "¹ |").replace("^2)", " 2)")
    memo = read_memo(MAKERS[kind](text, tmp_path / f"notat.{kind}"))
    (table,) = memo.tables
    assert figures(table) == [
        [30790, 30790, 30790, 10260, 61580, 41050], [-27030, -1230, -46550, -1230, -73580, -2460],
        [3760, 29560, -15760, 9030, -12000, 38590]]
    assert [column.name for column in table.columns] == [
        "2020 Budget", "2020 Resultat", "2021 Budget", "2021 Forventet resultat", "I alt Budget",
        "I alt Forventet resultat"]
    assert table.rows[0].label.startswith("Investering i indsats til borgere med meget komplekse")
    assert table.rows[0].label.endswith("lang ledighed")
    assert (table.number, table.notes) == ("1", ("Kilde: KMD Opus",))
    assert lint_memo(memo, adopted=()) == []


LONG = "# Liste\n\nTabel 1 - Borgere efter område\n\n|= Område | Mænd | Kvinder | I alt\n" + "\n".join(
    f"| Distrikt {at} | {at} | {2 * at} | {3 * at}" for at in range(1, 61)) + "\n| I alt | 1.830 | 3.660 | 5.490\n"


@pytest.mark.parametrize("style", ["ruled", "booktabs", "bare"])
@pytest.mark.parametrize("repeat", [True, False])
def test_a_table_over_page_breaks_is_one(style: str, repeat: bool, tmp_path: Path) -> None:
    look = Look(style, height="160mm", repeat=repeat)
    memo = read_memo(as_pdf(transcription(LONG), tmp_path / "liste.pdf", look))
    (table,) = memo.tables
    assert len(table.rows) == 61
    assert [column.name for column in table.columns] == ["Mænd", "Kvinder", "I alt"]
    assert memo.places[table.rows[0].where].page == 1
    assert (memo.places[table.rows[-1].where].page or 0) > 2
    assert lint_memo(memo, adopted=()) == []
    wrong = LONG.replace("| Distrikt 40 | 40 |", "| Distrikt 40 | 90 |")
    changed = as_pdf(transcription(wrong), tmp_path / "x.pdf", look)
    (found,) = lint_memo(read_memo(changed), adopted=())
    assert (found.place.row, found.place.column, found.should_be) == ("Distrikt 40", "Mænd", Decimal(40))
    assert (found.place.page or 0) > 1


def test_a_line_with_the_unit_over_a_table_is_not_lost_in_its_header(tmp_path: Path) -> None:
    text = ("# Notat\n\nTabel 1. Investering og besparelse\n\nmio. kr., løbende priser\n\n|= | 2020 | 2021\n"
            "| Investering | 1,0 | 2,0\n| Besparelse | -0,5 | -0,4\n| I alt | 0,5 | 1,6")
    for style in ("ruled", "booktabs", "bare"):
        memo = read_memo(as_pdf(transcription(text), tmp_path / "a.pdf", Look(style)))
        assert lint_memo(memo, adopted=()) == []


def test_deleted_text_of_tracked_changes_is_not_read(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Investeringen er 3,0")
    run = paragraph.add_run(" 4,0 mio. kr.")
    text = run._r.find(qn("w:t"))
    deleted = OxmlElement("w:del")
    run._r.addprevious(deleted)
    deleted.append(run._r)
    text.tag = qn("w:delText")
    mark = paragraph.add_run("1")
    mark.font.superscript = True
    made.save(str(tmp_path / "a.docx"))
    assert [text.text for text in read_memo(tmp_path / "a.docx").texts] == ["Investeringen er 3,0"]


def test_a_table_that_only_arranges_text_is_text(tmp_path: Path) -> None:
    memo = read_memo(as_word(transcription("|= Dato | 26-11-2021\n| Til | Udvalget"), tmp_path / "a.docx"))
    assert memo.tables == ()
    assert [text.text for text in memo.texts] == ["Dato", "26-11-2021", "Til", "Udvalget"]


def test_scripts_and_hidden_parts_of_a_page_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><script>Tabel 1 - x</script><p style='display: none'>Tabel 1 - y</p>"
                                     "<p>Tabel 1 - z<sup>2</sup></p>løs tekst</body></html>", encoding="cp1252")
    memo = read_memo(tmp_path / "a.html")
    assert [text.text for text in memo.texts] == ["Tabel 1 - z", "løs tekst"]


def test_annex_and_memo_are_held_against_each_other(tmp_path: Path) -> None:
    annex = as_word(transcription(document("000")), tmp_path / "bilag.docx")
    memo = as_sheet(transcription(document("002")), tmp_path / "notat.xlsx")
    first, second = lint_files([annex, memo], adopted=())
    assert not any("relabelled" in each.finding.code for each in first.found)
    relabelled = [each for each in second.found if each.finding.code == "footing.price-level-relabelled"]
    assert [each.place.table for each in relabelled] == ["3", "4", "5", "5", "6"]
    (differing,) = (each for each in second.found if each.finding.code == "footing.figures-differ")
    assert (differing.finding.values["other"], differing.place.table) == ("1,362", "6")  # the sign that the annex lost
    assert str(differing.finding.values["place"]).startswith("bilag.docx, tabel (5)")
