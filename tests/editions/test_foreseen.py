"""What one edition foresaw beside what the next found, and the verbs that look ahead and back."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.editions.foreseen import card_of, computed_savings
from gevinst.editions.states import editions_of, find
from gevinst.errors import GevinstError
from gevinst.publish import EFFECTS, FIGURES

runner = CliRunner()


def asked(*arguments: str) -> str:
    result = runner.invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_forecast_of_the_first_edition_is_scored_by_the_second(two_editions_made) -> None:
    """2021 was running in the first edition and is over in the second; each kroner is read from the files."""
    settings = two_editions_made.settings
    card = card_of(editions_of(settings), drafts=True)
    row = next(row for row in card.rows if row.said.investment == "1" and row.said.source == "computed")
    said = json.loads((two_editions_made.first / EFFECTS).read_text())["numbers"]
    came = {one["id"]: one for one in json.loads((two_editions_made.second / FIGURES).read_text())["figures"]}
    stem = "forecast/1/decay/2021"
    assert row.said.year == 2021
    assert row.said.edition == two_editions_made.first.name
    assert row.said.estimate == said[f"{stem}/estimate"]
    assert row.outcome.amount == came["1/saving/2021/realised"]["value"]
    assert row.error == row.outcome.amount - row.said.estimate
    for level, held in row.held:
        assert held == (said[f"{stem}/low{level}"] <= row.outcome.amount <= said[f"{stem}/high{level}"])
    assert card.few
    assert card.waiting >= 2, "what was recorded for investment 2 has no result"


def test_only_published_editions_are_scored_unless_drafts_are_asked_for(two_editions_made) -> None:
    card = card_of(editions_of(two_editions_made.settings))
    assert card.rows == ()
    assert card.waiting


def test_computed_results_of_an_edition_are_read_as_they_stand(two_editions_made) -> None:
    found = computed_savings(find(two_editions_made.settings, two_editions_made.second.name))
    assert [one.year for one in found["1"]] == [2020, 2021]
    assert "2" not in found


def test_a_damaged_edition_is_not_scored(two_editions) -> None:
    two_editions.first.chmod(0o700)
    path = two_editions.first / EFFECTS
    path.chmod(0o600)
    path.write_text(path.read_text() + " ")
    with pytest.raises(GevinstError) as fault:
        card_of(editions_of(two_editions.settings), drafts=True)
    assert fault.value.code == "edition.damaged"


def test_the_score_card_at_the_command_line(two_editions_made) -> None:
    place = str(two_editions_made.settings.workspace)
    told = asked("score-card", "-w", place, "--drafts")
    assert "1/2021  sagt 02-04-2021" in told
    assert "Kun " in told
    rows = json.loads(asked("score-card", "-w", place, "--drafts", "--format", "json"))
    assert rows["few"] is True
    table = list(csv.DictReader(asked("score-card", "-w", place, "--drafts", "--format", "csv").splitlines(),
                                delimiter=";"))  # fmt: skip
    assert [float(row["error_dkk"]) for row in table] == [row["error_dkk"] for row in rows["rows"]]
    assert "Ingen forventning kan holdes op mod et resultat endnu." in asked("score-card", "-w", place)


def test_the_forecast_at_the_command_line(two_editions) -> None:
    """The newest delivery reaches into 2022, a year after the portfolio's last: nothing is left to forecast."""
    place = str(two_editions.settings.workspace)
    assert "Investering 1: ingen forventning; porteføljens år er gået." in asked("forecast", "-w", place)
    made = json.loads(asked("forecast", "-w", place, "--rule", "hold", "--format", "json"))
    assert made["rows"] == []
    assert made["without"]["2"] == "no-effect"
    assert asked("forecast", "-w", place, "--format", "csv") == ""


def test_what_a_forecast_is_asked_by_is_checked_first(two_editions_made) -> None:
    place = str(two_editions_made.settings.workspace)
    for arguments, code in ((["--rule", "guess"], "cli.choice"), (["--intake", "hope"], "cli.choice"),
                            (["--half-life", "0"], "forecast.half-life")):
        result = runner.invoke(app, ["forecast", "-w", place, *arguments])
        assert isinstance(result.exception, GevinstError)
        assert result.exception.code == code


def test_the_realisation_library_at_the_command_line(two_editions_made) -> None:
    place = str(two_editions_made.settings.workspace)
    told = asked("realisation", "-w", place, "--examples")
    assert "Alle sager" in told
    assert "intet forslag til forsigtighedsfaktor, for der er færre end 3 sager" in told
    rows = json.loads(asked("realisation", "-w", place, "--examples", "--format", "json"))["rows"]
    assert rows[0]["cases"] >= 6
    alone = json.loads(asked("realisation", "-w", place, "--realised-only", "--format", "json"))["rows"]
    assert alone[0]["with_expectations"] is False
    assert asked("realisation", "-w", place, "--format", "csv").startswith("group;name;cases")
