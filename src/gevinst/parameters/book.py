"""The book of parameters that one computation uses: national values, and what the workspace says instead.

A book is never changed; `with_prices` and its like give a new one. Every lookup answers with the value *and* a
`Used` record, which the caller hands on with its result, so that a memo can name each parameter behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gevinst.errors import GevinstError
from gevinst.language import number, percent, say, short_date
from gevinst.parameters import benefits as benefit_list
from gevinst.parameters import national
from gevinst.parameters.benefits import Benefit
from gevinst.parameters.confidence import LOCAL, Confidence
from gevinst.parameters.dated import UNITS, Found, Series
from gevinst.parameters.definition_breaks import DefinitionBreak, national_breaks
from gevinst.parameters.indices import Factor, Index
from gevinst.parameters.national import STEP_STARTS, Ladder, RateTable
from gevinst.trace import Step
from gevinst.weeks import first_week, thursday

KEPT = "share-kept-after-equalisation"


@dataclass(frozen=True)
class Used:
    """One parameter as it was used: the value, the period it holds in, and where it comes from.

    `day` is the (first) day it was asked for, `carried` that it was carried forward to it from `known_until`.
    `weekly` is the DKK per week that a rate was used as.
    """

    key: str
    da: str
    en: str
    day: date
    value: Decimal
    unit: str
    source: str
    legal_reference: str
    confidence: Confidence
    local: bool
    carried: bool
    valid_from: date | None
    valid_to: date | None
    known_until: date
    weekly: Decimal | None = None

    @property
    def verified(self) -> bool:
        """Whether the value was read in a public source (or given locally as such)."""
        return self.confidence.verified

    @property
    def name(self) -> str:
        """The name in the language spoken now."""
        return say(da=self.da, en=self.en)

    @property
    def printed(self) -> str:
        """The value with its unit, as it is printed."""
        if self.unit == "share":
            return percent(float(self.value))
        decimals = max(0, min(4, -int(self.value.normalize().as_tuple().exponent)))
        da, en = UNITS[self.unit]
        return f"{number(self.value, decimals)} {say(da=da, en=en)}"

    @property
    def remark(self) -> str:
        """What a reader must know of it: how the week was got, local, carried forward, not verified."""
        remarks = []
        if self.weekly is not None and self.weekly != self.value:
            week = number(self.weekly, 2)
            if self.weekly == self.value * 12 / 52:
                remarks.append(say(da=f"× 12 / 52 = {week} kr. pr. uge", en=f"× 12 / 52 = {week} DKK per week"))
            else:
                remarks.append(say(da=f"offentliggjort ugesats {week} kr.", en=f"published weekly rate {week} DKK"))
        if self.local:
            remarks.append(say(da="lokal værdi", en="local value"))
        if self.carried:
            day = short_date(self.known_until)
            remarks.append(say(da=f"fremskrevet fra {day}", en=f"carried forward from {day}"))
        if not self.verified:
            remarks.append(say(da=f"ikke verificeret: {self.confidence.text}",
                               en=f"not verified: {self.confidence.text}"))
        return "; ".join(remarks)

    @property
    def validity(self) -> str:
        """The days it holds for, as words; empty where it has none."""
        first, last = ("" if day is None else short_date(day) for day in (self.valid_from, self.valid_to))
        if first and last:
            return say(da=f"gælder {first} til {last}", en=f"valid {first} to {last}")
        if last:
            return say(da=f"gælder til {last}", en=f"valid until {last}")
        return say(da=f"gælder fra {first}", en=f"valid from {first}") if first else ""

    def as_step(self) -> Step:
        """A step for the ladder that explains a number."""
        source = "; ".join(part for part in (self.legal_reference, self.source) if part)
        how = "; ".join(part for part in (self.remark, self.validity) if part)
        return Step(self.name, self.printed, formula=how, source=source, unverified=not self.verified)


@dataclass(frozen=True)
class LocalPrice:
    """A row of the canonical file `prices`: gross DKK per full-time week."""

    benefit: str
    year: int
    dkk_per_week: Decimal
    source: str


@dataclass(frozen=True)
class Override:
    """A local value: what it is, where it stands, its source, and whether a national value gives way to it."""

    kind: str
    key: str
    file: str
    source: str
    replaces_national: bool


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class ParameterBook:
    """All parameters of one computation. `overrides` lists what the workspace says for itself."""

    benefits: Mapping[str, Benefit]
    ladders: Mapping[str, Series[Ladder]]
    rates: Mapping[str, RateTable]
    indices: Mapping[str, Index]
    rate_groups: Mapping[str, tuple[str, ...]] = field(default_factory=_empty)
    prices: Mapping[str, Mapping[int, LocalPrice]] = field(default_factory=_empty)
    values: Mapping[str, Series[Decimal]] = field(default_factory=_empty)
    overrides: tuple[Override, ...] = ()
    breaks: tuple[DefinitionBreak, ...] = ()

    def benefit(self, text: str) -> Benefit:
        """The benefit that `text` names. Raises `parameters.unknown-benefit`."""
        return benefit_list.benefit(text, self.benefits)

    def municipal_share(
        self, benefit: str, step: int, day: date, *, forecast: bool = False
    ) -> tuple[Decimal, Used]:
        """The municipality's share of the gross amount at `step` (0-3) of the ladder, in a week with `day`.

        Raises `parameters.no-ladder` where it is not known, `parameters.outside-known`.
        """
        one = self.benefit(benefit)
        if one.ladder is None:
            if one.municipal_share is None:
                raise GevinstError("parameters.no-ladder", benefit=one.key)
            return one.municipal_share, self._fixed_share(one, one.municipal_share, day)
        found = self.ladders[one.ladder].at(day, forecast=forecast)
        series = self.ladders[one.ladder]
        first = STEP_STARTS[step]
        return found.dated.value.municipal_share(step), _used(
            f"refund_ladder/{one.ladder}/{first}", f"statsrefusion, {series.da}, fra uge {first}",
            f"state refund, {series.en}, from week {first}", found, found.dated.value.refund_pct[step])

    def _fixed_share(self, one: Benefit, share: Decimal, day: date) -> Used:
        return Used(f"municipal_share/{one.key}", f"kommunens andel, {one.da}", f"municipal share, {one.en}", day,
                    share, "share", one.source, "", one.confidence, one.local, carried=False,
                    valid_from=one.valid_from, valid_to=one.valid_to, known_until=day)

    def weekly_rate(self, benefit: str, day: date, *, forecast: bool = False) -> tuple[Decimal, Used]:
        """The published rate in DKK per full-time week, for the group chosen (`groups_of`).

        A rate is not a cost: it is what the law pays one person in full. Raises `parameters.no-rate` where none
        is published for the benefit, the group and the day, `parameters.outside-known` for a realised day after
        what is known.
        """
        key = self.benefit(benefit).key
        table = self.rates.get(key)
        chosen = {group: table.groups[group] for group in self.groups_of(key)} if table else {}
        for group, series in chosen.items():
            if series.has(day) or (day > series.known_until and not series.ended):
                found = series.at(day, forecast=forecast)
                weekly = found.dated.value.weekly(series.unit)
                one = self.benefits[key]
                used = _used(f"rates/{key}/{group}", f"sats, {one.da}, {series.da}", f"rate, {one.en}, {series.en}",
                             found, found.dated.value.amount)
                return weekly, replace(used, weekly=weekly)
        held = [group for group, series in table.groups.items() if series.has(day)] if table else []
        raise GevinstError("parameters.no-rate", benefit=key, day=short_date(day), groups=", ".join(chosen) or "–",
                           known=", ".join(held) or "–")

    def groups_of(self, benefit: str) -> tuple[str, ...]:
        """The rate groups used for the benefit: those the workspace chose, else the default."""
        if benefit in self.rate_groups:
            return self.rate_groups[benefit]
        return self.rates[benefit].default_groups if benefit in self.rates else ()

    def local_price(self, benefit: str, year: int, *, forecast: bool = False) -> tuple[Decimal, Used] | None:
        """The local price in DKK per full-time week, or `None` where the benefit has no local prices at all.

        With `forecast`, a year after the last is given the last. Raises `parameters.price-year` otherwise: a
        neighbour year is never taken in silence, nor is the national rate.
        """
        key = self.benefit(benefit).key
        years = self.prices.get(key)
        if not years:
            return None
        carried = forecast and year > max(years)
        row = years.get(max(years) if carried else year)
        if row is None:
            given = ", ".join(map(str, sorted(years)))
            raise GevinstError("parameters.price-year", benefit=key, year=year, years=given)
        one = self.benefits[key]
        return row.dkk_per_week, Used(
            f"prices/{key}/{row.year}", f"lokal pris {row.year}, {one.da}", f"local price {row.year}, {one.en}",
            thursday(first_week(year)), row.dkk_per_week, "dkk_per_week", row.source, "", LOCAL, local=True,
            carried=carried, valid_from=date(row.year, 1, 1), valid_to=date(row.year, 12, 31),
            known_until=date(row.year, 12, 31))

    def index(self, key: str) -> Index:
        """The index with this key. Raises `economy.unknown-index`; the KL series is not shipped."""
        found = self.indices.get(key)
        if found is None:
            raise GevinstError("economy.unknown-index", index=key, known=", ".join(self.indices))
        return found

    def index_followed_by(self, benefit: str) -> Index | None:
        """The index that the benefit's rate follows, if one is known."""
        key = self.benefit(benefit).key
        return next((one for one in self.indices.values() if key in one.follows), None)

    def kept_after_equalisation(self, day: date, *, forecast: bool = False) -> tuple[Decimal, Used] | None:
        """The share of a net saving that stays after budget guarantee and equalisation, if given locally.

        There is no national value: `None` where the workspace says nothing. Raises `parameters.outside-known`.
        """
        series = self.values.get(KEPT)
        if series is None:
            return None
        found = series.at(day, forecast=forecast)
        return found.dated.value, _used(f"values/{KEPT}", series.da, series.en, found, found.dated.value)

    def with_prices(self, prices: Iterable[LocalPrice]) -> ParameterBook:
        """A book with these local prices besides its own.

        Raises `parameters.unknown-benefit`, `parameters.price-twice` and `parameters.price-negative`.
        """
        by_benefit: dict[str, dict[int, LocalPrice]] = {key: dict(years) for key, years in self.prices.items()}
        overrides = list(self.overrides)
        for row in prices:
            key = self.benefit(row.benefit).key
            if row.year in by_benefit.setdefault(key, {}):
                raise GevinstError("parameters.price-twice", benefit=key, year=row.year)
            if row.dkk_per_week < 0:
                raise GevinstError("parameters.price-negative", benefit=key, year=row.year)
            by_benefit[key][row.year] = replace(row, benefit=key)
            overrides.append(Override("prices", f"{key}/{row.year}", "prices", row.source, key in self.rates))
        frozen = {key: MappingProxyType(years) for key, years in by_benefit.items()}
        return replace(self, prices=MappingProxyType(frozen), overrides=tuple(overrides))

    def with_rate_groups(self, groups: Mapping[str, Iterable[str]], source: str) -> ParameterBook:
        """A book that uses these rate groups: the first of a benefit's that holds on the day.

        Raises `parameters.unknown-benefit`, `parameters.unknown-group`.
        """
        chosen, overrides = dict(self.rate_groups), list(self.overrides)
        for text, names in groups.items():
            key, wanted = self.benefit(text).key, tuple(names)
            known = self.rates[key].groups if key in self.rates else {}
            for group in wanted:
                if group not in known:
                    raise GevinstError("parameters.unknown-group", benefit=key, group=group, groups=", ".join(known))
            chosen[key] = wanted
            overrides.append(Override("rate_groups", key, "rate_groups", source, replaces_national=True))
        return replace(self, rate_groups=MappingProxyType(chosen), overrides=tuple(overrides))


def factor_used(index: Index, factor: Factor) -> Used:
    """The record of an index factor."""
    return Used(f"indices/{index.key}/{factor.year}", f"{index.da} {factor.year} ({factor.vintage})",
                f"{index.en} {factor.year} ({factor.vintage})", date(factor.year, 1, 1), factor.pct, "pct",
                factor.source, "", factor.confidence, factor.local, carried=False, valid_from=date(factor.year, 1, 1),
                valid_to=date(factor.year, 12, 31), known_until=index.known_until)


def _used(key: str, da: str, en: str, found: Found[Any], value: Decimal) -> Used:
    one = found.dated
    return Used(key, da, en, found.day, value, one.unit, one.source, one.legal_reference, one.confidence, one.local,
                found.carried, one.valid_from, one.valid_to, one.known_until)


def all_used(*records: Iterable[Used]) -> tuple[Used, ...]:
    """The records joined: each value of a parameter once, with the earliest day it was asked for; by key and day."""
    found: dict[tuple[Any, ...], Used] = {}
    for used in (one for several in records for one in several):
        same = (used.key, used.value, used.source, used.carried, used.valid_from)
        if same not in found or used.day < found[same].day:
            found[same] = used
    return tuple(sorted(found.values(), key=lambda used: (used.key, used.day)))


def national_book() -> ParameterBook:
    """The national values alone.

    >>> share, used = national_book().municipal_share("kontanthjælp", 0, date(2021, 1, 7))
    >>> share, used.verified
    (Decimal('0.2'), True)
    """
    return ParameterBook(MappingProxyType(benefit_list.benefits()), national.refund_ladders(), national.rate_tables(),
                         national.national_indices(), breaks=national_breaks())
