"""Mapping files: YAML in, `FileMapping` out, each fault with file and line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import yaml

from gevinst.disk import reason_of
from gevinst.errors import GevinstError
from gevinst.parameters.benefits import plain
from gevinst.parameters.marked_yaml import DATE, Node, read
from gevinst.sources.cells import holds_cpr
from gevinst.sources.header import STORED_NAMES, plain_name
from gevinst.sources.suppliers.date_formats import is_format, plain_format
from gevinst.sources.suppliers.mapping import (
    ENCODINGS,
    SEPARATORS,
    UNLISTED,
    ColumnRule,
    FileMapping,
    Filter,
    Reading,
    Test,
)
from gevinst.tables import CONTRACTS, Contract

_REQUIRED = ("key", "supplier", "made", "table", "files", "columns")
_OPTIONAL = ("note", "unverified", "sheet", "header_row", "encoding", "separator", "decimal", "filters", "keep")
_COLUMN = (
    "from", "first_of", "joined", "constant", "date", "shift_days", "blank", "codes", "unlisted", "cpr", "number"
)  # fmt: skip
_FILTER = ("keep", "drop", "in", "not_in", "begins_with", "empty", "from", "to", "date")
_TESTS: tuple[Test, ...] = ("in", "not_in", "begins_with")
T = TypeVar("T", bound=str)


def read_mapping(path: Path) -> FileMapping:
    """The mapping in a file.

    Raises the `mapping.*` errors of its lines, and of the file: `mapping.file-missing`, `mapping.file-unreadable` and
    `mapping.duplicate-key`.
    """
    try:
        root = read(path)
    except OSError as fault:
        raise GevinstError("mapping.file-unreadable", where=str(path), reason=reason_of(fault)) from fault
    except GevinstError as fault:
        raise _ours(fault, path) from fault
    except (yaml.YAMLError, RecursionError) as fault:  # control characters; brackets within brackets without end
        raise GevinstError("mapping.file-unreadable", where=str(path), reason="YAML") from fault
    found = mapping_of(root, path.stem)
    _no_person_in_comments(path)
    return found


def _no_person_in_comments(path: Path) -> None:
    """What the reader of YAML passes over is kept and copied with the file all the same."""
    for place, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if holds_cpr(line):
            raise GevinstError("mapping.holds-cpr", where=f"{path}:{place}")


def _ours(fault: GevinstError, path: Path) -> GevinstError:
    """A fault of the YAML reader, which speaks of parameters, as one of ours."""
    match fault.code:
        case "parameters.duplicate-key":
            return GevinstError("mapping.duplicate-key", where=fault.where, **fault.values)
        case "parameters.file-missing":
            return GevinstError("mapping.file-missing", where=str(path))
        case _:
            return GevinstError("mapping.file-unreadable", where=fault.where, reason=fault.values.get("reason", "YAML"))


def mapping_of(root: Node, stem: str) -> FileMapping:
    """The mapping in a file's top node; `stem` is the file's name, which must be the key."""
    _no_person(root)
    said = _entries(root, _REQUIRED, _OPTIONAL)
    key = _text(said["key"])
    if key != plain(key) or key != stem:
        raise said["key"].fault("mapping.key", key=key, stem=stem, proposal=plain(stem))
    table = _choice(said["table"], tuple(CONTRACTS))
    contract = CONTRACTS[table]
    columns = _columns(said["columns"], contract)
    if "keep" in said:
        columns += _kept(said["keep"], contract, [name for name, _ in columns])
    missing = [one.name for one in contract.columns if one.required and not one.empty
               and one.name not in dict(columns)]
    if missing:
        raise said["columns"].fault("mapping.columns-missing", columns=", ".join(missing), table=table)
    dates = {source: rule.date for _, rule in reversed(columns) for source in rule.sources}
    return FileMapping(
        key=key, supplier=_text(said["supplier"]), made=_day(said["made"]), table=table, files=_texts(said["files"]),
        columns=tuple(columns),
        filters=tuple(_filter(one, dates) for one in _list(said["filters"])) if "filters" in said else (),
        reading=_reading(said), decimal=_choice(said["decimal"], (",", ".")) if "decimal" in said else "",
        note=_text(said["note"]) if "note" in said else "",
        unverified=_flag(said["unverified"]) if "unverified" in said else False)


def _no_person(node: Node) -> None:
    """A mapping is a file that is kept and shown to others: no person may stand in it."""
    if isinstance(node.content, dict):
        for key, below in node.content.items():
            if holds_cpr(key):
                raise below.fault("mapping.holds-cpr")
            _no_person(below)
    elif isinstance(node.content, list):
        for below in node.content:
            _no_person(below)
    elif holds_cpr(node.content):
        raise node.fault("mapping.holds-cpr")


def _columns(node: Node, contract: Contract) -> list[tuple[str, ColumnRule]]:
    """The rules by canonical column, the contract's first and in its order."""
    known = [column.name for column in contract.columns]
    found: dict[str, ColumnRule] = {}
    for name, below in _table(node).items():
        if name not in known:
            _further_name(name, below, contract)
        found[name] = _rule(below, contract, name)
    further = [name for name in found if name not in known]
    return [(name, found[name]) for name in (*known, *further) if name in found]


def _further_name(name: str, node: Node, contract: Contract) -> None:
    """Whether a column that the contract does not name may be kept under this name."""
    known = [column.name for column in contract.columns]
    if not contract.open:
        raise node.fault("mapping.unknown-column", column=name, table=contract.name, allowed=", ".join(known),
                         alike=_alike(name, known))
    if name != plain_name(name) or name in STORED_NAMES:
        raise node.fault("mapping.further-name", column=name, proposal=f"{plain_name(name)}_2"
                         if plain_name(name) in STORED_NAMES else plain_name(name))


def _kept(node: Node, contract: Contract, taken: Sequence[str]) -> list[tuple[str, ColumnRule]]:
    """Columns that are kept under their own names."""
    kept: dict[str, ColumnRule] = {}
    for one in _list(node):
        name = plain_name(_text(one))
        if name in taken or name in kept:
            raise one.fault("mapping.duplicate-key", key=name)
        _further_name(name, one, contract)
        kept[name] = ColumnRule((_text(one),))
    return list(kept.items())


def _rule(node: Node, contract: Contract, name: str) -> ColumnRule:
    if not isinstance(node.content, dict):
        return ColumnRule((_text(node),))
    said = _entries(node, (), _COLUMN)
    ways = [way for way in ("from", "first_of", "joined", "constant") if way in said]
    if len(ways) != 1:
        raise node.fault("mapping.one-source", column=name)
    kind = next((column.type for column in contract.columns if column.name == name), "text")
    is_date = kind in ("date", "last_day")
    for key, fits in (("date", is_date or kind == "text"), ("shift_days", is_date), ("cpr", kind == "person"),
                      ("number", kind == "text")):
        if key in said and not fits:
            raise said[key].fault("mapping.not-for-column", key=key, column=name)
    if "unlisted" in said and "codes" not in said:
        raise said["unlisted"].fault("mapping.unlisted-without-codes", column=name)
    sources = () if ways == ["constant"] else _texts(said[ways[0]])
    return ColumnRule(
        sources=sources, joined=ways == ["joined"],
        constant=_scalar(said["constant"]) if ways == ["constant"] else None,
        date=_format(said["date"]) if "date" in said else "",
        shift_days=_whole(said["shift_days"]) if "shift_days" in said else 0,
        blank=_texts(said["blank"]) if "blank" in said else (),
        codes=_codes(said["codes"]) if "codes" in said else (),
        unlisted=_choice(said["unlisted"], UNLISTED) if "unlisted" in said else "refuse",
        cpr=_flag(said["cpr"]) if "cpr" in said else False, number=_flag(said["number"]) if "number" in said else False)


def _codes(node: Node) -> tuple[tuple[str, str | None], ...]:
    codes = tuple((code, None if below.empty else _scalar(below)) for code, below in _table(node).items())
    if not codes:
        raise node.fault("mapping.wrong-kind", wanted_da="mindst én kode", wanted_en="at least one code")
    return codes


def _filter(node: Node, dates: dict[str, str]) -> Filter:
    said = _entries(node, (), _FILTER)
    if ("keep" in said) == ("drop" in said):
        raise node.fault("mapping.filter-verb")
    keep = "keep" in said
    column = _text(said["keep" if keep else "drop"])
    tests = [one for one in ("in", "not_in", "begins_with", "empty", "between")
             if one in said or (one == "between" and ("from" in said or "to" in said))]
    if len(tests) != 1 or ("date" in said and tests != ["between"]):
        raise node.fault("mapping.filter-test")
    if tests == ["empty"]:
        wanted = _flag(said["empty"])  # keep those that are empty, or drop those that are not
        return Filter(keep if wanted else not keep, column, "empty")
    if tests == ["between"]:
        first = _day(said["from"]) if "from" in said else None
        last = _day(said["to"]) if "to" in said else None
        if first and last and last < first:
            raise said["to"].fault("mapping.filter-period")
        return Filter(keep, column, "between", first=first, last=last,
                      date=_format(said["date"]) if "date" in said else dates.get(column, ""))
    test = next(one for one in _TESTS if one in tests)
    return Filter(keep, column, test, _texts(said[test]))


def _reading(said: dict[str, Node]) -> Reading:
    row = _whole(said["header_row"]) if "header_row" in said else None
    if row is not None and row < 1:
        raise said["header_row"].fault("mapping.wrong-kind", wanted_da="et linjenummer fra 1",
                                       wanted_en="a line number from 1")
    return Reading(
        sheet=_scalar(said["sheet"]) if "sheet" in said else "", header_row=row,
        encoding=_choice(said["encoding"], ENCODINGS) if "encoding" in said else "",
        separator=_choice(said["separator"], tuple(SEPARATORS)) if "separator" in said else "")


def _entries(node: Node, required: Sequence[str], optional: Sequence[str]) -> dict[str, Node]:
    """The entries by key; empty ones are as if they were not there."""
    said = _table(node)
    for key, below in said.items():
        if key not in (*required, *optional):
            allowed = (*required, *optional)
            raise below.fault("mapping.unknown-key", key=key, allowed=", ".join(allowed), alike=_alike(key, allowed))
    said = {key: below for key, below in said.items() if not below.empty}
    for key in required:
        if key not in said:
            raise node.fault("mapping.missing-key", key=key)
    return said


def _alike(name: str, others: Sequence[str]) -> str:
    """The most alike of the others, for an error; empty where none is."""
    found = difflib.get_close_matches(name, others, n=1, cutoff=0.5)
    return f" (≈ {found[0]}?)" if found else ""


def _table(node: Node) -> dict[str, Node]:
    if not isinstance(node.content, dict):
        raise node.fault("mapping.wrong-kind", wanted_da="en tabel med nøgler", wanted_en="a mapping with keys")
    return node.content


def _list(node: Node) -> list[Node]:
    if not isinstance(node.content, list):
        raise node.fault("mapping.wrong-kind", wanted_da="en liste", wanted_en="a list")
    return node.content


def _scalar(node: Node) -> str:
    if not isinstance(node.content, str):
        raise node.fault("mapping.wrong-kind", wanted_da="en tekst", wanted_en="a text")
    return node.content.strip()


def _text(node: Node) -> str:
    text = _scalar(node)
    if not text:
        raise node.fault("mapping.wrong-kind", wanted_da="en tekst", wanted_en="a text")
    return text


def _texts(node: Node) -> tuple[str, ...]:
    """One text, or a list of them; at least one, each once. Texts may be empty only in a list of blanks or values."""
    if not isinstance(node.content, list):
        return (_text(node),)
    texts = tuple(dict.fromkeys(_scalar(one) for one in node.content))
    if not texts:
        raise node.fault("mapping.wrong-kind", wanted_da="mindst én tekst", wanted_en="at least one text")
    return texts


def _choice(node: Node, allowed: tuple[T, ...]) -> T:
    text = _scalar(node)
    for one in allowed:
        if text == one:
            return one
    raise node.fault("mapping.choice", text=text, allowed=", ".join(f"»{one}«" for one in allowed),
                     alike=_alike(text, allowed))


def _flag(node: Node) -> bool:
    text = _scalar(node).lower()
    if text not in ("true", "false"):
        raise node.fault("mapping.wrong-kind", wanted_da="true eller false", wanted_en="true or false")
    return text == "true"


def _whole(node: Node) -> int:
    try:
        return int(_scalar(node))
    except ValueError:
        raise node.fault("mapping.wrong-kind", wanted_da="et helt tal", wanted_en="a whole number") from None


def _day(node: Node) -> date:
    try:
        if node.tag == DATE:
            return date.fromisoformat(_scalar(node))
    except ValueError:
        pass
    raise node.fault("mapping.wrong-kind", wanted_da="en dato som 2021-12-31", wanted_en="a date such as 2021-12-31")


def _format(node: Node) -> str:
    text = plain_format(_text(node))
    if not is_format(text):
        raise node.fault("mapping.date-format", format=text)
    return text
