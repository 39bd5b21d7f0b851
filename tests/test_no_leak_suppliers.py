"""No person's id leaves the intake of suppliers' own files, nor the commands that speak of them.

DREAM, Opus, mapped extracts and saved web tables, ids in every place that a file, a name or an argument has.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.leak_inputs import OTHERS, PERSONS, written
from tests.leak_inputs_suppliers import (
    RULES,
    RULES_OF_IDS,
    STRANGER,
    dream_file,
    dream_folder,
    mapping_commands,
    opus_folder,
    opus_text,
    saved_commands,
)
from tests.leak_run import Command, Run, run_all

WRITE = "Path({0!r}).parent.mkdir(exist_ok=True); Path({0!r}).write_text({1!r}, encoding='utf-8')"
CONSTANTS = f"""key: konstanter
supplier: "{STRANGER}"
made: 2024-02-01
table: spells
files: ["Konstant*.csv"]
columns:
  person_id: {{from: CPR-nr., cpr: true}}
  benefit: {{from: Målgruppe, codes: {{"{STRANGER}": sygedagpenge}}}}
  start_date: {{from: Start, date: dd.mm.yyyy}}
  municipality: {{constant: "{STRANGER}"}}
filters:
  - {{drop: Bemærkning, in: ["{written(STRANGER, 1)}"]}}
"""


def commands(place: Path, inputs: Path) -> list[Command]:
    """What is run: one workspace per way of intake, each command that tells of it, and each with a mistake."""
    work, dream, mapped, web = (place / name for name in ("ledger", "dream", "mapped", "web"))
    portfolio = str(place / "portfolio.xlsx")
    new: list[Command] = [(["new", str(one), "--municipality", "Prøveby", "--code", "999"], "")
                          for one in (work, dream, mapped, web)]
    return [*new, (["portfolio", "export", "aarhus-2021-2024", portfolio, "--bundled"], ""),
            *_ledger(work, inputs, portfolio), *_dream(dream, inputs, portfolio), *_mapped(mapped, inputs),
            *((one, "") for one in saved_commands(inputs / "web", ["-w", str(web)]))]


def _ledger(work: Path, inputs: Path, portfolio: str) -> list[Command]:
    at = ["-w", str(work)]
    rules = str(work / "ledger_rules.yaml")
    broken = inputs / "opus broken"
    broken.mkdir()
    (broken / f"Opus {STRANGER}.csv").write_text(opus_text(broken=True))
    told: list[Command] = [([*one, *at], "") for one in (
        ["ledger", "check"], ["ledger", "check", "--format", "csv"], ["ledger", "check", "--format", "json"],
        ["ledger", "unmatched"], ["ledger", "unmatched", "--format", "csv"],
        ["ledger", "unmatched", "--format", "json"], ["ledger", "check", "--portfolio", STRANGER],
        ["run", "--date", "2022-06-01"], ["explain", "1", "2021"],
        ["explain", STRANGER, "2021"], ["explain", "1", STRANGER])]
    return [(["portfolio", "import", portfolio, *at, "--author", "controller"], ""),
            (["import", str(opus_folder(inputs / "opus")), *at], WRITE.format(rules, RULES)), *told,
            (["import", str(broken), *at], ""),
            (["ledger", "check", *at], WRITE.format(rules, RULES_OF_IDS)),
            (["import", str(inputs / "opus"), *at], "")]


def _dream(work: Path, inputs: Path, portfolio: str) -> list[Command]:
    at = ["-w", str(work)]
    first, second = dream_folder(inputs / "dream", "parquet"), dream_folder(inputs / "dream again", "csv")
    for name, ending in (("broken", "csv"), ("broken too", "parquet")):
        dream_file(inputs / name / f"dream {STRANGER}.{ending}", PERSONS[:40], broken=True)
    told: list[Command] = [([*one, *at], "") for one in (
        ["diff"], ["diff", "--format", "csv"], ["diff", "--format", "json"], ["diff", "--from", STRANGER],
        ["quality"], ["quality", "--format", "json"], ["quality", "--format", "html", "--out", str(work / "q.html")],
        ["quality", "--as-of", STRANGER], ["quality", "--format", STRANGER])]
    return [(["portfolio", "import", portfolio, *at, "--author", "controller"], ""),
            (["import", str(first), *at], ""), (["import", str(second), *at], ""), *told,
            (["import", str(inputs / "broken"), *at], ""), (["import", str(inputs / "broken too"), *at], "")]


def _mapped(work: Path, inputs: Path) -> list[Command]:
    at = ["-w", str(work)]
    made = mapping_commands(inputs / "mapped", at)
    hand = inputs / "by hand"
    hand.mkdir()
    (hand / "Konstant 1.csv").write_text(f"CPR-nr.;Målgruppe;Start;Bemærkning\n{STRANGER};{STRANGER};01.02.2021;x\n")
    mapping = str(work / "mappings" / "konstanter.yaml")
    return [*((one, "") for one in made), (["import", str(inputs / "mapped"), *at], ""), (["quality", *at], ""),
            (["import", str(hand), *at], WRITE.format(mapping, CONSTANTS)), (["map", "--list", *at], ""),
            (["map", "--show", "konstanter", *at], ""), (["import", str(inputs / "mapped"), *at], "")]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    sandbox, inputs = tmp_path_factory.mktemp("sandbox"), tmp_path_factory.mktemp("inputs")
    found = run_all(sandbox, commands(sandbox, inputs))
    for theirs, text in (("ledger/ledger_rules.yaml", RULES_OF_IDS), ("mapped/mappings/konstanter.yaml", CONSTANTS)):
        assert (sandbox / theirs).read_text(encoding="utf-8") == text
        (sandbox / theirs).unlink()  # written by hand, ids and all, not by the program
    return found


def told(run: Run, *begins: str) -> list[str]:
    """What the commands that begin so said."""
    return [said for command, said in zip(run.commands, run.said, strict=True)
            if command[: len(begins)] == list(begins)]


def codes(run: Run, *begins: str) -> list[int]:
    return [code for command, code in zip(run.commands, run.codes, strict=True)
            if command[: len(begins)] == list(begins)]


def errors(said: list[str]) -> set[str]:
    return {line.split("]")[0][1:] for one in said for line in one.splitlines() if line.startswith("[")}


def test_the_run_did_what_it_should(ran: Run) -> None:
    assert 3 not in ran.codes, [said for code, said in zip(ran.codes, ran.said, strict=True) if code == 3]
    assert codes(ran, "ledger") == [0] * 6 + [2, 0]
    assert codes(ran, "diff") == [0, 0, 0, 2]
    assert codes(ran, "quality") == [0, 0, 0, 2, 2, 0]
    assert codes(ran, "run") == [0]
    assert codes(ran, "explain") == [0, 2, 2]
    assert codes(ran, "import") == [0, 2, 0, 0, 0, 2, 2, 0, 2, 2]
    assert codes(ran, "map").count(0) == 6
    assert codes(ran, "fetch").count(0) == 2
    assert len(errors(ran.said)) >= 20, errors(ran.said)


def test_what_the_suppliers_gave_was_read(ran: Run) -> None:
    def rows(workspace: str, table: str) -> list[int]:
        found = sorted((ran.sandbox / workspace / "snapshots").glob(f"2*/{table}.parquet"))
        return [pq.read_metadata(path).num_rows for path in found]

    assert rows("ledger", "postings") == [124, 124]
    assert all(n >= 380 for n in rows("dream", "spells")), "one spell for nearly every person of both files"
    assert len(rows("dream", "spells")) == len(rows("dream", "participants")) == 2
    assert rows("mapped", "spells")[0] >= 50
    assert "weeks" in "".join(told(ran, "diff"))


def test_no_id_stands_in_any_byte(ran: Run) -> None:
    assert ran.search.folder(ran.sandbox) == []


@pytest.mark.parametrize("where", [
    "ledger/editions/*/counts.json", "ledger/editions/*/memo.docx", "dream/q.html", "mapped/mappings/fasit.yaml",
    "web/downloads/*/*/request.json", "dream/snapshots/2*/spells.parquet", "ledger/snapshots/2*/rejects.csv"])
def test_one_planted_where_the_program_writes_is_found(ran: Run, tmp_path: Path, where: str) -> None:
    """Each kind of file is there, and is one that the search can read."""
    path = next(iter(sorted(ran.sandbox.glob(where))))
    folder = tmp_path / "planted"
    folder.mkdir()
    planted = folder / path.name
    planted.write_bytes(path.read_bytes())
    assert ran.search.folder(folder) == []
    planted.chmod(0o600)
    match path.suffix:
        case ".json" if path.name == "counts.json":
            told_counts = json.loads(path.read_text(encoding="utf-8"))
            planted.write_text(json.dumps(told_counts | {"x": STRANGER}), encoding="utf-8")
        case ".docx":
            with zipfile.ZipFile(planted, "a") as packed:
                packed.writestr("docProps/x.xml", f"<x>{written(STRANGER, 1)}</x>")
        case ".parquet":
            table = pq.read_table(path)
            pq.write_table(table.append_column("x", pa.array([int(STRANGER)] * len(table))), planted)
        case _:
            planted.write_text(f"{path.read_text(encoding='utf-8')}\n{written(OTHERS[30], 1)}\n", encoding="utf-8")
    assert [one.where.split(" ")[0].split("!")[0] for one in ran.search.folder(folder)][:1] == [path.name]


def test_nothing_is_left_by_what_was_refused(ran: Run) -> None:
    assert {path.name for path in (ran.sandbox / "mapped" / "mappings").iterdir()} == {"ark.yaml", "fasit.yaml"}
    kept = list((ran.sandbox / "web" / "downloads").rglob("body.*"))
    assert len(kept) == 1, "only the table without an id in it"
