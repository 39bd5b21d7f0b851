"""Wide files as DREAM writes them, from a few persons' weeks; and the plain reading of them, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from gevinst.weeks import label, monday, sunday

Person = Mapping[int, int]  # code by week
Spell = tuple[str, str, str, str | None]  # id, benefit, first day, last day

# Known by heart from the code list, so that the list itself is held against something.
BENEFIT = {111: "a-dagpenge", 213: "a-dagpenge", 140: "uddannelseshjaelp", 733: "kontanthjaelp", 730: "kontanthjaelp",
           785: "jobafklaring", 890: "sygedagpenge", 899: "sygedagpenge", 651: "su", 998: "folkepension"}


def name(week: int) -> str:
    """`y_YYWW`, by the calendar of the standard library."""
    year, number = label(week).split("-W")
    return f"y_{year[2:]}{number}"


def header(first: int, last: int, *further: str) -> list[str]:
    """`lobenr`, the further columns and the weeks from `first` to `last`."""
    return ["lobenr", *further, *(name(week) for week in range(first, last + 1))]


def csv_text(persons: Sequence[Person], first: int, last: int, *, form: str = "{}", separator: str = ",",
             blank: str = "") -> str:
    """A CSV file; the persons are P0, P1, …"""
    lines = [separator.join(header(first, last))]
    for number, person in enumerate(persons):
        cells = [form.format(person[week]) if person.get(week) else blank for week in range(first, last + 1)]
        lines.append(separator.join([f"P{number}", *cells]))
    return "\n".join([*lines, ""])


def columns(persons: Sequence[Person], first: int, last: int) -> dict[str, list[Any]]:
    """The same as columns, a blank week being `None`."""
    cells: dict[str, list[Any]] = {"lobenr": [f"P{number}" for number in range(len(persons))]}
    return cells | {name(week): [person.get(week) or None for person in persons] for week in range(first, last + 1)}


def spells_of(persons: Sequence[Person], first: int, last: int) -> list[Spell]:
    """The spells, read one week at a time."""
    found: list[Spell] = []
    for number, person in enumerate(persons):
        weeks = [(week, BENEFIT.get(person.get(week, 0), "")) for week in range(first, last + 1)]
        for benefit, run in groupby(weeks, key=lambda one: one[1]):
            covered = [week for week, _ in run]
            if benefit:
                end = None if covered[-1] == last else sunday(covered[-1]).isoformat()
                found.append((f"P{number}", benefit, monday(covered[0]).isoformat(), end))
    return found
