"""The names of a DREAM file's columns: which week is which, and which person, sex, age and municipality.

`y_YYWW` is an ISO week; YY from 90 is 19YY (as in DREAMtoolsR). A week that is missing between two others is an
error: read as blank it would end every spell, read over it would join spells that were apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gevinst.errors import GevinstError
from gevinst.sources.header import plain_name
from gevinst.weeks import first_week, label

FEWEST_WEEKS = 4  # a table of persons may have a column or two of this shape
PIVOT = 90
_WEEK = re.compile(r"y_?(\d{2})(\d{2})", re.ASCII)
_SHOWN = 12


@dataclass(frozen=True)
class WeekColumns:
    """The week columns, oldest first: their places in the header, and the week (`weeks.week_of`) of the first."""

    places: tuple[int, ...]
    first: int

    @property
    def newest(self) -> int:
        """The week of the newest column."""
        return self.first + len(self.places) - 1

    @property
    def span(self) -> tuple[str, str]:
        """The ISO names of the first and the last week."""
        return label(self.first), label(self.newest)


def week_in(name: str) -> int | None:
    """The week that a column is named after; `None` where that week does not exist.

    >>> label(week_in("y_9131")), label(week_in("Y_2053")), week_in("y_2153")
    ('1991-W31', '2020-W53', None)
    """
    found = _WEEK.fullmatch(plain_name(name))
    if found is None:
        return None
    figures, number = int(found.group(1)), int(found.group(2))
    year = (1900 if figures >= PIVOT else 2000) + figures
    week = first_week(year) + number - 1
    return week if first_week(year) <= week < first_week(year + 1) else None


def is_dream(names: Sequence[str]) -> bool:
    """Whether a header has so many week columns that the file must be of this kind.

    >>> is_dream(["lobenr", "y_2401", "y_2402", "y_2403", "y_2404"]), is_dream(["person_id", "y_2401"])
    (True, False)
    """
    return sum(_WEEK.fullmatch(plain_name(name)) is not None for name in names) >= FEWEST_WEEKS


def week_columns(names: Sequence[str], where: str) -> WeekColumns:
    """Find the week columns, in whatever order they stand.

    Raises `dream.no-such-week`, `dream.week-twice` and `dream.weeks-missing`, each naming the columns.
    """
    shaped = [place for place, name in enumerate(names) if _WEEK.fullmatch(plain_name(name))]
    weeks = {place: week_in(names[place]) for place in shaped}
    wrong = [names[place] for place, week in weeks.items() if week is None]
    if wrong:
        raise GevinstError("dream.no-such-week", where=where, columns=listed(wrong))
    times = Counter(weeks.values())
    twice = [names[place] for place, week in weeks.items() if times[week] > 1]
    if twice:
        raise GevinstError("dream.week-twice", where=where, columns=listed(twice))
    at = {week: place for place, week in weeks.items() if week is not None}
    first, last = min(at), max(at)
    missing = [column_name(week) for week in range(first, last) if week not in at]
    if missing:
        raise GevinstError("dream.weeks-missing", where=where, columns=listed(missing))
    return WeekColumns(tuple(at[week] for week in range(first, last + 1)), first)


def column_name(week: int) -> str:
    """The name DREAM gives a week's column.

    >>> column_name(first_week(2009))
    'y_0901'
    """
    year, number = label(week).split("-W")
    return f"y_{year[2:]}{number}"


def listed(names: Sequence[str]) -> str:
    """The first names of a list, and how many there are more.

    >>> listed(["y_2153"])
    'y_2153'
    """
    more = f" … (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
