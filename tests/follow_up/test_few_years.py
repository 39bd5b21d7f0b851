"""Years in which only a few are followed are counted in the year beside them, and which they are tells nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.few_years import without_years_of_few, years_of_few_notes
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.language import speaking
from tests.follow_up.suppression_town import studied

YEARS = (2019, 2020, 2021, 2022, 2023)


@pytest.fixture(scope="module")
def study(duckdb_backend: Backend) -> Study:
    found = studied(duckdb_backend, 1).found.cases[1].study
    assert found is not None
    return found


def over(effect: EffectReplicates, present: tuple[int, ...]) -> EffectReplicates:
    """The effect as if its weeks were of five years, in which so many were present."""
    shape = (len(effect.actual_weeks), len(YEARS), len(effect.cells))
    weeks = np.arange(np.prod(shape), dtype=float).reshape(shape)
    return replace(effect, years=YEARS, actual_weeks=weeks, counterfactual_weeks=2 * weeks, present=present)


def told(study: Study, present: tuple[int, ...], matched: tuple[int, ...], outside: int) -> Study:
    assert study.matched is not None
    effects = {key: over(one, matched if key == "matched" else present) for key, one in study.effects.items()}
    findings = replace(study.matched, effect=effects["matched"], unmatched=outside)
    return without_years_of_few(replace(study, effects=effects, matched=findings), Rules())


def test_first_and_last_years_of_a_few_are_counted_beside_them(study: Study) -> None:
    found = told(study, (1, 3, 9, 30, 2), (1, 3, 9, 30, 2), 0).effects["target_group"]
    before = over(study.effects["target_group"], (1, 3, 9, 30, 2))
    assert found.years == (2021, 2022)
    assert found.present == (9, 30)
    assert found.withheld == ((2019, 2021), (2020, 2021), (2023, 2022))
    np.testing.assert_array_equal(found.actual_weeks[:, 0], before.actual_weeks[:, :3].sum(axis=1))
    np.testing.assert_array_equal(found.counterfactual_weeks[:, 1], before.counterfactual_weeks[:, 3:].sum(axis=1))


def test_the_whole_is_as_it_was(study: Study) -> None:
    found = told(study, (0, 3, 9, 4, 2), (0, 3, 9, 4, 2), 0).effects["matched"]
    assert found.years == (2019, 2021)
    assert found.actual_weeks.sum() == over(found, ()).actual_weeks.sum()


def test_where_every_year_is_of_a_few_there_is_none(study: Study) -> None:
    found = told(study, (4,) * 5, (4,) * 5, 0)
    assert found.effects["target_group"].years == ()
    with speaking("da"):
        assert years_of_few_notes("2", found) == (
            "Investering 2: kun få deltagere er fulgt i et år, og det vises ikke for sig selv: intet år er vist.",)
    with speaking("en"):
        assert years_of_few_notes("2", told(study, (1, 9, 9, 9, 9), (1, 9, 9, 9, 9), 0)) == (
            "Investment 2: only few participants are followed in a year, and it is not shown by itself: 2019 is "
            "counted in 2020.",)


@pytest.mark.parametrize("outside", [1, 2, 3, 4])
def test_which_years_matched_has_does_not_tell_who_is_like_nobody(study: Study, outside: int) -> None:
    """5 to 8 present may be 1 to 4 in the effect, whatever they are; 9 are at least 5."""
    for away in range(outside + 1):
        present = (5, 8, 9, 30, 40)
        found = told(study, present, tuple(n - away for n in present), outside)
        assert found.effects["matched"].years == (2021, 2022, 2023)
        assert found.effects["target_group"].years == YEARS
        assert found.matched is not None
        assert found.matched.effect.years == found.effects["matched"].years


def test_an_effect_whose_years_were_not_counted_stays_as_it_is(study: Study) -> None:
    assert told(study, (), (), 0).effects["target_group"].years == YEARS


def test_who_is_present_is_counted_as_in_the_register(duckdb_backend: Backend) -> None:
    waits = studied(duckdb_backend, 1, second_waits=True)
    main = waits.found.cases[1].effect
    assert main is not None
    assert [year for year, _ in main.withheld] == [2020]
