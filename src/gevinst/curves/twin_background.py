"""What the persons of a register are like, counted for a synthetic twin: covariates, degrees, municipalities.

Part of the person wall: what leaves keeps the rule of `twin_bands.py`. A covariate is counted by the first benefit and
by itself; what goes together with what is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import numpy as np
import pyarrow as pa

from gevinst.cohorts.careers import Careers, Ints, rows_of
from gevinst.curves.twin_bands import Rule, cells
from gevinst.curves.twin_exposure import Floats
from gevinst.curves.twin_model import BenefitModel, Column, Share, Step
from gevinst.register.person_tables import PersonTables
from gevinst.sources.header import STORED_NAMES
from gevinst.tables import PERSONS

FEW_VALUES = 12
"""A number with at most so many values is counted value by value; else in bands."""
BANDS = 12
OWN_GROUP = 200
"""Times the few that a first benefit must have had for its persons to be counted by themselves."""
EVERYBODY = ""
DEGREES = 10  # degrees are counted in tenths


def columns_of(tables: PersonTables, careers: Careers, models: tuple[BenefitModel, ...], rule: Rule
               ) -> tuple[Column, ...]:
    """The columns of the persons' file, by name."""
    if tables.persons is None:
        return ()
    own = STORED_NAMES | {column.name for column in PERSONS.columns}
    names = sorted(set(tables.persons.columns) - own)
    if not names:
        return ()
    rows = tables.backend.to_arrow(tables.persons.select("person", *names))
    row, known = rows_of(careers.pseudonym, np.asarray(rows["person"], np.int64))
    first = np.unique(careers.runs.person, return_index=True)[1]
    group = np.full(len(careers.pseudonym), -1, np.int64)
    group[careers.runs.person[first]] = careers.runs.benefit[first]
    place = {model.key: careers.benefits.index(model.key) for model in models}
    mine = {key: here for key, number in place.items()
            if np.count_nonzero(here := known & (group[row] == number)) >= OWN_GROUP * rule.few} | {EVERYBODY: known}
    return tuple(_column(name, rows[name].combine_chunks(), row, mine, rule) for name in names)


def _column(name: str, values: pa.Array, row: Ints, mine: Mapping[str, np.ndarray], rule: Rule) -> Column:
    if pa.types.is_floating(values.type) or pa.types.is_integer(values.type):
        numbers = np.asarray(values.cast(pa.float64()).fill_null(float("nan")), np.float64)
        known = numbers[np.isfinite(numbers)]
        # What few have that nobody else has, parts of a number or a value of its own, changes nothing.
        kind = "whole" if np.count_nonzero(known != np.round(known)) < rule.few else "number"
        edges, single = _edges(known, rule)
        code = np.where(np.isfinite(numbers), np.searchsorted(edges, numbers, side="right") - 1, -1)
        return Column(name, kind, {
            key: _numbers(edges, code[here], row[here], rule, single=single) for key, here in mine.items()})
    texts = values.cast(pa.string()).dictionary_encode()
    words = texts.dictionary.to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.array([order.index(place) for place in range(len(words))] or [0], np.int64)
    code = np.where(np.asarray(texts.indices.is_valid()), rank[np.asarray(texts.indices.fill_null(0))], -1)
    return Column(name, "text", {
        key: tuple(Share(None if at < 0 else words[order[at]], None, count)
                   for at, count in cells(code[here], row[here], rule)) for key, here in mine.items()})


def _edges(known: Floats, rule: Rule) -> tuple[Floats, bool]:
    """Where the values or bands begin: each value where there are few (then true), else bands of a round width."""
    distinct, counts = np.unique(known, return_counts=True)
    common = counts >= rule.few
    if np.count_nonzero(common) <= FEW_VALUES and counts[~common].sum() < rule.few:
        return distinct, True
    low, high = np.quantile(known, (0.02, 0.98))
    width = _round_width((high - low) / BANDS)
    return width * np.arange(np.floor(distinct[0] / width), np.floor(distinct[-1] / width) + 2), False


def _round_width(width: float) -> float:
    """The next of 1, 2, 5, 10, 20, … times a power of ten."""
    if width <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= width * 0.999999))


def _numbers(edges: Floats, code: Ints, person: Ints, rule: Rule, *, single: bool) -> tuple[Share, ...]:
    found = []
    for at, count in cells(code, person, rule):
        if at < 0:
            found.append(Share(None, None, count))
        else:
            below = None if single else float(edges[at + 1])
            found.append(Share(float(edges[at]), below, count))
    return tuple(found)


def degrees_of(tables: PersonTables, rule: Rule) -> dict[str, tuple[Share, ...]]:
    """The degrees of full time by benefit, in tenths; a full degree is one value."""
    spells = tables.spells
    tenth = ibis.greatest((spells.degree.fill_null(1.0) * DEGREES).round(), 1).cast("int32")
    rows = tables.backend.to_arrow(spells.mutate(tenth=tenth).select("benefit", "tenth", "person").distinct().group_by(
        ["benefit", "tenth"]).aggregate(n=lambda each: each.count())).to_pylist()
    found: dict[str, list[Share]] = {}
    for one in sorted(rows, key=lambda one: (one["benefit"], one["tenth"])):
        if one["n"] >= rule.few:
            share = Share(one["tenth"] / DEGREES, None, rule.rounded(one["n"]))
            found.setdefault(one["benefit"], []).append(share)
    return {benefit: tuple(shares) for benefit, shares in found.items()}


def municipalities_of(tables: PersonTables, rule: Rule) -> tuple[Share, ...]:
    """How many persons have a spell in which municipality."""
    spells = tables.spells.filter(tables.spells.municipality.notnull()).select("municipality", "person").distinct()
    rows = tables.backend.to_arrow(
        spells.group_by("municipality").aggregate(n=spells.count())).to_pylist()
    return tuple(Share(one["municipality"], None, rule.rounded(one["n"]))
                 for one in sorted(rows, key=lambda one: str(one["municipality"])) if one["n"] >= rule.few)


def leaves_of(careers: Careers, rule: Rule) -> Step:
    """Death and moving away, per person-week from the first run on."""
    first = np.unique(careers.runs.person, return_index=True)[1]
    runs = careers.runs.take(first)
    begun = np.maximum(runs.start, careers.first_week)
    until = np.minimum(careers.gone[runs.person], careers.last_week + 1)
    weeks = int(np.sum(np.maximum(until - begun, 0)))
    left = int(np.count_nonzero(careers.gone[runs.person] <= careers.last_week))
    return Step(0, None, rule.rounded(left) if left >= rule.few else 0, max(rule.rounded(weeks), rule.base))
