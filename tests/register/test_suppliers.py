"""One delivery as a municipality gets it: every supplier's own file in one folder, into one snapshot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gevinst.errors import GevinstError
from gevinst.register.snapshots import import_folder
from gevinst.settings import create_workspace
from gevinst.sources.report import ImportReport, report_lines
from gevinst.sources.suppliers.built_in import built_in_suppliers
from gevinst.weeks import week_of
from tests.sources.suppliers import dream_cases
from tests.sources.suppliers.test_opus import HEAD as LEDGER_HEAD
from tests.ydelsesrefusion_files import Week, write_files

TODAY = date(2024, 2, 1)
FIRST, LAST = week_of(date(2020, 1, 6)), week_of(date(2021, 6, 28))
MAPPING = """\
key: fasit-indsatser
supplier: Fasit
made: 2024-02-01
table: participants
files: ['fasit*.csv']
columns:
  person_id: Borger
  investment: {from: Indsats, codes: {VIRK: jobnet}, unlisted: leave_out}
  start_date: {from: Fra, date: dd-mm-yyyy}
  end_date: {from: Til, date: dd-mm-yyyy}
"""
RULES = "rules:\n  - {investment: jobnet, function: 5.68.90}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    create_workspace(folder, municipality="Prøvekøbing", municipality_code="999", key_file=tmp_path / "keys" / "k")
    (folder / "mappings").mkdir()
    (folder / "mappings" / "fasit-indsatser.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "ledger_rules.yaml").write_text(RULES, encoding="utf-8")
    return folder


def deliver(folder: Path) -> Path:
    """P0 is on A-dagpenge for 20 weeks by DREAM; P1 on kontanthjælp to the end. P0 is in the effort from week 5."""
    folder.mkdir()
    persons = [dict.fromkeys(range(FIRST + 10, FIRST + 30), 111), dict.fromkeys(range(FIRST + 3, LAST + 1), 730)]
    (folder / "dream_udtraek.csv").write_text(dream_cases.csv_text(persons, FIRST, LAST), encoding="utf-8")
    weeks = [Week("P0", "a-dagpenge", week, 1, Decimal(1)) for week in range(FIRST + 10, FIRST + 30)]
    write_files(folder, weeks, lambda week: Decimal(4000), corrected=4)
    (folder / "fasit_2021.csv").write_text(
        "Borger;Indsats;Fra;Til\nP0;VIRK;20-04-2020;28-06-2020\nP1;ANDET;01-02-2021;\n", encoding="cp1252")
    (folder / "opus.csv").write_text(
        LEDGER_HEAD + "\n02-03-2020;5.68.90-1-3-016;;Løn;1.234,56;Debet\n"
        "03-03-2020;5.57.73-1-3-007;;Andet;10,00;Debet\n", encoding="cp1252")
    (folder / "læsmig.txt").write_text("til orientering", encoding="utf-8")
    return folder


def test_every_supplier_s_file_comes_into_its_table(workspace: Path, tmp_path: Path) -> None:
    report = import_folder(workspace, deliver(tmp_path / "levering"), today=TODAY)
    assert {file.table: {part.supplier for part in file.parts} for file in report.files} == {
        "spells": {"dream"}, "persons": {"dream"}, "payments": {"ydelsesrefusion"},
        "participants": {"fasit-indsatser"}, "postings": {"opus"}}
    spells = pq.read_table(report.folder / "spells.parquet").to_pylist()
    assert sorted((row["benefit"], row["start_week"] - FIRST, row["end_week"]) for row in spells) == [
        ("a-dagpenge", 10, FIRST + 30), ("kontanthjaelp", 3, None)]
    payments = pq.read_table(report.folder / "payments.parquet").to_pylist()
    assert len(payments) == 20
    assert {row["gross_dkk"] for row in payments} == {Decimal(4000)}
    # The same person everywhere: one key, whichever file speaks of her.
    (joined,) = pq.read_table(report.folder / "participants.parquet").to_pylist()
    of_the_paid = {row["person"] for row in payments}
    assert of_the_paid == {joined["person"]} == {row["person"] for row in spells if row["benefit"] == "a-dagpenge"}
    assert joined["investment"] == "jobnet"
    postings = pq.read_table(report.folder / "postings.parquet").to_pylist()
    assert sorted((str(row["amount_dkk"]), row["investment"] or "") for row in postings) == [
        ("10.00", ""), ("1234.56", "jobnet")]
    assert rejected_in(report) == 0
    assert "læsmig.txt" in "\n".join(report_lines(report))


def test_a_filter_that_leaves_nothing_out_says_so(workspace: Path, tmp_path: Path) -> None:
    path = workspace / "mappings" / "fasit-indsatser.yaml"
    path.write_text(MAPPING + "filters:\n  - {drop: Indsats, in: [ANNULLERET]}\n", encoding="utf-8")
    report = import_folder(workspace, deliver(tmp_path / "levering"), today=TODAY)
    (told,) = (one for file in report.files for one in file.notes if one.code == "mapping.filtered")
    assert dict(told.values)["rows"] == 0
    assert told.text("da") in "\n".join(report_lines(report))


def test_the_settings_say_which_day_the_covariates_of_dream_are_of(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "levering"
    folder.mkdir()
    persons = [dict.fromkeys(range(FIRST + 10, FIRST + 30), 111)]
    text = dream_cases.csv_text(persons, FIRST, LAST).splitlines()
    (folder / "dream.csv").write_text(f"{text[0]},nykom2019,nykom2021\n{text[1]},707,751\n", encoding="utf-8")

    def municipality() -> float:
        report = import_folder(workspace, folder, today=TODAY)
        return float(pq.read_table(report.folder / "persons.parquet").to_pylist()[0]["nykom"])

    assert municipality() == 751, "that of the newest week"
    with (workspace / "gevinst.toml").open("a", encoding="utf-8") as file:
        file.write("dream_covariates_on = 2019-12-31\n")
    assert municipality() == 707, "another snapshot, though the file is the same"


def rejected_in(report: ImportReport) -> int:
    return sum(file.rejected for file in report.files)


def test_the_same_delivery_again_stores_nothing(workspace: Path, tmp_path: Path) -> None:
    folder = deliver(tmp_path / "levering")
    first = import_folder(workspace, folder, today=TODAY)
    again = import_folder(workspace, folder, today=TODAY)
    assert again.repeated
    assert again.folder == first.folder


def test_a_wrong_mapping_stops_the_import_and_nothing_is_stored(workspace: Path, tmp_path: Path) -> None:
    path = workspace / "mappings" / "fasit-indsatser.yaml"
    path.write_text(MAPPING.replace("from: Indsats", "from: Indsatstype"), encoding="utf-8")
    with pytest.raises(GevinstError) as caught:
        import_folder(workspace, deliver(tmp_path / "levering"), today=TODAY)
    assert caught.value.code.startswith("mapping.")
    assert "Indsats" in str(caught.value)
    assert [one.name for one in (workspace / "snapshots").iterdir() if not one.name.startswith(".")] == []


def test_without_a_workspace_the_built_in_ones_are_known() -> None:
    assert [supplier.key for supplier in built_in_suppliers()] == ["ydelsesrefusion", "dream", "opus"]
