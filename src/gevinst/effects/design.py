"""What the case says of how its effect is to be found, fixed before data are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gevinst.cohorts.definition import GapRule, Participants

REST = "rest_of_target_group"


@dataclass(frozen=True)
class StudyDesign:
    """What the case says of how its effect is to be found.

    `first_day` and `last_day` bound the referrals; `baseline_years` are the years whose inflow is the baseline
    (none: the published curve, if there is one). `on_ladder` says whether the benefit's weeks climb the refund
    ladder. `published_years` are the baseline years a printed table must be of, where the protocol names them.
    `match_on` are columns of the persons file; `closed` periods (both days included) without referrals.
    `later_participants` says what becomes of comparators who take part later, `double_counting` who is credited with
    a person who takes part in two investments.
    """

    investment: str
    benefit: str
    first_day: date
    last_day: date
    horizon_weeks: int = 52
    headline: str = REST
    baseline_years: tuple[int, ...] = ()
    new_after: GapRule = 4
    benefit_name: str = ""
    on_ladder: bool = True
    published_years: tuple[int, ...] = ()
    match_on: tuple[str, ...] = ()
    closed: tuple[tuple[date, date], ...] = ()
    later_participants: Literal["censor", "keep"] = "censor"
    double_counting: Literal["first", "split"] = "first"

    @property
    def takers(self) -> Participants:
        """Whose effect is asked for."""
        return Participants(self.investment, self.benefit, self.first_day, self.last_day, self.closed)
