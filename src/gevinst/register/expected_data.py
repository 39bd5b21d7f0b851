"""What the cases of the record need of a delivery and it does not have: told at the import, not first at the memo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gevinst.backend import Backend, open_duckdb
from gevinst.parameters.benefits import Benefit
from gevinst.parameters.local import open_book
from gevinst.register.business_case import FollowedBy, Investment, Portfolio, Status
from gevinst.register.consistency import KEY
from gevinst.register.encryption import unlocking
from gevinst.register.snapshots import covariate_columns, holds_persons
from gevinst.settings import Settings
from gevinst.sources.cells import is_word, shown
from gevinst.sources.report import Note, note

if TYPE_CHECKING:
    import ibis.expr.types as ir

LISTED = 10
FOLLOWED = (Status.RUNNING, Status.STOPPED)


def missing_data(folder: Path, portfolios: Iterable[Portfolio], settings: Settings) -> tuple[Note, ...]:
    """What the delivery in `folder` lacks for the investments followed by curves; only whether, never how many.

    And investments that participants name and no case has: a wrong column may have been read, such as one of names.
    Of a case that runs or was stopped: participants under its key, spells of its target group's benefit, and the
    columns of `persons` that its protocol matches on. One without persons lacks nothing: it is not meant for curves.
    """
    every = [(portfolio, case) for portfolio in portfolios for case in portfolio.investments]
    cases = [(portfolio, case) for portfolio, case in every
             if case.followed_by is FollowedBy.CURVES and case.target_group.benefit and case.status in FOLLOWED]
    if not holds_persons(folder):
        return ()
    backend = unlocking(open_duckdb(threads=settings.engine_threads, memory=settings.engine_memory,
                                    spill=not settings.encrypt_snapshots))  # fmt: skip
    try:
        took_part = _words(folder / "participants.parquet", "investment", backend)
        benefits = _words(folder / "spells.parquet", "benefit", backend)
    finally:
        backend.close()
    columns, known = covariate_columns(folder), open_book(settings.parameters).benefits
    lacking = [one for portfolio, case in cases
               for one in _lacking(portfolio, case, took_part, benefits, columns, known)]
    return (*_strangers(took_part, {case.key for _, case in every}), *lacking)


def _strangers(took_part: frozenset[str], keys: set[str]) -> Iterable[Note]:
    """Investments that no case has; where there are no cases yet, those that are not written as a key is."""
    unknown = sorted(took_part - keys if keys else {text for text in took_part if not is_word(text)})
    if unknown:
        told = [shown(text) for text in unknown if is_word(text) and KEY.fullmatch(text)][:LISTED]
        yield note("intake.unknown-investments", number=len(unknown), named=", ".join(told) or "–")


def _lacking(
    portfolio: Portfolio, case: Investment, took_part: frozenset[str], benefits: frozenset[str],
    columns: tuple[str, ...], known: Mapping[str, Benefit],
) -> Iterable[Note]:
    named = {"portfolio": portfolio.key, "case": case.number}
    if case.key not in took_part:
        yield note("intake.needs-participants", **named, key=case.key)
    if case.target_group.benefit not in benefits:
        yield note("intake.needs-benefit", **named, **_name(case.target_group.benefit, known))
    absent = [name for name in case.protocol.match_on if name not in columns]
    if absent:
        yield note("intake.needs-columns", **named, columns=", ".join(absent))


def _name(key: str, known: Mapping[str, Benefit]) -> dict[str, str]:
    """A benefit's name by language; the key itself where no list has it."""
    one = known.get(key)
    return {"benefit_da": key if one is None else one.da, "benefit_en": key if one is None else one.en}


def _words(path: Path, column: str, backend: Backend) -> frozenset[str]:
    """The different words of a column; none where there is no such table."""
    if not path.exists():
        return frozenset()
    table: ir.Table = backend.read_parquet(path, f"needed_{path.stem}")
    return frozenset(str(row[column]) for row in backend.to_arrow(table.select(column).distinct()).to_pylist())
