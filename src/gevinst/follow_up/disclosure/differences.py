"""Which counts of what a delivery changed may be shown.

Person-weeks that moved to another benefit are among those taken back from the one and those registered late on the
other. They are told only where nothing they are bound to so is of few: then there is nothing that they could give away.
"""

from __future__ import annotations

from gevinst.follow_up.disclosure.cells import Cell, System
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.disclosure.suppression import suppress
from gevinst.register.delivery_diff import Change, DeliveryDiff, Difference, Differences

MOVED = "weeks-moved"
MOST_WEEKS = 53 * 20
MOST_ROWS = 24
"""What one person can have of a sum of weeks over years, and of rows."""


def of_differences(found: Differences, rules: Rules) -> System:
    """The counts that are told; none of them is the sum of others."""
    told = _moves_told(found, rules)
    return System(tuple(_cell(one) for one in found.counts if one.measure != MOVED or one.key in told))


def diff_shown(found: Differences, rules: Rules) -> DeliveryDiff:
    """The differences as they may be shown."""
    counts = suppress(of_differences(found, rules), rules)
    return DeliveryDiff(found.earlier, found.later, found.horizon_earlier, found.horizon_later,
                        tuple(_change(one, counts) for one in found.counts), rules.threshold)


def _cell(one: Difference) -> Cell:
    if one.persons is None:
        return Cell(one.key, one.count, sensitive=False)
    if one.measure == "persons":
        return Cell(one.key, one.count)
    most = MOST_WEEKS if one.measure == "payments" else MOST_ROWS
    if one.measure.startswith("weeks-"):
        most = MOST_WEEKS if one.lag is None or one.lag[1] is None else one.lag[1] - one.lag[0] + 1
    return Cell(one.key, one.count, persons=one.persons, most=most)


def _moves_told(found: Differences, rules: Rules) -> set[str]:
    """The moves of which neither side has any count of few."""
    few = [one for one in found.counts if one.measure.startswith("weeks-") and _cell(one).small(rules)]
    gone = {one.subject for one in few if one.measure in (MOVED, "weeks-taken-back")}
    come = {one.detail if one.measure == MOVED else one.subject for one in few
            if one.measure in (MOVED, "weeks-late")}
    return {one.key for one in found.counts
            if one.measure == MOVED and one.subject not in gone and one.detail not in come}


def _change(one: Difference, counts: Counts) -> Change:
    count = counts.shown.get(one.key, Hidden.PROTECTS)
    if isinstance(count, Hidden):
        few = count is not Hidden.PROTECTS
        return Change(one.measure, one.subject, one.detail, None, None, one.lag, few=few)
    persons = None if one.persons is None else counts.rules.printed(one.persons)
    return Change(one.measure, one.subject, one.detail, count, persons, one.lag, few=False)
