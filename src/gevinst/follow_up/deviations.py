"""Why the result is not the budget: the bridges and the exposure clock, as figures with ids and their ladders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gevinst.follow_up.bridge import Bridge, Cause
from gevinst.follow_up.bridge_words import bridge_step, undisturbed_step
from gevinst.follow_up.figures import Figure, Source
from gevinst.follow_up.undisturbed import Clock, Undisturbed
from gevinst.money import Amount
from gevinst.register.business_case import Line
from gevinst.trace import Step


@dataclass(frozen=True)
class Deviations:
    """The bridges of every investment and of the portfolio, and the exposure clock."""

    bridges: tuple[Bridge, ...] = ()
    clock: Clock = field(default_factory=Clock)

    def bridges_of(self, investment: str) -> tuple[Bridge, ...]:
        """The bridges of one investment (or `portfolio`): each year, and all of them together last."""
        return tuple(one for one in self.bridges if one.investment == investment)

    def figures(self) -> tuple[Figure, ...]:
        """Every step that was told apart, and every undisturbed amount."""
        steps = (figure for one in self.bridges for figure in bridge_figures(one))
        return (*steps, *(figure for row in (*self.clock.rows, *self.clock.totals)
                         for figure in undisturbed_figures(row)))


def bridge_figures(found: Bridge) -> tuple[Figure, ...]:
    """The steps of a bridge that were told apart, as figures: `2/bridge/2021/volume`."""
    source: Source = "computed" if any(one.at_planned_prices is not None for one in found.drivers) else "recorded"
    return tuple(
        Figure(found.investment, Line.NET, found.year, found.basis, amount, source, derived=f"bridge/{cause}")
        for cause, amount in found.steps.items()
        if amount is not None
    )


def undisturbed_figures(row: Undisturbed) -> tuple[Figure, ...]:
    """The undisturbed saving and, where it follows the participants, cost: `2/undisturbed/2020/saving`.

    What was computed from persons is called `saving-computed`, because a recorded year may have both.
    """
    name = "-computed" if row.kind == "computed" else ""

    def figure(line: Line, amount: Amount, low: Amount | None = None, high: Amount | None = None) -> Figure:
        return Figure(row.investment, line, row.year, row.basis, amount, row.kind, row.cited, low, high,
                      f"undisturbed/{line}{name}")  # fmt: skip

    # The span of a recorded row is what is assumed of partly closed weeks, not an interval.
    bounds = (row.low, row.high) if row.kind == "computed" else (None, None)
    found = [figure(Line.SAVING, row.undisturbed_saving, *bounds)]
    if row.cost_follows and row.undisturbed_cost is not None:
        found.append(figure(Line.INVESTMENT, row.undisturbed_cost))
    return tuple(found)


def with_deviations(explained: Mapping[str, Step], deviations: Deviations) -> dict[str, Step]:
    """The ladders with those of the bridges and of the clock, by figure id and under `<investment>/<year>`."""
    found = dict(explained)
    added: dict[str, list[Step]] = {}
    for one in deviations.bridges:
        steps = {cause: bridge_step(one, cause) for cause, amount in one.steps.items() if amount is not None}
        found.update((f"{one.investment}/bridge/{one.year or 'total'}/{cause}", step) for cause, step in steps.items())
        if one.year is not None:
            added.setdefault(f"{one.investment}/{one.year}", []).append(bridge_step(one, None))
    for row in (*deviations.clock.rows, *deviations.clock.totals):
        step = undisturbed_step(row, deviations.clock.partial_open)
        found.update((figure.id, step) for figure in undisturbed_figures(row))
        added.setdefault(f"{row.investment}/{row.year}", []).append(step)
    for key, below in added.items():
        if key in found:
            found[key] = replace(found[key], under=(*found[key].under, *below))
    return found


def causes_shown(bridges: Sequence[Bridge]) -> tuple[Cause, ...]:
    """The causes that any of the bridges says something of: a step that is not nought, or that lies in the rest."""
    return tuple(
        cause for cause in Cause if cause is Cause.REST or any(_says(one, cause) for one in bridges)
    )  # fmt: skip


def _says(one: Bridge, cause: Cause) -> bool:
    amount = one.steps[cause]
    return amount is None or amount.ore != 0


def partly_known(bridges: Iterable[Bridge], cause: Cause) -> tuple[str, ...]:
    """The investments of which a cause lies in the rest, for some year at least."""
    return tuple(sorted({where for one in bridges for where, _, _ in one.unknown.get(cause, ())}))
