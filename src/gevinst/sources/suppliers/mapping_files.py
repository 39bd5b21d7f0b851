"""Mapping files in a workspace, and the bundled examples.

The examples are not facts: no public layout of Fasit or Momentum is known. They are marked as unverified, are never
used by an import, and serve as something to begin from.
"""

from __future__ import annotations

from pathlib import Path

from gevinst.disk import told_plainly, write_private
from gevinst.errors import GevinstError
from gevinst.sources.cells import holds_cpr
from gevinst.sources.suppliers.mapped_source import read_mappings
from gevinst.sources.suppliers.mapping import FileMapping
from gevinst.sources.suppliers.mapping_writer import mapping_path, mapping_text

EXAMPLES = Path(__file__).parent / "examples"


def examples() -> tuple[FileMapping, ...]:
    """The bundled examples.

    >>> all(one.unverified for one in examples())
    True
    """
    return read_mappings(EXAMPLES)


def known_mappings(folder: Path) -> tuple[FileMapping, ...]:
    """A workspace's own mappings, then the examples."""
    return (*read_mappings(folder), *examples())


def mapping_named(key: str, folder: Path) -> FileMapping:
    """The mapping with a key, the workspace's own before an example. Raises `mapping.unknown`."""
    known = known_mappings(folder)
    found = next((one for one in known if one.key == key), None)
    if found is None:
        raise GevinstError("mapping.unknown", key=key, known=", ".join(one.key for one in known))
    return found


def refuse_existing(key: str, folder: Path) -> None:
    """Raises `mapping.exists` where there is a mapping with this key."""
    path = mapping_path(folder, key)
    if path.exists():
        raise GevinstError("mapping.exists", where=str(path), key=key)


def save_mapping(mapping: FileMapping, folder: Path, *, replace: bool = False) -> Path:
    """Write a mapping, whole or not at all, for its owner's eyes.

    Raises `mapping.exists`, `mapping.holds-cpr`, and what `told_plainly` says.
    """
    if not replace:
        refuse_existing(mapping.key, folder)
    path = mapping_path(folder, mapping.key)
    if holds_cpr(mapping_text(mapping)):
        raise GevinstError("mapping.holds-cpr", where=path.name)
    with told_plainly(path):
        folder.mkdir(mode=0o700, exist_ok=True)
        draft = folder / f".{mapping.key}.draft"
        draft.unlink(missing_ok=True)
        write_private(draft, mapping_text(mapping).encode())
        draft.replace(path)
    return path
