"""Which rows and columns of a table are sums, differences or shares of others, by their labels and their figures.

A label alone may deceive ("i alt" over persons counted once), so what should add up is believed where a third of the
figures do. Tables of kroner by year have stricter rules of their own (`by_year`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gevinst.lint.equations import Equation
from gevinst.lint.model import Table
from gevinst.register.printed_tables import PrintedCell, Role

_TOTAL = re.compile(
    r"\bi\s*alt\b|^(?:sum|total|totalt|samlet|samlede|tilsammen)\b|\btotal$|^all\b|\bin all\b|^lagt sammen",
    re.IGNORECASE)
_DETAIL = re.compile(r"^(?:[-–]\s*)?(?:heraf|deraf|herunder|of which)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"forskel|afvigelse|ændring|difference|change|deviation|^fald|^stigning|netto|^net\b|^gevinst|lagt sammen|resultat",
    re.IGNORECASE)
NOT_ADDITIVE = re.compile(
    r"pct|procent|%|percent|andel|share|gennemsnit|mean|average|median|placering|rang|rank|interval|\bpr\.|\bper\b|sats|"
    r"rate|indeks|index|niveau|grad|nummer|\bnr\b|uge\b|uger\b|week|alder|age\b|dato|date|p-værdi|standard",
    re.IGNORECASE)
_LEAST = 2


@dataclass(frozen=True)
class Lane:
    """A row or a column: its name and its cells, in the order of the lanes across."""

    name: str
    cells: tuple[PrintedCell, ...]
    section: bool = False


def rows_of(table: Table) -> list[Lane]:
    """The rows as lanes."""
    return [Lane(row.label, row.cells, row.section) for row in table.rows]


def columns_of(table: Table) -> list[Lane]:
    """The columns as lanes, over the rows that hold anything."""
    rows = [row for row in table.rows if not row.section]
    return [Lane(column.name, tuple(row.cells[at] for row in rows)) for at, column in enumerate(table.columns)]


def step_of(cells: Sequence[PrintedCell]) -> Decimal:
    """The value of the last decimal that these cells print."""
    return Decimal(1).scaleb(-max((cell.decimals for cell in cells), default=0))


def equations(table: Table) -> list[Equation]:
    """All that should add up in the table, each once."""
    rows, columns = rows_of(table), columns_of(table)
    if not rows or not columns:
        return []
    # a column without a name may be a rank, an average, anything
    additive = [bool(column.name) and not NOT_ADDITIVE.search(column.name) for column in columns]
    if NOT_ADDITIVE.search(f"{table.caption} {' '.join(table.near[:3])}") and table.unit is None:
        additive = [False] * len(columns)
    body = [row for row in rows if not row.section]
    names = [column.name for column in columns]
    found = [*_sums(rows, names, additive), *_sums(columns, [row.name for row in body], [True] * len(body), additive),
             *_relations(columns, [row.name for row in body])]
    once = {(each.result.where, frozenset((sign, cell.where) for sign, cell, _ in each.terms)): each for each in found}
    return list(once.values())


def _sums(
    lanes: Sequence[Lane], across: Sequence[str], use: Sequence[bool], lanes_use: Sequence[bool] | None = None
) -> Iterator[Equation]:
    """Lanes called totals, as sums of lanes before them, at each position across that may be added up."""
    for at, lane in enumerate(lanes):
        if lane.section or not _TOTAL.search(lane.name) or _DETAIL.match(lane.name):
            continue
        options = [_at_positions(lane, [lanes[k] for k in option], across, use)
                   for option in _options(lanes, at, lanes_use)]
        scored = [(sum(each.holds and each.result.nought != 0 for each in option), option) for option in options]
        best, chosen = max(scored, key=lambda pair: pair[0], default=(0, []))
        known = [each for each in chosen if each.known]
        if best and 3 * best >= len(known):
            yield from chosen
        elif not best and options and sum(use) == 1:  # nothing beside it tells whether it is a sum
            yield from (replace(each, code="lint.total-doubtful") for each in options[0])


def _options(lanes: Sequence[Lane], at: int, use: Sequence[bool] | None) -> list[list[int]]:
    """What a total may be a sum of: the lanes since the last total or heading, all lanes before it, or the totals."""
    plain = [k for k in range(at) if not lanes[k].section and not _DETAIL.match(lanes[k].name)
             and (use is None or use[k])]
    totals = [k for k in plain if _TOTAL.search(lanes[k].name)]
    others = [k for k in plain if k not in totals]
    heading = max((k for k in range(at) if lanes[k].section), default=-1)
    last = max([*totals, -1])
    options = [[k for k in others if k > max(last, heading)], [k for k in others if k > heading],
               [k for k in others if k > last], others, totals]
    return [option for k, option in enumerate(options) if len(option) >= _LEAST and option not in options[:k]]


def _at_positions(
    total: Lane, parts: Sequence[Lane], across: Sequence[str], use: Sequence[bool]
) -> list[Equation]:
    found = []
    for at, name in enumerate(across):
        if use[at]:
            terms = tuple((1, part.cells[at], Role.OTHER) for part in parts)
            step = step_of([total.cells[at], *(part.cells[at] for part in parts)])
            found.append(Equation(terms, total.cells[at], Role.OTHER, total.name, name, step))
    return found


def _relations(columns: Sequence[Lane], across: Sequence[str]) -> Iterator[Equation]:
    """A column called difference, net or the like: two columns before it added up, or one taken from the other."""
    for at, lane in enumerate(columns):
        if not _DIFFERENCE.search(lane.name):
            continue
        best: list[Equation] = []
        for one in range(at):
            for other in range(one + 1, at):
                for signs in ((-1, 1), (1, -1), (1, 1)):
                    tried = [_relation(lane, columns[one], columns[other], signs, k, name)
                             for k, name in enumerate(across)]
                    if _believed(tried) and _holding(tried) > _holding(best):
                        best = tried
        yield from best


def _relation(
    result: Lane, one: Lane, other: Lane, signs: tuple[int, int], at: int, name: str
) -> Equation:
    cells = (one.cells[at], other.cells[at])
    terms = tuple((sign, cell, Role.OTHER) for sign, cell in zip(signs, cells, strict=True))
    step = step_of([result.cells[at], *cells])
    return Equation(terms, result.cells[at], Role.OTHER, result.name, name, step, "lint.difference")


def _holding(tried: Sequence[Equation]) -> int:
    return sum(each.holds for each in tried if each.known)


def _believed(tried: Sequence[Equation]) -> bool:
    """Two thirds of the rows at least, and two rows, hold with figures that are not nought."""
    known = [each for each in tried if each.known and all(not cell.blank for _, cell, _ in each.terms)]
    holding = [each for each in known if each.holds and all(cell.nought != 0 for _, cell, _ in each.terms)]
    return len(holding) >= _LEAST and 3 * len(holding) >= 2 * len(known)
