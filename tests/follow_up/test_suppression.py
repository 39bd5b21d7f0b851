"""The engine against brute force: every table that an attacker cannot rule out is written out and looked through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product

import numpy as np
import pytest

from gevinst.follow_up.disclosure.bounds import Attack, Domain
from gevinst.follow_up.disclosure.cells import Cell, Relation, Said, System
from gevinst.follow_up.disclosure.counts import Counts, Hidden, Shown
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.suppression import known_of, suppress

RULES = Rules(threshold=3)


def solutions(domains: Mapping[str, Domain], relations: tuple[Relation, ...]) -> Iterator[dict[str, int]]:
    """Every assignment within the bounds that fits all relations."""
    keys = list(domains)
    for values in product(*(range(low, high + 1) for low, high in domains.values())):
        found = dict(zip(keys, values, strict=True))
        if all(found[one.whole] == sum(found[key] for key in one.parts) for one in relations):
            yield found


def crossed(rows: list[list[int]]) -> System:
    """A table with its margins and its total."""
    height, width = len(rows), len(rows[0])
    cells = [Cell(f"{r}{c}", rows[r][c]) for r in range(height) for c in range(width)]
    cells += [Cell(f"r{r}", sum(rows[r])) for r in range(height)]
    cells += [Cell(f"c{c}", sum(row[c] for row in rows)) for c in range(width)]
    cells.append(Cell("all", sum(map(sum, rows))))
    relations = [Relation(f"r{r}", tuple(f"{r}{c}" for c in range(width))) for r in range(height)]
    relations += [Relation(f"c{c}", tuple(f"{r}{c}" for r in range(height))) for c in range(width)]
    relations.append(Relation("all", tuple(f"r{r}" for r in range(height))))
    relations.append(Relation("all", tuple(f"c{c}" for c in range(width))))
    return System(tuple(cells), tuple(relations))


def possible(system: System, counts: Mapping[str, Shown], rules: Rules, most: int) -> dict[str, set[int]]:
    """The values each count has among all tables up to `most` in a cell that an attacker cannot rule out."""
    known = known_of(system, counts, rules)
    wholes = {one.whole for one in system.relations}
    inner = [key for key in known if key not in wholes]
    spans = [np.arange(known[key][0], min(known[key][1], most) + 1) for key in inner]
    values = dict(zip(inner, (axis.ravel() for axis in np.meshgrid(*spans, indexing="ij")), strict=True))
    fits = np.ones(len(values[inner[0]]), bool)
    for one in system.relations:  # margins come after the cells, and the total after the margins
        total = np.sum([values[part] for part in one.parts], axis=0)
        fits &= (values.setdefault(one.whole, total) == total) & (known[one.whole][0] <= total)
        fits &= total <= known[one.whole][1]
    assert fits.any(), "the truth fits"
    return {key: set(found[fits].tolist()) for key, found in values.items()}


def table_of(seed: int) -> System:
    draw = np.random.default_rng(seed)
    return crossed(draw.choice((0, 1, 2, 3, 4, 6), (2, 3)).tolist())


@pytest.mark.parametrize("seed", range(30))
def test_bounds_are_those_of_all_tables_that_fit(seed: int) -> None:
    draw = np.random.default_rng(seed)
    system = crossed(draw.integers(0, 4, (2, 2)).tolist())
    truth = {cell.key: cell.value for cell in system.cells}
    unknown = set(draw.choice(sorted(truth), draw.integers(2, 6), replace=False).tolist())
    domains = {key: (0, 12) if key in unknown else (value, value) for key, value in truth.items()}
    every = list(solutions(domains, system.relations))
    attack = Attack(domains, system.relations, truth)
    for key in truth:
        values = {one[key] for one in every}
        assert attack.bounds(key) == (min(values), max(values))
        assert all(attack.attains(key, value) == (value in values) for value in range(13))
        assert attack.outer(key)[0] <= min(values)
        assert attack.outer(key)[1] >= max(values)


def test_what_cannot_be_has_no_bounds() -> None:
    attack = Attack({"all": (3, 3), "a": (2, 9), "b": (2, 9)}, [Relation("all", ("a", "b"))])
    assert not attack.possible
    assert attack.bounds("a") is None


def test_a_ring_that_narrows_one_by_one_is_settled_by_the_search() -> None:
    domains = {"x": (0, 5_000), "y": (0, 5_000), "one": (1, 1)}
    ring = [Relation("x", ("y", "one")), Relation("y", ("x", "one"))]
    assert Attack(domains, ring).bounds("x") is None


@pytest.mark.parametrize("seed", range(40))
def test_no_small_count_of_a_random_table_can_be_narrowed(seed: int) -> None:
    system = table_of(seed)
    counts = suppress(system, RULES).shown
    found = possible(system, counts, RULES, 8)
    for cell in system.cells:
        if RULES.is_small(cell.value):
            assert counts[cell.key] in (Hidden.FEW, Hidden.EITHER)
            assert found[cell.key] >= {1, 2} if counts[cell.key] is Hidden.FEW else len(found[cell.key]) > 1
        elif isinstance(counts[cell.key], int):
            assert counts[cell.key] == cell.value


def test_without_secondary_suppression_most_such_tables_give_counts_away() -> None:
    told = 0
    for seed in range(40):
        system = table_of(seed)
        found = possible(system, suppress(system, RULES, secondary=False).shown, RULES, 8)
        told += any(len(found[cell.key]) == 1 for cell in system.cells if RULES.is_small(cell.value))
    assert told >= 30


@pytest.mark.parametrize("seed", range(30))
def test_what_is_hidden_is_the_least_there_is(seed: int) -> None:
    """One whole and its parts: no other set of counts that is safe loses less."""
    draw = np.random.default_rng(seed)
    values = draw.choice((0, 1, 2, 4, 7, 9, 12), 5).tolist()
    cells = (Cell("all", sum(values)), *(Cell(f"p{at}", value) for at, value in enumerate(values)))
    system = System(cells, (Relation("all", tuple(cell.key for cell in cells[1:])),))
    found = suppress(system, Rules()).shown
    lost = sum(cell.value for cell in cells if found[cell.key] is Hidden.PROTECTS)
    small = [cell for cell in cells if Rules().is_small(cell.value)]
    if not small:
        assert lost == 0
        return
    candidates = [cell for cell in cells if cell.value >= 5]
    for size in range(len(candidates) + 1):
        for chosen in combinations(candidates, size):
            if sum(cell.value for cell in chosen) >= lost:
                continue
            counts: dict[str, Shown] = {cell.key: cell.value for cell in cells}
            counts |= {cell.key: Hidden.FEW for cell in small} | {cell.key: Hidden.PROTECTS for cell in chosen}
            attack = Attack(known_of(system, counts, Rules()), system.relations)
            assert any(attack.bounds(cell.key) != (1, 4) for cell in small), "cheaper, and safe"


def test_two_small_parts_of_a_known_whole_are_enough_only_where_they_leave_room() -> None:
    def of(*parts: int) -> Counts:
        cells = [Cell(str(at), count) for at, count in enumerate(parts)]
        whole = Cell("all", sum(parts))
        return suppress(System((whole, *cells), (Relation("all", tuple(cell.key for cell in cells)),)), Rules())

    assert list(of(3, 2, 40).shown.values()) == [45, Hidden.FEW, Hidden.FEW, 40]
    assert list(of(4, 4, 40).shown.values()) == [48, Hidden.FEW, Hidden.FEW, Hidden.PROTECTS], "8 can only be 4 and 4"


def test_a_difference_that_nobody_prints_is_protected_too() -> None:
    cells = (Cell("target", 100, loss=1), Cell("rest", 97), Cell("took part", 3, printed=False))
    system = System(cells, (Relation("target", ("rest", "took part")),))
    assert dict(suppress(system, Rules()).shown) == {"target": Hidden.PROTECTS, "rest": 97}
    assert dict(suppress(system, Rules(), secondary=False).shown) == {"target": 100, "rest": 97}


def test_what_an_earlier_edition_said_is_known() -> None:
    said = (Said("old:all", 20, 20), Said("old:a", 1, 4, few=True), Said("old:b", 5, None))
    relations = (Relation("old:all", ("old:a", "old:b")), Relation("b", ("old:b",)), Relation("all", ("a", "b")))
    cells = (Cell("all", 24), Cell("a", 7), Cell("b", 17))
    found = suppress(System(cells, relations, said), Rules()).shown
    assert Hidden.PROTECTS in (found["b"], found["a"], found["all"])
    assert found["b"] is Hidden.PROTECTS
    assert sum(isinstance(count, int) for count in found.values()) == 1, "nor may it be had from the two others"


def test_what_nothing_can_protect_costs_nothing_else() -> None:
    said = (Said("old:all", 9, 9), Said("old:b", 6, 6))
    cells = (Cell("few", 3, printed=False), Cell("other", 50))
    relations = (Relation("old:all", ("old:b", "few")), Relation("other", ("other",)))
    assert dict(suppress(System(cells, relations, said), Rules()).shown) == {"other": 50}


def test_ties_go_by_order_and_nothing_depends_on_chance() -> None:
    cells = (Cell("all", 27), Cell("a", 3), Cell("b", 12), Cell("c", 12))
    system = System(cells, (Relation("all", ("a", "b", "c")),))
    for _ in range(3):
        assert suppress(system, Rules()).shown["b"] is Hidden.PROTECTS
        assert suppress(system, Rules()).shown["c"] == 12


def test_noughts_are_hidden_where_the_rules_say_so() -> None:
    cells = (Cell("all", 40), Cell("a", 0), Cell("b", 15), Cell("c", 25))
    system = System(cells, (Relation("all", ("a", "b", "c")),))
    assert Hidden.PROTECTS not in suppress(system, Rules()).shown.values()
    found = suppress(system, Rules(threshold=10, zeros=True)).shown
    assert (found["a"], found["c"]) == (Hidden.FEW, Hidden.PROTECTS), "15 less at least 10 would tell of at most 5"


def test_rounded_counts_may_already_leave_room() -> None:
    cells = (Cell("all", 40), Cell("a", 3), Cell("b", 12), Cell("c", 25))
    system = System(cells, (Relation("all", ("a", "b", "c")),))
    found = suppress(system, Rules(threshold=4, rounding=6, midpoint=True)).shown
    assert dict(found) == {"all": 39, "a": Hidden.FEW, "b": 9, "c": 27}


@pytest.mark.parametrize(
    "rules", [Rules(rounding=5), Rules(rounding=4), Rules(8, rounding=6, midpoint=True), Rules(rounding=20)]
)
def test_what_may_lie_behind_a_rounded_count_is_what_rounds_to_it(rules: Rules) -> None:
    for count in range(rules.threshold, 80):
        low, high = rules.behind(rules.printed(count))
        assert low <= count <= high
        assert {rules.printed(one) for one in range(low, high + 1)} == {rules.printed(count)}
        assert rules.printed(high + 1) != rules.printed(count)
