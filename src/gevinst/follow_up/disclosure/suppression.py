"""Which counts to hide: the small ones, and as few others as it takes so that no small one can be worked out.

Primary: a count of 1 to t - 1 persons, or a sum over so few. Secondary: further counts, with the least total, until an
attacker who knows all relations, all printed counts and what the signs say can narrow no small count beyond what its
sign says: 1 and t - 1
are both still possible. Ties go by the order of the cells. Counts of earlier editions are known and cannot be hidden.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gevinst.follow_up.disclosure.attacks import Attacks
from gevinst.follow_up.disclosure.bounds import Domain
from gevinst.follow_up.disclosure.cells import Cell, Relation, Said, System
from gevinst.follow_up.disclosure.counts import Counts, Hidden, Shown
from gevinst.follow_up.disclosure.rules import Rules

MOST_TRIED = 400
"""Sets of cells that are tried in order of their loss; beyond them cells are added one by one."""


def suppress(system: System, rules: Rules, *, secondary: bool = True) -> Counts:
    """The counts as they may be printed. `secondary=False` hides the small ones alone (to show what that is worth).

    >>> cells = (Cell("all", 40), Cell("a", 3), Cell("b", 12), Cell("c", 25))
    >>> found = suppress(System(cells, (Relation("all", ("a", "b", "c")),)), Rules())
    >>> {key: str(count) for key, count in found.shown.items()}
    {'all': '40', 'a': 'Hidden.FEW', 'b': 'Hidden.PROTECTS', 'c': '25'}
    """
    hidden: dict[str, Hidden] = {
        cell.key: Hidden.FEW for cell in system.cells if cell.printed and cell.small(rules)
    }
    if secondary:
        for part in _apart(system):
            hidden |= _chosen(part, rules)
    shown: dict[str, Shown] = {
        cell.key: hidden.get(cell.key, _printed(cell, rules)) for cell in system.cells if cell.printed
    }
    return Counts(shown, rules)


def _printed(cell: Cell, rules: Rules) -> int:
    return rules.printed(cell.value) if cell.sensitive else cell.value


def known_of(system: System, counts: Mapping[str, Shown], rules: Rules) -> dict[str, Domain]:
    """What an attacker knows of each count: its value, or what its sign says, or that it is not negative."""
    most = 2 * sum(cell.value for cell in system.cells) + sum(one.high or one.low for one in system.said)
    most += 10 * rules.threshold * (len(system.cells) + len(system.said) + 1)
    domains: dict[str, Domain] = {}
    for cell in system.cells:
        sign = counts[cell.key] if cell.printed else None
        if sign is Hidden.FEW:
            domains[cell.key] = cell.few(rules)
        elif isinstance(sign, int):
            domains[cell.key] = rules.behind(sign) if cell.sensitive else (sign, sign)
        else:
            low = {Hidden.PROTECTS: rules.threshold, Hidden.EITHER: 0 if rules.zeros else 1, None: 0}[sign]
            domains[cell.key] = (low, most)
    return domains | {one.key: (one.low, most if one.high is None else one.high) for one in system.said}


def _apart(system: System) -> list[System]:
    """The system in pieces that no relation joins."""
    keys = [*(cell.key for cell in system.cells), *(one.key for one in system.said)]
    piece = dict(zip(keys, keys, strict=True))

    def root(key: str) -> str:
        while piece[key] != key:
            key = piece[key]
        return key

    for relation in system.relations:
        for key in relation.parts:
            piece[root(key)] = root(relation.whole)
    found: dict[str, tuple[list[Cell], list[Relation], list[Said]]] = {}
    for cell in system.cells:
        found.setdefault(root(cell.key), ([], [], []))[0].append(cell)
    for one in system.said:
        found.setdefault(root(one.key), ([], [], []))[2].append(one)
    for relation in system.relations:
        found[root(relation.whole)][1].append(relation)
    return [System(tuple(cells), tuple(bonds), tuple(said)) for cells, bonds, said in found.values() if bonds]


@dataclass(frozen=True)
class _Task:
    """One piece and the rules. `blurred`: the signs do not tell the small counts from the others."""

    system: System
    rules: Rules
    blurred: bool = False

    @cached_property
    def few(self) -> frozenset[str]:
        """The printed cells that are hidden in any case."""
        return frozenset(cell.key for cell in self._small() if cell.printed)

    @cached_property
    def others(self) -> frozenset[str]:
        """The printed cells that may be hidden to protect another."""
        few = self.few
        return frozenset(
            cell.key for cell in self.system.cells
            if cell.printed and cell.key not in few and (cell.value >= self.rules.threshold or not cell.sensitive)
        )

    def _small(self) -> list[Cell]:
        return [cell for cell in self.system.cells if cell.small(self.rules)]

    def signs(self, hidden: frozenset[str]) -> dict[str, Hidden]:
        """The signs of the small cells and of those `hidden` beside them."""
        few, others = (Hidden.EITHER, Hidden.EITHER) if self.blurred else (Hidden.FEW, Hidden.PROTECTS)
        return dict.fromkeys(hidden, others) | dict.fromkeys(self.few, few)

    def attack(self, hidden: frozenset[str]) -> Attacks:
        """What is known where `hidden` are hidden beside the small ones."""
        shown: dict[str, Shown] = {cell.key: _printed(cell, self.rules) for cell in self.system.cells}
        truth = {cell.key: cell.value for cell in self.system.cells}
        return Attacks(known_of(self.system, shown | self.signs(hidden), self.rules), self.system.relations, truth)

    def ends(self) -> dict[str, Domain]:
        """The values that must stay possible, by sensitive cell: both ends of what a sign says."""
        mine = {cell.key: cell.open_span(self.rules) for cell in self._small()}
        tops = {one: one.high if one.open is None else one.open for one in self.system.said if one.few}
        return mine | {one.key: (one.low, top) for one, top in tops.items() if top is not None}

    def narrowed(self, hidden: frozenset[str], ends: Mapping[str, Domain]) -> list[str]:
        """The sensitive cells that can be narrowed where `hidden` are hidden."""
        attack = self.attack(hidden)
        return [key for key, span in ends.items() if not all(attack.attains(key, end) for end in span)]

    def reachable(self, ends: Mapping[str, Domain]) -> dict[str, Domain]:
        """The ends as far as they are possible where all is hidden; two values at least, else nothing can help.

        A whole of two small parts is at least two; and an earlier edition may have told a count.
        """
        attack, found = self.attack(self.others), dict[str, Domain]()
        for key, (low, high) in ends.items():
            least = max(low, attack.outer(key)[0])
            span = least, min(max(high, least + 1), attack.outer(key)[1])
            if span[0] < span[1] and all(attack.attains(key, end) for end in span):
                found[key] = span
        return found

    def boundary(self, hidden: frozenset[str], start: str) -> list[Cell]:
        """The printed cells that stand in a relation with an unknown one that `start` is bound to."""
        closed = self._printed - self.few - hidden
        seen, waiting, edge = {start}, [start], set[str]()
        while waiting:
            for relation in self._bonds.get(waiting.pop(), ()):
                edge |= {key for key in relation.keys if key in closed}
                fresh = [key for key in relation.keys if key not in closed and key not in seen]
                seen.update(fresh)
                waiting += fresh
        others = self.others
        return [cell for cell in self.system.cells if cell.key in edge and cell.key in others]

    @cached_property
    def _printed(self) -> frozenset[str]:
        """What is printed where nothing is hidden, now or in an earlier edition."""
        known = {one.key for one in self.system.said if one.known}
        return frozenset({cell.key for cell in self.system.cells if cell.printed} | known)

    @cached_property
    def _bonds(self) -> dict[str, list[Relation]]:
        found: dict[str, list[Relation]] = {}
        for relation in self.system.relations:
            for key in relation.keys:
                found.setdefault(key, []).append(relation)
        return found


def _chosen(system: System, rules: Rules) -> dict[str, Hidden]:
    """The cells of one piece that are hidden, with their signs."""
    task = _Task(system, rules)
    ends = task.ends()
    if not ends:
        return {}
    if task.narrowed(task.others, ends):
        task = replace(task, blurred=True)
        ends = task.reachable(ends)
    hidden = frozenset[str]()
    for key in task.narrowed(hidden, ends):  # who is protected stays so, whatever is hidden further
        if task.narrowed(hidden, {key: ends[key]}):
            hidden = _protected(task, hidden, key, ends[key])
    return task.signs(_needed(task, hidden, ends))


def _protected(task: _Task, hidden: frozenset[str], key: str, span: Domain) -> frozenset[str]:
    """The cheapest set with which `key` is no longer narrowed; sets are tried in the order of what they lose."""
    order = {cell.key: at for at, cell in enumerate(task.system.cells)}
    heap: list[tuple[float, list[int], frozenset[str]]] = [(0.0, [], hidden)]
    seen = {hidden}
    for tried in range(MOST_TRIED):
        cost, places, now = heapq.heappop(heap)
        if tried and not task.narrowed(now, {key: span}):
            return now
        for cell in task.boundary(now, key):
            further = now | {cell.key}
            if further not in seen:
                seen.add(further)
                heapq.heappush(heap, (cost + cell.cost, sorted([*places, order[cell.key]]), further))
    return _one_by_one(task, hidden, key, span)


def _one_by_one(task: _Task, hidden: frozenset[str], key: str, span: Domain) -> frozenset[str]:
    """Hide the cheapest cell at hand until it is enough."""
    while task.narrowed(hidden, {key: span}):
        hidden |= {min(task.boundary(hidden, key), key=lambda cell: cell.cost).key}
    return hidden


def _needed(task: _Task, hidden: frozenset[str], ends: Mapping[str, Domain]) -> frozenset[str]:
    """Those of the hidden cells that are needed, the dearest tried first; only what a cell is bound to can need it."""
    dearest = sorted((cell for cell in task.system.cells if cell.key in hidden), key=lambda cell: -cell.cost)
    for cell in dearest:
        near = task.attack(hidden).bound_to(cell.key)
        mine = {key: span for key, span in ends.items() if key in near}
        if len(hidden) > 1 and not task.narrowed(hidden - {cell.key}, mine):
            hidden -= {cell.key}
    return hidden
