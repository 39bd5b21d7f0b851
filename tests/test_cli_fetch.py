"""The verbs that fetch: what they ask, say and store, and that the token is in none of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from typer.testing import CliRunner, Result

from gevinst.cli_fetch import fetch_app
from gevinst.errors import GevinstError
from gevinst.settings import create_workspace, load_settings
from gevinst.sources.online.http import Patience
from gevinst.sources.online.published import fetched_curves, published_counts
from gevinst.sources.online.token import VARIABLE
from tests.sources.online.conftest import MemoryKeyring
from tests.sources.online.servers import TOKEN, FakeJobindsats, Server, fault, refused, serving
from tests.sources.online.statbank_server import FakeStatBank

runner = CliRunner()


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    monkeypatch.delenv(VARIABLE, raising=False)
    quick = Patience(connect=2, read=2, attempts=3, first_wait=0.001, pause=0)
    monkeypatch.setattr("gevinst.sources.online.fetching.Patience", lambda: quick)
    monkeypatch.setattr("gevinst.sources.online.statbank.Patience", lambda: quick)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def jobindsats() -> Iterator[Server]:
    with serving(FakeJobindsats()) as running:
        yield running


@pytest.fixture
def bank() -> Iterator[Server]:
    with serving(FakeStatBank()) as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path, jobindsats: Server, bank: Server) -> Path:
    made = create_workspace(tmp_path / "w", municipality="Norddjurs Kommune", municipality_code="707",
                            jobindsats_url=f"{jobindsats.url}/v3", statbank_url=f"{bank.url}/v1")
    return made.workspace


def ask(*words: object, given: str | None = None) -> Result:
    result = runner.invoke(fetch_app, [str(word) for word in words], input=given)
    assert TOKEN not in result.output + repr(result.exception)
    if isinstance(result.exception, GevinstError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def with_token() -> None:
    ask("token", given=f"{TOKEN}\n")


def test_the_token_is_asked_for_and_forgotten(ring: MemoryKeyring) -> None:
    assert "gemt i systemets nøglering" in ask("token", given=f"{TOKEN}\n").output
    assert ring.kept == {("gevinst", "jobindsats"): TOKEN}
    assert "slettet" in ask("token", "--forget").output
    assert ring.kept == {}


def test_curves_are_fetched_and_said(workspace: Path, jobindsats: Server) -> None:
    with_token()
    jobindsats.faults = [fault(503)]
    result = ask("survival", "--benefit", "A-dagpenge", "-w", workspace, "--from", 2020, "--to", 2021,
                 "--baseline", "2017-2019")
    assert "a-dagpenge  2017-2019  med tilbagefald  til uge 52\n" in result.stdout
    assert "a-dagpenge  2021  uden tilbagefald  til uge 13 (ikke fulgt til ende)\n" in result.stdout
    assert "Kurverne bruges ved næste kørsel" in result.stdout
    assert "der spørges igen om 0,0 sekunder" in result.stderr
    assert {row["cohort"] for row in fetched_curves(workspace).rows} == {"2017-2019", "2020", "2021"}
    for path in workspace.rglob("*"):
        assert path.is_dir() or TOKEN.encode() not in path.read_bytes()


def test_counts_are_fetched_and_said(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)
    result = ask("counts", "-w", workspace, "--benefit", "a-dagpenge", "--from", "2021")
    assert "a-dagpenge  707  2021-01 – 2021-12" in result.stdout
    assert len(published_counts(workspace)) == 12
    ask("counts", "-w", workspace, "--benefit", "kontanthjaelp", "--table", "y01a02", "--area", "Hele landet")
    assert {(one.benefit, one.municipality) for one in published_counts(workspace)} == {
        ("a-dagpenge", "707"), ("kontanthjaelp", "000")}


def test_tables_are_found_by_text(workspace: Path) -> None:
    with_token()
    result = ask("tables", "-w", workspace)
    assert result.stdout.splitlines()[0] == "y01b01  Overlevelseskurver  A-dagpenge"
    assert "4 af 5 tabeller" in result.stderr
    assert "AUK01" in ask("tables", "-w", workspace, "--source", "statbank", "--text", "fuldtidsmodtagere").stdout


def test_statbank_needs_no_token(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "auk01.csv"
    result = ask("statbank", "AUK01", "-w", workspace, "--values", "OMRÅDE=Norddjurs,000", "--values", "Tid=2021*",
                 "--format", "bulk", "--out", out)
    assert "8 rækker skrevet" in result.stdout
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert {row["OMRÅDE"] for row in csv.DictReader(file, delimiter=";")} == {"707", "000"}


def test_files_are_taken_in_without_a_network_or_token(workspace: Path, tmp_path: Path, jobindsats: Server) -> None:
    counts = tmp_path / "tal.csv"
    counts.write_text("Periode;Antal fuldtidspersoner\n2021M01;1.234,5\n")
    px = tmp_path / "auk01.px"
    px.write_text('MATRIX="AUK01";STUB="Tid";VALUES("Tid")="2021";DATA=5;')
    result = ask("import", counts, px, "-w", workspace, "--benefit", "Dagpenge", "--saved", "05-11-2026")
    assert "a-dagpenge  707  2021-01 – 2021-01" in result.stdout
    listed = ask("list", "-w", workspace).stdout.splitlines()
    assert [line.split("  ")[1:3] for line in listed] == [["jobindsats", "tal"], ["statbank", "auk01"]]
    assert not jobindsats.asked


def test_without_a_token_nothing_is_asked(workspace: Path, jobindsats: Server) -> None:
    with refused("online.token-missing"):
        ask("survival", "--benefit", "a-dagpenge", "-w", workspace)
    assert not jobindsats.asked


@pytest.mark.parametrize(("words", "code"), [
    (["survival", "--benefit", "a-dagpenge", "--from", "2021", "--to", "2020"], "online.years"),
    (["survival", "--benefit", "a-dagpenge", "--baseline", "2019-2017"], "online.years"),
    (["survival", "--benefit", "a-dagpenge", "--baseline", "sidst"], "online.years"),
    (["survival", "--benefit", "a-dagpenge", "--values", "Kvinder"], "online.value-form"),
    (["survival", "--benefit", "børnepenge"], "parameters.unknown-benefit"),
    (["counts", "--from", "2021", "--to", "2020"], "online.years"),
    (["counts", "--table", "y01a02"], "online.which-benefit"),
    (["tables", "--source", "eurostat"], "cli.choice"),
    (["statbank", "AUK01", "--format", "XML"], "cli.choice"),
])
def test_what_cannot_be_meant(workspace: Path, jobindsats: Server, words: list[str], code: str) -> None:
    with_token()
    with refused(code):
        ask(*words, "-w", workspace)
    assert not jobindsats.asked


def test_addresses_in_the_settings_are_https_or_this_machine(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "a", municipality="X", municipality_code="707")
    assert made.jobindsats_url == "https://api.jobindsats.dk/v3"
    assert load_settings(made.workspace).statbank_url == "https://api.statbank.dk/v1"
    with refused("workspace.setting-wrong"):
        create_workspace(tmp_path / "b", municipality="X", municipality_code="707",
                         jobindsats_url="http://api.jobindsats.dk/v3")
