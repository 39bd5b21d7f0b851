"""The canonical tables of the made-up municipality, from the runs of everybody in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from gevinst.sources.synthetic_calibration import GRID, PUBLISHED, SOURCE
from gevinst.sources.synthetic_joining import Referred, World
from gevinst.sources.synthetic_people import EDUCATION, HEALTH, LABELS, MESS, PLACE, SEX, Ints
from gevinst.sources.synthetic_process import NEVER, Runs
from gevinst.sources.synthetic_rates import A_DAGPENGE
from gevinst.sources.synthetic_spec import SyntheticSpec
from gevinst.sources.synthetic_spells import Spells, dates, day_number, last_days, spells_of, spells_table
from gevinst.weeks import week_of, year_of


def canonical_tables(
    world: World, referred: Mapping[int, Referred], runs: Runs
) -> tuple[dict[str, pa.Table], pa.Array]:
    """The tables by name, and the ids of everybody, empty for those who are not in them.

    `runs` are everybody's as they happened.
    """
    spec = world.spec
    spells = spells_of(world.who, runs)
    seen = _persons_seen(spec, spells)
    ids = _ids(spec.persons, seen)
    tables = {
        "spells": spells_table(spells, ids, spec.data_from, spec.data_to),
        "participants": _participants(world, runs, referred, ids),
        "persons": _persons(world, seen, ids),
        "investments": _investments(spec),
        "suspensions": _suspensions(spec),
        "published_curves": _published_curves(),
    }
    if spec.prices:
        tables["prices"] = _prices(spec)
    if spec.messy:
        tables["spells"] = _with_mess(spec, tables["spells"])
    return tables, ids


def _persons_seen(spec: SyntheticSpec, spells: Spells) -> Ints:
    within = (spells.first <= day_number(spec.data_to)) & (spells.last >= day_number(spec.data_from))
    return np.unique(spells.person[within])


def _ids(persons: int, seen: Ints) -> pa.Array:
    """Ids that nobody can take for a CPR number, in the order of the persons."""
    names = np.full(persons, "", dtype="U8")
    names[seen] = np.char.add("S", np.char.zfill(np.arange(1, len(seen) + 1).astype("U7"), 7))
    return pa.array(names)


def _persons(world: World, seen: Ints, ids: pa.Array) -> pa.Table:
    people, leaves = world.who.people, 7 * world.who.gone[seen]

    def label(covariate: str) -> pa.Array:
        return pa.array(LABELS[covariate]).take(pa.array(people.values[covariate][seen]))

    return pa.table({
        "person_id": ids.take(pa.array(seen)),
        SEX: label(SEX),
        "age_at_entry": pa.array(people.age[seen]),
        EDUCATION: label(EDUCATION),
        "prior_benefit_weeks_2y": pa.array(people.prior_weeks[seen]),
        HEALTH: pa.array(people.values[HEALTH][seen]),
        PLACE: label(PLACE),
        "left_register_date": dates(leaves, leaves > day_number(world.spec.data_to)),
    })


def _participants(world: World, runs: Runs, referred: Mapping[int, Referred], ids: pa.Array) -> pa.Table:
    """Participation ends when it was planned to, with the benefit, with the investment, or at leaving."""
    who, spec = world.who, world.spec
    _, ends = last_days(who, runs)
    persons, investments, starts, stops = [], [], [], []
    for number, group in referred.items():
        investment = spec.investments[number]
        week_in = np.full(len(who.main), NEVER)
        week_in[group.person] = group.week
        holds = (runs.start <= week_in[runs.person]) & (runs.until > week_in[runs.person])
        benefit_ends = np.zeros(len(who.main), np.int64)
        benefit_ends[runs.person[holds]] = ends[holds]
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


def _prices(spec: SyntheticSpec) -> pa.Table:
    years = range(year_of(week_of(spec.data_from)), year_of(week_of(spec.data_to)) + 1)
    rows = [(benefit, year, price) for benefit, price in sorted(spec.prices.items()) for year in years]
    return pa.table({
        "benefit": pa.array([benefit for benefit, _, _ in rows], pa.string()),
        "year": pa.array([year for _, year, _ in rows], pa.int32()),
        "dkk_per_week": pa.array([float(price) for _, _, price in rows], pa.float64()),
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
