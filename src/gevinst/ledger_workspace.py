"""A workspace's ledger: reconciled, its rules held against it, and its postings that belong to no investment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gevinst.backend import Backend, open_duckdb
from gevinst.errors import GevinstError
from gevinst.follow_up.realised import last_complete_year
from gevinst.follow_up.reconciliation import LedgerCheck
from gevinst.ledger import POSTINGS, deliveries, ledger_check
from gevinst.money import CURRENT, Amount
from gevinst.parameters.local import open_book
from gevinst.register.business_case import Portfolio
from gevinst.register.encryption import unlocking
from gevinst.register.ledger_rules import LedgerRules, LedgerTerms, RuleUse, rule_use
from gevinst.register.ledger_rules_file import workspace_rules
from gevinst.register.person_tables import open_person_tables
from gevinst.register.snapshots import holds_persons, snapshot_as_of
from gevinst.settings import Settings, load_settings
from gevinst.sources.suppliers.opus_account import Account, read_account
from gevinst.sources.suppliers.opus_rows import NOT_OURS
from gevinst.weeks import sunday
from gevinst.workspace import chosen_portfolio

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class WorkspaceLedger:
    """The reconciliation of a workspace. `until` is the last day of the persons' data, None where there are none;
    `use` is how the rules fare, None where there are no rules or they rest on texts that are not stored;
    `strangers` are investments that the rules speak of and the portfolio does not have."""

    portfolio: Portfolio
    check: LedgerCheck
    until: date | None = None
    rules: LedgerRules | None = None
    use: RuleUse | None = None
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class LoosePosting:
    """A posting that belongs to no investment of the portfolio; `investment` is what it names, if any."""

    account: str
    day: date
    investment: str
    amount: Amount


def workspace_ledger(workspace: Path, portfolio: str | None = None, as_of: datetime | None = None) -> WorkspaceLedger:
    """Reconcile the newest snapshot's ledger, or that of a day; nothing is suppressed, it is for the workspace's own.

    Raises `ledger.no-postings` where the snapshot has none, and the errors of workspace, record, rules and snapshots.
    """
    with _opened(workspace, portfolio, as_of) as (settings, chosen, folder, postings, backend):
        rules = workspace_rules(settings.workspace)
        terms = LedgerTerms() if rules is None else rules.terms
        book = open_book(settings.parameters)
        tables = None
        if holds_persons(folder):
            tables = open_person_tables(folder, backend, lag_weeks=settings.reporting_lag_weeks)
        delivered = None if tables is None else deliveries(chosen, tables)
        last = None if tables is None else last_complete_year(tables.data_horizon)
        check = ledger_check(chosen, postings, backend, delivered, last, book, terms)
        until = None if tables is None else sunday(tables.data_horizon)
        if rules is None:
            return WorkspaceLedger(chosen, check, until)
        strangers = sorted(set(rules.named()) - {case.key for case in chosen.investments})
        return WorkspaceLedger(chosen, check, until, rules, _use(rules, postings, backend), tuple(strangers))


def loose_postings(
    workspace: Path, portfolio: str | None = None, as_of: datetime | None = None
) -> tuple[LoosePosting, ...]:
    """Every posting of no investment of the portfolio, by account and day. Raises as `workspace_ledger`."""
    with _opened(workspace, portfolio, as_of) as (_, chosen, _, postings, backend):
        known = [*(case.key for case in chosen.investments), NOT_OURS]
        loose = postings.filter(postings.investment.isnull() | ~postings.investment.isin(known))
        return tuple(sorted(
            LoosePosting(row["account"] or "", row["date"], row["investment"] or "",
                         Amount.dkk(row["amount_dkk"], CURRENT))
            for row in backend.to_arrow(loose).to_pylist()))


@contextmanager
def _opened(
    workspace: Path, portfolio: str | None, as_of: datetime | None
) -> Iterator[tuple[Settings, Portfolio, Path, ir.Table, Backend]]:
    settings = load_settings(workspace)
    chosen = chosen_portfolio(settings, portfolio, as_of)
    folder = snapshot_as_of(settings.workspace, as_of)
    path = folder / f"{POSTINGS}.parquet"
    if not path.exists():
        raise GevinstError("ledger.no-postings", where=str(folder))
    backend = unlocking(open_duckdb(
        threads=settings.engine_threads, memory=settings.engine_memory, spill=not settings.encrypt_snapshots
    ))
    try:
        yield settings, chosen, folder, backend.read_parquet(path, POSTINGS), backend
    finally:
        backend.close()


def _use(rules: LedgerRules, postings: ir.Table, backend: Backend) -> RuleUse | None:
    rows: Sequence[dict[str, Any]] = backend.to_arrow(postings).to_pylist()
    if any(rule.texts for rule in rules.rules) and not any(row["text"] for row in rows):
        return None
    return rule_use(rules, [
        (read_account(row["account"] or "") or Account(), row["text"] or "", row["date"],
         int(row["amount_dkk"] * 100), row["investment"]) for row in rows])
