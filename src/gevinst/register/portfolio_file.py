"""A portfolio from or to a file, by its ending: YAML or a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from gevinst.errors import GevinstError
from gevinst.register.business_case import Portfolio
from gevinst.register.workbook import read_workbook, write_workbook
from gevinst.register.yaml_file import read_portfolio, write_portfolio

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
YAMLS = (".yaml", ".yml")
# A day (replacement numbers add 60), a month, a year, and four figures: CPR numbers need no more to be valid.
CPR = re.compile(r"(?<!\d)(?:[0-26-8]\d|[39][01])(?:0\d|1[0-2])\d{2}[ -]?\d{4}(?!\d)")


def read_portfolio_file(path: Path) -> Portfolio:
    """The portfolio in `path`.

    Raises `register.file-kind`, `register.holds-cpr` (the record is printed; no person may stand in it) and the errors
    of the two readers.
    """
    if path.suffix.lower() in YAMLS:
        read = read_portfolio(path)
    elif path.suffix.lower() in WORKBOOKS:
        read = read_workbook(path)
    else:
        raise GevinstError("register.file-kind", where=str(path), suffix=path.suffix or path.name)
    holding = [name for name, text in texts(read) if CPR.search(text)]
    if holding:
        raise GevinstError("register.holds-cpr", where=str(path), fields=", ".join(dict.fromkeys(holding)))
    return read


def texts(record: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a record with the name of its field, in order."""
    if isinstance(record, str):
        yield name, record
    elif isinstance(record, tuple):
        for part in record:
            yield from texts(part, name)
    elif is_dataclass(record):
        for field in fields(record):
            yield from texts(getattr(record, field.name), field.name)


def write_portfolio_file(portfolio: Portfolio, path: Path) -> None:
    """Write it as YAML or as a workbook (.xlsx). Raises `register.file-kind` and `register.file-unwritable`."""
    if path.suffix.lower() in YAMLS:
        write_portfolio(portfolio, path)
    elif path.suffix.lower() == ".xlsx":
        write_workbook(portfolio, path)
    else:
        raise GevinstError("register.file-kind", where=str(path), suffix=path.suffix or path.name)
