"""Replicates by hash: every interval comes from reweighting groups of persons.

Each person lies in one replicate group, by keyed hash (`sources/pseudonym.py`). A replicate draws a Poisson(1)
weight per group (Hanley & MacGibbon 2006; Chamandy et al. 2012), so uncertainty is clustered on the person, needs
only counts by group, and is the same on every engine. One draw serves all investments: a person in two cases gets
the same weight in both, which keeps the correlation between cases.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from gevinst.effects.estimate import Interval

GROUPS = 200
Floats = npt.NDArray[np.float64]


@cache
def weights(replicates: int, seed: int) -> Floats:
    """Weights `[1 + replicates, GROUPS]`; row 0 is all ones, the estimate itself.

    >>> weights(2, seed=1).shape, float(weights(2, seed=1)[0].sum())
    ((3, 200), 200.0)
    """
    draws = np.random.Generator(np.random.PCG64(seed)).poisson(1.0, (replicates, GROUPS)).astype(np.float64)
    drawn: Floats = np.concatenate([np.ones((1, GROUPS)), draws])
    drawn.setflags(write=False)
    return drawn


def reweighted(by_group: npt.NDArray[np.generic], drawn: Floats) -> Floats:
    """Counts by group `[GROUPS, ...]` summed under each replicate's weights: `[1 + replicates, ...]`."""
    counts = np.asarray(by_group, np.float64)
    flat: Floats = drawn @ counts.reshape(counts.shape[0], -1)
    return flat.reshape((drawn.shape[0], *counts.shape[1:]))


def interval(replicated: Floats) -> Interval:
    """The estimate (row 0) with the 95 % percentile interval of the replicates.

    Replicates in which a group of persons vanished and the figure is undefined are left out of the percentiles.
    """
    drawn = replicated[1:][np.isfinite(replicated[1:])]
    if not np.isfinite(replicated[0]):
        return Interval(float("nan"))
    if len(drawn) < max(2, len(replicated) // 2):
        return Interval(float(replicated[0]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(float(replicated[0]), float(low), float(high))
