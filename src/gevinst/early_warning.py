"""Early warning's place in the computation: starts counted for the stop rules, then the desk of every investment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from gevinst.curves.intake import intake
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told
from gevinst.follow_up.disclosure.cells import Cell, Relation, System
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.delivery import weeks_key
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.status import Found, Terms, early_warning
from gevinst.follow_up.status_figures import status_figures, status_steps
from gevinst.follow_up.status_stop import Started
from gevinst.register.business_case import Portfolio, StopMeasure
from gevinst.register.data_quality import Verdict
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import week_of


@dataclass(frozen=True)
class StartCounts:
    """Persons started to and with the week of each day, and to the data horizon, by the investment's number."""

    by_day: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    all: Mapping[str, int] = field(default_factory=dict)


def starts_by_rule(portfolio: Portfolio, tables: PersonTables | None) -> StartCounts:
    """The starts that stop rules look at; nobody is counted for a case without such a rule."""
    by_day: dict[str, dict[date, int]] = {}
    every: dict[str, int] = {}
    for case in portfolio.investments:
        days = {rule.date for rule in case.stop_rules if rule.measure is StopMeasure.STARTS}
        if not days or tables is None or tables.participants is None:
            continue
        seen = intake(tables, case.key)
        starts = np.zeros(1) if seen is None else seen.starts.sum(axis=0)
        first = 0 if seen is None else seen.first_week
        every[case.number] = int(starts.sum())
        by_day[case.number] = {day: int(starts[: max(week_of(day) - first + 1, 0)].sum()) for day in sorted(days)}
    return StartCounts(by_day, every)


def starts_key(number: str, day: date) -> str:
    """The name of the count of persons started by a rule's day."""
    return f"{number}/started/{day.isoformat()}"


def of_starts(found: StartCounts, cases: Sequence[CaseResult]) -> System:
    """The counts with what they are part of: those registered, who started before the day, after it, or will."""
    cells, relations = list[Cell](), list[Relation]()
    studies = {case.investment.number: case.study for case in cases}
    for number, days in found.by_day.items():
        study = studies.get(number)
        ahead = 0 if study is None else study.left_out.get("starts_after_horizon", 0)
        registered = None if study is None else sum(study.left_out.values()) + study.participants
        for day, count in days.items():
            key = starts_key(number, day)
            cells.append(Cell(key, count))
            if registered == found.all[number] + ahead:
                cells.append(Cell(f"{key}/later", found.all[number] - count, printed=False))
                parts = key, f"{key}/later", f"{number}/left_out/starts_after_horizon"
                relations.append(Relation(f"{number}/registered", parts))
    return System(tuple(cells), tuple(relations))


def with_warnings(
    edition: Edition, cases: Sequence[CaseResult], told: Sequence[Told], starts: StartCounts, weeks: Counts,
    counts: Counts, terms: Terms,
) -> Edition:
    """The edition with the desk of each investment, its figures and its ladders.

    `weeks` are the participant weeks delivered as they may be told, `counts` all other counts.
    """
    details = {one.investment: one for one in edition.details}
    forecasts = {one.investment: one for one in edition.forecasts}
    serious = edition.quality is not None and edition.quality.verdict is Verdict.SERIOUS
    warnings = []
    for case, how, table in zip(cases, told, edition.follow_ups, strict=True):
        number = case.investment.number
        delivered = {year: many for year in (None, *edition.portfolio.years)
                     if isinstance(many := weeks.shown.get(weeks_key(number, year)), int)}  # fmt: skip
        warnings.append(early_warning(Found(
            case, edition.portfolio.investment(number), table, how, details.get(number),
            edition.deviations.bridges_of(number), forecasts.get(number), delivered,
            _started(number, starts, counts, terms), serious,
        ), terms))  # fmt: skip
    steps = {name: step for one in warnings for name, step in status_steps(one, terms.rules).items()}
    return replace(
        edition,
        warnings=tuple(warnings),
        status_rules=terms.rules,
        figures=(*edition.figures, *(figure for one in warnings for figure in status_figures(one))),
        explanations={**edition.explanations, **steps},
    )


def _started(number: str, starts: StartCounts, counts: Counts, terms: Terms) -> dict[date, Started]:
    found = {}
    for day, count in starts.by_day.get(number, {}).items():
        shown = counts[starts_key(number, day)]
        reached = terms.data_horizon is not None and week_of(day) <= terms.data_horizon
        found[day] = Started(count, reached, shown if isinstance(shown, int) else None)
    return found
