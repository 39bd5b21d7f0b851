"""What each participant saves by weeks since the start, under every replicate, at the newest prices of the results."""

from __future__ import annotations

import numpy as np

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.economy.saving import Saving
from gevinst.effects.estimate import Floats
from gevinst.effects.profile import Profile


def saving_by_band(profile: Profile, saving: Saving, weeks: int) -> tuple[Floats, tuple[int, ...]]:
    """DKK saved per participant in the first `weeks` weeks `[replicate, band]` (positive is good), and bands' widths.

    A cell's price is that of the last year of the results that has one. Bands in which nobody is followed give nothing.
    """
    starts = [first for first in profile.first_weeks if first < weeks]
    widths = tuple(int(after - first) for first, after in zip(starts, [*starts[1:], weeks], strict=True))
    found = np.zeros((len(profile.effect), len(widths)))
    for c, (benefit, step) in enumerate(profile.cells):
        if benefit in saving.prices.benefits:
            prices = saving.prices.net[saving.prices.benefits.index(benefit), 0 if step == OUTSIDE_LADDER else step]
            known = prices[np.flatnonzero(prices)[-1:]]
            found -= np.nan_to_num(profile.effect[:, : len(widths), c]) * float(known.sum())
    return found * np.array(widths), widths
