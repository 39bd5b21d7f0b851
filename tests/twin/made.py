"""Registers to make twins of: canonical tables, stored and opened, and their twins opened the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.csv as pcsv

from gevinst.backend import open_duckdb
from gevinst.parameters.benefits import normalise_benefit
from gevinst.register import bundled
from gevinst.register.business_case import Portfolio
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.synthetic import SyntheticSpec

TODAY = date(2021, 11, 26)
SPEC = SyntheticSpec(seed=3, persons=9_000)


def portfolio() -> Portfolio:
    """The investments of the made-up municipality."""
    return bundled.portfolio("norddjurs-2020-2023")


@contextmanager
def opened(tables: Mapping[str, pa.Table]) -> Iterator[PersonTables]:
    """The tables through the ordinary intake, which must not reject a row."""
    with TemporaryDirectory() as scratch:
        files, stored = Path(scratch, "files"), Path(scratch, "stored")
        files.mkdir()
        stored.mkdir()
        for name, table in tables.items():
            pcsv.write_csv(table, files / f"{name}.csv", pcsv.WriteOptions(quoting_style="needed"))
        report = read_folder(files, stored, key=IN_MEMORY_KEY, today=TODAY, benefit_of=normalise_benefit)
        assert not report.rejects
        backend = open_duckdb(scratch=stored)
        try:
            yield open_person_tables(stored, backend)
        finally:
            backend.close()
