"""The computed savings of all cases together, over persons: the portfolio's own replicates.

The same weights of the replicate groups serve every case, so a replicate of the sum is the sum of that replicate's
savings: what makes two cases go well together is in the interval. Nobody is in two of them, because a person who takes
part in a second investment is credited in the first alone (`cohorts/build.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gevinst.effects.estimate import Floats
from gevinst.effects.replicates import interval
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.effect_detail import PortfolioEffect
from gevinst.follow_up.paid_off import HeldAgainst, chances, net_by_year


def counted_cases(cases: Sequence[tuple[CaseResult, Told]]) -> tuple[str, ...]:
    """The numbers of the cases whose main saving is computed on enough participants."""
    return tuple(case.investment.number for case, told in cases if _counts(case, told))


def _counts(case: CaseResult, told: Told) -> bool:
    shown = case.saving is not None and case.saving.shown
    return shown and case.claims(told.minimum_participants) and bool(told.years)


def portfolio_effect(cases: Sequence[tuple[CaseResult, Told]], counts: Counts) -> PortfolioEffect | None:
    """The sum over the cases whose main saving is computed on enough participants; None where there is none."""
    counted = [
        (case, told, net_by_year(case.saving, told.years))
        for case, told in cases
        if _counts(case, told) and case.saving is not None
    ]
    if not counted:
        return None
    net: dict[int, Floats] = {}
    for year in sorted({year for _, told, _ in counted for year in told.years}):
        net[year] = np.sum([saved[year] for _, _, saved in counted if year in saved], axis=0)
    return PortfolioEffect(
        tuple(case.investment.number for case, _, _ in counted),
        tuple((year, interval(saved)) for year, saved in net.items()),
        chances(net, _together([told for _, told, _ in counted])),
        counts["portfolio/counted_once"],
        interval(np.sum(list(net.values()), axis=0)),
    )


def _together(cases: Sequence[Told]) -> HeldAgainst:
    """What the cases' savings are held against in sum, in the years where it is known of every case with a result."""
    there = {year: [told.against for told in cases if year in told.years] for told in cases for year in told.years}
    return HeldAgainst(
        {y: sum(one.spent[y] for one in every) for y, every in there.items() if all(y in one.spent for one in every)},
        {y: sum(one.budget[y] for one in every) for y, every in there.items() if all(y in one.budget for one in every)},
    )
