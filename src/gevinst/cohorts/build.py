"""Cohorts as person-trials: one row per person and time origin, still in the backend.

A trial has: label, benefit (whose runs its curve is read from), person, replicate, time_origin (week 0), elapsed
(weeks on the benefit before week 0), exit_week and exit_known (first exit, `cohorts/runs.py`). A person may have
several trials. Cohorts with different labels can be counted in one pass (`together`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from gevinst.cohorts.definition import CohortDefinition, Inflow, Participants, Stock
from gevinst.cohorts.prepare import Prepared
from gevinst.cohorts.runs import ANY_SUPPORT, is_new
from gevinst.errors import GevinstError

TRIAL_COLUMNS = (
    "label",
    "benefit",
    "person",
    "replicate",
    "time_origin",
    "elapsed",
    "exit_week",
    "exit_known",
)


@dataclass(frozen=True)
class Cohort:
    """Trials and the runs they are read from. `left_out` says who was not followed and why, as counts."""

    trials: ir.Table
    prepared: Prepared
    left_out: dict[str, int] = field(default_factory=dict)


def build_cohort(
    definition: CohortDefinition,
    prepared: Prepared,
    *,
    label: str = "",
    any_support: bool = False,
    never_participated: bool = False,
) -> Cohort:
    """The person-trials of `definition`.

    With `any_support` the outcome is any public support instead of the same benefit; who is in the cohort does
    not change. With `never_participated` those who take part in any investment are left out, so that no effort
    competes with itself or with another.

    Raises `cohort.no-participants-file` where participants are asked for and none were imported.
    """
    same = prepared.runs.filter(prepared.runs.benefit == definition.benefit)
    left_out: dict[str, int] = {}
    if isinstance(definition, Inflow):
        origins = _inflow(definition, same)
    elif isinstance(definition, Stock):
        origins = _stock(definition, same)
    else:
        origins, left_out = _participants(definition, same, prepared)
    if never_participated:
        origins = origins.anti_join(_participations(prepared), "person")
    outcome = prepared.runs.filter(prepared.runs.benefit == ANY_SUPPORT) if any_support else same
    trials = _with_first_exit(origins, outcome).mutate(label=ibis.literal(label))
    return Cohort(trials.select(*TRIAL_COLUMNS), prepared, left_out)


def together(cohorts: tuple[Cohort, ...], name: str) -> Cohort:
    """The trials of several cohorts, told apart by label, computed once and kept under `name`."""
    trials = cohorts[0].trials
    if len(cohorts) > 1:
        trials = ibis.union(trials, *(cohort.trials for cohort in cohorts[1:]), distinct=False)
    prepared = cohorts[0].prepared
    return Cohort(prepared.tables.backend.keep(trials, name), prepared)


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


def _participations(prepared: Prepared) -> ir.Table:
    if prepared.tables.participants is None:
        raise GevinstError("cohort.no-participants-file")
    return prepared.tables.participants


def _participants(definition: Participants, runs: ir.Table, prepared: Prepared) -> tuple[ir.Table, dict[str, int]]:
    rows = _participations(prepared).filter(lambda rows: rows.investment == definition.investment)
    if definition.first_day is not None:
        rows = rows.filter(rows.start_date >= ibis.literal(definition.first_day))
    if definition.last_day is not None:
        rows = rows.filter(rows.start_date <= ibis.literal(definition.last_day))
    known = rows.filter(rows.start_week <= prepared.tables.data_horizon)
    starts = known.group_by(["person", "replicate"]).aggregate(time_origin=known.start_week.min())
    held = runs.select("person", "start_week", "end_week")
    on_benefit = starts.join(
        held,
        [starts.person == held.person, starts.time_origin >= held.start_week, starts.time_origin < held.end_week],
    ).select("person", "replicate", "time_origin", elapsed=(starts.time_origin - held.start_week).cast("int32"))
    counted = ibis.union(
        *(
            table.aggregate(n=table.count()).mutate(name=ibis.literal(name))
            for name, table in {"rows": rows, "known": known, "starts": starts, "used": on_benefit}.items()
        ),
        distinct=False,
    )
    n = {row["name"]: int(row["n"]) for row in prepared.tables.backend.to_arrow(counted).to_pylist()}
    return on_benefit, {
        "starts_after_horizon": n["rows"] - n["known"],
        "repeated_participation": n["known"] - n["starts"],
        "not_on_benefit_at_start": n["starts"] - n["used"],
    }


def _with_first_exit(origins: ir.Table, runs: ir.Table) -> ir.Table:
    """Add the benefit whose runs are followed, and the first exit of the run that holds week 0."""
    held = runs.select("benefit", "person", "start_week", "end_week", "exit_week", "exit_known")
    return origins.join(
        held,
        [origins.person == held.person, origins.time_origin >= held.start_week, origins.time_origin < held.end_week],
    ).select("benefit", "person", "replicate", "time_origin", "elapsed", "exit_week", "exit_known")
