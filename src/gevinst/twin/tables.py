"""The canonical tables of a twin, as the ordinary import takes them; ids look like `TWIN-0000001`.

Spells begin on Mondays and end on Sundays. Covariates are drawn one by one from how they are spread among those with
the same first benefit. Payments are the price of the benefit, step and year; the step is reckoned from the twin's own
weeks. Amounts of spells are left empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.cohorts.careers import NEVER, Ints
from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.cohorts.seniority import Seniority, WeekSpans, seniority, split_at_steps
from gevinst.curves.twin_background import EVERYBODY
from gevinst.curves.twin_exposure import Floats
from gevinst.curves.twin_model import Column, Share, TwinModel
from gevinst.parameters.benefits import Benefit
from gevinst.twin.draw import Twin, draw
from gevinst.weeks import EPOCH

PREFIX = "TWIN-"
EPOCH_DAY = (EPOCH - EPOCH.replace(year=1970)).days
UP_THE_LADDER = 10_000
_DEGREE, _PLACE, _COLUMN, _PAID = range(4)  # what the random numbers are for


def twin_tables(model: TwinModel, seed: int, known: Mapping[str, Benefit]) -> dict[str, pa.Table]:
    """The tables by name, in the columns of the canonical files; those that would be empty are left out.

    `known` says which benefits count on the refund ladder.
    """
    twin = draw(model, seed)
    ids = np.char.add(PREFIX, np.char.zfill(np.arange(1, len(twin.first) + 1).astype("U7"), 7))
    degree = _degrees(model, twin, seed)
    found = {
        "spells": _spells(model, twin, ids, degree, seed),
        "participants": _participants(model, twin, ids),
        "persons": _persons(model, twin, ids, seed),
        "payments": _payments(model, twin, ids, degree, seed, known),
        "postings": _postings(model),
    }
    return {name: table for name, table in found.items() if table.num_rows}


def _luck(seed: int, purpose: int, size: int, number: int = 0) -> Floats:
    return np.random.Generator(np.random.PCG64([seed, 0, 0, purpose, number])).random(size)


def _dates(days: Ints, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Days since 1990 as dates; empty where `missing`."""
    return pa.array((days + EPOCH_DAY).astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def _period(start: Ints, end: Ints) -> dict[str, pa.Array]:
    running = end == NEVER
    return {"start_date": _dates(7 * start), "end_date": _dates(np.where(running, 0, 7 * end - 1), running)}


def _spells(model: TwinModel, twin: Twin, ids: npt.NDArray[np.str_], degree: Floats, seed: int) -> pa.Table:
    person, benefit, start, end = twin.runs.T
    end = _known_to(end, model.last_week)
    columns = {
        "person_id": pa.array(ids[person]),
        "benefit": pa.array([model.benefits[number].key for number in benefit.tolist()], pa.string()),
        **_period(start, end),
    }
    if np.any(degree < 1):
        columns["degree"] = pa.array(degree)
    if model.municipalities:
        place = _picked(model.municipalities, _luck(seed, _PLACE, len(twin.first)))
        columns["municipality"] = pa.array([place[number] for number in person.tolist()], pa.string())
    return pa.table(columns)


def _known_to(end: Ints, last_week: int) -> Ints:
    """The ends; one running spell ends on the last day, so that a row speaks of it and the data are known to it."""
    found = end.copy()
    found[np.flatnonzero(end == NEVER)[:1]] = last_week + 1
    return found


def _degrees(model: TwinModel, twin: Twin, seed: int) -> Floats:
    """A degree for each run."""
    luck = _luck(seed, _DEGREE, len(twin.runs))
    found = np.ones(len(twin.runs))
    for number, one in enumerate(model.benefits):
        mine = twin.runs[:, 1] == number
        if one.degrees:
            found[mine] = [1.0 if value is None else float(value) for value in _picked(one.degrees, luck[mine])]
    return found


def _picked(shares: Sequence[Share], luck: Floats) -> list[str | float | None]:
    """A value for each random number, by how many have it."""
    edges = np.cumsum([share.persons for share in shares]) / sum(share.persons for share in shares)
    place = np.minimum(np.searchsorted(edges, luck, side="right"), len(shares) - 1)
    below = np.concatenate([[0.0], edges[:-1]])
    within = (luck - below[place]) / (edges[place] - below[place])
    found: list[str | float | None] = []
    for at, part in zip(place.tolist(), within.tolist(), strict=True):
        one = shares[at]
        if one.below is not None and isinstance(one.value, float | int):
            found.append(one.value + part * (one.below - one.value))
        else:
            found.append(one.value)
    return found


def _participants(model: TwinModel, twin: Twin, ids: npt.NDArray[np.str_]) -> pa.Table:
    person, investment, start, end = twin.stays.T
    return pa.table({
        "person_id": pa.array(ids[person]),
        "investment": pa.array([model.investments[number].key for number in investment.tolist()], pa.string()),
        **_period(start, end),
    })


def _persons(model: TwinModel, twin: Twin, ids: npt.NDArray[np.str_], seed: int) -> pa.Table:
    if not model.columns and not model.leaves.events:
        return pa.table({"person_id": pa.array([], pa.string())})
    columns = {"person_id": pa.array(ids)}
    for number, column in enumerate(model.columns):
        luck = _luck(seed, _COLUMN, len(ids), number)
        columns[column.name] = _covariate(column, model, twin.first, luck)
    columns["left_register_date"] = _dates(np.where(twin.gone == NEVER, 0, 7 * twin.gone), twin.gone == NEVER)
    return pa.table(columns)


def _covariate(column: Column, model: TwinModel, first: Ints, luck: Floats) -> pa.Array:
    found = np.full(len(first), None, dtype=object)
    for number, one in enumerate(model.benefits):
        mine = np.flatnonzero(first == number)
        shares = column.shares.get(one.key) or column.shares.get(EVERYBODY) or ()
        if shares:
            found[mine] = _picked(shares, luck[mine])
    if column.kind == "text":
        return pa.array(found.tolist(), pa.string())
    if column.kind == "whole":
        return pa.array([None if value is None else int(np.floor(value)) for value in found], pa.int64())
    return pa.array(found.tolist(), pa.float64())


def _payments(
    model: TwinModel, twin: Twin, ids: npt.NDArray[np.str_], degree: Floats, seed: int, known: Mapping[str, Benefit]
) -> pa.Table:
    """A row per person-week that the payments cover and that is drawn as paid."""
    if not model.payments or not model.paid_periods:
        return pa.table({"person_id": pa.array([], pa.string())})
    row, start, end, step, year = _pieces(model, twin, known)
    benefit = twin.runs[row, 1]
    costs = {(one.benefit, one.step, one.year): one for one in model.payments}
    periods = {one.benefit: one for one in model.paid_periods}
    price, covered = np.zeros((len(row), 4)), np.zeros((len(row), 2), np.int64)
    cells = np.stack([benefit, step, year], axis=1)
    for number, of_step, of_year in np.unique(cells, axis=0).tolist():
        key = model.benefits[number].key
        cost, period = costs.get((key, of_step, of_year)), periods.get(key)
        if cost is not None and period is not None:
            mine = (benefit == number) & (step == of_step) & (year == of_year)
            price[mine] = cost.gross, cost.refund, cost.cofinancing, cost.paid
            covered[mine] = period.first, period.last + 1
    first, after = np.maximum(start, covered[:, 0]), np.minimum(end, covered[:, 1])
    weeks = np.maximum(after - first, 0)
    piece = np.repeat(np.arange(len(row)), weeks)
    week = first[piece] + np.arange(len(piece)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    paid = _luck(seed, _PAID, len(piece)) * 100 < price[piece, 3]
    piece, week = piece[paid], week[paid]
    gross = np.round(price[piece, 0] * degree[row[piece]], 2)
    keys = [one.key for one in model.benefits]
    return pa.table({
        "person_id": pa.array(ids).take(pa.array(twin.runs[row[piece], 0])),
        "benefit": pa.array(keys).take(pa.array(benefit[piece])),
        "week": _dates(7 * week),
        "gross_dkk": pa.array(gross),
        "refund_dkk": pa.array(np.round(gross * price[piece, 1] / 100, 2)),
        "cofinancing_dkk": pa.array(np.round(gross * price[piece, 2] / 100, 2)),
    })


def _pieces(model: TwinModel, twin: Twin, known: Mapping[str, Benefit]) -> tuple[Ints, ...]:
    """The runs in pieces of one step and year: row of the run, first week, week after, step, year."""
    person, number, start, end = twin.runs.T
    end = np.minimum(end, model.last_week + 1)
    clock = np.array([known[one.key].clock if one.key in known else "" for one in model.benefits])[number]
    on = np.flatnonzero((clock == "counts") | (clock == "neutral"))
    spans = WeekSpans(person[on], start[on].astype(np.int32), end[on].astype(np.int32), clock[on] == "counts")
    ladder = split_at_steps(seniority(spans, first_week=model.first_week, last_week=model.last_week))
    other = np.flatnonzero(clock != "counts")
    n = len(other)
    flat = split_at_steps(Seniority(
        person[other], start[other].astype(np.int32), end[other].astype(np.int32),
        np.full(n, UP_THE_LADDER, np.int32), np.zeros(n, np.bool_), other))
    parts = (
        np.concatenate([on[ladder.row], flat.row]), np.concatenate([ladder.start_week, flat.start_week]),
        np.concatenate([ladder.end_week, flat.end_week]),
        np.concatenate([ladder.step, np.full(len(flat.step), OUTSIDE_LADDER)]),
        np.concatenate([ladder.year, flat.year]))
    order = np.lexsort((parts[1], parts[0]))
    return tuple(part[order].astype(np.int64) for part in parts)


def _postings(model: TwinModel) -> pa.Table:
    every = model.postings
    return pa.table({
        "date": pa.array([one.month for one in every], pa.date32()),
        "investment": pa.array([one.investment for one in every], pa.string()),
        "amount_dkk": pa.array([1_000 * one.thousands for one in every], pa.int64()),
        "account": pa.array([one.account for one in every], pa.string()),
        "text": pa.array(["Syntetisk / synthetic"] * len(every), pa.string()),
    })
