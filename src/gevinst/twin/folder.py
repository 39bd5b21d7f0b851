"""A twin's files put where they are asked for: whole, for the owner only, and never over anything."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gevinst.disk import sync_folder, told_plainly, write_private
from gevinst.errors import GevinstError


def write_folder(files: Mapping[str, bytes], target: Path) -> None:
    """Write files into the new folder `target`, all of them or nothing.

    Raises `twin.exists` where something is there, and the errors of writing.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise GevinstError("twin.exists", where=str(target))
    with told_plainly(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            for name, content in files.items():
                (staging / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_private(staging / name, content)
            for inner in (staging, *(path for path in staging.rglob("*") if path.is_dir())):
                sync_folder(inner)
            staging.replace(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
