"""The publication door: the one type that reports and pages receive, with small cells suppressed and inputs sealed.

An `Edition` holds what was found and what it rests on, never a person. Renderers compute nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from gevinst.curves.curve import Curve
from gevinst.effects.estimate import Interval as Interval
from gevinst.effects.estimate import YearEffect as YearEffect
from gevinst.follow_up.definition_breaks import BreakNote
from gevinst.follow_up.deviations import Deviations
from gevinst.follow_up.disclosure.counts import Counts, Shown
from gevinst.follow_up.disclosure.released import Released
from gevinst.follow_up.effect_detail import EffectDetail, Evidence, PortfolioEffect
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.forecast import Forecast
from gevinst.follow_up.payment_check import PaymentCheck
from gevinst.follow_up.reconciliation import LedgerCheck
from gevinst.follow_up.since_last import SinceLast
from gevinst.follow_up.status import EarlyWarning
from gevinst.follow_up.status_rules import StatusRules
from gevinst.follow_up.table import FollowUp
from gevinst.follow_up.unpriced import Unpriced
from gevinst.language import Language, short_date
from gevinst.parameters.book import Used
from gevinst.register.business_case import Portfolio
from gevinst.register.data_quality import DataQuality
from gevinst.trace import Step


@dataclass(frozen=True)
class EffectSummary:
    """One estimator's answer for one investment.

    `name` is what a reader calls the estimator. `weeks_saved` per participant over `horizon_weeks` (positive is
    good); `by_year` in current prices, empty where no prices are known, and `net_total` the net DKK of all its years
    together; `comparison` is how many comparison trials it rests on (0 for a published curve). `evidence` is how far
    this answer can be relied on. `claim` is false where too few took part for a figure to be told.
    """

    investment: str
    estimator: str
    weakness: str
    headline: bool
    horizon_weeks: int
    weeks_saved: Interval
    participants: Shown
    comparison: Shown
    by_year: tuple[YearEffect, ...] = ()
    comparison_label: str = ""
    notes: tuple[str, ...] = ()
    name: str = ""
    net_total: Interval | None = None
    evidence: Evidence | None = None
    claim: bool = True
    brief: str = ""  # the weakness in a few words


@dataclass(frozen=True)
class CurvePanel:
    """The curves shown for one investment, participants first, and the registration beside them.

    `in_target_group` and `participants` count persons.
    """

    investment: str
    benefit: str
    benefit_name: str
    curves: tuple[Curve, ...]
    participants: Shown | None
    in_target_group: Shown | None
    left_out: tuple[tuple[str, Shown | None], ...] = ()  # why, in words


@dataclass(frozen=True)
class ParameterUsed:
    """One dated value a figure rests on, as the appendix prints it."""

    name: str
    value: str
    unit: str
    valid: str
    source: str
    legal_reference: str = ""
    verified: bool = True
    local: bool = False


def parameter_used(used: Used) -> ParameterUsed:
    """The parameter as the appendix prints it."""
    return ParameterUsed(
        used.name,
        used.printed,
        "",
        " – ".join("" if day is None else short_date(day) for day in (used.valid_from, used.valid_to)).strip(),
        used.source,
        used.legal_reference,
        used.verified,
        used.local,
    )


@dataclass(frozen=True)
class InputFile:
    """One file the edition rests on, and what became of its rows. `persons`: a row of it is about a person.

    `marked`: in the place of its checksum stands a mark that only the workspace can make of it. `table` is the
    canonical table it gave.
    """

    name: str
    sha256: str
    rows: Shown
    accepted: Shown
    rejected: Shown
    notes: tuple[str, ...] = ()
    persons: bool = True
    marked: bool = False
    table: str = ""


def input_shown(file: InputFile, counts: Counts) -> InputFile:
    """The file with its rows as they may be printed; rows that are about no person are as they are."""
    if not file.persons:
        return file
    rows, accepted, rejected = (counts[f"file/{file.name}/{part}"] for part in ("rows", "accepted", "rejected"))
    return replace(file, rows=rows, accepted=accepted, rejected=rejected)


@dataclass(frozen=True)
class Correction:
    """Which published edition this one corrects, of what memo date, and why."""

    corrects: str
    memo_date: date
    reason: str


@dataclass(frozen=True)
class Edition:
    """One follow-up, ready to print.

    `created` is noon of the memo's date and not when it was made, so that the same inputs give the same files; the
    record says when. `data_horizon` is the last day of the last complete week; `synthetic` says that the persons are
    made up; `explanations` are the ladders behind figures by figure id. `published` are curves taken from a table, and
    `benefit_names` is what a reader calls the benefits by their keys.
    """

    id: str
    created: datetime
    memo_date: date
    language: Language
    portfolio: Portfolio
    follow_ups: tuple[FollowUp, ...]
    portfolio_follow_up: FollowUp
    figures: tuple[Figure, ...]
    panels: tuple[CurvePanel, ...] = ()
    effects: tuple[EffectSummary, ...] = ()
    published: tuple[Curve, ...] = ()
    parameters: tuple[ParameterUsed, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    notes: tuple[str, ...] = ()  # what the reader must know of the data, in words
    data_horizon: date | None = None
    synthetic: bool = False
    small_cell_threshold: int = 5
    minimum_participants: int = 20  # below it no point claim is made
    seed: int = 0
    replicates: int = 0
    code_version: str = ""
    explanations: dict[str, Step] = field(default_factory=dict)
    benefit_names: dict[str, str] = field(default_factory=dict)
    details: tuple[EffectDetail, ...] = ()  # what stands behind each investment's headline effect
    portfolio_effect: PortfolioEffect | None = None
    breaks: tuple[BreakNote, ...] = ()  # the breaks in the definitions that its figures cross
    quality: DataQuality | None = None  # what the persons' data are worth
    payment_check: PaymentCheck | None = None  # what was paid beside the ladder's figure, where there are payments
    ledger: LedgerCheck | None = None  # the postings beside budget and delivery, where there is a ledger
    deviations: Deviations = field(default_factory=Deviations)  # why each result is not its budget
    forecasts: tuple[Forecast, ...] = ()  # what each investment is expected to save, where a saving is computed
    no_forecast: dict[str, str] = field(default_factory=dict)  # why the others have none, by their numbers
    unpriced: dict[str, Unpriced] = field(default_factory=dict)  # which benefits lack the price that a forecast needs
    warnings: tuple[EarlyWarning, ...] = ()  # status, break-even and stop rules of each investment
    status_rules: StatusRules = field(default_factory=StatusRules)
    released: Released = field(default_factory=Released)  # every count of persons it shows, for later editions
    correction: Correction | None = None  # where this edition corrects a published one
    since_last: SinceLast | None = None  # what changed since the latest published edition, where there is one

    @property
    def period_over(self) -> bool:
        """Whether the portfolio's last year is over on the memo's date: then it is not too early for a result."""
        return self.memo_date.year > self.portfolio.years[-1]

    def follow_up(self, investment: str) -> FollowUp:
        """The table of the investment with this number; `KeyError` if there is none."""
        return {table.investment: table for table in self.follow_ups}[investment]

    def breaks_of(self, where: str) -> tuple[BreakNote, ...]:
        """The breaks that one figure crosses, in order of time; `where` as in `BreakNote`."""
        return tuple(note for note in self.breaks if note.where == where)
