"""The balance of covariates from sums, against the persons' values."""

import numpy as np
import pytest

from gevinst.curves.trial_checks import CovariateSums, GroupSums
from gevinst.follow_up.alike import balance_rows, covariate_words, largest_difference
from gevinst.language import speaking


def sums(values: np.ndarray, weights: np.ndarray) -> GroupSums:
    return GroupSums(
        float(weights.sum()),
        float((weights**2).sum()),
        float((weights * values).sum()),
        float((weights * values**2).sum()),
    )


def groups(make) -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(6)
    return [(make(rng, n, shift), rng.uniform(0.5, 2, n) if weighted else np.ones(n))
            for n, shift, weighted in ((40, 1.0, False), (300, 0.0, False), (38, 0.9, False), (200, 0.8, True))]


def test_a_number_is_told_in_the_standard_deviation_of_all_participants() -> None:
    made = groups(lambda rng, n, shift: rng.normal(shift, 2, n))
    (row,) = balance_rows([CovariateSums("age", "", *(sums(*group) for group in made))])
    unit = np.std(made[0][0], ddof=1)
    assert row.before == pytest.approx((made[0][0].mean() - made[1][0].mean()) / unit)
    after = made[2][0].mean() - np.average(made[3][0], weights=made[3][1])
    assert row.after == pytest.approx(after / unit)


def test_a_level_is_told_in_that_of_its_share() -> None:
    made = groups(lambda rng, n, shift: (rng.uniform(size=n) < 0.3 + shift / 5).astype(float))
    (row,) = balance_rows([CovariateSums("sex", "M", *(sums(*group) for group in made))])
    p = made[0][0].mean()
    assert row.before == pytest.approx((p - made[1][0].mean()) / np.sqrt(p * (1 - p)))
    assert largest_difference([row]) == pytest.approx(abs(row.after or 0))


def test_an_empty_group_is_no_row_and_nothing_is_no_difference() -> None:
    nobody = GroupSums(0, 0, 0, 0)
    there = GroupSums(3, 3, 3, 5)
    assert balance_rows([CovariateSums("age", "", there, there, nobody, nobody)]) == ()
    assert largest_difference(()) is None


def test_known_columns_have_words_and_others_their_own_name() -> None:
    with speaking("da"):
        assert covariate_words("health_problem", "0") == "helbredsproblem: nej"
        assert covariate_words("age_at_entry: ikke oplyst", "1") == "alder ved indtræden: ikke oplyst"
        assert covariate_words("afstand_til_job", "3") == "afstand_til_job: 3"
    with speaking("en"):
        assert covariate_words("sex", "M") == "sex: M"
