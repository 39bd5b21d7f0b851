"""The auditor's package: what is in it, what is not, and that the same edition gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from gevinst.audit.archive import packed
from gevinst.audit.contents import contents
from gevinst.audit.twin_run import Plan
from gevinst.checksums import sha256_of
from gevinst.editions.states import EDITIONS
from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.register.protocol import protocol_records
from gevinst.register.store import open_store
from gevinst.settings import Settings
from gevinst.workspace import run_workspace
from tests.audit.conftest import Packed
from tests.editions import small_town


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_everything_the_edition_rests_on_is_there(made: Packed) -> None:
    names = set(made.files)
    for name in ("README.md", "SHA256SUMS", "package.json", "inputs.csv", "parameters.csv", "record/portfolio.yaml",
                 "protocols/protocols.csv", "protocols/net-1.json", "logs/edition.json", "logs/journal.json",
                 "logs/access.json", "program/program.json", "program/constraints.txt", "settings.toml",
                 "twin/README.md", "twin/model.json", "twin/twin.json", "twin/run.json", "twin/register/spells.csv",
                 "twin/register/participants.csv", "twin/register/persons.csv", "twin/register/postings.csv",
                 "twin/register/payments.csv", "twin/register/prices.csv"):
        assert name in names, name
    for name in ("figures.json", "effects.json", "curves.json", "counts.json", "explanations.json", "edition.json",
                 "memo.docx", "memo.pdf", "memo.html", "memo.xlsx"):
        assert f"edition/{name}" in names
        assert f"twin/memo/{name}" in names
    assert "edition/parameters/national/refund_ladder.yaml" in names
    assert "edition/parameters/local/rate_groups.yaml" in names


def test_the_edition_is_there_byte_by_byte(made: Packed) -> None:
    folder = made.settings.workspace / EDITIONS / made.edition
    for path in folder.rglob("*"):
        if path.is_file():
            assert made.files[f"edition/{path.relative_to(folder).as_posix()}"] == path.read_bytes()


def test_the_same_edition_gives_the_same_bytes(made: Packed) -> None:
    with speaking("en"):  # whoever asks, and whenever
        again = contents(made.settings, made.edition)
    assert {name for name in again if again[name] != made.files[name]} == set()
    assert packed(again) == packed(made.files)


def test_the_checksums_are_those_sha256sum_reads(made: Packed, package: Path, tmp_path: Path) -> None:
    subprocess.run(["unzip", "-q", str(package), "-d", str(tmp_path / "out")], check=True)
    for folder in (tmp_path / "out", tmp_path / "out" / "edition"):
        command = ["sha256sum", "-c", "SHA256SUMS"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    listed = {line.split("  ")[1] for line in made.files["SHA256SUMS"].decode().splitlines()}
    assert listed == set(made.files) - {"SHA256SUMS"}


def test_the_edition_was_run_again_on_the_real_data(made: Packed) -> None:
    said = json.loads(made.files["rerun.json"])
    assert said["compared"] > 200
    assert said == {"compared": said["compared"], "not_compared": 0, "remarks": [], "differing": []}


def test_an_edition_that_cannot_be_run_again_is_packed_and_says_so(
    made: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise GevinstError("edition.unreadable", edition="x")

    monkeypatch.setattr("gevinst.audit.contents.rerun", fails)
    said = json.loads(contents(made.settings, made.edition)["rerun.json"])
    assert said["compared"] == 0
    assert "kan ikke læses" in said["remarks"][0]


def test_inputs_have_hashes_and_parameters_have_sources(made: Packed) -> None:
    inputs = rows(made.files["inputs.csv"])
    assert {one["name"] for one in inputs} >= {"spells.csv", "participants.csv", "prices.csv"}
    assert all(len(one["sha256"]) == 64 for one in inputs)
    parameters = rows(made.files["parameters.csv"])
    assert len(parameters) > 5
    assert all(one["source"] and one["value"] for one in parameters)


def test_a_plans_checksum_is_that_of_its_file(made: Packed) -> None:
    with open_store(made.settings.store_url) as store:
        records = protocol_records(store, "p")
    told = {one["investment"]: one for one in rows(made.files["protocols/protocols.csv"])}
    assert set(told) == set(records) == {"net", "plads"}
    for key, record in records.items():
        assert sha256_of(made.files[f"protocols/{key}-1.json"]) == record.sha256 == told[key]["sha256"]
        assert told[key]["fixed_on"] == record.fixed_on.isoformat()
    assert told["net"]["fixed_before_data"] == "False", "the town's data are from before its record"


def test_the_program_is_told_without_the_machine(made: Packed) -> None:
    program = json.loads(made.files["program/program.json"])
    assert len(program["code_sha256"]) == 64
    assert program["code_version"].endswith(program["code_sha256"][:12])
    pinned = made.files["program/constraints.txt"].decode().splitlines()
    assert {"duckdb", "numpy", "pyarrow", "ibis-framework"} <= {line.split("==")[0] for line in pinned}
    assert all("==" in line and "/" not in line for line in pinned)


def test_settings_are_told_without_places(made: Packed) -> None:
    settings = made.files["settings.toml"].decode()
    assert 'municipality = "Prøveby"' in settings
    assert "replicates = 10" in settings
    assert "key" not in settings
    assert "store" not in settings


def test_the_twin_is_run_as_the_edition_was(made: Packed, tmp_path: Path) -> None:
    (tmp_path / "twin").mkdir()
    (tmp_path / "twin" / "run.json").write_bytes(made.files["twin/run.json"])
    plan = Plan.read(tmp_path)
    assert plan.memo_date == date(2021, 4, 2)
    assert str(plan.partial_open) == "0.25"
    assert plan.ledger == {"percent": "12.5", "kroner": "500", "budget_index": ""}
    assert plan.settings["minimum_participants"] == 10
    twin, real = (json.loads(made.files[f"{folder}/edition.json"]) for folder in ("twin/memo", "edition"))
    assert twin["synthetic"]
    assert not real["synthetic"]
    assert twin["data_horizon"] == real["data_horizon"]
    for name in ("seed", "replicates", "small_cell_threshold", "memo_date", "portfolio", "language", "code_version"):
        assert twin[name] == real[name], name
    assert twin["recipe"]["ledger_terms"] == real["recipe"]["ledger_terms"]
    assert twin["recipe"]["partial_open"] == real["recipe"]["partial_open"]
    assert twin["recipe"]["parameters"]["book_sha256"] == real["recipe"]["parameters"]["book_sha256"]


def test_the_twins_memo_follows_the_same_case(made: Packed) -> None:
    """The same figures by name as far as a result may be told; the money in the budget is the same money."""
    twin, real = ({one["id"]: one for one in json.loads(made.files[f"{folder}/figures.json"])["figures"]}
                  for folder in ("twin/memo", "edition"))
    budget = [name for name in real if name.endswith("/budget")]
    assert budget
    assert all(twin[name] == real[name] for name in budget)
    assert len(set(twin) & set(real)) > 0.8 * len(real)


def test_no_number_of_few_stands_in_the_record(copied: Settings, made: Packed) -> None:
    """Placements and participants that a case has typed in pass the same door as in the memo."""
    from dataclasses import replace
    from decimal import Decimal

    from gevinst.register.business_case import HeadCount, ParticipantCount

    was = small_town.portfolio()
    typed = replace(was.investments[1], head_counts=(HeadCount(date(2021, 1, 1), 3, 9), HeadCount(
        date(2021, 2, 1), 17, 9)), participant_counts=(ParticipantCount(2020, Decimal(9), Decimal("3.5")),))
    small_town.save(copied, replace(was, investments=(was.investments[0], typed)))
    key = run_workspace(copied.workspace, memo_date=date(2021, 4, 5), recorded_only=True, by="Anna").edition.id
    record = yaml.safe_load(contents(copied, key)["record/portfolio.yaml"])["investments"][1]
    assert [one["actual"] for one in record["head_counts"]] == [1, 17]
    assert "actual" not in record["participant_counts"][0]
    sealed = json.loads((copied.workspace / EDITIONS / key / "edition.json").read_text())["recipe"]["record"]["sha256"]
    for placed in range(1, 5):  # whoever has the rest and tries them all
        tried = replace(typed, head_counts=(replace(typed.head_counts[0], actual=placed), typed.head_counts[1]))
        whole = replace(was, investments=(was.investments[0], tried))
        assert sha256_of(repr(whole).encode()) != sealed


def test_an_edition_of_typed_results_has_a_package_without_a_twin(copied: Settings) -> None:
    from gevinst.audit.check import check_package

    key = run_workspace(copied.workspace, memo_date=date(2021, 4, 6), recorded_only=True, by="Anna").edition.id
    files = contents(copied, key)
    assert not [name for name in files if name.startswith("twin/register")]
    assert "--recorded-only" in files["README.md"].decode()
    assert not json.loads(files["package.json"])["twin"]
    done = check_package(files)
    assert done.right, done.checks


def test_a_damaged_edition_is_not_packed(copied: Settings, made: Packed) -> None:
    folder = copied.workspace / EDITIONS / made.edition
    folder.chmod(0o700)
    (folder / "figures.json").chmod(0o600)
    (folder / "figures.json").write_text("{}")
    with pytest.raises(GevinstError) as raised:
        contents(copied, made.edition)
    assert raised.value.code == "package.damaged"
    assert "figures.json" in raised.value.values["files"]


def test_an_edition_whose_record_is_gone_is_not_packed(copied: Settings, made: Packed) -> None:
    folder = copied.workspace / EDITIONS / made.edition
    (copied.workspace / "gevinst.db").unlink()
    for left in copied.workspace.glob("gevinst.db-*"):
        left.unlink()
    assert folder.is_dir()
    with pytest.raises(GevinstError) as raised:
        contents(copied, made.edition)
    assert raised.value.code == "package.no-record"


def test_an_edition_whose_persons_are_deleted_is_not_packed(copied: Settings, made: Packed) -> None:
    import shutil

    for snapshot in copied.snapshots.glob("2*"):
        shutil.rmtree(snapshot)
    with pytest.raises(GevinstError) as raised:
        contents(copied, made.edition)
    assert raised.value.code == "twin.no-persons"
