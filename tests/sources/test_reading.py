from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gevinst.errors import GevinstError
from gevinst.sources.reading import open_source, read_ahead
from gevinst.sources.records import Rows
from gevinst.tables import PERSONS, PRICES


def rows_of(path: Path, contract: Any, piece: int = 1 << 20) -> tuple[list[int], list[dict[str, Any]], str]:
    source = open_source(path, contract, piece=piece)
    lines: list[int] = []
    cells: list[dict[str, Any]] = []
    for rows in source.rows():
        lines += rows.lines.tolist()
        cells += rows.cells.to_pylist()
    return lines, cells, source.sha256


def code_of(path: Path) -> str:
    with pytest.raises(GevinstError) as fault:
        rows_of(path, PRICES)
    assert fault.value.where.startswith(path.name)
    return fault.value.code


@pytest.mark.parametrize("piece", [1, 10, 1 << 20])
def test_a_text_file_with_blank_lines_before_the_header(tmp_path: Path, piece: int) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("\n\nbenefit;year;dkk_per_week\nsu;2020;\n\nsu;2021;5")
    lines, cells, checksum = rows_of(path, PRICES, piece)
    assert lines == [4, 6]
    assert cells == [{"benefit": "su", "year": "2020", "dkk_per_week": None},
                     {"benefit": "su", "year": "2021", "dkk_per_week": "5"}]
    assert checksum == hashlib.sha256(path.read_bytes()).hexdigest()


def test_parquet_rows_are_numbered_from_one_across_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gevinst.sources.reading.PARQUET_ROWS", 3)
    path = tmp_path / "persons.parquet"
    pq.write_table(pa.table({"person_id": range(8), "smoker": [True, None] * 4, "x": [1.5, 2.0, float("nan"), None] * 2,
                             "none": pa.nulls(8)}), path)
    lines, cells, checksum = rows_of(path, PERSONS)
    assert lines == list(range(1, 9))
    assert [row["person_id"] for row in cells] == [str(number) for number in range(8)]
    assert [(row["smoker"], row["x"], row["none"]) for row in cells[:4]] == [
        ("1", "1.5", None), (None, "2", None), ("1", None, None), (None, None, None)]
    assert checksum == hashlib.sha256(path.read_bytes()).hexdigest()


def test_parquet_columns_that_hold_no_plain_values(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    pq.write_table(pa.table({"benefit": [["su"]], "year": [2020], "dkk_per_week": [1]}), path)
    assert code_of(path) == "intake.column-type"


def test_a_parquet_file_cut_short_in_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    pq.write_table(pa.table({"benefit": ["su"] * 5000, "year": range(5000), "dkk_per_week": [1] * 5000}), path)
    content = bytearray(path.read_bytes())
    content[10:2000] = bytes(1990)
    path.write_bytes(content)
    assert code_of(path) == "intake.parquet"


@pytest.mark.parametrize("damaged", [b"sygedagpenge", b"benefit"])
def test_a_parquet_file_whose_texts_or_names_are_not_utf_8(damaged: bytes, tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    rows = pa.table({"benefit": ["sygedagpenge"] * 9, "year": range(9), "dkk_per_week": [1] * 9})
    pq.write_table(rows, path, compression="none", use_dictionary=False)
    path.write_bytes(path.read_bytes().replace(damaged, damaged[:-1] + b"\xff"))
    assert code_of(path) == "intake.parquet"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's refusal is put in its place, because root is never refused."""
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for name in ("prices.csv", "prices.parquet"):
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(Path, "open", refuse)
    assert code_of(tmp_path / "prices.csv") == "intake.unreadable-file"
    assert code_of(tmp_path / "prices.parquet") == "intake.unreadable-file"
    monkeypatch.setattr(Path, "is_file", refuse)
    assert code_of(tmp_path / "prices.csv") == "intake.unreadable-file"


def test_reading_ahead_keeps_the_order_and_hands_on_the_fault() -> None:
    def rows() -> Iterator[Rows]:
        for number in range(4):
            yield Rows(np.array([number]), pa.table({"a": ["x"]}))
        raise GevinstError("intake.encoding")

    seen: list[int] = []
    with pytest.raises(GevinstError):
        seen.extend(int(one.lines[0]) for one in read_ahead(rows()))
    assert seen == [0, 1, 2, 3]
