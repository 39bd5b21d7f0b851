"""What a full-time week on a benefit costs the municipality, by benefit, step of the ladder and year.

    gross              = rate (or local price)
    net of refund      = gross × municipal share at the step
    after equalisation = net × the share that stays with the municipality, a local parameter

Where the payments themselves are known, what was paid takes the place of rate and share (`actual_cost.py`).
Prices are those of the week's own year (current prices). A rate or a ladder that changes within a year is averaged
over the year's weeks. A published rate is not a cost; see `rate_note`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from gevinst.economy.actual_cost import ActualCost, ActualCosts
from gevinst.errors import GevinstError
from gevinst.language import number, say
from gevinst.parameters.benefits import Benefit
from gevinst.parameters.book import KEPT, ParameterBook, Used, all_used
from gevinst.parameters.national import STEP_STARTS
from gevinst.trace import Step
from gevinst.weeks import first_week, thursday

ValueLevel = Literal["gross", "net", "after_equalisation"]
LEVELS: tuple[ValueLevel, ...] = ("gross", "net", "after_equalisation")
Floats = npt.NDArray[np.float64]
Lookup = Callable[[date], tuple[Decimal, Used]]
# What `unpriced="leave_out"` may leave out.
NOT_KNOWN = ("parameters.no-rate", "parameters.no-ladder", "parameters.outside-known")


def level_name(level: ValueLevel) -> str:
    """The value level in the language spoken now."""
    return {
        "gross": say(da="brutto", en="gross"),
        "net": say(da="netto efter refusion", en="net of refund"),
        "after_equalisation": say(da="efter budgetgaranti og udligning", en="after budget guarantee and equalisation"),
    }[level]


def rate_note() -> str:
    """The sentence that stands where published rates were used as prices."""
    return say(
        da="En sats er ikke en udgift: den er, hvad loven giver én person på fuld tid. Den faktiske udbetaling "
           "afviger ved dele af uger, arbejde ved siden af, ATP og tillæg.",
        en="A rate is not a cost: it is what the law gives one person on full time. The actual payment differs by "
           "part weeks, earnings beside the benefit, ATP and supplements.")


@dataclass(frozen=True)
class Valued:
    """DKK per full-time week in the year's own prices, with every parameter it was made of."""

    dkk: float
    benefit: Benefit
    step: int
    year: int
    level: ValueLevel
    used: tuple[Used, ...]

    @property
    def carried(self) -> bool:
        """Whether a value was carried forward ("fremskrevet") to get it."""
        return any(one.carried for one in self.used)

    def as_step(self) -> Step:
        """A step for the ladder that explains a number."""
        first = STEP_STARTS[self.step]
        label = say(da=f"ugepris {self.year}, {self.benefit.da}, fra uge {first}, {level_name(self.level)}",
                    en=f"weekly price {self.year}, {self.benefit.en}, from week {first}, {level_name(self.level)}")
        formula = {"gross": say(da="sats", en="rate"),
                   "net": say(da="sats × kommunens andel", en="rate × municipal share"),
                   "after_equalisation": say(da="sats × kommunens andel × andel tilbage efter udligning",
                                             en="rate × municipal share × share kept after equalisation")}[self.level]
        return Step(label, f"{number(self.dkk, 2)} {say(da='kr.', en='DKK')}", formula,
                    unverified=any(not one.verified for one in self.used),
                    under=tuple(one.as_step() for one in self.used))


@dataclass(frozen=True)
class LeftOut:
    """A benefit and year that has no price, and the code of the error that says why; `steps` empty: on no step."""

    benefit: str
    year: int
    code: str
    steps: tuple[int, ...] = ()

    def holds(self, step: int) -> bool:
        """Whether weeks on this step have no price."""
        return not self.steps or step in self.steps


@dataclass(frozen=True)
class PriceTable:
    """Weekly prices as arrays `[benefit, step, year]`, DKK per full-time week in the year's own prices.

    `after_equalisation` is `None` where the workspace gives no such parameter. `carried[benefit, year]` marks
    prices carried forward. Cells in `left_out` are 0 and must be named beside every sum.
    """

    benefits: tuple[str, ...]
    steps: tuple[int, ...]
    years: tuple[int, ...]
    gross: Floats
    net: Floats
    after_equalisation: Floats | None
    carried: npt.NDArray[np.bool_]
    used: tuple[Used, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def state(self) -> Floats:
        """What the state bears: gross less net."""
        return self.gross - self.net

    @property
    def unverified(self) -> tuple[Used, ...]:
        """The parameters that were not verified."""
        return tuple(one for one in self.used if not one.verified)

    def prices(self, level: ValueLevel) -> Floats:
        """The array of a value level. Raises `economy.no-equalisation` where that level is not computed."""
        found = {"gross": self.gross, "net": self.net, "after_equalisation": self.after_equalisation}[level]
        if found is None:
            raise GevinstError("economy.no-equalisation")
        return found


def weekly_price(
    benefit: str, step: int, year: int, book: ParameterBook, level: ValueLevel = "net", *, forecast: bool = False
) -> Valued:
    """What a full-time week on `benefit` costs at `step` (0-3) in a week of `year`.

    Local prices take the place of the national rate, year by year. With `forecast`, the last known value may be
    carried forward. A benefit with a municipal share of 0 costs 0 at every level. Raises
    `economy.no-equalisation`, and `parameters.no-rate`, `.no-ladder`, `.price-year`, `.outside-known`.

    >>> from gevinst.parameters.book import national_book
    >>> weekly_price("sygedagpenge", 1, 2021, national_book()).dkk  # 4,460 × 60 %
    2676.0
    """
    one = book.benefit(benefit)
    key = one.key
    lookups: list[Lookup] = []
    if one.municipal_share == 0:
        lookups.append(lambda day: book.municipal_share(key, step, day, forecast=forecast))
    else:
        lookups.append(_gross(key, year, book, forecast=forecast))
        if level != "gross":
            lookups.append(lambda day: book.municipal_share(key, step, day, forecast=forecast))
    if level == "after_equalisation":
        lookups.append(_kept(book, forecast=forecast))
    dkk, used = _mean_over(year, lookups)
    return Valued(float(dkk), one, step, year, level, used)


def _gross(key: str, year: int, book: ParameterBook, *, forecast: bool) -> Lookup:
    local = book.local_price(key, year, forecast=forecast)
    if local is None:
        return lambda day: book.weekly_rate(key, day, forecast=forecast)
    found = local
    return lambda _day: found


def _kept(book: ParameterBook, *, forecast: bool) -> Lookup:
    def kept(day: date) -> tuple[Decimal, Used]:
        found = book.kept_after_equalisation(day, forecast=forecast)
        if found is None:
            raise GevinstError("economy.no-equalisation")
        return found

    return kept


def _mean_over(year: int, lookups: Sequence[Lookup]) -> tuple[Decimal, tuple[Used, ...]]:
    """The mean over the weeks of the year of the product of the lookups, and what was used."""
    days = [thursday(week) for week in range(first_week(year), first_week(year + 1))]
    ends = [[lookup(day) for lookup in lookups] for day in (days[0], days[-1])]
    if [_same(one) for _, one in ends[0]] == [_same(one) for _, one in ends[1]]:
        days = days[:1]  # each value is one period, so what holds in the first and the last week holds between
    total, used = Decimal(0), []
    for day in days:
        product = Decimal(1)
        for lookup in lookups:
            value, record = lookup(day)
            product *= value
            used.append(record)
        total += product
    return total / len(days), all_used(used)


def _same(used: Used) -> tuple[object, ...]:
    return used.key, used.value, used.valid_from, used.valid_to, used.carried, used.local


def price_table(
    benefits: Sequence[str], steps: Sequence[int], years: Sequence[int], book: ParameterBook, *,
    forecast_from: int | None = None, unpriced: Literal["refuse", "leave_out"] = "refuse",
    actual: ActualCosts | None = None,
) -> PriceTable:
    """Weekly prices of all the benefits, steps and years at once.

    Where `actual` knows what a cell did cost, that is its price. Years from `forecast_from` on may be carried forward.
    With `unpriced="leave_out"` a benefit that has no rate or whose municipal share is not known is left at 0 and
    listed; a year that is missing among local prices, or that lies outside what is known, is refused all the same.
    Raises as `weekly_price`.
    """
    keys = tuple(book.benefit(one).key for one in benefits)
    levels = LEVELS if KEPT in book.values else LEVELS[:2]
    arrays = {level: np.zeros((len(keys), len(steps), len(years))) for level in levels}
    carried = np.zeros((len(keys), len(years)), dtype=bool)
    used: list[Used] = []
    left_out: list[LeftOut] = []
    for b, key in enumerate(keys):
        for y, year in enumerate(years):
            forecast = forecast_from is not None and year >= forecast_from
            known = {step: cost for step in steps if actual is not None and (cost := actual.at(key, step, year))}
            asked = [(s, step) for s, step in enumerate(steps) if step not in known]
            for step, cost in known.items():
                used += _set_actual(arrays, (b, steps.index(step), y), cost, year, book, forecast=forecast)
            try:
                cells = [(level, s, weekly_price(key, step, year, book, level, forecast=forecast))
                         for level in levels for s, step in asked]
            except GevinstError as fault:
                if unpriced == "refuse" or fault.code not in NOT_KNOWN:
                    raise
                left_out.append(LeftOut(key, year, fault.code, tuple(step for _, step in asked) if known else ()))
                continue
            for level, s, valued in cells:
                arrays[level][b, s, y] = valued.dkk
                carried[b, y] |= valued.carried
                used.extend(valued.used)
    return PriceTable(keys, tuple(steps), tuple(years), arrays["gross"], arrays["net"],
                      arrays.get("after_equalisation"), carried, all_used(used), tuple(left_out))


def _set_actual(
    arrays: Mapping[ValueLevel, Floats], place: tuple[int, int, int], cost: ActualCost, year: int, book: ParameterBook,
    *, forecast: bool,
) -> list[Used]:
    """Put what a week did cost in its place at every level; returns what was used for it."""
    arrays["gross"][place], arrays["net"][place] = cost.gross, cost.net
    if "after_equalisation" not in arrays:
        return [cost.used]
    kept, used = _mean_over(year, [_kept(book, forecast=forecast)])
    arrays["after_equalisation"][place] = cost.net * float(kept)
    return [cost.used, *used]
