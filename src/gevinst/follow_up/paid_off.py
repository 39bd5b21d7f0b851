"""Whether an effort has paid off: what was spent and what came back, and how probable it is that it was enough.

    P(saving >= budget) and P(saving >= investment): the share of the replicates in which it was

Only years with a result count, and both amounts are in each year's own prices: a budget in another price level is
converted by the index that the benefit's rate follows, and where that is not known nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gevinst.economy.prices import convert_benefit
from gevinst.economy.saving import Saving
from gevinst.effects.estimate import Floats, Interval
from gevinst.effects.replicates import interval
from gevinst.errors import GevinstError
from gevinst.follow_up.effect_detail import Chance, PaidBack
from gevinst.follow_up.realised import last_complete_year
from gevinst.follow_up.table import FollowUp
from gevinst.money import CURRENT, Amount
from gevinst.parameters.book import ParameterBook, Used
from gevinst.register.business_case import Basis, Investment, Line

NOT_KNOWN = ("economy.no-benefit-index", "economy.missing-factor", "economy.which-vintage")
"""Why a budget cannot be converted to current prices."""


@dataclass(frozen=True)
class HeldAgainst:
    """What the saving of a year is held against, DKK of the year's own prices: the investment, and the budget's saving.

    A year that is not known of is absent. `used` are the factors the budget was converted with; `unconverted` the
    years whose budget could not be.
    """

    spent: Mapping[int, float]
    budget: Mapping[int, float]
    used: tuple[Used, ...] = ()
    unconverted: tuple[int, ...] = ()


def years_with_result(saving: Saving, table: FollowUp, data_horizon: int) -> tuple[int, ...]:
    """The years of the table that are complete at the data horizon and in which there were participants.

    A year before the first participants in which something was spent is one of them, with a saving of nought.
    """
    complete = [year for year in table.years if year.year <= last_complete_year(data_horizon)]
    first = min((*saving.years, *saving.withheld), default=0)
    return tuple(
        year.year
        for year in complete
        if year.year in saving.years or (year.year < first and Line.INVESTMENT in year.outcome)
    )


def held_against(
    investment: Investment, table: FollowUp, spent: Mapping[int, Amount], years: Iterable[int], book: ParameterBook
) -> HeldAgainst:
    """The investment as the table has it (else as computed, `spent`), and the budget's saving in current prices."""
    rows = {year.year: year for year in table.years}
    paid: dict[int, float] = {}
    budget: dict[int, float] = {}
    used: list[Used] = []
    unconverted: list[int] = []
    for year in years:
        figure = rows[year].outcome.get(Line.INVESTMENT)
        told = figure is not None and figure.basis is Basis.REALISED and figure.amount.level == CURRENT
        amount = figure.amount if told and figure is not None else spent.get(year)
        if amount is not None and amount.level == CURRENT:
            paid[year] = float(amount.in_dkk)
        adopted = rows[year].budget.get(Line.SAVING)
        if adopted is None:
            continue
        try:
            found = convert_benefit(adopted.amount, CURRENT, investment.target_group.benefit, book, year=year)
        except GevinstError as fault:
            if fault.code not in NOT_KNOWN:
                raise
            unconverted.append(year)
        else:
            budget[year] = float(found.amount.in_dkk)
            used += found.steps
    return HeldAgainst(paid, budget, tuple(used), tuple(unconverted))


def net_by_year(saving: Saving, years: Sequence[int]) -> dict[int, Floats]:
    """The net saving `[replicate]` of each of the years; nought in one without participants."""
    nothing = np.zeros(len(saving.net))
    return {year: saving.net[:, saving.years.index(year)] if year in saving.years else nothing for year in years}


def chances(net: Mapping[int, Floats], against: HeldAgainst) -> tuple[Chance, ...]:
    """The probabilities by year, and of all years together last."""
    if not net:
        return ()
    found = [
        Chance(year, _reaches(saved, against.budget.get(year)), _covers(saved, against.spent.get(year)))
        for year, saved in net.items()
    ]
    whole: Floats = np.sum(list(net.values()), axis=0)
    return (
        *found,
        Chance(None, _reaches(whole, _whole(against.budget, net)), _covers(whole, _whole(against.spent, net))),
    )


def accounts(net: Mapping[int, Floats], against: HeldAgainst) -> tuple[PaidBack, ...]:
    """What was spent and what came back by year; the sum last, where what was spent is known for every year."""
    found = [_account(year, against.spent[year], saved) for year, saved in net.items() if year in against.spent]
    spent = _whole(against.spent, net)
    if not found or spent is None:
        return tuple(found)
    return (*found, _account(None, spent, np.sum(list(net.values()), axis=0)))


def _account(year: int | None, spent: float, saved: Floats) -> PaidBack:
    saving = interval(saved)
    shifted = (None if bound is None else bound + spent for bound in (saving.low, saving.high))
    return PaidBack(year, spent, saving, Interval(saving.estimate + spent, *shifted))


def _whole(amounts: Mapping[int, float], net: Mapping[int, Floats]) -> float | None:
    """The sum over all the years; None where one is not known."""
    return sum(amounts[year] for year in net) if all(year in amounts for year in net) else None


def _reaches(saved: Floats, budget: float | None) -> float | None:
    return None if budget is None else _share(saved <= budget, saved)


def _covers(saved: Floats, spent: float | None) -> float | None:
    return None if spent is None else _share(saved + spent <= 0, saved)


def _share(reached: np.typing.NDArray[np.bool_], saved: Floats) -> float | None:
    """The share of the replicates in which it was reached; None without replicates."""
    drawn = np.isfinite(saved[1:])
    return float(reached[1:][drawn].mean()) if drawn.sum() >= 2 else None
