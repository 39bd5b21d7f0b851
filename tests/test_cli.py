"""The command line as a user meets it: a workspace from nothing, errors with code and exit 2, a quick --help."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError

REGISTER = Path(__file__).parent / "oracle" / "register_small"
runner = CliRunner()
HEAVY = ("ibis", "duckdb", "pyarrow", "numpy", "sqlalchemy", "yaml", "docx", "typst")


def gevinst(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from gevinst.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_help_waits_for_nothing_heavy() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom gevinst.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_help_speaks_danish_and_english() -> None:
    assert "Følger kommunens sociale investeringer" in gevinst("--help", GEVINST_LANG="da").stdout
    assert "Follows a municipality" in gevinst("--help", GEVINST_LANG="en").stdout


def test_an_error_has_code_place_and_advice_and_exit_code_two(tmp_path: Path) -> None:
    found = gevinst("curves", str(tmp_path / "nowhere"), "--benefit", "a-dagpenge")
    assert found.returncode == 2
    assert found.stdout == ""
    assert found.stderr.startswith("[intake.folder-missing]")
    assert "nowhere" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEVINST_KEY_FILE", str(tmp_path / "key"))
    place = tmp_path / "work"
    result = runner.invoke(app, ["new", str(place), "--municipality", "Prøveby", "--code", "999"])
    assert result.exit_code == 0, result.output
    assert "sikkerhedskopi" in result.stdout
    return place


def test_a_new_workspace_says_that_its_key_is_shared_with_others(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(bytes(32))
    result = runner.invoke(app, ["new", str(tmp_path / "next"), "--municipality", "Prøveby", "--code", "999"])
    assert result.exit_code == 0, result.output
    assert f"findes allerede i {tmp_path / 'key'} og deles med andre arbejdsmapper" in result.stdout


def test_from_nothing_to_a_memo(workspace: Path, tmp_path: Path) -> None:
    """New workspace, a portfolio out and in as a workbook, persons in, the memo in English on a letterhead."""
    book = tmp_path / "aarhus.xlsx"
    for arguments in (
        ["portfolio", "export", "aarhus-2021-2024", str(book), "--bundled"],
        ["portfolio", "check", str(book)],
        ["portfolio", "import", str(book), "-w", str(workspace), "--author", "controller", "--note", "vedtaget"],
        ["import", str(REGISTER), "-w", str(workspace)],
    ):
        result = runner.invoke(app, arguments)
        assert result.exit_code == 0, (arguments, result.output, result.exception)
    listed = runner.invoke(app, ["portfolio", "list", "-w", str(workspace)]).stdout
    assert "aarhus-2021-2024  v1" in listed
    assert "controller" in listed
    result = runner.invoke(app, ["run", "-w", str(workspace), "--date", "2024-03-01", "--language", "en"])
    assert result.exit_code == 0, result.exception
    (edition,) = (workspace / "editions").iterdir()
    sealed = json.loads((edition / "edition.json").read_text(encoding="utf-8"))
    assert {f["name"] for f in sealed["inputs"]} >= {"spells.csv", "participants.csv"}
    assert sealed["synthetic"] is False
    assert all(len(f["sha256"]) == 64 for f in sealed["inputs"])
    assert 'lang="en"' in (edition / "memo.html").read_text(encoding="utf-8")


def test_recorded_results_need_no_persons(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "norddjurs.yaml"
    runner.invoke(app, ["portfolio", "export", "norddjurs-2020-2023", str(file), "--bundled"])
    runner.invoke(app, ["portfolio", "import", str(file), "-w", str(workspace)])
    result = runner.invoke(app, ["run", "-w", str(workspace), "--recorded-only", "--date", "26-11-2021"])
    assert result.exit_code == 0, result.exception
    assert "−10,529" in result.stdout
    (edition,) = (path.parent.name for path in (workspace / "editions").glob("*/edition.json"))
    assert result.stderr.strip().endswith(f"gevinst edition check {edition} -w {workspace}")


def test_a_template_is_made_and_is_a_workbook(tmp_path: Path) -> None:
    result = runner.invoke(app, ["portfolio", "template", str(tmp_path / "skabelon.xlsx")])
    assert result.exit_code == 0
    assert (tmp_path / "skabelon.xlsx").read_bytes()[:2] == b"PK"


def test_check_leaves_with_two_when_there_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "n.yaml"
    runner.invoke(app, ["portfolio", "export", "norddjurs-2020-2023", str(file), "--bundled"])
    text = file.read_text(encoding="utf-8").replace("saving: -2.703", "saving: 2.703", 1)
    assert text != file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    result = runner.invoke(app, ["portfolio", "check", str(file)])
    assert result.exit_code == 2
    assert "footing.saving-positive" in result.stdout
    line = 1 + next(at for at, one in enumerate(text.splitlines()) if "saving: 2.703" in one)
    assert f"n.yaml:{line}:" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run"], "run.no-portfolio"),
        (["explain", "1", "2021"], "publish.none"),
        (["run", "--letterhead", "missing.docx"], "run.letterhead"),
        (["run", "--language", "sv"], "cli.choice"),
    ],
)
def test_a_workspace_that_is_not_ready_says_what_to_do(workspace: Path, arguments: list[str], code: str) -> None:
    result = runner.invoke(app, [*arguments, "-w", str(workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == code


def test_there_must_be_persons_or_a_word_that_there_are_none(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "norddjurs.yaml"
    runner.invoke(app, ["portfolio", "export", "norddjurs-2020-2023", str(file), "--bundled"])
    runner.invoke(app, ["portfolio", "import", str(file), "-w", str(workspace)])
    result = runner.invoke(app, ["run", "-w", str(workspace)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "workspace.no-snapshot"


def test_pennsylvania_without_its_file_says_where_to_get_it() -> None:
    result = runner.invoke(app, ["demo", "pennsylvania"])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "demo.penn-missing"
    assert "penn_jae.dat" in str(result.exception)


def test_verify_without_reference_data_says_so(tmp_path: Path) -> None:
    result = runner.invoke(app, ["verify", str(tmp_path)])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "verify.missing"
