"""How counts of persons are made safe before a synthetic twin is fitted to them: merged until enough, then rounded.

Nothing finer leaves the person wall. A number that does rests on at least `few` persons, and is rounded; along an axis
(weeks, durations) it is the running total that is rounded, so that the errors do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
LEAST_BASE = 5
SPIKE = 3
"""A week by itself is a band when it holds more than so many times the few that wait before it."""
PER_ROOT, BANDS = 3, 10
"""A band holds at least so many times the square root of all persons, or so large a part of them if that is fewer.

The more bands, the more of each person is in them: their number grows with the root of the number of persons, so that
what one person adds to them falls with it.
"""


@dataclass(frozen=True)
class Rule:
    """A number rests on at least `few` persons and is rounded to a multiple of `base`; bands of many are `coarse`.

    >>> Rule.of(threshold=5, rounding=0)
    Rule(few=10, base=5, coarse=True)
    """

    few: int
    base: int
    coarse: bool = False

    @classmethod
    def of(cls, threshold: int, rounding: int) -> Rule:
        """The rule where printed counts are of at least `threshold` persons, or rounded to `rounding`."""
        base = max(LEAST_BASE, threshold, rounding)
        return cls(2 * base, base, coarse=True)

    def enough(self, persons: int) -> int:
        """How many a band holds of so many in all.

        >>> [Rule(10, 5).enough(persons) for persons in (50, 800, 40_000)]
        [10, 80, 600]
        """
        return max(self.few, int(min(PER_ROOT * persons**0.5, persons / BANDS)))

    def rounded(self, count: float) -> int:
        """To the nearest multiple of the base, halves up.

        >>> Rule(10, 5).rounded(12), Rule(10, 5).rounded(12.5)
        (10, 15)
        """
        return self.base * int(count / self.base + 0.5)


@dataclass(frozen=True)
class Band:
    """`count` events at `first` to `last`, both included; None: and everything after."""

    first: int
    last: int | None
    count: int


def banded(
    at: Ints, person: Ints, low: int, rule: Rule, *, fine: bool = False, spikes: bool = True
) -> tuple[Band, ...]:
    """Events at whole numbers from `low` on in bands that each hold at least `rule.few` persons, counts rounded.

    Where the rule is coarse a band of many holds more (`Rule.enough`), unless it is to be `fine`. What is left after
    the last full band is counted in it. Where a single number holds many more than the few that wait before it, those
    before are counted with it and theirs is a band of nought: so a planned length stays sharp (not without `spikes`).
    None where there are too few persons in all.

    >>> banded(np.array([0, 1, 2, 3, 3]), np.arange(5), 0, Rule(2, 1))
    (Band(first=0, last=1, count=2), Band(first=2, last=None, count=3))
    """
    enough = rule.few if fine or not rule.coarse else rule.enough(len(np.unique(person)))
    order = np.lexsort((person, at))
    at, person = at[order], person[order]
    before = _previous(person)
    found, start, waiting = list[Band](), low, 0
    sharp = False
    numbers, firsts = np.unique(at, return_index=True)
    for number, i, j in zip(numbers.tolist(), firsts.tolist(), [*firsts.tolist(), len(at)][1:], strict=True):
        together = int(np.count_nonzero(before[waiting:j] < waiting))
        alone = int(np.count_nonzero(before[i:j] < i))
        spike = spikes and alone >= rule.few and number > start and alone > SPIKE * (i - waiting)
        if spike:
            found.append(Band(start, number - 1, 0))
            start = number
        if not spike and alone >= enough and together - alone >= rule.few:  # those before are enough by themselves
            found.append(Band(start, number - 1, i - waiting))
            start, waiting = number, i
        if spike or together >= enough:
            found.append(Band(start, number, j - waiting))
            start, waiting, sharp = number + 1, j, spike
    return _rounded(_closed(found, len(at) - waiting, start, sharp=sharp), rule)


def _previous(person: Ints) -> Ints:
    """The row in which each row's person stood last, -1 where nowhere."""
    order = np.lexsort((np.arange(len(person)), person))
    again = np.zeros(len(person), np.bool_)
    again[1:] = person[order][1:] == person[order][:-1]
    before = np.full(len(person), -1, np.int64)
    before[order[1:]] = np.where(again[1:], order[:-1], -1)
    return before


def _closed(found: list[Band], left: int, start: int, *, sharp: bool) -> list[Band]:
    """The last band takes what is left, and everything after; after a sharp end nothing more is known."""
    if not found:
        return []
    last = replace(found[-1], count=found[-1].count + left)
    return [*found[:-1], last, Band(start, None, 0)] if sharp else [*found[:-1], replace(last, last=None)]


def _rounded(bands: Iterable[Band], rule: Rule) -> tuple[Band, ...]:
    def each() -> Iterator[Band]:
        total = said = 0
        for band in bands:
            total += band.count
            yield replace(band, count=rule.rounded(total) - said)
            said = rule.rounded(total)

    return tuple(each())


def cells(value: npt.NDArray[np.generic], person: Ints, rule: Rule) -> tuple[tuple[int, int], ...]:
    """Value numbers and their persons, rounded; values of fewer than `rule.few` persons are left out.

    >>> cells(np.array([0, 0, 1, 0]), np.array([7, 8, 9, 9]), Rule(2, 1))
    ((0, 3),)
    """
    pairs = np.unique(np.stack([np.asarray(value, np.int64), person]), axis=1)
    numbers, counts = np.unique(pairs[0], return_counts=True)
    return tuple((int(number), rule.rounded(int(count)))
                 for number, count in zip(numbers, counts, strict=True) if count >= rule.few)
