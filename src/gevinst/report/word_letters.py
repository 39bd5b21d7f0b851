"""The typeface of a Word file's tables, and how wide its letters are: columns are measured in the paper's own letters.

Word keeps no widths in a file, and the typeface need not be on this machine. What is known of the usual ones stands
here; any other is reckoned as the widest, so that no figure breaks in two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from gevinst.report.layout import Letters

ARIAL = Letters(digit=0.556, words=1.1, bold=1.08)
_TIMES = Letters(digit=0.51, words=1.1, bold=1.12)
_PALATINO = Letters(digit=0.52, words=1.25, bold=1.05)
_GOTHIC = Letters(digit=0.56, words=1.21, bold=1.05)
WIDEST = Letters(digit=0.66, words=1.1, bold=1.18)  # Verdana's, whose minus sign is a third wider than a digit
# A digit is as wide as the typeface's tables say, and a little more where its minus sign is wider than a digit; words
# and bold are so wide that the words of a memo's headers fit. Measured in typefaces of the same widths: Arial, Times
# New Roman, Palatino, Century Gothic, Verdana. From the published widths of single letters, with room: the others.
_KNOWN: Mapping[str, Letters] = {
    **dict.fromkeys(("arial", "helvetica", "liberation sans"), ARIAL),
    **dict.fromkeys(("times new roman", "times", "liberation serif"), _TIMES),
    **dict.fromkeys(("palatino linotype", "book antiqua"), _PALATINO),
    "century gothic": _GOTHIC,
    **dict.fromkeys(("calibri", "carlito"), Letters(digit=0.51, words=1.17, bold=1.08)),
    **dict.fromkeys(("cambria", "caladea"), Letters(digit=0.57, words=1.15, bold=1.12)),
    "segoe ui": Letters(digit=0.57, words=1.15, bold=1.12),
    "tahoma": Letters(digit=0.58, words=1.12, bold=1.18),
    "georgia": Letters(digit=0.62, words=1.08, bold=1.18),
}


def letters_of(doc: Any, style: str) -> Letters:
    """How wide the letters of a paragraph style are.

    >>> import docx
    >>> paper = docx.Document()
    >>> paper.styles["Normal"].font.name = "Times New Roman"
    >>> letters_of(paper, "List Bullet").digit
    0.51
    """
    return _KNOWN.get(typeface(doc, style).strip().lower(), WIDEST)


def typeface(doc: Any, style: str) -> str:
    """The typeface of a paragraph style: its own, its base's, or the document's; empty where none is said."""
    elements = []
    at = doc.styles[style]
    while at is not None and at.element not in elements:
        elements.append(at.element)
        at = at.base_style
    defaults = doc.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
    for element in (*elements, *([] if defaults is None else [defaults])):
        fonts = element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is None:
            continue
        theme = fonts.get(qn("w:asciiTheme"))
        name = _of_theme(doc, theme) if theme else fonts.get(qn("w:ascii"))
        if name:
            return str(name)
    return ""


def _of_theme(doc: Any, name: str) -> str:
    """The typeface that the theme calls `minorHAnsi`, `majorAscii` and the like."""
    for relation in doc.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.THEME and not relation.is_external:
            try:
                theme = parse_xml(relation.target_part.blob)
            except SyntaxError:  # a theme that cannot be read says nothing; Word itself will repair it
                return ""
            kind = qn("a:majorFont") if name.startswith("major") else qn("a:minorFont")
            latin = next((font.find(qn("a:latin")) for font in theme.iter(kind)), None)
            return "" if latin is None else str(latin.get("typeface", ""))
    return ""
