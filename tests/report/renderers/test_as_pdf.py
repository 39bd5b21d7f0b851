"""The PDF: tagged as PDF/UA-1 and PDF/A-2a ask, by its structure; the same figures; inert to its readers' words.

This is a check of the structure, not a validation: there is no PDF/UA validator among the libraries.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, NameTree

from gevinst.report import as_pdf, lettering
from gevinst.report.tree import Bullets, Cell, Column, Document, Heading, Paragraph, Row, Table

PAINTING = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh", "BI"}


@pytest.fixture(scope="module")
def data(danish: Document) -> bytes:
    return as_pdf.render(danish)


@pytest.fixture(scope="module")
def pdf(data: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(data)) as opened:
        yield opened


def children(element: Any) -> list[Any]:
    below = element.get("/K")
    all_below = list(below) if isinstance(below, Array) else [] if below is None else [below]
    return [child for child in all_below if isinstance(child, Dictionary)]


def elements(element: Any, *kinds: str) -> Iterator[Any]:
    if str(element.get("/S")) in kinds:
        yield element
    for child in children(element):
        yield from elements(child, *kinds)


def attribute(element: Any, name: str) -> Any:
    owners = element.get("/A", [])
    for owner in owners if isinstance(owners, Array) else [owners]:
        if name in owner:
            return owner[name]
    return None


def words(data: bytes) -> str:
    made = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return made.stdout.decode("utf-8")


def test_the_file_is_whole_and_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    assert not pdf.check_pdf_syntax()
    root = pdf.Root
    assert root.MarkInfo.Marked
    assert str(root.Lang) == "da-DK"
    assert root.ViewerPreferences.DisplayDocTitle
    assert "/ParentTree" in root.StructTreeRoot
    assert "/Outlines" in root
    assert "/OutputIntents" in root
    assert "/ID" in pdf.trailer
    with pdf.open_metadata() as meta:
        assert meta["dc:title"] == "Kvartalsvis opfølgning på investeringer"
        assert meta["pdfuaid:part"] == "1"
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["dc:creator"] == ["Eksempel Kommune"]
        assert meta["xmp:CreateDate"].startswith("2021-11-26")


def test_all_that_is_painted_is_tagged_or_declared_an_artifact(pdf: pikepdf.Pdf) -> None:
    painted = 0
    for page in pdf.pages:
        assert page.get("/Tabs") == Name.S
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                depth += 1
            elif operator == "EMC":
                depth -= 1
            elif operator in PAINTING:
                painted += 1
                assert depth > 0, f"{operator} outside any tag"
        assert depth == 0
    assert painted > 500


def test_headings_follow_each_other(pdf: pikepdf.Pdf) -> None:
    levels = [int(str(each.S)[2:]) for each in elements(pdf.Root.StructTreeRoot, "/H1", "/H2", "/H3", "/H4")]
    assert levels == [1, 2, 3, 2, 2, 2, 2], "the last is the appendix of the figures' numbers"


def test_every_figure_has_its_text(pdf: pikepdf.Pdf, danish: Document) -> None:
    found = [str(each.Alt) for each in elements(pdf.Root.StructTreeRoot, "/Figure")]
    assert found == [lettering.printable(figure.alt) for figure in danish.figures()]


def test_a_table_over_pages_is_one_table_with_one_header(pdf: pikepdf.Pdf, danish: Document) -> None:
    tables = list(elements(pdf.Root.StructTreeRoot, "/Table"))
    shown = [*danish.tables(), *(figure.data for figure in danish.figures() if figure.data)]
    assert [len(list(elements(body, "/TR"))) for table in tables for body in elements(table, "/TBody")] == [
        len(table.rows) for table in shown]
    assert all(len(list(elements(table, "/THead"))) == 1 for table in tables)
    months = tables[4]
    pages = {each.Pg.objgen for each in elements(months, "/TD") if "/Pg" in each}
    assert len(pages) > 1


def test_cells_know_their_row_and_column_headers(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root.StructTreeRoot
    by_id = NameTree(root.IDTree)
    for table in elements(root, "/Table"):
        for head in elements(table, "/THead"):
            assert {str(attribute(each, "/Scope")) for each in elements(head, "/TH")} == {"/Column"}
            assert not list(elements(head, "/TD"))
        for body in elements(table, "/TBody"):
            for row in elements(body, "/TR"):
                first, *others = children(row)
                assert first.S == Name.TH
                assert attribute(first, "/Scope") == Name.Row
                assert by_id[str(first.ID)].objgen == first.objgen != (0, 0)
                for cell in others:
                    headers = [str(each) for each in attribute(cell, "/Headers")]
                    assert headers[-1] == str(first.ID)
                    assert len(headers) >= 2
                    assert all(name in by_id for name in headers)


def test_group_headers_span_and_are_heard_with_their_columns(pdf: pikepdf.Pdf) -> None:
    grouped = list(elements(pdf.Root.StructTreeRoot, "/Table"))[1]
    top, bottom = elements(next(elements(grouped, "/THead")), "/TR")
    assert [int(attribute(each, "/ColSpan") or 1) for each in children(top)] == [1, 2, 2]
    assert int(attribute(children(top)[0], "/RowSpan")) == 2
    first_number = children(next(elements(next(elements(grouped, "/TBody")), "/TR")))[1]
    headers = [str(each) for each in attribute(first_number, "/Headers")]
    assert headers[:2] == [str(children(top)[1].ID), str(children(bottom)[0].ID)]


def test_the_header_of_a_section_is_heard_with_its_rows(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root.StructTreeRoot
    by_id = NameTree(root.IDTree)
    rows = list(elements(list(elements(root, "/Table"))[4], "/TR"))[1:]
    heard = ""
    for row in rows:
        first, *others = children(row)
        if not others:
            assert not list(attribute(first, "/Headers") or [])
            heard = str(first.ID)
        for cell in others:
            headers = [str(each) for each in attribute(cell, "/Headers")]
            assert [by_id[name].objgen for name in headers[1:]] == [by_id[heard].objgen, first.objgen]
    assert heard


def test_the_note_of_a_long_table_is_read_after_it_and_stands_on_its_last_page(danish: Document) -> None:
    rows = tuple(Row((Cell(f"række {at}"), Cell("1"))) for at in range(18))
    table = Table("t", "Poster", (Column("Post", numeric=False), Column("Antal")), rows, note="Tallene er runde.",
                  source="Regnskabet")
    for above in range(20, 34):
        made = as_pdf.render(replace(danish, blocks=(*(Paragraph(f"linje {at}") for at in range(above)), table)))
        pages = [page for page in words(made).split("\f") if "række 17" in page]
        assert "Kilde: Regnskabet" in pages[0]
        assert "Note: Tallene er runde." in pages[0]
    with pikepdf.open(io.BytesIO(made)) as pdf:
        (found,) = elements(pdf.Root.StructTreeRoot, "/Table")
        assert len(list(elements(found, "/TR"))) == 19
        beside = children(found.P)
        at = next(at for at, one in enumerate(beside) if one.objgen == found.objgen)
        assert [str(one.S) for one in beside[at + 1 : at + 3]] == ["/P", "/P"]
        assert all(one.P.objgen == found.P.objgen for one in beside)


def test_what_a_paragraph_announces_stands_on_its_page(danish: Document) -> None:
    for above in range(30, 42):
        lines = tuple(Paragraph(f"linje {at}") for at in range(above))
        made = as_pdf.render(replace(danish, blocks=(*lines, Paragraph("Om data:"), Bullets(("et punkt",) * 4))))
        (page,) = (page for page in words(made).split("\f") if "Om data:" in page)
        assert "et punkt" in page


@pytest.mark.parametrize("above", range(17, 35))
def test_a_sum_keeps_two_rows_before_it_and_a_section_one_below_it(above: int, danish: Document) -> None:
    rows = [Row((Cell(f"række {at}"), Cell("1"))) for at in range(18)]
    rows[9] = Row((Cell("afsnit"),), "section")
    rows[17] = Row((Cell("summen"), Cell("17")), "total")
    table = Table("t", "Poster", (Column("Post", numeric=False), Column("Antal")), tuple(rows))
    made = as_pdf.render(replace(danish, blocks=(*(Paragraph(f"linje {at}") for at in range(above)), table)))
    first, *later = words(made).split("\f")
    ends = [line.split()[0] for line in first.splitlines() if line.split()[:1] in (["række"], ["afsnit"], ["summen"])]
    assert ends[-1:] != ["afsnit"]
    on_next = [line for line in later[0].splitlines() if re.match(r" *(række|summen)", line)]
    assert len(on_next) == 0 or len(on_next) >= 3


def test_letters_are_in_the_file(pdf: pikepdf.Pdf) -> None:
    fonts = [each for each in pdf.objects if isinstance(each, Dictionary) and each.get("/Type") == Name.FontDescriptor]
    assert fonts
    for font in fonts:
        assert "IBMPlexSans" in str(font.FontName)
        assert any(key in font for key in ("/FontFile2", "/FontFile3"))


def test_same_rows_in_the_same_order(
    data: bytes, danish: Document, printed_rows: Callable[[Document], list[list[str]]]
) -> None:
    text, at = words(data), 0
    for row in printed_rows(danish):
        figures = [lettering.printable(cell) for cell in row[1:] if cell] or [row[0]]
        found = re.compile(r"\s+".join(map(re.escape, figures))).search(text, at)
        assert found, f"{row} is not printed after the rows before it"
        at = found.end()


def test_words_never_become_markup(data: bytes, hostile: str, injection: str) -> None:
    text = " ".join(words(data).split())
    assert " ".join(hostile.split()) in text
    assert injection in text
    assert "Tabel 1. Samlet oversigt" in text
    assert "Note: − betyder indtægt" in text
    assert "Kilde: Budgetaftale" in text
    assert re.search(r"Side 1 af \d", text)


def test_no_letter_of_a_users_can_stop_the_memo(danish: Document) -> None:
    odd = "Emoji \U0001f600, tegn \x00\x07, \u4e2d, \ue000, halv \ud83d, smal\u202fplads, streg\u2011et"
    text = words(as_pdf.render(replace(danish, blocks=(Paragraph(odd),), title=f"Titel {odd}")))
    assert "Emoji ?, tegn , ?, ?, halv , smal plads, streg-et" in text.replace("\xa0", " ")


def test_every_covered_letter_can_be_printed(danish: Document) -> None:
    letters = "".join(sorted(lettering._covered() - set("\xad")))
    assert len(letters) > 800
    assert lettering.printable("æøåÆØÅ−–»«≥≤→€§½²") == "æøåÆØÅ−–»«≥≤→€§½²"
    made = as_pdf.render(replace(danish, title=letters, blocks=(Paragraph(letters),)))
    assert made.startswith(b"%PDF-1.7")


def test_the_same_memo_gives_the_same_bytes(data: bytes, danish: Document) -> None:
    assert as_pdf.render(danish) == data
    assert as_pdf.render(replace(danish, created="")) == as_pdf.render(replace(danish, created=""))


def test_english(english: Document) -> None:
    made = as_pdf.render(english)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
    text = words(made)
    assert "Table 1. Investment and saving in total" in text
    assert "4.834" in text
    assert "Source: Budgetaftale" in text
    assert "The numbers behind the figures" in text
    assert re.search(r"Page 1 of \d", text)


def test_a_title_in_the_blocks_is_printed_once(danish: Document) -> None:
    blocks = (Heading("Titlen står her", 1), Paragraph("tekst"))
    assert words(as_pdf.render(replace(danish, blocks=blocks))).count("Titlen står her") == 1
