"""A workspace at work: its record, its newest snapshot and its parameters, through the pipeline to a published edition.

workspace/
  gevinst.toml   settings
  gevinst.db     the record (or a PostgreSQL server, as the settings say)
  snapshots/     what each import stored
  parameters/    local values of law and price
  editions/      the memos, a folder each; their states are in the record
  downloads/     published figures, as `gevinst fetch` got them
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from gevinst.checksums import sha256_of
from gevinst.editions.basis import Basis, compute
from gevinst.editions.compare import Side, since_last
from gevinst.editions.earlier import earlier_said
from gevinst.editions.recipe import parameter_files, seal
from gevinst.editions.states import EDITIONS, enter, latest_published, mark_of_draft, person, published_record
from gevinst.errors import GevinstError
from gevinst.follow_up.calendar_file import read_calendar
from gevinst.follow_up.edition import Correction, Edition
from gevinst.follow_up.lineage_since import with_since_last
from gevinst.follow_up.status_rules import StatusRules
from gevinst.language import Language
from gevinst.publish import publish
from gevinst.register.business_case import Portfolio
from gevinst.register.edition_log import EditionRecord
from gevinst.register.expected_data import missing_data
from gevinst.register.ledger_rules import LedgerTerms
from gevinst.register.ledger_rules_file import workspace_rules
from gevinst.register.protocol import protocol_records
from gevinst.register.snapshots import first_data_moment, import_folder, snapshot_as_of
from gevinst.register.store import Version, open_store
from gevinst.report.one_page_next import next_dates
from gevinst.run_options import RunOptions
from gevinst.settings import Settings, load_settings
from gevinst.sources.cells import without_cpr
from gevinst.sources.online.published import fetched_curves, results
from gevinst.sources.report import ImportReport
from gevinst.tables import PUBLISHED_COUNTS, PUBLISHED_CURVES
from gevinst.weeks import today


@dataclass(frozen=True)
class Published:
    """An edition and the folder its files lie in."""

    edition: Edition
    folder: Path


@dataclass(frozen=True)
class Asked:
    """What is asked for beside the record and the data; what is left out is as the workspace says.

    `corrects` is a published edition that the new one corrects, and `reason` why. `by` is the author, when it is
    another than the operating system's user.
    """

    portfolio_key: str | None = None
    memo_date: date | None = None
    as_of: datetime | None = None
    language: Language | None = None
    letterhead: bytes | None = None
    recorded_only: bool = False
    by: str | None = None
    corrects: str | None = None
    reason: str = ""


def run_workspace(
    workspace: Path,
    *,
    portfolio_key: str | None = None,
    memo_date: date | None = None,
    as_of: datetime | None = None,
    language: Language | None = None,
    letterhead: bytes | None = None,
    recorded_only: bool = False,
    by: str | None = None,
) -> Published:
    """Run the whole computation and write the memo as a draft.

    `as_of` reads record and snapshot as they were then. `recorded_only` leaves the persons out. Raises
    `run.no-portfolio`, `run.which-portfolio` and the errors of every stage; a memo is written whole or not at all.
    """
    return run_asked(load_settings(workspace), Asked(
        portfolio_key, memo_date, as_of, language, letterhead, recorded_only, by))


def correct_edition(workspace: Path, corrects: str, reason: str, asked: Asked) -> Published:
    """A new edition that corrects a published one, of the same portfolio and, unless asked otherwise, memo date.

    Raises `edition.no-reason`, `edition.not-published`, `edition.unknown` and the errors of `run_workspace`.
    """
    if not reason.strip():
        raise GevinstError("edition.no-reason", edition=corrects)
    settings = load_settings(workspace)
    record = published_record(settings, corrects)
    return run_asked(settings, replace(asked, portfolio_key=record.portfolio, corrects=record.key,
                                       reason=without_cpr(reason), memo_date=asked.memo_date or record.memo_date))


def import_delivery(workspace: Path, folder: Path, *, keep: bool = True) -> ImportReport:
    """Import a folder, and note what the cases of the record need that it does not have. Raises as `import_folder`.

    Of the persons' further columns those are stored that a case's protocol matches on or the settings name.
    """
    settings = load_settings(workspace)
    with open_store(settings.store_url) as store:
        portfolios = [store.portfolio(one.key) for one in store.portfolios()]
    asked = {name for one in portfolios for case in one.investments for name in case.protocol.match_on}
    return import_folder(workspace, folder, keep=keep, covariates=asked,
                         look=lambda stored: missing_data(stored, portfolios, settings))


def run_asked(settings: Settings, asked: Asked) -> Published:
    """The edition asked for, written and entered as a draft."""
    editions = settings.workspace / EDITIONS
    portfolio, version = _chosen(settings, asked.portfolio_key, asked.as_of)
    since = latest_published(settings, portfolio.key)
    if since is not None and since.memo_date > (asked.memo_date or today()):
        since = None  # "last time" would be later than this memo
    basis = _basis(settings, portfolio, asked, since)
    said_before, earlier = earlier_said(settings, portfolio.key)
    basis = replace(basis, options=replace(basis.options, earlier=earlier))
    edition = compute(basis, with_quality=not asked.recorded_only)
    author = person(asked.by)
    folder = editions / edition.id
    if not folder.exists():
        kept = parameter_files(settings)
        recipe = seal(basis, version, said_before, kept)
        if since is not None:
            edition = with_since_last(edition, since_last(
                settings, editions / since.key, Side.of(edition, basis, recipe), edition.language))
        folder = publish(edition, editions, letterhead=asked.letterhead, mark=mark_of_draft(author, basis.options),
                         recipe=recipe, beside=kept,
                         coming=next_dates(read_calendar(settings.workspace), edition.memo_date, portfolio.key))
    correction = edition.correction
    enter(settings, folder, EditionRecord(
        edition.id, portfolio.key, edition.memo_date, author.name, correction.corrects if correction else "",
        correction.reason if correction else ""), author)
    return Published(edition, folder)


def basis_asked(settings: Settings, asked: Asked) -> Basis:
    """What a computation asked for rests on, when nothing of it is to be written; it hides what a memo would hide.

    Raises as `run_workspace`.
    """
    portfolio = chosen_portfolio(settings, asked.portfolio_key, asked.as_of)
    basis = _basis(settings, portfolio, asked, None)
    return replace(basis, options=replace(basis.options, earlier=earlier_said(settings, portfolio.key)[1]))


def _basis(settings: Settings, portfolio: Portfolio, asked: Asked, since: EditionRecord | None) -> Basis:
    day = asked.memo_date or today()
    options = RunOptions(
        memo_date=day,
        created=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        language=asked.language or settings.language,
        replicates=settings.replicates,
        seed=settings.seed,
        small_cell_threshold=settings.small_cell_threshold,
        small_cell_rules=settings.small_cell_rules,
        small_cell_rounding=settings.small_cell_rounding,
        minimum_participants=settings.minimum_participants,
        synthetic=settings.synthetic,
        status_rules=StatusRules.of(vars(settings)),
        partial_open=read_calendar(settings.workspace).partial_open,
        letterhead="" if asked.letterhead is None else sha256_of(asked.letterhead),
        since="" if since is None else since.key,
        correction=_correction(settings, asked),
    )
    basis = Basis(settings, portfolio, options, local=settings.parameters, as_of=asked.as_of)
    if asked.recorded_only:
        return basis
    with open_store(settings.store_url) as store:
        protocols = protocol_records(store, portfolio.key, asked.as_of)
    rules = workspace_rules(settings.workspace)
    options = replace(options, protocols=protocols, first_data=first_data_moment(settings.workspace),
                      ledger_terms=LedgerTerms() if rules is None else rules.terms)
    return replace(basis, options=options, snapshot=snapshot_as_of(settings.workspace, asked.as_of),
                   fetched=fetched_curves(settings.workspace, asked.as_of),
                   as_of=asked.as_of or _last_fetched(settings))


def _last_fetched(settings: Settings) -> datetime | None:
    """When something published was fetched last: what is fetched later is not what the edition rests on."""
    made = (one.made for table in (PUBLISHED_CURVES, PUBLISHED_COUNTS) for one in results(settings.workspace, table))
    return max(made, default=None)


def _correction(settings: Settings, asked: Asked) -> Correction | None:
    if asked.corrects is None:
        return None
    record = published_record(settings, asked.corrects)
    return Correction(record.key, record.memo_date, " ".join(asked.reason.split()))


def chosen_portfolio(settings: Settings, key: str | None, as_of: datetime | None = None) -> Portfolio:
    """The portfolio asked for, or the only one there is."""
    return _chosen(settings, key, as_of)[0]


def _chosen(settings: Settings, key: str | None, as_of: datetime | None) -> tuple[Portfolio, Version]:
    """The portfolio with the version it was read as."""
    with open_store(settings.store_url) as store:
        keys = [portfolio.key for portfolio in store.portfolios()]
        if not keys:
            raise GevinstError("run.no-portfolio", where=str(settings.workspace))
        if key is None and len(keys) > 1:
            raise GevinstError("run.which-portfolio", keys=", ".join(sorted(keys)))
        portfolio = store.portfolio(key or keys[0], as_of)
        versions = [one for one in store.history(portfolio.key) if as_of is None or one.saved_at <= as_of]
        return portfolio, versions[-1]
