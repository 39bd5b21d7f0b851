from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gevinst.errors import GevinstError
from gevinst.register import snapshots as module
from gevinst.register.snapshots import (
    covariate_columns,
    first_data_day,
    first_data_moment,
    import_folder,
    snapshot_as_of,
    snapshots,
)
from gevinst.settings import create_workspace
from gevinst.sources.keys import create_key
from gevinst.sources.manifest import read_manifest

TODAY = date(2024, 2, 1)
HEAD = "person_id;benefit;start_date;end_date\n"


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything in a workspace but what a killed import has left, which the next one removes."""
    return {str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted(folder.rglob("*")) if ".incoming-" not in str(path)}


def left_over(workspace: Path) -> list[Path]:
    return list((workspace / "snapshots").glob(".incoming-*"))


def fill(folder: Path, rows: int) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "spells.csv").write_text(HEAD + "".join(
        f"{n // 3 + 10_000};a-dagpenge;2020-01-{n % 28 + 1:02d};2020-02-{n % 28 + 1:02d}\n" for n in range(rows)))
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create_workspace(tmp_path / "workspace", municipality="Prøvekøbing", municipality_code="999",
                     key_file=tmp_path / "keys" / "test.key")
    return tmp_path / "workspace"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return fill(tmp_path / "small", 30)


def refused(workspace: Path, folder: Path) -> GevinstError:
    with pytest.raises(GevinstError) as fault:
        import_folder(workspace, folder, today=TODAY)
    return fault.value


def test_an_import_becomes_a_snapshot_that_cannot_be_written_to(workspace: Path, small: Path) -> None:
    report = import_folder(workspace, small, today=TODAY)
    assert [one.folder for one in snapshots(workspace)] == [report.folder]
    assert snapshot_as_of(workspace) == report.folder
    assert {path.name: path.stat().st_mode & 0o777 for path in report.folder.iterdir()} == dict.fromkeys(
        ["spells.parquet", "rejects.csv", "manifest.json"], 0o400)
    assert report.folder.stat().st_mode & 0o777 == 0o700
    assert pq.read_metadata(report.folder / "spells.parquet").num_rows == report.files[0].stored
    assert left_over(workspace) == []
    fingerprint = read_manifest(report.folder).fingerprint
    assert report.folder.name.endswith(f"Z-{fingerprint[:8]}")


def test_the_day_persons_were_first_loaded_is_that_of_the_oldest_snapshot_with_persons(
    workspace: Path, small: Path, tmp_path: Path
) -> None:
    assert (first_data_moment(workspace), first_data_day(workspace)) == (None, None)
    prices = tmp_path / "prices"
    prices.mkdir()
    (prices / "prices.csv").write_text("benefit;year;dkk_per_week\na-dagpenge;2020;4000\n")
    moments = [datetime(2021, month, 5, 12, tzinfo=UTC) for month in (3, 4, 5)]
    import_folder(workspace, prices, clock=lambda: moments[0])
    assert first_data_day(workspace) is None
    import_folder(workspace, small, clock=lambda: moments[1])
    import_folder(workspace, fill(tmp_path / "next", 60), clock=lambda: moments[2])
    assert [one.taken for one in snapshots(workspace)] == moments
    assert (first_data_moment(workspace), first_data_day(workspace)) == (moments[1], date(2021, 4, 5))


def test_the_columns_of_a_snapshot_that_can_be_matched_on(workspace: Path, small: Path) -> None:
    assert covariate_columns(import_folder(workspace, small, today=TODAY).folder) == ()
    (small / "persons.csv").write_text("person_id;Sex;Age at entry;left_register_date\n10000;K;41;2020-05-01\n")
    assert covariate_columns(import_folder(workspace, small, today=TODAY).folder) == ("age_at_entry", "sex")


def test_a_delivery_with_a_file_forgotten_or_of_an_older_month_is_told_so(
    workspace: Path, small: Path, tmp_path: Path
) -> None:
    (small / "prices.csv").write_text("benefit;year;dkk_per_week\na-dagpenge;2020;4000\n")
    assert import_folder(workspace, small, today=TODAY).notes == ()
    older = import_folder(workspace, fill(tmp_path / "older", 3), today=TODAY)
    assert [one.code for one in older.notes] == ["intake.tables-gone", "intake.ends-earlier"]
    assert "prices" in older.notes[0].text("da")
    assert "slutter 03-02-2020, før den forrige, der gik til og med 28-02-2020" in older.notes[1].text("da")
    assert read_manifest(older.folder).notes == ()
    assert import_folder(workspace, small, today=TODAY).notes == ()


def test_the_same_files_are_not_stored_twice(workspace: Path, small: Path, tmp_path: Path) -> None:
    first = import_folder(workspace, small, today=TODAY)
    before = contents(workspace)
    again = import_folder(workspace, small, today=TODAY + timedelta(days=1))
    assert again == replace(first, repeated=True)
    assert contents(workspace) == before
    other = import_folder(workspace, fill(tmp_path / "other", 33), today=TODAY)
    back = import_folder(workspace, small, today=TODAY)
    assert [one.folder for one in snapshots(workspace)] == [first.folder, other.folder, back.folder]


def test_a_row_that_was_in_the_future_is_read_when_its_day_has_come(workspace: Path, small: Path) -> None:
    with (small / "spells.csv").open("a") as file:
        file.write("1;a-dagpenge;2024-02-02;\n")
    assert import_folder(workspace, small, today=TODAY).rejected == 1
    later = import_folder(workspace, small, today=TODAY + timedelta(days=1))
    assert (later.rejected, later.repeated) == (0, False)


def test_the_snapshot_of_any_day(workspace: Path, small: Path, tmp_path: Path) -> None:
    with pytest.raises(GevinstError) as fault:
        snapshot_as_of(workspace)
    assert fault.value.code == "workspace.no-snapshot"
    first = import_folder(workspace, small, today=TODAY).folder
    between = datetime.now(UTC)
    second = import_folder(workspace, fill(tmp_path / "other", 33), today=TODAY).folder
    assert snapshot_as_of(workspace) == snapshot_as_of(workspace, datetime.now(UTC)) == second
    assert snapshot_as_of(workspace, between) == first
    assert snapshot_as_of(workspace, between.astimezone().replace(tzinfo=None)) == first
    with pytest.raises(GevinstError) as fault:
        snapshot_as_of(workspace, between - timedelta(days=1))
    assert fault.value.code == "workspace.no-snapshot-then"


def test_a_clock_set_back_does_not_make_the_newest_import_an_older_one(
    workspace: Path, small: Path, tmp_path: Path
) -> None:
    first = import_folder(workspace, small, today=TODAY).folder
    ahead = first.with_name(f"29990101T000000000000Z-{first.name[-8:]}")
    first.rename(ahead)
    second = import_folder(workspace, fill(tmp_path / "other", 33), today=TODAY).folder
    assert snapshot_as_of(workspace) == second
    assert second.name.startswith("29990101T000000000001Z-")


def test_another_key_is_noticed_and_a_lost_one_is_not_replaced(workspace: Path, small: Path, tmp_path: Path) -> None:
    import_folder(workspace, small, today=TODAY)
    key = tmp_path / "keys" / "test.key"
    right, before = key.read_bytes(), contents(workspace)
    key.write_bytes(bytes(32))
    assert refused(workspace, small).code == "workspace.key-wrong"
    key.unlink()
    assert refused(workspace, small).code == "workspace.key-missing"
    assert not key.exists()
    assert contents(workspace) == before
    key.write_bytes(right)
    key.chmod(0o600)
    assert import_folder(workspace, small, today=TODAY).repeated


def test_pseudonyms_stay_from_import_to_import(workspace: Path, small: Path, tmp_path: Path) -> None:
    first = pq.read_table(import_folder(workspace, small, today=TODAY).folder / "spells.parquet")
    report = import_folder(workspace, fill(tmp_path / "other", 60), today=TODAY)
    second = pq.read_table(report.folder / "spells.parquet")
    assert set(first["person"].to_pylist()) < set(second["person"].to_pylist())


def test_a_damaged_manifest_does_not_stop_the_import_that_mends_it(workspace: Path, small: Path) -> None:
    first = import_folder(workspace, small, today=TODAY).folder
    (first / "manifest.json").chmod(0o600)
    (first / "manifest.json").write_text("{")
    second = import_folder(workspace, small, today=TODAY)
    assert not second.repeated
    assert read_manifest(second.folder).files == second.files


def test_a_benefit_of_the_workspace_is_known(workspace: Path, small: Path) -> None:
    (workspace / "parameters").mkdir()
    (workspace / "parameters" / "benefits.yaml").write_text(
        "lokal-ydelse:\n  da: lokal ydelse\n  en: local benefit\n  public_support: true\n  clock: ignored\n"
        "  source: byrådet\n  confidence: local\n  verified: true\n", encoding="utf-8")
    (small / "spells.csv").write_text(HEAD + "1;Lokal Ydelse;2020-01-01;\n")
    report = import_folder(workspace, small, today=TODAY)
    assert pq.read_table(report.folder / "spells.parquet")["benefit"].to_pylist() == ["lokal-ydelse"]


def test_two_imports_at_once(workspace: Path, small: Path) -> None:
    before = contents(workspace)
    with (workspace / "snapshots" / ".lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert refused(workspace, small).code == "workspace.busy"
        assert contents(workspace) == before
    assert not import_folder(workspace, small, today=TODAY).repeated


def test_a_fault_after_everything_is_written_leaves_nothing(
    workspace: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(workspace)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "sync_folder", fails)
    assert refused(workspace, small).code == "workspace.disk-full"
    assert contents(workspace) == before
    assert left_over(workspace) == []


PREPARE = """
import os, resource, signal, sys, time
from datetime import date
from pathlib import Path
import pyarrow.parquet, ibis.backends.duckdb
from gevinst.errors import GevinstError
from gevinst.register.snapshots import import_folder
workspace, folder = Path(sys.argv[1]), Path(sys.argv[2])
def state():
    return {str(p.relative_to(workspace)): (p.stat().st_mode, p.read_bytes() if p.is_file() else b"")
            for p in sorted(workspace.rglob("*")) if ".incoming-" not in str(p)}
before = state()
"""


def run(script: str, *arguments: object) -> list[str]:
    """Run a script in a process of its own; returns the lines it prints."""
    done = subprocess.run([sys.executable, "-c", PREPARE + script, *map(str, arguments)],
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


KILLED_AT_A_STEP = """
steps, finished = 0, False
for moment in [1, 2, 3, 4, 6, 8, 10, 13, 16, 20, 10_000]:
    child = os.fork()
    if child == 0:
        seen = 0
        def step(event, arguments):
            global seen
            if event.startswith(("open", "os.", "shutil.")) and any(".incoming-" in str(one) for one in arguments):
                seen += 1
                if seen == moment:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(step)
        import_folder(workspace, folder, today=date(2024, 2, 1))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status == 0:
        finished = True
        break
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status
    assert state() == before, moment
    steps += 1
print(steps, finished, len(list((workspace / "snapshots").glob(".incoming-*"))))
"""

KILLED_AT_A_TIME = """
killed = 0
for hundredths in [2, 5, 9, 14, 20, 30, 45]:
    child = os.fork()
    if child == 0:
        import_folder(workspace, folder, today=date(2024, 2, 1))
        os._exit(0)
    time.sleep(hundredths / 100)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if status == 0:
        break
    assert state() == before, hundredths
    killed += 1
print(killed)
"""


def test_killed_at_any_step_of_the_import(workspace: Path, small: Path, tmp_path: Path) -> None:
    """kill −9 each time a file of the import is made, opened, removed, changed or renamed."""
    import_folder(workspace, small, today=TODAY)
    before = snapshots(workspace)
    steps, finished, left = run(KILLED_AT_A_STEP, workspace, fill(tmp_path / "next", 60))[0].split()
    assert int(steps) >= 10
    assert (finished, left) == ("True", "0")
    assert snapshots(workspace)[:-1] == before
    assert read_manifest(snapshot_as_of(workspace)).files[0].rows == 60


def test_killed_at_any_time_while_rows_stream(workspace: Path, small: Path, tmp_path: Path) -> None:
    import_folder(workspace, small, today=TODAY)
    before = contents(workspace)
    large = fill(tmp_path / "large", 200_000)
    assert int(run(KILLED_AT_A_TIME, workspace, large)[0]) >= 3
    assert {name: contents(workspace)[name] for name in before if name != "snapshots"} == {
        name: content for name, content in before.items() if name != "snapshots"}
    import_folder(workspace, large, today=TODAY)
    assert left_over(workspace) == []
    assert read_manifest(snapshot_as_of(workspace)).files[0].rows == 200_000


NO_ROOM = """
for limit in [0, 100, 1_000, 20_000, 200_000]:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            import_folder(workspace, folder, today=date(2024, 2, 1))
        except GevinstError as fault:
            os.write(1, f"{fault.code}\\n".encode())
            os._exit(0)
        os._exit(7)
    assert os.waitpid(child, 0)[1] == 0
    assert state() == before, limit
    assert not list((workspace / "snapshots").glob(".incoming-*")), limit
"""


def test_a_disk_that_becomes_full(workspace: Path, small: Path, tmp_path: Path) -> None:
    """No file may grow beyond a limit, from none at all to one that only the large files meet."""
    import_folder(workspace, small, today=TODAY)
    codes = run(NO_ROOM, workspace, fill(tmp_path / "large", 50_000))
    assert codes == ["workspace.disk-full"] * 5
    import_folder(workspace, tmp_path / "large", today=TODAY)


NOT_ALLOWED = """
import_folder(Path(sys.argv[3]), folder, today=date(2024, 2, 1))  # all is loaded while it may be
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    import_folder(workspace, folder, today=date(2024, 2, 1))
except GevinstError as fault:
    print(fault.code, Path(fault.where).name)
assert state() == before
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may pass through, as pytest's own is not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("lock_mode", [0o444, 0o666])
def test_a_workspace_without_the_right_to_write(open_folder: Path, lock_mode: int) -> None:
    """Root may write anywhere, so that the import runs as nobody when the tests run as root."""
    for name in ("workspace", "other"):
        create_workspace(open_folder / name, municipality="Prøvekøbing", municipality_code="999",
                         key_file=open_folder / f"{name}.key")
    create_key(open_folder / "workspace.key", open_folder / "workspace")
    if os.getuid() == 0:
        os.chown(open_folder / "workspace.key", 65534, 65534)
    folder = fill(open_folder / "in", 30)
    closed = [folder, open_folder / "workspace" / "snapshots", open_folder / "workspace"]
    for name in ("gevinst.toml", "workspace-id", ".gitignore"):
        (open_folder / "workspace" / name).chmod(0o444)
    (open_folder / "workspace" / "snapshots" / ".lock").chmod(lock_mode)
    for path in closed:
        path.chmod(0o555)
    try:
        said = run(NOT_ALLOWED, open_folder / "workspace", folder, open_folder / "other")
        assert said == ["workspace.not-writable snapshots"]
    finally:
        for path in closed:
            path.chmod(0o755)
