"""What must hold inside a portfolio before it is kept: unique names, years, days and counts that can be true.

The same rules serve the YAML file, the workbook and the store; each says where a fault lies in its own terms
through `locate`. Whether the *figures* are plausible (signs, sums, units) is `footing`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, get_args

from gevinst.errors import GevinstError
from gevinst.language import number, short_date
from gevinst.money import Amount
from gevinst.register.business_case import (
    CALENDAR_MONTH,
    ESTIMATORS,
    Basis,
    DoubleCounting,
    Investment,
    LaterParticipants,
    Line,
    Portfolio,
    Protocol,
    Status,
)
from gevinst.register.stop_rules import stop_rule_faults
from gevinst.register.workbook_layout import choice_words
from gevinst.sources.header import STORED_NAMES, plain_name
from gevinst.tables import PERSONS

Path = tuple[str | int, ...]
Locate = Callable[[Path], str]

_NO_STORE_TAKES = re.compile("[\x00\ud800-\udfff]")  # neither UTF-8 nor PostgreSQL has these
_BETWEEN_NAMES = re.compile("[,;]")  # a cell of the workbook holds several names
KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_ORE = 10**17  # 1,000 billion kroner: more than any municipality has, less than a database's integer holds
_SHOWN = 6  # decimals of a value in a message
MOST = 1_000_000  # persons, weeks, placements


def dotted(path: Path) -> str:
    """A path inside a portfolio as text: `investments[0].budget[2].year`.

    >>> dotted(("investments", 0, "budget", 2, "year"))
    'investments[0].budget[2].year'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def faults(portfolio: Portfolio, locate: Locate = dotted) -> list[GevinstError]:
    """Every fault, in the order of the record; an empty list when the portfolio can be kept."""
    found = list(_value_faults(portfolio, (), locate))
    found += _portfolio_faults(portfolio, locate)
    for index, investment in enumerate(portfolio.investments):
        found += _investment_faults(investment, portfolio.years, ("investments", index), locate)
    return found


def require_consistent(portfolio: Portfolio) -> None:
    """Raise the first fault, if there is one."""
    for fault in faults(portfolio):
        raise fault


def _value_faults(record: Any, path: Path, locate: Locate) -> Iterator[GevinstError]:
    """All through the record: a text without a default says something, texts and amounts can be stored."""
    for item in fields(record):
        value, place = getattr(record, item.name), (*path, item.name)
        if isinstance(value, str) and _NO_STORE_TAKES.search(value):
            yield GevinstError("register.bad-character", where=locate(place), name=item.name)
        elif isinstance(value, str) and not value.strip() and item.default is MISSING:
            yield GevinstError("register.empty", where=locate(place), name=item.name)
        elif isinstance(value, Amount):
            yield from _amount_faults(value, place, locate)
        elif is_dataclass(value):
            yield from _value_faults(value, place, locate)
        elif isinstance(value, tuple):
            for at, part in enumerate(value):
                if is_dataclass(part):
                    yield from _value_faults(part, (*place, at), locate)
                elif isinstance(part, tuple):  # a year and its amount
                    yield from _amount_faults(part[1], (*place, part[0]), locate)
                elif isinstance(part, str) and (not part.strip() or _NO_STORE_TAKES.search(part)):
                    yield GevinstError("register.empty", where=locate((*place, at)), name=item.name)


def _amount_faults(amount: Amount, path: Path, locate: Locate) -> Iterator[GevinstError]:
    if abs(amount.ore) > MOST_ORE:
        yield GevinstError("register.amount-too-large", where=locate(path), text=number(amount.in_dkk))


def _portfolio_faults(portfolio: Portfolio, locate: Locate) -> Iterator[GevinstError]:
    if portfolio.key and not KEY.fullmatch(portfolio.key):
        yield GevinstError("register.bad-key", where=locate(("key",)), text=portfolio.key)
    yield from _year_faults(portfolio.years, locate)
    yield from _name_faults(portfolio.investments, locate)
    names = {name for i in portfolio.investments for name in (i.number, i.key)}
    for index, suspension in enumerate(portfolio.suspensions):
        path: Path = ("suspensions", index)
        if suspension.end < suspension.start:
            yield GevinstError("register.dates-reversed", where=locate((*path, "end")),
                               start=short_date(suspension.start), end=short_date(suspension.end))
        if suspension.investment and suspension.investment not in names:
            yield GevinstError("register.unknown-investment-or-all", where=locate((*path, "investment")),
                               text=suspension.investment)
    prudence = portfolio.prudence
    if prudence is not None:
        if not 0 < prudence.factor <= 1:
            yield _out_of_range("factor", prudence.factor, locate(("prudence", "factor")))
        years = [year for year, _ in prudence.laid_in]
        yield from _repeats(years, ("prudence", "laid_in"), locate)
        yield from _outside(years, portfolio.years, ("prudence", "laid_in"), locate)


def _year_faults(years: tuple[int, ...], locate: Locate) -> Iterator[GevinstError]:
    sensible = all(FIRST_YEAR <= year <= LAST_YEAR for year in years)
    if not years or not sensible or any(b <= a for a, b in pairwise(years)):
        yield GevinstError("register.years", where=locate(("years",)), years=", ".join(map(str, years)) or "–")


def _name_faults(investments: tuple[Investment, ...], locate: Locate) -> Iterator[GevinstError]:
    seen: dict[str, int] = {}
    for index, investment in enumerate(investments):
        path: Path = ("investments", index)
        if investment.key and not KEY.fullmatch(investment.key):
            yield GevinstError("register.bad-key", where=locate((*path, "key")), text=investment.key)
        for name in ("number", "key"):
            text = getattr(investment, name)
            if text and seen.setdefault(text, index) != index:
                yield GevinstError("register.duplicate-investment", where=locate((*path, name)), text=text)


def _investment_faults(
    investment: Investment, years: tuple[int, ...], path: Path, locate: Locate
) -> Iterator[GevinstError]:
    budget_years = [b.year for b in investment.budget]
    yield from _repeats(budget_years, (*path, "budget"), locate, "year")
    yield from _outside(budget_years, years, (*path, "budget"), locate, "year")
    for index, year in enumerate(investment.budget):
        if year.investment.level != year.saving.level:
            yield GevinstError("register.mixed-price-levels", where=locate((*path, "budget", index, "saving")),
                               year=year.year, one=str(year.investment.level), other=str(year.saving.level))
    yield from _recorded_faults(investment, path, locate)
    yield from _life_faults(investment, path, locate)
    yield from _count_faults(investment, path, locate)
    yield from _protocol_faults(investment.protocol, (*path, "protocol"), locate)
    for index, rule in enumerate(investment.stop_rules):
        yield from stop_rule_faults(rule, (*path, "stop_rules", index), locate)
    yield from _repeats([(r.date, r.measure) for r in investment.stop_rules], (*path, "stop_rules"), locate, "date")


def _protocol_faults(protocol: Protocol, path: Path, locate: Locate) -> Iterator[GevinstError]:
    offered = {"headline": ESTIMATORS, "later_participants": get_args(LaterParticipants),
               "double_counting": get_args(DoubleCounting)}
    for name, choices in offered.items():
        if getattr(protocol, name) not in choices:
            yield GevinstError("register.not-a-choice", where=locate((*path, name)), text=getattr(protocol, name),
                               choices=", ".join(choices))
    weeks: list[tuple[str, int | str]] = [("horizon_weeks", protocol.horizon_weeks),
                                          ("new_spell_after", protocol.new_spell_after)]
    for name, value in weeks:
        if isinstance(value, str):
            if value != CALENDAR_MONTH:
                yield GevinstError("register.new-spell-rule", where=locate((*path, name)), text=value)
        elif not 1 <= value <= MOST:
            yield _out_of_range(name, value, locate((*path, name)))
    for index, year in enumerate(protocol.baseline_years):
        yield from _impossible_year(year, locate((*path, "baseline_years", index)))
    yield from _covariate_faults(protocol.match_on, (*path, "match_on"), locate)


def _covariate_faults(names: tuple[str, ...], path: Path, locate: Locate) -> Iterator[GevinstError]:
    """A covariate is named as an import stores the column: small letters, `_` between words; and it is named once."""
    own = {column.name for column in PERSONS.columns} | STORED_NAMES
    seen: set[str] = set()
    for index, name in enumerate(names):
        place, stored = locate((*path, index)), plain_name(name)
        if not stored:
            continue  # said already: the text is empty
        if stored in seen:
            yield GevinstError("register.duplicate-entry", where=place, text=name)
        elif stored in own:
            yield GevinstError("register.match-on-own-column", where=place, text=name)
        elif stored != name or _BETWEEN_NAMES.search(name):
            parts = (plain_name(part) for part in _BETWEEN_NAMES.split(name))
            yield GevinstError("register.match-on-name", where=place, text=name,
                               right=", ".join(part for part in parts if part))
        seen.add(stored)


def _recorded_faults(investment: Investment, path: Path, locate: Locate) -> Iterator[GevinstError]:
    figures = investment.recorded
    for index, figure in enumerate(figures):
        if figure.line is Line.NET:
            yield GevinstError("register.net-is-computed", where=locate((*path, "recorded", index, "line")))
        if figure.basis is Basis.BUDGET:
            yield GevinstError("register.recorded-budget", where=locate((*path, "recorded", index, "basis")))
        yield from _impossible_year(figure.year, locate((*path, "recorded", index, "year")))
    yield from _repeats([(f.year, f.line, f.basis, f.as_of) for f in figures], (*path, "recorded"), locate, "year")


def _life_faults(investment: Investment, path: Path, locate: Locate) -> Iterator[GevinstError]:
    start, end = investment.referrals_from, investment.referrals_to
    if start and end and end < start:
        yield GevinstError("register.dates-reversed", where=locate((*path, "referrals_to")),
                           start=short_date(start), end=short_date(end))
    if (investment.status is Status.STOPPED) != (investment.stop is not None):
        yield GevinstError("register.stop-and-status", where=locate((*path, "status")), status=investment.status)
    if investment.stop is not None:
        yield from _repeats([year for year, _ in investment.stop.returned], (*path, "stop", "returned"), locate)
        for year, amount in investment.stop.returned:
            yield from _impossible_year(year, locate((*path, "stop", "returned", year)))
            if amount.ore < 0:
                yield _out_of_range("returned", amount.in_dkk, locate((*path, "stop", "returned", year)))


def _count_faults(investment: Investment, path: Path, locate: Locate) -> Iterator[GevinstError]:
    numbers: list[tuple[Path, Decimal | int | None, int]] = [
        ((*path, "full_time_participants"), investment.full_time_participants, 0),
        ((*path, "target_group", "full_time_persons"), investment.target_group.full_time_persons, 0),
        ((*path, "target_group", "min_spell_weeks"), investment.target_group.min_spell_weeks, 0),
        ((*path, "planned_weeks"), investment.planned_weeks, 1),
    ]
    for index, count in enumerate(investment.head_counts):
        numbers += [((*path, "head_counts", index, name), getattr(count, name), 0) for name in ("actual", "planned")]
    for index, group in enumerate(investment.participant_counts):
        yield from _impossible_year(group.year, locate((*path, "participant_counts", index, "year")))
        for name in ("planned", "actual", "expected"):
            numbers.append(((*path, "participant_counts", index, name), getattr(group, name), 0))
    for place, value, least in numbers:
        if value is not None and not least <= value <= MOST:
            yield _out_of_range(str(place[-1]), value, locate(place))
    yield from _repeats([c.date for c in investment.head_counts], (*path, "head_counts"), locate, "date")
    yield from _repeats([c.year for c in investment.participant_counts], (*path, "participant_counts"), locate, "year")


def _impossible_year(year: int, where: str) -> Iterator[GevinstError]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield GevinstError("register.year-outside", where=where, year=year, years=f"{FIRST_YEAR}–{LAST_YEAR}")


def _out_of_range(name: str, value: Decimal | int, where: str) -> GevinstError:
    exact = Decimal(value)
    shown = number(exact, min(_SHOWN, max(0, -int(exact.as_tuple().exponent))))
    return GevinstError("register.out-of-range", where=where, name=name, value=shown)


def _said(value: object) -> str:
    """A day or a choice as a reader writes it; anything else as it stands."""
    if isinstance(value, date):
        return short_date(value)
    return choice_words(value) if isinstance(value, StrEnum) else str(value)


def _repeats(items: Iterable[Hashable], path: Path, locate: Locate, *field: str) -> Iterator[GevinstError]:
    seen: set[Hashable] = set()
    for index, item in enumerate(items):
        if item in seen:
            place: Path = (*path, index, *field) if field or not isinstance(item, int) else (*path, item)
            text = ", ".join(map(_said, item)) if isinstance(item, tuple) else _said(item)
            yield GevinstError("register.duplicate-entry", where=locate(place), text=text)
        seen.add(item)


def _outside(
    years: Iterable[int], allowed: tuple[int, ...], path: Path, locate: Locate, *field: str
) -> Iterator[GevinstError]:
    for index, year in enumerate(years):
        if allowed and year not in allowed:
            place: Path = (*path, index, *field) if field else (*path, year)
            yield GevinstError("register.year-outside", where=locate(place), year=year,
                               years=f"{allowed[0]}–{allowed[-1]}")
