"""A `FileMapping` as the YAML file that `mapping_reader` reads back to an equal one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping, Filter

HEAD = "# Mapping of a supplier's extract; made by `gevinst map`, and may be edited: docs/guide/mapping-files.md\n"


class _Dumper(yaml.SafeDumper):
    """Writes a value that stands twice, twice."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def mapping_text(one: FileMapping) -> str:
    """The file's text."""
    said: dict[str, Any] = {"key": one.key, "supplier": one.supplier, "made": one.made, "table": one.table,
                            "files": list(one.files)}
    if one.unverified:
        said["unverified"] = True
    reading = one.reading
    for name, value in (("note", one.note), ("sheet", reading.sheet), ("header_row", reading.header_row),
                        ("encoding", reading.encoding), ("separator", reading.separator), ("decimal", one.decimal)):
        if value:
            said[name] = value
    said["columns"] = {name: _rule(rule) for name, rule in one.columns}
    if one.filters:
        said["filters"] = [_filter(each) for each in one.filters]
    return HEAD + yaml.dump(said, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _rule(rule: ColumnRule) -> Any:
    said: dict[str, Any] = {}
    if rule.constant is not None:
        said["constant"] = rule.constant
    elif len(rule.sources) == 1:
        said["from"] = rule.sources[0]
    else:
        said["joined" if rule.joined else "first_of"] = list(rule.sources)
    for name, value in (("date", rule.date), ("shift_days", rule.shift_days), ("blank", list(rule.blank)),
                        ("codes", dict(rule.codes)), ("cpr", rule.cpr), ("number", rule.number)):
        if value:
            said[name] = value
    if rule.codes:
        said["unlisted"] = rule.unlisted
    return said["from"] if list(said) == ["from"] else said


def _filter(one: Filter) -> dict[str, Any]:
    said: dict[str, Any] = {"keep" if one.keep else "drop": one.column}
    if one.test == "empty":
        said["empty"] = True
    elif one.test == "between":
        days: dict[str, date | None] = {"from": one.first, "to": one.last}
        said |= {name: day for name, day in days.items() if day}
        if one.date:
            said["date"] = one.date
    else:
        said[one.test] = list(one.values)
    return said


def mapping_path(folder: Path, key: str) -> Path:
    """Where the mapping with this key lies."""
    return folder / f"{key}.yaml"
