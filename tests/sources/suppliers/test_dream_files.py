from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gevinst.errors import GevinstError
from gevinst.sources.suppliers import dream_files
from gevinst.sources.suppliers.dream_cells import OddCells
from gevinst.sources.suppliers.dream_files import Batch, Wanted, WideCsv, WideFile, WideParquet, checksum

WEEKS = ["y_2401", "y_2402", "y_2403", "y_2404"]
EXPECTED = [[111, 0, 0, 730], [0, 0, 0, 0], [999, 999, 999, 999]]


def batches(file: WideFile, odd: OddCells | None = None) -> list[Batch]:
    wanted = Wanted(tuple(file.names.index(week) for week in WEEKS), {"person_id": file.names.index("lobenr")})
    return list(file.batches(wanted, OddCells() if odd is None else odd))


def rows_of(found: Sequence[Batch]) -> tuple[list[int], list[str | None], list[list[int]]]:
    return (np.concatenate([one.lines for one in found]).tolist(),
            [text for one in found for text in one.others["person_id"].to_pylist()],
            np.concatenate([one.codes for one in found], axis=1).T.tolist())


CSV = "lobenr,kon,y_2402,y_2401,y_2403,y_2404\nA,1,,111,,730\nB,2,,,,\nC,1,999,999,999,999\n"


@pytest.mark.parametrize("text", [
    CSV, CSV.replace(",", ";"), CSV.replace(",", "\t"), CSV.replace("\n", "\r\n"), "\n\n" + CSV,
    CSV.replace("111", "111.0"), CSV.replace("111", " 111 "), CSV.replace("999", '"999"'),
    CSV.replace(",,,,", ", ,.,NA,   "), CSV.replace(",", ";").replace("111", "111,0"),
    CSV.replace("\nB", "\n\nB"), CSV.removesuffix("\n"),
], ids=range(12))
@pytest.mark.parametrize("piece", [24, 16 << 20])
def test_a_text_file_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, piece: int,
) -> None:
    monkeypatch.setattr(dream_files, "PIECE", piece)
    path = tmp_path / "dream.csv"
    path.write_bytes(text.encode())
    file = WideCsv(path)
    lines, ids, codes = rows_of(found := batches(file))
    assert ids == ["A", "B", "C"]
    assert codes == EXPECTED
    before = text.replace("\r\n", "\n").split("\n")
    assert [before[line - 1][0] for line in lines] == ids
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found[-1].done == file.total == len(text.encode()) or "\r" in text or not text.endswith("\n")


@pytest.mark.parametrize(("encoding", "told"), [("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-8-sig", "utf-8-sig")])
def test_a_text_file_in_another_encoding(tmp_path: Path, encoding: str, told: str) -> None:
    path = tmp_path / "dream.csv"
    path.write_bytes(CSV.replace("B", "Bæ").encode(encoding))
    file = WideCsv(path)
    assert rows_of(batches(file))[1] == ["A", "Bæ", "C"]
    assert file.encoding == told


def test_rows_that_are_no_records_are_handed_on(tmp_path: Path) -> None:
    path = tmp_path / "dream.csv"
    path.write_text(CSV + "D,1,111\nE,1,,,,730\n")
    found = batches(WideCsv(path))
    assert rows_of(found)[1] == ["A", "B", "C", "E"]
    assert [(one.line, one.fault.name, one.fields) for batch in found for one in batch.unread] == [(5, "RAGGED", 3)]


@pytest.mark.parametrize("cell", ["-73", "7x3", "70000", "111.5"])
def test_odd_cells_of_a_text_file(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "dream.csv"
    path.write_text(CSV.replace("730", cell))
    odd = OddCells()
    assert rows_of(batches(WideCsv(path), odd))[2] == [[111, 0, 0, -1], *EXPECTED[1:]]
    assert odd.word(-1) == cell


def test_a_text_file_without_a_line(tmp_path: Path) -> None:
    path = tmp_path / "dream.csv"
    path.write_text("\n \n")
    with pytest.raises(GevinstError) as fault:
        WideCsv(path)
    assert fault.value.code == "intake.empty-file"


COLUMNS: list[list[Any]] = [[111, None, 999], [None, None, 999], [None, None, 999], [730, None, 999]]


@pytest.mark.parametrize("kind", [
    pa.int16(), pa.int64(), pa.float64(), pa.float32(), pa.string(), pa.dictionary(pa.int8(), pa.string()),
], ids=str)
@pytest.mark.parametrize("cells", [4, 1 << 20])
def test_a_parquet_file_however_it_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any, cells: int,
) -> None:
    monkeypatch.setattr(dream_files, "CELLS", cells)
    path = tmp_path / "dream.parquet"
    columns = [pa.array(values, pa.int64()).cast(pa.string() if pa.types.is_dictionary(kind) else kind)
               for values in COLUMNS]
    columns = [column.dictionary_encode() if pa.types.is_dictionary(kind) else column for column in columns]
    pq.write_table(pa.table({"lobenr": ["A", "B", "C"], **dict(zip(WEEKS, columns, strict=True))}), path)
    file = WideParquet(path)
    found = batches(file)
    assert rows_of(found) == ([1, 2, 3], ["A", "B", "C"], EXPECTED)
    assert len(found) == (3 if cells == 4 else 1)
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found[-1].done == file.total == 3


def test_ids_that_became_floats(tmp_path: Path) -> None:
    path = tmp_path / "dream.parquet"
    pq.write_table(pa.table({"lobenr": [1.0, 2.0, None], **dict(zip(WEEKS, COLUMNS, strict=True))}), path)
    assert rows_of(batches(WideParquet(path)))[1] == ["1", "2", None]


def test_a_parquet_column_of_lists(tmp_path: Path) -> None:
    path = tmp_path / "dream.parquet"
    pq.write_table(pa.table({"lobenr": ["A"], **{week: [[111]] for week in WEEKS}}), path)
    with pytest.raises(GevinstError) as fault:
        batches(WideParquet(path))
    assert (fault.value.code, fault.value.values["column"]) == ("intake.column-type", "y_2401")


def test_a_parquet_file_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "dream.parquet"
    table = pa.table({"lobenr": [str(number) for number in range(5000)], **{week: [111] * 5000 for week in WEEKS}})
    pq.write_table(table, path, compression="none", use_dictionary=False)
    content = bytearray(path.read_bytes())
    whole = bytes(content)
    content[4:20000] = bytes(19996)
    path.write_bytes(content)
    with pytest.raises(GevinstError) as fault:
        batches(WideParquet(path))
    assert fault.value.code == "intake.parquet"
    path.write_bytes(whole[:-200])
    with pytest.raises(GevinstError) as fault:
        WideParquet(path)
    assert fault.value.code == "intake.parquet"


@pytest.mark.parametrize("column", ["lobenr", "y_2402"])
def test_a_parquet_file_with_text_that_is_no_text(tmp_path: Path, column: str) -> None:
    path = tmp_path / "dream.parquet"
    table = pa.table({"lobenr": ["A"], **{week: ["111"] for week in WEEKS}})
    bad = pa.array([b"\xf9"]).view(pa.string())
    pq.write_table(table.set_column(table.column_names.index(column), column, bad), path)
    with pytest.raises(GevinstError) as fault:
        batches(WideParquet(path))
    assert fault.value.code == "intake.parquet"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "dream.parquet"
    pq.write_table(pa.table({"lobenr": ["A"]}), path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(pq, "ParquetFile", refuse)
    for read in (checksum, WideParquet):
        with pytest.raises(GevinstError) as fault:
            read(path)
        assert fault.value.code == "intake.unreadable-file"
