"""jobindsats, version 3: the catalogue, a table's description, and its rows. Every answer is kept as it came.

Version 2 was closed on 30 September 2026 and is not asked. What is not certain of version 3 is marked *seen*: read in
public code of autumn 2026, not in the official guide.

- `Authorization: Bearer`; `format=json` in every request (seen).
- `mgroup.*=*` asks for all measures; `period.<type>=id,id` or `latest:N`; `hierarchy.<id>=<value id>` (seen).
- `latest:N` with more periods than there are is refused with "only N periods are available" (seen).
- A choice of a level does not give the total; so every request asks for one value of each dimension, and the total
  is a request of its own (seen).
- How much may be asked for at once, and whether answers come in pages, is not known. Periods are asked for in
  parts, a part that is refused as too large is halved, and a next page is fetched where an answer names one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown
from gevinst.sources.online.answers import Answer, read_json
from gevinst.sources.online.downloads import Download, keep
from gevinst.sources.online.http import HttpClient, Query
from gevinst.sources.online.shapes import (
    WHOLE,
    Description,
    Hierarchy,
    Rows,
    TableName,
    next_page,
    read_catalogue,
    read_description,
    read_rows,
)
from gevinst.sources.online.values import plain_words

SOURCE = "jobindsats"
PERIODS_AT_ONCE = 36
MOST_PAGES = 1_000
WHOLE_COUNTRY = "Hele landet"
AREA_DIMENSION = "_omrade"
AREA_HIERARCHIES = ("_nykom", "_hele_landet", "_reko", "_region")


@dataclass(frozen=True)
class Choice:
    """One value of each dimension: value ids by hierarchy, and the area's name as the source writes it."""

    area: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Fetched:
    """Rows, and the downloads they came in."""

    rows: Rows
    downloads: tuple[Download, ...]


@dataclass(frozen=True)
class Jobindsats:
    """The source, and where its answers are kept. `clock` says when an answer came (UTC)."""

    http: HttpClient
    workspace: Path
    clock: Callable[[], datetime]

    def tables(self) -> tuple[TableName, ...]:
        """All tables of the catalogue. Raises the errors of a request, and `online.shape`."""
        payload, _ = self._asked("tables", self.http.url("tables", JSON), "catalogue")
        return read_catalogue(payload, self.http.url("tables"))

    def description(self, table: str) -> Description:
        """What a table can be asked for. Raises the errors of a request, and `online.shape`."""
        path = f"table/{table}"
        payload, _ = self._asked(path, self.http.url(path, JSON), f"{table}-description")
        return read_description(payload, self.http.url(path))

    def data(self, table: str, kind: str, periods: Sequence[str], choice: Choice) -> Fetched:
        """The rows of these periods (ids of type `kind`) for one choice; in as many requests as it takes.

        Raises the errors of a request, and `online.shape`.
        """
        got = [one for at in range(0, len(periods), PERIODS_AT_ONCE)
               for one in self._part(table, kind, periods[at : at + PERIODS_AT_ONCE], choice)]
        return _united(got)

    def latest(self, table: str, kind: str, count: int, choice: Choice) -> Fetched:
        """The rows of the newest `count` periods, or of as many as there are."""
        try:
            return _united(list(self._pages(table, _query(kind, f"latest:{count}", choice))))
        except GevinstError as fault:
            if fault.code != "online.few-periods" or not 0 < fault.values["available"] < count:
                raise
            fewer = f"latest:{fault.values['available']}"
            return _united(list(self._pages(table, _query(kind, fewer, choice))))

    def _part(self, table: str, kind: str, periods: Sequence[str], choice: Choice) -> list[tuple[Rows, Download]]:
        try:
            return list(self._pages(table, _query(kind, ",".join(periods), choice)))
        except GevinstError as fault:
            if fault.code not in {"online.too-many-cells", "online.too-large"} or len(periods) == 1:
                raise
        half = len(periods) // 2
        return [*self._part(table, kind, periods[:half], choice), *self._part(table, kind, periods[half:], choice)]

    def _pages(self, table: str, query: Query) -> Iterator[tuple[Rows, Download]]:
        path = f"data/{table}"
        url: str | None = self.http.url(path, query)
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= MOST_PAGES:
                raise GevinstError("online.shape", where=self.http.url(path), missing="next")
            seen.add(url)
            payload, download = self._asked(path, url, table)
            yield read_rows(payload, self.http.url(path)), download
            url = next_page(payload)

    def _asked(self, path: str, url: str, table: str) -> tuple[Any, Download]:
        answer: Answer = self.http.get_url(url)
        payload = read_json(answer, self.http.url(path))
        request = {"method": "GET", "url": url, "content_type": answer.content_type}
        download = keep(self.workspace, SOURCE, table, answer.body, ending="json", request=request, now=self.clock())
        return payload, download


JSON: Query = (("format", "json"),)


def _query(kind: str, periods: str, choice: Choice) -> Query:
    chosen = [(f"hierarchy.{hierarchy}", value) for hierarchy, value in choice.values.items()]
    return [("mgroup.*", "*"), (f"period.{kind}", periods), *chosen, *JSON]


def _united(got: Sequence[tuple[Rows, Download]]) -> Fetched:
    columns = dict.fromkeys(name for rows, _ in got for name in rows.columns)
    rows = tuple(row for part, _ in got for row in part.rows)
    return Fetched(Rows(tuple(columns), rows), tuple(download for _, download in got))


def choice_of(description: Description, area: str, further: Mapping[str, str] | None = None) -> Choice:
    """One value of each dimension: the area, and the total of every other, unless `further` names a value of it.

    `further` are names of values by hierarchy id (`{"_kon": "Kvinder"}`). Raises `online.unknown-area` and
    `online.unknown-value`, naming some of what there is.
    """
    own, value, name = _area(description, area)
    values = {own.id: value}
    named = dict(further or {})
    for dimension in dict.fromkeys(one.dimension for one in description.hierarchies if one.dimension != own.dimension):
        there = [one for one in description.hierarchies if one.dimension == dimension]
        chosen = next((one for one in there if one.id in named), None)
        if chosen is None:
            chosen = next((one for one in there if one.required), there[0])
            values[chosen.id] = chosen.total
        else:
            values[chosen.id] = _value(chosen, named.pop(chosen.id), description)
    if named:
        known = ", ".join(one.id for one in description.hierarchies)
        raise GevinstError("online.unknown-value", where=description.id, value=shown(next(iter(named))), known=known)
    return Choice(name, values)


def _value(hierarchy: Hierarchy, name: str, description: Description) -> str:
    found = hierarchy.named(name)
    if found is None:
        known = ", ".join(text for _, text in hierarchy.values[:20])
        raise GevinstError("online.unknown-value", where=f"{description.id}, {hierarchy.id}", value=shown(name),
                           known=known or "–")
    return found


def _area(description: Description, area: str) -> tuple[Hierarchy, str, str]:
    """The hierarchy, the value id and the name of an area."""
    def rank(one: Hierarchy) -> int:
        return AREA_HIERARCHIES.index(one.id) if one.id in AREA_HIERARCHIES else len(AREA_HIERARCHIES)

    places = sorted((one for one in description.hierarchies
                     if one.dimension == AREA_DIMENSION or one.id in AREA_HIERARCHIES), key=rank)
    for one in places:
        value = one.named(area)
        if value is not None:
            return one, value, next(text for found, text in one.values if found == value)
    if places and plain_words(area) == plain_words(WHOLE_COUNTRY):
        return places[0], WHOLE, WHOLE_COUNTRY
    known = [text for one in places[:1] for _, text in one.values]
    raise GevinstError("online.unknown-area", where=description.id, area=shown(area),
                       known=", ".join(known[:12]) or "–")
