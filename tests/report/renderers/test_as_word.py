"""The Word file: real styles and headers, pictures with their text, valid element order, the same figures."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from gevinst.report import as_word, layout
from gevinst.report.tree import Bullets, Cell, Column, Document, PageBreak, Paragraph, Row, Table, text_cell

# The order the schema (ECMA-376, part 1, 17) gives the children we write; Word refuses files that break it.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
           "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
           "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc "
           "textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
           "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs "
           "em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
             "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
             "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
}


@pytest.fixture(scope="module")
def data(danish: Document) -> bytes:
    return as_word.render(danish)


@pytest.fixture(scope="module")
def doc(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def local(element: Any) -> str:
    name: str = element.tag.rpartition("}")[2]
    return name


def texts(row: Any) -> list[str]:
    return ["".join(piece.text or "" for piece in cell.iter(qn("w:t"))) for cell in row.findall(qn("w:tc"))]


def test_same_rows_in_the_same_order(
    doc: Any, danish: Document, printed_rows: Callable[[Document], list[list[str]]]
) -> None:
    rows = [texts(row) for row in doc.element.body.iter(qn("w:tr")) if row.find(f".//{qn('w:tblHeader')}") is None]
    assert rows == printed_rows(danish)


def test_elements_stand_in_the_order_word_demands(data: bytes) -> None:
    checked = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footer1.xml"):
            for element in docx.oxml.parse_xml(package.read(name)).iter():
                if isinstance(element.tag, str) and local(element) in ORDER:
                    order = ORDER[local(element)].split()
                    places = [order.index(local(child)) for child in element]
                    assert places == sorted(places), (name, local(element), [local(child) for child in element])
                    checked += 1
    assert checked > 1000


def test_headings_lists_and_captions_are_styles(doc: Any) -> None:
    named: dict[str, list[str]] = {}
    for paragraph in doc.paragraphs:
        named.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert named["Heading 1"] == ["Kvartalsvis opfølgning på investeringer"]
    assert named["Heading 2"] == ["Metodeovervejelser", "Økonomi", "Under igen", "Til sidst", "Tal bag figurerne"]
    assert named["Heading 3"] == ["Under"]
    assert len(named["List Bullet"]) == 3
    assert named["List Number"] == ["Først dette", "Så dette", "Forfra"]
    assert named["Caption"][0] == "Tabel 1. Samlet oversigt over investering og besparelse"
    assert named["Caption"][3] == "Figur 1. Deltagere og sammenligning"
    assert len(named["Caption"]) == 8
    assert named["Notat advarsel"] == ["Skønnet hviler på få deltagere."]
    assert "Note: − betyder indtægt eller mindreforbrug." in named["Notat note"]


def test_tables_repeat_their_header_and_keep_rows_whole(doc: Any) -> None:
    for table in doc.element.body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        assert heads[0]
        assert heads == sorted(heads, reverse=True)
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        properties = table.find(qn("w:tblPr"))
        assert properties.find(qn("w:tblCaption")).get(qn("w:val")).startswith(("Tabel ", "Tal bag figur"))
        assert properties.find(qn("w:tblStyle")).get(qn("w:val")) == "Notattabel"


def test_rows_stay_with_the_row_below_and_the_last_with_its_note(doc: Any, danish: Document) -> None:
    shown = [*danish.tables(), *(figure.data for figure in danish.figures() if figure.data)]
    for made, table in zip(doc.element.body.findall(qn("w:tbl")), shown, strict=True):
        rows = [row for row in made.findall(qn("w:tr")) if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None]
        kept = [{paragraph.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for paragraph in row.iter(qn("w:p"))}
                for row in rows]
        assert kept == [{stays} for stays in (*layout.stays(table)[:-1], bool(table.note or table.source))]
    assert any(not all(layout.stays(table)[:-1]) for table in shown), "a long one among them"


def test_two_header_rows_where_columns_have_groups(doc: Any) -> None:
    table = doc.element.body.findall(qn("w:tbl"))[1]
    top, bottom = table.findall(qn("w:tr"))[:2]
    assert bottom.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    spans = [cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for cell in top.findall(qn("w:tc"))]
    assert [None if span is None else span.get(qn("w:val")) for span in spans] == [None, "2", "2"]
    assert texts(bottom) == ["", "Budget", "Forventet resultat", "Budget", "Forventet resultat"]
    merges = [row.find(f".//{qn('w:vMerge')}").get(qn("w:val")) for row in (top, bottom)]
    assert merges == ["restart", "continue"]


def test_what_a_paragraph_announces_stands_on_its_page(danish: Document) -> None:
    blocks = (Paragraph("Om data:"), Bullets(("et",)), Paragraph("Slut."))
    made = docx.Document(io.BytesIO(as_word.render(replace(danish, blocks=blocks))))
    kept = {paragraph.text: paragraph.paragraph_format.keep_with_next for paragraph in made.paragraphs}
    assert kept["Om data:"] is True
    assert kept["Slut."] is None


def test_a_span_of_years_in_a_header_stays_on_its_line(danish: Document) -> None:
    columns = (Column("Post", numeric=False), *[Column(str(year)) for year in range(2016, 2024)],
               Column("I alt 2020\N{EN DASH}2023"))
    row = Row((text_cell("Besparelse på forsørgelse til alle, der er med i indsatsen"), *[Cell("−10,394")] * 9))
    table = Table("t", "Poster", columns, (row,))
    made = docx.Document(io.BytesIO(as_word.render(replace(danish, blocks=(table,)))))
    assert made.tables[0].rows[0].cells[-1].text == "I alt\n2020\N{EN DASH}2023"
    wide = replace(table, columns=(columns[0], columns[-1]), rows=(Row((text_cell("Post"), Cell("1"))),))
    made = docx.Document(io.BytesIO(as_word.render(replace(danish, blocks=(wide,)))))
    assert made.tables[0].rows[0].cells[-1].text == "I alt 2020\N{EN DASH}2023"


def test_columns_fill_the_text_width(doc: Any) -> None:
    section = doc.sections[0]
    width = (section.page_width - section.left_margin - section.right_margin) / 635
    for table in doc.element.body.iter(qn("w:tbl")):
        grid = [int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))]
        assert sum(grid) == pytest.approx(width, abs=20)
        for row in table.findall(qn("w:tr")):
            cells = [int(cell.get(qn("w:w"))) for cell in row.iter(qn("w:tcW"))]
            assert sum(cells) == sum(grid)


def test_no_cell_is_smaller_than_eight_points(doc: Any) -> None:
    sizes = [int(size.get(qn("w:val"))) / 2 for table in doc.element.body.iter(qn("w:tbl"))
             for size in table.iter(qn("w:sz")) if size.getparent().tag == qn("w:rPr")]
    assert len(sizes) > 200
    assert min(sizes) >= 8


def test_numbers_stand_to_the_right(doc: Any) -> None:
    first = doc.tables[0]
    assert [cell.paragraphs[0].style.name for cell in first.rows[1].cells] == ["Notat celle", *["Notat tal"] * 4]
    assert doc.styles["Notat tal"].paragraph_format.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT


def test_pictures_have_text_and_print_at_220_dpi(doc: Any, danish: Document) -> None:
    shapes = list(doc.inline_shapes)
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [figure.alt for figure in danish.figures()]
    assert all(shape._inline.docPr.get("title") is None for shape in shapes)
    names = [shape._inline.docPr.get("id") for shape in shapes]
    assert len(names) == len(set(names))
    section = doc.sections[0]
    for shape in shapes:
        assert shape.width <= section.page_width - section.left_margin - section.right_margin
        part = doc.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
        pixels = struct.unpack(">I", part.blob[16:20])[0]
        assert pixels / (shape.width / 914400) >= 219


def test_numbered_lists_begin_at_one(doc: Any) -> None:
    numbers = [paragraph._p.pPr.numPr.numId.val for paragraph in doc.paragraphs
               if paragraph.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]
    numbering = doc.part.numbering_part.element
    for number in {numbers[0], numbers[2]}:
        made = next(each for each in numbering.num_lst if each.numId == number)
        assert made.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")) == "1"


def test_language_properties_and_page_numbers(doc: Any, danish: Document) -> None:
    languages = {each.get(qn("w:val")) for each in doc.styles.element.iter(qn("w:lang"))}
    assert languages == {"da-DK"}
    core = doc.core_properties
    assert (core.title, core.author, core.subject, core.language, core.keywords) == (
        danish.title, "Eksempel Kommune", "Opfølgning", "da-DK", "investering")
    assert str(core.created) == str(core.modified) == "2021-11-26 11:00:00+00:00"
    footer = doc.sections[0].footer.paragraphs[0]
    assert footer.text == "Eksempel Kommune · 19/20405\tSide 1 af 1"
    assert [each.text.strip() for each in footer._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_a_page_break_is_a_property_of_what_follows(doc: Any, danish: Document) -> None:
    broken = [paragraph.text for paragraph in doc.paragraphs if paragraph.paragraph_format.page_break_before]
    assert broken == ["Økonomi"]
    made = docx.Document(io.BytesIO(as_word.render(replace(
        danish, blocks=(PageBreak(), Bullets(("punkt",)), PageBreak(), danish.tables()[0])))))
    broken = [paragraph.text for paragraph in made.paragraphs if paragraph.paragraph_format.page_break_before]
    assert broken == ["punkt", "Tabel 1. Samlet oversigt over investering og besparelse"]


def test_words_stay_words(doc: Any, hostile: str, injection: str) -> None:
    paragraphs = [paragraph.text for paragraph in doc.paragraphs]
    assert hostile in paragraphs
    assert injection in paragraphs


def test_text_that_xml_cannot_hold(danish: Document) -> None:
    made = as_word.render(replace(danish, blocks=(Paragraph("før\x00\x0b\ud83defter\nny linje"),)))
    assert "førefter ny linje" in [paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs]


def test_the_same_memo_gives_the_same_bytes(data: bytes, danish: Document) -> None:
    assert as_word.render(danish) == data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"


def test_english(english: Document) -> None:
    doc = docx.Document(io.BytesIO(as_word.render(english)))
    assert {each.get(qn("w:val")) for each in doc.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert doc.sections[0].footer.paragraphs[0].text.endswith("Page 1 of 1")
    assert doc.tables[0].rows[1].cells[1].text == "4.834"
    assert "Table 1. Investment and saving in total" in [paragraph.text for paragraph in doc.paragraphs]
