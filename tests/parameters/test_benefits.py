"""The list of benefits, and the words it is known by."""

from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.parameters.benefits import benefit, benefits, normalise_benefit, plain, read_benefits
from gevinst.parameters.national import rate_tables, refund_ladders


@pytest.mark.parametrize(("text", "key"), [
    ("Kontanthjælp", "kontanthjaelp"), ("KONTANTHJAELP", "kontanthjaelp"), ("kontanthjaelp", "kontanthjaelp"),
    ("A_DAGPENGE", "a-dagpenge"), ("a dagpenge", "a-dagpenge"), (" A-dagpenge ", "a-dagpenge"),
    ("Dagpenge", "a-dagpenge"), ("Førtidspension", "foertidspension"),
    ("Ressourceforløb", "ressourceforloeb"), ("Ressourceforløbsydelse", "ressourceforloeb"),
    ("jobafklaringsforløb", "jobafklaring"), ("Selvforsørgelses- og hjemrejseydelse", "sho"),
    ("integrationsydelse", "sho"), ("Overgangsydelse", "sho"), ("Fleksjob", "fleksloentilskud"), ("SU", "su"),
    ("Efterløn", "efterloen"), ("Barselsdagpenge", "barsel"), ("sickness benefit", "sygedagpenge"),
    ("", None), ("---", None), ("dagpengene", None)])
def test_words_for_a_benefit(text: str, key: str | None) -> None:
    assert normalise_benefit(text) == key


def test_a_letter_with_its_ring_apart_is_the_same_letter() -> None:
    assert plain("a\u030aben") == plain("\u00e5ben") == "aaben"


def test_every_key_name_and_alias_leads_back_to_its_benefit() -> None:
    for key, one in benefits().items():
        for word in (key, key.upper(), key.replace("-", "_"), one.da, one.en, *one.aliases):
            assert normalise_benefit(word) == key


def test_the_common_benefits_are_there() -> None:
    assert {"a-dagpenge", "kontanthjaelp", "uddannelseshjaelp", "sho", "sygedagpenge", "revalidering",
            "ressourceforloeb", "jobafklaring", "ledighedsydelse", "fleksloentilskud", "loentilskud", "foertidspension",
            "seniorpension", "efterloen", "su", "barsel", "folkepension", "kontantydelse",
            "midlertidig-arbejdsmarkedsydelse"} <= set(benefits())


def test_a_benefit_with_a_ladder_counts_and_its_ladder_exists() -> None:
    for one in benefits().values():
        if one.ladder is not None:
            assert one.clock == "counts"
            assert one.ladder in refund_ladders()
            assert one.municipal_share is None


def test_education_parental_leave_and_early_retirement_are_neutral() -> None:
    assert [benefit(key).clock for key in ("su", "barsel", "efterloen", "folkepension")] == ["neutral"] * 4


def test_every_rate_and_ladder_belongs_to_a_benefit() -> None:
    assert set(rate_tables()) <= set(benefits())
    assert set(refund_ladders()) == {one.ladder for one in benefits().values() if one.ladder}


def test_a_name_in_both_languages() -> None:
    one = benefit("kontanthjaelp")
    with speaking("da"):
        assert one.name == "kontanthjælp"
    with speaking("en"):
        assert one.name == "social assistance"


def test_an_unknown_benefit_is_an_error() -> None:
    with pytest.raises(GevinstError, match=r"parameters\.unknown-benefit"):
        benefit("borgerløn")


def test_a_benefit_of_another_country(tmp_path: Path) -> None:
    path = tmp_path / "benefits.yaml"
    path.write_text(
        "us-unemployment-insurance:\n  da: amerikansk arbejdsløshedsforsikring\n  en: US unemployment insurance\n"
        "  public_support: true\n  clock: counts\n  municipal_share: 1\n  source: state law\n", encoding="utf-8")
    own = read_benefits(path, local=True)
    one = benefit("US unemployment insurance", own)
    assert (one.key, one.ladder, one.local, one.verified) == ("us-unemployment-insurance", None, True, True)
    assert normalise_benefit("kontanthjælp", own) is None
