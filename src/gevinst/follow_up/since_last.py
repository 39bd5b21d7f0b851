"""What changed from one edition to a later one, figure by figure, and how much of it each cause has made.

The causes are taken in a fixed order, from the earlier edition's world to the later one's. Between each two states the
whole computation is run again with one thing exchanged:

    printed A → program → revised data → new data → parameters → method → program → printed B

*Program*: what A's inputs give by the program of today, less what A printed (and, where B was made by another program
than today's, what B printed less what its inputs give today). *Revised data*: B's data up to the horizon A had.
*New data*: the weeks after it. *Parameters*: law, rates, prices. *Method*: protocol, portfolio and settings.

In another order the parts may come out otherwise; their sum never does. It is the difference, exactly: the numbers are
fractions, and a figure that a state does not have counts as nought there. That is for the account alone: of a figure
that one of the two editions has not, no difference is told (`Change.on_both`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from gevinst.language import say

Cause = Literal["new_data", "revised_data", "parameters", "method", "code"]
CAUSES: tuple[Cause, ...] = ("new_data", "revised_data", "parameters", "method", "code")
"""In the order they are told."""


@dataclass(frozen=True)
class Value:
    """A number in a state: exact, in `unit` ("dkk" or ""), at a price level where it is an amount."""

    number: Fraction
    unit: str = ""
    level: str = ""
    basis: str = ""  # of an amount: budget, realised, expected


Values = Mapping[str, Value]


@dataclass(frozen=True)
class State:
    """The figures of one state, or None where it cannot be computed. `step` is what was exchanged to come to it.

    `nothing_exchanged` says that it rests on the same as the state before it.
    """

    step: Cause | None
    values: Values | None
    nothing_exchanged: bool = False


@dataclass(frozen=True)
class Change:
    """A figure that changed: what it was, what it is (None: was not, or is not, there), and the parts by cause.

    `unsplit` is what could not be told apart, and `between` the causes it lies among.
    """

    figure: str
    was: Value | None
    now: Value | None
    parts: Mapping[Cause, Fraction] = field(default_factory=dict)
    unsplit: Fraction = Fraction(0)
    between: tuple[Cause, ...] = ()

    @property
    def difference(self) -> Fraction:
        """What it is less what it was; what is not there is nought."""
        return _number(self.now) - _number(self.was)

    @property
    def on_both(self) -> bool:
        """Whether both editions have it. What is not stated is not nought: else there is no difference to tell."""
        return self.was is not None and self.now is not None

    @property
    def comparable(self) -> bool:
        """Whether the two can be subtracted: they have one unit and one price level."""
        return self.was is None or self.now is None or (self.was.unit, self.was.level) == (self.now.unit,
                                                                                           self.now.level)


@dataclass(frozen=True)
class SinceLast:
    """What changed since the latest published edition of the portfolio, with what the reader must know of it."""

    edition: str
    memo_date: date
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def on_one_side(self) -> tuple[tuple[str, int], ...]:
        """Investment and year of the outcomes that only one of the two memos has; totals then are not of the same."""
        found = set()
        for one in self.changes:
            parts = one.figure.split("/")
            if not one.on_both and len(parts) == 4 and parts[2].isdigit() and parts[3] == "outcome":
                found.add((parts[0], int(parts[2])))
        return tuple(sorted(found))

    def change(self, figure: str) -> Change | None:
        """The change of one figure, if it changed."""
        return next((one for one in self.changes if one.figure == figure), None)


def split(states: Sequence[State], merged: Mapping[str, tuple[Cause, ...]] | None = None) -> tuple[Change, ...]:
    """The figures that differ between the first state and the last, each with its parts, by figure.

    The first and the last must have values. `merged` are causes that may not be told apart, by figure (`""`: for all).

    >>> a, b, c = ({"x": Value(Fraction(n))} for n in (1, 3, 10))
    >>> one, = split([State(None, a), State("revised_data", b), State("new_data", c)])
    >>> int(one.parts["revised_data"]), int(one.parts["new_data"]), int(one.difference)
    (2, 7, 9)
    >>> one, = split([State(None, a), State("revised_data", None), State("new_data", c)])
    >>> one.between, int(one.unsplit)
    (('new_data', 'revised_data'), 9)
    """
    first, last = states[0].values or {}, states[-1].values or {}
    found = []
    for figure in sorted({*first, *last}):
        was, now = first.get(figure), last.get(figure)
        if was != now:
            together = (merged or {}).get(figure, (merged or {}).get("", ()))
            found.append(_change(figure, was, now, states, together))
    return tuple(found)


def _change(
    figure: str, was: Value | None, now: Value | None, states: Sequence[State], together: tuple[Cause, ...]
) -> Change:
    change = Change(figure, was, now)
    if not change.comparable:
        return change
    parts: dict[Cause, Fraction] = {}
    unsplit, between = Fraction(0), set[Cause]()
    before, causes = _number(was), set[Cause]()
    for state in states[1:]:
        if state.step is not None and not state.nothing_exchanged:
            causes.add(state.step)
        if state.values is None or (figure in state.values and not _same_kind(state.values[figure], was or now)):
            continue
        here = _number(state.values.get(figure))
        if len(causes) > 1:
            unsplit, between = unsplit + here - before, (between | causes if here != before else between)
        elif here != before:
            fallback: Cause = "code"  # nothing was exchanged, and yet it moved: the program did it
            cause = next(iter(causes), fallback)
            parts[cause] = parts.get(cause, Fraction(0)) + here - before
        before, causes = here, set()
    told = {cause: part for cause, part in parts.items() if part}
    if len(together) > 1 and any(cause in told for cause in together):
        unsplit += sum((told.pop(cause, Fraction(0)) for cause in together), Fraction(0))
        between |= {*together}
    return Change(figure, was, now, {cause: told[cause] for cause in CAUSES if cause in told}, unsplit,
                  tuple(cause for cause in CAUSES if cause in between))


def _same_kind(one: Value, other: Value | None) -> bool:
    return other is None or (one.unit, one.level) == (other.unit, other.level)


def _number(value: Value | None) -> Fraction:
    return Fraction(0) if value is None else value.number


def not_stated() -> str:
    """What stands for the figure of an edition that has none."""
    return say(da="ikke opgjort", en="not stated")


def cause_name(cause: Cause) -> str:
    """What a reader calls a cause."""
    return {
        "new_data": say(da="nye data", en="new data"),
        "revised_data": say(da="rettede data", en="revised data"),
        "parameters": say(da="satser og priser", en="rates and prices"),
        "method": say(da="metode", en="method"),
        "code": say(da="program", en="program"),
    }[cause]
