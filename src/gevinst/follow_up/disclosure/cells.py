"""Counts of persons and how they are bound to each other: cells, and relations in which parts make up a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """One count. `printed`: an edition shows it; else it can only be worked out from those that are.

    `sensitive`: a small value tells of a few persons (a number of comparisons made does not). `loss` is what a reader
    loses where it is hidden to protect another (None: the count itself). `grows`: a later edition counts the same
    persons and new ones, so that its count less the earlier one is of some; not so where a model chooses anew.
    """

    key: str
    value: int
    printed: bool = True
    sensitive: bool = True
    loss: float | None = None
    grows: bool = True

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

    `few`: that edition hid it as too few.
    """

    key: str
    low: int
    high: int | None
    few: bool = False

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
