"""Figures in sentences against the tables they speak of.

"Tabel 1 viser, at der forventes investeret 3,233 mio. kr. i 2021" must be a figure of table 1. A sentence that names
no table speaks of the last one above it under the same heading. What a sentence rounds is right when the table rounds
to it. A figure that stands somewhere in the table, or is a sum or a difference of two of a row or column, is not
called wrong: sentences say more than a rule understands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from gevinst.language import Language
from gevinst.lint import figures
from gevinst.lint.curves import weeks_of
from gevinst.lint.model import Memo, Table, Text
from gevinst.lint.printed import printed_table
from gevinst.register.findings import Finding, Severity
from gevinst.register.footing import is_outcome
from gevinst.register.printed_tables import PrintedCell, PrintedTable, Role, decimals_of
from gevinst.register.units import Unit, named_unit

_NUMBER = r"[-−]?\d[\d.,]*\d|[-−]?\d"
_AMOUNT = re.compile(
    rf"(?:dkk\s*)?(?P<figure>{_NUMBER})\s*(?P<unit>mio\.?|million(?:er)?|mill\.?)\s*(?:kr\b\.?|kroner)?"
    rf"|(?P<plain>{_NUMBER})\s*(?P<thousand>1\.000|tusinde?|t\.)\s*kr\b", re.IGNORECASE)
_SHARE = re.compile(rf"(?P<figure>{_NUMBER})\s*(?:%|pct\.?|procent\b|per cent)", re.IGNORECASE)
_WEEKS = re.compile(r"\b(\d{1,3})\s*(?:ugers?|weeks?)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:tabel|table)\s+(\d+[a-z]?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[a-zæøå)0-9][.!?])\s+(?=[A-ZÆØÅ])")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!\s*[-–]\s*(?:19|20)?\d\d)")
_RANGE = re.compile(r"(?:19|20)\d\d\s*[-–]\s*(?:19|20)?\d\d")
_ROLES = (
    (Role.NET, re.compile(
        r"forskel|netto|overskud|underskud|gevinst|difference|\bnet\b|surplus|deficit", re.IGNORECASE)),
    (Role.SAVING, re.compile(r"bespar|lavere|mindreudgift|forsørgelse|saving|lower", re.IGNORECASE)),
    (Role.INVESTMENT, re.compile(r"invester|brugt|kostede|invest|spent", re.IGNORECASE)),
)
_BUDGET = re.compile(r"budget", re.IGNORECASE)
_BESIDE = re.compile(r"^\s*(?:mod|against)\s*$", re.IGNORECASE)  # the amount before is of the same line and year
_PRICES = re.compile(
    r"\(?(?:p/l|prisniveau)\s*(?:19|20)\d\d\)?|\(?(?:19|20)\d\d\s*(?:p/l|pl\b|prices)\)?", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"resterende|tilbage|i alt|samlet|perioden|oprindelig|sandsynlig|interval|mellem|hver\b|årlig|remaining|total|"
    r"period|usikkerhed|uncertainty",
    re.IGNORECASE)


@dataclass(frozen=True)
class _Said:
    """An amount in a sentence: what it is, for which year, and whether it is budget."""

    figure: Decimal
    decimals: int
    unit: Unit
    text: str
    role: Role
    year: int
    budget: bool


def findings(memo: Memo) -> Iterator[Finding]:
    """Amounts and shares in sentences that are not in the table they speak of."""
    by_number = {table.number: table for table in reversed(memo.tables) if table.number}
    for text in memo.texts:
        if text.note or text.heading:
            continue
        named = next((by_number[n] for n in _NAMED.findall(text.text) if n in by_number), None)
        table = named or _above(memo, text)
        if table is None:
            continue
        yield from _amounts(memo, text, table, named=named is not None)
        yield from _shares(memo, text, table)


def _above(memo: Memo, text: Text) -> Table | None:
    """The last table above under the same heading; one that a later table of another kind has not replaced."""
    heading = max((each.at for each in memo.texts if each.heading and each.at < text.at), default=-1)
    above = [table for table in memo.tables if heading < table.at < text.at]
    return above[-1] if above else None


def _amounts(memo: Memo, text: Text, table: Table, *, named: bool) -> Iterator[Finding]:
    printed = printed_table(table)
    units = {named_unit(line) for line in (*table.corner, table.caption)} - {None}
    if len(units) > 1:  # the table contradicts itself, which is said
        return
    if printed is None or (printed.unit is None and table.price_level is None and not named):
        return
    for said in _said(text.text, memo.language):
        cells = _cells(printed, said)
        unit = printed.unit or Unit.MILLION
        if not cells or _among(said, cells, unit) or _somewhere(said, table, unit):
            continue
        yield Finding("lint.text-figure", Severity.ERROR if named else Severity.WARNING, text.where,
                      {"stated": said.text, "cell": cells[0].text, "table": table.name, "place": cells[0].where})


def _said(text: str, language: Language) -> Iterator[_Said]:
    """The amounts whose line and year the sentence tells; the year may stand in the sentence before."""
    year: int | None = None
    for said in _SENTENCE.split(text):
        sentence = _PRICES.sub("", said)
        last: tuple[Role, int] | None = None
        stated = sorted({int(y) for y in _YEAR.findall(_RANGE.sub("", sentence))})
        found = list(_AMOUNT.finditer(sentence))
        for at, match in enumerate(found):
            start = found[at - 1].end() if at else 0
            end = found[at + 1].start() if at + 1 < len(found) else len(sentence)
            before, after = sentence[start:match.start()], sentence[match.end():end]
            own = [int(y) for y in _YEAR.findall(_RANGE.sub("", before))] or [
                int(y) for y in _YEAR.findall(_RANGE.sub("", after[:40]))] or (stated if len(stated) == 1 else [])
            when = own[-1] if own else (year if not stated else None)
            role = _role(before) or _role(after[:30])
            if last and _BESIDE.match(before):
                role, when = last
            value = _figure(match["figure"] or match["plain"], language)
            if value is None or role is None or when is None or _OTHERWISE.search(before + after[:30]):
                continue
            unit = Unit.MILLION if match["unit"] else Unit.THOUSAND
            budget = bool(_BUDGET.search(before) or _BUDGET.search(after[:24]))
            last = role, when
            yield _Said(value, decimals_of(value), unit, match.group(0).strip(), role, when, budget)
        year = stated[-1] if len(stated) == 1 else (year if not stated else None)


def _figure(text: str, language: Language) -> Decimal | None:
    try:
        return figures.figure(text, language)
    except ValueError:
        return None


def _role(clause: str) -> Role | None:
    """What the last telling word of a clause says."""
    last = [(found.start(), role) for role, pattern in _ROLES for found in pattern.finditer(clause)]
    return max(last, key=lambda pair: pair[0])[1] if last else None


def _cells(table: PrintedTable, said: _Said) -> list[PrintedCell]:
    """The cells of the line and year; of the budget or of what came of it, where the table has both."""
    columns = [at for at, column in enumerate(table.columns) if column.year == said.year]
    kinds = [at for at in columns if table.columns[at].basis is None or is_outcome(table.columns[at]) != said.budget]
    rows = table.of_role(said.role)
    return [row.cells[at] for row in rows for at in kinds if row.cells[at].value is not None]


def _among(said: _Said, cells: Sequence[PrintedCell], unit: Unit) -> bool:
    return any(_equal(said, cell.nought, cell.decimals, unit) for cell in cells)


def _equal(said: _Said, value: Decimal, decimals: int, unit: Unit) -> bool:
    """The same size within the coarser rounding; words may carry the sign."""
    scale = Decimal(int(unit)) / int(said.unit)
    step = max(Decimal(1).scaleb(-said.decimals), Decimal(1).scaleb(-decimals) * scale)
    return abs(abs(said.figure) - abs(value * scale)) <= step / 2


def _somewhere(said: _Said, table: Table, unit: Unit) -> bool:
    """The figure stands in the table, or is the sum or difference of two figures of one row or column."""
    rows = [[cell for cell in row.cells if cell.value is not None] for row in table.rows]
    lanes = [*rows, *([row.cells[at] for row in table.rows if row.cells[at].value is not None]
                      for at in range(len(table.columns)))]
    if any(_equal(said, cell.nought, cell.decimals, unit) for row in rows for cell in row):
        return True
    return any(_equal(said, one.nought + sign * two.nought, max(one.decimals, two.decimals), unit)
               for lane in lanes for one, two in combinations(lane, 2) for sign in (1, -1))


def _shares(memo: Memo, text: Text, table: Table) -> Iterator[Finding]:
    """"39,4 % ... 13 uger" must be a share of the curves in that week."""
    weeks = weeks_of(table)
    if not weeks:
        return
    for sentence in _SENTENCE.split(text.text):
        stated, shares = {int(w) for w in _WEEKS.findall(sentence)}, list(_SHARE.finditer(sentence))
        if len(stated) != 1 or not shares or not stated <= set(weeks):
            continue
        at = weeks.index(stated.pop())
        cells = [row.cells[at] for row in table.rows if row.cells and row.cells[at].value is not None]
        value = _figure(shares[0]["figure"], memo.language)
        if value is None or not cells or "interval" in sentence:
            continue
        step = Decimal(1).scaleb(-min(decimals_of(value), *(cell.decimals for cell in cells)))
        if not any(abs(cell.nought - value) <= step / 2 for row in table.rows for cell in row.cells if cell.value):
            yield Finding("lint.text-figure", Severity.ERROR, text.where,
                          {"stated": shares[0].group(0), "cell": cells[-1].text, "table": table.name,
                           "place": cells[-1].where})
