"""The analyst's commands and functions over a folder, without a workspace."""

import csv
import io
import json
from pathlib import Path

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


def test_effect_prints_every_estimator_with_its_weakness() -> None:
    result = runner.invoke(app, ["effect", str(REGISTER), "--investment", "jobnet", "--format", "json"])
    found = json.loads(result.stdout)["estimators"]
    assert set(found) == {"target_group", "rest_of_target_group", "baseline"}
    for answer in found.values():
        assert answer["weakness"]
        assert answer["participants_used"] == 155
        low, estimate, high = (answer["weeks_saved"][key] for key in ("low", "estimate", "high"))
        assert low < estimate < high
        assert [year["year"] for year in answer["by_year"]] == [2020, 2021, 2022, 2023]


def test_effect_as_a_table() -> None:
    table = gevinst.estimate_effect(REGISTER, investment="jobnet", replicates=50)
    assert set(table["measure"].to_pylist()) == {"weeks_saved", "gross_dkk", "net_dkk"}


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
