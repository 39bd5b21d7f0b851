"""The verbs of the audit, as they are typed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.audit.rerun_told import rerun_told
from gevinst.checksums import SUMS, as_sums, sha256_of
from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.register.rekey import rotate_key
from gevinst.settings import Settings
from gevinst.sources.keys import KEY_BYTES
from tests.audit.conftest import Packed

runner = CliRunner()
FIGURES = ("figures.json", "effects.json", "curves.json", "explanations.json", "counts.json")


def code_of(*arguments: str) -> str:
    result = runner.invoke(app, list(arguments))
    assert isinstance(result.exception, GevinstError), result.output
    return result.exception.code


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_package_is_made_checked_opened_and_run(
    made: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the README in it says, under an environment that names the municipality's own key."""
    key = tmp_path / "real.key"
    key.write_bytes(os.urandom(KEY_BYTES))
    key.chmod(0o600)
    at = ["-w", str(made.settings.workspace)]
    path = tmp_path / "out" / "one.zip"
    result = runner.invoke(app, ["audit", "package", made.edition[:6], *at, "--out", str(path)])
    assert result.exit_code == 0, result.output
    assert path.stat().st_mode & 0o777 == 0o600
    assert members(path) == dict(made.files)
    monkeypatch.setenv("GEVINST_KEY_FILE", str(key))
    result = runner.invoke(app, ["audit", "check", str(path)])
    assert result.exit_code == 0, result.output
    assert result.output.count("ok ") == 5
    opened = tmp_path / "opened"
    result = runner.invoke(app, ["audit", "open", str(path), "--out", str(opened)])
    assert result.exit_code == 0, result.output
    assert "læs README.md" in result.stderr
    command = result.stdout.split()
    assert command[:3] == ["gevinst", "run", "-w"]
    monkeypatch.delenv("GEVINST_KEY_FILE")
    result = runner.invoke(app, command[1:])
    assert result.exit_code == 0, result.output
    (edition,) = (opened / "workspace" / "editions").iterdir()
    for name in FIGURES:
        assert (edition / name).read_bytes() == made.files[f"twin/memo/{name}"], name
    assert os.environ.get("GEVINST_KEY_FILE") is None
    assert not [one for one in (opened, *opened.iterdir()) if one.stat().st_mode & 0o077]


def test_a_check_that_fails_says_where_and_ends_with_one(made: Packed, package: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.zip"
    with zipfile.ZipFile(spoilt, "w") as archive:
        for name, content in members(package).items():
            archive.writestr(name, content + (b" " if name == "settings.toml" else b""))
    result = runner.invoke(app, ["audit", "check", str(spoilt), "--no-run"])
    assert result.exit_code == 1
    assert "AFVIGER" in result.output
    assert "settings.toml" in result.output


def test_a_twin_of_an_edition_is_that_of_its_snapshot(made: Packed, tmp_path: Path) -> None:
    at = ["-w", str(made.settings.workspace)]
    (snapshot,) = (path.name for path in made.settings.snapshots.glob("2*"))
    newest = ["--snapshot", "newest"]
    for name, arguments in (("one", [made.edition]), ("two", newest), ("three", ["--snapshot", snapshot[:12]]),
                            ("four", [*newest, "--seed", "7"])):
        result = runner.invoke(app, ["twin", *arguments, *at, "--out", str(tmp_path / name)])
        assert result.exit_code == 0, result.output
    files = {name: {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*")
                    if path.is_file()} for name in ("one", "two", "three", "four")}
    assert files["two"] == files["three"]
    assert files["one"].keys() == files["two"].keys()
    for name in ("one", "two"):  # an edition prints how many they were; else it is rounded to twenty
        (investment,) = json.loads(files[name][Path("model.json")])["investments"]
        assert sum(span["persons"] for span in investment["starts"]) == 40
    assert files["four"].keys() == files["one"].keys()
    assert files["four"][Path("model.json")] == files["two"][Path("model.json")]
    assert files["four"][Path("register/spells.csv")] != files["two"][Path("register/spells.csv")]
    assert {str(name): content for name, content in files["one"].items()} == {
        name.removeprefix("twin/"): content for name, content in made.files.items()
        if name.startswith("twin/") and not name.startswith("twin/memo/") and name != "twin/run.json"}
    assert not [one for one in tmp_path.rglob("*") if one.stat().st_mode & 0o077]


def test_the_ordinary_import_takes_a_twin(made: Packed, tmp_path: Path) -> None:
    at = ["-w", str(made.settings.workspace)]
    assert runner.invoke(app, ["twin", made.edition, *at, "--out", str(tmp_path / "twin")]).exit_code == 0
    assert runner.invoke(app, ["new", str(tmp_path / "w"), "--municipality", "Prøveby", "--code", "999"]).exit_code == 0
    (tmp_path / "key").write_bytes(bytes(range(32)))
    (tmp_path / "key").chmod(0o600)
    result = runner.invoke(app, ["import", str(tmp_path / "twin" / "register"), "-w", str(tmp_path / "w")],
                           env={"GEVINST_KEY_FILE": str(tmp_path / "key")})
    assert result.exit_code == 0, result.output
    (rejects,) = (tmp_path / "w" / "snapshots").glob("2*/rejects.csv")
    assert len(rejects.read_text(encoding="utf-8-sig").splitlines()) == 1


def test_mistakes(made: Packed, package: Path, tmp_path: Path) -> None:
    at = ["-w", str(made.settings.workspace)]
    out = ["--out", str(tmp_path / "new")]
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    assert code_of("twin", *at, *out) == "twin.which"
    assert code_of("twin", made.edition, "--snapshot", "newest", *at, *out) == "twin.which"
    assert code_of("twin", "--snapshot", "1999", *at, *out) == "twin.unknown-snapshot"
    assert code_of("twin", made.edition, *at, "--out", str(full)) == "twin.exists"
    assert code_of("twin", "ffffffffffff", *at, *out) == "edition.unknown"
    assert code_of("audit", "package", made.edition, *at, "--out", str(package)) == "package.exists"
    assert code_of("audit", "check", str(tmp_path / "none.zip")) == "package.missing"
    assert code_of("audit", "open", str(package), "--out", str(full)) == "twin.exists"
    assert sorted(path.name for path in full.iterdir()) == ["mine.txt"]
    assert not (tmp_path / "new").exists()


def test_a_recorded_edition_has_no_twin(made: Packed, tmp_path: Path) -> None:
    (recorded,) = (path.name for path in (made.settings.workspace / "editions").iterdir()
                   if path.is_dir() and path.name != made.edition)
    at = ["-w", str(made.settings.workspace)]
    assert code_of("twin", recorded, *at, "--out", str(tmp_path / "x")) == "twin.no-persons"


def test_a_package_that_cannot_be_opened_leaves_nothing(package: Path, tmp_path: Path) -> None:
    """Not even one whose checksums fit."""
    broken = tmp_path / "broken.zip"
    spoilt = {"twin/register/spells.csv": b"person_id\n"}
    files = {name: content for name, content in members(package).items() if name != SUMS} | spoilt
    spoilt[SUMS] = as_sums({name: sha256_of(content) for name, content in files.items()})
    with zipfile.ZipFile(broken, "w") as archive:
        for name, content in members(package).items():
            archive.writestr(name, spoilt.get(name, content))
    before = sorted(path.name for path in tmp_path.iterdir())
    assert code_of("audit", "open", str(broken), "--out", str(tmp_path / "opened")).startswith("intake.")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_package_with_a_changed_byte_is_not_opened(package: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.zip"
    changed = ("twin/register/spells.csv", "edition/figures.json")
    with zipfile.ZipFile(spoilt, "w") as archive:
        for name, content in members(package).items():
            archive.writestr(name, content + (b"\n" if name in changed else b""))
    before = sorted(path.name for path in tmp_path.iterdir())
    result = runner.invoke(app, ["audit", "open", str(spoilt), "--out", str(tmp_path / "opened")])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "package.changed"
    for name in changed:
        assert name in result.exception.message("da").what
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_figures_that_differ_on_the_real_data_are_told_when_packed_and_when_checked(
    made: Packed, copied: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change of key the placebo draws others, and sums are added up in another order."""
    key = tmp_path / "keys" / "own.key"
    key.parent.mkdir()
    shutil.copy2(made.settings.key_file, key)
    monkeypatch.setenv("GEVINST_KEY_FILE", str(key))
    rotate_key(copied.workspace, [made.settings.workspace.parent / "one"])
    path = tmp_path / "one.zip"
    result = runner.invoke(app, ["audit", "package", made.edition, "-w", str(copied.workspace), "--out", str(path)])
    assert result.exit_code == 0, result.output
    said = json.loads(members(path)["rerun.json"])
    assert said["differing"], "other groups of replicates, so other intervals"
    told = f"{len(said['differing'])} af {said['compared']} tal afveg"
    checked = runner.invoke(app, ["audit", "check", str(path), "--no-run"])
    assert checked.exit_code == 0, checked.output
    for output in (result.output, checked.output):
        assert told in output
        assert "Nøglen er en anden: placeboens borgere" in output
        assert output.count("er skrevet om siden") == 1


@pytest.mark.parametrize(("said", "told"), [
    ({"compared": 9, "not_compared": 0, "remarks": ["x"], "differing": []}, ["x"]),
    ({"compared": 0, "not_compared": None, "remarks": ["x"], "differing": []}, ["kunne ikke regnes igen på", "x"]),
    ({"compared": 9, "not_compared": 4, "remarks": [], "differing": []}, ["4 tal kunne ikke regnes igen"]),
    (None, ["siger ikke"]), ({"compared": "x"}, ["siger ikke"]), ([], ["siger ikke"]),
])
def test_what_a_rerun_gave_in_words(said: object, told: list[str]) -> None:
    with speaking("da"):
        found = rerun_told(said)
    assert len(found) == len(told)
    assert all(words in line for words, line in zip(told, found, strict=True))


def test_the_readme_says_what_to_type(made: Packed) -> None:
    text = made.files["README.md"].decode()
    for words in ("sha256sum -c SHA256SUMS", "gevinst audit check", "gevinst audit open PACKAGE.zip --out FOLDER",
                  "gevinst run -w FOLDER/workspace --date 2021-04-02", "gevinst audit open PAKKE.zip --out MAPPE",
                  "gevinst run -w MAPPE/workspace --date 2021-04-02", f"gevinst rerun {made.edition}",
                  "Pakken rummer ingen borgere", "no persons in the package"):
        assert words in text
    assert "Nobody in these files exists" in made.files["twin/README.md"].decode()


def test_unzip_reads_it(package: Path) -> None:
    done = subprocess.run(["unzip", "-tq", str(package)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
