"""The rules the register has for tables by year, on a memo: sums, signs, units, price levels, years, stated sums."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gevinst.lint import equations
from gevinst.lint.model import Memo
from gevinst.lint.printed import printed
from gevinst.register.business_case import Portfolio
from gevinst.register.findings import Finding
from gevinst.register.footing import findings_besides_sums, once_per_cell, printed_step, table_sums
from gevinst.register.footing_across import check_document
from gevinst.register.printed_tables import PrintedTable, Role

_ELSEWHERE = {"footing.duplicate-table-number"}  # `numbering` knows the captions of figures and bare captions too
_LABELS = {"footing.unit-unstated", "footing.price-level-unstated"}
_DIGIT = re.compile(r"\d")


def findings(memo: Memo, adopted: Iterable[Portfolio]) -> list[Finding]:
    """All that tables by year give, alone and together."""
    document = printed(memo)
    alone = [finding for table in document.tables for finding in _alone(table)]
    together = [finding for finding in check_document(document, adopted) if finding.code not in _ELSEWHERE]
    return once_per_cell([*alone, *together])


def _alone(table: PrintedTable) -> list[Finding]:
    sums, labels = table_sums(table)
    step = printed_step(table)
    besides = [each for each in findings_besides_sums(table) if _counts(each, table)]
    return [*besides, *labels, *equations.findings(equations.of_sum(sum_, step) for sum_ in sums)]


def _counts(finding: Finding, table: PrintedTable) -> bool:
    if finding.code in _LABELS:
        return any(row.role in (Role.INVESTMENT, Role.SAVING, Role.TOTAL) for row in table.rows)
    if finding.code == "footing.not-a-number":  # "skjult" and "under 5" are answers, "3,0x9" is a slip
        return bool(_DIGIT.search(str(finding.values["text"]))) and " " not in str(finding.values["text"])
    return True
