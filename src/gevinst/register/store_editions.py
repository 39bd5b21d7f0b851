"""Editions and their states as the store has them: rows are added, never changed."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gevinst.errors import GevinstError
from gevinst.register.edition_log import (
    NOTHING,
    EditionRecord,
    Event,
    State,
    linked,
    require_step,
    require_unbroken,
)
from gevinst.register.models import EditionEventRow, EditionRow

_LOCK = 0x65646974  # "edit": on PostgreSQL one program at a time adds to the log


def read_editions(session: Session) -> tuple[EditionRecord, ...]:
    """All editions in the order they were made. Raises `edition.log-broken`."""
    editions = session.scalars(select(EditionRow).order_by(EditionRow.id)).all()
    bare = {row.id: EditionRecord(row.key, row.portfolio, row.memo_date, row.author, row.corrects, row.reason)
            for row in editions}
    events = session.scalars(select(EditionEventRow).order_by(EditionEventRow.id)).all()
    chain = [(row.edition_id, Event(row.at, cast(State, row.state), row.by, row.account, row.comment, row.sums_sha256,
                                    row.before, row.sha256, row.own_account)) for row in events]
    require_unbroken((bare[number], event) for number, event in chain)
    found = []
    for number, record in bare.items():
        mine = tuple(event for owner, event in chain if owner == number)
        if not mine:  # every edition was entered with its first state
            raise GevinstError("edition.log-broken", number=len(chain) + 1, edition=record.key)
        found.append(replace(record, events=mine))
    return tuple(found)


def add_edition(session: Session, record: EditionRecord, event: Event) -> EditionRecord:
    """Enter an edition with its first state; one that is there already is left as it is."""
    known = _alone(session)
    there = next((one for one in known if one.key == record.key), None)
    if there is not None:
        return there
    row = EditionRow(key=record.key, portfolio=record.portfolio, memo_date=record.memo_date, author=record.author,
                     corrects=record.corrects, reason=record.reason)
    session.add(row)
    session.flush()
    return _add_event(session, record, row.id, event, known)


def add_state(session: Session, key: str, event: Event) -> EditionRecord:
    """Enter that an edition came into the event's state. Raises `edition.unknown` and the errors of `require_step`."""
    known = _alone(session)
    record = next((one for one in known if one.key == key), None)
    if record is None:
        raise GevinstError("edition.unknown", edition=key)
    require_step(record, event.state, event.by)
    number = session.scalars(select(EditionRow.id).where(EditionRow.key == key)).one()
    return _add_event(session, record, number, event, known)


def _alone(session: Session) -> tuple[EditionRecord, ...]:
    """The editions, when nobody else is adding to the log until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return read_editions(session)


def _add_event(
    session: Session, record: EditionRecord, number: int, event: Event, known: tuple[EditionRecord, ...]
) -> EditionRecord:
    before = session.scalars(
        select(EditionEventRow.sha256).order_by(EditionEventRow.id.desc()).limit(1)).one_or_none() if known else None
    made = linked(record, event, before or NOTHING)
    session.add(EditionEventRow(edition_id=number, at=made.at, state=made.state, by=made.by, account=made.account,
                                comment=made.comment, sums_sha256=made.sums_sha256, own_account=made.own_account,
                                before=made.before, sha256=made.sha256))
    session.flush()
    return replace(record, events=(*record.events, made))
