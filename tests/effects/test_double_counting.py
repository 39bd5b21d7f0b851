"""A person-week saved is credited once: to the first investment, or in halves, and the sum is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from gevinst.analyst import supporting_benefits
from gevinst.backend import open_duckdb
from gevinst.cohorts.paid_weeks import paid_weeks
from gevinst.cohorts.prepare import prepare
from gevinst.effects.design import StudyDesign
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.replicates import weights
from gevinst.effects.study import Study, study_investments
from gevinst.parameters.benefits import benefits
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.sources.synthetic import SyntheticInvestment, SyntheticSpec, simulate_register
from gevinst.sources.synthetic_tables import write_stored

FIRST, LAST = date(2020, 2, 3), date(2021, 6, 30)
INVESTMENTS = tuple(
    SyntheticInvestment(key, "a-dagpenge", 1, 13, 100.0, 0.3, wanted_participants=150, referrals_to=LAST)
    for key in ("alfa", "beta")
)
DESIGNS = tuple(StudyDesign(one.key, one.benefit, FIRST, LAST) for one in INVESTMENTS)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PersonTables]:
    spec = SyntheticSpec(persons=4_000, seed=11, investments=INVESTMENTS, suspensions=(), share_in_two=0.5)
    folder: Path = tmp_path_factory.mktemp("two")
    tables, _ = simulate_register(spec)
    write_stored(folder, tables, spec.seed)
    backend = open_duckdb(threads=1)
    yield open_person_tables(folder, backend, horizon=spec.data_to)
    backend.close()


def studied(town: PersonTables, rule: str) -> dict[str, Study]:
    prepared = prepare(town, any_support=supporting_benefits())
    designs = [replace(design, double_counting=rule) for design in DESIGNS]
    return study_investments(designs, prepared, paid_weeks(town, benefits()), weights(20, 1))


def total(effects: list[EffectReplicates], side: str) -> np.ndarray:
    return sum(getattr(effect, side).sum(axis=(1, 2)) for effect in effects)


def test_half_of_what_comes_after_the_second_start_is_the_second_investments(town: PersonTables) -> None:
    first, split = studied(town, "first"), studied(town, "split")
    twice = sum(study.left_out["credited_elsewhere"] for study in first.values())
    assert twice > 20
    for side in ("actual_weeks", "counterfactual_weeks"):
        whole = total([study.effects["matched"] for study in first.values()], side)
        halves = total([study.effects["matched"] for study in split.values()], side)
        np.testing.assert_allclose(halves, whole, rtol=1e-9)
        for key in ("alfa", "beta"):
            lent = list(split[key].matched.lent.values())
            assert [set(split[key].matched.lent)] == [{"alfa", "beta"} - {key}]
            assert 0 < total(lent, side)[0] < total([first[key].effects["matched"]], side)[0]


def test_weeks_saved_per_participant_do_not_depend_on_who_is_credited(town: PersonTables) -> None:
    first, split = studied(town, "first"), studied(town, "split")
    for key in ("alfa", "beta"):
        np.testing.assert_array_equal(
            first[key].effects["matched"].weeks_saved, split[key].effects["matched"].weeks_saved
        )
