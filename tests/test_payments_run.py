"""Spells and Ydelsesrefusion of the same persons, end to end: amounts of the ladder give the ladder exactly."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from gevinst.analyst import valued_effect_in
from gevinst.backend import open_duckdb
from gevinst.register.person_tables import open_person_tables
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.suppliers.ydelsesrefusion import Ydelsesrefusion
from gevinst.weeks import first_week, thursday, week_of
from tests.ydelsesrefusion_files import STATE_PCT, Week, spells_of, weeks_of, write_files

REGISTER = Path(__file__).parent / "oracle" / "register_small"
LAST_DAY = date(2023, 12, 31)


def prices() -> dict[tuple[str, int], Decimal]:
    with (REGISTER / "prices.csv").open(encoding="utf-8") as file:
        return {(row["benefit"], int(row["year"])): Decimal(row["dkk_per_week"]) for row in csv.DictReader(file)}


PRICES = prices()


def gross(week: Week) -> Decimal:
    return PRICES[week.benefit, thursday(week.week).year] * week.degree


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third person of the small register, to be quick."""
    folder = tmp_path_factory.mktemp("register")
    for path in REGISTER.glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            lines = file.readlines()
        kept = [line for line in lines[1:] if line[0] != "P" or int(line[1:8]) % 3 == 0]
        (folder / path.name).write_text("".join([lines[0], *kept]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def valued(register: Path, tmp_path_factory: pytest.TempPathFactory):
    """`valued(write)`: the effect of jobnet with the files that `write` puts beside the canonical ones; the tables."""

    def study(write):
        folder = tmp_path_factory.mktemp("in")
        shutil.copytree(register, folder, dirs_exist_ok=True)
        write(folder)
        target = tmp_path_factory.mktemp("out")
        read_folder(folder, target, key=IN_MEMORY_KEY, today=date(2024, 2, 1), suppliers=(Ydelsesrefusion(),))
        backend = open_duckdb(threads=2)
        try:
            return valued_effect_in(open_person_tables(target, backend), "jobnet", replicates=20)
        finally:
            backend.close()

    return study


@pytest.fixture(scope="module")
def weeks(register: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Week]:
    """The weeks from 2020 on; the register begins where its first spells do."""
    target = tmp_path_factory.mktemp("weeks")
    read_folder(register, target, key=IN_MEMORY_KEY, today=date(2024, 2, 1))
    backend = open_duckdb(threads=2)
    first = open_person_tables(target, backend).first_week
    backend.close()
    return [one for one in weeks_of(spells_of(register, LAST_DAY), first, week_of(LAST_DAY))
            if one.week >= first_week(2020)]


@pytest.fixture(scope="module")
def by_rates(valued):
    return valued(lambda folder: None).savings


def actual_cells(saving) -> dict[tuple[str, int, int], float]:
    """The net prices that payments gave, by benefit, step and year."""
    keys = [one.key.split("/")[1:] for one in saving.used if one.key.startswith("payments/")]
    cells = [(benefit, int(step), int(year)) for benefit, step, year in keys]
    table = saving.prices
    return {cell: float(table.net[table.benefits.index(cell[0]), cell[1], table.years.index(cell[2])])
            for cell in cells if cell[2] in table.years}


def test_amounts_of_the_ladder_give_the_ladders_kroner(valued, weeks, by_rates) -> None:
    """The steps of the payments come from a clock of the tests' own; every eleventh payment was wrong and corrected."""
    by_payments = valued(lambda folder: write_files(folder, weeks, gross, corrected=11)).savings
    assert by_rates.keys() == by_payments.keys()
    for name, saving in by_rates.items():
        np.testing.assert_allclose(by_payments[name].net, saving.net, rtol=1e-8, atol=1e-4)
        np.testing.assert_allclose(by_payments[name].gross, saving.gross, rtol=1e-8, atol=1e-4)
        assert actual_cells(saving) == {}
        cells = actual_cells(by_payments[name])
        assert {cell[0] for cell in cells} >= {"a-dagpenge", "kontanthjaelp", "sygedagpenge"}
        for (benefit, step, year), price in cells.items():
            share = Decimal(100 - STATE_PCT[step]) / 100
            assert price == pytest.approx(float(PRICES[benefit, year] * share), rel=1e-8)


def test_other_amounts_give_their_own_kroner(valued, weeks, by_rates) -> None:
    """All payments are 90 % of the rate, and A-dagpenge is co-financed by 50 % on every step."""
    def half(week: Week) -> int:
        return 50 if week.benefit == "a-dagpenge" else STATE_PCT[week.step]

    found = valued(lambda folder: write_files(
        folder, weeks, lambda week: gross(week) * Decimal("0.9"), state_pct=half)).savings
    for name, saving in by_rates.items():
        cells, table, now = actual_cells(found[name]), saving.prices, found[name].prices
        assert cells
        for b, benefit in enumerate(table.benefits):
            for s in table.steps:
                for y, year in enumerate(table.years):
                    share = 0.5 if benefit == "a-dagpenge" else 1 - STATE_PCT[s] / 100
                    expected = 0.9 * share * float(PRICES[benefit, year]) if (benefit, s, year) in cells else (
                        table.net[b, s, y])
                    assert now.net[b, s, y] == pytest.approx(expected, rel=1e-8)
        assert not np.allclose(found[name].net, saving.net, rtol=0.01)
