"""A log that is only added to: a line of JSON per event, each with the checksum of the line before.

A line that was changed, removed or put in breaks the chain. That the last lines were taken away shows where a `head`
is kept: a small file somewhere else with the number of lines, the checksum of the last, and whose log it is.
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
    """A log file, where its head is kept (None: nowhere), and the folder that the head says it belongs to."""

    path: Path
    head: Path | None = None
    home: str = ""

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
        before = _last(lines)
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

    def begin_head(self) -> None:
        """Make the head of the log as it stands. Raises the errors of writing."""
        lines = self._lines()
        with told_plainly(self.head or self.path):
            self._keep_head(len(lines), _last(lines))

    def known(self) -> int | None:
        """How many lines the head knows of; None where there is no head. Raises `protection.log-unreadable`."""
        head = self._read_head()
        return None if head is None else head[0]

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
        """Hold the log against its head.

        Lines that the head does not know of were added by a process that died, or where the head was not at hand;
        `known` tells how many there are.
        """
        head = self._read_head()
        if head is None:
            return
        count, checksum = head
        if count > len(lines) or _last(lines[:count]) != checksum:
            raise GevinstError("protection.log-cut", where=str(self.path), known=count, found=len(lines))

    def _read_head(self) -> tuple[int, str] | None:
        """The number of lines and the checksum of the last of them, as the head has them."""
        if self.head is None or not self.head.exists():
            return None
        try:
            known = json.loads(self.head.read_text(encoding="utf-8"))
            return int(known["lines"]), str(known["sha256"])
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise GevinstError("protection.log-unreadable", where=str(self.head)) from fault

    def _keep_head(self, count: int, checksum: str) -> None:
        if self.head is None:
            return
        coming = self.head.with_name(f".{self.head.name}.coming")
        handle = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps({"lines": count, "sha256": checksum, "workspace": self.home}).encode())
            file.flush()
            os.fsync(file.fileno())
        coming.replace(self.head)
        sync(self.head.parent)


def _last(lines: list[bytes]) -> str:
    """The checksum of the last line; of none it is empty."""
    return _checksum(lines[-1]) if lines else _NOTHING


def _checksum(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
