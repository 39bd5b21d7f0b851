"""Staged payments to one row per person, benefit and week: corrections added up, and what the week cost in the end.

A file holds what was calculated in its month: that month's weeks, and corrections of earlier ones. The cost of a week
is the sum over all files. Within a file, a row that repeats another word for word is the same row; among files it is a
correction like any other, for a payment taken back and paid anew looks just so. A whole file twice, or most of its
rows, is a mistake that would count twice, and is left out or refused.
"""

from __future__ import annotations

from collections import Counter
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
WEEK = ["person", "benefit", "week_index"]  # a person has one replicate group
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
    rows = backend.keep(rows.mutate(week_index=week_of_day(rows.week)), "payment_rows")
    before = count_rows(rows, backend)
    copies = _copies(staged)
    seen = _seen(rows.filter(~rows.part.isin(sorted(copies))) if copies else rows, staged, backend)
    elsewhere, notes_of_owner = _with_owner(seen, backend)
    weeks = backend.keep(_summed(seen, elsewhere, known or benefits()), "payment_weeks")
    stored = weeks.filter((weeks.gross_dkk != 0) | (weeks.refund_dkk != 0) | (weeks.cofinancing_dkk != 0)
                          | (weeks.elsewhere_dkk != 0))
    n = write_table(stored.select(*STORED).order_by(["person", "benefit", "week_index"]), backend,
                    target / "payments.parquet")
    duplicates = before - seen.count
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
    """Rows without those that repeat another of the same file, and what was noticed.

    `alone` are the only rows of their weeks, nearly all there are; only the `others` have to be held against each other
    and added up. `places` counts the rows by municipality.
    """

    alone: ir.Table
    others: ir.Table
    count: int
    places: Mapping[str, int]
    notes: tuple[Note, ...]


def _seen(rows: ir.Table, staged: StagedTable, backend: Backend) -> _Seen:
    each = rows.group_by(WEEK).aggregate(n=rows.count())
    several = backend.keep(each.filter(each.n > 1).drop("n"), "payment_several")
    others = rows.semi_join(several, WEEK)
    others = backend.keep(others.group_by(list(others.columns)).aggregate(times=others.count()), "payment_others")
    counts = _counts(rows.mutate(times=ibis.literal(1)), backend)
    counts.subtract(_counts(others.mutate(times=others.times - 1), backend))
    sizes, places = Counter[int](), Counter[str]()
    for (part, place, _), n in counts.items():
        sizes[part] += n
        places[place] += n
    odd = sum(n for (_, _, is_monday), n in counts.items() if not is_monday)
    others = others.drop("times")
    repeated = _repeated_among_files(others, sizes, staged, backend)
    notes = [note("payments.repeated-among-files", rows=repeated)] if repeated else []
    notes += [note("payments.not-mondays", rows=odd)] if odd else []
    return _Seen(rows.anti_join(several, WEEK), others, sizes.total(), places, tuple(notes))


def _counts(rows: ir.Table, backend: Backend) -> Counter[tuple[int, str, bool]]:
    """Rows, as often as `times` says, by part, municipality (empty: not stated) and whether the day is a Monday."""
    rows = rows.mutate(place=rows.municipality.fill_null(""), monday=rows.week.day_of_week.index() == 0)
    found = backend.to_arrow(rows.group_by(["part", "place", "monday"]).aggregate(n=rows.times.sum())).to_pylist()
    return Counter({(one["part"], one["place"], one["monday"]): int(one["n"]) for one in found})


def _repeated_among_files(
    rows: ir.Table, sizes: Mapping[int, int], staged: StagedTable, backend: Backend
) -> int:
    """How many rows stand word for word in an earlier file; a file that mostly does is refused."""
    said = [name for name in rows.columns if name != "part"]
    rows = rows.mutate(first=rows.part.min().over(group_by=said))
    again = rows.filter(rows.first < rows.part)
    pairs = backend.to_arrow(again.group_by(["part", "first"]).aggregate(n=again.count())).to_pylist()
    for one in sorted(pairs, key=lambda one: (one["part"], one["first"])):
        size = sizes[one["part"]]
        if size >= LARGE and one["n"] > MOST * size:
            raise _delivered_twice(staged.parts[one["part"]].name, staged.parts[one["first"]].name, one["n"], size)
    return sum(one["n"] for one in pairs)


def _delivered_twice(name: str, other: str, repeated: int, rows: int) -> GevinstError:
    values: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            values |= {f"repeated_{language}": number(repeated), f"rows_{language}": number(rows)}
    return GevinstError("payments.delivered-twice", where=name, other=other, **values)


def _with_owner(seen: _Seen, backend: Backend) -> tuple[tuple[str, ...], list[Note]]:
    """The municipalities that are elsewhere: others than the one that finances more than half of the rows.

    Where nobody does, as in an extract for a whole country, no week is another's.
    """
    counted = {place: n for place, n in seen.places.items() if place and n}
    own = next((place for place, n in counted.items() if n > sum(counted.values()) / 2), None)
    if own is None:
        return (), [note("payments.many-municipalities")] if counted else []
    elsewhere = tuple(sorted(counted.keys() - {own}))
    if not elsewhere:
        return (), []
    both = [rows.filter(rows.municipality.isin(elsewhere)).select("person", "benefit", "week")
            for rows in (seen.alone, seen.others)]
    weeks = count_rows(ibis.union(*both, distinct=True), backend)
    return elsewhere, [note("payments.elsewhere", rows=weeks, own=shown(own))]


def _summed(seen: _Seen, elsewhere: tuple[str, ...], known: Mapping[str, Benefit]) -> ir.Table:
    """One row per week: the sums of what is our own, what was paid for it elsewhere, and who bears how much."""
    alone, others = (_owned(rows, elsewhere) for rows in (seen.alone, seen.others))
    amounts = ("gross_dkk", "refund_dkk", "cofinancing_dkk", "elsewhere_dkk")
    sums = {name: others[name].sum().cast(KRONER) for name in amounts}
    added = others.group_by(KEY).aggregate(**sums, lowest=others.stated.min(), highest=others.stated.max())
    alone = alone.mutate(lowest=alone.stated, highest=alone.stated)
    weeks = ibis.union(alone.select(added.columns), added)
    co_financed = weeks.benefit.isin(sorted(key for key, one in known.items() if one.co_financed))
    only_shared = (weeks.cofinancing_dkk != 0) & (weeks.refund_dkk == 0)
    only_refund = (weeks.cofinancing_dkk == 0) & (weeks.refund_dkk != 0)
    net = ibis.ifelse(only_shared | (co_financed & ~only_refund), weeks.cofinancing_dkk,
                      weeks.gross_dkk - weeks.refund_dkk)
    weeks = weeks.mutate(net_dkk=net.cast(KRONER), week=_monday(weeks.week_index))
    borne = (100 * (1 - weeks.net_dkk.cast("float64") / weeks.gross_dkk.cast("float64").nullif(0))).round()
    rate = ibis.ifelse(weeks.lowest == weeks.highest, weeks.lowest, borne.cast("float64"))
    return weeks.mutate(state_rate_pct=rate.fill_null(borne))


def _owned(rows: ir.Table, elsewhere: tuple[str, ...]) -> ir.Table:
    """The amounts of rows, those financed elsewhere in a column of their own; `stated` is the state's share in per cent
    where the row says so and is ours."""
    refund, shared = rows.refund_dkk.fill_null(0), rows.cofinancing_dkk.fill_null(0)
    stated = ibis.cases(
        ((refund != 0) & (shared == 0), rows.refund_rate_pct),
        ((refund == 0) & (shared != 0), 100 - rows.cofinancing_rate_pct),
        else_=ibis.null("float64"))
    away = rows.municipality.isin(elsewhere).fill_null(False) if elsewhere else ibis.literal(value=False)
    nothing = ibis.literal(0).cast(KRONER)

    def ours(amount: Any) -> Any:
        return away.ifelse(nothing, amount).cast(KRONER)

    return rows.select(*KEY, gross_dkk=ours(rows.gross_dkk), refund_dkk=ours(refund), cofinancing_dkk=ours(shared),
                       elsewhere_dkk=away.ifelse(rows.gross_dkk, nothing).cast(KRONER),
                       stated=away.ifelse(ibis.null("float64"), stated))


def _monday(week_index: Any) -> Any:
    """The Monday of a week. A clock on the way: DuckDB makes one of a day and an interval, which Ibis does not know."""
    return (ibis.date("1990-01-01").cast("timestamp") + week_index * ibis.interval(days=7)).cast("date")


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
    paid = paid.select(*KEY, paid=paid.gross_dkk + paid.elsewhere_dkk)
    in_turn = ibis.row_number().over(group_by=["person", "benefit"], order_by=paid.week_index)
    paid = paid.mutate(run=paid.week_index - in_turn)
    runs = paid.group_by(["person", "replicate", "benefit", "run"]).aggregate(
        start_week=paid.week_index.min(), end_week=(paid.week_index.max() + 1).cast("int32"),
        amount_dkk=paid.paid.sum().cast("decimal(18, 2)"))
    return runs.mutate(
        start_date=_monday(runs.start_week), end_date=_monday(runs.end_week),
        degree=ibis.literal(1, "int8").cast("float64"),
        municipality=ibis.null("string"),
    ).order_by(["person", "benefit", "start_date"]).select(
        "person", "replicate", "benefit", "start_date", "end_date", "start_week", "end_week", "degree", "amount_dkk",
        "municipality")
