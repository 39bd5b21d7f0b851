"""How fast people leave a benefit and come back to it in the made-up municipality, week by week.

A person stays on her benefit for a run of whole weeks, is away for some weeks, and perhaps comes back; then it
all begins again (an alternating renewal process). Rates are cumulated: with a person's multiplier m, the chance
of still being on the benefit k weeks after the run began is exp(-m H(k)), and of still being away v weeks after
it ended exp(-m R(v)).

The A-dagpenge rates of leaving are calibrated (`sources/synthetic_calibration.py`, which also says how) so that
the cohort that entered in 2017-2019 has the published curve. All other rates are chosen, not estimated: they are
made up to be plausible, and no figure of them may be quoted as a fact about anybody.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Steps = tuple[tuple[int, float], ...]  # (last week, weekly rate through that week)

FARTHEST = 720  # weeks; longer than anything is followed
A_DAGPENGE, KONTANTHJAELP, SYGEDAGPENGE, RESSOURCEFORLOEB = (
    "a-dagpenge", "kontanthjaelp", "sygedagpenge", "ressourceforloeb")
BENEFITS = (A_DAGPENGE, KONTANTHJAELP, SYGEDAGPENGE, RESSOURCEFORLOEB)

LEAVES: Mapping[str, Steps] = {
    A_DAGPENGE: (),
    KONTANTHJAELP: ((4, 0.030), (13, 0.025), (26, 0.018), (52, 0.012), (104, 0.008), (FARTHEST, 0.006)),
    SYGEDAGPENGE: ((4, 0.10), (13, 0.07), (26, 0.05), (FARTHEST, 0.03)),
    RESSOURCEFORLOEB: ((104, 0.006), (FARTHEST, 0.012)),
}
COMES_BACK: Mapping[str, Steps] = {
    A_DAGPENGE: ((3, 0.015), (8, 0.018), (26, 0.013), (52, 0.008), (104, 0.005), (260, 0.002)),
    KONTANTHJAELP: ((3, 0.020), (13, 0.015), (52, 0.006), (156, 0.002)),
    SYGEDAGPENGE: ((104, 0.004),),
    RESSOURCEFORLOEB: ((52, 0.003),),
}
MOVES_TO: Mapping[str, tuple[tuple[str, float], ...]] = {  # on leaving: the next benefit, and how often
    A_DAGPENGE: ((SYGEDAGPENGE, 0.05), (KONTANTHJAELP, 0.02)),
    KONTANTHJAELP: ((SYGEDAGPENGE, 0.03), (RESSOURCEFORLOEB, 0.08)),
    SYGEDAGPENGE: ((KONTANTHJAELP, 0.04), (RESSOURCEFORLOEB, 0.05)),
    RESSOURCEFORLOEB: ((KONTANTHJAELP, 0.10),),
}
MEAN_WEEKS_AFTER_MOVE: Mapping[str, float] = {SYGEDAGPENGE: 10.0, KONTANTHJAELP: 30.0, RESSOURCEFORLOEB: 80.0}
LEAVES_REGISTER = 0.0002  # a week: death or moving away, about 1 % a year


def cumulated(steps: Steps) -> Floats:
    """The cumulated rate after 0, 1, ... `FARTHEST` weeks; it stands still after the last step.

    >>> cumulated(((2, 0.5), (3, 0.25)))[:5].tolist()
    [0.0, 0.5, 1.0, 1.25, 1.25]
    """
    rates = np.zeros(FARTHEST + 1)
    last = 0
    for until, rate in steps:
        rates[last + 1 : until + 1] = rate
        last = until
    return np.cumsum(rates)
