"""The figures of an edition as exact values, from the files it wrote: what is compared and split."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from gevinst.checksums import differing, read_sums
from gevinst.errors import GevinstError
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import as_json as figures_json
from gevinst.follow_up.full_precision import effects_json
from gevinst.follow_up.since_last import Value
from gevinst.publish import EDITION, EFFECTS, FIGURES

COUNTED = ("participants", "comparison", "counted_once", "comparison_persons", "flow", "unsupported")
"""Numbers of persons among the numbers of the effects: told as they are, never split (`docs/guide/editions.md`)."""
SPLIT = ("effect/", "portfolio_effect/")
"""The numbers of the effects that are split; the others stand behind them."""
PARAMETERS = "parameters/"
"""The folder of the parameters that an edition keeps."""


def values_of(edition: Edition) -> dict[str, Value]:
    """The values of an edition at hand."""
    return _values(figures_json(edition.figures), effects_json(edition))


def values_in(folder: Path) -> dict[str, Value]:
    """The values an edition printed, by the recipe that stands beside them.

    Raises `edition.damaged` where those files, or the parameters it keeps, are not as they were.
    """
    try:
        wrong = [name for name in differing(folder, read_sums(folder))
                 if name in (FIGURES, EFFECTS, EDITION) or name.startswith(PARAMETERS)]
        if wrong:
            raise GevinstError("edition.damaged", where=str(folder), edition=folder.name, files=", ".join(wrong))
        return _values(*(json.loads((folder / name).read_text(encoding="utf-8")) for name in (FIGURES, EFFECTS)))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("edition.unreadable", where=str(folder), edition=folder.name) from fault


def _values(figures: Mapping[str, Any], effects: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for one in figures["figures"]:
        # The outcome of a year is one figure, whether it is expected or has become a result.
        kind = "budget" if one["basis"] == "budget" else "outcome"
        name = f"{one['investment']}/{one['line']}/{one['year'] or 'total'}/{kind}"
        name = one["id"] if one.get("derived") else name
        found[name] = _amount(one["value"], one)
        if one["interval"] is not None:
            found |= {f"{name}/{end}": _amount(one["interval"][end], one) for end in ("low", "high")
                      if one["interval"][end] is not None}
    for name, number in effects["numbers"].items():
        parts = name.split("/")
        if not name.startswith(SPLIT) or isinstance(number, bool | str) or number is None or {*COUNTED} & {*parts}:
            continue
        unit = "dkk" if {"net", "gross", "net_total", "net_by_year"} & {*parts} else ""
        found[name] = Value(Fraction(number), unit, "current" if unit else "")
    return found


def _amount(kroner: float, figure: Mapping[str, Any]) -> Value:
    """Kroner as the file has them: whole, or with the øre as two decimals."""
    return Value(Fraction(Decimal(repr(kroner))), "dkk", figure["price_level"], figure["basis"])
