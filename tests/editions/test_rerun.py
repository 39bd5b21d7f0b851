"""An edition run again gives the same figures, bit for bit, or says what differs and what is gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.editions.rerun import CANNOT, DIFFERS, EQUAL, Rerun, rerun
from gevinst.editions.states import find
from gevinst.errors import GevinstError
from gevinst.settings import FILE, Settings, load_settings
from tests.editions import small_town

runner = CliRunner()


def again(settings: Settings, folder: Path) -> Rerun:
    return rerun(settings, find(settings, folder.name))


def opened(folder: Path) -> Path:
    """The folder with its files, written in by somebody who may."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder


def test_every_figure_is_the_same_whatever_the_workspace_says_now(two_editions) -> None:
    """Local parameters, settings, record and newer deliveries are those of the edition, not those of today."""
    settings = two_editions.settings
    (settings.workspace / "parameters").mkdir()
    (settings.workspace / "parameters" / "rate_groups.yaml").write_text("a-dagpenge: {groups: [nowhere], source: s}\n")
    toml = settings.workspace / FILE
    toml.write_text(toml.read_text().replace("replicates = 10", "replicates = 12"))
    small_town.save(settings, small_town.portfolio(headline="target_group", expected=-1))
    done = again(load_settings(settings.workspace), two_editions.first)
    assert done.differences == ()
    assert done.remarks == ()
    assert done.exit_code == EQUAL
    assert done.compared > 200
    assert done.not_compared == 0


def test_the_command_says_so_and_ends_with_nought(recorded: Settings, draft: Path) -> None:
    result = runner.invoke(app, ["rerun", draft.name, "-w", str(recorded.workspace)])
    assert result.exit_code == 0, result.output
    assert "ens, bit for bit" in result.stdout


def test_another_program_is_named(recorded: Settings, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gevinst.editions.rerun.code_version", lambda: "9.9.9+000000000000")
    done = again(recorded, draft)
    assert done.exit_code == EQUAL, "the figures are the same though the program is not"
    assert any("9.9.9+000000000000" in remark for remark in done.remarks)


def test_a_figure_that_was_changed_by_hand_is_named(recorded: Settings, draft: Path) -> None:
    figures = json.loads((draft / "figures.json").read_text(encoding="utf-8"))
    one = next(each for each in figures["figures"] if each["id"] == "2/investment/2020/expected")
    one["value"] += 0.01
    (draft / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    result = runner.invoke(app, ["rerun", draft.name, "-w", str(recorded.workspace)])
    assert result.exit_code == DIFFERS
    assert "figures.json 2/investment/2020/expected: 90000.01 → 90000" in result.stdout
    assert "figures.json" in result.stdout.splitlines()[0], "the damage is told first"
    printed = runner.invoke(app, ["rerun", draft.name, "-w", str(recorded.workspace), "--format", "json"])
    assert [each["figure"] for each in json.loads(printed.stdout)["differences"]] == ["2/investment/2020/expected"]


def test_a_parameter_changed_in_the_edition_is_named_with_what_it_changes(two_editions) -> None:
    folder = opened(two_editions.second)
    national = folder / "parameters" / "national" / "refund_ladder.yaml"
    ladder = national.read_text(encoding="utf-8")
    national.write_text(ladder.replace("53: 20}", "53: 10}").replace("1: 80,", "1: 70,"), encoding="utf-8")
    assert national.read_text(encoding="utf-8") != ladder
    done = again(two_editions.settings, folder)
    assert done.exit_code == DIFFERS
    assert any("refund_ladder.yaml" in remark for remark in done.remarks)
    named = {one.figure for one in done.differences}
    assert any(name.startswith("1/saving/") for name in named)
    assert not any(name.startswith(("2/", "1/investment/")) for name in named)


def test_a_snapshot_that_was_deleted_is_named_and_what_was_typed_in_is_compared(two_editions) -> None:
    settings = two_editions.settings
    for folder in settings.snapshots.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    done = again(settings, two_editions.first)
    assert done.exit_code == CANNOT
    assert done.differences == ()
    assert done.compared > 0
    assert done.not_compared > done.compared
    assert any("er slettet" in remark for remark in done.remarks)


def test_a_snapshot_that_was_written_anew_is_named(two_editions) -> None:
    settings = two_editions.settings
    first = min(folder for folder in settings.snapshots.iterdir() if folder.is_dir())
    manifest = first / "manifest.json"
    manifest.chmod(0o600)
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said["rejects_sha256"] = "0" * 64
    manifest.write_text(json.dumps(said), encoding="utf-8")
    first.rename(first.with_name(f"{first.name.partition('-')[0]}-00000000"))
    done = again(settings, two_editions.first)
    assert done.exit_code == EQUAL, "the tables are the same"
    assert any("skrevet om" in remark for remark in done.remarks)


def test_a_record_that_is_gone_leaves_nothing_to_compute(two_editions) -> None:
    settings = two_editions.settings
    found = find(settings, two_editions.first.name)
    (settings.workspace / "gevinst.db").unlink()
    done = rerun(settings, found)
    assert (done.exit_code, done.compared) == (CANNOT, 0)
    assert any("database" in remark for remark in done.remarks)


def test_an_earlier_edition_that_is_gone_is_named(two_editions) -> None:
    opened(two_editions.first)
    shutil.rmtree(two_editions.first)
    done = again(two_editions.settings, two_editions.second)
    assert any(two_editions.first.name in remark for remark in done.remarks)


@pytest.mark.parametrize(("spoil", "code"), [("recipe", "edition.no-recipe"), ("json", "edition.unreadable"),
                                             ("figures", "edition.unreadable")])
def test_an_edition_that_cannot_be_read_is_told(recorded: Settings, draft: Path, spoil: str, code: str) -> None:
    if spoil == "recipe":
        sealed = json.loads((draft / "edition.json").read_text(encoding="utf-8"))
        del sealed["recipe"]
        (draft / "edition.json").write_text(json.dumps(sealed))
    else:
        (draft / ("edition.json" if spoil == "json" else "effects.json")).write_text("{")
    result = runner.invoke(app, ["rerun", draft.name, "-w", str(recorded.workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == code
