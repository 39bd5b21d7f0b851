"""`gevinst calendar` and `gevinst due` as a controller uses them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.register import bundled
from gevinst.register.journal import enter
from gevinst.register.store import open_store
from gevinst.settings import create_workspace, load_settings

runner = CliRunner()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "work"
    create_workspace(place, municipality="Norddjurs Kommune", municipality_code="707", key_file=tmp_path / "k")
    (place / "calendar.yaml").write_text(
        "meetings:\n  - {date: 2021-12-15, body: Arbejdsmarkedsudvalget, key: au-12, follow_up: true}\n",
        encoding="utf-8")
    return place


def said(*arguments: str) -> str:
    result = runner.invoke(app, list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def test_the_year_is_listed_with_weekdays(workspace: Path) -> None:
    assert said("calendar", "-w", str(workspace), "--year", "2021").splitlines() == [
        "tor 29-04-2021  Budgetopfølgning april 2021",
        "ons 30-06-2021  Budgetopfølgning juni 2021",
        "tor 30-09-2021  Budgetopfølgning september 2021",
        "tir 30-11-2021  Budgetopfølgning november 2021",
        "tor 09-12-2021  Dagsorden ud: Arbejdsmarkedsudvalget",
        "ons 15-12-2021  Møde: Arbejdsmarkedsudvalget",
    ]
    assert len(said("calendar", "-w", str(workspace)).splitlines()) == 4, "this year has no meetings"


def test_the_calendar_file_is_written_whole(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "årshjul.ics"
    assert said("calendar", "-w", str(workspace), "--year", "2021", "--ics", str(file)).strip() == str(file)
    assert len(Calendar.from_ical(file.read_bytes()).walk("VEVENT")) == 6
    assert [path.name for path in tmp_path.glob(".*")] == []
    result = runner.invoke(app, ["calendar", "-w", str(workspace), "--ics", str(tmp_path / "none" / "a.ics")])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "workspace.write-failed"


def test_a_year_out_of_range_is_refused(workspace: Path) -> None:
    result = runner.invoke(app, ["calendar", "-w", str(workspace), "--year", "21"])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "calendar.year"
    assert "1990" in str(result.exception)


def test_due_holds_the_calendar_against_the_journal_and_the_editions(workspace: Path) -> None:
    settings = load_settings(workspace)
    assert "Intet forfalder" in said("due", "-w", str(workspace), "--date", "2021-11-20"), "no portfolio yet"
    with open_store(settings.store_url) as store:
        store.save_portfolio(bundled.portfolio("norddjurs-2020-2023"), author="Anna")
    moment = datetime(2021, 11, 5, 8, tzinfo=UTC)
    enter(settings, "import", moment, snapshot="s", taken=moment.isoformat(), persons=True)
    lines = said("due", "-w", str(workspace), "--date", "01-12-2021").splitlines()
    assert lines == [
        "tir 30-11-2021  FORSINKET       Budgetopfølgning november 2021 (norddjurs-2020-2023); notatet er ikke lavet",
        "tor 09-12-2021  forfalder       Dagsorden ud: Arbejdsmarkedsudvalget (norddjurs-2020-2023); "
        "notatet er ikke lavet",
    ]
    found = json.loads(said("due", "-w", str(workspace), "--date", "2021-12-01", "--format", "json"))
    assert [(one["date"], one["kind"], one["standing"], one["edition"]) for one in found] == [
        ("2021-11-30", "follow-up", "late", None), ("2021-12-09", "agenda", "due", None)]
    assert date.fromisoformat(found[0]["date"]) == date(2021, 11, 30)
