"""Cohorts as person-trials: one row per person and time origin, still in the backend.

A trial has: label, benefit (whose runs its curve is read from), person, replicate, time_origin (week 0), elapsed
(weeks on the benefit before week 0), exit_week and exit_known (first exit, `cohorts/runs.py`). A person may have
several trials. Cohorts with different labels can be counted in one pass (`together`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """Trials and the runs they are read from."""

    trials: ir.Table
    prepared: Prepared


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
    if isinstance(definition, Inflow):
        origins = _inflow(definition, same)
    elif isinstance(definition, Stock):
        origins = _stock(definition, same)
    else:
        origins = _participation(definition, prepared).on_benefit
    if never_participated:
        origins = origins.anti_join(_participations(prepared), "person")
    outcome = prepared.runs.filter(prepared.runs.benefit == ANY_SUPPORT) if any_support else same
    trials = _with_first_exit(origins, outcome).mutate(label=ibis.literal(label))
    return Cohort(trials.select(*TRIAL_COLUMNS), prepared)


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
        runs.since_week == runs.start_week,  # one that a reform handed over to the benefit is not new on it
        runs.start_date >= ibis.literal(definition.first_day),
        runs.start_date <= ibis.literal(definition.last_day),
    )
    return new.select("person", "replicate", time_origin=new.start_week, elapsed=ibis.literal(0, "int32"))


def _stock(definition: Stock, runs: ir.Table) -> ir.Table:
    there = runs.filter(
        runs.start_week <= definition.week,
        runs.since_week <= definition.week - definition.min_elapsed_weeks,
        runs.end_week > definition.week,
    )
    return there.select(
        "person",
        "replicate",
        time_origin=ibis.literal(definition.week, "int32"),
        elapsed=(ibis.literal(definition.week) - there.since_week).cast("int32"),
    )


def _participations(prepared: Prepared) -> ir.Table:
    if prepared.tables.participants is None:
        raise GevinstError("cohort.no-participants-file")
    return prepared.tables.participants


@dataclass(frozen=True)
class _Participation:
    """The participants of an investment as they are narrowed down to those who can be followed."""

    rows: ir.Table  # participations in the period
    known: ir.Table  # begun before the horizon
    reached: ir.Table  # and not before the register
    open: ir.Table  # when somebody could be referred
    starts: ir.Table  # the first of each person
    credited: ir.Table  # and her first in any investment
    on_benefit: ir.Table  # receiving the target group's benefit in that week


def _participation(definition: Participants, prepared: Prepared) -> _Participation:
    runs = prepared.runs.filter(prepared.runs.benefit == definition.benefit)
    rows = _participations(prepared).filter(lambda rows: rows.investment == definition.investment)
    if definition.first_day is not None:
        rows = rows.filter(rows.start_date >= ibis.literal(definition.first_day))
    if definition.last_day is not None:
        rows = rows.filter(rows.start_date <= ibis.literal(definition.last_day))
    tables = prepared.tables
    known = rows.filter(rows.start_week <= tables.data_horizon)
    reached = known.filter(known.start_week >= tables.first_week)
    open_then = reached
    for first, last in definition.closed:
        open_then = open_then.filter(
            (open_then.start_date < ibis.literal(first)) | (open_then.start_date > ibis.literal(last))
        )
    starts = open_then.group_by(["person", "replicate"]).aggregate(time_origin=open_then.start_week.min())
    credited = starts
    if definition.first_only:
        ordered = participations_in_order(_participations(prepared), tables.data_horizon)
        mine = ordered.filter(ordered.place == 0, ordered.investment == definition.investment)
        credited = starts.semi_join(mine, [starts.person == mine.person, starts.time_origin == mine.start_week])
    held = runs.select("person", "start_week", "end_week", "since_week")
    on_benefit = credited.join(
        held,
        [credited.person == held.person, credited.time_origin >= held.start_week,
         credited.time_origin < held.end_week],
    ).select("person", "replicate", "time_origin", elapsed=(credited.time_origin - held.since_week).cast("int32"))
    return _Participation(rows, known, reached, open_then, starts, credited, on_benefit)


def participations_in_order(participants: ir.Table, data_horizon: int) -> ir.Table:
    """Each person's investments in the order she started in them: person, investment, start_week, place (0, 1, …).

    Two on the same day: the first by the investment's key. Nothing is known after the horizon.
    """
    known = participants.filter(participants.start_week <= data_horizon)
    each = known.group_by(["person", "investment"]).aggregate(
        start_week=known.start_week.min(), start_date=known.start_date.min()
    )
    order = ibis.window(group_by="person", order_by=[each.start_date, each.investment])
    return each.mutate(place=ibis.row_number().over(order)).select("person", "investment", "start_week", "place")


def left_out(definitions: Sequence[Participants], prepared: Prepared) -> dict[str, dict[str, int]]:
    """Who took part but is not followed, and why, by investment: counts.

    `starts_after_horizon`: nothing is known of them yet. `starts_before_register`: nor of what they received then.
    `starts_in_suspension`: nobody could be referred, so the day is wrong. `repeated_participation`: only a person's
    first counts. `credited_elsewhere`: a person took part in another investment first, and what she saves is credited
    there. `not_on_benefit_at_start`: one who does not receive the target group's benefit cannot leave it.
    """
    narrowed = [(definition.investment, _participation(definition, prepared)) for definition in definitions]
    counted = ibis.union(
        *(
            table.aggregate(n=table.count()).mutate(investment=ibis.literal(investment), stage=ibis.literal(stage))
            for investment, part in narrowed
            for stage, table in vars(part).items()
        ),
        distinct=False,
    )
    n = {
        (row["investment"], row["stage"]): int(row["n"])
        for row in prepared.tables.backend.to_arrow(counted).to_pylist()
    }
    return {
        investment: {
            "starts_after_horizon": n[investment, "rows"] - n[investment, "known"],
            "starts_before_register": n[investment, "known"] - n[investment, "reached"],
            "starts_in_suspension": n[investment, "reached"] - n[investment, "open"],
            "repeated_participation": n[investment, "open"] - n[investment, "starts"],
            "credited_elsewhere": n[investment, "starts"] - n[investment, "credited"],
            "not_on_benefit_at_start": n[investment, "credited"] - n[investment, "on_benefit"],
        }
        for investment, _ in narrowed
    }


def _with_first_exit(origins: ir.Table, runs: ir.Table) -> ir.Table:
    """Add the benefit whose runs are followed, and the first exit of the run that holds week 0."""
    held = runs.select("benefit", "person", "start_week", "end_week", "exit_week", "exit_known")
    return origins.join(
        held,
        [origins.person == held.person, origins.time_origin >= held.start_week, origins.time_origin < held.end_week],
    ).select("benefit", "person", "replicate", "time_origin", "elapsed", "exit_week", "exit_known")
