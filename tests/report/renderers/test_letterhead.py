"""The municipality's own paper: kept as it is, filled where it says so, and refused when it is not to be trusted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.report import as_word
from gevinst.report.letterhead import LARGEST
from gevinst.report.tree import Bullets, Document, Heading, Paragraph
from gevinst.report.word_letters import letters_of, typeface

SETTINGS = "word/settings.xml"


def saved(doc: Any) -> bytes:
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def rewritten(data: bytes, change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The package with each part changed, or left out where `change` gives nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in more.items():
            new.writestr(name, part)
    return out.getvalue()


def paper(*lines: str) -> Any:
    """Brevpapir: narrow margins, a header, a footer, and the given paragraphs."""
    doc = docx.Document()
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(5)
    section.header.paragraphs[0].text = "NORDBY KOMMUNE"
    section.footer.paragraphs[0].add_run("Sag {{jour")
    section.footer.paragraphs[0].add_run("nalnr}}, side")
    for line in lines:
        doc.add_paragraph(line)
    return doc


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


@pytest.fixture
def short(danish: Document) -> Document:
    return replace(danish, blocks=(Paragraph("Første afsnit."), Heading("Afsnit", 2), Bullets(("punkt",)),
                                   danish.tables()[0], *danish.figures()))


def test_content_stands_where_the_paper_says(short: Document) -> None:
    doc = paper("Før", "xx", "Efter")
    mark = doc.paragraphs[1]
    mark.clear()
    for piece in ("{{ind", "hold", "}}"):
        mark.add_run(piece)
    made = opened(as_word.render(short, saved(doc)))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts[0] == "Før"
    assert texts[-1] == "Efter"
    assert "Første afsnit." in texts
    assert not [text for text in texts if "{{" in text or "indhold" in text]
    assert made.sections[0].header.paragraphs[0].text == "NORDBY KOMMUNE"
    assert made.sections[0].footer.paragraphs[0].text == "Sag 19/20405, side"


def test_without_a_mark_the_content_stands_last(short: Document) -> None:
    texts = [paragraph.text for paragraph in opened(as_word.render(short, saved(paper("Afsender")))).paragraphs]
    assert texts[0] == "Afsender"
    assert "Afsnit" in texts[1:]


def test_fields_are_filled_and_not_said_twice(short: Document) -> None:
    made = opened(as_word.render(short, saved(paper("{{titel}}", "Den {{dato}}, att. {{reference}} {{ukendt}}"))))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts[:2] == [short.title, "Den 26-11-2021, att. Eva Ørum {{ukendt}}"]
    assert texts.count(short.title) == 1
    assert not [text for text in texts if text.startswith(("Dato:", "Reference:", "Journalnr.:"))]


def test_without_fields_the_memo_head_is_written(short: Document) -> None:
    plain = docx.Document()
    plain.add_paragraph("{{indhold}}")
    texts = [paragraph.text for paragraph in opened(as_word.render(short, saved(plain))).paragraphs]
    assert texts[:5] == ["Notat", "Dato:\t26-11-2021", "Reference:\tEva Ørum", "Journalnr.:\t19/20405", short.title]


def test_a_field_value_is_not_a_template(short: Document) -> None:
    tricky = replace(short, title="{{dato}} {% x %} {{titel}}", head=(("Dato", "{{titel}}"),))
    made = opened(as_word.render(tricky, saved(paper("{{dato}}", "{{indhold}}"))))
    assert made.paragraphs[0].text == "{{titel}}"
    assert "{{dato}} {% x %} {{titel}}" in [paragraph.text for paragraph in made.paragraphs]


def test_the_papers_own_styles_stay_and_missing_ones_are_lent(short: Document) -> None:
    doc = paper("{{indhold}}")
    for name in ("Caption", "List Bullet", "List Number", "Heading 3"):
        element = doc.styles[name].element
        element.getparent().remove(element)
    doc.styles["Heading 2"].font.size = docx.shared.Pt(31)
    doc.styles["Normal"].font.name = "Georgia"
    made = opened(as_word.render(short, saved(doc)))
    used = {paragraph.style.name for paragraph in made.paragraphs}
    assert {"Heading 1", "Heading 2", "List Bullet", "Caption", "Notat note"} <= used
    assert made.styles["Heading 2"].font.size == docx.shared.Pt(31)
    assert made.styles["Normal"].font.name == "Georgia"
    assert made.styles["Notat note"].font.name is None, "the paper's own letters"
    for name in ("Notat celle", "Notat tal", "Notat kolonnehoved"):
        assert made.styles[name].font.name is None
        assert typeface(made, name) == "Georgia", "tables too"
    ids = [style.style_id for style in made.styles]
    assert len(ids) == len(set(ids))


def test_columns_are_measured_in_the_papers_own_letters(short: Document) -> None:
    def columns(face: str) -> list[int]:
        doc = paper("{{indhold}}")
        doc.styles["Normal"].font.name = face
        table = opened(as_word.render(short, saved(doc))).tables[0]
        return [int(column.get(qn("w:w"))) for column in table._tbl.iter(qn("w:gridCol"))]

    assert columns("Arial") != columns("Times New Roman")
    assert columns("Et skriftsnit, ingen kender") == columns("Verdana"), "the widest"


def test_the_typeface_of_a_style_is_its_own_its_bases_the_documents_or_the_themes() -> None:
    doc = paper()
    assert typeface(doc, "Normal") == "Cambria", "the theme's, named by the document's defaults"
    assert typeface(doc, "Heading 1") == "Calibri", "the theme's for headings"
    doc.styles["Normal"].font.name = "Georgia"
    assert typeface(doc, "List Bullet") == "Georgia"
    doc.styles["List Bullet"].font.name = "Tahoma"
    assert typeface(doc, "List Bullet") == "Tahoma"


def test_a_theme_that_cannot_be_read_says_no_typeface(short: Document) -> None:
    torn = rewritten(saved(paper("{{indhold}}")), lambda name, part: part[:300] if "theme1" in name else part)
    assert typeface(opened(torn), "Normal") == ""
    assert "Første afsnit." in [paragraph.text for paragraph in opened(as_word.render(short, torn)).paragraphs]
    bare = paper()
    defaults = bare.styles.element.find(qn("w:docDefaults"))
    defaults.getparent().remove(defaults)
    assert typeface(bare, "Normal") == ""


@pytest.mark.parametrize(("word", "thousandths"), [("Grundlag", 4168), ("Sammenlignet", 6111), ("Forventet", 4165)])
def test_a_header_in_bold_times_does_not_break_inside_a_word(word: str, thousandths: int) -> None:
    # Widths by Times-Bold's own table: G 778, r e 444, t 333, u n d S 556, l i 278, a g o v 500, F 611, m 833.
    times = letters_of(_in("Times New Roman"), "Normal")
    assert thousandths / 1000 <= times.ems(word, bold=True) < 1.2 * thousandths / 1000
    assert times.ems("−10,394") >= (0.564 + 5 * 0.5 + 0.25), "minus, five digits and a comma"


def _in(face: str) -> Any:
    doc = paper()
    doc.styles["Normal"].font.name = face
    return doc


def test_danish_style_ids(short: Document) -> None:
    doc = paper("{{indhold}}")
    for name, danish_id in (("Heading 1", "Overskrift1"), ("Heading 2", "Overskrift2"), ("Caption", "Billedtekst"),
                            ("List Bullet", "Opstilling-punkttegn")):
        doc.styles[name].element.set(qn("w:styleId"), danish_id)
    made = opened(as_word.render(short, saved(doc)))
    ids = {paragraph._p.pPr.pStyle.val for paragraph in made.paragraphs if paragraph._p.pPr is not None
           and paragraph._p.pPr.pStyle is not None}
    assert {"Overskrift1", "Overskrift2", "Billedtekst", "Opstilling-punkttegn"} <= ids


def test_a_template_file_becomes_a_document(short: Document) -> None:
    template = rewritten(saved(paper("{{indhold}}")), lambda name, part: part.replace(
        b"wordprocessingml.document.main+xml", b"wordprocessingml.template.main+xml"))
    with pytest.raises(ValueError, match="not a Word file"):
        opened(template)
    assert "Første afsnit." in [paragraph.text for paragraph in opened(as_word.render(short, template)).paragraphs]


def test_the_template_a_paper_was_made_from_is_forgotten(short: Document) -> None:
    link = (f'<w:attachedTemplate {nsdecls("w", "r")} r:id="rId1"/>').encode()
    rels = (b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" TargetMode="External" Target="file:///evil/normal.dotm" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
            b'</Relationships>')

    def attach(name: str, part: bytes) -> bytes:
        return part.replace(b"<w:compat>", link + b"<w:compat>") if name == SETTINGS else part

    attached = rewritten(saved(paper("{{indhold}}")), attach, **{"word/_rels/settings.xml.rels": rels})
    with zipfile.ZipFile(io.BytesIO(as_word.render(short, attached))) as package:
        assert not [name for name in package.namelist() if b"evil" in package.read(name)]
        assert b"attachedTemplate" not in package.read(SETTINGS)


def test_pictures_and_tables_fit_the_papers_text_width(short: Document) -> None:
    made = opened(as_word.render(short, saved(paper("{{indhold}}"))))
    for shape in made.inline_shapes:
        assert Cm(12) < shape.width <= Cm(13)
    grid = [int(column.get(qn("w:w"))) for column in made.element.body.iter(qn("w:gridCol"))]
    assert sum(grid[:5]) == pytest.approx(13 / 2.54 * 1440, abs=20)


def test_content_in_a_table_cell_fits_the_cell(short: Document) -> None:
    doc = paper()
    table = doc.add_table(1, 2)
    table.autofit = False
    table.rows[0].cells[0].width, table.rows[0].cells[1].width = Cm(3), Cm(10)
    table.rows[0].cells[1].paragraphs[0].text = "{{indhold}}"
    tables_last = replace(short, blocks=(*short.blocks, replace(short.tables()[0], source="", note="")))
    made = opened(as_word.render(tables_last, saved(doc)))
    cell = made.tables[0].rows[0].cells[1]
    assert "Første afsnit." in [paragraph.text for paragraph in cell.paragraphs]
    assert cell._tc[-1].tag == qn("w:p"), "Word demands a paragraph last in a cell"
    assert all(shape.width < Cm(10) for shape in made.inline_shapes)


def test_content_in_a_section_of_its_own_keeps_the_section(short: Document) -> None:
    doc = paper("Forside")
    doc.add_section()
    doc.paragraphs[-1].insert_paragraph_before("{{indhold}}")
    made = opened(as_word.render(short, saved(doc)))
    assert len(made.sections) == 2
    assert "Første afsnit." in [paragraph.text for paragraph in made.paragraphs]


def test_a_mark_in_a_text_box_is_no_place_for_a_memo(short: Document) -> None:
    doc = paper("xx", "{{indhold}}", "Efter")
    box = parse_xml(f'<w:txbxContent {nsdecls("w")}><w:p><w:r><w:t>{{{{indhold}}}}</w:t></w:r></w:p></w:txbxContent>')
    doc.paragraphs[0]._p.append(box)
    made = opened(as_word.render(short, saved(doc)))
    assert [paragraph.text for paragraph in made.paragraphs][-1] == "Efter"


def test_a_paper_without_lists_gets_them(short: Document) -> None:
    def without(name: str, part: bytes) -> bytes | None:
        if name == "word/numbering.xml":
            return None
        if name == "[Content_Types].xml":
            return part.replace(b'<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-'
                                b'officedocument.wordprocessingml.numbering+xml"/>', b"")
        if name == "word/_rels/document.xml.rels":
            kept = [piece for piece in part.split(b"<Relationship ") if b"numbering.xml" not in piece]
            return b"<Relationship ".join(kept)
        return part

    made = opened(as_word.render(short, rewritten(saved(paper("{{indhold}}")), without)))
    item = next(paragraph for paragraph in made.paragraphs if paragraph.text == "punkt")
    number = item._p.pPr.numPr.numId.val
    assert number in [each.numId for each in made.part.numbering_part.element.num_lst]


def test_the_same_memo_on_the_same_paper_gives_the_same_bytes(short: Document) -> None:
    data = saved(paper("{{indhold}}"))
    assert as_word.render(short, data) == as_word.render(short, data)


def a_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def broken_xml(name: str, part: bytes) -> bytes:
    return part[: len(part) // 2] if name == "word/document.xml" else part


def macro_type(name: str, part: bytes) -> bytes:
    return part.replace(b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                        b"application/vnd.ms-word.document.macroEnabled.main+xml") if "Types" in name else part


def good() -> bytes:
    return saved(paper("{{indhold}}"))


def unchanged(_name: str, part: bytes) -> bytes:
    return part


def spoilt() -> bytes:
    data = bytearray(good())
    data[len(data) // 3 : len(data) // 3 + 400] = b"\x00" * 400
    return bytes(data)


BAD_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("not-word", lambda: b""),
    "text": ("not-word", lambda: b"Kommunens brevpapir"),
    "pdf": ("pdf", lambda: b"%PDF-1.7 ..."),
    "doc": ("old-word", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    "xlsx": ("not-word", a_workbook),
    "macros": ("macros", lambda: rewritten(good(), unchanged, **{"word/vbaProject.bin": b"x"})),
    "docm": ("macros", lambda: rewritten(good(), macro_type)),
    "cut": ("damaged", lambda: good()[:9000]),
    "spoilt": ("damaged", spoilt),
    "broken-xml": ("damaged", lambda: rewritten(good(), broken_xml)),
    "bomb": ("too-large", lambda: rewritten(good(), unchanged, **{"word/media/0.bin": b"\x00" * (LARGEST + 1)})),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_letterhead_is_refused(kind: str, short: Document) -> None:
    code, make = BAD_FILES[kind]
    with pytest.raises(GevinstError) as refused:
        as_word.render(short, make())
    assert refused.value.code == f"report.letterhead-{code}"
    for language in ("da", "en"):
        with speaking(language):
            assert len(str(refused.value)) > 60
