"""Finds the tables of figures by year in a grid of cells: what stands in a workbook, or is typed as rows.

A table begins with a row of consecutive years. Words such as budget, resultat and forventet stand over, under
or beside the years; captions ("Tabel 5 - ..."), unit and price level stand in the header or just above it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gevinst.money import PriceLevel
from gevinst.register.business_case import Basis
from gevinst.register.printed_tables import (
    PrintedCell,
    PrintedColumn,
    PrintedDocument,
    PrintedRow,
    PrintedSum,
    PrintedTable,
    Role,
    decimals_of,
    figure_of_text,
    named_price_level,
    printed_cell,
)
from gevinst.register.units import Unit, named_unit


@dataclass(frozen=True)
class Grid:
    """A sheet as rows of raw cells; `where(row, column)` says the place of a cell, counted from nought."""

    rows: Sequence[Sequence[object]]
    where: Callable[[int, int], str]

    def cell(self, row: int, column: int) -> object:
        """The raw cell; `None` outside the grid."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def text(self, row: int, column: int) -> str:
        """The cell as text, without outer space."""
        raw = self.cell(row, column)
        if raw is None:
            return ""
        return f"{raw:.15g}" if isinstance(raw, float) else str(raw).strip()


@dataclass(frozen=True)
class _Header:
    """Where a table's header lies and what its columns are."""

    top: int
    row: int  # the row with the years
    first_body: int
    columns: tuple[tuple[int, PrintedColumn], ...]  # column of the grid, and what it holds


_BASES = (
    (Basis.BUDGET, re.compile(r"budget", re.IGNORECASE)),
    # A year of an outcome that is not stated holds blanks; it is no budget, and not a result.
    (Basis.EXPECTED, re.compile(r"forven|expected|forecast|skøn|ikke opgjort|not stated", re.IGNORECASE)),
    (Basis.REALISED, re.compile(r"result|realiser|regnskab|realised|actual", re.IGNORECASE)),
)
_YEAR = re.compile(r"^(?P<word>(?:[^\W\d_]\D{0,24}?)?)\s*(?P<year>(?:19|20)\d\d)\.?$", re.DOTALL)
TOTAL_COLUMN = re.compile(r"^(?:i\s*alt|total|sum|samlet|hele perioden|(?:19|20)\d\d\s*[-–]\s*(?:19|20)?\d\d)$", re.I)
_CAPTION = re.compile(r"^\s*(?:tabel|table)\s+(\d+[a-z]?)\b", re.IGNORECASE)
_SUMMARY = re.compile(r"samlet\s+oversigt|samlede\s+investeringer|hele porteføljen|overall summary", re.IGNORECASE)
_NEAR_LABEL = 60  # letters; a longer line above a table is prose, whose units are not the table's


def find_document(grids: Iterable[Grid]) -> PrintedDocument:
    """All tables of all grids, and the sums their sentences state."""
    tables: list[PrintedTable] = []
    sums: list[PrintedSum] = []
    for grid in grids:
        first = len(tables)
        spans = _tables_of(grid, tables)
        sums += _sums_of(grid, spans, first)
    return PrintedDocument(tuple(tables), tuple(sums))


def _tables_of(grid: Grid, tables: list[PrintedTable]) -> list[tuple[int, int]]:
    """Append the grid's tables; the first and last row of each, header and body."""
    spans: list[tuple[int, int]] = []
    row, free_from = 0, 0
    while row < len(grid.rows):
        header = _header(grid, row, free_from)
        end = _body_end(grid, header) if header else 0
        if header is None or end == header.first_body:
            row += 1
            continue
        tables.append(_table(grid, header, end, free_from))
        spans.append((header.top, end - 1))
        row = free_from = end
    return spans


def _years_of(grid: Grid, row: int) -> list[tuple[int, int, str]]:
    """The year cells of a row: column, year, and the word beside the year ("Resultat 2020")."""
    found = []
    for column in range(len(grid.rows[row])):
        text = grid.text(row, column)
        match = _YEAR.match(text)
        if match and named_price_level(text) is None:
            found.append((column, int(match["year"]), match["word"]))
    return found


def basis_named(text: str) -> Basis | None:
    """What a header's word says; "forventet resultat" is an expectation, so that is asked before result."""
    return next((basis for basis, pattern in _BASES if pattern.search(text)), None)


def _header(grid: Grid, row: int, free_from: int) -> _Header | None:
    years = _years_of(grid, row)
    values = [year for _, year, _ in years]
    if len(set(values)) < 2 or any(b - a not in (0, 1) for a, b in pairwise(values)):
        return None
    first = years[0][0]
    below = _bases_in(grid, row + 1, first)
    above = _bases_in(grid, row - 1, first) if row - 1 >= free_from else {}
    columns = _columns(grid, row, years, below, above)
    return _Header(row - 1 if above else row, row, row + (2 if below else 1), tuple(columns))


def _bases_in(grid: Grid, row: int, first: int) -> dict[int, Basis]:
    """The columns of a row that say budget, result or expectation; none if the row holds anything else there."""
    if not 0 <= row < len(grid.rows):
        return {}
    texts = {column: grid.text(row, column) for column in range(first, len(grid.rows[row]))}
    bases = {column: basis_named(text) for column, text in texts.items() if text}
    return {c: b for c, b in bases.items() if b is not None} if all(bases.values()) else {}


def _columns(
    grid: Grid, row: int, years: list[tuple[int, int, str]], below: dict[int, Basis], above: dict[int, Basis]
) -> list[tuple[int, PrintedColumn]]:
    """Each column of figures with its year and kind; a year reaches right to the next one (merged headers)."""
    year_at = {column: year for column, year, _ in years}
    word_at = {column: basis_named(word) for column, _, word in years}
    width = max([len(grid.rows[row]), *(column + 1 for column in below)])
    found: list[tuple[int, PrintedColumn]] = []
    year: int | None = None
    kind: Basis | None = None
    for column in range(years[0][0], width):
        if column in year_at:
            year = year_at[column]
        elif TOTAL_COLUMN.match(grid.text(row, column)):
            year = None
        elif column not in below or grid.text(row, column):
            continue
        # "Forventet 2021", "2022", "2023": a word reaches right until the next one
        kind = below.get(column) or word_at.get(column) or above.get(column) or kind
        found.append((column, PrintedColumn(year, kind)))
    return found


def _body_end(grid: Grid, header: _Header) -> int:
    """The row after the table's last: the body ends where a row holds no figures, or a new header begins."""
    row = header.first_body
    while row < len(grid.rows):
        label = any(grid.text(row, column) for column in range(header.columns[0][0]))
        figures = any(grid.text(row, column) for column, _ in header.columns)
        if not (label and figures) or _header(grid, row, row) is not None:
            break
        row += 1
    return row


def _table(grid: Grid, header: _Header, end: int, free_from: int) -> PrintedTable:
    first = header.columns[0][0]
    lines = [(row, column, grid.text(row, column)) for row in range(free_from, header.top)
             for column in range(len(grid.rows[row])) if grid.text(row, column)]
    caption = next(((row, column, text) for row, column, text in reversed(lines) if _CAPTION.match(text)), None)
    near = [grid.text(row, column) for row in range(header.top, header.first_body) for column in range(first)]
    near += [text for row, _, text in reversed(lines) if len(text) <= _NEAR_LABEL or (caption and text == caption[2])]
    unit, level = stated_labels(near)
    label = next((c for c in range(first) if grid.text(header.row, c)), first)
    rows: list[PrintedRow] = []
    for row in range(header.first_body, end):
        rows.append(_row(grid, row, header, rows))
    context = tuple(text for _, _, text in lines)
    return PrintedTable(
        number=_number(caption[2]) if caption else "", caption=caption[2] if caption else "",
        where=grid.where(header.row, label), unit=unit, price_level=level[0] if level else None,
        price_level_label=level[1] if level else "", columns=tuple(column for _, column in header.columns),
        rows=tuple(rows), context=context, summary=is_summary(rows, context[-3:]),
        years_where=grid.where(header.row, first), caption_where=grid.where(*caption[:2]) if caption else "",
    )


def stated_labels(texts: Iterable[str]) -> tuple[Unit | None, tuple[PriceLevel, str] | None]:
    """The nearest stated unit and price level."""
    unit: Unit | None = None
    level: tuple[PriceLevel, str] | None = None
    for text in texts:
        unit = unit or named_unit(text)
        level = level or named_price_level(text)
    return unit, level


def _number(caption: str) -> str:
    found = _CAPTION.match(caption)
    return found[1] if found else ""


def is_summary(rows: Sequence[PrintedRow], near: Iterable[str]) -> bool:
    """A table over all investments: it has what is put in and what is saved, and says that it gathers them."""
    roles = {row.role for row in rows}
    return {Role.INVESTMENT, Role.SAVING} <= roles and any(_SUMMARY.search(text) for text in near)


def _row(grid: Grid, row: int, header: _Header, above: list[PrintedRow]) -> PrintedRow:
    first = header.columns[0][0]
    parts = [(column, grid.text(row, column)) for column in range(first) if grid.text(row, column)]
    label = " ".join(text for _, text in parts)
    cells: tuple[PrintedCell, ...] = tuple(
        printed_cell(grid.cell(row, column), grid.where(row, column)) for column, _ in header.columns)
    return PrintedRow(label, role_of(label, [r.role for r in above]), cells, grid.where(row, parts[-1][0]))


_PROPOSAL = re.compile(
    r"^(?:(?:forslag|investering|initiativ|case|proposal|investment)\s*(?:nr\.?\s*)?\d|\d{1,2}\.\s*\D)", re.IGNORECASE)
_DETAIL = re.compile(r"^(?:[-–]\s*)?(?:heraf|deraf|herunder|of which)\b", re.IGNORECASE)
_CLOSES = re.compile(r"\bi\s*alt\b|\btotal\b|\bnetto|\bnet\b|\bgevinst|\bsum\b|\bgain\b", re.IGNORECASE)
_WEAKLY = re.compile(r"^(?:samlet|samlede|total)\b", re.IGNORECASE)
_INVESTED = re.compile(r"invester|\binvestment|udgift(?:er)? til indsats", re.IGNORECASE)
_SAVED = re.compile(r"bespar|\bsaving|mindreudgift|mindreforbrug", re.IGNORECASE)


def role_of(label: str, above: Sequence[Role]) -> Role:
    """What a row is, by its label and the rows above it in the table.

    >>> role_of("Besparelse på forsørgelse", [Role.INVESTMENT]), role_of("Besparelse i alt", [Role.SAVING])
    (<Role.SAVING: 'saving'>, <Role.NET: 'net'>)
    >>> role_of("Forslag 1", []), role_of("I alt mindre forsørgelse", [Role.OTHER])
    (<Role.OTHER: 'other'>, <Role.TOTAL: 'total'>)
    """
    if _DETAIL.match(label):
        return Role.DETAIL
    if _PROPOSAL.match(label):
        return Role.OTHER
    base = Role.SAVING if _SAVED.search(label) else Role.INVESTMENT if _INVESTED.search(label) else Role.OTHER
    closes = bool(_CLOSES.search(label))
    if Role.OTHER in above and (closes or _WEAKLY.match(label)):
        return Role.TOTAL
    if closes and (Role.INVESTMENT in above or Role.SAVING in above):
        return Role.NET
    return base


_GAIN = r"netto(?:gevinst|besparelse|udgift)\w*|overskud|underskud"
_STATED = re.compile(
    # "overskud i 2021, men samlet et underskud på ...": the amount is of the word nearest before it
    rf"\b(?P<gain>{_GAIN})\b(?:(?!\b(?:{_GAIN})\b)[^.]){{0,160}}?"
    r"\bpå\s+(?:ca\.|cirka|omkring|godt|knap)?\s*(?P<figure>\d[\d.]*(?:,\d+)?)\s*(?P<unit>mio\.?|1\.000|tusind)?\s*kr",
    re.IGNORECASE | re.DOTALL,
)
_GAIN_EN = r"net\s+(?:saving|gain|cost)|surplus|deficit"
_STATED_EN = re.compile(
    rf"\b(?P<gain>{_GAIN_EN})\b(?:(?!\b(?:{_GAIN_EN})\b)[^.]){{0,160}}?"
    r"\bof\s+(?:about\s+|approximately\s+)?DKK\s*(?P<figure>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>million|1,000|thousand)?",
    re.IGNORECASE | re.DOTALL,
)
_COST = re.compile(r"udgift|underskud|cost|deficit", re.IGNORECASE)
_POINTS = str.maketrans(",.", ".,")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ])")
_PERIOD = re.compile(r"perioden|\bthe\s+(?:\w+\s+)?period\b", re.IGNORECASE)


def _sums_of(grid: Grid, spans: list[tuple[int, int]], first: int) -> list[PrintedSum]:
    """Sentences that state a net sum over the period; each speaks of the table above it, or else the next one."""
    found = []
    for row in range(len(grid.rows)):
        for column in range(len(grid.rows[row])):
            raw = grid.cell(row, column)
            above = [at for at, (_, last) in enumerate(spans) if last < row]
            table = first + above[-1] if above else first if spans else None
            stated = stated_sum(raw, grid.where(row, column), table) if isinstance(raw, str) else None
            if stated is not None:
                found.append(stated)
    return found


def stated_sum(text: str, where: str, table: int | None) -> PrintedSum | None:
    """The net sum over the period that a sentence states, if it states one.

    >>> said = "Det gav overskud i 2021, men samlet blev der et underskud på 1,2 mio. kr. i perioden."
    >>> stated_sum(said, "", None).value
    Decimal('1.2')
    """
    match = next((found for sentence in _SENTENCE.split(text) if _PERIOD.search(sentence)
                  and (found := _STATED.search(sentence) or _STATED_EN.search(sentence))), None)
    if match is None:
        return None
    figure = figure_of_text(match["figure"].translate(_POINTS) if match.re is _STATED_EN else match["figure"])
    if figure is None:
        return None
    unit = {"m": Unit.MILLION, "1": Unit.THOUSAND, "t": Unit.THOUSAND}.get((match["unit"] or "k")[0].lower())
    value = figure if _COST.search(match["gain"]) else -figure
    return PrintedSum(text, value, decimals_of(figure), unit or Unit.KR, where, table)
