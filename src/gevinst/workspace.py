"""A workspace at work: its record, its newest snapshot and its parameters, through the pipeline to a published edition.

workspace/
  gevinst.toml   settings
  gevinst.db     the record (or a PostgreSQL server, as the settings say)
  snapshots/     what each import stored
  parameters/    local values of law and price
  editions/      the memos, a folder each
  downloads/     published figures, as `gevinst fetch` got them
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from gevinst.backend import open_duckdb
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.released import earlier_editions
from gevinst.follow_up.edition import Edition, InputFile
from gevinst.language import Language, speaking
from gevinst.parameters.local import open_book
from gevinst.pipeline import RunOptions, run
from gevinst.publish import publish
from gevinst.register.business_case import Portfolio
from gevinst.register.data_quality_workspace import workspace_quality
from gevinst.register.ledger_rules_file import workspace_rules
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.register.protocol import protocol_records
from gevinst.register.snapshots import first_data_moment, snapshot_as_of
from gevinst.register.store import open_store
from gevinst.settings import Settings, load_settings
from gevinst.sources.manifest import read_manifest
from gevinst.sources.online.published import fetched_curves, not_imported
from gevinst.sources.report import FileReport, Note
from gevinst.tables import PUBLISHED_CURVES
from gevinst.weeks import today

EDITIONS = "editions"
NOT_PERSONS = ("investments", "postings", "prices", "published_counts", "published_curves", "suspensions")
"""Tables whose rows are about no person."""


@dataclass(frozen=True)
class Published:
    """An edition and the folder its files lie in."""

    edition: Edition
    folder: Path


def run_workspace(
    workspace: Path,
    *,
    portfolio_key: str | None = None,
    memo_date: date | None = None,
    as_of: datetime | None = None,
    language: Language | None = None,
    letterhead: bytes | None = None,
    recorded_only: bool = False,
) -> Published:
    """Run the whole computation and publish the memo.

    `as_of` reads record and snapshot as they were then. `recorded_only` leaves the persons out. Raises
    `run.no-portfolio`, `run.which-portfolio` and the errors of every stage; a memo is published whole or not at all.
    """
    settings = load_settings(workspace)
    portfolio = chosen_portfolio(settings, portfolio_key, as_of)
    book = open_book(settings.parameters)
    day = memo_date or today()
    options = RunOptions(
        memo_date=day,
        created=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        language=language or settings.language,
        replicates=settings.replicates,
        seed=settings.seed,
        small_cell_threshold=settings.small_cell_threshold,
        small_cell_rules=settings.small_cell_rules,
        small_cell_rounding=settings.small_cell_rounding,
        earlier=earlier_editions(settings.workspace / EDITIONS, portfolio.key),
        minimum_participants=settings.minimum_participants,
        synthetic=settings.synthetic,
        letterhead="" if letterhead is None else hashlib.sha256(letterhead).hexdigest(),
    )
    if recorded_only:
        edition = run(portfolio, None, book, options)
    else:
        edition = _with_persons(settings, portfolio, as_of, _sealed(settings, portfolio, as_of, options))
    return Published(edition, publish(edition, settings.workspace / EDITIONS, letterhead=letterhead))


def _with_persons(settings: Settings, portfolio: Portfolio, as_of: datetime | None, options: RunOptions) -> Edition:
    folder = snapshot_as_of(settings.workspace, as_of)
    manifest = read_manifest(folder)
    inputs = input_files(manifest.files, options.language, options.rules.threshold)
    rules = workspace_rules(settings.workspace)
    terms = options.ledger_terms if rules is None else rules.terms
    options = replace(options, inputs=inputs, key_id=manifest.key_id, ledger_terms=terms)
    backend = open_duckdb(
        threads=settings.engine_threads, memory=settings.engine_memory, spill=not settings.encrypt_snapshots
    )
    try:
        tables = open_person_tables(folder, backend, lag_weeks=settings.reporting_lag_weeks)
        options = _with_fetched(settings, tables, as_of, options)
        with speaking(options.language):
            options = replace(options, quality=workspace_quality(settings.workspace, as_of=as_of, folder=folder))
        return run(portfolio, tables, open_book(settings.parameters), options)
    finally:
        backend.close()


def _with_fetched(
    settings: Settings, tables: PersonTables, as_of: datetime | None, options: RunOptions
) -> RunOptions:
    """The options with the published curves fetched by `as_of` that the import does not hold, and their files."""
    imported = tables.other(PUBLISHED_CURVES.name)
    rows = [] if imported is None else tables.backend.to_arrow(imported).to_pylist()
    fetched = not_imported(fetched_curves(settings.workspace, as_of), rows)
    files = tuple(InputFile(one.name, one.sha256, one.rows, one.rows, 0, persons=False) for one in fetched.results)
    return replace(options, inputs=(*options.inputs, *files), fetched_curves=fetched.rows)


def _sealed(settings: Settings, portfolio: Portfolio, as_of: datetime | None, options: RunOptions) -> RunOptions:
    """The options with when each protocol was fixed and changed, and when persons' data were first loaded."""
    store = open_store(settings.store_url)
    try:
        records = protocol_records(store, portfolio.key, as_of)
    finally:
        store.close()
    return replace(options, protocols=records, first_data=first_data_moment(settings.workspace))


def chosen_portfolio(settings: Settings, key: str | None, as_of: datetime | None = None) -> Portfolio:
    """The portfolio asked for, or the only one there is."""
    store = open_store(settings.store_url)
    try:
        keys = [portfolio.key for portfolio in store.portfolios()]
        if not keys:
            raise GevinstError("run.no-portfolio", where=str(settings.workspace))
        if key is None and len(keys) > 1:
            raise GevinstError("run.which-portfolio", keys=", ".join(sorted(keys)))
        return store.portfolio(key or keys[0], as_of)
    finally:
        store.close()


def input_files(files: tuple[FileReport, ...], language: Language, smallest: int = 0) -> tuple[InputFile, ...]:
    """The files of an import as the edition names them; numbers below `smallest` in notes on persons are withheld."""
    return tuple(
        InputFile(
            file.name,
            file.sha256,
            file.rows,
            file.accepted,
            file.rejected,
            tuple(_withheld(note, 0 if file.table in NOT_PERSONS else smallest).text(language) for note in file.notes),
            file.table not in NOT_PERSONS,
        )
        for file in files
    )


def _withheld(note: Note, smallest: int) -> Note:
    """The note with small numbers, which may be of few persons, as `under 5`."""
    return Note(note.code, tuple(
        (name, f"under {smallest}" if isinstance(value, int) and 0 < value < smallest else value)
        for name, value in note.values
    ))
