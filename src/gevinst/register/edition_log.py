"""The states of an edition: draft, checked, approved by another person than its author, published.

Every change of state is an event with who, when and why, and with the checksum of the list of the edition's files as
they were left. An event holds the checksum of the event before it, whatever edition that was of, so that one that is
changed, removed or put in shows. Nothing here reads or writes a file or a database.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from gevinst.errors import GevinstError
from gevinst.language import say

State = Literal["draft", "checked", "approved", "published"]
STATES: tuple[State, ...] = ("draft", "checked", "approved", "published")
NOTHING = ""


@dataclass(frozen=True)
class Event:
    """An edition came into `state` at a moment (UTC). `by` is who said so, `account` the operating system's user.

    `sums_sha256` is the checksum of the edition's `SHA256SUMS` in this state; `before` and `sha256` are the links of
    the chain. `own_account`, of an approval, is whether the workspace asked for another account than the author's then
    (`own_account_to_approve`); None of other events, and of those of an older program.
    """

    at: datetime
    state: State
    by: str
    account: str
    comment: str
    sums_sha256: str
    before: str = NOTHING
    sha256: str = ""
    own_account: bool | None = None


@dataclass(frozen=True)
class EditionRecord:
    """An edition as the store knows it, with its events in order; `corrects` is the edition it corrects, or empty."""

    key: str
    portfolio: str
    memo_date: date
    author: str
    corrects: str = ""
    reason: str = ""
    events: tuple[Event, ...] = ()

    @property
    def state(self) -> State:
        """The state it is in."""
        return self.events[-1].state

    @property
    def last(self) -> Event:
        """The event that brought it into its state."""
        return self.events[-1]

    def event(self, state: State) -> Event | None:
        """The event that brought it into `state`, if it has been there."""
        return next((one for one in self.events if one.state == state), None)

    @property
    def same_account(self) -> bool:
        """Whether it was approved from the account of the operating system that it was made from."""
        approved = self.event("approved")
        return approved is not None and approved.account == self.events[0].account


def state_name(state: State) -> str:
    """What a reader calls a state."""
    return {
        "draft": say(da="udkast", en="draft"),
        "checked": say(da="kontrolleret", en="checked"),
        "approved": say(da="godkendt", en="approved"),
        "published": say(da="udgivet", en="published"),
    }[state]


def same_person(one: str, other: str) -> bool:
    """Whether two names are of one person as far as their letters say: case and spaces do not count.

    >>> same_person("Anna  Holm", "anna holm"), same_person("anna", "bo")
    (True, False)
    """
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def require_step(record: EditionRecord, to: State, by: str) -> None:
    """Whether the edition may come into the state `to` by `by`.

    Raises `edition.is-published` for one that is published, `edition.wrong-order` where a state is left out or was
    had, `edition.no-name`, and `edition.same-person` where the author approves.
    """
    if not by.strip():
        raise GevinstError("edition.no-name")
    if record.state == "published":
        raise GevinstError("edition.is-published", where=record.key, edition=record.key)
    following = STATES[STATES.index(record.state) + 1]
    if to != following:
        raise GevinstError("edition.wrong-order", where=record.key, edition=record.key, state=state_name(record.state),
                           asked=state_name(to), following=state_name(following))
    if to == "approved" and same_person(by, record.author):
        raise GevinstError("edition.same-person", where=record.key, edition=record.key, author=record.author)


def linked(record: EditionRecord, event: Event, before: str) -> Event:
    """The event of the edition as a link after the one with the checksum `before`."""
    return replace(event, before=before, sha256=_checksum(record, event, before))


def require_unbroken(chain: Iterable[tuple[EditionRecord, Event]]) -> None:
    """Hold all events of a store, the oldest first, against their checksums; raises `edition.log-broken`."""
    before = NOTHING
    for number, (record, event) in enumerate(chain, start=1):
        if event.before != before or event.sha256 != _checksum(record, event, before):
            raise GevinstError("edition.log-broken", number=number, edition=record.key)
        before = event.sha256


def _checksum(record: EditionRecord, event: Event, before: str) -> str:
    said = [before, record.key, record.portfolio, record.memo_date.isoformat(), record.author, record.corrects,
            record.reason, event.at.astimezone(UTC).isoformat(), event.state, event.by, event.account, event.comment,
            event.sums_sha256]
    if event.own_account is not None:  # events of an older program have no such thing in their checksums
        said.append(f"own account: {event.own_account}")
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()
