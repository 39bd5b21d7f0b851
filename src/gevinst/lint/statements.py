"""What headings, captions and sentences say, against each other: years, units, price levels, totals, target groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gevinst.lint import figures
from gevinst.lint.model import Memo, Table
from gevinst.lint.printed import is_money, printed_table
from gevinst.register.findings import Finding, Severity
from gevinst.register.printed_tables import decimals_of, named_price_level
from gevinst.register.units import named_unit

_RANGE = re.compile(r"\b(?P<first>(?:19|20)\d\d)\s*[-–]\s*(?P<last>(?:19|20)?\d\d)\b")
_IN_ALL = re.compile(r"\bi\s*alt\s+(?P<figure>\d[\d.]*(?:,\d+)?)\s*mio", re.IGNORECASE)
_YEARLY = re.compile(
    r"\b[Ii]\s+(?P<year>20\d\d)\s+(?:[^\d.]{0,60}?\bpå\s+|)(?P<after>\d[\d.]*(?:,\d+)?)\s*(?:mio\.?\s*)?kr"
    r"|(?P<before>\d[\d.]*(?:,\d+)?)\s*(?:mio\.?\s*kr\.?\s*)?i\s+(?P<when>20\d\d)\b")
_GROUP = re.compile(r"m[åa]lgruppe\s+p[åa]\s+(?P<persons>\d[\d.]*)\s+fuldtids", re.IGNORECASE)
_COUNTED_ONCE = re.compile(r"t[æa]ll?er?\s+[éeè]n\s+gang|kun\s+[éeè]n\s+gang|counted\s+once|dobbelt", re.IGNORECASE)
_LEAST = 3


def findings(memo: Memo) -> Iterator[Finding]:
    """All that is said twice and differently."""
    for table in memo.tables:
        if is_money(table):
            yield from _title_years(memo, table)
            yield from _contradictions(table)
            yield from _decimals(memo, table)
    yield from _totals(memo)
    yield from _groups(memo)


def _title_years(memo: Memo, table: Table) -> Iterator[Finding]:
    """A table whose caption or the memo's title gives a span of years has columns within it."""
    found = printed_table(table)
    if found is None or not found.years:
        return
    own = _RANGE.search(table.caption)
    span = own or _RANGE.search(memo.title)
    if span is None:
        return
    first = int(span["first"])
    last = int(span["last"]) if len(span["last"]) == 4 else first // 100 * 100 + int(span["last"])
    outside = [year for year in found.years if not first <= year <= last]
    shifted = len(found.years) == last - first + 1 and bool(outside)
    if shifted and last > first:
        yield Finding("lint.title-years", Severity.WARNING, found.years_where,
                      {"table": table.name, "years": f"{found.years[0]}–{found.years[-1]}", "title": span.group(0)})


def _contradictions(table: Table) -> Iterator[Finding]:
    """Corner, caption and the line above name two units or two price levels, each in a line of its own."""
    lines = [line for line in dict.fromkeys([*table.corner, table.caption]) if line]
    units = [(unit, line) for line in lines if (unit := named_unit(line)) is not None]
    for unit, line in units[1:]:
        if unit is not units[0][0]:
            yield Finding("lint.unit-contradiction", Severity.ERROR, table.where,
                          {"unit": units[0][0], "other": unit, "first": units[0][1], "second": line})
            break
    levels = [(level, line) for line in lines if (level := named_price_level(line)) is not None]
    for level, line in levels[1:]:
        if level[0] != levels[0][0][0]:
            yield Finding("lint.level-contradiction", Severity.ERROR, table.where,
                          {"level": levels[0][0][1], "other": level[1], "first": levels[0][1], "second": line})
            break


def _decimals(memo: Memo, table: Table) -> Iterator[Finding]:
    """One figure in a row with fewer decimals than the others, as "-3,11" among "-4,665"; whole numbers are left out.

    A workbook keeps no noughts at the end, so nothing is said of one.
    """
    for row in table.rows if not memo.places[table.where].cell else ():
        cells = [cell for cell in row.cells if cell.value]
        usual = max((cell.decimals for cell in cells), default=0)
        odd = [cell for cell in cells if 0 < cell.decimals < usual]
        if len(odd) == 1 and len(cells) > _LEAST:
            yield Finding("lint.decimals-mixed", Severity.NOTE, odd[0].where, {"cell": odd[0].text, "label": row.label})


def _totals(memo: Memo) -> Iterator[Finding]:
    """Amounts named year by year in a paragraph, and what the paragraph says they are in all."""
    for text in memo.texts:
        total = _IN_ALL.search(text.text)
        parts = {int(m["year"] or m["when"]): m["after"] or m["before"] for m in _YEARLY.finditer(text.text)}
        if total is None or len(parts) < _LEAST or text.note:
            continue
        try:
            stated = figures.figure(total["figure"], memo.language) or Decimal(0)
            amounts = [figures.figure(part, memo.language) or Decimal(0) for part in parts.values()]
        except ValueError:
            continue
        computed = sum(amounts, Decimal(0))
        step = Decimal(1).scaleb(-max(decimals_of(stated), *(decimals_of(amount) for amount in amounts)))
        if abs(computed - stated) > step / 2 * (len(amounts) + 1):
            yield Finding("lint.stated-total", Severity.WARNING, text.where,
                          {"stated": stated, "computed": computed, "slack": step / 2 * (len(amounts) + 1)})


def _groups(memo: Memo) -> Iterator[Finding]:
    """The same target group for two measures; nothing where the memo says how persons are counted once."""
    if any(_COUNTED_ONCE.search(text.text) for text in memo.texts):
        return
    seen: dict[str, int] = {}
    for text in memo.texts:
        for found in _GROUP.finditer(text.text):
            seen[found["persons"]] = seen.get(found["persons"], 0) + 1
            if seen[found["persons"]] == 2:
                yield Finding("lint.shared-target-group", Severity.NOTE, text.where, {"persons": found["persons"]})
