"""The bridge from budget to result as a waterfall: a bar from where the step before it ended, the amount beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gevinst.language import number, say
from gevinst.report.charts.charts import Spec, template
from gevinst.report.charts.fan import expected_name
from gevinst.report.charts.words import listed

Kind = Literal["budget", "step", "rest", "result"]


@dataclass(frozen=True)
class WaterfallRow:
    """A bar: budget and result from nought, a step from where the one before it ended; amounts in the chart's unit."""

    label: str
    kind: Kind
    amount: Decimal


def waterfall_chart(rows: Sequence[WaterfallRow], *, unit: str, decimals: int = 3) -> Spec:
    """The rows from the top: budget first, result last. A step to the right is worse than the budget, else better.

    `unit` stands at the axis. The printed amounts stand to the right of the plot.
    """
    spec = template("waterfall")
    at, bars, joins = Decimal(0), list[dict[str, object]](), list[dict[str, object]]()
    for place, row in enumerate(rows):
        begin = Decimal(0) if row.kind in ("budget", "result") else at
        at = begin + row.amount
        bars.append({"label": row.label, "kind": _looks(row)[0], "low": float(min(begin, at)),
                     "high": float(max(begin, at)), "amount": float(row.amount),
                     "printed": number(row.amount, decimals, sign=row.kind in ("step", "rest"))})
        if place + 1 < len(rows):
            joins.append({"label": row.label, "next": rows[place + 1].label, "at": float(at)})
    spec["datasets"] = {"rows": bars, "joins": joins}
    spec["encoding"]["y"]["sort"] = [row.label for row in rows]
    looks = dict.fromkeys(_looks(row) for row in rows)
    encoding = spec["layer"][1]["encoding"]
    encoding["x"]["title"] = unit
    for place, channel in enumerate(("fill", "stroke", "strokeDash"), 1):
        encoding[channel]["scale"] = {"domain": [look[0] for look in looks], "range": [look[place] for look in looks]}
    return spec


def _looks(row: WaterfallRow) -> tuple[str, str, str, tuple[int, ...]]:
    """What the bar is in the legend, its fill, its edge, and how the edge is dashed."""
    if row.kind == "budget":
        return say(da="Budget", en="Budget"), "#8C8C8C", "#6E6E6E", (1, 0)
    if row.kind == "result":  # what is expected is drawn dashed, as everywhere
        return (row.label, "#DCEBF5", "#0072B2", (4, 2)) if row.label == expected_name() else (
            row.label, "#0072B2", "#0072B2", (1, 0))
    if row.kind == "rest":
        return say(da="Kan ikke skilles ud", en="Cannot be told apart"), "#FFFFFF", "#454545", (4, 2)
    if row.amount > 0:
        return say(da="Dårligere end budgettet", en="Worse than the budget"), "#B34F00", "#B34F00", (1, 0)
    # Dark against light: told apart in grey print too, and by those who see red as green.
    return say(da="Bedre end budgettet", en="Better than the budget"), "#B7DFCF", "#006D4C", (1, 0)


def describe_waterfall(rows: Sequence[WaterfallRow], *, unit: str, decimals: int = 3) -> str:
    """The chart in words: where it begins, each step with its way, and where it ends.

    >>> from gevinst.language import speaking
    >>> rows = [WaterfallRow("Budget", "budget", Decimal(-2)), WaterfallRow("Lukkede uger", "step", Decimal(1)),
    ...     WaterfallRow("Resultat", "result", Decimal(-1))]
    >>> with speaking("da"):
    ...     describe_waterfall(rows, unit="mio. kr.", decimals=1)
    'Vandfald fra budget til resultat, mio. kr. Budget −2,0. Derfra: Lukkede uger +1,0. Resultat −1,0.'
    """
    begins = say(da=f"Vandfald fra budget til resultat, {unit}", en=f"Waterfall from budget to result, {unit}")
    steps = listed([f"{row.label} {number(row.amount, decimals, sign=True)}"
                    for row in rows if row.kind in ("step", "rest")])
    ends = [f"{row.label} {number(row.amount, decimals)}." for row in rows if row.kind in ("budget", "result")]
    from_there = say(da=f"Derfra: {steps}.", en=f"From there: {steps}.") if steps else ""
    told = (begins if begins.endswith(".") else f"{begins}.", ends[0] if ends else "", from_there, *ends[1:])
    return " ".join(part for part in told if part)
