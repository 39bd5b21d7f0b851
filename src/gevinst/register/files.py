"""Writing whole files: either the new file is there, complete, or the old one is untouched."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from gevinst.disk import reason_of, sync, write_private
from gevinst.errors import GevinstError


def write_text(text: str, path: Path) -> None:
    """Write UTF-8 text. Raises `register.file-unwritable`."""
    write_bytes(text.encode("utf-8"), path)


def write_bytes(data: bytes, path: Path) -> None:
    """Write beside the target, then put it in its place. Raises `register.file-unwritable`."""
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise GevinstError("register.file-unwritable", where=str(path), reason=reason_of(error)) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except OSError as error:
        Path(draft).unlink(missing_ok=True)
        raise GevinstError("register.file-unwritable", where=str(path), reason=reason_of(error)) from error


def write_private_anew(path: Path, data: bytes) -> None:
    """Write a file for its owner's eyes, in the place of the one that is there. Raises `OSError`."""
    coming = path.with_name(f".{path.name}.coming")
    coming.unlink(missing_ok=True)
    write_private(coming, data)
    coming.replace(path)
    sync(path.parent)
