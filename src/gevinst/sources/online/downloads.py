"""What was fetched, as it came: each answer a dated, hashed folder that is never changed.

    downloads/<source>/<UTC time>-<8 figures of the checksum>-<table>/
      body.json         the answer, byte by byte (or .csv, .px, .xlsx …)
      request.json      what was asked (never with the token), when, and the answer's checksum

An answer is written beside the others under a name that begins with a dot, seen onto the disk, and becomes a
download by one rename, as snapshots do.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from gevinst.disk import new_private_file, sync, sync_folder, told_plainly, write_private
from gevinst.errors import GevinstError
from gevinst.version import __version__

DOWNLOADS = "downloads"
INCOMING = ".incoming-"
ABANDONED_SECONDS = 24 * 60 * 60
REQUEST = "request.json"
_TIME = "%Y%m%dT%H%M%S%fZ"
_NAME = re.compile(r"(\d{8}T\d{12}Z)-([0-9a-f]{8})-([a-z0-9-]{1,60})")
_ENDING = re.compile(r"[a-z0-9]{1,5}")


@dataclass(frozen=True, order=True)
class Download:
    """One stored answer: when it was fetched (UTC), from where, of which table, and its checksum."""

    fetched: datetime
    source: str
    table: str
    folder: Path
    sha256: str
    body_name: str
    request: Mapping[str, Any]

    @property
    def day(self) -> date:
        """The day it was fetched, where the program runs."""
        return self.fetched.astimezone().date()

    def body(self) -> bytes:
        """The answer's bytes. Raises `online.download-changed` where they are no longer what was fetched."""
        return self.checked().read_bytes()

    def checked(self) -> Path:
        """The answer's file, its checksum held. Raises `online.download-changed`."""
        path = self.folder / self.body_name
        try:
            with path.open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except OSError:
            same = False
        if not same:
            raise GevinstError("online.download-changed", where=str(self.folder))
        return path


def slug(text: str) -> str:
    """A table's id as a file name may hold it.

    >>> slug("../Y01B01 æ")
    'y01b01'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-") or "table"


def keep(workspace: Path, source: str, table: str, body: bytes, *, ending: str, request: Mapping[str, Any],
         now: datetime) -> Download:
    """Store an answer. Raises `workspace.disk-full`, `workspace.not-writable`, `workspace.write-failed`."""
    with keep_stream(workspace, source, table, ending=ending) as stream:
        stream.file.write(body)
        return stream.done(request, now)


@dataclass
class Stream:
    """An answer on its way to the disk: write into `file`, then call `done`."""

    file: BinaryIO
    _finish: Callable[[Mapping[str, Any], datetime], Download]

    def done(self, request: Mapping[str, Any], now: datetime) -> Download:
        """Make it a download."""
        return self._finish(request, now)


@contextmanager
def keep_stream(workspace: Path, source: str, table: str, *, ending: str) -> Iterator[Stream]:
    """Room for an answer that is too long for memory; nothing is left where `done` was not called."""
    if not _ENDING.fullmatch(ending):
        raise ValueError(ending)
    home = workspace / DOWNLOADS / slug(source)
    with told_plainly(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = make_incoming(home)
        try:
            with new_private_file(incoming / f"body.{ending}") as file:

                def finish(request: Mapping[str, Any], now: datetime) -> Download:
                    file.flush()
                    os.fsync(file.fileno())
                    return _finished(incoming, home, source, table, ending, request, now)

                yield Stream(file, finish)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)


def make_incoming(home: Path) -> Path:
    """A folder to write in, after removing what a fetch that was killed left; one of the last day may be under way."""
    for left in home.glob(f"{INCOMING}*"):
        if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=INCOMING, dir=home))


def _finished(incoming: Path, home: Path, source: str, table: str, ending: str, request: Mapping[str, Any],
              now: datetime) -> Download:
    body = incoming / f"body.{ending}"
    with body.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    fetched = now.astimezone(UTC)
    said = {"source": source, "table": table, "fetched": fetched.isoformat(), "sha256": sha256,
            "bytes": body.stat().st_size, "body": body.name, "program": f"gevinst {__version__}",
            "request": dict(request)}
    write_private(incoming / REQUEST, json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode())
    name = f"{fetched.strftime(_TIME)}-{sha256[:8]}-{slug(table)}"
    final = settle(incoming, home, name)
    return Download(fetched, source, table, final, sha256, body.name, dict(request))


def settle(incoming: Path, home: Path, name: str) -> Path:
    """Make an incoming folder final: read-only files, on the disk, by one rename."""
    for path in incoming.iterdir():
        path.chmod(0o400)
    sync_folder(incoming)
    final = home / name
    incoming.rename(final)
    sync(home)
    return final


def downloads(workspace: Path, source: str | None = None) -> tuple[Download, ...]:
    """Everything fetched, the oldest first. Raises `online.download-changed` for a request that cannot be read."""
    home = workspace / DOWNLOADS
    if not home.is_dir():
        return ()
    folders = [below for one in sorted(home.iterdir()) if one.is_dir() and source in (None, one.name)
               for below in sorted(one.iterdir()) if _NAME.fullmatch(below.name) and (below / REQUEST).exists()]
    return tuple(sorted(read_download(folder) for folder in folders))


def read_download(folder: Path) -> Download:
    """One download by its folder. Raises `online.download-changed`."""
    try:
        said = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
        return Download(datetime.fromisoformat(said["fetched"]), said["source"], said["table"], folder,
                        said["sha256"], said["body"], said["request"])
    except (OSError, ValueError, KeyError, TypeError):
        raise GevinstError("online.download-changed", where=str(folder)) from None


def stamp(moment: datetime) -> str:
    """A moment as folders are named by it."""
    return moment.astimezone(UTC).strftime(_TIME)
