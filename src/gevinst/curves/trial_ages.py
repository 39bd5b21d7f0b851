"""Paid weeks of matched trials by band of weeks since the start: what a forecast needs of them.

The same sums and influences as those by calendar year (`curves/trial_sums.py`); behind the person wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.histories import FULL_TIME, NOTHING, Histories
from gevinst.curves.ages import band_starts, by_band
from gevinst.curves.trial_parts import Contrast, Pair, Part, add_by_group, add_slots

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AgeSums:
    """Paid weeks `[band, kind]` of all matched participants by weeks since the start, and their weeks followed.

    `followed` `[band]` with its influence `[group, band]`: participant-weeks; as `paid`, for the actual number.
    """

    paid: Contrast
    followed: Floats
    followed_influence: Floats


class AgeTally:
    """Sums by band in the making; `slot` `[week, kind]` says where a week's kind is counted."""

    def __init__(self, weeks: int, kinds: int) -> None:
        starts = band_starts(weeks)
        self.kinds, self.bands = kinds, len(starts)
        self.borders = (*starts, weeks + 1)
        self.band = np.searchsorted(np.array(starts), np.arange(weeks + 1), side="right") - 1
        self.paid = Pair((self.bands * kinds,))
        self.without = np.zeros((weeks + 1, self.bands * kinds))

    def add(self, part: Part, place: Ints, histories: Histories) -> None:
        """Add a chunk's paid weeks."""
        width, slots = len(self.band), self.bands * self.kinds
        own, other = np.zeros((len(part.own), slots)), np.zeros((len(part.other), slots))
        mean = np.zeros(part.cells.count * width * self.kinds)
        for layer in histories.paid:
            kind = layer.kind.ravel().take(place)
            degree = layer.degree.ravel().take(place) / FULL_TIME
            slot = self.band * self.kinds + kind.astype(np.int64)
            add_slots(own, slot[part.own], kind[part.own] != NOTHING, degree[part.own] * part.own_weight)
            there = kind[part.other] != NOTHING
            weeks = degree[part.other] * part.weight
            mine, week = np.nonzero(there)
            at = (part.cells.other[mine] * width + week) * self.kinds + kind[part.other][mine, week]
            mean += np.bincount(at, weeks[mine, week], len(mean))
            add_slots(other, slot[part.other], there, weeks)
        by_cell = mean.reshape(part.cells.count, width, self.kinds)
        at_week = np.arange(width)[:, None]
        self.without[at_week, (self.band * self.kinds)[:, None] + np.arange(self.kinds)] += by_cell.sum(axis=0)
        starting = part.starting[:, :, None]
        np.divide(by_cell, starting, out=by_cell, where=starting > 0)
        expected = self._contract(part.asked, part.cells.own, by_cell)
        other -= self._contract(part.stands_for, part.cells.other, by_cell)
        add_by_group(self.paid.own, part.group[part.own], own)
        add_by_group(self.paid.expected, part.group[part.own], expected)
        add_by_group(self.paid.residual, part.group[part.other], other * part.stretch)

    def _contract(self, weights: Floats, cell: Ints, mean: Floats) -> Floats:
        """Each trial's weights `[week]` times its cell's means `[week, kind]`, band by band: `[trial, slot]`."""
        found = np.zeros((len(cell), self.bands, self.kinds))
        borders = np.searchsorted(cell, np.arange(len(mean) + 1))
        for number in range(len(mean)):
            rows = slice(borders[number], borders[number + 1])
            for band, (begin, end) in enumerate(pairwise(self.borders)):
                found[rows, band] = weights[rows, begin:end] @ mean[number, begin:end]
        return found.reshape(len(cell), -1)


def followed_by_band(count: Floats, each: Floats) -> tuple[Floats, Floats]:
    """Participant-weeks `[band]` of `count` `[group, week]`, and their influence for the actual number of them.

    `each` `[group, 1]` is the share of the participants in each group.
    """
    by_group = by_band(count)
    followed = by_group.sum(axis=0)
    return followed, by_group - followed * each
