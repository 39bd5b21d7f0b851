"""A portfolio from or to a file, by its ending: YAML or a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from gevinst.errors import GevinstError
from gevinst.register.business_case import Portfolio
from gevinst.register.workbook import read_workbook, write_workbook
from gevinst.register.yaml_file import read_portfolio, write_portfolio
from gevinst.sources.cpr import holds_cpr

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
YAMLS = (".yaml", ".yml")


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
    if holding := holding_cpr(read):
        raise GevinstError("register.holds-cpr", where=str(path), fields=", ".join(holding))
    return read


def holding_cpr(portfolio: Portfolio) -> tuple[str, ...]:
    """The fields in whose text a CPR number stands, each once, in order."""
    return tuple(dict.fromkeys(name for name, text in texts(portfolio) if holds_cpr(text)))


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
