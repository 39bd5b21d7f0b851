"""The program's version, in a place every stage may import."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

__version__ = "0.1.0"
HOME = Path(__file__).parent
_NOT_CODE = {".pyc", ".pyo", ".swp"}


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """A checksum of all the program is made of: code, parameters, messages, templates, fonts.

    Two installations with the same version and another figure here are not the same program: one of them was changed.

    >>> len(code_fingerprint())
    64
    """
    found = hashlib.sha256()
    for path in sorted(HOME.rglob("*"), key=lambda one: one.relative_to(HOME).as_posix()):
        if path.is_file() and path.suffix not in _NOT_CODE and "__pycache__" not in path.parts:
            found.update(path.relative_to(HOME).as_posix().encode() + b"\0")
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def code_version() -> str:
    """The version and the first twelve figures of the code's checksum, such as `0.1.0+5f3a…`."""
    return f"{__version__}+{code_fingerprint()[:12]}"
