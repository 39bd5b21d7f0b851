"""What a second delivery changed: late registrations that are known, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gevinst.backend import Backend
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.differences import diff_shown
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.language import speaking
from gevinst.parameters.benefits import benefits
from gevinst.register.delivery_diff import Change, DeliveryDiff, diff_deliveries, registered_late
from gevinst.register.delivery_diff_output import COLUMNS, diff_csv, diff_json, diff_lines, diff_rows
from gevinst.register.person_tables import open_person_tables
from gevinst.register.snapshots import import_folder, snapshot_as_of
from gevinst.settings import create_workspace
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.weeks import sunday

TODAY = date(2024, 6, 1)
HEAD = "person_id;benefit;start_date;end_date;degree\n"
# Twenty on A-dagpenge from Monday 2023-01-02 to Sunday 2023-12-31, the horizon.
BASE = {f"{10_000 + n}": ("a-dagpenge", "2023-01-02", "2023-12-31", "") for n in range(20)}
Spells = list[tuple[str, str, str, str, str]]


def rows(changed: dict[str, tuple[str, str, str, str] | None] | None = None, more: Spells | None = None) -> Spells:
    merged = {**BASE, **(changed or {})}
    return [(person, *row) for person, row in merged.items() if row is not None] + (more or [])


def read(folder: Path, spells: Spells, **other: str) -> Path:
    source, target = folder / "source", folder / "stored"
    source.mkdir(parents=True)
    target.mkdir()
    (source / "spells.csv").write_text(HEAD + "".join(";".join(row) + "\n" for row in spells), encoding="utf-8")
    for name, text in other.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    read_folder(source, target, key=IN_MEMORY_KEY, today=TODAY)
    return target


def diff(tmp_path: Path, backend: Backend, one: Spells, other: Spells, smallest: int = 1, **files: tuple[str, str]
         ) -> DeliveryDiff:
    first = read(tmp_path / "first", one, **{name: pair[0] for name, pair in files.items() if pair[0]})
    second = read(tmp_path / "second", other, **{name: pair[1] for name, pair in files.items() if pair[1]})
    return diff_shown(diff_deliveries(first, second, backend), Rules(threshold=smallest))


def told(found: DeliveryDiff) -> set[tuple[object, ...]]:
    return {(c.measure, c.subject, c.detail, c.lag, c.count, c.persons) for c in found.changes}


def test_the_same_delivery_changes_nothing(tmp_path: Path, duckdb_backend: Backend) -> None:
    found = diff(tmp_path, duckdb_backend, rows(), list(reversed(rows())))
    assert found.changes == ()
    with speaking("da"):
        assert diff_lines(found, benefits())[-1] == "Intet er ændret."


def test_late_registrations_are_found_with_their_lag_and_nothing_else(tmp_path: Path, duckdb_backend: Backend) -> None:
    """Six persons turn out to have been on sickness benefit: three in the last two weeks, three a year before."""
    late = [(f"{20_000 + n}", "sygedagpenge", "2023-12-18", "2023-12-31", "") for n in range(3)]
    later = [(f"{30_000 + n}", "sygedagpenge", "2023-01-02", "2023-01-15", "") for n in range(3)]
    found = diff(tmp_path, duckdb_backend, rows(), rows(more=[*late, *later]))
    assert told(found) == {
        ("weeks-late", "sygedagpenge", "", (0, 3), 6, 3),
        ("weeks-late", "sygedagpenge", "", (26, 51), 6, 3),
        ("spells", "sygedagpenge", "new-late", None, 6, 6),
    }
    by_week = registered_late(tmp_path / "first" / "stored", tmp_path / "second" / "stored", duckdb_backend)
    assert by_week[:3] == ((0, 3, 23), (1, 3, 23), (2, 0, 20))


def test_weeks_after_the_first_delivery_are_new_not_late(tmp_path: Path, duckdb_backend: Backend) -> None:
    """Another month has come: ten go on four weeks, and five begin."""
    longer = dict.fromkeys(list(BASE)[:10], ("a-dagpenge", "2023-01-02", "2024-01-28", ""))
    begun = [(f"{40_000 + n}", "a-dagpenge", "2024-01-08", "2024-01-28", "") for n in range(5)]
    found = diff(tmp_path, duckdb_backend, rows(), rows(longer, begun))
    assert told(found) == {
        ("weeks-new", "a-dagpenge", "", None, 10 * 4 + 5 * 3, 15),
        ("spells", "a-dagpenge", "prolonged", None, 10, 10),
        ("spells", "a-dagpenge", "new", None, 5, 5),
    }


def test_a_running_spell_that_ends_as_expected_is_no_revision(tmp_path: Path, duckdb_backend: Backend) -> None:
    running = dict.fromkeys(list(BASE)[:6], ("a-dagpenge", "2023-01-02", "", ""))
    ended = dict.fromkeys(list(BASE)[:3], ("a-dagpenge", "2023-01-02", "2024-01-14", ""))
    shortened = dict.fromkeys(list(BASE)[3:6], ("a-dagpenge", "2023-01-02", "2023-12-17", ""))
    found = diff(tmp_path, duckdb_backend, rows(running), rows({**ended, **shortened}))
    assert told(found) == {
        ("spells", "a-dagpenge", "ended", None, 3, 3),
        ("spells", "a-dagpenge", "shortened", None, 3, 3),
        ("weeks-taken-back", "a-dagpenge", "", (0, 3), 6, 3),
        ("weeks-new", "a-dagpenge", "", None, 6, 3),
    }


def test_revisions_of_the_benefit_the_degree_and_the_first_day(tmp_path: Path, duckdb_backend: Backend) -> None:
    first, second, third = list(BASE)[:5], list(BASE)[5:10], list(BASE)[10:15]
    changed = {
        **dict.fromkeys(first, ("sygedagpenge", "2023-01-02", "2023-12-31", "")),
        **dict.fromkeys(second, ("a-dagpenge", "2023-01-02", "2023-12-31", "0,5")),
        **dict.fromkeys(third, ("a-dagpenge", "2023-01-16", "2023-12-31", "")),
    }
    found = diff(tmp_path, duckdb_backend, rows(), rows(changed))
    assert {one.count for one in found.of("weeks-moved")} == {5 * 52}
    assert [(one.subject, one.detail) for one in found.of("weeks-moved")] == [("a-dagpenge", "sygedagpenge")]
    assert [(one.count, one.persons) for one in found.of("weeks-degree")] == [(5 * 52, 5)]
    assert {(one.subject, one.detail): one.count for one in found.of("spells")} == {
        ("sygedagpenge", "new-late"): 5, ("a-dagpenge", "gone"): 5, ("a-dagpenge", "moved"): 5}
    back = {one.lag: one.count for one in found.of("weeks-taken-back")}
    assert back == {(0, 3): 20, (4, 12): 45, (13, 25): 65, (26, 51): 5 * 26 + 5 * 2}


def test_participants_persons_and_other_tables(tmp_path: Path, duckdb_backend: Backend) -> None:
    people = list(BASE)
    head, cover = "person_id;investment;start_date;end_date\n", "person_id;age;sex\n"

    def took_part(chosen: list[str], end: str) -> str:
        return head + "".join(f"{person};x;2023-03-06;{end}\n" for person in chosen)

    def covered(chosen: list[str], age: int) -> str:
        return cover + "".join(f"{person};{age};m\n" for person in chosen)

    posted = "date;investment;amount_dkk;account;text\n2023-01-31;x;100;a;b\n"
    found = diff(
        tmp_path, duckdb_backend, rows(), rows(),
        participants=(took_part(people[:6], "2023-04-02"), took_part(people[1:6], "2023-05-07")),
        persons=(covered(people, 40), covered(people[:-1], 41)),
        postings=(posted, posted + "2023-02-28;x;100;a;b\n2023-01-31;x;100;a;b\n"),
    )
    assert told(found) == {
        ("participants", "x", "gone", None, 1, 1),
        ("participants", "x", "prolonged", None, 5, 5),
        ("persons", "", "gone", None, 1, 1),
        ("persons", "age", "changed", None, 19, 19),
        ("rows", "postings", "new", None, 2, None),
    }


def test_payments_that_came_went_and_were_corrected(tmp_path: Path, duckdb_backend: Backend) -> None:
    head, people = "person_id;benefit;week;gross_dkk;refund_dkk;cofinancing_dkk\n", list(BASE)

    def paid(week: str, who: list[str], gross: int, refund: str = "100") -> str:
        return "".join(f"{person};a-dagpenge;{week};{gross};{refund};\n" for person in who)

    first = head + paid("2023-03-06", people[:10], 4000) + paid("2023-03-13", people, 4000)
    second = head + "".join((
        paid("2023-03-06", people[:4], 4000),  # as before
        paid("2023-03-06", people[4:7], 3999),  # of another amount
        paid("2023-03-06", people[7:9], 4000, ""),  # whose refund is not known any more
        # the tenth is gone
        paid("2023-03-13", people, 4000),
        paid("2023-03-20", people[:5], 4000),  # late
        paid("2024-01-08", people[:6], 4000),  # after the earlier horizon
    ))
    after = rows(more=[(person, "a-dagpenge", "2024-01-01", "2024-01-14", "") for person in people])
    found = diff(tmp_path, duckdb_backend, rows(), after, payments=(first, second))
    assert {row[2:] for row in told(found) if row[0] == "payments"} == {
        ("changed", None, 5, 5), ("gone", None, 1, 1), ("new-late", None, 5, 5), ("new", None, 6, 6)}
    with speaking("da"):
        assert "  A-dagpenge, ændret: 5" in diff_lines(found, benefits())


def test_payments_where_only_one_delivery_has_them(tmp_path: Path, duckdb_backend: Backend) -> None:
    text = "person_id;benefit;week;gross_dkk;refund_dkk;cofinancing_dkk\n" + "".join(
        f"{person};a-dagpenge;2023-03-06;4000;100;\n" for person in BASE)
    assert {row[2:] for row in told(diff(tmp_path, duckdb_backend, rows(), rows(), payments=("", text)))} == {
        ("new-late", None, 20, 20)}
    assert {row[2:] for row in told(diff(tmp_path / "back", duckdb_backend, rows(), rows(), payments=(text, "")))} == {
        ("gone", None, 20, 20)}


def test_small_counts_are_hidden_in_every_form(tmp_path: Path, duckdb_backend: Backend) -> None:
    late = [(f"{20_000 + n}", "sygedagpenge", "2023-12-04", "2023-12-31", "") for n in range(4)]
    found = diff(tmp_path, duckdb_backend, rows(), rows(more=late), smallest=5)
    assert {(one.count, one.persons) for one in found.changes} == {(None, None)}
    assert found.changes[0] == Change("spells", "sygedagpenge", "new-late", None, None)
    for language in ("da", "en"):
        with speaking(language):
            text = "\n".join(diff_lines(found, benefits()))
            assert "16" not in text.split(".", 1)[1].split("2023")[-1]
            assert "under 5" in text
    listed = diff_csv(found).splitlines()
    assert listed[0].split(";") == list(COLUMNS)
    assert all(line.endswith(";;;1") for line in listed[1:])
    assert all(row["count"] is None and row["hidden"] for row in json.loads(diff_json(found))["changes"])


def test_snapshots_of_different_keys_are_not_compared(tmp_path: Path, duckdb_backend: Backend) -> None:
    first = read(tmp_path / "first", rows())
    target = tmp_path / "other"
    target.mkdir()
    read_folder(tmp_path / "first" / "source", target, key=bytes(range(1, 33)), today=TODAY)
    with pytest.raises(GevinstError) as fault:
        diff_deliveries(first, target, duckdb_backend)
    assert fault.value.code == "quality.keys-differ"


def test_the_register_is_read_as_of_the_day_before_and_after(tmp_path: Path, duckdb_backend: Backend) -> None:
    """A late registration is not there on the day before its delivery, and is on the day of it."""
    create_workspace(tmp_path / "w", municipality="Prøvekøbing", municipality_code="999",
                     key_file=tmp_path / "keys" / "test.key")
    late = [("20000", "sygedagpenge", "2023-12-04", "2023-12-31", "")]
    for name, spells, day in (("one", rows(), 10), ("two", rows(more=late), 20)):
        source = tmp_path / name
        source.mkdir()
        (source / "spells.csv").write_text(HEAD + "".join(";".join(row) + "\n" for row in spells), encoding="utf-8")
        moment = datetime(2024, 1, day, 12, tzinfo=UTC)
        import_folder(tmp_path / "w", source, today=TODAY, clock=lambda moment=moment: moment)

    def spells_on(day: int) -> int:
        folder = snapshot_as_of(tmp_path / "w", datetime(2024, 1, day, 23, tzinfo=UTC))
        tables = open_person_tables(folder, duckdb_backend)
        assert sunday(tables.data_horizon) == date(2023, 12, 31)
        return int(duckdb_backend.to_arrow(tables.spells.aggregate(n=tables.spells.count()))["n"][0].as_py())

    assert (spells_on(19), spells_on(20)) == (20, 21)


@pytest.mark.parametrize(("persons", "told"), [(99, None), (98, None), (95, None), (94, 94), (40, 40)])
def test_persons_beside_spells_do_not_tell_of_a_few(persons: int, told: int | None) -> None:
    """99 spells of 98 persons: one of them has two."""
    change = Change("spells", "a-dagpenge", "new", 99, persons)
    diff = DeliveryDiff("one", "other", 0, 4, (change,), 5)
    assert diff_rows(diff)[0]["persons"] == told
    (line,) = (one for one in diff_lines(diff, {}) if ": 99" in one)
    assert ("(" in line) == (told is not None)
    assert f";{'' if told is None else told};0" in diff_csv(diff)
