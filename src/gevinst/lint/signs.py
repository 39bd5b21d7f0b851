"""Signs that go the other way and are meant: the sums need them, or the memo says so in words.

A result is not always what was hoped for: a saving may turn out as extra expenditure. A lost sign breaks a sum, and is
found there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gevinst.lint.equations import Equation
from gevinst.lint.model import Memo
from gevinst.register.findings import Finding, Severity
from gevinst.register.printed_tables import PrintedCell, PrintedRow, PrintedTable, Role

SIGNS = {"footing.saving-positive", "footing.investment-negative"}
_SENTENCE = re.compile(r"(?<=[a-zæøå)0-9][.!?])\s+(?=[A-ZÆØÅ])")
_OTHER_WAY = re.compile(
    r"merudgift|merforbrug|højere|indtægt|tilbageført|extra cost|extra expenditure|higher|income|returned",
    re.IGNORECASE)
_MINUS_MEANS = re.compile(r"[-−–]\s*(?:betyder|means)\s+(?:indtægt|mindre|income|lower)", re.IGNORECASE)
_OUTER = "-−–+() "


def weighed(
    found: Iterable[Finding], memo: Memo, table: PrintedTable, equations: Sequence[Equation]
) -> Iterator[Finding]:
    """The findings; of doubtful signs none that the memo's words say, and as remarks those that a sum needs."""
    for finding in found:
        if finding.code in SIGNS and finding.severity is Severity.WARNING:
            row, cell = _found(table, finding.where)
            if _said(memo, cell):
                continue
            together = _together(cell, row)
            told = len(together) > 1 and _convention(memo, table)
            if told or any(_needed(each, row, equation) for each in together for equation in equations):
                finding = replace(finding, severity=Severity.NOTE)
        yield finding


def _found(table: PrintedTable, where: str) -> tuple[PrintedRow, PrintedCell]:
    return next((row, cell) for row in table.rows for cell in row.cells if cell.where == where)


def _convention(memo: Memo, table: PrintedTable) -> bool:
    """A note under the table says what a minus means."""
    return any(_MINUS_MEANS.search(note) for each in memo.tables if each.where == table.where for note in each.notes)


def _together(cell: PrintedCell, row: PrintedRow) -> Sequence[PrintedCell]:
    """The cells whose signs are meant together: where the whole row has the other sign, that is said once."""
    same = all(each.nought * cell.nought >= 0 for each in row.cells)
    return row.cells if same else (cell,)


def _said(memo: Memo, cell: PrintedCell) -> bool:
    """A sentence names the amount as expenditure that rose, or as money that came in."""
    amount = re.compile(rf"(?<![\d.,]){re.escape(cell.text.strip(_OUTER))}(?![\d]|[.,]\d)")
    return any(amount.search(sentence) and _OTHER_WAY.search(sentence)
               for text in memo.texts for sentence in _SENTENCE.split(text.text))


def _needed(cell: PrintedCell, row: PrintedRow, equation: Equation) -> bool:
    """The sum foots, and with the sign turned would be two decimals off or more; a row of one sign foots either way."""
    if not (cell.where in equation.cells and equation.known and equation.holds):
        return False
    down = equation.role is Role.NET and any(role is row.role for _, _, role in equation.terms)
    mixed = any(other.nought * cell.nought < 0 for other in row.cells)
    off = abs(equation.result.nought - equation.computed)
    return (down or mixed) and abs(cell.nought) >= off + equation.step
