"""The book answers with the value and the record of it, and is never changed."""

from datetime import date
from decimal import Decimal

import pytest

from gevinst.errors import GevinstError
from gevinst.language import NO_BREAK, speaking
from gevinst.parameters.book import LocalPrice, all_used, national_book

DAY = date(2021, 6, 3)
BOOK = national_book()
PRICES = [LocalPrice("Kontanthjælp", year, Decimal(amount), "økonomisystemet")
          for year, amount in ((2020, 2900), (2021, 2958))]


def test_a_share_and_its_record() -> None:
    share, used = BOOK.municipal_share("kontanthjælp", 3, DAY)
    assert share == Decimal("0.8")
    assert (used.value, used.unit, used.day, used.verified) == (20, "refund_pct", DAY, True)
    assert "§ 5 stk. 2" in used.legal_reference
    with speaking("da"):
        assert used.name == "statsrefusion, kontanthjælp, fra uge 53"
        assert used.printed == "20 pct. statsrefusion"
        assert used.remark == ""


def test_that_a_value_is_not_verified_travels_with_it_to_the_explanation() -> None:
    _, used = BOOK.municipal_share("kontanthjælp", 3, date(2025, 7, 3))
    with speaking("da"):
        assert not used.verified
        assert used.remark.startswith("ikke verificeret: at trappen fortsætter uændret")
        assert used.as_step().unverified


def test_a_weekly_rate_is_the_month_times_12_over_52_and_says_so() -> None:
    weekly, used = BOOK.weekly_rate("kontanthjælp", DAY)
    assert weekly == Decimal(11698) * 12 / 52
    assert used.key == "rates/kontanthjaelp/30-plus-andre"
    with speaking("da"):
        assert used.printed == "11.698 kr. pr. måned"
        assert used.remark == "× 12 / 52 = 2.699,54 kr. pr. uge"


def test_a_published_weekly_rate_goes_before_the_month() -> None:
    weekly, used = BOOK.weekly_rate("sygedagpenge", DAY)
    assert weekly == 4460  # 19,327 × 12 / 52 would be 4,460.08
    with speaking("da"):
        assert used.remark == "offentliggjort ugesats 4.460,00 kr."


def test_the_rate_group_can_be_chosen() -> None:
    chosen = BOOK.with_rate_groups({"Kontanthjælp": ["30-plus-forsoerger", "grundsats"]}, "notat")
    assert chosen.weekly_rate("kontanthjaelp", DAY)[0] == Decimal(15547) * 12 / 52
    assert chosen.weekly_rate("kontanthjaelp", date(2025, 9, 4))[0] == Decimal(7205) * 12 / 52
    assert BOOK.groups_of("kontanthjaelp") == ("30-plus-andre",)
    (listed,) = chosen.overrides
    assert (listed.kind, listed.key, listed.source, listed.replaces_national) == (
        "rate_groups", "kontanthjaelp", "notat", True)
    with pytest.raises(GevinstError, match=r"parameters\.unknown-group"):
        BOOK.with_rate_groups({"kontanthjælp": ["40-plus"]}, "notat")


@pytest.mark.parametrize(("benefit", "day"), [
    ("ressourceforløb", DAY), ("su", DAY), ("uddannelseshjælp", DAY), ("a-dagpenge", date(2016, 6, 2)),
    ("kontanthjælp", date(2025, 9, 4)), ("uddannelseshjælp", date(2026, 6, 4))])
def test_where_no_rate_is_published_there_is_none(benefit: str, day: date) -> None:
    with pytest.raises(GevinstError) as caught:
        BOOK.weekly_rate(benefit, day)
    assert caught.value.code == "parameters.no-rate"
    assert "prices.csv" in caught.value.message("da").do


def test_a_rate_after_what_is_known_is_for_forecasts_only() -> None:
    day = date(2027, 6, 3)
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        BOOK.weekly_rate("sygedagpenge", day)
    weekly, used = BOOK.weekly_rate("sygedagpenge", day, forecast=True)
    assert (weekly, used.carried) == (5085, True)
    with speaking("da"):
        assert "fremskrevet fra 31-12-2026" in used.remark


def test_a_rate_that_was_abolished_is_not_carried_forward() -> None:
    with pytest.raises(GevinstError, match=r"parameters\.no-rate"):
        BOOK.weekly_rate("kontanthjælp", date(2027, 6, 3), forecast=True)


def test_local_prices_by_year() -> None:
    book = BOOK.with_prices(PRICES)
    found = book.local_price("kontanthjælp", 2021)
    assert found is not None
    price, used = found
    assert (price, used.local, used.source, used.carried) == (2958, True, "økonomisystemet", False)
    assert book.local_price("sygedagpenge", 2021) is None
    assert BOOK.local_price("kontanthjælp", 2021) is None
    assert [(one.kind, one.key) for one in book.overrides] == [
        ("prices", "kontanthjaelp/2020"), ("prices", "kontanthjaelp/2021")]


@pytest.mark.parametrize(("year", "forecast"), [(2019, False), (2019, True), (2022, False)])
def test_a_neighbour_year_is_never_taken_in_silence(year: int, forecast: bool) -> None:
    with pytest.raises(GevinstError) as caught:
        BOOK.with_prices(PRICES).local_price("kontanthjælp", year, forecast=forecast)
    assert caught.value.code == "parameters.price-year"
    assert "kontanthjaelp" in caught.value.message("da").what
    assert str(year) in caught.value.message("da").what


def test_a_forecast_carries_the_last_local_price_and_says_so() -> None:
    found = BOOK.with_prices(PRICES).local_price("kontanthjælp", 2024, forecast=True)
    assert found is not None
    assert (found[0], found[1].carried) == (2958, True)
    with speaking("en"):
        assert "carried forward from 2021-12-31" in found[1].remark


def test_a_local_price_twice_or_negative() -> None:
    with pytest.raises(GevinstError, match=r"parameters\.price-twice"):
        BOOK.with_prices([*PRICES, LocalPrice("KONTANTHJAELP", 2021, Decimal(1), "x")])
    with pytest.raises(GevinstError, match=r"parameters\.price-negative"):
        BOOK.with_prices([LocalPrice("kontanthjælp", 2021, Decimal(-1), "x")])


def test_a_share_that_is_fixed_and_one_that_is_not_known() -> None:
    share, used = BOOK.municipal_share("barsel", 0, DAY)
    assert (share, used.verified) == (0, False)
    with speaking("da"):
        assert used.printed == f"0,0{NO_BREAK}%"
    with pytest.raises(GevinstError, match=r"parameters\.no-ladder"):
        BOOK.municipal_share("fleksydelse", 0, DAY)


def test_after_equalisation_there_is_no_national_value() -> None:
    assert BOOK.kept_after_equalisation(DAY) is None


def test_an_index_by_name_and_by_benefit() -> None:
    found = BOOK.index_followed_by("sygedagpenge")
    assert found is not None
    assert found.key == "ydelse-dagpenge-sygedagpenge"
    assert BOOK.index_followed_by("ressourceforløb") is None
    with pytest.raises(GevinstError, match=r"economy\.unknown-index") as caught:
        BOOK.index("kl-pl")
    assert "KL" in str(caught.value)


def test_records_are_joined_once_each_with_the_earliest_day() -> None:
    records = [BOOK.municipal_share("kontanthjælp", step, day)[1]
               for day in (date(2022, 1, 6), DAY) for step in (0, 0, 3)]
    joined = all_used(records[:2], records[2:])
    assert [(one.key, one.day) for one in joined] == [
        ("refund_ladder/kontanthjaelp/1", DAY), ("refund_ladder/kontanthjaelp/53", DAY)]
