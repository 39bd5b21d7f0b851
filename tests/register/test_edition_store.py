"""Editions in the store: the order of states, two persons, and a log that shows what was done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from gevinst.errors import GevinstError
from gevinst.register.edition_log import EditionRecord, Event, State
from gevinst.register.store import Store, open_store

START = datetime(2021, 11, 26, 9, 30, 0, 123456, tzinfo=UTC)
RECORD = EditionRecord("abc123", "p", date(2021, 11, 26), "Anna Holm")


def event(state: State, by: str, *, minutes: int = 1, comment: str = "") -> Event:
    return Event(START + timedelta(minutes=minutes), state, by, "konto", comment, "1" * 64)


def entered(store: Store, record: EditionRecord = RECORD) -> EditionRecord:
    return store.enter_edition(record, by=record.author, account="konto", sums_sha256="0" * 64)


@pytest.fixture
def opened(store_url: str) -> Callable[[], Store]:
    return lambda: open_store(store_url, clock=lambda: START)


def test_an_edition_goes_its_way_and_is_read_back_as_it_was(opened: Callable[[], Store]) -> None:
    with opened() as store:
        assert entered(store).state == "draft"
        store.advance_edition("abc123", event("checked", "Anna Holm", comment="Stemt af med Opus"))
        entered(store, replace(RECORD, key="def456", corrects="abc123", reason="Forkert pris"))
        store.advance_edition("abc123", event("approved", "Bo", minutes=2))
        done = store.advance_edition("abc123", event("published", "Anna Holm", minutes=3))
    with opened() as store:
        first, second = store.editions()
        assert first == done
        assert [one.own_account for one in first.events] == [None, None, None, None]
        assert [(one.state, one.by) for one in first.events] == [
            ("draft", "Anna Holm"), ("checked", "Anna Holm"), ("approved", "Bo"), ("published", "Anna Holm")]
        assert first.events[1].comment == "Stemt af med Opus"
        assert first.events[0].at == START
        assert (second.corrects, second.reason, second.state) == ("abc123", "Forkert pris", "draft")
        assert store.editions("p") == (first, second)
        assert store.editions("other") == ()
        links = [one.before for one in first.events], second.events[0].before
        assert links[1] == first.events[1].sha256, "one chain through all editions"


def test_entering_twice_changes_nothing(opened: Callable[[], Store]) -> None:
    with opened() as store:
        first = entered(store)
        assert entered(store, replace(RECORD, author="Bo")) == first
        assert store.editions() == (first,)


@pytest.mark.parametrize(("way", "code"), [
    ([("approved", "Bo")], "edition.wrong-order"),
    ([("published", "Bo")], "edition.wrong-order"),
    ([("draft", "Bo")], "edition.wrong-order"),
    ([("checked", "Bo"), ("checked", "Bo")], "edition.wrong-order"),
    ([("checked", "Bo"), ("published", "Bo")], "edition.wrong-order"),
    ([("checked", "Bo"), ("approved", "Anna Holm")], "edition.same-person"),
    ([("checked", "Bo"), ("approved", " anna  holm")], "edition.same-person"),
    ([("checked", "  ")], "edition.no-name"),
    ([("checked", "Bo"), ("approved", "Bo"), ("published", "Bo"), ("published", "Bo")], "edition.is-published"),
])
def test_what_may_not_be_is_refused_and_nothing_is_entered(
    opened: Callable[[], Store], way: list[tuple[State, str]], code: str
) -> None:
    *before, (state, by) = way
    with opened() as store:
        entered(store)
        for earlier, who in before:
            store.advance_edition("abc123", event(earlier, who))
        known = store.editions()
        with pytest.raises(GevinstError) as fault:
            store.advance_edition("abc123", event(state, by))
        assert fault.value.code == code
        assert store.editions() == known


def test_an_unknown_edition_is_told(opened: Callable[[], Store]) -> None:
    with opened() as store, pytest.raises(GevinstError) as fault:
        store.advance_edition("nowhere", event("checked", "Bo"))
    assert fault.value.code == "edition.unknown"


@pytest.mark.parametrize("change", [
    "UPDATE edition_event SET \"by\" = 'Bo' WHERE state = 'checked'",
    "UPDATE edition_event SET comment = 'pænere' WHERE state = 'approved'",
    "UPDATE edition SET author = 'Carl'",
    "DELETE FROM edition_event WHERE state = 'checked'",
    "DELETE FROM edition_event",
])
def test_what_is_done_to_the_log_by_other_means_shows(store_url: str, change: str) -> None:
    with open_store(store_url) as store:
        entered(store)
        store.advance_edition("abc123", event("checked", "Anna Holm"))
        store.advance_edition("abc123", event("approved", "Bo"))
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    with open_store(store_url) as store:
        with pytest.raises(GevinstError) as fault:
            store.editions()
        assert fault.value.code == "edition.log-broken"
        with pytest.raises(GevinstError) as again:
            store.advance_edition("abc123", event("published", "Bo"))
        assert again.value.code == "edition.log-broken"
