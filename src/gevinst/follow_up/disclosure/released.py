"""What an edition said, kept beside it as `counts.json`, so that a later one does not give away what it hid.

The file holds what is printed and nothing else: numbers, signs, relations, and the steps of the curves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.bounds import Attack, Domain
from gevinst.follow_up.disclosure.cells import Cell, Relation, Said, System
from gevinst.follow_up.disclosure.counts import Hidden, Shown
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.steps import Step, Steps

FILE = "counts.json"
FORMAT = 2


@dataclass(frozen=True)
class Released:
    """The counts an edition of a portfolio said, with their relations; `unprinted` can only be worked out.

    `curves` are the steps of each curve by investment, outcome and place; `most` is what one person can have of a sum.
    """

    portfolio: str = ""
    counts: Mapping[str, Shown] = field(default_factory=dict)
    unprinted: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    curves: Mapping[str, Steps] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    most: Mapping[str, int] = field(default_factory=dict)

    def said(self, key: str) -> tuple[int, int | None]:
        """The least and the largest a count can be by what was said of it."""
        sign = self.counts.get(key)
        if isinstance(sign, int):
            return self.rules.behind(sign)
        if sign is Hidden.FEW:
            return 0 if self.rules.zeros else 1, (self.rules.threshold - 1) * self.most.get(key, 1)
        if sign is Hidden.PROTECTS:
            return self.rules.threshold, None
        return 1 if sign is Hidden.EITHER and not self.rules.zeros else 0, None


def as_json(released: Released) -> dict[str, object]:
    """What is written; a hidden count is its sign, in words of the program."""
    rules = released.rules
    return {
        "format": FORMAT,
        "portfolio": released.portfolio,
        "threshold": rules.threshold,
        "noughts_hidden": rules.zeros,
        "rounding": rules.rounding,
        "midpoint": rules.midpoint,
        "counts": {key: one.value if isinstance(one, Hidden) else one for key, one in released.counts.items()},
        "one_person_at_most": dict(released.most),
        "unprinted": list(released.unprinted),
        "relations": [{"whole": one.whole, "parts": list(one.parts)} for one in released.relations],
        "curves": {key: [[step.week, step.share, step.of] for step in steps.values()]
                   for key, steps in released.curves.items()},
    }


def from_json(kept: Mapping[str, Any]) -> Released:
    """What was written; raises `KeyError`, `TypeError` or `ValueError` where it is not that."""
    if kept["format"] > FORMAT:
        raise ValueError(kept["format"])
    rules = Rules(int(kept["threshold"]), bool(kept["noughts_hidden"]), rounding=int(kept["rounding"]),
                  midpoint=bool(kept["midpoint"]))
    return Released(
        str(kept["portfolio"]),
        {key: one if isinstance(one, int) else Hidden(one) for key, one in kept["counts"].items()},
        tuple(kept["unprinted"]),
        tuple(Relation(one["whole"], tuple(one["parts"])) for one in kept["relations"]),
        {key: {int(week): Step(int(week), float(share), int(of)) for week, share, of in steps}
         for key, steps in kept["curves"].items()},
        rules,
        {key: int(most) for key, most in kept.get("one_person_at_most", {}).items()},
    )


def earlier_editions(editions: Path, portfolio: str) -> tuple[Released, ...]:
    """What the editions in a folder said of a portfolio, by their names; raises `disclosure.earlier-unreadable`."""
    found = []
    for file in sorted(editions.glob(f"*/{FILE}")):
        try:
            released = from_json(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as fault:
            raise GevinstError("disclosure.earlier-unreadable", where=str(file)) from fault
        if released.portfolio == portfolio and released not in found:
            found.append(released)
    return tuple(found)


def with_earlier(system: System, earlier: Iterable[Released], rules: Rules) -> System:
    """The counts together with what earlier editions said of them.

    A count that both have is bound: the same where it did not change, or grown or shrunk by a number that must not be
    small either. Of one that was hidden before it is taken to be the same, or else to have grown, as far as that fits
    what that edition said: that is what a reader would try.
    """
    cells, relations, said = list(system.cells), list(system.relations), list[Said]()
    now = {cell.key: cell for cell in system.cells}
    for at, one in enumerate(earlier):
        old = f"@{at}/"
        keys = {*one.counts, *one.unprinted}
        bonds = [bond for bond in one.relations if {*bond.keys} <= keys]
        spans = {key: one.said(key) for key in (*one.counts, *one.unprinted)}
        bound = {key for bond in bonds for key in bond.keys if spans[key][0] != spans[key][1]}
        bonds = [bond for bond in bonds if bound & {*bond.keys}]
        joined, new = _joined(system, one, bonds, old, rules)
        cells += new
        relations += [Relation(old + bond.whole, tuple(old + part for part in bond.parts)) for bond in bonds]
        relations += joined
        there = {key for bond in bonds for key in bond.keys} | {
            key.removeprefix(old) for bond in joined for key in bond.keys if key.startswith(old)
        }
        said += [Said(old + key, low, high, one.counts.get(key) is Hidden.FEW, _open(now.get(key), high, rules))
                 for key, (low, high) in spans.items() if key in there]
    return System(tuple(cells), tuple(relations), tuple(said))


def _joined(
    system: System, one: Released, bonds: list[Relation], old: str, rules: Rules
) -> tuple[list[Relation], list[Cell]]:
    """How the counts of an earlier edition are bound to those of now, and by how much they changed."""
    joined: list[Relation] = []
    changes: list[Cell] = []
    assumed: dict[str, Domain] = {}
    for cell in system.cells:
        sign = one.counts.get(cell.key)
        if sign is None:
            continue
        if isinstance(sign, int) and one.rules.rounding < 2:
            if sign == cell.value:
                joined.append(Relation(cell.key, (old + cell.key,)))
            elif rules.growth and cell.grows:
                changes.append(_change(f"{old}change/{cell.key}", abs(cell.value - sign), cell))
                whole, part = (cell.key, old + cell.key) if cell.value > sign else (old + cell.key, cell.key)
                joined.append(Relation(whole, (part, changes[-1].key)))
        elif isinstance(sign, Hidden):
            for grown in (False, True) if cell.grows else (False,):
                span = (one.said(cell.key)[0] if grown else cell.value, cell.value)
                if _fits(one, bonds, {**assumed, cell.key: span}):
                    assumed[cell.key] = span
                    more = [Cell(f"{old}change/{cell.key}", 0, printed=False, sensitive=False)] if grown else []
                    joined.append(Relation(cell.key, (old + cell.key, *(one.key for one in more))))
                    changes += more
                    break
    return joined, changes


def _open(cell: Cell | None, high: int | None, rules: Rules) -> int:
    """Up to what an earlier hidden count must stay possible: a sum as far as the one of now must."""
    least = rules.threshold - 1 if cell is None else cell.open_span(rules)[1]
    return least if high is None else min(least, high)


def _change(key: str, change: int, cell: Cell) -> Cell:
    """By how much a count has changed, as of the fewest persons who can have changed it so much."""
    if cell.persons is None:
        return Cell(key, change, printed=False, sensitive=cell.sensitive)
    return Cell(key, change, printed=False, sensitive=cell.sensitive, persons=-(-change // cell.by_one),
                most=cell.by_one)


def _fits(one: Released, bonds: list[Relation], assumed: Mapping[str, Domain]) -> bool:
    """Whether what is assumed of some counts agrees with what was said of all of them."""
    most = 10 * sum(count for count in one.counts.values() if isinstance(count, int)) + 10_000
    domains: dict[str, Domain] = {}
    for key in {*one.counts, *one.unprinted}:
        low, high = one.said(key)
        domains[key] = (low, most if high is None else high)
    for key, (low, high) in assumed.items():
        span = max(low, domains[key][0]), min(high, domains[key][1])
        if span[0] > span[1]:
            return False
        domains[key] = span
    attack = Attack(domains, bonds)
    return attack.possible and all(attack.attains(key, span[1]) for key, span in assumed.items() if span[0] == span[1])
