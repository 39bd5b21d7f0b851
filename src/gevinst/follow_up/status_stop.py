"""The stop rules agreed in a case, applied as they were agreed: fulfilled, not fulfilled, or not to be decided yet.

A rule is looked at on its day and never before it. Persons who started are counted to and with the week of the day;
amounts and probabilities are those of the years that were over on the day, as the follow-up has them now. Nothing is
stopped by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from gevinst.economy.prices import convert_benefit
from gevinst.economy.saving import Saving
from gevinst.errors import GevinstError
from gevinst.follow_up.paid_off import HeldAgainst, chances, net_by_year
from gevinst.follow_up.table import FollowUp
from gevinst.money import Amount, PriceLevel, total
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Basis, Investment, Line, StopMeasure, StopRule
from gevinst.register.stop_rules import AMOUNTS

Outcome = Literal["fulfilled", "not-fulfilled", "undecided", "not-due"]
Why = Literal["", "no-data", "data-end", "no-result", "too-few", "method", "level", "hidden"]
"""Why a rule cannot be decided: nobody is counted; the data end before the day; a year has no result; too few took part
for a probability; the method has a known bias; the result is at another price level; the count may not be told."""
NOT_KNOWN = ("economy.no-benefit-index", "economy.missing-factor", "economy.which-vintage")


@dataclass(frozen=True)
class Verdict:
    """What became of one rule. `number` or `amount` is what it was held against (None: not known, or not to be told).

    `years` are those an amount or a probability is of.
    """

    investment: str
    rule: StopRule
    outcome: Outcome
    number: Decimal | None = None
    amount: Amount | None = None
    years: tuple[int, ...] = ()
    why: Why = ""


@dataclass(frozen=True)
class Started:
    """Persons who had started by a rule's day: how many, whether the data reach it, and the count as it may be told."""

    count: int
    complete: bool
    shown: int | None


@dataclass(frozen=True)
class Known:
    """What the rules of one case are held against.

    `saving` (None: there is none that may be told) was computed, and is held `against` investment and budget in
    `years`, those with a result; `why_not` says why there is none. `started` is by the rule's day, `full_time`
    participants by year (None: too few). Of fewer than `least` persons it is not told how many.
    """

    table: FollowUp
    saving: Saving | None = None
    against: HeldAgainst = field(default=HeldAgainst({}, {}))
    years: tuple[int, ...] = ()
    why_not: Why = "no-result"
    started: Mapping[date, Started] = field(default_factory=dict)
    full_time: Mapping[int, Decimal | None] = field(default_factory=dict)
    least: int = 5


def verdicts(
    investment: Investment, years: Sequence[int], today: date, known: Known, book: ParameterBook
) -> tuple[Verdict, ...]:
    """The verdict on each rule of the case as of `today`, in the order of their days; `years` are the portfolio's."""
    rules = sorted(investment.stop_rules, key=lambda one: (one.date, one.measure))
    return tuple(_verdict(investment, rule, years, today, known, book) for rule in rules)


def _verdict(
    investment: Investment, rule: StopRule, years: Sequence[int], today: date, known: Known, book: ParameterBook
) -> Verdict:
    if today < rule.date:
        return Verdict(investment.number, rule, "not-due")
    if rule.measure is StopMeasure.STARTS:
        return _by_starts(investment.number, rule, known)
    if rule.measure is StopMeasure.FULL_TIME:
        return _by_full_time(investment, rule, known)
    over = tuple(year for year in years if date(year, 12, 31) <= rule.date)
    if rule.measure in AMOUNTS:
        return _by_amount(investment, rule, over, known, book)
    return _by_chance(investment.number, rule, over, known)


def _by_starts(number: str, rule: StopRule, known: Known) -> Verdict:
    found, least = known.started.get(rule.date), rule.at_least or Decimal(0)
    if found is None:
        return Verdict(number, rule, "undecided", why="no-data")
    if not found.complete and found.count < least:
        return Verdict(number, rule, "undecided", why="data-end")
    if found.shown is None and _would_tell(found.count, least, known.least):
        return Verdict(number, rule, "undecided", why="hidden")
    told = None if found.shown is None else Decimal(found.shown)
    return Verdict(number, rule, _held(found.count < least), told)


def _would_tell(count: int, least: Decimal, smallest: int) -> bool:
    """Whether the verdict on a hidden count would tell of few: it is few itself, or keeps another few one hidden."""
    return least < smallest if count < smallest else abs(count - least) < smallest


def _by_full_time(investment: Investment, rule: StopRule, known: Known) -> Verdict:
    counted = [one for one in investment.head_counts if one.date <= rule.date]
    if counted:
        found: Decimal | None = Decimal(max(counted, key=lambda one: one.date).actual)
    elif rule.date.year in known.full_time:
        found = known.full_time[rule.date.year]
    else:
        return Verdict(investment.number, rule, "undecided", why="no-data")
    few, least = found is None or 0 < found < known.least, rule.at_least or Decimal(0)
    if few and least < known.least:
        return Verdict(investment.number, rule, "undecided", why="hidden")
    return Verdict(investment.number, rule, _held(found is None or found < least), None if few else found)


def _by_amount(
    investment: Investment, rule: StopRule, over: tuple[int, ...], known: Known, book: ParameterBook
) -> Verdict:
    line = Line.SAVING if rule.measure is StopMeasure.SAVING else Line.NET
    rows = {row.year: row for row in known.table.years}
    figures = [one for year in over if (one := rows[year].outcome.get(line)) is not None]
    results = [one.amount for one in figures if one.basis is Basis.REALISED]
    if not over or len(results) < len(over) or rule.at_most is None:
        return Verdict(investment.number, rule, "undecided", years=over, why="no-result")
    if known.why_not == "method" and any(one.source == "computed" for one in figures):
        return Verdict(investment.number, rule, "undecided", years=over, why="method")
    level = rule.at_most.level
    try:
        amounts = [_at(amount, level, investment, year, line, book)
                   for amount, year in zip(results, over, strict=True)]  # fmt: skip
    except GevinstError as fault:
        if fault.code not in NOT_KNOWN:
            raise
        amounts = [None]
    same = [one for one in amounts if one is not None]
    if len(same) < len(over):
        return Verdict(investment.number, rule, "undecided", years=over, why="level")
    found = total(same, level)
    return Verdict(investment.number, rule, _held(found.ore > rule.at_most.ore), amount=found, years=over)


def _at(
    amount: Amount, level: PriceLevel, investment: Investment, year: int, line: Line, book: ParameterBook
) -> Amount | None:
    """An amount of a year at the rule's price level; None where an investment would have to be converted."""
    if (amount.level.year or year) == (level.year or year):
        return amount.at_level(level)
    if line is not Line.SAVING or not investment.target_group.benefit:
        return None
    return convert_benefit(amount, level, investment.target_group.benefit, book, year=year).amount


def _by_chance(number: str, rule: StopRule, over: tuple[int, ...], known: Known) -> Verdict:
    if known.saving is None or not over or not set(over) <= set(known.years):
        why: Why = known.why_not if known.saving is None else "no-result"
        return Verdict(number, rule, "undecided", years=over, why=why)
    together = chances(net_by_year(known.saving, over), known.against)[-1]
    reaches = rule.measure is StopMeasure.REACHES_BUDGET
    chance = together.reaches_budget if reaches else together.covers_investment
    if chance is None:
        return Verdict(number, rule, "undecided", years=over, why="no-result")
    found = Decimal(repr(chance))
    return Verdict(number, rule, _held(found < (rule.at_least or Decimal(0))), found, years=over)


def _held(less: bool) -> Outcome:
    return "fulfilled" if less else "not-fulfilled"
