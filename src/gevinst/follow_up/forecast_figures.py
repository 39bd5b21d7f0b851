"""A forecast as figures with ids, as numbers in full, and as the ladder behind each; and what a running year comes to.

A year's forecast saving is `2/forecast/2022/saving`. The expected of the running year stands in the follow-up table as
well, where a saving is computed, the case has no recorded one for the year, and the cost of the year can be said:

    cost = spent so far + agreed price × full-time participants the case expects × planned weeks left of the year
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gevinst.follow_up.coming_intake import IntakePlan, full_time_expected
from gevinst.follow_up.exposure import Day, day_kinds
from gevinst.follow_up.extrapolation import rule_formula, rule_name, rule_words
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.forecast import LEVELS, Forecast, YearForecast
from gevinst.language import number, percent, say, short_date
from gevinst.money import CURRENT, Amount
from gevinst.register.business_case import Basis, Investment, Line, Portfolio
from gevinst.trace import Step
from gevinst.weeks import first_week, week_of

KIND = "forecast/saving"


def forecast_figures(found: Forecast) -> tuple[Figure, ...]:
    """The expected saving of each year, with its 95 % interval."""
    return tuple(_figure(found, year, KIND) for year in found.years)


def _figure(found: Forecast, year: YearForecast, derived: str = "") -> Figure:
    bounds = year.expected.bounds(95)
    low, high = (None, None) if bounds is None else (Amount.from_estimate(one, CURRENT) for one in bounds)
    amount = Amount.from_estimate(year.expected.estimate, CURRENT)
    return Figure(found.investment, Line.SAVING, year.year, Basis.EXPECTED, amount, "computed", cited(found, year),
                  low, high, derived)  # fmt: skip


def cited(found: Forecast, year: YearForecast) -> str:
    """What an expected amount is, with its rule."""
    rule, day = rule_name(found.how.rule), short_date(found.horizon)
    if year.to_date is None:
        return say(da=f"beregnet forventning ({found.estimator}; en effekt, der ikke er set, {rule})",
                   en=f"computed forecast ({found.estimator}; an effect not seen {rule})")
    return say(da=f"beregnet: resultat til og med {day} og forventning til resten af året ({found.estimator}; en "
                  f"effekt, der ikke er set, {rule})",
               en=f"computed: result up to {day} and forecast of the rest of the year ({found.estimator}; an effect "
                  f"not seen {rule})")  # fmt: skip


def expected_figures(
    investment: Investment, portfolio: Portfolio, found: Forecast | None, spent: Mapping[int, Amount], source: str
) -> tuple[Figure, ...]:
    """Saving and cost of the running year, or nothing: where either was recorded, or only one of them can be said."""
    running = None if found is None else next((one for one in found.years if one.to_date is not None), None)
    if found is None or running is None or running.year not in portfolio.years:
        return ()
    recorded = {row.line for row in investment.recorded if row.year == running.year}
    if Line.SAVING in recorded:
        return ()
    saving = _figure(found, running)
    if Line.INVESTMENT in recorded:
        return (saving,)
    cost = expected_cost(investment, portfolio, running.year, spent, week_of(found.horizon))
    if cost is None:
        return ()
    words = say(da=f"{source}; resten af året: aftalt pris × de fuldtidspersoner, sagen forventer",
                en=f"{source}; the rest of the year: agreed price × the full-time persons the case expects")
    return saving, Figure(investment.number, Line.INVESTMENT, running.year, Basis.EXPECTED, cost, "computed", words)


def expected_cost(
    investment: Investment, portfolio: Portfolio, year: int, spent: Mapping[int, Amount], horizon: int
) -> Amount | None:
    """The cost of a running year in current prices; None where the case has no agreed price in those, or no number."""
    price, people = investment.dkk_per_participant_week, full_time_expected(investment, year)
    if price is None or price.level != CURRENT or people is None:
        return None
    coming = range(horizon + 1, first_week(year + 1))
    days = sum(kind is not Day.STOPPED for week in coming for kind in day_kinds(investment, portfolio, week))
    return spent.get(year, Amount.zero(CURRENT)) + price.scaled(Decimal(repr(people)) * days / 7)


def forecast_numbers(found: Iterable[Forecast]) -> dict[str, float | int | None]:
    """Every number of the fans in full: `forecast/2/decay/2022/low80`; what the score card reads again."""
    numbers: dict[str, float | int | None] = {}
    for one in found:
        for year in one.years:
            name = f"forecast/{one.investment}/{one.how.rule}/{year.year}"
            numbers[f"{name}/estimate"] = year.expected.estimate
            for level in LEVELS:
                low, high = year.expected.bounds(level) or (None, None)
                numbers |= {f"{name}/low{level}": low, f"{name}/high{level}": high}
            numbers |= {f"{name}/to_date": year.to_date, f"{name}/coming": year.coming,
                        f"{name}/extrapolated": year.extrapolated, f"{name}/from_coming": year.from_coming}
        numbers[f"forecast/{one.investment}/mature_week"] = one.how.mature_week
    return numbers


def forecast_steps(found: Iterable[Forecast]) -> dict[str, Step]:
    """The ladder behind each figure of a forecast, by its id."""
    return {figure.id: forecast_step(one, year)
            for one in found for figure, year in zip(forecast_figures(one), one.years, strict=True)}


def forecast_step(found: Forecast, year: YearForecast) -> Step:
    """How the expected saving of a year came about."""
    so_far = () if year.to_date is None else (Step(
        say(da=f"Resultat i {year.year} til og med {short_date(found.horizon)}",
            en=f"Result in {year.year} up to {short_date(found.horizon)}"), _kroner(year.to_date), found.estimator),)
    coming = Step(
        say(da="Resten af året" if so_far else "Hele året", en="The rest of the year" if so_far else "All of the year"),
        _kroner(year.coming),
        say(da="Σ startede og forventede deltagere × effekt pr. uge siden start × ugepris",
            en="Σ participants, started and expected × effect per week since the start × weekly price"),
        under=(
            Step(say(da="Forventede starter", en="Starts expected"), starts_words(found.plan, year.year),
                 source="; ".join(part for part in (found.plan.source, found.plan.stays_source) if part)),
            Step(say(da="Effekt efter de uger, der er set", en="Effect after the weeks that are seen"),
                 rule_name(found.how.rule), rule_formula(found.how), rule_words(found.how)),
            Step(say(da="Deltageruger efter de uger, der er set", en="Participant-weeks after the weeks that are seen"),
                 percent(year.extrapolated)),
            *(used.as_step() for used in found.used if used.day.year == year.year or used.carried),
        ),
    )  # fmt: skip
    return Step(say(da=f"Forventet besparelse {year.year}", en=f"Expected saving {year.year}"),
                _kroner(year.expected.estimate), cited(found, year), under=(*so_far, coming))


def starts_words(plan: IntakePlan, year: int) -> str:
    """How many are expected to start in what is left of the year; a sign where it would tell of few."""
    if plan.few:
        return say(da="få", en="few")
    return number(plan.per_year.get(year, 0.0))


def _kroner(dkk: float) -> str:
    return say(da=f"{number(dkk)} kr.", en=f"DKK {number(dkk)}")
