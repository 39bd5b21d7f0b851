"""YAML with places: composed nodes, and scalars read from their text, so that no amount is ever a float."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from gevinst.disk import reason_of
from gevinst.errors import GevinstError

_NULL = "tag:yaml.org,2002:null"
_NUMBER = re.compile(r"[-+]?\d{1,18}(?:\.\d+)?")
_COMMA_NUMBER = re.compile(r"[-+]?[\d.]+,\d+")
_DANISH_DATE = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_YES, _NO = {"true", "yes", "ja"}, {"false", "no", "nej"}


def compose(path: Path) -> yaml.Node:
    """The file's top node. Raises `register.file-missing`, `.file-unreadable`, `.yaml-syntax`, `.empty-file`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise GevinstError("register.file-missing", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise GevinstError("register.not-utf8", where=str(path)) from error
    except OSError as error:
        raise GevinstError("register.file-unreadable", where=str(path), reason=reason_of(error)) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise GevinstError("register.yaml-syntax", where=place, problem=error.problem or error.context) from error
    except yaml.reader.ReaderError as error:
        raise GevinstError("register.yaml-syntax", where=str(path), problem=error.reason) from error
    if node is None:
        raise GevinstError("register.empty-file", where=str(path))
    return node


def place(node: yaml.Node, file: str) -> str:
    """Where a node begins: `file:line:column`, counted from 1."""
    return f"{file}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def is_null(node: yaml.Node) -> bool:
    """Nothing is written: empty, `~` or `null`."""
    return bool(node.tag == _NULL)


def scalar(node: yaml.Node, file: str) -> str:
    """The text of a scalar as written, whatever YAML would make of it. Raises `register.not-text`."""
    if not isinstance(node, yaml.ScalarNode):
        raise GevinstError("register.not-text", where=place(node, file))
    return "" if is_null(node) else str(node.value)


def decimal(node: yaml.Node, file: str) -> Decimal:
    """An exact number with a decimal point. Raises `register.decimal-comma` or `register.not-a-number`."""
    text = scalar(node, file).strip()
    if _COMMA_NUMBER.fullmatch(text):
        raise GevinstError("register.decimal-comma", where=place(node, file), text=text,
                           right=text.replace(".", "").replace(",", "."))
    if not _NUMBER.fullmatch(text):
        raise GevinstError("register.not-a-number", where=place(node, file), text=text)
    return Decimal(text)


def integer(node: yaml.Node, file: str) -> int:
    """A whole number. Raises `register.not-a-whole-number` for anything else."""
    text = scalar(node, file).strip()
    if not re.fullmatch(r"[-+]?\d{1,18}", text):
        raise GevinstError("register.not-a-whole-number", where=place(node, file), text=text)
    return int(text)


def day(node: yaml.Node, file: str) -> date:
    """A date, `2021-11-26` or `26-11-2021`. Raises `register.not-a-date`, also for days that do not exist."""
    text = scalar(node, file).strip()
    danish = _DANISH_DATE.fullmatch(text)
    try:
        return date(int(danish[3]), int(danish[2]), int(danish[1])) if danish else date.fromisoformat(text)
    except ValueError as error:
        raise GevinstError("register.not-a-date", where=place(node, file), text=text) from error


def yes_no(node: yaml.Node, file: str) -> bool:
    """`true`/`false`, `yes`/`no` or `ja`/`nej`. Raises `register.not-yes-no`."""
    text = scalar(node, file).strip().lower()
    if text not in _YES | _NO:
        raise GevinstError("register.not-yes-no", where=place(node, file), text=text)
    return text in _YES
