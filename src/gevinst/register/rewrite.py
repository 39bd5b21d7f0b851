"""A stored snapshot written anew: under another key, with fewer persons, encrypted or not.

Snapshots are never changed in place. The new form is written whole beside the old one and takes its place by a rename.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gevinst.backend import Backend, open_duckdb
from gevinst.disk import sync_folder, told_plainly, write_private
from gevinst.register.encryption import SEAL_FILE, new_seal, unlocking
from gevinst.settings import Settings
from gevinst.sources.manifest import MANIFEST_FILE, Manifest, write_manifest
from gevinst.sources.staging import REJECTS_FILE, without_cells

if TYPE_CHECKING:
    import ibis.expr.types as ir

PERSON = "person"
SPILLED = ".spilled"
COMPLETE_FILE = "complete-from.json"
Change = Callable[["ir.Table", Backend], "ir.Table"]


@dataclass(frozen=True)
class Anew:
    """What is to be different: the persons' tables, the manifest, and from which day everybody is still there."""

    manifest: Manifest
    change: Change | None = None
    complete_from: date | None = None


def rewrite(folder: Path, target: Path, settings: Settings, anew: Anew) -> None:
    """Write the snapshot in `folder` anew into the empty directory `target`, read-only and on the disk.

    Persons' tables are sorted again: an order that stayed would join the persons of the two forms. Raises the errors
    of `encryption`, of the disk and of the engine.
    """
    seal = new_seal(settings)
    with told_plainly(target):
        backend = unlocking(open_for_rewriting(settings, target / SPILLED))
        try:
            for path in sorted(folder.glob("*.parquet")):
                rows = backend.read_parquet(path, path.stem)
                if PERSON in rows.columns and anew.change is not None:
                    rows = anew.change(rows, backend)
                new = target / path.name
                key = None if seal is None else seal.file_key(new)
                backend.write_parquet(rows.order_by(list(rows.columns)), new, key)
        finally:
            backend.close()
            shutil.rmtree(target / SPILLED, ignore_errors=True)
        manifest = _other_files(folder, target, anew.manifest, in_clear=seal is None)
        if anew.complete_from is not None:
            (target / COMPLETE_FILE).unlink(missing_ok=True)
            write_private(target / COMPLETE_FILE, json.dumps({"from": anew.complete_from.isoformat()}).encode())
        if seal is not None:
            write_private(target / SEAL_FILE, seal.as_json())
        write_manifest(target, manifest)
        for path in target.iterdir():
            path.chmod(0o400)
        sync_folder(target)


def open_for_rewriting(settings: Settings, scratch: Path | None = None) -> Backend:
    """An engine within the workspace's bounds. Where snapshots are encrypted it may not spill rows to the disk."""
    closed = settings.encrypt_snapshots
    return open_duckdb(threads=settings.engine_threads, memory=settings.engine_memory,
                       scratch=None if closed else scratch, spill=not closed)


def complete_from(folder: Path) -> date | None:
    """The day from which a snapshot still holds everybody; None where no persons have been deleted from it."""
    try:
        said: dict[str, Any] = json.loads((folder / COMPLETE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return date.fromisoformat(said["from"])


def _other_files(folder: Path, target: Path, manifest: Manifest, *, in_clear: bool) -> Manifest:
    """Copy what is no table; the list of rejects without the words that were refused, unless all is `in_clear`."""
    for path in folder.iterdir():
        if path.is_file() and path.suffix != ".parquet" and path.name not in (MANIFEST_FILE, SEAL_FILE):
            if path.name == REJECTS_FILE and not in_clear:
                content = without_cells(path.read_bytes())
                manifest = replace(manifest, rejects_sha256=hashlib.sha256(content).hexdigest())
                write_private(target / path.name, content)
            else:
                shutil.copyfile(path, target / path.name)
    return manifest
