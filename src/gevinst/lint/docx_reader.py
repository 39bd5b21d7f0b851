"""Texts and tables of a Word document, in their order, with merged cells and header rows as Word has them.

What is deleted with tracked changes is left out, what is inserted is read; superscript footnote marks are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from gevinst.errors import DAMAGED_PACKAGE, GevinstError
from gevinst.lint.raw import RawBlock, RawCell, RawText, plain, spread, squared

_CONTENTS = ("toc", "table of figures", "indholdsfortegnelse", "listeoverfigurer")


def read_docx(path: Path) -> list[RawBlock]:
    """The document's blocks. Raises `lint.not-word`."""
    try:
        document = docx.Document(str(path))
        return list(_blocks(document.element.body, _style_names(document)))
    except (*DAMAGED_PACKAGE, PackageNotFoundError, KeyError, ValueError, SyntaxError, AttributeError,
            TypeError) as fault:
        # lxml's fault in XML is a SyntaxError; sound XML of another kind is met by python-docx as a missing attribute.
        raise GevinstError("lint.not-word", where=path.name) from fault


def _style_names(document: Any) -> dict[str, str]:
    return {style.style_id: str(style.name).lower() for style in document.styles}


def _blocks(parent: Any, names: dict[str, str]) -> Iterator[RawBlock]:
    for element in parent:
        if element.tag == qn("w:p"):
            yield from _paragraph(element, names)
        elif element.tag == qn("w:tbl"):
            table = _table(element)
            if table is not None:
                yield table
            else:
                yield from (RawText(text) for text in _cell_texts(element))
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _blocks(element, names)


def _paragraph(element: Any, names: dict[str, str]) -> Iterator[RawText]:
    text = plain(_text(element))
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    name = names.get(style.get(qn("w:val")), "") if style is not None else ""
    if text and not name.startswith(_CONTENTS):
        yield RawText(text, heading=_level(name), caption=name.startswith(("caption", "billedtekst")))


def _level(style: str) -> int:
    """The level of a heading by its style's name: "heading 2", "title"."""
    if style.startswith(("title", "titel")):
        return 1
    found = re.match(r"(?:heading|overskrift) (\d)", style)
    return int(found[1]) if found else 0


def _text(element: Any) -> str:
    """The text of a paragraph or cell, without deleted text, footnote marks and text boxes' second copies."""
    parts = []
    for node in element.iter():
        if node.tag == qn("w:t") and not _left_out(node, element):
            parts.append(node.text or "")
        elif node.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")):
            parts.append(" ")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif node.tag == qn("w:p") and parts:
            parts.append(" ")
    return "".join(parts)


def _left_out(node: Any, top: Any) -> bool:
    run = node.getparent()
    align = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    if align is not None and align.get(qn("w:val")) == "superscript":
        return True
    while run is not None and run is not top:
        if run.tag in (qn("w:del"), qn("w:moveFrom")) or run.tag.endswith("}Fallback"):
            return True
        run = run.getparent()
    return False


def _table(element: Any) -> RawBlock | None:
    rows = []
    for row in element.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl"))) is element:
            rows.append(_row(row))
    merged = _merged_down(rows)
    return squared(spread(merged))


def _row(row: Any) -> list[tuple[RawCell, int, str]]:
    """The cells of a row: text, columns spanned, and "restart" or "continue" of a merge downwards."""
    header = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    cells: list[tuple[RawCell, int, str]] = []
    if before is not None:
        cells.append((RawCell(""), int(before.get(qn("w:val"))), ""))
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr"))) is not row:
            continue
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        down = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        merge = "" if down is None else down.get(qn("w:val")) or "continue"
        across = 1 if span is None else int(span.get(qn("w:val")))
        cells.append((RawCell(plain(_text(cell)), header=header), across, merge))
    return cells


def _merged_down(rows: list[list[tuple[RawCell, int, str]]]) -> list[list[tuple[RawCell, int, int]]]:
    """Merges downwards as spans: a cell that continues the one above is counted in it and left out."""
    merges: list[dict[int, str]] = []
    for row in rows:
        column, at = 0, {}
        for _, across, merge in row:
            at[column] = merge
            column += across
        merges.append(at)
    found = []
    for number, row in enumerate(rows):
        line, column = [], 0
        for cell, across, merge in row:
            down = 1
            while merge == "restart" and number + down < len(rows) and merges[number + down].get(column) == "continue":
                down += 1
            if merge != "continue":
                line.append((cell, across, down))
            column += across
        found.append(line)
    return found


def _cell_texts(element: Any) -> list[str]:
    return [text for cell in element.iter(qn("w:tc")) if (text := plain(_text(cell)))]
