"""A count as it may be printed: the number itself, or the sign of why it is not there.

`Counts` is what every builder of an edition asks for its counts; it holds no number that may not be printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from gevinst.follow_up.disclosure.rules import Rules


class Hidden(Enum):
    """Why a count is not printed: it is of too few persons, or another could be worked out from it.

    `EITHER` does not tell which, where telling it would give counts away: 1 + 1 + 1 + 1 is the only way of four few.
    """

    FEW = "few"
    PROTECTS = "protects"
    EITHER = "either"


Shown = int | Hidden
"""A count as it may be printed."""


def maybe_few(count: Shown) -> bool:
    """Whether a count is hidden without saying that it is not of too few.

    >>> [maybe_few(count) for count in (5, Hidden.PROTECTS, Hidden.FEW, Hidden.EITHER)]
    [False, False, True, True]
    """
    return isinstance(count, Hidden) and count is not Hidden.PROTECTS


@dataclass(frozen=True)
class Counts:
    """The counts of an edition by name, as they may be printed; asking for one that is not known is a `KeyError`.

    >>> counts = Counts({"1/participants": 152, "1/outside_support": Hidden.FEW})
    >>> counts["1/participants"], counts["1/outside_support"]
    (152, <Hidden.FEW: 'few'>)
    """

    shown: Mapping[str, Shown] = field(default_factory=lambda: MappingProxyType({}))
    rules: Rules = field(default_factory=Rules)

    def __getitem__(self, key: str) -> Shown:
        return self.shown[key]

    def alone(self, count: int) -> Shown:
        """A count that is bound to no other."""
        return Hidden.FEW if self.rules.is_small(count) else self.rules.printed(count)
