"""A person's weeks on a benefit as unbroken runs, with the gap before each and the week it is finally left.

A person receives a benefit in a week when a spell of it covers at least one day of that week (the DREAM rule),
so spells that share or adjoin a week are one run. Everything here is Ibis; nothing is fetched. Two sorts in all:
the runs are the spells that begin after everything before them, so they need no grouping.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from gevinst.cohorts.definition import GapRule
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import monday

ANY_SUPPORT = "any"
STILL_RUNNING = date(9000, 1, 1)


def known_spells(tables: PersonTables) -> ir.Table:
    """Spells as far as they are known: cut at the data horizon, running ones continued to it."""
    beyond = tables.data_horizon + 1
    spells = tables.spells.filter(tables.spells.start_week < beyond)
    return spells.mutate(end_week=ibis.least(spells.end_week.fill_null(beyond), beyond).cast("int32"))


def weekly_runs(spells: ir.Table, exit_after: GapRule, data_horizon: int) -> ir.Table:
    """Runs of weeks per person and benefit, with the first exit seen from each.

    Columns: person, replicate, benefit, start_week, end_week (exclusive), start_date, gap_before (whole weeks since
    the run before, null for the first), month_before (whether a whole calendar month without the benefit lies before
    it; true for the first), exit_week (the first week of the first gap that ends the spell under `exit_after`) and
    exit_known (false where the horizon cuts that gap short before the rule is fulfilled: the week censors instead).
    """
    by = {"group_by": ["person", "benefit"]}
    spells = spells.mutate(last_date=spells.end_date.fill_null(STILL_RUNNING))
    before = ibis.window(**by, order_by=[spells.start_date, spells.end_week], preceding=(None, 1))
    reached = spells.mutate(
        reached=spells.end_week.max().over(before),
        reached_date=spells.last_date.max().over(before),
        final=spells.end_week.max().over(**by),
        final_date=spells.last_date.max().over(**by),
    )
    first = reached.filter(reached.reached.isnull() | (reached.start_week > reached.reached))
    month_ago = (first.start_date.truncate("M") - ibis.interval(months=1)).cast("date")
    first = first.mutate(
        gap_before=first.start_week - first.reached,
        month_before=first.reached.isnull() | (month_ago >= first.reached_date),
    )
    first = first.mutate(left=ibis.cases((is_new(first, exit_after), first.reached), else_=ibis.null("int32")))
    order = [first.start_week]
    following = ibis.window(**by, order_by=order, following=(1, None))
    runs = first.mutate(
        run_end=first.reached.lead().over(**by, order_by=order), next_left=first.left.min().over(following)
    )
    return runs.select(
        "person",
        "replicate",
        "benefit",
        "start_week",
        "start_date",
        "gap_before",
        "month_before",
        end_week=runs.run_end.fill_null(runs.final),
        exit_week=runs.next_left.fill_null(runs.final),
        exit_known=runs.next_left.notnull() | _gap_fulfilled(runs, exit_after, data_horizon),
    )


def runs_of_any_support(
    spells: ir.Table, supporting: frozenset[str], exit_after: GapRule, data_horizon: int
) -> ir.Table:
    """Runs of weeks with any public support: all benefits in `supporting` taken as one, named `any`."""
    of_any = spells.filter(spells.benefit.isin(sorted(supporting))).mutate(benefit=ibis.literal(ANY_SUPPORT))
    return weekly_runs(of_any, exit_after, data_horizon)


def is_new(runs: ir.Table, rule: GapRule) -> ir.BooleanValue:
    """Whether each run begins a new spell under `rule`; a person's first run always does."""
    if rule == "calendar_month":
        return runs.month_before
    return runs.gap_before.isnull() | (runs.gap_before >= rule)


def _gap_fulfilled(runs: ir.Table, rule: GapRule, data_horizon: int) -> ir.BooleanValue:
    """Whether the gap after a person's last run is already long enough at the horizon."""
    if rule == "calendar_month":
        month = runs.final_date.truncate("M").cast("date")
        begins = ibis.ifelse(month == runs.final_date, month, (month + ibis.interval(months=1)).cast("date"))
        over = (begins + ibis.interval(months=1)).cast("date") <= ibis.literal(monday(data_horizon + 1))
        return (runs.final_date < ibis.literal(STILL_RUNNING)) & over
    return runs.final <= data_horizon + 1 - rule
