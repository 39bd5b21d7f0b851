from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.manifest import Manifest, read_manifest, write_manifest
from gevinst.sources.pseudonym import key_id, salt_of
from gevinst.sources.report import FilePart, FileReport, note

MANIFEST = Manifest(
    datetime(2024, 2, 1, 12, 30, tzinfo=UTC), "0.1.0", "abc", date(2020, 1, 1), None,
    (FileReport("spells.csv", "spells", "ff", 10, 9, 1, 2, 3, 4, (note("intake.open-ends", rows=2),),
                (("intake.row-future", 1),), (FilePart("spells.csv", "ff", 10, 1, "canonical"),)),),
    (note("intake.files-ignored", files="a.xlsx"),), "ee")


def test_it_reads_what_it_wrote(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path) == MANIFEST
    assert (tmp_path / "manifest.json").stat().st_mode & 0o777 == 0o600


def test_one_written_before_files_had_parts_is_read(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    said = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    del said["files"][0]["parts"]
    (tmp_path / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    assert read_manifest(tmp_path).files == (replace(MANIFEST.files[0], parts=()),)


def test_the_fingerprint_is_of_all_but_the_time() -> None:
    assert replace(MANIFEST, created=datetime(2025, 1, 1, tzinfo=UTC)).fingerprint == MANIFEST.fingerprint
    others = [replace(MANIFEST, key_id="abd"), replace(MANIFEST, rejects_sha256="ef"), replace(MANIFEST, files=()),
              replace(MANIFEST, program="0.2.0")]
    assert len({one.fingerprint for one in [MANIFEST, *others]}) == 5


def test_the_salt_goes_into_what_is_told_and_older_manifests_have_none(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    assert "salt" not in (tmp_path / "manifest.json").read_text(encoding="utf-8")
    salted = replace(MANIFEST, salt=salt_of(b"k" * 32))
    (tmp_path / "manifest.json").unlink()
    write_manifest(tmp_path, salted)
    assert read_manifest(tmp_path) == salted
    other = replace(MANIFEST, salt=salt_of(b"q" * 32))
    assert len({one.fingerprint for one in (MANIFEST, salted, other)}) == 3
    assert len({one.mark("ff") for one in (MANIFEST, salted, other)}) == 3
    assert salted.mark("ff") == replace(salted, files=()).mark("ff") != salted.mark("fe")
    assert MANIFEST.mark("ff") == MANIFEST.mark("fe") == "–"
    assert salt_of(b"k" * 32) != key_id(b"k" * 32)


@pytest.mark.parametrize(("change", "code"), [
    (lambda said: said | {"format": 2}, "intake.manifest-newer"),
    (lambda said: {"format": 1}, "intake.manifest-damaged"),
    (lambda said: said | {"files": [{"name": "x"}]}, "intake.manifest-damaged"),
    (lambda said: said | {"created": "i går"}, "intake.manifest-damaged"),
    (lambda said: [], "intake.manifest-damaged"),
])
def test_a_manifest_that_cannot_be_used(tmp_path: Path, change: object, code: str) -> None:
    write_manifest(tmp_path, MANIFEST)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        read_manifest(tmp_path)
    assert fault.value.code == code


def test_a_manifest_cut_short_or_gone(tmp_path: Path) -> None:
    with pytest.raises(GevinstError) as fault:
        read_manifest(tmp_path)
    assert fault.value.code == "intake.no-manifest"
    (tmp_path / "manifest.json").write_bytes(b'{"format": 1, "cre\xff')
    with pytest.raises(GevinstError) as fault:
        read_manifest(tmp_path)
    assert fault.value.code == "intake.manifest-damaged"
