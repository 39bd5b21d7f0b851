"""The politician's page: what is told, and what must not be told, by how sound the figure is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gevinst.effects.estimate import Interval
from gevinst.effects.evidence import Evidence
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.language import NO_BREAK
from gevinst.report.effect.page import effect_page
from gevinst.report.investment_section import investment_section
from gevinst.report.memo import build_memo
from gevinst.report.tree import Block, Bullets, Figure, Heading, PageBreak, Paragraph, Table
from gevinst.report.typography import typeset

CLAIMS = ("sparet", "Uden indsatsen ville", "Sandsynligheden", "nettobesparelse på 0,225")


def told(blocks: list[Block]) -> str:
    words = []
    for block in blocks:
        words += [block.text] if isinstance(block, Paragraph | Heading) else []
        words += block.items if isinstance(block, Bullets) else []
    return typeset(" ".join(words)).replace(NO_BREAK, " ")


def with_detail(edition: Edition, changed: EffectDetail) -> Edition:
    return replace(edition, details=tuple(changed if each.investment == changed.investment else each
                                          for each in edition.details))


def test_an_investment_without_persons_has_no_page(edition: Edition, detailed_edition: Edition) -> None:
    assert effect_page("4", edition) == []
    assert effect_page("1", detailed_edition) == []
    assert not any(isinstance(block, PageBreak) for block in build_memo(edition).blocks)


def test_the_page_answers_first(detailed_edition: Edition) -> None:
    blocks = effect_page("4", detailed_edition)
    assert isinstance(blocks[1], Paragraph)
    assert blocks[1].role == "lead"
    assert blocks[1].text.startswith("Af 100 deltagere er 46 stadig på ydelsen efter et år.")
    assert isinstance(blocks[2], Figure)
    assert [type(block) for block in blocks] == [Heading, Paragraph, Figure, Bullets, Table]


def test_the_page_tells_weeks_money_chance_destinations_and_how_sure(detailed_edition: Edition) -> None:
    page = told(effect_page("4", detailed_edition))
    for said in (
        "Uden indsatsen ville det have været 51.",
        "Indsatsen skønnes at have sparet 1,4 uger på ydelsen pr. deltager i det første år.",
        "9 af 100 deltagere er på en anden ydelse et år efter start, mod 8 uden indsatsen. Kommunen betaler stadig for "
        "dem, så et skift af ydelse er ikke en besparelse.",
        "I 2020–2021 kostede indsatsen 0,575 mio. kr. Hovedmetoden anslår, at udgifterne til forsørgelse blev "
        "0,800 mio. kr. lavere. Samlet er det en nettobesparelse på 0,225 mio. kr. (løbende priser).",
        "Det kan være alt fra en nettobesparelse på 0,625 mio. kr. til en nettoudgift på 0,415 mio. kr.",
        "Sandsynligheden for, at besparelsen har dækket investeringen, er 83 pct.",
        "Grundlaget for tallet er B (godt):",
    ):
        assert said in page, said


def test_too_few_participants_give_no_point_and_no_picture(detailed_edition: Edition) -> None:
    blocks = effect_page("2", detailed_edition)
    page = told(blocks)
    assert not any(claim in page for claim in CLAIMS)
    assert "1,4" not in page
    assert "Det er for få (under 20)" in page
    assert "kan det være alt fra en nettobesparelse på 0,625 mio. kr. til en nettoudgift" in page
    assert "Grundlaget for tallet er E (intet)" in page
    assert not any(isinstance(block, Figure | Table) for block in blocks)


def test_a_known_bias_is_a_warning_and_what_happened(detailed_edition: Edition) -> None:
    blocks = effect_page("3", detailed_edition)
    page = told(blocks)
    assert isinstance(blocks[1], Paragraph)
    assert blocks[1].role == "warning"
    assert "Hovedmetoden »Tidligere år« er skæv på en kendt måde." in page
    assert not any(claim in page for claim in CLAIMS)
    assert "46 stadig på ydelsen efter et år. Hvor mange det ville have været uden indsatsen, vides ikke." in page
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [column.header for column in table.columns] == ["", "Med indsatsen"]


def test_a_method_its_tests_speak_against_is_no_finding(detailed_edition: Edition) -> None:
    none = Evidence("E", "intet", "Tallet kan ikke bruges.", ("Begge placeboprøver fandt en effekt.",))
    refuted = replace(detailed_edition, effects=tuple(
        replace(one, evidence=none) if one.headline and one.investment == "4" else one
        for one in detailed_edition.effects))
    page = told(effect_page("4", refuted))
    assert "Prøver af hovedmetoden »Borgere, der ligner deltagerne« fandt en virkning, hvor der ingen kan være." in page
    assert not any(claim in page for claim in CLAIMS)
    document = build_memo(refuted)
    first = document.blocks[: next(at for at, block in enumerate(document.blocks)
                                   if isinstance(block, Heading) and block.key == "overview")]
    assert "For investering 4 fandt prøver af hovedmetoden en virkning" in told(list(first))
    assert "forkortet" not in told(list(first))


def test_one_failed_test_is_said_beside_the_finding(detailed_edition: Edition, detail: EffectDetail) -> None:
    failed = tuple(replace(placebo, passed=False, weeks=Interval(1.3, 0.2, 2.4)) if at == 0 else placebo
                   for at, placebo in enumerate(detail.placebos))
    doubted = with_detail(detailed_edition, replace(detail, placebos=failed))
    assert "En prøve, hvis svar skal være nul, gav ikke nul." in told(effect_page("4", doubted))
    memo = told(list(build_memo(doubted).blocks))
    assert "For investering 4 gav en prøve, hvis svar skal være nul, dog ikke nul." in memo


def test_lot_makes_the_rest_a_sound_comparison(detailed_edition: Edition, detail: EffectDetail) -> None:
    cases = tuple(replace(case, protocol=replace(case.protocol, randomised=True)) if case.number == "4" else case
                  for case in detailed_edition.portfolio.investments)
    effects = tuple(replace(one, headline=one.estimator == "rest_of_target_group") if one.investment == "4" else one
                    for one in detailed_edition.effects)
    by_lot = with_detail(replace(detailed_edition, effects=effects, portfolio=replace(
        detailed_edition.portfolio, investments=cases)), replace(detail, estimator="rest_of_target_group"))
    assert "Uden indsatsen ville det have været 51." in told(effect_page("4", by_lot))


def test_a_page_begins_on_its_own(detailed_edition: Edition) -> None:
    blocks = investment_section(detailed_edition.portfolio.investment("4"), detailed_edition)
    assert isinstance(blocks[0], PageBreak)
    keys = [block.key for block in blocks if isinstance(block, Heading)]
    assert keys == ["investment-4", "effect-4", "followed-up-4", "followed-4"]


def test_without_a_year_of_follow_up_the_last_week_is_told(detailed_edition: Edition, detail: EffectDetail) -> None:
    early = with_detail(detailed_edition, replace(detail, frequencies=detail.frequencies[:1], destinations=()))
    page = told(effect_page("4", early))
    assert "Af 100 deltagere er 71 stadig på ydelsen efter 13 uger. Uden indsatsen ville det have været 74." in page
    assert "At flytte til en anden ydelse er ikke en besparelse." in page


@pytest.mark.parametrize("gone", ["accounts", "chances", "frequencies", "destinations", "placebos", "balance", "flow"])
def test_whatever_is_missing_the_rest_is_told(detailed_edition: Edition, detail: EffectDetail, gone: str) -> None:
    lacking = with_detail(detailed_edition, replace(detail, **{gone: ()}))
    assert "Indsatsen skønnes at have sparet 1,4 uger" in told(effect_page("4", lacking))
    build_memo(lacking)
