"""The charts of an effect: how alike the groups are, and what became of one hundred participants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gevinst.language import number, say
from gevinst.report.charts.charts import Spec, template

BALANCE_LIMITS = (0.1, 0.2)  # standardised differences that a reader looks for: small, and large
_COLUMNS = 25  # persons in a row of the picture of one hundred
_CIRCLE = "M0,-1A1,1 0 1 1 0,1A1,1 0 1 1 0,-1Z"
_DIAMOND = "M0,-1.15L1.15,0L0,1.15L-1.15,0Z"
_TRIANGLE = "M0,-1.1L1.1,0.95L-1.1,0.95Z"


@dataclass(frozen=True)
class BalancePoint:
    """One covariate: its standardised difference before weighting, and after it where anything was weighted."""

    name: str
    before: float
    after: float | None = None


@dataclass(frozen=True)
class OfHundred:
    """Of one hundred participants, how many are on the benefit, and how many would have been without the effort."""

    with_effort: int
    without: int

    @property
    def on_benefit(self) -> int:
        """On the benefit, and would have been without the effort too."""
        return min(self.with_effort, self.without)

    @property
    def changed(self) -> int:
        """For how many the effort changed it, one way or the other."""
        return abs(self.with_effort - self.without)


def balance_chart(rows: Iterable[BalancePoint]) -> Spec:
    """A love plot: each covariate's difference without its sign, open before and filled after, largest first.

    Dashed lines stand at 0.1 and 0.2.
    """
    shown = in_order(rows)
    before, after = say(da="Før vægtning", en="Before weighting"), say(da="Efter vægtning", en="After weighting")
    weighted = any(row.after is not None for row in shown)
    spec = template("love")
    spec["datasets"] = {
        "rows": [{"name": row.name, "before": _size(row.before), "after": _size(row.after),
                  "printed": _printed(row)} for row in shown],
        "points": [{"name": row.name, "when": when, "value": _size(value)}
                   for when, value_of in ((before, _before), (after, _after)) for row in shown
                   if (value := value_of(row)) is not None],
        "limits": [{"limit": limit, "name": number(limit, 1)} for limit in BALANCE_LIMITS]}
    largest = max([0.25, *(_size(value) or 0.0 for row in shown for value in (row.before, row.after))])
    names = [row.name for row in shown]
    lines, points, printed = spec["layer"][2], spec["layer"][3], spec["layer"][4]
    for layer in (lines, points, printed):
        layer["encoding"]["y"]["sort"] = names
    lines["layer"][0]["encoding"]["x"]["scale"]["domain"] = [0, round(largest * 1.04, 4)]
    domain = [before, after] if weighted else [before]
    for channel in ("shape", "stroke", "fill"):
        scale = points["encoding"][channel]["scale"]
        scale["domain"], scale["range"] = domain, scale["range"][: len(domain)]
    return spec


def in_order(rows: Iterable[BalancePoint]) -> list[BalancePoint]:
    """The covariates by how far apart the groups were before, the largest first."""
    return sorted(rows, key=lambda row: (-abs(row.before), row.name))


def frequency_chart(hundred: OfHundred) -> Spec:
    """One hundred persons: on the benefit, changed by the effort, and the others, told apart by shape and colour."""
    both, changed = hundred.on_benefit, hundred.changed
    fewer = hundred.without > hundred.with_effort
    kinds = [
        (both, say(da=f"{both} er stadig på ydelsen", en=f"{both} are still on the benefit"),
         _CIRCLE, "#454545", "#454545"),
        (changed, fewer_words(changed) if fewer else more_words(changed),
         _DIAMOND if fewer else _TRIANGLE, "#0072B2" if fewer else "#B34F00", "#CFE5F3" if fewer else "#F6DCC8"),
        (100 - both - changed, neither_words(100 - both - changed), _CIRCLE, "#7A7A7A", "#FFFFFF"),
    ]
    shown = [kind for kind in kinds if kind[0]]
    persons = [words for count, words, *_ in shown for _ in range(count)]
    spec = template("frequency")
    spec["datasets"]["persons"] = [{"column": at % _COLUMNS, "row": at // _COLUMNS, "kind": kind}
                                   for at, kind in enumerate(persons)]
    domain = [words for _, words, *_ in shown]
    for channel, at in (("shape", 2), ("stroke", 3), ("fill", 4)):
        spec["encoding"][channel]["scale"] = {"domain": domain, "range": [kind[at] for kind in shown]}
    return spec


def fewer_words(count: int) -> str:
    """Those whom the effort took off the benefit."""
    return say(da=f"{count} er ikke på ydelsen, men ville have været det uden indsatsen",
               en=f"{count} are off the benefit, but would have been on it without the effort")


def more_words(count: int) -> str:
    """Those whom the effort kept on the benefit."""
    return say(da=f"{count} er på ydelsen, men ville ikke have været det uden indsatsen",
               en=f"{count} are on the benefit, but would not have been without the effort")


def neither_words(count: int) -> str:
    """Those who are off the benefit with the effort and without it."""
    return say(da=f"{count} er ikke på ydelsen og ville heller ikke have været det uden indsatsen",
               en=f"{count} are off the benefit and would have been without the effort too")


def _before(row: BalancePoint) -> float | None:
    return row.before


def _after(row: BalancePoint) -> float | None:
    return row.after


def _size(value: float | None) -> Any:
    return None if value is None else round(abs(value), 6)


def _printed(row: BalancePoint) -> str:
    before = number(abs(row.before), 2)
    return before if row.after is None else f"{before} \N{RIGHTWARDS ARROW} {number(abs(row.after), 2)}"
