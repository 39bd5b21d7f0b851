"""Logistic regression on counts against R, and the penalised one against its own definition."""

import numpy as np
import pytest

from gevinst.effects.propensity import Factor, FactorFit, Floats, fit_logit, fit_logit_counts, one_hot

AGE = np.array([23, 31, 38, 44, 52, 59] * 2, np.float64)
SEX = np.repeat([0.0, 1.0], 6)
EVENTS = np.array([3, 5, 9, 8, 4, 1, 2, 9, 14, 11, 6, 0], np.float64)
TRIALS = np.array([40, 52, 61, 48, 33, 21, 25, 47, 66, 50, 42, 18], np.float64)
# R 4.2: glm(cbind(events, trials - events) ~ age + sex + I(age^2), binomial, control = glm.control(epsilon = 1e-15)).
# Our design has one column more, a combination of age and sex, which R would drop too.
R_COEFFICIENTS = [-8.17905495646695968, 0.32938288447786479, 0.38635741712346733, 0, -0.00414316112459364]
R_ERRORS = [2.21058057373046379, 0.11214243474806558, 0.26084192091747743, 0, 0.00138845615419423]
R_FITTED = [
    *(0.0575960047840358, 0.1245791616574644, 0.1617546699049967, 0.1535054130108559),
    *(0.0949832712351528, 0.0403952744268786, 0.0825174759895859, 0.1731584568719913),
    *(0.2211680300906082, 0.2106502118400930, 0.1337854501580310, 0.0583347857030369),
]
FACTORS = (Factor("sex", 2), Factor("age band", 5, ordered=True), Factor("town", 4))


def design(age: Floats = AGE, sex: Floats = SEX) -> Floats:
    return np.column_stack([np.ones(len(age)), age, sex, 2 * age - 3 * sex, age**2])


def many_cells() -> tuple[np.ndarray, Floats, Floats]:
    rng = np.random.default_rng(5)
    codes = np.column_stack([rng.integers(0, factor.levels, 300) for factor in FACTORS])
    trials = rng.integers(0, 30, 300)
    share = 1 / (1 + np.exp(2 - 0.4 * codes[:, 1] + 0.6 * codes[:, 0]))
    return codes, rng.binomial(trials, share).astype(np.float64), trials.astype(np.float64)


def test_coefficients_errors_and_fitted_values_are_those_of_r() -> None:
    fit = fit_logit(design(), EVENTS, TRIALS)
    assert fit.converged
    assert fit.dropped == (3,)
    assert fit.coefficients == pytest.approx(R_COEFFICIENTS, rel=1e-10)
    assert fit.standard_errors == pytest.approx(R_ERRORS, rel=1e-10)
    assert fit.fitted == pytest.approx(R_FITTED, rel=1e-10)


def test_a_cell_of_counts_is_as_many_rows_of_persons() -> None:
    took = np.concatenate([np.repeat([1.0, 0.0], [int(e), int(t - e)]) for e, t in zip(EVENTS, TRIALS, strict=True)])
    each = TRIALS.astype(int)
    by_person = fit_logit(design(np.repeat(AGE, each), np.repeat(SEX, each)), took, np.ones(len(took)))
    assert by_person.coefficients == pytest.approx(R_COEFFICIENTS, rel=1e-10)
    assert by_person.standard_errors == pytest.approx(R_ERRORS, rel=1e-10)


def test_separation_is_told_and_a_penalty_settles_it() -> None:
    covariate = np.arange(10.0)
    columns = np.column_stack([np.ones(10), covariate])
    took = (covariate > 4).astype(np.float64)
    assert not fit_logit(columns, took, np.ones(10)).converged
    settled = fit_logit(columns, took, np.ones(10), np.diag([0.0, 1.0]))
    assert settled.converged
    assert np.all(np.diff(settled.fitted) > 0)


def test_a_level_without_events_is_separation_too() -> None:
    columns = np.array([[1.0, 0.0], [1.0, 1.0]])
    assert not fit_logit(columns, np.array([3.0, 0.0]), np.array([9.0, 9.0])).converged


@pytest.mark.parametrize("events", [np.zeros(12), TRIALS])
def test_none_or_all_taking_part_is_told(events: Floats) -> None:
    assert not fit_logit(np.ones((12, 1)), events, TRIALS).converged
    assert not fit_logit_counts(SEX[:, None].astype(int), FACTORS[:1], events, TRIALS).converged


def test_factors_give_the_fit_of_their_written_out_design() -> None:
    codes, events, trials = many_cells()
    quick = fit_logit_counts(codes, FACTORS, events, trials)
    columns, penalty = one_hot(codes, FACTORS)
    full = fit_logit(columns, events, trials, penalty)
    assert quick.converged
    assert full.converged
    assert full.dropped == ()
    assert quick.coefficients == pytest.approx(full.coefficients, rel=1e-9, abs=1e-12)
    assert quick.covariance == pytest.approx(full.covariance, rel=1e-9, abs=1e-12)
    assert quick.fitted == pytest.approx(full.fitted, rel=1e-12)
    assert quick.linear_predictor(codes) == pytest.approx(columns @ full.coefficients, rel=1e-9, abs=1e-12)


def log_posterior(b: Floats, codes: np.ndarray, events: Floats, trials: Floats) -> float:
    """Written from the definition: binomial likelihood, N(0, 1) levels, N(0, 0.5^2) steps."""
    sex, band, town = b[1:3], b[3:8], b[8:12]
    share = 1 / (1 + np.exp(-(b[0] + sex[codes[:, 0]] + band[codes[:, 1]] + town[codes[:, 2]])))
    likelihood = np.sum(events * np.log(share) + (trials - events) * np.log(1 - share))
    prior = -np.sum(sex**2) / 2 - np.sum(town**2) / 2 - np.sum(np.diff(band) ** 2) / (2 * 0.5**2)
    return float(likelihood + prior)


def test_the_penalised_fit_is_the_peak_of_the_posterior_and_its_curvature() -> None:
    codes, events, trials = many_cells()
    fit = fit_logit_counts(codes, FACTORS, events, trials)
    peak = log_posterior(fit.coefficients, codes, events, trials)
    size = 1e-4
    for direction in np.eye(12):
        up = log_posterior(fit.coefficients + size * direction, codes, events, trials)
        down = log_posterior(fit.coefficients - size * direction, codes, events, trials)
        assert up < peak + 1e-9
        assert (up - down) / (2 * size) == pytest.approx(0, abs=1e-5)
    contrast = np.zeros(12)
    contrast[3], contrast[7] = -1, 1  # from the youngest to the oldest
    towards = fit.covariance @ contrast
    towards /= contrast @ towards
    up = log_posterior(fit.coefficients + 0.01 * towards, codes, events, trials)
    down = log_posterior(fit.coefficients - 0.01 * towards, codes, events, trials)
    assert (2 * peak - up - down) / 0.01**2 == pytest.approx(1 / (contrast @ fit.covariance @ contrast), rel=1e-4)


def test_the_height_of_an_ordered_factor_is_left_to_the_intercept() -> None:
    codes, events, trials = many_cells()
    fit = fit_logit_counts(codes, FACTORS, events, trials)
    for levels in (slice(1, 3), slice(3, 8), slice(8, 12)):
        assert fit.coefficients[levels].sum() == pytest.approx(0, abs=1e-12)


def test_a_start_near_by_gives_the_same_fit_sooner() -> None:
    codes, events, trials = many_cells()
    fit = fit_logit_counts(codes, FACTORS, events, trials)
    again = fit_logit_counts(codes, FACTORS, events, trials, start=fit.coefficients)
    assert isinstance(again, FactorFit)
    assert again.iterations < fit.iterations
    assert again.coefficients == pytest.approx(fit.coefficients, rel=1e-10, abs=1e-13)


def test_an_empty_level_of_an_ordered_factor_lies_between_its_neighbours() -> None:
    codes = np.array([[0], [2]])
    fit = fit_logit_counts(codes, (Factor("band", 3, ordered=True),), np.array([10.0, 60.0]), np.array([100.0, 100.0]))
    low, middle, high = fit.coefficients[1:]
    assert middle == pytest.approx((low + high) / 2)
    assert low < high


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        fit_logit(np.ones((1, 1)), np.array([3.0]), np.array([2.0]))
    with pytest.raises(ValueError, match="no trials"):
        fit_logit(np.ones((1, 1)), np.array([0.0]), np.array([0.0]))
    with pytest.raises(ValueError, match="levels of sex"):
        one_hot(np.array([[2]]), FACTORS[:1])
    with pytest.raises(ValueError, match="one column per factor"):
        one_hot(np.array([[0, 0]]), FACTORS[:1])
