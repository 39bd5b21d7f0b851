"""The archive: the same bytes for the same files, and nothing unpacked that leads out of its folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from gevinst.audit import archive
from gevinst.audit.archive import packed, unpacked, write_archive
from gevinst.errors import GevinstError

FILES = {"b/c.txt": b"two", "a.txt": b"one" * 1000}


def written(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members:
            member = zipfile.ZipInfo("x")
            member.filename = name
            made.writestr(member, content)
    return path


def test_in_order_without_times_for_the_owner_only() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(FILES))) as made:
        assert made.namelist() == ["a.txt", "b/c.txt"]
        for member in made.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert member.external_attr >> 16 == 0o100600
            assert not member.extra
            assert not member.comment


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    write_archive(packed(FILES), path)
    assert unpacked(path) == FILES
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["one.zip"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    path.write_text("mine")
    with pytest.raises(GevinstError) as raised:
        write_archive(packed(FILES), path)
    assert raised.value.code == "package.exists"
    assert path.read_text() == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["one.zip"]


def test_a_drive_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(archive.os, "link", fails)
    write_archive(packed(FILES), tmp_path / "one.zip")
    assert unpacked(tmp_path / "one.zip") == FILES
    (tmp_path / "two.zip").write_text("mine")
    with pytest.raises(GevinstError) as raised:
        write_archive(packed(FILES), tmp_path / "two.zip")
    assert raised.value.code == "package.exists"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "two.zip"]
    assert (tmp_path / "two.zip").read_text() == "mine"


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", fails)
    with pytest.raises(GevinstError) as raised:
        write_archive(packed(FILES), tmp_path / "one.zip")
    assert raised.value.code == "workspace.disk-full"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../out", "/out", "a/../../out", "a\\b", "c:out", "a//b", "./a", "folder/"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(GevinstError) as raised:
        unpacked(written(tmp_path / "one.zip", [("a", b""), (name, b"")]))
    assert raised.value.code == "package.unreadable"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GevinstError) as raised:
        unpacked(written(tmp_path / "one.zip", [("a", b"1"), ("a", b"2")]))
    assert raised.value.code == "package.unreadable"


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "one.zip", [("a", b"12345")])
    monkeypatch.setattr(archive, "LARGEST", 4)
    with pytest.raises(GevinstError) as raised:
        unpacked(path)
    assert raised.value.code == "package.unreadable"


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not an archive")
    whole = packed(FILES)
    (tmp_path / "cut.zip").write_bytes(whole[:-30])
    (tmp_path / "spoilt.zip").write_bytes(whole[:40] + b"\xff" * 8 + whole[48:])
    for name in ("text.zip", "cut.zip", "spoilt.zip"):
        with pytest.raises(GevinstError) as raised:
            unpacked(tmp_path / name)
        assert raised.value.code == "package.unreadable", name
    with pytest.raises(GevinstError) as raised:
        unpacked(tmp_path / "none.zip")
    assert raised.value.code == "package.missing"
