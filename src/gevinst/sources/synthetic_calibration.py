"""How the made-up A-dagpenge rates were found: so that the 2017-2019 inflow has the published curve.

The target is table 2 of Norddjurs Kommune's memo of 26 November 2021 (jobindsats.dk, 5 November 2021): the share
receiving A-dagpenge 0-52 weeks after entry, with relapse to the same benefit. Weeks 0-52 fall into twelve
intervals between the published points, each with one weekly rate of leaving. With S the share on the benefit,
G the chance of still being on the first run and f the distribution of the week in which the next run begins,

    S(k) = G(k) + sum over j <= k of f(j) S(k - j)

for every class of persons (`synthetic_people.classes`), because everything begins again with each run. For the
same reason it does not matter to the curve that a relapse after four weeks counts as relapse in the first trial
and as an entry of its own. Only the mix of classes among the entries depends on who comes back often; it is
found from the same equation in calendar time. Each rate is then solved by bisection, interval by interval, so
that the mix of S hits the published point exactly; rates and mix are repeated until neither moves.

The 2020 and 2021 inflow leaves faster by a factor on the rate, the one that comes closest (least squares) to the
row of the same table. Run this module to see the constants, which `test_synthetic.py` checks:

    python -m gevinst.sources.synthetic_calibration
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gevinst.sources.synthetic_people import classes
from gevinst.sources.synthetic_rates import A_DAGPENGE, COMES_BACK, FARTHEST, LEAVES_REGISTER, Steps, cumulated

Floats = npt.NDArray[np.float64]

SOURCE = "Norddjurs Kommune, notat 26-11-2021, tabel 2 (jobindsats.dk, 5. november 2021)"
GRID = (0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47, 52)
PUBLISHED: Mapping[str, tuple[float, ...]] = {  # per cent, at the weeks of GRID
    "2017-2019": (100.0, 67.7, 56.8, 46.8, 41.9, 38.2, 34.6, 32.3, 30.6, 28.3, 27.2, 25.7, 25.6),
    "2020": (100.0, 65.5, 53.6, 43.9, 38.3, 34.5, 30.7, 28.7, 26.8, 24.6),
    "2021H1": (100.0, 62.5, 50.3, 39.4),
}
GAP_WEEKS = 4  # an entry is a run after at least so many weeks without the benefit
ARRIVALS_BEFORE = 156  # weeks of arrivals before 2017, and
COHORT_WEEKS = 157  # weeks of 2017-2019

RATES: Steps = (  # as `calibrate` found them
    (4, 0.110063), (8, 0.059901), (13, 0.059426), (17, 0.049512), (21, 0.046831), (26, 0.045958), (30, 0.043569),
    (34, 0.036081), (39, 0.042403), (43, 0.031995), (47, 0.044736), (52, 0.010498), (FARTHEST, 0.029076))
FASTER: Mapping[int, float] = {2020: 1.12, 2021: 1.23}


class Renewal(NamedTuple):
    """Per class and week, `[class, 0..K]`: on the first run, next run begins, and after a gap of `GAP_WEEKS`."""

    first_run: Floats
    again: Floats
    again_as_entry: Floats


def renewal(rates: Steps, weeks: int) -> Renewal:
    """First run and next run under the weekly `rates` of leaving, for every class."""
    _, leave, come_back = classes()
    first_run = np.exp(-np.outer(leave, cumulated(rates)[: weeks + 1]))
    away = np.exp(-np.outer(come_back, cumulated(COMES_BACK[A_DAGPENGE])[: weeks + 1]))
    ends, returns = -np.diff(first_run, axis=1), -np.diff(away, axis=1)  # in weeks 1, 2, ...
    as_entry = returns.copy()
    as_entry[:, : GAP_WEEKS - 1] = 0.0
    again, again_as_entry = np.zeros(first_run.shape), np.zeros(first_run.shape)
    for j in range(2, weeks + 1):
        again[:, j] = np.sum(ends[:, : j - 1] * returns[:, : j - 1][:, ::-1], axis=1)
        again_as_entry[:, j] = np.sum(ends[:, : j - 1] * as_entry[:, : j - 1][:, ::-1], axis=1)
    return Renewal(first_run, again, again_as_entry)


def mix_of_entries(rates: Steps) -> Floats:
    """The share of each class among the entries of 2017-2019, with arrivals at a steady pace since 2014."""
    share, _, _ = classes()
    weeks = ARRIVALS_BEFORE + COHORT_WEEKS
    process = renewal(rates, weeks)
    still_here = (1 - LEAVES_REGISTER) ** np.arange(weeks + 1)
    again, as_entry = process.again * still_here, process.again_as_entry * still_here
    runs, entries = np.zeros((len(share), weeks)), np.zeros((len(share), weeks))
    for t in range(weeks):
        before = runs[:, :t][:, ::-1]
        runs[:, t] = share + np.sum(before * again[:, 1 : t + 1], axis=1)
        entries[:, t] = share + np.sum(before * as_entry[:, 1 : t + 1], axis=1)
    cohort = entries[:, ARRIVALS_BEFORE:].sum(axis=1)
    mix: Floats = cohort / cohort.sum()
    return mix


def expected_curve(rates: Steps, mix: Floats, weeks: int = 52) -> Floats:
    """The share receiving, `[0..weeks]`, of a cohort with this mix of classes; who left the register counts as off."""
    process = renewal(rates, weeks)
    on = np.zeros(process.first_run.shape)
    for k in range(weeks + 1):
        on[:, k] = process.first_run[:, k] + np.sum(process.again[:, 1 : k + 1] * on[:, :k][:, ::-1], axis=1)
    curve: Floats = (mix @ on) * (1 - LEAVES_REGISTER) ** np.arange(weeks + 1)
    return curve


def solve_rates(mix: Floats, target: tuple[float, ...] = PUBLISHED["2017-2019"]) -> Steps:
    """One weekly rate per interval of `GRID` so that the expected curve passes through `target` (per cent).

    After week 52 the rate stays at the mean of the last three intervals.
    """
    rates: Steps = ()
    for week, share in zip(GRID[1:], target[1:], strict=True):
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            if expected_curve((*rates, (week, middle)), mix, week)[week] * 100 > share:
                low = middle
            else:
                high = middle
        rates = (*rates, (week, round((low + high) / 2, 6)))
    return (*rates, (FARTHEST, round(float(np.mean([rate for _, rate in rates[-3:]])), 6)))


def calibrate(rounds: int = 3) -> tuple[Steps, dict[int, float]]:
    """The rates of leaving, and the factors on them for the inflow of 2020 and 2021. Takes some seconds."""
    mix = classes()[0]
    for _ in range(rounds):
        rates = solve_rates(mix)
        mix = mix_of_entries(rates)
    factors = np.arange(1.0, 1.5, 0.01)
    faster = {}
    for year, row in ((2020, PUBLISHED["2020"]), (2021, PUBLISHED["2021H1"])):
        weeks = GRID[: len(row)]
        misses = [np.sum((100 * expected_curve(scaled(rates, f), mix, weeks[-1])[list(weeks)] - row) ** 2)
                  for f in factors]
        faster[year] = round(float(factors[int(np.argmin(misses))]), 2)
    return rates, faster


def scaled(rates: Steps, factor: float) -> Steps:
    """All rates times `factor`."""
    return tuple((until, rate * factor) for until, rate in rates)


if __name__ == "__main__":
    print(calibrate())
