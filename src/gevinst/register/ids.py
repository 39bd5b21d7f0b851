"""The ids in extracts, read into memory and nowhere else: for re-identification and for a change of key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.sources.columns import spread
from gevinst.sources.parts import Part, Supplier
from gevinst.sources.reading import Source, open_source
from gevinst.tables import SPELLS, Contract

ID = "person_id"
ID_LIST = Contract("ids", (SPELLS.column(ID),), personal=True)
"""A file of which only the column of ids is read, whatever else is in it."""
_SUFFIXES = (".csv", ".parquet")
_NO_IDS = {"intake.missing-columns", "intake.no-header", "intake.empty-file", "intake.not-a-file"}


def ids_in(places: Sequence[Path], suppliers: Sequence[Supplier] = ()) -> Iterator[list[str]]:
    """The ids as they are written, in pieces, from all files in `places` (files, or folders of them).

    What `suppliers` know is read as they read it, and any other CSV or Parquet file with a column of ids (`person_id`,
    `cpr` …). Ids are given once per piece, not once in all. Raises `protection.no-ids` where a place holds no such
    file, and what reading a file raises.
    """
    for place in places:
        sources = list(_sources(place, suppliers))
        if not sources:
            raise GevinstError("protection.no-ids", where=str(place))
        for source in sources:
            for rows in source.rows():
                texts: list[str] = spread(rows.cells[ID]).texts.to_pylist()
                yield texts


def _sources(place: Path, suppliers: Sequence[Supplier]) -> Iterator[Source]:
    try:
        files = sorted(place.iterdir()) if place.is_dir() else [place]
    except OSError as fault:
        raise GevinstError("intake.folder-unreadable", where=str(place)) from fault
    for path in files:
        if path.name.startswith("."):
            continue
        parts: list[Part] = [part for one in suppliers for part in one.parts(path)] if path.is_file() else []
        personal = [part for part in parts if part.contract.personal]
        if personal:
            yield from (part.open() for part in personal)
        elif (source := _with_ids(path)) is not None:
            yield source


def _with_ids(path: Path) -> Source | None:
    if path.suffix.lower() not in _SUFFIXES:
        return None
    try:
        return open_source(path, ID_LIST)
    except GevinstError as fault:
        if fault.code in _NO_IDS:
            return None
        raise
