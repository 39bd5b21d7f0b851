"""What the files of the made-up municipality cannot show: both potential outcomes of every participant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gevinst.sources.synthetic_joining import Referred, World, runs_with, treatment
from gevinst.sources.synthetic_people import Flags, Floats, Ints
from gevinst.sources.synthetic_process import Runs
from gevinst.sources.synthetic_spec import SyntheticInvestment
from gevinst.sources.synthetic_spells import spells_of, spells_table, weeks_on
from gevinst.weeks import last_complete_week

HORIZONS = (26, 52, 104)  # weeks from the start of participation that the truth is told for


@dataclass(frozen=True)
class BothWays:
    """Whether each participant is on benefit in week 0, 1, ... 103 since her start: `[participant, week]`."""

    without: Flags
    with_it: Flags

    def saved(self, weeks: int) -> Floats:
        """Weeks saved by each participant in the first `weeks` weeks, `[participant]`."""
        difference: Floats = np.sum(self.without[:, :weeks], axis=1) - np.sum(self.with_it[:, :weeks], axis=1)
        return difference.astype(np.float64)


@dataclass(frozen=True)
class InvestmentTruth:
    """What an investment really did. Arrays are `[participant]`, in the order of `person_ids`.

    Weeks saved are weeks on the benefit (`same`) or on any public support (`any`) without the investment less
    those with it, in so many weeks from the start of participation; they look past the end of the data.
    `seen_weeks` are the weeks since the start, the first included, that the data reach.
    `counterfactual_spells` are the participants' spells as they would stand in the file without the investment.
    What else they take part in they take part in both ways.
    """

    key: str
    exit_hazard_increase: float
    person_ids: tuple[str, ...]
    start_week: Ints
    seen_weeks: Ints
    on_same: BothWays
    on_any: BothWays
    counterfactual_spells: pa.Table

    @property
    def participants(self) -> int:
        """How many took part."""
        return len(self.person_ids)

    @property
    def saved_same(self) -> Mapping[int, Floats]:
        """Weeks of the benefit that each participant saved, over 26, 52 and 104 weeks."""
        return {weeks: self.on_same.saved(weeks) for weeks in HORIZONS}

    @property
    def saved_any(self) -> Mapping[int, Floats]:
        """Weeks of any public support that each participant saved, over 26, 52 and 104 weeks."""
        return {weeks: self.on_any.saved(weeks) for weeks in HORIZONS}

    def weeks_saved(self, weeks: int, *, any_support: bool = False) -> float:
        """True weeks saved per participant over at most 104 weeks: the effect on those who took part."""
        return float(np.mean(self._paths(any_support).saved(weeks)))

    def weeks_saved_seen(self, weeks: int, *, any_support: bool = False) -> float:
        """True weeks saved per participant over at most 104 weeks, from what the data can show.

        The sum over the weeks of the mean effect among the participants whom the data follow that far; the same as
        `weeks_saved` where the data follow everybody. Weeks that nobody is followed to add nothing.
        """
        paths = self._paths(any_support)
        seen = np.arange(weeks) < self.seen_weeks[:, None]
        effect = paths.without[:, :weeks].astype(np.float64) - paths.with_it[:, :weeks]
        return float(np.sum(np.sum(effect * seen, axis=0) / np.maximum(np.sum(seen, axis=0), 1)))

    def _paths(self, any_support: bool) -> BothWays:
        return self.on_any if any_support else self.on_same


@dataclass(frozen=True)
class Truth:
    """What the files cannot show.

    `counterfactual_spells` are the spells of everybody who took part in anything, had there been no investment at
    all. `hidden_trait` holds the ids of those in the files who have it.
    """

    investments: tuple[InvestmentTruth, ...]
    counterfactual_spells: pa.Table
    hidden_trait: frozenset[str]

    def of(self, key: str) -> InvestmentTruth:
        """The investment with this key; `KeyError` if there is none."""
        return {truth.key: truth for truth in self.investments}[key]


def truth_of(world: World, referred: Mapping[int, Referred], treated: Runs, ids: pa.Array) -> Truth:
    """The truth, from the runs of the participants with what they take part in.

    `ids` are everybody's, empty for those who are not in the files.
    """
    everyone, _ = treatment(world.spec, referred)
    twice = sum(len(group.person) for group in referred.values()) > len(everyone)
    investments = []
    for number, group in referred.items():
        # Whoever takes part in one investment only is, without it, as she is without any.
        without = runs_with(world, referred, leave_out=number) if twice else world.runs
        investments.append(_one(world, world.spec.investments[number], group, without, treated, ids))
    trait = ids.filter(pa.array(world.who.people.hidden)).to_pylist()
    spells = _spells(world, everyone, world.runs, ids)
    return Truth(tuple(investments), spells, frozenset(one for one in trait if one))


def _one(
    world: World, investment: SyntheticInvestment, group: Referred, without: Runs, treated: Runs, ids: pa.Array
) -> InvestmentTruth:
    def paths(any_support: bool) -> BothWays:
        worlds = (_of(world, group.person, runs) for runs in (without, treated))
        return BothWays(*(
            weeks_on(world.who, runs, group.person, group.week, max(HORIZONS), any_support=any_support)
            for runs in worlds
        ))

    return InvestmentTruth(
        investment.key,
        investment.exit_hazard_increase * world.spec.effect_scale,
        tuple(ids.take(pa.array(group.person)).to_pylist()),
        group.week,
        np.maximum(last_complete_week(world.spec.data_to) + 1 - group.week, 0),
        paths(False),
        paths(True),
        _spells(world, group.person, without, ids),
    )


def _spells(world: World, persons: Ints, runs: Runs, ids: pa.Array) -> pa.Table:
    theirs = spells_of(world.who, _of(world, persons, runs))
    return spells_table(theirs, ids, world.spec.data_from, world.spec.data_to)


def _of(world: World, persons: Ints, runs: Runs) -> Runs:
    """The runs of these persons."""
    theirs = np.zeros(len(world.who.main), bool)
    theirs[persons] = True
    return runs.take(theirs[runs.person])
