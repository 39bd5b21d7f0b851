"""What a computation rests on, found and laid beside each other: change one thing, and run it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gevinst.backend import open_duckdb
from gevinst.follow_up.edition import Edition, InputFile
from gevinst.language import Language, speaking
from gevinst.parameters.local import open_book
from gevinst.pipeline import run
from gevinst.register.business_case import Portfolio
from gevinst.register.data_quality_workspace import measured_quality
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.run_options import RunOptions
from gevinst.settings import Settings
from gevinst.sources.manifest import read_manifest
from gevinst.sources.online.published import FetchedCurves, not_imported
from gevinst.sources.report import FileReport, Note
from gevinst.tables import PUBLISHED_CURVES

if TYPE_CHECKING:
    import ibis.expr.types as ir

NOT_PERSONS = ("investments", "postings", "prices", "published_counts", "published_curves", "suspensions")
"""Tables whose rows are about no person."""
PRICES = "prices"
GUESSED = 26
"""Rows of a file of persons under which its checksum gives it away.

One who knows the persons and the columns does not know which week of half a year: five bits a row, and 128 are needed.
"""


@dataclass(frozen=True)
class Basis:
    """Everything a computation rests on.

    `options` are those of the run, without what comes from the data. `local` is the folder of the workspace's own
    parameters and `national` that of national ones as an earlier program had them (None: this program's). `snapshot`
    None leaves the persons out. `horizon` looks back: the snapshot as far as that day. `prices_from` takes the local
    prices of another snapshot.
    """

    settings: Settings
    portfolio: Portfolio
    options: RunOptions
    snapshot: Path | None = None
    fetched: FetchedCurves = field(default_factory=FetchedCurves)
    local: Path | None = None
    national: Path | None = None
    as_of: datetime | None = None
    horizon: date | None = None
    prices_from: Path | None = None


@dataclass(frozen=True)
class _OtherPrices(PersonTables):
    """Person tables whose local prices are those of another snapshot."""

    prices: Path = field(default_factory=Path)

    def other(self, name: str) -> ir.Table | None:
        if name != PRICES:
            return super().other(name)
        path = self.prices / f"{PRICES}.parquet"
        return self.backend.read_parquet(path, "prices_of_another") if path.exists() else None


def compute(basis: Basis, *, with_quality: bool = False) -> Edition:
    """The edition of a basis; `with_quality` also says what the persons' data are worth. Raises the stages' errors."""
    book = open_book(basis.local, national=basis.national)
    options, settings = basis.options, basis.settings
    if basis.snapshot is None:
        return run(basis.portfolio, None, book, options)
    manifest = read_manifest(basis.snapshot)
    inputs = input_files(manifest.files, options.language, options.rules.threshold, manifest.mark)
    options = replace(options, inputs=inputs, key_id=manifest.key_id)
    backend = open_duckdb(threads=settings.engine_threads, memory=settings.engine_memory)
    try:
        tables = open_person_tables(
            basis.snapshot, backend, lag_weeks=settings.reporting_lag_weeks, horizon=basis.horizon)
        if basis.prices_from is not None:
            tables = _OtherPrices(**vars(tables), prices=basis.prices_from)
        options = _with_fetched(basis, tables, options)
        if with_quality:
            with speaking(options.language):
                quality = measured_quality(
                    settings, as_of=basis.as_of, folder=basis.snapshot, parameters=basis.local)
            options = replace(options, quality=quality)
        return run(basis.portfolio, tables, book, options)
    finally:
        backend.close()


def _with_fetched(basis: Basis, tables: PersonTables, options: RunOptions) -> RunOptions:
    """The options with the fetched published curves that the import does not hold, and their files."""
    imported = tables.other(PUBLISHED_CURVES.name)
    rows = [] if imported is None else tables.backend.to_arrow(imported).to_pylist()
    fetched = not_imported(basis.fetched, rows)
    files = tuple(InputFile(one.name, one.sha256, one.rows, one.rows, 0, persons=False) for one in fetched.results)
    return replace(options, inputs=(*options.inputs, *files), fetched_curves=fetched.rows)


def input_files(
    files: tuple[FileReport, ...], language: Language, smallest: int = 0,
    mark: Callable[[str], str] | None = None,
) -> tuple[InputFile, ...]:
    """The files of an import as the edition names them; numbers below `smallest` in notes on persons are withheld.

    `mark` makes of the checksum of a file of few persons what may be told of it; without, it is told as it is.
    """
    return tuple(
        InputFile(
            file.name,
            file.sha256 if mark is None or not _guessed(file) else mark(file.sha256),
            file.rows,
            file.accepted,
            file.rejected,
            tuple(_withheld(note, 0 if file.table in NOT_PERSONS else smallest).text(language) for note in file.notes),
            file.table not in NOT_PERSONS,
            mark is not None and _guessed(file),
            file.table,
        )
        for file in files
    )


def _guessed(file: FileReport) -> bool:
    """Whether a file's checksum is found by trying all that it may hold."""
    return file.table not in NOT_PERSONS and file.rows < GUESSED


def _withheld(note: Note, smallest: int) -> Note:
    """The note with small numbers, which may be of few persons, as `under 5`."""
    return Note(note.code, tuple(
        (name, f"under {smallest}" if isinstance(value, int) and 0 < value < smallest else value)
        for name, value in note.values
    ))
