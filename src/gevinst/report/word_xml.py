"""Small parts of a Word file that python-docx has no word for: elements, fields, numbering, language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """A `w:` element with `w:` attributes and children.

    >>> element("tab", val="right", pos=100).tag.endswith("}tab")
    True
    """
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    for child in children:
        made.append(child)
    return made


def text_run(text: str) -> Any:
    """A run with the text as it is, also its spaces; a line break within it becomes a space."""
    words = element("t")
    words.text = " ".join(text.splitlines()) if text.splitlines() else ""
    words.set(qn("xml:space"), "preserve")
    return element("r", words)


def break_before_years(cell: Any) -> None:
    """Begin a line before a span of years at the end of a cell's only run: Word would break after its dash.

    >>> cell = element("tc", element("p", text_run("I alt 2020\N{EN DASH}2023")))
    >>> break_before_years(cell)
    >>> [piece.tag.rpartition("}")[2] for piece in cell.iter()]
    ['tc', 'p', 'r', 't', 'br', 't']
    """
    for words in list(cell.iter(qn("w:t"))):
        before, _, last = (words.text or "").rpartition(" ")
        if before and "\N{EN DASH}" in last:
            rest = text_run(last)[0]
            words.text = before
            words.addnext(rest)
            rest.addprevious(element("br"))


def add_field(paragraph: Any, instruction: str) -> None:
    """A field such as `PAGE` at the end of a python-docx paragraph; it shows 1 until Word counts."""
    code = element("instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    for child in (element("fldChar", fldCharType="begin"), code, element("fldChar", fldCharType="separate")):
        paragraph._p.append(element("r", child))
    paragraph._p.append(text_run("1"))
    paragraph._p.append(element("r", element("fldChar", fldCharType="end")))


def set_language(doc: Any, tag: str) -> None:
    """The proofing language (`da-DK`, `en-GB`) of the whole document: its defaults and every style."""
    styles = doc.styles.element
    defaults = styles.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = element("docDefaults")
        styles.insert(0, defaults)
    for name in ("rPrDefault", "rPr"):
        found = defaults.find(qn(f"w:{name}"))
        if found is None:
            found = element(name)
            defaults.insert(0, found)
        defaults = found
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(element("lang", val=tag, eastAsia="en-US", bidi="ar-SA"))
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
    doc.core_properties.language = tag


_LEVEL = ('<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/>'
          '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="397" w:hanging="284"/></w:pPr></w:lvl>')


class Lists:
    """The document's own bullets and numbers; each numbered list begins at one."""

    def __init__(self, doc: Any) -> None:
        self._root = _numbering(doc)
        self._bullets = self._abstract("bullet", "•")
        self._numbers = self._abstract("decimal", "%1.")
        self._bullet_list = self._list(self._bullets)

    def begin(self, *, ordered: bool) -> int:
        """The number id for a new list."""
        return self._list(self._numbers, restart=True) if ordered else self._bullet_list

    def _abstract(self, form: str, sign: str) -> int:
        taken = [int(each.get(qn("w:abstractNumId"))) for each in self._root.findall(qn("w:abstractNum"))]
        name = max(taken, default=-1) + 1
        level = _LEVEL.format(form=form, sign=sign)
        made = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}">'
                         f'<w:multiLevelType w:val="singleLevel"/>{level}</w:abstractNum>')
        first = self._root.find(qn("w:num"))  # the schema wants all definitions before all lists
        if first is None:
            self._root.append(made)
        else:
            first.addprevious(made)
        return name

    def _list(self, abstract: int, *, restart: bool = False) -> int:
        name = max((int(each.get(qn("w:numId"))) for each in self._root.findall(qn("w:num"))), default=0) + 1
        made = element("num", element("abstractNumId", val=abstract), numId=name)
        if restart:
            made.append(element("lvlOverride", element("startOverride", val=1), ilvl=0))
        after = self._root.findall(qn("w:num"))
        if after:
            after[-1].addnext(made)
        else:
            self._root.append(made)
        return name


def _numbering(doc: Any) -> Any:
    """The numbering root, made where a letterhead has none."""
    for relation in doc.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return relation.target_part.element
    root = parse_xml(f'<w:numbering {nsdecls("w")}/>')
    part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, root, doc.part.package)
    doc.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return root


def replace_in_runs(paragraph: Any, replacements: Sequence[tuple[str, str]]) -> None:
    """Replace words in a `w:p` element, also where Word has cut them into several runs.

    The replacement takes the look of the run in which the word began.
    """
    for wanted, instead in replacements:
        pieces = list(paragraph.iter(qn("w:t")))
        at = "".join(piece.text or "" for piece in pieces).find(wanted)
        while at >= 0:
            _swap(pieces, at, len(wanted), instead)
            at = "".join(piece.text or "" for piece in pieces).find(wanted, at + len(instead))


def _swap(pieces: Sequence[Any], at: int, length: int, instead: str) -> None:
    begun, position = False, 0
    for piece in pieces:
        text = piece.text or ""
        start, end = max(at - position, 0), min(at + length - position, len(text))
        position += len(text)
        if start < end:
            piece.text = text[:start] + ("" if begun else instead) + text[end:]
            piece.set(qn("xml:space"), "preserve")
            begun = True
