"""Benefits across a break in the definitions: whoever was moved to the new benefit on the day has not left the old one.

From the day of a break that carries `before` into `after`, a week on `after` is also a week on `before`, for those who
were moved and for every spell that begins later. The past is left as it was: not a row before the day changes, and
where no such break lies inside the data the spells are returned as they are, the same expression.

Whose week is it? A spell of `after` that goes on across the day belongs to the benefit the person was on just before
it, and to no other: one who was on social assistance all along does not become an education assistance recipient on
the day of the reform. A spell that begins after the day is a new spell of each of the merged benefits, for they are
one. A spell of `after` that was handed over begins no new spell of `after` either; its `since_week` is the start of
the spell on `before`. Prices and the refund ladder are not touched: each week is paid as what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from gevinst.cohorts.definition import GapRule
from gevinst.parameters.definition_breaks import (
    REGISTER,
    DefinitionBreak,
    breaks_within,
    carried_forward,
    in_order,
)
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import monday, sunday, week_of

COLUMNS = ("person", "replicate", "benefit", "start_week", "end_week", "start_date", "end_date")
MONTH_IN_WEEKS = 4  # a whole calendar month without the benefit, in whole weeks


@dataclass(frozen=True)
class Crossing:
    """One break inside the data: each old benefit with those it is read as from `day`, and all that merge there."""

    day: date
    into: tuple[tuple[str, tuple[str, ...]], ...]

    def family(self, after: tuple[str, ...]) -> tuple[str, ...]:
        """The benefits that are read as one of `after`, and these themselves."""
        merged = {before for before, into in self.into if set(into) & set(after)}
        return tuple(sorted(merged | set(after)))


def crossings(breaks: Sequence[DefinitionBreak], tables: PersonTables) -> tuple[Crossing, ...]:
    """The breaks inside the data that carry benefits forward, in order of time."""
    first, last = monday(tables.first_week), sunday(tables.data_horizon)
    found = []
    for one in breaks_within(breaks, first, last, source=REGISTER):
        day = one.day
        if day is None or not one.carried_benefits:
            continue
        until_then = [other for other in in_order(breaks) if other.day is not None and other.day <= day]
        old = sorted({entry.before for other in until_then for entry in other.carried_benefits})
        earlier = [other for other in until_then if other.day != day]
        into = {before: (tuple(carried_forward(earlier, before, day)), tuple(carried_forward(until_then, before, day)))
                for before in old}
        moved = tuple((before, now) for before, (then, now) in into.items() if then != now)
        found.append(Crossing(day, moved))
    return tuple(found)


def followed_spells(spells: ir.Table, crossing: Sequence[Crossing], rule: GapRule) -> ir.Table:
    """`spells` (as known), and from each break on the weeks that are read as weeks on an old benefit, too."""
    for one in crossing:
        carried = [_carried(spells, one, before, after, rule) for before, after in one.into]
        spells = ibis.union(spells.select(*COLUMNS), *carried, distinct=False)
    return spells


def with_since(runs: ir.Table, spells: ir.Table, crossing: Sequence[Crossing], rule: GapRule) -> ir.Table:
    """`runs` with `since_week`: the first week, or that of the spell on the old benefit which was handed over."""
    handed = [_handed_over(spells, one, before, after, rule) for one in crossing for before, after in one.into]
    if not handed:
        return runs.mutate(since_week=runs.start_week)
    rows = ibis.union(*handed, distinct=False) if len(handed) > 1 else handed[0]
    each = rows.group_by(["person", "benefit", "start_week"]).aggregate(handed_since=rows.since_week.min())
    joined = runs.left_join(each, ["person", "benefit", "start_week"])
    return joined.select(*runs.columns, since_week=joined.handed_since.fill_null(joined.start_week).cast("int32"))


def _weeks(rule: GapRule) -> int:
    return rule if isinstance(rule, int) else MONTH_IN_WEEKS


def _chains(rows: ir.Table, rule: GapRule) -> ir.Table:
    """Number each person's rows by unbroken spell (1, 2, …) as `chain`, with its first and last week."""
    by = {"group_by": "person", "order_by": [rows.start_week, rows.end_week, rows.benefit]}
    rows = rows.mutate(reached=rows.end_week.max().over(ibis.window(**by, preceding=(None, 1))))
    begins = rows.reached.isnull() | (rows.start_week - rows.reached >= _weeks(rule))
    rows = rows.mutate(begins=begins.cast("int32"))
    by = {"group_by": "person", "order_by": [rows.start_week, rows.end_week, rows.benefit]}
    rows = rows.mutate(chain=rows.begins.sum().over(ibis.window(**by, preceding=(None, 0))))
    whole = ibis.window(group_by=[rows.person, rows.chain])
    return rows.mutate(chain_start=rows.start_week.min().over(whole), chain_end=rows.end_week.max().over(whole))


def _after(spells: ir.Table, one: Crossing, after: tuple[str, ...], rule: GapRule) -> ir.Table:
    """The weeks on the new benefits from the day on, by unbroken spell."""
    day = ibis.literal(one.day)
    rows = spells.filter(spells.benefit.isin(list(after)), spells.end_date.isnull() | (spells.end_date > day))
    rows = rows.mutate(
        start_week=ibis.greatest(rows.start_week, ibis.literal(week_of(one.day), "int32")),
        start_date=ibis.greatest(rows.start_date, day))
    return _chains(rows.select(*COLUMNS), rule)


def _before(spells: ir.Table, one: Crossing, benefits: Sequence[str], rule: GapRule, name: str) -> ir.Table:
    """Per person, the last unbroken spell of any of `benefits` that began before the day: its last and first week."""
    cut = ibis.literal(week_of(one.day) + 1, "int32")
    rows = spells.filter(spells.benefit.isin(list(benefits)), spells.start_date < ibis.literal(one.day))
    rows = _chains(rows.select(*COLUMNS).mutate(end_week=ibis.least(rows.end_week, cut)), rule)
    ended, began = f"{name}_end", f"{name}_start"
    return rows.group_by("person").aggregate(**{ended: rows.chain_end.max(), began: rows.chain_start.max()})


def _carried(
    spells: ir.Table, one: Crossing, before: str, after: tuple[str, ...], rule: GapRule
) -> ir.Table:
    """The weeks on `after` that are weeks on `before`."""
    others = [key for key in one.family(after) if key != before]
    rows = _after(spells, one, after, rule)
    rows = rows.left_join(_before(spells, one, [before], rule, "own"), "person").drop("person_right")
    rows = rows.left_join(_before(spells, one, others, rule, "other"), "person").drop("person_right")
    mine = (rows.chain > 1) | _unbroken(rows, "own", rule) | ~_unbroken(rows, "other", rule)
    return rows.filter(mine).mutate(benefit=ibis.literal(before)).select(*COLUMNS)


def _handed_over(
    spells: ir.Table, one: Crossing, before: str, after: tuple[str, ...], rule: GapRule
) -> ir.Table:
    """The spells of `after` that go on from one of `before`: person, benefit, start_week, since_week."""
    found = []
    for key in after:
        rows = _after(spells, one, (key,), rule)
        rows = rows.left_join(_before(spells, one, [before], rule, "own"), "person").drop("person_right")
        rows = rows.left_join(_before(spells, one, [key], rule, "other"), "person").drop("person_right")
        rows = rows.filter(rows.chain == 1, _unbroken(rows, "own", rule), ~_unbroken(rows, "other", rule))
        found.append(rows.select("person", benefit=ibis.literal(key), start_week=rows.chain_start,
                                 since_week=rows.own_start).distinct())
    return ibis.union(*found, distinct=False) if len(found) > 1 else found[0]


def _unbroken(rows: ir.Table, name: str, rule: GapRule) -> ir.BooleanValue:
    """Whether the spell begins less than the gap after the last week of `name`."""
    return (rows.chain_start - rows[f"{name}_end"] < _weeks(rule)).fill_null(False)
