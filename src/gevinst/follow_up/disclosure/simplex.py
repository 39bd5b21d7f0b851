"""A solution of linear equations in numbers that are not negative, or none: the first phase of the simplex method.

Its solutions are corners, which for tables of counts are whole numbers nearly always; who uses it checks that they are.
Dantzig (1963), Linear Programming and Extensions, ch. 5; Bland's rule keeps it from going round in rings.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_NOUGHT = 1e-9
_LEFT_OVER = 1e-7  # what the equations may miss by


def corner(equations: npt.ArrayLike, right: npt.ArrayLike) -> Floats | None:
    """Some x >= 0 with `equations` @ x = `right` (`[row, x]` and `[row]`); None where there is none.

    >>> corner([[1, 1, 0], [0, 1, 1]], [3, 2]).tolist(), corner([[1, 1]], [-1])
    ([1.0, 2.0, 0.0], None)
    """
    rows, wanted = np.array(equations, np.float64), np.array(right, np.float64)
    rows[wanted < 0] *= -1
    wanted = np.abs(wanted)
    height, width = rows.shape
    table = np.hstack([rows, np.eye(height), wanted[:, None]])
    missing = np.concatenate([-rows.sum(axis=0), np.zeros(height), [-wanted.sum()]])
    basis = np.arange(width, width + height)
    while (entering := np.flatnonzero(missing[:width] < -_NOUGHT)).size:
        enter = int(entering[0])
        up = table[:, enter] > _NOUGHT
        ratio = np.full(height, np.inf)
        np.divide(table[:, -1], table[:, enter], out=ratio, where=up)
        nearest = np.flatnonzero(ratio <= ratio.min() + _NOUGHT)
        leave = int(nearest[np.argmin(basis[nearest])])
        table[leave] /= table[leave, enter]
        others = np.arange(height) != leave
        table[others] -= np.outer(table[others, enter], table[leave])
        missing -= missing[enter] * table[leave]
        basis[leave] = enter
    if missing[-1] < -_LEFT_OVER * max(1.0, float(wanted.max(initial=0.0))):
        return None
    found = np.zeros(width + height)
    found[basis] = table[:, -1]
    return found[:width]
