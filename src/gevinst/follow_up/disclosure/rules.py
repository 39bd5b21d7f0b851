"""The rules of what may be printed: how many persons at least, how far a few may dominate, how counts are rounded.

A municipality follows one of three sets; each can be made stricter by a setting, never looser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gevinst.settings import SmallCellRules


@dataclass(frozen=True)
class Rules:
    """What may be printed.

    A count of 1 to `threshold` - 1 persons may not; nor may nought, where `zeros` says so. `dominance` (n, k): the n
    largest may not make up more than the share k of a sum; `p_ratio`: a sum less its two largest parts is at least
    this share of the largest. `rounding` is the base that printed counts are rounded to (0: not at all), with
    `midpoint` to the middle of each run of that many numbers. `growth`: a count that grew by fewer than the threshold
    since an earlier edition would tell how many, and is hidden.
    """

    threshold: int = 5
    zeros: bool = False
    dominance: tuple[int, float] | None = None
    p_ratio: float | None = None
    rounding: int = 0
    midpoint: bool = False
    growth: bool = True

    def is_small(self, count: int) -> bool:
        """Whether a count of persons may not be printed.

        >>> [count for count in range(7) if Rules().is_small(count)]
        [1, 2, 3, 4]
        """
        return 0 < count < self.threshold or (self.zeros and count == 0)

    def printed(self, count: int) -> int:
        """A count as it is printed; no number above nought becomes nought.

        >>> [Rules(rounding=5).printed(count) for count in (0, 7, 8)]
        [0, 5, 10]
        >>> [Rules(rounding=6, midpoint=True).printed(count) for count in (6, 7)]
        [3, 9]
        """
        base = self.rounding
        if base < 2 or count == 0:
            return count
        if self.midpoint:
            return -(-count // base) * base - base // 2
        return max((2 * count + base) // (2 * base), 1) * base

    def behind(self, printed: int) -> tuple[int, int]:
        """The least and the largest count that is printed so; what is small is never printed at all.

        >>> Rules(rounding=5).behind(10), Rules(rounding=6, midpoint=True).behind(9), Rules().behind(9)
        ((8, 12), (7, 12), (9, 9))
        """
        base = self.rounding
        if base < 2 or printed == 0:
            return printed, printed
        high = printed + (base // 2 if self.midpoint else (base - 1) // 2)
        low = high - base + 1 if printed > base or self.midpoint else 0
        return max(low, self.threshold), high


_SETS: Mapping[SmallCellRules, Callable[[int, int], Rules]] = {
    "standard": lambda threshold, rounding: Rules(threshold, rounding=rounding),
    "acro": lambda threshold, rounding: Rules(max(threshold, 10), True, (2, 0.9), 0.1, rounding),
    "opensafely": lambda threshold, rounding: Rules(max(threshold, 8), rounding=max(rounding, 6), midpoint=True),
}


def rules_of(name: SmallCellRules = "standard", threshold: int = 5, rounding: int = 0) -> Rules:
    """The rules of a set, with the installation's own threshold and rounding where they are stricter.

    `acro`: at least 10 persons, noughts hidden, (2, 90 %) dominance and the 10 % rule, as the defaults of SACRO's ACRO.
    `opensafely`: counts up to 7 hidden and the others rounded to the middle of each run of 6 ("midpoint 6").

    >>> rules_of("acro").threshold, rules_of("opensafely").printed(38)
    (10, 39)
    """
    return _SETS[name](threshold, rounding)
