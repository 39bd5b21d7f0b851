"""Files of Ydelsesrefusion for a folder of canonical spells: what the ladder would pay, week by week, done plainly.

The clock is `seniority_by_week`, the rule as one reads it, over each person's weeks one by one; the shares stand here
in figures. So a run on these files and a run on rates × ladder meet only where both are right.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from gevinst.cohorts.seniority import refund_step, seniority_by_week
from gevinst.parameters.benefits import benefits
from gevinst.weeks import monday, thursday, week_of

HEAD = ("Uge", "CPR nummer", "Ydelse", "Finansiering Kommunenavn", "Indberetning udbetalingsbeløb",
        "Beregnet udbetalingsbeløb", "Refusionssats", "Refusionsbeløb", "Medfinansieringssats", "Medfinansieringsbeløb")
STATE_PCT = (80, 40, 30, 20)  # lov 994/2015 § 5: weeks 1-4, 5-26, 27-52, 53 and on
CO_FINANCED = {"a-dagpenge", "foertidspension"}
ORE = Decimal("0.000001")


@dataclass(frozen=True)
class Spell:
    """A spell of whole or part weeks, `first` to `last` day."""

    person: str
    benefit: str
    first: date
    last: date
    degree: Decimal = Decimal(1)


@dataclass(frozen=True)
class Week:
    """A week of a person on a benefit, and its step of the ladder (0-3)."""

    person: str
    benefit: str
    week: int
    step: int
    degree: Decimal


def spells_of(folder: Path, last_day: date) -> list[Spell]:
    """The spells of a canonical folder; running ones until `last_day`."""
    with (folder / "spells.csv").open(encoding="utf-8") as file:
        return [Spell(row["person_id"], row["benefit"], date.fromisoformat(row["start_date"]),
                      date.fromisoformat(row["end_date"]) if row["end_date"] else last_day)
                for row in csv.DictReader(file)]


def weeks_of(spells: Iterable[Spell], first_week: int, last_week: int) -> list[Week]:
    """Every week paid: a week that a person changes benefit in is paid as the one that began first."""
    by_person: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        by_person[spell.person].append(spell)
    return [week for person in sorted(by_person) for week in _weeks(by_person[person], first_week, last_week)]


def _weeks(spells: list[Spell], first_week: int, last_week: int) -> list[Week]:
    known = benefits()
    spells = sorted(spells, key=lambda one: (week_of(one.first), one.first, week_of(one.last), one.benefit))
    begin = min(week_of(spells[0].first), first_week)
    # What came before the register is neither support nor self-support.
    states = ["neutral" if week < first_week else "self" for week in range(begin, last_week + 1)]
    for clock in ("neutral", "counts"):
        for one in spells:
            for week in range(week_of(one.first), min(week_of(one.last), last_week) + 1):
                if known[one.benefit].clock == clock:
                    states[week - begin] = clock
    count = seniority_by_week(states)
    found: dict[tuple[str, int], Week] = {}
    taken: set[int] = set()
    for one in spells:
        for week in range(week_of(one.first), min(week_of(one.last), last_week) + 1):
            changing = week == week_of(one.first) and week in taken
            if (one.benefit, week) not in found and not changing:
                found[one.benefit, week] = Week(
                    one.person, one.benefit, week, refund_step(count[week - begin]), one.degree)
            taken.add(week)
    return list(found.values())


def write_files(
    folder: Path, weeks: Iterable[Week], gross: Callable[[Week], Decimal], *,
    state_pct: Callable[[Week], int] = lambda week: STATE_PCT[week.step], corrected: int = 0,
) -> list[Path]:
    """Write a file per month, named by its last day. Every `corrected`-th week is first paid double, and corrected in
    the next month's file."""
    rows: dict[date, list[tuple[str, ...]]] = defaultdict(list)
    for n, week in enumerate(weeks):
        month = _last_day(thursday(week.week))
        amount, pct = gross(week), state_pct(week)
        if corrected and n % corrected == 0:
            rows[month].append(_row(week, 2 * amount, pct))
            rows[_last_day(month + timedelta(days=1))].append(_row(week, -amount, pct))
        else:
            rows[month].append(_row(week, amount, pct))
    paths = []
    for month, found in sorted(rows.items()):
        path = folder / f"yr-ydelsesrefusion-beregning-{month.isoformat()}.csv"
        with path.open("w", encoding="cp1252", newline="") as file:
            csv.writer(file, delimiter=";").writerows([HEAD, *sorted(found)])
        paths.append(path)
    return paths


def _row(week: Week, gross: Decimal, pct: int) -> tuple[str, ...]:
    shared = week.benefit in CO_FINANCED
    refund = Decimal(0) if shared else gross * pct / 100
    own = gross * (100 - pct) / 100 if shared else Decimal(0)
    name, rate, share = benefits()[week.benefit].da, "0" if shared else str(pct), str(100 - pct) if shared else "0"
    return (monday(week.week).isoformat(), week.person, name, "Norddjurs", _kr(gross), _kr(gross), rate, _kr(refund),
            share, _kr(own))


def _kr(amount: Decimal) -> str:
    return str(amount.quantize(ORE)).replace(".", ",")


def _last_day(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
