"""`ledger_rules.yaml` to rules, every fault named by its line; and the ledger as a supplier of a workspace."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from gevinst.errors import GevinstError
from gevinst.register.ledger_rules import NET, RULES_FILE, LedgerRules, LedgerTerms, Patterns, Rule, patterns
from gevinst.register.yaml_nodes import compose, day, decimal, place, scalar
from gevinst.sources.suppliers.opus import OpusSupplier
from gevinst.sources.suppliers.opus_layout import LAYOUT_FILE, read_layout
from gevinst.sources.suppliers.opus_rows import NOT_OURS

PARTS = ("function", "grouping", "art", "psp")
TOP = ("rules", "limits", "budget_index")
LIMITS = ("percent", "kroner")
FIELDS = ("investment", *PARTS, "dranst", "text", "from", "to", "note")


def ledger_supplier(workspace: Path) -> OpusSupplier:
    """The ledger's reader as the workspace says: its rules and its layout, where it has them.

    Raises the errors of `read_rules` and `read_layout`.
    """
    return OpusSupplier(read_layout(workspace / LAYOUT_FILE), workspace_rules(workspace))


def workspace_rules(workspace: Path) -> LedgerRules | None:
    """The rules of a workspace; None where it has no such file. Raises the errors of `read_rules`."""
    path = workspace / RULES_FILE
    return read_rules(path) if path.exists() else None


def read_rules(path: Path) -> LedgerRules:
    """The rules of a file.

    Raises `ledger.rules-form`, `ledger.limit-below-zero`, `ledger.rule-field`, `ledger.rule-field-twice`,
    `ledger.rule-no-investment`,
    `ledger.rule-no-condition`, `ledger.rule-dranst`, `ledger.rule-period`, and the errors of `yaml_nodes`.
    """
    file = path.name
    top = compose(path)
    said = _fields(top, file, TOP)
    if not isinstance(said.get("rules"), yaml.SequenceNode):
        raise GevinstError("ledger.rules-form", where=place(top, file))
    rules = tuple(_rule(number, node, file) for number, node in enumerate(said["rules"].value, 1))
    return LedgerRules(file, hashlib.sha256(path.read_bytes()).hexdigest(), rules, _terms(said, file))


def _terms(said: Mapping[str, Any], file: str) -> LedgerTerms:
    limits = _fields(said["limits"], file, LIMITS) if "limits" in said else {}
    found = {name: decimal(node, file) for name, node in limits.items()}
    for name, value in found.items():
        if value < 0:
            raise GevinstError("ledger.limit-below-zero", where=place(limits[name], file), name=name)
    index = scalar(said["budget_index"], file).strip() if "budget_index" in said else ""
    return LedgerTerms(**found, budget_index=index)


def _rule(number: int, node: yaml.Node, file: str) -> Rule:
    said = _fields(node, file, FIELDS)
    investment = scalar(said["investment"], file).strip() if "investment" in said else ""
    if not investment:
        raise GevinstError("ledger.rule-no-investment", where=place(node, file))
    if not said.keys() - {"investment", "note"}:
        raise GevinstError("ledger.rule-no-condition", where=place(node, file))
    accounts = {part: _patterns(said[part], part, file) for part in PARTS if part in said}
    first, last = (_day(said.get(name), file) for name in ("from", "to"))
    if first and last and last < first:
        raise GevinstError("ledger.rule-period", where=place(said["to"], file), first=first.isoformat(),
                           last=last.isoformat())
    return Rule(
        number, int(node.start_mark.line) + 1, investment, accounts,
        _dranst(said["dranst"], file) if "dranst" in said else None if investment == NOT_OURS else NET,
        _patterns(said["text"], "text", file) if "text" in said else (), first, last,
        scalar(said["note"], file) if "note" in said else "")


def _fields(node: yaml.Node, file: str, allowed: Sequence[str]) -> Mapping[str, Any]:
    """The entries of a mapping; `ledger.rules-form` where it is none."""
    if not isinstance(node, yaml.MappingNode):
        raise GevinstError("ledger.rules-form", where=place(node, file))
    said: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = scalar(key, file)
        if name not in allowed:
            raise GevinstError("ledger.rule-field", where=place(key, file), name=name, allowed=", ".join(allowed))
        if name in said:
            raise GevinstError("ledger.rule-field-twice", where=place(key, file), name=name)
        said[name] = value
    return said


def _words(node: yaml.Node, file: str) -> list[str]:
    """One word, or a list of them, as written; none may be empty."""
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    words = [scalar(one, file).strip() for one in nodes]
    if not words or not all(words):
        raise GevinstError("ledger.rule-no-condition", where=place(node, file))
    return words


def _patterns(node: yaml.Node, part: str, file: str) -> Patterns:
    return patterns(_words(node, file), part)


def _dranst(node: yaml.Node, file: str) -> frozenset[int]:
    words = _words(node, file)
    if not all(word in tuple("1234567") for word in words):
        raise GevinstError("ledger.rule-dranst", where=place(node, file), text=", ".join(words))
    return frozenset(int(word) for word in words)


def _day(node: yaml.Node | None, file: str) -> date | None:
    return None if node is None else day(node, file)
