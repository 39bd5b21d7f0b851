"""Spells and Ydelsesrefusion of the same persons, end to end: amounts of the ladder give the ladder exactly."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from gevinst.analyst import valued_effect_in
from gevinst.backend import open_duckdb
from gevinst.follow_up.edition import Edition
from gevinst.money import Amount, PriceLevel
from gevinst.parameters.book import national_book
from gevinst.pipeline import run
from gevinst.register.business_case import BudgetYear, Investment, Portfolio, Protocol, TargetGroup
from gevinst.register.person_tables import open_person_tables
from gevinst.report import as_html
from gevinst.report.memo import build_memo
from gevinst.run_options import RunOptions
from gevinst.sources.ingest import read_folder
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.report import ImportReport
from gevinst.sources.suppliers.ydelsesrefusion import Ydelsesrefusion
from gevinst.weeks import first_week, monday, sunday, thursday, week_of
from tests.ydelsesrefusion_files import STATE_PCT, Spell, Week, spells_of, weeks_of, write_files

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


START = week_of(date(2020, 2, 3))


def people(number: int) -> list[str]:
    """Made-up CPR numbers; none of them is a real person's."""
    return [f"{1 + n % 28:02}{1 + n % 12:02}90{1000 + n}" for n in range(number)]


def case() -> Investment:
    level = PriceLevel(2020)
    return Investment(
        "1", "case-1", "Case 1", TargetGroup("ledige", "a-dagpenge"),
        budget=(BudgetYear(2020, Amount(1, level), Amount(-2, level)),), referrals_from=date(2020, 1, 1),
        referrals_to=date(2020, 12, 31), protocol=Protocol("rest_of_target_group", 26))


def edition_of(folder: Path, target: Path) -> tuple[Edition, ImportReport]:
    report = read_folder(folder, target, key=IN_MEMORY_KEY, today=date(2024, 2, 1), suppliers=(Ydelsesrefusion(),))
    backend = open_duckdb(threads=2)
    options = RunOptions(date(2021, 11, 26), datetime(2021, 11, 26, 12, tzinfo=UTC), replicates=20,
                         minimum_participants=5)
    portfolio = Portfolio("p", "Prøve", "Prøveby", (2020, 2021), PriceLevel(2020), (case(),), source="aftale")
    try:
        return run(portfolio, open_person_tables(target, backend), national_book(), options), report
    finally:
        backend.close()


def test_payments_alone_are_enough_for_a_memo(tmp_path: Path) -> None:
    """Sixty on A-dagpenge, every third in the case; no spells. The co-financing is half of what the ladder says."""
    folder, target = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    target.mkdir()
    ids = people(60)
    spells = [Spell(one, "a-dagpenge", monday(START + n % 5), sunday(START + n % 5 + 7 + n % 20))
              for n, one in enumerate(ids)]
    # One who left before the others came, so that the register knows everybody from then on.
    spells.append(Spell("0101901999", "a-dagpenge", monday(START - 30), sunday(START - 30)))
    paid = weeks_of(spells, START - 30, START + 40)
    write_files(folder, paid, lambda _: Decimal(4000), state_pct=lambda week: 50 + STATE_PCT[week.step] // 2)
    rows = [f"{one};case-1;{monday(START + n % 5 + 2)};" for n, one in enumerate(ids) if n % 3 == 0]
    (folder / "participants.csv").write_text("\n".join(["person_id;investment;start_date;end_date", *rows, ""]))
    edition, report = edition_of(folder, target)
    assert "payments.spells-derived" in {one.code for file in report.files for one in file.notes}
    check = edition.payment_check
    assert check is not None
    assert {(row.step, row.used, row.unpaid) for row in check.rows} == {(0, True, 0), (1, True, 0)}
    # The first one left before the register begins; the 27th week of the three who stayed longest is hidden.
    # With it goes the total that it could be taken from.
    assert (check.paid_weeks, check.hidden, sum(row.weeks or 0 for row in check.rows)) == (None, 1, len(paid) - 4)
    for row in check.rows:
        assert row.actual_net == pytest.approx(4000 * (100 - STATE_PCT[row.step]) / 200)
        assert row.ladder_gross is not None
        assert row.difference == pytest.approx(row.actual_net - row.ladder_gross * (100 - STATE_PCT[row.step]) / 100)
        assert row.other_rate == row.weeks
    assert [one.name for one in edition.parameters if one.name.startswith("faktisk")] == [
        "faktisk nettoudgift 2020, A-dagpenge, fra uge 1", "faktisk nettoudgift 2020, A-dagpenge, fra uge 5"]
    document = build_memo(edition)
    assert any(table.key == "payments" for table in document.tables())
    pages = as_html.render(document)
    text = pages if isinstance(pages, str) else pages.decode()
    kept = b"".join(path.read_bytes() for path in target.iterdir())
    for one in ids:
        assert one not in text
        assert one.encode() not in kept
