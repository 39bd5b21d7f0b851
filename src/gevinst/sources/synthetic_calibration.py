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
that the mix of S hits the published point exactly.

Runs that begin in 2020 or 2021 end faster by a factor on the rate, the one that comes closest (least squares) to
the row of the same table. Those who entered in 2019 and came back in 2020 are touched by it, which moves the curve
of 2017-2019 a little; it is reckoned and taken off the target. Rates, mix and factors are repeated until none moves.
Run this module to see the constants, which `test_synthetic.py` checks:

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
ARRIVALS_BEFORE = 157  # weeks of arrivals before 2017, from 2014
COHORT_WEEKS = 156  # weeks of 2017-2019

RATES: Steps = (  # as `calibrate` found them
    (4, 0.110023), (8, 0.059866), (13, 0.059354), (17, 0.049387), (21, 0.046632), (26, 0.045638), (30, 0.043097),
    (34, 0.035511), (39, 0.041611), (43, 0.031098), (47, 0.04345), (52, 0.009573), (FARTHEST, 0.02804))
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


def entries_by_week(rates: Steps) -> Floats:
    """Entries in each week of 2017-2019 by class, `[class, week]`, in parts of all; arrivals at a steady pace."""
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
    cohort = entries[:, ARRIVALS_BEFORE:]
    parts: Floats = cohort / cohort.sum()
    return parts


def occupation(rates: Steps, weeks: int) -> Floats:
    """The share of each class on the benefit, `[class, 0..weeks]`, while nobody leaves the register."""
    process = renewal(rates, weeks)
    on = np.zeros(process.first_run.shape)
    for k in range(weeks + 1):
        on[:, k] = process.first_run[:, k] + np.sum(process.again[:, 1 : k + 1] * on[:, :k][:, ::-1], axis=1)
    return on


def expected_curve(rates: Steps, mix: Floats, weeks: int = 52) -> Floats:
    """The share receiving, `[0..weeks]`, of a cohort with this mix of classes; who left the register counts as off."""
    curve: Floats = (mix @ occupation(rates, weeks)) * (1 - LEAVES_REGISTER) ** np.arange(weeks + 1)
    return curve


def shift_by_cycle(rates: Steps, faster: float, entries: Floats, weeks: int = 52) -> Floats:
    """What the runs of 2020, faster by a factor, add to the curve of 2017-2019, `[0..weeks]`; at most zero.

    An entry in the week t before 2020 has, at week k, the share G(k) + sum of f(j) times the share k - j weeks
    into the next run, which is one of 2020 when j >= t.
    """
    process, usual = renewal(rates, weeks), occupation(rates, weeks)
    in_2020 = occupation(scaled(rates, faster), weeks)
    before = [in_2020]  # shares for entries 0, 1, 2, ... weeks before 2020
    shift = np.zeros(weeks + 1)
    for t in range(1, weeks + 1):
        on = process.first_run.copy()
        for j in range(2, weeks + 1):
            on[:, j:] += process.again[:, j, None] * before[max(t - j, 0)][:, : weeks + 1 - j]
        before.append(on)
        shift += entries[:, -t] @ (on - usual)
    moved: Floats = shift * (1 - LEAVES_REGISTER) ** np.arange(weeks + 1)
    return moved


def solve_rates(mix: Floats, target: Floats) -> Steps:
    """One weekly rate per interval of `GRID` so that the expected curve passes through `target`, `[point]`.

    After week 52 the rate stays at the mean of the last three intervals.
    """
    rates: Steps = ()
    for week, share in zip(GRID[1:], target[1:], strict=True):
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            if expected_curve((*rates, (week, middle)), mix, week)[week] > share:
                low = middle
            else:
                high = middle
        rates = (*rates, (week, round((low + high) / 2, 6)))
    return (*rates, (FARTHEST, round(float(np.mean([rate for _, rate in rates[-3:]])), 6)))


def calibrate(rounds: int = 3) -> tuple[Steps, dict[int, float]]:
    """The rates of leaving, and the factors on them for runs that begin in 2020 and in 2021. Takes some seconds."""
    published = np.array(PUBLISHED["2017-2019"]) / 100
    mix, shift = classes()[0], np.zeros(len(GRID))
    for _ in range(rounds):
        rates = solve_rates(mix, published - shift)
        entries = entries_by_week(rates)
        mix = entries.sum(axis=1)
        faster = {2020: closest_factor(rates, mix, "2020"), 2021: closest_factor(rates, mix, "2021H1")}
        shift = shift_by_cycle(rates, faster[2020], entries)[list(GRID)]
    return rates, faster


def closest_factor(rates: Steps, mix: Floats, row: str) -> float:
    """The factor on the rates, in hundredths, with which the curve comes closest to a published row."""
    published = np.array(PUBLISHED[row]) / 100
    weeks = list(GRID[: len(published)])
    factors = [1 + step / 100 for step in range(41)]
    misses = [float(np.sum((expected_curve(scaled(rates, factor), mix, weeks[-1])[weeks] - published) ** 2))
              for factor in factors]
    return factors[int(np.argmin(misses))]


def scaled(rates: Steps, factor: float) -> Steps:
    """All rates times `factor`."""
    return tuple((until, rate * factor) for until, rate in rates)


if __name__ == "__main__":
    print(calibrate())
