"""One hundred participants twice: how many are off the benefit with the effort, and how many would have been without.

Two pictures of the same hundred side by side are read without counting. Those who make the difference have a shape and
a colour of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gevinst.language import say
from gevinst.report.charts.charts import Spec, template

_COLUMNS = 20  # persons in a row; a hundred in five
_STEP, _LEFT, _TOP = 14.8, 8.0, 36.0  # pixels from person to person, and to the first of them
_BETWEEN = 334.0  # from the left edge of one picture to that of the other
_CIRCLE = "M0,-1A1,1 0 1 1 0,1A1,1 0 1 1 0,-1Z"
_DIAMOND = "M0,-1.2L1.2,0L0,1.2L-1.2,0Z"
_LOOKS = {"off": (_CIRCLE, "#0072B2", "#0072B2"), "more": (_DIAMOND, "#B34F00", "#F2B98A"),
          "on": (_CIRCLE, "#8C8C8C", "#FFFFFF")}


@dataclass(frozen=True)
class OffBenefit:
    """Of one hundred participants, how many are off the benefit, and how many would have been without the effort."""

    with_effort: int
    without: int

    @property
    def apart(self) -> int:
        """How many more are off it with the effort; negative: fewer."""
        return self.with_effort - self.without


def frequency_pair_chart(hundred: OffBenefit) -> Spec:
    """The two hundreds side by side, the difference marked in the one that has more off the benefit."""
    words = _words()
    persons: list[dict[str, Any]] = []
    for at, (here, other) in enumerate(((hundred.with_effort, hundred.without),
                                        (hundred.without, hundred.with_effort))):
        kinds = ["off"] * min(here, other) + ["more"] * max(here - other, 0) + ["on"] * (100 - here)
        persons += [{"x": round(_LEFT + at * _BETWEEN + _STEP * (place % _COLUMNS), 1),
                     "y": round(_TOP + _STEP * (place // _COLUMNS), 1), "kind": words[kind]}
                    for place, kind in enumerate(kinds)]
    spec = template("frequency_pair")
    titles = (with_title(hundred.with_effort), without_title(hundred.without))
    spec["datasets"] = {
        "persons": persons,
        "titles": [{"x": at * _BETWEEN, "y": 10.0, "text": text} for at, text in enumerate(titles)]}
    shown = [kind for kind in _LOOKS if any(person["kind"] == words[kind] for person in persons)]
    encoding = spec["layer"][0]["encoding"]
    for at, channel in enumerate(("shape", "stroke", "fill")):
        encoding[channel]["scale"] = {"domain": [words[kind] for kind in shown],
                                      "range": [_LOOKS[kind][at] for kind in shown]}
    return spec


def with_title(count: int) -> str:
    """What stands over the picture of what happened."""
    return say(da=f"Med indsatsen: {count} af 100 er ude af ydelsen",
               en=f"With the effort: {count} of 100 are off the benefit")


def without_title(count: int) -> str:
    """What stands over the picture of what would have happened."""
    return say(da=f"Uden: {count} af 100 ville have været ude",
               en=f"Without: {count} of 100 would have been off it")


def describe_frequency_pair(hundred: OffBenefit) -> str:
    """The two numbers and their difference in words.

    >>> from gevinst.language import speaking
    >>> with speaking("en"):
    ...     describe_frequency_pair(OffBenefit(54, 49))
    'With the effort: 54 of 100 are off the benefit. Without: 49 of 100 would have been off it. That is 5 more.'
    """
    apart = hundred.apart
    difference = say(da="Det er lige mange.", en="That is as many.") if apart == 0 else say(
        da=f"Det er {abs(apart)} {'flere' if apart > 0 else 'færre'}.",
        en=f"That is {abs(apart)} {'more' if apart > 0 else 'fewer'}.")
    return f"{with_title(hundred.with_effort)}. {without_title(hundred.without)}. {difference}"


def _words() -> dict[str, str]:
    return {"off": say(da="ude af ydelsen", en="off the benefit"), "more": say(da="forskellen", en="the difference"),
            "on": say(da="stadig på ydelsen", en="still on the benefit")}
