"""A portfolio as a YAML file: read with the place of every fault, written so that it reads back the same.

The keys are the fields of `business_case`. Amounts are plain numbers in the file's `unit` and `price_level`;
an investment, a budget year, a recorded figure, a stop or the prudence may set its own, and a single figure
may be written `{value: 3500, unit: kr., price_level: 2021}`. Net figures and totals may be stated (`net`,
`total`, `totals`); they are checked and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import (
    BudgetYear,
    HeadCount,
    Investment,
    ParticipantCount,
    Portfolio,
    Prudence,
    RecordedFigure,
    Stop,
    StopRule,
)
from gevinst.register.files import write_text
from gevinst.register.units import Unit, in_unit
from gevinst.register.yaml_reader import Scale, read_file

_HEAD = """\
# gevinst: en portefølje af investeringer / a portfolio of investments
# Fortegn: en investering er positiv, en besparelse negativ. Netto regnes ud og skrives ikke.
# Sign: an investment is positive, a saving negative. Net is computed, not written.
"""
_ONE_LINE = (BudgetYear, RecordedFigure, HeadCount, ParticipantCount)  # written as {key: value, ...}
_OWN_LEVEL = (BudgetYear, RecordedFigure, Stop, StopRule, Prudence)  # may say one price level for all they hold
_WIDTH = 116
_ESCAPED = re.compile("[\r\x85\u2028\u2029]")


def read_portfolio(path: Path) -> Portfolio:
    """The portfolio in a YAML file.

    Raises the first fault as a `GevinstError` whose `where` is `file:line:column`, also where a stated net
    figure or total does not foot.
    """
    return read_file(path).require(str(path))


def write_portfolio(portfolio: Portfolio, path: Path) -> None:
    """Write the file, in million kroner at the portfolio's price level. Raises `register.file-unwritable`."""
    write_text(portfolio_text(portfolio), path)


def portfolio_text(portfolio: Portfolio) -> str:
    """The text of the file; `read_portfolio` makes an equal portfolio of it."""
    plain = _record(portfolio, Scale(Unit.MILLION, portfolio.price_level))
    ordered = {"key": plain.pop("key"), "unit": Unit.MILLION.key, "price_level": plain.pop("price_level")}
    investments = plain.pop("investments", [])  # the longest part, so it comes last
    ordered |= {**plain, "investments": investments}
    return _HEAD + yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


class _OneLine(dict[str, Any]):
    """A mapping that is written in braces on one line."""


def _record(record: Any, scale: Scale) -> dict[str, Any]:
    """The fields that are not as they are by default, in the order of the record."""
    plain: dict[str, Any] = _OneLine() if isinstance(record, _ONE_LINE) else {}
    own = _own_level(record, scale)
    scale = replace(scale, level=own) if own is not None else scale
    for item in fields(record):
        value = getattr(record, item.name)
        if value is not None and value != _default(item):
            plain[item.name] = _kroner(value, scale) if _is_rate(record, item.name) else _value(value, scale)
    if own is not None:
        plain["price_level"] = own
    return plain


def _default(item: Field[Any]) -> Any:
    return item.default if item.default is not MISSING else object()


def _own_level(record: Any, scale: Scale) -> PriceLevel | None:
    """The one price level of all amounts in a small record, where it is not the one around it."""
    levels = {amount.level for amount in _amounts(record)} if isinstance(record, _OWN_LEVEL) else set()
    level = levels.pop() if len(levels) == 1 else scale.level
    return None if level == scale.level else level


def _amounts(value: Any) -> Iterator[Amount]:
    if isinstance(value, Amount):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _amounts(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _amounts(getattr(value, item.name))


def _is_rate(record: Any, name: str) -> bool:
    """The price of a week is written in kroner, not in millionths of a million."""
    return isinstance(record, Investment) and name == "dkk_per_participant_week"


def _kroner(amount: Amount, scale: Scale) -> dict[str, Any]:
    plain = _OneLine(value=in_unit(amount, Unit.KR), unit=Unit.KR.key)
    if amount.level != scale.level:
        plain["price_level"] = amount.level
    return plain


def _value(value: Any, scale: Scale) -> Any:
    if isinstance(value, Amount):
        figure = in_unit(value, scale.unit)
        return figure if value.level == scale.level else _OneLine(value=figure, price_level=value.level)
    if isinstance(value, PriceLevel):
        return value
    if is_dataclass(value):
        return _record(value, scale)
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):  # figures by year
            return _OneLine({year: _value(amount, scale) for year, amount in value})
        return [_value(item, scale) for item in value]
    return value.value if isinstance(value, StrEnum) else value


class _Dumper(yaml.SafeDumper):
    """Writes exact numbers as they are, paragraphs as blocks, and repeats instead of pointing back."""

    def ignore_aliases(self, *_: Any) -> bool:
        return True


def _write_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = format(value, "f")
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _write_level(dumper: yaml.SafeDumper, value: PriceLevel) -> yaml.Node:
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'str' if value.year is None else 'int'}", value.key)


def _write_text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    # YAML takes the rarer line breaks for its own, unless they are escaped in double quotes.
    style = '"' if _ESCAPED.search(value) else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _write_one_line(dumper: yaml.SafeDumper, value: _OneLine) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _write_list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    short = all(isinstance(item, int | str) and len(str(item)) < 40 for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


_Dumper.add_representer(Decimal, _write_decimal)
_Dumper.add_representer(PriceLevel, _write_level)
_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(_OneLine, _write_one_line)
_Dumper.add_representer(list, _write_list)
_Dumper.add_representer(date, yaml.SafeDumper.represent_date)
