"""The archive itself: the same files give the same bytes, and what is read from one is safe to unpack."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from gevinst.disk import sync, told_plainly
from gevinst.errors import DAMAGED_PACKAGE, GevinstError

BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest moment a ZIP archive can tell; when it was made is not told
OWNER_ONLY = 0o600
LARGEST = 2 << 30  # bytes, unpacked
MOST = 10_000  # members


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP archive: in order of their names, without times, readable by the owner only.

    >>> packed({"b": b"2", "a": b"1"}) == packed({"a": b"1", "b": b"2"})
    True
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, BEGINNING)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix, so that the modes below are read, wherever it was made
            member.external_attr = (0o100000 | OWNER_ONLY) << 16
            archive.writestr(member, files[name])
    return written.getvalue()


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of an archive. Raises `package.missing` and `package.unreadable`.

    Names that lead out of a folder, names that stand twice, and more than two gigabytes are refused.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            if (len(set(names)) != len(names) or not all(map(_harmless, names)) or len(names) > MOST
                    or sum(member.file_size for member in members) > LARGEST):
                raise GevinstError("package.unreadable", where=str(path))
            return {member.filename: archive.read(member) for member in members}
    except FileNotFoundError:
        raise GevinstError("package.missing", where=str(path)) from None
    except (*DAMAGED_PACKAGE, OSError, ValueError) as fault:
        raise GevinstError("package.unreadable", where=str(path)) from fault


def _harmless(name: str) -> bool:
    """Whether a member's name stays inside the folder it is unpacked in.

    >>> [_harmless(name) for name in ("a/b", "../a", "/a", "a//b", "c:a", "a/", ".a")]
    [True, False, False, False, False, False, True]
    """
    parts = PurePosixPath(name).parts
    return bool(parts) and "/".join(parts) == name and ".." not in parts and not name.startswith("/") and (
        "\\" not in name and ":" not in name and "\0" not in name)


def write_archive(content: bytes, path: Path) -> None:
    """Write the archive beside its place and put it there at once, for its owner only.

    Raises `package.exists` where something is there, and the errors of writing; then nothing is left.
    """
    with told_plainly(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for the owner only
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _put(Path(draft), path)
            sync(path.parent)
        finally:
            Path(draft).unlink(missing_ok=True)


def _put(draft: Path, path: Path) -> None:
    """Give a file its name, unless it is another's. A link, unlike a rename, never takes another's place."""
    try:
        os.link(draft, path)
        return
    except FileExistsError:
        raise GevinstError("package.exists", where=str(path)) from None
    except OSError:  # some network drives have no links
        if path.exists():
            raise GevinstError("package.exists", where=str(path)) from None
    draft.replace(path)
