"""An attack on a large system, piece by piece: what is printed parts what lies on one side of it from the other.

A relation between two counts of which one is printed says nothing further of the other, so that bounds are looked for
among the counts that are still open and bound to each other, and only there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from gevinst.follow_up.disclosure.bounds import Attack, Domain
from gevinst.follow_up.disclosure.cells import Relation


class Attacks:
    """What is known (see `Attack`), and the bounds of one count at a time.

    >>> known = {"all": (9, 9), "a": (1, 4), "b": (5, 99), "x": (3, 3), "y": (3, 3)}
    >>> attacks = Attacks(known, [Relation("all", ("a", "b")), Relation("x", ("y",))], {})
    >>> attacks.attains("a", 4), sorted(attacks.bound_to("a"))
    (True, ['a', 'b'])
    """

    def __init__(self, known: Mapping[str, Domain], relations: Sequence[Relation], truth: Mapping[str, int]) -> None:
        self._known, self._relations, self._truth = known, relations, truth
        self._made: dict[int, Attack] = {}

    def attains(self, key: str, value: int) -> bool:
        """Whether a solution with this value was found."""
        return self._attack(key).attains(key, value)

    def outer(self, key: str) -> Domain:
        """Bounds from narrowing alone.

        >>> parts = Relation("all", ("a", "b"))
        >>> Attacks({"all": (9, 9), "a": (1, 4), "b": (5, 99)}, [parts], {}).outer("b")
        (5, 8)
        """
        return self._known[key] if self._piece(key) < 0 else self._attack(key).outer(key)

    def bound_to(self, key: str) -> set[str]:
        """The open counts of its piece, itself among them."""
        return self._pieces[1][self._piece(key)][0]

    def _piece(self, key: str) -> int:
        return self._pieces[0].get(key, -1)

    def _attack(self, key: str) -> Attack:
        piece = self._piece(key)
        if piece not in self._made:
            relations = self._pieces[1][piece][1]
            keys = {key, *(other for one in relations for other in one.keys)}
            self._made[piece] = Attack({other: self._known[other] for other in keys}, relations, self._truth)
        return self._made[piece]

    @cached_property
    def _pieces(self) -> tuple[dict[str, int], dict[int, tuple[set[str], list[Relation]]]]:
        """The piece of each open count; of each piece its open counts and its relations."""
        root: dict[str, str] = {}

        def head(key: str) -> str:
            while root.setdefault(key, key) != key:
                root[key] = root[root[key]]
                key = root[key]
            return key

        open_ = [[key for key in one.keys if self._known[key][0] < self._known[key][1]] for one in self._relations]
        for keys in open_:
            for key in keys[1:]:
                root[head(key)] = head(keys[0])
        number: dict[str, int] = {}
        found: dict[int, tuple[set[str], list[Relation]]] = {-1: (set(), [])}
        for keys, relation in zip(open_, self._relations, strict=True):
            if keys:
                mine = found.setdefault(number.setdefault(head(keys[0]), len(number)), (set(), []))
                mine[0].update(keys)
                mine[1].append(relation)
        return {key: number[head(key)] for keys in open_ for key in keys}, found
