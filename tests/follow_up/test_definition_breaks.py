"""Which figure crosses which break: by the days it is about, the benefit, and where it comes from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.effects.design import StudyDesign
from gevinst.follow_up.definition_breaks import break_notes
from gevinst.language import speaking
from gevinst.parameters.definition_breaks import national_breaks
from gevinst.register.business_case import Portfolio
from gevinst.weeks import week_of

BREAKS = national_breaks()
LONG_AFTER = week_of(date(2027, 1, 1))


def told(portfolio: Portfolio, designs: tuple[StudyDesign, ...] = (), curves: tuple[Curve, ...] = (),
         horizon: int | None = LONG_AFTER) -> list[tuple[str, date]]:
    return [(note.where, note.day) for note in break_notes(BREAKS, portfolio, designs, curves, horizon)]


def design(first: date, last: date, benefit: str = "kontanthjaelp", **more: object) -> StudyDesign:
    return replace(StudyDesign("jobnet", benefit, first, last, 52), **more)


REFORM = date(2025, 7, 1)


def test_curves_are_touched_while_anybody_is_followed(portfolio: Portfolio) -> None:
    before = design(date(2023, 1, 1), date(2024, 7, 1))  # followed until 30 June 2025
    assert told(portfolio, (before,)) == []
    crossing = design(date(2023, 1, 1), date(2024, 7, 2))
    assert told(portfolio, (crossing,)) == [("curves/1", REFORM), ("effects/1", REFORM)]
    assert told(portfolio, (crossing,), horizon=week_of(REFORM) - 1) == []
    after = design(date(2025, 7, 1), date(2025, 12, 31))
    assert told(portfolio, (after,)) == []
    assert told(portfolio, (replace(crossing, benefit="a-dagpenge"),)) == []


def test_an_effect_is_touched_from_its_first_baseline_year(portfolio: Portfolio) -> None:
    after = design(date(2025, 7, 1), date(2025, 12, 31), baseline_years=(2023, 2024))
    assert told(portfolio, (after,)) == [("effects/1", REFORM)]


def test_published_curves_are_touched_by_the_breaks_of_jobindsats(portfolio: Portfolio) -> None:
    def curve(label: str, benefit: str = "a-dagpenge") -> Curve:
        points = tuple(CurvePoint(week, 0.5, None, None, 0, 0, 0) for week in (0, 26, 52))
        return Curve(label, "with_relapse", "same", benefit, "whole", points, 0, 0, "jobindsats", published=True)

    where = "published/a-dagpenge/with_relapse/same"
    assert told(portfolio, curves=(curve("2017-2019"), curve("2020"))) == [
        (where, date(2017, 7, 1)), (where, date(2019, 8, 9))]
    assert told(portfolio, curves=(curve("2020"), curve("2021"))) == []
    assert told(portfolio, curves=(curve("alle"),)) == []
    followed = "published/kontanthjaelp/with_relapse/same"
    assert told(portfolio, curves=(curve("2024", "kontanthjaelp"),)) == [(followed, REFORM)]


def test_the_budget_is_touched_by_what_touches_money_in_its_years(portfolio: Portfolio) -> None:
    later = replace(portfolio, years=(2024, 2025, 2026))
    assert told(later) == []  # the only case is about another benefit
    case = portfolio.investments[0]
    helped = replace(case, target_group=replace(case.target_group, benefit="kontanthjaelp"))
    assert told(replace(later, investments=(helped,))) == [("budget", REFORM)]
    with speaking("da"):
        (note,) = break_notes(BREAKS, replace(later, investments=(helped,)), (), (), None)
        assert note.text.startswith("01-07-2025: Kontanthjælpsreformen")
