"""Which figure is the outcome of a year: the one that was recorded, or the one computed from persons.

A recorded result is what the council has been told and is printed as such; a computed one fills the years for which
no result was recorded, and only those that lie wholly before the data horizon. Every figure says which it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gevinst.effects.estimate import YearEffect
from gevinst.follow_up.figures import Figure
from gevinst.language import say
from gevinst.money import CURRENT, Amount
from gevinst.register.business_case import Basis, Investment, Line
from gevinst.weeks import year_of


def recorded_figures(investment: Investment) -> tuple[Figure, ...]:
    """The results and expectations that were typed in."""
    return tuple(
        Figure(investment.number, row.line, row.year, row.basis, row.amount, "recorded", row.source)
        for row in investment.recorded
    )


def computed_figures(
    investment: Investment,
    saving: Iterable[YearEffect],
    spent: Mapping[int, Amount],
    data_horizon: int,
    estimator: str,
    spent_source: str,
) -> tuple[Figure, ...]:
    """The figures computed from persons and ledger, for years that are complete at the horizon.

    `saving` is the headline estimator's, `estimator` its name; `spent` the investment per year, from `spent_source`;
    both in current prices.
    """
    last_complete = last_complete_year(data_horizon)
    cited = say(da=f"beregnet på borgerforløb ({estimator})", en=f"computed from persons ({estimator})")
    figures = [
        Figure(
            investment.number,
            Line.SAVING,
            effect.year,
            Basis.REALISED,
            Amount.from_estimate(effect.net.estimate, CURRENT),
            "computed",
            cited,
            None if effect.net.low is None else Amount.from_estimate(effect.net.low, CURRENT),
            None if effect.net.high is None else Amount.from_estimate(effect.net.high, CURRENT),
        )
        for effect in saving
        if effect.year <= last_complete
    ]
    figures += [
        Figure(investment.number, Line.INVESTMENT, year, Basis.REALISED, amount, "computed", spent_source)
        for year, amount in sorted(spent.items())
        if year <= last_complete
    ]
    return tuple(figures)


def last_complete_year(data_horizon: int) -> int:
    """The last calendar year that lies wholly before the data horizon (the week data end with).

    >>> from datetime import date
    >>> from gevinst.weeks import week_of
    >>> last_complete_year(week_of(date(2021, 10, 31))), last_complete_year(week_of(date(2021, 12, 31)))
    (2020, 2021)
    """
    return year_of(data_horizon + 1) - 1


def outcomes(
    recorded: Iterable[Figure], computed: Iterable[Figure], forecast: Iterable[Figure] = ()
) -> tuple[Figure, ...]:
    """One figure per year and line: a recorded result, else a computed one, else an expectation, recorded or computed.

    >>> level = CURRENT
    >>> typed = Figure("1", Line.SAVING, 2020, Basis.REALISED, Amount.dkk(-1, level), "recorded")
    >>> found = Figure("1", Line.SAVING, 2020, Basis.REALISED, Amount.dkk(-2, level), "computed")
    >>> [figure.amount.ore for figure in outcomes([typed], [found])]
    [-100]
    """
    typed = list(recorded)
    chosen = {(figure.year, figure.line): figure for figure in forecast}
    chosen.update({(figure.year, figure.line): figure for figure in typed if figure.basis is Basis.EXPECTED})
    chosen.update({(figure.year, figure.line): figure for figure in computed})
    chosen.update({(figure.year, figure.line): figure for figure in typed if figure.basis is Basis.REALISED})
    return tuple(chosen[key] for key in sorted(chosen, key=lambda key: (key[0] or 0, key[1])))
