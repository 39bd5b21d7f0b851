"""Counts and sums of persons and how they are bound to each other: cells, and relations of parts and their whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gevinst.follow_up.disclosure.rules import Rules


@dataclass(frozen=True)
class Cell:
    """One count. `printed`: an edition shows it; else it can only be worked out from those that are.

    `sensitive`: a small value tells of a few persons (a number of comparisons made does not). `loss` is what a reader
    loses where it is hidden to protect another (None: the count itself). `grows`: a later edition counts the same
    persons and new ones, so that its count less the earlier one is of some; not so where a model chooses anew.

    A sum, as of weeks, has the number of `persons` behind it, and `most` is what one of them can have of it at most:
    it is small where they are few, however large it is. `by_one` is how much of a change from one edition to the next
    is taken to be one person's.
    """

    key: str
    value: int
    printed: bool = True
    sensitive: bool = True
    loss: float | None = None
    grows: bool = True
    persons: int | None = None
    most: int = 1
    by_one: int = 1

    def small(self, rules: Rules) -> bool:
        """Whether it may not be printed.

        >>> Cell("", 60, persons=2, most=53).small(Rules()), Cell("", 60).small(Rules())
        (True, False)
        """
        return self.sensitive and rules.is_small(self.value if self.persons is None else self.persons)

    def few(self, rules: Rules) -> tuple[int, int]:
        """The least and the largest it can be where it is called one of too few.

        >>> Cell("", 60, persons=2, most=53).few(Rules()), Cell("", 3).few(Rules())
        ((1, 212), (1, 4))
        """
        return 0 if rules.zeros else 1, (rules.threshold - 1) * self.most

    def open_span(self, rules: Rules) -> tuple[int, int]:
        """The values that must stay possible where it is hidden: both ends, or of a sum up to twice what it is.

        >>> Cell("", 60, persons=2, most=53).open_span(Rules()), Cell("", 3).open_span(Rules())
        ((1, 124), (1, 4))
        """
        low, high = self.few(rules)
        return low, min(high, 2 * self.value + rules.threshold - 1)

    @property
    def cost(self) -> float:
        """What is lost where it is hidden."""
        return float(self.value) if self.loss is None else self.loss


@dataclass(frozen=True)
class Relation:
    """`whole` is the sum of `parts`."""

    whole: str
    parts: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All cells it binds."""
        return (self.whole, *self.parts)


@dataclass(frozen=True)
class Said:
    """What is known of a count from an earlier edition: at least `low`, at most `high` (None: nothing).

    `few`: that edition hid it as too few; values up to `open` must stay possible then (None: up to `high`).
    """

    key: str
    low: int
    high: int | None
    few: bool = False
    open: int | None = None

    @property
    def known(self) -> bool:
        """Whether the count itself was printed."""
        return self.low == self.high


@dataclass(frozen=True)
class System:
    """The counts of an edition and their relations; `said` are those of earlier editions, bound by relations too."""

    cells: tuple[Cell, ...] = ()
    relations: tuple[Relation, ...] = ()
    said: tuple[Said, ...] = field(default=())


def united(systems: Iterable[System]) -> System:
    """Several systems as one; a cell that stands in two is the same cell."""
    cells: dict[str, Cell] = {}
    relations: dict[Relation, None] = {}
    said: dict[str, Said] = {}
    for system in systems:
        cells |= {cell.key: cell for cell in system.cells}
        relations |= dict.fromkeys(system.relations)
        said |= {one.key: one for one in system.said}
    return System(tuple(cells.values()), tuple(relations), tuple(said.values()))
