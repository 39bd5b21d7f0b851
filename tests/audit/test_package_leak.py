"""No person's id, pseudonym or key, and no place of the machine, stands in any byte of a package or a twin.

The program runs as it is installed on a register full of made-up ids (`test_no_leak.py`); then a package is made.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pyarrow.parquet as pq
import pytest

from tests.leak_inputs import full_of_ids
from tests.leak_run import Run, run_all
from tests.leaks import layers


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    sandbox, inputs = tmp_path_factory.mktemp("sandbox"), tmp_path_factory.mktemp("inputs")
    at = ["-w", str(sandbox / "workspace")]
    portfolio = str(sandbox / "portfolio.xlsx")
    find = "import sys; from pathlib import Path; sys.argv[3] = next(Path(sys.argv[5]).glob('editions/[0-9a-f]*')).name"
    return run_all(sandbox, [
        (["new", at[1], "--municipality", "Prøveby", "--code", "999"], ""),
        (["import", str(full_of_ids(inputs / "good")), *at], ""),
        (["portfolio", "export", "aarhus-2021-2024", portfolio, "--bundled"], ""),
        (["portfolio", "import", portfolio, *at, "--author", "controller"], ""),
        (["run", *at, "--date", "2024-03-01", "--as", "controller"], ""),
        (["reidentify", str(inputs / "good"), *at, "--person", "1", "--by", "Anna", "--purpose", "klage",
          "--out", str(sandbox / "found.csv")], ""),
        (["twin", "--snapshot", "newest", *at, "--out", str(sandbox / "twin")], ""),
        (["audit", "package", "the edition", *at, "--out", str(sandbox / "package.zip")], find),
    ])


def searched(ran: Run) -> Iterator[tuple[str, bytes]]:
    """Every byte of the twin and of the package, what is packed in its members too."""
    for path in (ran.sandbox / "package.zip", *sorted((ran.sandbox / "twin").rglob("*"))):
        if path.is_file():
            yield from ((f"{path.name}{where}", data) for where, data in layers(path) if isinstance(data, bytes))


def test_both_were_made(ran: Run) -> None:
    assert ran.codes == [0] * 8, ran.said
    with zipfile.ZipFile(io.BytesIO((ran.sandbox / "package.zip").read_bytes())) as archive:
        assert {"twin/model.json", "edition/memo.pdf", "twin/memo/memo.docx"} <= set(archive.namelist())
    assert len(list(searched(ran))) > 100, "memos are packed in the package, and text and pictures in them"


def test_no_id_stands_in_any_byte(ran: Run) -> None:
    assert [where for where, data in searched(ran) if ran.search.hit(data)] == []
    assert ran.search.folder(ran.sandbox) == [], "nor in what was written and removed on the way"


def test_no_pseudonym_stands_in_any_byte(ran: Run) -> None:
    """As a number or in base sixteen."""
    (snapshot,) = (ran.sandbox / "workspace" / "snapshots").glob("2*")
    found = pq.read_table(snapshot / "spells.parquet")["person"].unique().to_pylist()
    assert len(found) > 1_000
    plain = {str(abs(one)).encode() for one in found}
    coded = {f"{one & (1 << 64) - 1:016x}".encode() for one in found}
    for where, data in searched(ran):
        assert not plain.intersection(re.findall(rb"[0-9]{15,19}", data)), where
        runs = re.findall(rb"[0-9a-f]{16,}", data)
        assert not coded.intersection(run[at : at + 16] for run in runs for at in range(len(run) - 15)), where


def test_no_key_and_no_place_stands_in_any_byte(ran: Run) -> None:
    key = bytes(range(32))
    words = [key, key.hex().encode(), str(ran.sandbox).encode(), b"/tmp/", b"/home/", b"gevinst.db", b"pseudonym.key"]
    for where, data in searched(ran):
        for word in words:
            assert word not in data, (where, word)
