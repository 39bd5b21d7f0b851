"""A number explains itself: the steps that led to it, each with formula, value and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step on the way to a figure.

    `label` is what a reader calls it, `formula` how it was got (in words and symbols of `docs/method`),
    `value` as printed with its unit, `source` the file, count or legal reference it rests on. `under` are
    the steps it was made from. `unverified` marks a national figure that is shipped as editable, not as fact.
    `see` are the ids of other ladders it rests on, told once and not again in each.
    """

    label: str
    value: str
    formula: str = ""
    source: str = ""
    unverified: bool = False
    under: tuple[Step, ...] = field(default=())
    see: tuple[str, ...] = ()


def lines(step: Step, depth: int = 0) -> list[str]:
    """The ladder as indented lines for a terminal.

    >>> lines(Step("saving", "−1 kr.", "a − b", under=(Step("a", "1 kr."), Step("b", "2 kr."))))
    ['saving = −1 kr.  [a − b]', '  a = 1 kr.', '  b = 2 kr.']
    """
    text = f"{'  ' * depth}{step.label}"
    if step.value:
        text += f" = {step.value}"
    if step.formula:
        text += f"  [{step.formula}]"
    if step.source:
        text += f"  ({step.source})"
    if step.unverified:
        text += "  (!)"
    return [text] + [line for below in step.under for line in lines(below, depth + 1)]


def as_json(step: Step) -> dict[str, Any]:
    """The ladder as plain values, for the file beside the memo."""
    return {
        "label": step.label,
        "value": step.value,
        "formula": step.formula,
        "source": step.source,
        "unverified": step.unverified,
        "under": [as_json(below) for below in step.under],
        **({"see": list(step.see)} if step.see else {}),
    }


def from_json(values: Mapping[str, Any]) -> Step:
    """The ladder that `as_json` wrote.

    >>> step = Step("a", "1", under=(Step("b", "2", unverified=True),), see=("2/2021",))
    >>> from_json(as_json(step)) == step
    True
    """
    return Step(
        values["label"],
        values["value"],
        values["formula"],
        values["source"],
        values["unverified"],
        tuple(from_json(below) for below in values["under"]),
        tuple(values.get("see", ())),
    )
