"""What became of the snapshots: each import, deletion, change of key and of encryption, in the order they happened.

`journal.jsonl` in the workspace holds no persons but the account that did it (lines of an older program have none). It
outlives the snapshots, so that the day persons' data were first loaded stays known when the snapshots of that day have
been deleted: a protocol was fixed before it, or it was not. That lines were taken away shows by its head
(`register/kept_logs.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from gevinst.register.chained_log import ChainedLog
from gevinst.register.kept_logs import FILES, add_line, kept_log
from gevinst.settings import Settings

JOURNAL = FILES["journal"]
Event = Literal["import", "delete-snapshot", "delete-persons", "rotate-key", "destroy-key", "encrypt", "decrypt"]


def journal(settings: Settings) -> ChainedLog:
    """The workspace's journal."""
    return kept_log(settings, "journal")


def enter(settings: Settings, event: Event, at: datetime, **said: Any) -> None:
    """Enter an event of the moment `at` (UTC) with the account. Raises the errors of `kept_logs.add_line`."""
    add_line(settings, "journal", at, event, **said)


def persons_loaded(settings: Settings) -> tuple[datetime, ...]:
    """The moments (UTC) at which persons' data were loaded, as far as the journal knows; some may be named twice."""
    return tuple(datetime.fromisoformat(one["taken"]) for one in journal(settings).entries() if one.get("persons"))


def key_destroyed(settings: Settings, key_id: str) -> bool:
    """Whether the key with this mark was destroyed in this workspace."""
    return any(one["event"] == "destroy-key" and one["key_id"] == key_id for one in journal(settings).entries())
