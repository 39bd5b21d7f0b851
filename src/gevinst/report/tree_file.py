"""A memo's tree as a file, so that the memo can be written again, word by word, without the data it was made from.

`memo.json` in an edition's folder. Every record is written with its kind; a decimal number keeps its figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from decimal import Decimal
from typing import Any

from gevinst.report import tree
from gevinst.trace import Step

FORMAT = 1
_KIND, _DECIMAL = "is", "decimal"
_KINDS = {kind.__name__: kind for kind in (
    tree.Cell, tree.Link, tree.Column, tree.Row, tree.Table, tree.Figure, tree.Heading, tree.Paragraph, tree.Bullets,
    tree.PageBreak, tree.Ladder, tree.Ladders, tree.Document, Step)}


def as_json(document: tree.Document) -> dict[str, Any]:
    """The document as plain values."""
    return {"format": FORMAT, "memo": _plain(document)}


def from_json(kept: Mapping[str, Any]) -> tree.Document:
    """The document that `as_json` wrote; raises `KeyError`, `TypeError` or `ValueError` where it is not one.

    >>> memo = tree.Document("Notat", "da", "Prøveby", (("Dato:", "1"),), (tree.Heading("Notat", 1),))
    >>> from_json(as_json(memo)) == memo
    True
    """
    if kept["format"] > FORMAT:
        raise ValueError(kept["format"])
    document = _record(kept["memo"])
    if not isinstance(document, tree.Document):
        raise TypeError(type(document).__name__)
    return document


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        # What says nothing new is left out: cells are many.
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        nothing = {field.name for field in fields(value) if _says_nothing(said[field.name], field)}
        return {_KIND: type(value).__name__, **{name: _plain(one) for name, one in said.items() if name not in nothing}}
    if isinstance(value, Decimal):
        return {_KIND: _DECIMAL, "value": str(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _says_nothing(one: Any, field: Field[Any]) -> bool:
    """Whether a value is the one that is taken where none is written."""
    return one == "" or (one == () and field.default == ())


def _record(value: Any) -> Any:
    """A record, with its lists as tuples; what is below a figure's `spec` stays as JSON has it."""
    if isinstance(value, list):
        return tuple(_record(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value.get(_KIND)
    if kind == _DECIMAL:
        return Decimal(value["value"])
    if kind is None:
        return {key: _record(one) for key, one in value.items()}
    made = _KINDS[kind]
    empty = {field.name: "" for field in fields(made) if field.type in ("str", str) and field.name not in value}
    said = {name: one if name == "spec" else _record(one) for name, one in value.items() if name != _KIND}
    return made(**{**empty, **said})
