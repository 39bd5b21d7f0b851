"""Placements that a case has recorded, by day: typed in, bound to nothing, and told as all other counts are."""

from __future__ import annotations

from dataclasses import replace

from gevinst.follow_up.disclosure.cells import Cell, System
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.register.business_case import HeadCount, Investment, Portfolio

ONE_OF_FEW = 1
"""What stands in an edition for any number of too few; it is printed as `under 5`."""


def of_placements(portfolio: Portfolio) -> System:
    """The counts of all investments."""
    return System(tuple(Cell(_key(case, one), one.actual, grows=False)
                        for case in portfolio.investments for one in case.head_counts))


def placements_shown(portfolio: Portfolio, counts: Counts) -> Portfolio:
    """The portfolio as an edition holds it: no number of too few persons placed or taking part."""
    return replace(portfolio, investments=tuple(_shown(case, counts) for case in portfolio.investments))


def _shown(case: Investment, counts: Counts) -> Investment:
    def told(one: HeadCount) -> HeadCount:
        count = counts[_key(case, one)]
        return replace(one, actual=ONE_OF_FEW if isinstance(count, Hidden) else count)

    small = counts.rules.threshold
    years = tuple(replace(one, actual=None) if one.actual is not None and 0 < one.actual < small else one
                  for one in case.participant_counts)
    return replace(case, head_counts=tuple(told(one) for one in case.head_counts), participant_counts=years)


def _key(case: Investment, one: HeadCount) -> str:
    return f"{case.number}/placements/{one.date.isoformat()}"
