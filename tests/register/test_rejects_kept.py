"""The list of rejects follows its snapshot: gone with it, and without anybody's words beside encrypted tables."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from gevinst.register.deletion import carry_out
from gevinst.register.reseal import reseal
from gevinst.register.snapshots import snapshots
from gevinst.sources.manifest import read_manifest
from tests.register.protected import HERE, MOMENT, fill, load, make, say_settings

WORD = "Karensdatter"


def delivery(place: Path) -> Path:
    folder = fill(place)
    with (folder / "spells.csv").open("a", encoding="utf-8") as file:
        file.write(f"{HERE};{WORD};2020-01-06;\n" + f"{HERE};a-dagpenge;2020-01-06;\n" * 20)
    return folder


def listed(snapshot: Path) -> bytes:
    content = (snapshot / "rejects.csv").read_bytes()
    assert read_manifest(snapshot).rejects_sha256 == hashlib.sha256(content).hexdigest()
    return content


def test_what_is_sealed_again_loses_the_words_that_were_refused(tmp_path: Path) -> None:
    settings = make(tmp_path)
    report = load(settings, delivery(tmp_path / "in"))
    assert [one.value for one in report.rejects] == [WORD]
    assert WORD.encode() in listed(report.folder)
    say_settings(settings, encrypt_snapshots=True)
    assert reseal(settings.workspace) == 1
    (only,) = snapshots(settings.workspace)
    assert WORD.encode() not in listed(only.folder)
    assert b"intake.row-unknown-benefit" in listed(only.folder)
    assert not any(WORD.encode() in path.read_bytes() for path in settings.workspace.rglob("*") if path.is_file())


def test_an_encrypted_import_lists_no_words(tmp_path: Path) -> None:
    settings = make(tmp_path, encrypt_snapshots=True)
    report = load(settings, delivery(tmp_path / "in"))
    assert [one.value for one in report.rejects] == [WORD], "it is still told"
    assert WORD.encode() not in listed(report.folder)
    assert load(settings, tmp_path / "in").repeated


@pytest.mark.parametrize("encrypted", [False, True])
def test_the_list_goes_with_its_snapshot(tmp_path: Path, encrypted: bool) -> None:
    settings = make(tmp_path, encrypt_snapshots=encrypted, keep_snapshots_months=1)
    folder = delivery(tmp_path / "in")
    old = load(settings, folder).folder
    (folder / "prices.csv").unlink()
    later = MOMENT + timedelta(days=90)
    new = load(settings, folder, later).folder
    carry_out(settings.workspace, clock=lambda: later)
    assert [*settings.workspace.rglob("rejects.csv")] == [new / "rejects.csv"]
    assert not old.exists()
