"""No person's id leaves the intake: every byte that a full run writes is searched for the ids of its register.

The program runs as it is installed, in a process of its own, talkative, with its home, its temporary files and its
workspace in one place. What it removes is kept aside first and searched too.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.leaks import Search

REGISTER = Path(__file__).parent / "oracle" / "register_small"
STRANGERS = 40  # ids that only stand where they should not
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2)

DRIVER = r"""
import json, os, shutil, sys
from pathlib import Path
sandbox, commands = Path(sys.argv[1]), json.loads(sys.argv[2])
kept = sandbox / "removed"
kept.mkdir()
import duckdb, ibis, numpy, pyarrow.parquet
import gevinst.cli, gevinst.workspace, gevinst.register.snapshots

busy = False
def keep_aside(event, arguments):
    # What is about to be removed or written over is copied first.
    global busy
    if busy or event not in ("os.remove", "shutil.rmtree", "os.rename", "os.truncate"):
        return
    path = arguments[1] if event == "os.rename" else arguments[0]
    if not isinstance(path, (str, os.PathLike)) or not os.path.exists(path):
        return
    busy = True
    try:
        copy = kept / f"{os.getpid()}-{len(os.listdir(kept))}"
        (shutil.copytree if os.path.isdir(path) else shutil.copyfile)(path, copy)
    except OSError as fault:
        print("not kept", fault.errno, file=sys.stderr)
    finally:
        busy = False

codes = []
for number, (arguments, break_it) in enumerate(commands):
    child = os.fork()
    if child == 0:
        out = os.open(sandbox / f"said-{number:02d}.txt", os.O_WRONLY | os.O_CREAT)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.addaudithook(keep_aside)
        sys.argv = ["gevinst", *arguments]
        if break_it:
            exec(break_it)
        try:
            gevinst.cli.main()
        except SystemExit as leaving:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(leaving.code or 0)
        os._exit(9)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(json.dumps(codes))
"""


def cpr_like(number: int) -> str:
    """A made-up number shaped like a CPR number; every other one fulfils modulus 11, some are substitutes."""
    day, month, year = number % 28 + 1, number // 28 % 12 + 1, 40 + number // 336 % 50
    kind = number % 7
    if kind == 5:
        day += 60
    start = f"{day:02d}{month:02d}{year:02d}"
    if kind == 6:
        return f"{start}{'ABCDEFGH'[number % 8]}{'KLMN'[number // 8 % 4]}{number // 32 % 10}{number // 320 % 10}"
    for serial in range(1000 + number * 7 % 8000, 10_000):
        one = f"{start}{serial:04d}"
        rest = sum(int(figure) * weight for figure, weight in zip(one[:9], _WEIGHTS, strict=True)) % 11
        if (number % 2 == 0) == (rest + int(one[9]) == 11 or rest + int(one[9]) == 0):
            return one
    raise AssertionError


def written(one: str, how: int) -> str:
    """An id as extracts have it: in one of the ways that are read as the same person."""
    ways = [one, f"{one[:6]}-{one[6:]}", f"{one[:6]} {one[6:]}", f" {one}", f"{one[:6]}-{one[6:].lower()}",
            f"{one[:2]}.{one[2:4]}.{one[4:6]}-{one[6:]}"]
    if one.startswith("0") and one.isdecimal():
        ways += [one[1:], f"{one[1:6]}-{one[6:]}"] * 2
    return ways[how % len(ways)]


@dataclass(frozen=True)
class Run:
    """A run of the program: everything it could write in, its exit codes and what it said by command."""

    sandbox: Path
    codes: list[int]
    said: list[str]
    search: Search


PERSONS = [cpr_like(number) for number in range(1_500)]
OTHERS = [cpr_like(number) for number in range(5_000, 5_000 + STRANGERS)]


def rows_of(name: str) -> list[list[str]]:
    with (REGISTER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: list[list[str]], *raw: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)
        file.writelines(f"{line}\n" for line in raw)


def full_of_ids(folder: Path) -> Path:
    """The small register under made-up CPR numbers in every writing, with every kind of mistake."""
    folder.mkdir()
    strangers: Iterator[str] = (written(one, how) for how in range(1_000) for one in OTHERS)
    for name in ("spells", "participants", "persons"):
        head, *rows = rows_of(name)
        rows = [[written(PERSONS[int(row[0][1:])], place), *row[1:]] for place, row in enumerate(rows)]
        write(folder / f"{name}.csv", [head, *rows, *MISTAKES[name](strangers)], *RAW[name](strangers))
    for name in ("investments", "prices", "suspensions"):
        head, *rows = rows_of(name)
        write(folder / f"{name}.csv", [head, *rows])
    write(folder / "postings.csv", [
        ["date", "investment", "amount_dkk", "account", "text"],
        *(["2021-03-01", "jobnet", "100,00", "5.68.90", f"Til {next(strangers)} for kursus"] for _ in range(400)),
        *(["2021-03-01", "jobnet", "1,50", next(strangers), next(strangers)] for _ in range(40)),
        *(["2021-03-01", next(strangers), "2,00", "", f"Ref.:{next(strangers)}."] for _ in range(40)),
        ["2021-03-01", "jobnet", next(strangers), "", ""], [next(strangers), "jobnet", "3,00", "", ""]])
    write(folder / "published_curves.csv", [
        ["benefit", "definition", "cohort", "week", "share_pct", "source"],
        *(["a-dagpenge", "with_relapse", f"sag {one}", "0", "100", f"fra {one}"] for one in OTHERS)])
    (folder / f"{OTHERS[0]}.csv").write_text(f"cpr;note\n{OTHERS[1]};x\n")
    (folder / f"Udtræk {written(OTHERS[2], 1)}.txt").write_text(OTHERS[2])
    return folder


MISTAKES: dict[str, Callable[[Iterator[str]], list[list[str]]]] = {
    "spells": lambda ids: [row for _ in range(8) for row in (
        [next(ids), "a-dagpenge", "31-31-2020", ""], [next(ids), "a-dagpenge", "2020-13-01", next(ids)],
        [next(ids), next(ids), "2020-01-01", ""], [next(ids), f"kontanthjælp {next(ids)}", "2020-01-01", ""],
        [next(ids), "a-dagpenge", next(ids), ""], ["a-dagpenge", next(ids), "2020-01-01", "2020-02-01"],
        [next(ids), "a-dagpenge", "2020-05-01", "2020-01-01"], [next(ids), "a-dagpenge", "2199-01-01", ""],
        [next(ids), "a-dagpenge", "1950-01-01", ""], ["", next(ids), next(ids), next(ids)])],
    "participants": lambda ids: [row for _ in range(2) for row in (
        [next(ids), "jobnet", "2021-02-01", ""], [next(ids), next(ids), "2021-02-01", ""],
        [next(ids), "jobnet", next(ids), next(ids)])],
    "persons": lambda ids: [row for _ in range(8) for row in (
        [next(ids), f"barn {next(ids)}", "30", "lvu", "0", "0", "0", "707", ""],
        [next(ids), "K", "30", next(ids), "0", "0", "0", "707", ""],
        [next(ids), "K", "30", "lvu", "0", "0", "0", "707", next(ids)],
        [OTHERS[3], "K", next(ids)[:2], "lvu", "0", "0", "0", "707", ""],
        [OTHERS[3], "M", "31", "lvu", "0", "0", "0", "707", ""])],
}
RAW: dict[str, Callable[[Iterator[str]], list[str]]] = {
    "spells": lambda ids: [
        f"{next(ids)};a-dagpenge;2020-01-01;;{next(ids)}", next(ids), f'"{next(ids)};a-dagpenge;2020'],
    "participants": lambda ids: [f"{next(ids)};jobnet"],
    "persons": lambda ids: [f"{next(ids)};K"],
}


def refund_files(folder: Path) -> Path:
    """A supplier's own files, named with ids: paid weeks, and ids where a week, a benefit or an amount should be."""
    folder.mkdir()
    head = ("Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
            "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb")
    rest = "Prøveby;1000,00;1000,00;20;200,00;;"
    good = [f"2023-0{1 + place % 9}-02;{written(one, place)};Kontanthjælp;{rest}"
            for place, one in enumerate(PERSONS[:400])]
    one, other = OTHERS[10], written(OTHERS[11], 1)
    bad = [f"{one};{other};Kontanthjælp;{rest}", f"2023-01-02;{other};{one};{rest}", f"2023-01-02;{one};{other};{rest}",
           f"2023-01-02;{one};Kontanthjælp;{one};{other};{one};{one};{one};{one};{one}", f"2023-01-02;{one}", one]
    first, second = (folder / f"yr-ydelsesrefusion-beregning {name} 2023-10-15.csv" for name in (other, OTHERS[12]))
    first.write_text("\n".join([head, *good[:200], *bad, ""]))
    second.write_text("\n".join([head, *good[200:], *bad[:2], ""]))
    return folder


HEAD = "person_id;benefit;start_date;end_date"


def broken_folders(place: Path) -> list[Path]:
    """One folder per mistake that stops an import, ids in the very place it is about."""
    one, other = OTHERS[4], written(OTHERS[5], 1)
    files = {
        "no header": ("spells.csv", f"{one};a-dagpenge;2020-01-01;\n{other};a-dagpenge;2020-01-01;\n"),
        "header of ids": ("spells.csv", f"{HEAD};{one};{one}\n{other};a-dagpenge;2020;\n"),
        "mostly wrong": ("spells.csv", f"{HEAD}\n" + f"{other};{one};{other};{one}\n" * 9),
        "not text": ("spells.csv", f"{HEAD}\n{one}\0;a-dagpenge;2020-01-01;\n"),
        "one long line": ("spells.csv", f"{other};" * 100_000),
        f"mappe {other}": ("spells.txt", one),
    }
    made = []
    for name, (file, text) in files.items():
        (place / name).mkdir(parents=True)
        (place / name / file).write_text(text, encoding="utf-8")
        made.append(place / name)
    persons = place / "column of ids"
    persons.mkdir()
    (persons / "spells.csv").write_text(f"{HEAD}\n{one};a-dagpenge;2020-01-01;\n")
    (persons / "persons.csv").write_text(f"person_id;{one}\n{one};1\n")
    parquet = place / "parquet"
    parquet.mkdir()
    pq.write_table(pa.table({"person_id": [int(OTHERS[0])], one: [1], "benefit": [other], "start_date": [one],
                             "end_date": [{"id": one}]}), parquet / "spells.parquet")
    return [*made, persons, parquet, place / f"findes ikke {other}" / one]


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
gevinst.register.snapshots._fingerprint = lambda _: None
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


def commands(place: Path, good: Path) -> list[tuple[list[str], str]]:
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
        ["access-log", *at], ["key", "show", *at], ["delete", *at],
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
    for name in ("home", "tmp", "cwd", "keys"):
        (sandbox / name).mkdir()
    good = full_of_ids(inputs / "good")
    todo = commands(sandbox, good)
    (sandbox / "keys" / "key").write_bytes(bytes(range(32)))  # so that a run is like another to the last figure
    (sandbox / "keys" / "key").chmod(0o600)
    talkative = {"GEVINST_DEBUG": "1", "PYTHONFAULTHANDLER": "1", "PYTHONDEVMODE": "1", "RUST_BACKTRACE": "full",
                 "PYTHONWARNINGS": "default", "GEVINST_LANG": "en"}
    place = {"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "home/config", "XDG_CACHE_HOME": "home/cache",
             "XDG_DATA_HOME": "home/data"}
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(sandbox), json.dumps(todo)], capture_output=True, text=True, check=False,
        cwd=sandbox / "cwd", env={**kept, **talkative, **{name: str(sandbox / where) for name, where in place.items()},
                                  "GEVINST_KEY_FILE": str(sandbox / "keys" / "key")})
    assert done.returncode == 0, done.stderr
    (sandbox / "driver.txt").write_text(done.stderr)
    said = [path.read_text() for path in sorted(sandbox.glob("said-*.txt"))]
    return Run(sandbox, json.loads(done.stdout.splitlines()[-1]), said, Search([*PERSONS, *OTHERS]))


def test_the_run_did_what_it_should(ran: Run) -> None:
    broken = len(ran.codes) - 14
    assert ran.codes[:5] == [0] * 5, ran.said
    assert ran.codes[5:14] == [2, 0, 2, 0, 0, 0, 0, 0, 0], ran.said[5:14]
    assert ran.codes[14:-3] == [2] * (broken - 3), ran.said[14:]
    assert ran.codes[-3:] == [3, 0, 3], ran.said[-3:]
    codes = {line.split("]")[0][1:] for said in ran.said[14:-3] for line in said.splitlines() if line.startswith("[")}
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
