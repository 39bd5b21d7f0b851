"""Row headers in a tagged PDF: the first cell of each body row is the header of its row, a section's that of its rows.

Typst can tag the first cell itself, but only behind a feature flag that its Python binding cannot set. Sections and
the rows that close a table are set as headers and a footer, which stay together on a page; here they are rows again,
and the note that was set below them a paragraph.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, String

_NAMED = re.compile(r"x(\d+)y\d+$")  # Typst names a header cell by its column and row


def promote_row_headers(data: bytes) -> bytes:
    """The PDF with the first `TD` of every row of a table's body as `TH` with scope `Row`; same bytes every time.

    A table has one `TBody` with all its rows. Typst lists each cell's column headers by id (`/Headers`), and a reader
    that finds such a list looks no further; so the row header gets an id and joins the lists of its row, and the
    header of a section those of its rows.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        ids: dict[str, Any] = {}
        for table in _elements(root, Name.Table):
            rows = _one_body(table)
            columns = _column_headers(table)
            section: list[String] = []
            for row in rows:
                cells = [cell for cell in _children(row) if cell.get("/S") in (Name.TD, Name.TH)]
                name = f"R{len(ids) + 1:05d}"
                ids[name] = _make_row_header(cells[0], name)
                if len(cells) == 1 and len(columns) > 1:
                    _table_attributes(cells[0]).Headers = Array([])
                    section = [String(name)]
                for at, cell in enumerate(cells[1:], start=1):
                    _table_attributes(cell).Headers = Array([*columns[at], *section, String(name)])
        if ids:
            if "/IDTree" not in root:
                root.IDTree = NameTree.new(pdf).obj
            tree = NameTree(root.IDTree)
            for name, header in ids.items():
                tree[name] = header
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False,
                 object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _column_headers(table: Any) -> list[list[String]]:
    """For each column the ids of the headers above it, the uppermost first."""
    columns: list[list[String]] = []
    for head in _children(table):
        for cell in _elements(head, Name.TH) if head.get("/S") == Name.THead else ():
            named = _NAMED.search(str(cell.get("/ID", "")))
            first = int(named[1]) if named else len(columns)
            for at in range(first, first + int(_table_attributes(cell).get("/ColSpan", 1))):
                columns += [[] for _ in range(at + 1 - len(columns))]
                columns[at].append(String(str(cell.ID)))
    return columns


def _one_body(table: Any) -> list[Any]:
    """The table's rows below its header, all under one `TBody`; a section that stands first is tagged in the header."""
    below = _children(table)
    parts = [part for part in below if part.get("/S") in (Name.TBody, Name.TFoot)]
    if not parts:
        return []
    rows = []
    for head in (part for part in below if part.get("/S") == Name.THead):
        rows += [row for row in _children(head) if _is_section(row)]
        head.K = Array([row for row in _children(head) if not _is_section(row)])
    rows += [row for part in parts for row in _children(part)]
    if _is_note(rows[-1]):
        _move_below(table, rows.pop())
    body = parts[0]
    body.S, body.K = Name.TBody, Array(rows)
    for row in rows:
        row.P = body
    table.K = Array([part for part in below if not any(part.objgen == other.objgen for other in parts[1:])])
    return rows


def _is_note(row: Any) -> bool:
    """Whether the row is the paragraphs under a table, which are set in it so that they stay on its page."""
    return _is_section(row) and any(child.get("/S") == Name.P for child in _children(_children(row)[0]))


def _move_below(table: Any, row: Any) -> None:
    """The paragraphs of the row after the table, where they are read."""
    lines = _children(_children(row)[0])
    for line in lines:
        line.P = table.P
    beside = list(table.P.K)
    at = next(at for at, one in enumerate(beside) if isinstance(one, Dictionary) and one.objgen == table.objgen)
    table.P.K = Array([*beside[: at + 1], *lines, *beside[at + 1 :]])


def _is_section(row: Any) -> bool:
    cells = _children(row)
    return len(cells) == 1 and int(_table_attributes(cells[0]).get("/ColSpan", 1)) > 1


def _make_row_header(cell: Any, name: str) -> Any:
    cell.S = Name.TH
    cell.ID = String(name)
    _table_attributes(cell).Scope = Name.Row
    return cell


def _table_attributes(cell: Any) -> Any:
    """The cell's attributes owned by `Table`, made where there are none."""
    found = cell.get("/A")
    attributes = list(found) if isinstance(found, Array) else [] if found is None else [found]
    for each in attributes:
        if each.get("/O") == Name.Table:
            return each
    cell.A = Array([*attributes, Dictionary(O=Name.Table)])
    return cell.A[-1]


def _elements(element: Any, kind: Any) -> Iterator[Any]:
    """All structure elements of a kind, in reading order."""
    if element.get("/S") == kind:
        yield element
    for child in _children(element):
        yield from _elements(child, kind)


def _children(element: Any) -> list[Any]:
    below = element.get("/K")
    children = list(below) if isinstance(below, Array) else [] if below is None else [below]
    return [child for child in children if isinstance(child, Dictionary)]
