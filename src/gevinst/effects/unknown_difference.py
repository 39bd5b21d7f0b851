"""How strong a difference that is not in the data would have to be to explain an effect: the E-value.

VanderWeele & Ding (2017). A trait that prolongs the time on benefit and is more common in one group biases a ratio of
risks, or of means that are never negative, by at most B = GU / (G + U - 1): it is G times as common in the one group,
and those with it are U times as long on the benefit (Ding & VanderWeele 2016). The E-value is the G = U that suffices:
E = R + sqrt(R (R - 1)) for a ratio R above 1, and of 1/R for one below. The ratio here is mean weeks on benefit with
the effort over mean weeks without.
"""

from __future__ import annotations

from math import inf, isfinite, sqrt

import numpy as np

from gevinst.effects.replicates import Floats, interval
from gevinst.language import number, say

NEGLIGIBLE = 1.05
"""An E-value that would be printed 1.0: any difference at all is enough."""
ENORMOUS = 20.0
"""Above this the number itself says no more."""


def e_value(risk_ratio: float) -> float:
    """The E-value of a risk ratio; 1 for a ratio of 1. Raises ValueError unless the ratio is positive.

    >>> round(e_value(3.9), 2), round(e_value(0.8), 2), e_value(1)
    (7.26, 1.81, 1.0)
    """
    if not risk_ratio > 0:
        raise ValueError("a risk ratio is positive")
    ratio = max(risk_ratio, 1 / risk_ratio)
    return float(ratio + sqrt(ratio * (ratio - 1))) if ratio < inf else inf


def e_value_limit(low: float, high: float) -> float:
    """The E-value of the limit of the interval that is nearest to 1; 1 where the interval holds 1.

    Raises ValueError unless 0 < low <= high.

    >>> round(e_value_limit(1.8, 8.7), 2), round(e_value_limit(0.71, 0.91), 2), e_value_limit(0.9, 1.2)
    (3.0, 1.43, 1.0)
    """
    if not 0 < low <= high:
        raise ValueError("the interval of a risk ratio goes from a positive number upwards")
    if low <= 1 <= high:
        return 1.0
    return e_value(high if high < 1 else low)


def e_values(weeks_with: Floats, weeks_without: Floats) -> tuple[float, float | None] | None:
    """E-value of the effect and of its 95 % interval from mean weeks on benefit `[replicate]`; row 0 is the estimate.

    None where the ratio of the two cannot be said; a limit of None where its interval cannot.

    >>> e_values(np.array([20.0, 19.0, 21.0]), np.array([25.0, 25.0, 25.0]))[0]
    1.809...
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        # To first order a replicate of few can have fewer weeks than none, and then there is no ratio.
        ratio = np.where((weeks_with > 0) & (weeks_without > 0), weeks_with / weeks_without, np.nan)
    found = interval(np.where(np.isfinite(ratio), ratio, np.nan))
    if not isfinite(found.estimate):
        return None
    if found.low is None or found.high is None:
        return e_value(found.estimate), None
    return e_value(found.estimate), e_value_limit(found.low, found.high)


def e_value_sentence(value: float, limit: float | None, *, fewer_weeks: bool = True) -> str:
    """What an unknown difference would have to be, in plain words; `fewer_weeks`: the effect is a saving.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     e_value_sentence(1.81, 1.43)
    'En forskel mellem grupperne, som ikke er i data (for eksempel i helbred), kan forklare hele effekten, hvis den er
    1,8 gange så almindelig blandt de andre som blandt deltagerne, og borgere med den er 1,8 gange så længe på ydelsen
    som tilsvarende borgere uden den. Er den svagere på begge punkter, kan den ikke. Er den 1,4 gange så almindelig og
    gør tiden på ydelsen 1,4 gange så lang, er effekten ikke længere statistisk sikker.'
    """
    if value < NEGLIGIBLE:
        return say(
            da="Effekten er så lille, at selv en ubetydelig forskel mellem grupperne, som ikke er i data, kan forklare "
            "den.",
            en="The effect is so small that even a negligible difference between the groups that is not in the data "
            "can explain it.",
        )
    times = _times(value)
    # The trait prolongs the time on benefit, so a saving is explained by its being rarer among participants.
    others, taken = ("de andre", "the others"), ("deltagerne", "participants")
    more, fewer = (others, taken) if fewer_weeks else (taken, others)
    whole = say(
        da="En forskel mellem grupperne, som ikke er i data (for eksempel i helbred), kan forklare hele effekten, hvis "
        f"den er {times} gange så almindelig blandt {more[0]} som blandt {fewer[0]}, og borgere med den er {times} "
        "gange så længe på ydelsen som tilsvarende borgere uden den. Er den svagere på begge punkter, kan den ikke.",
        en="A difference between the groups that is not in the data (in health, say) can explain the whole effect if "
        f"it is {times} times as common among {more[1]} as among {fewer[1]}, and persons with it are on the benefit "
        f"{times} times as long as otherwise similar persons without it. Weaker in both respects, it cannot.",
    )
    return whole if limit is None else f"{whole} {_limit_sentence(limit)}"


def _limit_sentence(limit: float) -> str:
    if limit <= 1:
        return say(
            da="Det er i forvejen ikke statistisk sikkert, at der er en effekt.",
            en="That there is an effect is not statistically certain to begin with.",
        )
    if limit < NEGLIGIBLE:
        return say(
            da="En ubetydelig forskel, som ikke er i data, er nok til, at effekten ikke længere er statistisk sikker.",
            en="A negligible difference that is not in the data is enough for the effect to be no longer statistically "
            "certain.",
        )
    times = _times(limit)
    return say(
        da=f"Er den {times} gange så almindelig og gør tiden på ydelsen {times} gange så lang, er effekten ikke "
        "længere statistisk sikker.",
        en=f"If it is {times} times as common and makes the time on benefit {times} times as long, the effect is no "
        "longer statistically certain.",
    )


def _times(value: float) -> str:
    if value > ENORMOUS:
        return say(da=f"over {number(ENORMOUS)}", en=f"more than {number(ENORMOUS)}")
    return number(value, 1)
