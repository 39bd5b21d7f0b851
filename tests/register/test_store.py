"""The store keeps every version, on SQLite and on a real PostgreSQL, and says plainly what goes wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import StatementError

from gevinst.errors import GevinstError
from gevinst.register import bundled
from gevinst.register.business_case import Portfolio
from gevinst.register.models import Base, LaidInRow
from gevinst.register.store import Store, Version, open_store

NORDDJURS = bundled.portfolio("norddjurs-2020-2023")
WRONG = "hemmelig"
START = datetime(2021, 1, 1, 12, tzinfo=UTC)


def ticking() -> Iterator[datetime]:
    """A day later at each look."""
    day = START
    while True:
        yield day
        day += timedelta(days=1)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    clock = ticking()
    with open_store(store_url, clock=lambda: next(clock)) as opened:
        yield opened


def code_of(url: str, **options: float) -> str:
    with pytest.raises(GevinstError) as caught:
        open_store(url, **options)
    assert caught.value.message("da").do
    assert WRONG not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("name", bundled.names())
def test_what_is_saved_is_read_back_equal(store: Store, name: str) -> None:
    portfolio = bundled.portfolio(name)
    assert store.save_portfolio(portfolio, "Anna") == 1
    assert store.portfolio(name) == portfolio


def test_a_change_is_a_new_version_and_the_old_one_stands(store: Store) -> None:
    changed = replace(NORDDJURS, title="Anden titel")
    assert store.save_portfolio(NORDDJURS, "Anna", "Vedtaget") == 1
    assert store.save_portfolio(changed, "Bo", "Rettet titel") == 2
    assert store.portfolio(NORDDJURS.key) == changed
    assert store.history(NORDDJURS.key) == (
        Version(NORDDJURS.key, 1, START, "Anna", "Vedtaget", NORDDJURS.title),
        Version(NORDDJURS.key, 2, START + timedelta(days=1), "Bo", "Rettet titel", "Anden titel"),
    )


def test_identical_content_makes_no_new_version_but_going_back_does(store: Store) -> None:
    assert store.save_portfolio(NORDDJURS, "Anna") == 1
    assert store.save_portfolio(replace(NORDDJURS), "Bo") == 1
    assert store.save_portfolio(replace(NORDDJURS, title="Ny"), "Bo") == 2
    assert store.save_portfolio(NORDDJURS, "Bo") == 3
    assert [version.author for version in store.history(NORDDJURS.key)] == ["Anna", "Bo", "Bo"]


def test_the_record_can_be_read_as_of_any_moment(store: Store) -> None:
    store.save_portfolio(NORDDJURS, "Anna")
    changed = replace(NORDDJURS, title="Ny")
    store.save_portfolio(changed, "Anna")
    between = START + timedelta(hours=3)
    assert store.portfolio(NORDDJURS.key, as_of=between) == NORDDJURS
    assert store.portfolio(NORDDJURS.key, as_of=between.astimezone(timezone(timedelta(hours=2)))) == NORDDJURS
    assert store.portfolio(NORDDJURS.key, as_of=START + timedelta(days=1)) == changed
    with pytest.raises(GevinstError, match=r"register\.not-yet-saved"):
        store.portfolio(NORDDJURS.key, as_of=START - timedelta(seconds=1))
    with pytest.raises(GevinstError, match=r"register\.naive-time"):
        store.portfolio(NORDDJURS.key, as_of=between.replace(tzinfo=None))


def test_a_clock_that_was_set_back_keeps_the_versions_in_order(store_url: str) -> None:
    times = iter([START, START - timedelta(days=9)])
    with open_store(store_url, clock=lambda: next(times)) as store:
        store.save_portfolio(NORDDJURS, "Anna")
        store.save_portfolio(replace(NORDDJURS, title="Ny"), "Anna")
        first, second = store.history(NORDDJURS.key)
        assert first.saved_at < second.saved_at
        assert store.portfolio(NORDDJURS.key, as_of=first.saved_at) == NORDDJURS


def test_portfolios_lists_the_latest_of_each(store: Store) -> None:
    for portfolio in bundled.portfolios():
        store.save_portfolio(portfolio, "Anna")
    store.save_portfolio(replace(NORDDJURS, title="Ny"), "Bo")
    assert [(v.key, v.version, v.title) for v in store.portfolios()] == [
        ("aarhus-2021-2024", 1, bundled.portfolio("aarhus-2021-2024").title), ("norddjurs-2020-2023", 2, "Ny")]


def test_what_is_not_there_is_said_with_what_is(store: Store) -> None:
    store.save_portfolio(NORDDJURS, "Anna")
    with pytest.raises(GevinstError) as caught:
        store.portfolio("randers")
    assert (caught.value.code, caught.value.values["known"]) == ("register.unknown-portfolio", NORDDJURS.key)
    assert store.history("randers") == ()


def test_a_portfolio_with_a_fault_or_without_an_author_is_not_saved(store: Store) -> None:
    with pytest.raises(GevinstError, match=r"register\.years"):
        store.save_portfolio(replace(NORDDJURS, years=()), "Anna")
    with pytest.raises(GevinstError, match=r"register\.no-author"):
        store.save_portfolio(NORDDJURS, "  ")
    assert store.portfolios() == ()


def test_the_store_opens_again_with_all_that_was_in_it(store_url: str) -> None:
    with open_store(store_url) as store:
        store.save_portfolio(NORDDJURS, "Anna")
    with open_store(store_url) as store:
        assert store.portfolio(NORDDJURS.key) == NORDDJURS


def test_two_who_save_at_once_make_two_versions_or_a_clear_error(store_url: str) -> None:
    with open_store(store_url) as store:
        store.save_portfolio(NORDDJURS, "Anna")
    together = Barrier(4)
    faults: list[str] = []

    def save(number: int) -> None:
        with open_store(store_url, wait_seconds=20) as own:
            together.wait()
            try:
                own.save_portfolio(replace(NORDDJURS, title=f"Udgave {number}"), f"Nr. {number}")
            except GevinstError as error:
                faults.append(error.code)

    threads = [Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(store_url) as store:
        history = store.history(NORDDJURS.key)
    assert [version.version for version in history] == list(range(1, len(history) + 1))
    assert len(history) + len(faults) == 5
    assert set(faults) <= {"register.store-conflict", "register.store-busy"}


def test_a_writer_that_holds_sqlite_gives_a_clear_error_and_nothing_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(f"sqlite:///{path}", wait_seconds=0.1) as store:
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(GevinstError) as caught:
            store.save_portfolio(NORDDJURS, "Anna")
        assert caught.value.code == "register.store-busy"
        blocker.close()
        assert store.portfolios() == ()


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_portfolio_is_read_back_equal(
    data: st.DataObject, any_portfolio: Callable[..., st.SearchStrategy[Portfolio]]
) -> None:
    words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)
    portfolio = data.draw(any_portfolio(words))
    with open_store("sqlite://") as store:
        store.save_portfolio(portfolio, "Anna")
        assert store.portfolio(portfolio.key) == portfolio


def test_money_that_is_no_whole_ore_never_reaches_the_table() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.begin() as connection, pytest.raises(StatementError, match="øre must be an integer"):
        connection.execute(LaidInRow.__table__.insert().values(version_id=1, position=0, year=2020, amount=1.5,
                                                               level=NORDDJURS.price_level))
    engine.dispose()


def test_addresses_that_cannot_be_used() -> None:
    assert code_of(WRONG) == "register.store-url"
    assert code_of("mysql://bruger:hemmelig@vært/db") == "register.store-url"


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    assert code_of(f"sqlite:///{tmp_path / 'no' / 'store.db'}") == "register.store-unwritable"
    assert code_of(f"sqlite:///{tmp_path}") == "register.store-unwritable"
    letter = tmp_path / "letter.db"
    letter.write_text("Kære Anna, " * 100, encoding="utf-8")
    assert code_of(f"sqlite:///{letter}") == "register.store-not-a-database"
    kept = tmp_path / "kept.db"
    open_store(f"sqlite:///{kept}").close()
    with open_store(f"sqlite:///file:{kept}?mode=ro&uri=true") as store:
        with pytest.raises(GevinstError) as caught:
            store.save_portfolio(NORDDJURS, "Anna")
        assert caught.value.code == "register.store-unwritable"


def test_a_store_from_a_later_program_is_left_alone(store_url: str) -> None:
    open_store(store_url).close()
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert code_of(store_url) == "register.store-newer"


def test_tables_that_somebody_else_made_are_left_alone(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE investment (id integer)"))
    engine.dispose()
    assert code_of(store_url) == "register.store-foreign"


@pytest.mark.postgres
def test_servers_that_refuse(postgres_url: str) -> None:
    address = make_url(postgres_url)

    def changed(**parts: object) -> str:
        return address.set(**parts).render_as_string(hide_password=False)

    assert code_of(changed(password=WRONG)) == "register.store-refused"
    assert code_of(changed(username="ingen", password=WRONG)) == "register.store-refused"
    assert code_of(changed(database="findes_ikke")) == "register.store-no-database"
    assert code_of(changed(port=1), wait_seconds=1) == "register.store-unreachable"
    assert code_of(changed(host="findes-ikke.invalid"), wait_seconds=1) == "register.store-unreachable"


@pytest.mark.postgres
def test_a_bare_postgres_address_is_understood(store_url: str) -> None:
    with open_store(store_url.replace("postgresql+psycopg://", "postgresql://")) as store:
        assert store.portfolios() == ()


def test_without_the_driver_the_error_says_what_to_install() -> None:
    program = ("import sys; sys.modules['psycopg'] = None\n"
               "from gevinst.errors import GevinstError\n"
               "from gevinst.register.store import open_store\n"
               "try:\n    open_store('postgresql://a:b@localhost/c')\n"
               "except GevinstError as error:\n    print(error.code)\n")
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "register.store-driver"
