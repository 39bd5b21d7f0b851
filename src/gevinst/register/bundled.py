"""The portfolios that come with the program: two public budget agreements, typed in from their documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.register.business_case import Portfolio
from gevinst.register.yaml_file import read_portfolio

FOLDER = Path(__file__).parent / "portfolios"


def names() -> tuple[str, ...]:
    """Their keys, in alphabetical order.

    >>> names()
    ('aarhus-2021-2024', 'norddjurs-2020-2023')
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def portfolio(name: str) -> Portfolio:
    """The portfolio with this key. Raises `register.unknown-bundled`.

    >>> portfolio("norddjurs-2020-2023").net_potential().millions
    Decimal('-39.96')
    """
    if name not in names():
        raise GevinstError("register.unknown-bundled", name=name, names=", ".join(names()))
    return read_portfolio(FOLDER / f"{name}.yaml")


def portfolios() -> tuple[Portfolio, ...]:
    """All of them."""
    return tuple(portfolio(name) for name in names())
