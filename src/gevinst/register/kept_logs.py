"""A workspace's two logs, with their heads beside the key: the access log, and the journal of snapshots.

A head is named by the workspace's own id (`workspace-id`, made with the workspace), so that it follows the workspace
wherever it is moved to. A copy has the same id as its original while that is still where the head says: it gets an id
and heads of its own. Where a log has no head, as after a copy, a change of key file or somebody's removing one, that is
told; when the next line is added a head is made, and the log says for ever from which line it counts.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from gevinst.disk import told_plainly
from gevinst.errors import GevinstError
from gevinst.register.account import account
from gevinst.register.chained_log import ChainedLog
from gevinst.register.files import write_private_anew
from gevinst.settings import ID_FILE, Settings, new_workspace_id

Which = Literal["access", "journal"]
FILES: dict[Which, str] = {"access": "access-log.jsonl", "journal": "journal.jsonl"}
_HEADS: dict[Which, str] = {"access": "log-head", "journal": "journal-head"}
HEAD_MADE, HEAD_BEHIND = "head-made", "head-behind"
_AT_ONCE = 1
"""Lines that a head may be behind by: the one whose writer died before the head was written."""


@dataclass(frozen=True)
class Anew:
    """At `at` a log got a head that counts from its first `lines` lines: what stood after them then is not vouched for.

    `event` is `head-made` where there was no head, and `head-behind` where lines had come without it.
    """

    at: datetime
    event: str
    lines: int


@dataclass(frozen=True)
class LogState:
    """A log that is whole as far as can be seen: its lines, those its head knows (None: there is no head), its past."""

    lines: int
    known: int | None
    anew: tuple[Anew, ...]

    @property
    def beyond(self) -> int:
        """Lines that came without the head; 0 where there is none."""
        return 0 if self.known is None or self.lines - self.known <= _AT_ONCE else self.lines - self.known


def kept_log(settings: Settings, which: Which) -> ChainedLog:
    """The log as it can be read now, with its head if there is one."""
    home = str(settings.workspace)
    return ChainedLog(settings.workspace / FILES[which], _head_there(settings, which), home)


def state_of(settings: Settings, which: Which) -> LogState:
    """Whether a log has a head and always had. Raises the errors of `ChainedLog.entries`."""
    log = kept_log(settings, which)
    entries = log.entries()
    anew = tuple(Anew(datetime.fromisoformat(one["at"]), one["event"], int(one["lines"])) for one in entries
                 if one.get("event") in (HEAD_MADE, HEAD_BEHIND))
    return LogState(len(entries), log.known(), anew)


def add_line(settings: Settings, which: Which, at: datetime, event: str, /, **said: Any) -> None:
    """Add a line with the account that does it, after seeing to the heads.

    Raises the errors of `ChainedLog.append`; then nothing was added.
    """
    make_ready(settings, at)
    _append(kept_log(settings, which), at, event, said)


def require_whole(settings: Settings) -> None:
    """Raise the errors of `ChainedLog.entries` where a log of the workspace is not whole."""
    for which in FILES:
        kept_log(settings, which).entries()


def make_ready(settings: Settings, at: datetime) -> None:
    """See that both logs are whole and have heads; a log that gets one anew says so.

    Where the folder of the key is not there or may not be written in, a log goes on without a head, which is told by
    whoever reads it. Raises the errors of `ChainedLog.entries` and of writing in the workspace.
    """
    mark = _own_id(settings)
    for which in FILES:
        log, there = kept_log(settings, which), _head_there(settings, which)
        head = _head(settings, which, mark)
        lines, known = len(log.entries()), log.known()
        anew = ChainedLog(log.path, head, log.home)
        if there == head:
            if known is not None and lines - known > _AT_ONCE:
                _append(anew, at, HEAD_BEHIND, {"lines": known})
            continue
        if not _begun(anew):
            continue
        if there is not None:  # it was named by the path of the workspace
            there.unlink()
        elif lines or _has_snapshots(settings):
            _append(anew, at, HEAD_MADE, {"lines": lines})


def _append(log: ChainedLog, at: datetime, event: str, said: dict[str, Any]) -> None:
    log.append({"at": at.isoformat(timespec="seconds"), "event": event, "account": account(), **said})


def _begun(log: ChainedLog) -> bool:
    """Make the head; False where the key's folder cannot take it."""
    if log.head is None or not log.head.parent.is_dir():
        return False
    try:
        log.begin_head()
    except GevinstError as fault:
        if fault.code == "workspace.not-writable":
            return False
        raise
    return True


def _own_id(settings: Settings) -> str:
    """The workspace's id; a new one where it has none, or has that of the workspace it is a copy of."""
    mark = _id_in(settings.workspace)
    if mark and not any(_of_another(_head(settings, which, mark), settings, mark) for which in FILES):
        return mark
    mark = new_workspace_id()
    path = settings.workspace / ID_FILE
    with told_plainly(path):
        write_private_anew(path, mark.encode())
    return mark


def _id_in(workspace: Path) -> str:
    try:
        text = (workspace / ID_FILE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return text if text.isascii() and text.isalpha() else ""


def _head(settings: Settings, which: Which, mark: str) -> Path:
    return settings.key_file.with_name(f"{settings.key_file.name}.{mark}.{_HEADS[which]}")


def _head_there(settings: Settings, which: Which) -> Path | None:
    """The head of the log, by the workspace's id, or by its path, as heads were named before."""
    mark = _id_in(settings.workspace)
    by_id = _head(settings, which, mark)
    if mark and by_id.exists() and not _of_another(by_id, settings, mark):
        return by_id
    by_path = _head(settings, which, hashlib.sha256(str(settings.workspace).encode()).hexdigest()[:12])
    return by_path if which == "access" and by_path.exists() else None


def _of_another(head: Path, settings: Settings, mark: str) -> bool:
    """Whether a head is of another workspace with this id, which is still there: this one is a copy of it then."""
    try:
        home = Path(json.loads(head.read_text(encoding="utf-8"))["workspace"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if home == settings.workspace or _id_in(home) != mark:
        return False
    with suppress(OSError):
        return not home.samefile(settings.workspace)
    return True


def _has_snapshots(settings: Settings) -> bool:
    folder = settings.snapshots
    return folder.is_dir() and any(one.is_dir() and not one.name.startswith(".") for one in folder.iterdir())
