from __future__ import annotations

import csv
from pathlib import Path

from gevinst.sources.report import KEPT_IN_MEMORY, Reject
from gevinst.sources.staging import REJECT_COLUMNS, RejectLog, staged_schema, without_cells
from gevinst.tables import CONTRACTS


def test_all_rejects_are_listed_and_the_first_thousand_kept(tmp_path: Path) -> None:
    with RejectLog(tmp_path) as log:
        wrong = (Reject("a.csv", line, "benefit", "intake.row-unknown-benefit", "æ;ø\"å") for line in range(1500))
        log.add(wrong, "spells")
        log.add([Reject("b.csv", 2, "", "intake.row-ragged", "3")], "spells")
        log.add([Reject("b.csv", 2, "", "intake.row-ragged", "3")], "persons")
    assert len(log.first) == KEPT_IN_MEMORY
    assert [log.rejected(file, "spells") for file in ("a.csv", "b.csv", "c.csv")] == [1500, 1, 0]
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert tuple(rows[0]) == REJECT_COLUMNS
    assert len(rows) == 1503
    assert rows[1][4] == "æ;ø\"å"
    assert (tmp_path / "rejects.csv").stat().st_mode & 0o777 == 0o600


def test_a_word_that_begins_like_a_formula_is_not_run_by_a_spreadsheet(tmp_path: Path) -> None:
    with RejectLog(tmp_path) as log:
        log.add([Reject("a.csv", 2, "benefit", "intake.row-unknown-benefit", "=1+1")], "spells")
    assert ";'=1+1;" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")


def test_beside_encrypted_tables_the_list_has_no_cells(tmp_path: Path) -> None:
    rejects = [Reject("a.csv", 2, "benefit", "intake.row-unknown-benefit", "Karen"),
               Reject("a.csv", 3, "benefit", "intake.row-unknown-benefit", shape=(2, 9)),
               Reject("a.csv", 4, "start_date", "intake.row-bad-date"),
               Reject("a.csv", 5, "", "intake.row-ragged", "3")]
    listed = {}
    for cells in (True, False):
        folder = tmp_path / str(cells)
        folder.mkdir()
        with RejectLog(folder, cells=cells) as log:
            log.add(rejects, "spells")
        assert [one.value for one in log.first] == ["Karen", "", "", "3"]
        listed[cells] = (folder / "rejects.csv").read_bytes()
    assert b"Karen" in listed[True]
    for content in (listed[False], without_cells(listed[True])):
        assert b"Karen" not in content
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
        assert [row[1] for row in rows[1:]] == ["2", "3", "4", "5"]
        assert rows[1][4:6] == ["…", "ydelsen »…« i benefit kendes ikke"]
        assert rows[4][5] == "rækken har 3 felter, et andet antal end overskriften"
    assert without_cells(listed[False]) == listed[False]


def test_only_personal_tables_have_pseudonyms() -> None:
    for contract in CONTRACTS.values():
        names = staged_schema(contract, ()).names
        assert names[0] == "line"
        assert ("person" in names) == contract.personal
        assert "person_id" not in names
