"""How many started in an investment each week, by replicate group. Part of the person wall: counts only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.register.person_tables import PersonTables

GROUPS = 200


@dataclass(frozen=True)
class Intake:
    """Starts `[group, week]`, the weeks from `first_week` to the data horizon. For computing, not for print."""

    first_week: int
    starts: npt.NDArray[np.float64]

    @property
    def last_week(self) -> int:
        """The last week that starts are known for."""
        return self.first_week + int(self.starts.shape[1]) - 1


def intake(tables: PersonTables, investment: str) -> Intake | None:
    """The starts in `investment`; None where nobody started before the horizon."""
    if tables.participants is None:
        return None
    rows = tables.participants
    mine = rows.filter((rows.investment == investment) & (rows.start_week <= tables.data_horizon))
    counted = tables.backend.to_arrow(mine.group_by(["replicate", "start_week"]).aggregate(n=mine.count()))
    week = np.asarray(counted["start_week"], np.int64)
    if not len(week):
        return None
    first = int(week.min())
    starts = np.zeros((GROUPS, tables.data_horizon - first + 1))
    starts[np.asarray(counted["replicate"], np.int64), week - first] = np.asarray(counted["n"], np.float64)
    return Intake(first, starts)
