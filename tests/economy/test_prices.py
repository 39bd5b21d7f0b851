"""From one price level to another, factor by factor."""

from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.economy.prices import convert, convert_benefit
from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import ParameterBook, national_book
from gevinst.parameters.local import open_book

INDEX = """kl-pl:
  da: KL's pris- og lønindeks
  en: KL's price and wage index
  known_until: 2022-12-31
  source: KL's budgetvejledning
  factors:
    - {year: 2021, pct: 1.2, vintage: juni 2020}
    - {year: 2021, pct: 1.7, vintage: juni 2021}
    - {year: 2022, pct: 2.5, vintage: juni 2021}
"""
P2020, P2021, P2022 = PriceLevel(2020), PriceLevel(2021), PriceLevel(2022)


@pytest.fixture
def book(tmp_path: Path) -> ParameterBook:
    (tmp_path / "indices.yaml").write_text(INDEX, encoding="utf-8")
    return open_book(tmp_path)


def test_two_years_forward(book: ParameterBook) -> None:
    # 3,079,000 x 1.017 x 1.025 = 3,209,626.575, rounded to whole øre away from zero.
    found = convert(Amount.dkk(3_079_000, P2020), P2022, "kl-pl", book, vintage="juni 2021")
    assert found.amount == Amount.dkk("3209626.58", P2022)
    assert found.factor == Decimal("1.017") * Decimal("1.025")
    assert [(one.key, one.value, one.source) for one in found.steps] == [
        ("indices/kl-pl/2021", Decimal("1.7"), "KL's budgetvejledning"),
        ("indices/kl-pl/2022", Decimal("2.5"), "KL's budgetvejledning")]
    assert all("juni 2021" in one.da for one in found.steps)


def test_backwards_divides_and_there_and_back_is_the_same(book: ParameterBook) -> None:
    there = convert(Amount.dkk(-2_703_000, P2020), P2022, "kl-pl", book, vintage="juni 2020").amount
    back = convert(there, P2020, "kl-pl", book, vintage="juni 2020")
    assert back.amount == Amount.dkk(-2_703_000, P2020)
    assert back.factor * Decimal("1.012") * Decimal("1.025") == pytest.approx(1, abs=Decimal("1e-30"))


def test_the_vintage_must_be_named_where_there_are_several(book: ParameterBook) -> None:
    with pytest.raises(GevinstError, match=r"economy\.which-vintage"):
        convert(Amount.dkk(1, P2020), P2021, "kl-pl", book)
    assert convert(Amount.dkk(1000, P2021), P2022, "kl-pl", book).amount == Amount.dkk(1025, P2022)


def test_current_prices_are_each_years_own(book: ParameterBook) -> None:
    found = convert(Amount.dkk(1000, CURRENT), P2022, "kl-pl", book, year=2021)
    assert found.amount == Amount.dkk(1025, P2022)
    same = convert(Amount.dkk(1000, P2021), CURRENT, "kl-pl", book, year=2021)
    assert (same.amount, same.steps) == (Amount.dkk(1000, CURRENT), ())
    with pytest.raises(GevinstError, match=r"economy\.which-year"):
        convert(Amount.dkk(1000, CURRENT), P2022, "kl-pl", book)


@pytest.mark.parametrize(("level", "target"), [(P2022, PriceLevel(2024)), (P2020, PriceLevel(2018))])
def test_a_missing_factor_is_named_and_not_assumed(book: ParameterBook, level: PriceLevel, target: PriceLevel) -> None:
    with pytest.raises(GevinstError) as caught:
        convert(Amount.dkk(1000, level), target, "kl-pl", book, vintage="juni 2021")
    assert caught.value.code == "economy.missing-factor"
    missing = {2024: "2022 til 2023", 2018: "2018 til 2019"}[target.year or 0]
    assert missing in caught.value.message("da").what


def test_the_kl_index_is_not_shipped() -> None:
    with pytest.raises(GevinstError) as caught:
        convert(Amount.dkk(1000, P2020), P2021, "kl-pl", national_book())
    assert caught.value.code == "economy.unknown-index"
    assert "følger ikke med" in caught.value.message("da").do


def test_a_benefit_follows_the_regulation_of_its_rate() -> None:
    # Sickness benefit 2020 to 2022: 1.25 % and 0.12 %.  1,000,000 x 1.0125 x 1.0012 = 1,013,715
    found = convert_benefit(Amount.dkk(1_000_000, P2020), P2022, "Sygedagpenge", national_book())
    assert found.amount == Amount.dkk(1_013_715, P2022)
    # The published weeks are rounded to 5 kr.: 4,405 and 4,465, a growth of 1.362 %.
    assert float(found.factor) == pytest.approx(4465 / 4405, abs=5 / 4405)
    with pytest.raises(GevinstError, match=r"economy\.no-benefit-index"):
        convert_benefit(Amount.dkk(1, P2020), P2021, "ressourceforløb", national_book())
    with pytest.raises(GevinstError, match=r"economy\.missing-factor"):
        convert_benefit(Amount.dkk(1, P2020), P2021, "kontanthjælp", national_book())


def test_it_explains_itself(book: ParameterBook) -> None:
    with speaking("da"):
        step = convert(Amount.dkk(1_000_000, P2021), P2022, "kl-pl", book).as_step()
    assert (step.label, step.value, step.formula) == (
        "omregnet til p/l 2022", "1.025.000 kr.", "1.000.000 kr. × 1,025000")
    assert [below.value for below in step.under] == ["2,5 pct."]
