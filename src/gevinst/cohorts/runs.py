"""A person's weeks on a benefit as unbroken runs, with the gap before each and the week it is finally left.

A person receives a benefit in a week when a spell of it covers at least one day of that week (the DREAM rule),
so spells that share or adjoin a week are one run. Everything here is Ibis; nothing is fetched.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from gevinst.cohorts.definition import GapRule
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import monday

ANY_SUPPORT = "any"


def known_spells(tables: PersonTables) -> ir.Table:
    """Spells as far as they are known: cut at the data horizon, running ones continued to it."""
    beyond = tables.data_horizon + 1
    spells = tables.spells.filter(tables.spells.start_week < beyond)
    return spells.mutate(end_week=ibis.least(spells.end_week.fill_null(beyond), beyond).cast("int32"))


def weekly_runs(spells: ir.Table) -> ir.Table:
    """Runs of weeks per person and benefit.

    Columns: person, replicate, benefit, start_week, end_week (exclusive), start_date, last_date (the day after
    the run's last day, null while running), gap_before (whole weeks since the run before, null for the first),
    month_before (whether a whole calendar month without the benefit lies before it; true for the first).
    """
    order = [spells.start_week, spells.end_week, spells.start_date]
    before = ibis.window(group_by=["person", "benefit"], order_by=order, preceding=(None, 1))
    reached = spells.mutate(reached=spells.end_week.max().over(before))
    fresh = reached.mutate(fresh=ibis.ifelse(reached.reached.isnull() | (reached.start_week > reached.reached), 1, 0))
    so_far = ibis.window(
        group_by=["person", "benefit"],
        order_by=[fresh.start_week, fresh.end_week, fresh.start_date],
        preceding=(None, 0),
    )
    numbered = fresh.mutate(run=fresh.fresh.sum().over(so_far))
    runs = numbered.group_by(["person", "replicate", "benefit", "run"]).aggregate(
        start_week=numbered.start_week.min(),
        end_week=numbered.end_week.max(),
        start_date=numbered.start_date.min(),
        last_date=ibis.cases((numbered.end_date.isnull().any(), ibis.null("date")), else_=numbered.end_date.max()),
    )
    in_turn = {"group_by": ["person", "benefit"], "order_by": [runs.start_week]}
    runs = runs.mutate(
        previous_end=runs.end_week.lag().over(**in_turn), previous_date=runs.last_date.lag().over(**in_turn)
    )
    month_ago = runs.start_date.truncate("M") - ibis.interval(months=1)
    return runs.mutate(
        gap_before=runs.start_week - runs.previous_end,
        month_before=runs.previous_end.isnull() | (month_ago.cast("date") >= runs.previous_date),
    ).drop("run", "previous_end", "previous_date")


def runs_of_any_support(spells: ir.Table, supporting: frozenset[str]) -> ir.Table:
    """Runs of weeks with any public support: all benefits in `supporting` taken as one, named `any`."""
    return weekly_runs(spells.filter(spells.benefit.isin(sorted(supporting))).mutate(benefit=ibis.literal(ANY_SUPPORT)))


def is_new(runs: ir.Table, rule: GapRule) -> ir.BooleanValue:
    """Whether each run begins a new spell under `rule`; a person's first run always does."""
    if rule == "calendar_month":
        return runs.month_before
    return runs.gap_before.isnull() | (runs.gap_before >= rule)


def with_exit(runs: ir.Table, rule: GapRule, data_horizon: int) -> ir.Table:
    """Add the first exit seen from each run.

    `exit_week` is the first week of the first gap that ends the spell under `rule`; `exit_known` is false where
    the horizon cuts that gap short before the rule is fulfilled, so that the week censors instead.
    """
    in_turn = {"group_by": ["person", "benefit"], "order_by": [runs.start_week]}
    marked = runs.mutate(new=is_new(runs, rule))
    marked = marked.mutate(next_is_new=marked.new.lead().over(**in_turn))
    # The exit is packed into one integer, week and whether it is known, because the smallest week decides both.
    last = marked.next_is_new.isnull()
    known = ~last | _gap_fulfilled(marked, rule, data_horizon)
    packed = ibis.cases(
        (last | marked.next_is_new, marked.end_week.cast("int64") * 2 + known.cast("int64")), else_=ibis.null("int64")
    )
    following = ibis.window(group_by=["person", "benefit"], order_by=[marked.start_week], following=(0, None))
    marked = marked.mutate(packed=packed)
    marked = marked.mutate(packed=marked.packed.min().over(following))
    return marked.mutate(
        exit_week=(marked.packed // 2).cast("int32"), exit_known=(marked.packed // 2) * 2 != marked.packed
    ).drop("packed", "next_is_new", "new")


def _gap_fulfilled(runs: ir.Table, rule: GapRule, data_horizon: int) -> ir.BooleanValue:
    """Whether the gap after a person's last run is already long enough at the horizon."""
    if rule == "calendar_month":
        month = runs.last_date.truncate("M").cast("date")
        begins = ibis.ifelse(month == runs.last_date, month, (month + ibis.interval(months=1)).cast("date"))
        ended = (begins + ibis.interval(months=1)).cast("date") <= ibis.literal(monday(data_horizon + 1))
        return ended.fill_null(False)
    return runs.end_week <= data_horizon + 1 - rule
