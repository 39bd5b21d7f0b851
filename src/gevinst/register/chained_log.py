"""A log that is only added to: a line of JSON per event, each with the checksum of the line before.

A line that was changed, removed or put in breaks the chain. That the last lines were taken away shows where a `head`
is kept: a small file somewhere else with the number of lines and the checksum of the last.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gevinst.disk import sync, told_plainly
from gevinst.errors import GevinstError

BEFORE = "before"
_NOTHING = ""


@dataclass(frozen=True)
class ChainedLog:
    """A log file, and where its head is kept (None: nowhere)."""

    path: Path
    head: Path | None = None

    def entries(self) -> tuple[dict[str, Any], ...]:
        """All entries, the oldest first; none where there is no log.

        Raises `protection.log-broken` with the line where the chain breaks, and `protection.log-cut` where the head
        knows of lines that are not there.
        """
        found, lines, before = [], self._lines(), _NOTHING
        for number, line in enumerate(lines, start=1):
            entry = self._entry(line, number)
            if entry.pop(BEFORE) != before:
                raise GevinstError("protection.log-broken", where=f"{self.path}:{number}")
            found.append(entry)
            before = _checksum(line)
        self._compare(lines)
        return tuple(found)

    def append(self, entry: Mapping[str, Any]) -> None:
        """Add an entry and see it onto the disk. Raises the errors of `entries` and of writing."""
        self.entries()
        lines = self._lines()
        before = _checksum(lines[-1]) if lines else _NOTHING
        line = json.dumps({**entry, BEFORE: before}, ensure_ascii=False).encode()
        with told_plainly(self.path):
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b") as file:
                file.truncate(sum(len(one) + 1 for one in lines))  # half a line is what a crash has left
                file.seek(0, os.SEEK_END)
                file.write(line + b"\n")
                file.flush()
                os.fsync(file.fileno())
            self._keep_head(len(lines) + 1, _checksum(line))

    def _lines(self) -> list[bytes]:
        try:
            return self.path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []
        except OSError as fault:
            raise GevinstError("protection.log-unreadable", where=str(self.path)) from fault

    def _entry(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict) or BEFORE not in entry:
            raise GevinstError("protection.log-broken", where=f"{self.path}:{number}")
        return entry

    def _compare(self, lines: list[bytes]) -> None:
        """Hold the log against its head; a head that is one line behind was overtaken by a crash."""
        if self.head is None or not self.head.exists():
            return
        try:
            known = json.loads(self.head.read_text(encoding="utf-8"))
            count, checksum = int(known["lines"]), str(known["sha256"])
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise GevinstError("protection.log-unreadable", where=str(self.head)) from fault
        if not count <= len(lines) <= count + 1 or _checksum(lines[count - 1]) != checksum:
            raise GevinstError("protection.log-cut", where=str(self.path), known=count, found=len(lines))

    def _keep_head(self, count: int, checksum: str) -> None:
        if self.head is None:
            return
        coming = self.head.with_name(f".{self.head.name}.coming")
        handle = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps({"lines": count, "sha256": checksum}).encode())
            file.flush()
            os.fsync(file.fileno())
        coming.replace(self.head)
        sync(self.head.parent)


def _checksum(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
