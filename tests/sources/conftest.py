"""Fixtures of the intake: a folder from a few texts, read into a private folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gevinst.sources.ingest import read_folder
from gevinst.sources.parts import Supplier
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.report import ImportReport

Contents = str | bytes | pa.Table
TODAY = date(2024, 2, 1)


def write_folder(folder: Path, files: Mapping[str, Contents]) -> Path:
    """Put files in a new folder."""
    folder.mkdir()
    for name, content in files.items():
        if isinstance(content, pa.Table):
            pq.write_table(content, folder / name)
        else:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@dataclass(frozen=True)
class Imported:
    """A report, and the stored tables as lists of rows."""

    report: ImportReport
    folder: Path

    def table(self, name: str) -> pa.Table:
        return pq.read_table(self.folder / f"{name}.parquet")

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        table = self.table(name)
        return [tuple(row[column] for column in columns or table.column_names) for row in table.to_pylist()]

    def rejects(self) -> list[tuple[str, int, str, str]]:
        return [(one.file, one.line, one.column, one.code.removeprefix("intake.row-")) for one in self.report.rejects]

    def notes(self, table: str) -> dict[str, dict[str, str | int]]:
        file = self.report.file(table)
        assert file is not None
        return {one.code.removeprefix("intake."): dict(one.values) for one in file.notes}


Intake = Callable[..., Imported]


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    """`intake({"spells.csv": text, ...})` reads the files; many rejects are allowed unless told otherwise."""
    count = 0

    def read(files: Mapping[str, Contents], *, today: date = TODAY, max_rejected_share: float = 1.0,
             key: bytes = IN_MEMORY_KEY, suppliers: Sequence[Supplier] = (),
             covariates: Collection[str] | None = None) -> Imported:
        nonlocal count
        count += 1
        folder = write_folder(tmp_path / f"in{count}", files)
        target = tmp_path / f"out{count}"
        target.mkdir(mode=0o700)
        try:
            report = read_folder(folder, target, key=key, today=today, suppliers=suppliers,
                                 max_rejected_share=max_rejected_share, threads=1, covariates=covariates)
        except BaseException:
            assert not list(target.iterdir()), "a failed import must leave nothing"
            raise
        return Imported(report, target)

    return read


@pytest.fixture
def spells() -> Callable[..., str]:
    """`spells("1;a-dagpenge;2020-01-01;2020-01-31", ...)`: a file with the four columns that must be there."""

    def text(*rows: str) -> str:
        return "\n".join(["person_id;benefit;start_date;end_date", *rows, ""])

    return text
