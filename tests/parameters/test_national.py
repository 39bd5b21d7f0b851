"""The national values are what the collected facts say, and they are not old."""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.confidence import Confidence, confidences
from gevinst.parameters.national import (
    activation_refund,
    national_indices,
    rate_tables,
    reference_amounts,
    refund_ladders,
    tables_known_until,
)

FACTS = Path(__file__).parent / "facts"
CONFIDENCE = {  # the facts' own words, and the word of confidence.yaml
    "verified": "verified",
    "verified (percentages and §3 nr.5)": "verified-par-3-nr-5",
    "continuation after kontanthjaelpsreform 2025-07-01 from memory, unverified": "after-reform-2025",
    "pct+weeks verified; benefit-to-§3-number mapping from memory": "number-from-memory",
    "verified percentages; nr.7=sygedagpenge inferred from §29 stk.3": "par-3-nr-7-inferred",
    "percentages verified; nr.11=foertidspension paid by Udbetaling Danmark from memory; only awards from mid-2014 "
    "follow the ladder (memory, unverified)": "disability-pension",
    "unverified: number mapping from memory": "senior-pension",
    "verified title; eligibility and dates not verified": "title-only",
    "verified end date and 50 pct.; raadighedsbeloeb cap not tabulated": "cap-not-tabulated",
    "hourly rate verified in public code (2016 hourly 112.97/weekly 4180 cross-checked against retsinformation vejl. "
    "satser 2016); month equivalent computed": "published-hourly-rate",
    "seen in public text (secondary source)": "secondary",
    "unverified": "unverified",
    "verified (kontantydelse page)": "cash-allowance-page",
    "unverified; growth matches verified sygedagpenge growth": "growth-fits",
    "unverified; x1.020 = verified 2023": "fits-2023",
    "unverified; x1.036 = 2025 figure": "fits-2025",
    "secondary source quoting bm.dk": "quotes-bm",
    "verified on the kontantydelse page; equal to uddannelseshjaelp by construction (2016: 12.019 both)":
        "equal-by-construction",
    "seen in public text (agreement figure)": "agreement-figure",
    "computed, unverified": "computed-unverified",
    "verified (one municipality quoting KL)": "one-municipality",
    "verified as forecast assumption; realised 2023 regulation differs": "forecast-assumption",
    "computed from verified rates": "computed-from-verified",
}
LADDERS = {
    "a_dagpenge": "a-dagpenge", "sho_integrationsydelse_overgangsydelse": "sho", "revalideringsydelse": "revalidering",
    "ressourceforloebsydelse_ressourceforloeb": "ressourceforloeb",
    "ressourceforloebsydelse_jobafklaring": "jobafklaring",
    "kontanthjaelp_visse_flygtninge_5.57.74": "kontanthjaelp-visse-flygtninge"}
GROUPS = {
    "fuldtid max": "fuldtid-max", "30+ forsoerger": "30-plus-forsoerger", "30+ andre": "30-plus-andre", "max": "max",
    "fuldtid max incl. beskaeftigelsestillaeg (first 3 months)": "fuldtid-max-med-beskaeftigelsestillaeg",
    "<30 enlig forsoerger": "under-30-enlig-forsoerger",
    "<30 forsoerger ikke ekstra boernetilskud": "under-30-forsoerger",
    "25-29 udeboende": "25-29-udeboende", "25-29 hjemmeboende": "25-29-hjemmeboende",
    "enlig forsoerger": "enlig-forsoerger", "forsoerger ikke ekstra boernetilskud": "forsoerger",
    "udeboende": "udeboende", "hjemmeboende": "hjemmeboende",
    "mindstesats (2025-niveau)": "mindstesats", "grundsats (2025-niveau)": "grundsats",
    "forhoejet sats (2025-niveau)": "forhoejet-sats"}
REFERENCE = {
    "mindstesats (2024-niveau)": "mindstesats-2024-niveau", "grundsats (2024-niveau)": "grundsats-2024-niveau",
    "forhoejet sats (2024-niveau)": "forhoejet-sats-2024-niveau", "boernetillaeg": "boernetillaeg",
    "tillaeg enlige forsoergere": "tillaeg-enlige-forsoergere",
    "tillaeg enlige ikke-forsoergere": "tillaeg-enlige-ikke-forsoergere",
    "saerligt ungetillaeg 18-24 ikke-forsoerger": "ungetillaeg-18-24-ikke-forsoerger",
    "saerligt ungetillaeg 25-29 ikke-forsoerger": "ungetillaeg-25-29-ikke-forsoerger",
    "saerligt ungetillaeg <30 forsoerger": "ungetillaeg-under-30-forsoerger"}


def rows(name: str) -> Iterator[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def words(text: str) -> Confidence:
    if text.startswith("unverified; ratio to verified sygedagpenge week"):
        return confidences()["ratio-to-sickness-benefit"]
    return confidences()[CONFIDENCE[text]]


def optional_day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def test_the_ladders_are_the_facts() -> None:
    seen = set()
    for row in rows("refund_ladder.csv"):
        if row["benefit"].startswith("driftsudgifter"):
            continue
        key = LADDERS.get(row["benefit"], row["benefit"])
        seen.add(key)
        series = refund_ladders()[key]
        assert series.values[0].valid_from == optional_day(row["valid_from"])
        assert series.values[-1].valid_to == optional_day(row["valid_to"])
        step = {1: 0, 5: 1, 27: 2, 53: 3}[int(row["week_from"])]
        for dated in series.values:
            assert dated.value.refund_pct[step] == Decimal(row["refund_pct"])
            if row["week_to"] == "":
                assert set(dated.value.refund_pct[step:]) == {Decimal(row["refund_pct"])}
        # Of kontanthjælp the facts say two things: one of the time before the reform, one of the time after.
        said = row["confidence"].split("; ") if key == "kontanthjaelp" else [row["confidence"]]
        assert [one.confidence for one in series.values] == [words(text) for text in said]
    # Two more stand in the same paragraph of the law, with numbers that were read.
    assert set(refund_ladders()) == {*seen, "kontantydelse", "midlertidig-arbejdsmarkedsydelse"}


def test_the_municipal_share_is_20_60_70_80_per_cent() -> None:
    ladder = refund_ladders()["kontanthjaelp"].at(dt.date(2021, 6, 1)).dated.value
    assert [100 * ladder.municipal_share(step) for step in range(4)] == [20, 60, 70, 80]


def test_the_refund_of_activation_is_the_facts() -> None:
    found = 0
    for row in rows("refund_ladder.csv"):
        if row["benefit"].startswith("driftsudgifter"):
            benefit = row["benefit"].removeprefix("driftsudgifter_aktivering_").replace("_", "-")
            day = optional_day(row["valid_to"]) or dt.date.fromisoformat(row["valid_from"])
            dated = activation_refund(benefit).at(day).dated
            assert dated.value == Decimal(row["refund_pct"])
            assert dated.valid_from == optional_day(row["valid_from"])
            assert dated.valid_to == optional_day(row["valid_to"])
            assert dated.confidence == words(row["confidence"])
            found += 1
    assert found == 6
    with pytest.raises(GevinstError, match=r"parameters\.no-activation-refund"):
        activation_refund("sygedagpenge")


def test_the_rates_are_the_facts() -> None:
    seen = 0
    for row in rows("benefit_rates.csv"):
        amount, seen = Decimal(row["amount_dkk_per_month"]), seen + 1
        if row["group"] in REFERENCE:
            (dated,) = reference_amounts()[REFERENCE[row["group"]]].values
            value = dated.value
        else:
            benefit = row["benefit"].removesuffix("_reform2025").replace("_", "-")
            group = row["group"].replace(" (also <25)", "").replace(" (H1)", "").replace(" (H2)", "")
            half = {"(H1)": (1, 1, 6, 30), "(H2)": (7, 1, 12, 31)}.get(row["group"][-4:], (1, 1, 12, 31))
            first, last = dt.date(int(row["year"]), *half[:2]), dt.date(int(row["year"]), *half[2:])
            (rate,) = [one for one in rate_tables()[benefit].groups[GROUPS[group]].values
                       if (one.valid_from, one.valid_to) == (first, last)]
            dated, value = rate, rate.value.amount
        assert value == amount, row
        assert dated.confidence == words(row["confidence"]), row
    amounts = sum(len(series.values) for table in rate_tables().values() for series in table.groups.values())
    assert seen == amounts + len(reference_amounts())


def test_the_indices_are_the_facts() -> None:
    seen = 0
    for row in rows("pl_index.csv"):
        assert int(row["to_year"]) == int(row["from_year"]) + 1
        factor = national_indices()[row["index_name"].replace("_", "-")].into(int(row["to_year"]))
        assert (factor.pct, factor.confidence) == (Decimal(row["factor_pct"]), words(row["confidence"]))
        seen += 1
    assert seen == sum(len(index.factors) for index in national_indices().values())


def test_the_weekly_rate_of_sickness_benefit_is_37_hours_to_the_nearest_five_kroner() -> None:
    for dated in rate_tables()["sygedagpenge"].groups["max"].values:
        hourly = Decimal(dated.note.split()[0])
        assert dated.value.weekly("dkk_per_month") == round(hourly * 37 / 5) * 5
        assert abs(dated.value.amount * 12 / 52 - dated.value.weekly("dkk_per_month")) < Decimal("0.2")


def test_the_growth_of_the_benefit_indices_is_that_of_the_rates() -> None:
    hourly = {one.valid_from.year: Decimal(one.note.split()[0])
              for one in rate_tables()["sygedagpenge"].groups["max"].values if one.valid_from}
    for factor in national_indices()["ydelse-dagpenge-sygedagpenge"].factors:
        if factor.year - 1 in hourly:
            assert round((hourly[factor.year] / hourly[factor.year - 1] - 1) * 100, 2) == factor.pct


def test_the_default_group_is_chosen_with_a_reason() -> None:
    for table in rate_tables().values():
        assert table.default_groups
        assert set(table.default_groups) <= set(table.groups)
        assert table.why_da
        assert table.why_en


@pytest.mark.parametrize("table", sorted(tables_known_until()))
def test_the_national_data_are_not_old(table: str) -> None:
    """Fails when a table has not been looked at since the year before last: look at it, and move known_until."""
    last_year = dt.datetime.now(dt.UTC).year - 1
    assert tables_known_until()[table].year >= last_year, f"{table}.yaml must be brought up to {last_year}"
