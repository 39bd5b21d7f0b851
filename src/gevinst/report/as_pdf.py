"""The memo as PDF: A4, tagged (PDF/UA-1) and fit for the archive (PDF/A-2a), by Typst.

Everything goes in as data (`templates/memo.typ` reads JSON), so a user's text can never become markup. The
same document gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from gevinst.language import say, speaking
from gevinst.report import layout
from gevinst.report.charts import render as drawing
from gevinst.report.lettering import FONTS, cleaned, printable
from gevinst.report.pdf_tags import promote_row_headers
from gevinst.report.tree import Bullets, Document, Figure, Heading, Ladders, PageBreak, Paragraph, Table

TEMPLATE = Path(__file__).parent / "templates" / "memo.typ"
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
_POINTS_PER_MM = 72 / 25.4
_FULL_WIDTH_PIXELS = 640.0  # a chart this wide fills the text width; a narrower one keeps its type size


def render(document: Document, *, template: Path = TEMPLATE, values: Mapping[str, object] | None = None) -> bytes:
    """The document as PDF bytes, set by a template; `values` are what that template asks for beside the document."""
    document = cleaned(document)
    with speaking(document.language):
        data = {**_data(document), **(values or {})}
    made: bytes = typst.compile(
        template.read_bytes(), font_paths=_fonts(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf", pdf_standards=[*STANDARDS], timestamp=layout.created(document),
    )
    return promote_row_headers(made)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _data(document: Document) -> dict[str, Any]:
    title, blocks = layout.title_and_blocks(document)
    shown = [*blocks]
    behind = layout.data_tables(document)
    if behind:
        shown += [layout.appendix_heading(), *behind]
    data = {
        "title": title,
        "author": document.author,
        "description": document.subject or title,
        "keywords": [word.strip() for word in document.meta.get("keywords", "").split(",") if word.strip()],
        "lang": document.language,
        "region": "DK" if document.language == "da" else "GB",
        "kind": document.meta.get("kind", ""),
        "head": [list(line) for line in document.head],
        "mark": document.mark,
        "footer": document.footer or document.author,
        "page": say(da="Side", en="Page"),
        "of": say(da="af", en="of"),
        "blocks": [_block(block) for block in shown if not isinstance(block, Ladders)],
    }
    printed: dict[str, Any] = _printable(data)
    return printed


def _block(block: Heading | Paragraph | Bullets | Table | Figure | PageBreak) -> dict[str, Any]:
    match block:
        case Heading():
            return {"type": "heading", "text": block.text, "level": max(block.level, 2)}
        case Paragraph():
            return {"type": "paragraph", "text": block.text, "role": block.role}
        case Bullets():
            return {"type": "numbered" if block.ordered else "bullets", "items": list(block.items)}
        case Table():
            return _table(block)
        case Figure():
            pixels, _ = drawing.size(block.spec)
            return {"type": "figure", "caption": layout.caption(block), "unit": "", "notes": list(layout.notes(block)),
                    "alt": block.alt or block.caption, "width": min(pixels / _FULL_WIDTH_PIXELS, 1.0),
                    "svg": drawing.svg(block.spec)}
        case PageBreak():
            return {"type": "break"}


def _table(table: Table) -> dict[str, Any]:
    widths = layout.fit(table, layout.TEXT_WIDTH_MM * _POINTS_PER_MM)
    header = layout.header_rows(table.columns)
    return {
        "type": "table", "caption": layout.caption(table), "unit": table.unit, "notes": list(layout.notes(table)),
        "widths": list(widths.columns), "size": widths.size, "padding": widths.padding / 2,
        "wordy": layout.wordy(table), "begins": list(layout.group_begins(table)),
        "breakable": not layout.kept_together(table), "closing": layout.closing(table),
        "right": [layout.right_aligned(table, at) for at in range(len(table.columns))],
        "header": [[{**asdict(cell), "top": row is header[0]} for cell in row] for row in header],
        "rows": [{"kind": row.kind, "cells": [layout.section_text(row)] if row.kind == "section"
                  else [cell.text for cell in layout.cells(table, row)]} for row in table.rows],
    }


def _printable(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: _printable(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [_printable(value, key) for value in node]
    return printable(node) if isinstance(node, str) else node
