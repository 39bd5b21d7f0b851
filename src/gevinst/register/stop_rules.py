"""What must hold of a stop rule, what is doubtful of one, and a rule as the protocol keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from gevinst.errors import GevinstError
from gevinst.language import number, percent, say, short_date
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import Investment, Portfolio, StopMeasure, StopRule
from gevinst.register.findings import Finding, Severity
from gevinst.register.workbook_layout import choice_words

STOP_RULES = "stop_rules"
"""What the rules are called in a plan (`protocol.py`)."""
Locate = Callable[[tuple[str | int, ...]], str]
AMOUNTS = (StopMeasure.SAVING, StopMeasure.NET)
CHANCES = (StopMeasure.COVERS_INVESTMENT, StopMeasure.REACHES_BUDGET)
NUMBERS = (StopMeasure.STARTS, StopMeasure.FULL_TIME)
BY_YEAR = (*AMOUNTS, *CHANCES)
"""Measures that look at the years that are over on the rule's day."""
MOST = 1_000_000


def stop_rule_faults(rule: StopRule, path: tuple[str | int, ...], locate: Locate) -> Iterator[GevinstError]:
    """A limit that does not suit the measure, or that nothing could fall short of."""
    by_amount = rule.measure in AMOUNTS
    if (rule.at_most is None) == by_amount or (rule.at_least is None) != by_amount:
        where = locate((*path, "at_least" if by_amount and rule.at_least is not None else "measure"))
        code = "status.stop-rule-amount" if by_amount else "status.stop-rule-number"
        yield GevinstError(code, where=where, measure=choice_words(rule.measure))
    elif rule.at_least is not None:
        most = 1 if rule.measure in CHANCES else MOST
        if not 0 < rule.at_least <= most:
            yield GevinstError("status.stop-rule-limit", where=locate((*path, "at_least")),
                               value=number(rule.at_least, _decimals(rule.at_least)), most=number(most))


def stop_rule_findings(portfolio: Portfolio, locate: Locate) -> Iterator[Finding]:
    """Rules that are agreed, and yet hardly mean what they say."""
    for at, investment in enumerate(portfolio.investments):
        for index, rule in enumerate(investment.stop_rules):
            path = ("investments", at, STOP_RULES, index)
            if rule.at_most is not None and rule.measure is StopMeasure.SAVING and rule.at_most.ore > 0:
                yield Finding("status.stop-rule-sign", Severity.WARNING, locate((*path, "at_most")),
                              {"number": investment.number})
            if rule.measure in BY_YEAR and not years_over(portfolio, rule.date):
                yield Finding("status.stop-rule-too-early", Severity.WARNING, locate((*path, "date")),
                              {"number": investment.number, "day": rule.date, "year": portfolio.years[0]})
            elif _cannot_be_converted(investment, rule):
                yield Finding("status.stop-rule-level", Severity.WARNING, locate((*path, "at_most")),
                              {"number": investment.number, "level": rule.at_most.level if rule.at_most else CURRENT})
            elif _outside(investment, portfolio, rule.date):
                yield Finding("status.stop-rule-outside", Severity.WARNING, locate((*path, "date")),
                              {"number": investment.number, "day": rule.date})


def years_over(portfolio: Portfolio, day: date) -> tuple[int, ...]:
    """The portfolio's years that are over on a day."""
    return tuple(year for year in portfolio.years if date(year, 12, 31) <= day)


def _cannot_be_converted(investment: Investment, rule: StopRule) -> bool:
    """A limit on the net at another price level than that of results: computed ones are in current prices."""
    levels = {one.amount.level for one in investment.recorded} or {CURRENT}
    return rule.measure is StopMeasure.NET and rule.at_most is not None and levels != {rule.at_most.level}


def _outside(investment: Investment, portfolio: Portfolio, day: date) -> bool:
    first = investment.referrals_from or date(portfolio.years[0], 1, 1)
    return not first <= day <= date(portfolio.years[-1] + 1, 12, 31)


def plan_text(rule: StopRule) -> str:
    """A rule as it stands in a plan: day, measure and limit; its words and source may be written better.

    >>> plan_text(StopRule(date(2021, 7, 1), StopMeasure.STARTS, Decimal("40.0")))
    '2021-07-01/starts/40'
    >>> plan_text(StopRule(date(2022, 4, 1), StopMeasure.SAVING, at_most=Amount.dkk(-500_000, PriceLevel(2020))))
    '2022-04-01/saving/-50000000/2020'
    """
    if rule.at_most is not None:
        limit = f"{rule.at_most.ore}/{rule.at_most.level.key}"
    else:
        limit = format((rule.at_least or Decimal(0)).normalize(), "f")
    return f"{rule.date.isoformat()}/{rule.measure}/{limit}"


def of_plan_text(text: str) -> str:
    """A rule of a plan in words, in the language spoken now.

    >>> of_plan_text("2021-07-01/starts/40")
    '01-07-2021: færre end 40 borgere er startet'
    """
    day, measure, limit, *level = text.split("/")
    rule = StopRule(date.fromisoformat(day), StopMeasure(measure))
    if level:
        return rule_words(StopRule(rule.date, rule.measure, None, Amount(int(limit), PriceLevel.parse(level[0]))))
    return rule_words(StopRule(rule.date, rule.measure, Decimal(limit)))


def rule_words(rule: StopRule) -> str:
    """When a rule is looked at and what fulfils it."""
    return f"{short_date(rule.date)}: {fulfilled_by(rule)}"


def _decimals(figure: Decimal) -> int:
    """So many decimals a figure is written with."""
    return max(0, -int(figure.normalize().as_tuple().exponent))


def fulfilled_by(rule: StopRule) -> str:
    """What fulfils a rule, in words."""
    least = rule.at_least or Decimal(0)
    many = number(least, _decimals(least))
    chance = percent(float(least), 0)
    most = "" if rule.at_most is None else number(rule.at_most.in_dkk)
    saved = "" if rule.at_most is None else number(-rule.at_most.in_dkk)
    level = "" if rule.at_most is None else f" ({rule.at_most.level})"
    return {
        StopMeasure.STARTS: say(da=f"færre end {many} borgere er startet",
                                en=f"fewer than {many} persons have started"),
        StopMeasure.FULL_TIME: say(da=f"færre end {many} fuldtidspersoner deltager",
                                   en=f"fewer than {many} full-time persons take part"),
        StopMeasure.SAVING: say(da=f"besparelsen på forsørgelse er under {saved} kr.{level}",
                                en=f"the saving on benefits is below DKK {saved}{level}"),
        StopMeasure.NET: say(da=f"investering og besparelse er tilsammen over {most} kr.{level}",
                             en=f"investment and saving together are above DKK {most}{level}"),
        StopMeasure.COVERS_INVESTMENT: say(
            da=f"sandsynligheden for, at besparelsen dækker investeringen, er under {chance}",
            en=f"the chance that the saving covers the investment is below {chance}"),
        StopMeasure.REACHES_BUDGET: say(
            da=f"sandsynligheden for, at besparelsen når budgettet, er under {chance}",
            en=f"the chance that the saving reaches the budget is below {chance}"),
    }[rule.measure]  # fmt: skip
