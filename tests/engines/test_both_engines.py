"""What only DuckDB had been seen to count: payments, ledger, deliveries, data quality and reforms, on Spark as well.

Cohorts, curves and the matched study are held against both engines where they are tested. Here one register is made
whole, with payments, postings and two deliveries, and everything else that counts in a backend is counted twice.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gevinst.backend import Backend, open_duckdb, open_spark
from gevinst.cohorts.build import build_cohort, together
from gevinst.cohorts.definition import Inflow
from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.curves.counts import exit_counts, state_counts
from gevinst.curves.delivered import delivered_weeks, participants_per_year, participations
from gevinst.curves.intake import intake
from gevinst.curves.ledger_sums import ledger_sums, repeated_postings
from gevinst.curves.payments import payment_sums
from gevinst.parameters.benefits import benefits
from gevinst.parameters.definition_breaks import national_breaks
from gevinst.parameters.quality_rules import national_rules
from gevinst.register.data_quality_report import Told, measure_quality
from gevinst.register.delivery_diff import diff_deliveries, registered_late, revised_participants
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.weeks import monday, week_of
from tests.conftest import spell_table

pytestmark = pytest.mark.spark
TODAY = date(2024, 2, 1)
REGISTER = Path(__file__).parents[1] / "oracle" / "register_small"


@dataclass(frozen=True)
class Delivered:
    """Two deliveries of one register, stored."""

    earlier: Path
    later: Path


def rows_of(name: str) -> list[dict[str, str]]:
    with (REGISTER / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def payments(spells: list[dict[str, str]], draw: np.random.Generator) -> list[dict[str, Any]]:
    """A payment for nine of ten weeks of a spell, for a year at most; one of fifty is corrected."""
    made: list[dict[str, Any]] = []
    for spell in spells:
        first = week_of(date.fromisoformat(spell["start_date"]))
        last = week_of(date.fromisoformat(spell["end_date"] or "2023-12-24"))
        for week in range(first, min(last, first + 60)):
            if draw.random() < 0.1:
                continue
            row = {"person_id": spell["person_id"], "benefit": spell["benefit"], "week": monday(week).isoformat(),
                   "gross_dkk": 4000 + int(draw.integers(200)), "refund_dkk": int(draw.choice((800, 1200, 1600))),
                   "cofinancing_dkk": "", "refund_rate_pct": int(draw.choice((20, 30, 40)))}
            made.append(row)
            if draw.random() < 0.02:
                made.append({**row, "gross_dkk": -500, "refund_dkk": -100})
    return made


def delivery(folder: Path, stored: Path, *, later: bool) -> Path:
    """The small register with payments and postings; later, with late, moved and ended spells, and corrections."""
    draw = np.random.default_rng(20240201)
    folder.mkdir()
    spells = rows_of("spells")
    paid = payments(spells, draw)
    postings = [{"date": f"202{n % 4}-0{1 + n % 9}-15", "investment": ("jobnet", "intensiv", "")[n % 3],
                 "amount_dkk": f"{100 + n % 7}.25", "account": f"5.68.90-{1 + n % 2}", "text": "løn"}
                for n in range(60)]
    persons = rows_of("persons")
    if later:
        spells = [one for n, one in enumerate(spells) if n % 97]
        for n, one in enumerate(spells):
            if n % 89 == 0:
                one["benefit"] = "sygedagpenge"
            elif n % 83 == 0 and one["end_date"]:
                one["end_date"] = ""
        paid = [one if n % 71 else {**one, "gross_dkk": int(one["gross_dkk"]) + 10}
                for n, one in enumerate(paid) if n % 61]
        postings += postings[:3]
        persons = [{**one, "education": "andet"} if n % 41 == 0 else one for n, one in enumerate(persons)]
    for name, rows in (("spells", spells), ("payments", paid), ("postings", postings), ("persons", persons),
                       *((name, rows_of(name)) for name in ("participants", "investments", "prices"))):
        written(folder / f"{name}.csv", rows)
    stored.mkdir()
    read_folder(folder, stored, key=IN_MEMORY_KEY, today=TODAY)
    return stored


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    place = tmp_path_factory.mktemp("deliveries")
    return Delivered(delivery(place / "in-1", place / "stored-1", later=False),
                     delivery(place / "in-2", place / "stored-2", later=True))


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Backend, Backend]]:
    both = open_duckdb(threads=2), open_spark()
    yield both
    for one in both:
        one.close()


def test_payments_are_placed_and_summed_alike(two: Delivered, engines: tuple[Backend, Backend]) -> None:
    found = []
    for backend in engines:
        tables = open_person_tables(two.later, backend)
        found.append(payment_sums(tables, paid_weeks(tables, benefits())))
    assert found[0] == found[1]
    assert found[0] is not None
    assert len(found[0].cells) > 20
    assert found[0].unplaced_weeks > 0


def test_the_ledger_is_summed_alike(two: Delivered, engines: tuple[Backend, Backend]) -> None:
    found = []
    for backend in engines:
        postings = backend.read_parquet(two.later / "postings.parquet", "postings")
        found.append((ledger_sums(postings, backend), repeated_postings(postings, backend)))
    assert found[0] == found[1]
    assert found[0][1][0] >= 3


def test_participants_are_counted_alike(two: Delivered, engines: tuple[Backend, Backend]) -> None:
    found = []
    for backend in engines:
        tables = open_person_tables(two.later, backend)
        starts = intake(tables, "jobnet")
        assert starts is not None
        found.append((delivered_weeks(tables, "jobnet"), participants_per_year(tables, "jobnet"),
                      participations(tables), starts.first_week, starts.starts.tolist()))
    assert found[0] == found[1]


def test_deliveries_differ_alike(two: Delivered, engines: tuple[Backend, Backend]) -> None:
    found = [(diff_deliveries(two.earlier, two.later, backend), registered_late(two.earlier, two.later, backend),
              revised_participants(two.earlier, two.later, backend, until=date(2023, 6, 30))) for backend in engines]
    assert found[0] == found[1]
    measures = {one.measure for one in found[0][0].counts}
    assert measures >= {"weeks-late", "weeks-taken-back", "weeks-moved", "spells", "persons", "payments", "rows"}


def test_data_quality_is_measured_alike(two: Delivered, engines: tuple[Backend, Backend]) -> None:
    told = Told(national_rules(), national_breaks(), benefits(), TODAY)
    found = [measure_quality(open_person_tables(two.later, backend), told) for backend in engines]
    for (rule, one), (_, other) in zip(found[0].measured, found[1].measured, strict=True):
        assert one == other, rule.key
    assert found[0] == found[1]
    assert sum(len(one) for _, one in found[0].measured) > 20


def test_a_reform_is_carried_alike(tmp_path: Path, engines: tuple[Backend, Backend]) -> None:
    """Everybody on uddannelseshjælp on the day of the reform goes on as kontanthjælp."""
    draw, day = np.random.default_rng(7), date(2025, 7, 1)
    spells = []
    for n in range(300):
        first = week_of(date(2024, 1, 1)) + int(draw.integers(70))
        last = first + 1 + int(draw.integers(80))
        begins, ends = monday(first), monday(last)
        if begins < day < ends:
            spells += [(n, "uddannelseshjaelp", begins, day), (n, "kontanthjaelp", day, ends)]
        else:
            spells.append((n, "kontanthjaelp" if begins >= day else "uddannelseshjaelp", begins, ends))
    found = []
    for backend in engines:
        rows = backend.from_arrow(spell_table(spells), "reform")
        first, last = week_of(date(2024, 1, 1)), week_of(date(2026, 6, 28))
        tables = PersonTables(backend, rows, None, None, first, last, tmp_path)
        prepared = prepare(tables, breaks=national_breaks())
        inflow = Inflow("uddannelseshjaelp", date(2024, 3, 1), date(2025, 5, 31))
        cohort = together((build_cohort(inflow, prepared, label="x"),), "trials")
        state, exits = state_counts(cohort, 52), exit_counts(cohort, 52)
        found.append([array.tolist() for counts in (state, exits) for array in vars(counts).values()
                      if hasattr(array, "tolist")])
    assert found[0] == found[1]
    assert len(found[0]) >= 4
