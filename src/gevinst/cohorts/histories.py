"""Week by week, who received what: the persons around a few target groups, as arrays behind the person wall.

A row is a person, a column a week. Comparators are followed from many start weeks, so their weeks are laid out
once and read many times. Nothing here leaves the wall: `curves/trial_sums.py` and `curves/referrals.py` count it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.cohorts.build import participations_in_order
from gevinst.cohorts.definition import GapRule
from gevinst.cohorts.paid_weeks import STEPS, PaidWeeks
from gevinst.cohorts.prepare import Prepared
from gevinst.cohorts.runs import is_new
from gevinst.parameters.benefits import Benefit

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_Fetch = Callable[[ir.Table], pa.Table]
_Start = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]

SUPPORT, EDUCATION, PENSION, LEFT = (np.uint16(1 << bit) for bit in range(4))
FIRST_TARGET = 4  # the bit of the first target benefit
TARGETS_AT_MOST = 12
MEMORY_WEEKS = 104  # how far back weeks on support are matched on
PRE_PERIOD_WEEKS = 52  # and how long before that the participants' past is a test
NEVER = np.int32(1 << 30)
NOTHING = np.uint16(0xFFFF)
FULL_TIME = 10_000


@dataclass(frozen=True)
class PaidLayer:
    """What is paid in a person's week: the number of its (benefit, step), and the degree in ten-thousandths."""

    kind: npt.NDArray[np.uint16]
    degree: npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Histories:
    """N persons, sorted by pseudonym, over W weeks from `first_week`; arrays `[person]` or `[person, week]`.

    `state`: bits for public support, education, pension, having left the register, and each of `targets`.
    `elapsed`: weeks since the start of the spell, by target benefit and the rule for when a spell of it is new (to
    be read only where the benefit is received). `prior`: weeks on any support in the 104 weeks before. `paid`:
    layers of paid weeks, the second for those paid two benefits at once; `kinds` says which (benefit, step) a
    number is. `first_start` is the week of a person's first participation in any investment (`NEVER`),
    `first_investment` which of `investments` it was (-1); `second_start` and `second_investment` are the same for
    the next one in another investment.
    """

    first_week: int
    person: Ints
    group: npt.NDArray[np.int16]
    targets: tuple[str, ...]
    state: npt.NDArray[np.uint16]
    elapsed: Mapping[tuple[str, GapRule], npt.NDArray[np.int16]]
    prior: npt.NDArray[np.int16]
    paid: tuple[PaidLayer, ...]
    kinds: tuple[tuple[str, int], ...]
    investments: tuple[str, ...]
    first_start: npt.NDArray[np.int32]
    first_investment: npt.NDArray[np.int32]
    second_start: npt.NDArray[np.int32]
    second_investment: npt.NDArray[np.int32]
    covariates: pa.Table | None

    @property
    def weeks(self) -> int:
        """The number of columns; the last is the data horizon."""
        return int(self.state.shape[1])

    def bit(self, benefit: str) -> np.uint16:
        """The bit of a target benefit in `state`."""
        return np.uint16(1 << (FIRST_TARGET + self.targets.index(benefit)))

    def column(self, week: int) -> int:
        """The column of a week."""
        return week - self.first_week


def build_histories(
    prepared: Prepared,
    paid: PaidWeeks | None,
    spells_of: Collection[tuple[str, GapRule]],
    known: Mapping[str, Benefit],
    first_referral: int,
    covariates: Sequence[str] = (),
) -> Histories:
    """Lay out the weeks of everybody who received one of the target benefits in or after week `first_referral`.

    `spells_of` are the target benefits, each with the rule for when a spell of it is new; two cases may have the same
    benefit and different rules. Three years before the first referral are kept, as far as the register reaches.
    """
    targets = tuple(dict.fromkeys(benefit for benefit, _ in spells_of))
    tables = prepared.tables
    horizon = tables.data_horizon
    # A case that begins after the data end has a week all the same, with nobody in it.
    first_week = min(max(tables.first_week, first_referral - MEMORY_WEEKS - PRE_PERIOD_WEEKS), horizon)
    shape_weeks = horizon - first_week + 1
    runs = prepared.runs
    wanted = runs.filter(runs.benefit.isin(sorted(targets)), runs.end_week > first_referral)
    people = tables.backend.keep(wanted.select("person", "replicate").distinct(), "people")
    fetch = tables.backend.to_arrow
    rows = fetch(people.order_by("person"))
    person = np.asarray(rows["person"], np.int64)
    group = np.asarray(rows["replicate"], np.int16)
    axis = _Axis(person, first_week, shape_weeks)
    state = _states(fetch, axis, prepared, people, targets, known)
    elapsed = {key: _elapsed(fetch, axis, runs, people, *key) for key in dict.fromkeys(spells_of)}
    on_support = (state & SUPPORT) != 0
    layers, kinds = _paid_layers(fetch, axis, paid, people)
    investments, first, second = _starts(fetch, axis, prepared, people)
    persons = None
    if tables.persons is not None and covariates:
        persons = fetch(tables.persons.semi_join(people, "person").select("person", *covariates).order_by("person"))
    return Histories(
        first_week, person, group, targets, state, elapsed, _prior(on_support), layers, kinds,
        investments, *first, *second, persons,
    )  # fmt: skip


@dataclass(frozen=True)
class _Axis:
    """The grid of persons and weeks."""

    person: Ints
    first_week: int
    weeks: int

    def rows_of(self, persons: pa.ChunkedArray) -> Ints:
        found: Ints = np.searchsorted(self.person, np.asarray(persons, np.int64))
        return found

    def columns(self, weeks: pa.ChunkedArray) -> Ints:
        clipped: Ints = np.clip(np.asarray(weeks, np.int64) - self.first_week, 0, self.weeks)
        return clipped

    def covered(self, row: Ints, start: Ints, end: Ints) -> Flags:
        """True in the cells `[start, end)` of each row."""
        change = np.zeros((len(self.person), self.weeks + 1), np.int16)
        np.add.at(change, (row, start), 1)
        np.add.at(change, (row, end), -1)
        inside: Flags = np.cumsum(change, axis=1, dtype=np.int16)[:, :-1] > 0
        return inside


def _states(
    fetch: _Fetch, axis: _Axis, prepared: Prepared, people: ir.Table, targets: tuple[str, ...],
    known: Mapping[str, Benefit],
) -> npt.NDArray[np.uint16]:  # fmt: skip
    tables = prepared.tables
    spells = prepared.spells.semi_join(people, "person")
    spells = spells.filter(spells.end_week > axis.first_week)
    rows = fetch(spells.select("person", "benefit", "start_week", "end_week"))
    row, start, end = axis.rows_of(rows["person"]), axis.columns(rows["start_week"]), axis.columns(rows["end_week"])
    bits = _bits(targets, prepared.any_support, known)
    code = rows["benefit"].combine_chunks().dictionary_encode()
    of_benefit = np.array([bits.get(name, 0) for name in code.dictionary.to_pylist()] or [0], np.uint16)
    mask = of_benefit[np.asarray(code.indices, np.int64)]
    state = np.zeros((len(axis.person), axis.weeks), np.uint16)
    for bit in [SUPPORT, EDUCATION, PENSION, *(np.uint16(1 << (FIRST_TARGET + t)) for t in range(len(targets)))]:
        here = (mask & bit) != 0
        state |= np.where(axis.covered(row[here], start[here], end[here]), bit, np.uint16(0))
    if tables.persons is not None:
        gone = tables.persons.semi_join(people, "person")
        gone = gone.filter(gone.left_week.notnull()).select("person", "left_week")
        left = fetch(gone)
        first = axis.columns(left["left_week"])
        state |= np.where(axis.covered(axis.rows_of(left["person"]), first, np.full(len(first), axis.weeks)), LEFT, 0)
    return state


def _bits(targets: tuple[str, ...], support: frozenset[str], known: Mapping[str, Benefit]) -> dict[str, int]:
    bits = dict.fromkeys(support, int(SUPPORT))
    for key, benefit in known.items():
        if benefit.destination == "education":
            bits[key] = bits.get(key, 0) | int(EDUCATION)
        elif benefit.destination == "pension":
            bits[key] = bits.get(key, 0) | int(PENSION)
    for number, key in enumerate(targets):
        bits[key] = bits.get(key, 0) | int(SUPPORT) | 1 << (FIRST_TARGET + number)
    return bits


def _elapsed(
    fetch: _Fetch, axis: _Axis, runs: ir.Table, people: ir.Table, benefit: str, rule: GapRule
) -> npt.NDArray[np.int16]:
    """Weeks since the start of the spell; a gap shorter than the rule does not begin a new one."""
    mine = runs.filter(runs.benefit == benefit).semi_join(people, "person")
    new = is_new(mine, rule) | (mine.since_week < mine.start_week)  # handed over: the spell began on the old benefit
    rows = fetch(
        mine.select("person", "start_week", "since_week", new=new.cast("int8")).order_by(["person", "start_week"])
    )
    row, start = axis.rows_of(rows["person"]), np.asarray(rows["start_week"], np.int64)
    since = np.asarray(rows["since_week"], np.int64)
    new = np.asarray(rows["new"], bool)
    # A person's first run always begins a spell, so the latest new one before a run is her own.
    spell_start = since[np.maximum.accumulate(np.where(new, np.arange(len(start)), 0))] if len(start) else start
    lowest = int(since.min()) if len(start) else 0
    begun = np.full((len(axis.person), axis.weeks), lowest - 1, np.int32)
    inside = start < axis.first_week + axis.weeks
    column = np.clip(start - axis.first_week, 0, None)
    np.maximum.at(begun, (row[inside], column[inside]), spell_start[inside])
    begun = np.maximum.accumulate(begun, axis=1)
    week = axis.first_week + np.arange(axis.weeks, dtype=np.int32)
    elapsed: npt.NDArray[np.int16] = np.minimum(week - begun, np.iinfo(np.int16).max).astype(np.int16)
    return elapsed


def _prior(on_support: Flags) -> npt.NDArray[np.int16]:
    """Weeks on any support in the 104 weeks before each week."""
    n, weeks = on_support.shape
    total = np.zeros((n, weeks + 1), np.int16)
    np.cumsum(on_support, axis=1, out=total[:, 1:])
    back = np.maximum(np.arange(weeks) - MEMORY_WEEKS, 0)
    before: npt.NDArray[np.int16] = total[:, :weeks] - total[:, back]
    return before


def _paid_layers(
    fetch: _Fetch, axis: _Axis, paid: PaidWeeks | None, people: ir.Table
) -> tuple[tuple[PaidLayer, ...], tuple[tuple[str, int], ...]]:
    """Paid pieces on the grid. Pieces that overlap go to a further layer, so that no week is lost."""
    if paid is None:
        return (), ()
    pieces = paid.table.semi_join(people, "person")
    pieces = pieces.filter(pieces.end_week > axis.first_week)
    rows = fetch(
        pieces.select("person", "benefit", "start_week", "end_week", "step", "degree")
        .order_by(["person", "start_week", "end_week", "benefit", "step"])
    )  # fmt: skip
    names = sorted(set(rows["benefit"].to_pylist()))
    place = {name: number for number, name in enumerate(names)}
    benefit = np.array([place[name] for name in rows["benefit"].to_pylist()], np.int64)
    key = benefit * STEPS + np.asarray(rows["step"], np.int64)
    numbers, kind = np.unique(key, return_inverse=True)
    kinds = tuple((names[number // STEPS], int(number % STEPS)) for number in numbers.tolist())
    row, start, end = axis.rows_of(rows["person"]), axis.columns(rows["start_week"]), axis.columns(rows["end_week"])
    degree = np.round(np.asarray(rows["degree"], np.float64) * FULL_TIME).astype(np.uint16)
    layers = []
    for chosen in _without_overlap(row, start, end):
        codes = np.full((len(axis.person), axis.weeks), NOTHING, np.uint16)
        parts = np.zeros((len(axis.person), axis.weeks), np.uint16)
        length = end[chosen] - start[chosen]
        at = np.repeat(row[chosen] * axis.weeks + start[chosen], length) + _within(length)
        codes.ravel()[at] = np.repeat(kind[chosen], length)
        parts.ravel()[at] = np.repeat(degree[chosen], length)
        layers.append(PaidLayer(codes, parts))
    return tuple(layers), kinds


def _within(length: Ints) -> Ints:
    """0, 1, …, n-1 for each n."""
    total = np.cumsum(length)
    counted: Ints = np.arange(int(total[-1]) if len(total) else 0) - np.repeat(total - length, length)
    return counted


def _without_overlap(row: Ints, start: Ints, end: Ints) -> list[Ints]:
    """Indices of spans, sorted by row and start, in as few layers without overlap as a first fit gives."""
    left, layers = np.arange(len(row)), []
    while len(left):
        stretch = int(end.max()) + 1
        offset = row[left] * stretch
        reach = np.maximum.accumulate(end[left] + offset)
        clear = np.concatenate(([True], (start[left] + offset)[1:] >= reach[:-1]))
        layers.append(left[clear])
        left = left[~clear]
    return layers


def _starts(
    fetch: _Fetch, axis: _Axis, prepared: Prepared, people: ir.Table
) -> tuple[tuple[str, ...], _Start, _Start]:
    """The investments, and each person's first and second start: week, and number of the investment."""
    tables = prepared.tables
    shape = len(axis.person)
    starts = [(np.full(shape, NEVER, np.int32), np.full(shape, -1, np.int32)) for _ in range(2)]
    if tables.participants is None:
        return (), starts[0], starts[1]
    rows = fetch(participations_in_order(tables.participants, tables.data_horizon).semi_join(people, "person"))
    names = sorted(set(rows["investment"].to_pylist()))
    place = {name: number for number, name in enumerate(names)}
    number = np.array([place[name] for name in rows["investment"].to_pylist()], np.int32)
    row, order = axis.rows_of(rows["person"]), np.asarray(rows["place"], np.int64)
    for turn, (week, which) in enumerate(starts):
        mine = order == turn
        week[row[mine]] = np.asarray(rows["start_week"], np.int32)[mine]
        which[row[mine]] = number[mine]
    return tuple(names), starts[0], starts[1]
