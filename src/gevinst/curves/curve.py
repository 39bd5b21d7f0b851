"""A curve: the share of a cohort still on benefit, week by week, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Definition = Literal["with_relapse", "without_relapse"]
Outcome = Literal["same", "any"]
Maturity = Literal["whole", "available"]


@dataclass(frozen=True)
class CurvePoint:
    """Week `week` after the time origin.

    `share` and its pointwise 95 % interval are `None` where the maturity rule blanks the week. `observed` is
    how many person-trials have been followed that far, `receiving` how many of them receive, `at_risk` the
    number the estimate of this week rests on (Kaplan-Meier: still on their first spell just before).
    """

    week: int
    share: float | None
    low: float | None
    high: float | None
    observed: int
    receiving: int
    at_risk: int


@dataclass(frozen=True)
class Curve:
    """One cohort's curve. `trials` person-trials of `persons` persons; `source` where it comes from.

    A published curve has no counts (`trials` 0) and may stand on an uneven grid of weeks.
    """

    label: str
    definition: Definition
    outcome: Outcome
    benefit: str
    maturity: Maturity
    points: tuple[CurvePoint, ...]
    trials: int
    persons: int
    source: str = ""
    published: bool = False

    @property
    def mature_weeks(self) -> int:
        """The last week shown without a blank before it; -1 when there is none."""
        last = -1
        for point in self.points:
            if point.share is None:
                break
            last = point.week
        return last
