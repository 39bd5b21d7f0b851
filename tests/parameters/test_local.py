"""A workspace says some values for itself; all that it says is listed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.local import local_prices, open_book

DAY = date(2021, 6, 3)
US = """us-unemployment-insurance:
  da: amerikansk arbejdsløshedsforsikring
  en: US unemployment insurance
  public_support: true
  clock: counts
  municipal_share: 1
  source: state law
"""
RATES = """us-unemployment-insurance:
  default_group: [average]
  groups:
    average:
      da: gennemsnit
      en: average
      unit: dkk_per_week
      known_until: 2022-12-31
      source: weekly payments
      verified: false
      confidence: rounded
      values:
        - {year: 2021, value: 2400}
"""
KEPT = """share-kept-after-equalisation:
  da: andel tilbage efter budgetgaranti og udligning
  en: share kept after budget guarantee and equalisation
  unit: share
  known_until: 2022-12-31
  source: økonomiafdelingens notat
  values:
    - {from: 2020-01-01, value: 0.9}
"""
INDEX = """kl-pl:
  da: KL's pris- og lønindeks
  en: KL's price and wage index
  known_until: 2021-12-31
  source: KL's budgetvejledning
  factors:
    - {year: 2021, pct: 1.7, vintage: juni 2021}
"""
LADDER = """kontanthjaelp:
  da: kontanthjælp
  en: social assistance
  unit: refund_pct
  known_until: 2022-12-31
  source: forsøg
  values:
    - {from: 2020-01-01, steps: {1: 50}}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_no_folder_is_the_national_book(tmp_path: Path) -> None:
    assert open_book().overrides == open_book(tmp_path / "none").overrides == ()


def test_a_benefit_of_ones_own_with_its_rate(tmp_path: Path) -> None:
    book = open_book(write(tmp_path, benefits=US, rates=RATES))
    weekly, used = book.weekly_rate("US unemployment insurance", DAY)
    assert (weekly, used.local, used.verified, used.confidence.text) == (2400, True, False, "rounded")
    assert book.municipal_share("us-unemployment-insurance", 0, DAY)[0] == 1
    assert book.benefit("kontanthjælp").local is False
    assert [(one.kind, one.key, one.file, one.source, one.replaces_national) for one in book.overrides] == [
        ("benefits", "us-unemployment-insurance", "benefits.yaml", "state law", False),
        ("rates", "us-unemployment-insurance", "rates.yaml", "weekly payments", False)]


def test_a_national_ladder_gives_way_and_is_listed(tmp_path: Path) -> None:
    book = open_book(write(tmp_path, refund_ladder=LADDER))
    share, used = book.municipal_share("kontanthjælp", 3, DAY)
    assert (share, used.local, used.source) == (Decimal("0.5"), True, "forsøg")
    assert [(one.key, one.replaces_national) for one in book.overrides] == [("kontanthjaelp", True)]
    assert open_book().municipal_share("kontanthjælp", 3, DAY)[0] == Decimal("0.8")


def test_an_index_and_the_share_after_equalisation(tmp_path: Path) -> None:
    book = open_book(write(tmp_path, indices=INDEX, values=KEPT))
    assert book.index("kl-pl").into(2021).pct == Decimal("1.7")
    kept = book.kept_after_equalisation(DAY)
    assert kept is not None
    assert (kept[0], kept[1].source) == (Decimal("0.9"), "økonomiafdelingens notat")
    with pytest.raises(GevinstError, match=r"parameters\.outside-known"):
        book.kept_after_equalisation(date(2019, 6, 6))


def test_a_rate_group_is_chosen_in_a_file(tmp_path: Path) -> None:
    text = "kontanthjælp:\n  groups: [30-plus-forsoerger]\n  source: målgruppen er forsørgere\n"
    book = open_book(write(tmp_path, rate_groups=text))
    assert book.groups_of("kontanthjaelp") == ("30-plus-forsoerger",)
    assert book.overrides[0].source == "målgruppen er forsørgere"


@pytest.mark.parametrize(("files", "code"), [
    ({"satser": "x: 1\n"}, "parameters.unknown-file"),
    ({"rates": RATES}, "parameters.unknown-benefit"),
    ({"indices": INDEX.replace("  source", "  follows: [borgerløn]\n  source")}, "parameters.unknown-benefit"),
    ({"benefits": US.replace("municipal_share: 1", "ladder: us")}, "parameters.unknown-ladder"),
    ({"benefits": US + "  aliases: [kontanthjælp]\n"}, "parameters.alias-twice"),
    ({"values": KEPT.replace("share-kept-after-equalisation", "share-kept")}, "parameters.unknown-value"),
    ({"rate_groups": "su:\n  groups: [høj]\n  source: x\n"}, "parameters.unknown-group"),
    ({"rate_groups": "kontanthjælp:\n  groups: [30-plus-forsoerger]\n"}, "parameters.missing-source"),
    ({"rates": RATES.replace("      source: weekly payments\n", ""), "benefits": US}, "parameters.missing-source"),
])
def test_a_mistake_in_a_local_file(tmp_path: Path, files: dict[str, str], code: str) -> None:
    with pytest.raises(GevinstError) as caught:
        open_book(write(tmp_path, **files))
    assert caught.value.code == code
    assert caught.value.message("da") != caught.value.message("en")


def test_the_canonical_price_table() -> None:
    table = pa.table({"benefit": ["kontanthjaelp", "sygedagpenge"], "year": [2020, 2021],
                      "dkk_per_week": [2900.0, 4146.218272], "line": [2, 3]})
    prices = local_prices(table, "prices.csv")
    assert [(one.benefit, one.year, one.dkk_per_week) for one in prices] == [
        ("kontanthjaelp", 2020, Decimal(2900)), ("sygedagpenge", 2021, Decimal("4146.218272"))]
    assert {one.source for one in prices} == {"prices.csv"}
