"""What stands behind an effect, ready to print: who is in it, how alike the groups are, what could upset it.

The memo's page for the politician and its appendix for the statistician are made from these records. Counts are
numbers that may be printed, or the sign of why one may not (`disclosure/counts.Hidden`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gevinst.effects.estimate import Interval
from gevinst.effects.evidence import Evidence as Evidence
from gevinst.follow_up.disclosure.counts import Shown
from gevinst.money import CURRENT, PriceLevel


@dataclass(frozen=True)
class FlowStep:
    """A step of the cohort flow: how many were there, in words; `left_out` marks those taken away at this step.

    The steps of an `arm` stand in order from the top; the participants are told first, then the comparison.
    """

    text: str
    persons: Shown | None
    left_out: bool = False
    arm: Literal["participants", "comparison"] = "participants"


@dataclass(frozen=True)
class BalanceRow:
    """How far participants and comparison differ in one covariate: standardised mean differences.

    The difference in means over the standard deviation among participants; `after` is None where nothing is weighted.
    """

    name: str
    before: float
    after: float | None


@dataclass(frozen=True)
class PlaceboResult:
    """A test whose answer must be zero. `passed`: the 95 % intervals cover zero; None: it could not be made.

    `pseudo_participants` took no part and are compared as if they had; `pre_period` compares the participants'
    weeks on any support before anything could have had an effect.
    """

    kind: Literal["pseudo_participants", "pre_period"]
    name: str
    explanation: str
    participants: Shown | None
    weeks: Interval | None
    net_dkk: Interval | None = None
    passed: bool | None = None


@dataclass(frozen=True)
class FrequencyPoint:
    """Of the participants, the share on the same benefit so many weeks after the start, with and without the effort.

    `difference` is without less with (positive is good), with its interval.
    """

    week: int
    with_effort: float
    without: float
    difference: Interval


@dataclass(frozen=True)
class DestinationShare:
    """Where the participants are `week` weeks after the start, beside where they would have been; shares.

    `key` is one of same_benefit, other_benefit, education, pension, left_register, self_support. `difference` is
    with less without. A share that stands for too few participants to print is None, and so is its difference.
    """

    key: str
    name: str
    week: int
    with_effort: float | None
    without: float | None
    difference: Interval | None


@dataclass(frozen=True)
class Deviation:
    """A change of the protocol after it was fixed: what, from, to, when; in words."""

    what: str
    was: str
    now: str
    changed_on: date


@dataclass(frozen=True)
class ProtocolSeal:
    """The protocol's checksum and the day it was fixed, and what was changed since.

    `before_data` says whether it was fixed before persons' data were first loaded (None: not known).
    """

    sha256: str
    fixed_on: date | None
    before_data: bool | None
    deviations: tuple[Deviation, ...] = ()


@dataclass(frozen=True)
class Chance:
    """The probability that the saving reached the budget's, and that it covered the investment; None = cannot be said.

    `year` None is the whole of the years with a result. Both amounts are compared at one price level.
    """

    year: int | None
    reaches_budget: float | None
    covers_investment: float | None


@dataclass(frozen=True)
class PaidBack:
    """What went into an investment in a year with a result, and what came back by the headline, in DKK at `level`.

    `spent` is positive; `saving` is the change in net expenditure on benefits (negative is a saving) and `net` the sum
    of the two. `year` None is all years with a result together: the years of the `Chance` that has no year.
    """

    year: int | None
    spent: float
    saving: Interval
    net: Interval
    level: PriceLevel = CURRENT


@dataclass(frozen=True)
class EffectDetail:
    """All that is told of one investment's headline effect beside its amounts.

    `comparison_persons` are distinct persons among the comparators, `effective_persons` the effective sample size
    of their weights (Kish). `weeks_any_support` is the effect on weeks with any public support. `spread` is the
    smallest and largest weeks saved among the estimators: the uncertainty about the method. `e_value` is how strong
    an unknown difference would have to be to explain the whole effect, `e_value_limit` to make the interval cover zero.
    `censored_share` of the comparators later took part themselves; `largest_weight` is the largest censoring weight and
    `truncated_share` the share of weights that were cut down to it. `claim` is false below the minimum number of
    participants. `unsupported` are the participants that no one is like and that are left out of the effect: who, in
    words, and how many.
    """

    investment: str
    estimator: str
    claim: bool
    participants: Shown | None
    comparison_persons: Shown | None
    effective_persons: float | None
    horizon_weeks: int
    weeks_saved: Interval
    weeks_any_support: Interval | None
    spread: tuple[float, float] | None
    frequencies: tuple[FrequencyPoint, ...]
    destinations: tuple[DestinationShare, ...]
    chances: tuple[Chance, ...]
    evidence: Evidence
    e_value: float | None
    e_value_limit: float | None
    balance: tuple[BalanceRow, ...]
    flow: tuple[FlowStep, ...]
    placebos: tuple[PlaceboResult, ...]
    seal: ProtocolSeal | None = None
    censored_share: float | None = None
    largest_weight: float | None = None
    truncated_share: float | None = None
    rules: tuple[str, ...] = ()  # the steps of the matching that were used, in words, with how many at each
    unsupported: tuple[tuple[str, Shown | None], ...] = ()
    accounts: tuple[PaidBack, ...] = ()  # year by year, and their sum last (`year` None)


@dataclass(frozen=True)
class PortfolioEffect:
    """The computed savings of all cases together, over persons: no one is counted twice.

    `net_by_year` in current prices, `net_total` all its years together. `counted_once` is how many participants took
    part in a second investment and are credited by the case's rule.
    """

    investments: tuple[str, ...]
    net_by_year: tuple[tuple[int, Interval], ...]
    chances: tuple[Chance, ...]
    counted_once: Shown | None
    net_total: Interval | None = None
