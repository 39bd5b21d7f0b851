"""Staged payments to one row per person, benefit and week: corrections added up, and what the week cost in the end.

A file holds what was calculated in its month: that month's weeks, and corrections of earlier ones. The cost of a week
is the sum over all files. Within a file, a row that repeats another word for word is the same row; among files it is a
correction like any other, for a payment taken back and paid anew looks just so. A whole file twice, or most of its
rows, is a mistake that would count twice, and is left out or refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from gevinst.backend import Backend
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, number, speaking
from gevinst.parameters.benefits import Benefit, benefits
from gevinst.sources.cells import shown
from gevinst.sources.merge import Finished, count_rows, staged_rows, week_of_day, write_table
from gevinst.sources.report import Note, note
from gevinst.sources.staging import StagedTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

KEY = ["person", "replicate", "benefit", "week_index"]
STORED = (*KEY[:3], "week", "week_index", "gross_dkk", "refund_dkk", "cofinancing_dkk", "net_dkk", "state_rate_pct",
          "elsewhere_dkk")
KRONER = "decimal(18, 6)"
LARGE = 100  # a file with as many rows is no handful of corrections
MOST = 0.5  # of a file's rows in another file: the same delivery twice


def finish_payments(
    staged: StagedTable, backend: Backend, target: Path, known: Mapping[str, Benefit] | None = None
) -> Finished:
    """Store `payments.parquet`, and `spells.parquet` where the delivery had no spells of its own.

    Columns: person, replicate, benefit, week (its Monday), week_index (`weeks.week_of`), gross_dkk, refund_dkk,
    cofinancing_dkk, net_dkk, state_rate_pct and elsewhere_dkk (paid for the week, but financed by another
    municipality, and in none of the other amounts). `known` are the workspace's benefits; the national ones when not
    given. Raises `payments.delivered-twice`.

        net = co-financing where there is only that, gross − refund where there is only that
        else, by the benefit: co-financing where others pay it, gross − refund where the municipality does
    """
    rows = staged_rows(staged, backend).drop("line", "check")
    before = count_rows(rows, backend)
    copies = _copies(staged)
    rows = backend.keep(rows.filter(~rows.part.isin(sorted(copies))) if copies else rows, "payment_rows")
    seen = _distinct(rows, staged, backend)
    owned, notes_of_owner = _with_owner(seen.rows, backend)
    weeks = backend.keep(_summed(owned, known or benefits()), "payment_weeks")
    stored = weeks.filter((weeks.gross_dkk != 0) | (weeks.refund_dkk != 0) | (weeks.cofinancing_dkk != 0)
                          | (weeks.elsewhere_dkk != 0))
    n = write_table(stored.select(*STORED).order_by(["person", "benefit", "week_index"]), backend,
                    target / "payments.parquet")
    duplicates = before - count_rows(seen.rows, backend)
    notes = [*_copies_note(copies, staged), *seen.notes, *notes_of_owner, *_notes_of_weeks(weeks, backend)]
    if not (target / "spells.parquet").exists():
        spells = write_table(_spells(stored), backend, target / "spells.parquet")
        notes.append(note("payments.spells-derived", rows=spells))
    return Finished(n, duplicates, before - duplicates - n, notes=tuple(notes))


def _copies(staged: StagedTable) -> set[int]:
    """The parts whose contents are those of an earlier one."""
    seen: set[str] = set()
    copies = set()
    for place, part in enumerate(staged.parts):
        if part.sha256 in seen:
            copies.add(place)
        seen.add(part.sha256)
    return copies


def _copies_note(copies: set[int], staged: StagedTable) -> list[Note]:
    names = ", ".join(staged.parts[place].name for place in sorted(copies))
    return [note("payments.same-file", files=names)] if copies else []


@dataclass(frozen=True)
class _Seen:
    """Rows without those that repeat another of the same file, and what was noticed."""

    rows: ir.Table
    notes: tuple[Note, ...]


def _distinct(rows: ir.Table, staged: StagedTable, backend: Backend) -> _Seen:
    said = [name for name in rows.columns if name != "part"]
    distinct = rows.distinct()
    distinct = distinct.mutate(first=distinct.part.min().over(group_by=said))
    distinct = backend.keep(distinct, "payment_distinct")
    again = distinct.filter(distinct.first < distinct.part)
    pairs = backend.to_arrow(again.group_by(["part", "first"]).aggregate(n=again.count())).to_pylist()
    sizes = {one["part"]: one["n"] for one in backend.to_arrow(
        distinct.group_by("part").aggregate(n=distinct.count())).to_pylist()}
    for one in sorted(pairs, key=lambda one: (one["part"], one["first"])):
        size = sizes[one["part"]]
        if size >= LARGE and one["n"] > MOST * size:
            raise _delivered_twice(staged.parts[one["part"]].name, staged.parts[one["first"]].name, one["n"], size)
    repeated = sum(one["n"] for one in pairs)
    notes = [note("payments.repeated-among-files", rows=repeated)] if repeated else []
    days = distinct.filter(distinct.week.day_of_week.index() != 0)
    odd = count_rows(days, backend)
    return _Seen(distinct.drop("first"), (*notes, *([note("payments.not-mondays", rows=odd)] if odd else [])))


def _delivered_twice(name: str, other: str, repeated: int, rows: int) -> GevinstError:
    values: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            values |= {f"repeated_{language}": number(repeated), f"rows_{language}": number(rows)}
    return GevinstError("payments.delivered-twice", where=name, other=other, **values)


def _with_owner(rows: ir.Table, backend: Backend) -> tuple[ir.Table, list[Note]]:
    """The rows with `elsewhere`: financed by another municipality than the one that finances more than half of them.

    Where nobody does, as in an extract for a whole country, no week is another's.
    """
    rows = rows.mutate(place=rows.municipality.strip().nullif(""))
    placed = rows.filter(rows.place.notnull())
    counted = backend.to_arrow(placed.group_by("place").aggregate(n=placed.count())).to_pylist()
    rows_placed = sum(one["n"] for one in counted)
    own = next((one["place"] for one in counted if one["n"] > rows_placed / 2), None)
    if own is None:
        notes = [note("payments.many-municipalities")] if counted else []
        return rows.mutate(elsewhere=ibis.literal(value=False)), notes
    elsewhere = (rows.place != own).fill_null(False)
    rows = rows.mutate(elsewhere=elsewhere)
    away = rows.filter(rows.elsewhere).select("person", "benefit", "week").distinct()
    weeks = count_rows(away, backend)
    return rows, [note("payments.elsewhere", rows=weeks, own=shown(own))] if weeks else []


def _summed(rows: ir.Table, known: Mapping[str, Benefit]) -> ir.Table:
    """One row per week: the sums of what is our own, what was paid for it elsewhere, and who bears how much."""
    refund, shared = rows.refund_dkk.fill_null(0), rows.cofinancing_dkk.fill_null(0)
    ours = ~rows.elsewhere
    stated = ibis.cases(
        ((refund != 0) & (shared == 0), rows.refund_rate_pct),
        ((refund == 0) & (shared != 0), 100 - rows.cofinancing_rate_pct),
        else_=ibis.null("float64"))
    rows = rows.mutate(week_index=week_of_day(rows.week), refund_dkk=refund, cofinancing_dkk=shared, stated=stated)

    def total(amount: Any, where: Any) -> Any:
        return amount.sum(where=where).fill_null(0).cast(KRONER)

    weeks = rows.group_by(KEY).aggregate(
        gross_dkk=total(rows.gross_dkk, ours), refund_dkk=total(rows.refund_dkk, ours),
        cofinancing_dkk=total(rows.cofinancing_dkk, ours), elsewhere_dkk=total(rows.gross_dkk, rows.elsewhere),
        lowest=rows.stated.min(where=ours), highest=rows.stated.max(where=ours))
    co_financed = weeks.benefit.isin(sorted(key for key, one in known.items() if one.co_financed))
    only_shared = (weeks.cofinancing_dkk != 0) & (weeks.refund_dkk == 0)
    only_refund = (weeks.cofinancing_dkk == 0) & (weeks.refund_dkk != 0)
    net = ibis.ifelse(only_shared | (co_financed & ~only_refund), weeks.cofinancing_dkk,
                      weeks.gross_dkk - weeks.refund_dkk)
    weeks = weeks.mutate(net_dkk=net.cast(KRONER),
                         week=ibis.date("1990-01-01") + weeks.week_index * ibis.interval(days=7))
    borne = (100 * (1 - weeks.net_dkk.cast("float64") / weeks.gross_dkk.cast("float64").nullif(0))).round()
    rate = ibis.ifelse(weeks.lowest == weeks.highest, weeks.lowest, borne.cast("float64"))
    return weeks.mutate(state_rate_pct=rate.fill_null(borne), week=weeks.week.cast("date"))


def _notes_of_weeks(weeks: ir.Table, backend: Backend) -> list[Note]:
    gross, refund, shared = weeks.gross_dkk, weeks.refund_dkk, weeks.cofinancing_dkk
    nothing = (gross == 0) & (refund == 0) & (shared == 0) & (weeks.elsewhere_dkk == 0)
    counted = backend.to_arrow(weeks.aggregate(
        zero=nothing.sum(), negative=(gross < 0).sum(),
        no_share=((gross > 0) & (refund == 0) & (shared == 0)).sum(),
        both=((refund != 0) & (shared != 0)).sum())).to_pylist()[0]
    codes = {"zero": "zero-sums", "negative": "negative-sums", "no_share": "no-share", "both": "both-shares"}
    return [note(f"payments.{code}", rows=int(counted[name])) for name, code in codes.items() if counted[name]]


def _spells(weeks: ir.Table) -> ir.Table:
    """Spells of unbroken weeks in which something was paid, by whomever it was financed."""
    paid = weeks.filter(weeks.gross_dkk + weeks.elsewhere_dkk > 0)
    in_turn = ibis.row_number().over(group_by=["person", "benefit"], order_by=paid.week_index)
    paid = paid.mutate(run=paid.week_index - in_turn)
    runs = paid.group_by(["person", "replicate", "benefit", "run"]).aggregate(
        start_date=paid.week.min(), last=paid.week.max(), start_week=paid.week_index.min(),
        end_week=(paid.week_index.max() + 1).cast("int32"),
        amount_dkk=(paid.gross_dkk + paid.elsewhere_dkk).sum().cast("decimal(18, 2)"))
    return runs.mutate(
        end_date=(runs.last.cast("timestamp") + ibis.interval(days=7)).cast("date"),
        degree=ibis.literal(1, "int8").cast("float64"),
        municipality=ibis.null("string"),
    ).order_by(["person", "benefit", "start_date"]).select(
        "person", "replicate", "benefit", "start_date", "end_date", "start_week", "end_week", "degree", "amount_dkk",
        "municipality")
