"""`gevinst diff` and `gevinst quality` as a controller uses them: two deliveries, one with late registrations."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.follow_up.status_rules import Light, Rule
from gevinst.language import speaking
from gevinst.money import CURRENT, Amount
from gevinst.quality import workspace_diff, workspace_quality
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Investment,
    Line,
    Portfolio,
    Protocol,
    RecordedFigure,
    TargetGroup,
)
from gevinst.register.data_quality import Verdict
from gevinst.register.snapshots import import_folder
from gevinst.register.store import open_store
from gevinst.settings import create_workspace, load_settings
from gevinst.workspace import run_workspace

runner = CliRunner()
HEAD = "person_id;benefit;start_date;end_date\n"
FIRST, LAST = date(2023, 1, 2), date(2023, 12, 31)


def spells(late: int = 0) -> str:
    """Two begin every weekday and stay ten weeks; the `late` are known only to the second delivery."""
    rows = []
    for day in range((LAST - FIRST).days + 1):
        start = FIRST + timedelta(days=day)
        if start.weekday() < 5:
            for turn in range(2):
                end = start + timedelta(days=69)
                rows.append(f"{10_000 + 2 * day + turn};a-dagpenge;{start};{end if end <= LAST else ''}")
    rows += [f"{50_000 + n};sygedagpenge;2023-12-11;2023-12-31" for n in range(late)]
    return HEAD + "\n".join(rows) + "\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "work"
    create_workspace(place, municipality="Prøvekøbing", municipality_code="999", key_file=tmp_path / "keys" / "k")
    for name, late, day in (("one", 0, 10), ("two", 30, 20)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "spells.csv").write_text(spells(late), encoding="utf-8")
        moment = datetime(2024, 1, day, 12, tzinfo=UTC)
        import_folder(place, tmp_path / name, today=date(2024, 2, 1), clock=lambda moment=moment: moment)
    return place


def said(*arguments: str, ok: bool = True) -> str:
    result = runner.invoke(app, list(arguments))
    assert (result.exit_code == 0) is ok, (result.output, result.exception)
    return result.stdout


def test_the_two_newest_deliveries_are_compared(workspace: Path) -> None:
    text = said("diff", str(workspace))
    assert "sygedagpenge, 0–3 uger: 90 (30 personer)" in text
    assert "sygedagpenge, nye, men begyndt før: 30" in text
    assert said("diff", "-w", str(workspace)) == text
    found = json.loads(said("diff", str(workspace), "--format", "json"))
    assert [row["count"] for row in found["changes"] if row["measure"] == "weeks-late"] == [90]
    lines = said("diff", str(workspace), "--from", "2024-01-15", "--to", "20-01-2024", "--format", "csv").splitlines()
    assert "weeks-late;sygedagpenge;;0;3;90;30;0" in lines


def test_days_that_give_nothing_to_compare_are_said(workspace: Path, tmp_path: Path) -> None:
    for first, last, code in (
        (date(2024, 1, 20), None, "quality.same-delivery"), (None, date(2024, 1, 15), "quality.same-delivery"),
        (date(2024, 1, 2), None, "workspace.no-snapshot-then"),
    ):  # fmt: skip
        with pytest.raises(GevinstError) as fault:
            workspace_diff(workspace, first=first, last=last)
        assert fault.value.code == code
    create_workspace(tmp_path / "new", municipality="Prøvekøbing", municipality_code="999", key_file=tmp_path / "k2")
    with pytest.raises(GevinstError) as fault:
        workspace_diff(tmp_path / "new")
    assert fault.value.code == "quality.one-delivery"


def test_the_quality_of_the_newest_delivery(workspace: Path, tmp_path: Path) -> None:
    with speaking("da"):
        report = workspace_quality(workspace)
    lag = report.outcome("reporting-lag")
    assert (lag.verdict, lag.findings[0].subject) == (Verdict.WARNING, ("lag-diff", "3", "0"))
    text = said("quality", str(workspace))
    assert "BEMÆRK" in text
    assert "3 uger blev først hele med den næste leverance; 0 er sat op" in text
    page = tmp_path / "kvalitet.html"
    assert str(page) in said("quality", "-w", str(workspace), "--format", "html", "--out", str(page))
    assert page.read_text(encoding="utf-8").count("<h1") == 1
    found = json.loads(said("quality", str(workspace), "--format", "json"))
    assert {rule["rule"]: rule["verdict"] for rule in found["rules"]}["reporting-lag"] == "warning"


def test_the_quality_as_it_was_known_before(workspace: Path) -> None:
    """The first delivery has none before it, so its lag is read from the fall-off at its end."""
    found = json.loads(said("quality", str(workspace), "--as-of", "2024-01-15", "--format", "json"))
    assert found["known_after_weeks"] == []
    assert {rule["rule"]: rule["verdict"] for rule in found["rules"]}["reporting-lag"] == "ok"


def test_a_local_limit_is_used(workspace: Path) -> None:
    (workspace / "parameters").mkdir()
    (workspace / "parameters" / "quality_rules.yaml").write_text(
        "reporting-lag: {da: Forsinkelse, en: Lag, do_da: Vent., do_en: Wait., unit: weeks, warning: 3, serious: 9,\n"
        "  at_least: 10, source: egen erfaring}\n", encoding="utf-8")
    assert workspace_quality(workspace).outcome("reporting-lag").verdict is Verdict.OK


def test_the_status_of_a_day_is_that_of_the_memo_of_the_day(workspace: Path, tmp_path: Path) -> None:
    """A serious finding on the data makes it yellow in both, and the data's age, which does not, is not told."""
    settings = workspace / "gevinst.toml"
    settings.write_text(settings.read_text("utf-8").replace("# replicates = 1000", "replicates = 20"), "utf-8")
    (workspace / "parameters").mkdir()
    (workspace / "parameters" / "quality_rules.yaml").write_text(
        "reporting-lag: {da: Forsinkelse, en: Lag, do_da: Vent., do_en: Wait., unit: weeks, warning: 1, serious: 2,\n"
        "  at_least: 10, source: egen erfaring}\n", encoding="utf-8")
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "spells.csv").write_text(spells(60), encoding="utf-8")
    starts = [f"{10_000 + 2 * day};net;{FIRST + timedelta(days=day + 14)};" for day in range(0, 84, 7)]
    (tmp_path / "three" / "participants.csv").write_text(
        "\n".join(["person_id;investment;start_date;end_date", *starts, ""]), encoding="utf-8")
    import_folder(workspace, tmp_path / "three", today=date(2024, 2, 1),
                  clock=lambda: datetime(2024, 1, 30, 12, tzinfo=UTC))
    cost, saving = (Amount.dkk(kroner, CURRENT) for kroner in (500_000, -800_000))
    case = Investment("1", "net", "Net", TargetGroup("ledige", "a-dagpenge"), protocol=Protocol(horizon_weeks=8),
                      budget=(BudgetYear(2023, cost, saving),),
                      recorded=tuple(RecordedFigure(2023, line, Basis.REALISED, amount, "Notat", date(2024, 1, 20))
                                     for line, amount in ((Line.INVESTMENT, cost), (Line.SAVING, saving))))
    with open_store(load_settings(workspace).store_url) as store:
        store.save_portfolio(Portfolio("p", "Prøve", "Prøvekøbing", (2023,), CURRENT, (case,), source="aftale"), "A")
    (memo,) = run_workspace(workspace, memo_date=date(2024, 2, 1)).edition.warnings
    arguments = ("status", "-w", str(workspace), "--date", "2024-02-01")
    (row,) = json.loads(said(*arguments, "--format", "json"))["rows"]
    assert (memo.status.light, [one.rule for one in memo.status.deciding]) == (Light.YELLOW, [Rule.DATA])
    assert (row["status"], row["because_of"]) == ("yellow", "data")
    told = said(*arguments)
    assert "Et alvorligt fund om datas kvalitet." in told
    assert "måneder gamle;" not in told


@pytest.mark.parametrize(("arguments", "code"), [
    (["diff", "--format", "xml"], "cli.choice"), (["quality", "--format", "csv"], "cli.choice"),
    (["diff", "--from", "soon"], "cli.date"), (["quality", "--as-of", "igår"], "cli.date"),
])
def test_wrong_options_are_refused(workspace: Path, arguments: list[str], code: str) -> None:
    result = runner.invoke(app, [*arguments, "-w", str(workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == code
