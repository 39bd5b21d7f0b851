"""Where the participants are some weeks after the start, beside where they would have been; thin shares withheld.

A share that stands for fewer participants than the threshold is withheld, and so is a second one where the first could
be found by taking the others from the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gevinst.curves.trial_sums import DESTINATION_WEEKS
from gevinst.effects.estimate import EffectReplicates, Floats
from gevinst.effects.matched_study import Destinations
from gevinst.effects.replicates import interval
from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.shares import coarse, coarse_difference
from gevinst.follow_up.effect_detail import DestinationShare, FrequencyPoint
from gevinst.language import say

Ints = npt.NDArray[np.int64]
SAME = "same_benefit"
NOBODY = 1e-9
_EXACT = 1e-6  # a share of whole persons is whole persons to this


@dataclass(frozen=True)
class Telling:
    """How shares of the participants may be told: in which weeks (None: all), and in steps of how much (0: exactly).

    `other_step` is that of the shares of those they are compared with.
    """

    weeks: frozenset[int] | None = None
    step: float = 0.0
    other_step: float = 0.0

    def tells(self, week: int) -> bool:
        """Whether anything is told of the week."""
        return self.weeks is None or week in self.weeks


def frequencies(
    effect: EffectReplicates, withheld: Sequence[int] = (), telling: Telling = Telling()
) -> tuple[FrequencyPoint, ...]:
    """The share on the same benefit at the weeks reached, but for the weeks `withheld`.

    A week by which everybody has left, with the effort and without, has nothing to tell.
    """
    points = []
    for week in DESTINATION_WEEKS:
        if week > effect.covered_weeks or week in withheld or week >= effect.share_with.shape[1]:
            continue
        taken, without = effect.share_with[:, week], effect.share_without[:, week]
        told = telling.tells(week) and np.isfinite(taken[0]) and np.isfinite(without[0])
        if told and max(taken[0], without[0]) > NOBODY:
            exact, other = float(taken[0]), float(without[0])
            apart = coarse_difference(interval(without - taken), exact, telling.step)
            apart = coarse_difference(apart, other, telling.other_step, sign=1)
            points.append(FrequencyPoint(
                week, coarse(exact, telling.step), coarse(other, telling.other_step), apart))
    return tuple(points)


def whereabouts(
    found: Destinations,
    effect: EffectReplicates,
    benefit_name: str,
    rules: Rules,
    telling: Telling = Telling(),
) -> tuple[DestinationShare, ...]:
    """The shares at each destination and week, with the difference (with less without) and its interval.

    `effect` is the effect of the same participants, whose curve tells how many are followed.
    """
    shares = []
    names, reached = destination_names(benefit_name), followed(effect)
    for at, week in enumerate(found.weeks):
        actual, without = found.actual[:, :, at], found.without[:, :, at]
        if not (telling.tells(week) and np.isfinite(actual[0]).all() and np.isfinite(without[0]).all()):
            continue
        persons = whole_persons(actual[0], effect.participants, int(reached[week]))
        hidden = (
            withheld(found.names, actual[0] * persons, rules.threshold),
            # Nobody is where she would have been, so what the hidden add up to tells of nobody.
            withheld(found.names, without[0] * persons, rules.threshold, together=0),
        )
        for number, key in enumerate(found.names):
            exact, other = float(actual[0, number]), float(without[0, number])
            with_effort = None if number in hidden[0] else coarse(exact, telling.step)
            told = None if number in hidden[1] else coarse(other, telling.other_step)
            apart = None
            if with_effort is not None and told is not None:
                apart = interval(actual[:, number] - without[:, number])
                apart = coarse_difference(apart, exact, telling.step, sign=1)
                apart = coarse_difference(apart, other, telling.other_step)
            shares.append(DestinationShare(key, names.get(key, key), week, with_effort, told, apart))
    return tuple(shares)


def weeks_with_few(study: Study, rules: Rules) -> tuple[int, ...]:
    """The weeks in which the number of participants at a destination is too small to tell."""
    if study.matched is None:
        return ()
    found, effect = study.matched.destinations, study.matched.effect
    shares = whereabouts(found, effect, "", rules)
    return tuple(sorted({one.week for one in shares if one.with_effort is None}))


def weeks_withheld(shares: Sequence[DestinationShare]) -> tuple[int, ...]:
    """The weeks in which the share on the same benefit is withheld, and may not be told elsewhere."""
    return tuple(one.week for one in shares if one.key == SAME and None in (one.with_effort, one.without))


def followed(effect: EffectReplicates) -> Ints:
    """How many participants at least are followed to each week, found from the curve: `[week]`.

    A share of whole persons tells what it may be a share of, and whoever is followed to a week was so before it.
    Anyone who reads the curve can find as much.
    """
    least = np.zeros(effect.share_with.shape[1], np.int64)
    for week, share in enumerate(effect.share_with[0]):
        if np.isfinite(share):
            least[week] = whole_persons(np.array([share]), effect.participants)
    return np.maximum.accumulate(least[::-1])[::-1]


def whole_persons(shares: Floats, participants: int, at_least: int = 1) -> int:
    """The smallest number of persons, at least so many, of whom all the shares are whole persons.

    `at_least` where no number up to `participants` is.

    >>> whole_persons(np.array([0.625, 0.05, 0.325]), 152), whole_persons(np.array([0.625, 0.05, 0.325]), 152, 41)
    (40, 80)
    """
    numbers = np.arange(max(at_least, 1), participants + 1)
    persons = numbers[:, None] * shares[None, :]
    whole = (np.abs(persons - np.round(persons)) < _EXACT).all(axis=1)
    return int(numbers[whole][0]) if whole.any() else max(at_least, 1)


def withheld(
    names: Sequence[str], persons: Floats, threshold: int, together: float | None = None
) -> frozenset[int]:
    """Which of the numbers of persons, that add up to a known whole, may not be told.

    Those above zero and below the threshold; and further ones, the smallest first, until what is hidden is more than
    one and adds up to `together` (None: so much that each of them could be one less than the threshold). The share on
    the same benefit is printed elsewhere, so it is taken last.

    >>> sorted(withheld(("same_benefit", "pension", "education", "self_support"), np.array([40.0, 2, 9, 49]), 5))
    [1, 2]
    """
    hidden = {number for number, count in enumerate(persons) if NOBODY < count < threshold}
    if not hidden:
        return frozenset()
    others = sorted(
        (number for number, count in enumerate(persons) if number not in hidden and count > NOBODY),
        key=lambda number: (names[number] == SAME, persons[number], number),
    )
    for number in others:
        enough = threshold + len(hidden) - 2 if together is None else together
        if len(hidden) > 1 and sum(persons[one] for one in hidden) >= enough:
            break
        hidden.add(number)
    return frozenset(hidden)


def destination_names(benefit_name: str) -> dict[str, str]:
    """What a reader calls the destinations."""
    return {
        SAME: say(da=f"På {benefit_name}", en=f"On {benefit_name}"),
        "other_benefit": say(da="På en anden ydelse", en="On another benefit"),
        "education": say(da="I uddannelse (SU)", en="In education (SU)"),
        "pension": say(da="På pension", en="On a pension"),
        "left_register": say(da="Flyttet eller død", en="Moved away or died"),
        "self_support": say(da="Selvforsørgende", en="Self-supporting"),
    }
