"""What a week did cost in place of rate and share: by hand, and what the rest of the price table does then."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.payments import PaidCell, PaymentSums
from gevinst.economy.actual_cost import ActualCosts, actual_costs, ladder_rates, net_per_week, per_week
from gevinst.economy.saving import explain_year, parameters_of, value_effect
from gevinst.economy.valuation import LeftOut, price_table
from gevinst.effects.estimate import EffectReplicates
from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.parameters.book import national_book
from gevinst.parameters.local import open_book
from gevinst.trace import lines

BOOK = national_book()
STEPS = (0, 1, 2, 3)
# 200 weeks of 20 persons, 160 of them full-time weeks, at 640,000 kr.: 4,000 gross and 2,000 net per full-time week.
CELL = PaidCell("sygedagpenge", 1, 2021, 200, Decimal(160), 20, Decimal(640_000), Decimal(320_000), Decimal(0),
                Decimal(320_000), ((50, 200, 20),), 0, 0)


def sums(*cells: PaidCell, files: tuple[str, ...] = ("yr-1.csv",)) -> PaymentSums:
    return PaymentSums(cells, 0, 0, Decimal(0), 0, 0, files)


def effect(cells: tuple[tuple[str, int], ...], actual: list[float], without: list[float]) -> EffectReplicates:
    weeks = [np.array([[row]], np.float64) for row in (actual, without)]
    nothing = np.zeros((1, 1))
    return EffectReplicates("matched", 20, 100, 52, 52, 52, 0, nothing[0], nothing, nothing, (2021,), cells, *weeks)


def test_a_cell_of_enough_weeks_and_persons_is_a_price() -> None:
    (cost,) = actual_costs(sums(CELL), BOOK).cells.values()
    assert (cost.gross, cost.net) == (4000.0, 2000.0)
    assert (cost.used.key, cost.used.value, cost.used.unit) == (
        "payments/sygedagpenge/1/2021", Decimal("2000.00"), "dkk_per_week")
    with speaking("da"):
        used = actual_costs(sums(CELL), BOOK).cells[CELL.cell].used
        assert used.name == "faktisk nettoudgift 2021, sygedagpenge, fra uge 5"
        assert used.source == "yr-1.csv: brutto 4.000,00 kr. pr. uge på fuld tid"
        many = sums(CELL, files=("a.csv", "b.csv", "c.csv"))
        assert actual_costs(many, BOOK).cells[CELL.cell].used.source.startswith("a.csv til c.csv (3 filer): ")
        nameless = actual_costs(sums(CELL, files=()), BOOK)
        assert nameless.cells[CELL.cell].used.source.startswith("udbetalinger pr. uge: ")
    assert cost.used.local
    assert cost.used.verified


@pytest.mark.parametrize("few", [{"person_weeks": 99}, {"persons": 9}, {"full_time_weeks": Decimal(0)}])
def test_a_cell_of_few_weeks_or_persons_is_none(few: dict[str, int]) -> None:
    assert actual_costs(sums(replace(CELL, **few)), BOOK).cells == {}
    enough = sums(replace(CELL, person_weeks=100, persons=10))
    assert actual_costs(enough, BOOK).cells
    assert actual_costs(enough, BOOK, minimum_persons=11).cells == {}
    assert actual_costs(enough, BOOK, minimum_weeks=101).minimum_weeks == 101


@pytest.mark.parametrize("persons", [1, 2, 4])
@pytest.mark.parametrize("weeks", [1, 8, 40])
def test_the_net_cost_says_nothing_of_a_refund_that_few_have(persons: int, weeks: int) -> None:
    """Of 200 weeks at 4,000 some are refunded by 50 instead of 40 per cent: who knows both finds them in the mean."""
    net = Decimal(4000) * (Decimal(weeks) / 2 + (200 - weeks) * Decimal("0.6"))
    gross = Decimal(800_000)
    cell = PaidCell("sygedagpenge", 1, 2021, 200, Decimal(200), 20, gross, gross - net, Decimal(0), net, (
        (40, 200 - weeks, 20), (50, weeks, persons)), 0, 0)
    assert ladder_rates(cell, BOOK) == {40}
    assert (2400 - per_week(cell.net, cell)) / 400 * 200 == pytest.approx(weeks), "the attack on the mean"
    assert net_per_week(cell, BOOK) == actual_costs(sums(cell), BOOK).cells[cell.cell].net == 2400
    mirrored = replace(cell, by_rate=((40, weeks, persons), (50, 200 - weeks, 20)))
    assert net_per_week(mirrored, BOOK) == 2000, "nor where the few have the step's"
    many = replace(cell, by_rate=((40, 200 - weeks, 20), (50, weeks, 9)))
    assert net_per_week(many, BOOK) == per_week(cell.net, cell)
    assert net_per_week(many, BOOK, few=10) == 2400, "under stricter rules"
    assert net_per_week(replace(cell, by_rate=((None, 200, 20),)), BOOK) == per_week(cell.net, cell)


def test_it_takes_the_place_of_the_rate_in_its_cell_only() -> None:
    plain = price_table(["sygedagpenge"], STEPS, [2020, 2021], BOOK)
    table = price_table(["sygedagpenge"], STEPS, [2020, 2021], BOOK, actual=actual_costs(sums(CELL), BOOK))
    assert (table.gross[0, 1, 1], table.net[0, 1, 1], table.state[0, 1, 1]) == (4000, 2000, 2000)
    others = np.ones_like(plain.net, bool)
    others[0, 1, 1] = False
    np.testing.assert_array_equal(table.net[others], plain.net[others])
    assert "payments/sygedagpenge/1/2021" in {one.key for one in table.used}


def test_rates_that_no_cell_needs_are_not_named() -> None:
    cells = [replace(CELL, step=step) for step in STEPS]
    table = price_table(["sygedagpenge"], STEPS, [2021], BOOK, actual=actual_costs(sums(*cells), BOOK))
    assert {one.key for one in table.used} == {f"payments/sygedagpenge/{step}/2021" for step in STEPS}


def test_a_benefit_without_a_rate_gets_a_price_where_it_was_paid() -> None:
    """No national rate for ressourceforløb: its cell on step 1 is priced, the other steps are left out by name."""
    cell = replace(CELL, benefit="ressourceforloeb")
    actual = actual_costs(sums(cell), BOOK)
    with pytest.raises(GevinstError):
        price_table(["ressourceforloeb"], STEPS, [2021], BOOK, actual=actual)
    table = price_table(["ressourceforloeb"], STEPS, [2021], BOOK, unpriced="leave_out", actual=actual)
    assert table.left_out == (LeftOut("ressourceforloeb", 2021, "parameters.no-rate", (0, 2, 3)),)
    assert table.net[0, :, 0].tolist() == [0, 2000, 0, 0]
    found = value_effect(effect((("ressourceforloeb", 1), ("ressourceforloeb", 2)), [30, 1], [40, 1]), BOOK,
                         actual=actual)
    assert found.unpriced_share == pytest.approx(1 / 41)
    assert found.net[0, 0] == -20_000
    assert not LeftOut("x", 2021, "", (0,)).holds(1)
    assert LeftOut("x", 2021, "").holds(1)


def test_a_benefit_beside_the_ladder_costs_the_same_on_every_step() -> None:
    cell = replace(CELL, benefit="fleksydelse", step=OUTSIDE_LADDER)
    actual = actual_costs(sums(cell), BOOK)
    with speaking("da"):
        assert actual_costs(sums(cell), BOOK).cells[cell.cell].used.name == "faktisk nettoudgift 2021, fleksydelse"
    table = price_table(["fleksydelse"], STEPS, [2021], BOOK, actual=actual)
    assert table.net[0, :, 0].tolist() == [2000] * 4
    found = value_effect(effect((("fleksydelse", OUTSIDE_LADDER),), [30], [40]), BOOK, actual=actual)
    assert (found.net[0, 0], found.unpriced_share) == (-20_000, 0)


def test_the_saving_is_weeks_times_what_they_did_cost() -> None:
    """Ten weeks fewer on step 1 at 2,000 kr., two more on step 3 at 80 % of 4,460 kr."""
    found = value_effect(effect((("sygedagpenge", 1), ("sygedagpenge", 3)), [30, 7], [40, 5]), BOOK,
                         actual=actual_costs(sums(CELL), BOOK))
    assert found.net[0, 0] == pytest.approx(-10 * 2000 + 2 * 4460 * 0.8)
    assert found.gross[0, 0] == pytest.approx(-10 * 4000 + 2 * 4460)
    with speaking("da"):
        text = "\n".join(lines(explain_year(effect((("sygedagpenge", 1),), [30], [40]), found, 2021)))
        assert "(30,0 − 40,0) uger × 2.000,00 kr." in text
        told = "\n".join(lines(parameters_of([found], 2021)))
    assert "faktisk nettoudgift" in told or "actual net cost" in told


def test_after_equalisation_what_stays_is_a_share_of_the_actual_net(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(
        "share-kept-after-equalisation:\n  da: andel tilbage\n  en: share kept\n  unit: share\n"
        "  known_until: 2022-12-31\n  source: notat\n  values:\n    - {from: 2020-01-01, value: 0.75}\n",
        encoding="utf-8")
    table = price_table(["sygedagpenge"], STEPS, [2021], open_book(tmp_path), actual=actual_costs(sums(CELL), BOOK))
    assert table.after_equalisation is not None
    assert table.after_equalisation[0, :, 0].tolist() == pytest.approx(
        [4460 * 0.2 * 0.75, 1500, 4460 * 0.7 * 0.75, 4460 * 0.8 * 0.75])


def test_the_ladders_own_rates() -> None:
    assert [ladder_rates(replace(CELL, step=step), BOOK) for step in STEPS] == [{80}, {40}, {30}, {20}]
    assert ladder_rates(replace(CELL, benefit="efterloen", step=OUTSIDE_LADDER), BOOK) == {100}
    assert ladder_rates(replace(CELL, benefit="fleksydelse", step=OUTSIDE_LADDER), BOOK) is None
    assert ladder_rates(replace(CELL, year=2015), BOOK) is None


def test_no_weeks_cost_nothing() -> None:
    assert per_week(Decimal(5), replace(CELL, full_time_weeks=Decimal(0))) == 0
    assert ActualCosts().at("sygedagpenge", 1, 2021) is None
