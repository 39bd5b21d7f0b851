"""What the tests of mappings share: a mapping from a few lines, and a file read by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gevinst.sources.suppliers.mapped_source import MappedSource
from gevinst.sources.suppliers.mapping import FileMapping
from gevinst.sources.suppliers.mapping_reader import read_mapping

HEAD = "key: {key}\nsupplier: Prøve\nmade: 2024-02-01\ntable: {table}\nfiles: ['udtræk*']\n"


def write_mapping(folder: Path, text: str, *, table: str = "spells", key: str = "udtraek") -> Path:
    """A mapping file with the usual head."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{key}.yaml"
    path.write_text(HEAD.format(key=key, table=table) + text, encoding="utf-8")
    return path


def mapping(folder: Path, text: str, *, table: str = "spells", key: str = "udtraek") -> FileMapping:
    """The mapping of such a file."""
    return read_mapping(write_mapping(folder, text, table=table, key=key))


Found = list[tuple[Any, ...]]


def read_all(path: Path, by: FileMapping, *, piece: int = 1 << 20) -> tuple[Found, Found, MappedSource]:
    """Rows as (line, cells …), refused rows as (line, column, fault, word), and the source, read to its end."""
    source = MappedSource(path, by, piece=piece)
    rows: Found = []
    refused: Found = []
    for piece_of in source.rows():
        assert piece_of.cells.column_names == list(source.layout.names)
        columns = [piece_of.cells[name].to_pylist() for name in source.layout.names]
        rows += list(zip(piece_of.lines.tolist(), *columns, strict=True))
        refused += [(one.line, one.column, one.fault.name, one.value) for one in piece_of.unread]
    return rows, refused, source


def notes_of(source: MappedSource) -> dict[str, dict[str, str | int]]:
    """The notes by code, without the one that every mapping makes; filters by their number."""
    said = {}
    for one in source.notes:
        values = dict(one.values)
        suffix = f" {values['number']}" if "number" in values else ""
        said[one.code.removeprefix("mapping.") + suffix] = values
    assert said.pop("used")["key"] == source.mapping.key
    return said
