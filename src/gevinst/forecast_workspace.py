"""A workspace looked ahead from: its forecasts by the terms asked for, and what became of its budgets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gevinst.editions.basis import compute
from gevinst.editions.foreseen import computed_savings
from gevinst.editions.states import find, latest_published
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.realisation import CaseYear, case_years
from gevinst.forecasts import Terms
from gevinst.parameters.local import open_book
from gevinst.register import bundled
from gevinst.register.store import open_store
from gevinst.settings import load_settings
from gevinst.workspace import Asked, basis_asked


def forecast_workspace(workspace: Path, terms: Terms, portfolio: str | None = None) -> Edition:
    """The computation of today with these terms; its edition holds the forecasts. Raises as `run_workspace`."""
    basis = basis_asked(load_settings(workspace), Asked(portfolio))
    return compute(replace(basis, options=replace(basis.options, forecast=terms)))


def budgeted_and_realised(workspace: Path, *, examples: bool = False) -> tuple[CaseYear, ...]:
    """The case-years of the workspace's portfolios, by the record and by the editions published last.

    With `examples` also of the agreements shipped with the program that are not in the record. Raises
    `edition.damaged` and the errors of reading the store.
    """
    settings = load_settings(workspace)
    names = {key: benefit.name for key, benefit in open_book(settings.parameters).benefits.items()}
    with open_store(settings.store_url) as store:
        portfolios = [store.portfolio(one.key) for one in store.portfolios()]
    found = list[CaseYear]()
    for portfolio in sorted(portfolios, key=lambda one: one.key):
        record = latest_published(settings, portfolio.key)
        computed = {} if record is None else computed_savings(find(settings, record.key))
        found += case_years(portfolio, names, computed)
    known = {portfolio.key for portfolio in portfolios}
    shipped = [one for one in bundled.portfolios() if examples and one.key not in known]
    return (*found, *(year for one in shipped for year in case_years(one, names)))
