"""The verbs of protection as a user meets them."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.register.account import account
from gevinst.settings import Settings
from tests.register.protected import EVERYBODY, HERE, fill, load, make, pseudonyms, say_settings

runner = CliRunner()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make(tmp_path)
    load(made, fill(tmp_path / "in"))
    return made


def done(settings: Settings, *arguments: str, typed: str = "") -> str:
    result = runner.invoke(app, [*arguments, "-w", str(settings.workspace)], input=typed)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(settings: Settings, code: str, *arguments: str, typed: str = "") -> None:
    result = runner.invoke(app, [*arguments, "-w", str(settings.workspace)], input=typed)
    assert isinstance(result.exception, GevinstError), (result.output, result.exception)
    assert result.exception.code == code


def mark(settings: Settings, which: str) -> str:
    lines = done(settings, "key", "show").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{which}:"))


def test_the_keys_are_shown_by_mark_and_place(settings: Settings, tmp_path: Path) -> None:
    shown = done(settings, "key", "show")
    assert str(settings.key_file) in shown
    assert settings.key_file.read_bytes().hex() not in shown
    assert "snapshots" not in shown
    say_settings(settings, encrypt_snapshots=True)
    assert "snapshots: er her ikke" in done(settings, "key", "show")
    said = "1 gemt udtræk er ikke krypteret, skønt encrypt_snapshots er slået til"
    assert said in done(settings, "key", "show")
    assert said in done(settings, "import", str(tmp_path / "in")), "also when nothing new is stored"
    result = runner.invoke(app, ["status", "-w", str(settings.workspace)])
    assert said in result.stderr
    assert "1 udtræk er krypteret" in done(settings, "key", "reseal")
    assert "ikke krypteret" not in done(settings, "key", "show")
    assert len(mark(settings, "snapshots")) == 16


def test_a_key_is_changed_and_the_old_one_destroyed(settings: Settings, tmp_path: Path) -> None:
    old = mark(settings, "pseudonyms")
    said = done(settings, "key", "rotate", str(tmp_path / "in"), "--destroy-old")
    assert old in said
    assert mark(settings, "pseudonyms") != old
    assert "previous" not in done(settings, "key", "show")
    said = done(settings, "key", "rotate", str(tmp_path / "in"))
    assert "gevinst key destroy --which previous" in said
    assert mark(settings, "previous")


def test_a_new_key_says_what_it_means_for_editions_and_other_workspaces(settings: Settings, tmp_path: Path) -> None:
    said = done(settings, "key", "rotate", str(tmp_path / "in"))
    assert "Udgaver fra før afviger" in said
    assert f"Andre arbejdsmapper med nøglefilen {settings.key_file} er nu låst ude" in said


def test_the_shared_key_is_not_destroyed_unasked(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gevinst.register.key_care.default_key_file", lambda: settings.key_file)
    before = settings.key_file.read_bytes()
    rotate = ["key", "rotate", str(tmp_path / "in"), "--destroy-old"]
    refused(settings, "protection.key-shared", *rotate)
    assert settings.key_file.read_bytes() == before
    said = done(settings, *rotate, "--other-workspaces-done")
    assert settings.key_file.read_bytes() != before
    assert "Udgaver fra før afviger" in said
    assert "låst ude" not in said
    assert not settings.key_file.with_name(f"{settings.key_file.name}.previous").exists()


def test_who_lost_the_key_to_another_workspace_is_led_to_the_previous_one(settings: Settings, tmp_path: Path) -> None:
    """Two workspaces with one key file: the first changes the key, the second goes on with a copy of the old one."""
    other = make(tmp_path, folder="other")
    load(other, tmp_path / "in")
    done(settings, "key", "rotate", str(tmp_path / "in"))
    result = runner.invoke(app, ["import", str(tmp_path / "in"), "-w", str(other.workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "workspace.key-wrong"
    assert ".previous" in result.exception.message("da").do
    assert ".previous" in result.exception.message("en").do
    kept = tmp_path / "keys" / "test.key.previous"
    file = other.workspace / "gevinst.toml"
    file.write_text(file.read_text().replace(str(Path("..") / "keys" / "test.key"), str(kept)))
    result = runner.invoke(app, ["import", str(tmp_path / "in"), "-w", str(other.workspace)])
    assert result.exit_code == 0, result.output


def test_a_key_is_destroyed_only_when_its_mark_is_typed(settings: Settings) -> None:
    own = mark(settings, "pseudonyms")
    refused(settings, "protection.not-confirmed", "key", "destroy", typed="ja\n")
    refused(settings, "protection.not-confirmed", "key", "destroy", typed="\n")
    refused(settings, "protection.no-key", "key", "destroy", "--which", "previous")
    refused(settings, "cli.choice", "key", "destroy", "--which", "all")
    assert settings.key_file.exists()
    said = done(settings, "key", "destroy", typed=f"{own}\n")
    assert "sikkerhedskopierne" in said
    assert not settings.key_file.exists()


def test_a_look_up_goes_to_a_screen_or_a_private_file(settings: Settings, tmp_path: Path) -> None:
    (person,) = pseudonyms(settings, HERE)
    asked = ["reidentify", str(tmp_path / "in"), f"--person={person}", "--by", "Anna", "--purpose", "klage"]
    refused(settings, "protection.no-terminal", *asked)
    refused(settings, "protection.file-in-workspace", *asked, "--out", str(settings.workspace / "x.csv"))
    said = done(settings, *asked, "--out", str(tmp_path / "x.csv"))
    assert "1 af 1" in said
    assert "0303501234" not in said
    assert f"{person};0303501234" in (tmp_path / "x.csv").read_text()
    (tmp_path / "asked.txt").write_text("".join(f"{one}\n" for one in pseudonyms(settings, *EVERYBODY)))
    by_file = [*asked, "--persons", str(tmp_path / "asked.txt"), "--out", str(tmp_path / "y.csv")]
    assert "5 af 5" in done(settings, *by_file)
    log = done(settings, "access-log", f"--person={person}")
    assert log.count("Anna") == 2
    assert "Loggen over opslag er ubrudt: 2 linjer." in log
    assert "Journalen over udtræk er ubrudt: 1 linje." in log
    refused(settings, "protection.no-purpose", "access-log", "--ask", typed=f"{HERE}\n")
    ask = ["access-log", "--ask", "--by", "Dorte", "--purpose", "indsigt"]
    told = done(settings, *ask, typed=f"{HERE}\n")
    assert told.count("Anna") == 2
    assert HERE not in told
    assert str(person) not in told, "whoever asks for a person is not given the pseudonym"
    assert done(settings, "access-log").count("klage") == 6
    assert done(settings, "access-log").count("spurgt til denne log") == 1


def test_the_journal_says_who_did_what_and_that_it_is_cut(settings: Settings, tmp_path: Path) -> None:
    shown = done(settings, "access-log", "--journal")
    assert "\timport\t" in shown
    assert account() in shown
    path = settings.workspace / "journal.jsonl"
    lines = path.read_text()
    path.write_text("")
    refused(settings, "protection.log-cut", "access-log", "--journal")
    assert "[protection.log-cut]" in done(settings, "access-log"), "the other log is told all the same"
    (tmp_path / "in" / "prices.csv").unlink()
    assert "kunne ikke skrives i journalen" in done(settings, "import", str(tmp_path / "in"))
    path.write_text(lines)
    for head in settings.key_file.parent.glob("*.journal-head"):
        head.unlink()
    assert "Journalen over udtræk har 1 linje, men intet hoved" in done(settings, "access-log")


def test_on_a_terminal_the_ids_are_shown(settings: Settings, tmp_path: Path) -> None:
    (person,) = pseudonyms(settings, HERE)
    above, below = pty.openpty()
    command = [sys.executable, "-c", "from gevinst.cli import main; main()", "reidentify", str(tmp_path / "in"),
               f"--person={person}", "--by", "Anna", "--purpose", "klage", "-w", str(settings.workspace)]
    finished = subprocess.run(command, stdout=below, stderr=subprocess.PIPE, check=False)
    shown = os.read(above, 10_000).decode() if finished.returncode == 0 else ""
    os.close(below)
    os.close(above)
    assert finished.returncode == 0, finished.stderr
    assert shown.split() == [str(person), "0303501234"]
    assert b"0303501234" not in finished.stderr


def test_deletion_is_said_before_it_is_done(settings: Settings) -> None:
    assert "ingen slettefrister" in done(settings, "delete")
    say_settings(settings, keep_persons_years=1)
    first = done(settings, "delete")
    assert "Ville blive slettet" in first
    assert first == done(settings, "delete", "--dry-run")
    assert "Slettet:" in done(settings, "delete", "--do-it")
    assert "Intet er gammelt nok" in done(settings, "delete")
