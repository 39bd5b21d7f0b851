"""Stores that an earlier edition of the program wrote are brought up to date with all that was in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, create_engine, insert

from gevinst.register.business_case import Protocol
from gevinst.register.protocol import ProtocolChange, ProtocolRecord, protocol_records, protocol_sha256
from gevinst.register.schema import configuration
from gevinst.register.store import open_store

FIRST, SECOND, THIRD = (datetime(2021, month, 1, 12, tzinfo=UTC) for month in (3, 6, 9))


@dataclass(frozen=True)
class Old:
    """What an investment's protocol was when a version was saved, as the first schema had it."""

    key: str
    headline: str = "baseline"
    horizon_weeks: int = 52
    match_on: tuple[str, ...] = ()
    baseline_years: tuple[int, ...] = ()
    relapse_gap_weeks: int = 4
    randomised: bool = False


def write_first_schema(url: str, versions: dict[datetime, list[Old]]) -> None:
    """A store of the first schema with a portfolio in these versions."""
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0001")
        owner = add(connection, "portfolio", key="prove")
        for number, (saved, investments) in enumerate(versions.items(), start=1):
            # SQLite keeps no time zone: the program gives it UTC.
            moment = saved if connection.dialect.name == "postgresql" else saved.replace(tzinfo=None)
            version = add(connection, "portfolio_version", portfolio_id=owner, version=number, saved_at=moment,
                          author="Anna", price_level="2020", title=f"Udgave {number}", municipality="Prøveby")
            add(connection, "portfolio_year", version_id=version, position=0, year=2020)
            for at, old in enumerate(investments):
                add_investment(connection, version, at, old)
    engine.dispose()


def add_investment(connection: Connection, version: int, at: int, old: Old) -> None:
    case = add(connection, "investment", version_id=version, position=at, number=str(at + 1), key=old.key, title="Sag",
               target_description="Alle", followed_by="curves", status="running", headline=old.headline,
               horizon_weeks=old.horizon_weeks, relapse_gap_weeks=old.relapse_gap_weeks, randomised=old.randomised,
               target_min_spell_weeks=0)
    for place, name in enumerate(old.match_on):
        add(connection, "match_covariate", investment_id=case, position=place, name=name)
    for place, year in enumerate(old.baseline_years):
        add(connection, "baseline_year", investment_id=case, position=place, year=year)


def add(connection: Connection, table_name: str, /, **values: Any) -> int:
    """Add a row to a table as it is in the database, with empty texts where one is needed; returns its id."""
    meta = MetaData()
    meta.reflect(connection, only=[table_name])
    table = meta.tables[table_name]
    blank = {column.name: "" for column in table.columns
             if not column.nullable and not column.primary_key and column.name not in values}
    key = connection.execute(insert(table).values(**blank, **values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def test_the_protocols_of_an_old_store_are_kept_and_get_what_was_meant(store_url: str) -> None:
    write_first_schema(store_url, {FIRST: [
        Old("a", "matched", 104, ("sex", "alder"), (2017, 2018), 8, randomised=True), Old("b")]})
    with open_store(store_url) as store:
        first, second = (case.protocol for case in store.portfolio("prove").investments)
    assert first == Protocol("matched", 104, ("sex", "alder"), (2017, 2018), 8, True, "censor", "first")
    assert second == Protocol("baseline")


def test_the_days_of_the_protocols_are_taken_from_the_versions_of_an_old_store(store_url: str) -> None:
    write_first_schema(store_url, {
        FIRST: [Old("a", match_on=("køn", "alder"), baseline_years=(2018, 2017)), Old("b", randomised=True)],
        SECOND: [Old("b", randomised=True), Old("a", match_on=("alder", "køn"), baseline_years=(2017, 2018))],
        THIRD: [Old("a", "matched", 26, ("alder", "køn"), (2017, 2018), 8), Old("c")],
    })
    with open_store(store_url) as store:
        records = protocol_records(store, "prove")
        entries = store.protocol_entries("prove")
    fixed = Protocol("baseline", 52, ("alder", "køn"), (2017, 2018))
    now = Protocol("matched", 26, ("alder", "køn"), (2017, 2018), 8)
    assert records == {
        "a": ProtocolRecord(protocol_sha256(now), FIRST.date(), (
            ProtocolChange("headline", "baseline", "matched", THIRD.date()),
            ProtocolChange("horizon_weeks", 52, 26, THIRD.date()),
            ProtocolChange("new_spell_after", 4, 8, THIRD.date())), protocol_sha256(fixed), FIRST),
        "b": ProtocolRecord(protocol_sha256(Protocol("baseline", randomised=True)), FIRST.date(), (),
                            protocol_sha256(Protocol("baseline", randomised=True)), FIRST),
        "c": ProtocolRecord(protocol_sha256(Protocol("baseline")), THIRD.date(), (),
                            protocol_sha256(Protocol("baseline")), THIRD),
    }
    assert [(e.investment, e.version) for e in entries] == [("a", 1), ("b", 1), ("a", 3), ("c", 3)]


def test_a_change_after_the_migration_is_a_change_of_what_was_there(store_url: str) -> None:
    write_first_schema(store_url, {FIRST: [Old("a")]})
    with open_store(store_url, clock=lambda: SECOND) as store:
        case = store.portfolio("prove").investments[0]
        store.save_portfolio(replace(store.portfolio("prove"), investments=(
            replace(case, protocol=replace(case.protocol, double_counting="split")),)), "Bo")
        assert protocol_records(store, "prove")["a"].changes == (
            ProtocolChange("double_counting", "first", "split", SECOND.date()),)


def test_a_migrated_store_can_be_taken_back_and_brought_up_again(store_url: str) -> None:
    write_first_schema(store_url, {FIRST: [Old("a", relapse_gap_weeks=8)], SECOND: [Old("a", relapse_gap_weeks=6)]})
    engine = create_engine(store_url)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
        command.downgrade(configuration(connection), "0001")
    engine.dispose()
    with open_store(store_url) as store:
        assert store.portfolio("prove", as_of=FIRST).investments[0].protocol.new_spell_after == 8
        assert store.portfolio("prove").investments[0].protocol.new_spell_after == 6
