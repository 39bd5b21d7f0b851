"""What an attacker can work out: the least and the largest value a hidden count may have, given all that is known.

He knows which numbers are printed, what the signs of the hidden ones say, and every relation: a system of equations in
whole numbers with bounds. Bounds are narrowed equation by equation, which is all there is to it where relations make no
rings. Else a value is possible where a solution in whole numbers has it: a corner of the linear system, or one found by
search. A value counts as possible only where such a solution is in hand, so what is called safe is safe.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from gevinst.follow_up.disclosure.cells import Relation
from gevinst.follow_up.disclosure.simplex import corner

Domain = tuple[int, int]
STEPS = 200
"""Steps of a search after which a value is taken as not possible."""
_TURNS = 40  # times an equation may narrow before the search takes over: rings may narrow by one at a time


@dataclass
class Attack:
    """What is known: the least and the largest of each count, and the relations. `truth` guides the search."""

    domains: Mapping[str, Domain]
    relations: Iterable[Relation]
    truth: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._relations = tuple(self.relations)
        self._of: dict[str, list[int]] = {key: [] for key in self.domains}
        for at, relation in enumerate(self._relations):
            for key in relation.keys:
                self._of[key].append(at)
        self._start = dict(self.domains)
        self.possible = self._narrow(self._start, range(len(self._relations)))

    def outer(self, key: str) -> Domain:
        """Bounds from narrowing alone: never too tight, and exact where relations make no rings."""
        return self._start[key]

    def attains(self, key: str, value: int) -> bool:
        """Whether a solution with this value was found."""
        low, high = self._start[key]
        if not self.possible or not low <= value <= high:
            return False
        trial = {**self._start, key: (value, value)}
        if not self._narrow(trial, self._of[key]):
            return False
        if not self._has_rings(trial):
            return True
        found = self._corner(trial)
        return found is not None and (self._fits(found, trial) or self._solvable(trial))

    def bounds(self, key: str) -> Domain | None:
        """The exact least and largest value; None where there is no solution at all.

        >>> parts = Relation("all", ("a", "b"))
        >>> Attack({"all": (9, 9), "a": (1, 4), "b": (5, 99)}, [parts]).bounds("a")
        (1, 4)
        """
        low, high = self._start[key]
        least = next((value for value in range(low, high + 1) if self.attains(key, value)), None)
        if least is None:
            return None
        return least, next(value for value in range(high, least - 1, -1) if self.attains(key, value))

    def _has_rings(self, domains: Mapping[str, Domain]) -> bool:
        """Whether the relations between the counts that are still open make a ring."""
        group: dict[str, str] = {}

        def root(one: str) -> str:
            while group.setdefault(one, one) != one:
                one = group[one]
            return one

        for at, relation in enumerate(self._relations):
            for key in relation.keys:
                if domains[key][0] < domains[key][1]:
                    if root(f"{at}") == root(f"={key}"):
                        return True
                    group[root(f"{at}")] = root(f"={key}")
        return False

    def _corner(self, domains: Mapping[str, Domain]) -> dict[str, int] | None:
        """A corner of the linear system rounded to whole numbers; None where it has no solution at all."""
        place = {key: at for at, (key, (low, high)) in enumerate(
            (key, span) for key, span in domains.items() if span[0] < span[1]
        )}
        bonds = [one for one in self._relations if any(key in place for key in one.keys)]
        n = len(place)
        table, right = np.zeros((len(bonds) + n, 2 * n)), np.zeros(len(bonds) + n)
        for row, bond in enumerate(bonds):
            for key, sign in ((bond.whole, 1), *((part, -1) for part in bond.parts)):
                right[row] -= sign * domains[key][0]
                if key in place:
                    table[row, place[key]] += sign
        for key, at in place.items():  # what lies between a count's bounds, and what is left up to the higher one
            table[len(bonds) + at, [at, n + at]] = 1
            right[len(bonds) + at] = domains[key][1] - domains[key][0]
        found = corner(table, right)
        if found is None:
            return None
        return {key: low + (round(float(found[place[key]])) if key in place else 0)
                for key, (low, _) in domains.items()}

    def _fits(self, values: Mapping[str, int], domains: Mapping[str, Domain]) -> bool:
        """Whether the values lie within the bounds and all relations hold."""
        inside = all(low <= values[key] <= high for key, (low, high) in domains.items())
        return inside and all(
            values[one.whole] == sum(values[key] for key in one.parts) for one in self._relations
        )

    def _solvable(self, domains: dict[str, Domain]) -> bool:
        """Depth first, the true value first: a solution near the truth is soon found where there is one."""
        waiting, steps = [domains], 0
        while waiting and steps < STEPS:
            steps += 1
            now = waiting.pop()
            open_ = [key for key, (low, high) in now.items() if low < high]
            if not open_:
                return True
            key = min(open_, key=lambda one: now[one][1] - now[one][0])
            low, high = now[key]
            hint = min(max(self.truth.get(key, low), low), high)
            for part in ((low, hint - 1), (hint + 1, high), (hint, hint)):
                if part[0] <= part[1]:
                    trial = {**now, key: part}
                    if self._narrow(trial, self._of[key]):
                        waiting.append(trial)
        return False

    def _narrow(self, domains: dict[str, Domain], first: Iterable[int]) -> bool:
        """Narrow the bounds by each relation until nothing changes; False where a count has no value left."""
        queue = deque(first)
        queued, turns = set(queue), [0] * len(self._relations)
        while queue:
            at = queue.popleft()
            queued.discard(at)
            turns[at] += 1
            changed = _by_relation(self._relations[at], domains)
            if changed is None:
                return False
            for key in changed:
                for other in self._of[key]:
                    if other not in queued and (turns[other] < _TURNS or domains[key][0] == domains[key][1]):
                        queued.add(other)
                        queue.append(other)
        return True


def _by_relation(relation: Relation, domains: dict[str, Domain]) -> list[str] | None:
    """Narrow the cells of one relation; which were narrowed, or None where it cannot hold."""
    parts = [domains[key] for key in relation.parts]
    least, most = sum(low for low, _ in parts), sum(high for _, high in parts)
    low, high = domains[relation.whole]
    whole = max(low, least), min(high, most)
    if whole[0] > whole[1]:
        return None
    changed = [relation.whole] if whole != (low, high) else []
    domains[relation.whole] = whole
    for key, (low, high) in zip(relation.parts, parts, strict=True):
        new = max(low, whole[0] - (most - high)), min(high, whole[1] - (least - low))
        if new[0] > new[1]:
            return None
        if new != (low, high):
            domains[key] = new
            changed.append(key)
    return changed
