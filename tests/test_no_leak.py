"""No person's id leaves the intake: every byte that a full run writes is searched for the ids of its register.

The program runs as it is installed, in a process of its own, talkative, with its home, its temporary files and its
workspace in one place. What it removes is kept aside first and searched too.
"""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.leak_inputs import OTHERS, broken_folders, full_of_ids, refund_files, rows_of, written
from tests.leak_run import Command, Run, run_all
from tests.leaks import Search

FAULT = """
import gevinst.sources.ingest
def fails(*_, **__):
    secret = {0!r}
    try:
        raise KeyError(secret)
    except KeyError as fault:
        raise ValueError(f"cannot read {{secret}}") from fault
gevinst.register.snapshots.read_folder = fails
"""
LATE_FAULT = """
def fails(*_):
    raise ValueError({0!r})
gevinst.register.snapshots.folder_name = fails
gevinst.register.snapshots._content = lambda _: None
"""
IN_A_THREAD = """
import threading
def fails():
    raise ValueError({0!r})
class Leaves:
    def __del__(self):
        raise ValueError({0!r})
real = gevinst.register.snapshots.read_folder
def also_fails(*given, **named):
    Leaves()
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    return real(*given, **named)
gevinst.register.snapshots.read_folder = also_fails
"""


def commands(place: Path, good: Path) -> list[Command]:
    """What is run, and for some the line by which the program is broken first."""
    at = ["-w", str(place / "workspace")]
    portfolio = str(place / "portfolio.xlsx")
    plain: list[list[str]] = [
        ["new", str(place / "workspace"), "--municipality", "Prøveby", "--code", "999"],
        ["import", str(good), *at],
        ["portfolio", "export", "aarhus-2021-2024", portfolio, "--bundled"],
        ["portfolio", "import", portfolio, *at, "--author", "controller"],
        ["run", *at, "--date", "2024-03-01"],
        ["explain", OTHERS[6], "2021", *at],
        ["curves", str(good), "--benefit", "a-dagpenge", "--weeks", "0,4"],
        ["curves", str(good), "--benefit", written(OTHERS[6], 1)],
        ["access-log", *at], ["key", "show", *at], ["delete", *at], ["access-log", "--journal", *at],
        ["reidentify", str(good), *at, "--person", "1", "--by", OTHERS[7], "--purpose", f"om {written(OTHERS[8], 1)}",
         "--out", str(place / "found.csv")],
        ["new", str(place / "refunds"), "--municipality", "Prøveby", "--code", "999"],
        ["import", str(refund_files(good.parent / "refunds")), "-w", str(place / "refunds")],
        *(["import", str(folder), *at] for folder in broken_folders(good.parent / "broken")),
    ]
    broken = ["import", str(good), *at]
    return [*((one, "") for one in plain), (broken, FAULT.format(OTHERS[9])), (broken, IN_A_THREAD.format(OTHERS[9])),
            (broken, LATE_FAULT.format(OTHERS[9]))]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    sandbox, inputs = tmp_path_factory.mktemp("sandbox"), tmp_path_factory.mktemp("inputs")
    return run_all(sandbox, commands(sandbox, full_of_ids(inputs / "good")))


def test_the_run_did_what_it_should(ran: Run) -> None:
    broken = len(ran.codes) - 15
    assert ran.codes[:5] == [0] * 5, ran.said
    assert ran.codes[5:15] == [2, 0, 2, 0, 0, 0, 0, 0, 0, 0], ran.said[5:15]
    assert ran.codes[15:-3] == [2] * (broken - 3), ran.said[15:]
    assert ran.codes[-3:] == [3, 0, 3], ran.said[-3:]
    codes = {line.split("]")[0][1:] for said in ran.said[15:-3] for line in said.splitlines() if line.startswith("[")}
    assert len(codes) >= 7, codes
    (edition,) = (ran.sandbox / "workspace" / "editions").iterdir()
    assert {path.suffix for path in edition.iterdir()} >= {".docx", ".pdf", ".html", ".xlsx", ".json"}
    (snapshot,) = (path for path in (ran.sandbox / "workspace" / "snapshots").iterdir() if path.is_dir())
    spells = pq.read_table(snapshot / "spells.parquet")
    assert len(spells["person"].unique()) >= 1_400
    rejects = (snapshot / "rejects.csv").read_text(encoding="utf-8-sig")
    assert len(rejects.splitlines()) > 100
    assert len({line.split(";")[3] for line in rejects.splitlines()[1:]}) >= 10
    assert len(list((ran.sandbox / "removed").rglob("*.parquet"))) >= 3


def test_every_writing_is_the_same_person(ran: Run) -> None:
    """As many persons as the register has: no writing became somebody else."""
    (snapshot,) = (path for path in (ran.sandbox / "workspace" / "snapshots").iterdir() if path.is_dir())
    plain = pq.read_table(snapshot / "spells.parquet")["person"].unique()
    assert len(plain) == len({row[0] for row in rows_of("spells")[1:]})


def test_no_id_stands_in_any_byte(ran: Run) -> None:
    assert ran.search.folder(ran.sandbox) == []


def test_two_files_whose_names_differ_by_an_id_only_are_told_apart(ran: Run) -> None:
    (manifest,) = (ran.sandbox / "refunds" / "snapshots").glob("2*/manifest.json")
    files = [file for file in json.loads(manifest.read_text(encoding="utf-8"))["files"] if file["table"] == "payments"]
    said = {(part["name"], part["rows"], part["rejected"]) for part in files[0]["parts"]}
    name = "yr-ydelsesrefusion-beregning […] 2023-10-15.csv"
    assert said == {(name, 202, 2), (f"{name} (2)", 206, 6)}


def test_a_fault_of_the_program_is_told_by_place_not_by_value(ran: Run) -> None:
    for said in (ran.said[-3], ran.said[-1]):
        assert "protection.fault" in said
        assert "ValueError" in said
        assert "register/snapshots.py:" in said
        assert "Traceback" not in said
    assert ran.said[-2].count("protection.fault") == 2


def test_files_are_for_their_owner_only(ran: Run) -> None:
    made = [ran.sandbox / "workspace", *(ran.sandbox / "workspace").rglob("*"), *(ran.sandbox / "home").rglob("*"),
            *(ran.sandbox / "keys").rglob("*"), ran.sandbox / "found.csv"]
    assert len(made) > 15
    assert [path for path in made if path.stat().st_mode & 0o077] == []
    assert list((ran.sandbox / "tmp").iterdir()) == []
    assert list((ran.sandbox / "cwd").iterdir()) == []
    assert not list(ran.sandbox.rglob("core*"))


ID = "0707614285"


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return packed.getvalue()


def parquet(**columns: list[object]) -> bytes:
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed, compression="zstd")
    return packed.getvalue()


def database(folder: Path) -> bytes:
    connection = sqlite3.connect(folder / "made.db")
    connection.execute("CREATE TABLE t (x TEXT)")
    connection.execute("INSERT INTO t VALUES (?)", [f"{'x' * 4090} {ID}"])
    connection.commit()
    connection.close()
    return (folder / "made.db").read_bytes()


PLANTED: dict[str, Callable[[Path], bytes]] = {
    "plain": lambda _: f"a;{ID};b".encode(),
    "hyphen": lambda _: b"see 070761-4285.",
    "space": lambda _: b"070761 4285",
    "lost zero": lambda _: b'{"id": 707614285}',
    "lost zero, hyphen": lambda _: b"70761-4285",
    "dots": lambda _: b"07.07.61-4285",
    "utf-16": lambda _: f"nr. {ID}".encode("utf-16"),
    "a Word file": lambda _: zipped(f"<w:t>{ID}</w:t>".encode()),
    "a file in a file": lambda _: zipped(zipped(b"070761-4285")),
    "gzip": lambda _: gzip.compress(ID.encode()),
    "a stream": lambda _: b"%PDF-1.7\n1 0 obj<<>>stream\n" + zlib.compress(ID.encode()) + b"\nendstream\nendobj",
    "base64": lambda _: b'src="data:text/plain;base64,MDcwNzYxNDI4NSBlciBoZXI="',
    "a column of text": lambda _: parquet(note=[f"x {ID}"]),
    "a column of numbers": lambda _: parquet(person=[707614285]),
    "a column of floats": lambda _: parquet(person=[707614285.0]),
    "the name of a column": lambda _: parquet(**{ID: [1]}),
    "a database": database,
}


@pytest.mark.parametrize("where", PLANTED)
def test_the_search_finds_what_is_planted(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if where == "a stream":  # no whole PDF, so no pages
        monkeypatch.setattr("tests.leaks.subprocess.run", lambda *_, **__: subprocess.CompletedProcess([], 0, b"", b""))
    content = PLANTED[where](tmp_path)
    (tmp_path / "searched").mkdir()
    (tmp_path / "searched" / "file").write_bytes(content)
    assert Search([ID, "0101901234"]).folder(tmp_path / "searched")
    assert not Search(["0101901234"]).folder(tmp_path / "searched")


def test_the_search_finds_a_name_and_a_substitute_number(tmp_path: Path) -> None:
    (tmp_path / f"om {ID}.txt").write_text("")
    assert Search([ID]).folder(tmp_path)
    (tmp_path / f"om {ID}.txt").unlink()
    for text in ("010190AB12", "010190-ab12", "010190 AB12"):
        (tmp_path / "file").write_text(text)
        assert Search(["010190AB12"]).folder(tmp_path)
    (tmp_path / "file").write_text("20240201T010190123456Z 55010190123455")
    assert not Search(["0101901234"]).folder(tmp_path)


def test_the_search_reads_a_printed_page(ran: Run) -> None:
    """The PDF's letters are numbers of glyphs: what stands on its pages is found as text."""
    (edition,) = (ran.sandbox / "workspace" / "editions").iterdir()
    text = subprocess.run(["pdftotext", "-raw", str(edition / "memo.pdf"), "-"], capture_output=True, text=True,
                          check=True).stdout
    assert "spells.csv" in text
