"""The Norddjurs workspace: the real agreement and its recorded results, on the persons of a made-up municipality.

The recorded figures are those of the municipality's own memo of 26 November 2021. The persons are invented
(`sources/synthetic.py`), so that the memo has curves and effects; it says so where they stand.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from gevinst.register import bundled
from gevinst.register.snapshots import import_folder
from gevinst.register.store import open_store
from gevinst.settings import create_workspace, default_key_file, load_settings
from gevinst.sources.report import ImportReport
from gevinst.sources.synthetic import SyntheticSpec, write_register
from gevinst.workspace import Published, run_workspace

PORTFOLIO = "norddjurs-2020-2023"
MEMO_DATE = date(2021, 11, 26)
DEMO_KEY = "demo.key"
# Made-up prices, because no national rate is known: without one a move to this benefit would look like a saving.
MADE_UP_PRICES = {"ressourceforloeb": 2_900}
YEARS = range(2016, 2022)


def build(workspace: Path) -> ImportReport:
    """Make the workspace, put the agreement in it and import the made-up persons.

    Raises `workspace.exists` where there is one already, and the errors of the intake.
    """
    key = default_key_file().with_name(DEMO_KEY)
    create_workspace(workspace, municipality="Norddjurs Kommune", municipality_code="707", synthetic=True, key_file=key)
    store = open_store(load_settings(workspace).store_url)
    try:
        store.save_portfolio(bundled.portfolio(PORTFOLIO), author="demo")
    finally:
        store.close()
    with TemporaryDirectory(prefix="gevinst-demo-") as scratch:
        folder = Path(scratch)
        write_persons(folder)
        return import_folder(workspace, folder, today=MEMO_DATE)


def write_persons(folder: Path) -> None:
    """The canonical files of the made-up municipality, with the prices it needs."""
    write_register(folder, SyntheticSpec())
    with (folder / "prices.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("benefit", "year", "dkk_per_week"))
        rows.writerows((benefit, year, price) for benefit, price in MADE_UP_PRICES.items() for year in YEARS)


def run(workspace: Path) -> Published:
    """The memo of 26 November 2021 from the workspace."""
    return run_workspace(workspace, portfolio_key=PORTFOLIO, memo_date=MEMO_DATE)
