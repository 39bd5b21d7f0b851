"""Tables typed as YAML, row by row as they are printed, for documents that exist on paper or as PDF only.

    document: Kvartalsvis opfølgning 26-11-2021
    tables:
      - above: ["1. Koordineret indsats", "Tabel 3 - Opfølgning på investeringscase: Koordineret indsats"]
        rows:
          - [Løbende priser, 2020, 2021]
          - [Investering i indsats, "3,079", "3,079"]
        below: Investeringen giver et overskud på 8,234 mio. kr. i investeringsperioden.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import yaml

from gevinst.errors import GevinstError
from gevinst.register import yaml_nodes
from gevinst.register.find_tables import Grid

_KEYS = ("above", "rows", "below")


def holds_printed_tables(node: yaml.Node) -> bool:
    """The file has a list `tables`, rather than a portfolio's investments."""
    return isinstance(node, yaml.MappingNode) and any(key.value == "tables" for key, _ in node.value)


def grids(node: yaml.Node, file: str) -> list[Grid]:
    """The tables as one grid, so that they are seen in their order; raises where the form is not as above."""
    if not isinstance(node, yaml.MappingNode):
        raise GevinstError("register.not-a-mapping", where=yaml_nodes.place(node, file))
    rows: list[list[yaml.Node]] = []
    for key, value in node.value:
        if key.value == "tables":
            for table in _items(value, file):
                rows += [*_rows_of(table, file), []]
        elif key.value != "document":
            raise GevinstError("register.unknown-key", where=yaml_nodes.place(key, file), key=key.value,
                               near="document, tables")
    cells = [[yaml_nodes.scalar(cell, file) for cell in row] for row in rows]
    return [Grid(cells, partial(_where, rows, file))]


def _rows_of(table: yaml.Node, file: str) -> list[list[yaml.Node]]:
    if not isinstance(table, yaml.MappingNode):
        raise GevinstError("register.not-a-mapping", where=yaml_nodes.place(table, file))
    parts: dict[str, yaml.Node] = {}
    for key, value in table.value:
        if key.value not in _KEYS:
            raise GevinstError("register.unknown-key", where=yaml_nodes.place(key, file), key=key.value,
                               near=", ".join(_KEYS))
        parts[key.value] = value
    if "rows" not in parts:
        raise GevinstError("register.missing-key", where=yaml_nodes.place(table, file), key="rows")
    rows = [list(_items(row, file)) for row in _items(parts["rows"], file)]
    return [*_lines(parts.get("above"), file), *rows, *_lines(parts.get("below"), file)]


def _lines(node: yaml.Node | None, file: str) -> list[list[yaml.Node]]:
    if node is None:
        return []
    return [[line] for line in ([node] if isinstance(node, yaml.ScalarNode) else _items(node, file))]


def _items(node: yaml.Node, file: str) -> Sequence[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise GevinstError("register.not-a-list", where=yaml_nodes.place(node, file))
    return list(node.value)


def _where(rows: Sequence[Sequence[yaml.Node]], file: str, row: int, column: int) -> str:
    cells = rows[row]
    return yaml_nodes.place(cells[min(column, len(cells) - 1)], file) if cells else file
