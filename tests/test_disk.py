from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from gevinst.backend import open_duckdb
from gevinst.disk import clear, new_private_file, told_plainly, write_private
from gevinst.errors import GevinstError


@pytest.mark.parametrize(("number", "code"), [
    (errno.ENOSPC, "workspace.disk-full"), (errno.EDQUOT, "workspace.disk-full"), (errno.EFBIG, "workspace.disk-full"),
    (errno.EACCES, "workspace.not-writable"), (errno.EROFS, "workspace.not-writable"),
    (errno.EPERM, "workspace.not-writable"), (errno.EIO, "workspace.write-failed"),
])
def test_the_systems_faults_in_plain_words(tmp_path: Path, number: int, code: str) -> None:
    with pytest.raises(GevinstError) as fault, told_plainly(tmp_path):
        raise OSError(number, os.strerror(number))
    assert (fault.value.code, fault.value.where) == (code, str(tmp_path))


def test_the_engines_faults_too_and_without_its_own_words(tmp_path: Path) -> None:
    """DuckDB is asked to write into a folder that is not there; its text names the query's file."""
    backend = open_duckdb(threads=1)
    with pytest.raises(GevinstError) as fault, told_plainly(tmp_path):
        backend.connection.raw_sql(f"COPY (SELECT 'secret' AS a) TO '{tmp_path}/none/secret.parquet'")
    backend.close()
    assert fault.value.code == "workspace.write-failed"
    assert "secret" not in str(fault.value)


def test_other_faults_pass(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), told_plainly(tmp_path):
        raise ZeroDivisionError


def test_a_private_file_is_new_and_the_owners(tmp_path: Path) -> None:
    write_private(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        new_private_file(tmp_path / "a")


def test_a_folder_is_cleared_but_not_what_a_link_in_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "x").touch()
    (folder / "link").symlink_to(tmp_path / "kept")
    clear(folder)
    assert list(folder.iterdir()) == []
    assert (tmp_path / "kept" / "file").exists()
