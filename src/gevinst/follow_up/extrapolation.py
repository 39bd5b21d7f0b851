"""What is put in place of an effect that has not been seen yet: three named rules beyond the last mature week.

With M the last week since the start to which enough participants are followed, and the level L the mean effect over
the last mature weeks (a quarter at least, in whole bands of `curves/ages.py`):

    hold   e(k) = L                     decay   e(k) = L × 0.5^((k − M) / half-life)             zero   e(k) = 0

No rule is known to be right. A half-life of a year is an assumption of ours; `hold` is the most that is usually
argued, `zero` takes only what has been seen. All three are always computed. Source: method, section 7;
`docs/method/forecast.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gevinst.language import number, say

Floats = npt.NDArray[np.float64]
Rule = Literal["hold", "decay", "zero"]
RULES: tuple[Rule, ...] = ("hold", "decay", "zero")
DEFAULT_RULE: Rule = "decay"
HALF_LIFE = 52
"""Weeks in which an effect that is not seen is taken to halve, by the rule `decay`: assumed, no source."""
LEVEL_WEEKS = 13
"""At least so many of the last mature weeks make the level that is carried on: a single week would be noise."""


@dataclass(frozen=True)
class Extrapolation:
    """A rule with what it needs: the last mature week, and the half-life in weeks."""

    rule: Rule
    mature_week: int
    half_life: int = HALF_LIFE

    def matrix(self, first_weeks: Sequence[int], ages: int) -> Floats:
        """`[age, band]`: what part of each band's effect makes the effect of week 0, 1 … `ages` - 1 since the start.

        `first_weeks` are the first weeks of the bands; those that begin after the last mature week are not used.

        >>> Extrapolation("decay", 25, 10).matrix((0, 13), 36)[[0, 12, 13, 25, 35]].tolist()
        [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 0.5]]
        """
        starts = np.array(first_weeks)
        age = np.arange(ages)
        found = np.zeros((ages, len(starts)))
        seen = age <= self.mature_week
        found[age[seen], np.searchsorted(starts, age[seen], side="right") - 1] = 1
        found[~seen] = self.left(age[~seen])[:, None] * self._level(starts)
        return found

    def left(self, age: npt.NDArray[np.int64]) -> Floats:
        """What is left of the level at weeks since the start beyond the last mature one."""
        beyond = (age - self.mature_week).astype(np.float64)
        if self.rule == "hold":
            return np.ones_like(beyond)
        if self.rule == "zero":
            return np.zeros_like(beyond)
        halved: Floats = 0.5 ** (beyond / self.half_life)
        return halved

    def _level(self, starts: npt.NDArray[np.int64]) -> Floats:
        """The weight of each band in the level: its mature weeks, from the last band back until there are enough."""
        ends = np.minimum(np.append(starts[1:] - 1, self.mature_week), self.mature_week)
        width = np.clip(ends - starts + 1, 0, None).astype(np.float64)
        after = np.append(np.cumsum(width[::-1])[::-1][1:], 0.0)  # mature weeks in later bands
        width[after >= LEVEL_WEEKS] = 0
        level: Floats = width / max(width.sum(), 1.0)
        return level


def rule_name(rule: Rule) -> str:
    """What a reader calls a rule."""
    return {
        "hold": say(da="holdes", en="is held"),
        "decay": say(da="aftager", en="decays"),
        "zero": say(da="ophører", en="ceases"),
    }[rule]


def rule_words(how: Extrapolation) -> str:
    """The rule in a sentence, with its number."""
    week = how.mature_week
    return {
        "hold": say(
            da=f"Efter uge {week} fra start holdes effekten på niveauet i de sidste uger, der er set.",
            en=f"After week {week} from the start the effect is held at the level of the last weeks seen."),
        "decay": say(
            da=f"Efter uge {week} fra start halveres effekten for hver {number(how.half_life)} uger, regnet fra "
               "niveauet i de sidste uger, der er set. Halveringstiden er en antagelse.",
            en=f"After week {week} from the start the effect halves every {number(how.half_life)} weeks, from the "
               "level of the last weeks seen. The half-life is an assumption."),
        "zero": say(
            da=f"Efter uge {week} fra start regnes der ikke med nogen effekt.",
            en=f"After week {week} from the start no effect is counted."),
    }[how.rule]  # fmt: skip


def rule_in_general(rule: Rule, half_life: int = HALF_LIFE) -> str:
    """The rule in a sentence, whatever the last week that is seen."""
    weeks = number(half_life)
    return {
        "hold": say(da="Derefter holdes effekten på niveauet i de sidste uger, der er set.",
                    en="After them the effect is held at the level of the last weeks seen."),
        "decay": say(da=f"Derefter halveres effekten for hver {weeks} uger; halveringstiden er en antagelse.",
                     en=f"After them the effect halves every {weeks} weeks; the half-life is an assumption."),
        "zero": say(da="Derefter regnes der ikke med nogen effekt.", en="After them no effect is counted."),
    }[rule]  # fmt: skip


def rule_formula(how: Extrapolation) -> str:
    """The rule as a formula."""
    half = number(0.5, 1)
    return {
        "hold": "e(k) = L",
        "decay": f"e(k) = L × {half}^((k − {how.mature_week}) / {how.half_life})",
        "zero": "e(k) = 0",
    }[how.rule]
