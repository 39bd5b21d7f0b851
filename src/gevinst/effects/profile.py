"""The effect by week since the start: what an estimator says of weeks that have not been yet.

Per participant and week, by benefit and refund step, in the bands of `curves/ages.py`; with replicates. Weeks that too
few participants have reached are not mature, and are not read from here: `follow_up/extrapolation.py` says what is
put in their place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.curves.ages import band_starts

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """Full-time weeks paid per participant-week, with the effort and without it.

    `cells` are the (benefit, refund step); `observed` `[week]` is how many participants are followed to each week
    since the start (for computing, not for print); `actual` and `without` `[replicate, band, cell]`.
    """

    cells: tuple[tuple[str, int], ...]
    observed: Floats
    actual: Floats
    without: Floats

    @property
    def effect(self) -> Floats:
        """With less without `[replicate, band, cell]`: fewer weeks on a benefit are negative."""
        return self.actual - self.without

    @property
    def first_weeks(self) -> tuple[int, ...]:
        """The first week of each band."""
        return band_starts(len(self.observed) - 1)

    def mature_week(self, least: int) -> int:
        """The last week since the start to which at least `least` participants are followed; -1 where there is none.

        >>> nothing = np.zeros((1, 1, 1))
        >>> Profile((("a-dagpenge", 0),), np.array([30.0, 25.0, 12.0]), nothing, nothing).mature_week(20)
        1
        """
        enough = np.flatnonzero(self.observed >= max(least, 1))
        return int(enough[-1]) if len(enough) else -1
