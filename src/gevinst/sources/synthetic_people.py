"""Who lives in the made-up municipality: background, and what it does to the weekly rates.

Every covariate takes a few values with stated probabilities, and multiplies the rate of leaving a benefit and
the rate of coming back to it. Because the values are few, `classes` can list everybody there is, and
`sources/synthetic_calibration.py` can reckon with them exactly instead of drawing them.

All draws are uniform numbers from PCG64 under a key (seed, purpose, number), so a person's draw does not depend
on what was drawn before it, and both of her potential outcomes can use the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.sources.synthetic_spec import HiddenTrait, SyntheticSpec

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SEX, AGE, EDUCATION, HEALTH, PRIOR, PLACE = "sex", "age", "education", "health_problem", "prior", "municipality"
LABELS: Mapping[str, tuple[str, ...]] = {
    SEX: ("K", "M"),
    AGE: ("18-29", "30-49", "50-64"),
    EDUCATION: ("grundskole", "faglaert", "kmvu", "lvu"),
    HEALTH: ("0", "1"),
    PRIOR: ("0-12", "13-51", "52-104"),  # weeks on any benefit in the two years before the first spell
    PLACE: ("901", "902"),  # not in use for any Danish municipality
}
LEAVE: Mapping[str, tuple[float, ...]] = {
    SEX: (0.97, 1.03),
    AGE: (1.20, 1.00, 0.80),
    EDUCATION: (0.85, 1.05, 1.10, 1.10),
    HEALTH: (1.00, 0.65),
    PRIOR: (1.15, 1.00, 0.75),
    PLACE: (1.00, 0.95),
}
COME_BACK: Mapping[str, tuple[float, ...]] = {
    SEX: (1.0, 1.0),
    AGE: (1.0, 1.0, 1.0),
    EDUCATION: (1.15, 1.00, 0.90, 0.90),
    HEALTH: (1.0, 1.0),
    PRIOR: (0.90, 1.00, 1.25),
    PLACE: (1.0, 1.0),
}
SHARE: Mapping[str, Floats] = {  # HEALTH by age, PRIOR by health: those with health problems are older, and longer out
    SEX: np.array([[0.49, 0.51]]),
    AGE: np.array([[0.28, 0.42, 0.30]]),
    EDUCATION: np.array([[0.34, 0.40, 0.18, 0.08]]),
    HEALTH: np.array([[0.85, 0.15], [0.75, 0.25], [0.60, 0.40]]),
    PRIOR: np.array([[0.55, 0.30, 0.15], [0.35, 0.35, 0.30]]),
    PLACE: np.array([[0.92, 0.08]]),
}
DEPENDS_ON: Mapping[str, str] = {HEALTH: AGE, PRIOR: HEALTH}
AGE_BOUNDS = np.array([18, 30, 50, 65])
PRIOR_BOUNDS = np.array([0, 13, 52, 105])
MIDDLE_AGE, MIDDLE_PRIOR = 40, 26  # where the gradients of `SyntheticSpec` are zero


@dataclass(frozen=True)
class Draws:
    """Uniform numbers for `persons` persons by purpose and number: the same whenever they are asked for again."""

    seed: int
    persons: int

    def uniform(self, purpose: int, number: int = 0) -> Floats:
        """One number in [0, 1) per person."""
        return np.random.Generator(np.random.PCG64([self.seed, purpose, number])).random(self.persons)

    def exponential(self, purpose: int, number: int = 0) -> Floats:
        """One number per person from the exponential distribution with mean 1."""
        waiting: Floats = -np.log1p(-self.uniform(purpose, number))
        return waiting


# Purposes; the order is part of the register that a seed stands for.
(_SEX, _AGE, _EDUCATION, _HEALTH, _PRIOR, _PLACE, _YEARS, _WEEKS, MAIN_BENEFIT, ARRIVAL, LEAVING, STAY, AWAY, FIRST_DAY,
 LAST_DAY, MOVE, MOVE_WEEKS, REFERRAL, MESS, _HIDDEN, JOINING, SECOND) = range(22)
_PURPOSE = {SEX: _SEX, AGE: _AGE, EDUCATION: _EDUCATION, HEALTH: _HEALTH, PRIOR: _PRIOR, PLACE: _PLACE}


def pick(shares: Floats, uniform: Floats) -> Ints:
    """The number of the value that each uniform number falls on; `shares` is `[value]` or `[person, value]`."""
    edges = np.cumsum(np.atleast_2d(shares), axis=1)[:, :-1]
    passed: Ints = np.sum(uniform[:, None] >= edges, axis=1, dtype=np.int64)
    return passed


@dataclass(frozen=True)
class People:
    """Covariates as value numbers, and the multipliers they amount to; arrays `[person]`.

    `prospects` multiplies the rate of leaving as far as the files show why, `leave` with the hidden trait in it.
    `appeal` is what the trait does to the chance of being referred.
    """

    values: Mapping[str, Ints]
    age: Ints
    prior_weeks: Ints
    hidden: Flags
    prospects: Floats
    leave: Floats
    come_back: Floats
    appeal: Floats


def draw_people(draws: Draws, spec: SyntheticSpec) -> People:
    """Draw everybody's background."""
    values: dict[str, Ints] = {}
    for covariate in LABELS:
        given = values[DEPENDS_ON[covariate]] if covariate in DEPENDS_ON else np.zeros(draws.persons, np.int64)
        values[covariate] = pick(SHARE[covariate][given], draws.uniform(_PURPOSE[covariate]))
    age = _within(AGE_BOUNDS, values[AGE], draws.uniform(_YEARS))
    prior_weeks = _within(PRIOR_BOUNDS, values[PRIOR], draws.uniform(_WEEKS))
    slope = spec.age_gradient * (age - MIDDLE_AGE) / 10 + spec.prior_gradient * (prior_weeks - MIDDLE_PRIOR) / 26
    prospects = _product(LEAVE, values) * np.exp(slope)
    trait = spec.hidden or HiddenTrait(share=0.0)
    hidden = draws.uniform(_HIDDEN) < trait.share
    return People(
        values,
        age=age,
        prior_weeks=prior_weeks,
        hidden=hidden,
        prospects=prospects,
        leave=prospects * np.where(hidden, trait.leave, 1.0),
        come_back=_product(COME_BACK, values),
        appeal=np.where(hidden, trait.referral, 1.0),
    )


def classes() -> tuple[Floats, Floats, Floats]:
    """Everybody there can be: the share of each class, its rate of leaving and its rate of coming back.

    >>> share, leave, come_back = classes()
    >>> len(share), round(float(share.sum()), 12)
    (288, 1.0)
    """
    grid = np.meshgrid(*(np.arange(len(labels)) for labels in LABELS.values()), indexing="ij")
    values = {covariate: axis.ravel() for covariate, axis in zip(LABELS, grid, strict=True)}
    share = np.ones(grid[0].size)
    for covariate, value in values.items():
        given = values[DEPENDS_ON[covariate]] if covariate in DEPENDS_ON else np.zeros(value.size, np.int64)
        share = share * SHARE[covariate][given, value]
    return share, _product(LEAVE, values), _product(COME_BACK, values)


def _product(effects: Mapping[str, tuple[float, ...]], values: Mapping[str, Ints]) -> Floats:
    product = np.ones(len(next(iter(values.values()))))
    for covariate, value in values.items():
        product = product * np.array(effects[covariate])[value]
    return product


def _within(bounds: Ints, band: Ints, uniform: Floats) -> Ints:
    width = bounds[band + 1] - bounds[band]
    whole: Ints = bounds[band] + (uniform * width).astype(np.int64)
    return whole
