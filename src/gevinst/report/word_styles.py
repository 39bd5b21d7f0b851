"""The look of the Word memo: our own styles, and how a letterhead that lacks some of them gets them."""

from __future__ import annotations

import copy
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gevinst.report.word_xml import element

FONT = "Arial"  # on every machine that has Word; its figures are of one width
INK = RGBColor(0x1A, 0x1A, 0x1A)
SOFT = RGBColor(0x59, 0x59, 0x59)

TITLE, BODY = "Heading 1", "Normal"
BULLET, NUMBERED, CAPTION = "List Bullet", "List Number", "Caption"
SENDER, HEAD, LEAD, WARNING, SMALL = "Notat afsender", "Notat hoved", "Notat indledning", "Notat advarsel", "Notat småt"
UNIT, NOTE, PICTURE = "Notat enhed", "Notat note", "Notat figur"
CELL, NUMBER, HEADER = "Notat celle", "Notat tal", "Notat kolonnehoved"
TABLE = "Notat tabel"

_BUILT_IN = ("Heading 1", "Heading 2", "Heading 3", CAPTION, BULLET, NUMBERED)
_OWN = (SENDER, HEAD, LEAD, WARNING, SMALL, UNIT, NOTE, PICTURE, CELL, NUMBER, HEADER, TABLE)


def own_template() -> Any:
    """A new document with our styles on A4, without content."""
    doc = docx.Document()
    for name in (BODY, *_BUILT_IN):
        _plain(doc.styles[name])
    _set(doc.styles[BODY], 10, after=7, line=1.22)
    for name, size, before, after in ((TITLE, 18, 0, 14), ("Heading 2", 13, 20, 6), ("Heading 3", 10.5, 14, 4)):
        _set(doc.styles[name], size, bold=True, before=before, after=after, line=1.1, together=True)
    _set(doc.styles[CAPTION], 9.5, bold=True, before=16, after=4, line=1.1, together=True)
    for name in (BULLET, NUMBERED):
        _set(doc.styles[name], 10, after=3, line=1.22)
    _own_styles(doc)
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.header_distance = section.footer_distance = Mm(11)
    _newest_word(doc)
    rels = doc.part.package.rels
    for name in [name for name, rel in rels.items() if rel.reltype.endswith("/thumbnail")]:
        del rels[name]  # python-docx' picture of an empty page
    return doc


def lend_styles(doc: Any) -> None:
    """Give a letterhead the styles it lacks, in its own letters; those it has are its own and stay as they are."""
    ours = own_template()
    present = {(style.name, style.type) for style in doc.styles}
    for name in (*_BUILT_IN, *_OWN):
        kind = WD_STYLE_TYPE.TABLE if name == TABLE else WD_STYLE_TYPE.PARAGRAPH
        if (name, kind) in present:
            continue
        default = doc.styles.default(kind)
        lent = copy.deepcopy(ours.styles[name].element)
        for tag in ("w:link", "w:next"):
            for found in lent.findall(qn(tag)):
                lent.remove(found)
        based_on = lent.find(qn("w:basedOn"))
        if based_on is not None and default is not None:
            based_on.set(qn("w:val"), default.style_id)
        elif based_on is not None:
            lent.remove(based_on)
        for fonts in list(lent.iter(qn("w:rFonts"))):
            fonts.getparent().remove(fonts)  # the letterhead's own letters
        taken = {style.style_id for style in doc.styles}
        name_of_style = lent.get(qn("w:styleId"))
        while name_of_style in taken:
            name_of_style += "G"
        lent.set(qn("w:styleId"), name_of_style)
        doc.styles.element.append(lent)


def _own_styles(doc: Any) -> None:
    def new(name: str, size: float, **look: Any) -> Any:
        style = doc.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = doc.styles[BODY]
        style.quick_style = True
        return _set(style, size, **look)

    new(SENDER, 11, bold=True, after=1)
    head = new(HEAD, 9, after=0, line=1.2)
    head.paragraph_format.tab_stops.add_tab_stop(Mm(24))
    new(LEAD, 11, bold=True, after=7, line=1.22)
    warning = new(WARNING, 10, before=8, after=12, line=1.22)
    warning.paragraph_format.left_indent = warning.paragraph_format.right_indent = Mm(3)
    border = element("pBdr", element("left", val="single", sz=18, space=8, color="B34F00"))
    before_these = ("w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    for part in (border, element("shd", val="clear", color="auto", fill="FFF6E5")):
        warning.element.get_or_add_pPr().insert_element_before(part, *before_these)
    new(SMALL, 8, colour=SOFT, after=4)
    new(UNIT, 8, colour=SOFT, after=3, together=True)
    new(NOTE, 8, colour=SOFT, after=0)
    new(PICTURE, 10, after=2)
    new(CELL, 8.5, after=0)
    new(NUMBER, 8.5, after=0).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    new(HEADER, 8.5, bold=True, after=0, together=True)
    doc.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE).base_style = doc.styles["Normal Table"]


def _set(
    style: Any, size: float, *, bold: bool = False, before: float = 0, after: float = 0, line: float = 1.0,
    colour: RGBColor = INK, together: bool = False,
) -> Any:
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = colour
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), line
    shape.keep_with_next = together or None
    shape.left_indent = shape.first_line_indent = 0
    return style


def _plain(style: Any) -> None:
    """Our letters instead of the theme's, and nothing of python-docx' own look."""
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:cs"), FONT)
    properties = style.element.get_or_add_pPr()
    for tag in ("w:numPr", "w:contextualSpacing", "w:tabs"):
        for found in properties.findall(qn(tag)):
            properties.remove(found)


def _newest_word(doc: Any) -> None:
    """Keep Word from opening the file in compatibility mode."""
    for setting in doc.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
