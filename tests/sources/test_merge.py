from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gevinst.backend import Backend, open_duckdb
from gevinst.errors import GevinstError
from gevinst.sources import merge, parts, pseudonym
from gevinst.sources.staging import Staged, StagedTable, staged_schema
from gevinst.tables import SPELLS

START = date(2020, 1, 1)
Row = tuple[int, str, int, int | None]  # person, benefit, first day, length in days (None = running)


@pytest.fixture(scope="module")
def backend() -> Backend:
    return open_duckdb(threads=1)


def finished(rows: list[Row], backend: Backend, folder: Path) -> tuple[list[dict[str, object]], merge.Finished]:
    import pyarrow.parquet as pq

    schema = staged_schema(SPELLS, ())
    days = [START + timedelta(days=first) for _, _, first, _ in rows]
    ends = [None if length is None else day + timedelta(days=length)
            for day, (_, _, _, length) in zip(days, rows, strict=True)]
    n = len(rows)
    table = pa.table([pa.array(range(n), pa.int64()), pa.array([row[0] for row in rows], pa.int64()),
                      pa.array([row[0] for row in rows], pa.int64()), pa.array([row[0] for row in rows], pa.int16()),
                      pa.array([row[1] for row in rows]), pa.array(days, pa.date32()), pa.array(ends, pa.date32()),
                      pa.array([1.0] * n), pa.array([Decimal(1)] * n, pa.decimal128(18, 2)),
                      pa.nulls(n, pa.string())], schema=schema)
    staged_path = folder / "staged.parquet"
    pq.write_table(table, staged_path)
    staged = Staged(SPELLS, "spells.csv", "", n, staged_path, (), frozenset(), ())
    (folder / "spells.parquet").unlink(missing_ok=True)
    done = merge.finish_spells(StagedTable((staged,)), backend, folder)
    return pq.read_table(folder / "spells.parquet").to_pylist(), done


def unbroken_periods(rows: set[Row]) -> list[tuple[int, str, date, date | None]]:
    """Brute force: join the sets of days of periods that share a day, until no two do. Running = a year."""
    periods: dict[tuple[int, str], list[set[int]]] = defaultdict(list)
    for person, benefit, first, length in rows:
        days = set(range(first, first + (length or 400)))
        apart = [other for other in periods[person, benefit] if not other & days]
        together = [other for other in periods[person, benefit] if other & days]
        periods[person, benefit] = [*apart, days.union(*together)]
    found = []
    for (person, benefit), sets in periods.items():
        for days in sets:
            end = START + timedelta(days=max(days) + 1)
            running = max(days) + 1 > 399
            found.append((person, benefit, START + timedelta(days=min(days)), None if running else end))
    return sorted(found, key=lambda row: row[:3])


_ROW = st.tuples(st.integers(1, 4), st.sampled_from(["a-dagpenge", "kontanthjaelp"]), st.integers(0, 12),
                 st.none() | st.integers(1, 6))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_ROW, min_size=1, max_size=50), chance=st.randoms(use_true_random=False))
def test_merged_spells_are_the_union_of_their_days(
    rows: list[Row], chance: random.Random, backend: Backend, tmp_path: Path
) -> None:
    stored, done = finished(rows, backend, tmp_path)
    found = [(row["person"], row["benefit"], row["start_date"], row["end_date"]) for row in stored]
    assert found == unbroken_periods(set(rows))
    assert done.duplicates == len(rows) - len(set(rows))
    assert done.stored + done.merged + done.duplicates == len(rows)
    assert sum(Decimal(str(row["amount_dkk"])) for row in stored) == len(set(rows))
    shuffled = chance.sample(rows, len(rows))
    again, done_again = finished(shuffled, backend, tmp_path)
    assert (again, done_again) == (stored, done)


def test_what_a_merged_spell_says(intake: Callable[..., object]) -> None:
    done = intake({"spells.csv": (
        "person_id;benefit;start_date;end_date;degree;amount_dkk;municipality\n"
        "1;a-dagpenge;2020-01-01;2020-01-31;0,5;100,10;707\n"
        "1;a-dagpenge;2020-01-15;2020-02-15;1,0;200,20;730\n"
        "1;a-dagpenge;2020-02-16;2020-02-29;1,0;;707\n"
        "1;a-dagpenge;2020-02-16;2020-02-29;1,0;;707\n"
        "2;a-dagpenge;2020-01-01;;;;\n"
        "2;a-dagpenge;2020-03-01;2020-03-31;;;\n")})
    assert done.rows("spells", "start_date", "end_date", "degree", "amount_dkk", "municipality") in (
        [(date(2020, 1, 1), date(2020, 2, 16), 1.0, Decimal("300.30"), "730"),
         (date(2020, 2, 16), date(2020, 3, 1), 1.0, None, "707"),
         (date(2020, 1, 1), None, 1.0, None, None)],
        [(date(2020, 1, 1), None, 1.0, None, None),
         (date(2020, 1, 1), date(2020, 2, 16), 1.0, Decimal("300.30"), "730"),
         (date(2020, 2, 16), date(2020, 3, 1), 1.0, None, "707")])
    file = done.report.file("spells")
    assert (file.rows, file.accepted, file.duplicates, file.merged, file.stored) == (6, 6, 1, 2, 3)
    assert done.notes("spells") == {"degrees-differ": {"rows": 1}}


def test_overlapping_participations_in_one_investment_are_merged(intake: Callable[..., object]) -> None:
    done = intake({
        "spells.csv": "person_id;benefit;start_date;end_date\n1;a-dagpenge;2020-01-01;\n",
        "participants.csv": ("person_id;investment;start_date;end_date\n"
                             "1;jobnet;2020-02-01;2020-03-01\n1;jobnet;2020-02-15;2024-12-31\n"
                             "1;andet;2020-02-15;2020-03-15\n1;andet;2020-03-16;\n")})
    assert done.rows("participants", "investment", "start_date", "end_date") == [
        ("andet", date(2020, 2, 15), date(2020, 3, 16)), ("andet", date(2020, 3, 16), None),
        ("jobnet", date(2020, 2, 1), date(2025, 1, 1))]
    assert done.report.file("participants").merged == 1


def test_weeks_also_before_1990(intake: Callable[..., object]) -> None:
    """1990-01-01 is a Monday and begins week 0; the Sunday before belongs to week −1."""
    done = intake({"spells.csv": (
        "person_id;benefit;start_date;end_date\n"
        "1;a-dagpenge;1989-12-24;1989-12-31\n1;a-dagpenge;1990-01-01;1990-01-07\n1;a-dagpenge;1990-01-08;\n"
        "1;a-dagpenge;1970-01-01;1970-01-01\n")})
    assert done.rows("spells", "start_week", "end_week") == [(-1044, -1043), (-2, 0), (0, 1), (1, None)]


def test_two_ids_with_one_pseudonym_stop_the_import(
    intake: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = pseudonym.Pseudonymiser.digest

    def colliding(self: pseudonym.Pseudonymiser, one: bytes) -> bytes:
        return b"\1" * 8 + honest(self, one)[8:]

    monkeypatch.setattr(pseudonym.Pseudonymiser, "digest", colliding)
    spells = "person_id;benefit;start_date;end_date\n{};a-dagpenge;2020-01-01;\n"
    same = intake({"spells.csv": spells.format("0101901234"), "persons.csv": "person_id;sex\n010190-1234;M\n"})
    assert same.report.file("persons").stored == 1
    with pytest.raises(GevinstError) as fault:
        intake({"spells.csv": spells.format("0101901234"), "persons.csv": "person_id;sex\n0101901235;M\n"})
    assert fault.value.code == "intake.pseudonym-collision"


def test_the_order_of_tables_lets_participants_find_their_persons() -> None:
    assert parts.ORDER.index("participants") > max(parts.ORDER.index("spells"), parts.ORDER.index("persons"))
