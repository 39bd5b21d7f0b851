"""YAML that remembers its lines, so that a fault in a parameter file is named by file and line.

Numbers are read as exact decimals, never through float. A key that stands twice, an unknown key, a missing
key and a value of the wrong kind are errors: a parameter file that is misread is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from gevinst.errors import GevinstError

NULL, BOOL, INT, FLOAT, DATE, TEXT = (f"tag:yaml.org,2002:{kind}"
                                      for kind in ("null", "bool", "int", "float", "timestamp", "str"))


@dataclass(frozen=True)
class Node:
    """A value in a file. `content` is a mapping, a list, or a scalar's raw text; `tag` its YAML kind."""

    content: dict[str, Node] | list[Node] | str
    tag: str
    file: str
    line: int

    @property
    def where(self) -> str:
        """File and line, as an error names them."""
        return f"{self.file}:{self.line}"

    def fault(self, code: str, **values: Any) -> GevinstError:
        """An error at this place."""
        return GevinstError(code, where=self.where, **values)

    @property
    def empty(self) -> bool:
        """True where nothing is written."""
        return self.tag == NULL

    def _wrong(self, wanted_da: str, wanted_en: str) -> GevinstError:
        return self.fault("parameters.wrong-kind", wanted_da=wanted_da, wanted_en=wanted_en)

    def mapping(self, required: Sequence[str] = (), optional: Sequence[str] | None = None) -> dict[str, Node]:
        """The entries by key. With `optional` given, keys outside `required` and `optional` are errors.

        Raises `parameters.wrong-kind`, `parameters.missing-key`, `parameters.unknown-key`.
        """
        if not isinstance(self.content, dict):
            raise self._wrong("en tabel med nøgler", "a mapping with keys")
        if optional is not None:
            allowed = {*required, *optional}
            for key, below in self.content.items():
                if key not in allowed:
                    raise below.fault("parameters.unknown-key", key=key, allowed=", ".join(sorted(allowed)))
        for key in required:
            if key not in self.content or self.content[key].empty:
                code = "parameters.missing-source" if key == "source" else "parameters.missing-key"
                raise self.fault(code, key=key)
        return self.content

    def items(self) -> list[Node]:
        """The entries of a list. Raises `parameters.wrong-kind`."""
        if not isinstance(self.content, list):
            raise self._wrong("en liste", "a list")
        return self.content

    def text(self) -> str:
        """Words, stripped and not empty. Raises `parameters.wrong-kind`."""
        if not isinstance(self.content, str) or self.empty or not self.content.strip():
            raise self._wrong("en tekst", "a text")
        return " ".join(self.content.split())

    def boolean(self) -> bool:
        """`true` or `false`. Raises `parameters.wrong-kind`."""
        if self.tag != BOOL:
            raise self._wrong("true eller false", "true or false")
        return str(self.content).lower() in {"true", "yes", "on"}

    def number(self) -> Decimal:
        """An exact number. Raises `parameters.wrong-kind`."""
        if self.tag in {INT, FLOAT}:
            try:
                value = Decimal(str(self.content))
            except InvalidOperation:
                pass
            else:
                if value.is_finite():
                    return value
        raise self._wrong("et tal med decimalpunktum", "a number with a decimal point")

    def integer(self) -> int:
        """A whole number. Raises `parameters.wrong-kind`."""
        value = self.number()
        if value != value.to_integral_value():
            raise self._wrong("et helt tal", "a whole number")
        return int(value)

    def day(self) -> date:
        """A date, ISO. Raises `parameters.wrong-kind`."""
        if self.tag == DATE:
            try:
                return date.fromisoformat(str(self.content))
            except ValueError:
                pass
        raise self._wrong("en dato som 2021-12-31", "a date such as 2021-12-31")


def read(path: Path) -> Node:
    """The whole file as a node.

    Raises `parameters.file-missing`, `parameters.unreadable` (not YAML, or not UTF-8, or empty) and
    `parameters.duplicate-key`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as fault:
        raise GevinstError("parameters.file-missing", where=str(path), file=path.name) from fault
    except UnicodeDecodeError as fault:
        raise GevinstError("parameters.unreadable", where=str(path), reason="UTF-8") from fault
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is not None:
            return _convert(root, path.name, set())
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise GevinstError("parameters.unreadable", where=f"{path.name}:{line}",
                           reason=fault.problem or "YAML") from fault
    except yaml.reader.ReaderError as fault:  # a character that YAML forbids
        line = text.count("\n", 0, fault.position) + 1
        raise GevinstError("parameters.unreadable", where=f"{path.name}:{line}", reason=fault.reason) from fault
    except RecursionError as fault:  # brackets within brackets without end
        raise GevinstError("parameters.unreadable", where=path.name, reason="YAML") from fault
    raise GevinstError("parameters.unreadable", where=path.name, reason="0 byte")


def _convert(node: yaml.Node, file: str, met: set[int]) -> Node:
    """The node and all below it; `met` are those gone through, for an alias may hold itself, or grow without end."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.CollectionNode):
        if id(node) in met:
            raise GevinstError("parameters.unreadable", where=f"{file}:{line}", reason="alias (*)")
        met.add(id(node))
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in entries:
                raise GevinstError("parameters.duplicate-key", where=f"{file}:{key.start_mark.line + 1}", key=name)
            below = _convert(value, file, met)
            entries[name] = Node(below.content, below.tag, file, key.start_mark.line + 1)
        return Node(entries, node.tag, file, line)
    if isinstance(node, yaml.SequenceNode):
        return Node([_convert(value, file, met) for value in node.value], node.tag, file, line)
    return Node(str(node.value), node.tag, file, line)
