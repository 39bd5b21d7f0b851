"""A memo's tables by year as the register's printed tables, so that its rules on sums, signs and labels hold here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gevinst.lint.model import Column, Memo, Row, Table
from gevinst.money import PriceLevel
from gevinst.register.business_case import Basis
from gevinst.register.find_tables import basis_named, is_summary, role_of, stated_sum
from gevinst.register.printed_tables import (
    PrintedColumn,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    Role,
    named_price_level,
)

_YEAR = re.compile(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/])")
_RANGE = re.compile(r"(?:19|20)\d\d\s*[-–]\s*(?:19|20)?\d\d")
_TOTAL = re.compile(r"\bi\s*alt\b|^(?:total|sum|samlet|hele perioden)\b", re.IGNORECASE)
_MEASURE = re.compile(
    r"\b(?:pct|procent|personer|fuldtids\w*|antal|uger?|dage?|borgere|deltagere|andel\w*|percent|persons|weeks?|days?|"
    r"participants|shares?|numbers?)\b|%", re.IGNORECASE)
_HALF = re.compile(r"halvår|kvartal|half|quarter|\bH[12]\b|\bQ[1-4]\b", re.IGNORECASE)


def printed(memo: Memo) -> PrintedDocument:
    """The tables of kroner by year, and the sums that sentences state."""
    tables = [found for table in memo.tables if is_money(table) and (found := printed_table(table))]
    order = {table.where: table.at for table in memo.tables}
    sums = []
    for text in memo.texts:
        above = [at for at, table in enumerate(tables) if order[table.where] < text.at]
        stated = stated_sum(text.text, text.where, above[-1] if above else 0 if tables else None)
        sums += [stated] if stated else []
    return PrintedDocument(tuple(tables), tuple(sums))


def printed_table(table: Table) -> PrintedTable | None:
    """The table as one of figures by year, or `None` where its columns are no years."""
    columns = [printed_column(column) for column in table.columns]
    years = [column.year for column in columns if column and column.year]
    by_year = len(set(years)) > 1 or _of_one_year(table, columns)
    if not by_year or any(b - a not in (0, 1) for a, b in pairwise(years)):
        return None
    kept = [at for at, column in enumerate(columns) if column is not None]
    found = _carried([columns[at] or PrintedColumn(None) for at in kept])
    rows: list[PrintedRow] = []
    for row in table.rows:
        if not row.section:
            rows.append(_row(row, kept, [above.role for above in rows]))
    level, label = _level(table)
    return PrintedTable(
        number=table.number, caption=table.caption, where=table.where, unit=table.unit, price_level=level,
        price_level_label=label, columns=tuple(found), rows=tuple(rows), context=table.context,
        summary=is_summary(rows, (*table.context[-3:], table.caption)), years_where=f"{table.where}h",
        caption_where=table.caption_where)


def _of_one_year(table: Table, columns: Sequence[PrintedColumn | None]) -> bool:
    """Nothing but one year and totals that name it: "2020 Budget", "2020 Resultat", "I alt 2020 Budget" ..."""
    years = {column.year for column in columns if column is not None and column.year is not None}
    totals = [name.name for name, column in zip(table.columns, columns, strict=True)
              if column is not None and column.year is None]
    return None not in columns and len(years) == 1 and bool(totals) and all(str(*years) in name for name in totals)


def printed_column(column: Column) -> PrintedColumn | None:
    """What the header says of a column: a year, a total over years, or neither."""
    parts = [part for part in column.path if named_price_level(part) is None]
    name = " ".join(parts)
    if _HALF.search(name):
        return None
    basis = basis_named(name)
    if _TOTAL.search(name) or any(_TOTAL.search(part) for part in parts) or _RANGE.search(name):
        return PrintedColumn(None, basis)
    years = set(_YEAR.findall(name))
    return PrintedColumn(int(years.pop()), basis) if len(years) == 1 else None


def _carried(columns: Sequence[PrintedColumn]) -> list[PrintedColumn]:
    """"Forventet 2021", "2022", "2023" under one another's header: the word reaches right until the next one."""
    found: list[PrintedColumn] = []
    kind: Basis | None = None
    for column in columns:
        kind = column.basis or (kind if column.year is not None else None)
        found.append(PrintedColumn(column.year, kind))
    kinds = {column.basis for column in found if column.year is not None}
    if kinds <= {Basis.REALISED, Basis.EXPECTED}:  # a total over what came and what is expected to come
        return [column if column.year is not None else PrintedColumn(None, Basis.EXPECTED) for column in found]
    return found


def _row(row: Row, kept: Sequence[int], above: Sequence[Role]) -> PrintedRow:
    return PrintedRow(row.label, role_of(row.label, above), tuple(row.cells[at] for at in kept), row.where)


def _level(table: Table) -> tuple[PriceLevel | None, str]:
    """The price level, or `None` with its words where one line states two: budget in one, result in another."""
    for line in table.near:
        stated = [found for part in re.split(r"[,;.]\s|\bog\b|\band\b", line) if (found := named_price_level(part))]
        if len({level for level, _ in stated}) > 1:
            return None, line
    return table.price_level or (None, "")


def is_money(table: Table) -> bool:
    """The table holds kroner: it says so, or nothing near it names persons, weeks or per cent."""
    return table.unit is not None or not any(_MEASURE.search(line) for line in table.near)
