from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyarrow.parquet.encryption import create_decryption_properties

from gevinst.backend import Backend, open_duckdb
from gevinst.disk import clear, told_plainly
from gevinst.errors import GevinstError
from gevinst.register.encryption import SEAL_FILE, columns_of, seal_of, unlocking
from gevinst.register.person_tables import open_person_tables
from gevinst.register.reseal import reseal
from gevinst.register.snapshots import covariate_columns, snapshot_as_of, snapshots
from tests.register.protected import GONE, contents, fill, load, make, pseudonyms, say_settings, table, tables


def refused(code: str, folder: Path, backend: Backend) -> None:
    with pytest.raises(GevinstError) as fault:
        open_person_tables(folder, backend)
    assert fault.value.code == code


def test_an_encrypted_snapshot_holds_what_an_open_one_does(tmp_path: Path, duckdb_backend: Backend) -> None:
    (tmp_path / "a").mkdir()
    open_one, closed = make(tmp_path / "a"), make(tmp_path / "b", encrypt_snapshots=True)
    closed.key_file.parent.mkdir()
    files = fill(tmp_path / "in")
    plain = load(open_one, files).folder
    shutil.copy(open_one.key_file, closed.key_file)
    sealed = load(closed, files).folder
    assert plain.name == sealed.name
    assert tables(plain) == tables(sealed)
    assert {path.name for path in sealed.iterdir()} - {path.name for path in plain.iterdir()} == {SEAL_FILE}
    assert {path.stat().st_mode & 0o777 for path in sealed.iterdir()} == {0o400}
    assert columns_of(sealed / "persons.parquet") == columns_of(plain / "persons.parquet")
    assert covariate_columns(sealed) == ("sex",)
    one, other = (open_person_tables(folder, duckdb_backend) for folder in (plain, sealed))
    assert (one.first_week, one.data_horizon) == (other.first_week, other.data_horizon)
    for name in ("spells", "participants", "persons"):
        rows, others = (getattr(opened, name) for opened in (one, other))
        assert duckdb_backend.to_arrow(rows.order_by(rows.columns)) == duckdb_backend.to_arrow(
            others.order_by(rows.columns))
    prices = other.other("prices")
    assert prices is not None
    assert duckdb_backend.to_arrow(prices.count().as_table()).num_rows == 1


def test_no_key_is_used_for_two_files(tmp_path: Path) -> None:
    settings = make(tmp_path, encrypt_snapshots=True)
    files = fill(tmp_path / "in")
    load(settings, files)
    (files / "prices.csv").unlink()
    load(settings, files)
    folders = [one.folder for one in snapshots(settings.workspace)]
    keys = set()
    for folder in folders:
        seal = seal_of(folder)
        assert seal is not None
        assert seal.key.hex() not in repr(seal)
        keys |= {seal.file_key(path) for path in folder.glob("*.parquet")}
    assert len(keys) == 7
    assert settings.snapshot_key_file.stat().st_mode & 0o777 == 0o600
    assert settings.snapshot_key_file.read_bytes() != settings.key_file.read_bytes()


def test_nothing_of_the_tables_can_be_read_without_the_key(tmp_path: Path, duckdb_backend: Backend) -> None:
    settings = make(tmp_path, encrypt_snapshots=True)
    folder = load(settings, fill(tmp_path / "in")).folder
    for path in folder.glob("*.parquet"):
        content = path.read_bytes()
        assert content[:4] == content[-4:] == b"PARE"
        for word in (b"person", b"a-dagpenge", b"kursus", b"replicate"):
            assert word not in content
        with pytest.raises(OSError, match="no decryption"):
            pq.read_metadata(path)
    (person,) = pseudonyms(settings, GONE)
    assert all(person.to_bytes(8, "little", signed=True) not in path.read_bytes() for path in folder.iterdir())
    with pytest.raises(GevinstError) as fault:
        duckdb_backend.read_parquet(folder / "spells.parquet", "closed")
    assert fault.value.code == "protection.locked"


def test_a_copied_workspace_without_its_key_does_not_open(tmp_path: Path, duckdb_backend: Backend) -> None:
    settings = make(tmp_path, encrypt_snapshots=True)
    folder = load(settings, fill(tmp_path / "in")).folder
    shutil.copytree(settings.workspace, tmp_path / "elsewhere" / "workspace")
    copied = tmp_path / "elsewhere" / "workspace" / "snapshots" / folder.name
    refused("protection.snapshot-key-missing", copied, duckdb_backend)


def test_a_wrong_key_a_changed_file_and_a_file_of_another_snapshot(tmp_path: Path, duckdb_backend: Backend) -> None:
    settings = make(tmp_path, encrypt_snapshots=True)
    files = fill(tmp_path / "in")
    folder = load(settings, files).folder
    right = settings.snapshot_key_file.read_bytes()
    settings.snapshot_key_file.write_bytes(bytes(32))
    refused("protection.snapshot-key-wrong", folder, duckdb_backend)
    with pytest.raises(GevinstError) as fault:
        load(settings, files)
    assert fault.value.code == "protection.snapshot-key-wrong"
    settings.snapshot_key_file.write_bytes(right)
    (files / "prices.csv").unlink()
    other = load(settings, files).folder
    spells = folder / "spells.parquet"
    kept = spells.read_bytes()
    spells.chmod(0o600)
    flipped = kept[:-100] + bytes([kept[-100] ^ 1]) + kept[-99:]
    for wrong in ((other / "spells.parquet").read_bytes(), flipped, kept[:50]):
        spells.write_bytes(wrong)
        refused("protection.damaged", folder, duckdb_backend)
    spells.write_bytes(kept)
    seal = folder / SEAL_FILE
    seal.chmod(0o600)
    said = seal.read_text()
    seal.write_text("{")
    refused("protection.damaged", folder, duckdb_backend)
    seal.write_text(said.replace('"format": 1', '"format": 2'))
    refused("intake.manifest-newer", folder, duckdb_backend)
    seal.unlink()
    refused("protection.damaged", folder, duckdb_backend)
    assert open_person_tables(snapshot_as_of(settings.workspace), duckdb_backend).spells is not None


def test_a_changed_byte_anywhere_is_told_as_damage(tmp_path: Path) -> None:
    """At the start or in the middle of reading."""
    folder = load(make(tmp_path, encrypt_snapshots=True), fill(tmp_path / "in")).folder
    spells = folder / "spells.parquet"
    kept = spells.read_bytes()
    spells.chmod(0o600)
    told = {_told_of(spells, kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1:])
            for place in range(0, len(kept), 61)}
    assert told == {"protection.damaged"}


def test_a_table_in_clear_that_is_cut_or_overwritten_is_told_as_damage(tmp_path: Path) -> None:
    folder = load(make(tmp_path), fill(tmp_path / "in")).folder
    spells = folder / "spells.parquet"
    kept = spells.read_bytes()
    spells.chmod(0o600)
    for wrong in (kept[:-50], kept[:40], kept[:4] + bytes(60) + kept[64:], b"no table at all"):
        assert _told_of(spells, wrong) == "protection.damaged"


def _told_of(path: Path, content: bytes) -> str:
    """The code of the error that reading a changed table ends in; nothing where the change cannot be seen."""
    path.write_bytes(content)
    backend = unlocking(open_duckdb(threads=1))
    try:
        backend.to_arrow(backend.read_parquet(path, "spells"))
    except GevinstError as fault:
        return fault.code
    finally:
        backend.close()
    return ""


def test_a_lost_key_of_snapshots_is_not_replaced(tmp_path: Path) -> None:
    settings = make(tmp_path, encrypt_snapshots=True)
    files = fill(tmp_path / "in")
    load(settings, files)
    settings.snapshot_key_file.unlink()
    (files / "prices.csv").unlink()
    before = contents(settings.workspace)
    with pytest.raises(GevinstError) as fault:
        load(settings, files)
    assert fault.value.code == "protection.snapshot-key-missing"
    assert not settings.snapshot_key_file.exists()
    assert contents(settings.workspace) == before


def test_closed_and_laid_open_again(tmp_path: Path) -> None:
    settings = make(tmp_path)
    files = fill(tmp_path / "in")
    folder = load(settings, files).folder
    before, as_rows = contents(folder), tables(folder)
    assert reseal(settings.workspace) == 0
    say_settings(settings, encrypt_snapshots=True)
    assert reseal(settings.workspace) == 1
    assert (folder / SEAL_FILE).exists()
    assert tables(folder) == as_rows
    assert reseal(settings.workspace) == 0
    assert load(settings, files).repeated
    say_settings_off = (settings.workspace / "gevinst.toml").read_text().replace("encrypt_snapshots = true", "")
    (settings.workspace / "gevinst.toml").write_text(say_settings_off)
    assert reseal(settings.workspace) == 1
    assert tables(folder) == as_rows
    assert contents(folder).keys() == before.keys()
    assert contents(folder)["manifest.json"] == before["manifest.json"]
    assert [path.name for path in settings.snapshots.glob(".*")] == [".lock"]


def test_no_table_is_plain_at_any_moment_of_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the intake writes and removes again is looked at before it goes; its engine may not spill."""
    from gevinst.sources import ingest

    settings = make(tmp_path, encrypt_snapshots=True, keep_persons_years=5)
    begins: dict[str, bytes] = {}
    spilling: list[bool] = []

    def seen_first(folder: Path) -> None:
        begins.update({str(path.relative_to(folder.parent)): path.read_bytes()[:4]
                       for path in folder.parent.rglob("*.parquet")})
        clear(folder)

    def opened(**how: Any) -> Backend:
        spilling.append(how["spill"])
        return open_duckdb(**how)

    monkeypatch.setattr(ingest, "clear", seen_first)
    monkeypatch.setattr(ingest, "open_duckdb", opened)
    folder = load(settings, fill(tmp_path / "in")).folder
    assert len(begins) == 8  # staged and finished, of four tables
    assert set(begins.values()) == {b"PARE"}
    assert spilling == [False]
    assert {path.read_bytes()[:4] for path in folder.glob("*.parquet")} == {b"PARE"}
    assert len(tables(folder)["persons"]) == 3


def test_an_engine_that_may_not_spill_says_that_memory_is_short(tmp_path: Path) -> None:
    backend = open_duckdb(threads=1, memory="40MB", spill=False)
    with pytest.raises(GevinstError) as fault, told_plainly(tmp_path):
        backend.connection.con.execute("CREATE TABLE many AS SELECT hash(range) AS a, hash(range + 1) AS b, "
                                       "hash(range + 2) AS c FROM range(5000000) ORDER BY a")
    assert fault.value.code == "protection.no-room-in-memory"
    backend.close()
    assert list(tmp_path.iterdir()) == []


def test_what_an_engine_spills_is_for_its_owner_and_goes_with_it() -> None:
    backend = open_duckdb(threads=1, memory="40MB")
    place = Path(backend.connection.con.sql("SELECT current_setting('temp_directory')").fetchall()[0][0])
    assert place.stat().st_mode & 0o777 == 0o700
    backend.close()
    del backend
    assert not place.exists()


def test_spark_does_not_read_encrypted_tables(tmp_path: Path) -> None:
    settings = make(tmp_path, encrypt_snapshots=True)
    folder = load(settings, fill(tmp_path / "in")).folder
    with pytest.raises(GevinstError) as fault:
        unlocking(Backend("spark", None, session=object())).read_parquet(folder / "spells.parquet", "spells")
    assert fault.value.code == "protection.spark"


def test_the_published_format_can_be_read_with_the_key(tmp_path: Path) -> None:
    """The key of a file is HMAC-SHA256 by the standard library; the rest is Parquet's modular encryption."""
    import hmac
    import json

    settings = make(tmp_path, encrypt_snapshots=True)
    folder = load(settings, fill(tmp_path / "in")).folder
    salt = bytes.fromhex(json.loads((folder / SEAL_FILE).read_text())["salt"])
    said = b"gevinst file key\0" + salt + b"spells.parquet"
    key = hmac.new(settings.snapshot_key_file.read_bytes(), said, "sha256").digest()
    read = pq.read_table(folder / "spells.parquet", decryption_properties=create_decryption_properties(key))
    assert read == table(folder / "spells.parquet")
