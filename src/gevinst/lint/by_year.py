"""The rules the register has for tables by year, on a memo: sums, signs, units, price levels, years, stated sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gevinst.lint import equations, signs
from gevinst.lint.model import Memo
from gevinst.lint.printed import printed
from gevinst.register.business_case import Portfolio
from gevinst.register.findings import Finding, Severity
from gevinst.register.footing import findings_besides_sums, once_per_cell, printed_step, table_sums
from gevinst.register.footing_across import check_document
from gevinst.register.printed_tables import PrintedDocument, PrintedTable, Role

_ELSEWHERE = {"footing.duplicate-table-number"}  # `numbering` knows the captions of figures and bare captions too
_BETWEEN = {"footing.figures-differ", "footing.price-level-relabelled"}
_LABELS = {"footing.unit-unstated", "footing.price-level-unstated"}
_CHANGES = re.compile(
    r"fra budget til|from budget to|ændring|afvigelse|forskel|\bbro\b|change|deviation|difference|bridge",
    re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def findings(memo: Memo, adopted: Iterable[Portfolio]) -> list[Finding]:
    """All that tables by year give, alone and together."""
    document = printed(memo)
    alone = [finding for table in document.tables for finding in _alone(memo, table)]
    together = [finding for finding in check_document(document, adopted) if finding.code not in _ELSEWHERE]
    return once_per_cell([*alone, *_not_whole(document, together)])


def _not_whole(document: PrintedDocument, found: Sequence[Finding]) -> list[Finding]:
    """The findings; where most totals of an overview are no sums of the tables, it gathers more than the memo shows."""
    kept = [finding for finding in found if finding.code != "footing.total-not-sum"]
    for table in document.tables:
        cells = {cell.where for row in table.rows for cell in row.cells if cell.value is not None}
        totals = [finding for finding in found if finding.code == "footing.total-not-sum" and finding.where in cells]
        if len(totals) > 1 and 2 * len(totals) > len(cells):
            kept.append(Finding("lint.overview-not-whole", Severity.NOTE, table.where, {"table": table.name}))
        else:
            kept += totals
    return kept


def between(memos: Sequence[Memo]) -> list[Finding]:
    """Budgets of one investment in two memos: figures that differ, and figures relabelled to another price level."""
    documents = [printed(memo) for memo in memos]
    own = [{finding.where for finding in check_document(document)} for document in documents]
    together = PrintedDocument(tuple(table for document in documents for table in document.tables))
    return [finding for finding in check_document(together) if finding.code in _BETWEEN
            and not any(finding.where in each for each in own)]


def _alone(memo: Memo, table: PrintedTable) -> list[Finding]:
    sums, labels = table_sums(table)
    step = printed_step(table)
    held = [equations.of_sum(sum_, step) for sum_ in sums]
    besides = [each for each in findings_besides_sums(table) if _counts(each, table)]
    return [*signs.weighed(besides, memo, table, held), *labels, *equations.findings(held)]


def _counts(finding: Finding, table: PrintedTable) -> bool:
    if finding.code in _LABELS:
        return any(row.role in (Role.INVESTMENT, Role.SAVING, Role.TOTAL) for row in table.rows)
    if finding.code in signs.SIGNS:  # a step from budget to result may go either way
        return not _CHANGES.search(" ".join([table.caption or table.name, *(row.label for row in table.rows[:1])]))
    if finding.code == "footing.not-a-number":  # "skjult" and "under 5" are answers, "3,0x9" is a slip
        return bool(_DIGIT.search(str(finding.values["text"]))) and " " not in str(finding.values["text"])
    return True
