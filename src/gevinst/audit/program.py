"""Which program made it: the version, the checksum of its code, Python and the packages it ran with."""

from __future__ import annotations

import platform
import re
from importlib import metadata

from gevinst.version import __version__, code_fingerprint, code_version

NAME = "gevinst"
_REQUIRED = re.compile(r"[A-Za-z0-9._-]+")


def program() -> dict[str, str]:
    """The program as it is now."""
    return {"version": __version__, "code_version": code_version(), "code_sha256": code_fingerprint(),
            "python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}


def constraints() -> str:
    """The packages the program rests on as they are installed, as a file of constraints for pip.

    >>> "numpy==" in constraints()
    True
    """
    found: dict[str, str] = {}
    waiting = [NAME]
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            one = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # asked for on another system only
        found[name] = one.version
        waiting += [match.group(0) for line in one.requires or () if "extra ==" not in line
                    and (match := _REQUIRED.match(line))]
    return "".join(f"{name}=={found[name]}\n" for name in sorted(found) if name != NAME)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
