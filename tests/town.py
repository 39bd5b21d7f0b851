"""Made-up registers in plain Python: who received what, week by week, and the same on an engine as person tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from gevinst.backend import Backend
from gevinst.cohorts.prepare import Prepared, prepare
from gevinst.effects.design import StudyDesign
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import first_week, monday, sunday

A, K, SU, PENSION = "a-dagpenge", "kontanthjaelp", "su", "folkepension"
SUPPORT = frozenset({A, K})
START = first_week(2016)
GROUPS = 200


@dataclass(frozen=True)
class Town:
    """`spells`: person, benefit, first week, week after (beyond the horizon: running), degree. `starts`: person,
    investment, week. `left`: the week a person left the register. `covariates` by column and person; a person without
    a value is missing, one in no column is not in the persons file."""

    spells: tuple[tuple[int, str, int, int, float], ...]
    starts: tuple[tuple[int, str, int], ...]
    horizon: int
    left: Mapping[int, int] = field(default_factory=dict)
    covariates: Mapping[str, Mapping[int, object]] = field(default_factory=dict)
    first: int = START

    @property
    def people(self) -> list[int]:
        """Everybody who received anything."""
        return sorted({row[0] for row in self.spells})


def tables_of(town: Town, backend: Backend, *, shuffled: int | None = None) -> PersonTables:
    """The town's person tables, in the columns the intake stores; `shuffled` is a seed for the order of all rows."""
    rng = None if shuffled is None else np.random.default_rng(shuffled)

    def table(columns: dict[str, pa.Array], name: str):
        whole = pa.table(columns)
        if rng is not None:
            whole = whole.take(pa.array(rng.permutation(whole.num_rows)))
        return backend.from_arrow(whole, name)

    known = [row for row in town.spells if row[2] <= town.horizon]
    running = [row[3] > town.horizon for row in known]
    spells = {
        **_person([row[0] for row in known]),
        "benefit": pa.array([row[1] for row in known], pa.string()),
        "start_date": pa.array([monday(row[2]) for row in known], pa.date32()),
        "end_date": _ends([monday(row[3]) for row in known], running, pa.date32()),
        "start_week": pa.array([row[2] for row in known], pa.int32()),
        "end_week": _ends([row[3] for row in known], running, pa.int32()),
        "degree": pa.array([row[4] for row in known], pa.float64()),
        "amount_dkk": pa.nulls(len(known), pa.decimal128(18, 2)),
        "municipality": pa.nulls(len(known), pa.string()),
    }
    starts = {
        **_person([row[0] for row in town.starts]),
        "investment": pa.array([row[1] for row in town.starts], pa.string()),
        "start_date": pa.array([monday(row[2]) for row in town.starts], pa.date32()),
        "end_date": pa.array([monday(row[2] + 13) for row in town.starts], pa.date32()),
        "start_week": pa.array([row[2] for row in town.starts], pa.int32()),
        "end_week": pa.array([row[2] + 13 for row in town.starts], pa.int32()),
    }
    listed = sorted({*town.left, *(person for column in town.covariates.values() for person in column)})
    gone = [town.left.get(person) for person in listed]
    persons = {
        **_person(listed),
        "left_register_date": pa.array([None if week is None else monday(week) for week in gone], pa.date32()),
        "left_week": pa.array(gone, pa.int32()),
        **{name: pa.array([column.get(person) for person in listed]) for name, column in town.covariates.items()},
    }
    return PersonTables(
        backend,
        table(spells, "spells"),
        table(starts, "participants") if town.starts else None,
        table(persons, "persons") if listed else None,
        town.first,
        town.horizon,
        Path(),
    )


def _person(people: list[int]) -> dict[str, pa.Array]:
    groups = [person % GROUPS for person in people]
    return {"person": pa.array(people, pa.int64()), "replicate": pa.array(groups, pa.int16())}


def _ends(values: list, running: list[bool], kind: pa.DataType) -> pa.Array:
    return pa.array([None if still else value for value, still in zip(values, running, strict=True)], kind)


def prepared_of(town: Town, backend: Backend, *, shuffled: int | None = None) -> Prepared:
    """The town, ready for a study: A-dagpenge and kontanthjælp are public support."""
    return prepare(tables_of(town, backend, shuffled=shuffled), any_support=SUPPORT)


def design_of(
    investment: str,
    first: int,
    last: int,
    *,
    benefit: str = A,
    horizon_weeks: int = 26,
    closed: tuple[tuple[int, int], ...] = (),
    match_on: tuple[str, ...] = (),
    later_participants: str = "censor",
) -> StudyDesign:
    """A design whose referrals run from the Monday of week `first` to the Sunday of `last`; so for `closed`."""
    return StudyDesign(
        investment, benefit, monday(first), sunday(last), horizon_weeks,
        closed=tuple((monday(begin), sunday(end)) for begin, end in closed),
        match_on=match_on,
        later_participants=later_participants,
    )  # fmt: skip


def relapsing_town(seed: int, persons: int = 120, *, weeks: int = 330, participants: float = 0.3) -> Town:
    """Stretches on A-dagpenge, kontanthjælp, both, an education grant or nothing; degrees below 1, people who leave.

    Two investments for A-dagpenge (the first with a suspension, weeks 40-49 of its second year), one for
    kontanthjælp; some take part twice, some while on nothing, some before the period. Ids are not in order.
    """
    rng = np.random.default_rng(seed)
    ids = (rng.permutation(persons * 7)[:persons] + 1).tolist()
    horizon = START + weeks - 1
    spells, starts, left = [], [], {}
    covariates: dict[str, dict[int, object]] = {"age": {}, "sex": {}}
    for person in ids:
        week = START + int(rng.integers(0, 25))
        lean = float(rng.random())
        if rng.random() < 0.95:
            covariates["age"][person] = float(rng.integers(18, 64)) if rng.random() < 0.9 else None
            covariates["sex"][person] = str(rng.choice(["K", "M"]))
        while week <= horizon:
            kind = str(rng.choice(["A", "K", "both", "su", ""], p=[0.45, 0.15, 0.07, 0.05, 0.28]))
            length = int(rng.integers(1, 10 + int(40 * lean)))
            degree = float(rng.choice([1.0, 1.0, 1.0, 0.5, 0.37]))
            for benefit in {"A": (A,), "K": (K,), "both": (A, K), "su": (SU,), "": ()}[kind]:
                spells.append((person, benefit, week, week + length, degree))
            week += length
        if rng.random() < 0.1:
            left[person] = START + int(rng.integers(150, weeks))
        for _ in range(2):
            if rng.random() < participants:
                investment = str(rng.choice(["net", "job", "kontant"], p=[0.5, 0.3, 0.2]))
                starts.append((person, investment, _start(rng, spells, person, investment)))
    return Town(tuple(spells), tuple(dict.fromkeys(starts)), horizon, left, covariates)


NET_CLOSED = (START + 248, START + 257)


def _start(rng: np.random.Generator, spells: list, person: int, investment: str) -> int:
    """Most start while they receive the benefit; some whenever. Nobody starts in `net` while it is suspended."""
    benefit = K if investment == "kontant" else A
    held = [week for p, b, begin, end, _ in spells if (p, b) == (person, benefit) for week in range(begin, end)]
    held = [week for week in held if START + 190 <= week < START + 310]
    if not held or rng.random() < 0.1:
        held = list(range(START + 150, START + 310))
    if investment == "net":
        held = [week for week in held if not NET_CLOSED[0] <= week <= NET_CLOSED[1]] or [START + 200]
    return int(rng.choice(held))


def relapsing_designs(match_on: tuple[str, ...] = ("age", "sex"), **kwargs: object) -> tuple[StudyDesign, ...]:
    """The three investments of `relapsing_town`."""
    return (
        design_of("net", START + 190, START + 320, closed=(NET_CLOSED,), match_on=match_on, **kwargs),
        design_of("job", START + 200, START + 300, match_on=match_on, **kwargs),
        design_of("kontant", START + 190, START + 320, benefit=K, match_on=match_on, **kwargs),
    )


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


def crowded_town(seed: int, persons: int = 420) -> Town:
    """So many alike that most cells are full: spells of A-dagpenge that begin in a few weeks, age and sex known.

    Older people are more likely to start, in one of two investments, over two quarters.
    """
    rng = np.random.default_rng(seed)
    spells, starts = [], []
    age, sex = {}, {}
    for person in range(1, persons + 1):
        begun = START + 160 + int(rng.integers(0, 13))
        length = int(rng.geometric(0.03))
        spells.append((person, A, begun, begun + length, 1.0))
        if rng.random() < 0.3:
            before = begun - int(rng.integers(10, 80))
            spells.append((person, A, before, before + int(rng.integers(1, 9)), 1.0))
        age[person], sex[person] = float(rng.integers(20, 60)), str(rng.choice(["K", "M"]))
        start = begun + int(rng.integers(2, 14))
        if start < begun + length and rng.random() < age[person] / 150:
            starts.append((person, str(rng.choice(["net", "job"], p=[0.8, 0.2])), start))
    return Town(tuple(spells), tuple(starts), START + 260, {}, {"age": age, "sex": sex})


def crowded_designs(**kwargs: object) -> tuple[StudyDesign, ...]:
    """The two investments of `crowded_town`."""
    return tuple(design_of(key, START + 155, START + 190, match_on=("age", "sex"), **kwargs) for key in ("net", "job"))
