"""A package checked: what is right is said to be, and whatever is spoilt is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gevinst.audit.check import Checked, check_package, differences
from gevinst.audit.twin_run import open_twin
from gevinst.checksums import SUMS, as_sums, sha256_of
from gevinst.errors import GevinstError
from tests.audit.conftest import Packed

Change = Callable[[dict[str, bytes | None]], dict[str, bytes]]
SUMS_RIGHT, STATES, JOURNAL, DRAWN, MEMO = range(5)


def sealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """With a list of checksums that fits: what a forger would do too."""
    rest = {name: content for name, content in files.items() if name != SUMS}
    return {**rest, SUMS: as_sums({name: sha256_of(content) for name, content in rest.items()})}


def edited(content: bytes, change: Callable[[Any], object]) -> bytes:
    said = json.loads(content)
    change(said)
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def faulty(done: Checked) -> list[int]:
    return [at for at, one in enumerate(done.checks) if one.faults]


def test_a_package_is_right(made: Packed) -> None:
    done = check_package(made.files)
    assert done.right, done.checks
    assert len(done.checks) == 5
    assert done.edition == made.edition
    assert done.remarks == ()


def test_a_file_that_was_changed_added_or_lost_is_named(made: Packed, changed: Change) -> None:
    done = check_package(changed({
        "edition/figures.json": made.files["edition/figures.json"].replace(b"2020", b"2021", 1),
        "protocols/protocols.csv": None, "further.txt": b"x"}), run=False)
    assert set(done.checks[SUMS_RIGHT].faults) == {
        "edition/figures.json", "protocols/protocols.csv", "further.txt"}
    assert faulty(done) == [SUMS_RIGHT]


def test_an_edition_forged_with_its_checksums_is_found_by_the_log(made: Packed, changed: Change) -> None:
    """Who changes a figure and makes all lists of checksums anew has the log against her."""
    figures = made.files["edition/figures.json"].replace(b"2020", b"2021", 1)
    edition = {name.removeprefix("edition/"): content for name, content in made.files.items()
               if name.startswith("edition/") and name != f"edition/{SUMS}"} | {"figures.json": figures}
    sums = as_sums({name: sha256_of(content) for name, content in edition.items()})
    done = check_package(sealed(changed({"edition/figures.json": figures, f"edition/{SUMS}": sums})), run=False)
    assert faulty(done) == [STATES]


def states(made: Packed) -> dict[str, Any]:
    return json.loads(made.files["logs/edition.json"])


def test_the_log_tells_this_editions_states_and_nothing_of_others(made: Packed) -> None:
    said = states(made)
    assert [link["event"]["state"] for link in said["chain"] if "event" in link] == [
        "draft", "checked", "approved", "published"]
    assert sum("event" not in link for link in said["chain"]) == 2, "the other edition's draft and check"
    assert "møde" not in made.files["logs/edition.json"].decode()


@pytest.mark.parametrize("change", [
    lambda said: next(link for link in said["chain"] if "event" in link)["event"].update(by="Carl"),
    lambda said: said["chain"].pop(1),
    lambda said: said["chain"].reverse(),
    lambda said: said["edition"].update(author="Carl"),
    lambda said: said["chain"][0].update(sha256="0" * 64),
    lambda said: said["chain"][-1].pop("before"),
])
def test_a_log_that_was_changed_is_found(made: Packed, changed: Change, change: Callable[[Any], object]) -> None:
    files = sealed(changed({"logs/edition.json": edited(made.files["logs/edition.json"], change)}))
    done = check_package(files, run=False)
    assert faulty(done) == [STATES]


@pytest.mark.parametrize("change", [
    lambda said: said["chain"][0]["entry"].update(at="2020-01-01T00:00:00+00:00"),
    lambda said: said["chain"].insert(0, {"sha256": "0" * 64, "entry": {"before": ""}}),
    lambda said: said.pop("chain"),
])
def test_a_journal_that_was_changed_is_found(made: Packed, changed: Change, change: Callable[[Any], object]) -> None:
    files = sealed(changed({"logs/journal.json": edited(made.files["logs/journal.json"], change)}))
    done = check_package(files, run=False)
    assert faulty(done) == [JOURNAL]


@pytest.mark.parametrize("change", [
    lambda said: said.update(chain=[], after=[]),
    lambda said: said["chain"].pop(),
    lambda said: said.update(cut=True),
])
def test_a_journal_that_was_cut_is_found(made: Packed, changed: Change, change: Callable[[Any], object]) -> None:
    files = sealed(changed({"logs/journal.json": edited(made.files["logs/journal.json"], change)}))
    done = check_package(files, run=False)
    assert done.checks[JOURNAL].faults == ("der er fjernet linjer",)


def test_a_journal_without_a_head_is_remarked(made: Packed, changed: Change) -> None:
    files = sealed(changed({"logs/journal.json": edited(
        made.files["logs/journal.json"], lambda said: said.update(head=False))}))
    done = check_package(files, run=False)
    assert done.right
    assert done.remarks[0].startswith("Journalen over udtræk har intet hoved ved nøglen")


def test_an_approval_from_the_authors_account_is_remarked(made: Packed, changed: Change) -> None:
    def change(said: Any) -> None:
        for link in said["chain"]:
            if "event" in link:
                link["event"].update(account="anna")

    files = sealed(changed({"logs/edition.json": edited(made.files["logs/edition.json"], change)}))
    assert check_package(files, run=False).remarks[0].startswith("Udgaven er godkendt fra samme brugerkonto")


def test_a_person_put_into_the_twin_is_found(made: Packed, changed: Change) -> None:
    """The twin is what the model gives; a row more is a row of somebody's."""
    spells = made.files["twin/register/spells.csv"] + b'"TWIN-9000001","a-dagpenge",2020-01-06,2020-03-01\n'
    done = check_package(sealed(changed({"twin/register/spells.csv": spells})), run=False)
    assert DRAWN in faulty(done)
    assert done.checks[DRAWN].faults == ("register/spells.csv",)


def test_a_table_put_beside_the_drawn_ones_is_found(made: Packed, changed: Change) -> None:
    files = sealed(changed({"twin/register/spells-2.csv": made.files["twin/register/spells.csv"]}))
    done = check_package(files, run=False)
    assert "register/spells-2.csv" in done.checks[DRAWN].faults


def test_figures_of_the_twins_memo_that_do_not_come_out_are_named(made: Packed, changed: Change) -> None:
    """Each by its place; of very many only the first."""
    def change(said: Any) -> None:
        for one in said["figures"]:
            one["value"] += 1

    figures = edited(made.files["twin/memo/figures.json"], change)
    done = check_package(sealed(changed({"twin/memo/figures.json": figures})))
    assert faulty(done) == [MEMO]
    faults = done.checks[MEMO].faults
    assert len(faults) == 21
    first = json.loads(figures)["figures"][0]
    assert faults[0] == f"figures.json figures/{first['id']}/value: {first['value']} → {first['value'] - 1}"
    assert faults[-1].startswith("… og ")


def test_a_model_that_tells_of_few_is_found(made: Packed, changed: Change) -> None:
    """Drawn anew from it, so that only the rule is broken."""
    def change(said: Any) -> None:
        said["leaves"]["events"] = 3

    done = check_package(sealed(changed({
        "twin/model.json": edited(made.files["twin/model.json"], change)})), run=False)
    assert any("ikke er afrundet til 5" in fault for fault in done.checks[DRAWN].faults)


@pytest.mark.parametrize("name", ["logs/edition.json", "logs/journal.json", "program/program.json"])
@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b"3", b'{"chain": 3}', b'{"chain": ["x"]}', b"\xff"])
def test_whatever_stands_in_a_file_is_told_and_is_no_fault_of_the_program(
    changed: Change, name: str, content: bytes | None
) -> None:
    done = check_package(sealed(changed({name: content})), run=False)
    assert done.right == (name == "program/program.json"), "which program packed it is a remark"
    assert done.right == bool(done.remarks)


@pytest.mark.parametrize("change", [
    lambda said: said["benefits"][0]["inflow"][0].update(persons=-5),
    lambda said: said["investments"][0].update(by_duration=[]),
    lambda said: said["investments"][0].update(starts=[]),
    lambda said: said["benefits"][0]["later"].append({"first": 99, "last": 99, "persons": 5000}),
    lambda said: said["benefits"][0].update(leaving="x"),
])
def test_a_model_that_nothing_can_be_drawn_from_is_said(
    made: Packed, changed: Change, change: Callable[[Any], object]
) -> None:
    files = sealed(changed({"twin/model.json": edited(made.files["twin/model.json"], change)}))
    assert check_package(files, run=False).checks[DRAWN].faults


def test_another_program_is_said(made: Packed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gevinst.audit.check.code_version", lambda: "9.9.9+0")
    done = check_package(made.files, run=False)
    assert done.right
    assert "9.9.9+0" in done.remarks[0]
    assert "constraints.txt" in done.remarks[0]


def test_a_model_that_cannot_be_read_is_said(made: Packed, changed: Change) -> None:
    done = check_package(sealed(changed({"twin/model.json": b"{"})), run=False)
    assert done.checks[DRAWN].faults
    assert faulty(done) == [DRAWN]


@pytest.mark.parametrize(("files", "code"), [
    ({"package.json": None}, "package.unreadable"),
    ({"package.json": b"[]"}, "package.unreadable"),
    ({"package.json": b'{"format": 99, "twin": true}'}, "package.newer"),
])
def test_what_is_no_package_is_refused(changed: Change, files: dict[str, bytes | None], code: str) -> None:
    with pytest.raises(GevinstError) as raised:
        check_package(changed(files))
    assert raised.value.code == code


def test_a_plan_that_cannot_be_read_is_a_memo_that_cannot_be_run(changed: Change) -> None:
    done = check_package(sealed(changed({"twin/run.json": b"{}"})))
    assert faulty(done) == [MEMO]


@pytest.mark.parametrize("change", [
    lambda said: said["settings"].update(store_url="sqlite:///elsewhere.db"),
    lambda said: said["settings"].update(key_file="elsewhere.key"),
    lambda said: said["ledger"].update(rules="x"),
    lambda said: said["ledger"].update(percent="1}\nrules: [{investment: x}]"),
    lambda said: said.update(language="xx"),
])
def test_a_package_says_nothing_of_places_where_it_is_opened(
    made: Packed, tmp_path: Path, change: Callable[[Any], object]
) -> None:
    """It comes from somebody else: no database, file or address of its choice is opened."""
    (tmp_path / "twin").mkdir()
    (tmp_path / "twin" / "run.json").write_bytes(edited(made.files["twin/run.json"], change))
    with pytest.raises(GevinstError) as raised:
        open_twin(tmp_path, tmp_path / "opened")
    assert raised.value.code == "package.unreadable"
    assert not (tmp_path / "opened").exists()


def test_differences_are_told_by_place() -> None:
    was = {"a": [{"id": "x", "v": 1}, {"id": "y", "v": 2}], "b": [1, 2]}
    now = {"a": [{"id": "y", "v": 2.0}, {"id": "z"}], "b": [1]}
    assert list(differences(was, now)) == [
        'a/x: {"id": "x", "v": 1} → –', "a/y/v: 2 → 2.0", 'a/z: – → {"id": "z"}', "b/1: 2 → –"]
