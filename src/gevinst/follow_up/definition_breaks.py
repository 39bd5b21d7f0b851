"""The breaks in the definitions that a figure of the edition crosses, as the figure's note and drawing name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gevinst.curves.curve import Curve
from gevinst.effects.design import StudyDesign
from gevinst.parameters.definition_breaks import JOBINDSATS, REGISTER, DefinitionBreak, breaks_within
from gevinst.register.business_case import Portfolio
from gevinst.weeks import sunday

BUDGET = "budget"


@dataclass(frozen=True)
class BreakNote:
    """A break that the figure `where` crosses: `curves/<investment>`, `effects/<investment>`, `budget`, or
    `published/<benefit>/<definition>/<outcome>`. `label` is a few words, `text` what changed on the day.
    """

    where: str
    day: date
    label: str
    text: str


def break_notes(
    breaks: Sequence[DefinitionBreak], portfolio: Portfolio, designs: Iterable[StudyDesign],
    published: Sequence[Curve], data_horizon: int | None,
) -> tuple[BreakNote, ...]:
    """Every break with the figure it touches, in the language spoken now.

    Curves and effects of a study touch those between its first week and its last; an effect also those since its
    first baseline year. Published curves are read as jobindsats' own, the budget chart by its years.
    """
    numbers = {case.key: case.number for case in portfolio.investments}
    notes: list[BreakNote] = []
    for design in designs:
        number = numbers.get(design.investment, design.investment)
        last = design.last_day + timedelta(weeks=design.horizon_weeks)
        last = last if data_horizon is None else min(last, sunday(data_horizon))
        baseline = [date(year, 1, 1) for year in design.baseline_years]
        for where, first in (("curves", design.first_day), ("effects", min([design.first_day, *baseline]))):
            found = breaks_within(breaks, first, last, benefit=design.benefit, source=REGISTER, measure="curves")
            notes += [_note(f"{where}/{number}", one) for one in found]
    for where, first, last, benefit in _families(published):
        found = breaks_within(breaks, first, last, benefit=benefit, source=JOBINDSATS, measure="curves")
        notes += [_note(where, one) for one in found]
    targets = {case.target_group.benefit for case in portfolio.investments if case.target_group.benefit}
    for one in breaks_within(breaks, date(min(portfolio.years), 1, 1), date(max(portfolio.years), 12, 31),
                             source=REGISTER, measure="amounts"):
        if not one.benefits or targets & set(one.benefits):
            notes.append(_note(BUDGET, one))
    return tuple(notes)


def _note(where: str, one: DefinitionBreak) -> BreakNote:
    return BreakNote(where, one.day or date.max, one.label, one.dated_text)


def _families(published: Sequence[Curve]) -> list[tuple[str, date, date, str]]:
    """Per table of published curves, the days from the first year it names to the last week it follows."""
    spans: dict[tuple[str, str, str], list[date]] = {}
    for curve in published:
        years = [int(year) for year in re.findall(r"(?:19|20)\d\d", curve.label)]
        shown = [point.week for point in curve.points if point.share is not None]
        if years:
            last = date(max(years), 12, 31) + timedelta(weeks=max(shown, default=0))
            days = spans.setdefault((curve.benefit, curve.definition, curve.outcome), [])
            days += [date(min(years), 1, 1), last]
    return [(f"published/{'/'.join(family)}", min(days), max(days), family[0]) for family, days in
            sorted(spans.items())]
