"""Every computed number of an edition once, under a name of its own and with all its figures.

`effects.json` and `curves.json` beside the memo. They are made from the edition, so that nothing stands in them that
did not pass the publication door: a count that was hidden is the sign that stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from gevinst.curves.curve import Curve
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.forecast_figures import forecast_numbers
from gevinst.follow_up.status_figures import status_numbers
from gevinst.money import Amount, PriceLevel

SCHEMA_VERSION = 1
Number = int | float | str | bool | None
_NAMES = ("investment", "estimator", "year", "week", "kind", "key", "arm", "name")
"""What tells the records of a list apart: as many of these as they have."""


def effects_json(edition: Edition) -> dict[str, object]:
    """The numbers of the effects and of what stands behind them, by name.

    `effect/2/matched/weeks_saved/estimate`, `detail/2/chances/2020/reaches_budget`. Words are left out. Where too few
    took part for one figure to be told there is the interval alone, as in the memo.
    """
    numbers: dict[str, Number] = {}
    for kind, records in (("effect", edition.effects), ("detail", edition.details)):
        for record in records:
            found = dict(_numbers(record, f"{kind}/{_name(record, kind == 'effect')}"))
            numbers.update(found if record.claim else {name: None if _is_point(name) else value
                                                       for name, value in found.items()})
    if edition.portfolio_effect is not None:
        numbers.update(_numbers(edition.portfolio_effect, "portfolio_effect"))
    numbers.update(forecast_numbers(edition.forecasts))
    numbers.update(status_numbers(edition.warnings))
    return {"schema": SCHEMA_VERSION, "numbers": dict(sorted(numbers.items()))}


def _is_point(name: str) -> bool:
    return name.endswith(("/estimate", "/e_value", "/e_value_limit"))


def _name(record: Any, with_estimator: bool) -> str:
    return f"{record.investment}/{record.estimator}" if with_estimator else str(record.investment)


def _numbers(value: Any, name: str) -> Iterator[tuple[str, Number]]:
    if isinstance(value, Hidden):
        yield name, value.value
    elif isinstance(value, bool | int | float) or value is None:
        yield name, value
    elif isinstance(value, Amount):
        yield name, value.ore
    elif isinstance(value, PriceLevel):
        yield name, value.key
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _NAMES:
                yield from _numbers(getattr(value, field.name), f"{name}/{field.name}")
    elif isinstance(value, tuple):
        taken: set[str] = set()
        for at, one in enumerate(value):
            own = _own_name(one, at)
            own = own if own not in taken else f"{own}#{at}"
            taken.add(own)
            yield from _numbers(one, f"{name}/{own}")


def _own_name(one: Any, at: int) -> str:
    """What a record of a list is called: by what tells it apart, else by its place."""
    if isinstance(one, tuple) and one and isinstance(one[0], int | str):  # (2020, interval), (why, how many)
        return str(one[0])
    said = [getattr(one, name) for name in _NAMES if hasattr(one, name)]
    if not said:
        return str(at)
    return "/".join("total" if part is None else str(part) for part in said)


def curves_json(edition: Edition) -> dict[str, object]:
    """The curves as they are shown: share and interval by week, no counts."""
    shown = [(f"{panel.investment}/{curve.outcome}", curve) for panel in edition.panels for curve in panel.curves]
    shown += [(f"published/{curve.benefit}", curve) for curve in edition.published]
    return {"schema": SCHEMA_VERSION, "curves": [_curve(f"curve/{place}/{curve.definition}/{curve.label}", curve)
                                                 for place, curve in shown]}


def _curve(name: str, curve: Curve) -> dict[str, object]:
    return {
        "id": name, "label": curve.label, "benefit": curve.benefit, "outcome": curve.outcome,
        "definition": curve.definition, "published": curve.published,
        "points": [[point.week, point.share, point.low, point.high] for point in curve.points],
    }
