from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.register import rekey as module
from gevinst.register.access_log import look_ups
from gevinst.register.journal import journal
from gevinst.register.key_care import destroy, keys_of, mark_of
from gevinst.register.lock import sole_use
from gevinst.register.reidentify import look_ups_of, reidentify
from gevinst.register.rekey import new_pseudonyms, rotate_key
from gevinst.register.snapshots import first_data_moment, snapshots
from gevinst.settings import Settings
from gevinst.sources.keys import previous_key_file
from gevinst.sources.manifest import read_manifest
from gevinst.sources.pseudonym import Pseudonymiser, key_id, normalise_id
from tests.register.protected import (
    BACK,
    EVERYBODY,
    GONE,
    HERE,
    MOMENT,
    contents,
    copied,
    fill,
    load,
    make,
    pseudonyms,
    tables,
)


@pytest.fixture(scope="module")
def twice_loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Workspaces with two snapshots."""
    places = {}
    for kind, encrypted in (("open", False), ("encrypted", True)):
        places[kind] = tmp_path_factory.mktemp(kind)
        made, files = make(places[kind], encrypt_snapshots=encrypted), fill(places[kind] / "in")
        load(made, files)
        (files / "prices.csv").unlink()
        load(made, files, MOMENT + timedelta(days=1))
    return places


@pytest.fixture(params=["open", "encrypted"])
def settings(request: pytest.FixtureRequest, twice_loaded: dict[str, Path], tmp_path: Path) -> Settings:
    return copied(twice_loaded[request.param], tmp_path)


@pytest.fixture
def open_settings(twice_loaded: dict[str, Path], tmp_path: Path) -> Settings:
    return copied(twice_loaded["open"], tmp_path)


def refused(code: str, settings: Settings, *extracts: Path, **how: bool) -> GevinstError:
    before, keys = contents(settings.workspace), contents(settings.key_file.parent)
    with pytest.raises(GevinstError) as fault:
        rotate_key(settings.workspace, extracts, **how)
    assert fault.value.code == code
    assert str(fault.value)
    assert contents(settings.workspace) == before
    assert contents(settings.key_file.parent) == keys
    return fault.value


def as_if_imported(rows: dict[str, list[dict[str, object]]], new_of: dict[object, int]) -> dict[str, list[str]]:
    """Rows with their persons renamed, in an order of no meaning."""
    return {name: sorted(str({**row, "person": new_of[row["person"]]} if "person" in row else row) for row in found)
            for name, found in rows.items()}


def test_everybody_gets_a_new_name_and_nothing_else_changes(settings: Settings, tmp_path: Path) -> None:
    old_key = settings.key_file.read_bytes()
    before = [(one.taken, tables(one.folder), read_manifest(one.folder)) for one in snapshots(settings.workspace)]
    old = pseudonyms(settings, *EVERYBODY)
    done = rotate_key(settings.workspace, [tmp_path / "in"])
    assert (done.snapshots, done.persons, done.dropped) == (2, 5, 0)
    new_key = settings.key_file.read_bytes()
    assert (done.old_key_id, done.new_key_id) == (key_id(old_key), key_id(new_key))
    assert previous_key_file(settings.key_file).read_bytes() == old_key
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    new_of: dict[object, int] = dict(zip(old, pseudonyms(settings, *EVERYBODY), strict=True))
    assert not set(new_of) & set(new_of.values())
    now = snapshots(settings.workspace)
    assert [one.taken for one in now] == [taken for taken, *_ in before]
    for one, (_, rows, manifest) in zip(now, before, strict=True):
        found = tables(one.folder)
        assert as_if_imported(rows, new_of) == {name: sorted(map(str, held)) for name, held in found.items()}
        for name in ("spells", "persons", "participants"):  # an order that stayed would tell who is who
            persons = [int(str(row["person"])) for row in found[name]]
            assert persons == sorted(persons)
        assert read_manifest(one.folder).key_id == done.new_key_id
        assert read_manifest(one.folder).files == manifest.files
        assert {path.stat().st_mode & 0o777 for path in one.folder.iterdir()} == {0o400}
    assert [path.name for path in settings.snapshots.glob(".*")] == [".lock"]
    assert load(settings, tmp_path / "in", MOMENT + timedelta(days=2)).repeated
    assert [entry["event"] for entry in journal(settings).entries()] == ["import", "import", "head-made", "rotate-key"]


def test_the_pairs_are_those_of_the_two_keys(tmp_path: Path) -> None:
    fill(tmp_path / "in")
    keys = [bytes([number]) * 32 for number in (1, 2)]
    found = new_pseudonyms([tmp_path / "in", tmp_path / "in" / "spells.csv"], keys[0], keys[1])
    plain = [normalise_id(one) for one in EVERYBODY]
    old, new = (Pseudonymiser(key).identify(plain).person.tolist() for key in keys)
    assert dict(zip(found.old.tolist(), found.new.tolist(), strict=True)) == dict(zip(old, new, strict=True))
    assert found.of([old[2], 5]) == {old[2]: new[2]}


def test_persons_that_no_extract_holds(settings: Settings, tmp_path: Path) -> None:
    part = tmp_path / "part.csv"
    part.write_text("cpr;navn\n" + "".join(f"{one};x\n" for one in EVERYBODY if one not in (GONE, BACK)))
    fault = refused("protection.rekey-missing", settings, part)
    assert "2 af 5" in fault.message("da").what
    lost = set(pseudonyms(settings, GONE, BACK))
    assert rotate_key(settings.workspace, [part], drop_missing=True).dropped == 2
    for one in snapshots(settings.workspace):
        rows = tables(one.folder)
        assert Counter(name for name, held in rows.items() for row in held if "person" in row) == {
            "spells": 3, "participants": 1, "persons": 3}
        assert not lost & {row["person"] for held in rows.values() for row in held if "person" in row}
        (said,) = [note for note in read_manifest(one.folder).notes if note.code == "protection.rekeyed-without"]
        assert dict(said.values) == {"persons": 2}


def test_what_a_change_of_key_refuses(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused("protection.no-ids", settings, tmp_path / "empty")
    (tmp_path / "prices.csv").write_text("benefit;year;dkk_per_week\na-dagpenge;2020;4000\n")
    refused("protection.no-ids", settings, tmp_path / "prices.csv")
    (tmp_path / "in" / "ids.txt").write_text("ignored")
    settings_key = settings.key_file.read_bytes()
    settings.key_file.write_bytes(bytes(32))
    refused("workspace.key-wrong", settings, tmp_path / "in")
    settings.key_file.unlink()
    refused("workspace.key-missing", settings, tmp_path / "in")
    settings.key_file.write_bytes(settings_key)
    settings.key_file.chmod(0o600)
    rotate_key(settings.workspace, [tmp_path / "in"])
    refused("protection.previous-key", settings, tmp_path / "in")
    destroy(settings.workspace, "previous", mark_of(settings.workspace, "previous"))
    rotate_key(settings.workspace, [tmp_path / "in"])


@pytest.mark.parametrize("step", ["rewrite", "replace_key"])
def test_a_fault_before_the_key_is_changed_changes_nothing(
    open_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    settings = open_settings
    real, calls = getattr(module, step), []

    def fails(*given: object) -> object:
        calls.append(given)
        if len(calls) == (2 if step == "rewrite" else 1):
            raise GevinstError("workspace.disk-full")
        return real(*given)

    monkeypatch.setattr(module, step, fails)
    refused("workspace.disk-full", settings, tmp_path / "in")
    assert load(settings, tmp_path / "in", MOMENT + timedelta(days=2)).repeated


@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_a_death_after_the_key_is_changed_is_made_good_by_the_next(
    open_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """The process dies at each rename of the snapshots' exchange in turn."""
    settings = open_settings
    taken, real, calls = [one.taken for one in snapshots(settings.workspace)], Path.rename, []

    def dies(path: Path, target: Path) -> Path:
        if path.parent.name.startswith(".rekeyed") or target.name.startswith(".gone"):
            calls.append(path)
            if len(calls) > after:
                raise SystemExit
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies)
        if after < 4:
            with pytest.raises(SystemExit):
                rotate_key(settings.workspace, [tmp_path / "in"])
        else:
            rotate_key(settings.workspace, [tmp_path / "in"])
    with sole_use(settings):
        pass
    found = snapshots(settings.workspace)
    assert [one.taken for one in found] == taken
    assert {read_manifest(one.folder).key_id for one in found} == {key_id(settings.key_file.read_bytes())}
    assert [path.name for path in settings.snapshots.glob(".*")] == [".lock"]
    assert load(settings, tmp_path / "in", MOMENT + timedelta(days=2)).repeated


def test_who_was_looked_up_can_still_ask_after_a_change_of_key(settings: Settings, tmp_path: Path) -> None:
    (old,) = pseudonyms(settings, HERE)
    reidentify(settings.workspace, [tmp_path / "in"], [old], by="A", purpose="klage")
    rotate_key(settings.workspace, [tmp_path / "in"])
    (new,) = pseudonyms(settings, HERE)
    reidentify(settings.workspace, [tmp_path / "in"], [new], by="B", purpose="tilsyn")
    destroy(settings.workspace, "previous", mark_of(settings.workspace, "previous"))
    rotate_key(settings.workspace, [tmp_path / "in"])
    asked = {"by": "C", "purpose": "indsigt"}
    assert [one.by for one in look_ups_of(settings.workspace, HERE, **asked)] == ["A", "B"]
    assert look_ups_of(settings.workspace, GONE, **asked) == ()
    assert [one.person for one in look_ups(settings) if not one.asked] == [old, new]


def test_a_destroyed_key_is_overwritten_gone_and_named_so(settings: Settings, tmp_path: Path) -> None:
    key = settings.key_file.read_bytes()
    linked = tmp_path / "same-blocks"
    linked.hardlink_to(settings.key_file)
    mark = mark_of(settings.workspace, "pseudonyms")
    assert mark == key_id(key)
    with pytest.raises(GevinstError) as fault:
        destroy(settings.workspace, "pseudonyms", "yes")
    assert fault.value.code == "protection.not-confirmed"
    assert settings.key_file.read_bytes() == key
    destroy(settings.workspace, "pseudonyms", f" {mark} ")
    assert not settings.key_file.exists()
    assert linked.read_bytes() != key
    assert {one.which: one.state for one in keys_of(settings.workspace)}["pseudonyms"] == "missing"
    with pytest.raises(GevinstError) as fault:
        load(settings, tmp_path / "in")
    assert fault.value.code == "protection.key-destroyed"
    for which in ("pseudonyms", "previous"):
        with pytest.raises(GevinstError) as fault:
            mark_of(settings.workspace, which)
        assert fault.value.code == "protection.no-key"
    assert first_data_moment(settings.workspace) == MOMENT
    shutil.rmtree(settings.key_file.parent)
    assert len(snapshots(settings.workspace)) == 2
