"""The made-up municipality against the published curve, its own truth, and the contracts of the canonical files.

Curves are reckoned here from the written spells by a matrix of persons and weeks, not by the package.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from gevinst.parameters.benefits import benefits
from gevinst.sources import synthetic_calibration as calibration
from gevinst.sources.ingest import read_folder
from gevinst.sources.synthetic import (
    INVESTMENTS,
    SUSPENSIONS,
    InvestmentTruth,
    SyntheticSpec,
    Truth,
    without_effect,
    write_register,
)
from gevinst.tables import CONTRACTS

MONDAY = date(2016, 1, 4)
LAST = date(2021, 10, 31)
WEEKS = ((LAST - MONDAY).days + 1) // 7


def read(folder: Path, name: str) -> pa.Table:
    return pcsv.read_csv(folder / f"{name}.csv")


def days(column: pa.ChunkedArray) -> np.ndarray:
    """Days since the first Monday of the data; missing ends run to the last day."""
    filled = column.cast(pa.date32()).fill_null(pa.scalar(LAST))
    return (filled.to_numpy().astype("datetime64[D]") - np.datetime64(MONDAY)).astype(int)


def on_benefit(spells: pa.Table, benefit: str | None, persons: np.ndarray) -> np.ndarray:
    """Person by week: whether at least one day of the week is on the benefit (None: on any)."""
    rows = spells if benefit is None else spells.filter(pc.equal(spells["benefit"], benefit))
    row = np.searchsorted(persons, rows["person_id"].to_numpy(zero_copy_only=False))
    changes = np.zeros((len(persons), WEEKS + 1), np.int16)
    np.add.at(changes, (row, days(rows["start_date"]) // 7), 1)
    np.add.at(changes, (row, days(rows["end_date"]) // 7 + 1), -1)
    return np.cumsum(changes, axis=1)[:, :WEEKS] > 0


def inflow_curve(spells: pa.Table, benefit: str, first: date, last: date, weeks: int) -> tuple[int, np.ndarray]:
    """Share of the entries (four weeks without the benefit before) receiving, 0..weeks; and how many entries."""
    persons = np.unique(spells["person_id"].to_numpy(zero_copy_only=False))
    on = on_benefit(spells, benefit, persons)
    begins = on.copy()
    for back in range(1, 5):
        begins[:, back:] &= ~on[:, :-back]
    dated = spells.filter(pc.equal(spells["benefit"], benefit))
    start = days(dated["start_date"])
    inside = (start >= (first - MONDAY).days) & (start <= (last - MONDAY).days)
    row = np.searchsorted(persons, dated["person_id"].to_numpy(zero_copy_only=False))[inside]
    week = (start // 7)[inside]
    entry = begins[row, week]
    row, week = row[entry], week[entry]
    return len(row), np.array([on[row, week + k].mean() for k in range(weeks + 1)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("municipality")
    return folder, write_register(folder, SyntheticSpec())


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("idle")
    return folder, write_register(folder, without_effect(SyntheticSpec()))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    folder = tmp_path_factory.mktemp("many")
    write_register(folder, SyntheticSpec(seed=5, persons=330_000, mix={"a-dagpenge": 1.0}, file_format="parquet"))
    return pq.read_table(folder / "spells.parquet")


def test_the_inflow_of_2017_to_2019_has_the_published_curve(many: pa.Table) -> None:
    entries, curve = inflow_curve(many, "a-dagpenge", date(2017, 1, 1), date(2019, 12, 31), 52)
    assert entries >= 200_000
    assert 100 * curve[list(calibration.GRID)] == pytest.approx(calibration.PUBLISHED["2017-2019"], abs=0.5)
    assert np.all(np.diff(curve) < 0.002)  # falls between the published points too, but for chance


def test_later_inflow_leaves_faster_as_it_was_published(many: pa.Table) -> None:
    for row, first, last in (("2020", date(2020, 1, 1), date(2020, 12, 31)),
                             ("2021H1", date(2021, 1, 1), date(2021, 6, 30))):
        published = calibration.PUBLISHED[row]
        weeks = calibration.GRID[: len(published)]
        _, curve = inflow_curve(many, "a-dagpenge", first, last, weeks[-1])
        assert 100 * curve[list(weeks)] == pytest.approx(published, abs=1.2)
        assert np.all(100 * curve[list(weeks[1:])] < np.array(calibration.PUBLISHED["2017-2019"][1 : len(weeks)]) - 1.5)


def test_the_constants_are_what_the_procedure_finds() -> None:
    assert calibration.calibrate() == (calibration.RATES, dict(calibration.FASTER))


def test_the_expected_curve_goes_through_the_published_points_and_falls() -> None:
    entries = calibration.entries_by_week(calibration.RATES)
    shift = calibration.shift_by_cycle(calibration.RATES, calibration.FASTER[2020], entries)
    curve = 100 * (calibration.expected_curve(calibration.RATES, entries.sum(axis=1)) + shift)
    assert curve[list(calibration.GRID)] == pytest.approx(calibration.PUBLISHED["2017-2019"], abs=0.005)
    assert np.all(np.diff(curve) < 0)


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_same_spec_gives_the_same_bytes(file_format: str, tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("same", 3), ("other", 4)):
        write_register(tmp_path / name, SyntheticSpec(seed=seed, persons=1_000, file_format=file_format))
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 6
    one, same, other = ([(tmp_path / folder / name).read_bytes() for name in names] for folder in
                        ("one", "same", "other"))
    assert one == same
    assert one[names.index(f"spells.{file_format}")] != other[names.index(f"spells.{file_format}")]


def test_the_files_keep_their_contracts(made: tuple[Path, Truth]) -> None:
    for path in made[0].iterdir():
        contract, table = CONTRACTS[path.stem], read(made[0], path.stem)
        assert {column.name for column in contract.columns if column.required} <= set(table.column_names)
        for column in contract.columns:
            if column.name in table.column_names and not column.empty:
                assert table[column.name].null_count == 0
        if contract.key:
            assert table.group_by(list(contract.key)).aggregate([]).num_rows == table.num_rows
    assert set(read(made[0], "spells")["benefit"].unique().to_pylist()) <= set(benefits())


def test_spells_lie_in_the_period_one_after_the_other(made: tuple[Path, Truth]) -> None:
    spells = read(made[0], "spells")
    start, end = days(spells["start_date"]), days(spells["end_date"])
    person = spells["person_id"].to_numpy(zero_copy_only=False)
    assert start.min() >= 0
    assert end.max() <= (LAST - MONDAY).days
    assert np.all(start <= end)
    assert np.all((start[1:] > end[:-1]) | (person[1:] != person[:-1]))
    assert 0.2 < np.mean(start % 7 != 0) < 0.4  # some begin in the middle of a week
    assert 0.2 < np.mean(end % 7 != 6) < 0.4
    assert 0.05 < spells["end_date"].null_count / spells.num_rows < 0.15


def test_who_left_the_register_has_no_spell_after(made: tuple[Path, Truth]) -> None:
    persons = read(made[0], "persons")
    left = persons.filter(pc.is_valid(persons["left_register_date"])).select(["person_id", "left_register_date"])
    spells = read(made[0], "spells").join(left, "person_id", join_type="inner")
    assert left.num_rows > 100
    assert np.all(days(spells["end_date"]) < days(spells["left_register_date"]))
    assert spells["end_date"].null_count == 0


def test_ids_are_made_up_and_everybody_is_known(made: tuple[Path, Truth]) -> None:
    known = read(made[0], "persons")["person_id"]
    assert pc.all(pc.match_substring_regex(known, r"^S\d{7}$")).as_py()
    for name in ("spells", "participants"):
        assert set(read(made[0], name)["person_id"].to_pylist()) <= set(known.to_pylist())


def test_nobody_starts_when_referrals_are_closed(made: tuple[Path, Truth]) -> None:
    rules = {investment.key: investment for investment in INVESTMENTS}
    for row in read(made[0], "participants").to_pylist():
        rule, start = rules[row["investment"]], row["start_date"]
        assert rule.referrals_from <= start <= min(rule.referrals_to, LAST)
        assert not any(s.start <= start <= s.end for s in SUSPENSIONS)
        assert rule.stopped is None or row["end_date"] <= rule.stopped
        assert (row["end_date"] or LAST) < start + timedelta(weeks=rule.planned_weeks)


def test_participants_are_on_the_target_benefit_for_as_long_as_it_takes(made: tuple[Path, Truth]) -> None:
    rules = {investment.key: investment for investment in INVESTMENTS}
    participants, spells = read(made[0], "participants"), read(made[0], "spells")
    spells = spells.rename_columns(["person_id", "benefit", "from", "until"])
    joined = participants.join(spells, "person_id", join_type="inner").to_pylist()
    at_start = [row for row in joined if row["from"] <= row["start_date"] <= (row["until"] or LAST)]
    assert len(at_start) == participants.num_rows  # each is on one benefit the day it begins
    for row in at_start:
        assert row["benefit"] == rules[row["investment"]].benefit
        assert row["start_date"] - row["from"] >= timedelta(weeks=rules[row["investment"]].min_spell_weeks)
        assert row["until"] is None or row["end_date"] <= row["until"]


@pytest.mark.parametrize("day", [date(2020, 10, 1), date(2021, 7, 15)])
def test_about_as_many_take_part_as_the_cases_plan_for(day: date, made: tuple[Path, Truth]) -> None:
    rows = read(made[0], "participants").to_pylist()
    for investment in INVESTMENTS:
        if investment.stopped is None or day < investment.stopped:
            there = sum(row["investment"] == investment.key and row["start_date"] <= day <= (row["end_date"] or LAST)
                        for row in rows)
            assert there == pytest.approx(investment.full_time_participants, rel=0.15, abs=3)


def test_referral_prefers_good_prospects_only_when_it_is_told_to(made: tuple[Path, Truth], tmp_path: Path) -> None:
    write_register(tmp_path, SyntheticSpec(creaming=0.0))

    def ailing(folder: Path) -> float:
        """Participants with health problems for each other person with health problems among the target group."""
        persons, spells, participants = (read(folder, name) for name in ("persons", "spells", "participants"))
        ill = set(persons.filter(pc.equal(persons["health_problem"], 1))["person_id"].to_pylist())
        stock = {row["person_id"] for row in spells.to_pylist() if row["benefit"] == "a-dagpenge"
                 and row["start_date"] <= date(2020, 10, 1) <= (row["end_date"] or LAST)}
        joined = set(participants.filter(pc.equal(participants["investment"], "smaajob"))["person_id"].to_pylist())
        return (len(joined & ill) / len(joined)) / (len(stock & ill) / len(stock))

    assert ailing(made[0]) < 0.75
    assert ailing(tmp_path) > 0.75


def test_without_effect_the_counterfactual_is_what_happened(idle: tuple[Path, Truth]) -> None:
    spells = read(idle[0], "spells")
    for truth in idle[1].investments:
        theirs = spells.filter(pc.is_in(spells["person_id"], pa.array(truth.person_ids)))
        assert theirs.to_pylist() == truth.counterfactual_spells.to_pylist()
        assert all(not saved.any() for saved in (*truth.saved_same.values(), *truth.saved_any.values()))


def test_the_effect_changes_the_participants_and_nobody_else(
    made: tuple[Path, Truth], idle: tuple[Path, Truth]
) -> None:
    with_it, without_it = read(made[0], "spells"), read(idle[0], "spells")
    everyone = {key for truth in made[1].investments for key in truth.person_ids}
    others = ~np.isin(with_it["person_id"].to_numpy(zero_copy_only=False), list(everyone))
    same = ~np.isin(without_it["person_id"].to_numpy(zero_copy_only=False), list(everyone))
    assert with_it.filter(pa.array(others)).to_pylist() == without_it.filter(pa.array(same)).to_pylist()
    for one, other in zip(made[1].investments, idle[1].investments, strict=True):
        assert one.person_ids == other.person_ids
        assert one.counterfactual_spells.equals(other.counterfactual_spells)
        assert 0 < one.weeks_saved(26) < one.weeks_saved(52) < one.weeks_saved(104)


def test_the_true_weeks_saved_are_the_difference_between_the_two_worlds(made: tuple[Path, Truth]) -> None:
    spells = read(made[0], "spells")
    for truth, investment in zip(made[1].investments, INVESTMENTS, strict=True):
        for benefit, saved in ((investment.benefit, truth.saved_same), (None, truth.saved_any)):
            assert weeks_saved(spells, truth, benefit, 26) == [
                saved[26][i] for i in followed(truth, 26)
            ]


def followed(truth: InvestmentTruth, weeks: int) -> list[int]:
    """The participants whose `weeks` weeks lie within the data."""
    origin = truth.start_week - (MONDAY - date(1990, 1, 1)).days // 7
    return np.flatnonzero(origin + weeks <= WEEKS).tolist()


def weeks_saved(spells: pa.Table, truth: InvestmentTruth, benefit: str | None, weeks: int) -> list[float]:
    """Weeks without less weeks with, for each participant who is followed long enough, from the written spells."""
    persons = np.unique(truth.person_ids)
    happened = on_benefit(spells.filter(pc.is_in(spells["person_id"], pa.array(persons))), benefit, persons)
    otherwise = on_benefit(truth.counterfactual_spells, benefit, persons)
    found = []
    for i in followed(truth, weeks):
        row = np.searchsorted(persons, truth.person_ids[i])
        week = truth.start_week[i] - (MONDAY - date(1990, 1, 1)).days // 7
        found.append(float(otherwise[row, week : week + weeks].sum() - happened[row, week : week + weeks].sum()))
    return found


def test_health_problems_keep_people_on_the_benefit(many: pa.Table, made: tuple[Path, Truth]) -> None:
    persons, spells = read(made[0], "persons"), read(made[0], "spells")
    curves = []
    for value in (0, 1):
        chosen = persons.filter(pc.equal(persons["health_problem"], value))["person_id"]
        theirs = spells.filter(pc.is_in(spells["person_id"], chosen.combine_chunks()))
        curves.append(inflow_curve(theirs, "a-dagpenge", date(2017, 1, 1), date(2019, 12, 31), 26)[1])
    assert curves[1][26] > curves[0][26] + 0.05


def test_people_move_between_benefits(made: tuple[Path, Truth]) -> None:
    rows = read(made[0], "spells").to_pylist()
    moves = {(a["benefit"], b["benefit"]) for a, b in pairwise(rows)
             if a["person_id"] == b["person_id"] and a["end_date"] and b["start_date"] - a["end_date"] <= timedelta(1)}
    assert {("a-dagpenge", "sygedagpenge"), ("kontanthjaelp", "ressourceforloeb"),
            ("sygedagpenge", "kontanthjaelp"), ("ressourceforloeb", "kontanthjaelp")} <= moves


def test_messy_data_are_the_same_data_with_some_rows_too_many(made: tuple[Path, Truth], tmp_path: Path) -> None:
    write_register(tmp_path, SyntheticSpec(messy=True))
    clean, messy = read(made[0], "spells").to_pylist(), read(tmp_path, "spells").to_pylist()
    assert messy[: len(clean)] == clean
    extra = messy[len(clean):]
    before = {tuple(row.values()) for row in clean}
    assert 10 < sum(tuple(row.values()) in before for row in extra) < len(extra) < 0.01 * len(clean)


@pytest.mark.parametrize("messy", [False, True])
def test_the_intake_takes_the_files_as_they_are(messy: bool, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    write_register(tmp_path / "in", SyntheticSpec(persons=3_000, messy=messy))
    report = read_folder(tmp_path / "in", tmp_path / "out", key=bytes(32), today=date(2021, 11, 26))
    files = {file.table: file for file in report.files}
    assert len(files) == 6
    assert all(file.rejected == 0 and not file.notes for file in files.values())
    assert (files["spells"].duplicates > 0) == (files["spells"].merged > 0) == messy
    assert messy or all(file.stored == file.rows for file in files.values())
    assert report.data_to == LAST


def test_a_municipality_without_investments(tmp_path: Path) -> None:
    truth = write_register(tmp_path, replace(SyntheticSpec(persons=200), investments=(), suspensions=()))
    assert truth.investments == ()
    assert read(tmp_path, "participants").num_rows == 0
