"""The Norddjurs workspace: the real agreement and its recorded results, on the persons of a made-up municipality.

The recorded figures are those of the municipality's own memo of 26 November 2021. The persons are invented
(`sources/synthetic.py`), so that the memo has curves and effects; it says so where they stand.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from gevinst.register import bundled
from gevinst.register.snapshots import import_folder
from gevinst.register.store import open_store
from gevinst.settings import create_workspace, default_key_file, load_settings
from gevinst.sources.report import ImportReport
from gevinst.sources.synthetic import INVESTMENTS, SyntheticSpec, Truth, write_register
from gevinst.workspace import Published, run_workspace

PORTFOLIO = "norddjurs-2020-2023"
MEMO_DATE = date(2021, 11, 26)
ADOPTED, IMPORTED = (datetime.combine(MEMO_DATE, time(hour), UTC) for hour in (9, 10))
"""The demonstration is as if made on the memo's day, whenever it is run: first the record, then the data."""
DEMO_KEY = "demo.key"
# Made-up prices, because no national rate is known: without one a move to this benefit would look like a saving.
MADE_UP_PRICES = {"ressourceforloeb": 2_900}
YEARS = range(2016, 2022)
PERSONS = 8_700
MIX = {"a-dagpenge": 0.72, "kontanthjaelp": 0.28}
PARTICIPANTS: Mapping[str, int] = {
    "koordineret-indsats": 120,
    "intensiveret-indsats": 140,
    "smaajob": 450,
    "jobsoegningsnetvaerk": 250,
}
"""How many are expected to take part. Each eligible person-week has a chance of its own, so that what is known in a
week is all that decides who starts in it; were places filled investment by investment, who is to start in one later
would decide who is left for the next."""


def build(workspace: Path) -> ImportReport:
    """Make the workspace, put the agreement in it and import the made-up persons.

    Raises `workspace.exists` where there is one already, and the errors of the intake.
    """
    key = default_key_file().with_name(DEMO_KEY)
    create_workspace(workspace, municipality="Norddjurs Kommune", municipality_code="707", synthetic=True, key_file=key)
    store = open_store(load_settings(workspace).store_url, clock=lambda: ADOPTED)
    try:
        store.save_portfolio(bundled.portfolio(PORTFOLIO), author="demo")
    finally:
        store.close()
    with TemporaryDirectory(prefix="gevinst-demo-") as scratch:
        folder = Path(scratch)
        write_persons(folder)
        return import_folder(workspace, folder, today=MEMO_DATE, clock=lambda: IMPORTED)


def municipality() -> SyntheticSpec:
    """What the made-up municipality is like.

    Those on the two benefits that the investments are for. A run is a spell as the rule of four weeks sees it, so that
    elapsed duration is what it seems.
    """
    wanted = tuple(replace(one, wanted_participants=PARTICIPANTS[one.key]) for one in INVESTMENTS)
    return SyntheticSpec(persons=PERSONS, mix=MIX, investments=wanted, shortest_gap=4)


def write_persons(folder: Path) -> Truth:
    """The canonical files of the made-up municipality, with the prices it needs, and what the files cannot show."""
    truth = write_register(folder, municipality())
    with (folder / "prices.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("benefit", "year", "dkk_per_week"))
        rows.writerows((benefit, year, price) for benefit, price in MADE_UP_PRICES.items() for year in YEARS)
    return truth


def run(workspace: Path) -> Published:
    """The memo of 26 November 2021 from the workspace."""
    return run_workspace(workspace, portfolio_key=PORTFOLIO, memo_date=MEMO_DATE)
