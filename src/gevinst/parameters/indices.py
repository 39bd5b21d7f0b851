"""Price and rate indices: growth from year to year, each factor with the vintage of its estimate.

An index is a chain. An estimate for a year is revised in later years ("niveaukorrektion"), so a factor is known
by the year it leads to *and* by its vintage, and where there are several vintages one must be named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.parameters.confidence import Confidence, read_confidence
from gevinst.parameters.marked_yaml import Node, read

_SHARED = ("source", "confidence", "verified")


@dataclass(frozen=True)
class Factor:
    """The growth into `year` from the year before, in per cent."""

    year: int
    pct: Decimal
    vintage: str
    source: str
    confidence: Confidence
    local: bool = False

    @property
    def multiplier(self) -> Decimal:
        """1 + pct/100."""
        return 1 + self.pct / 100


@dataclass(frozen=True)
class Index:
    """A named index. `follows` are the benefits whose rates follow it."""

    key: str
    da: str
    en: str
    known_until: date
    factors: tuple[Factor, ...]
    follows: tuple[str, ...] = ()
    local: bool = False

    @property
    def name(self) -> str:
        """The name in the language spoken now."""
        return say(da=self.da, en=self.en)

    def into(self, year: int, vintage: str | None = None) -> Factor:
        """The factor into `year` from the year before.

        Raises `economy.missing-factor` where the year is not in the index, `economy.which-vintage` where there
        are several estimates of it and `vintage` names none of them.
        """
        found = [one for one in self.factors if one.year == year]
        if not found:
            raise GevinstError("economy.missing-factor", index=self.key, year=year, before=year - 1)
        if len(found) > 1:
            found = [one for one in found if one.vintage == vintage]
            if not found:
                vintages = ", ".join(one.vintage for one in self.factors if one.year == year)
                raise GevinstError("economy.which-vintage", index=self.key, year=year, vintages=vintages)
        return found[0]


def read_indices(path: Path, *, local: bool = False) -> dict[str, Index]:
    """The indices of a file.

    Raises the errors of `marked_yaml`, `parameters.missing-source`, and `parameters.factor-twice` where a year
    stands twice with the same vintage, or not in order.
    """
    found = {}
    for key, node in read(path).mapping().items():
        given = node.mapping(("da", "en", "known_until", "factors"), ("follows", *_SHARED))
        shared = {name: given[name] for name in _SHARED if name in given}
        known_until = given["known_until"].day()
        factors: list[Factor] = []
        for row in given["factors"].items():
            factor = _factor(key, row, shared, local=local)
            if factor.year > known_until.year:
                raise row.fault("parameters.past-known", key=key, known_until=known_until)
            if factors and (factor.year < factors[-1].year
                            or any((factor.year, factor.vintage) == (one.year, one.vintage) for one in factors)):
                raise row.fault("parameters.factor-twice", key=key, year=factor.year)
            factors.append(factor)
        if not factors:
            raise given["factors"].fault("parameters.missing-key", key="factors")
        follows = tuple(one.text() for one in given["follows"].items()) if "follows" in given else ()
        found[key] = Index(key, given["da"].text(), given["en"].text(), known_until, tuple(factors), follows, local)
    return found


def _factor(key: str, row: Node, shared: Mapping[str, Node], *, local: bool) -> Factor:
    given = {**shared, **row.mapping(("year", "pct", "vintage"), _SHARED)}
    if "source" not in given or given["source"].empty:
        raise row.fault("parameters.missing-source", key="source")
    pct = given["pct"].number()
    if not -50 < pct < 50:
        raise given["pct"].fault("parameters.factor-size", key=key, pct=pct)
    return Factor(given["year"].integer(), pct, given["vintage"].text(), given["source"].text(),
                  read_confidence(given, row, local=local), local)
