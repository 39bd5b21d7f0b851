from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gevinst.analyst import open_folder
from gevinst.private_folder import PREFIX, PrivateFolder, sweep
from gevinst.sources.content_key import content_key
from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser

SPELLS = "person_id;benefit;start_date;end_date\n" + "".join(
    f"010190-{1000 + n};a-dagpenge;2019-01-07;2020-06-28\n" for n in range(40))
HOLDS = """
import signal, sys, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored, and stays so
from gevinst.guard import guarded, protect_process
from gevinst.private_folder import PrivateFolder
def command():
    with PrivateFolder() as folder:
        (folder.path / "spells.parquet").write_bytes(b"x")
        print(folder.path, flush=True)
        time.sleep(60)
protect_process()
sys.exit(guarded(command))
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary folders, of this process and its children."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


def started() -> tuple[subprocess.Popen[str], Path]:
    one = subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, text=True)
    assert one.stdout is not None
    return one, Path(one.stdout.readline().strip())


def test_a_folder_is_its_owners_alone_and_goes_at_the_end(home: Path) -> None:
    with PrivateFolder() as folder:
        assert not list(folder.path.iterdir())
        assert [one.stat().st_mode & 0o777 for one in (folder.path, folder.path.parent)] == [0o700, 0o700]
        assert folder.path.parent.name.startswith(f"{PREFIX}{os.getpid()}-")
        sweep()
        assert folder.path.is_dir(), "it is held"
    assert not list(home.iterdir())


def test_what_a_killed_process_leaves_goes_with_the_next(home: Path) -> None:
    killed, left = started()
    living, held = started()
    with PrivateFolder():
        assert left.is_dir()
    killed.kill()
    killed.communicate()
    assert left.is_dir()
    with PrivateFolder():
        assert not left.parent.exists()
        assert held.is_dir()
    living.kill()
    living.communicate()
    sweep()
    assert not list(home.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_process_that_is_asked_to_end_leaves_nothing(home: Path, number: signal.Signals) -> None:
    one, folder = started()
    assert folder.is_dir()
    one.send_signal(number)
    one.communicate()
    assert one.returncode == 128 + number
    assert not list(home.iterdir())


def test_only_own_closed_folders_of_these_names_are_swept(home: Path) -> None:
    old = time.time() - 3 * 24 * 60 * 60
    swept, kept = ["gevinst-hjs3uwuu", f"{PREFIX}1-abcd"], ["gevinst-bench", "other-hjs3uwuu", "gevinst-check-hjs3uwuu"]
    for name in [*swept, *kept]:
        (home / name).mkdir(mode=0o700)
    (home / "gevinst-open0000").mkdir(mode=0o755)
    (home / "gevinst-open0000").chmod(0o755)
    (home / "gevinst-link0000").symlink_to(home / "other-hjs3uwuu")
    (home / "gevinst-new00000").mkdir(mode=0o700)
    for path in home.iterdir():
        if path.name != "gevinst-new00000":
            os.utime(path, (old, old), follow_symlinks=False)
    sweep()
    assert {path.name for path in home.iterdir()} == {
        *kept, "gevinst-open0000", "gevinst-link0000", "gevinst-new00000"}


def test_an_analysts_pseudonyms_are_the_same_anywhere_and_cannot_be_tried_without_the_files(
    tmp_path: Path, home: Path
) -> None:
    found = []
    for name, file in (("one", "spells.csv"), ("two", "SPELLS.CSV")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / file).write_text(SPELLS, encoding="utf-8")
        (folder / "read me.txt").write_text(name, encoding="utf-8")  # not read, and so no part of the key
        with open_folder(folder) as opened:
            found.append(pq.read_table(opened.tables.folder / "spells.parquet").column("person").to_pylist())
    assert found[0] == found[1]
    ids = [f"010190{1000 + n}" for n in range(40)]
    assert set(found[0]) == set(Pseudonymiser(content_key(tmp_path / "one")).identify(ids).person.tolist())
    assert set(found[0]).isdisjoint(Pseudonymiser(IN_MEMORY_KEY).identify(ids).person.tolist())
    (tmp_path / "two" / "SPELLS.CSV").write_text(SPELLS.replace("2020-06-28", "2020-06-29", 1), encoding="utf-8")
    assert content_key(tmp_path / "one") != content_key(tmp_path / "two")
    assert not list(home.iterdir())
