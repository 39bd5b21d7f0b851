from __future__ import annotations

import json
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.register.access_log import ACCESS_LOG, LookUp, access_log, look_ups
from gevinst.register.reidentify import Identity, look_ups_of, persons_in, reidentify, write_identities
from gevinst.settings import Settings
from tests.register.protected import BACK, GONE, HERE, MOMENT, contents, fill, load, make, pseudonyms


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make(tmp_path)
    load(made, fill(tmp_path / "in"))
    return made


def looked_up(
    settings: Settings, files: Path, *ids: str, by: str = "Anna", purpose: str = "klagesag"
) -> tuple[Identity, ...]:
    return reidentify(settings.workspace, [files], pseudonyms(settings, *ids), by=by, purpose=purpose,
                      clock=lambda: MOMENT)


def test_pseudonyms_become_ids_and_the_log_says_so(settings: Settings, tmp_path: Path) -> None:
    here, back = pseudonyms(settings, HERE, BACK)
    found = looked_up(settings, tmp_path / "in", HERE, BACK)
    assert {one.person: one.id for one in found} == {here: "0303501234", back: "0404501234"}
    assert "0303501234" not in repr(found)
    looked_up(settings, tmp_path / "in", HERE, "010101-9999", by="Bo", purpose="tilsyn")
    log = look_ups(settings, here)
    assert [(one.at, one.by, one.purpose, one.found) for one in log] == [
        (MOMENT, "Anna", "klagesag", True), (MOMENT, "Bo", "tilsyn", True)]
    asked = {"by": "Dorte", "purpose": "indsigt 24/3", "clock": lambda: MOMENT}
    assert look_ups_of(settings.workspace, " 030350 1234", **asked) == log
    assert look_ups_of(settings.workspace, GONE, **asked) == ()
    assert [(one.by, one.asked, one.person) for one in look_ups(settings)[4:]] == [
        ("Dorte", True, here), ("Dorte", True, *pseudonyms(settings, GONE))], "who asks is entered too"
    (missed,) = pseudonyms(settings, "010101-9999")
    assert [one.found for one in look_ups(settings, missed)] == [False]
    assert len(look_ups(settings)) == 6
    assert isinstance(log[0], LookUp)
    assert log[0].account
    assert (settings.workspace / ACCESS_LOG).stat().st_mode & 0o777 == 0o600


def test_the_log_holds_no_ids_not_even_those_typed_into_it(settings: Settings, tmp_path: Path) -> None:
    looked_up(settings, tmp_path / "in", HERE, by=f"Anna {BACK}", purpose=f"sag om {HERE} og 0404501234")
    content = (settings.workspace / ACCESS_LOG).read_text(encoding="utf-8")
    assert "1234" not in content
    assert json.loads(content)["purpose"] == "sag om […] og […]"


def test_nobody_is_shown_before_the_log_has_it(settings: Settings, tmp_path: Path) -> None:
    looked_up(settings, tmp_path / "in", HERE)
    log = access_log(settings)
    log.path.write_bytes(log.path.read_bytes().replace(b"Anna", b"Asta"))
    looked_up_twice = contents(settings.workspace)
    with pytest.raises(GevinstError) as fault:
        looked_up(settings, tmp_path / "in", HERE)
    assert fault.value.code == "protection.log-cut"
    assert contents(settings.workspace) == looked_up_twice
    log.path.unlink()
    with pytest.raises(GevinstError) as fault:
        looked_up(settings, tmp_path / "in", HERE)
    assert fault.value.code == "protection.log-cut"


@pytest.mark.parametrize(("by", "purpose", "persons", "code"), [
    (" ", "klage", [1], "protection.no-purpose"), ("Anna", "", [1], "protection.no-purpose"),
    ("Anna", "klage", [], "protection.no-persons"),
    ("Anna", "klage", list(range(1_001)), "protection.too-many-persons")])
def test_what_is_not_answered(
    settings: Settings, tmp_path: Path, by: str, purpose: str, persons: list[int], code: str
) -> None:
    with pytest.raises(GevinstError) as fault:
        reidentify(settings.workspace, [tmp_path / "in"], persons, by=by, purpose=purpose)
    assert fault.value.code == code
    assert not (settings.workspace / ACCESS_LOG).exists()


@pytest.mark.parametrize(("typed", "by", "purpose", "code"), [
    (HERE, " ", "indsigt", "protection.no-purpose"), (HERE, "Anna", "", "protection.no-purpose"),
    (" ", "Anna", "indsigt", "protection.no-id")])
def test_a_question_to_the_log_says_who_and_why(
    settings: Settings, typed: str, by: str, purpose: str, code: str
) -> None:
    with pytest.raises(GevinstError) as fault:
        look_ups_of(settings.workspace, typed, by=by, purpose=purpose)
    assert fault.value.code == code
    assert not (settings.workspace / ACCESS_LOG).exists()


def test_without_the_key_nobody_is_found(settings: Settings, tmp_path: Path) -> None:
    (person,) = pseudonyms(settings, HERE)
    settings.key_file.unlink()
    with pytest.raises(GevinstError) as fault:
        reidentify(settings.workspace, [tmp_path / "in"], [person], by="Anna", purpose="klage")
    assert fault.value.code == "workspace.key-missing"


def test_ids_go_to_a_private_file_outside_the_workspace(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "found.csv"
    write_identities(out, [Identity(7, "0101901234")], settings.workspace)
    assert out.read_text(encoding="utf-8-sig") == "person;person_id\n7;0101901234\n"
    assert out.stat().st_mode & 0o777 == 0o600
    for path, code in ((out, "protection.file-exists"), (settings.workspace / "x.csv", "protection.file-in-workspace")):
        with pytest.raises(GevinstError) as fault:
            write_identities(path, [], settings.workspace)
        assert fault.value.code == code


def test_a_file_of_pseudonyms(tmp_path: Path) -> None:
    for text in ("person\n-12\n7\n", "-12\n7", "\ufeff-12\r\n\r\n\"7\"\r\n"):
        (tmp_path / "persons.txt").write_text(text, encoding="utf-8")
        assert persons_in(tmp_path / "persons.txt") == (-12, 7)
    for text in ("-12;7\n", "1\nx\n", "0,5\n"):
        (tmp_path / "persons.txt").write_text(text, encoding="utf-8")
        with pytest.raises(GevinstError) as fault:
            persons_in(tmp_path / "persons.txt")
        assert fault.value.code == "protection.persons-file"
    with pytest.raises(GevinstError):
        persons_in(tmp_path / "none.txt")


def test_a_file_of_a_supplier_gives_its_ids_too(settings: Settings, tmp_path: Path) -> None:
    """A refund file says `CPR nummer`, loses the leading zero, and has commas in its numbers."""
    file = tmp_path / "yr-ydelsesrefusion-beregning2024-01-15.csv"
    file.write_text(
        "Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
        "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb\n"
        "2024-01-01;303501234;Kontanthjælp;Prøvekøbing;1000,00;1000,00;20;200,00;;\n", encoding="utf-8")
    (found,) = looked_up(settings, file, HERE)
    assert found.id == "0303501234"
