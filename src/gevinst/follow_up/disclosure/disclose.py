"""The door: everything of persons that an edition will show, decided at once, before any of it is built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gevinst.curves.curve import Curve
from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.assured import Fewest, fewest_participants
from gevinst.follow_up.disclosure.cells import System, united
from gevinst.follow_up.disclosure.counts import Counts, Hidden, Shown
from gevinst.follow_up.disclosure.inventory import inventory, named_curves
from gevinst.follow_up.disclosure.released import Released, with_earlier
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.shares import coarse, share_step
from gevinst.follow_up.disclosure.steps import Step, Steps, in_steps, steps_of
from gevinst.follow_up.disclosure.suppression import suppress
from gevinst.follow_up.whereabouts import weeks_with_few


@dataclass(frozen=True)
class Disclosed:
    """What may be told: the counts, the weeks in which each curve steps, and the record of it for later editions.

    `fewest` are the participants a reader can know each answer to rest on.
    """

    counts: Counts = field(default_factory=Counts)
    steps: Mapping[str, Steps] = field(default_factory=dict)
    released: Released = field(default_factory=Released)
    fewest: Fewest = field(default_factory=dict)

    @property
    def rules(self) -> Rules:
        """The rules it was decided by."""
        return self.counts.rules

    def curve(self, curve: Curve, key: str) -> Curve | None:
        """A curve as it may be shown, or None."""
        return in_steps(curve, self.steps.get(key, {}), self.counts[_group(key)], self.rules)

    def share_step(self, members: int, key: str) -> float | None:
        """To what shares of a counted group are rounded; None where none may be told."""
        return share_step(members, self.counts[key], self.rules)


def disclose(
    studies: Mapping[str, Study],
    rules: Rules,
    *,
    earlier: Sequence[Released] = (),
    counted_once: Sequence[str] = (),
    files: Iterable[tuple[str, int, int]] = (),
    further: Iterable[System] = (),
    portfolio: str = "",
    secondary: bool = True,
) -> Disclosed:
    """Decide what of the studies, by investment's number, may be told by the rules and beside what was told `earlier`.

    For `counted_once` and `files` see `inventory`; `further` are the counts of other tables.
    `secondary=False` is for showing what an attacker then finds.
    """
    system = united((*further, inventory(studies, rules, counted_once, files)))
    known = with_earlier(system, earlier, rules) if secondary else system
    counts = suppress(known, rules, secondary=secondary)
    fewest = fewest_participants(studies, known, counts, rules)
    counts = Counts({cell.key: counts[cell.key] for cell in system.cells if cell.printed}, rules)
    steps: dict[str, Steps] = {}
    for number, study in studies.items():
        for key, curve in named_curves(number, study).items():
            # Where the size of the group is hidden its shares are rounded, and cannot be taken from others.
            counted = isinstance(counts[_group(key)], int)
            before = [one.curves[key] for one in earlier if key in one.curves and counted]
            same = [steps[other] for other in [key.replace("/any/", "/same/")] if other in steps]
            closed = weeks_with_few(study, rules) if key == f"{number}/any/participants" else ()
            steps[key] = steps_of(curve, rules, [*same, *before], closed)
    shown = {
        key: _as_shown(steps[key], counts[_group(key)], curve, rules)
        for number, study in studies.items()
        for key, curve in named_curves(number, study).items()
    }
    unprinted = tuple(cell.key for cell in system.cells if not cell.printed)
    most = {cell.key: cell.most for cell in system.cells if cell.most > 1}
    released = Released(portfolio, counts.shown, unprinted, system.relations, shown, rules, most)
    return Disclosed(counts, steps, released, fewest)


def _group(key: str) -> str:
    """The name of the count of the group that a curve is of."""
    number, _, group = key.split("/")
    return f"{number}/{group}"


def _as_shown(steps: Steps, shown: Shown, curve: Curve, rules: Rules) -> Steps:
    """The steps as a reader has them."""
    step = share_step(curve.trials, shown, rules)
    if step is None or (isinstance(shown, Hidden) and shown is not Hidden.PROTECTS):
        return {}
    known = isinstance(shown, int)
    return {
        week: Step(week, coarse(one.share, step), rules.printed(one.of) if known else 0)
        for week, one in steps.items()
    }
