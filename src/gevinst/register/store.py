"""The store: every version of every portfolio, in SQLite or PostgreSQL.

A save never changes what was there: it adds a version with its day, author and note. So any earlier day's
record can be read again, and a memo can say which version it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from gevinst.errors import GevinstError
from gevinst.language import short_date
from gevinst.register.business_case import Portfolio
from gevinst.register.clock import now
from gevinst.register.consistency import require_consistent
from gevinst.register.edition_log import EditionRecord, Event
from gevinst.register.models import PortfolioRow, VersionRow
from gevinst.register.protocol import ProtocolEntry, require_intact
from gevinst.register.schema import bring_up_to_date
from gevinst.register.store_editions import add_edition, add_state, read_editions
from gevinst.register.store_faults import explained
from gevinst.register.store_protocols import enter_protocols, read_entries
from gevinst.register.store_rows import read_version, write_version

_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg",
            "sqlite+pysqlite": "sqlite+pysqlite", "postgresql+psycopg": "postgresql+psycopg"}
_LEAST_STEP = timedelta(microseconds=1)


@dataclass(frozen=True)
class Version:
    """One save: its number (from 1), the moment (UTC), who saved it and why, and the title it had."""

    key: str
    version: int
    saved_at: datetime
    author: str
    note: str
    title: str


class Store:
    """Portfolios and their versions. Made by `open_store`; closed by `close`, or by a `with` block."""

    def __init__(self, engine: Engine, where: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writing=True)
        self._where = where
        self._clock = clock

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()

    @contextmanager
    def _session(self, *, writing: bool = False) -> Iterator[Session]:
        with explained(self._where), Session(self._writing if writing else self._engine) as session, session.begin():
            yield session

    def save_portfolio(self, portfolio: Portfolio, author: str, note: str = "") -> int:
        """Save as a new version and return its number; a portfolio equal to the latest version makes none.

        Raises `register.no-author`, any fault that `consistency` finds, `register.store-busy` or
        `register.store-conflict` where somebody else is saving, and the other `register.store-…` errors.
        """
        if not author.strip():
            raise GevinstError("register.no-author")
        require_consistent(portfolio)
        with self._session(writing=True) as session:
            owner = session.scalars(select(PortfolioRow).where(PortfolioRow.key == portfolio.key)
                                    .with_for_update()).one_or_none()
            if owner is None:
                owner = PortfolioRow(key=portfolio.key)
                session.add(owner)
                session.flush()
            latest = _latest(session, owner.id)
            if latest is not None and read_version(session, portfolio.key, latest) == portfolio:
                return latest.version
            number, moment = 1, self._clock()
            if latest is not None:
                # A clock that was set back must not put a later version before an earlier one.
                number, moment = latest.version + 1, max(moment, latest.saved_at + _LEAST_STEP)
            write_version(session, portfolio, owner.id, number, moment, author, note)
            enter_protocols(session, portfolio, owner.id, number, moment)
            return number

    def portfolio(self, key: str, as_of: datetime | None = None) -> Portfolio:
        """The latest version, or the one that stood at `as_of`.

        Raises `register.unknown-portfolio`, `register.not-yet-saved` where the first save came later, and
        `register.naive-time` where `as_of` has no time zone.
        """
        _require_zone(as_of)
        with self._session() as session:
            owner = session.scalars(select(PortfolioRow).where(PortfolioRow.key == key)).one_or_none()
            if owner is None:
                known = session.scalars(select(PortfolioRow.key).order_by(PortfolioRow.key)).all()
                raise GevinstError("register.unknown-portfolio", where=self._where, key=key,
                                   known=", ".join(known) or "–")
            row = _latest(session, owner.id, as_of)
            if row is None:
                raise GevinstError("register.not-yet-saved", where=self._where, key=key,
                                   day=short_date((as_of or self._clock()).date()))
            return read_version(session, key, row)

    def portfolios(self) -> tuple[Version, ...]:
        """The latest version of each portfolio, by key."""
        with self._session() as session:
            keys = session.scalars(select(PortfolioRow.key).order_by(PortfolioRow.key)).all()
        return tuple(self.history(key)[-1] for key in keys)

    def history(self, key: str) -> tuple[Version, ...]:
        """All versions of a portfolio, the first one first; empty where there is no such portfolio."""
        with self._session() as session:
            rows = session.scalars(select(VersionRow).join(PortfolioRow, PortfolioRow.id == VersionRow.portfolio_id)
                                   .where(PortfolioRow.key == key).order_by(VersionRow.version)).all()
            return tuple(Version(key, r.version, r.saved_at, r.author, r.note, r.title) for r in rows)


    def protocol_entries(self, key: str, as_of: datetime | None = None) -> tuple[ProtocolEntry, ...]:
        """The protocols of a portfolio's investments as they were fixed and changed, as far as `as_of`, in that order.

        Empty where there was no such portfolio. Raises `register.naive-time` where `as_of` has no time zone, and
        `register.protocol-damaged` where the store was changed by other means than the program.
        `protocol.protocol_records` makes the entries into a record for each investment.
        """
        _require_zone(as_of)
        with self._session() as session:
            owner = session.scalars(select(PortfolioRow).where(PortfolioRow.key == key)).one_or_none()
            latest = None if owner is None else _latest(session, owner.id, as_of)
            if owner is None or latest is None:
                return ()
            entries = read_entries(session, owner.id, latest.version)
            require_intact(entries, read_version(session, key, latest))
            return entries

    def enter_edition(self, record: EditionRecord, *, by: str, account: str, sums_sha256: str) -> EditionRecord:
        """Enter an edition as a draft; one that is there already is left as it is. Raises `edition.log-broken`."""
        with self._session(writing=True) as session:
            return add_edition(session, record, Event(self._clock(), "draft", by, account, "", sums_sha256))

    def advance_edition(self, key: str, event: Event) -> EditionRecord:
        """Enter that an edition came into a state.

        Raises `edition.unknown`, `edition.log-broken` and the errors of `edition_log.require_step`.
        """
        with self._session(writing=True) as session:
            return add_state(session, key, event)

    def editions(self, portfolio: str | None = None) -> tuple[EditionRecord, ...]:
        """The editions (of a portfolio) in the order they were made. Raises `edition.log-broken`."""
        with self._session() as session:
            return tuple(one for one in read_editions(session) if portfolio in (None, one.portfolio))


def _require_zone(as_of: datetime | None) -> None:
    if as_of is not None and as_of.tzinfo is None:
        raise GevinstError("register.naive-time", text=as_of.isoformat())


def _latest(session: Session, owner: int, as_of: datetime | None = None) -> VersionRow | None:
    query = select(VersionRow).where(VersionRow.portfolio_id == owner)
    if as_of is not None:
        query = query.where(VersionRow.saved_at <= as_of)
    return session.scalars(query.order_by(VersionRow.version.desc()).limit(1)).one_or_none()


def open_store(url: str, *, wait_seconds: float = 5, clock: Callable[[], datetime] = now) -> Store:
    """Open the store at `url` and bring its tables up to date.

    `url` is SQLAlchemy's: `sqlite:///gevinst.db`, `sqlite://` (in memory), or
    `postgresql://user:password@host/database`. `wait_seconds` is how long to wait for a server, or for another
    program that is writing. Raises `register.store-url`, `.store-driver`, `.store-unwritable`,
    `.store-not-a-database`, `.store-unreachable`, `.store-refused`, `.store-no-database`, `.store-busy`,
    `.store-newer` or `.store-foreign`.
    """
    address = _address(url)
    where = address.render_as_string(hide_password=True)
    with explained(where):
        engine = _engine(address, wait_seconds)
        try:
            with engine.execution_options(writing=True).begin() as connection:
                bring_up_to_date(connection)
        except GevinstError as error:
            engine.dispose()
            raise GevinstError(error.code, where=where, **error.values) from error
        except BaseException:
            engine.dispose()
            raise
    return Store(engine, where, clock)


def there_is_a_store(url: str) -> bool:
    """Whether opening the store would find one rather than make it; of a server it is taken for granted.

    Raises `register.store-url`.
    """
    address = _address(url)
    return address.get_backend_name() != "sqlite" or bool(address.database and Path(address.database).exists())


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise GevinstError("register.store-url") from error
    if address.drivername not in _DRIVERS:
        raise GevinstError("register.store-url", where=address.render_as_string(hide_password=True))
    return address.set(drivername=_DRIVERS[address.drivername])


def _engine(address: URL, wait_seconds: float) -> Engine:
    if address.get_backend_name() == "postgresql":
        waits: dict[str, Any] = {"connect_timeout": max(1, round(wait_seconds))}
        return create_engine(address, connect_args=waits, pool_pre_ping=True)
    engine = create_engine(address, connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Let SQLAlchemy say when a transaction begins, and turn on what SQLite leaves off."""
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Any) -> None:
    """A writer takes its lock at once: it waits its turn, rather than failing halfway."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
