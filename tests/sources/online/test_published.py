"""Stored results: what is read of them at which moment, and what the next run uses."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.register.bundled import portfolio
from gevinst.register.snapshots import import_folder
from gevinst.register.store import open_store
from gevinst.settings import Settings
from gevinst.sources.ingest import read_folder
from gevinst.sources.online.contracts import PublishedCount
from gevinst.sources.online.downloads import DOWNLOADS
from gevinst.sources.online.published import (
    count_rows,
    curve_rows,
    fetched_counts,
    fetched_curves,
    not_imported,
    published_counts,
    results,
    save_result,
)
from gevinst.sources.online.survival import PublishedCurve
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.tables import PUBLISHED_COUNTS, PUBLISHED_CURVES
from gevinst.workspace import run_workspace
from tests.sources.online.servers import refused

FIRST = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def no_network(*_: object) -> None:
    raise AssertionError("only `gevinst fetch` goes out")


def curve(cohort: str, at_13: str, definition: str = "with_relapse") -> PublishedCurve:
    return PublishedCurve("a-dagpenge", definition, cohort, cohort, ((0, Decimal(100)), (13, Decimal(at_13))))


def save(workspace: Path, when: datetime, *curves: PublishedCurve, source: str = "s") -> None:
    save_result(workspace, PUBLISHED_CURVES, curve_rows(curves, source), [], now=when)


def shares(workspace: Path, as_of: datetime | None = None) -> dict[str, float]:
    return {row["cohort"]: row["share_pct"] for row in fetched_curves(workspace, as_of).rows if row["week"] == 13}


def test_the_newest_fetch_of_a_curve_counts_and_earlier_days_can_be_read(tmp_path: Path) -> None:
    save(tmp_path, FIRST, curve("2019", "46.8"), curve("2020", "43.9"))
    save(tmp_path, FIRST + timedelta(days=2), curve("2020", "43.1"))
    assert shares(tmp_path) == {"2019": 46.8, "2020": 43.1}
    assert shares(tmp_path, FIRST + timedelta(days=1)) == {"2019": 46.8, "2020": 43.9}
    assert shares(tmp_path, FIRST - timedelta(days=1)) == {}
    assert [one.rows for one in fetched_curves(tmp_path).results] == [4, 2]


def test_what_is_imported_stands_before_what_was_fetched(tmp_path: Path) -> None:
    save(tmp_path, FIRST, curve("2019", "46.8"))
    save(tmp_path, FIRST + timedelta(hours=1), curve("2020", "43.9"))
    imported = [{"benefit": "a-dagpenge", "definition": "with_relapse", "cohort": "2019", "week": 0}]
    left = not_imported(fetched_curves(tmp_path), imported)
    assert {row["cohort"] for row in left.rows} == {"2020"}
    assert len(left.results) == 1


def test_counts_by_their_newest_fetch(tmp_path: Path) -> None:
    def count(month: int, value: str) -> PublishedCount:
        return PublishedCount("a-dagpenge", date(2021, month, 1), "707", None, Decimal(value), "s")

    for days, counts in enumerate([[count(1, "500"), count(2, "510.5")], [count(2, "512")]]):
        save_result(tmp_path, PUBLISHED_COUNTS, count_rows(counts), [], now=FIRST + timedelta(days=days))
    assert published_counts(tmp_path) == (count(1, "500"), count(2, "512"))
    assert fetched_counts(tmp_path)[0] == {"benefit": "a-dagpenge", "month": date(2021, 1, 1), "municipality": "707",
                                           "persons": None, "full_time_persons": Decimal(500), "source": "s"}
    assert published_counts(tmp_path, FIRST) == (count(1, "500"), count(2, "510.5"))
    assert fetched_curves(tmp_path).rows == ()


@pytest.mark.parametrize("what", ["edit", "remove", "break"])
def test_a_result_that_was_changed_is_not_used(tmp_path: Path, what: str) -> None:
    save(tmp_path, FIRST, curve("2019", "46.8"))
    (stored,) = results(tmp_path, PUBLISHED_CURVES)
    if what == "edit":
        stored.file.chmod(0o600)
        stored.file.write_text(stored.file.read_text().replace("46.8", "40"))
    elif what == "remove":
        stored.file.unlink()
    else:
        (stored.folder / "made-from.json").chmod(0o600)
        (stored.folder / "made-from.json").write_text("{")
    with refused("online.result-changed"):
        fetched_curves(tmp_path)


def test_files_are_private_and_read_only_and_nothing_half_is_left(tmp_path: Path) -> None:
    save(tmp_path, FIRST, curve("2019", "46.8"))
    home = tmp_path / DOWNLOADS / "published"
    assert [oct(path.stat().st_mode)[-3:] for path in sorted(home.rglob("*.*")) if path.is_file()] == ["400", "400"]
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []
    (home / ".incoming-left").mkdir()
    (home / "20261101T090000000000Z-zzzzzzzz-published-curves").mkdir()
    assert shares(tmp_path) == {"2019": 46.8}


def test_the_next_run_uses_what_was_fetched(
    make_workspace: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_workspace(key_file=str(tmp_path / "key"))
    with open_store(settings.store_url) as store:
        store.save_portfolio(portfolio("norddjurs-2020-2023"), "test", "")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "spells.csv").write_text("person_id,benefit,start_date,end_date\n"
                                       "a,a-dagpenge,2019-01-07,2020-01-05\nb,a-dagpenge,2019-03-04,2021-01-03\n")
    (folder / "published_curves.csv").write_text("benefit,definition,cohort,week,share_pct,source\n"
                                                 "a-dagpenge,with_relapse,2019,0,100,egen\n")
    import_folder(settings.workspace, folder, today=date(2026, 11, 1))
    save(settings.workspace, FIRST, curve("2019", "46.8"), curve("2017-2019", "46.8"), source="hentet 01-11-2026")
    monkeypatch.setattr("gevinst.workspace.publish", lambda edition, folder, **_: folder)
    monkeypatch.setattr(socket.socket, "connect", no_network)

    def run(as_of: datetime | None = None) -> tuple[dict[str, str], list[str]]:
        edition = run_workspace(settings.workspace, memo_date=date(2026, 11, 20), as_of=as_of).edition
        return {one.label: one.source for one in edition.published}, [one.name for one in edition.inputs]

    published, inputs = run()
    assert published == {"2019": "egen", "2017-2019": "hentet 01-11-2026"}
    (stored,) = results(settings.workspace, PUBLISHED_CURVES)
    assert inputs[-1] == f"downloads/published/{stored.folder.name}/published_curves.csv"
    save(settings.workspace, datetime.now(UTC) + timedelta(days=1), curve("2017-2019", "40"), source="hentet i morgen")
    assert run(datetime.now(UTC) + timedelta(minutes=1)) == (published, inputs)
    assert run()[0]["2017-2019"] == "hentet i morgen"


def test_the_quality_report_sets_fetched_counts_beside_the_registers(tmp_path: Path) -> None:
    from gevinst.register.data_quality_months import Month, published_by_month

    months = [Month("a-dagpenge", date(2021, 1, 1), 9, 8.0, 1, 1), Month("a-dagpenge", date(2021, 2, 1), 9, 9.0, 1, 1)]
    counts = [PublishedCount("a-dagpenge", date(2021, month, 1), place, None, Decimal(value), "s")
              for month, place, value in ((1, "707", "10"), (2, "707", "11"), (2, "000", "9999"))]
    save_result(tmp_path, PUBLISHED_COUNTS, count_rows(counts), [], now=FIRST)
    imported = {"benefit": "a-dagpenge", "month": date(2021, 2, 14), "municipality": None, "full_time_persons": 12.0}
    pairs = published_by_month([*map(dict, fetched_counts(tmp_path)), imported], months, "707", ())
    assert pairs == {("a-dagpenge", date(2021, 1, 1)): (8.0, 10.0), ("a-dagpenge", date(2021, 2, 1)): (9.0, 12.0)}


def test_the_stored_counts_are_a_canonical_file(tmp_path: Path) -> None:
    counts = [PublishedCount("a-dagpenge", date(2021, 1, 1), "707", 12, Decimal("10.5"), "s"),
              PublishedCount("a-dagpenge", date(2021, 2, 1), "707", None, Decimal(1234), "s")]
    stored = save_result(tmp_path, PUBLISHED_COUNTS, count_rows(counts), [], now=FIRST)
    (tmp_path / "target").mkdir()
    report = read_folder(stored.folder, tmp_path / "target", key=IN_MEMORY_KEY, today=date(2026, 11, 21))
    file = report.file("published_counts")
    assert file is not None
    assert (file.rows, file.rejected) == (2, 0)
