"""What crosses the person wall: weekly counts per group, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StateCounts:
    """Weekly counts of who is on the benefit, per group; arrays are `[group, week 0..K]`.

    `observed`: trials followed to week k. `starts`, `ends`: runs that begin or end between k-1 and k (those in
    week 0 begin at 0). `cut`: runs that the horizon cuts at k. `trials`, `persons`: `[group]`.
    """

    groups: tuple[tuple[str, int], ...]
    observed: Counts
    starts: Counts
    ends: Counts
    cut: Counts
    trials: Counts
    persons: Counts

    @property
    def receiving(self) -> Counts:
        """Trials observed in week k that receive in it."""
        return np.cumsum(self.starts - self.ends - self.cut, axis=-1)


@dataclass(frozen=True)
class ExitCounts:
    """First exits per group; arrays are `[group, week 0..K]`.

    `at_risk`: on the first spell just before week k and under observation (`elapsed < k <= duration`); at week 0
    everybody who enters at 0. `events`: first exits in week k.
    """

    groups: tuple[tuple[str, int], ...]
    at_risk: Counts
    events: Counts


@dataclass(frozen=True)
class ArmCounts:
    """One arm (a label), by replicate group `[GROUPS, ...]`: all that the effects and the kroner need of it.

    `observed`, `starts`, `ends`, `cut`: `[group, week]` as in `StateCounts`. `exposure` `[group, year, week]`:
    trials observed in week k that fell in the calendar year. `paid` `[group, cell, week]`: full-time weeks paid
    to those observed, per (benefit, refund step, year) of `cells`. `trials` `[group]`.
    """

    label: str
    observed: Counts
    starts: Counts
    ends: Counts
    cut: Counts
    trials: Counts
    years: tuple[int, ...]
    exposure: Floats
    cells: tuple[tuple[str, int, int], ...]
    paid: Floats
