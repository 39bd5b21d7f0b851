"""The national values: refund ladders, benefit rates and indices, read from `data/*.yaml`.

The files are the source: each value with period, unit, source and how well it is known. Workspace files of the
same form are read by the same functions (`local.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.parameters.dated import Series, read_series
from gevinst.parameters.indices import Index, read_indices
from gevinst.parameters.marked_yaml import Node, read

DATA = Path(__file__).parent / "data"
STEP_STARTS = (1, 5, 27, 53)  # the counted week in which each step of the ladder begins
STEPS = (0, 1, 2, 3)
WEEKS_PER_YEAR, MONTHS_PER_YEAR = 52, 12


@dataclass(frozen=True)
class Ladder:
    """The state's refund in per cent at each of the four steps (weeks 1-4, 5-26, 27-52, 53 and on)."""

    refund_pct: tuple[Decimal, Decimal, Decimal, Decimal]

    def municipal_share(self, step: int) -> Decimal:
        """1 less the refund, at step 0-3.

        >>> Ladder((Decimal(80), Decimal(40), Decimal(30), Decimal(20))).municipal_share(1)
        Decimal('0.6')
        """
        return (100 - self.refund_pct[step]) / 100


@dataclass(frozen=True)
class Rate:
    """A published rate: per month or per week as the series' unit says, and the published week if there is one."""

    amount: Decimal
    per_week: Decimal | None = None

    def weekly(self, unit: str) -> Decimal:
        """DKK per week: the published week, else DKK per month × 12 / 52.

        >>> Rate(Decimal(11700)).weekly("dkk_per_month"), Rate(Decimal(1), Decimal(4245)).weekly("dkk_per_month")
        (Decimal('2700'), Decimal('4245'))
        """
        if self.per_week is not None:
            return self.per_week
        if unit == "dkk_per_week":
            return self.amount
        return self.amount * MONTHS_PER_YEAR / WEEKS_PER_YEAR


@dataclass(frozen=True)
class RateTable:
    """A benefit's rates by group. `default_groups`: the group used is the first of them that holds on the day."""

    benefit: str
    default_groups: tuple[str, ...]
    why_da: str
    why_en: str
    groups: Mapping[str, Series[Rate]]

    @property
    def why(self) -> str:
        """Why these groups are the default, in the language spoken now."""
        return say(da=self.why_da, en=self.why_en)


def read_ladders(path: Path, *, local: bool = False) -> dict[str, Series[Ladder]]:
    """The ladders of a file. Raises the errors of `read_series`, and `parameters.ladder-steps`."""
    return {key: read_series(key, node, _ladder, ("steps",), local=local)
            for key, node in read(path).mapping().items()}


def _ladder(row: dict[str, Node]) -> Ladder:
    node = row["steps"]
    given: dict[int, Decimal] = {}
    for start, value in node.mapping().items():
        pct = value.number()
        if not start.isdigit() or int(start) not in STEP_STARTS or not 0 <= pct <= 100:
            raise value.fault("parameters.ladder-steps", starts=", ".join(map(str, STEP_STARTS)))
        given[int(start)] = pct
    if list(given) != sorted(given) or STEP_STARTS[0] not in given:
        raise node.fault("parameters.ladder-steps", starts=", ".join(map(str, STEP_STARTS)))
    one, five, rest, last = (given[max(known for known in given if known <= start)] for start in STEP_STARTS)
    return Ladder((one, five, rest, last))


def read_rates(path: Path, *, local: bool = False) -> dict[str, RateTable]:
    """The rate tables of a file. Raises the errors of `read_series`, and `parameters.unknown-group`."""
    tables = {}
    for key, node in read(path).mapping().items():
        given = node.mapping(("default_group", "groups"), ("why",))
        groups = {group: read_series(f"{key}/{group}", below, _rate, ("value", "per_week"), local=local)
                  for group, below in given["groups"].mapping().items()}
        defaults = tuple(one.text() for one in given["default_group"].items())
        for group in defaults:
            if group not in groups:
                raise given["default_group"].fault("parameters.unknown-group", benefit=key, group=group,
                                                   groups=", ".join(groups))
        why = given["why"].mapping(("da", "en"), ()) if "why" in given else {}
        tables[key] = RateTable(key, defaults, why["da"].text() if why else "", why["en"].text() if why else "",
                                MappingProxyType(groups))
    return tables


def _rate(row: dict[str, Node]) -> Rate:
    return Rate(row["value"].number(), row["per_week"].number() if "per_week" in row else None)


def read_numbers(path: Path, *, local: bool = False) -> dict[str, Series[Decimal]]:
    """Plain dated numbers of a file. Raises the errors of `read_series`."""
    return {key: read_series(key, node, lambda row: row["value"].number(), local=local)
            for key, node in read(path).mapping().items()}


@cache
def refund_ladders() -> Mapping[str, Series[Ladder]]:
    """The state's refund by ladder.

    >>> refund_ladders()["a-dagpenge"].at(date(2021, 5, 1)).dated.value.municipal_share(3)
    Decimal('0.8')
    """
    return MappingProxyType(read_ladders(DATA / "refund_ladder.yaml"))


@cache
def rate_tables() -> Mapping[str, RateTable]:
    """The published rates by benefit; a benefit that is not here has none."""
    return MappingProxyType(read_rates(DATA / "rates.yaml"))


@cache
def national_indices() -> Mapping[str, Index]:
    """The indices by key; the municipal price-and-wage index is not among them."""
    return MappingProxyType(read_indices(DATA / "indices.yaml"))


@cache
def reference_amounts() -> Mapping[str, Series[Decimal]]:
    """Amounts kept for reference (supplements; levels of an agreement). None is used as a rate."""
    return MappingProxyType(read_numbers(DATA / "reference_amounts.yaml"))


@cache
def _activation_refunds() -> Mapping[str, Series[Decimal]]:
    return MappingProxyType(read_numbers(DATA / "activation_refund.yaml"))


def activation_refund(benefit: str) -> Series[Decimal]:
    """The state's refund, in per cent, of the running costs of activation of those on `benefit`.

    Raises `parameters.no-activation-refund` where the rule is not known.

    >>> activation_refund("a-dagpenge").at(date(2021, 1, 1)).dated.value
    Decimal('0')
    """
    found = _activation_refunds().get(benefit)
    if found is None:
        raise GevinstError("parameters.no-activation-refund", benefit=benefit)
    return found


def tables_known_until() -> dict[str, date]:
    """Per file of national values, the latest day any of its values is known for; the age of the data."""
    rates = [series for table in rate_tables().values() for series in table.groups.values()]
    return {
        "refund_ladder": max(series.known_until for series in refund_ladders().values()),
        "rates": max(series.known_until for series in rates if not series.ended),
        "indices": max(index.known_until for index in national_indices().values()),
        "activation_refund": max(series.known_until for series in _activation_refunds().values()),
    }
