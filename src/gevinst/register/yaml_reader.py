"""Reads a portfolio from composed YAML nodes along the types of the record, collecting every fault."""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from gevinst.errors import GevinstError
from gevinst.money import Amount, PriceLevel
from gevinst.register import yaml_nodes
from gevinst.register.business_case import (
    BudgetYear,
    Investment,
    NewSpell,
    Portfolio,
    Protocol,
    Prudence,
    RecordedFigure,
    Stop,
    StopRule,
)
from gevinst.register.consistency import Path, faults
from gevinst.register.new_spell import parse_new_spell
from gevinst.register.stated import Reading, Stated, StatedTotal, StatedYear
from gevinst.register.units import Unit, parse_unit, to_amount

SCALED = (Investment, BudgetYear, RecordedFigure, Stop, StopRule, Prudence)
"""May set unit and price level for what they hold."""
CHECK_FIGURES: dict[type, dict[str, Any]] = {
    BudgetYear: {"net": Amount},
    Investment: {"total": StatedTotal},
    Portfolio: {"totals": tuple[StatedYear, ...]},
}
FORMER_KEYS: dict[type, dict[str, str]] = {Protocol: {"relapse_gap_weeks": "new_spell_after"}}  # as old files say
_BAD = object()  # stands for what could not be read; the fault is on the list


@dataclass(frozen=True)
class Scale:
    """What a plain number means: its unit and price level."""

    unit: Unit
    level: PriceLevel


def read_file(path: FilePath) -> Reading:
    """Read a YAML portfolio and collect every fault. Raises only where the file is not YAML at all."""
    return read_node(yaml_nodes.compose(path), str(path))


def read_node(node: yaml.Node, file: str) -> Reading:
    """As `read_file`, from a composed node; `file` is what places are named by."""
    return _Reader(file).portfolio(node)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


class _Reader:
    """Walks nodes along the types of the record, noting the place of each value and every fault."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[GevinstError] = []
        self.places: dict[Path, str] = {}
        self.stated = Stated(Unit.MILLION, locate=self.locate)

    def locate(self, path: Path) -> str:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, self.file)

    def portfolio(self, node: yaml.Node) -> Reading:
        entries = self.entries(node)
        if entries is None:
            return Reading(None, self.faults, self.stated)
        if "unit" not in entries:
            self.fault(GevinstError("register.missing-key", where=self.place(node), key="unit"))
        # A scale must exist to read on; where it is missing or wrong, that fault is on the list already.
        scale = self.own_scale(entries, Scale(Unit.MILLION, PriceLevel(None)))
        self.stated.unit = scale.unit
        value = self.record(node, Portfolio, (), scale)
        portfolio = value if isinstance(value, Portfolio) else None
        if portfolio is not None:
            self.faults += faults(portfolio, self.locate)
        self.faults.sort(key=lambda fault: _order(fault.where))
        return Reading(portfolio, self.faults, self.stated)

    def place(self, node: yaml.Node) -> str:
        return yaml_nodes.place(node, self.file)

    def text(self, node: yaml.Node) -> str:
        return yaml_nodes.scalar(node, self.file)

    def fault(self, error: GevinstError) -> object:
        """Put a fault on the list, once: a node may be read for its scale and again for its value."""
        if (error.code, error.where) not in [(known.code, known.where) for known in self.faults]:
            self.faults.append(error)
        return _BAD

    def attempt(self, node: yaml.Node, read: Callable[[yaml.Node], Any]) -> Any:
        """What `read` makes of the node, or the fault on the list with the node's place."""
        try:
            return read(node)
        except GevinstError as error:
            return self.fault(GevinstError(error.code, where=error.where or self.place(node), **error.values))

    def entries(self, node: yaml.Node) -> dict[str, yaml.Node] | None:
        """The values of a mapping by key; doubled keys are faults."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(GevinstError("register.not-a-mapping", where=self.place(node)))
            return None
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = self.attempt(key_node, self.text)
            if key in found:
                self.fault(GevinstError("register.duplicate-key", where=self.place(key_node), key=key))
            elif isinstance(key, str):
                found[key] = value
        return found

    def own_scale(self, entries: dict[str, yaml.Node], scale: Scale) -> Scale:
        if "unit" in entries:
            unit = self.attempt(entries["unit"], lambda node: parse_unit(self.text(node)))
            scale = replace(scale, unit=unit) if isinstance(unit, Unit) else scale
        if "price_level" in entries:
            level = self.attempt(entries["price_level"], lambda node: PriceLevel.parse(self.text(node)))
            scale = replace(scale, level=level) if isinstance(level, PriceLevel) else scale
        return scale

    def record(self, node: yaml.Node, cls: type, path: Path, scale: Scale) -> Any:
        entries = self.entries(node)
        if entries is None:
            return _BAD
        self.places.setdefault(path, self.place(node))
        checks = CHECK_FIGURES.get(cls, {})
        own = ("unit", "price_level") if cls in SCALED else ("unit",) if cls is Portfolio else ()
        scale = self.own_scale(entries, scale) if cls in SCALED else scale
        self.unknown_keys(node, (*_hints(cls), *checks, *own), tuple(FORMER_KEYS.get(cls, ())))
        self.renamed(node, entries, FORMER_KEYS.get(cls, {}))
        values: dict[str, Any] = {}
        for item in fields(cls):
            value_node = entries.get(item.name)
            if value_node is not None and not yaml_nodes.is_null(value_node):
                values[item.name] = self.value(value_node, _hints(cls)[item.name], (*path, item.name), scale)
            elif item.default is MISSING and item.default_factory is MISSING:
                values[item.name] = self.absent(node, item.name, _hints(cls)[item.name])
        for name, hint in checks.items():
            if name in entries:
                stated = self.value(entries[name], hint, (*path, name), scale)
                if stated is not _BAD:
                    self.stated.figures[(*path, name)] = stated
        return _BAD if any(value is _BAD for value in values.values()) else cls(**values)

    def absent(self, node: yaml.Node, key: str, hint: Any) -> Any:
        """`None` where the record may hold nothing; otherwise a fault at the mapping that lacks the key."""
        if type(None) in get_args(hint):
            return None
        return self.fault(GevinstError("register.missing-key", where=self.place(node), key=key))

    def renamed(self, node: yaml.Node, entries: dict[str, yaml.Node], former: dict[str, str]) -> None:
        """Read a key's former name as its name now; both at once are a fault."""
        for key_node, _ in node.value:
            name = former.get(str(key_node.value))
            if name is not None and name in entries:
                self.fault(GevinstError("register.duplicate-key", where=self.place(key_node),
                                        key=f"{key_node.value} / {name}"))
            elif name is not None:
                entries[name] = entries.pop(key_node.value)

    def unknown_keys(self, node: yaml.Node, known: tuple[str, ...], former: tuple[str, ...]) -> None:
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode) and key_node.value not in (*known, *former):
                near = difflib.get_close_matches(str(key_node.value), known, n=1)
                self.fault(GevinstError("register.unknown-key", where=self.place(key_node), key=key_node.value,
                                        near=near[0] if near else ", ".join(known)))

    def value(self, node: yaml.Node, hint: Any, path: Path, scale: Scale) -> Any:
        self.places[path] = self.place(node)
        origin, arguments = get_origin(hint), get_args(hint)
        if hint == NewSpell:
            return self.attempt(node, lambda at: parse_new_spell(self.text(at)))
        if origin in (Union, types.UnionType):
            return self.value(node, next(a for a in arguments if a is not type(None)), path, scale)
        if hint == tuple[tuple[int, Amount], ...]:
            return self.amounts_by_year(node, path, scale)
        if origin is tuple:
            return self.sequence(node, arguments[0], path, scale)
        if hint is Amount:
            return self.amount(node, path, scale)
        if isinstance(hint, type) and is_dataclass(hint) and hint is not PriceLevel:
            return self.record(node, hint, path, scale)
        return self.attempt(node, lambda at: self.simple(at, hint))

    def simple(self, node: yaml.Node, hint: Any) -> Any:
        readers: dict[Any, Callable[[yaml.Node, str], Any]] = {
            str: yaml_nodes.scalar, int: yaml_nodes.integer, Decimal: yaml_nodes.decimal, date: yaml_nodes.day,
            bool: yaml_nodes.yes_no,
        }
        if hint in readers:
            return readers[hint](node, self.file)
        text = self.text(node).strip()
        if hint is PriceLevel:
            return PriceLevel.parse(text)
        choices: tuple[str, ...] = get_args(hint) if get_origin(hint) is Literal else tuple(hint)
        if text not in choices:
            raise GevinstError("register.not-a-choice", text=text, choices=", ".join(choices))
        return choices[choices.index(text)]

    def sequence(self, node: yaml.Node, hint: Any, path: Path, scale: Scale) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            return self.fault(GevinstError("register.not-a-list", where=self.place(node)))
        values = [self.value(item, hint, (*path, at), scale) for at, item in enumerate(node.value)]
        return _BAD if any(value is _BAD for value in values) else tuple(values)

    def amounts_by_year(self, node: yaml.Node, path: Path, scale: Scale) -> Any:
        entries = self.entries(node)
        if entries is None:
            return _BAD
        found: dict[Any, Any] = {}  # a year that stands twice is on the list already
        for key_node, value_node in node.value:
            year = self.attempt(key_node, lambda at: yaml_nodes.integer(at, self.file))
            found[year] = self.value(value_node, Amount, (*path, year), scale)
        return _BAD if _BAD in (*found, *found.values()) else tuple(found.items())

    def amount(self, node: yaml.Node, path: Path, scale: Scale) -> Any:
        if isinstance(node, yaml.MappingNode):
            entries = self.entries(node) or {}
            scale = self.own_scale(entries, scale)
            for key_node, _ in node.value:
                if key_node.value not in ("value", "unit", "price_level"):
                    return self.fault(GevinstError("register.unknown-key", where=self.place(key_node),
                                                   key=key_node.value, near="value, unit, price_level"))
            if "value" not in entries:
                return self.fault(GevinstError("register.missing-key", where=self.place(node), key="value"))
            node = entries["value"]
            self.places[path] = self.place(node)

        def read(at: yaml.Node) -> Amount:
            figure = yaml_nodes.decimal(at, self.file)
            self.stated.texts[path] = self.text(at).strip()
            return to_amount(figure, scale.unit, scale.level)

        return self.attempt(node, read)


def _order(where: str) -> tuple[int, int]:
    """Faults in the order of the file: `where` ends in `:line:column`."""
    parts = where.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
        return int(parts[1]), int(parts[2])
    return 0, 0
