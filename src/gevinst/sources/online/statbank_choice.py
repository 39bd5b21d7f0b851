"""What a StatBank table can be asked for, what is chosen of it, and how many cells that is.

A request may hold a million cells unless it is streamed (BULK); a larger one is parted along its longest variable.
Read in public descriptions of the interface, autumn 2025: values may be `*` and patterns with it, `(1)` for the
newest and `(-n+5)` for the five newest, `>=2020K1`, `<=2021K4` and both together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from math import prod
from typing import Any

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.online.values import plain_words

MOST_CELLS = 1_000_000
_NTH = re.compile(r"\((?:(\d+)|-n\+(\d+))\)")
_RANGE = re.compile(r"(?:>=?(?P<low>[^<>=]+))?(?:<=?(?P<high>[^<>=]+))?")
_TOTAL = ("i alt", "hele landet", "total")


@dataclass(frozen=True)
class Variable:
    """A variable of a table: its code, name, and values by code in the table's order."""

    id: str
    text: str
    eliminable: bool
    values: tuple[tuple[str, str], ...]

    def expanded(self, pattern: str) -> list[str]:
        """The codes that a value, a name or a pattern stands for; none where it stands for nothing here.

        >>> Tid = Variable("Tid", "tid", False, (("2020K1", ""), ("2020K2", ""), ("2021K1", "")))
        >>> Tid.expanded("2020*"), Tid.expanded("(1)"), Tid.expanded("(-n+2)"), Tid.expanded(">=2020K2")
        (['2020K1', '2020K2'], ['2021K1'], ['2020K2', '2021K1'], ['2020K2', '2021K1'])
        """
        codes = [code for code, _ in self.values]
        if pattern in codes:
            return [pattern]
        if found := _NTH.fullmatch(pattern):
            nth, newest = found.groups()
            return codes[-int(newest):] if newest else codes[-int(nth) :][:1] if 0 < int(nth) <= len(codes) else []
        if pattern[:1] in "<>" and (found := _RANGE.fullmatch(pattern)):
            low, high = (found.group(name) or "" for name in ("low", "high"))
            return [code for code in codes if code >= low and (not high or code <= high)]
        if "*" in pattern:
            return [code for code in codes if fnmatchcase(code.replace("[", "?"), pattern.replace("[", "?"))]
        return [code for code, text in self.values if plain_words(text) == plain_words(pattern)][:1]

    @property
    def total(self) -> str | None:
        """The code of the total, where a value is named so."""
        return next((code for code, text in self.values if any(word in plain_words(text) for word in _TOTAL)), None)


@dataclass(frozen=True)
class TableInfo:
    """A table: its id, title, unit and variables."""

    id: str
    text: str
    unit: str
    variables: tuple[Variable, ...]

    def variable(self, name: str) -> Variable:
        """The variable with this code or name, capitals aside. Raises `online.unknown-value`."""
        wanted = name.strip().casefold()
        for one in self.variables:
            if wanted in {one.id.casefold(), one.text.casefold()}:
                return one
        raise GevinstError("online.unknown-value", where=self.id, value=shown(name),
                           known=", ".join(one.id for one in self.variables))


@dataclass(frozen=True)
class Selection:
    """What is asked for of a table: codes by variable, in the table's order. What is left out the source sums."""

    info: TableInfo
    codes: Mapping[str, tuple[str, ...]]

    @property
    def cells(self) -> int:
        """How many cells the answer has."""
        return prod(len(codes) for codes in self.codes.values())

    def parts(self, most: int = MOST_CELLS) -> Iterator[Selection]:
        """The selection in parts of at most `most` cells, each along the longest variable."""
        if self.cells <= most:
            yield self
            return
        for half in self.halves():
            yield from half.parts(most)

    def halves(self) -> tuple[Selection, ...]:
        """The selection in two along its longest variable; itself where it has one cell."""
        longest = max(self.codes, key=lambda name: len(self.codes[name]))
        codes = self.codes[longest]
        if len(codes) < 2:
            return (self,)
        middle = len(codes) // 2
        return tuple(replace(self, codes={**self.codes, longest: part}) for part in (codes[:middle], codes[middle:]))

    def payload(self, form: str, language: str = "da") -> dict[str, Any]:
        """The JSON that is sent. Codes only: BULK would else answer with names."""
        variables = [{"code": name, "values": list(codes)} for name, codes in self.codes.items()]
        return {"table": self.info.id, "format": form, "lang": language, "valuePresentation": "Code",
                "variables": variables}


def selection(info: TableInfo, values: Mapping[str, tuple[str, ...]], *, everything: bool) -> Selection:
    """The selection that values and patterns stand for.

    A variable that is not named: all its values where the source cannot sum over it; else it is left to the source,
    or, where `everything` must be named (BULK), its total. Raises `online.unknown-value`, `online.values-needed`.
    """
    named = {info.variable(name).id: patterns for name, patterns in values.items()}
    codes: dict[str, tuple[str, ...]] = {}
    for one in info.variables:
        if one.id in named:
            codes[one.id] = tuple(dict.fromkeys(code for text in named[one.id] for code in _codes(one, text, info)))
        elif not one.eliminable:
            codes[one.id] = tuple(code for code, _ in one.values)
        elif everything:
            if one.total is None:
                raise GevinstError("online.values-needed", where=info.id, variable=one.id)
            codes[one.id] = (one.total,)
    return Selection(info, codes)


def _codes(variable: Variable, pattern: str, info: TableInfo) -> list[str]:
    found = variable.expanded(pattern.strip())
    if not found:
        known = ", ".join(f"{code} ({text})" if text else code for code, text in variable.values[:12])
        raise GevinstError("online.unknown-value", where=f"{info.id}, {variable.id}", value=shown(pattern),
                           known=known or "–")
    return found
