"""Which printed tables and rows speak of the same investment, by its number or its title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

from gevinst.register.printed_tables import PrintedRow, PrintedTable, Role

_NUMBERED_ROW = re.compile(
    r"^\s*(?:forslag|investering|initiativ|investment|proposal|case)\s*(?:nr\.?\s*)?(\d{1,2})\b", re.IGNORECASE
)
_NUMBERED_HEADING = re.compile(r"^\s*(\d{1,2})\s*\.\s*[-–]?\s*(\S.*)$", re.DOTALL)
_CAPTIONED = re.compile(r"\b(?:forslag|investering|investment|proposal)\s+(?:nr\.?\s*)?(\d{1,2})\b", re.IGNORECASE)
_AFTER_COLON = re.compile(r"^[^:]{1,60}:\s*(\S.*)$", re.DOTALL)
_SOURCE_LINE = re.compile(r"^\s*(?:kilde|note|anm|source)\b", re.IGNORECASE)
_LEAST_TITLE = 12  # letters; shorter texts ("I alt", "Budget") name nothing


def plain(text: str) -> str:
    """A title reduced to what identifies it: lower case, single spaces, no outer punctuation.

    >>> plain("Flere  ledige forsikrede i job. ")
    'flere ledige forsikrede i job'
    """
    return re.sub(r"\s+", " ", re.sub("[–—]", "-", text)).strip(" .:;-").casefold()


def table_number(table: PrintedTable) -> str:
    """The investment number that the heading above a case table gives it, or nothing."""
    for line in table.context:
        found = _NUMBERED_HEADING.match(line)
        if found:
            return found[1]
    return ""


def _titles(lines: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for line in lines:
        numbered, after = _NUMBERED_HEADING.match(line), _AFTER_COLON.match(line)
        found |= {plain(text) for text in (line, numbered[2] if numbered else "", after[1] if after else "")}
    return frozenset(text for text in found if len(text) >= _LEAST_TITLE)


def _headings(table: PrintedTable) -> frozenset[str]:
    """The texts that most likely name the investment: the caption, the first line and the first numbered one."""
    lines = [line for line in table.context if not _SOURCE_LINE.match(line)]
    numbered = [line for line in lines if _NUMBERED_HEADING.match(line)]
    return _titles([*lines[:1], *numbered[:1], table.caption])


def row_number(row: PrintedRow) -> str:
    """The investment number that an overview's row names ("Forslag 3"), or nothing."""
    found = _NUMBERED_ROW.match(row.label)
    return found[1] if found else ""


def is_case(table: PrintedTable) -> bool:
    """A table of one investment: what is put in and what is saved."""
    return bool(table.of_role(Role.INVESTMENT) and table.of_role(Role.SAVING)) and not table.summary


def cases_of_rows(overview: PrintedTable, cases: Iterable[PrintedTable]) -> list[tuple[PrintedRow, PrintedTable]]:
    """The rows of an overview with the case table each speaks of; rows that name none are left out."""
    tables = list(cases)
    titles = [(table, _titles((*table.context, table.caption))) for table in tables]
    by_number = {table_number(table): table for table in reversed(tables)}
    found = []
    for row in overview.of_role(Role.OTHER):
        number, label = row_number(row), plain(row.label)
        by_title = [table for table, texts in titles if any(label.endswith(text) for text in texts)]
        if number and number in by_number:
            found.append((row, by_number[number]))
        elif not number and by_title:
            found.append((row, by_title[0]))
    return found


def cases_by_subject(cases: Iterable[PrintedTable]) -> list[tuple[PrintedTable, PrintedTable]]:
    """Pairs of case tables, in their order, that are headed alike and so speak of the same investment.

    A heading that stands over all of three or more tables is the document's, and names none of them.
    """
    tables = list(cases)
    headings = [_headings(table) for table in tables]
    general = frozenset.intersection(*headings) if len(headings) > 2 else frozenset()
    return [(tables[i], tables[j]) for i, j in combinations(range(len(tables)), 2)
            if (headings[i] & headings[j]) - general and not _numbered_apart(tables[i], tables[j])]


def _numbered_apart(one: PrintedTable, other: PrintedTable) -> bool:
    """Their captions number two different investments."""
    numbers = [found[1] for table in (one, other) if (found := _CAPTIONED.search(table.caption))]
    return len(set(numbers)) == 2
