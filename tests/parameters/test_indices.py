"""Indices: one factor a year, each with its vintage."""

from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.indices import Index, read_indices
from gevinst.parameters.national import national_indices


@pytest.fixture
def index(tmp_path: Path) -> Index:
    path = tmp_path / "indices.yaml"
    path.write_text(
        "kl-pl:\n  da: KL's pris- og lønindeks\n  en: KL's price and wage index\n  known_until: 2022-12-31\n"
        "  source: KL\n  factors:\n    - {year: 2021, pct: 1.2, vintage: juni 2020}\n"
        "    - {year: 2021, pct: 1.7, vintage: juni 2021}\n    - {year: 2022, pct: 2.0, vintage: juni 2021}\n",
        encoding="utf-8")
    return read_indices(path, local=True)["kl-pl"]


def test_a_year_with_one_estimate(index: Index) -> None:
    factor = index.into(2022)
    assert (factor.multiplier, factor.vintage, factor.local) == (Decimal("1.02"), "juni 2021", True)


def test_a_year_with_two_estimates_wants_the_vintage(index: Index) -> None:
    with pytest.raises(GevinstError, match=r"economy\.which-vintage") as caught:
        index.into(2021)
    assert "juni 2020, juni 2021" in str(caught.value)
    assert index.into(2021, "juni 2020").pct == Decimal("1.2")
    assert index.into(2021, "juni 2021").pct == Decimal("1.7")
    assert index.into(2022, "juni 2020").pct == 2  # the only estimate there is


def test_a_year_that_is_not_there_is_named(index: Index) -> None:
    with pytest.raises(GevinstError) as caught:
        index.into(2023)
    assert caught.value.code == "economy.missing-factor"
    assert "2022 til 2023" in caught.value.message("da").what
    assert "KL" in caught.value.message("da").do


def test_the_municipal_index_is_not_shipped() -> None:
    # One municipality's quotation of one year is all there is; a chain of it is refused.
    assert [factor.year for factor in national_indices()["kl-loen"].factors] == [2016]
    with pytest.raises(GevinstError, match=r"economy\.missing-factor"):
        national_indices()["kl-loen"].into(2021)
