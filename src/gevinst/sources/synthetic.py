"""A made-up municipality whose true effects are known: the canonical files, and the truth behind them.

It serves the demonstration, and it is the instrument every estimator is tested against: `write_register` returns
what the files cannot show, each participant's weeks on benefit with and without the investment. Nobody in it
exists. How it is made, and what it is not: `docs/method/synthetic.md`.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     truth = write_register(Path(folder), SyntheticSpec(persons=2_000))
...     sorted(path.name for path in Path(folder).iterdir())
['investments.csv', 'participants.csv', 'persons.csv', 'published_curves.csv', 'spells.csv', 'suspensions.csv']
>>> truth.of("smaajob").participants > 0
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from gevinst.sources.synthetic_calibration import GRID, PUBLISHED, SOURCE
from gevinst.sources.synthetic_people import EDUCATION, HEALTH, MESS, PLACE, SEX, Floats, Ints
from gevinst.sources.synthetic_process import NEVER, Inhabitants, Runs, draw_inhabitants, simulate
from gevinst.sources.synthetic_rates import A_DAGPENGE, KONTANTHJAELP, RESSOURCEFORLOEB, SYGEDAGPENGE
from gevinst.sources.synthetic_referrals import Referred, Suspended, SyntheticInvestment, refer
from gevinst.sources.synthetic_spells import (
    Spells,
    dates,
    day_number,
    last_days,
    spells_of,
    spells_table,
    weeks_on,
)
from gevinst.weeks import week_of

HORIZONS = (26, 52, 104)  # weeks from the start of participation that the truth is told for
INVESTMENTS = (
    SyntheticInvestment("koordineret-indsats", KONTANTHJAELP, 60, 52, 990.0, 0.15,
                        referrals_to=date(2021, 4, 28), stopped=date(2021, 5, 18)),
    SyntheticInvestment("intensiveret-indsats", KONTANTHJAELP, 40, 26, 860.0, 0.30, min_spell_weeks=52),
    SyntheticInvestment("smaajob", A_DAGPENGE, 184, 26, 25.0, 0.20),
    SyntheticInvestment("jobsoegningsnetvaerk", A_DAGPENGE, 40, 13, 120.0, 0.25),
)
SUSPENSIONS = (Suspended(date(2020, 3, 11), date(2020, 5, 26)), Suspended(date(2020, 12, 9), date(2021, 4, 15)))
MIX = {A_DAGPENGE: 0.46, KONTANTHJAELP: 0.10, SYGEDAGPENGE: 0.38, RESSOURCEFORLOEB: 0.06}


@dataclass(frozen=True)
class SyntheticSpec:
    """What the municipality is like. The same spec gives the same bytes.

    `persons` are drawn; those who never received a benefit within the period (about one in ten) are not in the
    files. `mix` is the
    share of persons by main benefit. `effect_scale` multiplies every investment's effect (0: no effect at all).
    `creaming` is the power of the prospects that referral goes by (0: at random). `messy` adds some duplicate
    and some overlapping rows.
    """

    seed: int = 1
    persons: int = 13_500
    data_from: date = date(2016, 1, 4)
    data_to: date = date(2021, 10, 31)
    mix: Mapping[str, float] = field(default_factory=lambda: dict(MIX))
    investments: tuple[SyntheticInvestment, ...] = INVESTMENTS
    suspensions: tuple[Suspended, ...] = SUSPENSIONS
    effect_scale: float = 1.0
    creaming: float = 1.5
    messy: bool = False
    file_format: Literal["csv", "parquet"] = "csv"


@dataclass(frozen=True)
class InvestmentTruth:
    """What an investment really did. Arrays are `[participant]`, in the order of `person_ids`.

    Weeks saved are weeks on the benefit (`same`) or on any public support (`any`) without the investment less
    those with it, in so many weeks from the start of participation; they look past the end of the data.
    `counterfactual_spells` are the participants' spells as they would stand in the file without the investment.
    """

    key: str
    exit_hazard_increase: float
    person_ids: tuple[str, ...]
    start_week: Ints
    saved_same: Mapping[int, Floats]
    saved_any: Mapping[int, Floats]
    counterfactual_spells: pa.Table

    @property
    def participants(self) -> int:
        """How many took part."""
        return len(self.person_ids)

    def weeks_saved(self, weeks: int, *, any_support: bool = False) -> float:
        """True weeks saved per participant over 26, 52 or 104 weeks: the effect on those who took part."""
        return float(np.mean((self.saved_any if any_support else self.saved_same)[weeks]))


@dataclass(frozen=True)
class Truth:
    """What the files cannot show."""

    investments: tuple[InvestmentTruth, ...]

    def of(self, key: str) -> InvestmentTruth:
        """The investment with this key; `KeyError` if there is none."""
        return {truth.key: truth for truth in self.investments}[key]


def write_register(folder: Path, spec: SyntheticSpec) -> Truth:
    """Write the canonical files of the municipality to `folder`, and return the truth about its investments."""
    folder.mkdir(parents=True, exist_ok=True)
    last_week = week_of(spec.data_to)
    who = draw_inhabitants(spec.seed, spec.persons, dict(spec.mix), last_week)
    until = last_week + max(HORIZONS) + 1
    without = _without_effect(who, until, np.arange(spec.persons))
    referred = refer(who, without, spec.investments, spec.suspensions, spec.data_to, spec.creaming)
    persons, weeks, effects = _treatment(spec, referred)
    treated = simulate(who, until, persons, weeks, effects)
    untouched = np.ones(spec.persons, bool)
    untouched[persons] = False
    spells = _merged(spells_of(who, without.take(untouched[without.person])), spells_of(who, treated))
    seen = _persons_seen(spec, spells)
    ids = _ids(spec.persons, seen)
    tables = {
        "spells": spells_table(spells, ids, spec.data_from, spec.data_to),
        "participants": _participants(spec, who, treated, referred, ids),
        "persons": _persons(spec, who, seen, ids),
        "investments": _investments(spec),
        "suspensions": _suspensions(spec),
        "published_curves": _published_curves(),
    }
    if spec.messy:
        tables["spells"] = _with_mess(spec, tables["spells"])
    for name, table in tables.items():
        _write(folder, name, table, spec.file_format)
    return Truth(tuple(
        _truth(spec, who, investment, people, without, treated, ids)
        for investment, people in zip(spec.investments, referred, strict=True)
    ))


def without_effect(spec: SyntheticSpec) -> SyntheticSpec:
    """The same municipality, the same referrals, and investments that do nothing."""
    return replace(spec, effect_scale=0.0)


def _without_effect(who: Inhabitants, until: int, persons: Ints) -> Runs:
    return simulate(who, until, persons, np.full(len(persons), NEVER), np.zeros(len(persons)))


def _treatment(spec: SyntheticSpec, referred: tuple[Referred, ...]) -> tuple[Ints, Ints, Floats]:
    """All participants, the week each starts, and the effect on each; sorted by person."""
    person = np.concatenate([np.zeros(0, np.int64), *(group.person for group in referred)])
    week = np.concatenate([np.zeros(0, np.int64), *(group.week for group in referred)])
    size = [len(group.person) for group in referred]
    effect = np.repeat([i.exit_hazard_increase * spec.effect_scale for i in spec.investments], size)
    order = np.argsort(person, kind="stable")
    return person[order], week[order], effect[order]


def _merged(one: Spells, other: Spells) -> Spells:
    both = Spells(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))
    order = np.lexsort((both.first, both.person))
    return Spells(*(column[order] for column in both))


def _persons_seen(spec: SyntheticSpec, spells: Spells) -> Ints:
    within = (spells.first <= day_number(spec.data_to)) & (spells.last >= day_number(spec.data_from))
    return np.unique(spells.person[within])


def _ids(persons: int, seen: Ints) -> pa.Array:
    """Ids that nobody can take for a CPR number, in the order of the persons."""
    names = np.full(persons, "", dtype="U8")
    names[seen] = np.char.add("S", np.char.zfill(np.arange(1, len(seen) + 1).astype("U7"), 7))
    return pa.array(names)


def _persons(spec: SyntheticSpec, who: Inhabitants, seen: Ints, ids: pa.Array) -> pa.Table:
    people, leaves = who.people, 7 * who.gone[seen]
    at = pa.array(seen)
    return pa.table({
        "person_id": ids.take(at),
        SEX: pa.array(people.label(SEX)).take(at),
        "age_at_entry": pa.array(people.age[seen]),
        EDUCATION: pa.array(people.label(EDUCATION)).take(at),
        "prior_benefit_weeks_2y": pa.array(people.prior_weeks[seen]),
        HEALTH: pa.array(people.values[HEALTH][seen]),
        PLACE: pa.array(people.label(PLACE)).take(at),
        "left_register_date": dates(leaves, leaves > day_number(spec.data_to)),
    })


def _participants(
    spec: SyntheticSpec, who: Inhabitants, treated: Runs, referred: tuple[Referred, ...], ids: pa.Array
) -> pa.Table:
    """Participation ends when it was planned to, with the benefit, with the investment, or at leaving."""
    _, ends = last_days(who, treated)
    persons, investments, starts, stops = [], [], [], []
    for investment, group in zip(spec.investments, referred, strict=True):
        week_in = np.full(len(who.main), NEVER)
        week_in[group.person] = group.week
        holds = (treated.start <= week_in[treated.person]) & (treated.until > week_in[treated.person])
        benefit_ends = np.zeros(len(who.main), np.int64)
        benefit_ends[treated.person[holds]] = ends[holds]
        last = np.minimum(benefit_ends[group.person], 7 * (group.week + investment.planned_weeks) - 1)
        last = np.minimum(last, 7 * who.gone[group.person] - 1)
        persons.append(group.person)
        investments += [investment.key] * len(group.person)
        starts.append(7 * group.week)
        stops.append(last if investment.stopped is None else np.minimum(last, day_number(investment.stopped)))
    nobody = np.zeros(0, np.int64)
    last_day = np.concatenate([nobody, *stops])
    return pa.table({
        "person_id": ids.take(pa.array(np.concatenate([nobody, *persons]))),
        "investment": pa.array(investments, pa.string()),
        "start_date": dates(np.concatenate([nobody, *starts])),
        "end_date": dates(last_day, last_day > day_number(spec.data_to)),
    })


def _investments(spec: SyntheticSpec) -> pa.Table:
    every = spec.investments
    return pa.table({
        "investment": pa.array([i.key for i in every], pa.string()),
        "target_benefit": pa.array([i.benefit for i in every], pa.string()),
        "min_spell_weeks": pa.array([i.min_spell_weeks for i in every], pa.int32()),
        "referrals_from": pa.array([i.referrals_from for i in every], pa.date32()),
        "referrals_to": pa.array([i.referrals_to for i in every], pa.date32()),
        "planned_weeks": pa.array([i.planned_weeks for i in every], pa.int32()),
        "dkk_per_participant_week": pa.array([i.dkk_per_participant_week for i in every], pa.float64()),
    })


def _suspensions(spec: SyntheticSpec) -> pa.Table:
    return pa.table({
        "from_date": pa.array([s.start for s in spec.suspensions], pa.date32()),
        "to_date": pa.array([s.end for s in spec.suspensions], pa.date32()),
        "investment": pa.array([s.investment or None for s in spec.suspensions], pa.string()),
    })


def _published_curves() -> pa.Table:
    rows = [(cohort, week, share) for cohort, row in PUBLISHED.items() for week, share in zip(GRID, row, strict=False)]
    return pa.table({
        "benefit": pa.array([A_DAGPENGE] * len(rows)),
        "definition": pa.array(["with_relapse"] * len(rows)),
        "cohort": pa.array([cohort for cohort, _, _ in rows]),
        "week": pa.array([week for _, week, _ in rows], pa.int32()),
        "share_pct": pa.array([share for _, _, share in rows], pa.float64()),
        "source": pa.array([SOURCE] * len(rows)),
    })


def _with_mess(spec: SyntheticSpec, spells: pa.Table) -> pa.Table:
    """Append some rows twice, and some once more a week later, so that they overlap themselves."""
    luck = np.random.Generator(np.random.PCG64([spec.seed, MESS])).random(spells.num_rows)
    twice = spells.filter(pa.array(luck < 0.002))
    ended = np.asarray(spells["end_date"].is_valid())
    late = spells.filter(pa.array((luck > 0.998) & ended))
    week_later = [pa.array(np.asarray(late[name].cast(pa.int32())) + 7).cast(pa.date32())
                  for name in ("start_date", "end_date")]
    late = late.set_column(2, "start_date", week_later[0]).set_column(3, "end_date", week_later[1])
    return pa.concat_tables([spells, twice, late])


def _truth(
    spec: SyntheticSpec, who: Inhabitants, investment: SyntheticInvestment, group: Referred,
    without: Runs, treated: Runs, ids: pa.Array,
) -> InvestmentTruth:
    theirs = np.zeros(len(who.main), bool)
    theirs[group.person] = True
    pair = (without.take(theirs[without.person]), treated.take(theirs[treated.person]))

    def saved(weeks: int, any_support: bool) -> Floats:
        off, on = (weeks_on(who, runs, group.person, group.week, weeks, any_support=any_support) for runs in pair)
        difference: Floats = off - on
        return difference

    return InvestmentTruth(
        investment.key,
        investment.exit_hazard_increase * spec.effect_scale,
        tuple(ids.take(pa.array(group.person)).to_pylist()),
        group.week,
        {weeks: saved(weeks, False) for weeks in HORIZONS},
        {weeks: saved(weeks, True) for weeks in HORIZONS},
        spells_table(spells_of(who, pair[0]), ids, spec.data_from, spec.data_to),
    )


def _write(folder: Path, name: str, table: pa.Table, file_format: str) -> None:
    if file_format == "parquet":
        pq.write_table(table, folder / f"{name}.parquet")
    else:
        pcsv.write_csv(table, folder / f"{name}.csv", pcsv.WriteOptions(quoting_style="needed"))
