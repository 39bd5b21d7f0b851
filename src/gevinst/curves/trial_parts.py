"""Sums by replicate group in the making: cells, their trials and weights, and what is added up over them.

Used by `curves/trial_sums.py` alone; behind the person wall.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

GROUPS = 200


@dataclass(frozen=True)
class Contrast:
    """A figure of any shape for participants and for the counterfactual, with its influence `[group, ...]`."""

    actual: Floats
    without: Floats
    actual_influence: Floats
    without_influence: Floats


class Pair:
    """Sums by group of what participants had, of what stands in their cells for them, and of the latter's residuals."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.own, self.expected, self.residual = (np.zeros((GROUPS, *shape)) for _ in range(3))

    def at(self, weeks: list[int], reached: Flags) -> Pair:
        """The same at some weeks, with room for outcomes before them; nothing where a week is not reached."""
        cut = Pair((1, len(weeks)))
        for name, values in vars(self).items():
            getattr(cut, name)[:, 0] = values[:, weeks] * reached
        return cut


def share(outcome: Pair, one: Pair) -> Contrast:
    """Means per participant: the outcome's sums over the weights' own."""
    n, stood = one.own.sum(axis=0), one.expected.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        actual, without = outcome.own.sum(axis=0) / n, outcome.expected.sum(axis=0) / stood
        own = (outcome.own - actual * one.own) / n
        expected = (outcome.expected + outcome.residual - without * (one.expected + one.residual)) / stood
    return Contrast(actual, without, own, expected)


@dataclass(frozen=True)
class Cells:
    """Which cell each participant's trial and each comparator's trial of a chunk belongs to; both sorted."""

    own: Ints
    other: Ints
    count: int

    def of_own(self, values: Floats) -> Floats:
        """Summed by cell."""
        return by_cell(values, self.own, self.count)

    def of_others(self, values: Floats) -> Floats:
        """Summed by cell."""
        return by_cell(values, self.other, self.count)

    def contract(self, weights: Floats, cell: Ints, mean: Floats) -> Floats:
        """Each trial's weights `[week]` times its cell's means `[week, slot]`: `[trial, slot]`."""
        found = np.zeros((len(cell), mean.shape[2]))
        borders = np.searchsorted(cell, np.arange(self.count + 1))
        for number in range(self.count):
            rows = slice(borders[number], borders[number + 1])
            found[rows] = weights[rows] @ mean[number]
        return found


@dataclass(frozen=True)
class Part:
    """A chunk: its trials by arm, and their weights `[trial, week]`."""

    cells: Cells
    own: Ints
    other: Ints
    group: Ints
    asked: Floats  # participants the horizon and their cell let us follow
    own_weight: Floats  # the same with their own censoring weight
    stands_for: Floats  # the part of the participants each comparator stands for, lost or not
    weight: Floats  # the same with the censoring weight, 0 once lost
    starting: Floats  # participants by cell
    stretch: Floats

    def at(self, weeks: list[int]) -> Part:
        """The same at some weeks only."""
        names = ("asked", "own_weight", "stands_for", "weight", "starting")
        return replace(self, **{name: getattr(self, name)[:, weeks] for name in names})

    def credited(self, credit: Floats) -> Part:
        """Only so much of each participant `[participant, week]`, and of what stands in her cell for her."""
        asked = self.asked * credit
        starting = self.cells.of_own(asked)
        part = np.divide(starting, self.starting, out=np.zeros_like(starting), where=self.starting > 0)
        ours = part[self.cells.other]
        return replace(
            self,
            asked=asked,
            own_weight=self.own_weight * credit,
            stands_for=self.stands_for * ours,
            weight=self.weight * ours,
            starting=starting,
        )

    def add(self, pair: Pair, value: Flags, where: tuple[int | slice, ...] = ()) -> None:
        """Add an outcome, true or false by trial and week."""
        own, other = value[self.own], self.weight * value[self.other]
        mean = self.cells.of_others(other)
        np.divide(mean, self.starting, out=mean, where=self.starting > 0)
        groups = self.group[self.own]
        select = (slice(None), *where)
        add_by_group(pair.own[select], groups, self.own_weight * own)
        add_by_group(pair.expected[select], groups, self.asked * mean[self.cells.own])
        residual = (other - self.stands_for * mean[self.cells.other]) * self.stretch
        add_by_group(pair.residual[select], self.group[self.other], residual)


def by_cell(values: Floats, cell: Ints, count: int) -> Floats:
    """Rows summed by cell; `cell` is sorted, and cells may be empty."""
    summed = np.zeros((count, *values.shape[1:]))
    if len(cell):
        first = np.flatnonzero(np.concatenate(([True], np.diff(cell) > 0)))
        summed[cell[first]] = np.add.reduceat(values, first, axis=0)
    return summed


def add_by_group(target: Floats, group: Ints, values: Floats) -> None:
    """Rows added to their replicate group."""
    if not len(group):
        return
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    first = np.flatnonzero(np.concatenate(([True], np.diff(ordered) > 0)))
    target[ordered[first]] += np.add.reduceat(values[order], first, axis=0)


def add_slots(target: Floats, slot: Ints, there: Flags, values: Floats) -> None:
    """Trial-weeks added to the slot (year and kind) of their trial's row."""
    row, week = np.nonzero(there)
    slots = target.shape[1]
    added = np.bincount(row * slots + slot[row, week], values[row, week], target.size)
    target += added.reshape(target.shape)
