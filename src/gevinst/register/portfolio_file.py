"""A portfolio from or to a file, by its ending: YAML or a workbook."""

from __future__ import annotations

from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.register.business_case import Portfolio
from gevinst.register.workbook import read_workbook, write_workbook
from gevinst.register.yaml_file import read_portfolio, write_portfolio

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
YAMLS = (".yaml", ".yml")


def read_portfolio_file(path: Path) -> Portfolio:
    """The portfolio in `path`. Raises `register.file-kind` and the errors of the two readers."""
    if path.suffix.lower() in YAMLS:
        return read_portfolio(path)
    if path.suffix.lower() in WORKBOOKS:
        return read_workbook(path)
    raise GevinstError("register.file-kind", where=str(path), suffix=path.suffix or path.name)


def write_portfolio_file(portfolio: Portfolio, path: Path) -> None:
    """Write it as YAML or as a workbook (.xlsx). Raises `register.file-kind` and `register.file-unwritable`."""
    if path.suffix.lower() in YAMLS:
        write_portfolio(portfolio, path)
    elif path.suffix.lower() == ".xlsx":
        write_workbook(portfolio, path)
    else:
        raise GevinstError("register.file-kind", where=str(path), suffix=path.suffix or path.name)
