"""What a folder holds, with made-up suppliers beside the canonical files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.parts import Part, find_parts
from gevinst.sources.reading import CsvSource
from gevinst.sources.records import Rows
from gevinst.sources.report import Note, note, report_lines
from gevinst.tables import PARTICIPANTS, PERSONS, SPELLS, Contract
from tests.sources.conftest import Intake

HEAD = "person_id;benefit;start_date;end_date\n"


class _Noted(CsvSource):
    """A canonical file that also has something to say."""

    notes: tuple[Note, ...] = ()

    def rows(self) -> Iterator[Rows]:
        yield from super().rows()
        self.notes = (note("intake.blank-rows", rows=2),)


@dataclass(frozen=True)
class Made:
    """Files with an ending of its own, each read into its tables."""

    key: str
    ending: str
    tables: tuple[Contract, ...]

    def parts(self, path: Path) -> tuple[Part, ...]:
        if path.suffix != self.ending:
            return ()
        return tuple(Part(path, table, partial(_Noted, path, table), self.key) for table in self.tables)


def code_of(folder: Path, *suppliers: Made) -> str:
    with pytest.raises(GevinstError) as caught:
        find_parts(folder, suppliers)
    assert caught.value.message().what
    return caught.value.code


def test_what_is_in_the_folder(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none") == "intake.folder-missing"
    assert code_of(tmp_path) == "intake.nothing-found"
    (tmp_path / "spells.xlsx").touch()
    (tmp_path / ".hidden").touch()
    assert code_of(tmp_path) == "intake.nothing-found"
    (tmp_path / "Persons.CSV").touch()
    assert code_of(tmp_path) == "intake.file-missing"
    (tmp_path / "spells.csv").touch()
    parts, notes = find_parts(tmp_path)
    assert [(part.contract.name, part.path.name, part.supplier) for part in parts] == [
        ("spells", "spells.csv", "canonical"), ("persons", "Persons.CSV", "canonical")]
    assert [(one.code, dict(one.values)) for one in notes] == [("intake.files-ignored", {"files": "spells.xlsx"})]
    (tmp_path / "spells.parquet").touch()
    assert code_of(tmp_path) == "intake.two-files"


def test_a_folder_without_anything_to_read_is_told_what_lies_in_it(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "leverance.zip").write_bytes(b"PK")
    (tmp_path / "dream 010190-1234.csv").touch()
    with pytest.raises(GevinstError) as caught:
        find_parts(tmp_path)
    assert "I den ligger: dream […].csv (tom), inner (en mappe), leverance.zip." in caught.value.message("da").what
    assert "leverance.zip" in caught.value.message("en").what


def test_a_workbook_that_is_open_is_told_and_its_lock_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "spells.csv").touch()
    (tmp_path / "~$Fasit_2021-09-26.xlsx").touch()
    _, notes = find_parts(tmp_path)
    assert [(one.code, dict(one.values)) for one in notes] == [
        ("intake.open-elsewhere", {"files": "Fasit_2021-09-26.xlsx"})]


def test_a_supplier_s_file_gives_what_the_supplier_says(tmp_path: Path) -> None:
    (tmp_path / "a.dump").touch()
    (tmp_path / "b.dump").touch()
    (tmp_path / "spells.csv").touch()
    parts, notes = find_parts(tmp_path, (Made("dump", ".dump", (PERSONS, SPELLS)),))
    assert [(part.contract.name, part.path.name) for part in parts] == [
        ("spells", "a.dump"), ("spells", "b.dump"), ("spells", "spells.csv"), ("persons", "a.dump"),
        ("persons", "b.dump")]
    assert notes == ()


def test_two_suppliers_may_not_read_a_file_into_the_same_table(tmp_path: Path) -> None:
    (tmp_path / "a.dump").touch()
    one, other = Made("one", ".dump", (SPELLS,)), Made("other", ".dump", (SPELLS,))
    assert code_of(tmp_path, one, other) == "intake.two-readings"
    assert len(find_parts(tmp_path, (one, Made("third", ".dump", (PARTICIPANTS,))))[0]) == 2


def test_parts_of_one_table_are_stored_together(intake: Intake) -> None:
    """The second dump prolongs a spell of the canonical file, repeats a row of it, and has a row that is wrong."""
    done = intake(
        {
            "spells.csv": HEAD + "1;a-dagpenge;2021-01-04;2021-01-31\n2;a-dagpenge;2021-02-01;2021-02-28\n",
            "x.dump": HEAD + "1;a-dagpenge;2021-01-25;2021-03-07\n2;a-dagpenge;2021-02-01;2021-02-28\n",
            "y.dump": HEAD + "3;a-dagpenge;2021-01-04;\n3;nonsens;2021-01-04;\n",
            "participants.csv": "person_id;investment;start_date;end_date\n1;net;2021-01-11;\n",
            "z.more": "person_id;investment;start_date;end_date\n9;net;2021-01-11;\n3;net;2021-02-08;\n",
        },
        suppliers=(Made("dump", ".dump", (SPELLS,)), Made("more", ".more", (PARTICIPANTS,))),
    )
    assert [(str(start), str(end)) for start, end in done.rows("spells", "start_date", "end_date")].count(
        ("2021-01-04", "2021-03-08")) == 1
    assert len(done.rows("spells")) == 3
    spells = done.report.file("spells")
    assert spells is not None
    assert (spells.rows, spells.accepted, spells.rejected, spells.duplicates, spells.merged, spells.stored) == (
        6, 5, 1, 1, 1, 3)
    assert spells.name == "spells.csv (+2)"
    assert [(part.name, part.rows, part.rejected, part.supplier) for part in spells.parts] == [
        ("spells.csv", 2, 0, "canonical"), ("x.dump", 2, 0, "dump"), ("y.dump", 2, 1, "dump")]
    assert len({spells.sha256, *(part.sha256 for part in spells.parts)}) == 4
    assert done.notes("spells")["blank-rows"] == {"rows": 4}
    # The rows of each file are told by their own lines.
    assert ("y.dump", 3, "benefit", "unknown-benefit") in done.rejects()
    assert ("z.more", 2, "person_id", "unknown-person") in done.rejects()
    assert len(done.rows("participants")) == 2
    text = "\n".join(report_lines(done.report))
    assert "· y.dump: 2 rækker, 1 afvist" in text


def test_a_column_that_one_part_lacks_is_empty_for_its_persons(intake: Intake) -> None:
    done = intake(
        {
            "spells.csv": HEAD + "1;a-dagpenge;2021-01-04;\n2;a-dagpenge;2021-02-01;\n",
            "persons.csv": "person_id;age;sex\n1;42;k\n",
            "b.more": "person_id;sex\n2;m\n",
        },
        suppliers=(Made("more", ".more", (PERSONS,)),),
    )
    assert sorted(done.rows("persons", "sex", "age")) == [("k", 42.0), ("m", None)]


def test_the_same_person_told_differently_by_two_parts_is_rejected_in_both(intake: Intake) -> None:
    done = intake(
        {
            "spells.csv": HEAD + "1;a-dagpenge;2021-01-04;\n",
            "persons.csv": "person_id;sex\n1;k\n",
            "b.more": "person_id;sex\n1;m\n",
        },
        suppliers=(Made("more", ".more", (PERSONS,)),),
    )
    assert {one[0] for one in done.rejects()} == {"persons.csv", "b.more"}
    assert done.rows("persons") == []


def test_the_order_of_the_parts_is_not_that_of_the_disk(intake: Intake) -> None:
    files = {"a.dump": HEAD + "1;a-dagpenge;2021-01-04;2021-02-07\n", "b.dump": HEAD + "1;a-dagpenge;2021-02-01;\n"}
    supplier = (Made("dump", ".dump", (SPELLS,)),)
    one = intake(files, suppliers=supplier)
    other = intake(dict(reversed(files.items())), suppliers=supplier)
    assert one.rows("spells") == other.rows("spells")
    assert one.report.files == other.report.files
