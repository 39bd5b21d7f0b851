"""Who has looked up whom, when and why: `access-log.jsonl`, only added to, readable per person.

The log holds pseudonyms, never ids. Its head lies beside the key, outside the workspace, so that lines taken away at
the end show too (`register/kept_logs.py`). Who asks by whom a CPR number was looked
up could find its pseudonym, so that is entered too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gevinst.register.chained_log import ChainedLog
from gevinst.register.kept_logs import FILES, add_line, kept_log
from gevinst.settings import Settings
from gevinst.sources.cells import without_cpr

ACCESS_LOG = FILES["access"]
LOOKED_UP, ASKED, NEW_PSEUDONYM = "looked-up", "asked", "new-pseudonym"


@dataclass(frozen=True)
class LookUp:
    """One person looked up: when (UTC), by whom as they say and as the system knows them, why, and found or not.

    `asked` is no look-up of an id, but a question to this log about a CPR number.
    """

    at: datetime
    by: str
    account: str
    purpose: str
    person: int
    found: bool
    asked: bool = False


def access_log(settings: Settings) -> ChainedLog:
    """The workspace's log of re-identifications."""
    return kept_log(settings, "access")


def enter_look_up(
    settings: Settings, at: datetime, *, by: str, purpose: str, persons: Sequence[int], found: Sequence[int]
) -> None:
    """Enter that `persons` are looked up, before anybody sees them. Raises the errors of `kept_logs.add_line`."""
    add_line(settings, "access", at, LOOKED_UP, by=without_cpr(by), purpose=without_cpr(purpose),
             persons=sorted(persons), found=sorted(found))


def enter_question(settings: Settings, at: datetime, *, by: str, purpose: str, person: int) -> None:
    """Enter that somebody asks who has looked `person` up. Raises the errors of `kept_logs.add_line`."""
    add_line(settings, "access", at, ASKED, by=without_cpr(by), purpose=without_cpr(purpose), persons=[person],
             found=[])


def enter_new_pseudonyms(settings: Settings, new_of: Mapping[int, int], at: datetime) -> None:
    """Enter what those in the log are called under a new key, so that it stays readable per person."""
    if new_of:
        pairs = [[old, new] for old, new in sorted(new_of.items())]
        add_line(settings, "access", at, NEW_PSEUDONYM, pairs=pairs)


def logged_pseudonyms(settings: Settings) -> tuple[int, ...]:
    """Everybody who has been looked up, by their pseudonyms then and later."""
    found: set[int] = set()
    for entry in access_log(settings).entries():
        found.update(entry.get("persons", ()))
        found.update(new for _, new in entry.get("pairs", ()))
    return tuple(sorted(found))


def look_ups(settings: Settings, person: int | None = None) -> tuple[LookUp, ...]:
    """The log, the oldest first: of one person by today's pseudonym, or of all, a line per person.

    Raises the errors of `ChainedLog.entries`.
    """
    entries = access_log(settings).entries()
    names = None if person is None else _earlier_names(entries, person)
    return tuple(
        LookUp(datetime.fromisoformat(entry["at"]), entry["by"], entry["account"], entry["purpose"], one,
               one in set(entry["found"]), entry["event"] == ASKED)
        for entry in entries if entry["event"] in (LOOKED_UP, ASKED)
        for one in entry["persons"] if names is None or one in names)


def _earlier_names(entries: Sequence[Mapping[str, Any]], person: int) -> set[int]:
    """A person's pseudonym, and those under earlier keys."""
    names = {person}
    for entry in reversed(entries):
        names |= {old for old, new in entry.get("pairs", ()) if new in names}
    return names
