"""The analyst's commands and functions over a folder, without a workspace."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import gevinst
from gevinst.cli import app
from gevinst.errors import GevinstError

REGISTER = Path(__file__).parent / "oracle" / "register_small"
ORACLE = Path(__file__).parent / "oracle" / "MS5_register_gap4_2017_2019.csv"
runner = CliRunner()


def oracle_rows() -> list[dict[str, str]]:
    with ORACLE.open() as file:
        return list(csv.DictReader(file))


def curves(*extra: str) -> str:
    period = ["--from", "2017-01-01", "--to", "31-12-2019", "--gap-weeks", "4"]
    result = runner.invoke(app, ["curves", str(REGISTER), "--benefit", "A-dagpenge", *period, *extra])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json_points_equal_r() -> None:
    found = json.loads(curves("--format", "json"))
    assert (found["trials"], found["persons"], found["data_horizon"]) == (687, 527, "2023-12-31")
    for point, row in zip(found["points"], oracle_rows(), strict=True):
        assert point["share"] == pytest.approx(float(row["aj_on"]), abs=1e-10)
        assert set(point) == {"week", "share", "low", "high", "observed", "receiving", "at_risk"}


def test_the_restricted_mean_is_the_area_under_the_curve() -> None:
    found = json.loads(curves("--format", "json"))
    mean = found["restricted_mean"]
    assert mean["weeks"] == 53
    assert mean["estimate"] == pytest.approx(sum(float(row["aj_on"]) for row in oracle_rows()), abs=1e-9)
    assert mean["low"] < mean["estimate"] < mean["high"]
    assert mean["se"] == pytest.approx((mean["high"] - mean["low"]) / 2 / 1.959963984540054)


def test_csv_of_chosen_weeks_and_first_exits() -> None:
    text = curves("--weeks", "0,4,52", "--definition", "without_relapse", "--maturity", "available")
    rows = list(csv.DictReader(io.StringIO(text)))
    expected = {row["week"]: float(row["km_gap4"]) for row in oracle_rows()}
    assert [row["week"] for row in rows] == ["0", "4", "52"]
    for row in rows:
        assert float(row["share"]) == pytest.approx(expected[row["week"]], abs=1e-10)


def test_any_public_support_is_never_below_the_same_benefit() -> None:
    same = json.loads(curves("--format", "json"))["points"]
    any_support = json.loads(curves("--format", "json", "--outcome", "any"))["points"]
    assert all(b["share"] >= a["share"] for a, b in zip(same, any_support, strict=True))
    assert any_support[52]["share"] > same[52]["share"]


def test_a_week_the_whole_cohort_has_not_reached_is_blank() -> None:
    result = runner.invoke(
        app,
        [
            "curves",
            str(REGISTER),
            "--benefit",
            "a-dagpenge",
            "--from",
            "2023-07-01",
            "--weeks",
            "0,10,26",
            "--format",
            "json",
        ],
    )
    points = json.loads(result.stdout)["points"]
    assert points[0]["share"] == 1
    assert points[2]["share"] is None
    assert points[2]["observed"] < points[0]["observed"]


def test_the_same_from_python_in_a_line() -> None:
    table = gevinst.estimate_curve(
        REGISTER, benefit="a-dagpenge", from_date="2017-01-01", to_date="2019-12-31", weeks=[0, 13, 52]
    )
    assert table.column_names == ["week", "share", "low", "high", "observed", "receiving", "at_risk"]
    expected = [float(oracle_rows()[week]["aj_on"]) for week in (0, 13, 52)]
    assert table["share"].to_pylist() == pytest.approx(expected, abs=1e-10)


COVARIATES = "sex,age_at_entry,education"
ESTIMATORS = ["target_group", "rest_of_target_group", "baseline", "cycle_adjusted", "matched"]


def effect(*extra: str) -> str:
    asked = ["--investment", "jobnet", "--match-on", COVARIATES, "--horizon-weeks", "52", "--replicates", "200"]
    result = runner.invoke(app, ["effect", str(REGISTER), *asked, *extra])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(effect("--format", "json"))
    return found


def test_effect_prints_every_estimator_with_its_weakness_and_grade(printed: dict[str, Any]) -> None:
    found = printed["estimators"]
    assert list(found) == ESTIMATORS
    for name, answer in found.items():
        assert answer["weakness"]
        assert answer["evidence"]["grade"] in ("CBE" if name == "matched" else "D")
        assert answer["evidence"]["reasons"]
        low, estimate, high = (answer["weeks_saved"][key] for key in ("low", "estimate", "high"))
        assert low < estimate < high
        assert [year["year"] for year in answer["by_year"]] == [2020, 2021, 2022, 2023]
        for kind in ("gross", "net"):
            years = sum(year[f"{kind}_dkk"]["estimate"] for year in answer["by_year"])
            assert answer[f"{kind}_total"]["estimate"] == pytest.approx(years)


def test_everybody_is_used_or_left_out_and_counted(printed: dict[str, Any]) -> None:
    for name, answer in printed["estimators"].items():
        left_out = answer["left_out"].get("outside_common_support", 0)
        assert answer["participants_used"] + left_out == printed["participants"] == 155
        assert ("outside_common_support" in answer["left_out"]) == (name == "matched")
    matched = printed["estimators"]["matched"]
    assert sum(step["participants"] for step in matched["steps_of_matching"]) == matched["participants_used"]
    assert matched["effective_persons"] <= matched["comparison_persons"] <= matched["candidates"]


def test_what_stands_behind_matched_is_printed(printed: dict[str, Any]) -> None:
    matched = printed["estimators"]["matched"]
    assert {row["name"] for row in matched["balance"]} >= {"sex", "age_at_entry", "education"}
    before, after = (max(abs(row[when]) for row in matched["balance"]) for when in ("before", "after"))
    assert after < before
    for test in ("pseudo_participants", "pre_period"):
        made = matched["placebo"][test]
        weeks = made["weeks_saved"]
        assert made["covers_zero"] == (weeks["low"] <= 0 <= weeks["high"])
        assert made["participants"] > 0
    assert set(matched["placebo"]["pseudo_participants"]["net_total_dkk"]) == {"estimate", "low", "high"}
    assert [week["week"] for week in matched["destinations"]] == [13, 26, 52, 104]
    for week in matched["destinations"]:
        shares = [share for key, share in week.items() if key != "week"]
        for side in ("with_effort", "without"):
            assert sum(share[side] for share in shares) == pytest.approx(1)
    assert matched["e_value"]["estimate"] >= matched["e_value"]["limit"] >= 1
    assert 0 <= matched["censoring"]["share"] < 1
    assert matched["weeks_saved_any_support"]["low"] < matched["weeks_saved_any_support"]["high"]


def test_later_participants_may_be_kept(printed: dict[str, Any]) -> None:
    kept = json.loads(effect("--format", "json", "--later-participants", "keep"))
    matched = kept["estimators"]["matched"]
    assert kept["later_participants"] == "keep"
    assert matched["censoring"] is None, "nobody was lost, so no weights made up for it"
    assert matched["weeks_saved"] != printed["estimators"]["matched"]["weeks_saved"]


def test_csv_and_the_arrow_table_say_the_same_as_json(printed: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(effect())))
    table = gevinst.estimate_effect(REGISTER, investment="jobnet", match_on=COVARIATES.split(","), replicates=200)
    assert [float(row["estimate"]) for row in rows] == table["estimate"].to_pylist()
    assert [row["measure"] for row in rows] == table["measure"].to_pylist()
    by_key = {(r["estimator"], r["measure"], r["year"], r["week"], r["name"]): float(r["estimate"]) for r in rows}
    assert len(by_key) == len(rows), "no figure stands twice"
    for name, answer in printed["estimators"].items():
        assert by_key[name, "weeks_saved", "", "", ""] == answer["weeks_saved"]["estimate"]
        assert by_key[name, "net_total_dkk", "", "", ""] == answer["net_total"]["estimate"]
    matched = printed["estimators"]["matched"]
    pseudo = matched["placebo"]["pseudo_participants"]["weeks_saved"]["estimate"]
    assert by_key["matched", "placebo_weeks_saved", "", "", "pseudo_participants"] == pseudo
    share = matched["destinations"][2]["self_support"]["with_effort"]
    assert by_key["matched", "share_with_effort", "", "52", "self_support"] == share


def test_the_guide_names_every_key_and_measure(printed: dict[str, Any]) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "guide" / "analyst.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", guide))
    table = gevinst.estimate_effect(REGISTER, investment="jobnet", match_on=COVARIATES.split(","), replicates=20)
    assert set(printed["estimators"]["matched"]) <= named
    assert set(table["measure"].to_pylist()) <= named


def test_without_replicates_there_are_no_intervals() -> None:
    found = json.loads(effect("--format", "json", "--replicates", "0"))["estimators"]["matched"]
    assert found["weeks_saved"]["low"] is None
    assert found["placebo"]["pre_period"]["covers_zero"] is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["curves", str(REGISTER), "--benefit", "borgerløn"], "analyst.unknown-benefit"),
        (["curves", str(REGISTER), "--benefit", "a-dagpenge", "--from", "1/2"], "cli.date"),
        (["curves", str(REGISTER), "--benefit", "a-dagpenge", "--weeks", "a"], "cli.weeks"),
        (["curves", str(REGISTER), "--benefit", "a-dagpenge", "--weeks", "-1"], "cli.weeks"),
        (["curves", str(REGISTER), "--benefit", "a-dagpenge", "--outcome", "job"], "cli.choice"),
        (["curves", str(REGISTER), "--benefit", "a-dagpenge", "--horizon", "2999-01-01"], "snapshot.horizon-in-future"),
        (
            ["curves", str(REGISTER), "--benefit", "a-dagpenge", "--horizon", "2001-01-01"],
            "snapshot.horizon-before-data",
        ),
        (["effect", str(REGISTER), "--investment", "nej"], "analyst.unknown-investment"),
        (["effect", str(REGISTER), "--investment", "jobnet", "--match-on", "humør"], "effect.unknown-covariate"),
        (["effect", str(REGISTER), "--investment", "jobnet", "--later-participants", "drop"], "cli.choice"),
    ],
)
def test_faults_have_a_code(arguments: list[str], code: str) -> None:
    result = runner.invoke(app, arguments)
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == code
    assert "{" not in str(result.exception)


def test_a_folder_without_investments_says_so(tmp_path: Path) -> None:
    (tmp_path / "spells.csv").write_text("person_id,benefit,start_date,end_date\nA,a-dagpenge,2020-01-06,2020-02-02\n")
    result = runner.invoke(app, ["effect", str(tmp_path), "--investment", "x"])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "analyst.no-investments-file"
