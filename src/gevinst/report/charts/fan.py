"""A fan: results by year as a solid line with intervals; beyond them a dashed line in bands of 50, 80 and 95 %."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst.language import number, say
from gevinst.report.charts.charts import Spec, template

Bounds = tuple[Decimal, Decimal]
LEVELS = (50, 80, 95)
_PANEL = (236, 104)  # width and height of one of several, in pixels


@dataclass(frozen=True)
class FanYear:
    """One year in the chart's unit. A result has at most the interval of 95; a forecast may have all of `LEVELS`."""

    year: int
    value: Decimal
    expected: bool
    bounds: tuple[tuple[int, Bounds], ...] = ()

    def at(self, level: int) -> Bounds | None:
        """The interval of this many per cent."""
        return dict(self.bounds).get(level)


def fan_chart(years: Sequence[FanYear], *, unit: str) -> Spec:
    """The years in order; the dashed line begins at the last result, where there is one."""
    shown = sorted(years, key=lambda one: one.year)
    spec = template("fan")
    results, coming = [one for one in shown if not one.expected], [one for one in shown if one.expected]
    joint = [*results[-1:], *coming]
    names = {False: result_name(), True: expected_name()}
    spec["datasets"] = {
        "bands": [{"level": level, "year": at, "low": float(low), "high": float(high)}
                  for level in LEVELS for one in joint if (edges := _edges(one, level)) for low, high in [edges]
                  for at in _across(one, joint)],
        "points": [{"year": one.year, "value": float(one.value), "kind": names[one.expected]} for one in shown],
        "lines": [{"year": one.year, "value": float(one.value), "kind": names[dashed]}
                  for dashed, part in ((False, results), (True, joint)) for one in part],
        "intervals": [{"year": one.year, "low": float(edges[0]), "high": float(edges[1])} for one in results
                      if (edges := one.at(95))],
    }  # fmt: skip
    x = spec["encoding"]["x"]
    x["axis"]["values"] = [one.year for one in shown]
    x["scale"]["domain"] = [shown[0].year, shown[-1].year] if len(shown) > 1 else [
        shown[0].year - 1, shown[0].year + 1]
    spec["layer"][0]["encoding"]["y"]["title"] = unit
    kinds = [names[kind] for kind, part in ((False, results), (True, coming)) if part]
    colours = {names[False]: "#454545", names[True]: "#0072B2"}
    dashes = {names[False]: [1, 0], names[True]: [6, 4]}
    for layer, channel, ranges in ((2, "stroke", colours), (2, "strokeDash", dashes), (3, "fill", colours)):
        spec["layer"][layer]["encoding"][channel]["scale"] = {
            "domain": kinds, "range": [ranges[kind] for kind in kinds]}
    return spec


def fan_panels(panels: Sequence[tuple[str, Sequence[FanYear]]], *, unit: str) -> Spec:
    """A fan for each (title, years), two beside each other; a single one fills the width."""
    if len(panels) == 1:
        return fan_chart(panels[0][1], unit=unit)
    datasets: dict[str, object] = {}
    parts: list[Spec] = []
    for at, (title, years) in enumerate(panels):
        part = fan_chart(years, unit=unit)
        # A title longer than its axis would push the panel's own title up: a line for each of its parts.
        part["layer"][0]["encoding"]["y"]["title"] = unit.split(", ") if at % 2 == 0 else None
        part |= {"width": _PANEL[0], "height": _PANEL[1],
                 "title": {"text": title, "anchor": "start", "frame": "group", "fontSize": 12, "fontWeight": 600,
                           "offset": 8}}
        for name, rows in part.pop("datasets").items():
            datasets[f"{name}{at}"] = rows
        for layer in part["layer"]:
            if "name" in layer["data"]:
                layer["data"] = {"name": f"{layer['data']['name']}{at}"}
        stroke = part["layer"][2]["encoding"]["stroke"]
        # The legend stands once, under the last row: over a panel it would push that panel out of its row.
        stroke["legend"] = {**stroke["legend"], "orient": "bottom"} if at == (len(panels) - 1) // 2 * 2 else None
        parts.append({key: part[key] for key in ("title", "width", "height", "encoding", "layer")})
    whole = template("fan")
    return {"$schema": whole["$schema"], "usermeta": whole["usermeta"], "config": whole["config"],
            "datasets": datasets, "columns": 2, "spacing": {"column": 24, "row": 18}, "concat": parts,
            "resolve": {"scale": {"stroke": "independent", "strokeDash": "independent", "fill": "independent"}}}


def result_name() -> str:
    """What the solid line is."""
    return say(da="Resultat", en="Result")


def expected_name() -> str:
    """What the dashed line is."""
    return say(da="Forventet", en="Expected")


def describe_fan(years: Sequence[FanYear], *, unit: str, decimals: int = 3) -> str:
    """The chart in words: each year, whether it is a result or expected, and its interval of 95 %.

    >>> from gevinst.language import speaking
    >>> years = [FanYear(2020, Decimal("-1"), False), FanYear(2021, Decimal(-2), True,
    ...     ((95, (Decimal(-3), Decimal(-1))),))]
    >>> with speaking("da"):
    ...     describe_fan(years, unit="mio. kr.", decimals=1)
    'Besparelse år for år, mio. kr. 2020: resultat −1,0. 2021: forventet −2,0 (95 %-interval −3,0 til −1,0).'
    """
    parts = [say(da=f"Besparelse år for år, {unit}", en=f"Saving year by year, {unit}")]
    parts[0] += "" if parts[0].endswith(".") else "."
    for one in sorted(years, key=lambda one: one.year):
        word = (expected_name() if one.expected else result_name()).lower()
        edges = one.at(95)
        span = "" if edges is None else say(
            da=f" (95 %-interval {number(edges[0], decimals)} til {number(edges[1], decimals)})",
            en=f" (95% interval {number(edges[0], decimals)} to {number(edges[1], decimals)})")
        parts.append(f"{one.year}: {word} {number(one.value, decimals)}{span}.")
    return " ".join(parts)


def _across(one: FanYear, joint: Sequence[FanYear]) -> tuple[float, ...]:
    """Where a band is drawn: at the year, or a little to both sides of the only one."""
    return (one.year,) if len(joint) > 1 else (one.year - 0.25, one.year + 0.25)


def _edges(one: FanYear, level: int) -> Bounds | None:
    """A result is where the fan begins: it has no width there."""
    return one.at(level) if one.expected else (one.value, one.value)
