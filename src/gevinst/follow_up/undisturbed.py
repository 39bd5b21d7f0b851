"""What twelve months of undisturbed operation would have given, computed beside what happened and never in its stead.

Recorded results have no dates, so they are scaled by the open share of the planned weeks (`exposure.py`):

    undisturbed = actual ÷ ω(partial_open)        span: ω(1) … ω(0), partly closed weeks taken as open or as closed

What was computed from persons is scaled by starts. With n(s) the starts of week s, n*(s) the same where the planned
weeks that were not wholly open have the pace of the wholly open ones of their year, and m(s, y) the weeks in year y in
which one who started in s is followed:

    undisturbed(y) = saving(y) × Σ n*(s) m(s, y) ÷ Σ n(s) m(s, y)

in every replicate, so that the interval holds the chance in saving and pace both. A year without a wholly open week
has the pace of all of them.

Assumed: those who would have started in the closed weeks are like those who did start; a start is worth as much
whenever it is, but for the weeks left of the year; nothing is added for the time after an early stop. The cost is
scaled only where it follows the participants (a price per participant week, or a supplier paid by results), by the
starts, each in so many weeks as the case plans for a participant.
Source: method, section 7; the municipality's own "12 måneders uforstyrret drift" (memo of 26 November 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from gevinst.curves.intake import Intake
from gevinst.effects.estimate import Floats
from gevinst.effects.replicates import interval, reweighted
from gevinst.follow_up.bridge_drivers import Known, participation
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.exposure import Day, Exposure, day_kinds, exposure
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.realised import last_complete_year
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.money import CURRENT, Amount, total
from gevinst.register.business_case import Basis, Investment, Line, Portfolio
from gevinst.weeks import first_week, year_of


@dataclass(frozen=True)
class Undisturbed:
    """One investment in one year: what happened, and the same for undisturbed operation.

    Of a recorded result `participants` are full-time persons, and `low` and `high` the undisturbed saving with partly
    closed weeks taken as open and as closed. Of a computed one `pace` is the starts per wholly open week (None: too few
    started to tell) and `low` and `high` bound the 95 % interval.
    """

    investment: str
    year: int
    basis: Basis
    kind: Literal["recorded", "computed"]
    exposure: Exposure
    saving: Amount
    undisturbed_saving: Amount
    low: Amount | None = None
    high: Amount | None = None
    cost: Amount | None = None
    undisturbed_cost: Amount | None = None
    cost_follows: bool = False
    participants: Decimal | None = None
    undisturbed_participants: Decimal | None = None
    pace: float | None = None
    cited: str = ""


@dataclass(frozen=True)
class Persons:
    """What is known of one investment's persons: their starts, and the weights of the replicates."""

    intake: Intake
    drawn: Floats
    data_horizon: int


@dataclass(frozen=True)
class Clock:
    """The exposures of every investment and year, and what undisturbed operation would have given in the disturbed.

    `totals` are of the portfolio in the years in which every saving was recorded; they have no weeks of their own.
    """

    exposures: tuple[Exposure, ...] = ()
    rows: tuple[Undisturbed, ...] = ()
    totals: tuple[Undisturbed, ...] = ()
    partial_open: Decimal = field(default=Decimal(1))


def recorded_rows(
    investment: Investment, table: FollowUp, portfolio: Portfolio, known: Known
) -> tuple[Undisturbed, ...]:
    """The years with a recorded saving in which planned weeks were closed by suspensions."""
    found = []
    for row in table.years:
        weeks = exposure(investment, portfolio, row.year)
        figure = row.outcome.get(Line.SAVING)
        share = weeks.open_share(known.partial_open)
        if figure is None or figure.source != "recorded" or weeks.open_share(Decimal(0)) == 1 or not share:
            continue
        found.append(_recorded(investment, row, weeks, known))
    return tuple(found)


def _recorded(investment: Investment, row: FollowUpYear, weeks: Exposure, known: Known) -> Undisturbed:
    saving = row.outcome[Line.SAVING].amount
    share, closed = weeks.open_share(known.partial_open), weeks.open_share(Decimal(0))
    followed = follows(investment)
    cost = row.outcome[Line.INVESTMENT].amount if Line.INVESTMENT in row.outcome else None
    took_part = participation(investment, row.year, row.basis, computed=False, known=known).actual
    return Undisturbed(
        investment.number,
        row.year,
        row.basis,
        "recorded",
        weeks,
        saving,
        _over(saving, share),
        _over(saving, weeks.open_share(Decimal(1))),
        _over(saving, closed) if closed else None,
        cost,
        None if cost is None else _over(cost, share) if followed else cost,
        followed,
        took_part,
        None if took_part is None else took_part * share.denominator / share.numerator,
        cited=row.outcome[Line.SAVING].cited,
    )


def computed_rows(
    case: CaseResult, portfolio: Portfolio, persons: Persons, known: Known, minimum_participants: int
) -> tuple[Undisturbed, ...]:
    """The complete years with a computed saving to which closed weeks of that year or an earlier one made a difference.

    None where too few took part for a figure to be told, or too many weeks have no price.
    """
    saving, effect, investment = case.saving, case.effect, case.investment
    if saving is None or effect is None or not saving.shown or not case.claims(minimum_participants):
        return ()
    pace = paces(investment, portfolio, persons)
    found = []
    for at, year in enumerate(saving.years):
        if year > last_complete_year(persons.data_horizon) or year not in portfolio.years:
            continue
        factor = pace.factor(year, effect.covered_weeks, persons.data_horizon)
        if not np.isfinite(factor[0]) or factor[0] == 1:
            continue
        actual, scaled = interval(saving.net[:, at]), interval(saving.net[:, at] * factor)
        weeks = exposure(investment, portfolio, year)
        per_week = pace.told(year, known.threshold)
        cost, followed = case.spent.get(year), follows(investment)
        dearer = pace.factor(year, (investment.planned_weeks or 1) - 1, persons.data_horizon)[0]
        found.append(
            Undisturbed(
                investment.number,
                year,
                Basis.REALISED,
                "computed",
                weeks,
                Amount.from_estimate(actual.estimate, CURRENT),
                Amount.from_estimate(scaled.estimate, CURRENT),
                None if scaled.low is None else Amount.from_estimate(scaled.low, CURRENT),
                None if scaled.high is None else Amount.from_estimate(scaled.high, CURRENT),
                cost,
                None if cost is None else cost.scaled(Decimal(repr(float(dearer)))) if followed else cost,
                followed,
                undisturbed_participants=None if per_week is None else Decimal(str(per_week))
                * (weeks.planned - weeks.stopped) / 7,
                pace=per_week,
                cited=case.spent_source if cost is not None else "",
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Paces:
    """Starts `[replicate, week]` as they were and as they would have been, from `first_week` on.

    `wholly_open` `[week]` marks planned weeks of which every day was open, `filled` those that are given their pace.
    """

    first_week: int
    starts: Floats
    undisturbed: Floats
    wholly_open: np.typing.NDArray[np.bool_]
    filled: np.typing.NDArray[np.bool_]

    @property
    def year(self) -> np.typing.NDArray[np.int64]:
        """The year of each week."""
        return np.array([year_of(self.first_week + at) for at in range(self.starts.shape[1])])

    def factor(self, year: int, covered_weeks: int, data_horizon: int) -> Floats:
        """By what the saving of `year` is multiplied, `[replicate]`."""
        week = self.first_week + np.arange(self.starts.shape[1])
        last = min(first_week(year + 1) - 1, data_horizon)
        reach = np.minimum(last, week + covered_weeks) - np.maximum(first_week(year), week) + 1
        followed = np.clip(reach, 0, None).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            factor: Floats = (self.undisturbed @ followed) / (self.starts @ followed)
        return factor

    def told(self, year: int, threshold: int) -> float | None:
        """Starts per wholly open week, to a tenth; None where so few started in any year that it would tell of them."""
        by_year = {one: self.starts[0, self.year == one].sum() for one in sorted(set(self.year.tolist()))}
        mine = (self.year == year) & self.wholly_open
        if not mine.any() or any(0 < count < threshold for count in by_year.values()):
            return None
        started, others = self.starts[0, mine].sum(), self.starts[0, (self.year == year) & ~self.wholly_open].sum()
        if 0 < started < threshold or 0 < others < threshold:
            return None
        return round(float(started / mine.sum()), 1)


def paces(investment: Investment, portfolio: Portfolio, persons: Persons) -> Paces:
    """The starts, and what they would have been had the planned weeks before the stop all been open."""
    first = min(persons.intake.first_week, *(first_week(year) for year in portfolio.years[:1]))
    weeks = persons.data_horizon - first + 1
    starts = np.zeros((len(persons.drawn), weeks))
    starts[:, persons.intake.first_week - first :] = reweighted(persons.intake.starts, persons.drawn)
    kinds = [day_kinds(investment, portfolio, first + at) for at in range(weeks)]
    wholly = np.array([bool(week) and all(kind is Day.OPEN for kind in week) for week in kinds])
    filled = np.array([any(kind in (Day.PARTIAL, Day.CLOSED) for kind in week) for week in kinds])
    undisturbed = starts.copy()
    every = starts[:, wholly].mean(axis=1) if wholly.any() else np.full(len(starts), np.nan)
    found = Paces(first, starts, undisturbed, wholly, filled)
    for year in sorted(set(found.year.tolist())):
        mine = found.year == year
        open_then = mine & wholly
        pace = starts[:, open_then].mean(axis=1) if open_then.any() else every
        undisturbed[:, mine & filled] = pace[:, None]
    return found


def follows(investment: Investment) -> bool:
    """Whether the investment's cost follows its participants."""
    paid = investment.supplier is not None and investment.supplier.pay_by_results
    return paid or investment.dkk_per_participant_week is not None


def clock(
    portfolio: Portfolio,
    cases: Sequence[CaseResult],
    tables: Sequence[FollowUp],
    known: Known,
    persons: dict[str, Persons] | None = None,
    minimum_participants: int = 20,
) -> Clock:
    """Every investment's exposures in the years of the portfolio, and its disturbed years beside undisturbed ones."""
    exposures, rows = [], list[Undisturbed]()
    for case, table in zip(cases, tables, strict=True):
        investment = case.investment
        exposures += [exposure(investment, portfolio, year) for year in portfolio.years]
        rows += recorded_rows(investment, table, portfolio, known)
        known_persons = (persons or {}).get(investment.key)
        if known_persons is not None:
            rows += computed_rows(case, portfolio, known_persons, known, minimum_participants)
    totals = (_total(year, [row for row in rows if row.kind == "recorded" and row.year == year], tables)
              for year in portfolio.years)  # fmt: skip
    return Clock(tuple(exposures), tuple(rows), tuple(one for one in totals if one is not None), known.partial_open)


def _total(year: int, rows: Sequence[Undisturbed], tables: Sequence[FollowUp]) -> Undisturbed | None:
    """The portfolio's recorded saving of a year; what was not disturbed is the same in both."""
    figures = [row.outcome[Line.SAVING] for table in tables for row in table.years
               if row.year == year and Line.SAVING in row.outcome]  # fmt: skip
    if not rows or any(figure.source != "recorded" for figure in figures):
        return None
    level = rows[0].saving.level
    saving = total((figure.amount for figure in figures), level)
    added = total((row.undisturbed_saving - row.saving for row in rows), level)
    low = [row.low - row.saving for row in rows if row.low is not None]
    high = [row.high - row.saving for row in rows if row.high is not None]
    realised = all(figure.basis is Basis.REALISED for figure in figures)
    return Undisturbed(
        PORTFOLIO,
        year,
        Basis.REALISED if realised else Basis.EXPECTED,
        "recorded",
        Exposure(PORTFOLIO, year, 0, 0, 0, 0),
        saving,
        saving + added,
        saving + total(low, level) if len(low) == len(rows) else None,
        saving + total(high, level) if len(high) == len(rows) else None,
        cited="; ".join(dict.fromkeys(figure.cited for figure in figures if figure.cited)),
    )


def _over(amount: Amount, share: Fraction) -> Amount:
    return amount.scaled(Decimal(share.denominator) / Decimal(share.numerator))
