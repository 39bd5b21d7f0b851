"""From a figure on a page to its ladder and back: what is linked where, for the one renderer that can link.

A ladder stands once, at the end of the page; each figure leads to it, and it leads back to every table and section that
prints the figure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gevinst.follow_up.figure_ids import nearest
from gevinst.report.tree import Cell, Ladder, Ladders, Link
from gevinst.trace import Step

_ANCHOR = "f/"
_WHOSE = re.compile(r", (?:investering|investment|alle investeringer|all investments)\b")


@dataclass(frozen=True)
class Part:
    """A piece of a text: its letters, the ladder they lead to (empty: none), and the anchor that leads back here."""

    text: str
    to: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Way:
    """A link in words."""

    text: str
    to: str


@dataclass(frozen=True)
class Panel:
    """A ladder as the page shows it: the step with all below it, the ladders it rests on, and where it is printed."""

    anchor: str
    step: Step
    rests_on: tuple[Way, ...]
    printed_in: tuple[Way, ...]


@dataclass
class Places:
    """The ladders of a page, and where on it their figures stand; it learns the places while the page is laid out.

    `led` are those that the ladder of a year leads to.
    """

    ladders: dict[str, Ladder]
    led: tuple[str, ...] = ()
    found: dict[str, dict[str, str]] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def of(cls, blocks: Iterable[object]) -> Places:
        """The places of a memo's ladders."""
        found = [block for block in blocks if isinstance(block, Ladders)]
        kept = {ladder.key: ladder for block in found for ladder in block.figures}
        seen = (one for block in found for ladder in block.ladders for step in ladder.steps for one in step.see)
        return cls(kept, tuple(dict.fromkeys(one for one in seen if one in kept)))

    def cell(self, cell: Cell, place: str) -> list[Part]:
        """A cell's text, all of it a figure, or some words of it, or none."""
        if cell.links:
            return self.text(cell.text, cell.links, place)
        said = any(letter.isdigit() for letter in cell.text)
        return [self._part(cell.text, cell.figure if said else "", place)]

    def text(self, text: str, links: Sequence[Link], place: str) -> list[Part]:
        """A text in pieces; the figures in it lead to their ladders."""
        parts, at = list[Part](), 0
        for link in links:
            if link.start > at:
                parts.append(Part(text[at : link.start]))
            parts.append(self._part(text[link.start : link.end], link.figure, place))
            at = link.end
        return [*parts, Part(text[at:])] if at < len(text) or not parts else parts

    def _part(self, text: str, figure: str, place: str) -> Part:
        key = nearest(figure, self.ladders)
        if not key:
            return Part(text)
        places = self.found.setdefault(key, {})
        if place in places:
            return Part(text, anchor_of(key))
        self.count += 1
        places[place] = f"at/{self.count}"
        return Part(text, anchor_of(key), places[place])

    def named(self, parts: Iterable[Part]) -> list[Way]:
        """The ladders that these pieces lead to, each once, in words."""
        return self._ways(dict.fromkeys(part.to.removeprefix(_ANCHOR) for part in parts if part.to))

    def panels(self, ground: dict[str, Way]) -> list[Panel]:
        """Every ladder that something leads to, in the memo's own order; `ground` is where its basis stands."""
        asked = dict.fromkeys([*self.found, *self.led])
        wanted = list(asked)
        while wanted:
            for key in self._seen(self.ladders[wanted.pop()].steps):
                if key not in asked:
                    asked[key] = None
                    wanted.append(key)
        return [self._panel(ladder, ground) for key, ladder in self.ladders.items() if key in asked]

    def _panel(self, ladder: Ladder, ground: dict[str, Way]) -> Panel:
        (step,) = ladder.steps
        sees = self._ways(dict.fromkeys(self._seen(ladder.steps)))
        basis = [ground[key] for key in dict.fromkeys(_ground_key(one) for one in step.see) if key in ground]
        return Panel(anchor_of(ladder.key), step, (*sees, *basis),
                     tuple(Way(place, at) for place, at in self.found.get(ladder.key, {}).items()))

    def _ways(self, keys: Iterable[str]) -> list[Way]:
        """Links to ladders, in few words where those tell them apart."""
        full = {key: self.ladders[key].title for key in keys}
        short = {key: _WHOSE.split(title)[0] for key, title in full.items()}
        alone = [words for words in short.values() if list(short.values()).count(words) == 1]
        names = {key: short[key] if short[key] in alone else full[key] for key in full}
        seen = Counter[str]()
        for key, name in names.items():
            seen[name] += 1
            if list(full.values()).count(name) > 1:
                names[key] = f"{name} ({seen[name]})"
        return [Way(name, anchor_of(key)) for key, name in names.items()]

    def _seen(self, steps: Iterable[Step]) -> list[str]:
        """The ladders that the steps rest on."""
        return [key for step in steps for one in step.see if (key := nearest(one, self.ladders))]


def _ground_key(seen: str) -> str:
    """`ground/files` as it is; a year's parameters are all in one table."""
    return "parameters" if "parameters" in seen.split("/") else seen


def anchor_of(key: str) -> str:
    """The anchor of a figure's ladder."""
    return f"{_ANCHOR}{key}"
