"""Survival curves: shares by week. Without relapse they may not rise; with relapse they may; all begin at a hundred."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from gevinst.lint.additive import Lane, columns_of, rows_of
from gevinst.lint.model import Memo, Table
from gevinst.register.findings import Finding, Severity
from gevinst.register.printed_tables import PrintedCell

_WEEK = re.compile(
    r"^(?:(?:uge|week|måned|month)\s*)?(\d{1,3})\.?(?:\s*(?:uger?|weeks?|mdr\.?|måneder|months?))?$", re.IGNORECASE)
_TIME = re.compile(r"\b(?:uger?|weeks?|måned\w*|months?|mdr)\b", re.IGNORECASE)
_CURVE = re.compile(r"overlevelse|survival|\bandel|\bshare|kurve|curve|stadig på|still on", re.IGNORECASE)
_WITHOUT = re.compile(r"(?:uden|u\.)\s+tilbagefald|without\s+relapse|kaplan-meier", re.IGNORECASE)
_WITH = re.compile(r"(?:med|m\.)\s+tilbagefald|with\s+relapse|occupation", re.IGNORECASE)
_NOT_A_CURVE = re.compile(r"antal|number|95|fra\b|til\b|from\b|to\b|forskel|difference|interval", re.IGNORECASE)
_HUNDRED = Decimal(100)
_LEAST = 4


def findings(memo: Memo) -> Iterator[Finding]:
    """Curves that rise where they may not, or do not begin at a hundred."""
    for table in memo.tables:
        said = " ".join([table.caption, *table.near[:6], *table.context[-2:], *table.notes])
        if not _CURVE.search(f"{said} {' '.join(column.name for column in table.columns)}"):
            continue
        for weeks, lanes in _series(table):
            for lane in lanes:
                yield from _judged(weeks, lane, said)


def weeks_of(table: Table) -> list[int] | None:
    """The weeks that the columns stand for, or `None`."""
    return _weeks([column.path[-1] if column.path else "" for column in table.columns],
                  " ".join([*table.corner, *(part for column in table.columns for part in column.path)]))


def _series(table: Table) -> Iterator[tuple[list[int], list[Lane]]]:
    """The curves of a table: a row each under a header of weeks, or a column each beside labels of weeks."""
    across = weeks_of(table)
    rows = [row for row in rows_of(table) if not row.section]
    if across:
        yield across, rows
        return
    down = _weeks([row.name for row in rows], " ".join(table.corner))
    if down:
        yield down, [lane for lane in columns_of(table) if not _NOT_A_CURVE.search(lane.name)]


def _weeks(names: Sequence[str], said: str) -> list[int] | None:
    found = [_WEEK.match(name) for name in names]
    weeks = [int(each[1]) for each in found if each]
    rising = len(weeks) == len(names) >= _LEAST and all(a < b for a, b in pairwise(weeks))
    return weeks if rising and _TIME.search(said) else None


def _judged(weeks: Sequence[int], lane: Lane, said: str) -> Iterator[Finding]:
    values = [(week, cell) for week, cell in zip(weeks, lane.cells, strict=True) if cell.value is not None]
    if len(values) < 2 or not all(0 <= cell.nought <= _HUNDRED for _, cell in values):
        return
    first_week, first = values[0]
    if first_week == 0 and first.nought != _HUNDRED and first.nought != 1:
        yield Finding("lint.curve-start", Severity.WARNING, first.where, {"cell": first.text, "right": _HUNDRED})
    without = bool(_WITHOUT.search(lane.name)) or (bool(_WITHOUT.search(said)) and not _WITH.search(said))
    if not without and _WITH.search(f"{lane.name} {said}"):
        return
    for (_, before), (week, cell) in pairwise(values):
        if cell.nought > before.nought:
            yield _rise(lane, before, cell, week, without=without)


def _rise(lane: Lane, before: PrintedCell, cell: PrintedCell, week: int, *, without: bool) -> Finding:
    values = {"label": lane.name, "cell": cell.text, "before": before.text, "week": week}
    if without:
        return Finding("lint.curve-rises", Severity.ERROR, cell.where, values)
    return Finding("lint.curve-unsaid", Severity.NOTE, cell.where, values)
