"""The kroner of an effect at the prices of another year: what the same person-weeks would have cost then.

    A(y) = Σ over benefit b, step s of (actual − counterfactual weeks)[y, b, s] × weekly price(b, s, price year)

What is left of a year's saving beside A is rates, refund and price level alone: the weeks and their steps on the
ladder are the same in both.
"""

from __future__ import annotations

import numpy as np

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.economy.saving import Saving
from gevinst.economy.valuation import price_table
from gevinst.effects.estimate import EffectReplicates
from gevinst.errors import GevinstError
from gevinst.parameters.book import ParameterBook

NOT_KNOWN = ("parameters.price-year", "parameters.outside-known", "parameters.no-rate", "parameters.no-ladder")


def at_prices_of(
    effect: EffectReplicates, saving: Saving, year: int, price_year: int, book: ParameterBook
) -> float | None:
    """The net DKK of the effect's weeks in `year` at the rates and the ladder of `price_year`.

    Where the saving is told rounded it is so much less or more, so that what is left is the change of prices alone.
    Weeks that have no price in `saving` have none here. None where a benefit that has one there has none that year.
    Actual payments are not used: a plan is made at rates.
    """
    y = effect.years.index(year)
    actual, without = effect.actual_weeks[0, y], effect.counterfactual_weeks[0, y]
    free = [one for one in saving.prices.left_out if one.year == year]
    touched = [
        c
        for c, (benefit, step) in enumerate(effect.cells)
        if abs(actual[c]) + abs(without[c]) > 0
        and not any(one.benefit == benefit and one.holds(0 if step == OUTSIDE_LADDER else step) for one in free)
    ]
    benefits = tuple(dict.fromkeys(effect.cells[c][0] for c in touched))
    try:
        table = price_table(benefits, (0, 1, 2, 3), (price_year,), book)
    except GevinstError as fault:
        if fault.code not in NOT_KNOWN:
            raise
        return None
    place = {benefit: at for at, benefit in enumerate(benefits)}
    own = {benefit: at for at, benefit in enumerate(saving.prices.benefits)}
    change = [
        (actual[c] - without[c]) * (table.net[place[benefit], s, 0] - saving.prices.net[own[benefit], s, y])
        for c, benefit, s in (
            (c, effect.cells[c][0], 0 if effect.cells[c][1] == OUTSIDE_LADDER else effect.cells[c][1]) for c in touched)
    ]
    return float(saving.net[0, y] + np.sum(change))
