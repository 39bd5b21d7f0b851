"""A package unpacked for an auditor: its files, and beside them a workspace in which the twin is imported."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gevinst.audit.check import changed_files, lay_out
from gevinst.audit.twin_run import WORKSPACE, Plan, open_twin
from gevinst.disk import told_plainly
from gevinst.errors import GevinstError

PACKAGE = "package"
NAMED = 10
"""How many files a refusal names."""


def open_package(files: Mapping[str, bytes], target: Path) -> str:
    """Make the folder `target` with `package`, `workspace` and the twin's key; returns how `gevinst run` is asked for.

    All of it or nothing. Raises `twin.exists`, `package.changed` where a file is not as its checksum says,
    `package.unreadable`, and the errors of writing and importing.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise GevinstError("twin.exists", where=str(target))
    with told_plainly(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with told_plainly(target):
            (staging / PACKAGE).mkdir(mode=0o700)
            lay_out(files, staging / PACKAGE)
        wrong = changed_files(staging / PACKAGE)
        if wrong:  # a figure run from a package somebody has changed would pass for the municipality's
            more = f" … (+{len(wrong) - NAMED})" if len(wrong) > NAMED else ""
            raise GevinstError("package.changed", files=", ".join(wrong[:NAMED]) + more)
        open_twin(staging / PACKAGE, staging)
        plan = Plan.read(staging / PACKAGE)
        with told_plainly(target):
            staging.replace(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return f"{target / WORKSPACE} --date {plan.memo_date.isoformat()}{'' if plan.persons else ' --recorded-only'}"
