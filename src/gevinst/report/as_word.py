"""The memo as a Word file: real headings, lists, captions and tables, in our look or on the user's letterhead."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.text.paragraph import Paragraph as WordParagraph

from gevinst.language import say, speaking
from gevinst.report import layout, word_styles
from gevinst.report.charts import render as drawing
from gevinst.report.letterhead import CONTENT_MARK, content_paragraph, field_of, fill_fields, open_letterhead
from gevinst.report.lettering import cleaned
from gevinst.report.tree import Block, Bullets, Document, Figure, Heading, PageBreak, Paragraph, Table
from gevinst.report.word_letters import letters_of
from gevinst.report.word_mark import mark_headers
from gevinst.report.word_table import TableMaker
from gevinst.report.word_xml import Lists, add_field, element, replace_in_runs, set_language, text_run

_DPI = 220
_EMU_PER_POINT = 12700
_TWIPS_PER_POINT = 20
_FULL_WIDTH_PIXELS = 640.0  # a chart this wide fills the text width
_ROLES = {"body": word_styles.BODY, "lead": word_styles.LEAD, "warning": word_styles.WARNING,
          "small": word_styles.SMALL}


def render(document: Document, letterhead: bytes | None = None) -> bytes:
    """The document as .docx bytes, the same every time.

    With a `letterhead` (.docx or .dotx) the memo is written where it says `{{indhold}}`, else at its end; its
    header, footer and styles are kept, and styles it lacks are added. Raises `report.letterhead-*` for a file
    that cannot be used.
    """
    document = cleaned(document)
    doc = word_styles.own_template() if letterhead is None else open_letterhead(letterhead)
    with speaking(document.language):
        title, blocks = layout.title_and_blocks(document)
        if letterhead is None:
            said: frozenset[str] = frozenset()
            _footer(doc, document)
        else:
            word_styles.lend_styles(doc)
            said = fill_fields(doc, document, title)
        mark_headers(doc, document.mark)
        set_language(doc, "da-DK" if document.language == "da" else "en-GB")
        writer = _Writer(doc)
        writer.head(document, said, sender=letterhead is None)
        if "titel" not in said:
            writer.paragraph(title, word_styles.TITLE)
        writer.blocks(blocks)
        behind = layout.data_tables(document)
        if behind:
            writer.blocks([layout.appendix_heading(), *behind])
        writer.done()
    _properties(doc, document, title)
    return _packed(doc)


@dataclass
class _Writer:
    """Puts blocks into a document one after the other, before the place where the content belongs."""

    doc: Any
    place: Any = None  # the w:p that says {{indhold}}
    width: float = 0.0  # of the text, in points
    breaks: bool = False  # the next block begins a page
    pictures: int = 0
    written: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = content_paragraph(self.doc)
        self.width = _text_width(self.doc, self.place)
        self.lists = Lists(self.doc)
        by_name = {style.name: style.style_id for style in self.doc.styles if style.name}
        self.tables = TableMaker(by_name, self.width, letters_of(self.doc, word_styles.NUMBER))

    def add(self, made: Any) -> Any:
        """Put an element where the content belongs."""
        if self.place is not None:
            self.place.addprevious(made)
        else:
            end = self.doc.element.body.find(qn("w:sectPr"))
            if end is None:
                self.doc.element.body.append(made)
            else:
                end.addprevious(made)
        self.written.append(made)
        return made

    def paragraph(self, text: str, style: str) -> WordParagraph:
        """A paragraph in a style, by the style's name."""
        made = WordParagraph(self.add(element("p")), self.doc._body)
        made.style = self.doc.styles[style]
        if text:
            made._p.append(text_run(text))
        if self.breaks:
            made.paragraph_format.page_break_before = True
            self.breaks = False
        return made

    def head(self, document: Document, said: frozenset[str], *, sender: bool) -> None:
        """The memo head, without what the letterhead says itself."""
        if sender and document.author:
            self.paragraph(document.author, word_styles.SENDER)
        kind = document.meta.get("kind", "")
        lines = [(label, value) for label, value in document.head if field_of(label) not in said]
        last = self.paragraph(kind, word_styles.HEAD) if kind else None
        for label, value in lines:
            last = self.paragraph("", word_styles.HEAD)
            last.add_run(f"{label}\t{value}")
        if last is not None:
            last.paragraph_format.space_after = Emu(20 * _EMU_PER_POINT)
            last._p.get_or_add_pPr().insert_element_before(
                element("pBdr", element("bottom", val="single", sz=6, space=8, color="1A1A1A")),
                "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")

    def blocks(self, blocks: Iterable[Block]) -> None:
        """The blocks in order."""
        for block in blocks:
            match block:
                case Heading():
                    self.paragraph(block.text, f"Heading {max(block.level, 2)}")
                case Paragraph():
                    made = self.paragraph(block.text, _ROLES[block.role])
                    if block.text.endswith(":"):  # what is announced stands on the same page
                        made.paragraph_format.keep_with_next = True
                case Bullets():
                    self.bullets(block)
                case Table():
                    self.table(block)
                case Figure():
                    self.figure(block)
                case PageBreak():
                    self.breaks = True

    def bullets(self, bullets: Bullets) -> None:
        """A list; a numbered one begins at one."""
        number = self.lists.begin(ordered=bullets.ordered)
        for item in bullets.items:
            made = self.paragraph(item, word_styles.NUMBERED if bullets.ordered else word_styles.BULLET)
            shape = made._p.get_or_add_pPr()
            shape._insert_numPr(element("numPr", element("ilvl", val=0), element("numId", val=number)))
        if bullets.items:
            made.paragraph_format.space_after = Emu(9 * _EMU_PER_POINT)

    def table(self, table: Table) -> None:
        """Caption, unit, table, and the lines under it."""
        self.caption(table, table.unit)
        self.add(self.tables.make(table))
        self.notes(layout.notes(table))

    def figure(self, figure: Figure) -> None:
        """Caption, picture with its text alternative, and the lines under it."""
        self.caption(figure, "")
        pixels, _ = drawing.size(figure.spec)
        share = min(pixels / _FULL_WIDTH_PIXELS, 1.0)
        scale = math.ceil(10 * self.width * share / 72 * _DPI / pixels) / 10
        made = self.paragraph("", word_styles.PICTURE)
        made.paragraph_format.keep_with_next = bool(layout.notes(figure)) or None
        drawn = made.add_run().add_picture(io.BytesIO(drawing.png(figure.spec, scale)),
                                           width=Emu(round(self.width * share * _EMU_PER_POINT)))
        self.pictures += 1
        named = drawn._inline.docPr
        named.set("name", f"{say(da='Figur', en='Figure')} {figure.number or self.pictures}")
        named.set("descr", figure.alt or figure.caption)
        self.notes(layout.notes(figure))

    def caption(self, block: Table | Figure, unit: str) -> None:
        """The caption, and the unit below it; both stay with what follows."""
        made = self.paragraph(layout.caption(block), word_styles.CAPTION)
        made.paragraph_format.keep_with_next = True
        if unit:
            made.paragraph_format.space_after = Emu(0)
            self.paragraph(unit, word_styles.UNIT)

    def notes(self, lines: tuple[str, ...]) -> None:
        """The note and source lines, with room after; Word also needs a paragraph between two tables."""
        for at, line in enumerate(lines or ("",)):
            made = self.paragraph(line, word_styles.NOTE)
            made.paragraph_format.space_before = Emu(4 * _EMU_PER_POINT if at == 0 else 0)
        made.paragraph_format.space_after = Emu(14 * _EMU_PER_POINT if lines else 0)

    def done(self) -> None:
        """Take the mark away; a table cell must still end with a paragraph."""
        if self.place is None:
            return
        replace_in_runs(self.place, [(CONTENT_MARK, "")])
        empty = not any((piece.text or "").strip() for piece in self.place.iter(qn("w:t")))
        ends_cell = self.place.getnext() is None and self.place.getparent().tag == qn("w:tc")
        carries_section = self.place.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
        if empty and not carries_section and not (ends_cell and self.written[-1].tag == qn("w:tbl")):
            self.place.getparent().remove(self.place)


def _text_width(doc: Any, place: Any) -> float:
    """The width text has at the content's place, in points: of its table cell, or of its section's column."""
    if place is not None:
        for above in place.iterancestors():
            width = above.find(f"{qn('w:tcPr')}/{qn('w:tcW')}") if above.tag == qn("w:tc") else None
            if width is not None and width.get(qn("w:type")) == "dxa":
                return float(width.get(qn("w:w"))) / _TWIPS_PER_POINT - 11.0  # less Word's own cell margins
    sections = list(doc.element.body.iter(qn("w:sectPr")))
    if place is not None:
        order = {node: at for at, node in enumerate(doc.element.body.iter())}
        sections = [section for section in sections if order[section] > order[place]] or sections
        section = sections[0]
    else:
        section = sections[-1] if sections else None
    found = next((each for each in doc.sections if each._sectPr is section), None)
    if found is None or not found.page_width:
        return layout.TEXT_WIDTH_MM * 72 / 25.4
    margins = (found.left_margin or 0) + (found.right_margin or 0) + (found.gutter or 0)
    width = (found.page_width - margins) / _EMU_PER_POINT
    columns = section.find(qn("w:cols"))
    count = int(columns.get(qn("w:num")) or 1) if columns is not None else 1
    if count > 1:
        gap = float(columns.get(qn("w:space")) or 720) / _TWIPS_PER_POINT
        width = (width - gap * (count - 1)) / count
    return float(width)


def _footer(doc: Any, document: Document) -> None:
    section = doc.sections[0]
    line = section.footer.paragraphs[0]
    line.paragraph_format.tab_stops.clear_all()
    for tab in line.style.paragraph_format.tab_stops:  # the style's own centre tab would catch the page number
        line.paragraph_format.tab_stops.add_tab_stop(tab.position, WD_TAB_ALIGNMENT.CLEAR)
    width = section.page_width - section.left_margin - section.right_margin
    line.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    line.style = doc.styles["Footer"]
    line.style.font.size, line.style.font.color.rgb = Emu(8 * _EMU_PER_POINT), word_styles.SOFT
    line.add_run(f"{document.footer or document.author}\t{say(da='Side', en='Page')} ")
    add_field(line, "PAGE")
    line.add_run(say(da=" af ", en=" of "))
    add_field(line, "NUMPAGES")


def _properties(doc: Any, document: Document, title: str) -> None:
    moment = layout.created(document).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core = doc.core_properties
    core.title, core.author, core.subject = title, document.author, document.subject
    core.keywords, core.comments, core.category = document.meta.get("keywords", ""), "", ""
    core.last_modified_by, core.revision = document.author, 1
    core.created = core.modified = moment
    if core.last_printed is not None:
        core.last_printed = moment


def _packed(doc: Any) -> bytes:
    """The file with one fixed time on all its parts, so that the same memo gives the same bytes."""
    made = io.BytesIO()
    doc.save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as package, zipfile.ZipFile(out, "w") as fixed:
        for name in package.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            fixed.writestr(info, package.read(name))
    return out.getvalue()
