"""The bridge from budget to result: by how much each cause moved the net, in øre, so that the steps add up exactly.

Of one investment in one year, with B the budgeted saving, n₀ and n planned and actual participants, σ the share of the
planned weeks after an early stop, ω the share of the others that were open (`exposure.py`), A the result's person-weeks
at the prices of the budget's price level, R the result's saving (all negative when good), and I₀ and I the investment
as budgeted and as spent:

    stop      −σ B − (what of I₀ was returned, or all of it where nothing was planned any more)
    timing    B (1 − σ)(ω − 1)                 weeks closed by suspensions, at the plan's own pace
    volume    B (n ÷ n₀ − (1 − σ) ω)           participants beside those the open weeks had room for
    effect    A − B n ÷ n₀                     saved per participant beside the plan, at the budget's prices
    price     R − A                            rates, refund and price level; R − R ÷ Π where only an index Π is known
    spending  I − I₀, less what the stop returned
    rest      what closes the sum: the steps that could not be told apart, and nothing else

A step is nought where its driver is as planned. Where a driver is not known its step is None, named in `unknown`, and
lies in the rest. Levels are rounded to øre and steps are their differences, so that with every driver known the rest is
nought. The budget is in its own price level, the result in another: the step `price` crosses from one to the other, or
the rest where no index is known.

Source: sequential variance analysis at standard prices (the flexible budget; Horngren, Cost Accounting, ch. 7-8), in
the order of the method, section 7; docs/method/bridge.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import Basis


class Cause(StrEnum):
    """The steps, in the order they stand."""

    VOLUME = "volume"
    TIMING = "timing"
    EFFECT = "effect"
    PRICE = "price"
    STOP = "stop"
    SPENDING = "spending"
    REST = "rest"


SEPARATED = tuple(cause for cause in Cause if cause is not Cause.REST)


class Missing(StrEnum):
    """Why a step could not be told apart."""

    PLAN = "plan"  # no planned number of participants
    PARTICIPANTS = "participants"  # no actual number
    FEW = "few"  # so few that the step would tell how many
    EFFECT = "effect"  # the result was not computed from persons
    INDEX = "index"  # no index from the budget's price level to the result's


@dataclass(frozen=True)
class Drivers:
    """What is known of one investment in one year; None: not known.

    `planned` and `participants` in one unit (full-time persons, or heads). `open_share` is of the planned weeks before
    the stop, `stopped_share` of all. `at_planned_prices` is the result's saving at the prices of the budget's level,
    `price_factor` the index from that level to the result's. `returned` is what of the year's investment went back to
    the treasury. `few` says that the participants are too few to tell.
    """

    investment: str
    year: int
    basis: Basis
    budget_investment: Amount
    budget_saving: Amount
    result_investment: Amount
    result_saving: Amount
    planned: Decimal | None = None
    participants: Decimal | None = None
    open_share: Fraction = Fraction(1)
    stopped_share: Fraction = Fraction(0)
    at_planned_prices: Amount | None = None
    price_factor: Decimal | None = None
    returned: Amount | None = None
    few: bool = False
    participants_source: str = ""
    planned_source: str = ""


@dataclass(frozen=True)
class Bridge:
    """From `budget` to `result`, both net. `steps` has every cause; None: not told apart, and in the rest.

    `year` None is all the years together, `investment` `portfolio` all investments. `unknown` says of each cause that
    lies in the rest, wholly or for some of the parts, why and where: (investment, year, reason). `drivers` are those of
    the single bridges it is made of.
    """

    investment: str
    year: int | None
    basis: Basis
    budget: Amount
    result: Amount
    steps: Mapping[Cause, Amount | None]
    unknown: Mapping[Cause, tuple[tuple[str, int, Missing], ...]] = field(default_factory=dict)
    drivers: tuple[Drivers, ...] = ()

    @property
    def level(self) -> PriceLevel:
        """The result's price level, in which the steps are told."""
        return self.result.level

    @property
    def stopped(self) -> bool:
        """Whether nothing was planned any more, after an early stop."""
        return bool(self.drivers) and all(one.stopped_share == 1 for one in self.drivers)


def bridge(drivers: Drivers) -> Bridge:
    """The bridge of one investment in one year; it foots to the øre whatever is missing.

    >>> level = PriceLevel(2020)
    >>> def dkk(kroner: int) -> Amount:
    ...     return Amount.dkk(kroner, level)
    >>> found = bridge(Drivers("2", 2020, Basis.REALISED, dkk(500), dkk(-1000), dkk(450), dkk(-600), Decimal(40),
    ...     Decimal(30), Fraction(9, 10), at_planned_prices=dkk(-600)))
    >>> [(str(cause), str(step.in_dkk)) for cause, step in found.steps.items() if step]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('volume', '150'), ('timing', '100'), ('effect', '150'), ('price', '0'), ('stop', '0'), ('spending', '-50'),
     ('rest', '0')]
    """
    level, saving = drivers.result_saving.level, Fraction(drivers.budget_saving.ore)
    running = 1 - drivers.stopped_share
    left, opened = _ore(saving * running), _ore(saving * running * drivers.open_share)
    steps: dict[Cause, int | None] = dict.fromkeys(Cause)
    unknown: dict[Cause, Missing] = {}
    steps[Cause.TIMING] = opened - left
    returned = _returned(drivers)
    steps[Cause.STOP] = left - drivers.budget_saving.ore - returned
    steps[Cause.SPENDING] = drivers.result_investment.ore - drivers.budget_investment.ore + returned
    staffed, why = _at_actual_participants(drivers)
    if staffed is None:
        unknown[Cause.VOLUME] = why
    else:
        steps[Cause.VOLUME] = staffed - opened
    priced = _at_planned_prices(drivers)
    if priced is None:
        unknown[Cause.PRICE] = Missing.INDEX
    else:
        steps[Cause.PRICE] = drivers.result_saving.ore - priced
    computed = drivers.at_planned_prices is not None or drivers.result_saving.ore == 0
    if priced is not None and staffed is not None and computed:
        steps[Cause.EFFECT] = priced - staffed
    else:
        unknown[Cause.EFFECT] = Missing.EFFECT if not computed else why
    before = drivers.budget_investment + drivers.budget_saving
    after = drivers.result_investment + drivers.result_saving
    known = sum(steps[cause] or 0 for cause in SEPARATED)
    steps[Cause.REST] = after.ore - before.ore - known
    return Bridge(
        drivers.investment,
        drivers.year,
        drivers.basis,
        before,
        after,
        {cause: None if ore is None else Amount(ore, level) for cause, ore in steps.items()},
        {cause: ((drivers.investment, drivers.year, reason),) for cause, reason in unknown.items()},
        (drivers,),
    )


def together(parts: Sequence[Bridge], investment: str, year: int | None) -> Bridge:
    """Several bridges as one: the sum of each step over the parts in which it was told apart.

    A cause that is told apart only where it is nought is not told apart: its nought would pass for an answer.
    Raises `money.mixed-price-levels` where the parts are in different levels, `ValueError` where there are none.
    """
    if not parts:
        raise ValueError("no bridges to add up")
    basis = Basis.REALISED if all(part.basis is Basis.REALISED for part in parts) else Basis.EXPECTED
    steps = {cause: _sum(part.steps[cause] for part in parts) for cause in Cause}
    unknown: dict[Cause, tuple[tuple[str, int, Missing], ...]] = {}
    for cause in SEPARATED:
        where = tuple(one for part in parts for one in part.unknown.get(cause, ()))
        step = steps[cause]
        if where:
            unknown[cause] = where
            steps[cause] = None if step is None or step.ore == 0 else step
    return Bridge(
        investment,
        year,
        basis,
        _total(part.budget for part in parts),
        _total(part.result for part in parts),
        steps,
        unknown,
        tuple(one for part in parts for one in part.drivers),
    )


def _returned(drivers: Drivers) -> int:
    """What the early stop gave back of the year's investment, in øre."""
    if not drivers.stopped_share:
        return 0
    if drivers.returned is not None:
        return drivers.returned.ore
    return drivers.budget_investment.ore if drivers.stopped_share == 1 else 0


def _at_actual_participants(drivers: Drivers) -> tuple[int | None, Missing]:
    """What the plan's saving per participant gives with the actual ones, in øre; else why that is not known."""
    if drivers.few:
        return None, Missing.FEW
    if not drivers.planned:
        return None, Missing.PLAN
    if drivers.participants is None:
        return None, Missing.PARTICIPANTS
    share = Fraction(drivers.participants) / Fraction(drivers.planned)
    return _ore(Fraction(drivers.budget_saving.ore) * share), Missing.PARTICIPANTS


def _at_planned_prices(drivers: Drivers) -> int | None:
    """The result's saving at the budget's prices, in øre; None where it is not known."""
    if drivers.at_planned_prices is not None:
        return drivers.at_planned_prices.ore
    if drivers.result_saving.ore == 0:
        return 0
    if drivers.price_factor is None:
        return None
    return _ore(Fraction(drivers.result_saving.ore) / Fraction(drivers.price_factor))


def _sum(steps: Iterable[Amount | None]) -> Amount | None:
    known = [step for step in steps if step is not None]
    return _total(known) if known else None


def _total(amounts: Iterable[Amount]) -> Amount:
    found = list(amounts)
    return sum(found[1:], start=found[0])


def _ore(exact: Fraction) -> int:
    """Rounded half away from zero to whole øre."""
    size = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return size if exact >= 0 else -size
