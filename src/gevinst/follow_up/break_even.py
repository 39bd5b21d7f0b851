"""How many participants, and how large an effect, an investment needs to pay for itself; and when it has.

With F the cost that is there whatever the number, v the cost that each participant adds and s what each saves, all a
year, n participants give a net cost of

    F + n v − n s        so that        n* = F ÷ (s − v)  where s > v        s* = F ÷ n + v  at n participants

Participants are full-time persons, as the case plans them; s is the year's saving over the year's participants, seen
or budgeted. Where s is not above v no number of participants pays: n* is then None, never negative or without end. The
interval of n* is that of s turned round, because n* falls where s rises; where the interval of s reaches down to v, n*
has no upper bound.

Source: break-even (cost-volume-profit) analysis, Horngren, Cost Accounting, ch. 3; docs/method/early-warning.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gevinst.effects.estimate import Interval
from gevinst.follow_up.undisturbed import follows
from gevinst.money import CURRENT, PriceLevel
from gevinst.register.business_case import Investment

WEEKS = 365.2425 / 7
"""Weeks of a year, of a full-time participant."""
NO_MORE = 1.02
"""Spending up to so many times what the agreed price comes to is taken to be that price: years are not all 52 weeks."""
Shape = Literal["fixed", "price", "all-price", "by-results"]
"""What is taken of the cost: all fixed; the agreed price follows the participants and the rest is fixed; no more was
spent than the agreed price comes to, so that all follows them; paid by results, so that all follows them."""


@dataclass(frozen=True)
class Cost:
    """A year's cost, DKK: what is there whatever the number, and what each full-time participant adds.

    `agreed_at` is the price level of the agreed price where it is another than that of what was spent; it is not
    converted.
    """

    fixed: float
    per_participant: float
    shape: Shape
    agreed_at: PriceLevel | None = None


@dataclass(frozen=True)
class Needed:
    """How many participants pay for the investment.

    `estimate` None: with the effect as estimated no number does. `least` and `most` bound the 95 % interval; `least`
    None: none does at any effect in it; `most` None: it may be that none does. Without an interval (`known` false)
    both are None.
    """

    estimate: float | None
    least: float | None = None
    most: float | None = None
    known: bool = False


@dataclass(frozen=True)
class BreakEven:
    """What an investment needs to pay for itself, a year, in the mean of `years`, DKK at `level`.

    `saving` is what each full-time participant saves a year as seen (positive is good), `budgeted` the same by the
    budget; `needed` and `needed_budgeted` how many participants then pay. `saving_needed` is what each must save at
    the actual number, `saving_needed_planned` at the planned one; `weeks` and `weeks_needed` the same as weeks on
    benefit, at the price of a saved week as seen. `few`: too few took part to tell how many. `cost` None: it follows
    the participants, and how many they are is not known.
    """

    investment: str
    years: tuple[int, ...]
    cost: Cost | None
    participants: float | None
    planned: float | None
    saving: Interval | None
    budgeted: float | None
    needed: Needed | None
    needed_budgeted: Needed | None
    saving_needed: float | None
    saving_needed_planned: float | None
    week_price: float | None = None
    weeks: float | None = None
    weeks_needed: float | None = None
    computed: bool = False
    few: bool = False
    level: PriceLevel = CURRENT


@dataclass(frozen=True)
class Payback:
    """When what has come back is as much as what was put in, by result and forecast together.

    `year` is the year in which it is (None: not in the years known), `years` how long after the start of the first;
    `left` what is still to come back at the end of the last year. `expected`: some of it is not a result.
    """

    year: int | None
    years: float | None
    first: int
    last: int
    left: float
    expected: bool


def cost_of(
    investment: Investment, spent: float, participants: float, years: int = 1, level: PriceLevel = CURRENT
) -> Cost:
    """What of `spent` DKK in so many years is fixed, with so many full-time participant-years (above 0) in them.

    >>> from gevinst.register.business_case import TargetGroup
    >>> from gevinst.money import Amount
    >>> priced = Investment("1", "a", "A", TargetGroup("x"), dkk_per_participant_week=Amount.dkk(100, CURRENT))
    >>> cost_of(priced, 100_000, 10)
    Cost(fixed=47822.5, per_participant=5217.75, shape='price', agreed_at=None)
    """
    price = investment.dkk_per_participant_week
    if price is not None:
        each = round(float(price.in_dkk) * WEEKS, 2)
        other = None if price.level == level else price.level
        if spent > NO_MORE * each * participants:
            return Cost((spent - each * participants) / years, each, "price", other)
        return Cost(0.0, spent / participants, "all-price", other)
    if investment.supplier is not None and investment.supplier.pay_by_results:
        return Cost(0.0, spent / participants, "by-results")
    return Cost(spent / years, 0.0, "fixed")


def needed(cost: Cost, saving: Interval) -> Needed:
    """How many participants a year pay for the cost, each saving `saving` DKK a year.

    >>> needed(Cost(100.0, 5.0, "price"), Interval(10.0, 7.0, 25.0))
    Needed(estimate=20.0, least=5.0, most=50.0, known=True)
    >>> needed(Cost(100.0, 0.0, "fixed"), Interval(-1.0, -3.0, 4.0))
    Needed(estimate=None, least=25.0, most=None, known=True)
    """

    def at(effect: float) -> float | None:
        margin = effect - cost.per_participant
        return cost.fixed / margin if margin > 0 else None

    if saving.low is None or saving.high is None:
        return Needed(at(saving.estimate))
    return Needed(at(saving.estimate), at(saving.high), at(saving.low), True)


def saving_needed(cost: Cost | None, participants: float | None) -> float | None:
    """What each of so many participants must save a year; None where there are none to share the cost.

    >>> saving_needed(Cost(100.0, 5.0, "price"), 20)
    10.0
    """
    return None if cost is None or not participants else cost.fixed / participants + cost.per_participant


def break_even(
    investment: Investment,
    years: Sequence[int],
    spent: float,
    participants: Decimal | None,
    planned: Decimal | None,
    saving: Interval | None,
    budgeted: float | None,
    *,
    weeks_saved: float | None = None,
    computed: bool = False,
    few: bool = False,
    level: PriceLevel = CURRENT,
) -> BreakEven:
    """The break-even of an investment in the years that have a result.

    `spent` is DKK of all these years, `saving` and `budgeted` DKK saved in all of them (positive is good), and
    `participants` and `planned` full-time participant-years; `weeks_saved` person-weeks on benefit. Where `few` took
    part nothing is told that would give their number away.
    """
    n, count = (None if few or not participants else float(participants)), len(years)
    cost = None if n is None and follows(investment) else cost_of(investment, spent, n or 1.0, count, level)
    each = None if saving is None or n is None else _over(saving, n)
    promised = budgeted / float(planned) if planned and budgeted is not None else None
    price = _week_price(saving, weeks_saved)
    at_actual = saving_needed(cost, None if n is None else n / count)
    return BreakEven(
        investment.number,
        tuple(years),
        cost,
        None if n is None else n / count,
        None if planned is None else float(planned) / count,
        each,
        promised,
        None if each is None or cost is None else needed(cost, each),
        None if promised is None or cost is None else needed(cost, Interval(promised)),
        at_actual,
        saving_needed(cost, None if planned is None else float(planned) / count),
        price,
        weeks_saved / n if weeks_saved is not None and n is not None else None,
        None if at_actual is None or price is None else at_actual / price,
        computed,
        few,
        level,
    )


def _over(saving: Interval, participants: float) -> Interval:
    low, high = (None if edge is None else edge / participants for edge in (saving.low, saving.high))
    return Interval(saving.estimate / participants, low, high)


def _week_price(saving: Interval | None, weeks: float | None) -> float | None:
    """DKK of a saved week as seen; None where weeks and kroner do not go the same way, and have no price."""
    if saving is None or not weeks or saving.estimate / weeks <= 0:
        return None
    return saving.estimate / weeks


def payback(net: Sequence[tuple[int, float, bool]]) -> Payback | None:
    """When the cumulated net falls to nought: `net` is (year, DKK, whether expected), in order and without a gap.

    Within a year it is taken to fall evenly. None where there is no year.

    >>> payback([(2020, 30.0, False), (2021, -10.0, False), (2022, -40.0, True)])
    Payback(year=2022, years=2.5, first=2020, last=2022, left=-20.0, expected=True)
    >>> payback([(2020, 30.0, False), (2021, -10.0, False)]).years is None
    True
    """
    if not net:
        return None
    year, after, running, expected = None, None, 0.0, False
    for at, (this, amount, coming) in enumerate(net):
        before, running = running, running + amount
        if year is None:
            expected = expected or coming
        if running <= 0 and year is None:
            year, after = this, at + (before / (before - running) if before > 0 else 0.0)
        elif running > 0:
            year, after = None, None  # what was paid back was spent again
            expected = expected or coming
    return Payback(year, after, net[0][0], net[-1][0], running, expected)
