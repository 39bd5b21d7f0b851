"""Row headers in a tagged PDF: the first cell of each body row is the header of its row.

Typst can tag it itself, but only behind a feature flag that its Python binding cannot set.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, String


def promote_row_headers(data: bytes) -> bytes:
    """The PDF with the first `TD` of every row in a `TBody` as `TH` with scope `Row`; same bytes every time.

    Typst lists each cell's column headers by id (`/Headers`), and a reader that finds such a list looks no
    further; so the row header gets an id and joins the lists of its row.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        ids: dict[str, Any] = {}
        for body in _elements(root, Name.TBody):
            for row in _children(body):
                cells = [cell for cell in _children(row) if cell.get("/S") in (Name.TD, Name.TH)]
                if cells and cells[0].S == Name.TD:
                    name = f"R{len(ids) + 1:05d}"
                    ids[name] = _make_row_header(cells[0], name)
                    for cell in cells[1:]:
                        attributes = _table_attributes(cell)
                        attributes.Headers = Array([*attributes.get("/Headers", []), String(name)])
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
