"""JSON-stat, the form in which StatBank answers with codes: version 1 (under `dataset`) and version 2.

https://json-stat.org/format/
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

from gevinst.errors import GevinstError

MOST_CELLS = 20_000_000
VALUE = "value"


def is_jsonstat(payload: Any) -> bool:
    """Whether this is a JSON-stat data set."""
    inner = _dataset(payload)
    return isinstance(inner, dict) and isinstance(inner.get("dimension"), dict) and VALUE in inner


def read_jsonstat(payload: Any, where: str) -> Iterator[dict[str, Any]]:
    """One row per cell: the code of each dimension, and `value` (a number, or `None` for a blank).

    Raises `online.shape` naming what is missing or does not fit.

    >>> one = {"dimension": {"id": ["Tid"], "size": [2], "Tid": {"category": {"index": {"2020": 0, "2021": 1}}}},
    ...        "value": [5, None]}
    >>> list(read_jsonstat({"dataset": one}, ""))
    [{'Tid': '2020', 'value': 5}, {'Tid': '2021', 'value': None}]
    """
    inner = _dataset(payload)
    if not is_jsonstat(payload):
        raise GevinstError("online.shape", where=where, missing="dimension, value")
    dimension = inner["dimension"]
    ids = inner.get("id", dimension.get("id"))
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise GevinstError("online.shape", where=where, missing="id")
    codes = [_codes(dimension.get(one), one, where) for one in ids]
    cells = prod(len(one) for one in codes)
    values = inner[VALUE]
    fits = isinstance(values, dict) or (isinstance(values, list) and len(values) == cells)
    if not fits or cells > MOST_CELLS:
        raise GevinstError("online.shape", where=where, missing=VALUE)
    for at, place in enumerate(product(*codes)):
        cell = values.get(str(at)) if isinstance(values, dict) else values[at]
        number = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
        yield {**dict(zip(ids, place, strict=True)), VALUE: number}


def _dataset(payload: Any) -> Any:
    return payload.get("dataset", payload) if isinstance(payload, dict) else None


def _codes(one: Any, name: str, where: str) -> list[str]:
    """The codes of a dimension in their order."""
    category = one.get("category") if isinstance(one, dict) else None
    index = category.get("index", category.get("label")) if isinstance(category, dict) else None
    if isinstance(index, list):
        return [str(code) for code in index]
    if isinstance(index, dict):
        if all(isinstance(place, int) for place in index.values()):
            return [str(code) for code in sorted(index, key=lambda code: index[code])]
        return [str(code) for code in index]
    raise GevinstError("online.shape", where=where, missing=f"dimension.{name}.category.index")
