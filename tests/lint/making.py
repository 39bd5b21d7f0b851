"""Makes Word, PDF, HTML and Excel files from plain transcriptions of documents.

A transcription is paragraphs with blank lines between. `# ` begins a heading. A line that begins with `|` is a row of
a table, `|=` one of its header; `<` is a cell merged with the one to the left, `^` with the one above.
"""

from __future__ import annotations

import html
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
import pikepdf
import typst
import xlsxwriter
from docx.oxml.shared import OxmlElement
from docx.shared import Cm, Pt

from gevinst.report.lettering import FONTS

DOCUMENTS = Path(__file__).parent / "documents"


@dataclass(frozen=True)
class Grid:
    """A table of texts; the first `head` rows are header."""

    rows: tuple[tuple[str, ...], ...]
    head: int

    def spans(self) -> list[tuple[int, int, int, int]]:
        """The cells that are not merged into another: row, column, rows and columns spanned."""
        found = []
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                if text in ("<", "^"):
                    continue
                across, down = 1, 1
                while c + across < len(row) and row[c + across] == "<":
                    across += 1
                while r + down < len(self.rows) and self.rows[r + down][c] == "^":
                    down += 1
                found.append((r, c, down, across))
        return found


Block = str | Grid


def transcription(text: str) -> list[Block]:
    """The paragraphs (headings with their `#`) and tables of a transcription."""
    blocks: list[Block] = []
    for part in text.strip().split("\n\n"):
        lines = part.splitlines()
        if lines and lines[0].startswith("|"):
            rows = [[cell.strip() for cell in line[2:].split("|")] for line in lines]
            width = max(map(len, rows))
            full = tuple((*row, *[""] * (width - len(row))) for row in rows)
            blocks.append(Grid(full, sum(line.startswith("|=") for line in lines)))
        elif part.strip():
            blocks.append(part.strip())
    return blocks


def document(number: str) -> str:
    """The transcription of a municipal document."""
    return (DOCUMENTS / f"{number}.txt").read_text(encoding="utf-8")


def levelled(text: str) -> tuple[int, str]:
    """The heading level of a paragraph and its text."""
    level = len(text) - len(text.lstrip("#"))
    return level, text.lstrip("# ") if level else text


def as_word(blocks: Sequence[Block], path: Path, *, mark_headers: bool = False, ruled: bool = True) -> Path:
    """A Word document with real tables and merged cells; header rows are marked only if asked for."""
    made = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            level, text = levelled(block)
            made.add_heading(text, level) if level else made.add_paragraph(text)
            continue
        table = made.add_table(len(block.rows), len(block.rows[0]), "Table Grid" if ruled else None)
        for at, column in enumerate(table.columns):
            for cell in column.cells:
                cell.width = Cm(5 if at == 0 else 12 / (len(block.rows[0]) - 1))
        for r, c, down, across in block.spans():
            cell = table.cell(r, c)
            if down > 1 or across > 1:
                cell = cell.merge(table.cell(r + down - 1, c + across - 1))
            cell.paragraphs[0].add_run(block.rows[r][c]).font.size = Pt(6 if len(block.rows[0]) > 10 else 8)
        for row in table.rows[: block.head if mark_headers else 0]:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    made.save(str(path))
    return path


def as_page(blocks: Sequence[Block], path: Path) -> Path:
    """An HTML page as content systems make them: everything in `td`, spans where cells are merged."""
    parts = ["<!doctype html><html lang='da'><head><meta charset='utf-8'><title>x</title></head><body>"]
    for block in blocks:
        if isinstance(block, str):
            level, text = levelled(block)
            tag = f"h{level}" if level else "p"
            parts.append(f"<{tag}>{html.escape(text)}</{tag}>")
            continue
        cells = {(r, c): (down, across) for r, c, down, across in block.spans()}
        parts.append("<table>")
        for r, row in enumerate(block.rows):
            line = "".join(f"<td rowspan={cells[r, c][0]} colspan={cells[r, c][1]}>{html.escape(text)}</td>"
                           for c, text in enumerate(row) if (r, c) in cells)
            parts.append(f"<tr>{line}</tr>")
        parts.append("</table>")
    path.write_text("\n".join([*parts, "</body></html>"]), encoding="utf-8")
    return path


def as_sheet(blocks: Sequence[Block], path: Path) -> Path:
    """A workbook with one sheet, everything typed one under the other; figures as numbers."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Ark1")
        at = 0
        for block in blocks:
            if isinstance(block, str):
                page.write_string(at, 0, levelled(block)[1])
                at += 2
                continue
            for row in block.rows:
                for column, text in enumerate(row):
                    shown = "" if text in ("<", "^") else text
                    value = _typed(shown)
                    if isinstance(value, float):
                        page.write_number(at, column, value)
                    elif value:
                        page.write_string(at, column, value)
                at += 1
            at += 1
    return path


def _typed(text: str) -> float | str:
    try:
        return float(text.replace(".", "").replace(",", "."))
    except ValueError:
        return text


TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set page(width: 210mm, height: eval(data.height), margin: (x: 20mm, y: 18mm),
  header: text(size: 8pt)[Aktiv Kommune, sag 19/20405], footer: context text(size: 8pt)[Side #counter(page).display()])
#set text(font: "IBM Plex Sans", size: 10pt, lang: "da")
#set par(justify: true)
#for block in data.blocks {
  if block.kind == "heading" { heading(level: block.level, block.text) }
  else if block.kind == "text" { par(block.text) }
  else {
    let body = block.cells.map(cell => table.cell(x: cell.x, y: cell.y, colspan: cell.across, rowspan: cell.down,
      if cell.mark != "" [#cell.text#super(typographic: false)[#cell.mark]] else [#cell.text]))
    set text(size: if block.columns.len() > 10 { 6.5pt } else { 8.5pt })
    set par(justify: false)
    let stroke = if data.style == "ruled" { 0.5pt } else { none }
    let lines = if data.style == "booktabs" {
      (table.hline(y: 0), table.hline(y: block.head), table.hline(y: block.height)) } else { () }
    table(columns: block.columns.map(it => if it == "auto" { auto } else { 1fr }), stroke: stroke,
      align: (x, y) => if x < block.labels { left } else if y < block.head { eval(data.header) } else { right },
      ..if block.head > 0 and data.repeat { (table.header(..body.slice(0, block.inhead)),
        ..body.slice(block.inhead)) } else { body }, ..lines)
  }
}
"""


@dataclass(frozen=True)
class Look:
    """How a PDF looks: rules around cells or not, page height, where headers stand, tags or not."""

    style: str = "ruled"  # "ruled", "booktabs", "bare"
    height: str = "297mm"
    header: str = "right"
    repeat: bool = True
    tagged: bool = False


def as_pdf(blocks: Sequence[Block], path: Path, look: Look | None = None) -> Path:
    """A PDF by Typst; `tagged=False` takes out the structure, so that only positions are left."""
    shown = look or Look()
    data = {"style": shown.style, "height": shown.height, "header": shown.header, "repeat": shown.repeat,
            "blocks": [_pdf_block(block) for block in blocks]}
    made = typst.compile(TEMPLATE.encode(), font_paths=[str(FONTS)], format="pdf", sys_inputs={
        "data": json.dumps(data, ensure_ascii=False)})
    if not shown.tagged:
        with pikepdf.open(io.BytesIO(made)) as pdf:
            for key in ("/StructTreeRoot", "/MarkInfo"):
                if key in pdf.Root:
                    del pdf.Root[key]
            pdf.save(str(path))
    else:
        path.write_bytes(made)
    return path


def _pdf_block(block: Block) -> dict[str, object]:
    if isinstance(block, str):
        level, text = levelled(block)
        return {"kind": "heading", "level": level, "text": text} if level else {"kind": "text", "text": text}
    body = block.rows[block.head:]
    labels = 1
    while labels < len(block.rows[0]) - 1 and any(row[labels][:1].isalpha() for row in body):
        labels += 1
    cells = []
    for r, c, down, across in block.spans():
        text, _, mark = block.rows[r][c].partition("^")
        cells.append({"x": c, "y": r, "across": across, "down": down, "text": text, "mark": mark})
    return {"kind": "table", "cells": cells, "head": block.head, "height": len(block.rows), "labels": labels,
            "columns": ["fr" if c < labels else "auto" for c in range(len(block.rows[0]))],
            "inhead": sum(cell["y"] < block.head for cell in cells)}
