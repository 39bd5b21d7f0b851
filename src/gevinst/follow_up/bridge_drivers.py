"""What drives the bridge, gathered from the case, its table, its exposure and, where there are any, the persons.

Like stands beside like: a result that was recorded goes with recorded participants, one that was computed from persons
with the participants delivered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from gevinst.economy.prices import convert_benefit
from gevinst.economy.repriced import at_prices_of
from gevinst.errors import GevinstError
from gevinst.follow_up.bridge import Bridge, Drivers, bridge, together
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.follow_up.disclosure.delivery import weeks_key
from gevinst.follow_up.disclosure.rounded import KRONER, nearest
from gevinst.follow_up.exposure import PARTIAL_OPEN, exposure
from gevinst.follow_up.figures import PORTFOLIO, Figure
from gevinst.follow_up.reconciliation import Delivered
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.language import say
from gevinst.money import Amount, PriceLevel
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Basis, FollowedBy, Investment, Line, Portfolio
from gevinst.weeks import first_week

NOT_KNOWN = ("economy.no-benefit-index", "economy.missing-factor", "economy.which-vintage")


@dataclass(frozen=True)
class Known:
    """What the bridges know beside the record: the parameters, deliveries by investment key, and the assumptions.

    `counts` are the weeks delivered as they may be told, by name, and the rules for all other counts.
    """

    book: ParameterBook
    delivered: Mapping[str, Delivered] = field(default_factory=dict)
    partial_open: Decimal = PARTIAL_OPEN
    counts: Counts = field(default_factory=Counts)

    @property
    def threshold(self) -> int:
        """Fewer persons than this are not told of."""
        return self.counts.rules.threshold


@dataclass(frozen=True)
class Participation:
    """Planned and actual participants of a year in one unit; `few`: there are too few to tell how many."""

    planned: Decimal | None
    actual: Decimal | None
    few: bool = False
    planned_source: str = ""
    source: str = ""


def bridges_of(
    portfolio: Portfolio, cases: Sequence[CaseResult], tables: Sequence[FollowUp], known: Known
) -> tuple[Bridge, ...]:
    """Of every investment each year, and its years together; then of the portfolio, alike.

    A year without a net budget or a net result has none, unless the investment was stopped before it. The portfolio has
    a year in which any investment has a result; those that have none are left out of it (`left_out`).
    """
    single = [
        bridge(drivers)
        for case, table in zip(cases, tables, strict=True)
        for year in table.years
        if (drivers := drivers_of(case, table, year, portfolio, known)) is not None
    ]
    found: list[Bridge] = []
    for table in tables:
        mine = [one for one in single if one.investment == table.investment]
        found += [*mine, *([together(mine, table.investment, None)] if mine else [])]
    for year in portfolio.years:
        theirs = [one for one in single if one.year == year]
        if any(not one.stopped for one in theirs):
            found.append(together(theirs, PORTFOLIO, year))
    whole = [one for one in found if one.investment == PORTFOLIO]
    return (*found, *([together(whole, PORTFOLIO, None)] if whole else []))


def left_out(bridges: Sequence[Bridge], tables: Sequence[FollowUp]) -> tuple[tuple[str, int], ...]:
    """The investments that have a budget in a year of the portfolio's bridge and are not in it: (investment, year)."""
    years = {one.year for one in bridges if one.investment == PORTFOLIO}
    there = {(one.investment, one.year) for one in bridges}
    return tuple(
        (table.investment, row.year)
        for table in tables
        for row in table.years
        if row.year in years and Line.NET in row.budget and (table.investment, row.year) not in there
    )


def drivers_of(
    case: CaseResult, table: FollowUp, row: FollowUpYear, portfolio: Portfolio, known: Known
) -> Drivers | None:
    """The drivers of one year; None where it has no budget, or no result and no stop that explains it."""
    if Line.NET not in row.budget:
        return None
    investment, year = case.investment, row.year
    weeks = exposure(investment, portfolio, year)
    nothing = Amount.zero(table.outcome_level)
    over = weeks.stopped_share == 1 and not row.outcome
    if Line.NET not in row.outcome and not over:
        return None
    saving = nothing if over else row.outcome[Line.SAVING].amount
    figure = row.outcome.get(Line.SAVING)  # what is expected has not been delivered, and has no weeks of its own
    computed = figure is not None and figure.source == "computed" and figure.basis is Basis.REALISED
    took_part = Participation(_planned(investment, year)[0], Decimal(0)) if over else participation(
        investment, year, row.basis, computed=computed, known=known
    )
    returned = dict(investment.stop.returned).get(year) if investment.stop is not None else None
    return Drivers(
        investment.number,
        year,
        Basis.REALISED if over else row.basis,
        row.budget[Line.INVESTMENT].amount,
        row.budget[Line.SAVING].amount,
        nothing if over else row.outcome[Line.INVESTMENT].amount,
        saving,
        took_part.planned,
        took_part.actual,
        weeks.open_share(known.partial_open),
        weeks.stopped_share,
        _repriced(case, row.outcome[Line.SAVING], table.budget_level, known.book) if computed else None,
        _factor(investment, table.budget_level, table.outcome_level, year, known.book),
        returned,
        took_part.few,
        took_part.source,
        took_part.planned_source,
    )


def participation(
    investment: Investment, year: int, basis: Basis, *, computed: bool, known: Known
) -> Participation:
    """Full-time participants of a year; of a case followed by head counts, the mean of the year's counts instead."""
    planned, planned_source = _planned(investment, year)
    if computed:
        return _delivered(investment, year, planned, planned_source, known)
    counted = [one for one in investment.participant_counts if one.year == year]
    if counted:
        one = counted[0]
        first, second = (one.actual, one.expected) if basis is Basis.REALISED else (one.expected, one.actual)
        return _told(planned, first if first is not None else second, planned_source, one.source, known)
    heads = [one for one in investment.head_counts if one.date.year == year]
    if heads and investment.followed_by is FollowedBy.HEAD_COUNT:
        actual = Decimal(sum(one.actual for one in heads)) / len(heads)
        aim = Decimal(sum(one.planned for one in heads)) / len(heads)
        cited = heads[-1].source
        few = any(0 < one.actual < known.threshold for one in heads)
        return Participation(aim, None if few else actual, few, cited, cited)
    return Participation(planned, None, False, planned_source)


def _planned(investment: Investment, year: int) -> tuple[Decimal | None, str]:
    for one in investment.participant_counts:
        if one.year == year and one.planned is not None:
            return one.planned, one.source
    return investment.full_time_participants, investment.source


def _told(
    planned: Decimal | None, actual: Decimal | None, planned_source: str, source: str, known: Known
) -> Participation:
    few = actual is not None and 0 < actual < known.threshold
    return Participation(planned, None if few else actual, few, planned_source, source)


def _delivered(
    investment: Investment, year: int, planned: Decimal | None, planned_source: str, known: Known
) -> Participation:
    """Delivered participant weeks over the weeks of the year: full-time persons."""
    delivery = known.delivered.get(investment.key)
    if delivery is None:
        return Participation(planned, None, False, planned_source)
    told = known.counts[weeks_key(investment.number, year)] if year in delivery.weeks else 0
    if isinstance(told, Hidden):
        return Participation(planned, None, True, planned_source)
    weeks = first_week(year + 1) - first_week(year)
    source = say(da="leverede deltageruger ÷ årets uger", en="delivered participant weeks ÷ the year's weeks")
    return Participation(planned, Decimal(told) / weeks, False, planned_source, source)


def _repriced(case: CaseResult, figure: Figure, level: PriceLevel, book: ParameterBook) -> Amount | None:
    """The computed saving's weeks at the prices of the budget's level; None where they are not known."""
    effect, saving, year = case.effect, case.saving, figure.year
    if effect is None or saving is None or year is None or year not in effect.years:
        return None
    kroner = at_prices_of(effect, saving, year, level.year or year, book)
    # In whole thousands, as the result is: finer, the two together would give the result with all its digits.
    return None if kroner is None else Amount.from_estimate(float(nearest(np.float64(kroner), KRONER)), level)


def _factor(
    investment: Investment, start: PriceLevel, target: PriceLevel, year: int, book: ParameterBook
) -> Decimal | None:
    """The index of the benefit's rate from the budget's level to the result's; None where it is not known."""
    if (start.year or year) == (target.year or year):
        return Decimal(1)
    if not investment.target_group.benefit:
        return None
    try:
        return convert_benefit(Amount.zero(start), target, investment.target_group.benefit, book, year=year).factor
    except GevinstError as fault:
        if fault.code not in NOT_KNOWN:
            raise
        return None
