"""Payments placed on weeks by hand: few persons, every sum written out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER, paid_weeks
from gevinst.curves.payments import PaymentSums, payment_sums
from gevinst.parameters.benefits import benefits
from gevinst.weeks import first_week
from tests.town import Town, tables_of

A, K, SU = "a-dagpenge", "kontanthjaelp", "su"
START = first_week(2021)
SIX = pa.decimal128(18, 6)


@dataclass(frozen=True)
class Paid:
    person: int
    benefit: str
    week: int
    gross: int
    net: int
    rate: float | None = 80.0
    elsewhere: int = 0


def sums_of(town: Town, rows: list[Paid], backend, folder: Path) -> PaymentSums:
    """What the wall lets out, of a town whose payments lie in `folder`."""
    def kr(amounts: list[int]) -> pa.Array:
        return pa.array([Decimal(one) for one in amounts], SIX)

    pq.write_table(pa.table({
        "person": pa.array([one.person for one in rows], pa.int64()),
        "replicate": pa.array([one.person % 200 for one in rows], pa.int16()),
        "benefit": pa.array([one.benefit for one in rows], pa.string()),
        "week_index": pa.array([one.week for one in rows], pa.int32()),
        "gross_dkk": kr([one.gross for one in rows]),
        "refund_dkk": kr([one.gross - one.net if one.benefit == K else 0 for one in rows]),
        "cofinancing_dkk": kr([one.net if one.benefit == A else 0 for one in rows]),
        "net_dkk": kr([one.net for one in rows]),
        "state_rate_pct": pa.array([one.rate for one in rows], pa.float64()),
        "elsewhere_dkk": kr([one.elsewhere for one in rows]),
    }), folder / "payments.parquet")
    tables = replace(tables_of(town, backend), folder=folder)
    found = payment_sums(tables, paid_weeks(tables, benefits()))
    assert found is not None
    return found


def test_without_payments_there_is_nothing(duckdb_backend, tmp_path: Path) -> None:
    town = Town(((1, K, START, START + 3, 1.0),), (), START + 10, first=START)
    tables = replace(tables_of(town, duckdb_backend), folder=tmp_path)
    assert payment_sums(tables, paid_weeks(tables, benefits())) is None


def test_sums_by_benefit_step_and_year(duckdb_backend, tmp_path: Path) -> None:
    """Person 1 has six weeks on kontanthjælp: four on step 0, two on step 1; person 2 is on half time."""
    town = Town(((1, K, START, START + 6, 1.0), (2, K, START, START + 2, 0.5)), (), START + 10, first=START)
    rows = [Paid(1, K, START + week, 1000, 200 if week < 4 else 600, 80.0 if week < 4 else 40.0) for week in range(6)]
    rows += [Paid(2, K, START + week, 500, 100) for week in range(2)]
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    first, second = found.cells
    assert (first.cell, second.cell) == ((K, 0, 2021), (K, 1, 2021))
    assert (first.person_weeks, first.persons, first.full_time_weeks) == (6, 2, 5)
    assert (first.gross, first.refund, first.cofinancing, first.net) == (5000, 4000, 0, 1000)
    assert (second.person_weeks, second.gross, second.net, second.by_rate) == (2, 2000, 1200, ((40, 2, 1),))
    assert first.by_rate == ((80, 6, 2),)
    assert (first.unpaid_weeks, found.unplaced_weeks, found.uncovered_weeks, found.files) == (0, 0, 0, ())


def test_weeks_without_payment_are_counted_where_the_files_reach(duckdb_backend, tmp_path: Path) -> None:
    """Three persons for ten weeks; the files begin in the fifth, and person 3 is never paid: 1 x 6 weeks unpaid."""
    town = Town(tuple((p, K, START, START + 10, 1.0) for p in (1, 2, 3)), (), START + 20, first=START)
    rows = [Paid(p, K, START + week, 1000, 600) for p in (1, 2) for week in range(4, 10)]
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    assert sum(one.person_weeks for one in found.cells) == 12
    assert [(one.step, one.unpaid_weeks, one.unpaid_persons) for one in found.cells] == [(1, 6, 1)]
    assert (found.uncovered_weeks, found.uncovered_persons) == (0, 0)


def test_a_correction_of_a_week_before_the_files_is_no_price(duckdb_backend, tmp_path: Path) -> None:
    """In week 0 one of three has a small payment, a correction; in week 5 all have one."""
    town = Town(tuple((p, K, START, START + 10, 1.0) for p in (1, 2, 3)), (), START + 20, first=START)
    rows = [Paid(1, K, START, 10, 2)] + [Paid(p, K, START + 5, 1000, 600, 40.0) for p in (1, 2, 3)]
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    (cell,) = found.cells
    assert (cell.step, cell.person_weeks, cell.gross) == (1, 3, 3000)
    assert (found.uncovered_weeks, found.uncovered_persons) == (1, 1)


def test_a_payment_that_no_week_has_is_counted(duckdb_backend, tmp_path: Path) -> None:
    """Person 2 is paid twice after her spell ended, in weeks that the files cover for others."""
    town = Town(((1, K, START, START + 4, 1.0), (2, K, START, START + 2, 1.0)), (), START + 10, first=START)
    rows = [Paid(p, K, START + week, 1000, 200) for p in (1, 2) for week in range(4)]
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    assert (found.unplaced_weeks, found.unplaced_persons, found.unplaced_net) == (2, 1, 400)
    assert found.cells[0].person_weeks == 6


def test_weeks_paid_elsewhere_or_taken_back_are_in_no_sum(duckdb_backend, tmp_path: Path) -> None:
    town = Town(((1, K, START, START + 4, 1.0), (2, K, START, START + 4, 1.0)), (), START + 10, first=START)
    rows = [Paid(1, K, START + week, 1000, 200) for week in range(4)]
    rows += [Paid(2, K, START, 0, 0, None, elsewhere=1000), Paid(2, K, START + 1, -500, -100),
             Paid(2, K, START + 2, 1000, 200, None, elsewhere=10), Paid(2, K, START + 3, 1000, 200, None)]
    (cell,) = sums_of(town, rows, duckdb_backend, tmp_path).cells
    assert (cell.person_weeks, cell.gross, cell.by_rate) == (5, 5000, ((80, 4, 1), (None, 1, 1)))
    assert (cell.unpaid_weeks, cell.unpaid_persons) == (3, 1)


def test_payments_beyond_the_horizon_or_before_the_register_are_left_out(duckdb_backend, tmp_path: Path) -> None:
    town = Town(((1, K, START - 5, START + 20, 1.0),), (), START + 3, first=START)
    rows = [Paid(1, K, START + week, 1000, 600) for week in range(-3, 8)]
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    assert sum(one.person_weeks for one in found.cells) == 4


def test_the_year_is_that_of_the_thursday_and_the_ladder_may_be_absent(duckdb_backend, tmp_path: Path) -> None:
    turn = first_week(2022)
    town = Town(((1, K, turn - 1, turn + 1, 1.0), (1, SU, START, START + 2, 1.0)), (), turn + 10, first=START)
    rows = [Paid(1, K, turn - 1, 1000, 200), Paid(1, K, turn, 1000, 200), Paid(1, SU, START, 700, 700, 0.0)]
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    assert [one.cell for one in found.cells] == [(K, 0, 2021), (K, 0, 2022), (SU, OUTSIDE_LADDER, 2021)]


def test_two_spells_that_share_a_week_share_its_payment(duckdb_backend, tmp_path: Path) -> None:
    """Half time to the middle of week 2, half time from then on: one payment, one full-time week."""
    town = Town(((1, K, START, START + 3, 0.5), (1, K, START + 2, START + 5, 0.5)), (), START + 10, first=START)
    rows = [Paid(1, K, START + week, 1000, 200) for week in range(5)]
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    assert sum(one.person_weeks for one in found.cells) == 5
    assert sum(one.full_time_weeks for one in found.cells) == 3
    assert sum(one.gross for one in found.cells) == 5000


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_a_plain_loop(duckdb_backend, tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spells, rows = [], []
    for person in range(1, 40):
        week = START + int(rng.integers(10))
        while week < START + 100:
            until = week + int(rng.integers(1, 20))
            benefit = str(rng.choice((A, K)))
            spells.append((person, benefit, week, until, float(rng.choice((1.0, 0.5)))))
            rows += [Paid(person, benefit, at, 1000 + int(rng.integers(900)), 100 + int(rng.integers(800)),
                          float(rng.choice((80, 40)))) for at in range(week, until) if rng.random() < 0.8]
            week = until + int(rng.integers(1, 9))
    town = Town(tuple(spells), (), START + 90, first=START)
    found = sums_of(town, rows, duckdb_backend, tmp_path)
    there = {(b, w): sum(1 for _, name, first, after, _ in spells if name == b and first <= w < after)
             for b in (A, K) for w in range(START, START + 91)}
    paying = {at: sum(1 for one in rows if (one.benefit, one.week) == at) for at in there}
    covered = {at for at, n in paying.items() if n and n >= 0.5 * there[at]}
    inside = [one for one in rows if (one.benefit, one.week) in covered]
    paid_for = {(one.person, one.benefit, one.week) for one in rows}
    assert sum(one.person_weeks for one in found.cells) == len(inside)
    assert sum(one.net for one in found.cells) == sum(one.net for one in inside)
    for benefit in (A, K):
        degrees = {(p, w): degree for p, b, first, after, degree in spells if b == benefit
                   for w in range(first, after)}
        mine = [one for one in found.cells if one.benefit == benefit]
        assert sum(one.full_time_weeks for one in mine) == Decimal(str(sum(
            degrees[one.person, one.week] for one in inside if one.benefit == benefit)))
    lacking = [(p, b) for p, b, first, after, _ in spells
               for w in range(first, after) if (b, w) in covered and (p, b, w) not in paid_for]
    persons: dict[str, set[int]] = {}
    for person, benefit in lacking:
        persons.setdefault(benefit, set()).add(person)
    for benefit, known in persons.items():
        each = [one.unpaid_persons for one in found.cells if one.benefit == benefit]
        assert max(each) <= len(known) <= sum(each)
    assert sum(one.unpaid_weeks for one in found.cells) == sum(there[at] - paying[at] for at in covered)
    assert found.uncovered_weeks == sum(1 for one in rows if one.week <= START + 90) - len(inside)
    shuffled = rows[:]
    rng.shuffle(shuffled)
    assert sums_of(town, shuffled, duckdb_backend, tmp_path) == found
