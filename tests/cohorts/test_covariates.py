"""Covariates in bands: numbers, texts, missing values, and columns that say nothing or too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gevinst.backend import Backend
from gevinst.cohorts.covariates import (
    BAND_EDGES,
    ELAPSED_EDGES,
    PRIOR_COARSE,
    PRIOR_EDGES,
    Covariate,
    banded,
    check_covariates,
    covariates_of,
    fine_bands,
)
from gevinst.cohorts.histories import Histories
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, speaking
from tests.effects.matched_engine import opened, studied
from tests.effects.matched_reference import Slow
from tests.town import crowded_designs, crowded_town


@pytest.fixture(scope="module")
def bare(duckdb_backend: Backend) -> Histories:
    """Histories of whoever; only persons and covariates are read here."""
    return opened(crowded_town(9, 40), crowded_designs(), duckdb_backend).histories


With = Callable[..., tuple[Covariate, ...]]


@pytest.fixture
def covariates(bare: Histories) -> With:
    """`covariates({"x": values})`: those of persons 0 to n-1, of whom the `listed` are in the file."""

    def of(columns: dict[str, list[object]], listed: list[int] | None = None, **kwargs: int) -> tuple[Covariate, ...]:
        known = list(range(len(next(iter(columns.values()))))) if listed is None else listed
        table = pa.table({"person": pa.array(known, pa.int64()), **{name: pa.array(v) for name, v in columns.items()}})
        persons = replace(bare, person=np.arange(max(known) + 1), covariates=table)
        return covariates_of(persons, tuple(columns), **kwargs)

    return of


@pytest.fixture
def one(covariates: With) -> Callable[..., Covariate]:
    """The single covariate that a column gives."""

    def of(values: list[object], **kwargs: int) -> Covariate:
        (found,) = covariates({"x": values}, **kwargs)
        return found

    return of


def test_a_number_is_cut_into_bands_of_equal_size(one) -> None:
    found = one([float(x) for x in range(100)], bands=10)
    assert found.fine.tolist() == [x // 10 for x in range(100)]
    assert found.coarse.tolist() == [x // 25 for x in range(100)]
    assert (found.fine_levels, found.coarse_levels, found.ordered) == (10, 4, True)
    assert found.values is not None
    assert found.values.tolist() == list(range(100))


def test_bands_depend_on_the_values_and_not_on_their_order(one) -> None:
    rng = np.random.default_rng(1)
    values = rng.gamma(2, 10, 500).round(1)
    order = rng.permutation(500)
    plain, mixed = one(values.tolist()), one(values[order].tolist())
    assert plain.fine[order].tolist() == mixed.fine.tolist()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.integers(-5, 60), min_size=1, max_size=80), bands=st.integers(2, 20))
def test_bands_are_ordered_as_the_values_and_equal_values_share_one(one, values: list[int], bands: int) -> None:
    found = one([float(value) for value in values], bands=bands)
    for levels, codes in ((found.fine_levels, found.fine), (found.coarse_levels, found.coarse)):
        assert 0 <= codes.min() <= codes.max() < levels
        by_value: dict[int, int] = {}
        for value, code in sorted(zip(values, codes.tolist(), strict=True)):
            assert by_value.setdefault(value, code) == code
        assert list(by_value.values()) == sorted(by_value.values())
    assert len(set(found.fine.tolist())) >= min(2, len(set(values)))


def test_few_values_are_taken_one_by_one(one) -> None:
    found = one([3, 1, 2, 1, 3])
    assert found.fine.tolist() == found.coarse.tolist() == [2, 0, 1, 0, 2]
    assert (found.labels, found.ordered) == (("1", "2", "3"), True)
    two = one([0.0, 1.0, 1.0])
    assert (two.fine_levels, two.ordered, two.labels) == (2, False, ("0", "1"))


def test_a_missing_number_lies_in_the_middle_and_is_a_covariate_of_its_own(covariates) -> None:
    number, missing = covariates({"x": [1.0, None, float("nan"), 9.0, 5.0]})
    assert number.fine.tolist() == [0, 1, 1, 2, 1]
    assert missing.fine.tolist() == [0, 1, 1, 0, 0]
    assert missing.column == "x"
    with speaking("da"):
        assert covariates({"x": [1.0, None]})[1].name == "x: ikke oplyst"
    with speaking("en"):
        assert covariates({"x": [1.0, None]})[1].name == "x: not given"


def test_a_number_nobody_has_says_only_that_it_is_missing(covariates) -> None:
    (found,) = covariates({"x": [float("nan"), float("nan")]})
    assert found.fine.tolist() == [1, 1]
    assert found.fine_levels == 2


def test_infinity_is_no_number(covariates) -> None:
    number, missing = covariates({"x": [1.0, float("inf"), 2.0, float("-inf")]})
    assert missing.fine.tolist() == [0, 1, 0, 1]
    assert set(number.fine.tolist()) == {0, 1}


def test_a_text_is_taken_value_by_value_and_empty_is_a_value(one) -> None:
    with speaking("en"):
        found = one(["b", "a", None, "b", ""])
    assert found.labels == ("not given", "a", "b")
    assert found.fine.tolist() == [2, 1, 0, 2, 0]
    assert (found.values, found.ordered) == (None, False)


def test_one_value_is_one_level(one) -> None:
    assert one(["a", "a", "a"]).fine_levels == 1
    assert one([7.0, 7.0]).fine_levels == 1


def test_a_thousand_texts_are_one_other(one) -> None:
    """So are those that fewer than one in 200 have."""
    common = ["common"] * 500
    with speaking("en"):
        found = one([*common, *(f"rare {x}" for x in range(1000))])
    assert found.labels == ("common", "other")
    assert Counter(found.fine.tolist()) == {0: 500, 1: 1000}
    with speaking("da"):
        assert one([*common, *(f"rare {x}" for x in range(1000))]).labels[1] == "andet"


def test_a_thousand_numbers_are_twenty_bands(one) -> None:
    found = one([float(x) for x in range(1000)])
    assert (found.fine_levels, found.coarse_levels) == (20, 4)


def test_persons_who_are_not_in_the_file_are_missing(covariates) -> None:
    columns: dict[str, list[object]] = {"x": [1.0, 2.0], "y": ["a", "b"]}
    number, missing, text = covariates(columns, listed=[0, 2])
    assert missing.fine.tolist() == [0, 1, 0]
    assert number.fine[1] in (0, 1)
    assert text.fine.tolist() == [1, 0, 2]


def test_without_a_persons_file_there_are_none(bare: Histories) -> None:
    assert covariates_of(replace(bare, covariates=None), ()) == ()


def test_a_column_that_is_not_there_is_said_in_both_languages() -> None:
    check_covariates(("age",), ("age", "sex"))
    with pytest.raises(GevinstError) as fault:
        check_covariates(("age", "height"), ("age", "sex"))
    assert fault.value.code == "effect.unknown-covariate"
    for language in LANGUAGES:
        text = str(fault.value.message(language))
        assert "height" in text
        assert "age, sex" in text


def test_the_bands_of_weeks_are_those_of_the_method_page() -> None:
    assert banded(np.array([0, 4, 5, 13, 14, 26, 27, 52, 53, 104, 105, 900]), BAND_EDGES).tolist() == [
        0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
    ]  # fmt: skip
    assert set(BAND_EDGES) <= set(ELAPSED_EDGES)  # a fine band lies within one broad
    assert set(PRIOR_COARSE) <= set(PRIOR_EDGES)
    assert banded(np.array([0, 26, 27, 52, 53, 78, 79, 104]), PRIOR_COARSE).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_more_participants_bear_finer_bands() -> None:
    found = [fine_bands(participants) for participants in (0, 20, 100, 400, 800, 100_000)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (4, 20)


@pytest.mark.parametrize("kind", ["missing", "text", "one value", "thousand", "nan"])
def test_a_study_matches_on_columns_of_every_kind(duckdb_backend: Backend, kind: str) -> None:
    """Nobody is left out because a covariate is missing, and a column that says nothing changes nothing."""
    plain = crowded_town(2, 200)
    age = plain.covariates["age"]
    column: dict[int, object] = {
        "missing": {person: value for person, value in age.items() if person % 3},
        "text": {person: f"{str(value)[0]}0s" for person, value in age.items()},
        "one value": dict.fromkeys(age, 1.0),
        "thousand": {person: f"v{person}" for person in age},
        "nan": {person: float("nan") if person % 5 == 0 else value for person, value in age.items()},
    }[kind]
    town = replace(plain, covariates={"x": column})
    design = replace(crowded_designs()[0], match_on=("x",))
    findings = studied(town, [design], duckdb_backend, np.ones((1, 200)))["net"]
    assert findings.effect.participants + findings.unmatched == len(Slow(town).starters(design))
    assert np.isfinite(findings.effect.weeks_saved[0])
    groups = [sums for row in findings.balance for sums in (row.participants, row.pool, row.matched_comparison)]
    assert all(np.isfinite([sums.weight, sums.total, sums.squares]).all() for sums in groups)
    if kind == "one value":
        without = studied(town, [replace(design, match_on=())], duckdb_backend, np.ones((1, 200)))["net"]
        assert findings.effect.weeks_saved[0] == pytest.approx(without.effect.weeks_saved[0])
        assert findings.by_step == without.by_step
