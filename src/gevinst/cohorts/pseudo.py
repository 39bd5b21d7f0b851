"""Pseudo-participants: persons who did not take part, drawn to stand for each participant, for the placebo.

For each matched participant one of her comparators is drawn by a hash of person, week and a stored seed, so nothing
depends on the order of rows, and the start weeks and cells are the same. She is drawn from those who had not taken part
by then, not from those who never do: who never does is known only afterwards.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gevinst.cohorts.histories import Histories
from gevinst.cohorts.trials import Starters, Takers, Trials, first_columns

Ints = npt.NDArray[np.int64]


def pseudo_takers(histories: Histories, trials: Trials, seed: int) -> Takers:
    """The pseudo-participants of matched trials, each person once.

    As comparators persons are lost at their pseudo start or at a real one; as pseudo-participants at a real one.
    """
    others = np.flatnonzero(~trials.taken)
    luck = _hashed(histories.person[trials.row[others]], trials.column[others], seed)
    others = others[np.lexsort((luck, trials.cell[others]))]
    border = np.searchsorted(trials.cell[others], np.arange(int(trials.cell.max(initial=-1)) + 2))
    started = np.full(len(histories.person), -1, np.int64)
    own = np.flatnonzero(trials.taken)
    drawn_in_cell = np.zeros(len(border), np.int64)
    # Week by week, and never on the strength of who was drawn before: one who is drawn again is not drawn in
    # another's place, for that would make those who stay on the benefit ever more likely to be drawn.
    for trial in own[np.lexsort((trials.cell[own], trials.column[own]))].tolist():
        cell = int(trials.cell[trial])
        place = border[cell] + drawn_in_cell[cell]
        drawn_in_cell[cell] += 1
        if place < border[cell + 1] and started[trials.row[others[place]]] < 0:
            started[trials.row[others[place]]] = trials.column[others[place]]
    row = np.flatnonzero(started >= 0)
    first = first_columns(histories)
    until = first.copy()
    until[row] = np.minimum(first[row], started[row])
    return Takers(Starters(row, started[row]), until, own_until=first)


def _hashed(person: Ints, column: Ints, seed: int) -> npt.NDArray[np.uint64]:
    """A number per person and week that looks random (the finaliser of splitmix64; Steele, Lea & Flood 2014)."""
    mixed = person.astype(np.uint64) + (column.astype(np.uint64) << np.uint64(40))
    mixed += np.uint64(0x9E3779B97F4A7C15 * (seed + 1) % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    spread: npt.NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return spread
