"""Cohorts as person-trials: one row per person and time origin, still in the backend.

A trial has: label, person, replicate, time_origin (week 0), elapsed (weeks on the benefit before week 0),
exit_week and exit_known (first exit, `cohorts/runs.py`). A person may have several trials.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import ibis
import ibis.expr.types as ir

from gevinst.cohorts.definition import CohortDefinition, GapRule, Inflow, Participants, Stock
from gevinst.cohorts.runs import is_new, known_spells, support_runs, weekly_runs, with_exit
from gevinst.errors import GevinstError
from gevinst.register.person_tables import PersonTables

TRIAL_COLUMNS = ("label", "person", "replicate", "time_origin", "elapsed", "exit_week", "exit_known")


@dataclass(frozen=True)
class Cohort:
    """Trials and the runs their curve is read from. `left_out` says who was not followed and why."""

    trials: ir.Table
    runs: ir.Table
    tables: PersonTables
    left_out: dict[str, int] = field(default_factory=dict)


def build_cohort(
    definition: CohortDefinition,
    tables: PersonTables,
    *,
    label: str = "",
    any_support: frozenset[str] | None = None,
    exit_after: GapRule | None = None,
) -> Cohort:
    """The person-trials of `definition`.

    With `any_support` (the benefits that count as public support) the outcome is any of them instead of the
    same benefit; who is in the cohort does not change. `exit_after` is the gap that ends a spell; by default
    the same rule that makes one new, or four weeks.

    Raises `cohort.no-participants-file` where participants are asked for and none were imported.
    """
    rule: GapRule = exit_after or (definition.new_after if isinstance(definition, Inflow) else 4)
    spells = known_spells(tables)
    same = weekly_runs(spells.filter(spells.benefit == definition.benefit))
    runs = same if any_support is None else support_runs(spells, any_support | {definition.benefit})
    left_out: dict[str, int] = {}
    if isinstance(definition, Inflow):
        origins = _inflow(definition, same)
    elif isinstance(definition, Stock):
        origins = _stock(definition, same)
    else:
        origins, left_out = _participants(definition, same, tables)
    trials = _with_first_exit(origins, with_exit(runs, rule, tables.data_horizon))
    return Cohort(trials.mutate(label=ibis.literal(label)).select(*TRIAL_COLUMNS), runs, tables, left_out)


def _inflow(definition: Inflow, runs: ir.Table) -> ir.Table:
    new = runs.filter(
        is_new(runs, definition.new_after),
        runs.start_date >= ibis.literal(definition.first_day),
        runs.start_date <= ibis.literal(definition.last_day),
    )
    return new.select("person", "replicate", time_origin=new.start_week, elapsed=ibis.literal(0, "int32"))


def _stock(definition: Stock, runs: ir.Table) -> ir.Table:
    there = runs.filter(
        runs.start_week <= definition.week - definition.min_elapsed_weeks, runs.end_week > definition.week
    )
    return there.select(
        "person",
        "replicate",
        time_origin=ibis.literal(definition.week, "int32"),
        elapsed=(ibis.literal(definition.week) - there.start_week).cast("int32"),
    )


def _participants(
    definition: Participants, runs: ir.Table, tables: PersonTables
) -> tuple[ir.Table, dict[str, int]]:
    if tables.participants is None:
        raise GevinstError("cohort.no-participants-file", where=str(tables.folder))
    rows = tables.participants
    rows = rows.filter(
        rows.investment == definition.investment,
        rows.start_date >= ibis.literal(definition.first_day or date.min.replace(year=1)),
        rows.start_date <= ibis.literal(definition.last_day or date.max),
    )
    known = rows.filter(rows.start_week <= tables.data_horizon)
    starts = known.group_by(["person", "replicate"]).aggregate(time_origin=known.start_week.min())
    on_benefit = starts.join(
        runs.drop("replicate"),
        [
            starts.person == runs.person,
            starts.time_origin >= runs.start_week,
            starts.time_origin < runs.end_week,
        ],
    ).select("person", "replicate", "time_origin", elapsed=(starts.time_origin - runs.start_week).cast("int32"))
    backend = tables.backend
    counted = {
        name: int(backend.to_arrow(table.count().name("n").as_table()).to_pylist()[0]["n"])
        for name, table in {"rows": rows, "known": known, "starts": starts, "used": on_benefit}.items()
    }
    return on_benefit, {
        "starts_after_horizon": counted["rows"] - counted["known"],
        "repeated_participation": counted["known"] - counted["starts"],
        "not_on_benefit_at_start": counted["starts"] - counted["used"],
    }


def _with_first_exit(origins: ir.Table, runs: ir.Table) -> ir.Table:
    """Add the first exit of the run that holds week 0."""
    return origins.join(
        runs.select("person", "start_week", "end_week", "exit_week", "exit_known"),
        [
            origins.person == runs.person,
            origins.time_origin >= runs.start_week,
            origins.time_origin < runs.end_week,
        ],
    ).select("person", "replicate", "time_origin", "elapsed", "exit_week", "exit_known")
