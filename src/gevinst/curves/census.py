"""Every inflow curve of a register at once: by municipality, benefit and quarter of entry.

Part of the person wall: counts leave. Written for a national register (39 million spells), where sorting and joining
texts is what costs: benefit and municipality become small integers straight after the scan, the cell and the week
become one integer key, and ups and downs are counted apart. No runs are merged: a spell counts from where the ones
before it reach, which covers the same weeks. Its form is DuckDB's; `counts.py` gives the same for a cohort on any
engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import numpy as np

from gevinst.cohorts.runs import known_spells
from gevinst.curves.tallies import Counts
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import year_of

QUARTERS = 4
SPAN = 8192  # weeks, 157 years: more than any register covers
SLICE = 13_000_000  # spells counted at a time: about 1.5 GB


@dataclass(frozen=True)
class Census:
    """Counts per cell and week since entry. `cells` are (municipality, benefit, year, quarter) with any entry.

    `entries` `[cell]`; `observed` and `receiving` `[cell, week 0..K]`: entries followed to week k, and those of them
    that receive in it (with relapse). `at_risk` and `exits` `[cell, week]`: on the first spell just before week k,
    and first exits in it (without relapse).
    """

    cells: tuple[tuple[str, str, int, int], ...]
    entries: Counts
    observed: Counts
    receiving: Counts
    at_risk: Counts
    exits: Counts


def census(tables: PersonTables, *, weeks: int = 104, new_after: int = 4, first_exits: bool = True) -> Census:
    """Count every inflow cohort of the register, weeks 0 to `weeks`; a spell is new after `new_after` weeks off.

    `first_exits=False` leaves `at_risk` and `exits` empty. The sort key holds 157 years of weeks.
    """
    backend = tables.backend
    spells = known_spells(tables)
    benefits, places = _codes(tables, spells, "benefit"), _codes(tables, spells, "municipality")
    first_year = int(backend.to_arrow(spells.aggregate(first=spells.start_date.year().min()))["first"][0].as_py())
    reach = tables.backend.to_arrow(
        spells.aggregate(n=spells.count(), first=spells.person.min(), last=spells.person.max())
    ).to_pylist()[0]
    rows = _coded(spells, benefits[1], places[1], first_year, tables.first_week, len(benefits[0]), len(places[0]))
    size = (year_of(tables.data_horizon) + 1 - first_year + 1) * QUARTERS * len(places[0]) * len(benefits[0])
    shape = (size, weeks + 2)
    change, followed, left, exits = (np.zeros(shape, np.int64) for _ in range(4))
    for low, high in _slices(int(reach["first"]), int(reach["last"]), int(reach["n"])):
        mine = rows.filter(rows.person >= low, rows.person <= high)
        marked = backend.keep(_marked(mine, new_after, first_exits), "census_spells")
        trials = marked.filter(marked.cell.notnull())
        _add_receiving(tables, trials, marked, weeks, change)
        _add_counted(tables, trials, ibis.least(tables.data_horizon - trials.start_week, weeks), followed)
        if first_exits:
            # A gap that the horizon cuts short does not fulfil the rule: it censors.
            known = trials.filter(trials.leaves <= tables.data_horizon + 1 - new_after)
            _add_counted(tables, trials, ibis.least(trials.leaves - trials.start_week, weeks + 1), left)
            _add_counted(tables, known, ibis.least(known.leaves - known.start_week, weeks + 1), exits)
        backend.let_go(marked)
    used = np.flatnonzero(followed.any(axis=1))
    observed = np.cumsum(followed[used, ::-1], axis=1)[:, ::-1][:, : weeks + 1]
    receiving = np.cumsum(change[used], axis=1)[:, : weeks + 1]
    last = weeks + 1 if first_exits else 0
    at_risk = (left[used].sum(axis=1, keepdims=True) - np.cumsum(left[used], axis=1) + left[used])[:, :last]
    cells = tuple(_cell(int(code), benefits[0], places[0], first_year) for code in used)
    return Census(cells, observed[:, 0], observed, receiving, at_risk, exits[used, :last])


def _slices(first: int, last: int, spells: int) -> list[tuple[int, int]]:
    """Ranges of persons with about `SLICE` spells each, so that memory does not grow with the register."""
    pieces = max(1, -(-spells // SLICE))
    bounds = [first + (last - first + 1) * i // pieces for i in range(pieces)] + [last + 1]
    return [(low, after - 1) for low, after in pairwise(bounds)]


def _codes(tables: PersonTables, spells: ir.Table, column: str) -> tuple[tuple[str, ...], ir.Table]:
    """The values of a column in order, and the table that gives each its number; a missing value is named ''."""
    found = spells.select(value=spells[column].fill_null("")).distinct().order_by("value")
    names = tuple(tables.backend.to_arrow(found)["value"].to_pylist())
    numbered = found.mutate(code=ibis.row_number().over(order_by="value").cast("int16"))
    return names, tables.backend.keep(numbered.rename({column: "value", f"{column}_code": "code"}), f"{column}_codes")


def _coded(
    spells: ir.Table, benefits: ir.Table, places: ir.Table, first_year: int, first_week: int, kinds: int, towns: int
) -> ir.Table:
    """Spells as integers: person, benefit code, weeks, one sort key, and the cell an entry here would belong to."""
    joined = spells.mutate(municipality=spells.municipality.fill_null("")).join(benefits, "benefit")
    joined = joined.join(places, "municipality")
    quarter = (joined.start_date.year() - first_year) * QUARTERS + joined.start_date.quarter() - 1
    return joined.select(
        "person",
        "benefit_code",
        "start_week",
        "end_week",
        # By the day, not the week: two spells that begin in one week may lie in different quarters.
        turn=(
            ((joined.start_week - first_week) * 7 + joined.start_date.day_of_week.index()) * SPAN
            + (joined.end_week - first_week)
        ).cast("int32"),
        cell=((quarter * towns + joined.municipality_code) * kinds + joined.benefit_code).cast("int32"),
    )


def _marked(rows: ir.Table, new_after: int, first_exits: bool) -> ir.Table:
    """Add `cell` only where the spell is an entry, `paid_from` the first week not already covered, and `leaves`.

    `leaves` is the end of the spells before the next entry: the first exit seen from an entry.
    """
    by = {"group_by": ["person", "benefit_code"], "order_by": rows.turn}
    reached = rows.mutate(
        reached=rows.end_week.max().over(ibis.window(**by, preceding=(None, 1))),
        **({"final": rows.end_week.max().over(group_by=["person", "benefit_code"])} if first_exits else {}),
    )
    entry = reached.reached.isnull() | (reached.start_week - reached.reached >= new_after)
    marked = reached.mutate(
        cell=ibis.cases((entry, reached.cell), else_=ibis.null("int32")),
        paid_from=ibis.greatest(reached.start_week, reached.reached.fill_null(reached.start_week)),
    )
    keep = ["person", "benefit_code", "cell", "start_week", "end_week", "paid_from"]
    if not first_exits:
        return marked.select(*keep)
    left = marked.mutate(left=ibis.cases((marked.cell.notnull(), marked.reached), else_=ibis.null("int32")))
    later = ibis.window(group_by=["person", "benefit_code"], order_by=left.turn, following=(1, None))
    return left.select(*keep, leaves=left.left.min().over(later).fill_null(left.final))


def _add_receiving(tables: PersonTables, trials: ir.Table, marked: ir.Table, weeks: int, change: Counts) -> None:
    """Add where, over all entries, paid stretches begin (up) and end (down) to `change` `[cell, week]`."""
    width = weeks + 2
    starts = trials.select("person", "benefit_code", "cell", origin=trials.start_week)
    cover = marked.filter(marked.end_week > marked.paid_from).select(
        "paid_from", "end_week", owner=marked.person, kind=marked.benefit_code
    )
    pairs = starts.join(
        cover,
        [
            starts.person == cover.owner,
            starts.benefit_code == cover.kind,
            cover.paid_from <= starts.origin + weeks,
            cover.end_week > starts.origin,
        ],
    )
    # One dense integer key read from a kept table: the engine then counts into an array instead of hashing.
    keyed = tables.backend.keep(
        pairs.select(
            up=(pairs.cell * width + ibis.greatest(pairs.paid_from - pairs.origin, 0)).cast("int32"),
            down=(pairs.cell * width + ibis.least(pairs.end_week - pairs.origin, weeks + 1)).cast("int32"),
        ),
        "census_pairs",
    )
    flat = change.reshape(-1)
    for side, sign in (("up", 1), ("down", -1)):
        rows = tables.backend.to_arrow(keyed.group_by(side).aggregate(n=keyed.count()))
        flat[np.asarray(rows[side], np.int64)] += sign * np.asarray(rows["n"], np.int64)
    tables.backend.let_go(keyed)


def _add_counted(tables: PersonTables, trials: ir.Table, week: ir.IntegerValue, counts: Counts) -> None:
    """Add trials by cell and a week of theirs to `counts` `[cell, week]`."""
    keyed = trials.mutate(week=week.cast("int32"))
    rows = tables.backend.to_arrow(keyed.group_by(["cell", "week"]).aggregate(n=keyed.count()))
    counts[np.asarray(rows["cell"], np.int64), np.asarray(rows["week"], np.int64)] += np.asarray(rows["n"], np.int64)


def _cell(code: int, benefits: tuple[str, ...], places: tuple[str, ...], first_year: int) -> tuple[str, str, int, int]:
    rest, benefit = divmod(code, len(benefits))
    quarter, place = divmod(rest, len(places))
    return places[place], benefits[benefit], first_year + quarter // QUARTERS, quarter % QUARTERS + 1
