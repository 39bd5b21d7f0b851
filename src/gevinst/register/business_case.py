"""What the council adopted: portfolio, investments, budget, decisions, and results that were typed in.

Plain frozen records. Net figures are computed, never stored. Amounts carry their price level; the sign rule
of `money` holds: an investment is positive, a saving negative.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from gevinst.money import Amount, PriceLevel, total


class FollowedBy(StrEnum):
    """How an investment's result is found."""

    CURVES = "curves"  # from persons' weeks on benefit
    HEAD_COUNT = "head_count"  # placements are counted; savings are recorded, not estimated


class Line(StrEnum):
    """A line of a follow-up table. `NET` is computed from the two others, never typed."""

    INVESTMENT = "investment"
    SAVING = "saving"
    NET = "net"


class Basis(StrEnum):
    """What kind of figure stands in the cell."""

    BUDGET = "budget"
    REALISED = "realised"
    EXPECTED = "expected"


class Status(StrEnum):
    """Where an investment is in its life."""

    PROPOSED = "proposed"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True)
class BudgetYear:
    """One year of a business case as adopted: investment (positive) and gross saving (negative)."""

    year: int
    investment: Amount
    saving: Amount

    @property
    def net(self) -> Amount:
        """Investment plus saving; negative when the case pays."""
        return self.investment + self.saving


@dataclass(frozen=True)
class TargetGroup:
    """Who the investment is for.

    `benefit` is a key of `parameters/data/benefits.yaml`, or empty where no benefit is followed;
    `min_spell_weeks` is the weeks on it a person must have behind her before she can be referred.
    Sizes are full-time persons.
    """

    description: str
    benefit: str = ""
    min_spell_weeks: int = 0
    full_time_persons: Decimal | None = None


@dataclass(frozen=True)
class Supplier:
    """Who delivers. `pay_by_results` means that the cost falls when results fail; `terms` says how."""

    name: str
    pay_by_results: bool = False
    terms: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided, by which body, on which day."""

    date: date
    body: str
    text: str


@dataclass(frozen=True)
class Suspension:
    """A period, both days included, in which no one could be referred; `investment` empty = all of them."""

    start: date
    end: date
    text: str = ""
    investment: str = ""
    partial: bool = False


@dataclass(frozen=True)
class Stop:
    """An early stop: when, why, and what was returned to the treasury (a positive amount per year)."""

    date: date
    text: str
    returned: tuple[tuple[int, Amount], ...] = ()


class StopMeasure(StrEnum):
    """What a stop rule looks at."""

    STARTS = "starts"  # persons who have started, to and with the rule's day
    FULL_TIME = "full_time"  # full-time participants of the year of the day; of a case of placements, the last count
    SAVING = "saving"  # saving on benefits of all years that are over on the day
    NET = "net"  # investment and saving of all years that are over on the day
    COVERS_INVESTMENT = "covers_investment"  # probability that the saving of those years covers the investment
    REACHES_BUDGET = "reaches_budget"  # probability that the saving of those years reaches the budget's


@dataclass(frozen=True)
class StopRule:
    """What was agreed of when an investment is to be stopped: looked at on a day, fulfilled where it falls short.

    The rule is fulfilled where a number or a probability (0 to 1) is less than `at_least`, or an amount more than
    `at_most` (a saving is negative). A measure has the one that suits it. The rule stops nothing by itself.
    """

    date: date
    measure: StopMeasure
    at_least: Decimal | None = None
    at_most: Amount | None = None
    text: str = ""
    source: str = ""


@dataclass(frozen=True)
class RecordedFigure:
    """A result or an expectation that was typed in, with where it came from and the day it was stated."""

    year: int
    line: Line  # INVESTMENT or SAVING
    basis: Basis  # REALISED or EXPECTED
    amount: Amount
    source: str
    as_of: date


@dataclass(frozen=True)
class HeadCount:
    """Placements on a day: how many there were, and how many the case plans for."""

    date: date
    actual: int
    planned: int
    source: str = ""


@dataclass(frozen=True)
class ParticipantCount:
    """Full-time participants in a year: planned, and actual or expected so far."""

    year: int
    planned: Decimal | None
    actual: Decimal | None
    expected: Decimal | None = None
    source: str = ""


ESTIMATORS = ("target_group", "rest_of_target_group", "baseline", "cycle_adjusted", "matched")

CALENDAR_MONTH: Literal["calendar_month"] = "calendar_month"
NewSpell = int | Literal["calendar_month"]
"""When a spell is new: after so many whole weeks without the benefit, or after a whole calendar month without it."""

LaterParticipants = Literal["censor", "keep"]
"""What becomes of a comparator who later takes part: no longer followed from that start, or followed on."""

DoubleCounting = Literal["first", "split"]
"""Who is credited for a person's week in two investments: the one she started in first, or both in equal parts."""


@dataclass(frozen=True)
class Protocol:
    """The analysis plan, fixed in the case before data are loaded.

    `match_on` names columns of the file `persons`. `randomised` says that lot decided who was offered the effort, so
    that those not offered it show what would have happened.
    A field that is added must be given its meaning in the plans that lack it: `protocol.LATER`.
    """

    headline: str = "rest_of_target_group"  # one of ESTIMATORS; `effects/ladder.py` computes them
    horizon_weeks: int = 52
    match_on: tuple[str, ...] = ()
    baseline_years: tuple[int, ...] = ()
    new_spell_after: NewSpell = 4
    randomised: bool = False
    later_participants: LaterParticipants = "censor"
    double_counting: DoubleCounting = "first"

    @property
    def relapse_gap_weeks(self) -> NewSpell:
        """What `new_spell_after` was called while it was weeks only."""
        return self.new_spell_after


@dataclass(frozen=True)
class Narrative:
    """The words of the case: the problem, why the effort should work, how it is delivered, how it has gone."""

    description: str = ""
    theory: str = ""
    delivery: str = ""
    progress: str = ""  # the case's story since last time, printed in the memo
    evidence: str = ""


@dataclass(frozen=True)
class Investment:
    """One business case. `number` is what the memo calls it ("1"), `key` names it in files."""

    number: str
    key: str
    title: str
    target_group: TargetGroup
    narrative: Narrative = field(default=Narrative())
    followed_by: FollowedBy = FollowedBy.CURVES
    status: Status = Status.RUNNING
    full_time_participants: Decimal | None = None
    budget: tuple[BudgetYear, ...] = ()
    proposers: tuple[str, ...] = ()  # parties
    supplier: Supplier | None = None
    referrals_from: date | None = None
    referrals_to: date | None = None
    planned_weeks: int | None = None
    dkk_per_participant_week: Amount | None = None
    decisions: tuple[Decision, ...] = ()
    stop: Stop | None = None
    stop_rules: tuple[StopRule, ...] = ()
    recorded: tuple[RecordedFigure, ...] = ()
    head_counts: tuple[HeadCount, ...] = ()
    participant_counts: tuple[ParticipantCount, ...] = ()
    financing: str = ""  # e.g. a transfer between committees
    protocol: Protocol = field(default=Protocol())
    source: str = ""


@dataclass(frozen=True)
class Prudence:
    """How much of the potential was laid into the budget, and when.

    `factor` times the net potential of all years is what was laid in (one half in 2020-2023); `laid_in` is
    the saving laid into each year's budget, a negative amount.
    """

    factor: Decimal
    decided: date | None
    source: str
    laid_in: tuple[tuple[int, Amount], ...] = ()


@dataclass(frozen=True)
class Portfolio:
    """The investments of one budget agreement."""

    key: str
    title: str
    municipality: str
    years: tuple[int, ...]
    price_level: PriceLevel
    investments: tuple[Investment, ...]
    prudence: Prudence | None = None
    decisions: tuple[Decision, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    reference: str = ""
    journal_number: str = ""
    committee: str = ""
    source: str = ""
    background: str = ""  # what the memo says of circumstances, paragraph by paragraph

    def investment(self, name: str) -> Investment:
        """The investment with this number or key; `KeyError` if there is none."""
        return next(i for i in self.investments if name in (i.number, i.key))

    def net_potential(self) -> Amount:
        """The sum over cases and years of investment plus saving, as adopted."""
        return total((b.net for i in self.investments for b in i.budget), self.price_level)


def closed_periods(portfolio: Portfolio, investment: Investment) -> tuple[tuple[date, date], ...]:
    """The periods `[first day, last day]` in which nobody could be referred to the investment.

    Partial suspensions close nothing.
    """
    return tuple(
        (one.start, one.end)
        for one in portfolio.suspensions
        if not one.partial and one.investment in ("", investment.key, investment.number)
    )
