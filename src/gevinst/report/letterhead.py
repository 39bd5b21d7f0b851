"""A municipality's own letterhead: a .docx or .dotx that the memo is written into.

An uploaded file is not trusted: it must be a Word file without macros, of a sane size, and it is never run as
a template language: only the literal marks `{{indhold}}`, `{{titel}}`, `{{dato}}`, `{{journalnr}}` and
`{{reference}}` mean anything.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from gevinst.errors import DAMAGED_PACKAGE, GevinstError
from gevinst.report.tree import Document
from gevinst.report.word_xml import replace_in_runs

CONTENT_MARK = "{{indhold}}"
LARGEST = 100 * 1024 * 1024  # unpacked; a letterhead with pictures is a few megabytes
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = b"wordprocessingml.document.main+xml"
_TEMPLATE = b"wordprocessingml.template.main+xml"
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "dato": ("dato", "date"),
    "journalnr": ("journalnr", "journalnummer", "journal no", "journal number", "sagsnr", "case no"),
    "reference": ("reference", "ref"),
}


def open_letterhead(data: bytes) -> Any:
    """The letterhead as a python-docx document, a template made into a document.

    Raises `report.letterhead-*`: `pdf`, `old-word` (.doc, or protected by a password), `not-word`, `macros`,
    `too-large`, `damaged`.
    """
    if data[:5] == b"%PDF-":
        raise GevinstError("report.letterhead-pdf")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise GevinstError("report.letterhead-old-word")
    if data[:2] != b"PK":
        raise GevinstError("report.letterhead-not-word")
    try:
        doc = docx.Document(io.BytesIO(_as_document(data)))
        _detach(doc)
    except (*DAMAGED_PACKAGE, KeyError, ValueError, SyntaxError, PackageNotFoundError, AttributeError,
            TypeError) as fault:
        # lxml's fault in XML is a SyntaxError; sound XML of another kind is met by python-docx as a missing attribute.
        raise GevinstError("report.letterhead-damaged") from fault
    return doc


def _as_document(data: bytes) -> bytes:
    """The same package with the content type of a document, after the checks."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        if _CONTENT_TYPES not in names or "word/document.xml" not in names:
            raise GevinstError("report.letterhead-not-word")
        if sum(info.file_size for info in package.infolist()) > LARGEST:
            raise GevinstError("report.letterhead-too-large", megabytes=LARGEST // 1024 // 1024)
        types = package.read(_CONTENT_TYPES)
        if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
            raise GevinstError("report.letterhead-macros")
        if _TEMPLATE not in types:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for info in package.infolist():
                is_types = info.filename == _CONTENT_TYPES
                copy.writestr(info.filename, types.replace(_TEMPLATE, _MAIN) if is_types else package.read(info))
    return out.getvalue()


def _detach(doc: Any) -> None:
    """Forget the template the letterhead was made from: Word would fetch it from wherever it lies."""
    for relation in doc.part.rels.values():
        if relation.reltype != RELATIONSHIP_TYPE.SETTINGS:
            continue
        part = relation.target_part
        for link in part.element.findall(qn("w:attachedTemplate")):
            part.element.remove(link)
        for name in [name for name, rel in part.rels.items() if rel.reltype.endswith("/attachedTemplate")]:
            del part.rels[name]


def fill_fields(doc: Any, document: Document, title: str) -> frozenset[str]:
    """Put title, date, journal number and reference where the letterhead has their marks.

    Returns the names of the fields found, so that the memo need not say them again: `titel` only where it
    stands in the body, since a running header is no heading.
    """
    values = {"titel": title, **dict.fromkeys(_FIELDS, "")}
    for label, value in document.head:
        name = field_of(label)
        if name:
            values[name] = value
    marks = [(f"{{{{{name}}}}}", value) for name, value in values.items()]
    found: set[str] = set()
    for root, in_body in _parts(doc):
        for paragraph in root.iter(qn("w:p")):
            text = paragraph_text(paragraph)
            found |= {name for name in values if f"{{{{{name}}}}}" in text and (in_body or name != "titel")}
            if "{{" in text:
                replace_in_runs(paragraph, marks)
    return frozenset(found)


def field_of(label: str) -> str:
    """The letterhead field that a line of the memo head belongs to, or nothing.

    >>> field_of("Journalnr.:"), field_of("Telefon")
    ('journalnr', '')
    """
    plain = re.sub(r"[.:]", "", label).strip().lower()
    return next((name for name, labels in _FIELDS.items() if plain in labels), "")


def content_paragraph(doc: Any) -> Any | None:
    """The `w:p` that holds `{{indhold}}`, outside text boxes; `None` when the letterhead has none."""
    for paragraph in doc.element.body.iter(qn("w:p")):
        in_box = any(above.tag == qn("w:txbxContent") for above in paragraph.iterancestors())
        if not in_box and CONTENT_MARK in paragraph_text(paragraph):
            return paragraph
    return None


def paragraph_text(paragraph: Any) -> str:
    """The words of a `w:p`, its runs joined."""
    return "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))


def _parts(doc: Any) -> Iterator[tuple[Any, bool]]:
    yield doc.element.body, True
    for relation in doc.part.rels.values():
        if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER):
            yield relation.target_part.element, False
