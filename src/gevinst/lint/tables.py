"""Rules for any table: sums and differences, shares, per cent of counts, decimals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from gevinst.lint import equations
from gevinst.lint.additive import NOT_ADDITIVE, Lane, columns_of, rows_of
from gevinst.lint.additive import equations as additive
from gevinst.lint.model import Memo, Table
from gevinst.lint.printed import is_money, printed_table
from gevinst.register.findings import Finding, Severity
from gevinst.register.printed_tables import PrintedCell

_HUNDRED = Decimal(100)
_PERCENT = re.compile(r"pct|procent|%|percent|per cent", re.IGNORECASE)
_SHARE = re.compile(r"andel|share|overlevelse|survival|fordeling|distribution", re.IGNORECASE)
_NO_SHARE = re.compile(r"ændring|stigning|vækst|indeks|index|change|growth|forskel|difference|point", re.IGNORECASE)
_LIMIT = re.compile(r"\b\d\d\s?(?:%|pct|per cent)|interval|\bnedre\b|\bøvre\b|\blower\b|\bupper\b", re.IGNORECASE)
_COUNT = re.compile(r"antal|personer|borgere|number|persons|count|fuldtids", re.IGNORECASE)
_TOTAL = re.compile(r"\bi\s*alt\b|^(?:sum|total|samlet)\b|\btotal$", re.IGNORECASE)
_LEAST = 2


def findings(memo: Memo) -> Iterator[Finding]:
    """What each table gives by itself."""
    for table in memo.tables:
        found: list[Finding] = []
        if not (is_money(table) and printed_table(table)):
            found = [_weighed(finding) for finding in equations.findings(additive(table))]
            yield from found
        outside = list(_shares(table))
        yield from outside
        if not any(finding.severity is not Severity.NOTE for finding in [*found, *outside]):
            yield from _percents(table)


def _weighed(finding: Finding) -> Finding:
    """A total that only its label makes a sum is doubtful, not wrong: persons may be in two lines and count once."""
    return replace(finding, severity=Severity.WARNING) if finding.code == "lint.total-doubtful" else finding


def is_share(table: Table, lane: Lane) -> bool:
    """The column or row holds shares in per cent: it says so, or the table does and it says nothing else."""
    said = f"{table.caption} {' '.join(table.corner)} {' '.join(table.near[:4])}"
    if _NO_SHARE.search(lane.name) or (_COUNT.search(lane.name) and not _PERCENT.search(lane.name)):
        return False
    own = bool(_PERCENT.search(lane.name) and _SHARE.search(lane.name + table.caption))
    inherited = bool(_PERCENT.search(said) and _SHARE.search(said) and not _NO_SHARE.search(said))
    return own or inherited or bool(_SHARE.search(lane.name) and _PERCENT.search(said))


def _shares(table: Table) -> Iterator[Finding]:
    """Shares below nought or over a hundred."""
    for lane in columns_of(table):
        known = [cell for cell in lane.cells if cell.value is not None]
        outside = [cell for cell in known if not 0 <= cell.nought <= _HUNDRED]
        if is_share(table, lane) and 3 * len(outside) <= len(known):  # where more are outside, they are no shares
            yield from (Finding("lint.share-outside", Severity.ERROR, cell.where, {"cell": cell.text})
                        for cell in outside)


def _percents(table: Table) -> Iterator[Finding]:
    """A column of per cent beside a column of counts: each share of the total row, or of another column."""
    columns = columns_of(table)
    body = [row for row in rows_of(table) if not row.section]
    totals = [at for at, row in enumerate(body) if _TOTAL.search(row.name)]
    for lane in columns:
        if not _PERCENT.search(lane.name) or _NO_SHARE.search(lane.name) or _LIMIT.search(lane.name):
            continue
        options = []
        for count in columns:
            if count is lane or NOT_ADDITIVE.search(count.name):
                continue
            options += [[(cell, part, count.cells[total]) for cell, part in zip(lane.cells, count.cells, strict=True)]
                        for total in totals[-1:]]
            options += [list(zip(lane.cells, count.cells, whole.cells, strict=True)) for whole in columns
                        if whole not in (count, lane) and not NOT_ADDITIVE.search(whole.name)]
        yield from _best(options)


Triple = tuple[PrintedCell, PrintedCell, PrintedCell]  # per cent, part, whole


def _best(options: Sequence[Sequence[Triple]]) -> Iterator[Finding]:
    """The reading of a column that most of its cells agree with; what does not agree with it is wrong."""
    judged = [([t for t in option if _known(t)], option) for option in options]
    scored = [(sum(_fits(*t) for t in known if t[1] is not t[2]), known) for known, _ in judged]
    count, known = max(scored, key=lambda pair: pair[0], default=(0, []))
    told = [t for t in known if t[1] is not t[2]]
    if count >= _LEAST and 3 * count >= 2 * len(told):
        for cell, part, whole in known:
            if not _fits(cell, part, whole):
                right = round(part.nought / whole.nought * _HUNDRED, cell.decimals)
                yield Finding("lint.percent", Severity.ERROR, cell.where,
                              {"cell": cell.text, "part": part.text, "whole": whole.text, "right": right})


def _known(triple: Triple) -> bool:
    return all(cell.value is not None for cell in triple) and triple[2].nought != 0


def _fits(cell: PrintedCell, part: PrintedCell, whole: PrintedCell) -> bool:
    """The per cent may come from counts that were rounded themselves."""
    low, high = sorted((_ratio(part, whole, -1), _ratio(part, whole, 1)))
    half = Decimal(1).scaleb(-cell.decimals) / 2
    return low - half <= cell.nought <= high + half


def _ratio(part: PrintedCell, whole: PrintedCell, side: int) -> Decimal:
    slack = [Decimal(1).scaleb(-c.decimals) / 2 * side if c.decimals else Decimal(0) for c in (part, whole)]
    return (part.nought + slack[0]) / (whole.nought - slack[1] or whole.nought) * _HUNDRED
