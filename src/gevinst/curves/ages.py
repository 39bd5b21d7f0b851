"""Weeks since the start in bands: fine where an effect changes fast, wider where few are followed.

A forecast needs the effect by week since the start; a week at a time it would be noise, and a table of every benefit
and refund step by week would be large. Within a band the effect per participant-week is taken as even.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

FIRST_WEEKS = (0, 13, 26, 39, 52, 65, 78, 91, 104, 130, 156, 182)
Number = TypeVar("Number", np.int64, np.float64)


def band_starts(last_week: int) -> tuple[int, ...]:
    """The first week of each band that begins at or before `last_week`; the last band ends with it.

    >>> band_starts(30)
    (0, 13, 26)
    """
    return tuple(week for week in FIRST_WEEKS if week <= last_week)


def by_band(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Values `[..., week 0..K]` summed by band: `[..., band]`.

    >>> by_band(np.ones((1, 20))).tolist()
    [[13.0, 7.0]]
    """
    summed: npt.NDArray[Number] = np.add.reduceat(values, band_starts(values.shape[-1] - 1), axis=-1)
    return summed
