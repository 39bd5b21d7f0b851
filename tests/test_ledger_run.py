"""From a ledger's file to the memo's result column: the sums worked out by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.ledger_alarms import alarms
from gevinst.language import speaking
from gevinst.ledger_output import check_lines
from gevinst.ledger_workspace import loose_postings, workspace_ledger
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import BudgetYear, Investment, Line, Portfolio, Protocol, TargetGroup
from gevinst.register.portfolio_file import write_portfolio_file
from gevinst.register.snapshots import import_folder
from gevinst.report import as_excel, as_html
from gevinst.report.memo import build_memo
from gevinst.report.tree import Bullets, Document, Table
from gevinst.sources.manifest import read_manifest
from gevinst.workspace import run_workspace

runner = CliRunner()
TODAY = date(2022, 6, 1)
RULES = """
rules:
  - investment: jobnet
    psp: XG-0000000707-*
  - investment: jobnet
    function: 5.68.90
    text: jobnet
  - investment: kursus
    function: 5.68.90
  - investment: "-"
    function: [5.57.*, 5.58.*]
limits: {percent: 5}
"""
# A supplier that is paid 1.000 kr. a week: 20 persons × 13 weeks in 2020, and nobody in 2021.
LEDGER = """Posteringsliste;Prøveby

Bogf.dato;Regnskabsår;Kontostreng;PSP-element;Tekst;Beløb;Debet/Kredit
31-03-2020;2020;5.68.90-1-1-001-5.2;XG-0000000707-00001;Aktør, 1. kvartal;130.000,00;Debet
30-06-2020;2020;5.68.90-1-1-001-5.2;XG-0000000707-00001;Aktør, 2. kvartal;150.500,50;Debet
01-07-2020;2020;5.68.90-1-1-001-5.2;XG-0000000707-00001;Kreditnota;10.500,50;Kredit
31-12-2020;2020;5.68.90-2-1-001-8.6;XG-0000000707-00001;Statsrefusion;50.000,25;Kredit
15-01-2021;2021;5.68.90-1-1-001-5.2;;Jobnet, efterslæb;12.000,00;Debet
01-02-2021;2021;5.68.90-3-1-001-5.2;;Ombygning;7.000,00;Debet
01-03-2020;2020;5.57.78-1-1-012-5.2;;A-dagpenge;900.000,00;Debet
02-03-2020;2020;6.45.53-1-1-001-1.1;;Løn, Jens Hansen;999,99;Debet
;;;;;1.139.999,74;Debet
"""
OURS = Decimal("219999.75")  # 130.000,00 + 150.500,50 − 10.500,50 − 50.000,25


def register(folder: Path) -> None:
    """Sixty on A-dagpenge from early 2020; every third takes part for 13 weeks from 17 February."""
    folder.mkdir()
    days = [date(2020, 2, 3) + timedelta(weeks=p % 3) for p in range(60)]
    spells = [f"P{p};a-dagpenge;{day};{day + timedelta(weeks=20 + p % 20, days=-1)}" for p, day in enumerate(days)]
    spells.append("P0;a-dagpenge;2022-03-07;2022-04-03")
    starts = [f"P{p};jobnet;2020-02-24;2020-05-24" for p in range(0, 60, 3)]
    (folder / "spells.csv").write_text("\n".join(["person_id;benefit;start_date;end_date", *spells]), encoding="utf-8")
    (folder / "participants.csv").write_text(
        "\n".join(["person_id;investment;start_date;end_date", *starts]), encoding="utf-8")


def portfolio() -> Portfolio:
    level = PriceLevel(2020)
    cost, saving = Amount.dkk(200_000, level), Amount.dkk(-400_000, level)
    case = Investment(
        "1", "jobnet", "Jobnet", TargetGroup("ledige", "a-dagpenge"),
        budget=tuple(BudgetYear(year, cost, saving) for year in (2020, 2021)), referrals_from=date(2020, 2, 3),
        referrals_to=date(2021, 12, 31), dkk_per_participant_week=Amount.dkk(1000, CURRENT),
        protocol=Protocol("rest_of_target_group", 26))
    return Portfolio("p", "Prøve", "Prøveby", (2020, 2021), level, (case,), source="aftale")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace with rules, a case, persons and a ledger, imported."""
    base = tmp_path_factory.mktemp("ledger")
    place = base / "work"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEVINST_KEY_FILE", str(base / "key"))
        command("new", place, "--municipality", "Prøveby", "--code", "999")
        (place / "ledger_rules.yaml").write_text(RULES, encoding="utf-8")
        write_portfolio_file(portfolio(), base / "p.yaml")
        command("portfolio", "import", base / "p.yaml", "-w", place)
        register(base / "in")
        (base / "in" / "Opus 2020-21.csv").write_bytes(LEDGER.encode("cp1252"))
        import_folder(place, base / "in", today=TODAY)
        yield place


def command(*arguments: object) -> Result:
    result = runner.invoke(app, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def edition(workspace: Path) -> Edition:
    settings = (workspace / "gevinst.toml").read_text(encoding="utf-8")
    settings = settings.replace("# replicates = 1000", "replicates = 20")
    (workspace / "gevinst.toml").write_text(settings, encoding="utf-8")
    return run_workspace(workspace, memo_date=TODAY).edition


@pytest.fixture(scope="module")
def memo(edition: Edition) -> Document:
    return build_memo(edition)


def table(document: Document, key: str) -> Table:
    return next(one for one in document.tables() if one.key == key)


def texts(found: Table) -> list[list[str]]:
    return [[plain(cell.text) for cell in row.cells] for row in found.rows]


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_import_says_how_the_postings_fared(workspace: Path) -> None:
    (snapshot,) = (path for path in (workspace / "snapshots").iterdir() if path.is_dir())
    file = next(one for one in read_manifest(snapshot).files if one.table == "postings")
    notes = {one.code: dict(one.values) for one in file.notes}
    assert (file.rows, file.stored) == (8, 8)
    assert notes["ledger.matched"] == {"rows": 5, "kroner": 232_000}
    assert notes["ledger.ruled-out"] == {"rows": 1, "kroner": 900_000}
    assert notes["ledger.unmatched"] == {"rows": 2, "kroner": 8_000}
    assert notes["ledger.several-rules"] == {"rows": 5}
    assert notes["ledger.total-agrees"] == {}
    assert len(notes["ledger.rules-used"]["sha256"]) == 12


def test_the_result_column_is_the_ledgers_net(edition: Edition) -> None:
    outcome = {year.year: year.outcome[Line.INVESTMENT] for year in edition.follow_up("1").years}
    assert outcome[2020].amount == Amount.dkk(OURS, CURRENT)
    assert outcome[2021].amount == Amount.dkk(12_000, CURRENT)
    assert {figure.source for figure in outcome.values()} == {"computed"}
    assert edition.ledger is not None
    assert [year.net for year in edition.ledger.cases[0].years] == [outcome[2020].amount, outcome[2021].amount]


def test_the_memo_prints_the_ledger_beside_budget_and_delivery(memo: Document) -> None:
    assert texts(table(memo, "ledger")) == [
        ["1. Jobnet; aftalt 1.000 kr. pr. deltageruge"],
        ["2020", "200.000", "270.000", "−50.000", "220.000", "260", "260.000", "10.000", "1.038"],
        ["2021", "", "12.000", "0", "12.000", "0", "0", "12.000", ""],
        ["I alt", "", "282.000", "−50.000", "232.000", "260", "260.000", "22.000", "1.085"]]
    bullets = [plain(item) for block in memo.blocks if isinstance(block, Bullets) for item in block.items]
    said = [item for item in bullets if item.startswith(("Investering 1, 202", "Investering 1: Til og med"))]
    assert said[0] == ("Investering 1, 2020: Nettoudgiften er 220.000 kr. mod et budget på 200.000 kr., "
                       "20.000 kr. over.")
    assert said[1].startswith("Investering 1, 2021: Der er betalt 12.000 kr., men ikke leveret")
    assert "22.000 kr. er betalt uden at være leveret" in said[2]
    assert len(said) == 3
    assert any(item == "Posteringer, der ikke er henført til nogen investering: 2, netto 8.000 kr." for item in bullets)
    assert texts(table(memo, "ledger-loose")) == [
        ["5.68.90-3-1-001-5.2", "Driftsudgifter til den kommunale beskæftigelsesindsats, afløb (navn pr. 2022)", "2021",
         "1", "7.000"],
        ["6.45.53-1-1-001-1.1", "Administration vedrørende jobcentre (ikke verificeret)", "2020", "1", "1.000"]]


def test_the_section_reaches_page_and_workbook(memo: Document) -> None:
    assert "Posteringer, budget og levering" in as_html.render(memo)
    assert len(as_excel.render(memo)) > 0


def test_check_prints_the_same_exactly(workspace: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(command("ledger", "check", workspace, "--format", "csv").output)))
    assert [(row["year"], row["net"], row["running"], row["refund"], row["weeks"], row["paid_less_delivered"])
            for row in rows] == [
        ("2020", "219999.75", "270000.00", "-50000.25", "260", "10000.00"),
        ("2021", "12000.00", "12000.00", "0.00", "0", "12000.00"),
        ("", "231999.75", "282000.00", "-50000.25", "260", "22000.00")]
    said = json.loads(command("ledger", "check", "-w", workspace, "--format", "json").output)
    assert {name: part["rows"] for name, part in said["postings"].items()} == {
        "ledger": 8, "matched": 5, "ruled_out": 1, "unmatched": 2, "unknown": 0}
    assert [one["code"] for one in said["alarms"]] == [
        "ledger.alarm-over-budget", "ledger.alarm-nothing-delivered", "ledger.alarm-paid-not-delivered",
        "ledger.alarm-unmatched"]
    assert said["data_until"] == "2022-04-03"


def test_check_in_words_names_the_rules_that_overlap(workspace: Path) -> None:
    text = command("ledger", "check", workspace).output
    assert "Jobnet – aftalt 1.000,00 kr. pr. deltageruge" in text
    assert "Reglerne nævner »kursus«" in text
    also = "og regel 3 (linje 8, kursus), så den første gælder"
    assert f"både regel 1 (linje 3, jobnet) {also}: 4, netto 219.999,75 kr." in text
    assert f"både regel 2 (linje 5, jobnet) {also}: 1, netto 12.000,00 kr." in text
    assert "Ingen posteringer afgøres af regel 3 (linje 8, kursus)." in text
    assert "Reglerne er ændret" not in text


def test_check_says_why_delivered_is_blank(workspace: Path) -> None:
    found = workspace_ledger(workspace)
    (case,) = found.check.cases
    unpriced = replace(found, check=replace(found.check, cases=(replace(case, price=None),)))
    with speaking("da"):
        assert "Leveret er tom" not in "\n".join(check_lines(found))
        assert "Leveret er tom for investering 1: der er ingen aftalt pris" in "\n".join(check_lines(unpriced))


def test_unmatched_lists_account_and_amount_and_never_the_text(workspace: Path) -> None:
    text = command("ledger", "unmatched", workspace).output
    assert "6.45.53-1-1-001-1.1 – Administration vedrørende jobcentre (ikke verificeret): 1 · 999,99 kr." in text
    assert "I alt 2, netto 7.999,99 kr." in text
    assert "Hansen" not in text
    rows = list(csv.DictReader(io.StringIO(command("ledger", "unmatched", workspace, "--format", "csv").output)))
    assert [(row["account"], row["date"], row["amount_dkk"]) for row in rows] == [
        ("5.68.90-3-1-001-5.2", "2021-02-01", "7000.00"), ("6.45.53-1-1-001-1.1", "2020-03-02", "999.99")]
    said = json.loads(command("ledger", "unmatched", workspace, "--format", "json").output)
    assert [one["amount_dkk"] for one in said] == ["7000.00", "999.99"]


def test_rules_that_were_changed_since_are_told_and_another_import_mends_it(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEVINST_KEY_FILE", str(tmp_path / "key"))
    place = tmp_path / "work"
    command("new", place, "--municipality", "Prøveby", "--code", "999")
    write_portfolio_file(portfolio(), tmp_path / "p.yaml")
    command("portfolio", "import", tmp_path / "p.yaml", "-w", place)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "opus.csv").write_text(LEDGER, encoding="utf-8")
    import_folder(place, tmp_path / "in", today=TODAY)
    alone = workspace_ledger(place)
    assert (alone.check.unmatched.rows, alone.rules, alone.until) == (8, None, None)
    assert "har ingen ledger_rules.yaml" in command("ledger", "check", place).output
    (place / "ledger_rules.yaml").write_text(RULES, encoding="utf-8")
    changed = workspace_ledger(place)
    assert changed.use is not None
    assert changed.use.changed == 6
    assert "så vil blive henført anderledes: 6." in command("ledger", "check", place).output
    assert not import_folder(place, tmp_path / "in", today=TODAY).repeated
    mended = workspace_ledger(place)
    assert mended.use is not None
    assert (mended.use.changed, mended.check.matched.rows) == (0, 5)
    assert "Der er ingen persondata" in command("ledger", "check", place).output
    renamed = replace(portfolio().investments[0], key="net")
    write_portfolio_file(replace(portfolio(), investments=(renamed,)), tmp_path / "q.yaml")
    command("portfolio", "import", tmp_path / "q.yaml", "-w", place)
    assert {one.investment for one in loose_postings(place)} == {"", "jobnet"}
    assert "nævner »jobnet«" in command("ledger", "unmatched", place).output


def test_a_snapshot_without_postings_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEVINST_KEY_FILE", str(tmp_path / "key"))
    place = tmp_path / "work"
    command("new", place, "--municipality", "Prøveby", "--code", "999")
    write_portfolio_file(portfolio(), tmp_path / "p.yaml")
    command("portfolio", "import", tmp_path / "p.yaml", "-w", place)
    register(tmp_path / "in")
    import_folder(place, tmp_path / "in", today=TODAY)
    with pytest.raises(GevinstError) as fault:
        workspace_ledger(place)
    assert fault.value.code == "ledger.no-postings"


def test_a_memo_is_another_when_the_terms_were(workspace: Path, edition: Edition) -> None:
    (workspace / "ledger_rules.yaml").write_text(RULES.replace("percent: 5", "percent: 50"), encoding="utf-8")
    other = run_workspace(workspace, memo_date=TODAY).edition
    (workspace / "ledger_rules.yaml").write_text(RULES, encoding="utf-8")
    assert other.id != edition.id
    assert other.ledger is not None
    assert [one.code for one in alarms(other.ledger)] == ["ledger.alarm-nothing-delivered", "ledger.alarm-unmatched"]
