"""The registration of figures: each amount once, with id, basis, interval and whether it is computed or recorded.

`figures.json` beside the memo is this registration, sorted by id; `docs/figures-schema.md` documents it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gevinst.money import Amount
from gevinst.register.business_case import Basis, Line

PORTFOLIO = "portfolio"
SCHEMA_VERSION = 1

Source = Literal["computed", "recorded"]


@dataclass(frozen=True)
class Figure:
    """One amount: of `investment` (its number, or `portfolio`), on `line`, in `year` (None = all years).

    `source` tells whether it was computed from persons or typed in (a sum of recorded figures is recorded);
    `cited` is the source as printed. `low` and `high` bound the 95 % interval of a computed figure. `derived` is said
    of a figure that was made from those of the table: `bridge/volume`, `undisturbed/saving`.
    """

    investment: str
    line: Line
    year: int | None
    basis: Basis
    amount: Amount
    source: Source
    cited: str = ""
    low: Amount | None = None
    high: Amount | None = None
    derived: str = ""

    @property
    def id(self) -> str:
        """`2/saving/2021/realised`; `total` for all years. Derived: `2/bridge/2021/volume`."""
        if self.derived:
            kind, _, name = self.derived.partition("/")
            return f"{self.investment}/{kind}/{self.year or 'total'}/{name}"
        return f"{self.investment}/{self.line}/{self.year or 'total'}/{self.basis}"


def as_json(figures: tuple[Figure, ...]) -> dict[str, object]:
    """The registration as written to `figures.json`; values in DKK, whole or with the øre as decimals."""

    def kroner(amount: Amount | None) -> int | float | None:
        if amount is None:
            return None
        # Two decimals of anything below a million million kroner are exact in a JSON number.
        return amount.ore // 100 if amount.ore % 100 == 0 else amount.ore / 100

    return {
        "schema": SCHEMA_VERSION,
        "unit": "DKK",
        "sign": "positive = expenditure, negative = saving or income",
        "figures": [
            {
                "id": figure.id,
                "investment": figure.investment,
                "line": str(figure.line),
                "year": figure.year,
                "basis": str(figure.basis),
                "value": kroner(figure.amount),
                "price_level": figure.amount.level.key,
                "interval": None if figure.low is None else {"low": kroner(figure.low), "high": kroner(figure.high)},
                "source": figure.source,
                "cited": figure.cited,
                **({"derived": figure.derived} if figure.derived else {}),
            }
            for figure in sorted(figures, key=lambda figure: figure.id)
        ],
    }
