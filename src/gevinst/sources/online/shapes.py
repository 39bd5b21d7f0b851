"""Reading JSON of which not all is known: unknown fields are passed over, missing ones are named.

The shapes of jobindsats version 3 stand here as they were seen in public code of autumn 2026, not in its guide:

    catalogue     subjects → `table_groups` → `tables[]` with `table_id`, `table_name`
    description   `periods[].periodtype_id`, `.values[].period_id`; `dimensions[].dimension_id`,
                  `.hierarchies[].hierarchy_id`, `.levels[].level_id`, `.values[].value_id`, `.value_name`
    data          `{"columns": [...], "rows": [[...]]}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gevinst.errors import GevinstError
from gevinst.sources.online.values import plain_words

WHOLE = "/"
"""The value id of a hierarchy's top: the total."""
DEEPEST = 30
"""Levels of a catalogue that are looked through."""
_TOTAL = ("i alt", "hele landet", "total", "samlet")


@dataclass(frozen=True)
class TableName:
    """A table of the catalogue, with what it stands under."""

    id: str
    name: str
    group: str = ""
    subject: str = ""

    @property
    def words(self) -> str:
        """All its names, as they are searched."""
        return plain_words(f"{self.id} {self.name} {self.group} {self.subject}")


@dataclass(frozen=True)
class Hierarchy:
    """One way of dividing a dimension: its values' ids by their names."""

    id: str
    dimension: str
    required: bool
    values: tuple[tuple[str, str], ...]

    def named(self, name: str) -> str | None:
        """The id of the value with this name, "Kommune" set aside; `None` where there is none."""
        wanted = _place(name)
        return next((value for value, text in self.values if _place(text) == wanted), None)

    @property
    def total(self) -> str:
        """The id of the total: `/`, or a value named so."""
        ids = {value for value, _ in self.values}
        named = (value for value, text in self.values if any(word in plain_words(text) for word in _TOTAL))
        return WHOLE if WHOLE in ids else next(named, WHOLE)


@dataclass(frozen=True)
class Description:
    """What a table can be asked for: period ids by type, in order, and the hierarchies of its dimensions."""

    id: str
    name: str
    periods: Mapping[str, tuple[str, ...]]
    hierarchies: tuple[Hierarchy, ...]


@dataclass(frozen=True)
class Rows:
    """Rows of a table by column name, cells as they came."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]


def _place(name: str) -> str:
    return plain_words(name).removesuffix(" kommune").replace("aa", "å")


def read_catalogue(payload: Any, where: str) -> tuple[TableName, ...]:
    """The tables of a catalogue, wherever in it they stand. Raises `online.shape`."""
    found = {table.id: table for table in _tables(payload, "", "")}
    if not found:
        raise GevinstError("online.shape", where=where, missing="table_id")
    return tuple(found.values())


def _tables(value: Any, group: str, subject: str, depth: int = 0) -> Iterator[TableName]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _tables(one, group, subject, depth + 1)
    elif isinstance(value, dict):
        group = _text(value, "table_group_name") or group
        subject = _text(value, "subject_name") or subject
        if name := _text(value, "table_id"):
            yield TableName(name.lower(), _text(value, "table_name"), group, subject)
        for below in value.values():
            yield from _tables(below, group, subject, depth + 1)


def read_description(payload: Any, where: str) -> Description:
    """A table's description. Raises `online.shape` naming what is missing."""
    inner = payload[0] if isinstance(payload, list) and len(payload) == 1 else payload
    if not isinstance(inner, dict):
        raise GevinstError("online.shape", where=where, missing="periods, dimensions")
    missing = [name for name in ("periods", "dimensions") if not isinstance(inner.get(name), list)]
    if missing:
        raise GevinstError("online.shape", where=where, missing=", ".join(missing))
    periods: dict[str, tuple[str, ...]] = {}
    for kind in _dicts(inner["periods"]):
        ids = [one if isinstance(one, str) else _text(one, "period_id") for one in _list(kind, "values")]
        periods[_text(kind, "periodtype_id")] = tuple(sorted({one for one in ids if one}, key=period_order))
    hierarchies = [_hierarchy(one, _text(dimension, "dimension_id"))
                   for dimension in _dicts(inner["dimensions"]) for one in _dicts(_list(dimension, "hierarchies"))]
    kept = tuple(one for one in hierarchies if one.id)
    if not any(periods.values()):
        raise GevinstError("online.shape", where=where, missing="periods[].values[].period_id")
    return Description(_text(inner, "table_id").lower(), _text(inner, "table_name"),
                       {kind: ids for kind, ids in periods.items() if kind and ids}, kept)


def _hierarchy(one: Mapping[str, Any], dimension: str) -> Hierarchy:
    values = [(_text(value, "value_id"), _text(value, "value_name"))
              for level in _dicts(_list(one, "levels")) for value in _dicts(_list(level, "values"))]
    required = any(one.get(key) in (True, 1, "1", "true", "True") for key in ("is_required", "required", "mandatory"))
    name = _text(one, "hierarchy_id")
    return Hierarchy(name, dimension or name, required,  # without a dimension's id each hierarchy is one of its own
                     tuple(dict.fromkeys(pair for pair in values if pair[0])))


def read_rows(payload: Any, where: str) -> Rows:
    """The rows of an answer: version 3, or a file saved from version 2 (`Variables[].Label`, `Data`).

    Raises `online.shape` naming what is missing or does not fit.
    """
    inner = payload[0] if isinstance(payload, list) and len(payload) == 1 else payload
    inner = inner if isinstance(inner, dict) else {}
    if isinstance(inner.get("Variables"), list) and isinstance(inner.get("Data"), list):
        inner = {"columns": [_text(one, "Label") for one in _dicts(inner["Variables"])], "rows": inner["Data"]}
    missing = [name for name in ("columns", "rows") if not isinstance(inner.get(name), list)]
    if missing:
        raise GevinstError("online.shape", where=where, missing=", ".join(missing))
    columns = tuple(_column(one) for one in inner["columns"])
    if len(set(columns)) != len(columns) or not all(columns):
        raise GevinstError("online.shape", where=where, missing="columns[]")
    rows = []
    for row in inner["rows"]:
        if isinstance(row, dict):
            rows.append({name: row.get(name) for name in columns})
        elif isinstance(row, list) and len(row) == len(columns):
            rows.append(dict(zip(columns, row, strict=True)))
        else:
            raise GevinstError("online.shape", where=where, missing="rows[][]")
    return Rows(columns, tuple(rows))


def next_page(payload: Any) -> str | None:
    """The next page's address where an answer names one; how version 3 pages is not documented in what was read."""
    if not isinstance(payload, dict):
        return None
    for key in ("next", "next_page", "nextLink", "next_link", "@odata.nextLink"):
        if isinstance(payload.get(key), str) and payload[key]:
            return str(payload[key])
    links = payload.get("links")
    return next_page({"next": links.get("next")}) if isinstance(links, dict) else None


_PERIOD = re.compile(r"(\d{4})(?:([A-Z]+)(\d{1,2}))?")


def period_parts(period: str) -> tuple[int, str, int] | None:
    """Year, type and number of a period id; `None` where it is not one.

    >>> period_parts("2023QMAT01"), period_parts("2020"), period_parts("2020M13x")
    ((2023, 'QMAT', 1), (2020, 'Y', 0), None)
    """
    found = _PERIOD.fullmatch(period.strip().upper())
    if found is None:
        return None
    year, kind, number = found.groups()
    return int(year), kind or "Y", int(number or 0)


def period_order(period: str) -> tuple[int, int, str]:
    """Sorts period ids of one type in time; what is not a period id comes first."""
    parts = period_parts(period)
    return (0, 0, period) if parts is None else (parts[0], parts[2], period)


def _column(one: Any) -> str:
    if isinstance(one, dict):
        one = next((one[key] for key in ("name", "column_name", "label", "Label") if isinstance(one.get(key), str)), "")
    return " ".join(one.lstrip("\ufeff").split()) if isinstance(one, str) else ""


def _text(one: Any, key: str) -> str:
    found = one.get(key) if isinstance(one, dict) else None
    return " ".join(str(found).split()) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _list(one: Mapping[str, Any], key: str) -> list[Any]:
    found = one.get(key)
    return found if isinstance(found, list) else []


def _dicts(found: list[Any]) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)]
