from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gevinst.backend import Backend
from gevinst.cli_protect import plan_lines
from gevinst.editions.basis import input_files
from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.register.deletion import Plan, carry_out, plan_deletion
from gevinst.register.edition_log import EditionRecord, Event, State
from gevinst.register.journal import journal
from gevinst.register.lock import sole_use
from gevinst.register.person_tables import open_person_tables
from gevinst.register.snapshots import first_data_moment, snapshots
from gevinst.register.store import open_store
from gevinst.settings import Settings
from gevinst.sources.manifest import read_manifest
from gevinst.weeks import monday, week_of
from tests.register.protected import (
    BACK,
    EVERYBODY,
    GONE,
    HERE,
    LONG_GONE,
    MOMENT,
    TOOK_PART,
    contents,
    fill,
    load,
    make,
    pseudonyms,
    say_settings,
    tables,
)

MONTHS = [datetime(2023, month, 5, 9, tzinfo=UTC) for month in (9, 10, 11, 12)]


@pytest.fixture(params=[False, True], ids=["open", "encrypted"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return make(tmp_path, encrypt_snapshots=request.param)


def four_snapshots(settings: Settings, tmp_path: Path) -> list[Path]:
    """One in each month from September to December 2023; each with a price of its own."""
    files, made = fill(tmp_path / "in"), []
    for moment in MONTHS:
        (files / "prices.csv").write_text(f"benefit;year;dkk_per_week\na-dagpenge;2020;{4000 + moment.month}\n")
        made.append(load(settings, files, moment).folder)
    return made


def edition_on(settings: Settings, folder: Path, name: str, order: int) -> None:
    place = settings.workspace / "editions" / name
    place.mkdir(parents=True)
    manifest = read_manifest(folder)
    files = input_files(manifest.files, "da", 5, manifest.mark)  # of few rows on persons there are marks
    assert any(file.marked for file in files)
    inputs = [{"name": file.name, "sha256": file.sha256, "rows": file.rows} for file in files]
    (place / "edition.json").write_text(json.dumps({"inputs": inputs}))
    os.utime(place / "edition.json", ns=(order * 10**9, order * 10**9))


def held(folder: Path) -> set[int]:
    return {int(str(row["person"])) for rows in tables(folder).values() for row in rows if "person" in row}


def said(plan: Plan, *, done: bool = False) -> str:
    with speaking("da"):
        return "\n".join(plan_lines(plan, done=done))


def test_without_rules_nothing_is_deleted(tmp_path: Path) -> None:
    settings = make(tmp_path)
    load(settings, fill(tmp_path / "in"))
    plan = carry_out(settings.workspace, clock=lambda: datetime(2090, 1, 1, tzinfo=UTC))
    assert (plan.empty, plan.has_rules) == (True, False)
    assert "ingen slettefrister" in said(plan)


def test_old_snapshots_go_but_not_the_newest_nor_those_that_editions_rest_on(tmp_path: Path) -> None:
    settings = make(tmp_path)
    first, second, third, last = four_snapshots(settings, tmp_path)
    say_settings(settings, keep_snapshots_months=6, keep_editions=1)
    edition_on(settings, first, "aaa", 1)  # of the last editions only one is kept, and it is not this
    edition_on(settings, second, "bbb", 2)
    moment = datetime(2024, 8, 1, tzinfo=UTC)
    before = contents(settings.workspace)
    plan = plan_deletion(settings.workspace, clock=lambda: moment)
    assert contents(settings.workspace) == before
    assert [one.folder for one in plan.snapshots] == [first, third]
    assert [(one.snapshot.folder, one.edition) for one in plan.kept] == [(second, "bbb"), (last, None)]
    assert plan.persons == ()
    text = said(plan)
    assert text.count("Ville blive slettet") == 2
    assert "udgaven bbb hviler på det" in text
    assert "det er det nyeste" in text
    assert carry_out(settings.workspace, clock=lambda: moment) == plan
    assert [one.folder for one in snapshots(settings.workspace)] == [second, last]
    assert said(plan, done=True).count("Slettet: udtrækket") == 2
    assert plan_deletion(settings.workspace, clock=lambda: moment).empty
    assert [path.name for path in settings.snapshots.glob(".*")] == [".lock"]


def test_a_published_edition_keeps_its_snapshot_from_later_drafts(tmp_path: Path) -> None:
    settings = make(tmp_path)
    first, second, third, last = four_snapshots(settings, tmp_path)
    say_settings(settings, keep_snapshots_months=6, keep_editions=1)
    for order, (snapshot, name) in enumerate(((first, "aaa"), (second, "bbb"), (third, "ccc")), 1):
        edition_on(settings, snapshot, name, order)
    with open_store(settings.store_url) as store:
        for name in ("aaa", "bbb"):
            store.enter_edition(EditionRecord(name, "p", date(2024, 3, 1), "Anna"), by="Anna", account="a",
                                sums_sha256="0")
        states: tuple[State, ...] = ("checked", "approved", "published")
        for at, state in enumerate(states):
            store.advance_edition("aaa", Event(datetime(2024, 3, 2 + at, tzinfo=UTC), state, "Bo", "b", "", "0"))
    plan = plan_deletion(settings.workspace, clock=lambda: datetime(2024, 8, 1, tzinfo=UTC))
    assert [one.folder for one in plan.snapshots] == [second]
    assert [(one.snapshot.folder, one.edition) for one in plan.kept] == [
        (first, "aaa"), (third, "ccc"), (last, None)], "the published one, the newest one, the newest snapshot"


def test_a_snapshot_goes_when_its_months_are_over_and_not_before(tmp_path: Path) -> None:
    settings = make(tmp_path)
    four_snapshots(settings, tmp_path)
    say_settings(settings, keep_snapshots_months=12)
    for moment, going in ((datetime(2024, 9, 5, 9, tzinfo=UTC), 0), (datetime(2024, 9, 5, 9, 0, 1, tzinfo=UTC), 1)):
        assert len(plan_deletion(settings.workspace, clock=lambda at=moment: at).snapshots) == going


def test_the_day_persons_were_first_loaded_outlives_their_snapshot(tmp_path: Path) -> None:
    """Also where the workspace is older than the journal: the deletion itself is entered first."""
    settings = make(tmp_path)

    def without_journal() -> None:
        for path in (settings.workspace / "journal.jsonl", *settings.key_file.parent.glob("*.journal-head")):
            path.unlink()

    four_snapshots(settings, tmp_path)
    without_journal()
    say_settings(settings, keep_snapshots_months=1, keep_editions=0)
    assert first_data_moment(settings.workspace) == MONTHS[0]
    carry_out(settings.workspace, clock=lambda: datetime(2024, 6, 1, tzinfo=UTC))
    assert len(snapshots(settings.workspace)) == 1
    assert first_data_moment(settings.workspace) == MONTHS[0]
    without_journal()
    assert first_data_moment(settings.workspace) == MONTHS[3]


def test_persons_not_seen_for_years_go_and_all_others_keep_their_history(settings: Settings, tmp_path: Path) -> None:
    files = fill(tmp_path / "in")
    load(settings, files)
    before = snapshots(settings.workspace)[0]
    rows = tables(before.folder)
    say_settings(settings, keep_persons_years=5)
    plan = plan_deletion(settings.workspace, clock=lambda: MOMENT)
    assert [(one.before, one.persons, one.of, one.rows) for one in plan.persons] == [
        (date(2019, 2, 1), 2, 5, (("persons", 2), ("spells", 2)))]
    assert "2 af 5 borgere" in said(plan)
    assert tables(before.folder) == rows
    carry_out(settings.workspace, clock=lambda: MOMENT)
    (after,) = snapshots(settings.workspace)
    gone = set(pseudonyms(settings, GONE, LONG_GONE))
    assert held(after.folder) == set(pseudonyms(settings, HERE, BACK, TOOK_PART))
    assert after.taken == before.taken
    assert tables(after.folder) == {
        name: [row for row in table if row.get("person") not in gone] for name, table in rows.items()}
    (note,) = read_manifest(after.folder).notes
    assert (note.code, dict(note.values)) == ("protection.persons-too-old", {"persons": 2})
    assert plan_deletion(settings.workspace, clock=lambda: MOMENT).empty
    assert load(settings, files).repeated  # the same files give the same persons again
    entry = journal(settings).entries()[-1]
    assert (entry["event"], entry["count"], entry["last_seen_before"]) == ("delete-persons", 2, "2019-02-01")
    for content in contents(settings.workspace).values():
        assert not any(str(one).encode() in content[1] for one in gone)


def test_who_is_too_old_is_left_out_of_a_new_import(settings: Settings, tmp_path: Path) -> None:
    say_settings(settings, keep_persons_years=5)
    report = load(settings, fill(tmp_path / "in"))
    assert held(report.folder) == set(pseudonyms(settings, HERE, BACK, TOOK_PART))
    assert [one.code for one in report.notes] == ["protection.persons-too-old"]
    assert report.folder.name.endswith(read_manifest(report.folder).fingerprint[:8])


def test_the_last_day_decides_to_the_day(tmp_path: Path) -> None:
    """Seen on 1 February 2019 is within five years of February 2024, on 31 January it is not."""
    settings, files = make(tmp_path, keep_persons_years=5), fill(tmp_path / "in")
    (files / "spells.csv").write_text(
        "person_id;benefit;start_date;end_date\n" + "".join(
            f"{one};a-dagpenge;2018-01-01;{last}\n" for one, last in zip(
                EVERYBODY, ("2019-02-01", "2019-01-31", "", "2024-01-31", "2018-12-31"), strict=True)))
    (files / "participants.csv").unlink()
    assert held(load(settings, files).folder) == set(pseudonyms(settings, GONE, HERE, BACK))


def test_no_cohort_begins_before_the_day_from_which_everybody_is_there(
    settings: Settings, tmp_path: Path, duckdb_backend: Backend
) -> None:
    load(settings, fill(tmp_path / "in"))
    known_from = open_person_tables(snapshots(settings.workspace)[0].folder, duckdb_backend).first_week
    assert monday(known_from) < date(2019, 2, 1)
    say_settings(settings, keep_persons_years=5)
    carry_out(settings.workspace, clock=lambda: MOMENT)
    (after,) = snapshots(settings.workspace)
    assert open_person_tables(after.folder, duckdb_backend).first_week == week_of(date(2019, 2, 4))
    later = MOMENT + timedelta(days=365 * 3)
    carry_out(settings.workspace, clock=lambda: later)
    (after,) = snapshots(settings.workspace)
    assert held(after.folder) == set(pseudonyms(settings, HERE, BACK, TOOK_PART))


def test_an_edition_that_cannot_be_read_stops_the_deletion(tmp_path: Path) -> None:
    settings = make(tmp_path)
    four_snapshots(settings, tmp_path)
    say_settings(settings, keep_snapshots_months=1)
    (settings.workspace / "editions" / "x").mkdir(parents=True)
    (settings.workspace / "editions" / "x" / "edition.json").write_text("{}")
    before = contents(settings.workspace)
    with pytest.raises(GevinstError) as fault:
        carry_out(settings.workspace)
    assert fault.value.code == "protection.edition-unreadable"
    assert contents(settings.workspace) == before


def test_what_a_deletion_that_died_left_is_made_good(tmp_path: Path) -> None:
    settings = make(tmp_path)
    (folder,) = [load(settings, fill(tmp_path / "in")).folder]
    rows = tables(folder)
    folder.rename(settings.snapshots / f".aside-{folder.name}")
    (settings.snapshots / ".gone-x").mkdir()
    (settings.snapshots / ".incoming-x").mkdir()
    with sole_use(settings):
        assert sorted(path.name for path in settings.snapshots.iterdir()) == [".lock", folder.name]
        assert tables(folder) == rows
    (settings.snapshots / f".aside-{folder.name}").mkdir()
    with sole_use(settings):
        assert sorted(path.name for path in settings.snapshots.iterdir()) == [".lock", folder.name]


def test_a_snapshot_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    from gevinst.register.snapshots import snapshot_as_of

    settings = make(tmp_path)
    folder = load(settings, fill(tmp_path / "in")).folder
    folder.chmod(0o750)
    with pytest.raises(GevinstError) as fault:
        snapshot_as_of(settings.workspace)
    assert fault.value.code == "protection.open-to-others"
    folder.chmod(0o700)
    assert snapshot_as_of(settings.workspace) == folder
