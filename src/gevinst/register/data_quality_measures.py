"""What the rules of the data-quality report look at in spells, participants and persons, behind the wall.

Each function gives measurements by benefit, pair, investment or column; only counts are fetched.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

import ibis
import ibis.expr.types as ir

from gevinst.parameters.quality_rules import QualityRule
from gevinst.register.data_quality import Measured
from gevinst.register.person_tables import PersonTables
from gevinst.sources.header import STORED_NAMES
from gevinst.tables import PERSONS
from gevinst.weeks import sunday


def _fetched(tables: PersonTables, table: ir.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tables.backend.to_arrow(table).to_pylist()
    return found


ALL, WITH_SPELLS = "quality/persons/all", "quality/persons/with-spells"


def _shares(
    tables: PersonTables, rows: ir.Table, subject: str, faulty: ir.BooleanValue, population: str
) -> list[Measured]:
    """The share of rows that are faulty, by subject; `population` is what the rows are of."""
    marked = rows.mutate(subject=rows[subject], faulty=faulty.fill_null(False))
    each = marked.group_by("subject").aggregate(n=marked.count(), faulty=marked.faulty.cast("int64").sum())
    return [Measured((row["subject"],), row["faulty"] / row["n"], row["faulty"], row["n"],
                     population=f"quality/{population}/{row['subject']}") for row in _fetched(tables, each)]


# Spells


def short_gaps(tables: PersonTables, rule: QualityRule) -> list[Measured]:
    """Gaps of one to three whole weeks between spells of a benefit, as a share of its spells."""
    spells = tables.spells
    before = ibis.window(group_by=["person", "benefit"], order_by=[spells.start_date, spells.end_week],
                         preceding=(None, 1))
    rows = spells.mutate(gap=spells.start_week - spells.end_week.max().over(before))
    return _shares(tables, rows, "benefit", (rows.gap >= 1) & (rows.gap <= int(rule.numbers["longest_weeks"])),
                   "spells")


def overlaps(tables: PersonTables, rule: QualityRule) -> list[Measured]:
    """Weeks with two full benefits, by pair, as a share of the weeks on the rarer of the two.

    The week in which a person changes benefit belongs to both and is expected, as are the pairs that the rule names.
    """
    beyond = tables.data_horizon + 1
    spells = tables.spells.filter(tables.spells.start_week < beyond, tables.spells.degree >= 1)
    end = ibis.least(spells.end_week.fill_null(beyond), ibis.literal(beyond)).cast("int32")
    rows = spells.select("person", "benefit", "start_week", end=end)
    other = rows.view()
    met = rows.join(other, [rows.person == other.person, rows.benefit < other.benefit,
                            rows.start_week < other.end, other.start_week < rows.end])
    weeks = ibis.least(met.end, met.end_right) - ibis.greatest(met.start_week, met.start_week_right)
    met = met.mutate(weeks=weeks)
    met = met.filter(met.weeks > int(rule.numbers["change_weeks"]))
    each = met.group_by(["benefit", "benefit_right"]).aggregate(weeks=met.weeks.sum(), persons=met.person.nunique())
    total = {row["benefit"]: int(row["weeks"]) for row in _fetched(tables, rows.group_by("benefit").aggregate(
        weeks=(rows.end - rows.start_week).sum()))}
    expected = {tuple(sorted(pair)) for pair in rule.lists.get("expected", ())}
    found = []
    for row in _fetched(tables, each):
        pair = (row["benefit"], row["benefit_right"])
        if pair not in expected:
            of = min(total[key] for key in pair)
            least = (rule.numbers["change_weeks"] + 1) / of  # where one of them overlaps as little as is counted
            found.append(Measured(pair, int(row["weeks"]) / of, int(row["persons"]), of, part=False,
                                  value_at=partial(_always, value=least)))
    # A register in which no two benefits meet has been judged all the same.
    return found or [Measured((), 0.0, 0, sum(total.values()))]


def _always(_: int, value: float) -> float:
    return value


def old_running(tables: PersonTables, rule: QualityRule) -> list[Measured]:
    """Running spells begun long ago, as a share of the benefit's running spells."""
    last = sunday(tables.data_horizon)
    long_ago = last - timedelta(days=round(365.25 * rule.numbers["years"]))
    running = _wanted(tables.spells, rule).filter(lambda rows: rows.end_date.isnull())
    return _shares(tables, running, "benefit", running.start_date < ibis.literal(long_ago), "running")


def starts_on_the_first(tables: PersonTables, rule: QualityRule) -> list[Measured]:
    """Spells that begin on the first day of a month, as a share of the benefit's spells."""
    rows = _wanted(tables.spells, rule)
    return _shares(tables, rows, "benefit", rows.start_date.day() == 1, "spells")


def small_degrees(tables: PersonTables, rule: QualityRule) -> list[Measured]:
    """Spells of a degree so small that it is perhaps in another unit."""
    return _shares(tables, tables.spells, "benefit", tables.spells.degree < rule.numbers["below"], "spells")


def _wanted(spells: ir.Table, rule: QualityRule) -> ir.Table:
    not_for = rule.words("not_for")
    return spells.filter(spells.benefit.notin(list(not_for))) if not_for else spells


def usual_starts(tables: PersonTables, rule: QualityRule) -> tuple[int, float]:
    """Weeks at the end with far fewer starts than usual, and the usual number of starts in a week.

    Usual is the median of the weeks before those that may still be filled up.
    """
    seen, usual = int(rule.numbers["weeks_seen"]), int(rule.numbers["weeks_usual"])
    last = tables.data_horizon
    rows = tables.spells.filter(tables.spells.start_week > last - seen - usual, tables.spells.start_week <= last)
    each = rows.group_by("start_week").aggregate(n=rows.count())
    starts = {row["start_week"]: row["n"] for row in _fetched(tables, each)}
    weekly = [starts.get(week, 0) for week in range(max(last - seen - usual + 1, tables.first_week), last - seen + 1)]
    middle = float(median(weekly)) if weekly else 0.0
    thin = 0
    while thin < seen and starts.get(last - thin, 0) < rule.numbers["fall_off"] * middle:
        thin += 1
    return thin, middle


# Participants and persons


def participants_without_spells(tables: PersonTables) -> list[Measured]:
    """Participants who receive nothing in the week they begin, by investment; those the register can know of."""
    if tables.participants is None:
        return []
    rows = tables.participants.filter(
        tables.participants.start_week >= tables.first_week, tables.participants.start_week <= tables.data_horizon)
    spells = tables.spells.select("person", first="start_week", after="end_week")
    on = rows.semi_join(spells, [rows.person == spells.person, rows.start_week >= spells.first,
                                 spells.after.isnull() | (rows.start_week < spells.after)])
    without = rows.anti_join(on, ["person", "investment", "start_week"])
    marked = ibis.union(on.select("investment", without=ibis.literal(False)),
                        without.select("investment", without=ibis.literal(True)), distinct=False)
    return _shares(tables, marked, "investment", marked.without, "participants")


def spells_without_persons(tables: PersonTables) -> list[Measured]:
    """Persons with spells who have no row in persons."""
    if tables.persons is None:
        return []
    return [_missing(tables, tables.spells.select("person").distinct(), tables.persons, WITH_SPELLS)]


def persons_without_spells(tables: PersonTables) -> list[Measured]:
    """Persons who have no spell at all."""
    return [] if tables.persons is None else [_missing(tables, tables.persons.select("person"), tables.spells, ALL)]


def _missing(tables: PersonTables, rows: ir.Table, others: ir.Table, population: str) -> Measured:
    n = _fetched(tables, rows.aggregate(n=rows.count()))[0]["n"]
    absent = rows.anti_join(others, "person")
    missing = _fetched(tables, absent.aggregate(n=absent.count()))[0]["n"]
    return Measured((), missing / n if n else 0.0, missing, n, population=population)


def covariates_of(persons: ir.Table) -> list[str]:
    """The columns that persons can be compared by."""
    own = STORED_NAMES | {column.name for column in PERSONS.columns}
    return sorted(set(persons.columns) - own)


def missing_covariates(tables: PersonTables) -> list[Measured]:
    """Persons without a value, by column."""
    persons = tables.persons
    names = [] if persons is None else covariates_of(persons)
    if persons is None or not names:
        return []
    counted = persons.aggregate(n=persons.count(), **{
        f"empty_{at}": (persons[name].isnull() | (persons[name].cast("string").strip() == "")).cast("int64").sum()
        for at, name in enumerate(names)})
    row = _fetched(tables, counted)[0]
    return [Measured((name,), (row[f"empty_{at}"] or 0) / row["n"], row[f"empty_{at}"] or 0, row["n"],
                     counted=f"quality/persons/without/{name}", population=ALL)
            for at, name in enumerate(names) if row["n"]]


def implausible_ages(tables: PersonTables, rule: QualityRule) -> list[Measured]:
    """Ages outside what is plausible, and years of birth that give one, by column."""
    persons = tables.persons
    if persons is None:
        return []
    low, high = rule.numbers["lowest"], rule.numbers["highest"]
    year = sunday(tables.data_horizon).year
    found = []
    for name in covariates_of(persons):
        column = persons[name]
        if name.lower() in rule.words("ages") and column.type().is_numeric():
            wrong = (column < low) | (column > high)
        elif name.lower() in rule.words("years_of_birth") and column.type().is_numeric():
            # One who was old enough in the register's first year may be older than the highest age by now.
            wrong = (column > year - low) | (column < year - high - 20)
        else:
            continue
        counted = persons.aggregate(n=column.count(), wrong=wrong.fill_null(False).cast("int64").sum())
        row = _fetched(tables, counted)[0]
        if row["n"]:
            found.append(Measured((name,), (row["wrong"] or 0) / row["n"], row["wrong"] or 0, row["n"],
                                  population=f"quality/persons/with/{name}"))
    return found
