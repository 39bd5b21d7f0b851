"""`SHA256SUMS`: the files of a folder with their checksums, in the form that `sha256sum -c` reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"
_NOT_OURS = (".", "~$")  # what an editor or an operating system leaves while a file is open
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def sha256_of(content: bytes) -> str:
    """The checksum of some bytes, 64 figures in base sixteen."""
    return hashlib.sha256(content).hexdigest()


def as_sums(sums: Mapping[str, str]) -> bytes:
    """The file, a line for each name in order.

    >>> as_sums({"b": "1" * 64, "a": "0" * 64}).decode().split()[1::2]
    ['a', 'b']
    """
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def read_sums(folder: Path) -> dict[str, str]:
    """Name and checksum of every file in the folder's list. Raises `OSError`, and `ValueError` where it is no list."""
    found = {}
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(SUMS)
        found[match.group(2)] = match.group(1)
    return found


def differing(folder: Path, sums: Mapping[str, str]) -> tuple[str, ...]:
    """The files that are not there or not as the list says, and those that are not in it, by name."""
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")
             if path.is_file() and not path.name.startswith(_NOT_OURS)}
    there.pop(SUMS, None)
    wrong = {name for name, sha256 in sums.items()
             if name not in there or sha256_of(there[name].read_bytes()) != sha256}
    return tuple(sorted(wrong | (there.keys() - sums.keys())))
