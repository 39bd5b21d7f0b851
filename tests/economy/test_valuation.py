"""What a week costs: gross, net of refund, and after equalisation."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from gevinst.economy.valuation import level_name, price_table, rate_note, weekly_price
from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.parameters.book import LocalPrice, ParameterBook, national_book
from gevinst.parameters.local import open_book
from gevinst.trace import lines

BOOK = national_book()
STEPS = (0, 1, 2, 3)
PRICES = [LocalPrice("kontanthjaelp", year, Decimal(2900 + 58 * (year - 2020)), "økonomisystemet")
          for year in (2020, 2021)]


@pytest.fixture
def kept(tmp_path: Path) -> ParameterBook:
    (tmp_path / "values.yaml").write_text(
        "share-kept-after-equalisation:\n  da: andel tilbage\n  en: share kept\n  unit: share\n"
        "  known_until: 2022-12-31\n  source: notat\n  values:\n    - {from: 2020-01-01, value: 0.75}\n",
        encoding="utf-8")
    return open_book(tmp_path)


@pytest.mark.parametrize(("step", "net"), [(0, 892), (1, 2676), (2, 3122), (3, 3568)])
def test_sickness_benefit_2021(step: int, net: float) -> None:
    # The published week of 4,460 × 20, 60, 70 and 80 per cent.
    assert weekly_price("sygedagpenge", step, 2021, BOOK).dkk == net
    assert weekly_price("sygedagpenge", step, 2021, BOOK, "gross").dkk == 4460


def test_social_assistance_is_the_month_over_twelve_and_fifty_two() -> None:
    assert weekly_price("kontanthjælp", 3, 2021, BOOK).dkk == pytest.approx(11698 * 12 / 52 * 0.8, abs=1e-9)


def test_a_rate_that_changes_in_the_year_is_averaged_over_its_weeks() -> None:
    # 2025 has 52 weeks; the Thursdays of weeks 1-26 are 2 January to 26 June, so 26 weeks under each rate.
    book = BOOK.with_rate_groups({"kontanthjælp": ["30-plus-andre", "grundsats"]}, "valg")
    valued = weekly_price("kontanthjælp", 1, 2025, book)
    assert valued.dkk == pytest.approx((12770 + 7205) / 2 * 12 / 52 * 0.6, abs=1e-9)
    assert {one.key for one in valued.used} == {
        "rates/kontanthjaelp/30-plus-andre", "rates/kontanthjaelp/grundsats", "refund_ladder/kontanthjaelp/5"}
    # The ladder stands in two records: read before the reform, from memory after it.
    assert [one.verified for one in valued.used if one.key.startswith("refund")] == [True, False]


def test_a_year_that_is_only_half_known_is_refused() -> None:
    with pytest.raises(GevinstError, match=r"parameters\.no-rate"):
        weekly_price("kontanthjælp", 1, 2025, BOOK)


def test_before_the_ladder_there_is_no_price() -> None:
    book = BOOK.with_prices([LocalPrice("kontanthjælp", 2015, Decimal(2600), "x")])
    assert weekly_price("kontanthjælp", 0, 2015, book, "gross").dkk == 2600
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        weekly_price("kontanthjælp", 0, 2015, book)


def test_local_prices_take_the_place_of_the_rate_year_by_year() -> None:
    book = BOOK.with_prices(PRICES)
    assert weekly_price("kontanthjælp", 1, 2020, book).dkk == 1740  # 2,900 × 60 %
    assert weekly_price("kontanthjælp", 1, 2021, book).dkk == pytest.approx(1774.8)  # 2,958 × 60 %
    with pytest.raises(GevinstError, match=r"parameters\.price-year"):
        weekly_price("kontanthjælp", 1, 2022, book)  # 2022 has a national rate; it is not mixed in
    carried = weekly_price("kontanthjælp", 1, 2022, book, forecast=True)
    assert (carried.dkk, carried.carried) == (pytest.approx(1774.8), True)


def test_a_forecast_carries_rate_and_ladder_forward_and_says_so() -> None:
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        weekly_price("sygedagpenge", 3, 2027, BOOK)
    valued = weekly_price("sygedagpenge", 3, 2027, BOOK, forecast=True)
    assert (valued.dkk, valued.carried) == (5085 * 0.8, True)
    with speaking("da"):
        assert all("fremskrevet fra 31-12-2026" in one.remark for one in valued.used)


def test_what_the_state_pays_costs_nothing_and_needs_no_rate() -> None:
    assert weekly_price("SU", 0, 2021, BOOK, "gross").dkk == 0
    assert weekly_price("SU", 0, 2021, BOOK, "net").dkk == 0


def test_after_equalisation_needs_a_local_parameter(kept: ParameterBook) -> None:
    with pytest.raises(GevinstError, match=r"economy\.no-equalisation"):
        weekly_price("sygedagpenge", 3, 2021, BOOK, "after_equalisation")
    assert weekly_price("sygedagpenge", 3, 2021, kept, "after_equalisation").dkk == 4460 * 0.8 * 0.75
    table = price_table(["sygedagpenge"], STEPS, [2021], kept)
    np.testing.assert_allclose(table.prices("after_equalisation"), table.net * 0.75)
    with pytest.raises(GevinstError, match=r"economy\.no-equalisation"):
        price_table(["sygedagpenge"], STEPS, [2021], BOOK).prices("after_equalisation")


def test_a_table_of_prices() -> None:
    table = price_table(["sygedagpenge", "Kontanthjælp"], STEPS, [2020, 2021], BOOK.with_prices(PRICES))
    assert table.benefits == ("sygedagpenge", "kontanthjaelp")
    assert table.gross.shape == table.net.shape == (2, 4, 2)
    np.testing.assert_allclose(table.gross[0], [[4405, 4460]] * 4)
    np.testing.assert_allclose(table.net[1, :, 0], [580, 1740, 2030, 2320])
    np.testing.assert_allclose(table.state, table.gross - table.net)
    np.testing.assert_allclose(table.prices("gross"), table.gross)
    assert not table.carried.any()
    assert table.unverified == ()
    assert {one.key for one in table.used} >= {"prices/kontanthjaelp/2020", "rates/sygedagpenge/max",
                                               "refund_ladder/sygedagpenge/53"}


def test_carried_cells_are_marked_and_only_from_the_forecast_on() -> None:
    table = price_table(["sygedagpenge"], STEPS, [2025, 2026, 2027], BOOK, forecast_from=2026)
    assert table.carried.tolist() == [[False, False, True]]
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        price_table(["sygedagpenge"], STEPS, [2027], BOOK, forecast_from=2028)


def test_a_benefit_without_a_price_is_refused_or_left_out_by_name() -> None:
    with pytest.raises(GevinstError, match=r"parameters\.no-rate"):
        price_table(["sygedagpenge", "ressourceforløb"], STEPS, [2021], BOOK)
    table = price_table(["sygedagpenge", "ressourceforløb", "fleksydelse"], STEPS, [2021], BOOK, unpriced="leave_out")
    assert [(one.benefit, one.year) for one in table.left_out] == [("ressourceforloeb", 2021), ("fleksydelse", 2021)]
    assert table.net[0].all()
    assert not table.net[1:].any()


def test_a_missing_local_year_is_not_left_out() -> None:
    with pytest.raises(GevinstError, match=r"parameters\.price-year"):
        price_table(["kontanthjælp"], STEPS, [2022], BOOK.with_prices(PRICES), unpriced="leave_out")


def test_no_ladder_is_not_free() -> None:
    book = BOOK.with_prices([LocalPrice("særlig uddannelsesydelse", 2016, Decimal(3000), "x")])
    assert weekly_price("særlig uddannelsesydelse", 0, 2016, book, "gross").dkk == 3000
    with pytest.raises(GevinstError, match=r"parameters\.no-ladder"):
        weekly_price("særlig uddannelsesydelse", 0, 2016, book)


def test_every_rate_of_the_facts_gives_the_price_of_its_year() -> None:
    facts = Path(__file__).parents[1] / "parameters" / "facts" / "benefit_rates.csv"
    with facts.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["group"] in ("max", "fuldtid max", "30+ andre")]
    for row in rows:
        key, year = row["benefit"].replace("_", "-"), int(row["year"])
        expected = float(row["amount_dkk_per_month"]) * 12 / 52
        # Published weeks and months are each rounded, to 5 kr. and to 1 kr.
        assert weekly_price(key, 0, year, BOOK, "gross").dkk == pytest.approx(expected, abs=0.2)
    assert len(rows) == 29


def test_it_explains_itself() -> None:
    with speaking("da"):
        ladder = lines(weekly_price("A-dagpenge", 2, 2021, BOOK).as_step())
    assert ladder[0] == ("ugepris 2021, A-dagpenge, fra uge 27, netto efter refusion = 3.121,25 kr.  "
                         "[sats × kommunens andel]  (!)")
    assert ladder[1].startswith("  sats, A-dagpenge, fuldtidsforsikret, højeste sats = 19.322 kr. pr. måned  "
                                "[× 12 / 52 = 4.458,92 kr. pr. uge; ikke verificeret")
    assert ladder[2].startswith("  statsrefusion, A-dagpenge (medfinansiering), fra uge 27 = 30 pct. statsrefusion")


def test_the_words_stand_in_both_languages() -> None:
    with speaking("da"):
        danish = [rate_note(), *(level_name(level) for level in ("gross", "net", "after_equalisation"))]
    with speaking("en"):
        english = [rate_note(), *(level_name(level) for level in ("gross", "net", "after_equalisation"))]
    assert danish[1:] == ["brutto", "netto efter refusion", "efter budgetgaranti og udligning"]
    assert not set(danish) & set(english)
