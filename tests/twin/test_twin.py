"""A twin has the shape of its register: weeks, benefits, inflow, curves, participants, postings, payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from gevinst.cohorts.build import build_cohort, together
from gevinst.cohorts.definition import Inflow, Participants
from gevinst.cohorts.prepare import prepare
from gevinst.curves.estimate import estimate_curve
from gevinst.curves.twin_model import TwinModel, as_json, from_json
from gevinst.curves.twin_money import Told
from gevinst.errors import GevinstError
from gevinst.parameters.benefits import benefits
from gevinst.register.business_case import Suspension
from gevinst.register.person_tables import PersonTables
from gevinst.sources.synthetic import SUSPENSIONS, SyntheticSpec, simulate_register
from gevinst.twin.fit import Terms, fit
from gevinst.twin.tables import twin_tables
from gevinst.weeks import week_of
from tests.twin.made import SPEC, opened, portfolio

KNOWN = benefits()
MISFIT = 0.015
"""How far the curves of register and twin may lie apart beside four standard errors of their difference."""


@pytest.fixture(scope="module")
def register() -> Iterator[tuple[dict[str, pa.Table], PersonTables]]:
    tables, _ = simulate_register(SPEC)
    with opened(tables) as stored:
        yield tables, stored


@pytest.fixture(scope="module")
def model(register: tuple[dict[str, pa.Table], PersonTables]) -> TwinModel:
    return fit(register[1], portfolio(), KNOWN, Terms())


@pytest.fixture(scope="module")
def twin(model: TwinModel) -> Iterator[tuple[dict[str, pa.Table], PersonTables]]:
    tables = twin_tables(model, 1, KNOWN)
    with opened(tables) as stored:
        yield tables, stored


Shares = tuple[np.ndarray, int]


def apart(one: Shares, other: Shares) -> float:
    """How much farther two curves lie apart than four standard errors of their difference."""
    n = min(len(one[0]), len(other[0]))
    error = np.sqrt(sum(np.maximum(side * (1 - side), 0) / size for side, size in ((one[0][:n], one[1]),
                                                                                   (other[0][:n], other[1]))))
    return float(np.max(np.abs(one[0][:n] - other[0][:n]) - 4 * error))


def inflow(tables: PersonTables, benefit: str, year: int) -> Shares:
    cohort = build_cohort(Inflow(benefit, date(year, 1, 1), date(year, 12, 31)), prepare(tables))
    return shares(cohort, benefit)


def shares(cohort: object, benefit: str, weeks: int = 52) -> Shares:
    found = estimate_curve(together((cohort,), "one"), weeks, label="", benefit=benefit, maturity="available")
    points = [point for point in found.curve.points if point.share is not None]
    return np.array([point.share for point in points]), found.curve.points[0].at_risk


def test_the_same_weeks(register, twin, model: TwinModel) -> None:
    real, made = register[1], twin[1]
    assert (made.first_week, made.data_horizon) == (real.first_week, real.data_horizon)
    assert model.last_week == real.data_horizon


@pytest.mark.parametrize("benefit", ["a-dagpenge", "kontanthjaelp", "sygedagpenge"])
@pytest.mark.parametrize("year", [2017, 2019, 2020])
def test_the_curves_lie_close(register, twin, benefit: str, year: int) -> None:
    one, other = (inflow(side[1], benefit, year) for side in (register, twin))
    assert len(one[0]) == len(other[0]) == 53
    assert apart(one, other) < MISFIT


@pytest.mark.parametrize(("investment", "benefit"), [("smaajob", "a-dagpenge"), ("intensiveret-indsats",
                                                                                  "kontanthjaelp")])
def test_the_participants_curves_lie_close(register, twin, investment: str, benefit: str) -> None:
    one, other = (shares(build_cohort(Participants(investment, benefit), prepare(side[1])), benefit, 26)
                  for side in (register, twin))
    assert min(len(one[0]), len(other[0])) > 20
    assert apart(one, other) < MISFIT


def by_quarter(table: pa.Table, name: str, value: str) -> Counter[tuple[int, int]]:
    days = [day for day, what in zip(table["start_date"].to_pylist(), table[name].to_pylist(), strict=True)
            if what == value]
    return Counter((day.year, (day.month + 2) // 3) for day in days)


def test_inflow_and_starts_by_quarter(register, twin) -> None:
    for table, name, value in (("spells", "benefit", "a-dagpenge"), ("participants", "investment", "smaajob")):
        one, other = (by_quarter(side[0][table], name, value) for side in (register, twin))
        assert sum(one.values()) == pytest.approx(sum(other.values()), rel=0.12)
        for quarter in one.keys() | other.keys():
            if quarter > (2016, 1):
                assert abs(one[quarter] - other[quarter]) < 5 * np.sqrt(max(one[quarter], other[quarter])) + 10


def test_nobody_starts_while_nobody_can(register, twin) -> None:
    def while_closed(tables: dict[str, pa.Table]) -> int:
        starts = tables["participants"]["start_date"].to_pylist()
        return sum(any(one.start <= day <= one.end for one in SUSPENSIONS) for day in starts)

    closed = replace(portfolio(), suspensions=tuple(Suspension(one.start, one.end) for one in SUSPENSIONS))
    model = fit(register[1], closed, KNOWN, Terms())
    assert while_closed(twin_tables(model, 1, KNOWN)) == 0
    assert while_closed(twin[0]) > 0, "the quarters of the suspensions are not wholly closed"


def test_covariates_are_spread_as_in_the_register(register, twin, model: TwinModel) -> None:
    real, made = register[0]["persons"], twin[0]["persons"]
    assert set(made.column_names) == set(real.column_names)
    for name in ("sex", "education", "municipality", "health_problem"):
        one, other = (Counter(map(str, side[name].to_pylist())) for side in (real, made))
        for value, n in one.items():
            assert other[value] / made.num_rows == pytest.approx(n / real.num_rows, abs=0.02)
    for name in ("age_at_entry", "prior_benefit_weeks_2y"):
        one, other = (np.array(side[name].to_pylist(), float) for side in (real, made))
        assert np.mean(other) == pytest.approx(np.mean(one), rel=0.03)
        assert np.std(other) == pytest.approx(np.std(one), rel=0.05)
    left = [sum(day is not None for day in side["left_register_date"].to_pylist()) / side.num_rows
            for side in (real, made)]
    assert left[1] == pytest.approx(left[0], rel=0.25)
    assert {column.name for column in model.columns} == set(real.column_names) - {"person_id", "left_register_date"}


def test_a_value_of_one_person_changes_neither_bands_nor_type() -> None:
    """A half year among whole ones, and a thirteenth value where there were twelve."""
    tables, _ = simulate_register(SyntheticSpec(seed=4, persons=1_200))
    ages, n = tables["persons"]["age_at_entry"].to_pylist(), tables["persons"].num_rows
    month = [at % 12 for at in range(n)]
    found = []
    for age, thirteenth in ((ages[0], month[0]), (ages[0] + 0.5, 99)):
        persons = tables["persons"].drop_columns(["age_at_entry"]).append_column(
            "age_at_entry", pa.array([float(age), *map(float, ages[1:])])).append_column(
            "month", pa.array([thirteenth, *month[1:]]))
        with opened({**tables, "persons": persons}) as stored:
            columns = {one.name: one for one in fit(stored, portfolio(), KNOWN, Terms()).columns}
        found.append([(columns[name].kind, [(one.value, one.below) for one in columns[name].shares[""]])
                      for name in ("age_at_entry", "month")])
    assert found[0] == found[1]
    assert found[0][0][0] == "whole"
    assert [below for _, below in found[0][1][1]] == [None] * 12


def test_the_same_model_and_seed_give_the_same_twin(model: TwinModel) -> None:
    again = twin_tables(from_json(as_json(model)), 1, KNOWN)
    first = twin_tables(model, 1, KNOWN)
    assert all(again[name].equals(first[name]) for name in first)
    assert not twin_tables(model, 2, KNOWN)["spells"].equals(first["spells"])


def test_nothing_depends_on_the_order_of_rows(register, model: TwinModel) -> None:
    rng = np.random.default_rng(7)
    mixed = {name: table.take(pa.array(rng.permutation(table.num_rows))) for name, table in register[0].items()}
    with opened(mixed) as stored:
        assert fit(stored, portfolio(), KNOWN, Terms()) == model


def test_a_twin_of_a_twin_is_like_it(twin, model: TwinModel) -> None:
    again = fit(twin[1], portfolio(), KNOWN, Terms())
    for one, other in zip(model.benefits, again.benefits, strict=True):
        assert one.key == other.key
        assert sum(span.persons for span in one.inflow) == pytest.approx(
            sum(span.persons for span in other.inflow), abs=model.base)
        left = [sum(step.events for step in side.leaving) / sum(step.weeks for step in side.leaving)
                for side in (one, other)]
        assert left[1] == pytest.approx(left[0], rel=0.10)


def test_spells_are_whole_weeks_and_ids_are_nobodys(twin) -> None:
    spells = twin[0]["spells"]
    assert {day.weekday() for day in spells["start_date"].to_pylist()} == {0}
    assert {day.weekday() for day in spells["end_date"].to_pylist() if day is not None} == {6}
    assert all(one.startswith("TWIN-") for one in spells["person_id"].to_pylist())


def test_postings_by_account_and_year_in_thousands() -> None:
    tables, _ = simulate_register(SPEC)
    days = [date(2021, 1, 5), date(2021, 1, 20), date(2021, 2, 1), date(2021, 2, 2), date(2021, 3, 1)]
    tables["postings"] = pa.table({
        "date": days, "investment": ["smaajob", "smaajob", "smaajob", "nobodys", None],
        "amount_dkk": ["400.25", "1300.00", "-250.50", "7000.00", "2600.00"],
        "account": ["5.68.90 Jens", "5.68.90 Jens", "5.68.90 Jens", "1.2", None], "text": ["til Jens"] * 5})
    with opened(tables) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms())
    found = [(one.investment, one.account, one.month, one.thousands) for one in model.postings]
    last = date(2021, 3, 1)
    assert found == [("", "", last, 3), ("", "1.2", last, 7), ("smaajob", "5.68.90", last, 1)]
    made = twin_tables(model, 1, KNOWN)["postings"]
    assert "Jens" not in str(made.to_pylist())
    assert sum(made["amount_dkk"].to_pylist()) == 11_000


def test_payments_have_the_price_of_their_step() -> None:
    """Everybody is paid 4,000 a week, of which 80, 40, 30 and 20 per cent are refunded by step."""
    tables, _ = simulate_register(SPEC)
    rows = tables["spells"].to_pylist()
    first = date(2020, 1, 6)
    paid = [(row["person_id"], first + timedelta(weeks=week)) for row in rows if row["benefit"] == "kontanthjaelp"
            for week in range(0, 20)
            if row["start_date"] <= first + timedelta(weeks=week, days=6) and (
                row["end_date"] is None or row["end_date"] >= first + timedelta(weeks=week))]
    tables["payments"] = pa.table({
        "person_id": [who for who, _ in paid], "benefit": ["kontanthjaelp"] * len(paid), "week": [w for _, w in paid],
        "gross_dkk": [4_004.0] * len(paid), "refund_dkk": [1_201.2] * len(paid), "cofinancing_dkk": [0.0] * len(paid)})
    with opened(tables) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms())
    assert {(one.gross, one.refund, one.cofinancing) for one in model.payments} == {(4_000, 30, 0)}
    assert all(one.paid >= 90 for one in model.payments)
    made = twin_tables(model, 1, KNOWN)["payments"]
    weeks = made["week"].to_pylist()
    assert (min(weeks), max(weeks)) == (first, first + timedelta(weeks=19))
    assert set(made["gross_dkk"].to_pylist()) == {4_000.0}
    assert set(made["refund_dkk"].to_pylist()) == {1_200.0}
    assert made.num_rows == pytest.approx(len(paid), rel=0.15)
    with opened(twin_tables(model, 1, KNOWN)) as stored:
        again = fit(stored, portfolio(), KNOWN, Terms())
    assert {(one.gross, one.refund) for one in again.payments} == {(4_000, 30)}


@pytest.mark.parametrize("told", [None, Told({}, 100)])
def test_payments_are_told_alike_however_few_weeks_a_few_lack_or_have_at_another_refund(told: Told | None) -> None:
    """Two lack 1 or 9 weeks, two have 1 or 9 weeks at another refund: numbers that a memo hides."""
    tables, _ = simulate_register(SyntheticSpec(seed=4, persons=1_200))
    first = date(2020, 1, 6)
    paid = [(row["person_id"], week) for row in tables["spells"].to_pylist() if row["benefit"] == "kontanthjaelp"
            for week in range(20) if row["start_date"] <= first + timedelta(weeks=week)
            and (row["end_date"] is None or row["end_date"] >= first + timedelta(weeks=week, days=6))]
    persons = [one for one, n in sorted(Counter(who for who, _ in paid).items()) if n == 20]
    found = []
    for weeks in (1, 9):
        kept = [(who, week) for who, week in paid if who not in persons[:2] or week >= weeks]
        share = [0.5 if who in persons[2:4] and week < weeks else 0.3 for who, week in kept]
        payments = pa.table({
            "person_id": [who for who, _ in kept], "benefit": ["kontanthjaelp"] * len(kept),
            "week": [first + timedelta(weeks=week) for _, week in kept], "gross_dkk": [4_000.0] * len(kept),
            "refund_dkk": [4_000.0 * one for one in share], "cofinancing_dkk": [0.0] * len(kept)})
        with opened({**tables, "payments": payments}) as stored:
            found.append(fit(stored, portfolio(), KNOWN, Terms(paid=told)))
    assert found[0].payments
    assert {one.paid for one in found[0].payments} <= {90, 100}
    assert found[0] == found[1]


def test_an_extract_of_those_on_benefit_from_a_day_on() -> None:
    """Older spells have their true starts: the twin is known from the same week, and how long they had been on it."""
    tables, _ = simulate_register(SPEC)
    day = date(2017, 6, 5)
    seen = pa.array([end is None or end >= day for end in tables["spells"]["end_date"].to_pylist()])
    tables["spells"] = tables["spells"].filter(seen)
    people = pa.array(sorted(set(tables["spells"]["person_id"].to_pylist())))
    for name in ("persons", "participants"):
        tables[name] = tables[name].filter(pc.is_in(tables[name]["person_id"], people))
    with opened(tables) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms())
        known_from = stored.first_week
        real = inflow(stored, "a-dagpenge", 2018)
    assert abs(known_from - week_of(day)) <= 1
    had_been = [span for one in model.benefits if one.key == "kontanthjaelp" for span in one.present]
    assert len(had_been) > 3
    assert had_been[-1].last > 40
    with opened(twin_tables(model, 1, KNOWN)) as stored:
        assert abs(stored.first_week - known_from) <= 1
        assert apart(real, inflow(stored, "a-dagpenge", 2018)) < MISFIT


def test_spells_alone_are_enough() -> None:
    tables, _ = simulate_register(SPEC)
    with opened({"spells": tables["spells"]}) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms())
    made = twin_tables(model, 1, KNOWN)
    assert set(made) == {"spells"}
    with opened(made) as stored:
        assert stored.data_horizon == model.last_week


def test_degrees_and_places_are_spread_as_in_the_register() -> None:
    tables, _ = simulate_register(SPEC)
    n = tables["spells"].num_rows
    degrees = [(1.0, 0.5, 1.0, 0.33)[at % 4] for at in range(n)]
    places = ["751" if at % 3 else "740" for at in range(n)]
    tables["spells"] = tables["spells"].append_column("degree", pa.array(degrees)).append_column(
        "municipality", pa.array(places))
    with opened(tables) as stored:
        made = twin_tables(fit(stored, portfolio(), KNOWN, Terms()), 1, KNOWN)["spells"]
    shares = Counter(made["degree"].to_pylist())
    assert set(shares) == {1.0, 0.5, 0.3}
    assert shares[0.5] / made.num_rows == pytest.approx(0.25, abs=0.05), "of persons, not of spells"
    assert set(made["municipality"].to_pylist()) == {"751", "740"}


def test_too_few_persons_have_no_twin() -> None:
    tables = {"spells": pa.table({"person_id": [f"P{n}" for n in range(9)], "benefit": ["a-dagpenge"] * 9,
                                  "start_date": [date(2020, 1, 6)] * 9, "end_date": [date(2020, 3, 1)] * 9})}
    with opened(tables) as stored, pytest.raises(GevinstError) as raised:
        fit(stored, portfolio(), KNOWN, Terms())
    assert raised.value.code == "twin.too-few"
