"""What in a reconciliation needs somebody's eyes: alarms by stated rules, and none but these.

A deviation is told when it is above the terms' per cent of what it is held against and above their kroner. What was
delivered is judged only for years that are complete in the data: an invoice of this year's weeks may be on its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gevinst.errors import catalogue
from gevinst.follow_up.reconciliation import CaseLedger, LedgerCheck, LedgerYear
from gevinst.language import current, number
from gevinst.money import CURRENT, Amount, total
from gevinst.register.ledger_rules import LedgerTerms

Value = Amount | Decimal | int | str


@dataclass(frozen=True)
class Alarm:
    """One alarm: a code of `messages/ledger.yaml`, the investment's number ("" for the ledger as a whole), the year
    (None for all years together) and the values of its text."""

    code: str
    investment: str
    year: int | None
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def what(self) -> str:
        """What was found, in the language spoken now."""
        return catalogue()[self.code][current()].what.format(**self._printed())

    @property
    def do(self) -> str:
        """What to do about it, in the language spoken now."""
        return catalogue()[self.code][current()].do.format(**self._printed())

    def _printed(self) -> dict[str, str]:
        return {name: _printed(value) for name, value in self.values}


def _printed(value: Value) -> str:
    match value:
        case Amount():
            return number(value.in_dkk)
        case Decimal():
            return number(value, 1)
        case int():
            return number(value)
        case _:
            return value


def alarm(code: str, investment: str, year: int | None, **values: Value) -> Alarm:
    """An alarm with its values in a fixed order."""
    return Alarm(code, investment, year, tuple(sorted(values.items())))


def alarms(check: LedgerCheck) -> tuple[Alarm, ...]:
    """All alarms: of each investment in order of years, then of the ledger as a whole."""
    found = [one for case in check.cases for one in _of_case(case, check.terms)]
    if check.unmatched.rows:
        found.append(alarm("ledger.alarm-unmatched", "", None, rows=check.unmatched.rows,
                           kroner=check.unmatched.amount))
    if check.unknown.rows:
        names = sorted({one.investment for one in check.loose if one.investment})
        found.append(alarm("ledger.alarm-unknown-investment", "", None, rows=check.unknown.rows,
                           kroner=check.unknown.amount, names=", ".join(names)))
    if check.repeated.rows * 100 > check.terms.percent * check.ledger.rows:
        found.append(alarm("ledger.alarm-repeated", "", None, rows=check.repeated.rows, all=check.ledger.rows,
                           kroner=check.repeated.amount))
    return tuple(found)


def _of_case(case: CaseLedger, terms: LedgerTerms) -> Iterator[Alarm]:
    for year in case.years:
        yield from _of_postings(case, year, terms)
        if case.by_weeks and year.complete and year.weeks is not None:
            yield from _of_delivery(case, year, year.weeks, terms)
    yield from _of_all_years(case, terms)


def _of_postings(case: CaseLedger, year: LedgerYear, terms: LedgerTerms) -> Iterator[Alarm]:
    if year.postings and not year.in_case:
        yield alarm("ledger.alarm-outside-case", case.number, year.year, rows=year.postings, kroner=year.net)
    if year.refund.ore > 0:
        yield alarm("ledger.alarm-refund-is-expenditure", case.number, year.year, kroner=year.refund)
    if year.running.ore < 0:
        yield alarm("ledger.alarm-running-is-income", case.number, year.year, kroner=year.running)
    over = year.net_less_budget
    if over is not None and year.budget is not None and over.ore > 0 and _much(over, year.budget, terms):
        yield alarm("ledger.alarm-over-budget", case.number, year.year, kroner=over, net=year.net,
                    budget=year.budget)
    apart = year.net_less_recorded
    if year.postings and apart is not None and year.recorded is not None and _much(apart, year.recorded, terms):
        yield alarm("ledger.alarm-recorded-differs", case.number, year.year, recorded=year.recorded, net=year.net,
                    kroner=Amount(abs(apart.ore), apart.level))


def _of_delivery(case: CaseLedger, year: LedgerYear, weeks: int, terms: LedgerTerms) -> Iterator[Alarm]:
    if not weeks:
        if year.paid.ore > 0 and year.paid.in_dkk > terms.kroner:
            yield alarm("ledger.alarm-nothing-delivered", case.number, year.year, kroner=year.paid)
        return
    if year.paid.ore <= 0:
        yield alarm("ledger.alarm-nothing-paid", case.number, year.year, weeks=weeks)
        return
    off, found = year.paid_less_delivered, year.unit_price
    if case.price is None or not case.price.ore or off is None or found is None or year.value is None:
        return
    if _much(off, year.value, terms):
        share = Decimal(found.ore - case.price.ore) / case.price.ore * 100
        yield alarm("ledger.alarm-unit-price", case.number, year.year, found=found, agreed=case.price,
                    percent=number(share, 1, sign=True))


def _of_all_years(case: CaseLedger, terms: LedgerTerms) -> Iterator[Alarm]:
    """What was paid and delivered until the last complete year: an invoice over the new year evens out."""
    whole = [year for year in case.years if year.complete]
    values = [year.value for year in whole if year.value is not None]
    if not case.by_weeks or not whole or len(values) < len(whole):
        return
    paid, value = total((year.paid for year in whole), CURRENT), total(values, CURRENT)
    if paid.ore <= 0 or value.ore <= 0 or not _much(paid - value, value, terms):
        return
    last = whole[-1].year
    if paid.ore > value.ore:
        yield alarm("ledger.alarm-paid-not-delivered", case.number, None, paid=paid, value=value, kroner=paid - value,
                    until=str(last))
    else:
        yield alarm("ledger.alarm-delivered-not-paid", case.number, None, paid=paid, value=value, kroner=value - paid,
                    until=str(last))


def _much(off: Amount, base: Amount, terms: LedgerTerms) -> bool:
    """Whether a deviation is above both limits."""
    return abs(off.in_dkk) > terms.kroner and abs(off.ore) * 100 > terms.percent * abs(base.ore)
