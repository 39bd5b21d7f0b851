from __future__ import annotations

import os
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.keys import create_key, destroy_key, load_key, previous_key_file, replace_key


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def refused(code: str, path: Path, workspace: Path, *, create: bool = False) -> None:
    with pytest.raises(GevinstError) as fault:
        (create_key if create else load_key)(path, workspace)
    assert fault.value.code == code


def test_a_new_key_is_random_and_private(tmp_path: Path, workspace: Path) -> None:
    one = create_key(tmp_path / "keys" / "a.key", workspace)
    other = create_key(tmp_path / "keys" / "b.key", workspace)
    assert len(one) == 32
    assert one != other
    assert load_key(tmp_path / "keys" / "a.key", workspace) == one
    assert (tmp_path / "keys" / "a.key").stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path, workspace: Path) -> None:
    key = create_key(tmp_path / "a.key", workspace)
    refused("workspace.key-exists", tmp_path / "a.key", workspace, create=True)
    assert load_key(tmp_path / "a.key", workspace) == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_key_that_others_can_read(tmp_path: Path, workspace: Path, mode: int) -> None:
    create_key(tmp_path / "a.key", workspace)
    (tmp_path / "a.key").chmod(mode)
    refused("workspace.key-open", tmp_path / "a.key", workspace)


def test_a_key_inside_the_workspace_also_by_way_of_a_link(tmp_path: Path, workspace: Path) -> None:
    refused("workspace.key-in-workspace", workspace / "a.key", workspace, create=True)
    refused("workspace.key-in-workspace", tmp_path / "x" / ".." / "workspace" / "a.key", workspace)
    (tmp_path / "link").symlink_to(workspace)
    refused("workspace.key-in-workspace", tmp_path / "link" / "a.key", workspace)


def test_a_key_that_is_gone_cut_short_or_a_folder(tmp_path: Path, workspace: Path) -> None:
    refused("workspace.key-missing", tmp_path / "none.key", workspace)
    (tmp_path / "a.key").write_bytes(os.urandom(31))
    (tmp_path / "a.key").chmod(0o600)
    refused("workspace.key-damaged", tmp_path / "a.key", workspace)
    (tmp_path / "folder").mkdir(mode=0o700)
    refused("workspace.key-unreadable", tmp_path / "folder", workspace)


def test_a_key_takes_the_place_of_another_that_is_kept(tmp_path: Path, workspace: Path) -> None:
    path = tmp_path / "a.key"
    old = create_key(path, workspace)
    replace_key(path, bytes(32))
    assert load_key(path, workspace) == bytes(32)
    assert load_key(previous_key_file(path), workspace) == old
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.key", "a.key.previous", "workspace"]
    with pytest.raises(GevinstError) as fault:
        replace_key(path, bytes(range(32)))
    assert fault.value.code == "protection.previous-key"
    assert load_key(path, workspace) == bytes(32)
    destroy_key(previous_key_file(path))
    destroy_key(previous_key_file(path))  # what is gone is gone
    previous_key_file(path).write_bytes(bytes(32))  # left by a change that stopped before the key was replaced
    replace_key(path, bytes(range(32)))
    assert load_key(path, workspace) == bytes(range(32))


def test_a_destroyed_key_is_overwritten_first(tmp_path: Path, workspace: Path) -> None:
    path, linked = tmp_path / "a.key", tmp_path / "same-blocks"
    key = create_key(path, workspace)
    linked.hardlink_to(path)
    path.chmod(0o400)
    destroy_key(path)
    assert not path.exists()
    assert len(linked.read_bytes()) == 32
    assert linked.read_bytes() != key


def test_the_error_of_a_missing_key_can_be_anothers(tmp_path: Path, workspace: Path) -> None:
    with pytest.raises(GevinstError) as fault:
        load_key(tmp_path / "none", workspace, missing="protection.snapshot-key-missing")
    assert fault.value.code == "protection.snapshot-key-missing"
