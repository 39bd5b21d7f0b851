"""The matched comparison as a run asks for it: engines, row order, odd cases, errors, and who is credited."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gevinst.analyst import designs_in, effect_in, open_folder, supporting_benefits
from gevinst.backend import Backend
from gevinst.cli import app
from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.effects.design import StudyDesign
from gevinst.effects.matched_study import MatchedFindings, study_matched
from gevinst.effects.replicates import weights
from gevinst.effects.study import Study, study_investments
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.parameters.benefits import benefits
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from tests.effects.matched_engine import opened, studied
from tests.effects.matched_reference import Slow
from tests.town import (
    START,
    A,
    K,
    Town,
    crowded_designs,
    crowded_town,
    design_of,
    prepared_of,
    relapsing_designs,
    relapsing_town,
)

REGISTER = Path(__file__).parents[1] / "oracle" / "register_small"
MATCH_ON = ("sex", "age_at_entry", "education", "prior_benefit_weeks_2y")
ONE = np.ones((1, 200))


def assert_same(one: object, two: object, where: str = "") -> None:
    """Equal to the last digit, all the way down."""
    assert type(one) is type(two), where
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(two, field.name), f"{where}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert np.array_equal(one, two, equal_nan=one.dtype.kind == "f"), where
    elif isinstance(one, dict):
        assert list(one) == list(two), where
        for key in one:
            assert_same(one[key], two[key], f"{where}[{key}]")
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(two), where
        for number, (a, b) in enumerate(zip(one, two, strict=True)):
            assert_same(a, b, f"{where}[{number}]")
    else:
        assert one == two or one is two, where


def found_in(tables: PersonTables) -> dict[str, MatchedFindings]:
    designs = designs_in(tables, MATCH_ON, 52)
    prepared = prepare(tables, any_support=supporting_benefits())
    paid = paid_weeks(tables, benefits())
    return study_matched(designs, prepared, paid, weights(100, 1), benefits(), {d.investment for d in designs})


# The same everywhere ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on_duckdb(duckdb_tables: PersonTables) -> dict[str, MatchedFindings]:
    found = found_in(duckdb_tables)
    assert set(found) == {"jobnet", "intensiv"}
    assert all(one.placebo is not None for one in found.values())
    return found


def test_the_same_on_every_engine(small_tables: PersonTables, on_duckdb: dict[str, MatchedFindings]) -> None:
    assert_same(found_in(small_tables), on_duckdb)


def test_the_order_of_the_rows_of_every_file_is_of_no_matter(
    tmp_path: Path, duckdb_backend: Backend, on_duckdb: dict[str, MatchedFindings]
) -> None:
    for path in REGISTER.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        rng = np.random.default_rng(5)
        rows = [rows[at] for at in rng.permutation(len(rows))]
        columns = rng.permutation(len(header))
        with (tmp_path / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[row[column] for column in columns] for row in (header, *rows)])
    stored = tmp_path / "stored"
    stored.mkdir()
    read_folder(tmp_path, stored, key=IN_MEMORY_KEY, today=date(2024, 2, 1))
    assert_same(found_in(open_person_tables(stored, duckdb_backend)), on_duckdb)


@pytest.mark.parametrize("later", ["censor", "keep"])
def test_the_order_of_the_stored_rows_is_of_no_matter(duckdb_backend: Backend, later: str) -> None:
    town, designs = relapsing_town(81, 150), relapsing_designs(later_participants=later)
    drawn = weights(30, 2)
    plain = studied(town, designs, duckdb_backend, drawn)
    assert plain
    assert_same(studied(town, designs, duckdb_backend, drawn, shuffled=8), plain)


def test_the_order_of_the_designs_is_of_no_matter(duckdb_backend: Backend) -> None:
    town, designs = relapsing_town(82, 150), relapsing_designs()
    plain = studied(town, designs, duckdb_backend, ONE)
    turned = studied(town, designs[::-1], duckdb_backend, ONE)
    for key, findings in plain.items():
        assert turned[key].effect.weeks_saved[0] == pytest.approx(findings.effect.weeks_saved[0], abs=1e-6)
        assert turned[key].by_step == findings.by_step


# It reads the case as the reference does ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [83, 84])
def test_who_starts_and_when_it_is_open_are_read_from_the_case(duckdb_backend: Backend, seed: int) -> None:
    """The parts, told by the reference who starts and which weeks are open, give what the study gives by itself."""
    town, designs = relapsing_town(seed, 150), relapsing_designs()
    parts, found = opened(town, designs, duckdb_backend), studied(town, designs, duckdb_backend, ONE)
    for design in designs:
        matched = parts.matched(design.investment, 120)
        if matched is None:
            assert design.investment not in found
            continue
        findings, answered = found[design.investment], parts.answer(design.investment, 120, ONE)
        assert findings.by_step == matched.matching.matched_by_step
        assert findings.unmatched == len(matched.matching.unmatched.row)
        assert findings.effect.weeks_saved[0] == answered.weeks_saved[0]
        assert findings.effect.participants + findings.unmatched == len(parts.slow.starters(design))
        shares = matched.sums.support
        saved = (shares.without - shares.actual)[: findings.effect.horizon_weeks].sum()
        assert findings.support_weeks_saved[0] == pytest.approx(saved)
        assert findings.destinations.without[0, 0] == pytest.approx(
            findings.effect.share_without[0, list(findings.destinations.weeks)]
        )


def test_only_the_wanted_are_studied_but_all_may_lose_a_comparator(duckdb_backend: Backend) -> None:
    town, designs = relapsing_town(85, 150), relapsing_designs()
    prepared = prepared_of(town, duckdb_backend)
    found = study_matched(designs, prepared, None, ONE, benefits(), {"net"})
    assert set(found) == {"net"}
    everything = studied(town, designs, duckdb_backend, ONE)["net"]
    assert found["net"].effect.weeks_saved[0] == everything.effect.weeks_saved[0]
    assert found["net"].effect.actual_weeks.size == 0  # without paid weeks there is nothing to price


# Odd cases ----------------------------------------------------------------------------------------------------------


def study(town: Town, designs: Sequence[StudyDesign], backend: Backend) -> dict[str, Study]:
    prepared = prepared_of(town, backend)
    return study_investments(designs, prepared, paid_weeks(prepared.tables, benefits()), weights(20, 1))


@pytest.fixture(scope="module")
def town() -> Town:
    return relapsing_town(86, 100)


PERIOD = (START + 190, START + 320)
NOBODY = {
    "a benefit nobody receives": design_of("net", *PERIOD, benefit="revalidering"),
    "an investment without participants": design_of("empty", *PERIOD),
    "a period after the data": design_of("net", START + 360, START + 400),
    "a period long after the data": design_of("net", START + 900, START + 950),
    "a period before the data": design_of("net", START - 400, START - 300),
}


@pytest.mark.parametrize("why", NOBODY)
def test_where_nobody_can_be_studied_nothing_is_said(town: Town, duckdb_backend: Backend, why: str) -> None:
    design = NOBODY[why]
    alone = study(town, [design], duckdb_backend)[design.investment]
    assert (alone.participants, alone.effects, alone.matched) == (0, {}, None)
    if design.investment == "empty":
        beside = study(town, [design, *relapsing_designs(())], duckdb_backend)
        assert beside["empty"].matched is None
        assert beside["net"].matched is not None


def test_participants_who_all_start_before_the_register_are_left_out(town: Town, duckdb_backend: Backend) -> None:
    early = replace(town, starts=tuple((person, key, week - 320) for person, key, week in town.starts))
    found = study(early, [design_of("net", START - 400, PERIOD[1])], duckdb_backend)["net"]
    assert (found.participants, found.matched) == (0, None)
    assert found.left_out["starts_before_register"] > 0


def alike(people: int) -> tuple[tuple[int, str, int, int, float], ...]:
    """So many with the same spell."""
    return tuple((person, A, START + 170, START + 230, 1.0) for person in range(1, people + 1))


def test_one_participant_is_compared_with_those_like_her(duckdb_backend: Backend) -> None:
    """She leaves 5 weeks on, they stay: 21 of 26 weeks. And nobody else is like one who is alone."""
    spells = ((1, A, START + 170, START + 185, 1.0), *alike(9)[1:])
    design = design_of("net", START + 160, START + 200)
    matched = study(Town(spells, ((1, "net", START + 180),), START + 260), [design], duckdb_backend)["net"].matched
    assert matched is not None
    assert matched.effect.weeks_saved[0] == pytest.approx(21)
    assert (matched.effect.participants, matched.unmatched) == (1, 0)
    alone = Town(spells[:1], ((1, "net", START + 180),), START + 260)
    assert study(alone, [design], duckdb_backend)["net"].matched is None


def test_where_everybody_starts_at_once_there_is_nobody_to_compare_with(duckdb_backend: Backend) -> None:
    town = Town(alike(30), tuple((person, "net", START + 180) for person in range(1, 31)), START + 260)
    found = study(town, [design_of("net", START + 160, START + 200)], duckdb_backend)["net"]
    assert (found.participants, found.matched) == (30, None)
    assert "matched" not in found.effects


def test_where_everybody_starts_at_some_time_the_comparison_ends(duckdb_backend: Backend) -> None:
    """Thirty start three a week: those of the last weeks have too few beside them, and after ten weeks nobody is left
    to show what would have been. The participants' weeks from then on are counted, and are in no figure."""
    starts = tuple((person, "net", START + 175 + person // 3) for person in range(1, 31))
    found = study(Town(alike(30), starts, START + 300), [design_of("net", START + 160, START + 200)], duckdb_backend)
    matched = found["net"].matched
    assert matched is not None
    assert matched.effect.participants + matched.unmatched == 30
    assert 0 < matched.unmatched < 15
    effect = matched.effect
    assert 0 < effect.horizon_weeks == effect.covered_weeks + 1 < 10
    assert effect.weeks_saved[0] == pytest.approx(0, abs=1e-6)
    assert effect.actual_weeks[0].sum() == pytest.approx(effect.counterfactual_weeks[0].sum(), abs=1e-5)
    assert effect.uncovered > 0
    assert effect.actual_weeks[0].sum() == pytest.approx(effect.participants * effect.horizon_weeks)


def test_a_start_in_the_last_week_of_the_data_is_followed_for_that_week(duckdb_backend: Backend) -> None:
    horizon = START + 200
    spells = tuple((person, A, horizon - 9, horizon + 9, 1.0) for person in range(1, 20))
    found = study(Town(spells, ((1, "net", horizon),), horizon), [design_of("net", START + 160, horizon)],
                  duckdb_backend)["net"].matched
    assert found is not None
    assert (found.effect.covered_weeks, found.effect.horizon_weeks) == (0, 1)
    assert found.effect.weeks_saved[0] == 0


def test_those_in_a_closed_period_are_counted_and_left_out(town: Town, duckdb_backend: Backend) -> None:
    closed = replace(design_of("net", *PERIOD), closed=((date(2000, 1, 1), date(2100, 1, 1)),))
    found = study(town, [closed], duckdb_backend)["net"]
    assert found.matched is None
    assert found.left_out["starts_in_suspension"] == sum(
        1 for _, key, start in set(town.starts) if key == "net" and PERIOD[0] <= start <= town.horizon
    )

def test_without_a_participants_file_it_is_said(town: Town, duckdb_backend: Backend) -> None:
    with pytest.raises(GevinstError) as fault:
        study(replace(town, starts=()), relapsing_designs(()), duckdb_backend)
    assert fault.value.code == "cohort.no-participants-file"


# Errors -------------------------------------------------------------------------------------------------------------


def clear(fault: GevinstError, *words: str) -> None:
    for language in LANGUAGES:
        text = str(fault.message(language))
        assert "{" not in text
        assert all(word in text for word in words), text


def test_a_covariate_that_is_no_column_is_named(town: Town, duckdb_backend: Backend) -> None:
    with pytest.raises(GevinstError) as fault:
        study(town, relapsing_designs(("age", "height")), duckdb_backend)
    assert fault.value.code == "effect.unknown-covariate"
    clear(fault.value, "height", "age", "sex")
    assert "person" not in fault.value.message("en").do.replace("persons", "")


def test_what_is_no_covariate_cannot_be_matched_on(town: Town, duckdb_backend: Backend) -> None:
    """The day a person left is known only afterwards."""
    for name in ("left_register_date", "left_week", "person", "replicate"):
        with pytest.raises(GevinstError) as fault:
            study(town, relapsing_designs((name,)), duckdb_backend)
        assert fault.value.code == "effect.unknown-covariate"


def test_covariates_without_a_persons_file_are_named(town: Town, duckdb_backend: Backend) -> None:
    with pytest.raises(GevinstError) as fault:
        study(replace(town, covariates={}, left={}), relapsing_designs(("age",)), duckdb_backend)
    assert fault.value.code == "effect.no-persons-file"
    clear(fault.value, "age", "persons")


@pytest.mark.parametrize(("gone", "match_on", "code"), [
    ("", "sex,height", "effect.unknown-covariate"),
    ("persons.csv", "sex", "effect.no-persons-file"),
    ("participants.csv", "", "cohort.no-participants-file"),
])  # fmt: skip
def test_the_same_errors_at_the_command_line_and_in_the_library(
    tmp_path: Path, gone: str, match_on: str, code: str
) -> None:
    for path in REGISTER.glob("*.csv"):
        if path.name != gone:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    arguments = ["effect", str(tmp_path), "--investment", "jobnet", "--replicates", "0"]
    result = CliRunner().invoke(app, [*arguments, "--match-on", match_on] if match_on else arguments)
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == code
    clear(result.exception)
    with open_folder(tmp_path) as folder, pytest.raises(GevinstError) as fault:
        effect_in(folder.tables, "jobnet", match_on=[name for name in match_on.split(",") if name], replicates=0)
    assert fault.value.code == code


# Counting once ------------------------------------------------------------------------------------------------------


def test_shared_credit_adds_up_to_what_it_was(duckdb_backend: Backend) -> None:
    """What a person saves after a second start is halved between the two, and the sum is what it was."""
    town = relapsing_town(87, 220, participants=0.6)
    designs = relapsing_designs(())
    drawn = weights(20, 3)
    first = studied(town, designs, duckdb_backend, drawn)
    split = studied(town, [replace(one, double_counting="split") for one in designs], duckdb_backend, drawn)
    assert set(first) == set(split) == {"net", "job", "kontant"}
    for name in ("actual_weeks", "counterfactual_weeks"):
        whole, shared = (
            sum(getattr(one.effect, name).sum(axis=(1, 2)) for one in found.values()) for found in (first, split)
        )
        assert shared == pytest.approx(whole)
        apart = [abs(getattr(split[key].effect, name)[0].sum() - getattr(first[key].effect, name)[0].sum())
                 for key in first]
        assert min(apart) > 1
    for key in first:
        assert split[key].effect.weeks_saved == pytest.approx(first[key].effect.weeks_saved)


def test_credit_that_nobody_can_take_stays_where_it_is(duckdb_backend: Backend) -> None:
    """A second investment that has no answer of its own cannot be credited: the first keeps the whole."""
    spells = tuple((person, A, START + 170, START + 200 + person, 1.0) for person in range(1, 31))
    starts = tuple((person, "net", START + 176) for person in range(1, 7))
    town = Town(spells, (*starts, *((person, "later", START + 184) for person in range(1, 4))), START + 300)
    designs = [design_of(key, START + 160, START + 220) for key in ("net", "later")]
    first = studied(town, designs, duckdb_backend, ONE)
    split = studied(town, [replace(one, double_counting="split") for one in designs], duckdb_backend, ONE)
    assert set(first) == {"net"}
    assert split["net"].effect.actual_weeks.sum() == pytest.approx(first["net"].effect.actual_weeks.sum())


def test_halves_are_counted_from_the_week_of_the_second_start(duckdb_backend: Backend) -> None:
    """By loops over the participants' own weeks."""
    town = relapsing_town(87, 220, participants=0.6)
    designs = [replace(one, double_counting="split") for one in relapsing_designs(())]
    parts, split = opened(town, designs, duckdb_backend), studied(town, designs, duckdb_backend, ONE)
    pieces = parts.pieces()
    second: dict[int, tuple[int, str]] = {}
    for person, investment, week in sorted(town.starts, key=lambda row: (row[2], row[1])):
        if investment != parts.slow.first.get(person, (0, investment))[1] and week <= town.horizon:
            second.setdefault(person, (week, investment))
    expected = dict.fromkeys(split, 0.0)
    for design in designs:
        matched = parts.matched(design.investment, 200)
        assert matched is not None
        trials = matched.matching.trials
        for row, column in zip(trials.row[trials.taken], trials.column[trials.taken], strict=True):
            person = int(parts.histories.person[row])
            start = int(column) + parts.histories.first_week
            since, other = second.get(person, (10**9, ""))
            for week in range(start, town.horizon + 1):
                if not matched.sums.observed[week - start]:
                    continue  # too few comparators are left
                paid = sum(degree for _, degree in pieces.get((person, week), []))
                expected[design.investment] += paid / 2 if week >= since else paid
                if week >= since:
                    expected[other] += paid / 2
    assert {key: one.effect.actual_weeks[0].sum() for key, one in split.items()} == pytest.approx(expected)


def test_a_town_of_two_benefits_asks_each_of_its_own(duckdb_backend: Backend) -> None:
    """An investment for kontanthjælp has comparators on kontanthjælp."""
    town, designs = relapsing_town(88, 150), relapsing_designs()
    slow, parts = Slow(town), opened(town, designs, duckdb_backend)
    matched = parts.matched("kontant", 10)
    assert matched is not None
    trials = matched.matching.trials
    for row, column in zip(trials.row, trials.column, strict=True):
        assert (int(column) + parts.histories.first_week) in slow.received[int(parts.histories.person[row]), K]


def test_a_crowded_town_needs_nobody_left_out(duckdb_backend: Backend) -> None:
    found = studied(crowded_town(3), crowded_designs(), duckdb_backend, weights(40, 1))
    assert found["net"].unmatched <= 1
    assert abs(found["net"].effect.weeks_saved[0]) < 4 * found["net"].effect.weeks_saved[1:].std()
