"""What was paid per week, by benefit, refund step and year. Part of the person wall: only counts and sums leave.

A payment is placed on the person's week on that benefit (`cohorts/paid_weeks.py`), which gives it its step of the
ladder and its year. Only weeks that the files cover are used: a file also corrects weeks long before its time, and a
correction alone is not what the week cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.cohorts.paid_weeks import PaidWeeks
from gevinst.errors import GevinstError
from gevinst.register.person_tables import PersonTables
from gevinst.sources.manifest import read_manifest

if TYPE_CHECKING:
    import ibis.expr.types as ir

TABLE = "payments"
COVERED_SHARE = 0.5
"""A benefit's week is covered when at least this share of those on the benefit in it have a payment."""

Cell = tuple[str, int, int]  # benefit, step, year
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PaidCell:
    """All weeks of one benefit, step of the ladder and year that have a payment; amounts in DKK of that year.

    `person_weeks` of `persons` are `full_time_weeks` when each counts by its degree. `by_rate` counts the person-weeks
    by the state's share in whole per cent, as the files say (None: not known), each with its weeks and persons.
    `unpaid_weeks` of `unpaid_persons` are those on the benefit, in weeks that the files cover, for which nothing was
    paid.
    """

    benefit: str
    step: int
    year: int
    person_weeks: int
    full_time_weeks: Decimal
    persons: int
    gross: Decimal
    refund: Decimal
    cofinancing: Decimal
    net: Decimal
    by_rate: tuple[tuple[int | None, int, int], ...]
    unpaid_weeks: int
    unpaid_persons: int

    @property
    def cell(self) -> Cell:
        """Benefit, step and year."""
        return self.benefit, self.step, self.year


@dataclass(frozen=True)
class PaymentSums:
    """The cells in order, and what is in none of them.

    `unplaced_weeks` of `unplaced_persons` were paid while they have no week on that benefit, at a cost of
    `unplaced_net`; `uncovered_weeks` of `uncovered_persons` lie in weeks that the files do not cover. `files` are the
    names of the files.
    """

    cells: tuple[PaidCell, ...]
    unplaced_weeks: int
    unplaced_persons: int
    unplaced_net: Decimal
    uncovered_weeks: int
    uncovered_persons: int
    files: tuple[str, ...] = ()


def payment_sums(tables: PersonTables, paid: PaidWeeks) -> PaymentSums | None:
    """Sum the payments of the snapshot over the paid weeks; None where it has no payments.

    Weeks that another municipality finances, and weeks in which more was taken back than paid, are in no sum.
    """
    payments = tables.other(TABLE)
    if payments is None:
        return None
    backend = tables.backend
    ours = backend.keep(payments.filter(
        (payments.gross_dkk > 0) & (payments.elsewhere_dkk == 0)
        & payments.week_index.between(tables.first_week, tables.data_horizon)), "own_payments")
    placed = backend.keep(_placed(ours, paid.table), "placed_payments")
    covered = _covered(placed, paid.table, tables)
    weeks = pa.table({"benefit": pa.array([benefit for benefit, _ in covered], pa.string()),
                      "week_index": pa.array([week for _, week in covered], pa.int32())})
    known = backend.from_arrow(weeks, "covered_weeks")
    inside = backend.keep(placed.semi_join(known, ["benefit", "week_index"]), "covered_payments")
    unplaced = ours.semi_join(known, ["benefit", "week_index"]).anti_join(placed, ["person", "benefit", "week_index"])
    left = backend.to_arrow(unplaced.aggregate(
        n=unplaced.count(), persons=unplaced.person.nunique(), net=unplaced.net_dkk.sum())).to_pylist()[0]
    beyond = ours.anti_join(known, ["benefit", "week_index"])
    uncovered = backend.to_arrow(beyond.aggregate(n=beyond.count(), persons=beyond.person.nunique())).to_pylist()[0]
    unpaid = _unpaid_persons(inside, paid.table, covered, tables)
    return PaymentSums(
        _cells(inside, _spell_weeks(paid.table, covered, tables), unpaid, tables), left["n"], left["persons"],
        _exact(left["net"]), uncovered["n"], uncovered["persons"], _files(tables))


def _placed(payments: ir.Table, paid: ir.Table) -> ir.Table:
    """Payments with the step, year and degree of their week; a week that two spells share is one."""
    joined = payments.join(paid, [
        payments.person == paid.person, payments.benefit == paid.benefit, paid.start_week <= payments.week_index,
        payments.week_index < paid.end_week])
    amounts = {name: joined[name].max() for name in (
        "gross_dkk", "refund_dkk", "cofinancing_dkk", "net_dkk", "state_rate_pct")}
    return joined.group_by(["person", "benefit", "week_index"]).aggregate(
        step=joined.step.max(), year=joined.year.max(), degree=joined.degree.cast("decimal(18, 9)").sum(), **amounts)


def _covered(placed: ir.Table, paid: ir.Table, tables: PersonTables) -> list[tuple[str, int]]:
    """The benefits' weeks in which at least `COVERED_SHARE` of those on the benefit have a payment, in order."""
    by_week = placed.group_by(["benefit", "week_index"]).aggregate(n=placed.count())
    paying = {(one["benefit"], one["week_index"]): one["n"] for one in tables.backend.to_arrow(by_week).to_pylist()}
    if not paying:
        return []
    there: dict[tuple[str, int], int] = {}
    for name, sign in (("start_week", 1), ("end_week", -1)):
        changes = paid.group_by(["benefit", name]).aggregate(n=paid.count())
        for one in tables.backend.to_arrow(changes).to_pylist():
            at = one["benefit"], one[name]
            there[at] = there.get(at, 0) + sign * one["n"]
    on_benefit: dict[tuple[str, int], int] = {}
    for benefit in {benefit for benefit, _ in paying}:
        first = min(week for name, week in there if name == benefit)
        running = 0
        for week in range(first, tables.data_horizon + 1):
            running += there.get((benefit, week), 0)
            on_benefit[benefit, week] = running
    return sorted(at for at, n in paying.items() if n >= COVERED_SHARE * on_benefit[at])


def _weeks_before(covered: list[tuple[str, int]], tables: PersonTables) -> tuple[int, dict[str, Ints]]:
    """The first covered week, and by benefit how many are covered before each week from it on."""
    origin, n = min((week for _, week in covered), default=0), tables.data_horizon + 2
    before: dict[str, Ints] = {}
    for benefit in {benefit for benefit, _ in covered}:
        flags = np.zeros(n - origin + 1, np.int64)
        flags[[week - origin + 1 for name, week in covered if name == benefit]] = 1
        before[benefit] = np.cumsum(flags)
    return origin, before


def _spell_weeks(paid: ir.Table, covered: list[tuple[str, int]], tables: PersonTables) -> dict[Cell, int]:
    """The person-weeks on each benefit, by step and year, in covered weeks."""
    origin, before = _weeks_before(covered, tables)
    by = ["benefit", "step", "year", "start_week", "end_week"]
    weeks: dict[Cell, int] = {}
    for one in tables.backend.to_arrow(paid.group_by(by).aggregate(n=paid.count())).to_pylist():
        if one["benefit"] in before:
            count = before[one["benefit"]]
            start, end = (max(one[name] - origin, 0) for name in ("start_week", "end_week"))
            cell = one["benefit"], one["step"], one["year"]
            weeks[cell] = weeks.get(cell, 0) + one["n"] * int(count[end] - count[start])
    return weeks


def _unpaid_persons(
    rows: ir.Table, paid: ir.Table, covered: list[tuple[str, int]], tables: PersonTables
) -> dict[Cell, int]:
    """How many persons have more weeks in a cell than were paid for."""
    origin, before = _weeks_before(covered, tables)
    calendar = tables.backend.from_arrow(pa.table({
        "benefit": pa.array([name for name, counts in before.items() for _ in counts], pa.string()),
        "week": pa.array([origin + at for counts in before.values() for at in range(len(counts))], pa.int32()),
        "known": pa.array([int(n) for counts in before.values() for n in counts], pa.int64())}), "weeks_before")
    keys = ["person", "benefit", "step", "year"]
    first = paid.mutate(first=ibis.greatest(paid.start_week, ibis.literal(origin)).cast("int32"),
                        last=ibis.greatest(paid.end_week, ibis.literal(origin)).cast("int32"))
    ends = first.join(calendar, [first.benefit == calendar.benefit, first.first == calendar.week]).select(
        *keys, "last", start=calendar.known)
    other = calendar.view()
    both = ends.join(other, [ends.benefit == other.benefit, ends.last == other.week]).select(
        *keys, n=other.known - ends.start)
    there = both.group_by(keys).aggregate(there=both.n.sum())
    joined = there.left_join(rows.group_by(keys).aggregate(given=rows.count()), keys)
    short = joined.filter(joined.there > joined.given.fill_null(0)).select("benefit", "step", "year", "person")
    counted = short.group_by(["benefit", "step", "year"]).aggregate(n=short.person.nunique())
    found = tables.backend.to_arrow(counted).to_pylist()
    return {(one["benefit"], one["step"], one["year"]): one["n"] for one in found}


def _cells(
    rows: ir.Table, spell_weeks: Mapping[Cell, int], unpaid: Mapping[Cell, int], tables: PersonTables
) -> tuple[PaidCell, ...]:
    keys = ["benefit", "step", "year"]
    sums = rows.group_by(keys).aggregate(
        person_weeks=rows.count(), full_time_weeks=rows.degree.sum(), persons=rows.person.nunique(),
        gross=rows.gross_dkk.sum(), refund=rows.refund_dkk.sum(), cofinancing=rows.cofinancing_dkk.sum(),
        net=rows.net_dkk.sum())
    rated = rows.mutate(rate=rows.state_rate_pct.round().cast("int32"))
    rates: dict[Cell, list[tuple[int | None, int, int]]] = {}
    counted = rated.group_by([*keys, "rate"]).aggregate(n=rated.count(), persons=rated.person.nunique())
    for one in tables.backend.to_arrow(counted).to_pylist():
        rate = one["rate"], one["n"], one["persons"]
        rates.setdefault((one["benefit"], one["step"], one["year"]), []).append(rate)
    cells = []
    for one in tables.backend.to_arrow(sums.order_by(keys)).to_pylist():
        cell = one["benefit"], one["step"], one["year"]
        by_rate = tuple(sorted(rates[cell], key=lambda rate: (rate[0] is None, rate[0] or 0)))
        cells.append(PaidCell(
            *cell, one["person_weeks"], _exact(one["full_time_weeks"]), one["persons"], _exact(one["gross"]),
            _exact(one["refund"]), _exact(one["cofinancing"]), _exact(one["net"]), by_rate,
            max(spell_weeks.get(cell, 0) - one["person_weeks"], 0), unpaid.get(cell, 0)))
    return tuple(cells)


def _exact(value: Any) -> Decimal:
    return Decimal(0) if value is None else Decimal(value)


def _files(tables: PersonTables) -> tuple[str, ...]:
    """The names of the files of payments, as the snapshot's manifest has them."""
    try:
        files = read_manifest(tables.folder).files
    except GevinstError:
        return ()
    return tuple(part.name for file in files if file.table == TABLE for part in file.parts)
