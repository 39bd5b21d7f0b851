"""The state of an edition in the header of every page of a Word file, on our own paper and on a letterhead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from gevinst.report.word_xml import element

_SIZE = Pt(11)


def mark_headers(doc: Any, mark: str) -> None:
    """Put `mark` first in every header there is, so that no kind of page is without it; nothing where it is empty."""
    if not mark:
        return
    for header in _headers(doc):
        made = element("p")
        header._element.insert(0, made)
        line = Paragraph(made, header)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = line.add_run(mark)
        run.bold, run.font.size = True, _SIZE


def _headers(doc: Any) -> Iterator[Any]:
    """The headers that some page has: those of first and even pages only where a section has its own."""
    for at, section in enumerate(doc.sections):
        found = [section.header]
        if section.different_first_page_header_footer:
            found.append(section.first_page_header)
        if doc.settings.odd_and_even_pages_header_footer:
            found.append(section.even_page_header)
        # One that a later section does not have itself is that of the section before, and is marked already.
        for header in found:
            if at == 0 or not header.is_linked_to_previous:
                yield header
