"""The checksum of the code follows every file that is part of the program, and no other."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from gevinst.version import HOME, __version__, code_fingerprint, code_version


def fingerprint_of(folder: Path) -> str:
    said = subprocess.run(
        [sys.executable, "-B", "-c", "from gevinst.version import code_fingerprint; print(code_fingerprint())"],
        cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True)
    return said.stdout.strip()


def test_a_changed_file_is_another_program_and_a_compiled_one_is_not(tmp_path: Path) -> None:
    copy = tmp_path / "gevinst"
    (copy / "parameters").mkdir(parents=True)
    for name in ("version.py", "parameters/benefits.py"):
        shutil.copy(HOME / name, copy / name)
    (copy / "__init__.py").write_text("")
    first = fingerprint_of(tmp_path)
    (copy / "__pycache__").mkdir(exist_ok=True)
    (copy / "__pycache__" / "version.cpython-311.pyc").write_bytes(b"x")
    assert fingerprint_of(tmp_path) == first
    (copy / "parameters" / "rates.yaml").write_text("a: 1\n")
    with_rates = fingerprint_of(tmp_path)
    (copy / "parameters" / "rates.yaml").write_text("a: 2\n")
    assert len({first, with_rates, fingerprint_of(tmp_path)}) == 3


def test_the_version_names_both() -> None:
    assert code_version() == f"{__version__}+{code_fingerprint()[:12]}"


def test_the_module_runs_as_the_command_does() -> None:
    said = subprocess.run([sys.executable, "-m", "gevinst", "--help"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "import" in said.stdout
    wrong = subprocess.run([sys.executable, "-m", "gevinst", "nothing"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "cli.no-such-command" in wrong.stderr
