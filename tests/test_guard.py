from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.guard import FAULT_EXIT, guarded, told, warned_if_open
from gevinst.language import speaking

ID = "0707614285"


def fails() -> None:
    secret = ID
    raise ValueError(f"cannot read {secret}")


def test_a_fault_is_told_by_kind_and_place(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEVINST_DEBUG", raising=False)
    assert guarded(fails) == FAULT_EXIT
    said = capsys.readouterr()
    assert said.out == ""
    assert "[protection.fault]" in said.err
    assert "ValueError" in said.err
    assert "test_guard.py:" in said.err
    assert ID not in said.err
    monkeypatch.setenv("GEVINST_DEBUG", "1")
    guarded(lambda: fails())
    said = capsys.readouterr()
    assert "guard.py:" in said.err
    assert "test_guard.py:" in said.err
    assert " fails" in said.err
    assert ID not in said.err


def test_an_error_the_user_can_mend_is_shown_and_its_place_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    def mend() -> None:
        raise GevinstError("workspace.not-found", where="/data/borger 070761-4285/x")

    assert guarded(mend) == 2
    said = capsys.readouterr().err
    assert "[workspace.not-found]" in said
    assert "/data/borger […]/x" in said


@pytest.mark.parametrize(("leaving", "code"), [
    (SystemExit(), 0), (SystemExit(2), 2), (SystemExit("text"), 1), (KeyboardInterrupt(), 130), (MemoryError(), 3)])
def test_exit_codes(leaving: BaseException, code: int) -> None:
    def leave() -> None:
        raise leaving

    assert guarded(leave) == code
    assert guarded(lambda: None) == 0


def test_an_interrupted_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    def leave() -> None:
        raise KeyboardInterrupt

    with speaking("da"):
        assert guarded(leave) == 130
    assert capsys.readouterr().err.startswith("\nAfbrudt. Intet er gemt halvt")


def test_no_fault_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    told(None)
    assert capsys.readouterr() == ("", "")


def test_a_workspace_that_others_can_enter_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "gevinst.toml").write_text("")
    tmp_path.chmod(0o700)
    assert warned_if_open(tmp_path) == tmp_path
    assert capsys.readouterr().err == ""
    tmp_path.chmod(0o755)
    warned_if_open(tmp_path)
    assert "[protection.workspace-open]" in capsys.readouterr().err
    (tmp_path / "gevinst.toml").unlink()
    warned_if_open(tmp_path)
    assert capsys.readouterr().err == ""


PROCESS = """
import logging, os, resource, sys
from gevinst.guard import protect_process
protect_process()
print(resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)))
secret = "0707614285"
logging.getLogger("pdfminer").warning("cannot read %r", secret)
raise ValueError(f"about {secret}")
"""


def test_a_process_has_no_core_dump_no_open_files_no_tracebacks_and_no_warnings_of_libraries(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROCESS], capture_output=True, text=True, check=False, cwd=tmp_path,
                          env={**os.environ, "PYTHONFAULTHANDLER": "1"})
    assert done.stdout == "(0, 0) 0o77\n"
    assert "[protection.fault]" in done.stderr
    assert ID not in done.stderr
    assert "Traceback" not in done.stderr
