"""What became of what was budgeted: realised ÷ budgeted by kind of case, and what the next case may expect of it.

    ratio of a group = Σ realised saving ÷ Σ budgeted saving, over its cases

weighted by the budget, so that a large case counts for more. The interval is Fieller's for a ratio of means, with
Student's t over the cases as independent (Fieller 1954, J. R. Stat. Soc. B 16:175-185); where it is unbounded, or there
are fewer than three cases, there is none, and nothing is proposed. A year counts when it has both a budget and an
outcome, or when the case was stopped before it: then nothing was saved of what was budgeted.

Budgets are in the prices they were adopted in and outcomes in their own; where they differ it is told, not converted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import NormalDist

from gevinst.follow_up.figures import Figure
from gevinst.follow_up.realised import outcomes, recorded_figures
from gevinst.language import say
from gevinst.money import Amount
from gevinst.register.business_case import Basis, FollowedBy, Investment, Line, Portfolio

FEWEST = 3
"""Fewer cases than this say nothing of the next."""
# Student's t, 97.5 %, by degrees of freedom 1-30; beyond, Fisher's expansion about the normal.
_T = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
      2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484,
      2.0452, 2.0423)  # fmt: skip


@dataclass(frozen=True)
class CaseYear:
    """One case in one year: what was budgeted and what came, both as savings (negative), each at its price level."""

    portfolio: str
    investment: str
    kind: str
    year: int
    budgeted: Amount
    realised: Amount
    basis: Basis

    @property
    def case(self) -> tuple[str, str]:
        """What tells a case from others."""
        return self.portfolio, self.investment


@dataclass(frozen=True)
class Realisation:
    """A group of cases: sums in DKK (savings negative), the ratio, its 95 % interval, and the least and largest case.

    `expected` says that some of the outcomes are expectations; `mixed` that price levels differ. No interval: too few
    cases, or one that is unbounded.
    """

    name: str
    cases: int
    budgeted: Decimal
    realised: Decimal
    ratio: float | None
    low: float | None = None
    high: float | None = None
    least: float | None = None
    largest: float | None = None
    expected: bool = False
    mixed: bool = False

    @property
    def proposal(self) -> float | None:
        """The prudence factor that the next case of the kind is proposed: the ratio, between 0 and 1."""
        if self.cases < FEWEST or self.ratio is None:
            return None
        return min(max(self.ratio, 0.0), 1.0)


@dataclass(frozen=True)
class Library:
    """All cases together, by kind, and by year."""

    whole: Realisation
    kinds: tuple[Realisation, ...]
    years: tuple[Realisation, ...]


def library(years: Iterable[CaseYear], *, only_realised: bool = False) -> Library:
    """The realisation library; with `only_realised` expectations are left out."""
    kept = [one for one in years if not only_realised or one.basis is Basis.REALISED]
    return Library(
        realisation(say(da="Alle sager", en="All cases"), kept),
        tuple(realisation(kind, [one for one in kept if one.kind == kind]) for kind in sorted({o.kind for o in kept})),
        tuple(realisation(str(year), [one for one in kept if one.year == year])
              for year in sorted({one.year for one in kept})),
    )  # fmt: skip


def realisation(name: str, years: Sequence[CaseYear]) -> Realisation:
    """A group of case-years as one ratio."""
    sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for one in years:
        came, planned = sums.get(one.case, (Decimal(0), Decimal(0)))
        sums[one.case] = came + one.realised.in_dkk, planned + one.budgeted.in_dkk
    pairs = [sums[case] for case in sorted(sums)]
    came, planned = (sum((pair[at] for pair in pairs), Decimal(0)) for at in (0, 1))
    low, high = fieller([(float(x), float(b)) for x, b in pairs]) or (None, None)
    single = [float(x / b) for x, b in pairs if b]
    return Realisation(
        name, len(pairs), planned, came, float(came / planned) if planned else None, low, high,
        min(single, default=None), max(single, default=None),
        any(one.basis is Basis.EXPECTED for one in years),
        any(one.budgeted.level != one.realised.level for one in years),
    )  # fmt: skip


def fieller(pairs: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Fieller's 95 % interval of Σx ÷ Σb over (x, b); None below three pairs, or where it is unbounded.

    >>> low, high = fieller([(1.1, 2.0), (1.0, 2.2), (1.2, 2.1)])
    >>> round(low, 2), round(high, 2)
    (0.38, 0.7)
    """
    n = len(pairs)
    if n < FEWEST:
        return None
    x, b = (sum(pair[at] for pair in pairs) / n for at in (0, 1))
    xx = sum((one - x) ** 2 for one, _ in pairs) / (n - 1)
    bb = sum((one - b) ** 2 for _, one in pairs) / (n - 1)
    xb = sum((one - x) * (other - b) for one, other in pairs) / (n - 1)
    g = student(n - 1) ** 2 / n
    lead, half, last = b * b - g * bb, x * b - g * xb, x * x - g * xx
    square = half * half - lead * last
    if lead <= 0 or square < 0:
        return None
    return (half - sqrt(square)) / lead, (half + sqrt(square)) / lead


def student(degrees: int) -> float:
    """Student's t at 97.5 %."""
    if degrees <= len(_T):
        return _T[degrees - 1]
    z = NormalDist().inv_cdf(0.975)
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def case_years(
    portfolio: Portfolio, names: Mapping[str, str] | None = None, computed: Mapping[str, Sequence[Figure]] | None = None
) -> tuple[CaseYear, ...]:
    """The case-years of a portfolio with a budgeted saving and an outcome.

    `computed` are figures by investment number that an edition computed, `names` what benefits are called by key.
    """
    found = []
    for case in portfolio.investments:
        recorded = recorded_figures(case)
        chosen = outcomes(recorded, (computed or {}).get(case.number, ()))
        savings = {one.year: one for one in chosen if one.line is Line.SAVING}
        for row in case.budget:
            outcome = savings.get(row.year)
            stopped = case.stop is not None and row.year > case.stop.date.year
            if not row.saving.ore or (outcome is None and not stopped):
                continue
            level = next((one.amount.level for one in chosen), row.saving.level)
            found.append(CaseYear(
                portfolio.key, case.number, kind_of(case, names or {}), row.year, row.saving,
                Amount.zero(level) if outcome is None else outcome.amount,
                Basis.REALISED if outcome is None else outcome.basis))  # fmt: skip
    return tuple(found)


def kind_of(case: Investment, names: Mapping[str, str]) -> str:
    """What kind of case it is: by how it is followed, and by the benefit of its target group."""
    if case.followed_by is FollowedBy.HEAD_COUNT:
        return say(da="pladser, der tælles", en="places that are counted")
    benefit = case.target_group.benefit
    return names.get(benefit, benefit) or say(da="uden ydelse", en="without a benefit")
